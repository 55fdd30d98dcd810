"""Details of known rows, for exports and ``df.hedy.fetch_details()``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from hedy_jupyter import kinds
from hedy_jupyter.account import session as account_session
from hedy_jupyter.account.frame_coverage import covered
from hedy_jupyter.account.read_methods import ReadMethods
from hedy_jupyter.account.session_list import report_left_out
from hedy_jupyter.api import details as api_details
from hedy_jupyter.api import routes
from hedy_jupyter.api.reader import Listing
from hedy_jupyter.api.wire_format import Record
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.frames import build


def details_of(hedy: ReadMethods, kind: str, ids: Iterable[str]) -> pd.DataFrame:
    """Return the detailed frame of the sessions or highlights *ids*, in their order; what is gone has its id only."""
    key, route = ("sessionId", routes.SESSION) if kind == "sessions" else ("highlightId", routes.HIGHLIGHT)
    asked = Listing([{key: ident} for ident in ids])
    found = hedy.connection.ask(lambda reader: api_details.with_details(reader, kind, route, asked), False)
    if kind == "sessions":
        hedy.durations.note(details=found.details.values())
        found.records = hedy.durations.in_minutes(found.records, found.details)
    return covered(build.build(f"{kind}_detailed", found.records), found, details=True)


def highlights_of(
    hedy: ReadMethods,
    session_ids: Iterable[str],
    without: Collection[str] = (),
    known: Mapping[str, Record] = api_details.NO_DETAILS,
) -> pd.DataFrame:
    """Return the highlights of the sessions, whole, from their details; those of *without* are not asked for.

    Nor are those that are *known*, by id.

    Of sessions whose details do not come, those of the archive; else those of the API's list, which has titles only:
    their ids are in ``attrs["coverage"]["incomplete"]``.
    """
    ids = [ident for ident in session_ids if isinstance(ident, str)]
    wanted = [ident for ident in ids if ident not in without and ident not in known]
    details = dict(known) | (
        hedy.connection.ask(lambda reader: api_details.read_details(reader, routes.SESSION, wanted), False)
        if wanted
        else {}
    )
    hedy.durations.note(details=details.values())
    parts = [
        account_session.Session.from_record(details[ident], zone=hedy.zone).highlights
        for ident in ids
        if ident in details
    ]
    missing = set(ids) - details.keys()
    if missing and hedy.archive.exists:
        try:
            held = hedy.archive.highlights(details=True)
        except ArchiveError as error:
            report_left_out(error)
        else:
            parts.append(held[held["session_id"].isin(missing)])
            missing -= set(parts[-1]["session_id"])
    incomplete: list[str] = []
    if missing:
        listed = hedy.connection.ask(lambda reader: reader.newest("highlights", routes.HIGHLIGHTS, None), False)
        parts.append(
            build.build(
                "highlights_detailed", [one for one in listed.records if kinds.id_of(one.get("sessionId")) in missing]
            )
        )
        incomplete = parts[-1]["highlight_id"].dropna().tolist()
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else build.build("highlights_detailed", [])
    return covered(frame, Listing(found=len(frame), incomplete=incomplete), details=True)
