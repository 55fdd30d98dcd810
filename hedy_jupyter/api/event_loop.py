"""``EventLoop``: runs the async client from synchronous code: in a kernel, a widget callback, a script or a thread.

There is one loop of a private class on one background thread for the life of the process. nest-asyncio patches only
that class, so that a blocking call from inside this loop works; the kernel's loop and asyncio itself stay as they are.
(Patching the kernel's loop loses queued cells and clicks on ipykernel 7.1 and later.) On Python 3.14 nesting does not
work and is refused.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from hedy_jupyter.errors import HedyError, UsageError

T = TypeVar("T")
E = TypeVar("E")

_POLL_S = 0.1
_STOP_S = 5.0
_NESTING = sys.version_info < (3, 14)


class _Loop(asyncio.SelectorEventLoop):
    """The class that nest-asyncio patches, so that it patches no other."""


class _End:
    """The end of the events of one call."""


class Closeable(Protocol):
    """A client that is closed on the loop."""

    async def close(self) -> None:
        """Close what is open."""


class EventLoop:
    """A background loop that lives as long as the process, started when first used, and again after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: _Loop | None = None
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._clients: set[Closeable] = set()

    def run(self, work: Callable[[Callable[[E], None]], Coroutine[Any, Any, T]], on_event: Callable[[E], None]) -> T:
        """Return the result of ``work(emit)``; what it emits is passed to *on_event* on the calling thread.

        An interrupt cancels the work and returns only when it has stopped: nothing is sent afterwards. A ``HedyError``
        is raised without the frames of the loop: their locals hold the server's text, which may repeat the key.
        """
        try:
            return self._run(work, on_event)
        except HedyError as error:
            error.__context__ = None
            raise error.with_traceback(None)  # noqa: B904  the same error, without its context

    def _run(self, work: Callable[[Callable[[E], None]], Coroutine[Any, Any, T]], on_event: Callable[[E], None]) -> T:
        loop = self._running_loop()
        if threading.current_thread() is self._thread:
            return self._run_nested(loop, work(on_event))
        # Only this queue is between the threads: an interrupt inside threading.Event, which is written in Python, can
        # leave its lock held.
        events: queue.SimpleQueue[E | _End] = queue.SimpleQueue()
        tasks: list[asyncio.Task[T]] = []

        async def working() -> T:
            return await work(events.put)

        def start() -> None:
            tasks.append(loop.create_task(working()))
            tasks[0].add_done_callback(lambda _: events.put(_End()))

        try:
            loop.call_soon_threadsafe(start)
            _deliver(events, on_event)
        except BaseException:
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])  # runs after start(), whenever that is
            _wait_until(lambda: bool(tasks) and tasks[0].done(), events)
            raise
        return tasks[0].result()

    def keep(self, client: Closeable) -> None:
        """Close *client* when the process ends, unless ``release`` comes first."""
        self._clients.add(client)

    def release(self, client: Closeable) -> None:
        """Close *client* soon, without waiting for it; safe in a finalizer, on any thread."""
        self._clients.discard(client)
        loop = self._loop
        if loop is not None and self._pid == os.getpid() and not loop.is_closed():
            loop.call_soon_threadsafe(lambda: loop.create_task(_closed(client)))

    def close(self) -> None:
        """Close what is open and end the loop; the next use starts a new one."""
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
            clients, self._clients = self._clients, set()
        if loop is None or thread is None or self._pid != os.getpid() or not thread.is_alive():
            return

        async def ending() -> None:
            for client in clients:
                await _closed(client)

        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(ending(), loop).result(_STOP_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_STOP_S)
        if not thread.is_alive():
            loop.close()

    def _running_loop(self) -> _Loop:
        with self._lock:
            if self._loop is None or self._thread is None or self._pid != os.getpid() or not self._thread.is_alive():
                self._loop, self._pid = _Loop(), os.getpid()
                _allow_nesting(self._loop)
                self._thread = threading.Thread(target=self._loop.run_forever, name="hedy-io", daemon=True)
                self._thread.start()
                atexit.unregister(self.close)
                atexit.register(self.close)
            return self._loop

    @staticmethod
    def _run_nested(loop: _Loop, work: Coroutine[Any, Any, T]) -> T:
        if not getattr(loop, "_nest_patched", False):
            work.close()
            raise UsageError(
                "Hedy is called from inside its own event loop, which this Python does not allow.",
                advice="Call it from a thread.",
            )
        return loop.run_until_complete(work)


async def gather(*work: Coroutine[Any, Any, Any]) -> list[Any]:
    """Return the results of *work*, run concurrently; the first error cancels the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as many:
        raise many.exceptions[0] from None
    return [task.result() for task in tasks]


def _allow_nesting(loop: _Loop) -> None:
    if not _NESTING:
        return
    import nest_asyncio

    patch = getattr(nest_asyncio, "_patch_loop", None)
    if patch is not None:
        patch(loop)


async def _closed(client: Closeable) -> None:
    with suppress(Exception):  # a connection that does not close is gone with the process
        await client.close()


def _deliver(events: queue.SimpleQueue[E | _End], on_event: Callable[[E], None]) -> None:
    """Pass each event to *on_event*, up to the end; the waits are short, so that Ctrl-C works on every system.

    A function, because an interrupt at the jump back of a loop is not caught by a ``try`` around that loop (CPython
    3.12, 3.13).
    """
    while True:
        try:
            event = events.get(timeout=_POLL_S)
        except queue.Empty:
            continue
        if isinstance(event, _End):
            return
        on_event(event)


def _wait_until(is_over: Callable[[], bool], events: queue.SimpleQueue[E]) -> None:
    """Wait for the end of the work, *_STOP_S* seconds at most; its events are dropped."""
    until = time.monotonic() + _STOP_S
    while not is_over() and time.monotonic() < until:
        with suppress(queue.Empty):
            events.get(timeout=_POLL_S)
