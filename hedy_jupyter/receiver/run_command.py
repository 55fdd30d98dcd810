"""``Forwarder``: runs a command with each new event, if told to: its JSON on standard input, never through a shell."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from hedy_jupyter.archive import events, files
from hedy_jupyter.archive.events import Held
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import ArchiveError, HedyError, UsageError
from hedy_jupyter.files import os_errors
from hedy_jupyter.receiver import delivery
from hedy_jupyter.receiver.archive_writer import LOG
from hedy_jupyter.receiver.secrets_file import VARIABLE

AT_A_TIME = 4
"""So many commands run at a time."""
TIME_LIMIT_S = 60.0
"""A command is killed after this time."""
AGAIN_S = (2.0, 10.0)
"""A command that fails is run again after these waits, then no more."""


class Forwarder:
    """Run a command with each event that is still to be forwarded, on a few threads.

    Args:
        command: the program and its arguments.
        path: the archive.
        limit_s: how long one run may take, in seconds.
        sleep: waits before a command is run again; by default until that time or ``close``.

    Raises:
        ArchiveError: another receiver runs a command for this archive, which would be run twice.
    """

    def __init__(
        self,
        command: Sequence[str],
        path: Path,
        *,
        limit_s: float = TIME_LIMIT_S,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.command = checked(command)
        self._path = path
        self._alone = _alone(files.real(path))
        self._limit_s = limit_s
        self._closing = threading.Event()
        self._sleep = sleep or self._closing.wait
        self._pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="hedy-receiver-run")
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def look(self) -> None:
        """Run the command with what is to be forwarded and is not on its way yet."""
        with self._lock, Store.open(self._path) as store:
            if self._closing.is_set():
                return
            for held in events.to_forward(store, self._known):
                self._known.add(held.event_id)
                self._pool.submit(self._forward, held)

    def close(self) -> None:
        """End after the commands that run; what was not forwarded yet is forwarded at the next start."""
        with self._lock:
            self._closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._alone.release()

    def _forward(self, held: Held) -> None:
        try:
            text = message(held)
            for wait_s in (0.0, *AGAIN_S):
                self._sleep(wait_s)
                if self._closing.is_set():
                    return
                if (fault := run(self.command, text, self._limit_s)) is None:
                    break
                LOG.warning("the command failed with %s: %s", held.event_id, fault)
            else:
                LOG.error("the command failed %d times with %s: given up", 1 + len(AGAIN_S), held.event_id)
            with Store.open(self._path) as store:
                events.mark_forwarded(store, held.event_id)
        except HedyError as error:
            LOG.error("forwarding %s: %s", held.event_id, error.message)
        finally:
            with self._lock:
                self._known.discard(held.event_id)
                is_idle = not self._known
            if is_idle:
                self.look()  # of very many only the first were taken


def _alone(path: Path) -> FileLock:
    """Return the lock of the one receiver that runs a command for the archive at *path*; it ends with the process.

    Raises:
        ArchiveError: another one has it, or the folder cannot be written.
    """
    lock = FileLock(f"{path}.run.lock", mode=0o600, thread_local=False)
    with os_errors(f"The lock beside {path} cannot be written", error=ArchiveError):
        try:
            lock.acquire(blocking=False)
        except Timeout:  # an OSError too
            raise ArchiveError(
                f"Another receiver already runs a command for the events of {path}.",
                advice="Start this one without --run, or end the other one.",
            ) from None
    return lock


def message(held: Held) -> bytes:
    """Return what the command gets: one line of JSON with the fields of the frame *events*, and the payload."""
    event = delivery.payload_of(held.body, held.event)
    fields: dict[str, Any] = {
        "event_id": held.event_id,
        "event": held.event,
        "received_at": held.received_at,
        "session_id": held.session_id or None,
        "title": held.title,
        "test": event.test,
        "payload": event.payload,
    }
    return json.dumps(fields).encode() + b"\n"


def run(command: Sequence[str], text: bytes, limit_s: float) -> str | None:
    """Run *command* with *text* on its standard input; return what went wrong, or None.

    Its output is dropped: it may repeat what was said in a meeting. The webhook's secret is not in its environment.
    """
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    try:
        process = subprocess.Popen(  # noqa: S603  what the user named, without a shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        return error.strerror or type(error).__name__
    with process:
        try:
            process.communicate(text, timeout=limit_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            return f"it took longer than {limit_s:g} s"
        except BrokenPipeError:  # it ended without reading
            process.wait()
    return None if process.returncode == 0 else f"exit code {process.returncode}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill *process* and what it has started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, 9)
    else:
        process.kill()
    process.communicate()


def checked(command: str | Sequence[str]) -> list[str]:
    """Return the words of *command*, whose program is there.

    Raises:
        UsageError: it is empty, has an open quote, or names no program of this machine.
    """
    try:
        words = shlex.split(command, posix=os.name == "posix") if isinstance(command, str) else list(command)
    except ValueError as error:
        raise UsageError(f"The command {command!r} cannot be read: {error}.") from None
    if not words or shutil.which(words[0]) is None:
        raise UsageError(
            f"The command {words[0] if words else ''!r} was not found.",
            advice="Name a program with its arguments; for a pipeline or variables of a shell, name a script.",
        )
    return words
