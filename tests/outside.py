"""What makes a test an outside one: it starts a browser, kernel, terminal, server or other program, or kills a process.

Such a test has the marker ``outside``. The others are the in-process tests, which run on every Python of the machine
(``tests.versions``); that each of them keeps inside is checked while it runs. A fresh Python that ends by itself is
inside.
"""

from __future__ import annotations

import os
import sys
from typing import Any

LEFT: list[str] = []
"""What has left the process since the test began."""
_WATCHED = frozenset({"socket.bind", "socket.connect", "os.forkpty", "os.kill", "os.killpg", "subprocess.Popen"})
_KERNELS = ("ipykernel_launcher", "jupyterlab")


def watch() -> None:
    """Fill ``LEFT`` from now on."""
    watched, append = _WATCHED, LEFT.append  # the hook is called for every event of the process, most of them others

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in watched and (found := left(event, arguments)):
            append(found)

    sys.addaudithook(hook)


def fault(*, is_marked: bool) -> str | None:
    """What is wrong with a test that has run; None where it has the marker, or kept inside."""
    return f"This test needs the marker outside: {LEFT[0]}." if LEFT and not is_marked else None


def left(event: str, arguments: tuple[Any, ...]) -> str | None:
    """What the audit *event* tells of a test that leaves the process; None where it does not."""
    match event, arguments:
        case ("socket.bind" | "socket.connect", (_, (str() | bytes() as host, int() as port, *_))):
            return f"{event} {host}:{port}"
        case "os.forkpty", _:
            return "a terminal"
        case "os.kill", (pid, _) if pid != os.getpid():
            return "kills a process"
        case "os.killpg", _:
            return "kills processes"
        case "subprocess.Popen", (program, line, *_):
            words = [os.fsdecode(word) for word in ([line] if isinstance(line, str | bytes) else line)]
            if os.fsdecode(program).rpartition("/")[2] == "fc-list":  # matplotlib looks for fonts, once in a process
                return None
            if os.fsdecode(program) != sys.executable:
                return f"starts {os.fsdecode(program)}"
            return next((f"starts {name}" for name in _KERNELS if name in words), None)
    return None
