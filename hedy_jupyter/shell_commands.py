"""``hedy-jupyter COMMAND …``: the commands of ``%hedy`` without a notebook, for cron, scripts and terminals.

The result goes to standard output, everything else to standard error. The exit code is 0, 1 for an error, or 2 for a
line that is no command. Writes take ``--dry-run`` or ``--confirm DIGEST``; there are no prompts but that of ``login``.
"""

from __future__ import annotations

import getpass
import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from io import TextIOWrapper

import pandas as pd

from hedy_jupyter import profiles, settings
from hedy_jupyter.account import current, list_view
from hedy_jupyter.account.transcript import Transcript
from hedy_jupyter.api.client_events import ClientEvent, Notice
from hedy_jupyter.credentials import KEYS, USER
from hedy_jupyter.display.display_mixin import Card, Shown
from hedy_jupyter.display.table import Cell
from hedy_jupyter.display.terminal import WIDTH, terminal_width
from hedy_jupyter.errors import HedyError, UsageError
from hedy_jupyter.export import tabular
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import Call, Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import Word
from hedy_jupyter.text.api_keys import looks_like_key
from hedy_jupyter.text.clean import printable
from hedy_jupyter.text.quoting import as_word

PROGRAM = "hedy-jupyter"
_JSON = "--json"
_STOPPED = 130
"""The exit code after Ctrl-C, as shells have it."""
_WIDEST = 200  # columns of a list in a terminal
_MAGIC = re.compile(r"%%?hedy(?=[\s_`,.:;]|$)")
_NOTEBOOK_ONLY = {
    "demo": "Set HEDY_DEMO=1 for the demo account: HEDY_DEMO=1 hedy-jupyter sessions",
    "display": "Lists are shown as text here; --json gives their rows.",
    "log": "Each command is a process, which forgets its requests.",
    "browse": "Here: hedy-jupyter sessions, then hedy-jupyter session last.",
    "manage": "Here: hedy-jupyter topics, then hedy-jupyter topic new, edit or delete.",
}
"""Commands that work on what a notebook holds or shows, with what to do in place of them."""
_IN_NOTEBOOKS = re.compile(r"^.{10}(%%|browse|manage|display)|^Values with|^All take")
"""The lines of the overview that do not hold in a shell."""
_HELP = f"""
In the shell: {PROGRAM} COMMAND …
  --profile NAME       the account of this profile
  --json               the rows of a list as JSON: times in ISO 8601, null where missing
The result goes to standard output, messages to standard error (-q: fewer).
Exit code: 0, 1 (error) or 2 (usage). A key is never an argument."""


def main(arguments: Sequence[str]) -> int:
    """Run the command that *arguments* name and return the exit code."""
    for name in ("stdout", "stderr"):  # closed with >&- or 2>&-: the command runs all the same
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", closefd=False))
    if isinstance(sys.stdout, TextIOWrapper):  # a pipe or an old terminal may have an encoding without all characters
        sys.stdout.reconfigure(errors="replace", newline="")
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # such as `| head`
        _drop_output()
        return 0
    except OSError as error:  # such as a full disk under > FILE
        _drop_output()
        _say(f"{PROGRAM}: The output cannot be written: {error.strerror or error}.")
        return 1
    except KeyboardInterrupt:
        _say("Stopped.")
        return _STOPPED
    return code


def _drop_output() -> None:
    """Leave nothing to write: the interpreter would complain when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str]) -> int:
    try:
        _refuse_keys(arguments)
        is_json = _JSON in arguments
        words, profile = _without_profile([_word(text) for text in arguments if text != _JSON])
        if profile is not None and not settings.demo_asked(settings.environment()):
            current.connect(profile=profile)
        call, reply = _dispatch(words)
        _write(call, reply, is_json=is_json)
    except HedyError as error:
        _say(f"{PROGRAM}: {error.message}")
        if advice := error.what_to_do():
            _say(advice)
        return 2 if isinstance(error, UsageError) else 1
    return 0


def _refuse_keys(arguments: Sequence[str]) -> None:
    """Raise if an argument holds what looks like an API key.

    Raises:
        UsageError: one does; the message does not repeat it.
    """
    if any(map(looks_like_key, arguments)):
        raise UsageError(
            "An argument looks like an API key. Other users of this machine can read arguments, and the shell saves "
            "them. Nothing was done.",
            advice="Create a new key in the Hedy app (it replaces the old one), then use hedy-jupyter login or "
            "HEDY_API_KEY.",
        )


def _word(text: str) -> Word:
    """Return an argument as a word of a line: one with a blank in it was in quotes, and is no option then."""
    return Word(text, plain=text.startswith("-") or not re.search(r"\s", text))


def _without_profile(words: Sequence[Word]) -> tuple[list[Word], str | None]:
    """Return *words* without ``--profile NAME``, and NAME; ``login`` and ``logout`` have that option themselves.

    Raises:
        UsageError: there is no NAME.
    """
    rest = list(words)
    at = next((place for place, word in enumerate(rest) if re.fullmatch(r"--profile(=.*)?", word)), None)
    if at is None or rest[0] in {"login", "logout"}:
        return rest, None
    _, equals, name = rest.pop(at).partition("=")
    if not equals and at < len(rest):
        name = str(rest.pop(at))
    if not name or name.startswith("-"):
        raise UsageError("--profile needs the name of a profile.", advice="hedy-jupyter use lists them.")
    return rest, name


def _dispatch(words: Sequence[Word]) -> tuple[Call | None, Reply]:
    """Run the command without prompts; its progress is shown in a terminal only.

    Raises:
        UsageError: the line is no command, or one for notebooks.
        HedyError: what the command raises.
    """
    line = words[1:] if words[:1] == ["status"] else words
    first = next((str(word) for word in line if word.plain and not word.startswith("-")), "")
    asks_for_help = bool({"--help", "-h"} & set(line))
    if first in _NOTEBOOK_ONLY and not asks_for_help:
        raise UsageError(f"{first} needs a notebook.", advice=_NOTEBOOK_ONLY[first])
    if first == "use" and len(line) > 1 and not asks_for_help:
        raise UsageError("use NAME needs a notebook.", advice="Here: hedy-jupyter --profile NAME COMMAND.")
    if any(word == "-o" or word.startswith("-o=") for word in line):
        raise UsageError("-o stores the result in a notebook's variable.", advice="Here: > FILE stores the output.")
    ctx = CommandContext(ask_hidden=_ask_hidden, ask=_ask, say=_print)
    with ExitStack() as stack:
        if "-q" in line or not sys.stderr.isatty():
            with suppress(HedyError):  # what is wrong with the settings is said by the commands that need them
                notices = _nothing if "-q" in line else _notice
                stack.enter_context(current.current().connection.notices_to(notices))
        call, reply = dispatch.dispatch(ctx, line)
    if first == "login" and call is not None and not asks_for_help and not _is_kept(call):
        raise HedyError(
            "The key was not stored: there is no system keyring here.",
            advice="Install one (pip install keyring), or set HEDY_API_KEY.",
        )
    return call, reply


def _is_kept(login: Call) -> bool:
    """Return whether the system keyring has the key that *login* has stored, which this process forgets."""
    name = login.get("--profile")
    entry = USER if name is None else profiles.keyring_entry(name, settings.environment())
    found = KEYS.read(entry)
    return found is not None and found[1] == "system keyring"


def _ask_hidden(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise EOFError  # getpass would read a pipe, in the clear
    return getpass.getpass(prompt)


def _ask(prompt: str) -> str:  # noqa: ARG001  takes what other prompts take
    raise EOFError


def _notice(event: ClientEvent) -> None:
    """Show waits; the progress of a log is of no use to those who read it later."""
    if isinstance(event, Notice):
        _say(event.text)


def _nothing(event: ClientEvent) -> None:
    pass


# -- output ------------------------------------------------------------------------------------------------------------


def _write(call: Call | None, reply: Reply, *, is_json: bool) -> None:
    """Write the value of *reply*, and then its status line unless ``-q`` was given.

    Raises:
        UsageError: JSON was asked for of what is no list.
    """
    if is_json and not isinstance(reply.value, pd.DataFrame):
        raise UsageError(f"{_JSON} is for lists.", advice="For one thing: --as markdown, where the command has it.")
    if reply.page is not None:  # help
        _print(commands() if reply.status == dispatch.overview() else f"{in_shell(reply.status)}\n{_HELP}")
        return
    if is_json:
        sys.stdout.write(_terminal_safe(tabular.to_json(reply.value)))
    elif reply.value is not None:
        text = _text(reply)
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    if call and call.has("-q"):
        return
    if reply.status:
        _say(reply.status)
    if reply.next_step and not (reply.view and len(reply.value)) and not is_json:  # below a list its view says it
        _say(f"Next: {reply.next_step}")


def _text(reply: Reply) -> str:
    """Return the value of *reply* as text: a list whole, one thing as a terminal shows it, a document as it is."""
    value = reply.value
    width = terminal_width(_WIDEST) if sys.stdout.isatty() else _WIDEST
    if isinstance(value, pd.DataFrame):
        view = _view(reply) if reply.view else None
        return printable(value.to_string()) if view is None else str(view.to_text(width))
    if isinstance(value, Transcript) and value.query.strip():
        found = (one for one in value.lines() if one.hits)
        return printable("\n".join(": ".join(filter(None, (str(one.number), one.speaker, one.text))) for one in found))
    if isinstance(value, str):  # a document, which the options of the command have asked for
        return _terminal_safe(str(value))
    if isinstance(value, Card):  # all of it is ours
        return in_shell(value.to_text(min(width, WIDTH)))
    return str(value.to_text(min(width, WIDTH))) if isinstance(value, Shown) else printable(str(value))


def _view(reply: Reply) -> list_view.ListView | None:
    """Return the view of a list with all its rows, whose commands are those of the shell."""
    frame, hedy = reply.value, current.current()
    known = list_view.known(hedy, frame, rows=len(frame))
    typed = as_word(reply.query)
    found = list_view.view(
        reply.view, frame, known, query=reply.query, fts=reply.fts, typed=typed, next_step=reply.next_step
    )
    if found is None:
        return None
    rows = [[_shell_cell(cell) for cell in row] for row in found.table.rows]
    note = found.table.note.replace('_["text"] holds', "--json has")
    return replace(found, table=replace(found.table, rows=rows, note=note, next_step=in_shell(found.table.next_step)))


def _shell_cell(cell: Cell) -> Cell:
    """Return *cell* with its command as it is typed in a shell."""
    return replace(cell, command=in_shell(cell.command), short=in_shell(cell.short)) if cell.command else cell


def commands() -> str:
    """Return the help text of the commands that work in a shell."""
    lines = dispatch.overview().splitlines()
    return "\n".join([*(in_shell(line) for line in lines if not _IN_NOTEBOOKS.search(line)), _HELP])


def in_shell(text: str) -> str:
    """Return *text*, a message of ours, with the commands of notebooks as they are typed in a shell."""
    return _MAGIC.sub(PROGRAM, text.replace("%hedy demo works", "HEDY_DEMO=1 works"))


def _terminal_safe(text: str) -> str:
    """Return *text* as it is for a file or pipe, and without what a terminal would obey for a terminal."""
    return printable(text) if sys.stdout.isatty() else text


def _print(text: str) -> None:
    print(text)  # noqa: T201


def _say(text: str) -> None:
    sys.stdout.flush()  # in a log of both the message follows the text
    print(in_shell(text), file=sys.stderr, flush=True)  # noqa: T201
