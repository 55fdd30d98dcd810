"""``df.hedy`` on Dask frames: the same results as on the whole frame, lazily, and a way for what needs all rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pandas as pd
import pytest

import hedy_jupyter as hj
import hedy_jupyter.dask
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.dask import AT_ONCE, COUNTED, ROW_BY_ROW
from hedy_jupyter.errors import UsageError

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")  # dask's own use of pandas
PARTS = 3
ZONE = "Asia/Tokyo"
CASES = [
    *[("sessions", name, {}) for name in ("action_items", "busiest", "by_topic", "decisions", "gaps", "load")],
    *[("sessions", name, {}) for name in ("open_questions", "series", "speakers", "summary", "utterances", "words")],
    ("sessions", "between", {"since": "60d", "until": "3d"}),
    ("sessions", "gaps", {"by": "topic", "min_days": 0}),
    ("sessions", "load", {"freq": "M", "by": "type"}),
    ("sessions", "localize", {"tz": "Europe/Berlin"}),
    ("sessions", "on", {"day": "last week"}),
    ("sessions", "search", {"text": "lamp -harbour"}),
    *[("sessions", "speakers", {"by": basis}) for basis in ("topic", "month", "session")],
    ("sessions", "words", {"n": 200}),
    *[("todos", name, {}) for name in ("age", "burn_down", "by_topic", "by_urgency", "done", "due", "open", "overdue")],
    *[("todos", name, {}) for name in ("summary", "to_whom", "with_meeting")],
    ("todos", "to_whom", {"names": ["Yusra Hallam", "Ines", "Will"]}),
    ("todos", "overdue", {"as_of": "7d"}),
    *[("highlights", name, {}) for name in ("at", "by_session", "quotes")],
    ("topics", "stale", {"days": 1}),
]


@pytest.fixture(scope="module")
def frames() -> Iterator[dict[str, pd.DataFrame]]:
    """Return whole frames of the demo, in the zone of an account that workers do not have."""
    with hj.demo(timezone=ZONE) as hedy:
        days = {"first_seen_at": "2026-01-01", "completed_at": "2026-02-01"}
        times = {name: pd.Timestamp(day, tz="UTC") for name, day in days.items()}
        yield {
            "sessions": hedy.sessions(24, details=True),
            "todos": hedy.todos().head(120).assign(**times),
            "highlights": hedy.highlights(30, details=True),
            "topics": hedy.topics(),
        }


def plain(found: Any) -> list[Any]:
    """Return the values of a result, which Dask may hold in other types of text, and whose sums it rounds otherwise.

    The spelling of a word may be that of another part.
    """
    if isinstance(found, pd.Series):
        return [(key, str(value)) for key, value in found.items()]
    if "word" in found.columns:
        found = found.assign(word=found["word"].str.casefold())
    rows = found.astype(object).where(found.notna(), None).to_numpy().tolist()
    return [
        list(found.columns),
        *([round(cell, 9) if isinstance(cell, float) else cell for cell in row] for row in rows),
    ]


def lazily(df: pd.DataFrame, name: str, options: dict[str, Any]) -> Any:
    """Return the lazy result on *df* in several partitions."""
    return getattr(dd.from_pandas(df, npartitions=PARTS, sort=False).hedy, name)(**options)


@pytest.mark.parametrize(("kind", "name", "options"), CASES)
def test_result_is_that_of_the_whole_frame(
    frames: dict[str, pd.DataFrame], kind: str, name: str, options: dict[str, Any]
) -> None:
    """A member gives the same rows in the same order as pandas, also where the parts are added up."""
    found = lazily(frames[kind], name, options).compute(scheduler="synchronous")

    assert plain(found) == plain(getattr(frames[kind].hedy, name)(**options))


def test_every_member_is_tested() -> None:
    """No member is offered on Dask frames that these tests do not compare."""
    assert {name for _, name, _ in CASES} == ROW_BY_ROW | COUNTED | AT_ONCE
    assert {
        name for name in ROW_BY_ROW | COUNTED | AT_ONCE if hasattr(HedyFrame, name)
    } == ROW_BY_ROW | COUNTED | AT_ONCE


@pytest.mark.parametrize(("kind", "name"), [("sessions", "load"), ("sessions", "busiest"), ("todos", "due")])
def test_worker_needs_no_account(frames: dict[str, pd.DataFrame], kind: str, name: str) -> None:
    """The zone and the meetings are those of the account that was in use when the member was called."""
    meetings = {"sessions": frames["sessions"]} if kind == "todos" else {}
    wanted = plain(getattr(frames[kind].hedy, name)(**meetings))
    lazy = lazily(frames[kind], name, meetings)

    with hj.demo(timezone="America/Lima"):
        found = lazy.compute(scheduler="synchronous")

    assert plain(found) == wanted


def test_meetings_may_be_a_dask_frame(frames: dict[str, pd.DataFrame]) -> None:
    """``due`` and the like take the meetings from another Dask frame, by position or name."""
    sessions = dd.from_pandas(frames["sessions"], npartitions=PARTS)

    found = dd.from_pandas(frames["todos"], npartitions=PARTS, sort=False).hedy.due(sessions).compute()

    assert plain(found) == plain(frames["todos"].hedy.due(frames["sessions"]))


def test_long_texts_are_not_read_for_times(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """What is made of all rows at once reads only the columns that hold no long texts."""
    pytest.importorskip("pyarrow")
    frames["sessions"].to_parquet(tmp_path / "sessions.parquet")

    plan = dd.read_parquet(tmp_path).hedy.load().optimize(fuse=False).expr

    columns = {name for step in plan.walk() for name in step.columns}
    assert {"session_id", "start_time", "duration_min"} <= columns
    assert not columns & {"transcript", "cleaned_transcript", "recap", "meeting_minutes"}


@pytest.mark.parametrize(
    ("kind", "name", "way"),
    [
        ("sessions", "compare", r"df\[\['session_id', 'title', 'start_time'.*\]\]\.compute\(\)\.hedy\.compare\(…\)"),
        ("sessions", "plot_load", r"\.compute\(\)\.hedy\.plot_load\(…\)"),
        ("sessions", "to_vault", r"Filter first.*df\.compute\(\)\.hedy\.to_vault\(…\)"),
        ("todos", "carried_over", r"Filter first.*df\.compute\(\)\.hedy\.carried_over\(…\)"),
    ],
)
def test_error_names_the_way(frames: dict[str, pd.DataFrame], kind: str, name: str, way: str) -> None:
    """What cannot work on parts says what to write in its place, without the long texts where it can do so."""
    df = dd.from_pandas(frames[kind], npartitions=PARTS)

    with pytest.raises(AttributeError, match=rf"{name}\(\) needs all rows at once.*{way}") as caught:
        getattr(df.hedy, name)

    assert "transcript" not in str(caught.value)


def test_wide_table_names_the_way(frames: dict[str, pd.DataFrame]) -> None:
    """A table whose columns depend on the rows cannot be lazy."""
    df = dd.from_pandas(frames["sessions"], npartitions=PARTS)

    with pytest.raises(UsageError, match=r"wide=True\) needs all rows") as caught:
        df.hedy.load(wide=True)

    assert ".compute().hedy.load(…)" in caught.value.advice
