"""Every member of ``df.hedy`` gives the same on a frame that went through files, other dtypes or an index."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from hedy_jupyter.accessor import registration
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.build import build
from tests.histories import History

ZONE = "America/New_York"
PANDAS_2 = pd.__version__.startswith("2.")
Change = Callable[[pd.DataFrame], pd.DataFrame]

# The frames ------------------------------------------------------------------------

TEAMS = [{"id": "t1", "name": "Team"}, {"id": "t2", "name": "Team"}, None, {"id": "t3", "name": "日本 Größe"}]
TEXT = "Ada: We begin.\nBob Hill: Yes, the harbour.\nAda: Then we end.\nBob Hill: Fine, the lamp."


def _session(place: int, start: str | None, duration: float | None) -> dict[str, object]:
    return {
        "sessionId": f"sess_{place}a",
        "title": None if place == 3 else f"Harbour «{place}», Größe",
        "startTime": start,
        "duration": duration,
        "session_type": ["meeting", "coaching", None][place % 3],
        "topic": TEAMS[place % 4],
        "recap": "**Recap** of 3 lamps" if place % 2 else None,
        "cleaned_transcript": TEXT if place in (1, 4) else None,
        "cleanedAt": "2026-03-20T10:00:00Z" if place == 1 else None,
        "highlights": [1, 2] if place % 2 else [],
    }


SESSIONS = build(
    "sessions_detailed",
    [
        _session(0, "2026-03-31T02:30:00Z", 45),
        _session(1, "2026-03-18T13:00:00Z", 30),
        _session(2, "2026-03-18T13:32:00Z", -20),
        _session(3, "2026-03-12T22:15:07Z", None),
        _session(4, "2026-03-08T04:30:00Z", 61.5),
        _session(5, None, 60),
        _session(6, "2026-02-01T10:00:00Z", 9e9),
        _session(7, "2026-01-05T16:00:00Z", 120),
    ],
)


def _todo(place: int, due: str | None, completed: bool | None) -> dict[str, object]:
    return {
        "id": f"todo_{place}a",
        "text": "Order the harbour lamp" if place in (1, 4) else f"Call number {place}",
        "dueDate": due,
        "completed": completed,
        "sessionId": None if place == 6 else f"sess_{place % 5}a",
        "topic": TEAMS[place % 4],
    }


DUE = ["Tomorrow", "bis Freitag", "2026-03-20", None, "", "ASAP", "March 15", "3月20日"]
TODOS = build("todos", [_todo(place, due, [True, False, None][place % 3]) for place, due in enumerate(DUE)])
HIGHLIGHTS = build(
    "highlights_detailed",
    [
        {
            "highlightId": f"high_{place}a",
            "sessionId": f"sess_{place % 3}a",
            "timestamp": None if place == 4 else f"2026-03-18T13:{place + 10}:00Z",
            "title": f"The lamp {place}",
            "timeIndex": None if place == 2 else 60_000 * place * 20,
            "cleanedQuote": [None, "We begin", ""][place % 3],
            "rawQuote": "we, eh, begin" if place % 2 else None,
        }
        for place in range(6)
    ],
)
TOPICS = build(
    "topics",
    [
        {
            "id": f"topic_{place}a",
            "name": f"Topic {place}",
            "description": "The harbour" if place else None,
            "color": "#AA3311",
            "sessionCount": None if place == 2 else place,
            "lastSessionDate": None if place == 3 else f"2026-0{place + 1}-05T16:00:00Z",
            "topicContext": "Be brief" if place == 1 else "",
            "updatedAt": "2026-03-01T00:00:00Z",
        }
        for place in range(4)
    ],
)
CONTEXTS = build(
    "contexts",
    [
        {
            "id": f"ctx_{place}a",
            "title": f"Rules {place}",
            "content": "The harbour",
            "isDefault": place == 1,
            "updatedAt": "2026-03-01T00:00:00Z",
        }
        for place in range(3)
    ],
)
WEBHOOKS = build(
    "webhooks",
    [
        {
            "id": f"wh_{place}a",
            "url": f"https://host{place}.example/x",
            "events": ["session.ended", "todo.exported"][: place + 1],
        }
        for place in range(2)
    ],
)
FRAMES = {
    "sessions": SESSIONS,
    "todos": TODOS,
    "highlights": HIGHLIGHTS,
    "topics": TOPICS,
    "contexts": CONTEXTS,
    "webhooks": WEBHOOKS,
}
KEYS = {kind: df.columns[0] for kind, df in FRAMES.items()}
LEAST = {
    "sessions": ["session_id", "start_time"],
    "todos": ["todo_id", "completed", "due_date", "session_id"],
    "highlights": ["highlight_id", "session_id", "timestamp"],
    "topics": ["topic_id", "name", "last_session_date"],
    "contexts": ["context_id"],
    "webhooks": ["webhook_id"],
}

# What is asked -----------------------------------------------------------------------

ANY: dict[str, Callable[[Any], Any]] = {
    "kind": lambda frame: frame.kind,
    "dir": lambda frame: sorted(name for name in dir(frame) if not name.startswith("_")),
    "summary": lambda frame: frame.summary(),
    "search": lambda frame: frame.search("harbour"),
    "search a number": lambda frame: frame.search("3"),
    "search missing words": lambda frame: frame.search("2026"),
    "redact": lambda frame: frame.redact(names=["Harbour"], key="a key for tests"),
    "localize": lambda frame: frame.localize("Asia/Tokyo"),
    "localize UTC": lambda frame: frame.localize("UTC"),
    "to_html": lambda frame: frame.to_html(),
    "to_markdown": lambda frame: frame.to_markdown(),
}
OF: dict[str, dict[str, Callable[[Any], Any]]] = {
    "sessions": {
        "on": lambda frame: frame.on("2026-03-18"),
        "on the local day": lambda frame: frame.on("2026-03-30"),
        "between": lambda frame: frame.between("2026-03-07", "2026-03-12"),
        "load": lambda frame: frame.load(),
        "load by topic": lambda frame: frame.load("M", by="topic"),
        "load by type": lambda frame: frame.load("D", by="type"),
        "load wide": lambda frame: frame.load("M", wide=True),
        "load wide by type": lambda frame: frame.load(by="type", wide=True),
        "compare": lambda frame: frame.compare("日本 Größe", "(no topic)"),
        "series": lambda frame: frame.series(least=2),
        "by_topic": lambda frame: frame.by_topic(),
        "busiest": lambda frame: frame.busiest(),
        "gaps": lambda frame: frame.gaps(min_days=0),
        "gaps by topic": lambda frame: frame.gaps(by="topic"),
        "utterances": lambda frame: frame.utterances(),
        "words": lambda frame: frame.words(5),
        "speakers": lambda frame: frame.speakers(),
        "speakers by topic": lambda frame: frame.speakers("topic"),
        "speakers by month": lambda frame: frame.speakers("month"),
        "plot_timeline": lambda frame: frame.plot_timeline(),
        "plot_heatmap": lambda frame: frame.plot_heatmap(),
        "plot_load": lambda frame: frame.plot_load("M", by="topic"),
        "plot_speakers": lambda frame: frame.plot_speakers(),
        "plot_speakers by session": lambda frame: frame.plot_speakers("session"),
        "to_ics": lambda frame: frame.to_ics(),
        "without_todos": lambda frame: frame.without_todos(TODOS),
    },
    "todos": {
        "open": lambda frame: frame.open(),
        "done": lambda frame: frame.done(),
        "due": lambda frame: frame.due(SESSIONS),
        "overdue": lambda frame: HedyFrame(frame.due(SESSIONS)).overdue("2026-04-01"),
        "age": lambda frame: frame.age(SESSIONS),
        "by_topic": lambda frame: frame.by_topic(),
        "by_urgency": lambda frame: frame.by_urgency(SESSIONS),
        "with_meeting": lambda frame: frame.with_meeting(SESSIONS),
        "to_whom": lambda frame: frame.to_whom(),
        "carried_over": lambda frame: frame.carried_over(SESSIONS),
        "to_checklist": lambda frame: frame.to_checklist(),
        "plot_open": lambda frame: frame.plot_open(),
    },
    "highlights": {
        "quotes": lambda frame: frame.quotes(),
        "at": lambda frame: frame.at(),
        "by_session": lambda frame: frame.by_session(),
    },
    "topics": {"stale": lambda frame: frame.stale(30)},
}
OF_GIVEN = {
    *("kind", "dir", "search", "search missing words", "redact", "localize", "on the local day", "between"),
    *("load", "without_todos", "open", "due", "overdue", "age", "with_meeting", "to_whom", "quotes", "at", "stale"),
}
"""The members that read the given frame itself, and one report in its zone; all others read what ``tidy`` returns."""
OF_EVERY = {
    "kind",
    "dir",
    "search",
    "redact",
    "localize",
    "between",
    "without_todos",
    "open",
    "due",
    "at",
    "stale",
}
"""Of these one for each way to read a column; the others read columns in the same ways."""
LIKE_OTHERS, OF_THEM = {"topics", "contexts"}, {"kind", "localize", "stale"}
"""Frames whose columns are texts, times, counts and flags as those of the others, and what is asked of them."""
ASKED = [(kind, name) for kind in FRAMES for name in (*ANY, *OF.get(kind, {}))]
NOT_ASKED = {
    "to_excel",
    "to_vault",
    "burn_down",
    "plot_burn_down",
    "fetch_details",
    "fetch_todos",
    "fetch_highlights",
    "fetch_sessions",
}
"""Members that write folders, make requests or need an archive: they have separate tests below."""

# Through which hands the frame goes ----------------------------------------------------


def _csv(df: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(df.to_csv(index=False)), **options)


def _json(df: pd.DataFrame, date_format: str, date_unit: str = "ms") -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas 3 warns of epochs, which older files hold
        text = df.to_json(orient="records", date_format=date_format, date_unit=date_unit)  # type: ignore[call-overload]
    return pd.read_json(io.StringIO(text), orient="records") if len(df) else df


def _parquet(df: pd.DataFrame, **options: Any) -> pd.DataFrame:
    file = io.BytesIO()
    df.to_parquet(file)
    file.seek(0)
    return pd.read_parquet(file, **options)


def _feather(df: pd.DataFrame) -> pd.DataFrame:
    file = io.BytesIO()
    df.reset_index(drop=True).to_feather(file)
    file.seek(0)
    return pd.read_feather(file)


def _times(df: pd.DataFrame, change: Callable[[pd.Series], Any]) -> pd.DataFrame:
    return df.assign(
        **{name: change(df[name]) for name in df.columns if isinstance(df[name].dtype, pd.DatetimeTZDtype)}
    )


def _python(times: pd.Series) -> pd.Series:
    cells = [None if pd.isna(time) else time.to_pydatetime() for time in times]
    return pd.Series(cells, index=times.index, dtype="object")


def _texts(df: pd.DataFrame, dtype: Any) -> pd.DataFrame:
    named = [name for name in df.columns if normalize.KINDS.get(name) == "text"]
    return df.astype(dict.fromkeys(named, dtype))


def _categories(df: pd.DataFrame) -> pd.DataFrame:
    changed = {}
    for name in df.columns:
        if name != "events":
            values = df[name].astype("category")
            extra = [f"unused {number}" for number in range(3)] if normalize.KINDS[name] == "text" else []
            changed[name] = values.cat.add_categories([one for one in extra if one not in values.cat.categories])
    return df.assign(**changed)


def _missing_mixed(df: pd.DataFrame) -> pd.DataFrame:
    """Every missing cell as one of the four kinds of missing, in turn."""
    kinds: list[Any] = [None, float("nan"), pd.NaT, pd.NA]
    found = df.astype("object")
    for place, name in enumerate(found.columns):
        if name != "events":
            holes = [kinds[(place + row) % 4] if pd.isna(cell) else cell for row, cell in enumerate(found[name])]
            found[name] = pd.Series(holes, index=found.index, dtype="object")
    return found


def _flagged(df: pd.DataFrame) -> pd.DataFrame:
    return df.assign(**{name: df[name].fillna(False) for name in df.columns if normalize.KINDS[name] == "flag"})


def _numpy(df: pd.DataFrame) -> pd.DataFrame:
    """Counts as float, and flags, of which none is missing, as bool."""
    changed: dict[str, Any] = {}
    for name in df.columns:
        kind = normalize.KINDS[name]
        if kind == "count":
            changed[name] = df[name].astype("float64")
        elif kind == "flag":
            changed[name] = df[name].to_numpy(dtype=bool)
    return df.assign(**changed)


def _spreadsheet(df: pd.DataFrame) -> pd.DataFrame:
    """Naive times in nanoseconds, numbers as float, flags as text in capitals, nothing for what is missing."""
    changed: dict[str, Any] = {}
    for name in df.columns:
        kind = normalize.KINDS[name]
        if kind == "time":
            changed[name] = df[name].dt.tz_localize(None).dt.as_unit("ns")
        elif kind == "count":
            changed[name] = df[name].astype("float64")
        elif kind == "flag":
            changed[name] = [None if pd.isna(flag) else str(flag).upper() for flag in df[name]]
    return df.assign(**changed)


def _read_only(df: pd.DataFrame) -> pd.DataFrame:
    found = df.copy()
    for name in found.columns:
        values = found[name].array
        for part in (getattr(values, "_ndarray", None), getattr(values, "_data", None), getattr(values, "_mask", None)):
            if isinstance(part, np.ndarray):
                part.flags.writeable = False
    return found


def _arrow(df: pd.DataFrame) -> pd.DataFrame:
    return df.convert_dtypes(dtype_backend="pyarrow")


def _same(df: pd.DataFrame) -> pd.DataFrame:
    return df


# Named, for the answers that are expected are worked out once for each plain frame.


def _no_rows(df: pd.DataFrame) -> pd.DataFrame:
    return df.iloc[:0]


def _one_row(df: pd.DataFrame) -> pd.DataFrame:
    return df.iloc[[1]]


def _few_columns(df: pd.DataFrame) -> pd.DataFrame:
    return df[LEAST[HedyFrame(df).kind]]


def _in_tokyo(df: pd.DataFrame) -> pd.DataFrame:
    return HedyFrame(df).localize("Asia/Tokyo")


class Variant(NamedTuple):
    """What happens to a frame, and to which frame it is compared."""

    change: Change
    plain: Change = _same


VARIANTS: dict[str, Variant] = {
    "csv": Variant(_csv),
    "csv, all text": Variant(lambda df: _csv(df, dtype=str)),
    "csv, missing as empty": Variant(lambda df: _csv(df, dtype=str, keep_default_na=False)),
    "csv, nullable": Variant(lambda df: _csv(df, dtype_backend="numpy_nullable")),
    "csv, pyarrow": Variant(lambda df: _csv(df, dtype_backend="pyarrow")),
    "csv, dates parsed": Variant(
        lambda df: _csv(df, parse_dates=[name for name in df.columns if normalize.KINDS[name] == "time"])
    ),
    "json, iso": Variant(lambda df: _json(df, "iso")),
    "json, epoch": Variant(lambda df: _json(df, "epoch")),
    "json, epoch in seconds": Variant(lambda df: _json(df, "epoch", "s")),
    "json, epoch in microseconds": Variant(lambda df: _json(df, "epoch", "us")),
    "parquet": Variant(_parquet),
    "parquet, pyarrow": Variant(lambda df: _parquet(df, dtype_backend="pyarrow")),
    "parquet, nullable": Variant(lambda df: _parquet(df, dtype_backend="numpy_nullable")),
    "feather": Variant(_feather),
    "spreadsheet": Variant(_spreadsheet),
    "naive text": Variant(lambda df: _times(df, lambda times: times.dt.strftime("%Y-%m-%d %H:%M:%S"))),
    "object": Variant(lambda df: df.astype("object")),
    "category": Variant(_categories),
    "pyarrow": Variant(_arrow),
    "nullable": Variant(lambda df: df.convert_dtypes(dtype_backend="numpy_nullable")),
    "string[python]": Variant(lambda df: _texts(df, "string[python]")),
    "string[pyarrow]": Variant(lambda df: _texts(df, "string[pyarrow]")),
    "numpy": Variant(_numpy, _flagged),
    "missing mixed": Variant(_missing_mixed),
    "naive": Variant(lambda df: _times(df, lambda times: times.dt.tz_localize(None))),
    "nanoseconds": Variant(lambda df: _times(df, lambda times: times.dt.as_unit("ns"))),
    "milliseconds": Variant(lambda df: _times(df, lambda times: times.dt.as_unit("ms"))),
    "seconds": Variant(lambda df: _times(df, lambda times: times.dt.as_unit("s"))),
    "times as text": Variant(
        lambda df: _times(df, lambda times: times.map(lambda time: None if pd.isna(time) else time.isoformat()))
    ),
    "times as python": Variant(lambda df: _times(df, _python)),
    "id as index": Variant(lambda df: df.set_index(df.columns[0])),
    "time as index": Variant(
        lambda df: df.set_index(next((name for name in df.columns if normalize.KINDS[name] == "time"), df.columns[-1]))
    ),
    "two levels": Variant(lambda df: df.set_index([df.columns[0], df.columns[1]])),
    "no name on the index": Variant(lambda df: df.set_axis([f"row {row}" for row in range(len(df))])),
    "one index": Variant(lambda df: df.set_axis([7] * len(df))),
    "shuffled": Variant(lambda df: df.sample(frac=1, random_state=3)),
    "columns reversed": Variant(lambda df: df.iloc[:, ::-1]),
    "more columns": Variant(lambda df: df.assign(note=1, count=2, place=3, period=4, end=5, hours="x", open=6)),
    "columns twice": Variant(lambda df: pd.concat([df, df.iloc[:, ::-1].rename(columns=str)], axis=1)),
    "concat of parts": Variant(lambda df: pd.concat([df.iloc[:2], df.iloc[2:]])),
    "read only": Variant(_read_only),
    "copy on write": Variant(lambda df: df.copy()),
    "empty": Variant(_same, _no_rows),
    "empty, csv": Variant(_csv, _no_rows),
    "one row": Variant(_same, _one_row),
    "one row, csv": Variant(_csv, _one_row),
    "all missing": Variant(
        _csv,
        lambda df: df.assign(**{name: None for name in df.columns[2:] if name != "events"}).astype(df.dtypes.to_dict()),
    ),
    "few columns": Variant(_csv, _few_columns),
    "few columns, by id": Variant(lambda df: df.set_index(df.columns[0]), _few_columns),
    "other zone": Variant(
        lambda df: _times(df, lambda times: times.dt.tz_convert("Asia/Tokyo")),
        _in_tokyo,
    ),
    "other zone, object": Variant(lambda df: df.astype("object"), _in_tokyo),
    "other zone, pyarrow": Variant(_arrow, _in_tokyo),
    "other zone, parquet": Variant(_parquet, _in_tokyo),
    "UTC, parquet": Variant(_parquet, lambda df: df.hedy.localize("UTC")),
}
TELLING = {
    *("category", "two levels", "shuffled", "columns twice"),
    *("empty", "one row", "all missing", "few columns, by id"),
}
"""The variants for which every member is asked: for the others ``tidy`` makes the same cells and dtypes."""
READ = TELLING | {"csv", "pyarrow", "missing mixed", "other zone, object"}
"""The variants for which every member is asked that reads the frame itself."""
DRAWN = {"category", "two levels", "empty", "one row", "all missing", "few columns, by id"}
"""The variants whose plots are drawn: plots read the columns that the tables beside them show for all those above."""
UNORDERED = {"shuffled"}
ADDED = ("due_on", "due_kind", "overdue_days", "urgency", "age_days", "at", "quote", "days_since")
ADDED += ("session_title", "session_start", "person")
"""What members add to the rows; of the other columns those of the API are compared."""
TABLES = {
    "by_topic",
    "load",
    "load by topic",
    "load by type",
    "load wide",
    "load wide by type",
    "compare",
    "series",
    "busiest",
    "gaps",
    "gaps by topic",
    "utterances",
    "words",
    "carried_over",
}
"""Members whose frames have rows of their own: all of their columns are compared."""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    mpl.use("Agg")
    monkeypatch.setenv("HEDY_TIMEZONE", ZONE)
    registration.register()
    yield
    plt.close("all")


def told(value: Any, name: str) -> Any:
    """What the member *name* gave as plain values, whatever dtypes and index it has."""
    if isinstance(value, Axes):
        bars = [tuple(round(float(size), 6) for size in bar.get_bbox().bounds) for bar in value.patches]  # type: ignore[attr-defined]
        return (
            value.get_title(),
            value.get_ylabel(),
            sorted(bars),
            [label.get_text() for label in value.get_yticklabels()],
        )
    if isinstance(value, pd.Series):
        return {fact: cell(one) for fact, one in value.items()}
    if not isinstance(value, pd.DataFrame):
        return value
    rows = value if name in TABLES else normalize.tidy(value)
    shown = [column for column in rows.columns if name in TABLES or column in normalize.KINDS or column in ADDED]
    listed = [rows[column].tolist() for column in sorted(shown)]
    dtypes = [str(rows[column].dtype) for column in sorted(shown)] if name == "localize" else []
    return [*sorted(shown), *dtypes], [[cell(one) for one in row] for row in zip(*listed, strict=True)]


def cell(value: Any) -> Any:
    """One cell: times with their offset, numbers rounded, missing and empty as None."""
    if isinstance(value, list | tuple | np.ndarray):
        return [cell(one) for one in value]
    if value is None or value is pd.NA or pd.isna(value) or value == "":
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return round(float(value), 6) if isinstance(value, int | float | np.number) else value


def unordered(value: Any) -> Any:
    """*value* without the order of its rows or lines, and of HTML without the tags."""
    if isinstance(value, str):
        return sorted(re.split(r"\n|<[^>]*>", value))
    if isinstance(value, tuple) and len(value) == 2:
        return value[0], sorted(value[1], key=repr)
    return value


@cache
def expected(kind: str, name: str, plain: Change) -> Any:
    """What the member gives on the frame as the API's records make it."""
    return answer(plain(FRAMES[kind]), kind, name)


def answer(df: pd.DataFrame, kind: str, name: str) -> Any:
    """What the member gives on *df*, or the error that says what is missing."""
    try:
        return told((ANY | OF.get(kind, {}))[name](HedyFrame(df)), name)
    except (AttributeError, UsageError) as error:
        return str(error)


def asked(kind: str, variant: str) -> list[str]:
    """The members that are asked of a variant of a frame."""
    members = {name for _, name in ASKED} if variant in TELLING else OF_GIVEN if variant in READ else OF_EVERY
    if variant not in READ and kind in LIKE_OTHERS:
        members = OF_THEM
    names = [name for of, name in ASKED if of == kind and name in members]
    return [name for name in names if variant in DRAWN or not name.startswith("plot_")]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("kind", FRAMES)
def test_a_member_gives_the_same_on_a_frame_from_elsewhere(kind: str, variant: str) -> None:
    """The answers are those of the plain frame, and the frame is untouched."""
    change, plain = VARIANTS[variant]
    names = asked(kind, variant)
    wanted = {name: expected(kind, name, plain) for name in names}
    with pd.option_context("mode.copy_on_write", variant == "copy on write") if PANDAS_2 else nullcontext():
        df = change(plain(FRAMES[kind]))
        before = df.copy(deep=True)
        found = wanted if change is _same else {name: answer(df, kind, name) for name in names}

    if variant in UNORDERED:
        assert {name: unordered(one) for name, one in found.items()} == {
            name: unordered(one) for name, one in wanted.items()
        }
    else:
        assert found == wanted
    pd.testing.assert_frame_equal(df, before)


def test_the_plain_frames_are_answered() -> None:
    """Every member is asked, answers on the plain frames without an error, and says something there."""
    asked = {name.split(" ")[0] for _, name in ASKED} | NOT_ASKED
    answers = {(kind, name): expected(kind, name, VARIANTS["csv"].plain) for kind, name in ASKED}

    assert {name for name in vars(HedyFrame) if not name.startswith("_")} <= asked
    assert len(VARIANTS) >= 45
    assert [key for key, found in answers.items() if isinstance(found, str) and "needs" in found] == []
    assert answers["sessions", "summary"] == {
        "sessions": 8.0,
        "first": "2026-01-05T11:00:00-05:00",
        "last": "2026-03-30T22:30:00-04:00",
        "days": 85.0,
        "hours": 5.3,
        "median_min": 60.0,
        "topics": 3.0,
        "without_topic": 2.0,
    }
    assert answers["sessions", "by_topic"] == (
        ["count", "hours", "last", "topic_id", "topic_name"],
        [
            [2.0, 1.775, "2026-03-30T22:30:00-04:00", "t1", "Team"],
            [2.0, 1.5, "2026-03-18T09:00:00-04:00", "t2", "Team"],
            [2.0, 0.0, "2026-03-18T09:32:00-04:00", None, None],
            [2.0, 2.0, "2026-03-12T18:15:07-04:00", "t3", "日本 Größe"],
        ],
    )
    assert [row[3] for row in answers["sessions", "load"][1]] == [2.0, 0, 0, 0, 0, 0, 0, 0, 1.025, 0, 0.5, 0, 0.75]
    assert answers["todos", "summary"] == {
        "todos": 8,
        "open": 5,
        "done": 3,
        "without_due_date": 2,
        "sessions": 5,
        "topics": 3,
    }
    assert [row[0] for row in answers["todos", "open"][1]] == [False, None, False, None, False]
    assert [row[3] for row in answers["todos", "due"][1]] == [
        *(
            "2026-03-31T00:00:00",
            "2026-03-20T00:00:00",
            "2026-03-20T00:00:00",
            None,
            None,
            None,
            None,
            "2026-03-20T00:00:00",
        )
    ]


# Folders and requests -----------------------------------------------------------------

FEW = [
    "csv",
    "json, epoch",
    "pyarrow",
    "category",
    "missing mixed",
    "id as index",
    "one index",
    "columns twice",
    "other zone",
]


@pytest.mark.parametrize("variant", FEW)
def test_a_vault_is_the_same(variant: str, tmp_path: Path) -> None:
    """The notes of a frame from elsewhere are those of the plain one."""
    change, plain = VARIANTS[variant]
    for folder, hand in (("plain", lambda df: df), ("variant", change)):
        parts = {kind: hand(plain(FRAMES[kind])) for kind in ("sessions", "todos", "highlights", "topics")}
        HedyFrame(parts.pop("sessions")).to_vault(tmp_path / folder, **parts)
    notes = [
        {
            str(note.relative_to(tmp_path / folder)): note.read_text("utf-8")
            for note in (tmp_path / folder).rglob("*.md")
        }
        for folder in ("plain", "variant")
    ]

    assert len(notes[0]) > 8
    assert notes[1] == notes[0]


@pytest.mark.parametrize("variant", FEW)
def test_what_is_fetched_is_the_same(variant: str) -> None:
    """Details, todos, highlights and meetings come for the ids of a frame from elsewhere too."""
    change, plain = VARIANTS[variant]
    with History(6).account_of() as hedy:
        frames = {"sessions": hedy.sessions(), "topics": hedy.topics(), "highlights": hedy.highlights()}
        calls = {
            "fetch_details": ("sessions", "highlights"),
            "fetch_todos": ("sessions",),
            "fetch_highlights": ("sessions",),
            "fetch_sessions": ("topics",),
        }
        for name, kinds in calls.items():
            for kind in kinds:
                wanted, found = (
                    getattr(HedyFrame(df), name)() for df in (plain(frames[kind]), change(plain(frames[kind])))
                )

                assert len(wanted) > 0
                assert told(found, name) == told(wanted, name)


@pytest.mark.parametrize("variant", FEW)
def test_open_todos_over_time_are_the_same(variant: str) -> None:
    """``burn_down`` reads the archive's times from elsewhere too."""
    times = build(
        "times", [{"completed_at": f"2026-03-2{place}T10:00:00Z" if place < 3 else None} for place in range(len(TODOS))]
    )
    todos = TODOS.assign(completed=[True, True, True, *[False] * 5], completed_at=times["completed_at"])
    change, plain = VARIANTS[variant]
    wanted, found = (HedyFrame(df).burn_down(SESSIONS) for df in (plain(todos), change(plain(todos))))

    assert wanted["made"].sum() == 7
    assert told(found, "load") == told(wanted, "load")


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        (["30,0", "45,5", " 7,25 "], [30, 45.5, 7.25]),
        (["30,0", "1,234"], [30, 1.234]),
        (["0,125", "1500,125", "-3,5"], [0.125, 1500.125, math.nan]),
        (["1.234,5", "12,0"], [1234.5, 12]),
        (["1,234.5", "1,234"], [1234.5, 1234]),
        (["30", "45.5", None, "half an hour", "1,2,3", ","], [30, 45.5, math.nan, math.nan, math.nan, math.nan]),
    ],
)
@pytest.mark.parametrize("dtype", ["object", "string", "category"])
def test_durations_with_a_comma(cells: list[str | None], minutes: list[float], dtype: str) -> None:
    """Text with a decimal comma, as spreadsheets of half the world write it, is a number where it can be only one."""
    found = normalize.minutes(pd.DataFrame({"duration_min": pd.Series(cells, dtype=dtype)}))  # type: ignore[call-overload]

    assert found.tolist() == pytest.approx(minutes, nan_ok=True)


@pytest.mark.parametrize("cells", [["1,234"], ["30", "1,234"], ["30,5", "1,234.5", "1,234"]])
def test_a_comma_that_may_be_either_is_told(cells: list[str]) -> None:
    """A number that is two different ones counts as missing, and not in silence."""
    with pytest.warns(UserWarning, match="duration_min holds '1,234'"):
        found = normalize.minutes(pd.DataFrame({"duration_min": cells}))

    assert math.isnan(found.iloc[-1])
