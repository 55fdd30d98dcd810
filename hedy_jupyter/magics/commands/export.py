"""``%hedy export``: meetings as documents, tables and notes on this machine. Nothing leaves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hedy_jupyter.choices import FORMS
from hedy_jupyter.display.copyable_text import Document
from hedy_jupyter.errors import UsageError
from hedy_jupyter.kinds import KINDS
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.filter_options import MEETINGS, TEXT, filters_of
from hedy_jupyter.text.quoting import as_word
from hedy_jupyter.text.suggestions import did_you_mean, question

if TYPE_CHECKING:
    from hedy_jupyter.magics.context import CommandContext

_STDOUT = "-"
_FORM_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "md": ("markdown", "document", "doc", "text", "txt", "word"),
        "html": ("page", "web", "website", "browser", "htm", "pdf"),
        "ics": ("calendar", "ical", "icalendar", "outlook"),
        "csv": ("table", "spreadsheet", "sheet"),
        "xlsx": ("excel", "workbook", "xls", "sheets"),
        "vault": ("obsidian", "notes", "folder"),
        "parquet": ("pq", "dataset", "duckdb"),
    }
)
"""Format → words that people type for it."""
_FORMATS = f"Formats: {', '.join(FORMS)}."


def _export(ctx: CommandContext, call: Call) -> Reply:
    path = call.arguments["PATH"]
    kinds = call.arguments.get("KIND", "").split()
    _check_order([call.arguments["FORM"], path, *kinds])
    done = ctx.hedy.export(
        call.arguments["FORM"],
        None if path == _STDOUT else path,
        kinds,
        **filters_of(call),
        limit=call.number("--limit", 1) if call.has("--limit") else None,
        bom=False if call.has("--no-bom") else None,
        source=call.source if call.has("--source") else None,
        refresh=call.refresh,
        **_vault_options(call),
    )
    return Reply(None if done.text is None else Document(done.text), done.summary)


def _vault_options(call: Call) -> dict[str, Any]:
    """Return the options of a vault that were given."""
    return {name: call.options[flag] for name in ("name", "folder", "transcript") if call.has(flag := f"--{name}")}


def _meant(words: Sequence[str]) -> str:
    """Return the line that *words*, which are not the arguments of an export, probably mean; else nothing."""
    kind = next((word for word in words if word in KINDS), None)
    form, behind = next(filter(None, map(_form_of, words)), ("csv" if kind else "", ""))
    if not form:
        return ""
    if words[0] not in FORMS and kind not in {None, "sessions", behind} and form in {"md", "html", "ics"}:
        form = "csv"  # which has that kind
    is_table = form in {"csv", "json"}
    others = [word for word in words if word not in {form, kind, behind}]
    path = next((word for word in words if Path(word).suffix), others[0] if others else kind or "meetings")
    if form in {"md", "html", "ics", "xlsx"} or (is_table and (kind or Path(path).suffix)):
        path = _with_suffix(path, f".{form}", kind or "meetings")
        kind = kind or "sessions"
    typed = path if path == _STDOUT else as_word(str(Path(path)))
    meant = question([f"%hedy export {form} {typed}" + (f" {kind}" if is_table and kind else "")])
    return f"A browser prints the html document as PDF. {_FORMATS} {meant}" if words[0].casefold() == "pdf" else meant


def _with_suffix(path: str, suffix: str, name: str) -> str:
    """Return *path* with *suffix*; *name* with it where *path* is a folder such as ``.``. ``-`` stays."""
    if path == _STDOUT:
        return path
    return str(Path(name if Path(path).name in {"", "..", "~"} else path).with_suffix(suffix))


def _form_of(word: str) -> tuple[str, str] | None:
    """Return the format that *word*, its suffix or its meaning is, and *word*; None if there are none."""
    suffix = Path(word).suffix[1:].lower()
    synonyms = (form for form, others in _FORM_WORDS.items() if {word.casefold(), suffix} & set(others))
    form = next((one for one in (word, suffix, *synonyms) if one in FORMS), None)
    return (form, word) if form else None


def _check_order(words: Sequence[str]) -> None:
    """Raise if *words* are a format, path and kinds in another order, or the kind without a path.

    Raises:
        UsageError: they are; the advice is the line to type.
    """
    form, path, *kinds = words
    is_kind = form in {"csv", "json"} and path in KINDS and not Path(path).is_dir()
    if is_kind and not any(kind in KINDS for kind in kinds):
        raise UsageError(f"{path!r} is a kind, not a path.", advice=_meant(words))
    if form not in FORMS and not did_you_mean(form, FORMS) and (advice := _meant(words)):
        raise UsageError(f"Unknown format {form!r} for an export.", advice=advice)


EXPORT_COMMANDS = (
    Command(
        "export",
        _export,
        "Write md, html or ics (a document), xlsx (a workbook), csv or json (a file for one KIND, else a folder), "
        "vault or parquet (a folder).",
        (
            Argument("FORM", source="|".join(FORMS)),
            Argument("PATH"),
            Argument("KIND", optional=True, source="|".join(KINDS), rest=True),
        ),
        (
            *MEETINGS,
            TEXT,
            Option("--limit", "Export only so many meetings, the newest; of one KIND so many rows.", "N"),
            Option("--no-bom", "Write CSV without the byte order mark that tells spreadsheets that it is UTF-8."),
            Option("--name", 'Name the notes of meetings in a vault ("{date} {title}").', "PATTERN"),
            Option("--folder", 'Name the folder of these notes ("sessions/{year}").', "PATTERN"),
            Option(
                "--transcript",
                "Put the transcripts of a vault into the note, into a separate one, or leave them out.",
                "HOW",
                "in|own|no",
            ),
        ),
        archived=True,
        hint=_meant,
    ),
)
