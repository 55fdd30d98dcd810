"""What a sync takes for gone: only Hedy's own word, never most of an archive at once, and never for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from functools import cache
from typing import Any

import httpx
import pandas as pd
import pytest

from hedy_jupyter import ArchiveError, Hedy, HedyError, NotFound, ServerError
from hedy_jupyter.archive import gone_records, ingest
from tests.cases import case
from tests.histories import NOT_ANSWERS, History, Synced, answer

KINDS = ("sessions", "highlights", "todos", "topics", "contexts")
GONE_HIGHLIGHT = (404, {"success": False, "error": {"code": "highlight_not_found", "message": "No such highlight"}})
GONE_SESSION = (404, {"success": False, "error": {"code": "session_not_found", "message": "No such session"}})
ONE_OF_A_KIND = ("html 404", "gateway's own json", "hedy's 404 of another kind", "hedy's 500", "another record", "null")


def answers_for(meets_all: bool) -> dict[str, tuple[int, object]]:
    """Return all answers that are none, or one of each kind: the others are told apart before a sync reads them."""
    return NOT_ANSWERS if meets_all else {name: NOT_ANSWERS[name] for name in ONE_OF_A_KIND}


def meetings(count: int) -> History:
    """So many old meetings, fourteen topics and thirteen contexts."""
    history = History(count)
    history.topics += [{"id": f"topic_{number}", "name": f"Topic {number}"} for number in range(12)]
    history.contexts += [{"id": f"ctx_x{number}", "title": f"Context {number}", "content": "x"} for number in range(12)]
    return history


@cache
def synced(count: int) -> Synced:
    """The same, and their archive."""
    return Synced(meetings(count))


@pytest.fixture
def history(request: pytest.FixtureRequest) -> History:
    """A history of forty meetings, or as many as the parameter says, that was synced."""
    return synced(getattr(request, "param", 40)).copied()


@pytest.fixture
def unsynced() -> History:
    """Forty meetings that no archive holds yet."""
    return meetings(40)


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it."""
    with history.account_of() as account:
        yield account


def held(hedy: Hedy, *wanted: str) -> dict[str, pd.DataFrame]:
    """Everything in the archive that is not gone, of the kinds that are *wanted* or of all."""
    details = {"sessions": {"details": True}, "highlights": {"details": True}}
    return {kind: getattr(hedy.archive, kind)(**details.get(kind, {})) for kind in wanted or KINDS}


def gone(hedy: Hedy) -> dict[str, int]:
    """How many of each kind are marked as gone."""
    with closing(sqlite3.connect(hedy.archive.path)) as file:
        return {kind: file.execute(f"SELECT count(gone_at) FROM {kind}").fetchone()[0] for kind in KINDS}  # noqa: S608


# Not an answer × every place where one is looked for ---------------------------


def unlisted_session(history: History) -> dict[str, Any]:
    """A session that the lists leave out is asked for."""
    history.hidden = {"sess_000003"}
    return {}


def changed_session(history: History) -> dict[str, Any]:
    """A session that is listed with another duration is asked for."""
    history.details["sess_000003"]["duration"] += 15
    return {}


def new_session(history: History) -> dict[str, Any]:
    """A session that was never fetched is asked for."""
    number = 900 + sum(ident >= "sess_000900" for ident in history.details)
    ident, record = history.session(number, pd.Timestamp.now(tz="UTC").to_pydatetime())
    history.details = {ident: record, **history.details}
    return {}


def every_session(history: History) -> dict[str, Any]:
    """A full sync asks for all of them."""
    return {"full": True}


def unlisted_highlight(history: History) -> dict[str, Any]:
    """A highlight that its list leaves out is asked for."""
    history.faults["/highlights"] = rows(history.highlight(one) for one in list(history.details.values())[1:])
    return {}


def rows(records: Iterable[Any]) -> tuple[int, object]:
    """A whole list of *records*."""
    found = list(records)
    return 200, {"success": True, "data": found, "pagination": {"hasMore": False, "next": None, "total": len(found)}}


@pytest.mark.parametrize("history", [9], indirect=True)  # fewer than what the check of many at once looks at
@pytest.mark.parametrize("place", [unlisted_session, changed_session, new_session, every_session, unlisted_highlight])
def test_not_an_answer_marks_nothing(hedy: Hedy, history: History, place: Callable[[History], dict[str, Any]]) -> None:
    """Whatever answers in place of a session or highlight, nothing is marked as gone and no text is emptied.

    Later all is well.
    """
    before = held(hedy)
    for name, fault in answers_for(place in {changed_session, unlisted_highlight}).items():
        with case(name):
            arguments = place(history)
            history.faults = {"/sessions/*": fault, "/highlights/*": fault, **history.faults}
            history.asked.clear()

            with suppress(HedyError):
                assert hedy.archive.sync(**arguments).gone == 0

            assert any(
                path.count("/") == 2 and path.split("/")[1] in {"sessions", "highlights"} for path in history.asked
            )
            lost = {"todos": 1} if place is unlisted_session else {}
            assert {kind: number for kind, number in gone(hedy).items() if number} in ({}, lost)
            after = held(hedy, "sessions", "highlights")
            for kind in after:
                assert set(before[kind].iloc[:, 0]) <= set(after[kind].iloc[:, 0])
            known = before["sessions"].dropna(subset="recap")
            texts = after["sessions"].set_index("session_id").loc[known["session_id"]]
            assert texts["recap"].tolist() == known["recap"].tolist()
            assert texts["title"].tolist() == known["title"].tolist()
            before = after
            history.faults.clear()
            history.hidden.clear()
    assert hedy.archive.sync(**arguments).gone == 0
    assert set(gone(hedy).values()) == {0}


@pytest.mark.parametrize("history", [12], indirect=True)
@pytest.mark.parametrize("path", ["/sessions", "/highlights", "/todos", "/topics", "/contexts"])
def test_not_a_list_marks_nothing(hedy: Hedy, history: History, path: str) -> None:
    """Whatever answers in place of a list, nothing that is held is marked as gone."""
    before = held(hedy)
    for name, fault in answers_for(path in {"/sessions", "/todos"}).items():
        with case(name):
            history.faults[path] = fault

            with suppress(HedyError):
                hedy.archive.sync()

            assert set(gone(hedy).values()) == {0}
            for kind, frame in held(hedy, "sessions", path.strip("/")).items():
                pd.testing.assert_frame_equal(frame, before[kind])
            history.faults.clear()
    for kind, frame in held(hedy).items():
        pd.testing.assert_frame_equal(frame, before[kind])
    assert hedy.archive.sync().gone == 0


@pytest.mark.parametrize("kind", ["todos", "topics", "contexts"])
def test_list_that_is_suddenly_empty(hedy: Hedy, history: History, kind: str) -> None:
    """A complete list that leaves out everything once is an error that marks nothing and says how to go on.

    The next one is believed.
    """
    number = len(getattr(hedy.archive, kind)())
    for answered in ([], {"success": True, "data": []}, {"data": []}, [{"id": "other"}]):
        history.faults[f"/{kind}"] = (200, answered)

        with case(answered):
            with pytest.raises(
                ArchiveError,
                match=f"{number} of {number}\\d? {kind}.*nothing was marked.*--accept-gone.*accept_gone=True",
            ):
                hedy.archive.sync()

            assert set(gone(hedy).values()) == {0}
    history.faults.clear()
    assert hedy.archive.sync().gone == 0
    assert len(getattr(hedy.archive, kind)()) >= number
    history.faults[f"/{kind}"] = (200, [])
    hedy.archive.sync(accept_gone=True)
    assert gone(hedy)[kind] >= number


NOT_LISTS: list[object] = [
    ["x", 5, None],
    [{}],
    [{"id": {"a": 1}}] * 40,
    [[]],
    [{"foo": 1}],
    {"todos": [], "topics": [], "contexts": []},
    {"status": "maintenance", "data": []},
    {"success": "false", "data": []},
    {"data": [], "errors": [{"message": "x"}]},
    {"error": {"code": "internal_error", "message": "x"}, "data": []},
]


@pytest.mark.parametrize("kind", ["todos", "topics", "contexts"])
@pytest.mark.parametrize("history", [6], indirect=True)
def test_list_that_is_not_hedys(hedy: Hedy, history: History, kind: str) -> None:
    """A list that is not Hedy's own is a fault, never an empty list: nothing is marked, even with accept_gone."""
    for answered in NOT_LISTS:
        history.faults[f"/{kind}"] = (200, answered)

        with case(answered):
            with pytest.raises(ServerError):
                hedy.archive.sync(accept_gone=True)

            assert set(gone(hedy).values()) == {0}
    with pytest.raises(ServerError):
        hedy.archive.sync()
    history.faults.clear()
    assert hedy.archive.sync().gone == 0


@pytest.mark.parametrize("kind", ["todos", "topics", "contexts"])
def test_list_that_is_empty_once(kind: str) -> None:
    """A list that is empty at first and not when it is asked again has lost nothing, however few it holds.

    Nor is that an error.
    """
    history = synced(6).copied()
    with history.account_of() as hedy:
        before = held(hedy)

        def empty(path: str) -> httpx.Response:
            del history.faults[path]
            return answer(200, [])

        history.faults[f"/{kind}"] = empty
        hedy.archive.sync()

        assert set(gone(hedy).values()) == {0}
        pd.testing.assert_frame_equal(held(hedy)[kind], before[kind])


# Hedy's own word, and how much of it -------------------------------------------


@pytest.mark.parametrize("code", ["session_not_found", "not_found", "resource_not_found"])
@pytest.mark.parametrize("status", [404, 200])
def test_hedys_own_word(hedy: Hedy, history: History, code: str, status: int) -> None:
    """Each of Hedy's codes for "not found" makes a session gone, also where the status says that all is well."""
    history.details["sess_000003"]["duration"] = 45
    history.faults["/sessions/sess_000003"] = (
        status,
        {"success": False, "error": {"code": code, "message": "No such session"}},
    )

    done = hedy.archive.sync()

    assert done.gone == 1
    assert "1 gone" in str(done)
    assert "sess_000003" not in set(hedy.archive.sessions()["session_id"])


@pytest.mark.parametrize(
    ("of", "lost", "believed"),
    [(12, 10, True), (12, 11, False), (21, 11, False), (22, 11, True), (40, 20, True), (40, 21, False)],
)
def test_more_than_half_and_more_than_ten(of: int, lost: int, believed: bool) -> None:
    """Sessions that Hedy says are gone are believed up to ten, or up to half of what is held.

    More of them marks nothing at all.
    """
    history = History(of)
    with history.account_of() as hedy:
        hedy.archive.sync()
        history.topics.pop()
        history.lose(*list(history.details)[:lost])

        if believed:
            assert hedy.archive.sync().gone == lost
        else:
            with pytest.raises(ArchiveError, match=rf"{lost} of {of} sessions.*accept-gone"):
                hedy.archive.sync()
            assert set(gone(hedy).values()) == {0}
            assert len(hedy.archive.sessions()) == of
            assert hedy.archive.sync(accept_gone=True).gone == lost
        assert gone(hedy) == {"sessions": lost, "highlights": lost, "todos": lost, "topics": 1, "contexts": 0}


def test_new_meetings_do_not_hide_a_loss() -> None:
    """What came with the same sync does not count among what was held."""
    history = History(20)
    with history.account_of() as hedy:
        hedy.archive.sync()
        history.lose(*list(history.details)[:15])
        history.details |= {ident: record for ident, record in History(80).details.items() if ident >= "sess_000030"}

        with pytest.raises(ArchiveError, match="15 of 20 sessions"):
            hedy.archive.sync()


def test_first_sync_that_finds_nothing(unsynced: History) -> None:
    """A first sync whose details are all "not found" marks nothing."""
    unsynced.faults["/sessions/*"] = GONE_SESSION
    with unsynced.account_of() as hedy:
        with pytest.raises(ArchiveError, match="40 of 40 sessions"):
            hedy.archive.sync()
        assert set(gone(hedy).values()) == {0}
        unsynced.faults.clear()

        done = hedy.archive.sync()

        assert (done.fetched, done.new, done.gone) == (40, 40, 0)


def test_highlights_that_vanish_at_once(hedy: Hedy, history: History) -> None:
    """Highlights count by themselves."""
    history.faults["/highlights"] = rows([])
    history.faults["/highlights/*"] = GONE_HIGHLIGHT

    with pytest.raises(ArchiveError, match="40 of 40 highlights"):
        hedy.archive.sync()

    assert set(gone(hedy).values()) == {0}
    hedy.archive.sync(accept_gone=True)
    assert gone(hedy)["highlights"] == 40


def test_what_came_before_the_error_stays(hedy: Hedy, history: History) -> None:
    """Texts that were fetched before too much vanished are in the archive, and are not asked for again."""
    history.lose(*list(history.details)[:30])
    number = 900 + sum(ident >= "sess_000900" for ident in history.details)
    ident, record = history.session(number, pd.Timestamp("2020-01-01", tz="UTC").to_pydatetime())
    history.details[ident] = record

    with pytest.raises(ArchiveError):
        hedy.archive.sync()

    assert hedy.archive.search("number900")["session_id"].tolist() == [ident]
    history.asked.clear()
    done = hedy.archive.sync(accept_gone=True)
    assert done.resumed
    assert (done.gone, history.fetched[ident]) == (30, 0)


def test_gateway_over_a_list_of_the_newest(hedy: Hedy, history: History) -> None:
    """With 28 of 40 meetings listed, a gateway's page or Hedy's own error about the others marks none of them."""
    history.hidden = set(list(history.details)[28:])
    for fault in (NOT_ANSWERS["html 404"], NOT_ANSWERS["html 400"], NOT_ANSWERS["html 408"], GONE_SESSION):
        with case(fault):
            history.faults["/sessions/*"] = fault
            with suppress(HedyError):
                hedy.archive.sync(full=True)
            history.faults.clear()
            assert gone(hedy)["sessions"] == 0

            hedy.archive.sync()

            assert len(hedy.archive.sessions()) == 40


def test_todo_that_the_list_never_named(unsynced: History) -> None:
    """A todo that only its meeting's details contain is not lost when the list does not contain it either."""
    unsynced.faults["/todos"] = (200, [])
    with unsynced.account_of() as hedy:
        hedy.archive.sync()
        hedy.archive.sync()

        assert len(hedy.archive.todos()) == 40


# And back ----------------------------------------------------------------------


def test_full_brings_back_what_was_marked(hedy: Hedy, history: History) -> None:
    """Sessions and highlights that were marked wrongly, and that no list names, come back with ``full``.

    What is really gone does not.
    """
    history.hidden = set(list(history.details)[5:])
    history.faults["/sessions/*"] = GONE_SESSION
    history.faults["/highlights/*"] = GONE_HIGHLIGHT
    hedy.archive.sync(full=True, accept_gone=True)
    assert (gone(hedy)["sessions"], gone(hedy)["highlights"]) == (40, 40)
    history.faults.clear()
    history.lose("sess_000020")

    plain = hedy.archive.sync()
    assert (plain.back, len(hedy.archive.sessions()), len(hedy.archive.highlights())) == (5, 5, 5)
    done = hedy.archive.sync(full=True)

    assert (done.back, done.gone) == (34, 0)
    assert "34 back" in str(done)
    assert gone(hedy)["sessions"] == gone(hedy)["highlights"] == 1
    assert hedy.archive.sessions(history=True).set_index("session_id")["gone_at"].dropna().index.tolist() == [
        "sess_000020"
    ]


def test_full_brings_back_a_highlight_without_its_session(hedy: Hedy, history: History) -> None:
    """A highlight that was marked wrongly comes back with ``full`` also where its session is gone."""
    record = history.details.pop("sess_000003")
    history.faults["/highlights/high_000003"] = GONE_HIGHLIGHT
    hedy.archive.sync()
    assert (gone(hedy)["sessions"], gone(hedy)["highlights"]) == (1, 1)
    history.faults["/highlights/high_000003"] = (200, record["highlights"][0])

    hedy.archive.sync()
    assert gone(hedy)["highlights"] == 1
    hedy.archive.sync(full=True)

    assert (gone(hedy)["sessions"], gone(hedy)["highlights"]) == (1, 0)


def test_todo_of_a_gone_session_does_not_bring_it_back(hedy: Hedy, history: History) -> None:
    """A session that a todo still names stays gone, and is not asked for at every sync.

    When Hedy has it again it is there.
    """
    record = history.details.pop("sess_000003")
    todos = [
        {**todo, "sessionId": ident}
        for ident, one in [*history.details.items(), ("sess_000003", record)]
        for todo in one["user_todos"]
    ]
    history.faults["/todos"] = (200, todos)
    history.details["sess_000004"]["duration"] = 1  # something else to do
    with hedy.archive.store() as store, store.writing():
        gone_records.mark_gone(store, "sessions", ["sess_000003"])
        ingest.put_refusal(store, "sess_000003")

    for _ in range(3):
        history.asked.clear()
        done = hedy.archive.sync()
        assert done.gone == 0
        assert "sess_000003" not in history.fetched
    assert gone(hedy)["sessions"] == 1
    history.details["sess_000003"] = record
    assert hedy.archive.sync().back == 1


def test_what_is_listed_again_is_fetched(hedy: Hedy, history: History) -> None:
    """A meeting that is back in the lists has its details fetched at once, also where they never came before."""
    history.faults["/sessions/*"] = GONE_SESSION
    ident, record = history.session(900, pd.Timestamp.now(tz="UTC").to_pydatetime() - pd.Timedelta(days=90))
    history.details[ident] = record
    assert hedy.archive.sync().gone == 1
    history.faults.clear()

    done = hedy.archive.sync()

    assert (done.back, done.fetched, done.gone) == (1, 1, 0)
    assert hedy.archive.search("number900")["session_id"].tolist() == [ident]


def test_orphan_without_a_session_is_asked_once(unsynced: History) -> None:
    """A todo of a session that is not there costs one request, not one at every sync."""
    todos = [{**todo, "sessionId": ident} for ident, one in unsynced.details.items() for todo in one["user_todos"]]
    unsynced.faults["/todos"] = (
        200,
        [*todos, *({"id": f"t{n}", "text": "x", "sessionId": f"sess_none_{n}"} for n in range(15))],
    )
    with unsynced.account_of() as hedy:
        done = hedy.archive.sync()
        assert (done.fetched, done.gone) == (40, 15)
        unsynced.asked.clear()

        done = hedy.archive.sync()

        assert (dict(unsynced.fetched), done.gone, done.failed) == ({}, 0, 0)


@pytest.mark.parametrize("totals", [True, False])
def test_unlisted_session_that_is_alive_is_asked_once(hedy: Hedy, history: History, totals: bool) -> None:
    """Sessions and highlights that lists no longer show and Hedy still has are not confirmed at every sync."""
    history.totals = totals
    history.hidden = set(list(history.details)[5:25])
    history.asked.clear()
    hedy.archive.sync()
    asked = sorted(path for path in history.asked if path.startswith(("/sessions/", "/highlights/")))
    history.asked.clear()

    hedy.archive.sync()

    assert asked == sorted([f"/sessions/{ident}" for ident in history.hidden])
    assert not [path for path in history.asked if path.startswith(("/sessions/", "/highlights/"))]
    assert len(hedy.archive.sessions()) == len(hedy.archive.highlights()) == 40
    history.lose("sess_000007")
    hedy.archive.sync(full=True)
    assert gone(hedy)["sessions"] == gone(hedy)["highlights"] == 1


def test_one_broken_session_does_not_stop_the_rest(hedy: Hedy, history: History) -> None:
    """A session that is asked for because no list names it may fail; the others are asked for, and it is no error."""
    unlisted_session(history)
    history.faults["/sessions/sess_000003"] = (502, "")
    history.details["sess_000005"]["duration"] = 1

    done = hedy.archive.sync()

    assert (done.fetched, done.failed, done.gone) == (1, 1, 0)


def test_refused_ids_do_not_stop_a_sync(unsynced: History) -> None:
    """Ids that Hedy refuses are reported, are no error, and are not asked for again right away."""
    todos = [{"id": f"t{number}", "text": "x", "sessionId": f"bad_{number}"} for number in range(12)]
    unsynced.faults["/todos"] = (200, todos)
    unsynced.faults["/sessions/bad_*"] = NOT_ANSWERS["hedy's 400"]
    with unsynced.account_of() as hedy:
        done = hedy.archive.sync()
        unsynced.asked.clear()
        again = hedy.archive.sync()

    assert (done.fetched, done.failed, done.gone) == (40, 12, 0)
    assert "12 failed" in str(done)
    assert (again.failed, dict(unsynced.fetched)) == (0, {})


def test_session_that_was_never_there(hedy: Hedy) -> None:
    """A session that neither Hedy nor the archive has is a NotFound, and nothing is marked."""
    with pytest.raises(NotFound):
        hedy.archive.sync(session="sess_nowhere_1")

    assert set(gone(hedy).values()) == {0}
