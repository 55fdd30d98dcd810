"""Lists and details of one sync or another: the newer one is right, everywhere alike.

And ids of any kind that JSON knows.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.archive.store import Store
from tests.cases import case
from tests.histories import History, Synced, answer
from tests.waiting import set_defaults

FACTS = ["session_id", "title", "start_time", "topic_id", "topic_name"]


@cache
def synced() -> Synced:
    """Twelve old meetings, and their archive."""
    return Synced(History(12))


@pytest.fixture
def history() -> History:
    """A history of these that was synced."""
    return synced().copied()


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it."""
    with history.account_of() as account:
        yield account


# Newer and older ---------------------------------------------------------------


def rename_topic(history: History) -> None:
    """Alpha is called Omega from now on, everywhere that lists say it; details of old meetings are not asked for."""
    history.topics[0]["name"] = "Omega"
    for record in history.details.values():
        if record["topic"]:
            record["topic"] = record["topic"] | {"name": "Omega"}


def rename_topic_in_its_list_only(history: History) -> None:
    """The list of topics says Omega, sessions and todos keep the name that they were given."""
    history.topics[0]["name"] = "Omega"


def retitle(history: History) -> None:
    """A meeting has another title."""
    history.details["sess_000003"]["title"] = "Another title"


def move(history: History) -> None:
    """A meeting is moved to another topic."""
    history.details["sess_000003"]["topic"] = {"id": "topic_b", "name": "Beta"}


def unlink(history: History) -> None:
    """A meeting has no topic any more."""
    history.details["sess_000003"]["topic"] = None


def delete_topic(history: History) -> None:
    """A topic is deleted; its meetings stay."""
    history.topics.pop(0)
    for record in history.details.values():
        record["topic"] = None


CHANGES = [rename_topic, rename_topic_in_its_list_only, retitle, move, unlink, delete_topic]


@pytest.mark.parametrize("stale", [False, True], ids=["", "details are stale"])
@pytest.mark.parametrize("change", CHANGES)
def test_everything_agrees(
    hedy: Hedy, history: History, tmp_path: Path, change: Callable[[History], None], stale: bool
) -> None:
    """After the next sync, not a full one, all that shows a meeting says the same of it: that of the newest list."""
    details = {ident: (200, dict(record)) for ident, record in history.details.items()}
    change(history)
    if stale:  # Hedy's details lag behind its lists
        history.faults = {f"/sessions/{ident}": fault for ident, fault in details.items()}
    hedy.archive.sync()
    hedy.archive.sync()

    found = hedy.archive.sessions()
    live = hedy.sessions(limit=None, refresh=True)
    names = {topic["id"]: topic["name"] for topic in history.topics}
    expected = live.assign(topic_name=live["topic_id"].map(names).astype(live["topic_name"].dtype))
    pd.testing.assert_frame_equal(found[FACTS], expected[FACTS])
    detailed = hedy.archive.sessions(details=True)
    pd.testing.assert_frame_equal(detailed[FACTS], found[FACTS])
    pd.testing.assert_frame_equal(
        detailed.hedy.by_topic()[["topic_name", "count"]], found.hedy.by_topic()[["topic_name", "count"]]
    )
    hedy.archive.to_parquet(tmp_path / "parquet")
    parquet = pd.read_parquet(tmp_path / "parquet" / "kind=sessions").set_index("session_id").loc[found["session_id"]]
    assert parquet["title"].tolist() == found["title"].tolist()
    assert parquet["topic_name"].fillna("").tolist() == found["topic_name"].fillna("").tolist()
    assert _titles(hedy, found["session_id"].tolist()) == found["title"].tolist()
    detailed.hedy.to_vault(tmp_path / "vault")
    notes = "\n".join(note.read_text(encoding="utf-8") for note in (tmp_path / "vault").rglob("*.md"))
    assert ("Alpha" in notes) == found["topic_name"].eq("Alpha").any()
    topics = hedy.archive.topics()["name"].tolist()
    for topic in topics:
        picked = hedy.archive.sessions(topic=topic)
        assert picked["session_id"].tolist() == found.loc[found["topic_name"] == topic, "session_id"].tolist()


def _titles(hedy: Hedy, idents: list[str]) -> list[str]:
    return [str(hedy.session(ident, source="archive").title) for ident in idents]


def test_topic_of_todos_is_called_alike(hedy: Hedy, history: History) -> None:
    """A renamed topic has its new name on todos and meetings, whatever name Hedy's answers still have on them."""
    todos = [
        {**todo, "sessionId": ident, "topic": {"id": "topic_a", "name": "Alpha", "color": "#112233"}}
        for ident, record in history.details.items()
        for todo in record["user_todos"]
    ]
    history.faults["/todos"] = (200, todos)
    hedy.archive.sync()
    history.topics[0]["name"] = "Omega"

    hedy.archive.sync()

    assert set(hedy.archive.todos()["topic_name"]) == {"Omega"}
    assert len(hedy.archive.todos(topic="Omega")) == 12
    assert hedy.todo("sess_000003", "todo_000003", source="archive").topic_name == "Omega"


@pytest.mark.parametrize("ahead", [0, -400, 400])
def test_newer_details_win(hedy: Hedy, history: History, monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """Details newer than the last list win, whatever the clock says, until a newer list comes."""
    set_defaults(monkeypatch, Store.open, now=lambda: datetime.now(UTC) + timedelta(days=ahead))
    old = {**history.details["sess_000003"]}
    history.details["sess_000003"] |= {"title": "Newest", "topic": {"id": "topic_b", "name": "Beta"}, "recap": "new"}

    hedy.archive.sync(session="sess_000003")

    for found in (hedy.archive.sessions(), hedy.archive.sessions(details=True)):
        row = found.set_index("session_id").loc["sess_000003"]
        assert (row["title"], row["topic_id"], row["topic_name"]) == ("Newest", "topic_b", "Beta")
    assert "sess_000003" in set(hedy.archive.sessions(topic="Beta")["session_id"])
    assert hedy.archive.search("newest")["session_id"].tolist() == ["sess_000003"]
    history.details["sess_000003"] |= {"title": old["title"], "topic": old["topic"]}
    hedy.archive.sync()
    for found in (hedy.archive.sessions(), hedy.archive.sessions(details=True)):
        row = found.set_index("session_id").loc["sess_000003"]
        assert (row["title"], row["topic_name"]) == ("Meeting 3", "Alpha")
    assert "sess_000003" in set(hedy.archive.sessions(topic="Alpha")["session_id"])


def test_nothing_in_a_list_takes_nothing_away(hedy: Hedy, history: History) -> None:
    """A list that leaves out a title, start or type does not take away what the details say."""
    listed = history.listed
    history.listed = lambda record: listed(record) | {"title": None, "session_type": None}  # type: ignore[method-assign]

    hedy.archive.sync()
    hedy.archive.sync()

    row = hedy.archive.sessions(details=True).set_index("session_id").loc["sess_000003"]
    assert (row["title"], row["session_type"]) == ("Meeting 3", "meeting")


@pytest.mark.parametrize("key", ["topic", "topicInfo"])
def test_topic_that_a_list_never_names(key: str) -> None:
    """Where lists do not say what topic a meeting has, that of its details stays.

    Once they said it, leaving it out takes it away.
    """
    history = History(4)
    listed = history.listed

    def without(record: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in listed(record).items() if name != "topic"}

    history.listed = without  # type: ignore[method-assign]
    history.faults["/topics/*/sessions"] = (200, {"success": True, "data": {"sessions": []}})
    with history.account_of() as hedy:
        hedy.archive.sync()
        hedy.archive.sync()
        assert hedy.archive.sessions(details=True)["topic_name"].tolist()[1::2] == ["Alpha", "Alpha"]
        history.listed = lambda record: without(record) | {key: record["topic"]}  # type: ignore[method-assign]
        hedy.archive.sync()
        history.listed = without  # type: ignore[method-assign]
        history.faults["/sessions/*"] = (502, "")  # so that no newer details help
        hedy.archive.sync()

        assert hedy.archive.sessions(details=True)["topic_name"].isna().all()
        assert hedy.archive.sessions()["topic_name"].isna().all()


def test_demo_account(tmp_path: Path) -> None:
    """In the demo account a renamed topic is called alike in lists, details and todos after the next sync."""
    with hj.demo() as hedy:
        hedy.archive.sync()
        topic = hedy.topics()["name"][0]
        hedy.update_topic(topic, name="Renamed in Hedy").confirm()
        done = hedy.archive.sync()

        found, detailed = hedy.archive.sessions(), hedy.archive.sessions(details=True)
        assert done.changed == 0
        assert found["topic_name"].eq("Renamed in Hedy").sum() > 0
        for frame in (found, detailed, hedy.archive.todos()):
            assert not frame["topic_name"].eq(topic).any()
        pd.testing.assert_frame_equal(found[FACTS], detailed[FACTS])


# Ids ---------------------------------------------------------------------------

IDS: list[Any] = [
    {"a": 1},
    {},
    [],
    ["sess_000001"],
    True,
    False,
    None,
    "",
    "  ",
    ".",
    "..",
    "../topics",
    "a/b?c#d",
    "\ud800",
    "x\udfff",
    "\x00",
    "\u2028",
    "id with blanks",
    "hedy_live_looks_like_a_key",
    "x" * 300,
    "x" * 70_000,
    0,
    5,
    -1,
    1.5,
    2**53,
    2**64,
    10**30,
    1e300,
]


def short(value: object) -> str:
    """*value* for the name of a test."""
    return ascii(value)[:20]


LISTS = ("sessions", "highlights", "todos", "topics", "contexts", "topic's session", "embedded")
"""The places that take a record for each id; the others take one id, and every fifth one in turn, each place others."""


def places(history: History, idents: list[Any]) -> dict[str, Callable[[], None]]:
    """Where *idents* may be: all of them in a list, and the first one inside of details."""
    record = next(iter(history.details.values()))
    detail = f"/sessions/{record['sessionId']}"
    page = {"hasMore": False, "next": None}
    ident = idents[0]

    def fault(path: str, value: object) -> Callable[[], None]:
        return lambda: history.faults.__setitem__(path, lambda _: answer(200, value))

    listed = [history.listed(one) for one in history.details.values()]
    highlights = [history.highlight(one) for one in history.details.values()]
    todos = [{**todo, "sessionId": key} for key, one in history.details.items() for todo in one["user_todos"]]
    odd: list[dict[str, Any]] = [
        {**dict.fromkeys(("id", "sessionId", "highlightId"), one), "title": "Odd", "text": "Odd", "name": "Odd"}
        for one in idents
    ]
    return {
        "sessions": fault("/sessions", {"success": True, "data": [*odd, *listed], "pagination": page}),
        "highlights": fault("/highlights", {"success": True, "data": [*odd, *highlights], "pagination": page}),
        "highlight's session": fault(
            "/highlights", {"data": [{**highlights[0], "sessionId": ident}, *highlights[1:]], "pagination": page}
        ),
        "todos": fault("/todos", [*odd, *todos]),
        "todo's session": fault("/todos", [{**todos[0], "sessionId": ident}, *todos[1:]]),
        "topics": lambda: history.topics.extend(odd),
        "contexts": lambda: history.contexts.extend(odd),
        "topic": lambda: record.__setitem__("topic", {"id": ident, "name": "Odd"}),
        "topic's session": fault("/topics/topic_a/sessions", {"success": True, "data": {"sessions": odd}}),
        "detail": fault(detail, {**record, "sessionId": ident, "id": ident}),
        "embedded": fault(
            detail, {**record, "highlights": [*odd, *record["highlights"]], "user_todos": [*odd, *record["user_todos"]]}
        ),
        "lists in details": fault(detail, {**record, "highlights": ident, "user_todos": ident}),
        "listed topic": fault("/sessions", {"data": [{**listed[0], "topic": ident}, *listed[1:]], "pagination": page}),
        "topic of details": fault(detail, {**record, "topic": ident}),
        "topic's id in details": fault(detail, {**record, "topic": {"id": ident}, "topicId": ident}),
    }


PLACES = list(places(History(1), [None]))
SINGLE = [place for place in PLACES if place not in LISTS]


@pytest.mark.parametrize("place", PLACES)
def test_ids_of_any_kind(place: str) -> None:
    """An id of any JSON type, in any list or detail, costs at most its record: two syncs end with the rest."""
    history = History(3)
    as_it_was = copy.deepcopy(vars(history))
    with history.account_of() as hedy:
        hedy.archive.sync()
        before = set(hedy.archive.sessions()["session_id"])
        for idents in [IDS] if place in LISTS else [[ident] for ident in IDS[SINGLE.index(place) % 5 :: 5]]:
            with case(idents):
                vars(history).update(copy.deepcopy(as_it_was))
                places(history, idents)[place]()

                hedy.archive.sync()
                hedy.archive.sync(full=True)

                found = hedy.archive.sessions(details=True)
                assert before <= set(found["session_id"])
                assert found.set_index("session_id").loc[sorted(before), "recap"].notna().all()
                assert len(hedy.archive.search("harbour")) == 3
        for kind in ("sessions", "highlights", "todos", "topics", "contexts"):
            assert getattr(hedy.archive, kind)(history=True) is not None


@pytest.mark.parametrize("ident", [{"a": 1}, [], True, 5, ""], ids=short)
def test_highlight_of_a_lost_session_with_an_odd_id(hedy: Hedy, history: History, ident: Any) -> None:
    """A meeting that is gone has its highlights asked for, also beside one whose session's id is no id."""
    history.hidden = {"sess_000003"}
    highlights = [history.highlight(one) for one in history.details.values()]
    highlights[0]["sessionId"] = ident
    page = {"hasMore": False, "next": None}
    history.faults["/highlights"] = lambda _: answer(200, {"success": True, "data": highlights, "pagination": page})
    history.faults["/sessions/sess_000003"] = (
        404,
        {"success": False, "error": {"code": "session_not_found", "message": "No"}},
    )
    history.asked.clear()

    assert hedy.archive.sync(full=True).gone == (
        2 if ident == 5 else 1
    )  # a number is an id, and Hedy has no meeting of that one

    assert "/highlights/high_000003" in history.asked
    assert len(hedy.archive.highlights()) == 12
    assert hedy.archive.highlights(session="sess_000000")["highlight_id"].tolist() == ["high_000000"]


def test_numbers_as_ids() -> None:
    """Numbers serve as ids throughout: sessions, their highlights and todos are found by them."""
    history = History(3)
    history.details = {str(number): record for number, record in enumerate(history.details.values(), 5)}
    for number, record in history.details.items():
        record["sessionId"] = int(number)
    with history.account_of() as hedy:
        done = hedy.archive.sync()

        assert (done.fetched, done.failed, done.gone) == (3, 0, 0)
        assert hedy.archive.sessions()["session_id"].tolist() == ["5", "6", "7"]
        assert len(hedy.archive.highlights(session="5")) == len(hedy.archive.todos(session="5")) == 1
        assert hedy.archive.sync().fetched == 0


def test_unreadable_session_of_a_todo_does_not_take_it_away(hedy: Hedy, history: History) -> None:
    """A todo or highlight whose meeting is known keeps it where a list names that in an unreadable way."""
    todos = [{**todo, "sessionId": {"a": 1}} for one in history.details.values() for todo in one["user_todos"]]
    history.faults["/todos"] = (200, todos)

    hedy.archive.sync()

    assert len(hedy.archive.todos(session="sess_000003")) == 1


def test_page_of_a_topic_that_has_no_address(hedy: Hedy, history: History) -> None:
    """A topic whose id has no address costs its own sessions only."""
    history.topics.append({"id": "..", "name": "Dots"})
    history.details["sess_000003"]["title"] = "Renamed"

    assert hedy.archive.sync().changed == 1
    assert "Dots" in set(hedy.archive.topics()["name"])
