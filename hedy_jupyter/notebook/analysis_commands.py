"""The commands of ``%hedy`` that take meetings elsewhere or sum them up: brief and export. No AI, nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.notebook.grammar import SINCE, UNTIL, Argument, Call, Command, Option, Reply, did_you_mean
from hedy_jupyter.tables.files import path_of

if TYPE_CHECKING:
    from hedy_jupyter.account import Hedy, Source
    from hedy_jupyter.notebook.briefing import Briefing
    from hedy_jupyter.notebook.commands import Desk
    from hedy_jupyter.tables.brief import Brief, Part

_DAYS = 7
_KINDS = ("sessions", "highlights", "todos", "topics", "contexts", "webhooks")
_DOCUMENT = ("sessions", "topics", "todos", "highlights")


# Brief -----------------------------------------------------------------------


def _brief(desk: Desk, call: Call) -> Reply:
    from hedy_jupyter.notebook.briefing import Briefing

    hedy, topic = desk.hedy, call.arguments.get("TOPIC")
    made = _topic_brief(hedy, topic, call) if topic else _overall_brief(hedy, call)
    shown = Briefing(made)
    form = call.get("--as") or "card"
    if form not in _BRIEF_FORMS:
        raise UsageError(f"--as is one of {', '.join(_BRIEF_FORMS)}, not {form!r}.", advice=f"Usage: {call.command.usage}")
    return Reply(_BRIEF_FORMS[form](shown))


_BRIEF_FORMS: Mapping[str, Callable[[Briefing], object]] = MappingProxyType(
    {
        "card": lambda shown: shown,
        "html": lambda shown: shown.html,
        "markdown": lambda shown: shown.markdown,
        "text": lambda shown: shown.text,
    }
)


def _topic_brief(hedy: Hedy, which: str, call: Call) -> Brief:
    from hedy_jupyter.tables.brief import Brief

    topic = hedy.topic(which, source=call.source, refresh=call.refresh)
    ident = topic.topic_id or which
    sessions = hedy.sessions(limit=100, topic=ident, source=call.source, refresh=call.refresh)
    since = _since(hedy, call) or _before_last(sessions, hedy)
    hedy.sessions(limit=100, topic=ident, since=since, details=True, source=call.source)  # side by side; below they come from memory
    title = topic.name or "Untitled topic"
    return Brief(title, since, (_part(hedy, title, topic.description or "", sessions, since, _todos(hedy, call), ident, call.source),))


def _overall_brief(hedy: Hedy, call: Call) -> Brief:
    from hedy_jupyter.tables.brief import NO_TOPIC, Brief

    since = _since(hedy, call) or _today(hedy) - timedelta(days=_DAYS)
    # With details: side by side, and what is read of each meeting below then comes from memory.
    sessions = hedy.sessions(limit=100, since=since, details=True, source=call.source, refresh=call.refresh)
    todos = _todos(hedy, call)
    parts = []
    for ident in dict.fromkeys(sessions["topic_id"].fillna("")):
        rows = sessions[sessions["topic_id"].fillna("").eq(ident)]
        name = rows["topic_name"].iloc[0] if ident else NO_TOPIC
        parts.append(_part(hedy, name if isinstance(name, str) else "Untitled topic", "", rows, since, todos, ident, call.source))
    return Brief("All topics", since, tuple(parts))


def _todos(hedy: Hedy, call: Call) -> pd.DataFrame:
    """All todos with their days; the meetings are those that were read by now, or archived."""
    from hedy_jupyter.tables.accessor import HedyFrame

    return HedyFrame(hedy.todos(source=call.source, refresh=call.refresh)).due()


def _part(
    hedy: Hedy, title: str, about: str, sessions: pd.DataFrame, since: date, todos: pd.DataFrame, topic_id: str, source: Source
) -> Part:
    """The part of the topic *topic_id* ("" is what has none), out of its *sessions* and of all *todos*."""
    from hedy_jupyter.tables import brief
    from hedy_jupyter.tables.local import local_days

    new = sessions[(local_days(sessions["start_time"], hedy.zone) >= pd.Timestamp(since)).to_numpy()]
    wanted = [*new["session_id"], *sessions["session_id"].head(1)]
    records = [hedy.session(one, source=source) for one in dict.fromkeys(wanted)]
    recaps = {record.session_id: record.recap for record in records}
    highlights = [record.highlights for record in records if len(record.highlights)]
    return brief.part(
        title,
        about,
        sessions=sessions.assign(recap=sessions["session_id"].map(recaps)),
        todos=todos[todos["topic_id"].fillna("").eq(topic_id)],
        highlights=pd.concat(highlights, ignore_index=True) if highlights else hedy.highlights(limit=1, source=source).head(0),
        since=since,
        today=_today(hedy),
        zone=hedy.zone,
    )


def _since(hedy: Hedy, call: Call) -> date | None:
    from hedy_jupyter.tables import dates

    given = call.get("--since")
    return None if given is None else dates.day(given, zone=hedy.zone)


def _before_last(sessions: pd.DataFrame, hedy: Hedy) -> date:
    """The day of the meeting before the last one: what came since then is what the next meeting is about."""
    starts = sessions["start_time"].dropna()
    place = min(1, len(starts) - 1)
    return starts.iloc[place].tz_convert(hedy.zone).date() if len(starts) else _today(hedy) - timedelta(days=_DAYS)


def _today(hedy: Hedy) -> date:
    return pd.Timestamp.now(tz=hedy.zone).date()


# Export ----------------------------------------------------------------------


def _export(desk: Desk, call: Call) -> Reply:
    form = call.arguments["FORM"]
    if form not in _FORMS:
        raise UsageError(f"%hedy export knows no {form!r}.", advice=did_you_mean(form, _FORMS) or f"It knows {', '.join(_FORMS)}.")
    kinds = call.arguments.get("KIND", "").split()
    if kinds and form not in {"csv", "json"}:
        raise UsageError(f"%hedy export {form} takes no kinds.", advice=f"Usage: {call.command.usage}")
    for kind in kinds:
        if kind not in _KINDS:
            raise UsageError(f"There is no kind {kind!r}.", advice=did_you_mean(kind, _KINDS) or f"There are {', '.join(_KINDS)}.")
    return _FORMS[form](desk.hedy, path_of(call.arguments["PATH"]), call, kinds)


def _md(hedy: Hedy, path: Path, call: Call, kinds: list[str]) -> Reply:
    from hedy_jupyter.tables import export

    sessions = _sessions(hedy, call)
    return Reply(status=_one(export.save(export.to_markdown(sessions, "sessions", zone=hedy.zone), path), len(sessions), "session"))


def _ics(hedy: Hedy, path: Path, call: Call, kinds: list[str]) -> Reply:
    from hedy_jupyter.tables import export, ics

    sessions = _sessions(hedy, call)
    return Reply(status=_one(export.save(ics.to_ics(sessions, zone=hedy.zone), path), len(sessions), "session"))


def _vault(hedy: Hedy, path: Path, call: Call, kinds: list[str]) -> Reply:
    from hedy_jupyter.tables import vault

    frames = _frames(hedy, _DOCUMENT, call)
    return Reply(status=repr(vault.write(path, **frames, zone=hedy.zone)))


def _parquet(hedy: Hedy, path: Path, call: Call, kinds: list[str]) -> Reply:
    return Reply(status=str(hedy.archive.to_parquet(path)))


def _data(form: str) -> Callable[[Hedy, Path, Call, list[str]], Reply]:
    """One kind: a file; several, or none named: a folder with a file a kind."""

    def write(hedy: Hedy, path: Path, call: Call, kinds: list[str]) -> Reply:
        from hedy_jupyter.tables import export

        text = {"csv": export.to_csv, "json": export.to_json}[form]
        if len(kinds) == 1:
            frame = _frame(hedy, kinds[0], call)
            return Reply(status=_one(export.save(text(frame), path), len(frame), kinds[0].removesuffix("s")))
        if path.exists() and not path.is_dir():
            raise UsageError(f"{path} is a file.", advice="Several kinds go into a folder; name one kind to write one file.")
        wanted = [kind for kind in kinds or _KINDS if call.source == "live" or kind != "webhooks"]
        frames = _frames(hedy, wanted, call)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{path} cannot be made: {error.strerror}.", advice="Name another folder.") from None
        for kind, frame in frames.items():
            export.save(text(frame), path / f"{kind}.{form}")
        names = ", ".join(f"{kind}.{form} ({len(frame):,})" for kind, frame in frames.items())
        return Reply(status=f"{len(frames)} files written to {path}: {names}")

    return write


_FORMS: Mapping[str, Callable[[Hedy, Path, Call, list[str]], Reply]] = MappingProxyType(
    {"md": _md, "ics": _ics, "csv": _data("csv"), "json": _data("json"), "vault": _vault, "parquet": _parquet}
)


def _sessions(hedy: Hedy, call: Call) -> pd.DataFrame:
    return hedy.sessions(
        limit=None,
        topic=call.get("--topic"),
        since=call.get("--since"),
        until=call.get("--until"),
        details=True,
        source=call.source,
        refresh=call.refresh,
    )


def _frame(hedy: Hedy, kind: str, call: Call) -> pd.DataFrame:
    """Everything of one *kind*, with its details; of sessions what the options leave."""
    read: Mapping[str, Callable[[], pd.DataFrame]] = {
        "sessions": lambda: _sessions(hedy, call),
        "highlights": lambda: hedy.highlights(limit=None, details=True, source=call.source, refresh=call.refresh),
        "todos": lambda: hedy.todos(topic=call.get("--topic"), source=call.source, refresh=call.refresh),
        "topics": lambda: hedy.topics(source=call.source, refresh=call.refresh),
        "contexts": lambda: hedy.contexts(source=call.source, refresh=call.refresh),
        "webhooks": lambda: hedy.webhooks(refresh=call.refresh),
    }
    return read[kind]()


def _frames(hedy: Hedy, kinds: Collection[str], call: Call) -> dict[str, pd.DataFrame]:
    """The frames of *kinds*. The highlights come out of the details of the sessions, where those are among them: no further requests."""
    from hedy_jupyter.tables import frames

    found = {kind: _frame(hedy, kind, call) for kind in kinds if kind != "highlights"}
    if "highlights" in kinds:
        if "sessions" in found and call.source == "live":
            parts = [hedy.session(ident).highlights for ident in found["sessions"]["session_id"]]
            filled = [part for part in parts if len(part)]
            found["highlights"] = pd.concat(filled, ignore_index=True) if filled else frames.build("highlights_detailed", [])
        else:
            found["highlights"] = _frame(hedy, "highlights", call)
    return {kind: found[kind] for kind in kinds}


def _one(path: Path, count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'} written to {path}"


ANALYSIS_COMMANDS = (
    Command(
        "brief",
        _brief,
        "before the next meeting: last recap, open todos, highlights, what is new; made locally, no AI",
        (Argument("TOPIC", optional=True, source="topics", rest=True),),
        (
            Option(
                "--since",
                "what is new from then on; by default since the meeting before the last, of all topics 7 days",
                "D",
                source="7d|14d|30d",
            ),
            Option("--as", "a card, or a text to paste elsewhere", "FORM", source="card|html|markdown|text"),
        ),
        archived=True,
    ),
    Command(
        "export",
        _export,
        "writes md or ics (one document), csv or json (a file for one KIND, else a folder), vault or parquet (a folder)",
        (Argument("FORM", source="|".join(_FORMS)), Argument("PATH"), Argument("KIND", optional=True, source="|".join(_KINDS), rest=True)),
        (
            Option("--topic", "only the sessions and todos of this topic", "T", source="topics"),
            SINCE,
            UNTIL,
        ),
        archived=True,
    ),
)
