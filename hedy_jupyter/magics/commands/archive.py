"""The archive commands of ``%hedy``: fill it, search it, show what it holds, delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedy_jupyter.errors import UsageError
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.filter_options import MEETINGS, meetings_of
from hedy_jupyter.magics.status import archive_line, frame_synced, when
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.quoting import as_word, quoted
from hedy_jupyter.text.suggestions import did_you_mean, question

if TYPE_CHECKING:
    from hedy_jupyter.display import display_mixin
    from hedy_jupyter.magics import empty_results
    from hedy_jupyter.magics.context import CommandContext
else:
    empty_results = at_first_use("hedy_jupyter.magics.empty_results")
    display_mixin = at_first_use("hedy_jupyter.display.display_mixin")

_HITS = 50
_RELATED = 10


def _sync(ctx: CommandContext, call: Call) -> Reply:
    which = call.get("--session")
    others = [flag for flag in ("--full", "--no-details", "--accept-gone") if call.has(flag)]
    if which is not None and others:
        raise UsageError(f"Use either --session or {others[0]}, not both.", advice=f"Usage: {call.command.usage}")
    done = ctx.hedy.archive.sync(
        full=call.has("--full"),
        details=not call.has("--no-details"),
        session=which,
        accept_gone=call.has("--accept-gone"),
    )
    return Reply(status=f"{done} · now {archive_line(ctx.hedy, done.state)}")


def _search(ctx: CommandContext, call: Call) -> Reply:
    text = " ".join(filter(None, (call.arguments["TEXT"], call.get("--text"))))
    if call.has("--fts") and call.has("--text"):
        raise UsageError("Use either --fts or --text, not both.", advice="With --fts, TEXT is the whole query.")
    hits = ctx.hedy.archive.search(
        text,
        fields=call.every("--in") or None,
        limit=call.number("--limit", _HITS),
        fts=call.has("--fts"),
        **meetings_of(call),
    )
    held = hits.attrs["archive"]["sessions"]
    is_full = len(hits) == call.number("--limit", _HITS)
    count = f"the first {len(hits)} with a hit, of {held:,}" if is_full else f"{len(hits)} of {held:,}"
    line = f"{count} sessions · archive, {frame_synced(hits, ctx.hedy)}"
    if hits.empty:
        return Reply(hits, f"{line} · {empty_results.why_no_hits(ctx.hedy, call, held)}", view="search")
    more = " · --limit shows more" if is_full else ""
    return Reply(hits, line + more, view="search", query=text, fts=call.has("--fts"))


def _related(ctx: CommandContext, call: Call) -> Reply:
    found = ctx.hedy.archive.related(call.arguments["WHICH"], limit=call.number("--limit", _RELATED))
    line = f"{counted(len(found), 'session')} with the same rare words · archive, {frame_synced(found, ctx.hedy)}"
    return Reply(found, line, view="related")


def _coverage(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.archive.coverage()
    held, listed, bare = (int(frame[column].sum()) for column in ("held", "listed", "without_text"))
    counts = f"{held:,} of {listed:,} sessions with their details" + f" · {bare:,} of them without any text" * bool(
        bare
    )
    return Reply(frame, f"{counts} · archive, {frame_synced(frame, ctx.hedy)}", view="coverage")


def _archive(ctx: CommandContext, call: Call) -> Reply:
    action = call.arguments.get("ACTION", "status")
    if action not in _ACTIONS:
        raise UsageError(
            f"Unknown action {action!r} for %hedy archive.",
            advice=f"{_meant_by(action, call)} Actions: {', '.join(_ACTIONS)}.".lstrip(),
        )
    if (call.has("--name") and action != "delete") or ("WHICH" in call.arguments and action != "history"):
        extra = call.arguments.get("WHICH") or "--name"
        raise UsageError(
            f"Unexpected argument {extra!r} for %hedy archive {action}.", advice=f"Usage: {call.command.usage}"
        )
    return _ACTIONS[action](ctx, call)


def _meant_by(action: str, call: Call) -> str:
    """Return a question that suggests what *action* may be: a command that reads the archive, or a similar action."""
    rest = call.arguments.get("WHICH")
    if any(action == command.word for command in ARCHIVE_COMMANDS):
        return question([" ".join(filter(None, ("%hedy", action, rest and as_word(rest))))])
    return did_you_mean(action, _ACTIONS)


def _status(ctx: CommandContext, call: Call) -> Reply:
    hedy = ctx.hedy
    path = hedy.archive.known_path
    rows = [("File", str(path) if path else "not known before the first sync")]
    if hedy.archive.exists:
        counts, synced_at = hedy.archive.state()
        rows += [
            ("Size", f"{hedy.archive.path.stat().st_size / 1e6:,.1f} MB"),
            ("Sessions", f"{counts['sessions']:,}, {counts['with_details']:,} with their details"),
            ("No longer in Hedy", f"{counts['gone']:,} sessions"),
            ("Todos, highlights", f"{counts['todos']:,}, {counts['highlights']:,}"),
            ("Topics, contexts", f"{counts['topics']:,}, {counts['contexts']:,}"),
            ("Last sync", when(synced_at, hedy.zone) if synced_at else "no sync has ended yet"),
        ]
    else:
        rows += [("State", "There is no archive yet. %hedy sync creates it.")]
    return Reply(display_mixin.Card("Archive", rows))


def _history(ctx: CommandContext, call: Call) -> Reply:
    which = call.arguments.get("WHICH")
    if which is None:
        raise UsageError("%hedy archive history needs WHICH.", advice="For example %hedy archive history last")
    frame = ctx.hedy.archive.history(which)
    line = f"{counted(len(frame), 'version')} of {counted(frame['field'].nunique(), 'text')}"
    return Reply(frame, f"{line} · archive, {frame_synced(frame, ctx.hedy)}", view="history")


def _delete(ctx: CommandContext, call: Call) -> Reply:
    deletion = ctx.hedy.archive.delete()
    name = call.get("--name")
    if name is None and ctx.review_mode() == "terminal":
        name = ctx.ask(f"{deletion.review}\nType the path to delete it: ")
    if name is None:
        how = f"%hedy archive delete --name {quoted(str(deletion.path))}"
        return Reply(status=f"{deletion.review}\nNothing was deleted. To delete it: {how}")
    deletion.confirm(name)
    return Reply(status=deletion.result)


_ACTIONS = {"status": _status, "history": _history, "delete": _delete}


_FIELDS = "title|transcript|cleaned_transcript|recap|meeting_minutes|session_notes|conversations|highlights|todos"
ARCHIVE_COMMANDS = (
    Command(
        "sync",
        _sync,
        "Bring the archive, your whole history in one file on this machine, up to date.",
        options=(
            Option("--full", "Ask for every meeting's details again, also of those that are gone."),
            Option("--no-details", "Fetch the lists only, no texts."),
            Option("--session", "Request this meeting only, also if the archive has it.", "WHICH", source="sessions"),
            Option("--accept-gone", "Mark as gone what Hedy says is gone, even if it is most of the archive."),
        ),
        reads=False,
    ),
    Command(
        "search",
        _search,
        "Search the archive. All words must occur; harb* takes beginnings, -word excludes, quotes match a phrase.",
        (Argument("TEXT", rest=True, phrases=True),),
        (
            Option(
                "--in", "Search only in this field; may be given more than once.", "FIELD", source=_FIELDS, many=True
            ),
            *MEETINGS,
            Option("--text", "Name further words that must occur.", "WORDS"),
            Option("--limit", f"Show so many meetings, the best first ({_HITS}).", "N"),
            Option("--fts", "Read TEXT as a query in SQLite's FTS5 language."),
        ),
        reads=False,
        body="TEXT",
    ),
    Command(
        "related",
        _related,
        "List the meetings most like one, by the rarest words that they share, from the archive.",
        (Argument("WHICH", source="sessions", rest=True),),
        (Option("--limit", f"Show so many, the most alike first ({_RELATED}).", "N"),),
        reads=False,
    ),
    Command("coverage", _coverage, "Show how complete the archive is, month by month.", reads=False),
    Command(
        "archive",
        _archive,
        "Show the state of the archive or the older versions of a meeting's texts (history WHICH), or delete it.",
        (
            Argument("ACTION", optional=True, source="|".join(_ACTIONS)),
            Argument("WHICH", optional=True, source="sessions", rest=True),
        ),
        (Option("--name", "Confirm the deletion by the path of the file.", "PATH"),),
        reads=False,
    ),
)
