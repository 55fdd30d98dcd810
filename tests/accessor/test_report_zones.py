"""Reports of ``df.hedy``: all their times and days are those of one zone, which they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter.accessor import registration
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.frames.build import build

ZONES = ["Pacific/Auckland", "Asia/Kolkata", "America/New_York", "UTC"]
STARTS = [
    "2026-11-24T10:59:00Z",  # one minute before midnight in Auckland
    "2026-11-23T18:29:00Z",  # one minute before midnight in Kolkata
    "2026-11-01T05:30:00Z",  # 1:30 for the first time in New York, where the clock is put back
    "2026-09-26T14:30:00Z",  # after the clock of Auckland was put forward
    "2026-03-08T04:59:00Z",  # one minute before midnight in New York, on the eve of the clock change
]
TOPIC = {"id": "t1", "name": "Team"}
SESSIONS = build(
    "sessions",
    [
        {"sessionId": f"s{place}", "title": "Weekly", "startTime": start, "duration": 50, "topic": TOPIC}
        for place, start in enumerate(STARTS)
    ],
)
TODOS = build(
    "todos",
    [
        {"id": f"d{place}", "text": "Send the budget to Ada", "dueDate": "tomorrow", "sessionId": f"s{place}"}
        for place in range(len(STARTS))
    ],
)
HIGHLIGHTS = build(
    "highlights_detailed",
    [
        {"highlightId": f"h{place}", "sessionId": f"s{place}", "timestamp": start, "rawQuote": "Yes."}
        for place, start in enumerate(STARTS)
    ],
)
TOPICS = build(
    "topics",
    [
        {"id": f"t{place}", "name": "Team", "lastSessionDate": start, "createdAt": start, "updatedAt": start}
        for place, start in enumerate(STARTS)
    ],
)
HALF = {name: SESSIONS[name].where(SESSIONS.index > 1) for name in ("topic_id", "topic_name")}
TURNS = "Ada: Send the budget.\nBo: Yes, today.\nAda: Thanks, Bo."

REPORTS: dict[str, Callable[[], Any]] = {
    "summary": lambda: HedyFrame(SESSIONS).summary(),
    "summary of todos": lambda: HedyFrame(TODOS).summary(),
    "summary of highlights": lambda: HedyFrame(HIGHLIGHTS).summary(),
    "summary of topics": lambda: HedyFrame(TOPICS).summary(),
    "by_topic": lambda: HedyFrame(SESSIONS).by_topic(),
    "by_topic of todos": lambda: HedyFrame(TODOS).by_topic(),
    "load": lambda: HedyFrame(SESSIONS).load("D"),
    "load by topic": lambda: HedyFrame(SESSIONS).load("M", by="topic"),
    "load wide": lambda: HedyFrame(SESSIONS).load("D", wide=True),
    "compare": lambda: HedyFrame(SESSIONS.assign(**HALF)).compare("Team", "(no topic)"),
    "series": lambda: HedyFrame(SESSIONS.iloc[[0, 3]]).series(least=2),
    "busiest": lambda: HedyFrame(SESSIONS).busiest(),
    "gaps": lambda: HedyFrame(SESSIONS).gaps(),
    "overdue": lambda: HedyFrame(HedyFrame(TODOS).due(SESSIONS)).overdue("2027-01-01"),
    "overdue with times": lambda: HedyFrame(TODOS.merge(SESSIONS[["session_id", "start_time"]])).overdue("2027-01-01"),
    "carried_over": lambda: HedyFrame(TODOS).carried_over(SESSIONS),
    "by_urgency": lambda: HedyFrame(TODOS).by_urgency(SESSIONS),
    "with_meeting": lambda: HedyFrame(TODOS).with_meeting(SESSIONS),
    "burn_down": lambda: HedyFrame(TODOS.assign(completed_at=SESSIONS["start_time"])).burn_down(SESSIONS, freq="D"),
    "quotes": lambda: HedyFrame(HIGHLIGHTS).quotes(),
    "by_session": lambda: HedyFrame(HIGHLIGHTS).by_session(),
    "speakers by month": lambda: HedyFrame(SESSIONS.assign(transcript=TURNS)).speakers("month"),
    "stale": lambda: HedyFrame(TOPICS).stale(1),
}
OTHERS = {
    *(
        "search",
        "redact",
        "localize",
        "on",
        "between",
        "open",
        "done",
        "due",
        "age",
        "at",
        "without_todos",
    ),  # the frame's own rows
    *("utterances", "words"),  # no times
    *("decisions", "open_questions", "action_items"),  # the times of the frame's own rows
}


@pytest.fixture(autouse=True)
def _registered() -> None:
    registration.register()


def zones(report: pd.DataFrame | pd.Series) -> set[str]:
    """The zones of all times in a report."""
    if isinstance(report, pd.Series):
        return {str(fact.tzinfo) for fact in report if isinstance(fact, pd.Timestamp)}
    dtypes = [*report.dtypes, report.index.dtype]
    return {str(dtype.tz) for dtype in dtypes if isinstance(dtype, pd.DatetimeTZDtype)}


def test_every_member_is_a_report_or_not() -> None:
    """A new member has to be put into one of the lists above."""
    members = {name for name in dir(HedyFrame) if not name.startswith(("_", "fetch_", "plot_", "to_"))}

    assert members == {name.split(" ")[0] for name in REPORTS} | OTHERS


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", REPORTS)
def test_times_are_local_and_the_zone_is_named(name: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every time of a report has the zone of the account, and ``attrs`` name it."""
    monkeypatch.setenv("HEDY_TIMEZONE", zone)

    found = REPORTS[name]()

    assert len(found) > 0
    assert found.attrs["zone"] == zone
    assert zones(found) <= {zone}


@pytest.mark.parametrize("name", [name for name in REPORTS if "overdue" not in name and "carried" not in name])
def test_a_zone_that_was_chosen_for_the_frame_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ``localize`` a report has that zone, whatever the account's is."""
    monkeypatch.setenv("HEDY_TIMEZONE", "Asia/Kolkata")
    frames = {"SESSIONS": SESSIONS, "TODOS": TODOS, "HIGHLIGHTS": HIGHLIGHTS, "TOPICS": TOPICS}
    for variable, frame in frames.items():
        monkeypatch.setitem(globals(), variable, HedyFrame(frame).localize("Pacific/Auckland"))

    found = REPORTS[name]()

    assert found.attrs["zone"] == "Pacific/Auckland"
    assert zones(found) <= {"Pacific/Auckland"}


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_local_days(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Around midnight and clock changes the days of a report are those of the calendar of the zone."""
    monkeypatch.setenv("HEDY_TIMEZONE", zone)
    days = [pd.Timestamp(start).tz_convert(ZoneInfo(zone)).date() for start in STARTS]

    load, summary = HedyFrame(SESSIONS).load("D"), HedyFrame(SESSIONS).summary()
    busy, late = HedyFrame(SESSIONS).busiest(), REPORTS["overdue"]()

    assert [day.date() for day in load.loc[load["count"] > 0, "period"]] == sorted(set(days))
    assert summary["days"] == (max(days) - min(days)).days + 1
    assert summary["last"].date() == max(days)
    assert {first.date() for first in busy["first"]} == set(days)
    assert [day.date() for day in late["due_on"]] == [day + pd.Timedelta(days=1) for day in sorted(days)]
