"""Time zones of a frame: its times on the wall clock of the user, also after files and ``localize``.

**The zone of a frame** is, in this order:

1. the zone of its main times (``start_time``, ``timestamp``, ``last_session_date``), if that is not the API's UTC;
2. what ``localize`` noted in ``attrs["zone"]``, for frames whose times cannot say it: todos have none, and UTC may be
   that of the API;
3. the display zone of the account.

``localize("UTC")`` has to differ from the UTC of the API, though both are the same dtype and hold the same
instants. So the times then have the zone ``CHOSEN_UTC``, which pandas takes for UTC, and which filters, merges, concat,
copies and pickles keep. Files keep the name of a zone only: Parquet brings ``attrs`` back with it, from CSV and JSON
the display zone counts again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from dateutil.tz import tzutc

from hedy_jupyter.dates import periods
from hedy_jupyter.frames import scalars
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import TABLES

MAIN_TIMES = ("start_time", "timestamp", "last_session_date")
TIMES = frozenset(column.name for table in TABLES.values() for column in table if column.kind == "time") - {"time"}
"""The columns of times in the API's frames."""

_NOTE = "zone"
_EPOCH_UNITS = (
    (1e17, 1e-3),
    (1e14, 1.0),
    (1e11, 1e3),
    (1e8, 1e6),
)  # from which number on, and how many microseconds it counts


class _ChosenUtc(tzutc):  # type: ignore[misc]  # dateutil has no annotations
    """UTC that a user asked for: to pandas and to datetimes UTC, but another object than the UTC of the API."""

    def __str__(self) -> str:
        return "UTC"

    def __repr__(self) -> str:
        return "UTC"

    def __eq__(self, other: object) -> bool:
        return is_utc(other)

    def __hash__(self) -> int:
        return hash(UTC)


CHOSEN_UTC = _ChosenUtc()


def is_utc(zone: object) -> bool:
    """Return whether *zone* is UTC, in whichever library's form."""
    return isinstance(zone, tzinfo) and (isinstance(zone, tzutc) or str(zone) == "UTC")


# The zone ---------------------------------------------------------------------


def zone_of(times: pd.Series, zone: tzinfo) -> tzinfo:
    """Return the zone of *times* after ``localize``; *zone* where that is the UTC of the API, or none."""
    found = _tz(times)
    return zone if found is None or (is_utc(found) and not isinstance(found, tzutc)) else found


def _tz(times: pd.Series) -> tzinfo | None:
    dtype = times.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _tz(dtype.categories.to_series())
    if isinstance(dtype, pd.DatetimeTZDtype):
        return dtype.tz
    if isinstance(dtype, pd.ArrowDtype):
        name = getattr(dtype.pyarrow_dtype, "tz", None)
        return None if name is None else _named(name)
    if dtype == np.dtype("object"):
        return _common([cell.tzinfo for cell in times if isinstance(cell, datetime) and not pd.isna(cell)])
    return None


def _common(zones: list[tzinfo | None]) -> tzinfo | None:
    """Return the zone that all of *zones* are; None where they differ."""
    return zones[0] if zones and len({str(zone) for zone in zones}) == 1 else None


def _named(name: str) -> tzinfo | None:
    """Return the zone of that name, also an offset such as ``+09:00``; None where no zone has it."""
    try:
        return pd.DatetimeTZDtype("us", name).tz
    except (TypeError, ValueError, KeyError, OSError):
        return None


def frame_zone(df: pd.DataFrame, zone: tzinfo) -> tzinfo:
    """Return the zone of *df*; *zone* is the display zone of the account."""
    main = next((column(df, name) for name in MAIN_TIMES if has(df, name)), None)
    own = _tz(main) if main is not None else None
    chosen = zone_of(main, zone) if main is not None else zone
    note = df.attrs.get(_NOTE)
    noted = _named(note) if isinstance(note, str) and chosen is zone and (own is None or note == "UTC") else None
    return CHOSEN_UTC if noted is not None and is_utc(noted) else noted or chosen


def zone_name(zone: tzinfo) -> str:
    """Return the name of *zone* as people write it: ``Europe/Berlin``."""
    return str(getattr(zone, "key", None) or zone)


def noted(attrs: dict[Any, Any], zone: tzinfo) -> dict[Any, Any]:
    """Return *attrs* with a note of *zone* as text, which pandas writes to Parquet; without one if it has no name."""
    name = "UTC" if is_utc(zone) else zone.key if isinstance(zone, ZoneInfo) else str(zone)
    kept = {key: value for key, value in attrs.items() if key != _NOTE}
    return kept | {_NOTE: name} if name and _named(name) is not None else kept


def localize(df: pd.DataFrame, tz: str | tzinfo) -> pd.DataFrame:
    """Return *df* with its times in the zone *tz*, a name (``"Europe/Berlin"``) or a tzinfo.

    Converted are the times of the API, also as naive times (in UTC), text or numbers from a file, and every other aware
    column and level of the index. The instants stay the same, and other columns stay as they are.

    Raises:
        SettingsError: there is no such zone.
    """
    zone = periods.zone(tz)
    target = CHOSEN_UTC if is_utc(zone) else zone
    found = df.copy()
    for place, name in enumerate(df.columns):
        if _is_moved(df.iloc[:, place], name):
            found.isetitem(place, moments(df.iloc[:, place]).dt.tz_convert(target))
    found.index = _moved_index(df.index, target)
    has_times = any(
        isinstance(dtype, pd.DatetimeTZDtype)
        for dtype in [*found.dtypes, *(values.dtype for values in _levels(found.index))]
    )
    found.attrs = {key: value for key, value in df.attrs.items() if key != _NOTE}
    if not has_times or target is CHOSEN_UTC:
        found.attrs = noted(found.attrs, zone)
    return found


def _is_moved(values: pd.Series, name: object) -> bool:
    return name in TIMES or is_aware(values)


def is_aware(values: pd.Series) -> bool:
    """Return whether *values* are times with a zone, backed by NumPy or by Arrow."""
    dtype = values.dtype
    named = dtype.pyarrow_dtype if isinstance(dtype, pd.ArrowDtype) else None
    return isinstance(dtype, pd.DatetimeTZDtype) or getattr(named, "tz", None) is not None


def _levels(index: pd.Index) -> list[pd.Series]:
    return [pd.Series(index.get_level_values(place).array) for place in range(index.nlevels)]


def _moved_index(index: pd.Index, zone: tzinfo) -> pd.Index:
    levels = _levels(index)
    moved = [_is_moved(values, name) for values, name in zip(levels, index.names, strict=True)]
    if not any(moved):
        return index
    arrays = [
        moments(values).dt.tz_convert(zone) if is_moved else values
        for values, is_moved in zip(levels, moved, strict=True)
    ]
    return (
        pd.MultiIndex.from_arrays(arrays, names=index.names)
        if len(arrays) > 1
        else pd.Index(arrays[0], name=index.name)
    )


# Times ------------------------------------------------------------------------


def local_times(times: pd.Series, zone: tzinfo) -> pd.Series:
    """Return *times* in the user's zone, with microseconds; what is no time is NaT.

    Times that have another zone than UTC (after ``localize``) keep it; those in UTC, naive ones (which count as UTC),
    text and numbers since 1970 are converted to *zone*.
    """
    found: pd.Series = moments(times).dt.tz_convert(zone_of(times, zone))
    return found


def moments(times: pd.Series) -> pd.Series:
    """Return *times* of any dtype in UTC, with microseconds; what is no time is NaT."""
    dtype = times.dtype
    if isinstance(dtype, pd.DatetimeTZDtype) and dtype.unit == "us" and dtype.tz is UTC:
        return times
    if pd.api.types.is_datetime64_any_dtype(dtype) and not isinstance(dtype, pd.ArrowDtype):
        return pd.to_datetime(times, utc=True).dt.as_unit("us")
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype):
        return _since_1970(times)
    cells = times.astype("object")
    if any(isinstance(cell, int | float) and not pd.isna(cell) for cell in cells):
        return pd.Series(
            [_read(cell) for cell in cells], index=times.index, name=times.name, dtype="datetime64[us, UTC]"
        )
    found = pd.to_datetime(cells, utc=True, errors="coerce", format="ISO8601").dt.as_unit("us")
    left = found.isna() & cells.notna()
    if left.any():
        found = found.mask(
            left, pd.Series([_read(cell) for cell in cells], index=times.index, dtype="datetime64[us, UTC]")
        )
    return found


def _read(cell: object) -> pd.Timestamp | None:
    """Return one cell as a time by the rules for the API's times, also from text that pandas cannot read."""
    if isinstance(cell, date) and not pd.isna(cell):
        whole = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
        moment: datetime | None = whole.astimezone(UTC) if whole.tzinfo else whole
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and not pd.isna(cell):
        found: pd.Timestamp | None = _since_1970(pd.Series([float(cell)]))[0]
        return found
    else:
        moment = scalars.time_of(cell) if isinstance(cell, str) else None
    return None if moment is None else pd.Timestamp(moment.replace(tzinfo=None), tz="UTC").as_unit("us")


def _since_1970(values: pd.Series) -> pd.Series:
    """Return numbers since 1970 as times; their size tells seconds, milli-, micro- and nanoseconds apart."""
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    micros = np.full(len(found), np.nan)
    for least, factor in reversed(_EPOCH_UNITS):
        micros = np.where(np.abs(found) >= least, found * factor, micros)
    whole = np.where(np.isfinite(micros), micros, 0).round().astype("int64").astype("datetime64[us]")
    whole[~np.isfinite(micros)] = np.datetime64("NaT", "us")
    return pd.Series(whole, index=values.index, name=values.name).dt.tz_localize("UTC")


def local_days(times: pd.Series, zone: tzinfo) -> pd.Series:
    """Return the calendar day of each of *times* as a naive midnight."""
    days: pd.Series = local_times(times, zone).dt.tz_localize(None).dt.normalize()
    return days


def instants(wall: pd.Series, zone: tzinfo) -> Any:
    """Return naive times on the wall clock of *zone* as an array ``datetime64[us]`` in UTC.

    A time that a clock change skips becomes the first one after it; of a time that comes twice the first is meant.
    """
    aware = wall.dt.tz_localize(zone, ambiguous=np.ones(len(wall), dtype=bool), nonexistent="shift_forward")
    return utc(aware)


def utc(times: pd.Series) -> Any:
    """Return aware *times* as an array ``datetime64[us]`` in UTC, for arithmetic that no clock change disturbs."""
    return times.dt.tz_convert("UTC").dt.tz_localize(None).dt.as_unit("us").to_numpy()


# In words ---------------------------------------------------------------------


def clock_span(
    start: datetime,
    end: datetime | None = None,
    *,
    is_named: bool = False,
    write_day: Callable[[date], str] = date.isoformat,
) -> str:
    """Return two local times of one zone as ``14:00–14:30``, the end with its day where that is another one.

    *write_day* writes that day. Without an *end* it is the start. With *is_named* the zone follows. In the night of a
    clock change it always does, for each of the times where they differ: ``02:30 CEST – 02:15 CET``.
    """
    ends = [
        f"{start:%H:%M}",
        *(
            [f"{end:%H:%M}" if end.date() == start.date() else f"{write_day(end.date())} {end:%H:%M}"]
            if end is not None
            else []
        ),
    ]
    if end is not None and start.utcoffset() != end.utcoffset():
        labels = zone_label(start), zone_label(end)
        labels = labels if labels[0] != labels[1] else (_offset(start), _offset(end))
        return " – ".join(f"{clock} {label}" for clock, label in zip(ends, labels, strict=True))
    is_doubtful = any(_comes_twice(moment) for moment in (start, end) if moment is not None)
    return "–".join(ends) + (f" {zone_label(end or start)}" if is_named or is_doubtful else "")


def zone_label(moment: datetime) -> str:
    """Return the short name of the zone at *moment*: ``CET``, or ``UTC-03`` where it has only a number."""
    name = moment.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


def _offset(moment: datetime) -> str:
    return f"UTC{moment.isoformat()[-6:]}"


def _comes_twice(moment: datetime) -> bool:
    """Return whether the wall clock shows this time twice because it is put back."""
    wall = pd.Timestamp(moment).tz_localize(None)
    return bool(pd.isna(wall.tz_localize(moment.tzinfo, ambiguous="NaT", nonexistent="shift_forward")))
