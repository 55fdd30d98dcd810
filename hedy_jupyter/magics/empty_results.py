"""Empty results: why a list is empty, and what there is instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.account.frame_coverage import known_count
from hedy_jupyter.account.known_records import known_records
from hedy_jupyter.analysis import filters
from hedy_jupyter.choices import LIMIT
from hedy_jupyter.dates import ranges
from hedy_jupyter.errors import HedyError
from hedy_jupyter.frames.timezones import local_times, zone_label
from hedy_jupyter.kinds import HIGHLIGHT, SESSION, TODO, Kind
from hedy_jupyter.magics.command import Call
from hedy_jupyter.magics.filter_options import NARROWING
from hedy_jupyter.text import search_terms
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import counted, short_time
from hedy_jupyter.text.suggestions import question

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "--topic": 'in topic "{}"',
        "--not-topic": 'not in topic "{}"',
        "--session": 'of session "{}"',
        "--since": "since {}",
        "--until": "until {}",
        "--text": "with {}",
        "--person": "for {}",
        "--due-before": "due before {}",
        "--in": "in {}",
    }
)
"""How an option that leaves rows out reads in a sentence."""
_EMPTY_ARCHIVE = " in the archive; %hedy sync brings it up to date"


def why_no_rows(hedy: Hedy, kind: Kind, call: Call, adjective: str) -> str:
    """Return why a list is empty, and what there is: ``No sessions since 2030; the newest is Tue 24 Nov 16:00``.

    Args:
        hedy: the account; what it has read or archived costs no request, else one page is read.
        kind: of the rows.
        call: the command, with the options that left all rows out.
        adjective: which of *kind* were asked for: ``open``, ``done``, ``overdue``, or none.
    """
    asked = " ".join(filter(None, ["No", adjective, kind.plural, *_filters(call)]))
    if call.source != "archive" and hedy.connection.requests_left == 0:
        return asked  # a status line is not worth a wait
    with suppress(HedyError):  # the list itself was read
        if kind is TODO:
            return f"{asked}{_other_todos(hedy, call, adjective)}"
        if kind in (SESSION, HIGHLIGHT):
            return f"{asked}{_other_times(hedy, kind, call)}"
        return f"{asked}{_EMPTY_ARCHIVE if call.source == 'archive' else f'; %hedy {kind.name} new makes one'}"
    return asked


def why_no_hits(hedy: Hedy, call: Call, held: int) -> str:
    """Return why a search of the archive, which holds *held* sessions, found nothing."""
    text = one_line(" ".join(filter(None, (call.arguments["TEXT"], call.get("--text")))))
    if not held:
        return f"no session{_EMPTY_ARCHIVE}"
    narrowed = " ".join(_filters(call, without="--text"))
    if narrowed and _has_hits(hedy, text, call):
        return f"no hit {narrowed}; there are hits elsewhere in the archive"
    if call.has("--fts"):
        return f"no hit for {text}"
    terms = search_terms.read(text)
    wanted = [term.typed for term in terms if not term.excluded]
    if len(wanted) < len(terms) and (count := len(hedy.archive.search(" ".join(wanted), limit=held))):
        left_out = " ".join(term.typed for term in terms if term.excluded)
        return f"{counted(count, 'session')} with {' '.join(wanted)}, all left out by {left_out}"
    missing = [piece for piece in wanted if not _has_hits(hedy, piece, call)]
    if not missing:
        return "each word occurs, but no session has all of them"
    near = question(word for piece in missing for word in hedy.archive.similar_words(piece)[:1])
    rule = "; all words have to occur in a session" if len(wanted) > 1 else ""
    return f"no hit for {', '.join(missing)}{rule}" + f". {near}" * bool(near)


def _has_hits(hedy: Hedy, text: str, call: Call) -> bool:
    return len(hedy.archive.search(text, limit=1, fts=call.has("--fts"))) > 0


def _filters(call: Call, without: str = "") -> list[str]:
    """Return the options of *call* that leave rows out, in words, but for the one *without*."""
    return [
        words.format('" or "'.join(map(one_line, call.every(flag)))).replace("since since ", "since ", 1)
        for flag, words in _WORDS.items()
        if call.has(flag) and flag != without and any(option.flag == flag for option in call.command.options)
    ]


def _other_todos(hedy: Hedy, call: Call, adjective: str) -> str:
    """Return what todos there are: those of the same topic and session, else all."""
    narrowed: dict[str, Any] = {"session": call.get("--session"), "topic": call.every("--topic") or None}
    near = hedy.todos(source=call.source, **narrowed)
    if near.empty or _by_rows(call):
        return _in_all(near if len(near) else hedy.todos(source=call.source), TODO)
    count = len(filters.still_open(near))
    if adjective == "overdue" and count:
        return f"; {counted(count, 'open todo')}"
    state = "done" if adjective in ("open", "overdue") else "open"
    return f"; all {len(near):,} are {state}" if len(near) > 1 else f"; the only one is {state}"


def _other_times(hedy: Hedy, kind: Kind, call: Call) -> str:
    """Return when the nearest rows outside the time asked for are: of the same topic, else of all."""
    read: Callable[..., pd.DataFrame] = hedy.sessions if kind is SESSION else hedy.highlights
    given = {flag: call.get(f"--{flag}") for flag in ("since", "until")}
    is_none_of_any_time = ""
    if any(given.values()) and not any(map(call.has, ("--not-topic", "--text"))):
        times = _known_starts(hedy, call) if kind is SESSION else _known_highlights(hedy, call)
        if len(times):
            return f"; {_nearest(hedy, times, **given)}"
        is_none_of_any_time = "; there are none of any time"
    where = "; --details looks into their texts, too" if call.has("--text") and not call.has("--details") else ""
    return is_none_of_any_time + _in_all(read(LIMIT, source=call.source), kind) + where


def _known_starts(hedy: Hedy, call: Call) -> pd.Series:
    """Return the starts of the sessions of the topics of *call* that are known, after at most one page of each."""
    topics = call.every("--topic") or None
    is_archive = call.source == "archive"
    parts = [hedy.sessions(None if is_archive else LIMIT, topic=topics, source=call.source)]
    if not is_archive:
        known = known_records(hedy, "sessions")
        parts.append(known[known["topic_id"].isin(parts[0]["topic_id"].dropna())] if topics else known)
    starts: pd.Series = pd.concat([part for part in parts if len(part)] or parts[:1])["start_time"]
    return starts


def _known_highlights(hedy: Hedy, call: Call) -> pd.Series:
    """Return the times of the newest highlights of the session and topics of *call*."""
    topics, session = call.every("--topic") or None, call.get("--session")
    times: pd.Series = hedy.highlights(LIMIT, topic=topics, session=session, source=call.source)["timestamp"]
    return times


def _by_rows(call: Call) -> bool:
    """Return whether *call* chooses by other things than topic, session and state."""
    return any(map(call.has, set(NARROWING) - {"--topic", "--session"}))


def _nearest(hedy: Hedy, starts: pd.Series, since: str | None, until: str | None) -> str:
    """Return the last of *starts* before *since* and the first one after *until*."""
    times = local_times(starts, hedy.zone)
    lower, upper = ranges.window(since, until, zone=hedy.zone)
    before = times[times < lower].max() if lower is not None else None
    after = times[times >= upper].min() if upper is not None else None
    year = pd.Timestamp.now(tz=hedy.zone).year
    names = ("the newest is", "the oldest is") if None in (lower, upper) else ("the one before is", "the one after is")
    found = [
        f"{name} {short_time(moment, year)} {zone_label(moment)}"
        for name, moment in zip(names, (before, after), strict=True)
        if moment is not None and pd.notna(moment)
    ]
    return ", ".join(found) or "none has a start"


def _in_all(frame: pd.DataFrame, kind: Kind) -> str:
    """Return how many of *kind* there are, where *frame* was read from."""
    known = max(known_count(frame), len(frame))
    if known and (frame.attrs["coverage"]["total"] is not None or known != LIMIT):  # a full page may not be all
        return f"; {counted(known, kind.name)} in all"
    return _EMPTY_ARCHIVE if frame.attrs["coverage"]["source"] == "archive" else ""
