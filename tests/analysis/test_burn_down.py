"""Open todos over time."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter.analysis.burn_down import burn_down
from hedy_jupyter.errors import UsageError
from tests.todo_frames import SESSIONS, todos

BERLIN = ZoneInfo("Europe/Berlin")


def history(**columns: Any) -> pd.DataFrame:
    """Four todos: done in time, done before anybody looked, open, done late."""
    df = todos((1, "a", True), (1, "b", True), (8, "c"), (15, "d", True)).iloc[::-1].reset_index(drop=True)
    times = {"completed_at": ["2026-03-04T10:00Z", None, None, "2026-03-25T10:00Z"], **columns}
    return df.assign(**{name: pd.to_datetime(cells, utc=True, format="ISO8601") for name, cells in times.items()})


NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def test_burn_down_counts_every_week() -> None:
    """Weeks begin on Monday in the zone; what is open at the end of each follows from what was made and done."""
    found = burn_down(history(), SESSIONS, zone=BERLIN, now=NOW)

    assert list(found.columns) == ["period", "made", "done", "open"]
    assert found["period"].dt.strftime("%m-%d").tolist() == ["03-02", "03-09", "03-16", "03-23", "03-30"]
    assert found[["made", "done", "open"]].to_numpy().tolist() == [
        [1, 1, 0],
        [1, 0, 1],
        [1, 0, 2],
        [0, 1, 1],
        [0, 0, 1],
    ]
    assert str(found["period"].dtype) == "datetime64[us]"
    assert found.attrs["burn_down"] == {"unknown_completions": 1, "unknown_meetings": 0}


@pytest.mark.parametrize(("freq", "rows"), [("D", 30), ("month", 1), ("M", 1), ("w", 5)])
def test_burn_down_has_days_weeks_and_months(freq: str, rows: int) -> None:
    """Every period up to now is a row, also those in which nothing was done."""
    found = burn_down(history(), SESSIONS, zone=BERLIN, now=NOW, freq=freq)

    assert len(found) == rows
    assert found["open"].iloc[-1] == 1


def test_burn_down_in_utc_begins_a_day_earlier() -> None:
    """The zone decides in which period a meeting is: 23:30 in UTC is the next day in Berlin."""
    first = [burn_down(history(), SESSIONS, zone=zone, now=NOW, freq="D")["period"][0] for zone in (UTC, BERLIN)]

    assert [day.day for day in first] == [1, 2]


def test_burn_down_leaves_the_future_out() -> None:
    """What was made or done after *now* does not count."""
    found = burn_down(history(), SESSIONS, zone=UTC, now=datetime(2026, 3, 10, tzinfo=UTC))

    assert found[["made", "done", "open"]].to_numpy().tolist() == [[1, 0, 1], [1, 1, 1], [0, 0, 1]]


def test_deleted_todos_are_gone() -> None:
    """What was deleted without being done is no longer open, and has its own column."""
    found = burn_down(
        history(gone_at=["2026-03-20T10:00Z", None, "2026-03-24T10:00Z", None]), SESSIONS, zone=BERLIN, now=NOW
    )

    assert found["gone"].tolist() == [0, 0, 0, 1, 0]
    assert found["open"].tolist() == [0, 1, 2, 0, 0]


def test_nothing_is_done_before_it_was_made() -> None:
    """A completion that is older than the meeting counts with the meeting."""
    found = burn_down(history(completed_at=["2026-02-01T10:00Z", None, None, None]), SESSIONS, zone=BERLIN, now=NOW)

    assert found["done"].tolist() == [1, 0, 0, 0, 0]
    assert found.attrs["burn_down"]["unknown_completions"] == 2


def test_unknown_meetings_are_counted() -> None:
    """Todos whose meeting is not known are in no period."""
    found = burn_down(history(), SESSIONS[SESSIONS["session_id"].eq("s8")], zone=BERLIN, now=NOW)

    assert found["made"].sum() == 1
    assert found.attrs["burn_down"] == {"unknown_completions": 0, "unknown_meetings": 3}


def test_burn_down_of_nothing_has_its_columns() -> None:
    """An empty frame, and one without any known meeting, give no periods and the same dtypes."""
    whole = burn_down(history(), SESSIONS, zone=BERLIN, now=NOW)
    for df, sessions in ((history().iloc[:0], SESSIONS), (history(), None)):
        found = burn_down(df, sessions, zone=BERLIN, now=NOW)

        pd.testing.assert_frame_equal(found, whole.iloc[:0], check_index_type=False)


def test_burn_down_reads_csv() -> None:
    """Times and flags that come back from a CSV file count alike."""
    again = pd.read_csv(io.StringIO(history().to_csv(index=False)))
    found = burn_down(again, SESSIONS, zone=BERLIN, now=NOW)

    pd.testing.assert_frame_equal(found, burn_down(history(), SESSIONS, zone=BERLIN, now=NOW))


def test_burn_down_needs_the_history() -> None:
    """Without ``completed_at`` the error says where it comes from; a frequency that is none is refused."""
    with pytest.raises(UsageError, match="completed_at") as caught:
        burn_down(history().drop(columns="completed_at"), SESSIONS, zone=UTC)
    assert "archive" in caught.value.advice
    with pytest.raises(UsageError, match="freq"):
        burn_down(history(), SESSIONS, zone=UTC, freq="decade")
