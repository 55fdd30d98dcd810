"""What users see of deliveries: the frame, ``%hedy events``, ``%hedy watch``, the status card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from hedy_jupyter import Hedy, connect
from hedy_jupyter.archive import events
from hedy_jupyter.archive.event_reads import Arrival
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import NotFound, UsageError
from hedy_jupyter.magics import status
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.dispatch import dispatch
from hedy_jupyter.magics.line import split
from hedy_jupyter.receiver import delivery
from tests.conftest import Api
from tests.deliveries import ended, highlight, raw, todo

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def hedy(api: Api, path: Path) -> Iterator[Hedy]:
    """An account with five deliveries, one a day, the last at noon."""
    given = [ended(1), highlight(1), todo(1), ended(2), {"event": "pilot.started", "data": {"a": 1}}]
    for days, event in enumerate(reversed(given)):
        with Store.open(path, create=True, now=lambda days=days: NOON - timedelta(days=4 - days)) as store:  # type: ignore[misc]
            events.put(store, delivery.read(raw(event), None))
    with connect("hedy_live_planted0123456789", transport=api.transport, timezone="UTC", archive=path) as account:
        yield account
    assert api.asked == []


@pytest.fixture
def ctx() -> CommandContext:
    """A context without prompts."""
    return CommandContext(ask_hidden=input)


def test_frame(hedy: Hedy) -> None:
    """The frame has its columns and dtypes, newest first, and what it covers."""
    frame = hedy.archive.events()

    assert frame.columns.tolist() == ["event_id", "event", "received_at", "session_id", "title", "status"]
    assert str(frame["received_at"].dtype) == "datetime64[us, UTC]"
    assert frame["event"].tolist()[:2] == ["session.ended", "highlight.created"]
    assert frame["received_at"].iloc[0] == pd.Timestamp(NOON)
    assert frame["session_id"].isna().tolist() == [False] * 4 + [True]
    assert frame["event_id"].is_unique
    assert frame.attrs["coverage"]["source"] == "archive"
    assert hedy.archive.events(0).dtypes.equals(frame.dtypes)
    for limit in (-1, 2.5, "3"):
        with pytest.raises(UsageError, match="is not a number"):
            hedy.archive.events(limit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"event": "session.ended"}, 2),
        ({"event": ["session.ended", "todo.exported"]}, 3),
        ({"event": "session.created"}, 0),
        ({"since": "2026-03-01"}, 2),
        ({"until": "2026-02-27"}, 2),
        ({"since": "2026-02-28", "until": "2026-02-28"}, 1),
        ({"limit": 2}, 2),
    ],
)
def test_filters(hedy: Hedy, asked: dict[str, object], count: int) -> None:
    """Events, days and a limit choose."""
    assert len(hedy.archive.events(**asked)) == count  # type: ignore[arg-type]


def test_a_mistyped_event(hedy: Hedy) -> None:
    """A name that no event has is an error that names the one that was meant."""
    with pytest.raises(UsageError) as error:
        hedy.archive.events(event="sesion.ended")
    assert "Did you mean session.ended" in error.value.advice


def test_one_event(hedy: Hedy) -> None:
    """The JSON of one delivery is as Hedy sent it."""
    frame = hedy.archive.events(event="highlight.created")

    assert hedy.archive.event(frame["event_id"][0]) == highlight(1)
    with pytest.raises(NotFound, match="evt_0"):
        hedy.archive.event("evt_0")


def test_command(hedy: Hedy, ctx: CommandContext) -> None:
    """``%hedy events`` shows a list and says how many, and from when."""
    reply = dispatch(ctx, split("events --event session.ended --event todo.exported --since 2026-02-27"))[1]

    assert reply.value["event"].tolist() == ["session.ended", "todo.exported", "session.ended"]
    assert reply.status == "3 deliveries · archive, last Mon 2 Mar 12:00 UTC"
    assert reply.view == "events"


def test_watch(hedy: Hedy, path: Path) -> None:
    """Each look yields what came since the last one; an event narrows it; time ends it."""
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds
        with Store.open(path) as store:
            if clock[0] in {1.0, 3.0}:
                events.put(store, delivery.read(raw(ended(int(clock[0]) + 10)), None))
                events.put(store, delivery.read(raw(todo(int(clock[0]) + 10)), None))

    def watched(event: str | None) -> list[list[Arrival]]:
        clock[0] = 0.0
        return list(hedy.archive.watch(event=event, seconds=3.5, sleep=sleep, clock=lambda: clock[0]))

    both = [Arrival("session.ended", "Harbour meeting 11"), Arrival("todo.exported", "Order the gasket 11")]
    assert watched(None)[:3] == [
        both,
        [],
        [both[0]._replace(title="Harbour meeting 13"), Arrival(*both[1])._replace(title="Order the gasket 13")],
    ]
    assert clock[0] == 3.5
    assert all(not found for found in watched("highlight.created"))


def test_watch_command(
    hedy: Hedy, ctx: CommandContext, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``%hedy watch`` says in a line what came, and an interrupt ends it quietly."""

    def watch(*_: object, **__: object) -> Iterator[list[Arrival]]:
        yield []
        yield [Arrival("todo.exported", "a"), Arrival("session.ended", "evil\x1b[2J\ntitle")]
        raise KeyboardInterrupt

    monkeypatch.setattr(type(hedy.archive), "watch", watch)
    reply = dispatch(ctx, split("watch"))[1]

    assert reply.status == "2 deliveries arrived. See %hedy events."
    assert capsys.readouterr().err[6:] == "session.ended: evil title (and 1 more)\n"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(0.5, "just now"), (3, "3 min ago"), (119, "119 min ago"), (180, "3 h ago"), (4400, "3 days ago")],
)
def test_status_card(hedy: Hedy, ctx: CommandContext, minutes: float, told: str) -> None:
    """The status card says when the last delivery came, and which event it was."""
    now = NOON + timedelta(minutes=minutes)

    assert status.delivery_line(hedy, now) == f"{told}: session.ended"
    assert "Last delivery" in dispatch(ctx, [])[1].value.to_text()


def test_no_delivery_yet(api: Api, path: Path, ctx: CommandContext) -> None:
    """Without a delivery the list is empty, says how to get some, and the card has no line for it."""
    Store.open(path, create=True).close()
    with connect("hedy_live_planted0123456789", transport=api.transport, timezone="UTC", archive=path) as account:
        reply = dispatch(ctx, split("events"))[1]
        assert reply.value.empty
        assert "hedy-jupyter receive" in reply.status
        assert status.delivery_line(account) == ""
