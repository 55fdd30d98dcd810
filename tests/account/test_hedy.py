"""``Hedy`` on the demo account: what each read gives."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account.connection import BRIDGE
from hedy_jupyter.account.session import Session
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.demo_server.service import Service
from hedy_jupyter.frames import schema
from tests.conftest import KEY
from tests.waiting import set_defaults


@pytest.fixture(name="hedy")
def fixture_hedy() -> Iterator[hj.Hedy]:
    """A fresh demo account, seen from Los Angeles, where evening meetings are on another day than in UTC."""
    with hj.demo(timezone="America/Los_Angeles") as hedy:
        yield hedy


def paths(hedy: hj.Hedy) -> list[str]:
    """The paths of the requests made so far."""
    return list(hedy.requests["path"])


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("sessions", lambda hedy: hedy.sessions()),
        ("sessions_detailed", lambda hedy: hedy.sessions(3, details=True)),
        ("highlights", lambda hedy: hedy.highlights()),
        ("highlights_detailed", lambda hedy: hedy.highlights(3, details=True)),
        ("todos", lambda hedy: hedy.todos()),
        ("topics", lambda hedy: hedy.topics()),
        ("contexts", lambda hedy: hedy.contexts()),
        ("webhooks", lambda hedy: hedy.webhooks()),
    ],
)
def test_frames(hedy: hj.Hedy, table: str, read: object) -> None:
    """Every list has its columns and dtypes, a RangeIndex, no two rows of one id, and says what it covers."""
    frame = read(hedy)  # type: ignore[operator]

    assert [(name, str(dtype)) for name, dtype in frame.dtypes.items()] == [
        (column.name, column.dtype) for column in schema.TABLES[table]
    ]
    assert isinstance(frame.index, pd.RangeIndex)
    assert frame.iloc[:, 0].is_unique
    assert len(frame) > 0
    covered = {"found", "total", "unreachable", "source"}
    assert set(frame.attrs["coverage"]) == covered | ({"incomplete"} if table.endswith("_detailed") else set())
    assert frame.attrs["coverage"].get("incomplete", []) == []


def test_two_demo_accounts() -> None:
    """``hj.demo`` stays a function after it was used, and each call gives a new account."""
    with hj.demo() as one, hj.demo() as other:
        one.service.fault("500")

        assert other.me().email == "demo@harbour-lamp.example"
        assert hj.current() is other


def test_limits(hedy: hj.Hedy) -> None:
    """A limit takes the newest; above 100 it follows the cursor, None takes everything; the API's total is reported."""
    everything = hedy.sessions(limit=None)

    assert hedy.sessions(7)["session_id"].to_list() == everything["session_id"].head(7).to_list()
    assert hedy.sessions(120)["session_id"].to_list() == everything["session_id"].head(120).to_list()
    assert everything.attrs["coverage"] == {
        "found": len(everything),
        "total": len(everything),
        "unreachable": 0,
        "source": "live",
    }
    assert everything["start_time"].is_monotonic_decreasing
    assert len(everything) >= 130


@pytest.mark.parametrize("limit", [0, -1, True, "5", 2.5])
def test_no_limits(hedy: hj.Hedy, limit: object) -> None:
    """A limit that is no number of 1 or more is refused before any request."""
    with pytest.raises(hj.UsageError, match="limit="):
        hedy.sessions(limit)  # type: ignore[arg-type]

    assert paths(hedy) == []


def test_topic_filter(hedy: hj.Hedy) -> None:
    """The sessions of a topic are those that carry it, and filters come before the limit."""
    everything = hedy.sessions(limit=None)
    topic = hedy.topics().iloc[0]
    wanted = everything[everything["topic_id"] == topic["topic_id"]]

    assert hedy.sessions(limit=None, topic=topic["name"])["session_id"].to_list() == wanted["session_id"].to_list()
    assert hedy.sessions(5, topic=topic["topic_id"])["session_id"].to_list() == wanted["session_id"].head(5).to_list()


def test_days_are_local(hedy: hj.Hedy) -> None:
    """A bare day is the day of the display time zone, whole at both ends."""
    everything = hedy.sessions(limit=None)
    local = everything["start_time"].dt.tz_convert("America/Los_Angeles")
    other_day = local.dt.date != everything["start_time"].dt.date
    assert other_day.any()
    day = local[other_day].iloc[0].date()

    found = hedy.sessions(since=day, until=str(day))

    assert set(found["session_id"]) == set(everything["session_id"][local.dt.date == day])
    assert len(found) > 0


def test_since_and_until_before_limit(hedy: hj.Hedy) -> None:
    """A range far back is found although the newest hundred do not reach it."""
    everything = hedy.sessions(limit=None)
    oldest = everything.tail(3)
    until = oldest["start_time"].max().tz_convert(ZoneInfo("America/Los_Angeles")).date() + timedelta(days=1)

    assert (
        hedy.sessions(2, until=until)["session_id"].to_list()
        == everything[everything["session_id"].isin(hedy.sessions(limit=None, until=until)["session_id"])]["session_id"]
        .head(2)
        .to_list()
    )
    assert (
        hedy.sessions(1, since=date(1999, 1, 1))["session_id"].to_list() == everything["session_id"].head(1).to_list()
    )


def test_details(hedy: hj.Hedy) -> None:
    """Details agree with the session by itself, and a list is not asked again for what is in memory."""
    frame = hedy.sessions(5, details=True)
    row = frame[frame["transcript"].notna()].iloc[0]
    session = hedy.session(row["session_id"])

    assert (row["title"], row["recap"], row["transcript"]) == (session.title, session.recap, session.transcript)
    assert (row["highlight_count"], row["todo_count"]) == (len(session.highlights), len(session.todos))
    assert len(paths(hedy)) == 6


def test_session_of_another_length(hedy: hj.Hedy) -> None:
    """The frames of one session carry its id, and its text is the cleaned transcript where there is one."""
    cleaned = next(
        session for session in map(hedy.session, hedy.sessions(20)["session_id"]) if session.cleaned_transcript
    )

    assert cleaned.text == cleaned.cleaned_transcript != cleaned.transcript
    assert set(cleaned.todos["session_id"]) | set(cleaned.highlights["session_id"]) <= {cleaned.session_id}


def test_todos(hedy: hj.Hedy) -> None:
    """Open and done share out all todos; a session's and a topic's are the ones that carry it."""
    everything = hedy.todos()
    open_ones, done = hedy.todos("open"), hedy.todos("done")
    session = everything["session_id"].iloc[0]

    assert len(open_ones) + len(done) == len(everything) >= 300
    assert not open_ones["completed"].any()
    assert done["completed"].all()
    assert isinstance(done.index, pd.RangeIndex)
    assert set(hedy.todos(session=session)["todo_id"]) == set(
        everything["todo_id"][everything["session_id"] == session]
    )
    assert set(hedy.todos(topic="Hiring")["topic_name"]) == {"Hiring"}
    with pytest.raises(hj.UsageError, match="status='late'"):
        hedy.todos("late")  # type: ignore[arg-type]


def test_single_things(hedy: hj.Hedy) -> None:
    """One highlight, todo, topic and context, by id, by name and by ``last``."""
    highlight, todo = hedy.highlights(1).iloc[0], hedy.todos().iloc[0]

    assert hedy.highlight(highlight["highlight_id"]).title == highlight["title"]
    assert hedy.todo(todo["session_id"], todo["todo_id"]).text == todo["text"]
    assert hedy.topic("hiring").name == "Hiring"
    assert hedy.context("last").context_id == hedy.contexts()["context_id"].iloc[0]


def test_highlights_of_a_session(hedy: hj.Hedy) -> None:
    """A session's highlights come whole in one request, with the session's id.

    The short frame has the short columns.
    """
    session = hedy.highlights(1)["session_id"].iloc[0]
    before = len(paths(hedy))

    detailed = hedy.highlights(session=session, details=True)

    assert set(detailed["session_id"]) == {session}
    assert detailed["main_idea"].notna().all()
    assert len(paths(hedy)) == before + 1
    assert list(hedy.highlights(session=session).columns) == ["highlight_id", "session_id", "timestamp", "title"]


def test_requests(hedy: hj.Hedy) -> None:
    """The log is empty at first, then has a row a request, without queries."""
    assert len(hedy.requests) == 0

    hedy.sessions(3)

    assert hedy.requests[["method", "path", "status"]].to_numpy().tolist() == [["GET", "/sessions", 200]]
    assert hedy.requests.dtypes.astype(str).to_dict() == {
        "time": "datetime64[us, UTC]",
        "method": str(schema.DTYPES["text"]),  # "string" before pandas 3, "str" since
        "path": str(schema.DTYPES["text"]),
        "status": "Int64",
        "ms": "float64",
        "bytes": "Int64",
    }
    assert hedy.requests_left is None


def test_the_demo_has_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """In process no request is counted or waits: the history with details comes at once, twice in a minute."""

    async def wait(seconds: float) -> None:
        raise AssertionError(f"a wait of {seconds} s")

    set_defaults(monkeypatch, RateLimiter, sleep=wait)
    with hj.demo() as hedy:
        for _ in range(2):
            assert len(hedy.sessions(limit=None, details=True, refresh=True)) == 154

        assert len(hedy.requests) > 300
        assert set(hedy.requests["status"]) == {200}


def test_a_demo_service_with_a_limit_is_paced(hedy: hj.Hedy) -> None:
    """An account on a service that counts keeps to its limit."""
    with hj.Hedy(hedy.settings, service=Service(requests_a_minute=20)) as counted:
        counted.sessions(3, details=True)

        assert counted.requests_left == 16


def test_get_gives_copies(hedy: hj.Hedy) -> None:
    """The raw JSON is the caller's own: changing it changes no later answer."""
    hedy.get("/topics")["data"].clear()

    assert len(hedy.topics()) == 9


def test_demo_by_environment(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``HEDY_DEMO=1`` makes ``connect()`` the demo account, which it says; a key as an argument stays what it is."""
    monkeypatch.setenv("HEDY_DEMO", "1")

    with hj.connect() as hedy:
        assert hedy.settings.demo
    assert "demo account" in capsys.readouterr().out
    with hj.connect("hedy_live_other") as live:
        assert not live.settings.demo


def test_closed() -> None:
    """A closed account says so in one line, and is not the current one any more."""
    with hj.demo() as hedy:
        hedy.me()

    with pytest.raises(hj.UsageError, match="closed"):
        hedy.me(refresh=True)
    with pytest.raises(hj.SettingsError, match="No Hedy API key"):
        hj.current()


def test_garbage(recwarn: pytest.WarningsRecorder) -> None:
    """An account without any reference goes away with its connections, without a warning."""
    hedy = hj.demo()
    hedy.me()
    gone = weakref.ref(hedy)
    with hj.demo():
        del hedy
        gc.collect()

    assert gone() is None
    assert [str(warning.message) for warning in recwarn] == []


def test_seen(hedy: hj.Hedy) -> None:
    """What completion may offer: sessions, topics and contexts that were read, and topics that occurred in them."""
    session, topic = hedy.sessions(5).iloc[0][["session_id", "topic_id"]]
    context = hedy.contexts().iloc[0]

    assert hedy.connection.names_seen["sessions"][session] == "Launch weekly"
    assert hedy.connection.names_seen["topics"][topic] == "Harbour Lamp launch"
    assert hedy.connection.names_seen["contexts"][context["context_id"]] == context["title"]


@pytest.mark.parametrize("field", ["topic", "topicInfo"])
@pytest.mark.parametrize(("color", "shown"), [("#1a2b3c", "#1a2b3c"), ("red", None), (None, None)])
def test_colour_of_a_topic(hedy: hj.Hedy, field: str, color: str | None, shown: str | None) -> None:
    """Lists and cards take it from the topic in a session, under either name of the API, where it is #RRGGBB."""
    record = {"sessionId": "s", "title": "T", field: {"id": "t", "name": "Team", "color": color}}
    hedy.connection.note("sessions", [record])

    (fact,) = [fact for fact in Session.from_record(record).page().facts if fact.label == "Topic"]
    assert fact.color == shown
    assert hedy.connection.topic_colors.get("t") == shown


def test_raw_is_a_copy(hedy: hj.Hedy) -> None:
    """Changing the JSON of a session changes no later answer."""
    hedy.session("last").raw["title"] = "mine"  # type: ignore[index]

    assert hedy.session("last").title == "Launch weekly"


@pytest.mark.parametrize(
    "path", ["https://evil.example/me", "//evil.example", "/me/..%2f..%2fx", "../me", "/me#x", "\\\\evil"]
)
def test_paths_that_lead_elsewhere(hedy: hj.Hedy, path: str) -> None:
    """A path that would leave the base URL is refused before any request."""
    with pytest.raises(hj.UsageError):
        hedy.get(path)

    assert paths(hedy) == []


def test_closing_goes_back() -> None:
    """When an account is closed, the one before that is still open is in use again."""
    with hj.demo() as first:
        second = hj.demo()
        third = hj.demo()
        second.close()
        third.close()

        assert hj.current() is first


def test_first_use_in_eight_threads(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads that use a new account first make one client, and every request of theirs is in the log."""
    made: list[object] = []
    monkeypatch.setattr(BRIDGE, "keep", made.append)
    api.answers = {f"/{number}": {"id": number} for number in range(8)}

    for _ in range(25):
        made.clear()
        with hj.connect(api_key=KEY, transport=api.transport) as hedy:
            hedy.connection.limiter = RateLimiter(10_000)
            start = threading.Barrier(8)

            def use(number: int, hedy: hj.Hedy = hedy, start: threading.Barrier = start) -> object:
                start.wait(10)
                return hedy.get(f"/{number}")["id"]

            with ThreadPoolExecutor(8) as threads:
                found = list(threads.map(use, range(8), timeout=30))

            assert found == list(range(8))
            assert len(made) == 1
            assert sorted(hedy.requests["path"]) == sorted(api.answers)


def test_closing_while_others_use_it(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread closes while others use the account: each call gives an answer or "closed"; no client is left."""
    made, closed = list[Client](), list[Client]()
    keep, close = BRIDGE.keep, Client.close

    def keeping(client: Client) -> None:
        made.append(client)
        keep(client)

    def closing(client: Client) -> Any:
        closed.append(client)
        return close(client)

    monkeypatch.setattr(BRIDGE, "keep", keeping)
    monkeypatch.setattr(Client, "close", closing)
    api.answers = {"/me": {"id": "u"}}
    for _ in range(25):
        hedy = hj.connect(api_key=KEY, transport=api.transport)
        hedy.connection.limiter = RateLimiter(10_000)
        start = threading.Barrier(5)

        def use(number: int, hedy: hj.Hedy = hedy, start: threading.Barrier = start) -> str:
            start.wait(10)
            try:
                return str(hedy.close() if number == 0 else hedy.get("/me")["id"])
            except hj.UsageError as error:
                return error.message

        with ThreadPoolExecutor(5) as threads:
            outcomes = set(threads.map(use, range(5), timeout=30))

        assert outcomes <= {"None", "u", "This account is closed."}
        assert hedy.connection.closed
        assert set(made) <= set(closed)
