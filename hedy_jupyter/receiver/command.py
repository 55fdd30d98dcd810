"""``hedy-jupyter receive``: the receiver on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hedy_jupyter.errors import ArchiveError, HedyError
from hedy_jupyter.receiver import secrets_file, server
from hedy_jupyter.receiver.application import Intake, application
from hedy_jupyter.receiver.receiver import Receiver
from hedy_jupyter.settings import is_loopback
from hedy_jupyter.text.clean import one_line
from hedy_jupyter.text.phrasing import counted, options_in

if TYPE_CHECKING:
    from starlette.applications import Starlette

PORT = 8788


def main(words: Sequence[str], prog: str = "hedy-jupyter receive") -> int:
    """Run ``receive`` with its arguments and return the exit code: 0, 1 (the archive) or 2 (usage)."""
    parser = _parser(prog)
    given, more = parser.parse_known_args(words)
    if more:
        parser.error(f"unrecognized arguments: {options_in(more)} (a secret is never an argument)")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    for noisy in ("httpx", "httpcore", "uvicorn", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    try:
        secrets = secrets_file.read(given.secret_file, os.environ)
        if given.secret_file is not None and secrets_file.exposed(given.secret_file):
            _tell(f"Other users can read {given.secret_file}: chmod 600 {given.secret_file}")
        receiver = Receiver.of(archive=given.archive, fetch=given.fetch, run=given.run)
        made = application(Intake(secrets, receiver))
        receiver.start()
        _serve(made, receiver, secrets, given)
    except HedyError as error:
        _tell(f"{error.message} {error.advice}".strip())
        return 1 if isinstance(error, ArchiveError) else 2
    except (OSError, OverflowError) as error:
        _tell(f"Cannot listen on {given.host} port {given.port}: {getattr(error, 'strerror', None) or error}.")
        return 2
    return 0


def _serve(made: Starlette, receiver: Receiver, secrets: secrets_file.Secrets, given: argparse.Namespace) -> None:
    try:
        with server.listen(given.host, given.port) as listening:
            host, port = listening.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            _tell(f"Receiving on http://{shown}:{port}/ ({counted(len(secrets), 'secret')}). Ctrl-C ends it.")
            _tell(f"Archive: {receiver.path}")
            if not is_loopback(host):
                _tell("Other machines can reach this port. Hedy needs https: put a reverse proxy or a tunnel in front.")
            if given.run is not None:
                _tell("Each event is passed to the command of --run, which may send it anywhere.")
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends it as Ctrl-C does: with 0
            server.serve(made, listening)
    finally:
        receiver.close()


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog, description="Keep Hedy's webhooks in the archive, until Ctrl-C.", allow_abbrev=False
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1: this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help=f"the port ({PORT}); 0 takes a free one")
    parser.add_argument(
        "--secret-file",
        type=Path,
        metavar="F",
        help=f"the webhook's secret, one a line while one replaces another; else {secrets_file.VARIABLE}",
    )
    parser.add_argument("--archive", metavar="PATH", help="the archive file; else that of the account")
    parser.add_argument(
        "--no-fetch", dest="fetch", action="store_false", help="make no request to Hedy: keep what is delivered, only"
    )
    parser.add_argument(
        "--run", metavar="COMMAND", help="run this command for each new event, with its JSON on standard input"
    )
    return parser


def _tell(text: str) -> None:
    print(one_line(text), file=sys.stderr, flush=True)  # noqa: T201
