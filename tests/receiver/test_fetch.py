"""Details of delivered meetings: fetched at once, and again while texts are missing; never where they must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hedy_jupyter import Hedy, connect
from hedy_jupyter.archive import events
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError, UsageError
from hedy_jupyter.receiver import delivery
from hedy_jupyter.receiver.apply_delivery import use
from hedy_jupyter.receiver.fetch import Fetcher
from hedy_jupyter.receiver.receiver import Receiver
from tests.conftest import Api
from tests.deliveries import ended, highlight, raw, todo

MEETING = "sess_000001"
WHOLE = {"sessionId": MEETING, "title": "From Hedy", "transcript": "T", "recap": "R", "meeting_minutes": "M"}


class Clock:
    """A clock that the test sets forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 11, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def add(self, minutes: float) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def hedy(api: Api, path: Path) -> Iterator[Hedy]:
    """The account of the archive."""
    api.answers = {"/me": {"id": "uid_1", "email": "a@b.example", "name": "A"}, f"/sessions/{MEETING}": WHOLE}
    with connect("hedy_live_planted0123456789", transport=api.transport, timezone="UTC", archive=path) as account:
        yield account


def deliver(path: Path, clock: Clock, *given: dict[str, Any]) -> None:
    """Keep and use deliveries, as the receiver does."""
    with Store.open(path, create=True, now=clock) as store:
        for event in given:
            events.put(store, delivery.read(raw(event), None))
        for held in events.unused(store, 0, 100):
            use(store, held, fetch=True)


def asked(api: Api) -> int:
    """How often the meeting was asked for."""
    return api.asked.count(f"/sessions/{MEETING}")


def test_fetched_at_once(hedy: Hedy, api: Api, path: Path, clock: Clock) -> None:
    """The details are asked for once for all deliveries of a meeting, and are those of a sync."""
    deliver(path, clock, {**ended(1), "event": "session.created"}, ended(1), highlight(1), todo(1))
    wait_s = Fetcher(hedy, path, now=clock).fetch_due()
    frame = hedy.archive.sessions(details=True)

    assert asked(api) == 1
    assert wait_s == 60.0
    assert frame[["title", "transcript"]].to_numpy().tolist() == [["From Hedy", "T"]]
    assert frame.attrs["coverage"]["incomplete"] == []
    assert hedy.archive.events()["status"].tolist() == ["fetched", "fetched", "fetched", "used"]
    assert hedy.archive.state().synced_at is None


def test_again_while_texts_are_missing(hedy: Hedy, api: Api, path: Path, clock: Clock) -> None:
    """Details without their texts are asked for after 2, 10 and 60 minutes, and no more then."""
    api.answers[f"/sessions/{MEETING}"] = {**WHOLE, "recap": "", "meeting_minutes": None}
    deliver(path, clock, ended(1))
    fetcher, found = Fetcher(hedy, path, now=clock), list[int]()
    for minutes in (0, 1.9, 0.2, 7.8, 0.2, 49.8, 0.2, 600):
        clock.add(minutes)
        fetcher.fetch_due()
        found.append(asked(api))

    assert found == [1, 1, 2, 2, 3, 3, 4, 4]


def test_not_again_when_they_have_come(hedy: Hedy, api: Api, path: Path, clock: Clock) -> None:
    """As soon as the texts are there nothing is asked again."""
    api.answers[f"/sessions/{MEETING}"] = {"sessionId": MEETING}
    deliver(path, clock, ended(1))
    fetcher = Fetcher(hedy, path, now=clock)
    fetcher.fetch_due()
    api.answers[f"/sessions/{MEETING}"] = WHOLE
    for minutes in (2.1, 10, 60):
        clock.add(minutes)
        fetcher.fetch_due()

    assert asked(api) == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"success": False, "error": {"code": "session_not_found", "message": "Not there"}}),
        httpx.Response(403, json={"success": False, "error": {"code": "tier_limit_exceeded", "message": "Pro"}}),
        httpx.Response(200, json={"sessionId": "another"}),
    ],
    ids=["not found", "refused", "another"],
)
def test_an_answer_without_details(hedy: Hedy, api: Api, path: Path, clock: Clock, answer: httpx.Response) -> None:
    """A meeting that Hedy does not give yet is asked for again, is not gone, and keeps what was delivered."""
    api.answers[f"/sessions/{MEETING}"] = lambda _: answer
    deliver(path, clock, ended(1))
    fetcher = Fetcher(hedy, path, now=clock)
    fetcher.fetch_due()
    clock.add(2.1)
    fetcher.fetch_due()

    assert asked(api) == 2
    assert hedy.archive.sessions()["title"].tolist() == ["Harbour meeting 1"]
    assert hedy.archive.events()["status"].tolist() == ["used"]


def test_an_archive_of_another_account(hedy: Hedy, api: Api, path: Path, clock: Clock) -> None:
    """Details of one account never come into the archive of another."""
    from hedy_jupyter.archive.ownership import claim

    deliver(path, clock, ended(1))
    with Store.open(path) as store:
        claim(store, "us", "uid_of_another")
    Fetcher(hedy, path, now=clock).fetch_due()
    assert asked(api) == 0
    hedy.me()
    with pytest.raises(ArchiveError, match="belongs to another account"):
        Receiver.of(account=hedy)


@pytest.mark.parametrize("fetch", [True, False])
def test_a_named_archive_of_another_account(hedy: Hedy, api: Api, tmp_path: Path, fetch: bool) -> None:
    """A file that ``archive=`` names is the account's or a new one; without ``fetch`` no request is made."""
    from hedy_jupyter.archive.ownership import claim

    files = {name: tmp_path / f"{name}.sqlite" for name in ("uid_1", "uid_of_another", "eu")}
    for name, path in files.items():
        with Store.open(path, create=True) as store:
            claim(store, "eu" if name == "eu" else "us", name, "digest of an earlier key")
    for name in ("uid_of_another", "eu", *(["uid_1"] if not fetch else [])):
        with pytest.raises(ArchiveError, match="belongs to another account"):
            Receiver.of(account=hedy, archive=files[name], fetch=fetch)
    if fetch:
        assert Receiver.of(account=hedy, archive=files["uid_1"]).path == files["uid_1"]
    assert Receiver.of(account=hedy, archive=tmp_path / "new.sqlite", fetch=fetch).fetcher is not None or not fetch
    assert fetch or api.asked == []


def test_nothing_is_asked_without_fetch(hedy: Hedy, api: Api, path: Path) -> None:
    """With ``fetch=False`` no request is made, and without a known archive a file has to be named."""
    receiver = Receiver.of(account=hedy, fetch=False)
    receiver.start()
    receiver.keeper.keep(delivery.read(raw(ended(1)), None)).used.result(10)
    receiver.close()

    assert api.asked == []
    assert receiver.fetcher is None
    with connect("hedy_live_planted0123456780", transport=api.transport) as other:
        with pytest.raises(UsageError, match="not known before its first sync"):
            Receiver.of(account=other, fetch=False)
        assert api.asked == []


def test_the_thread_fetches(hedy: Hedy, api: Api, path: Path) -> None:
    """With a receiver that runs, details are there soon after the delivery."""
    import threading

    came = threading.Event()
    api.answers[f"/sessions/{MEETING}"] = lambda _: (came.set(), WHOLE)[1]
    receiver = Receiver.of(account=hedy)
    receiver.start()
    receiver.keeper.keep(delivery.read(raw(ended(1)), None)).used.result(10)
    assert came.wait(20)
    receiver.close()

    assert hedy.archive.sessions(details=True)["transcript"].tolist() == ["T"]
