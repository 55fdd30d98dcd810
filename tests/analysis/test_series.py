"""Recurring meetings: the same title in a rhythm."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.analysis.series import series
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build

BERLIN = ZoneInfo("Europe/Berlin")


def meetings(
    *rows: tuple[str | None, str | None], topic: str | None = None, minutes: float | None = 30
) -> pd.DataFrame:
    """A frame of sessions of (title, day), each at nine o'clock in Berlin."""
    starts = [day and str(pd.Timestamp(f"{day} 09:00", tz=BERLIN).tz_convert("UTC").isoformat()) for _, day in rows]
    return build(
        "sessions",
        [
            {
                "sessionId": f"{topic or 's'}{place}",
                "title": title,
                "startTime": start,
                "duration": minutes,
                "topic": {"id": topic, "name": topic} if topic else None,
            }
            for place, ((title, _), start) in enumerate(zip(rows, starts, strict=True))
        ],
    )


def days(first: str, *gaps: int) -> list[str]:
    """Days with these gaps between them."""
    found = [date.fromisoformat(first)]
    for gap in gaps:
        found.append(found[-1] + timedelta(days=gap))
    return [str(day) for day in found]


@pytest.mark.parametrize(
    ("gaps", "rhythm", "weekday"),
    [
        ([7, 7, 7], "weekly", "Mon"),
        ([7, 14, 7, 8, 21], "weekly", "Mon"),
        ([14, 14, 28], "every 2 weeks", "Mon"),
        ([21, 21], "every 3 weeks", "Mon"),
        ([31, 28, 31, 30], "monthly", None),
        ([1, 1, 1, 3, 1, 1], "daily", None),
        ([10, 10, 11], "every 10 days", None),
    ],
)
def test_rhythms(gaps: list[int], rhythm: str, weekday: str | None) -> None:
    """Gaps of one length make a rhythm, also over the change of the clock and over meetings that were left out."""
    found = series(meetings(*(("Stand-up", day) for day in days("2026-03-02", *gaps))), zone=BERLIN)

    assert found["rhythm"].tolist() == [rhythm]
    assert found["meetings"].tolist() == [len(gaps) + 1]
    assert found["every_days"].tolist() == [pd.Series(gaps).median()]
    assert found["hours"].tolist() == [round(0.5 * (len(gaps) + 1), 1)]
    assert [None if pd.isna(one) else one for one in found["weekday"]] == [weekday]


@pytest.mark.parametrize(
    "titles",
    [
        ["Weekly #12", "weekly #13", "Weekly  14"],
        ["Review March", "Review April", "Review May 2026"],
        ["Jour fixe KW 10", "Jour fixe KW 11", "Jour fixe (KW 12)"],
        ["Réunion d'équipe", "Reunion d’equipe", "RÉUNION D'ÉQUIPE"],
        ["3月2日 定例会", "3月9日 定例会", "3月16日 定例会"],
    ],
)
def test_titles_of_a_series(titles: list[str]) -> None:
    """Numbers, dates, case, accents and kinds of quotes do not tell meetings apart; the newest title is shown."""
    found = series(meetings(*zip(titles, days("2026-03-02", 7, 7), strict=True))[::-1], zone=BERLIN)

    assert found["title"].tolist() == [titles[-1]]
    assert found["session_ids"].tolist() == [["s0", "s1", "s2"]]


@pytest.mark.parametrize(
    "rows",
    [
        list(zip(["Call"] * 5, days("2026-03-02", 1, 40, 3, 90), strict=True)),
        list(zip(["Call"] * 3, days("2026-03-02", 0, 0), strict=True)),
        list(zip(["Call"] * 2, days("2026-03-02", 7), strict=True)),
        list(zip(["Plan A", "Plan B", "Plan C"], days("2026-03-02", 7, 7), strict=True)),
        list(zip(["", None, " "], days("2026-03-02", 7, 7), strict=True)),
        [("Call", None)] * 4,
        [],
    ],
    ids=["no rhythm", "one day", "two", "other titles", "no title", "no start", "nothing"],
)
def test_what_is_no_series(rows: list[tuple[str | None, str | None]]) -> None:
    """Meetings without a rhythm or with different titles are no series; the columns are the same."""
    found = series(meetings(*rows), zone=BERLIN)

    assert found.empty
    full = series(meetings(*(("A", day) for day in days("2026-03-02", 7, 7))), zone=BERLIN)
    assert found.dtypes.to_dict() == full.dtypes.to_dict()


def test_two_topics_with_one_title() -> None:
    """Two teams' "Weekly" are two series; a single meeting of another topic disturbs none."""
    one = meetings(*(("Weekly", day) for day in days("2026-03-02", 7, 7, 7)), topic="Boats")
    other = meetings(*(("Weekly", day) for day in days("2026-03-05", 14, 14)), topic="Lamps")
    found = series(pd.concat([one, other], ignore_index=True), zone=BERLIN)
    mixed = series(pd.concat([one, other.head(1)], ignore_index=True), zone=BERLIN)

    assert found[["topic_name", "rhythm", "weekday", "hours"]].to_numpy().tolist() == [
        ["Boats", "weekly", "Mon", 2.0],
        ["Lamps", "every 2 weeks", "Thu", 1.5],
    ]
    assert mixed[["topic_name", "meetings"]].to_numpy().tolist() == [["Boats", 4]]


def test_the_demo_agrees_with_plain_pandas(demo: Hedy) -> None:
    """Each series of the demo account has the meetings, hours, first and last of its title."""
    df = demo.sessions(limit=None)
    found = df.hedy.series()

    assert {"Launch weekly", "Clinic stand-up", "社区图书馆例会"} <= set(found["title"])
    assert found["hours"].is_monotonic_decreasing
    for row in found.itertuples():
        part = df[df["title"].eq(row.title).fillna(False)].sort_values("start_time")
        assert row.meetings == len(part)
        assert row.hours == round(part["duration_min"].sum() / 60, 1)
        assert (row.first, row.last) == (part["start_time"].iloc[0], part["start_time"].iloc[-1])
        assert row.session_ids == part["session_id"].tolist()


def test_lengths_and_limits() -> None:
    """Hours are missing where no length is known; *least* is at least two."""
    rows = [("Weekly", day) for day in days("2026-03-02", 7)]

    assert series(meetings(*rows, minutes=None), least=2, zone=BERLIN)["hours"].isna().tolist() == [True]
    with pytest.raises(UsageError, match="least=1"):
        series(meetings(*rows), least=1, zone=BERLIN)
