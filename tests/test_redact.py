"""Stand-ins: what is replaced everywhere, what stays, and that the same thing has the same stand-in."""

from __future__ import annotations

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.tables.frames import build
from hedy_jupyter.tables.redact import redact

TALK = """Ada Lovelace: I ask Bram.
Bram: Mail ada@example.org or call +49 30 1234567.
Ada Lovelace: Bram's list is at https://x.example/secret?a=1
Bram: ok"""


@pytest.fixture
def sessions() -> pd.DataFrame:
    """Two meetings of which one names its speakers."""
    records = [
        {"sessionId": "sess_1", "title": "Ada's round", "transcript": TALK, "recap": "Ada and Bramble met.", "duration": 30},
        {"sessionId": "sess_2", "title": "Bram, alone", "topic": {"id": "t1", "name": "Alpha"}},
    ]
    return build("sessions_detailed", records)


def test_everything_is_replaced(sessions: pd.DataFrame) -> None:
    """Speakers, their first names, mail, telephone and web addresses and ids are gone from every column; the input is not changed."""
    before = sessions.copy()
    shown = redact(sessions)
    text = shown.to_csv()

    for secret in ("Ada", "Lovelace", "Bram:", "Bram'", "Bram,", "example.org", "1234567", "secret", "sess_1", "t1,"):
        assert secret not in text
    assert "Bramble" in text
    assert "Alpha" in text
    assert shown["duration_min"].equals(sessions["duration_min"])
    assert shown.dtypes.equals(sessions.dtypes)
    assert {name: count for name, count in shown.attrs["redacted"].items() if count} == {
        "names": 3,
        "emails": 1,
        "phones": 1,
        "links": 1,
        "hosts": 1,
        "ids": 3,
    }
    pd.testing.assert_frame_equal(sessions, before)


def test_same_thing_same_stand_in(sessions: pd.DataFrame) -> None:
    """An id has one stand-in in both frames; with a key also in another process, with another key another one."""
    todos = build("todos", [{"id": "todo_1", "sessionId": "sess_1", "text": "Ask Ada"}])

    assert redact(todos)["session_id"][0] == redact(sessions)["session_id"][0]
    assert redact(todos)["session_id"][0].startswith("session-")
    assert redact(sessions, key="k").equals(redact(sessions, key="k"))
    assert redact(sessions, key="k")["session_id"][0] == "session-" + "".join(redact(todos, key="k")["session_id"][0].partition("-")[2:])
    assert redact(sessions, key="k")["session_id"][0] != redact(sessions, key="j")["session_id"][0]


def test_given_names() -> None:
    """Names that are given are replaced as words of their own; Chinese and Japanese ones without borders; the longest first."""
    todos = build("todos", [{"id": "t", "text": "Call Ann, Anna and Ann Bell; 桐生さんに聞く"}])

    text = redact(todos, names=["Ann", "Ann Bell", "桐生", " "])["text"][0]

    assert "Anna" in text
    assert "Ann," not in text
    assert "Bell" not in text
    assert "桐生" not in text
    assert text.count("Person-") == 3
    assert "Ann" in redact(todos)["text"][0]


@pytest.mark.parametrize("kind", ["sessions", "highlights", "todos", "topics", "contexts", "webhooks"])
def test_every_kind(kind: str) -> None:
    """Every frame can be redacted, also an empty one, and keeps its columns, dtypes and index."""
    with hj.demo() as hedy:
        frame = getattr(hedy, kind)().iloc[::-1]
    for df in (frame, frame.head(0)):
        shown = redact(df)

        assert shown.dtypes.equals(df.dtypes)
        assert shown.index.equals(df.index)
        ids = [name for name in df.columns if name.endswith("_id")]
        assert not any(set(df[name].dropna()) & set(shown[name].dropna()) for name in ids)
    if kind == "webhooks":
        assert not redact(frame)["url"].str.contains("harbour-lamp").any()
