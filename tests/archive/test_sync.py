"""Sync: what is asked for, what is kept, and that nothing is asked twice or lost, whatever happens on the way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from hedy_jupyter import Hedy, Offline, ServerError
from hedy_jupyter.api.client_events import Notice, Planned, Sent
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError
from tests.histories import History, iso
from tests.waiting import set_defaults


def test_first_sync_brings_everything(hedy: Hedy, history: History) -> None:
    """After the first sync the frames of the archive are those of the API, texts included."""
    done = hedy.archive.sync()

    live = hedy.sessions(limit=None, details=True)
    held = hedy.archive.sessions(details=True)
    assert (done.listed, done.fetched, done.new, done.changed, done.gone, done.failed) == (30, 30, 30, 0, 0, 0)
    assert held.drop(columns="topic_id").equals(live.drop(columns="topic_id"))
    assert list(held["session_id"]) == list(history.details)
    assert hedy.archive.todos().equals(hedy.todos())
    assert hedy.archive.topics().equals(hedy.topics())
    assert hedy.archive.contexts().equals(hedy.contexts())
    assert list(hedy.archive.highlights(details=True)["raw_quote"]) == ["a lamp"] * 30


def test_second_sync_asks_for_lists_only(hedy: Hedy, history: History) -> None:
    """What is old and complete is not asked for again."""
    hedy.archive.sync()
    history.asked.clear()

    done = hedy.archive.sync()

    assert history.fetched == {}
    assert (done.fetched, done.changed) == (0, 0)
    assert done.requests == len(history.asked) - history.asked.count("/me")


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"title": "Renamed"}, True),
        ({"duration": 45}, True),
        ({"topic": {"id": "topic_b", "name": "Beta"}}, True),
        ({"topic": None}, True),
        ({"recap": "Another recap of an old meeting"}, False),
        ({}, False),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_may_have_changed_is_asked_again(
    hedy: Hedy, history: History, change: dict[str, object], asked: bool
) -> None:
    """A listed title, topic or duration that is another one has the details of an old meeting fetched again."""
    hedy.archive.sync()
    history.asked.clear()
    history.details["sess_000007"] |= change

    hedy.archive.sync()

    assert history.fetched == ({"sess_000007": 1} if asked else {})


def test_young_meetings_are_asked_again() -> None:
    """The details of meetings younger than 14 days are asked for again at every sync."""
    history = History(5, youngest_days=12)
    with history.account_of() as hedy:
        hedy.archive.sync()
        history.asked.clear()
        history.details["sess_000001"]["recap"] = "Now with a recap"

        done = hedy.archive.sync()

        assert set(history.fetched) == {"sess_000000", "sess_000001"}
        assert done.changed == 1
        assert hedy.archive.sessions(details=True)["recap"][1] == "Now with a recap"


def test_uncleaned_transcript_is_asked_again(hedy: Hedy, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transcript that was not cleaned yet is looked at again after a day, however old, and no more once it is."""
    history.details["sess_000009"] |= {"cleaned_transcript": None, "cleaned_at": None}
    hedy.archive.sync()
    history.asked.clear()
    history.details["sess_000009"]["cleaned_transcript"] = "Cleaned at last."
    set_defaults(monkeypatch, Store.open, now=lambda: datetime.now(UTC) + timedelta(days=1))

    hedy.archive.sync()
    again = dict(history.fetched)
    hedy.archive.sync()

    assert again == {"sess_000009": 1}
    assert history.fetched == {"sess_000009": 1}
    assert hedy.archive.search("at last")["session_id"].tolist() == ["sess_000009"]


def test_full_asks_for_everything(hedy: Hedy, history: History) -> None:
    """``full=True`` fetches every session again, and notices what changed in an old one."""
    hedy.archive.sync()
    history.asked.clear()
    history.details["sess_000020"]["recap"] = "Rewritten"

    done = hedy.archive.sync(full=True)

    assert history.fetched == dict.fromkeys(history.details, 1)
    assert (done.fetched, done.changed) == (30, 1)


def test_lists_only(hedy: Hedy, history: History) -> None:
    """Without details there is one request a list; a later sync fetches the texts."""
    hedy.archive.sync(details=False)

    assert history.fetched == {}
    assert len(hedy.archive.sessions()) == 30
    assert hedy.archive.sessions(details=True)["recap"].isna().all()
    assert hedy.archive.sync().fetched == 30


@pytest.mark.parametrize("totals", [True, False])
def test_deleted_meeting_is_gone_but_kept(hedy: Hedy, history: History, totals: bool) -> None:
    """A meeting that Hedy no longer has is not in the frames, but its texts are kept and found."""
    history.totals = totals
    hedy.archive.sync()
    del history.details["sess_000011"]

    done = hedy.archive.sync()

    assert done.gone == 1
    assert "sess_000011" not in set(hedy.archive.sessions()["session_id"])
    kept = hedy.archive.sessions(history=True).set_index("session_id")
    assert kept["gone_at"].notna().sum() == 1
    assert kept.loc["sess_000011", "gone_at"] is not None
    assert hedy.archive.search("number11")["session_id"].tolist() == ["sess_000011"]
    assert "todo_000011" not in set(hedy.archive.todos()["todo_id"])
    assert hedy.archive.todos(history=True).set_index("todo_id").loc["todo_000011", "gone_at"] is not None
    assert hedy.archive.sync().gone == 0


def test_end_of_the_list_is_no_deletion(hedy: Hedy, history: History) -> None:
    """Meetings that slip past the end of what the list shows stay, without a request for each of them."""
    hedy.archive.sync()
    history.cap, history.totals = 10, False
    history.hidden = set(list(history.details)[10:])
    history.asked.clear()

    done = hedy.archive.sync(accept_gone=True)  # the todos of the others

    assert done.gone == 0
    assert len(hedy.archive.sessions()) == 30
    assert set(history.fetched) <= set(list(history.details)[:10])


def test_meeting_that_comes_back(hedy: Hedy, history: History) -> None:
    """What is named again is no longer gone."""
    hedy.archive.sync()
    record = history.details.pop("sess_000011")
    hedy.archive.sync()
    history.details["sess_000011"] = record

    hedy.archive.sync()

    assert "sess_000011" in set(hedy.archive.sessions()["session_id"])
    assert hedy.archive.sessions(history=True)["gone_at"].isna().all()


def test_session_that_only_a_todo_names(hedy: Hedy, history: History) -> None:
    """A meeting past the end of the list is found through its todo, and fetched."""
    history.cap = 10

    hedy.archive.sync()

    assert len(hedy.archive.sessions()) == 30
    assert hedy.archive.search("number25")["session_id"].tolist() == ["sess_000025"]


def test_todo_that_turns_done(hedy: Hedy, history: History) -> None:
    """The time at which a todo is first seen done is kept; one that was done before the archive knew it has none."""
    history.details["sess_000001"]["user_todos"][0]["completed"] = True
    hedy.archive.sync()
    history.details["sess_000002"]["user_todos"][0]["completed"] = True

    hedy.archive.sync()

    times = hedy.archive.todos(history=True).set_index("todo_id")["completed_at"]
    assert times.notna().sum() == 1
    assert times["todo_000002"] is not None
    history.details["sess_000002"]["user_todos"][0]["completed"] = False
    hedy.archive.sync()
    assert hedy.archive.todos(history=True)["completed_at"].isna().all()


def test_older_texts_are_kept(hedy: Hedy, history: History) -> None:
    """A changed text keeps its older version with the times of both."""
    hedy.archive.sync()
    history.details["sess_000003"] |= {"recap": "A better recap", "title": "Renamed"}

    hedy.archive.sync()

    versions = hedy.archive.history("sess_000003")
    recaps = versions[versions["field"] == "recap"]
    assert recaps["text"].tolist() == ["A better recap", "Recap of number3."]
    assert recaps["replaced_at"].isna().tolist() == [True, False]
    assert hedy.archive.search("better recap")["session_id"].tolist() == ["sess_000003"]
    assert hedy.archive.search('"recap of number3"').empty


@pytest.mark.parametrize("nothing", [None, ""])
def test_text_that_vanishes_stays(hedy: Hedy, history: History, nothing: str | None) -> None:
    """A text that Hedy no longer gives is known only here, and stays."""
    hedy.archive.sync()
    history.details["sess_000003"] |= {
        "title": "Renamed",
        "transcript": nothing,
        "cleaned_transcript": nothing,
        "recap": nothing,
    }

    hedy.archive.sync()

    row = hedy.archive.sessions(details=True).set_index("session_id").loc["sess_000003"]
    assert row["recap"] == "Recap of number3."
    assert row["cleaned_transcript"] == "So we talk about number3 and the harbour."
    assert row["title"] == "Renamed"


@pytest.mark.parametrize("at", [1, 4, 9, 20, 36])
def test_lost_network(hedy: Hedy, history: History, at: int) -> None:
    """A network that goes away at any request loses nothing that was committed.

    The next run fetches the rest and nothing twice.
    """

    def fail(number: int) -> None:
        if number >= at:
            raise httpx.ConnectError("gone")

    history.before = fail
    with pytest.raises(Offline):
        hedy.archive.sync()
    held = {ident for ident, text in _recaps(hedy).items() if text}
    history.before = lambda _: None
    history.asked.clear()

    done = hedy.archive.sync()

    assert set(history.fetched) == set(history.details) - held
    assert max(history.fetched.values()) == 1
    assert all(_recaps(hedy).values())
    assert done.resumed is (at > 2)


def _recaps(hedy: Hedy) -> dict[str, str]:
    if not hedy.archive.exists:
        return {}
    frame = hedy.archive.sessions(details=True)
    return dict(zip(frame["session_id"], frame["recap"].fillna(""), strict=True))


def test_resumed_run_asks_nothing_twice() -> None:
    """A stopped run that is gone on with does not ask again for young meetings that it has already fetched."""
    history = History(12, youngest_days=0)
    with history.account_of() as hedy:

        def fail(number: int) -> None:
            if number >= 16:
                raise httpx.ConnectError("gone")

        history.before = fail
        with pytest.raises(Offline):
            hedy.archive.sync()
        held = {ident for ident, text in _recaps(hedy).items() if text}
        history.before = lambda _: None
        history.asked.clear()

        hedy.archive.sync()

        assert held
        assert set(history.fetched) == set(history.details) - held


def test_broken_meeting_costs_only_itself(hedy: Hedy, history: History) -> None:
    """Details that the server fails on are counted and asked for next time; the others come."""
    broken = history.details["sess_000004"]
    history.details["sess_000004"] = {**broken, "sessionId": "sess_000004"}
    answer = history.reply

    def failing(steps: list[str], query: dict[str, str]) -> httpx.Response:
        return httpx.Response(500) if steps == ["sessions", "sess_000004"] else answer(steps, query)

    history.reply = failing  # type: ignore[method-assign]
    done = hedy.archive.sync()
    history.reply = answer  # type: ignore[method-assign]

    assert (done.fetched, done.failed) == (29, 1)
    assert "failed" in str(done)
    assert hedy.archive.sync().fetched == 1


def test_broken_server_stops_the_sync(hedy: Hedy, history: History) -> None:
    """A server that fails on everything is not asked for every meeting."""
    answer = history.reply
    history.reply = lambda steps, query: (  # type: ignore[method-assign]
        httpx.Response(500) if steps[0] == "sessions" and len(steps) == 2 else answer(steps, query)
    )

    with pytest.raises(ServerError):
        hedy.archive.sync()

    assert len(history.fetched) < 20


def test_todo_list_that_shrinks(hedy: Hedy, history: History) -> None:
    """A todo that is no longer named is gone, one that stays is not."""
    hedy.archive.sync()
    history.details["sess_000005"]["user_todos"] = []

    hedy.archive.sync()

    assert len(hedy.archive.todos()) == 29
    assert len(hedy.archive.todos(history=True)) == 30


def test_topics_and_contexts_that_vanish(hedy: Hedy, history: History) -> None:
    """Topics and contexts that are no longer listed are gone, and kept."""
    hedy.archive.sync()
    history.topics.pop()
    history.contexts.clear()

    hedy.archive.sync()

    assert hedy.archive.topics()["name"].tolist() == ["Alpha"]
    assert len(hedy.archive.topics(history=True)) == 2
    assert hedy.archive.contexts().empty
    assert len(hedy.archive.contexts(history=True)) == 1


def test_another_account_is_refused(tmp_path: Path, history: History) -> None:
    """A file that was named for one account is not mixed with another one's meetings."""
    with history.account_of(archive=tmp_path / "a.sqlite") as hedy:
        hedy.archive.sync()
    other = History(3, account="uid_2")

    with other.account_of(archive=tmp_path / "a.sqlite") as hedy, pytest.raises(ArchiveError, match="another account"):
        hedy.archive.sync()
    with history.account_of(archive=tmp_path / "a.sqlite") as hedy:
        assert len(hedy.archive.sessions()) == 30


def test_place_that_cannot_be_made(tmp_path: Path, history: History) -> None:
    """An archive in a place where no folder can be is one clear line, and nothing but the account is asked for."""
    (tmp_path / "file").write_text("mine")

    with (
        history.account_of(archive=tmp_path / "file" / "a.sqlite") as hedy,
        pytest.raises(ArchiveError, match="cannot be"),
    ):
        hedy.archive.sync()
    assert history.asked == ["/me"]


def test_two_syncs_at_once(history: History) -> None:
    """A second sync of the same archive waits for the first, says so, and asks for no details again."""
    entered, go_on = threading.Event(), threading.Event()

    def hold(number: int) -> None:
        if number == 12:
            entered.set()
            assert go_on.wait(30)

    history.before = hold
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with history.account_of() as account:
                account.archive.sync()
        except BaseException as error:  # noqa: BLE001  reported below, in the thread that asserts
            errors.append(error)

    first = threading.Thread(target=run)
    first.start()
    assert entered.wait(30)
    threading.Timer(0.5, go_on.set).start()
    second = threading.Thread(target=run)
    second.start()
    first.join(60)
    second.join(60)

    assert errors == []
    assert max(history.fetched.values()) == 1
    assert len(history.fetched) == 30


def test_cost_is_told_before(hedy: Hedy) -> None:
    """How many requests the details will take, and how long, is said before the first of them is sent."""
    events: list[object] = []
    with hedy.connection.notices_to(events.append):
        hedy.archive.sync()

    place = next(place for place, event in enumerate(events) if isinstance(event, Notice))
    assert events[place] == Notice("Details of 30 sessions to fetch: 30 requests, a moment.", "message", 0.0)
    assert events[place + 1] == Planned(30, 0.0)
    assert sum(isinstance(event, Sent) for event in events[place:]) == 30


def test_memory_stays_flat() -> None:
    """Details do not stay in memory after they are written."""
    history = History(200)
    with history.account_of() as hedy:
        hedy.archive.sync()

        history.asked.clear()
        hedy.sessions(limit=None, details=True)
        assert len(history.fetched) == 200  # none of them is answered from memory


def test_order_of_a_meeting_added_later(hedy: Hedy, history: History) -> None:
    """A new meeting is the first row, as in the live list."""
    hedy.archive.sync()
    ident, record = history.session(900, datetime.now(UTC))
    history.details = {ident: record, **history.details}

    done = hedy.archive.sync()

    assert (done.listed, done.fetched) == (31, 1)
    assert hedy.archive.sessions()["session_id"][0] == "sess_000900"
    assert iso(hedy.archive.sessions()["start_time"][0]) == record["startTime"]
