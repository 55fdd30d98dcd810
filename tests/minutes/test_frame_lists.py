"""Lists of decisions, open questions and action items of a frame of sessions."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from hedy_jupyter import Hedy, UsageError
from hedy_jupyter.frames.build import build

COLUMNS = ["session_id", "start_time", "title", "topic_id", "topic_name", "decision", "heading"]
MINUTES = "## Décisions\n- Garder la lampe\n- Vendre à Brest\n\n## Questions ouvertes\n- Qui paie ?"
NAMES = {"Key Decisions", "Entscheidungen", "決定事項", "决议事项", "Décisions"}
"""The headings of the demo account."""


def frame() -> pd.DataFrame:
    """Three meetings: one with minutes, notes and a recap, one with minutes that list nothing, one without any text."""
    topic = {"id": "t1", "name": "Lampe"}
    notes = "Decisions:\nGarder la lampe\nEn parler à Ada"
    rows = [
        {
            "sessionId": "s1",
            "title": "Hebdo",
            "startTime": "2026-03-29T00:30:00Z",
            "topic": topic,
            "meeting_minutes": MINUTES,
            "recap": "**Decisions:** Vendre à Brest.",
            "session_notes": notes,
        },
        {"sessionId": "s2", "title": "Vide", "startTime": "2026-03-28T10:00:00Z", "meeting_minutes": "Rien."},
        {"sessionId": "s3", "title": None, "startTime": None},
    ]
    return build("sessions_detailed", rows)


def test_columns() -> None:
    """Exactly the columns and dtypes, also without rows; minutes before notes, each entry of a meeting once."""
    found = frame().hedy.decisions()

    assert found.columns.tolist() == COLUMNS
    assert found["decision"].tolist() == ["Garder la lampe", "Vendre à Brest", "En parler à Ada"]
    assert found["heading"].tolist() == ["Décisions", "Décisions", "Decisions"]
    assert found["topic_name"].tolist() == ["Lampe"] * 3
    assert found.attrs["minutes"] == {"sessions": 3, "minutes": 2, "list": 1}
    for empty in (frame().head(0).hedy.decisions(), frame().tail(2).hedy.decisions(), found.head(0)):
        assert empty.columns.tolist() == COLUMNS
        assert empty.dtypes.to_dict() == found.dtypes.to_dict()


def test_other_kinds() -> None:
    """Open questions and action items have their own column."""
    assert frame().hedy.open_questions()["question"].tolist() == ["Qui paie ?"]
    assert frame().hedy.action_items().columns.tolist() == [*COLUMNS[:5], "action", "heading"]


def test_text() -> None:
    """All words have to occur, in the decision itself; no word at all is an error."""
    sessions = frame()

    assert sessions.hedy.decisions("LAMPE garder")["decision"].tolist() == ["Garder la lampe"]
    assert sessions.hedy.decisions("hebdo").empty
    assert sessions.hedy.decisions("lampe").attrs["minutes"]["list"] == 1
    with pytest.raises(UsageError, match="nothing to search for"):
        sessions.hedy.decisions("…")


def test_frames_in_other_forms() -> None:
    """Times stay in the frame's zone; frames from files, indexed and filtered ones give the same."""
    sessions = frame()
    there = sessions.hedy.localize("Europe/Paris")
    read = pd.read_csv(io.StringIO(sessions.to_csv(index=False)))

    assert str(there.hedy.decisions()["start_time"].dtype) == "datetime64[us, Europe/Paris]"
    for other in (read, sessions.set_index("session_id"), sessions.sort_values("title"), sessions.astype("object")):
        pd.testing.assert_frame_equal(other.hedy.decisions(), sessions.hedy.decisions(), check_dtype=other is not read)
    with pytest.raises(AttributeError, match=r"needs the column meeting_minutes. Read the texts too"):
        _ = sessions.drop(columns="meeting_minutes").hedy.decisions


def test_the_demo_account(demo: Hedy) -> None:
    """A computation in plain pandas agrees, in the five languages of the demo account."""
    sessions = demo.sessions(None, details=True)
    lines = sessions.assign(line=sessions["meeting_minutes"].str.split("\n")).explode("line").reset_index(drop=True)
    lines["heading"] = lines["line"].where(lines["line"].str.startswith("#")).str.lstrip("# ")
    lines["heading"] = lines.groupby("session_id")["heading"].ffill()
    wanted = lines[lines["heading"].isin(NAMES) & lines["line"].str.startswith("- ")]

    found = demo.decisions()

    assert found["decision"].tolist() == wanted["line"].str.slice(2).str.strip().tolist()
    assert found["session_id"].tolist() == wanted["session_id"].tolist()
    assert set(found["heading"]) == NAMES
    assert found.attrs["minutes"] == {
        "sessions": len(sessions),
        "minutes": int(sessions["meeting_minutes"].str.strip().fillna("").ne("").sum()),
        "list": wanted["session_id"].nunique(),
    }
