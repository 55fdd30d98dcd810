"""What the tests of kernels, terminals and browsers share: a clean environment, a kernel to talk to, a slow Hedy."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from hedy_jupyter.demo_server.http import start
from hedy_jupyter.demo_server.service import Response, Service

TIMEOUT_S = 30.0
_FOREIGN = (
    "HEDY_",
    "JUPYTER",
    "IPYTHON",
    "PYTHONDONTWRITEBYTECODE",  # each process would compile the package, and all that it imports in a new environment
    "PYTHONPATH",
    "COLUMNS",
    "LINES",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment for a process that has nothing of this machine's user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    folders = {
        name: str(home / name.lower())
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    return {
        **kept,
        **folders,
        "HOME": str(home),
        "PYTHONWARNINGS": "default",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **more,
    }


class SlowService(Service):
    """The demo account, each answer of which takes ``delay_s`` seconds; it remembers what it was asked."""

    def __init__(self, delay_s: float) -> None:
        super().__init__()
        self.delay_s = delay_s
        self.paths: list[str] = []
        self._news = threading.Condition()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """The demo's answer, late."""
        with self._news:
            self.paths.append(path.partition("?")[0])
            self._news.notify_all()
        return super().answer(method, path, headers, body)._replace(delay_s=self.delay_s)

    def wait_for(self, count: int) -> None:
        """Wait until *count* requests have come in all."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.paths) >= count, TIMEOUT_S), (
                f"only {len(self.paths)} of {count} requests came"
            )


@contextmanager
def slow_hedy(delay_s: float) -> Iterator[tuple[SlowService, dict[str, str]]]:
    """A slow Hedy on loopback, and the settings that lead to it."""
    service = SlowService(delay_s)
    with start(service) as (_, base_url):
        yield service, {"HEDY_BASE_URL": base_url, "HEDY_API_KEY": service.key}


@dataclass
class Ran:
    """What came back from a cell."""

    reply: dict[str, Any]
    messages: list[dict[str, Any]] = field(default_factory=list)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The contents of the messages of that type."""
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(content["text"] for content in self.of_type("stream"))

    @property
    def value(self) -> str:
        """The value of the cell as plain text; empty where there was none."""
        return "".join(content["data"]["text/plain"] for content in self.of_type("execute_result"))


class Kernel:
    """A Jupyter kernel and one front end of it."""

    def __init__(self, client: BlockingKernelClient, manager: KernelManager) -> None:
        self.client = client
        self.manager = manager
        self._replies: dict[str, dict[str, Any]] = {}
        self._messages: dict[str, list[dict[str, Any]]] = {}

    def run(self, cell: str) -> Ran:
        """Run *cell* to its end."""
        return self.wait(self.send(cell))

    def send(self, cell: str, *, stop_on_error: bool = True) -> str:
        """Queue *cell*; returns what ``wait`` needs."""
        message_id = self.client.execute(cell, allow_stdin=False, stop_on_error=stop_on_error)
        return str(message_id)

    def wait(self, message_id: str) -> Ran:
        """What *message_id* gave, when it has ended."""
        deadline = time.monotonic() + TIMEOUT_S
        while message_id not in self._replies or not self._idle(message_id):
            self._read(deadline - time.monotonic())
        return Ran(self._replies[message_id]["content"], self._messages[message_id])

    def click(self, comm_id: str) -> None:
        """Press the ipywidgets button behind *comm_id*, as a front end does."""
        content = {"comm_id": comm_id, "data": {"method": "custom", "content": {"event": "click"}}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))

    def complete(self, code: str) -> list[str]:
        """What Tab at the end of *code* offers, as the whole line that it would make."""
        reply = self.client.complete(code, reply=True, timeout=TIMEOUT_S)["content"]
        return [code[: reply["cursor_start"]] + match for match in reply["matches"]]

    def _idle(self, message_id: str) -> bool:
        return any(
            message["content"].get("execution_state") == "idle" for message in self._messages.get(message_id, ())
        )

    def _read(self, left_s: float) -> None:
        assert left_s > 0, "the kernel did not answer in time"
        for channel, wait_s, store in (
            (self.client.get_iopub_msg, 0.05, self._heard),
            (self.client.get_shell_msg, 0, self._answered),
        ):
            with suppress(queue.Empty):
                store(channel(timeout=wait_s))

    def _heard(self, message: dict[str, Any]) -> None:
        self._messages.setdefault(message["parent_header"].get("msg_id", ""), []).append(message)

    def _answered(self, message: dict[str, Any]) -> None:
        self._replies[message["parent_header"].get("msg_id", "")] = message


@contextmanager
def kernel(variables: dict[str, str]) -> Iterator[Kernel]:
    """A kernel with these environment variables."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=variables)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT_S)
        yield Kernel(client, manager)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
