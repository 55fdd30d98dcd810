"""The zone of a frame: what ``localize`` chose counts for every member, also where it is the UTC that the API gives."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import dateutil.tz
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from hedy_jupyter.accessor import registration
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.dates import periods
from hedy_jupyter.frames import timezones
from hedy_jupyter.frames.build import build

DISPLAY = "Asia/Tokyo"
STARTS = [
    "2026-03-30T23:30:00Z",
    "2026-03-30T14:30:00Z",
    "2026-03-29T20:00:00Z",
    "2026-03-27T16:45:00Z",
    "2026-02-28T23:59:00Z",
]
TOPIC = {"id": "t1", "name": "Team"}
SESSIONS = build(
    "sessions",
    [
        {"sessionId": f"s{place}", "startTime": start, "duration": 50, "topic": TOPIC}
        for place, start in enumerate(STARTS)
    ],
)
TODOS = build(
    "todos",
    [
        {"id": f"d{place}", "text": "Call", "dueDate": "Tomorrow", "completed": False, "sessionId": f"s{place}"}
        for place in range(5)
    ],
)
TOPICS = build("topics", [{"id": "t1", "name": "Team", "color": "#AA3311"}])
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Etc/UTC", "Asia/Tokyo"]

MEMBERS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "on": lambda df: HedyFrame(df).on("2026-03-30"),
    "between": lambda df: HedyFrame(df).between("2026-03-28", "2026-03-30"),
    "load": lambda df: HedyFrame(df).load("D"),
    "load by topic": lambda df: HedyFrame(df).load("M", by="topic"),
    "busiest": lambda df: HedyFrame(df).busiest(),
    "gaps": lambda df: HedyFrame(df).gaps(),
    "plot_timeline": lambda df: HedyFrame(df).plot_timeline(),
    "plot_heatmap": lambda df: HedyFrame(df).plot_heatmap(),
    "plot_load": lambda df: HedyFrame(df).plot_load("D"),
    "to_markdown": lambda df: HedyFrame(df).to_markdown(),
    "to_ics": lambda df: HedyFrame(df).to_ics(),
    "due of merged todos": lambda df: HedyFrame(TODOS.merge(df[["session_id", "start_time"]], on="session_id")).due(),
    "due by the meetings": lambda df: HedyFrame(TODOS).due(df),
    "late": lambda df: HedyFrame(HedyFrame(TODOS).due(df)).overdue("2026-04-01"),
}


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    mpl.use("Agg")
    monkeypatch.setenv("HEDY_TIMEZONE", DISPLAY)
    registration.register()
    yield
    plt.close("all")


IN_ZONES: dict[tuple[str, str], Any] = {}
"""Zone and member → what the member gives on a plain frame when that is the display zone."""


def told(value: Any) -> Any:
    """*value* as plain values; times by the wall clock on which they are, rows by what is in them."""
    if isinstance(value, Axes):
        return (
            value.get_ylabel(),
            sorted(tuple(map(float, bar.get_bbox().bounds)) for bar in value.patches),
            _shades(value),
        )
    if isinstance(value, pd.DataFrame):
        times = {"start_time"} if "session_id" in value else set()
        return [
            [str(cell) for cell in row]
            for row in value.drop(columns=list(times & set(value.columns))).to_numpy(dtype=object)
        ]
    return value


def _shades(axes: Axes) -> list[list[float]]:
    return [
        np.ma.filled(mesh.get_array().astype(float), -1).ravel().tolist()
        for mesh in axes.collections
        if mesh.get_array() is not None
    ]


def in_zone(monkeypatch: pytest.MonkeyPatch, zone: str, member: str) -> Any:
    """What the member gives on a plain frame when *zone* is the display zone."""
    if (zone, member) not in IN_ZONES:
        with monkeypatch.context() as patch:
            patch.setenv("HEDY_TIMEZONE", zone)
            IN_ZONES[zone, member] = told(MEMBERS[member](SESSIONS))
    return IN_ZONES[zone, member]


@pytest.mark.parametrize(
    ("member", "zone"),
    [(member, zone) for member in MEMBERS for zone in (ZONES[1:3] if member.startswith("plot_") else ZONES)],
)
def test_a_member_reckons_in_the_zone_of_the_frame(member: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A localised frame gives what the plain one gives where that zone is the display zone."""
    found = told(MEMBERS[member](SESSIONS.hedy.localize(zone)))

    assert found == in_zone(monkeypatch, zone, member)


def test_the_display_zone_counts_without_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The UTC of the API is no choice, and the zones of these tests do differ."""
    answers = {
        zone: {member: str(in_zone(monkeypatch, zone, member)) for member in MEMBERS} for zone in ("UTC", DISPLAY)
    }

    assert {member: str(told(call(SESSIONS))) for member, call in MEMBERS.items()} == answers[DISPLAY]
    for member in set(MEMBERS) - {"to_ics"}:
        assert answers["UTC"][member] != answers[DISPLAY][member], member


STEPS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "filter": lambda df: df[df["duration_min"] > 0],
    "sort": lambda df: df.sort_values("title"),
    "assign": lambda df: df.assign(note=1),
    "merge, left": lambda df: df.merge(TOPICS[["topic_id", "color"]], on="topic_id"),
    "merge, right": lambda df: TOPICS[["topic_id", "color"]].merge(df, on="topic_id", how="right"),
    "join": lambda df: df.join(TOPICS.set_index("topic_id")[["color"]], on="topic_id"),
    "concat": lambda df: pd.concat([df.iloc[:2], df.iloc[2:]], ignore_index=True),
    "concat of other attrs": lambda df: pd.concat([df.iloc[:2].pipe(_attributed), df.iloc[2:]]),
    "concat with plain rows": lambda df: pd.concat([df.iloc[:2], SESSIONS.iloc[2:]]),
    "concat beside": lambda df: pd.concat([df, pd.Series(range(len(df)), name="number")], axis=1),
    "no attrs": lambda df: _attributed(df, {}),
    "pickle": lambda df: pickle.loads(pickle.dumps(df)),  # noqa: S301  our own bytes
    "deep copy": lambda df: copy.deepcopy(df),
    "index": lambda df: df.set_index(["session_id", "start_time"]),
    "index and back": lambda df: df.set_index("start_time").reset_index(),
    "nanoseconds": lambda df: df.assign(start_time=df["start_time"].dt.as_unit("ns")),
    "object": lambda df: df.astype("object"),
    "pyarrow": lambda df: df.convert_dtypes(dtype_backend="pyarrow"),
    "parquet": lambda df: _parquet(df),
    "explode": lambda df: df.assign(tag=[["a"]] * len(df)).explode("tag"),
    "reindex": lambda df: df.reindex([*df.index, 99]),
    "missing first": lambda df: df.reindex([99, *df.index]),
    "details": lambda df: df.hedy.on("2026").hedy.search("team"),
}


def _attributed(df: pd.DataFrame, attrs: dict[str, object] | None = None) -> pd.DataFrame:
    found = df.copy()
    found.attrs = {"coverage": {"found": 1}} if attrs is None else attrs
    return found


def _parquet(df: pd.DataFrame) -> pd.DataFrame:
    file = io.BytesIO()
    df.to_parquet(file)
    file.seek(0)
    return pd.read_parquet(file)


@pytest.mark.parametrize(
    ("step", "zone"),
    [
        *((step, "UTC") for step in STEPS),
        *(
            (step, "America/Los_Angeles") for step in STEPS if step != "concat with plain rows"
        ),  # of two zones pandas makes objects
    ],
)
def test_the_choice_survives(step: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What users do with a localised frame keeps its zone."""
    df = STEPS[step](SESSIONS.hedy.localize(zone))
    rows = df[~df.index.isin([99])] if step in ("reindex", "missing first") else df

    assert str(timezones.frame_zone(df, ZoneInfo(DISPLAY))) == zone
    assert told(rows.hedy.load("D")) == in_zone(monkeypatch, zone, "load")


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_chosen_by_those_steps(step: str) -> None:
    """A frame that was never localised stays in the display zone, whatever it goes through."""
    assert str(timezones.frame_zone(STEPS[step](SESSIONS.copy()), ZoneInfo(DISPLAY))) == DISPLAY


@pytest.mark.parametrize(
    "zone",
    ["UTC", UTC, ZoneInfo("UTC"), dateutil.tz.UTC, timezone(timedelta(0), "UTC")],
    ids=lambda zone: repr(zone)[:30],
)
def test_chosen_utc_is_utc_to_pandas(zone: str | tzinfo) -> None:
    """The times have the dtype of the API's, are equal to them, and go together with them."""
    found = SESSIONS.hedy.localize(zone)

    assert timezones.frame_zone(found, ZoneInfo(DISPLAY)) == UTC
    pd.testing.assert_frame_equal(found, SESSIONS)
    assert str(found["start_time"].dtype) == "datetime64[us, UTC]"
    assert found["start_time"].dtype == SESSIONS["start_time"].dtype
    assert found["start_time"].dt.tz == UTC
    assert str(pd.concat([found, SESSIONS])["start_time"].dtype) == "datetime64[us, UTC]"
    assert len(found.merge(SESSIONS, on="start_time")) == len(SESSIONS)
    assert (found["start_time"] == SESSIONS["start_time"]).all()
    assert found["start_time"][0].isoformat() == "2026-03-30T23:30:00+00:00"
    assert repr(found["start_time"][0]) == repr(SESSIONS["start_time"][0])
    assert found.to_csv() == SESSIONS.to_csv()


def test_an_offset_is_a_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone without a name is chosen too, also by todos, which have no times."""
    zone = timezone(timedelta(hours=-8))
    sessions, todos = SESSIONS.hedy.localize(zone), TODOS.hedy.localize(zone)

    assert told(sessions.hedy.load("D")) == in_zone(monkeypatch, "Etc/GMT+8", "load")
    assert timezones.frame_zone(todos, ZoneInfo(DISPLAY)).utcoffset(None) == timedelta(hours=-8)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_todos_have_a_zone_too(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Todos have no times: their zone is noted, and the meetings' days and today are those of it."""
    todos = TODOS.hedy.localize(zone)
    dated = todos[todos["completed"].eq(False)].hedy.due(SESSIONS)

    assert told(dated) == in_zone(monkeypatch, zone, "due by the meetings")
    assert str(timezones.frame_zone(dated, ZoneInfo(DISPLAY))) == zone
    assert todos.attrs == {"zone": zone}
    assert "zone" not in TODOS.attrs


def test_today_is_that_of_the_zone_in_which_days_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """After ``due`` by localised meetings the day that makes a todo late is one of their zone."""
    asked: list[tzinfo] = []

    def present(_now: object, zone: tzinfo) -> datetime:
        asked.append(zone)
        return datetime(2026, 3, 31, tzinfo=zone)

    monkeypatch.setattr(periods, "present", present)
    meetings = SESSIONS.hedy.localize("UTC")

    TODOS.hedy.due(meetings).hedy.overdue()
    TODOS.hedy.age(meetings)
    TODOS.merge(meetings[["session_id", "start_time"]], on="session_id").hedy.due().hedy.overdue()
    TODOS.hedy.due(SESSIONS).hedy.overdue()

    assert list(map(str, asked)) == ["UTC", "UTC", "UTC", DISPLAY]


def test_a_note_that_the_times_contradict_does_not_count() -> None:
    """Who moves the times by hand after ``localize`` has chosen again."""
    moved = SESSIONS.hedy.localize("UTC").pipe(
        lambda df: df.assign(start_time=df["start_time"].dt.tz_convert("Europe/Berlin"))
    )
    noted = _attributed(SESSIONS, {"zone": "Europe/Berlin"})
    broken = _attributed(TODOS, {"zone": "Mars/Olympus"})

    assert str(timezones.frame_zone(moved, ZoneInfo(DISPLAY))) == "Europe/Berlin"
    assert str(timezones.frame_zone(noted, ZoneInfo(DISPLAY))) == DISPLAY
    assert str(timezones.frame_zone(broken, ZoneInfo(DISPLAY))) == DISPLAY
    assert "zone" not in SESSIONS.hedy.localize("UTC").hedy.localize("Europe/Berlin").attrs
    assert timezones.frame_zone(SESSIONS.hedy.localize("Europe/Berlin").hedy.localize("UTC"), ZoneInfo(DISPLAY)) == UTC


BY_MEETINGS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "due": lambda meetings: HedyFrame(TODOS).due(meetings)[["due_on"]],
    "late": lambda meetings: HedyFrame(HedyFrame(TODOS).due(meetings)).overdue("2026-04-01")[["overdue_days"]],
    "carried over": lambda meetings: HedyFrame(TODOS).carried_over(meetings).drop(columns="todo_ids", errors="ignore"),
    "burn down": lambda meetings: HedyFrame(TODOS.assign(completed_at=pd.NaT)).burn_down(meetings, freq="D").iloc[:4],
}


@pytest.mark.parametrize("display", ["Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize(
    ("kept", "zone"),
    [
        ("text", "UTC"),
        *((kept, zone) for kept in ("as it is", "parquet", "pyarrow", "objects") for zone in ("UTC", "Europe/Berlin")),
    ],
)
@pytest.mark.parametrize("read", BY_MEETINGS)
def test_days_are_those_of_the_meetings_zone(
    read: str, kept: str, zone: str, display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Todos read by localised meetings have the days of their zone, also after a file or another dtype."""
    keep: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "as it is": lambda df: df,
        "parquet": _parquet,
        "pyarrow": lambda df: df.convert_dtypes(dtype_backend="pyarrow").pipe(
            lambda found: _attributed(found, df.attrs)
        ),
        "text": lambda df: _attributed(df.assign(start_time=df["start_time"].astype(str)), {"zone": zone}),
        "objects": lambda df: _attributed(df.assign(start_time=df["start_time"].astype("object")), df.attrs),
    }
    meetings = keep[kept](SESSIONS.hedy.localize(zone))
    monkeypatch.setenv("HEDY_TIMEZONE", zone)
    wanted = told(BY_MEETINGS[read](SESSIONS))
    monkeypatch.setenv("HEDY_TIMEZONE", display)

    assert told(BY_MEETINGS[read](meetings)) == wanted


def _offsets(*hours: int | None) -> pd.DataFrame:
    """The sessions with their times as objects, each at so many hours from UTC; None is naive."""
    zones = [None if hour is None else timezone(timedelta(hours=hour)) for hour in hours]
    moments = [start.to_pydatetime() for start in SESSIONS["start_time"]]
    cells = [
        one.replace(tzinfo=None) if zone is None else one.astimezone(zone)
        for one, zone in zip(moments, zones, strict=True)
    ]
    return SESSIONS.assign(start_time=pd.Series(cells, dtype="object"))


@pytest.mark.parametrize(
    "hours", [(-8, 9, 1, 2, 0), (-8, -8, -8, -8, -7), (0, 1, 0, 0, 0), (None, -8, -8, -8, -8), (-8, None, -8, -8, -8)]
)
@pytest.mark.parametrize("member", ["load", "due by the meetings", "on"])
def test_times_of_several_zones_have_the_display_zone(
    member: str, hours: tuple[int | None, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first cell does not decide about the others."""
    assert told(MEMBERS[member](_offsets(*hours))) == in_zone(monkeypatch, DISPLAY, member)


def test_objects_of_one_zone_stay_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone that all cells share counts, also over a change of its clock."""
    berlin = SESSIONS.assign(start_time=SESSIONS["start_time"].dt.tz_convert("Europe/Berlin").astype("object"))

    assert told(HedyFrame(_offsets(-8, -8, -8, -8, -8)).load("D")) == in_zone(monkeypatch, "Etc/GMT+8", "load")
    assert told(HedyFrame(berlin).load("D")) == in_zone(monkeypatch, "Europe/Berlin", "load")
