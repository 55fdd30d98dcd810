"""What deliveries put into the archive: at once, in any order, and never over fuller details."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hedy_jupyter import Hedy, connect
from hedy_jupyter.archive import ingest, queries
from hedy_jupyter.archive.store import Store
from tests.asgi import Answer
from tests.conftest import Api
from tests.deliveries import ended, highlight, ping, todo

Post = Callable[..., Answer]
MEETING = "sess_000001"


@pytest.fixture
def hedy(api: Api, path: Path) -> Iterator[Hedy]:
    """The account of the archive; it makes no request."""
    with connect("hedy_live_planted0123456789", transport=api.transport, timezone="UTC", archive=path) as account:
        yield account
    assert api.asked == []


def test_a_delivered_meeting_is_searched_and_read(post: Post, hedy: Hedy) -> None:
    """What was just said is found, and the meeting is in the frames with its texts; its details count as missing."""
    post(ended(1))
    hits = hedy.archive.search("gasket number1")
    frame = hedy.archive.sessions(details=True)
    row = frame.iloc[0]

    assert hits["session_id"].tolist() == [MEETING]
    assert (row["title"], row["duration_min"], row["session_type"]) == ("Harbour meeting 1", 30.0, "meeting")
    assert row["start_time"] == pd.Timestamp("2026-03-01T10:00Z")
    assert (row["recap"], row["session_notes"]) == ("A gasket leaks.", "Ask first")
    assert "gasket number1" in row["transcript"]
    assert frame.attrs["coverage"]["incomplete"] == [MEETING]
    assert hedy.archive.coverage()["held"].sum() == 0
    assert hedy.archive.highlights()["title"].tolist() == ["It leaks"]
    assert "gasket number1" in (hedy.session("last", source="archive").text or "")


def test_highlights_and_todos(post: Post, hedy: Hedy) -> None:
    """A highlight and a todo are found under the meeting that they name, also where that was not delivered yet."""
    post(highlight(1))
    post(todo(1))
    post(ended(1, highlights=[]))

    assert hedy.archive.highlights(details=True)[["title", "raw_quote"]].to_numpy().tolist() == [
        ["Lantern idea 1", "we should buy a lantern"]
    ]
    assert hedy.archive.todos()[["text", "due_date", "session_id"]].to_numpy().tolist() == [
        ["Order the gasket 1", "Tomorrow", MEETING]
    ]
    assert hedy.archive.search("lantern")["session_id"].tolist() == [MEETING]
    assert hedy.todos("open", source="archive")["text"].tolist() == ["Order the gasket 1"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3], ids=str)
def test_any_order(post: Post, hedy: Hedy, order: tuple[int, ...]) -> None:
    """Deliveries of one meeting that come in another order leave the same."""
    created = {"event": "session.created", "sessionId": MEETING, "title": "New", "startTime": "2026-03-01T10:00:00Z"}
    given = [created, ended(1, recap=""), highlight(1, title="It leaks"), ended(1, recap="A longer recap of it.")]
    for place in order:
        post(given[place])
    frame = hedy.archive.sessions(details=True)
    highlights = hedy.archive.highlights(details=True)

    assert frame[["title", "duration_min", "recap"]].to_numpy().tolist() == [
        ["Harbour meeting 1", 30.0, "A longer recap of it."]
    ]
    assert highlights[["title", "main_idea"]].to_numpy().tolist() == [["It leaks", "Buy a lantern"]]


def test_fuller_details_win(post: Post, hedy: Hedy, store: Store) -> None:
    """Nothing that Hedy has answered with is replaced by a delivery, only what is missing is filled."""
    detail = {
        "sessionId": MEETING,
        "title": "Named by hand",
        "startTime": "2026-03-01T10:00:00Z",
        "duration": 31,
        "transcript": "Short.",
        "recap": None,
        "highlights": [{"highlightId": "high_1", "title": "Fuller", "mainIdea": "Idea", "rawQuote": ""}],
        "user_todos": [{"id": "todo_1", "text": "Fuller todo", "dueDate": "Friday", "completed": True}],
    }
    ingest.put_detail(store, MEETING, detail)
    for event in (ended(1), highlight(1), todo(1)):
        post(event)
    frame = hedy.archive.sessions(details=True)

    assert frame[["title", "duration_min", "transcript", "recap"]].to_numpy().tolist() == [
        ["Named by hand", 31.0, "Short.", "A gasket leaks."]
    ]
    assert frame.attrs["coverage"]["incomplete"] == []
    assert hedy.archive.highlights(details=True)[["title", "main_idea", "raw_quote"]].to_numpy().tolist() == [
        ["Fuller", "Idea", "we should buy a lantern"]
    ]
    assert hedy.archive.todos()[["text", "due_date", "completed"]].to_numpy().tolist() == [
        ["Fuller todo", "Friday", True]
    ]
    assert [row for row in hedy.archive.history(MEETING)["field"] if row == "transcript"] == ["transcript"]


def test_details_win_afterwards(post: Post, hedy: Hedy, store: Store) -> None:
    """Details that come later replace what was delivered, which stays as an older version."""
    post(ended(1))
    ingest.put_detail(store, MEETING, {**ended(1), "transcript": "As Hedy has it now.", "title": "Newer"})
    frame = hedy.archive.sessions(details=True)

    assert frame[["title", "transcript", "recap"]].to_numpy().tolist() == [
        ["Newer", "As Hedy has it now.", "A gasket leaks."]
    ]
    assert hedy.archive.search("gasket number1").empty
    versions = hedy.archive.history(MEETING)
    assert versions["field"].value_counts()["transcript"] == 2


def test_what_is_gone_stays_gone(post: Post, hedy: Hedy, store: Store) -> None:
    """A late delivery of a meeting that was deleted in Hedy does not bring it back."""
    from hedy_jupyter.archive import gone_records

    ingest.put_detail(store, MEETING, {**ended(1)})
    gone_records.mark_gone(store, "sessions", [MEETING])
    post(ended(1, title="Late"))

    assert hedy.archive.sessions().empty
    assert queries.counts(store)["gone"] == 1


def test_tests_and_unknown_events_change_nothing(post: Post, hedy: Hedy, store: Store) -> None:
    """A test delivery, a suggestion and an undocumented event are kept, and are no meetings."""
    post(ping())
    post({"event": "suggestion.created", "sessionId": MEETING, "title": "Ask about the budget"})
    post({"event": "pilot.started", "data": {"anything": [1, 2]}})
    frame = hedy.archive.events()

    assert frame[["event", "status"]].to_numpy().tolist() == [
        ["pilot.started", "kept"],
        ["suggestion.created", "kept"],
        ["session.ended", "test"],
    ]
    assert frame["title"].tolist()[1:] == ["Ask about the budget", "This is a test webhook"]
    assert hedy.archive.sessions(history=True).empty


def test_a_sync_asks_for_what_was_only_delivered(post: Post, path: Path, api: Api) -> None:
    """A delivery never makes a sync believe that it has the details."""
    post(ended(1))
    post(highlight(2))
    session = {"sessionId": MEETING, "title": "Listed", "startTime": "2026-03-01T10:00:00Z", "duration": 30}
    empty: dict[str, Any] = {"success": True, "data": [], "pagination": {"hasMore": False, "next": None, "total": 0}}
    api.answers = {
        "/me": {"id": "uid_1", "email": "a@b.example", "name": "A"},
        "/sessions": {**empty, "data": [session], "pagination": {"hasMore": False, "next": None, "total": 1}},
        f"/sessions/{MEETING}": {**session, "transcript": "From Hedy.", "recap": "Hedy's."},
        "/highlights": empty,
        "/todos": [],
        "/topics": {"success": True, "data": []},
        "/contexts": {"success": True, "data": []},
    }
    with connect("hedy_live_planted0123456789", transport=api.transport, timezone="UTC", archive=path) as account:
        done = account.archive.sync()
        frame = account.archive.sessions(details=True)
        again = account.archive.sync()

    assert f"/sessions/{MEETING}" in api.asked
    assert (done.fetched, done.gone, again.gone) == (1, 0, 0)
    first = frame[frame["session_id"] == MEETING]
    assert first[["title", "transcript", "recap"]].to_numpy().tolist() == [["Listed", "From Hedy.", "Hedy's."]]


def test_a_meeting_that_hedy_does_not_list_yet(post: Post, path: Path, api: Api) -> None:
    """A meeting that was delivered minutes ago and that Hedy does not list yet is not gone."""
    post(ended(1))
    empty: dict[str, Any] = {"success": True, "data": [], "pagination": {"hasMore": False, "next": None, "total": 0}}
    missing = {"success": False, "error": {"code": "session_not_found", "message": "No such session"}}
    import httpx

    api.answers = {
        "/me": {"id": "uid_1", "email": "a@b.example", "name": "A"},
        "/sessions": empty,
        f"/sessions/{MEETING}": lambda _: httpx.Response(404, json=missing),
        "/highlights": empty,
        "/todos": [],
        "/topics": {"success": True, "data": []},
        "/contexts": {"success": True, "data": []},
    }
    with connect("hedy_live_planted0123456789", transport=api.transport, timezone="UTC", archive=path) as account:
        account.archive.sync()
        assert account.archive.sessions()["session_id"].tolist() == [MEETING]
        account.archive.sync(full=True)
        assert account.archive.sessions().empty
