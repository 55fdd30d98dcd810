"""The command line ``hedy-jupyter``: the commands of ``%hedy``, a tour of the demo account, ``--lab`` and ``serve``."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from hedy_jupyter import lab_notebooks, shell_commands, version
from hedy_jupyter.magics import context
from hedy_jupyter.text.api_keys import looks_like_key
from hedy_jupyter.text.phrasing import options_in

if TYPE_CHECKING:
    import pandas as pd

    from hedy_jupyter.account.hedy import Hedy

_WIDE = ("display.width", 120, "display.max_columns", None)
_NEXT = """
This is IPython with %hedy loaded, on the demo account. Try:
    %hedy todos --open            df = %hedy sessions --since "last month"
    %hedy session last            df.hedy.search("budget")
    %hedy help                    exit
"""


class _Version(argparse.Action):
    """Print the version, which argparse's own action would look up on the disk at every start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it, and exit."""
        print(f"{shell_commands.PROGRAM} {version.installed()}")  # noqa: T201
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from hedy_jupyter.demo_server import deliver
    from hedy_jupyter.demo_server.service import FAULTS

    parser = argparse.ArgumentParser(
        prog="python -m hedy_jupyter" if Path(sys.argv[0]).name == "__main__.py" else shell_commands.PROGRAM,
        description="Hedy meetings in the shell. Without arguments: a tour on the demo account.",
        epilog=shell_commands.commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--lab",
        action="store_true",
        help=f"copy the notebooks into {lab_notebooks.FOLDER}, open them in JupyterLab; it gets all further options",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command")
    serve = commands.add_parser(
        "serve", help="the demo account over HTTP on 127.0.0.1, for curl and other clients", allow_abbrev=False
    )
    serve.add_argument("--port", type=int, default=0, help="the port; 0 takes a free one")
    serve.add_argument("--fault", metavar="NAME", help=f"answer with this fault: {', '.join(FAULTS)}")
    deliver.add_options(serve)
    commands.add_parser("receive", help="keep Hedy's webhooks in the archive, until Ctrl-C", add_help=False)
    words = list(sys.argv[1:] if argv is None else argv)
    is_command = words and "--lab" not in words and words[0] not in {"-h", "--help", "--version", *commands.choices}
    if is_command or any(map(looks_like_key, words)):  # the shell refuses a key; argparse would repeat it
        return shell_commands.main(words)
    if words[:1] == ["receive"]:
        from hedy_jupyter.receiver.command import main as receive  # its extra may not be installed

        return receive(words[1:])
    if words[:1] == ["--lab"] and not {"-h", "--help"} & set(words):  # before argparse takes the 8899 of --port 8899
        os.environ["HEDY_DEMO"] = "1"
        return lab_notebooks.start(Path.cwd(), words[1:])
    given, more = parser.parse_known_args(words)
    if more and not given.lab:
        parser.error(f"unrecognized arguments: {options_in(more)}")
    if given.command == "serve":
        return _serve(given)
    os.environ["HEDY_DEMO"] = "1"  # the tour never reads real meetings
    if isinstance(sys.stdout, TextIOWrapper):  # on Windows a pipe may have an encoding without all characters
        sys.stdout.reconfigure(errors="replace")
    if given.lab:
        return lab_notebooks.start(Path.cwd(), more)
    for text in tour():
        print(text, flush=True)  # noqa: T201
    if sys.stdin.isatty() and sys.stdout.isatty():
        _ipython()
    return 0


def tour() -> Iterator[str]:
    """Yield the five parts of the tour: status, sessions, open todos, the same by topic, one session."""
    import hedy_jupyter as hj
    from hedy_jupyter.magics import dispatch as commands

    hedy = hj.demo()  # stays open: IPython continues with it, and Tab completes the names that the tour has read
    status = commands.dispatch(context.CommandContext(ask_hidden=input), [])[1].value
    by_topic = hj.HedyFrame(hedy.todos("open")).by_topic()
    parts = (
        ("%hedy", status.to_text()),
        ("%hedy sessions --limit 8", _listed(hedy, "sessions", hedy.sessions(8))),
        ("todos = %hedy todos --open", _listed(hedy, "todos", hedy.todos("open").head(8))),
        ("todos.hedy.by_topic()", by_topic.drop(columns="topic_id").to_string()),
        ("%hedy session last", hedy.session("last").to_text()),
    )
    for command, shown in parts:
        yield f"\n>>> {command}\n{shown}"


def _listed(hedy: Hedy, name: str, frame: pd.DataFrame) -> str:
    """Return *frame* as ``%hedy`` shows it in a terminal."""
    from hedy_jupyter.account import list_view

    view = list_view.view(name, frame, list_view.known(hedy, frame))
    return str(frame) if view is None else view.to_text()


def _ipython() -> None:
    import pandas as pd
    from IPython import start_ipython
    from traitlets.config import Config

    pd.set_option(*_WIDE, "display.width", shutil.get_terminal_size().columns, "display.max_colwidth", 28)

    config = Config()
    config.TerminalIPythonApp.display_banner = False
    config.InteractiveShellApp.extensions = ["hedy_jupyter"]
    print(_NEXT)  # noqa: T201
    start_ipython(argv=[], config=config)


def _serve(given: argparse.Namespace) -> int:
    from hedy_jupyter.demo_server import deliver
    from hedy_jupyter.demo_server.http import serve

    try:
        with deliver.running(deliver.from_options(given)):
            serve(port=given.port, fault=given.fault)
    except (ValueError, OverflowError, OSError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = (
            f"Port {given.port} is in use. Choose another one with --port, or leave --port out." if taken else error
        )
        print(f"hedy_jupyter serve: {reason}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
