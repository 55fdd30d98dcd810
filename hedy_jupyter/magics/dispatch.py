"""The commands of ``%hedy`` as one table: words, options, function, help. Dispatch, help, completion and the docs test read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from hedy_jupyter import settings
from hedy_jupyter.account import current
from hedy_jupyter.account import hedy as account
from hedy_jupyter.account.briefing import dated_todos
from hedy_jupyter.account.hedy import Hedy
from hedy_jupyter.account.process import PROCESS
from hedy_jupyter.errors import HedyError, NotFound, UsageError
from hedy_jupyter.magics.command import (
    EVERYWHERE,
    REFRESH,
    SINCE,
    UNTIL,
    Argument,
    Call,
    Command,
    Option,
    Reply,
    did_you_mean,
    explain,
    read,
    shown_flag,
)
from hedy_jupyter.magics.commands.archive import ARCHIVE_COMMANDS, archive_line, held, synced
from hedy_jupyter.magics.commands.brief import ANALYSIS_COMMANDS
from hedy_jupyter.magics.commands.export import EXPORT_COMMANDS
from hedy_jupyter.magics.commands.writing import CELLS, WRITE_COMMANDS
from hedy_jupyter.magics.context import Desk
from hedy_jupyter.magics.line import Word
from hedy_jupyter.settings import Secret

if TYPE_CHECKING:
    from hedy_jupyter.account.cards import Card
    from hedy_jupyter.demo_server.service import Service

DEMO_LINE = "DEMO account: invented meetings, nothing is sent to Hedy. %hedy demo off leaves it."


def dispatch(desk: Desk, words: Sequence[Word], body: str | None = None) -> tuple[Call | None, Reply]:
    """Run the command that *words* name; the call is None for the bare ``%hedy``. *body* is the text of a ``%%hedy`` cell.

    Raises:
        HedyError: what the command raises; UsageError where the words are no command.
    """
    options = [word for word in words if word.plain and word.startswith("-")]
    if not [word for word in words if word not in options] and not {"--help", "-h"} & set(options):
        call = read(STATUS, words, body)
        return call, STATUS.run(desk, call)
    if words[0] in {"--help", "-h"}:
        return None, Reply(status=overview())
    asked = BY_WORD.get(" ".join(words).rstrip("?")) if words[-1].endswith("?") else None
    if str(words[0]) == "?":
        return None, Reply(status=overview())
    if asked is not None:  # %hedy todos?
        return None, Reply(status=explain(asked))
    command, length = named(words)
    if {"--help", "-h"} & set(options):
        return None, Reply(status=explain(command))
    try:
        call = read(command, words[length:], body)
        return call, command.run(desk, call)
    except (UsageError, NotFound) as error:
        hint = _second_word(words) if length == 1 else ""
        error.advice = " ".join(filter(None, (hint, error.advice)))
        raise


def named(words: Sequence[Word]) -> tuple[Command, int]:
    """The command that *words* begin with, and of how many words its name is.

    Raises:
        UsageError: there is none; names the ones that it may be a slip of.
    """
    for length in (2, 1):
        found = BY_WORD.get(" ".join(words[:length]))
        if found is not None and all(word.plain for word in words[:length]):  # %hedy topic "new" is the topic of that name
            return found, length
    advice = _second_word(words) or did_you_mean(words[0], BY_WORD) or _COMMAND_FIRST
    raise UsageError(f"%hedy knows no command {str(words[0])!r}.", advice=advice)


def _second_word(words: Sequence[Word]) -> str:
    """A hint at the command of two words that *words* may be a slip of: ``topic edti`` of ``topic edit``; empty where there is none."""
    family = [word for word in BY_WORD if word.startswith(f"{words[0]} ")]
    close = did_you_mean(words[1], [word.partition(" ")[2] for word in family]) if len(words) > 1 and words[1].plain else ""
    return close.replace("mean ", f"mean {words[0]} ", 1).replace(" or ", f" or {words[0]} ") if close else ""


def overview() -> str:
    """All commands, a line each."""
    width = max(len(command.usage) for command in COMMANDS if len(command.usage) < 60)
    lines = [f"{command.usage:<{width}}  {command.help}" for command in (*COMMANDS, *CELLS.values())]
    shared = [f"{shown_flag(option):<{width}}  {option.help}" for option in (REFRESH, *EVERYWHERE)]
    return "\n".join(["%hedy: your Hedy meetings as DataFrames", "", *lines, "", "Everywhere:", *shared, "", _SPELLING])


def no_key_line() -> str:
    """What to say where no key is found."""
    return f"no key yet: {settings.no_key().advice}"


def account_line() -> str:
    """The account kind and region in one line; asks no server."""
    try:
        hedy = current.current()
    except HedyError as error:
        return no_key_line() if error.message == settings.no_key().message else f"{error.message} {error.advice}"
    return DEMO_LINE if hedy.settings.demo else f"LIVE account, region {hedy.settings.region} ({hedy.settings.host})."


# -- the commands ------------------------------------------------------------------------------------------------------


def _status(desk: Desk, call: Call) -> Reply:
    from hedy_jupyter.display.render import card

    try:
        hedy = desk.hedy
    except HedyError as error:
        if error.message != settings.no_key().message:
            raise
        return Reply(card("Hedy", [("Account", "none"), ("Key", no_key_line())]))
    return Reply(_card(hedy, card))


def _card(hedy: Hedy, card: Callable[[str, Sequence[tuple[str, str]]], Card]) -> Card:
    found = hedy.settings
    rows = [
        ("Account", "DEMO, nothing is sent to Hedy" if found.demo else "LIVE"),
        ("Region", f"{found.region} ({found.sources['region']})"),
        ("Host", found.host),
        ("Key", f"from {found.sources['key']}"),
        ("Time zone", f"{hedy.zone} ({found.sources['timezone']})"),
        ("Archive", archive_line(hedy)),
        ("Requests left this minute", _NO_LIMIT if hedy.requests_left is None else str(hedy.requests_left)),
    ]
    return card("Hedy", rows)


def _help(desk: Desk, call: Call) -> Reply:
    word = call.arguments.get("COMMAND")
    if not word:
        return Reply(status=overview())
    cell = next((command for command in CELLS.values() if command.word == word.lstrip("%")), None)
    return Reply(status=explain(cell or named([Word(part, plain=True) for part in word.split()])[0]))


def _login(desk: Desk, call: Call) -> Reply:
    try:
        key = settings.checked(Secret(desk.ask("Hedy API key (not shown): ")), "the prompt")
    except (NotImplementedError, EOFError):
        raise UsageError("Nobody can be asked for a key here.", advice="Set HEDY_API_KEY before the notebook starts.") from None
    kept = PROCESS.keystore.store(key)
    desk.live = current.connect(key.reveal())
    desk.live.settings = replace(desk.live.settings, sources=MappingProxyType({**desk.live.settings.sources, "key": "%hedy login"}))
    where = "in the system keyring" if kept else "in this kernel only (pip install keyring keeps it)"
    return Reply(status=f"The key is kept {where}. LIVE account, region {desk.live.settings.region}. Try %hedy me.")


def _logout(desk: Desk, call: Call) -> Reply:
    forgotten = PROCESS.keystore.forget()
    if PROCESS.current is not None and not PROCESS.current.settings.demo:
        PROCESS.current = None  # not closed: it may be somebody's own hj.connect()
    desk.live = None
    line = "The stored key is forgotten." if forgotten else "There was no stored key."
    if settings.environment().get("HEDY_API_KEY", "").strip():
        line += " HEDY_API_KEY in the environment still holds a key."
    return Reply(status=line)


def _demo(desk: Desk, call: Call) -> Reply:
    action, fault = call.arguments.get("ACTION", "on"), call.arguments.get("NAME")
    if action not in _DEMO_ACTIONS:
        raise UsageError(f"%hedy demo knows no {action!r}.", advice=did_you_mean(action, _DEMO_ACTIONS) or f"Usage: {call.command.usage}")
    if fault is not None and action != "fault":
        raise UsageError(f"%hedy demo {action} takes no further word.", advice=f"Usage: {call.command.usage}")
    return _DEMO_ACTIONS[action](desk, fault)


def _demo_on(desk: Desk, fault: str | None) -> Reply:
    now = PROCESS.current
    if now is not None and now.settings.demo:
        desk.demo = now
    else:
        desk.live = now
        desk.demo = current.use(desk.demo) if desk.demo is not None else current.demo()
    return Reply(status=DEMO_LINE)


def _demo_off(desk: Desk, fault: str | None) -> Reply:
    if PROCESS.current is not None and PROCESS.current.settings.demo:
        desk.demo, PROCESS.current = PROCESS.current, desk.live
    if PROCESS.current is None and settings.demo_asked(settings.environment()):
        return Reply(status="HEDY_DEMO is set, so this stays the demo account; unset it to leave.")
    return Reply(status=account_line())


def _demo_reset(desk: Desk, fault: str | None) -> Reply:
    hedy, service = _demo_service(desk)
    service.reset()
    hedy.forget()
    desk.used = {place: sent for place, sent in desk.used.items() if place[0] != id(hedy)}
    return Reply(status="The demo account is as it was at first.")


def _demo_fault(desk: Desk, fault: str | None) -> Reply:
    hedy, service = _demo_service(desk)
    try:
        service.fault(fault)
    except ValueError as error:
        raise UsageError(f"{error}.", advice=did_you_mean(fault or "", _FAULTS.split("|"))) from None
    hedy.forget()
    if fault in {None, "off"}:
        return Reply(status="The demo account answers as it should.")
    return Reply(status=f"The demo account now has the fault {fault}; %hedy demo fault off ends it.")


def _demo_service(desk: Desk) -> tuple[Hedy, Service]:
    hedy = desk.hedy
    if hedy.service is None:
        raise UsageError("The demo account is not in use.", advice="%hedy demo switches to it.")
    return hedy, hedy.service


_DEMO_ACTIONS: Mapping[str, Callable[[Desk, str | None], Reply]] = {
    "on": _demo_on,
    "off": _demo_off,
    "reset": _demo_reset,
    "fault": _demo_fault,
}


def _me(desk: Desk, call: Call) -> Reply:
    return Reply(desk.hedy.me(refresh=call.refresh))


def _sessions(desk: Desk, call: Call) -> Reply:
    frame = desk.hedy.sessions(
        _limit(call),
        topic=call.get("--topic"),
        since=call.get("--since"),
        until=call.get("--until"),
        details=call.has("--details"),
        source=call.source,
        refresh=call.refresh,
    )
    return Reply(frame, _told(desk.hedy, frame, "session", call))


def _session(desk: Desk, call: Call) -> Reply:
    return Reply(desk.hedy.session(call.arguments["WHICH"], source=call.source, refresh=call.refresh))


def _transcript(desk: Desk, call: Call) -> Reply:
    from hedy_jupyter.account.records import Transcript

    session = desk.hedy.session(call.arguments["WHICH"], source=call.source, refresh=call.refresh)
    text = Transcript((session.transcript or "") if call.has("--raw") else session.text)
    return Reply(text, "" if text else "This session has no transcript yet.")


def _highlights(desk: Desk, call: Call) -> Reply:
    frame = desk.hedy.highlights(
        _limit(call), session=call.get("--session"), details=call.has("--details"), source=call.source, refresh=call.refresh
    )
    return Reply(frame, _told(desk.hedy, frame, "highlight", call))


def _highlight(desk: Desk, call: Call) -> Reply:
    return Reply(desk.hedy.highlight(call.arguments["ID"], source=call.source, refresh=call.refresh))


def _todos(desk: Desk, call: Call) -> Reply:
    _not_both(call, "--open", "--done")
    status: account.Status = "open" if call.has("--open") else "done" if call.has("--done") else "all"
    frame = desk.hedy.todos(status, session=call.get("--session"), topic=call.get("--topic"), source=call.source, refresh=call.refresh)
    if call.has("--overdue"):
        frame = _overdue(desk.hedy, frame, call)
        return Reply(frame, _told(desk.hedy, frame, "overdue todo", call) + _without_a_day(frame))
    return Reply(frame, _told(desk.hedy, frame, "todo" if status == "all" else f"{status} todo", call))


def _overdue(hedy: Hedy, todos: pd.DataFrame, call: Call) -> pd.DataFrame:
    """Return the open todos whose day is past; the meetings are those of the complete history, so that no day stays unknown."""
    from hedy_jupyter.analysis import brief
    from hedy_jupyter.analysis import todos as due

    _not_both(call, "--overdue", "--done")
    dated, _ = dated_todos(hedy, todos, call)
    found = due.overdue(dated, zone=hedy.zone).reset_index(drop=True)
    undated = brief.counts(dated, pd.Timestamp.now(tz=hedy.zone).date())[2]
    found.attrs = {**dated.attrs, "due": {**dated.attrs.get("due", {}), "undated": undated}}
    return found


def _without_a_day(frame: pd.DataFrame) -> str:
    told = frame.attrs.get("due", {})
    unknown, undated = told.get("unknown_meetings", 0), told.get("undated", 0)
    parts = [f"{unknown} with an unknown meeting, so without a day"] * bool(unknown)
    parts += [f"{undated} open ones due at a time that names no day"] * bool(undated)
    return "".join(f" · {part}" for part in parts)


def _todo(desk: Desk, call: Call) -> Reply:
    return Reply(desk.hedy.todo(call.arguments["SESSION"], call.arguments["TODO"], source=call.source, refresh=call.refresh))


def _topics(desk: Desk, call: Call) -> Reply:
    frame = desk.hedy.topics(source=call.source, refresh=call.refresh)
    return Reply(frame, _told(desk.hedy, frame, "topic", call))


def _topic(desk: Desk, call: Call) -> Reply:
    return Reply(desk.hedy.topic(call.arguments["WHICH"], source=call.source, refresh=call.refresh))


def _contexts(desk: Desk, call: Call) -> Reply:
    frame = desk.hedy.contexts(source=call.source, refresh=call.refresh)
    return Reply(frame, _told(desk.hedy, frame, "context", call))


def _context(desk: Desk, call: Call) -> Reply:
    return Reply(desk.hedy.context(call.arguments["WHICH"], source=call.source, refresh=call.refresh))


def _webhooks(desk: Desk, call: Call) -> Reply:
    frame = desk.hedy.webhooks(refresh=call.refresh)
    return Reply(frame, _told(desk.hedy, frame, "webhook", call))


def _log(desk: Desk, call: Call) -> Reply:
    frame = desk.hedy.requests
    left = desk.hedy.requests_left
    return Reply(frame, f"{_count(len(frame), 'request')}, {_NO_LIMIT if left is None else f'{left} left this minute'}")


def _limit(call: Call) -> int | None:
    _not_both(call, "--limit", "--all")
    return None if call.has("--all") else call.number("--limit", account.LIMIT)


def _not_both(call: Call, one: str, other: str) -> None:
    if call.has(one) and call.has(other):
        raise UsageError(f"{one} and {other} exclude each other.", advice=f"Usage: {call.command.usage}")


def _told(hedy: Hedy, frame: pd.DataFrame, what: str, call: Call) -> str:
    """The status line of a list: how many, of how many, from where, what is missing."""
    coverage = frame.attrs["coverage"]
    known = max(coverage["total"] or 0, coverage["found"])
    parts = [f"{len(frame)} of {_count(known, what)}" if known > len(frame) else _count(len(frame), what)]
    if coverage["source"] == "archive":
        parts.append(f"archive, {synced(hedy)}")
    else:
        parts.append("demo account" if hedy.settings.demo else f"{coverage['source']}, {hedy.settings.host}")
        kept = 0 if any(map(call.has, _NARROWS)) else held(hedy, f"{what.rpartition(' ')[2]}s") or 0
        if kept > known:
            parts.append(f"{kept:,} in the archive")
    if missing := len(coverage.get("incomplete", ())):
        parts.append(f"the details of {missing:,} are missing, --refresh asks for them again")
    if failed := coverage.get("failed"):
        parts.append(f"could not be read: {', '.join(failed)}")
    if known == 0 and what == "session" and coverage["source"] == "live" and not any(map(call.has, _NARROWS)):
        parts.append("Hedy lists cloud-synced meetings only, a few minutes after they end")
    if coverage["unreachable"]:
        parts.append(f"{coverage['unreachable']} that the API names cannot be reached")
    elif known > coverage["found"] and not call.has("--all"):
        parts.append("--all gets the complete history")
    return " · ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# -- the table ---------------------------------------------------------------------------------------------------------

_COMMAND_FIRST = "A command comes first, then its options; %hedy help lists them."
_SPELLING = (
    "WHICH is an id, the first six or more characters of one, a title or name, last, or last~2 (two before the last).\n"
    "Values with spaces stand between quotes; {expression} and $name give the value of Python names; a ; at the end hides the result."
)
_LIMIT = Option("--limit", "how many, newest first (100)", "N")
_ALL = Option("--all", "the complete history, by every road of the API")
_TOPIC = Option("--topic", "only those of this topic", "T", source="topics")
_SESSION = Option("--session", "only those of this session", "WHICH", source="sessions")
_DETAILS = Option("--details", "with every field; one more request each")
_SINCE = Option("--since", "that start then or later: 2026-03-15, 2026-03, 7d, last tuesday", "D", source=SINCE.source)
_UNTIL = Option("--until", "that start then or before; a bare day or month counts whole", "D", source=UNTIL.source)
_NARROWS = ("--topic", "--session", "--since", "--until")
_NO_LIMIT = "no limit on the demo account"
_FAULTS = "429|500|timeout|drop|tier|deletion_limit|deletion_in_progress|slow|gateway|maintenance|off"

STATUS = Command("", _status, "account, region, host, where the key came from, requests left this minute", reads=False)
COMMANDS = (
    Command("help", _help, "this list, or one command", (Argument("COMMAND", optional=True, source="commands", rest=True),), reads=False),
    Command("login", _login, "asks for the key without showing it; keeps it in the system keyring, else in this kernel", reads=False),
    Command("logout", _logout, "forgets the key that login kept", reads=False),
    Command(
        "demo",
        _demo,
        "the built-in demo account: on, off, reset, fault NAME",
        (Argument("ACTION", optional=True, source="on|off|reset|fault"), Argument("NAME", optional=True, source=_FAULTS)),
        reads=False,
    ),
    Command("me", _me, "whose account it is"),
    Command("sessions", _sessions, "sessions as a DataFrame", options=(_LIMIT, _ALL, _TOPIC, _SINCE, _UNTIL, _DETAILS), archived=True),
    Command("session", _session, "one session with everything in it", (Argument("WHICH", source="sessions", rest=True),), archived=True),
    Command(
        "transcript",
        _transcript,
        "the transcript of a session, the cleaned one if there is one",
        (Argument("WHICH", source="sessions", rest=True),),
        (Option("--raw", "as it was heard, not cleaned"),),
        archived=True,
    ),
    Command("highlights", _highlights, "highlights as a DataFrame", options=(_LIMIT, _ALL, _SESSION, _DETAILS), archived=True),
    Command("highlight", _highlight, "one highlight with all its fields", (Argument("ID"),), archived=True),
    Command(
        "todos",
        _todos,
        "todos over all sessions as a DataFrame",
        options=(
            Option("--open", "only what is open"),
            Option("--done", "only what is done"),
            Option("--overdue", "only what is open and late, the latest first"),
            _SESSION,
            _TOPIC,
        ),
        archived=True,
    ),
    Command("todo", _todo, "one todo of one session", (Argument("SESSION", source="sessions"), Argument("TODO")), archived=True),
    Command("topics", _topics, "topics as a DataFrame", archived=True),
    Command(
        "topic", _topic, "one topic with its instructions and overview", (Argument("WHICH", source="topics", rest=True),), archived=True
    ),
    Command("contexts", _contexts, "session contexts as a DataFrame", archived=True),
    Command("context", _context, "one session context", (Argument("WHICH", source="contexts", rest=True),), archived=True),
    Command("webhooks", _webhooks, "webhooks as a DataFrame"),
    *WRITE_COMMANDS,
    *ARCHIVE_COMMANDS,
    *ANALYSIS_COMMANDS,
    *EXPORT_COMMANDS,
    Command("log", _log, "the requests that were made", reads=False),
)
BY_WORD: Mapping[str, Command] = {command.word: command for command in COMMANDS}
