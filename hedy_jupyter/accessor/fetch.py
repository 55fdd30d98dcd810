"""Fetch what ``df.hedy`` needs from the account in use: its zone, what was read so far, and more rows by request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter import settings
from hedy_jupyter.account import current, known_records
from hedy_jupyter.account import speaker_names as account_names
from hedy_jupyter.account.fetch_details import details_of
from hedy_jupyter.analysis import transcripts
from hedy_jupyter.dates import periods
from hedy_jupyter.errors import AuthError, HedyError, RateLimited
from hedy_jupyter.frames import build, normalize, timezones
from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.kinds import KINDS

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy


def display_zone() -> tzinfo:
    """Return the display zone of the account in use, else of the settings."""
    hedy = current.in_use()
    if hedy is not None:
        return hedy.zone
    name = "HEDY_TIMEZONE"
    return periods.zone(settings.environment().get(name) or None, source=name)


def known(kind: str) -> pd.DataFrame:
    """Return the sessions or topics that the account in use has read or archived; makes no request."""
    hedy = current.in_use()
    return build.build(kind, []) if hedy is None else known_records.known_records(hedy, kind)


def known_todos() -> tuple[pd.DataFrame, datetime] | None:
    """Return all todos that the account in use has read or archived, and when; None where it has not."""
    hedy = current.in_use()
    return None if hedy is None else known_records.known_todos(hedy)


def topic_colors() -> dict[str, str]:
    """Return topic id → colour of the topics that the account in use has read or archived; makes no request."""
    hedy = current.in_use()
    return {} if hedy is None else known_records.topic_colors(hedy)


def speaker_names() -> transcripts.SpeakerNames:
    """Return the names that were given to speakers of the account in use; makes no request."""
    hedy = current.in_use()
    return transcripts.NO_NAMES if hedy is None else account_names.read_quietly(hedy)


def details(kind: str, df: pd.DataFrame, account: Hedy | None) -> pd.DataFrame:
    """Return the rows of *df*, sessions or highlights, with every field."""
    key = KINDS[kind].id_column
    rows, zone = normalize.tidy(df), timezones.frame_zone(df, UTC)
    detailed = details_of(account or current.current(), kind, rows[key].tolist())
    shared = [name for name in rows.columns if name in detailed.columns]
    filled = {
        name: detailed[name].where(detailed[name].notna(), rows[name].astype(detailed[name].dtype)) for name in shared
    }
    others = {name: rows[name] for name in rows.columns if name not in detailed.columns}
    found = detailed.assign(**filled, **others).set_index(df.index)
    return found if zone is UTC else timezones.localize(found, zone)


def todos(df: pd.DataFrame, account: Hedy | None) -> pd.DataFrame:
    """Return the todos of the sessions of *df*."""
    return _of_sessions(df, (account or current.current()).todos())


def highlights(df: pd.DataFrame, account: Hedy | None) -> pd.DataFrame:
    """Return the highlights of the sessions of *df*."""
    return _of_sessions(df, (account or current.current()).highlights(limit=None))


def sessions(df: pd.DataFrame, account: Hedy | None) -> pd.DataFrame:
    """Return the sessions of the topics of *df*.

    The topics whose list cannot be read are in ``attrs["coverage"]["failed"]``.

    Raises:
        HedyError: none can be read, or with the first one it is clear that no other can.
    """
    hedy = account or current.current()
    parts: list[pd.DataFrame] = []
    errors: dict[str, HedyError] = {}
    for ident in normalize.texts(column(df, "topic_id")).dropna().unique():
        try:
            parts.append(hedy.sessions(limit=None, topic=ident))
        except (AuthError, RateLimited):
            raise
        except HedyError as error:
            errors[f'topic "{_topic_name(df, ident)}"'] = error
    if errors and not parts:
        raise next(iter(errors.values()))
    if not parts:
        return build.build("sessions", [])
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    totals = [part.attrs["coverage"] for part in parts]
    unreachable = sum(coverage["unreachable"] for coverage in totals)
    found.attrs["coverage"] = {**totals[0], "found": len(found), "total": None, "unreachable": unreachable}
    if errors:
        found.attrs["coverage"]["failed"] = list(errors)
    return found


def _topic_name(df: pd.DataFrame, ident: str) -> str:
    """Return what *df* calls the topic *ident*; its id where it has no name for it."""
    rows = normalize.texts(column(df, "topic_id")) == ident
    named = next((name for name in ("name", "topic_name") if name in df.columns), None)
    names: Iterable[object] = (
        [] if named is None else normalize.texts(df[named])[rows.to_numpy(dtype=bool, na_value=False)].dropna()
    )
    return str(next(iter(names), ident))


def _of_sessions(df: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    return found[found["session_id"].isin(normalize.texts(column(df, "session_id")))].reset_index(drop=True)
