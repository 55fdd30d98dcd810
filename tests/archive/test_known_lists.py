"""How much of the lists of highlights and of topics' sessions a sync reads, and that nothing is missed by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ServerError
from tests.histories import History, Synced
from tests.waiting import set_defaults

SESSIONS = 450
"""So many have a highlight: five pages of them."""
PAGES = 5


@cache
def listed() -> Synced:
    """Five pages of highlights, synced once without details."""
    return Synced(History(SESSIONS), details=False)


@pytest.fixture
def history() -> History:
    """A history with these."""
    return listed().copied()


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it."""
    with history.account_of() as account:
        account.me()  # from now on from memory
        yield account


def synced(history: History, hedy: Hedy, **options: bool) -> int:
    """Sync again; return how many pages of highlights were read."""
    history.asked.clear()
    hedy.archive.sync(details=False, **options)
    return history.asked.count("/highlights")


def newest(history: History, place: int) -> dict[str, Any]:
    """The highlight at *place* of the list."""
    found: dict[str, Any] = list(history.details.values())[place]["highlights"][0]
    return found


def titles(hedy: Hedy) -> set[str]:
    """The titles of all highlights of the archive."""
    return set(hedy.archive.highlights()["title"])


def test_nothing_new(history: History, hedy: Hedy) -> None:
    """One page is enough where nothing changed, and nothing of the rest is marked as gone."""
    before = hedy.archive.highlights()

    assert synced(history, hedy) == 1
    assert hedy.archive.highlights().equals(before)
    assert len(before) == SESSIONS


def test_every_list_of_a_second_sync(history: History, hedy: Hedy) -> None:
    """A second sync requests each page of sessions, of those of topics, and of the other lists once."""
    history.asked.clear()
    hedy.archive.sync(details=False)

    assert Counter(history.asked) == {
        "/sessions": 5,
        "/topics": 1,
        "/topics/topic_a/sessions": 1,
        "/topics/topic_b/sessions": 1,
        "/todos": 1,
        "/contexts": 1,
        "/highlights": 1,
    }


def test_new_ones(history: History, hedy: Hedy) -> None:
    """New highlights are read as far as they reach, here on to a second page; the rest stays."""
    for number in range(130):
        newest(history, number)["highlightId"] = f"new_{number}"
    assert synced(history, hedy) == PAGES  # as many are not there any more

    ident, record = history.session(9_999, hedy.archive.sessions()["start_time"].max().to_pydatetime())
    history.details = {ident: record, **history.details}
    assert synced(history, hedy) == 1 + 1
    assert "Idea 9999" in titles(hedy)
    assert len(hedy.archive.highlights()) == SESSIONS + 1


@pytest.mark.parametrize("place", [0, 99, 100, SESSIONS - 1])
def test_deleted_ones(history: History, hedy: Hedy, place: int) -> None:
    """A deleted highlight is noticed wherever in the list it was."""
    lost = newest(history, place)["title"]
    list(history.details.values())[place]["highlights"].clear()
    synced(history, hedy)

    assert lost not in titles(hedy)
    assert len(hedy.archive.highlights()) == SESSIONS - 1


def test_one_deleted_and_one_new(history: History, hedy: Hedy) -> None:
    """As many as before are not the same as before."""
    lost = newest(history, SESSIONS - 1)["title"]
    list(history.details.values())[SESSIONS - 1]["highlights"].clear()
    newest(history, 0)["highlightId"] = "high_new"
    newest(history, 0)["title"] = "A new one"
    synced(history, hedy)

    assert lost not in titles(hedy)
    assert "A new one" in titles(hedy)


def test_changed_ones(history: History, hedy: Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed title on the first page is seen at once, one behind it a week later, or with full=True."""
    newest(history, 50)["title"] = "Changed at once"
    newest(history, 350)["title"] = "Changed far behind"
    synced(history, hedy)
    assert "Changed at once" in titles(hedy)

    set_defaults(monkeypatch, Store.open, now=lambda: datetime.now(UTC) + timedelta(days=8))
    assert synced(history, hedy) == PAGES
    assert "Changed far behind" in titles(hedy)

    newest(history, 360)["title"] = "Changed behind it, too"
    assert synced(history, hedy) == 1
    assert synced(history, hedy, full=True) == PAGES
    assert "Changed behind it, too" in titles(hedy)


def test_without_totals(history: History, hedy: Hedy) -> None:
    """Where Hedy does not say how many there are, the list is read to its end."""
    history.totals = False
    list(history.details.values())[320]["highlights"].clear()

    assert synced(history, hedy) == PAGES
    assert len(hedy.archive.highlights()) == SESSIONS - 1


def test_sessions_that_only_highlights_name(history: History, hedy: Hedy) -> None:
    """A session that only a highlight far behind names is still known to be there."""
    history.cap = 300
    for record in history.details.values():
        record["topic"] = None
        record["user_todos"] = []
    hedy.archive.sync(details=False, accept_gone=True)

    assert synced(history, hedy) == 1
    assert len(hedy.archive.sessions()) == SESSIONS


# The sessions of topics ------------------------------------------------------------


def of_topic(hedy: Hedy, ident: str = "topic_a") -> set[str]:
    """The ids of the archived sessions of a topic."""
    frame = hedy.archive.sessions()
    return set(frame.loc[frame["topic_id"] == ident, "session_id"])


def test_a_topic_gains_and_loses_sessions(history: History, hedy: Hedy) -> None:
    """Where the topic counts more or fewer than are held, its list is read to its end."""
    far = list(history.details.values())[401]
    assert far["sessionId"] in of_topic(hedy)

    far["topic"] = {"id": "topic_b", "name": "Beta"}
    synced(history, hedy)
    assert history.asked.count("/topics/topic_a/sessions") == 3
    assert (far["sessionId"] in of_topic(hedy), of_topic(hedy, "topic_b")) == (False, {far["sessionId"]})

    synced(history, hedy)
    assert history.asked.count("/topics/topic_a/sessions") == 1


def test_a_topic_without_a_count(history: History, hedy: Hedy) -> None:
    """A topic that does not say how many sessions it has is read to its end."""
    history.totals = False
    synced(history, hedy)

    assert history.asked.count("/topics/topic_a/sessions") == 3


def test_sessions_that_only_their_topic_lists(history: History, hedy: Hedy) -> None:
    """Sessions behind the first page of a topic, which no other list names, stay without a request for each."""
    for record in history.details.values():
        record["highlights"], record["user_todos"] = [], []
    history.cap = 100
    hedy.archive.sync(details=False, accept_gone=True)
    held = of_topic(hedy)
    history.asked.clear()
    done = hedy.archive.sync(details=False)

    assert of_topic(hedy) == held
    assert len(held) == SESSIONS // 2
    assert not [path for path in history.asked if path.startswith("/sessions/")]
    assert done.gone == 0


def test_a_newer_detail_stays(history: History, hedy: Hedy) -> None:
    """What is taken as known is not newer than details that came after it was listed."""
    record = list(history.details.values())[401]
    record["title"] = "Renamed since"
    history.cap = 100
    hedy.archive.sync(session=record["sessionId"])
    record["title"] = "Renamed again, which no list says"
    synced(history, hedy)

    frame = hedy.archive.sessions()
    assert set(frame.loc[frame["session_id"] == record["sessionId"], "title"]) == {"Renamed since"}


def test_a_session_lost_while_another_joins_its_topic(history: History, hedy: Hedy) -> None:
    """The count of the topic stays the same; the list of all sessions shows that one is not there any more."""
    records = list(history.details.values())
    lost, moved = records[401]["sessionId"], records[402]
    moved["topic"] = {"id": "topic_a", "name": "Alpha"}
    history.lose(lost)
    synced(history, hedy)

    assert history.asked.count("/topics/topic_a/sessions") == 1
    assert lost not in set(hedy.archive.sessions()["session_id"])
    assert moved["sessionId"] in of_topic(hedy)


def test_without_highlights_topics_are_complete_once_a_week(
    history: History, hedy: Hedy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the lists were read to their end does not depend on highlights."""
    for record in history.details.values():
        record["highlights"].clear()
    hedy.archive.sync(details=False, accept_gone=True)
    for days, pages in ((3, 1), (8, 3), (9, 1)):
        set_defaults(monkeypatch, Store.open, now=lambda days=days: datetime.now(UTC) + timedelta(days=days))
        synced(history, hedy)
        assert history.asked.count("/topics/topic_a/sessions") == pages, days


@pytest.mark.parametrize("path", ["/contexts", "/topics/topic_b/sessions"])
def test_a_failed_list_is_no_complete_reading(
    history: History, hedy: Hedy, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Where one list fails, the next sync reads all of them to their end again."""
    newest(history, 350)["title"] = "Changed far behind"
    set_defaults(monkeypatch, Store.open, now=lambda: datetime.now(UTC) + timedelta(days=8))
    history.faults[path] = (500, {"success": False, "error": {"code": "internal_error", "message": "Oops"}})
    with suppress(ServerError):
        hedy.archive.sync(details=False)
    history.faults.clear()

    assert synced(history, hedy) == PAGES
    assert "Changed far behind" in titles(hedy)
