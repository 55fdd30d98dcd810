"""Frames from files and other hands become what the API's records make: by column, and whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import column_lookup, normalize, timezones
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.schema import DTYPES

NONE: Any = None


def listed(values: pd.Series) -> list[object]:
    """The cells, None for missing."""
    return [None if not isinstance(cell, list) and pd.isna(cell) else cell for cell in values.tolist()]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            pd.Series(["30", "1e2", " 7.5 ", "x", "", "inf", "-3", "1e12", None]),
            [30.0, 100.0, 7.5, None, None, None, None, None, None],
        ),
        (pd.Series([30, 45.5, None, pd.NA, "60"], dtype="object"), [30.0, 45.5, None, None, 60.0]),
        (pd.Series([30, 366 * 24 * 60, 366 * 24 * 60 + 1, 0, -0.5]), [30.0, 527040.0, None, 0.0, None]),
        (pd.Series([30, None], dtype="Int64"), [30.0, None]),
        (pd.Series(["30", None], dtype="category"), [30.0, None]),
        (pd.Series([30, -1], dtype="int8"), [30.0, None]),
        (pd.Series(pd.to_timedelta([30, None, -1], unit="min")), [30.0, None, None]),
        (pd.Series([[30], {}, True, dt.date(2026, 1, 1)], dtype="object"), [None, None, 1.0, None]),
    ],
)
def test_minutes_are_one_definition(values: pd.Series, expected: list[object]) -> None:
    """A length is a number from 0 to 366 days; anything else is missing, in every member that adds lengths up."""
    df = pd.DataFrame({"duration_min": values})

    assert listed(normalize.minutes(df)) == expected
    assert normalize.minutes(df).dtype == "float64"


@pytest.mark.parametrize("minutes", [-30.0, 9e9, float("inf"), float("nan")])
def test_impossible_lengths_count_nowhere(minutes: float) -> None:
    """Summary, topics, load and busy days agree on what is no length."""
    rows = [
        {"sessionId": "a", "startTime": "2026-03-18T09:00:00Z", "duration": 60},
        {"sessionId": "b", "startTime": "2026-03-19T09:00:00Z", "duration": 30},
    ]
    df = build("sessions", rows).assign(duration_min=[minutes, 30.0])

    assert df.hedy.summary()[["hours", "median_min"]].tolist() == [0.5, 30.0]
    assert df.hedy.by_topic()["hours"].tolist() == [0.5]
    assert df.hedy.load("M")["hours"].tolist() == [0.5]
    assert df.hedy.busiest()["hours"].sum() == 0.5


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.Series([True, False]), [True, False]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (
            pd.Series([True, None, "True", "FALSE", "false ", 1, 0.0, "1", "no", ""], dtype="object"),
            [True, None, True, False, False, True, False, True, None, None],
        ),
        (pd.Series([1.0, 0.0, None]), [True, False, None]),
        (pd.Series(["TRUE", None], dtype="category"), [True, None]),
    ],
)
def test_flags_are_read_from_text_and_numbers(values: pd.Series, expected: list[object]) -> None:
    """Files write flags as True, TRUE, 1 or 1.0; what is neither true nor false is missing."""
    assert listed(normalize.flags(values)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-18T13:00:00Z", "2026-03-18T13:00:00"),
        ("2026-03-18 13:00", "2026-03-18T13:00:00"),
        ("2026-03-18T15:00:00+02:00", "2026-03-18T13:00:00"),
        ("2026-03-18", "2026-03-18T00:00:00"),
        ("9998-12-30T22:00:00Z", "9998-12-30T22:00:00"),
        (1773838800000, "2026-03-18T13:00:00"),
        ("1773838800000", "2026-03-18T13:00:00"),
        (1773838800, "2026-03-18T13:00:00"),
        (1773838800.0, "2026-03-18T13:00:00"),
        (1773838800000000, "2026-03-18T13:00:00"),
        (1773838800000000000, "2026-03-18T13:00:00"),
        (dt.datetime(2026, 3, 18, 13), "2026-03-18T13:00:00"),
        (dt.datetime(2026, 3, 18, 15, tzinfo=dt.timezone(dt.timedelta(hours=2))), "2026-03-18T13:00:00"),
        (dt.date(2026, 3, 18), "2026-03-18T00:00:00"),
        (pd.Timestamp("2026-03-18T13:00", tz="UTC"), "2026-03-18T13:00:00"),
        ("soon", None),
        ("", None),
        (7, None),
        (NONE, None),
        (pd.NaT, None),
        (True, None),
    ],
)
@pytest.mark.parametrize(
    "beside",
    [[], ["2026-03-01T00:00:00Z"], [1773838800000], [pd.NaT], [dt.datetime(2026, 3, 1, tzinfo=dt.UTC)]],
    ids=repr,
)
def test_moments_of_any_form(cell: object, expected: str | None, beside: list[object]) -> None:
    """ISO text, datetimes, dates and numbers since 1970 are one instant, whatever is beside them."""
    found = timezones.moments(pd.Series([cell, *beside], dtype="object"))

    assert str(found.dtype) == "datetime64[us, UTC]"
    assert (None if pd.isna(found[0]) else found[0].tz_localize(None).isoformat()) == expected


def test_a_column_is_found_wherever_it_stands() -> None:
    """The first of several columns of a name, or a level of the index; what is nowhere is named."""
    df = pd.DataFrame(
        [[1, 2, 3]], columns=["a", "b", "a"], index=pd.MultiIndex.from_arrays([["x"], ["y"]], names=["c", None])
    )

    assert [column_lookup.column(df, name).tolist() for name in "abc"] == [[1], [2], ["x"]]
    assert [column_lookup.has(df, name) for name in "abcd"] == [True, True, True, False]
    with pytest.raises(UsageError, match="The column d is missing"):
        column_lookup.column(df, "d")


def test_a_tidy_frame_is_that_of_the_api() -> None:
    """Names once, levels as columns, dtypes of the API, a RangeIndex.

    Attrs, further columns and the frame itself stay.
    """
    plain = build(
        "todos", [{"id": "1", "text": "Call", "completed": True, "sessionId": "7"}, {"id": "2", "completed": None}]
    )
    plain.attrs["coverage"] = {"found": 2}
    odd = (
        plain.astype("object")
        .assign(todo_id=[1, 2.0], note=["x", "y"], topic_id=["", None])
        .set_index("todo_id", append=True)
    )
    odd = pd.concat([odd, odd[["text"]]], axis=1)
    odd.attrs = dict(plain.attrs)
    before = odd.copy(deep=True)
    found = normalize.tidy(odd)

    pd.testing.assert_frame_equal(found[list(plain.columns)], plain)
    assert found.columns.tolist() == [
        "todo_id",
        "text",
        "due_date",
        "completed",
        "session_id",
        "topic_id",
        "topic_name",
        "note",
    ]
    assert found.attrs == plain.attrs
    pd.testing.assert_frame_equal(odd, before)
    pd.testing.assert_frame_equal(normalize.tidy(plain), plain)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        (("a",), ["a"]),
        (np.array(["a", "b"], dtype="object"), ["a", "b"]),
        ("['a', 'b']", ["a", "b"]),
        ("a; b", ["a", "b"]),
        ("[a", ["[a"]),
        ("[" * 5000, ["[" * 5000]),
        (NONE, []),
        (3, []),
    ],
    ids=lambda cell: repr(cell)[:20],
)
def test_lists_come_back_from_files(cell: object, expected: list[str]) -> None:
    """Parquet makes arrays of lists, CSV text."""
    found = normalize.tidy(pd.DataFrame({"events": pd.Series([cell, ["x"]], dtype="object")}))

    assert found["events"].tolist() == [expected, ["x"]]


def test_ids_are_text_again() -> None:
    """Numbers that a file made of ids become text, and an empty id is none."""
    found = normalize.ids(pd.Series([7, 8.0, "x", "", None, np.int64(9)], dtype="object"))

    assert listed(found) == ["7", "8", "x", None, None, "9"]
    assert found.dtype == pd.Series([], dtype=DTYPES["text"]).dtype
