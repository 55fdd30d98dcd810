"""What goes into the archive and comes out: what overwrites what, and that the words agree with the texts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedy_jupyter.archive import gone_records, ingest, migrations, ownership, queries, sync_runs
from hedy_jupyter.archive.frames import framed
from hedy_jupyter.archive.search import find
from hedy_jupyter.archive.search_index import SearchIndex
from hedy_jupyter.archive.store import Store
from hedy_jupyter.archive.sync_schedule import pending
from hedy_jupyter.archive.typed_rows import iso
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.frames import build
from tests.histories import new_archive

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
Record = dict[str, Any]


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> str:
        """Go on, by a day where *span* does not say; the new time as the archive writes it."""
        self.now += timedelta(**(span or {"days": 1}))
        return iso(self.now)


@pytest.fixture
def clock() -> Clock:
    """A clock that begins on 1 March 2026."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """An empty archive."""
    with new_archive(tmp_path / "a.sqlite", now=clock) as opened:
        yield opened


def words(store: Store) -> set[tuple[str, int, str, int]]:
    """Everything in the index: word, session, field, place."""
    store.connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, instance)")
    found = set(store.connection.execute("SELECT term, doc, col, offset FROM temp.vocabulary"))
    store.connection.execute("DROP TABLE temp.vocabulary")
    return found


def stale(store: Store) -> set[tuple[str, int, str, int]]:
    """What the index has and should not, or should and has not."""
    held = words(store)
    with store.writing():
        store.index.rebuild()
    return held ^ words(store)


def found(store: Store, text: str) -> list[str]:
    """The sessions with *text*."""
    return sorted(hit.session_id for hit in find(store, text))


# Whole and unharmed ----------------------------------------------------------

NAMES = st.sampled_from(
    [
        "title",
        "recap",
        "transcript",
        "meeting_minutes",
        "meetingMinutes",
        "cleanedTranscript",
        "conversations",
        "session_notes",
        "sessionNotes",
    ]
) | st.text(max_size=5)
TEXT = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    ["\ud800", "a\udfff", "\x00", "\u2028", "灯台"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.dictionaries(NAMES, JSON, min_size=1, max_size=6))
def test_json_comes_out_as_it_went_in(store: Store, record: Record) -> None:
    """Whatever JSON a detail is, under whatever names, it is read as it was put."""
    ident = f"s{queries.counts(store)['sessions']}"  # nothing is held of it
    ingest.put_detail(store, ident, record)

    assert queries.record(store, "sessions", ident) == record


IDS = st.sampled_from("ab")
ITEM = st.fixed_dictionaries({}, optional={"sessionId": IDS | st.none(), "completed": st.booleans() | st.none()})
SAID = st.sampled_from(["lamp", "harbour lamp", "灯台 lamp", "", None])
STEPS = st.one_of(
    st.tuples(st.just("listing"), IDS, SAID),
    st.tuples(st.just("detail"), IDS, SAID, SAID, st.lists(SAID, max_size=2)),
    st.tuples(st.just("todo"), ITEM, st.sampled_from("xy"), SAID),
    st.tuples(st.just("highlight"), ITEM, st.sampled_from("xy"), SAID),
    st.tuples(st.just("gone"), st.sampled_from(["todos", "highlights"]), st.sampled_from("xy")),
    st.tuples(st.just("named"), IDS),
)


def act(store: Store, step: tuple[Any, ...]) -> None:
    """Do one of ``STEPS``."""
    match step:
        case "listing", ident, title:
            ingest.put_sessions(store, [{"sessionId": ident, "title": title}])
        case "detail", ident, title, recap, said:
            highlights = [{"highlightId": name, "title": text} for name, text in zip("xy", said, strict=False)]
            todos = [{"id": name, "text": text} for name, text in zip("xy", said, strict=False)]
            ingest.put_detail(
                store,
                ident,
                {"title": title, "recap": recap, "conversations": said, "highlights": highlights, "user_todos": todos},
            )
        case "todo", item, ident, text:
            ingest.put_todos(store, [{**item, "id": ident, "text": text}])
        case "highlight", item, ident, text:
            ingest.put_highlights(store, [{**item, "highlightId": ident, "title": text}])
        case "gone", kind, ident:
            gone_records.mark_gone(store, kind, [ident])
        case "named", ident:
            ingest.put_mentioned_session(store, ident)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=8), together=st.booleans())
def test_words_agree_with_texts(steps: list[tuple[Any, ...]], together: bool) -> None:
    """After any puts in any order, in one transaction or many, the index equals one made again from the texts."""
    with tempfile.TemporaryDirectory() as place, new_archive(Path(place, "a.sqlite")) as store:
        if together:
            with store.writing():
                for step in steps:
                    act(store, step)
        else:
            for step in steps:
                act(store, step)

        assert stale(store) == set()


def test_more_sessions_than_are_kept_in_memory(store: Store) -> None:
    """A transaction over more sessions than it keeps in memory leaves the same index."""
    with store.writing():
        for text in ("lamp", "harbour"):
            ingest.put_todos(
                store, ({"id": f"t{number}", "text": text, "sessionId": f"s{number}"} for number in range(450))
            )
            ingest.put_sessions(
                store, ({"sessionId": f"s{number}", "title": f"{text} {number}"} for number in range(450))
            )

    assert len(find(store, "harbour", limit=1000)) == 450
    assert find(store, "lamp") == []
    assert stale(store) == set()


# What overwrites what --------------------------------------------------------


@pytest.mark.parametrize("empty", [None, ""])
def test_nothing_overwrites_something(store: Store, empty: str | None) -> None:
    """A text or value that comes back null or empty stays as it was, and no version is closed."""
    ingest.put_detail(store, "a", {"title": "Plan", "recap": "lamp", "duration": 30})

    assert ingest.put_detail(store, "a", {"title": empty, "recap": empty, "duration": None}) is False
    ingest.put_sessions(store, [{"sessionId": "a", "title": empty}])
    record = queries.record(store, "sessions", "a")
    assert record is not None
    assert (record["title"], record["recap"], record["duration"]) == ("Plan", "lamp", 30)
    assert found(store, "plan lamp") == ["a"]
    assert {replaced for *_, replaced in queries.history(store, "a")} == {None}


def test_versions(store: Store, clock: Clock) -> None:
    """A changed text closes the one before it, the same text again makes none.

    The newest comes first, the title among them.
    """
    first = iso(clock.now)
    assert ingest.put_detail(store, "a", {"title": "Plan", "recap": "one"}) is True
    clock.tick()
    assert ingest.put_detail(store, "a", {"title": "Plan", "recap": "one"}) is False
    second = clock.tick()
    assert ingest.put_detail(store, "a", {"title": "Plan B", "recap": "two"}) is True

    assert [row for row in queries.history(store, "a") if row[0] == "recap"] == [
        ("recap", "two", second, None),
        ("recap", "one", first, second),
    ]
    assert [row for row in queries.history(store, "a") if row[0] == "title"] == [
        ("title", "Plan B", second, None),
        ("title", "Plan", first, second),
    ]
    assert found(store, "one") == []
    assert queries.history(store, "unknown") == []


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("meeting_minutes", "meetingMinutes"),
        ("cleaned_transcript", "cleanedTranscript"),
        ("session_notes", "sessionNotes"),
    ],
)
def test_other_names(store: Store, field: str, name: str) -> None:
    """A text under its other name is that text: searched, and no new version when the name changes."""
    ingest.put_detail(store, "a", {name: "lamp"})

    assert ingest.put_detail(store, "a", {field: "lamp"}) is False
    assert queries.history(store, "a")[0][:2] == (field, "lamp")
    assert found(store, "lamp") == ["a"]


def test_todos_under_their_other_name(store: Store) -> None:
    """Todos of a detail count under either name, also where the first is there and null."""
    ingest.put_detail(store, "a", {"user_todos": None, "userTodos": [{"id": "t", "text": "lamp"}]})

    assert found(store, "lamp") == ["a"]
    assert queries.records(store, "todos") == [{"id": "t", "text": "lamp", "sessionId": "a"}]


def test_structured_conversations_and_notes(store: Store) -> None:
    """Conversations and notes that are lists stay lists, are searched as text, and may turn into text and back."""
    pairs, notes = [{"question": "Who?", "answer": "Harbour"}], [{"insert": "lamp\n"}]
    ingest.put_detail(store, "a", {"conversations": pairs, "session_notes": notes})
    ingest.put_detail(store, "a", {"title": "Plan"})
    assert queries.record(store, "sessions", "a") == {"conversations": pairs, "session_notes": notes, "title": "Plan"}
    assert found(store, "harbour") == found(store, "lamp") == ["a"]

    ingest.put_detail(store, "a", {"conversations": "Q: Why?", "sessionNotes": "boat"})
    record = queries.record(store, "sessions", "a")
    assert record is not None
    assert build.values("sessions_detailed", record)["session_notes"] == "boat"
    assert (found(store, "why"), found(store, "harbour"), found(store, "lamp")) == (["a"], [], [])

    ingest.put_detail(store, "a", {"conversations": pairs})
    record = queries.record(store, "sessions", "a")
    assert record is not None
    assert record["conversations"] == pairs
    assert found(store, "harbour") == ["a"]


def test_listing_and_detail_fill_each_other(store: Store) -> None:
    """A session with texts is its detail filled up with what only the list said."""
    ingest.put_sessions(store, [{"sessionId": "a", "title": "Plan", "only_listed": 1}])
    ingest.put_detail(store, "a", {"sessionId": "a", "title": None, "recap": "lamp"})

    assert queries.records(store, "sessions") == [{"sessionId": "a", "title": "Plan", "only_listed": 1}]
    assert queries.sessions(store, texts=True) == [
        {"sessionId": "a", "title": "Plan", "only_listed": 1, "recap": "lamp"}
    ]


def test_records_without_an_id_are_left_out(store: Store) -> None:
    """What has no id cannot be kept; a number as id is its text, and a lone surrogate in one does no harm."""
    ingest.put_sessions(store, [{"title": "none"}, {"sessionId": ""}, {"sessionId": 5, "title": "five"}])
    ingest.put_detail(store, "\ud800", {"title": "odd"})
    ingest.put_mentioned_session(store, "\ud801")
    ingest.put_todos(store, [{"text": "none"}])

    assert queries.counts(store)["sessions"] == 2
    assert queries.record(store, "sessions", "5") == {"sessionId": 5, "title": "five"}
    assert (queries.record(store, "sessions", "\ud800") or {})["title"] == "odd"
    assert queries.counts(store)["todos"] == 0


@pytest.mark.parametrize("name", ["meeting_minutes", "meetingMinutes"])
def test_text_keeps_its_name(store: Store, name: str) -> None:
    """A text that a later detail leaves out stays under the name that it came with."""
    ingest.put_detail(store, "a", {name: "lamp"})
    ingest.put_detail(store, "a", {"title": "Plan"})

    assert queries.record(store, "sessions", "a") == {name: "lamp", "title": "Plan"}


# Todos and highlights --------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "noted"),
    [
        ([False], None),
        ([False, True], 1),
        ([False, True, True], 1),
        ([False, True, None], 1),
        ([False, True, ...], 1),
        ([False, ..., True], 2),
        ([False, True, False], None),
        ([False, True, False, True], 3),
        ([True], None),
        ([True, True], None),
        ([..., True], None),
        ([None, True], None),
    ],
)
def test_completed_at(store: Store, clock: Clock, seen: list[Any], noted: int | None) -> None:
    """The day on which a todo that was open is seen done; none where it was never seen open, or is open again."""
    days = [iso(clock.now), *(clock.tick() for _ in seen)]
    for number, completed in enumerate(seen):
        clock.now = START + timedelta(days=number)
        said = {} if completed is ... else {"completed": completed}
        ingest.put_todos(store, [{"id": "t", "text": "lamp", "sessionId": "a", **said}])

    assert queries.times(store, "todos")["t"]["completed_at"] == (None if noted is None else days[noted])


def test_embedded_todo_says_nothing_of_being_done(store: Store, clock: Clock) -> None:
    """The todos of a detail, which may leave out whether they are done, change neither that nor the topic."""
    topic = {"id": "t1", "name": "Alpha"}
    ingest.put_todos(store, [{"id": "t", "text": "lamp", "sessionId": "a", "completed": False, "topic": topic}])
    done = clock.tick()
    ingest.put_todos(store, [{"id": "t", "text": "lamp", "sessionId": "a", "completed": True, "topic": topic}])
    clock.tick()
    ingest.put_detail(store, "a", {"user_todos": [{"id": "t", "text": "lamp"}]})

    assert queries.times(store, "todos")["t"]["completed_at"] == done
    assert queries.records(store, "todos") == [
        {"id": "t", "text": "lamp", "sessionId": "a", "completed": True, "topic": topic}
    ]


@pytest.mark.parametrize("text", ["lamp", "harbour"])
def test_todo_whose_session_comes_later(store: Store, text: str) -> None:
    """A todo that was listed without its session is one todo when that becomes known, and is found in it."""
    ingest.put_detail(store, "a", {"title": "Plan"})
    ingest.put_todos(store, [{"id": "t", "text": "lamp"}])

    ingest.put_todos(store, [{"id": "t", "text": text, "sessionId": "a"}])

    assert queries.records(store, "todos") == [{"id": "t", "text": text, "sessionId": "a"}]
    assert found(store, text) == ["a"]


def test_todo_that_is_listed_without_its_session(store: Store) -> None:
    """A todo whose session is known keeps it when a list leaves it out."""
    ingest.put_detail(store, "a", {"title": "Plan", "user_todos": [{"id": "t", "text": "lamp"}]})

    ingest.put_todos(store, [{"id": "t", "text": "harbour", "completed": False}])

    assert queries.records(store, "todos") == [{"id": "t", "text": "harbour", "sessionId": "a", "completed": False}]
    assert (found(store, "harbour"), found(store, "lamp")) == (["a"], [])


def test_one_todo_id_in_two_sessions(store: Store) -> None:
    """Two sessions may use one id for two todos; where none is named, neither is guessed."""
    ingest.put_todos(store, [{"id": "t", "text": "lamp", "sessionId": ident} for ident in "ab"])
    ingest.put_todos(store, [{"id": "t", "text": "boat"}])

    assert sorted((todo.get("sessionId", ""), todo["text"]) for todo in queries.records(store, "todos")) == [
        ("", "boat"),
        ("a", "lamp"),
        ("b", "lamp"),
    ]


def test_highlight_that_moves(store: Store) -> None:
    """A highlight that is named by another session is found there and no more in the first."""
    for ident in "ab":
        ingest.put_detail(store, ident, {"title": ident, "highlights": [{"highlightId": "h", "title": "lamp"}]})

    assert found(store, "lamp") == ["b"]


def test_highlight_list_keeps_what_the_detail_said(store: Store) -> None:
    """The four fields of the list do not take away quotes and ideas."""
    ingest.put_detail(store, "a", {"highlights": [{"highlightId": "h", "title": "Idea", "rawQuote": "lamp"}]})

    ingest.put_highlights(
        store, [{"highlightId": "h", "sessionId": "a", "title": "Idea", "timestamp": "2026-03-01T10:00:00Z"}]
    )

    assert queries.records(store, "highlights")[0]["rawQuote"] == "lamp"


def test_what_came_before_its_session(store: Store) -> None:
    """Todos and highlights of a session that is not known yet are found as soon as it is named."""
    ingest.put_todos(store, [{"id": "t", "text": "lamp", "sessionId": "a"}])
    ingest.put_highlights(store, [{"highlightId": "h", "title": "boat", "sessionId": "a"}])

    ingest.put_mentioned_session(store, "a")

    assert found(store, "lamp boat") == ["a"]


# Gone ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "put"),
    [
        ("sessions", lambda store: ingest.put_sessions(store, [{"sessionId": "x"}])),
        ("todos", lambda store: ingest.put_todos(store, [{"id": "x", "text": "lamp", "sessionId": "a"}])),
        (
            "highlights",
            lambda store: ingest.put_highlights(store, [{"highlightId": "x", "title": "lamp", "sessionId": "a"}]),
        ),
        ("topics", lambda store: ingest.put_topics(store, [{"id": "x", "name": "lamp"}])),
        ("contexts", lambda store: ingest.put_contexts(store, [{"id": "x", "title": "lamp"}])),
    ],
)
def test_gone_and_back(store: Store, clock: Clock, kind: str, put: Callable[[Store], None]) -> None:
    """What vanished is noted once with its day, is kept, shown on request, and back when it is seen again."""
    ingest.put_mentioned_session(store, "a")
    put(store)
    first = iso(clock.now)
    later = clock.tick()
    assert (
        kind in {"todos", "topics", "contexts"} or gone_records.unseen(store, kind, sync_runs.begin(store))[-1] == "x"
    )
    gone_records.mark_gone(store, kind, ["x", "never held"])
    clock.tick()
    gone_records.mark_gone(store, kind, ["x"])

    assert (queries.times(store, kind)["x"]["first_seen_at"], queries.times(store, kind)["x"]["gone_at"]) == (
        first,
        later,
    )
    assert "x" not in gone_records.unseen(store, kind, sync_runs.begin(store))
    assert len(queries.records(store, kind, gone=True)) == len(queries.records(store, kind)) + 1
    assert kind not in {"todos", "highlights"} or found(store, "lamp") == []
    put(store)
    assert queries.times(store, kind)["x"] | {"completed_at": None} == {
        "first_seen_at": first,
        "gone_at": None,
        "completed_at": None,
    }
    assert kind not in {"todos", "highlights"} or found(store, "lamp") == ["a"]


# Runs and what is to be asked ------------------------------------------------


def test_run_is_gone_on_with(store: Store, clock: Clock) -> None:
    """A run that did not end is gone on with, whatever the clock says, if it was as full.

    After its end there is a new one.
    """
    first = sync_runs.begin(store)
    clock.tick(hours=1)
    second = sync_runs.begin(store)
    assert (second.since, second.resumed) == (first.key, True)
    full = sync_runs.begin(store, full=True)
    assert (full.since, full.resumed) == (full.key, False)
    clock.tick(days=-400)
    last = sync_runs.begin(store)
    assert (last.since, last.resumed) == (full.key, True)
    assert sync_runs.begin(store, full=True).since == full.key
    assert sync_runs.last_finished(store) is None

    sync_runs.finish(store, last, requests=3)
    assert sync_runs.last_finished(store) == clock.now
    third = sync_runs.begin(store, full=True)
    sync_runs.finish(store, third, requests=0)
    assert sync_runs.begin(store).resumed is False
    assert first.key < second.key < full.key < last.key < third.key


def test_run_of_one_session_stands_alone(store: Store, clock: Clock) -> None:
    """A run that asks for one session goes on with none, none goes on with it, and it is not the last sync."""
    first = sync_runs.begin(store)
    one = sync_runs.begin(store, part=True)
    assert (one.since, one.resumed) == (one.key, False)
    sync_runs.finish(store, one, requests=1)

    assert sync_runs.last_finished(store) is None
    assert sync_runs.begin(store).since == first.key


def test_pending(store: Store, clock: Clock) -> None:
    """Asked for are details never fetched, young ones, relisted ones, and later those not cleaned yet."""
    day = {
        name: (clock.now - timedelta(days=days)).isoformat()
        for name, days in {"old": 90, "older": 91, "young": 12, "new": 1}.items()
    }
    sessions = {
        "never": day["new"],
        "young": day["young"],
        "renamed": day["old"],
        "moved": day["old"],
        "longer": day["old"],
        "raw": day["older"],
        "clean": day["old"],
        "gone": day["new"],
    }
    topic = {"id": "t1"}
    records = {
        ident: {"sessionId": ident, "title": ident, "startTime": start, "topic": topic, "duration": 9}
        for ident, start in sessions.items()
    }
    ingest.put_sessions(store, records.values())
    for ident in sessions.keys() - {"never", "gone"}:
        cleaned = {} if ident == "raw" else {"cleaned_transcript": "Lamp."}
        ingest.put_detail(store, ident, {**records[ident], "transcript": "lamp", **cleaned})
    gone_records.mark_gone(store, "sessions", ["gone"])
    run = sync_runs.begin(store)
    ingest.put_sessions(
        store,
        [
            {**records["renamed"], "title": "new"},
            {**records["moved"], "topic": {"id": "t2"}},
            {**records["longer"], "duration": 8},
        ],
    )

    assert pending(store, run, now=clock.now) == ["never", "young", "renamed", "moved", "longer"]
    assert pending(store, run, now=clock.now + timedelta(hours=24)) == [
        "never",
        "young",
        "renamed",
        "moved",
        "longer",
        "raw",
    ]
    assert set(pending(store, run, now=clock.now, full=True)) == sessions.keys()
    for ident in ("young", "raw"):
        ingest.put_detail(store, ident, records[ident])
    assert pending(store, run, now=clock.now) == ["never", "renamed", "moved", "longer"]
    assert set(pending(store, run, now=clock.now, full=True)) == sessions.keys() - {"young", "raw"}


def test_pending_once_it_is_listed(store: Store, clock: Clock) -> None:
    """A detail that was fetched before any list named the session is asked for again when one does."""
    start = (clock.now - timedelta(days=90)).isoformat()
    ingest.put_detail(store, "a", {"title": "A", "startTime": start, "cleaned_transcript": "Lamp."})
    assert pending(store, sync_runs.begin(store), now=clock.now) == []

    ingest.put_sessions(store, [{"sessionId": "a", "title": "A"}])

    assert pending(store, sync_runs.begin(store), now=clock.now) == ["a"]


# Reading ---------------------------------------------------------------------


def test_order_and_bounds(store: Store) -> None:
    """Newest first, those without a time last; bounds and a topic narrow, and ask in any zone."""
    for day in (1, 3, 2):
        ingest.put_sessions(
            store, [{"sessionId": f"s{day}", "startTime": f"2026-03-0{day}T10:00:00Z", "topic": {"id": f"t{day % 2}"}}]
        )
        ingest.put_todos(store, [{"id": f"todo{day}", "sessionId": f"s{day}"}])
        ingest.put_topics(store, [{"id": f"t{day}", "updatedAt": f"2026-03-0{day}T10:00:00Z"}])
    ingest.put_mentioned_session(store, "none")

    def ids(limit: int | None = None, **bounds: Any) -> list[str]:
        return [record["sessionId"] for record in queries.sessions(store, queries.Window(**bounds), limit=limit)]

    assert ids() == ["s3", "s2", "s1", "none"]
    assert ids(since=datetime(2026, 3, 2, 10, tzinfo=UTC), until=datetime(2026, 3, 3, 10, tzinfo=UTC)) == ["s2"]
    assert ids(topic_ids={"t1"}) == ["s3", "s1"]
    assert ids(limit=1) == ["s3"]
    assert [record["id"] for record in queries.records(store, "todos")] == ["todo3", "todo2", "todo1"]
    assert [record["id"] for record in queries.records(store, "topics")] == ["t3", "t2", "t1"]
    assert queries.record(store, "topics", "t1") == {"id": "t1", "updatedAt": "2026-03-01T10:00:00Z"}
    assert queries.record(store, "topics", "none") is None


def test_counts_and_coverage(store: Store) -> None:
    """What is held is counted without what is gone."""
    ingest.put_sessions(store, [{"sessionId": "a", "startTime": "2026-03-01T10:00:00+02:00"}, {"sessionId": "b"}])
    ingest.put_detail(store, "a", {"highlights": [{"highlightId": "h"}], "user_todos": [{"id": "t"}]})
    ingest.put_detail(store, "c", {"title": "C"})
    gone_records.mark_gone(store, "sessions", ["c"])

    counts = {"sessions": 2, "with_details": 1, "gone": 1, "todos": 1, "highlights": 1, "topics": 0, "contexts": 0}
    assert queries.counts(store) == counts
    assert sorted(queries.covered(store), key=str) == [
        ("2026-03-01T08:00:00.000000Z", True, True),
        (None, False, False),
    ]


def test_times_are_of_one_width() -> None:
    """The order of times as text is their order in time, whatever their zone, fraction or year."""
    moments = [
        datetime(33, 1, 1, tzinfo=UTC),
        START,
        START + timedelta(microseconds=1),
        datetime(2026, 3, 1, 12, tzinfo=UTC),
    ]

    assert sorted(map(iso, moments)) == [iso(moment) for moment in moments]
    assert {len(iso(moment)) for moment in moments} == {27}


def test_owner(store: Store) -> None:
    """The first account that claims the file has it; another one is refused and changes nothing."""
    assert ownership.owner_of(store) is None
    ownership.claim(store, "us", "uid_1")
    ownership.claim(store, "us", "uid_1")

    for other in (("eu", "uid_1"), ("us", "uid_2")):
        with pytest.raises(ArchiveError, match="another account"):
            ownership.claim(store, *other)
    assert ownership.owner_of(store) == ("us", "uid_1")


def test_todos_of_many_sessions(store: Store) -> None:
    """Todos that come in any order have the words of each session made once, not once a todo."""
    ingest.put_sessions(store, ({"sessionId": f"s{number}", "title": "x"} for number in range(300)))
    made: list[int] = []
    document = store.index.document
    store.index.document = lambda key: made.append(key) or document(key)  # type: ignore[func-returns-value, method-assign]

    ingest.put_todos(
        store, ({"id": f"t{number}", "text": "lamp", "sessionId": f"s{number % 300}"} for number in range(1500))
    )

    assert len(made) == 600  # before and after


# Damage and permissions that SQLite does not report ------------------------------

READS: dict[str, Callable[[Store], object]] = {
    "record": lambda store: queries.record(store, "sessions", "a"),
    "texts": lambda store: queries.sessions(store, texts=True),
    "history": lambda store: queries.history(store, "a"),
    "search": lambda store: find(store, "lamp"),
    "two words": lambda store: find(store, "lamp boat"),
    "put": lambda store: ingest.put_detail(store, "a", {"recap": "other"}),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE texts SET body = x'001122'",
        "UPDATE texts SET body = 'text'",
        "UPDATE texts SET body = substr(body, 1, 9)",
    ],
)
def test_damaged_text(store: Store, damage: str, read: str) -> None:
    """A compressed text that does not open is damage, said in one line that names the file."""
    ingest.put_detail(store, "a", {"transcript": "lamp boat " * 100})
    store.connection.execute(damage)
    if read == "search" and "substr" in damage:
        return  # what is left of it holds the word

    with pytest.raises(ArchiveError, match="damaged") as caught:
        READS[read](store)

    assert str(store.path) in caught.value.message


@pytest.mark.parametrize(
    ("damage", "read"),
    [
        ("UPDATE sessions SET listing = '{'", lambda store: queries.records(store, "sessions")),
        (
            "UPDATE sessions SET listing = '{'",
            lambda store: ingest.put_sessions(store, [{"sessionId": "a", "title": "B"}]),
        ),
        ("UPDATE sessions SET listing = NULL, detail = x'00'", lambda store: queries.records(store, "sessions")),
        ("UPDATE sessions SET detail = x'00'", lambda store: queries.record(store, "sessions", "a")),
        ("UPDATE todos SET record = '{'", lambda store: queries.records(store, "todos")),
        ("UPDATE todos SET record = '{'", lambda store: queries.record(store, "todos", "t")),
        ("UPDATE todos SET record = '{'", lambda store: ingest.put_detail(store, "a", {"recap": "boat"})),
        ("DROP TABLE words", lambda store: find(store, "lamp")),
    ],
)
def test_damaged_record(store: Store, damage: str, read: Callable[[Store], object]) -> None:
    """A record that is no JSON any more, or a table that is missing, is one clear line too."""
    ingest.put_sessions(store, [{"sessionId": "a", "title": "A"}])
    ingest.put_detail(store, "a", {"user_todos": [{"id": "t", "text": "lamp"}]})
    store.connection.execute(damage)

    with pytest.raises(ArchiveError, match="cannot be used"):
        read(store)


def test_error_of_the_caller_is_not_damage(store: Store) -> None:
    """What the caller's own code raises in a transaction is the caller's."""
    with pytest.raises(ValueError, match="mine"), store.writing():
        raise ValueError("mine")


def test_interrupted_wait_leaves_no_transaction(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt that arrives just as a transaction begins does not leave it open."""
    from hedy_jupyter.archive import database

    begin = database.begin

    def interrupted(*values: Any) -> None:
        begin(*values)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database, "begin", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.note("x", "y")

    assert not store.connection.in_transaction
    store.note("x", "z")
    assert store.noted("x") == "z"


def test_empty_file_becomes_private(tmp_path: Path) -> None:
    """An empty file that everybody may read is its owner's alone before anything is written to it."""
    path = tmp_path / "a.sqlite"
    path.touch(mode=0o644)

    Store.open(path, create=True).close()

    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [b"a?b#c%20.sqlite", "ä 灯.sqlite".encode(), b"a\xff.sqlite"])
def test_any_file_name(tmp_path: Path, name: bytes) -> None:
    """Any name that the system takes is the name of the file."""
    path = tmp_path / os.fsdecode(name)

    Store.open(path, create=True).close()

    assert [os.fsencode(file.name) for file in tmp_path.iterdir()] == [name]


def test_symbolic_link(store: Store, tmp_path: Path) -> None:
    """A link to an archive is that archive."""
    ingest.put_detail(store, "a", {"title": "A"})
    (tmp_path / "link").symlink_to(store.path)

    with Store.open(tmp_path / "link") as linked:
        assert queries.counts(linked)["sessions"] == 1


def test_opening_waits_for_who_holds_the_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that has the file to itself for a while is waited for, also by who only opens it."""
    path = store.path
    store.close()
    hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)"
    hold += "; c.execute('PRAGMA locking_mode=exclusive'); c.execute('BEGIN EXCLUSIVE'); print(1, flush=True)"
    hold += "; sys.stdin.read(); c.execute('ROLLBACK'); c.close()"
    waits: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdout.readline()
        release, until_it_ended = holder.stdin.close, holder.stdout.read

        def wait(seconds: float) -> None:
            waits.append(seconds)
            release()
            until_it_ended()

        monkeypatch.setattr(time, "sleep", wait)

        with Store.open(path) as opened:
            assert queries.counts(opened)["sessions"] == 0
            assert len(waits) == 1
    monkeypatch.undo()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA locking_mode=exclusive")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveError, match="another program holds it"):
            Store.open(path, wait_s=0.1)
    other.close()


READER = """
import os, sys
from pathlib import Path
from hedy_jupyter.archive import migrations, queries
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError
import pandas
migrations.MIGRATIONS += (("later", None),) * int(sys.argv[2])
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with Store.open(Path(sys.argv[1])) as store:
        print(store.writable, [record["title"] for record in queries.records(store, "sessions")])
except ArchiveError as error:
    print("ERROR", error.message)
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become somebody who may not write")
@pytest.mark.parametrize(
    ("beside", "later", "said"),
    [(False, 0, "False ['A']"), (True, 0, "changes in a file beside it"), (False, 1, "an older version")],
)
def test_read_only_copy(store: Store, beside: bool, later: int, said: str) -> None:
    """A read-only copy is read, but not without the commits beside it, nor if it is of a newer version."""
    ingest.put_detail(store, "a", {"title": "A"})
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ingest.put_detail(store, "b", {"title": "B"})
    place = Path(tempfile.mkdtemp(dir="/var/tmp"))  # the folders above tmp_path are root's alone
    try:
        shutil.copy(store.path, place / "a.sqlite")
        if beside:
            shutil.copy(f"{store.path}-wal", place / "a.sqlite-wal")
        for file in place.iterdir():
            file.chmod(0o444)
        place.chmod(0o555)
        line = [sys.executable, "-c", READER, str(place / "a.sqlite"), str(later)]
        child = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    finally:
        shutil.rmtree(place)

    assert said in child.stdout, child.stderr


def test_words_are_made_once_at_the_first_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An opening that waited for another one's new index does not make it again."""
    path = tmp_path / "a.sqlite"
    Store.open(path, create=True).close()
    answers = iter([False, True])
    made: list[SearchIndex] = []
    monkeypatch.setattr(SearchIndex, "is_current", property(lambda _: next(answers)))
    monkeypatch.setattr(SearchIndex, "rebuild", made.append)

    Store.open(path).close()

    assert made == []


def test_every_migration_has_its_name() -> None:
    """Names are what the file remembers, so no two are the same."""
    names = [name for name, _ in migrations.MIGRATIONS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("storage", ["pyarrow", "python"])
@pytest.mark.parametrize("word", ["plain", "été 会議", "lone \ud800 surrogate"])
def test_texts_in_a_frame_are_those_of_the_records(tmp_path: Path, storage: str, word: str) -> None:
    """Texts that a frame takes without decoding are the same, whatever pandas keeps them in, also broken ones."""
    if storage == "pyarrow":
        pytest.importorskip("pyarrow")
    fields = ("recap", "meeting_minutes", "transcript", "cleaned_transcript", "conversations", "session_notes")
    with Store.open(tmp_path / "a.sqlite", create=True) as store, pd.option_context("mode.string_storage", storage):
        ingest.put_sessions(
            store, [{"sessionId": f"s{number}", "title": "T", "recap": "listed"} for number in range(4)]
        )
        for number, names in enumerate([fields, fields[::2], ()]):
            record = {"sessionId": f"s{number}", **{name: f"{name} {word} {number}" for name in names}}
            ingest.put_detail(store, f"s{number}", record)
        records, texts = queries.sessions_and_texts(store, limit=4)
        whole = build.build("sessions_detailed", queries.sessions(store, texts=True))

        found = framed(store, "sessions_detailed", records, history=False, texts=texts)

    pd.testing.assert_frame_equal(found, whole)
    assert found["recap"].notna().all()
    assert found["meeting_minutes"].notna().sum() == 1
