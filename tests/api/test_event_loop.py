"""The async client behind synchronous calls: every place to call from, interrupts, forks, exits."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hedy_jupyter as hj
from hedy_jupyter.account import current
from hedy_jupyter.account.connection import BRIDGE
from hedy_jupyter.api.event_loop import EventLoop
from hedy_jupyter.errors import UsageError

Emit = Callable[[Any], None]
NESTS = pytest.mark.skipif(sys.version_info >= (3, 14), reason="nesting cannot work there, and is refused")


@pytest.fixture
def bridge() -> Iterator[EventLoop]:
    """A bridge of the test's own."""
    made = EventLoop()
    yield made
    made.close()


def ignore(_: object) -> None:
    """Hear nothing."""


async def where(_: Emit) -> str:
    """The thread that the work runs on."""
    await asyncio.sleep(0)
    return threading.current_thread().name


async def own_thread(_: Emit) -> threading.Thread:
    """Return the thread that the work runs on."""
    await asyncio.sleep(0)
    return threading.current_thread()


async def failing(_: Emit) -> None:
    """Work that fails."""
    await asyncio.sleep(0)
    raise ValueError("from inside")


def test_result_and_events_in_order(bridge: EventLoop) -> None:
    """The result comes back, and events arrive in order on the thread that called."""
    heard: list[tuple[int, str]] = []

    async def work(emit: Emit) -> str:
        for number in range(100):
            emit(number)
            await asyncio.sleep(0)
        return "done"

    result = bridge.run(work, lambda number: heard.append((number, threading.current_thread().name)))

    assert result == "done"
    assert heard == [(number, threading.current_thread().name) for number in range(100)]


def test_an_error_reaches_the_caller(bridge: EventLoop) -> None:
    """What the work raises is raised where it was called, and the bridge stays of use."""
    with pytest.raises(ValueError, match="from inside"):
        bridge.run(failing, ignore)

    assert bridge.run(where, ignore) == "hedy-io"


def test_work_that_cannot_begin(bridge: EventLoop) -> None:
    """An error before the first step is raised too, and no caller waits endlessly."""

    def no_coroutine(_: Emit) -> Any:
        raise ValueError("before the first step")

    with pytest.raises(ValueError, match="before the first step"):
        bridge.run(no_coroutine, ignore)


def test_an_error_of_ours_hides_the_inside(bridge: EventLoop) -> None:
    """An error of ours comes without the frames of the loop, whose locals may hold the server's words."""

    async def refused(_: Emit) -> None:
        raw_body = "hedy_live_planted"
        try:
            raise KeyError(raw_body)
        except KeyError:
            raise UsageError("no") from None

    with pytest.raises(UsageError) as caught:
        bridge.run(refused, ignore)

    assert "refused" not in [frame.name for frame in caught.traceback]
    assert caught.value.__context__ is None


def test_inside_a_running_loop(bridge: EventLoop) -> None:
    """A call from a coroutine of the user's own loop, and from a callback in it, works."""
    found: list[str] = []

    async def users() -> None:
        found.append(bridge.run(where, ignore))
        called = asyncio.Event()

        def callback() -> None:
            found.append(bridge.run(where, ignore))
            called.set()

        asyncio.get_running_loop().call_soon(callback)
        await called.wait()

    asyncio.run(users())

    assert found == ["hedy-io"] * 2


def test_several_threads_at_once(bridge: EventLoop) -> None:
    """Calls of several threads run side by side on the one loop, each with its own events."""
    barrier = asyncio.Barrier(4)  # passed only if all four are under way together
    heard: dict[int, list[int]] = {number: [] for number in range(4)}
    results: list[int] = []

    async def work(emit: Emit, number: int) -> int:
        await barrier.wait()
        emit(number)
        return number

    def call(number: int) -> None:
        results.append(bridge.run(lambda emit: work(emit, number), heard[number].append))

    threads = [threading.Thread(target=call, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert sorted(results) == [0, 1, 2, 3]
    assert heard == {number: [number] for number in range(4)}


@NESTS
def test_nested(bridge: EventLoop) -> None:
    """A blocking call from inside our own loop returns and does not hang, also with task groups and timeouts."""

    async def inner(emit: Emit) -> str:
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            tasks = [group.create_task(asyncio.sleep(0, result)) for result in "ab"]
        emit("inner")
        return "".join(task.result() for task in tasks)

    async def outer(_: Emit) -> tuple[str, str]:
        async with asyncio.timeout(5):
            return bridge.run(inner, heard.append), await asyncio.sleep(0, "after")

    heard: list[str] = []

    assert bridge.run(outer, ignore) == ("ab", "after")
    assert heard == ["inner"]


@NESTS
def test_nested_error(bridge: EventLoop) -> None:
    """An error of a nested call passes through both."""

    async def outer(_: Emit) -> None:
        bridge.run(failing, ignore)

    with pytest.raises(ValueError, match="from inside"):
        bridge.run(outer, ignore)


@NESTS
def test_nested_read(api: Any, hedy: hj.Hedy) -> None:
    """A hook that reads from the same account, while its requests are under way, works."""
    api.answers = {"/me": {"id": "u", "email": "a@b.c"}, "/topics": {"success": True, "data": []}}

    async def outer(_: Emit) -> str | None:
        return hedy.me().email if hedy.topics().empty else None

    assert BRIDGE.run(outer, ignore) == "a@b.c"


def test_asyncio_stays_as_it_is() -> None:
    """No name of asyncio is another one after the bridge was used, nor are the methods of its loops."""
    code = """
        import asyncio, asyncio.events, asyncio.tasks
        def names():
            loop = asyncio.SelectorEventLoop
            methods = ("_run_once", "run_forever", "run_until_complete", "_check_running")
            return [
                asyncio.run, asyncio.Task, asyncio.Future, asyncio.tasks.Task, asyncio.get_event_loop,
                asyncio.events.get_running_loop, asyncio.sleep, asyncio.timeout, asyncio.current_task, asyncio.wait_for,
                *(getattr(one, name) for one in loop.__mro__ for name in methods if name in vars(one)),
            ]
        before = names()
        import hedy_jupyter as hj
        from hedy_jupyter.account.connection import BRIDGE
        async def outer(emit): return BRIDGE.run(inner, print)
        async def inner(emit): return await asyncio.sleep(0, 7)
        if __import__("sys").version_info < (3, 14): assert BRIDGE.run(outer, print) == 7
        assert BRIDGE.run(inner, print) == 7
        assert all(one is other for one, other in zip(before, names(), strict=True))
        async def main():
            try: asyncio.run(asyncio.sleep(0))
            except RuntimeError: return "refused"
        import warnings; warnings.simplefilter("ignore")
        print(asyncio.run(main()), type(asyncio.new_event_loop()).__name__)
    """

    assert run_python(code).split() == ["refused", "_UnixSelectorEventLoop"]


# Interrupts --------------------------------------------------------------------


def test_an_interrupt_stops_the_work(bridge: EventLoop) -> None:
    """After an interrupt the work has ended before the caller hears of it, and takes no further step."""
    steps: list[str] = []

    async def work(emit: Emit) -> None:
        try:
            while True:
                steps.append("step")
                emit("event")
                await asyncio.sleep(0)
        finally:
            await asyncio.sleep(0.01)  # an orderly end takes its time
            steps.append("end")

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bridge.run(work, interrupt)

    assert steps[-1] == "end"
    assert bridge.run(where, ignore) == "hedy-io"
    assert steps.count("end") == 1


def test_nothing_is_sent_after_ctrl_c(tmp_path: Path) -> None:
    """A real SIGINT in the middle of a long job ends it, nothing is sent afterwards, and the account can go on."""
    code = """
        import asyncio, os, signal, threading, httpx, hedy_jupyter as hj
        sent, enough = [], threading.Event()
        async def answer(request):
            sent.append(request.url.path)
            if len(sent) > 20: enough.set()
            # so that the signal comes before the end, on a busy machine too
            await asyncio.sleep(0.2 if enough.is_set() else 0.002)
            rows = [{"sessionId": f"sess_{n}"} for n in range(100)]
            one = {"sessionId": request.url.path.rpartition("/")[2]}
            return httpx.Response(200, json={"success": True, "data": rows} if request.url.path == "/sessions" else one)
        hedy = hj.connect(api_key="hedy_live_x", transport=httpx.MockTransport(answer))
        def kill(): enough.wait(); os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=kill).start()
        try: hedy.sessions(details=True); print("not stopped")
        except KeyboardInterrupt: print("stopped")
        count = len(sent)
        threading.Event().wait(0.1)
        print(count == len(sent), count < 101, len(hedy.sessions(details=True)), len(sent) <= 101 + 8)
    """

    assert run_python(code).split() == ["stopped", "True", "True", "100", "True"]


def test_ctrl_c_at_any_point() -> None:
    """Wherever an interrupt meets the waiting thread, it is raised when the work has ended, and the loop goes on."""
    code = """
        import asyncio, sys
        from hedy_jupyter.api import event_loop as module
        module._POLL_S = 0.001
        bridge, begun, ended, steps, stop = module.EventLoop(), [], [], 0, 0
        async def work(emit):
            begun.append(stop)
            try:
                emit(1)
                emit(2)
                await asyncio.sleep(1)
            finally:
                ended.append(stop)
        def trace(frame, event, arg):
            global steps
            if not frame.f_code.co_filename.endswith(("event_loop.py", "threading.py")):
                return None
            frame.f_trace_opcodes = True
            if event == "opcode" and len(begun) > len(ended):
                steps += 1
                if steps == stop:
                    raise KeyboardInterrupt  # which also ends the tracing
            return trace
        assert bridge.run(lambda emit: asyncio.sleep(0, 7), print) == 7
        for stop in range(1, 200):
            steps = 0
            sys.settrace(trace)
            try: bridge.run(work, lambda _: None)
            except KeyboardInterrupt: pass
            finally: sys.settrace(None)
            assert begun == ended, stop
        assert bridge.run(lambda emit: asyncio.sleep(0, 7), print) == 7
        print(len(ended) > 100)
    """

    assert run_python(code).split() == ["True"]


# Ends --------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_survives_a_fork() -> None:
    """A forked child reads with the same account, and so does its parent afterwards."""
    code = """
        import os, sys, warnings, httpx, hedy_jupyter as hj
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of forks beside threads
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"id": str(os.getpid())}))
        hedy = hj.connect(api_key="hedy_live_x", transport=transport)
        parent = hedy.me().id
        child = os.fork()
        if not child:
            os._exit(0 if hedy.me(refresh=True).id == str(os.getpid()) else 1)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), hedy.me(refresh=True).id == parent)
    """

    assert run_python(code).split() == ["0", "True"]


def test_leaves_nothing_open_at_exit() -> None:
    """A script that forgets to close its account, with a connection still open, ends at once and without a warning."""
    code = """
        import atexit, http.server, threading, hedy_jupyter as hj
        atexit.register(lambda: print(client.is_open))  # the first in is the last to run
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                body = b'{"id": "u"}'
                self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
                self.wfile.write(body)
            def log_message(self, *args): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hedy = hj.connect(api_key="hedy_live_x", base_url=f"http://127.0.0.1:{server.server_port}")
        print(hedy.me().id)
        client = hedy.connection.client()
        assert client.is_open
        server.shutdown(); server.server_close()
    """

    assert run_python(code, "-X", "dev").split() == ["u", "False"]


def test_a_forgotten_account_closes_its_client(api: Any, key: str) -> None:
    """An account without any reference closes its client by itself."""
    api.answers = {"/me": {"id": "u"}}
    account = hj.connect(api_key=key, transport=api.transport)
    account.me()
    client = account.connection.client()
    current.leave()
    gone = weakref.ref(account)
    assert client.is_open

    del account
    gc.collect()
    BRIDGE.run(where, ignore)  # behind the closing, on the same loop
    BRIDGE.run(where, ignore)

    assert gone() is None
    assert not client.is_open


def test_closed_and_used_again(bridge: EventLoop) -> None:
    """A closed bridge starts again when it is used; closing twice is no matter."""
    closed: list[str] = []

    class Client:
        async def close(self) -> None:
            closed.append(threading.current_thread().name)
            raise OSError("a connection that does not close")

    bridge.run(where, ignore)
    bridge.keep(Client())
    thread = bridge.run(own_thread, ignore)
    bridge.close()
    bridge.close()

    assert closed == ["hedy-io"]
    assert not thread.is_alive()
    assert bridge.run(where, ignore) == "hedy-io"


def run_python(code: str, *options: str) -> str:
    """What *code* prints in a new Python process, where every warning is an error.

    A failure or a hang fails the test.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-W", "error", *options, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"no end after {time.monotonic() - started:.0f} s: {out} {err}") from None
    assert process.returncode == 0, err
    assert "Warning" not in err, err
    return out
