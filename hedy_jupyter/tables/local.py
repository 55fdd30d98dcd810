"""Times of a frame on the wall clock of the user, also where the frame comes from a CSV file or was localised before."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import numpy as np
import pandas as pd

from hedy_jupyter.tables import dates


def zone_of(times: pd.Series, zone: tzinfo) -> tzinfo:
    """The zone in which *times* stand after ``localize``; *zone* where that is UTC or none."""
    dtype = times.dtype
    return dtype.tz if isinstance(dtype, pd.DatetimeTZDtype) and str(dtype.tz) != "UTC" else zone


def local_times(times: pd.Series, zone: tzinfo) -> pd.Series:
    """*times* in the user's zone, with microseconds; what is no time is NaT.

    Times that already stand in a zone of their own (after ``localize``) stay in it; those in UTC, naive ones (UTC is what
    the API gives) and text are brought to *zone*.
    """
    moments = pd.to_datetime(times, utc=True, errors="coerce", format=None if pd.api.types.is_datetime64_any_dtype(times) else "ISO8601")
    found: pd.Series = moments.dt.as_unit("us").dt.tz_convert(zone_of(times, zone))
    return found


def local_days(times: pd.Series, zone: tzinfo) -> pd.Series:
    """The calendar day of each of *times* as a naive midnight."""
    days: pd.Series = local_times(times, zone).dt.tz_localize(None).dt.normalize()
    return days


def instants(wall: pd.Series, zone: tzinfo) -> Any:
    """Naive times on the wall clock of *zone* as an array ``datetime64[us]`` in UTC.

    A time that a clock change leaves out is the first one after it; of a time that comes twice it is the first.
    """
    aware = wall.dt.tz_localize(zone, ambiguous=np.ones(len(wall), dtype=bool), nonexistent="shift_forward")
    return utc(aware)


def utc(times: pd.Series) -> Any:
    """Aware *times* as an array ``datetime64[us]`` in UTC, for arithmetic that no clock change disturbs."""
    return times.dt.tz_convert("UTC").dt.tz_localize(None).dt.as_unit("us").to_numpy()


def localize(df: pd.DataFrame, tz: str | tzinfo) -> pd.DataFrame:
    """*df* with every column of aware times in the zone *tz*, a name (``"Europe/Berlin"``) or a tzinfo.

    The instants stay the same. Other columns stay as they are: naive times, and text from a CSV file.

    Raises:
        SettingsError: there is no such zone.
    """
    zone = dates.zone(tz)
    found = df.copy()
    for place, dtype in enumerate(df.dtypes):
        if isinstance(dtype, pd.DatetimeTZDtype):
            found.isetitem(place, df.iloc[:, place].dt.tz_convert(zone))
    return found
