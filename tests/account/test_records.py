"""What ``hedy.session(...)`` and its siblings give, apart from how it looks."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from IPython.core.formatters import PlainTextFormatter

from hedy_jupyter.account.records import Account, Context, Highlight, Record, Todo, Topic
from hedy_jupyter.account.session import Session
from hedy_jupyter.account.transcript import Transcript
from hedy_jupyter.frames import schema

SESSION = {
    "sessionId": "sess_1",
    "title": "Weekly Sync",
    "startTime": "2026-03-15T14:30:00Z",
    "endTime": "2026-03-15T15:15:00Z",
    "duration": 45,
    "session_type": "meeting",
    "topic": {"id": "topic_1", "name": "Pilot", "color": "#AA3300"},
    "transcript": "so the pilot starts monday",
    "cleaned_transcript": "So the pilot starts Monday.",
    "highlights": [{"highlightId": "high_1", "title": "Start", "timeIndex": 65000}, "no object"],
    "user_todos": [
        {"id": "todo_1", "text": "Checklist", "dueDate": "Tomorrow", "completed": False, "sessionId": None},
        {"id": "todo_2", "text": "Invite", "sessionId": "sess_0", "topic": {"id": "topic_0", "name": "Other"}},
    ],
    "somethingNew": {"kept": True},
}
TABLED = [Session, Highlight, Todo, Topic, Context]
ALL = [Account, *TABLED]


@pytest.mark.parametrize("kind", TABLED)
def test_attributes_are_the_columns(kind: type[Record]) -> None:
    """A record has exactly the columns of its detailed frame as attributes, in their order."""
    own = [field.name for field in dataclasses.fields(kind) if field.name not in ("raw", "zone")]

    assert own == [column.name for column in schema.TABLES[kind.table]]
    assert kind.id_name == own[0]


def test_session_values() -> None:
    """A session reads the JSON by the table and keeps the JSON as it came."""
    session = Session.from_record(SESSION)

    assert session.start_time == pd.Timestamp("2026-03-15T14:30Z")
    assert (session.duration_min, session.topic_name, session.highlight_count, session.recap) == (45, "Pilot", 2, None)
    assert session.raw is SESSION


def test_account_values() -> None:
    """An account has id, email and name, and None for what is absent or no text."""
    account = Account.from_record({"id": 7, "email": "ada@example.com", "name": {"first": "Ada"}})

    assert (account.id, account.email, account.name) == ("7", "ada@example.com", None)


@pytest.mark.parametrize("kind", ALL)
def test_nothing_known(kind: type[Record]) -> None:
    """An empty JSON object gives a record in which everything is None."""
    record = kind.from_record({})
    own = [getattr(record, field.name) for field in dataclasses.fields(record) if field.name not in ("raw", "zone")]

    assert own == [None] * len(own)
    assert repr(record) == f"<{kind.__name__} without id>"


def test_frames_of_a_session() -> None:
    """The frames of a session fill in session and topic where the embedded objects lack them, and nowhere else."""
    session = Session.from_record(SESSION)
    highlights, todos = session.highlights, session.todos

    assert list(highlights.columns) == [column.name for column in schema.TABLES["highlights_detailed"]]
    assert highlights[["highlight_id", "session_id", "time_index_ms"]].values.tolist() == [
        ["high_1", "sess_1", 65000.0]
    ]
    assert todos[["todo_id", "session_id", "topic_id", "topic_name"]].values.tolist() == [
        ["todo_1", "sess_1", "topic_1", "Pilot"],
        ["todo_2", "sess_0", "topic_0", "Other"],
    ]


@pytest.mark.parametrize(
    "arrays", [{}, {"highlights": None, "user_todos": None}, {"highlights": "x", "user_todos": {}}]
)
def test_frames_of_a_session_without_arrays(arrays: dict[str, object]) -> None:
    """Without usable arrays both frames are there and empty."""
    session = Session.from_record({"sessionId": "sess_1", **arrays})

    assert (len(session.highlights), len(session.todos)) == (0, 0)


def test_todos_under_the_other_name() -> None:
    """Todos are also found under the camel-case name."""
    session = Session.from_record({"sessionId": "sess_1", "userTodos": [{"id": "todo_1"}]})

    assert session.todos["session_id"].tolist() == ["sess_1"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"transcript": "raw", "cleaned_transcript": "clean"}, "clean"),
        ({"transcript": "raw", "cleaned_transcript": ""}, "raw"),
        ({"transcript": "raw", "cleaned_transcript": None}, "raw"),
        ({}, ""),
    ],
)
def test_text(texts: dict[str, object], expected: str) -> None:
    """The text of a session is the cleaned transcript, else the raw one, else empty."""
    assert Session.from_record(texts).text == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Session.from_record(SESSION), '<Session sess_1 "Weekly Sync" 2026-03-15 14:30 UTC, 45 min>'),
        (
            Session.from_record(SESSION, zone=ZoneInfo("Asia/Tokyo")),
            '<Session sess_1 "Weekly Sync" 2026-03-15 23:30 JST, 45 min>',
        ),
        (Session.from_record({"sessionId": "s", "title": "x" * 99}), f'<Session s "{"x" * 59}…">'),
        (Highlight.from_record({"highlightId": "h", "title": "Start", "sessionId": "s"}), '<Highlight h "Start" in s>'),
        (Todo.from_record({"id": "t", "text": "Checklist", "completed": True}), '<Todo t done "Checklist">'),
        (Topic.from_record({"id": "t", "name": "Pilot", "sessionCount": 12}), '<Topic t "Pilot" 12 sessions>'),
        (Context.from_record({"id": "c", "title": "Team", "isDefault": True}), '<Context c "Team" default>'),
        (
            Account.from_record({"id": "u", "name": "Ada", "email": "ada@example.com"}),
            '<Account u "Ada" ada@example.com>',
        ),
        (Todo.from_record({"id": "t", "text": "a\nb\x1b[31m\u202ec\x00"}), '<Todo t "a bc">'),
    ],
)
def test_repr(record: Record, expected: str) -> None:
    """A repr is one short line with the id and what it is called by."""
    assert repr(record) == expected


def test_equality() -> None:
    """Records are equal by kind and id: neither other fields nor the zone count."""
    session = Session.from_record(SESSION)
    later = Session.from_record({"sessionId": "sess_1", "title": "Renamed"}, zone=ZoneInfo("Asia/Tokyo"))

    assert session == later
    assert hash(session) == hash(later)
    assert session != Session.from_record({"sessionId": "sess_2"})
    assert Topic.from_record({"id": "x"}) != Context.from_record({"id": "x"})
    assert Topic.from_record({}) != Topic.from_record({})
    assert session != "sess_1"


def test_frozen() -> None:
    """A record can not be changed by assignment."""
    session = Session.from_record(SESSION)

    with pytest.raises(dataclasses.FrozenInstanceError):
        session.title = "Other"  # type: ignore[misc]


def test_copies() -> None:
    """Records and transcripts survive pickle and copy."""
    session, transcript = Session.from_record(SESSION, zone=ZoneInfo("Asia/Tokyo")), Transcript("Hello")

    assert pickle.loads(pickle.dumps(session)).zone == session.zone  # noqa: S301
    assert copy.deepcopy(session) == session
    assert type(pickle.loads(pickle.dumps(transcript))) is Transcript  # noqa: S301


def test_transcript_is_text() -> None:
    """A transcript is a string in every respect."""
    transcript = Transcript("Hello there")

    assert transcript == "Hello there"
    assert transcript.split() == ["Hello", "there"]


def test_terminal_ipython_shows_the_page() -> None:
    """Terminal IPython shows the text form of one record, and one line for each inside a list."""
    session, transcript = Session.from_record(SESSION), Transcript("Hello there")
    show = PlainTextFormatter()

    assert show(session).startswith("Session: Weekly Sync\n")
    assert show(transcript).splitlines()[-1].endswith(" Hello there")
    assert show([session, session]) == f"[{session!r},\n {session!r}]"
    assert show([transcript]) == "['Hello there']"


@pytest.mark.parametrize("kind", ALL)
def test_forms_of_text(kind: type[Record]) -> None:
    """Each record gives the forms of its card as text: the same that a notebook and a terminal show."""
    one = kind.from_record({**SESSION, "name": "Pilot <b>", "title": "Pilot <b>", "text": "Pilot <b>"})
    printed: list[str] = []
    one._repr_pretty_(SimpleNamespace(stack=[one], text=printed.append), cycle=False)

    assert one.to_html() == one._repr_html_()
    assert "<b>" not in one.to_html()
    assert one.to_markdown() == one._repr_markdown_()
    assert [one.to_text()] == printed
    assert "Pilot <b>" in one.to_text()
