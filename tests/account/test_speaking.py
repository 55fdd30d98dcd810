"""Who says how much in an account, the names given to speakers, and two topics compared: in code and by ``%hedy``."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.account import list_view
from hedy_jupyter.errors import ArchiveError, NotFound, UsageError
from hedy_jupyter.frames.build import build
from tests.commands import run

COLUMNS = ["speaker", "words", "turns", "questions", "meetings", "share"]


def names_file(hedy: Hedy) -> Path:
    """The file with the names of speakers."""
    return Path(f"{hedy.archive.path}.speakers.json")


def shown(line: str, hedy: Hedy) -> str:
    """What ``%hedy line`` shows in a terminal, and its status line."""
    reply = run(line)
    view = list_view.view(reply.view, reply.value, list_view.known(hedy, reply.value))
    assert view is not None
    return f"{view.to_text(120)}\n{reply.status}"


# Speakers -----------------------------------------------------------------------


def test_speakers_agree_with_plain_pandas(demo: Hedy) -> None:
    """Words, turns, meetings and shares are the sums of the utterances, whatever the way they are asked for."""
    found = demo.speakers(topic="Hiring", since="180d")
    df = demo.sessions(limit=None, topic="Hiring", since="180d", details=True)
    said = df.hedy.utterances()
    expected = said.groupby("speaker").agg(
        words=("words", "sum"), turns=("text", "size"), meetings=("session_id", "nunique")
    )
    held = found.set_index("speaker")

    assert found.columns.tolist() == COLUMNS
    assert found["words"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(
        held[["words", "turns", "meetings"]].sort_index(), expected.sort_index(), check_index_type=False
    )
    assert held["share"].to_dict() == pytest.approx((expected["words"] / expected["words"].sum()).to_dict())
    pd.testing.assert_frame_equal(run("speakers --topic Hiring --since 180d").value, found)
    assert found.attrs["utterances"]["sessions"] == len(df)


@pytest.mark.parametrize(("by", "column"), [("topic", "topic_name"), ("month", "period"), ("session", "session_id")])
def test_speakers_by(demo: Hedy, by: str, column: str) -> None:
    """The column comes first, and the words are the same in all."""
    found = demo.speakers(by=by, topic=["Hiring", "Coaching"])

    assert found.columns.tolist() == [column, *COLUMNS]
    assert found["words"].sum() == demo.speakers(topic=["Hiring", "Coaching"])["words"].sum()
    assert found.groupby(column)["share"].sum().round(9).eq(1).all()


def test_speakers_of_one_meeting(demo: Hedy) -> None:
    """One meeting is read as it is, also from the archive, without a list of all."""
    session = demo.session("Coaching with Imke")
    found = demo.speakers("Coaching with Imke")
    demo.archive.sync()

    assert set(found["speaker"]) == {"Imke", "Noor"}
    assert found["meetings"].eq(1).all()
    assert demo.speakers("Coaching with Imke", source="archive").equals(found)
    status = run(f"speakers {session.session_id}").status
    assert status == f"{', '.join(session.heading())} · 2 speakers · demo account"


def test_what_speakers_refuses(demo: Hedy) -> None:
    """A meeting together with a filter, an unknown basis, and a limit below one are errors."""
    with pytest.raises(UsageError, match="One session cannot be narrowed by topic"):
        demo.speakers("last", topic="Hiring")
    with pytest.raises(UsageError, match="'weekday' must be one of: topic, month, session"):
        run("speakers last --by weekday")
    with pytest.raises(UsageError, match="limit=0"):
        demo.speakers("last", limit=0)
    with pytest.raises(NotFound, match="No topic"):
        demo.speakers(topic="Nobody's")


def test_filters_of_speakers(demo: Hedy) -> None:
    """Topics can be left out, and words choose names, whose shares stay those of all."""
    every = demo.speakers(topic=["Hiring", "Coaching"])
    chosen = run("speakers --topic Hiring --topic Coaching --text imke")
    others = demo.speakers(topic=["Hiring", "Coaching"], not_topic="Hiring")

    assert chosen.value["share"].tolist() == every.loc[every["speaker"].eq("Imke"), "share"].tolist()
    assert chosen.status.startswith("1 speaker (5 in all)")
    assert set(others["speaker"]) == {"Imke", "Noor"}


def test_status_and_view(demo: Hedy) -> None:
    """The line says how many there are and in how many meetings; the view has words, shares and months."""
    text = shown("speakers --topic Hiring --by month --limit 2", demo)
    empty = run("speakers --since 2030")

    assert [line.split() for line in text.splitlines()[:1]] == [
        ["Month", "Speaker", "Words", "Turns", "Questions", "Meetings", "Share"]
    ]
    assert "Apr 2026" in text
    assert " %" in text
    count, days = text.splitlines()[-1].rsplit(" · ", 1)
    assert count == "2 speakers (3 in all) in 16 of 18 meetings · demo account"
    assert re.fullmatch(r"\w{3} \d+ \w{3}( \d{4})? – \w{3} \d+ \w{3} \d{4} \(UTC\)", days)
    assert empty.value.empty
    assert empty.status.startswith("No meetings")


def test_transcripts_that_name_nobody(demo: Hedy) -> None:
    """The line says why there are no speakers."""
    ident = next(
        session
        for session, text in demo.sessions(details=True)[["session_id", "transcript"]].itertuples(index=False)
        if not isinstance(text, str)
    )

    assert run(f"speakers {ident}").status.endswith(
        " · No speakers: 1 meeting, and no transcript names who speaks · demo account"
    )


# Names --------------------------------------------------------------------------


def test_a_name_counts_everywhere(demo: Hedy) -> None:
    """A speaker with a new name has it in all counts, those of frames and plots too; two labels become one person."""
    before = demo.speakers().set_index("speaker")["words"]
    kept = demo.rename_speaker("Bram", "Ada")
    after = demo.speakers().set_index("speaker")["words"]
    df = demo.sessions(limit=None, topic="Hiring", details=True)

    assert kept.fillna("all").to_numpy().tolist() == [["Bram", "Ada", "all"]]
    assert after["Ada"] == before["Ada"] + before["Bram"]
    assert "Bram" not in after
    assert set(df.hedy.speakers()["speaker"]) == set(df.hedy.utterances()["speaker"]) == {"Ada", "Solveig"}
    assert df.hedy.plot_speakers().get_title() == "2 speakers"


def test_a_name_in_one_meeting(demo: Hedy) -> None:
    """The name in a meeting comes before that in all; the label itself may be the name there."""
    demo.rename_speaker("Imke", "Imke Brandt")
    demo.rename_speaker("Noor", "Nora", session="Coaching with Imke")
    demo.rename_speaker("Imke", "Imke", session="Coaching with Imke~1")

    assert set(demo.speakers("Coaching with Imke")["speaker"]) == {"Imke Brandt", "Nora"}
    assert set(demo.speakers("Coaching with Imke~1")["speaker"]) == {"Imke", "Noor"}
    assert demo.rename_speaker("Noor", session="Coaching with Imke")["speaker"].tolist() == ["Imke", "Imke"]
    assert set(demo.speakers("Coaching with Imke")["speaker"]) == {"Imke Brandt", "Noor"}


def test_the_file(demo: Hedy) -> None:
    """It is beside the archive, for the user only, in plain JSON, and no request is made for it."""
    count = len(demo.requests)
    demo.rename_speaker("Speaker 1", "  田中\n 一郎 ")
    file = names_file(demo)

    assert len(demo.requests) == count
    assert json.loads(file.read_text(encoding="utf-8")) == {"all": {"Speaker 1": "田中 一郎"}, "sessions": {}}
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("text", ["", "[]", '{"all": []}', '{"all": {"a": 1}}', '{"sessions": {"s": "x"}}', "\xff"])
def test_a_file_that_is_none_of_ours(demo: Hedy, text: str) -> None:
    """It is an error that names the file, and is never written over; counts of frames go on without names."""
    demo.rename_speaker("Ada", "Bo")
    file = names_file(demo)
    file.write_bytes(text.encode("latin-1"))

    for act in (lambda: demo.speakers("last"), lambda: demo.rename_speaker("Ada", "Cy")):
        with pytest.raises(ArchiveError, match=r"The names of speakers in .*speakers\.json"):
            act()
    assert file.read_bytes() == text.encode("latin-1")
    df = build("sessions_detailed", [{"sessionId": "s", "transcript": "Ada: Yes.\nCy: No.\nAda: Yes."}])
    assert set(df.hedy.speakers()["speaker"]) == {"Ada", "Cy"}


@pytest.mark.parametrize(("label", "name"), [("", "Ada"), (" \n", "Ada"), ("Ada", ""), ("Ada", "x" * 101)])
def test_names_that_are_refused(demo: Hedy, label: str, name: str) -> None:
    """An empty or endless label or name is an error, and nothing is written."""
    with pytest.raises(UsageError, match="of a speaker cannot be"):
        demo.rename_speaker(label, name)
    assert not names_file(demo).exists()


def test_rename_by_command(demo: Hedy) -> None:
    """The command says what is shown from now on, and that nothing was sent."""
    text = shown('speakers rename Ada "Ada Lovelace"', demo)

    assert "Ada is shown as Ada Lovelace in all sessions. Kept on this machine only; nothing was sent." in text
    assert "Ada Lovelace" in shown("speakers last", demo)
    assert run("speakers rename Ada Bo --session last").status.startswith("Ada is shown as Bo only in session last.")
    assert run("speakers rename Ada --session last").value["name"].tolist() == ["Ada Lovelace"]
    assert run("speakers rename Ada").value.empty


def test_an_account_whose_archive_is_not_known_yet() -> None:
    """Without a known place of the archive there are no names, and no request is made to find it."""
    with hj.connect("hedy_live_" + "x" * 24, transport=None) as hedy:
        df = build("sessions_detailed", [{"sessionId": "s", "transcript": "Ada: Yes.\nCy: No.\nAda: Yes."}])

        assert set(df.hedy.speakers()["speaker"]) == {"Ada", "Cy"}
        assert hedy.requests.empty


# Two topics ---------------------------------------------------------------------


def test_compare_by_command(demo: Hedy) -> None:
    """Names in any case; the view has the measures in words; the frame is that of ``hedy.compare``."""
    text = shown("compare hiring Coaching --since 300d", demo)

    assert text.splitlines()[0].split() == ["Measure", "Hiring", "Coaching"]
    assert "Days between meetings" in text
    assert run("compare Hiring Coaching").value.equals(demo.compare("hiring", "COACHING"))
    with pytest.raises(UsageError, match="the same topic"):
        run("compare Hiring hiring")
    with pytest.raises(NotFound, match="No topic"):
        demo.compare("Hiring", "Hirring")


def test_topics_without_a_meeting(demo: Hedy) -> None:
    """No meetings in the time asked for are nought, their todos stay, and what follows from meetings is missing."""
    found = demo.compare("Hiring", "(no topic)", since="2030").set_index("measure")

    assert found.loc["meetings"].tolist() == [0, 0]
    assert found.loc["hours"].tolist() == [0.0, 0.0]
    assert found.loc["open_todos"].tolist() == [len(demo.todos("open", topic="Hiring")), 0]
    assert found.loc[["rhythm_days", "words"]].isna().all(axis=None)
