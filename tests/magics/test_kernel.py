"""``%hedy`` in a real Jupyter kernel: what front ends are sent, queued cells, clicks, interrupts.

And notebooks without a user.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.kernels import Kernel, Ran, SlowService, environment, kernel, slow_hedy

pytestmark = pytest.mark.outside
KEY = "hedy_live_" + "k" * 24
DELAY_S = 0.35
DETAILS = 24
"""Sessions with details: three rounds of eight requests, so more than a second in all."""
NAMES = (
    "asyncio.run, asyncio.Task, asyncio.Future, asyncio.get_event_loop, asyncio.SelectorEventLoop._run_once, "
    "type(asyncio.get_running_loop()), type(asyncio.get_event_loop_policy())"
)


@pytest.fixture(name="hedy", scope="module")
def fixture_hedy() -> Iterator[tuple[SlowService, dict[str, str]]]:
    """A slow Hedy on loopback."""
    with slow_hedy(DELAY_S) as served:
        yield served


@pytest.fixture(name="slow", scope="module")
def fixture_slow(hedy: tuple[SlowService, dict[str, str]]) -> SlowService:
    """The service behind the kernel."""
    return hedy[0]


@pytest.fixture(name="notebook_kernel", scope="module")
def fixture_notebook_kernel(
    hedy: tuple[SlowService, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kernel]:
    """One kernel with the extension loaded; asyncio's names are noted before."""
    with kernel(environment(tmp_path_factory.mktemp("kernel"), **hedy[1])) as notebook_kernel:
        notebook_kernel.run(f"import asyncio\nbefore = [{NAMES}]")
        loaded = notebook_kernel.run("%load_ext hedy_jupyter")
        assert loaded.text.startswith("LIVE account, region us (127.0.0.1:"), loaded
        yield notebook_kernel


def error_of(ran: Ran) -> dict[str, object]:
    """The one error that a front end is shown."""
    (error,) = ran.of_type("error")
    return error


# -- cells -------------------------------------------------------------------------------------------------------------


def test_a_list(notebook_kernel: Kernel) -> None:
    """A list comes as the cell's value, in HTML, Markdown and text, and the status line as a stream after it."""
    ran = notebook_kernel.run("%hedy sessions --limit 2")
    kinds = [message["msg_type"] for message in ran.messages if message["msg_type"] in {"execute_result", "stream"}]

    assert ran.reply["status"] == "ok"
    assert kinds == ["execute_result", "stream"]
    assert set(ran.of_type("execute_result")[0]["data"]) == {"text/html", "text/markdown", "text/plain"}
    assert ran.text.startswith("2 sessions (154 in all)")


def test_assignment(notebook_kernel: Kernel) -> None:
    """An assignment keeps the frame and shows only the status line; ``;`` hides a value that is the cell's last."""
    kept = notebook_kernel.run("df = %hedy topics")

    assert (kept.value, kept.text.count("\n")) == ("", 1)
    assert notebook_kernel.run("len(df), df.hedy.kind").value == "(9, 'topics')"
    assert notebook_kernel.run("%hedy topics;").value == ""


def test_errors(notebook_kernel: Kernel) -> None:
    """An error is an ``error`` message of two lines with status ``error``, and the queued cells are not run."""
    first, second = (
        notebook_kernel.send("%hedy me --refresh -q;\n%hedy sessions --limt 3"),
        notebook_kernel.send("print('reached')"),
    )
    failed, skipped = notebook_kernel.wait(first), notebook_kernel.wait(second)

    assert (failed.reply["status"], failed.reply["ename"]) == ("error", "UsageError")
    assert "\n".join(error_of(failed)["traceback"]).splitlines() == [  # type: ignore[arg-type]
        "UsageError: Unknown option --limt for %hedy sessions.",
        "Did you mean --limit?",
    ]
    assert failed.text == ""
    assert (skipped.reply["status"], skipped.text) == ("aborted", "")


def test_run_all_while_fetching(notebook_kernel: Kernel, slow: SlowService) -> None:
    """Cells that are queued, and a button that is pressed, while a cell fetches are all run after it."""
    notebook_kernel.run(
        "import ipywidgets\ndone = []\nbutton = ipywidgets.Button()\nbutton.on_click(lambda _: done.append('click'))"
    )
    comm_id = notebook_kernel.run("print(button.comm.comm_id)").text.strip()
    asked = len(slow.paths)
    cells = [
        notebook_kernel.send(
            f"%hedy sessions --limit {DETAILS} --details -o detailed --refresh\ndone.append('fetched')"
        )
    ]
    slow.wait_for(asked + 3)
    cells.append(notebook_kernel.send("done.append(2)"))
    notebook_kernel.click(comm_id)
    cells += [notebook_kernel.send("%hedy me --refresh"), notebook_kernel.send("done.append(4)")]
    replies = [notebook_kernel.wait(cell).reply["status"] for cell in cells]

    assert replies == ["ok"] * 4
    assert notebook_kernel.run("done, len(detailed)").value == f"(['fetched', 2, 'click', 4], {DETAILS})"


def test_progress(notebook_kernel: Kernel) -> None:
    """Work of more than a second shows a bar that names the requests, moves, and goes when all is there."""
    ran = notebook_kernel.run(f"%hedy sessions --limit {DETAILS} --details --refresh;")
    shown = [
        content
        for content in ran.of_type("display_data")
        if "application/vnd.jupyter.widget-view+json" in content["data"]
    ]
    states = [content["data"].get("state", {}) for content in ran.of_type("comm_msg")]
    told = [str(state["value"]).replace("\u2007", " ") for state in states if "value" in state]

    assert len(shown) == 1
    assert f"Hedy: {DETAILS + 1} requests: 100%" in told
    assert len([text for text in told if f"/{DETAILS + 1} [00:0" in text]) > 3
    assert ran.of_type("update_display_data")[-1]["data"] == {"text/plain": ""}


def test_nothing_but_errors_on_standard_error(notebook_kernel: Kernel, slow: SlowService) -> None:
    """Waits and progress are outputs that are replaced, and gone at the end; a front end colours standard error red."""
    slow.fault("500", 1)
    ran = notebook_kernel.run(f"%hedy sessions --limit {DETAILS} --details --refresh -q;")
    notices = [content["data"]["text/plain"] for content in ran.of_type("display_data")]

    assert ran.reply["status"] == "ok"
    assert ran.of_type("stream") == []
    assert any("more" in text or "again" in text for text in notices), notices
    assert {content["data"]["text/plain"] for content in ran.of_type("update_display_data")[-2:]} == {""}


def test_no_progress_for_quick_reads(notebook_kernel: Kernel) -> None:
    """One quick read shows no bar."""
    ran = notebook_kernel.run("%hedy me --refresh")

    assert ran.of_type("display_data") == ran.of_type("comm_open") == []


def test_interrupt(notebook_kernel: Kernel, slow: SlowService) -> None:
    """An interrupt ends the cell in one line, nothing is sent after it, and what had come is not asked for again."""
    line = f"%hedy sessions --limit {DETAILS} --details -o detailed"
    notebook_kernel.run("import hedy_jupyter as hj\nhj.current().forget()")
    asked = len(slow.paths)
    cell = notebook_kernel.send(line)
    slow.wait_for(asked + 12)
    notebook_kernel.manager.interrupt_kernel()
    stopped = notebook_kernel.wait(cell)
    sent = len(slow.paths)
    after = notebook_kernel.run("%hedy highlights --limit 1 --refresh").reply["status"]
    again = notebook_kernel.run(f"{line}\nlen(detailed)")
    read = [path for path in slow.paths[asked:sent] if path.startswith("/sessions/")]
    twice = [path for path in read if path in slow.paths[sent:]]

    assert stopped.reply["ename"] == "KeyboardInterrupt"
    assert error_of(stopped)["traceback"] == ["KeyboardInterrupt: " + _stopped()]
    assert sent < asked + DETAILS
    assert after == "ok"
    assert again.value == str(DETAILS)
    assert len(twice) <= 8 < len(read)


def _stopped() -> str:
    from hedy_jupyter.account import connection

    return connection.STOPPED


def test_asyncio_is_untouched(notebook_kernel: Kernel) -> None:
    """The kernel's loop and asyncio's names are what they were, and ``await`` in a cell works."""
    notebook_kernel.run("%hedy me --refresh")
    awaited = notebook_kernel.run("await asyncio.sleep(0, 'slept')")
    refused = notebook_kernel.run(
        "work = asyncio.sleep(0)\ntry:\n    asyncio.run(work)\nexcept RuntimeError:\n"
        "    work.close()\n    print('refused')"
    )

    assert notebook_kernel.run(f"[one is other for one, other in zip(before, [{NAMES}], strict=True)]").value == str(
        [True] * 7
    )
    assert awaited.value == "'slept'"
    assert refused.text == "refused\n"


def test_in_an_async_cell(notebook_kernel: Kernel) -> None:
    """A cell that awaits can read as well."""
    ran = notebook_kernel.run(
        "await asyncio.sleep(0)\nfound = %hedy topics --refresh\nawait asyncio.sleep(0)\nlen(found)"
    )

    assert ran.value == "9"


def test_login_where_nobody_answers(notebook_kernel: Kernel) -> None:
    """Where the front end takes no input, ``login`` is one clear error."""
    ran = notebook_kernel.run("%hedy login")

    assert (
        error_of(ran)["evalue"] == "This session is not interactive, so the key can't be asked for here. "
        "Set HEDY_API_KEY in the environment."
    )


def test_login_at_a_hidden_prompt(notebook_kernel: Kernel, slow: SlowService) -> None:
    """``login`` asks the front end for a password, and the key is in no message and no name."""
    message_id = notebook_kernel.client.execute("%hedy login", allow_stdin=True)
    request = notebook_kernel.client.get_stdin_msg(timeout=60)
    notebook_kernel.client.input(slow.key)
    ran = notebook_kernel.wait(message_id)
    names = notebook_kernel.run("repr(In) + repr(Out) + repr(locals())")

    assert request["content"] == {"prompt": "Hedy API key (not shown): ", "password": True}
    assert "LIVE account" in ran.text
    assert slow.key not in json.dumps(ran.messages, default=str) + names.value
    assert notebook_kernel.run("%hedy me --refresh").reply["status"] == "ok"


# -- completion --------------------------------------------------------------------------------------------------------


@pytest.fixture(name="seen", params=[True, False], ids=["jedi", "no jedi"])
def fixture_seen(notebook_kernel: Kernel, request: pytest.FixtureRequest) -> Kernel:
    """The kernel after topics and sessions were read, with jedi on and off."""
    notebook_kernel.run(
        f"%config Completer.use_jedi = {request.param}\ntopics = %hedy topics\nsessions = %hedy sessions"
    )
    return notebook_kernel


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%hedy ses", ["%hedy sessions", "%hedy session"]),
        ("%hedy LOGO", ["%hedy logout"]),
        ("x = %hedy ses", ["x = %hedy sessions", "x = %hedy session"]),
        ("frames['a'] = %hedy topics --ref", ["frames['a'] = %hedy topics --refresh"]),
        ("if True:\n    x = %hedy todos --op", ["if True:\n    x = %hedy todos --open"]),
        ("%hedy sessions --li", ["%hedy sessions --limit"]),
        ("%hedy sessions --details --l", ["%hedy sessions --details --limit"]),
        ("%hedy sessions --limit --", ["%hedy sessions --limit --"]),
        ("%hedy todos --open --op", ["%hedy todos --open --op"]),
        ("%hedy help tr", ["%hedy help transcript"]),
        ("%hedy demo fa", ["%hedy demo fault"]),
        ("%hedy demo fault deletion_l", ["%hedy demo fault deletion_limit"]),
        ("%hedy topic Harb", ['%hedy topic "Harbour Lamp launch"']),
        ('%hedy topic "Harbour L', ['%hedy topic "Harbour Lamp launch"']),
        ("%hedy topic 'Harbour L", ["%hedy topic 'Harbour Lamp launch'"]),
        ("%hedy sessions --topic harb", ['%hedy sessions --topic "Harbour Lamp launch"']),
        ("%hedy sessions --topic=Harb", ['%hedy sessions --topic="Harbour Lamp launch"']),
        ('%hedy sessions --topic="Harbour L', ['%hedy sessions --topic="Harbour Lamp launch"']),
        ("%hedy sessions --since 7", ["%hedy sessions --since 7d"]),
        ("%hedy sessions --since la", ['%hedy sessions --since "last week"', '%hedy sessions --since "last month"']),
        ("%hedy session las", ["%hedy session last"]),
        ("%hedy nonsense x", ["%hedy nonsense x"]),
        ("%hedy highlight ", ["%hedy highlight "]),
    ],
)
def test_completion(seen: Kernel, line: str, expected: list[str]) -> None:
    """Tab offers commands, options, values and names that were read, quoted if needed, and nothing else."""
    assert seen.complete(line) == expected


def test_completion_of_ids(seen: Kernel) -> None:
    """Tab completes the id of a session that was seen."""
    ident = seen.run("print(sessions.session_id[5])").text.strip()

    assert seen.complete(f"%hedy session {ident[:-2]}") == [f"%hedy session {ident}"]


def test_completion_leaves_python_alone(seen: Kernel) -> None:
    """Outside of ``%hedy`` Tab does what it did."""
    assert "sessions" in seen.complete("sess")
    assert "hedy logout" not in seen.complete("hedy logo")
    assert seen.complete("%loa") == ["%load", "%load_ext", "%loadpy"]


def test_completion_asks_no_server(seen: Kernel, slow: SlowService) -> None:
    """Tab makes no request."""
    asked = len(slow.paths)
    for line in ("%hedy session ", "%hedy topic ", "%hedy context ", "%hedy highlight "):
        seen.complete(line)

    assert len(slow.paths) == asked


# -- unload, last of this kernel ---------------------------------------------------------------------------------------


def test_unload(notebook_kernel: Kernel) -> None:
    """Unloading takes magic, completion and ``df.hedy`` away, loading brings them back."""
    gone = notebook_kernel.run("df = %hedy topics\n%unload_ext hedy_jupyter\nhasattr(df, 'hedy')")
    lost = notebook_kernel.complete("%hedy logo")
    failed = notebook_kernel.run("%hedy me")
    back = notebook_kernel.run("%load_ext hedy_jupyter\ndf.hedy.kind")

    assert (gone.value, "%hedy logout" in lost) == ("False", False)
    assert "%hedy` not found" in failed.text
    assert back.value == "'topics'"
    assert notebook_kernel.complete("%hedy logo") == ["%hedy logout"]


# -- notebooks without a user ------------------------------------------------------------------------------------------


def notebook(*cells: str) -> nbformat.NotebookNode:
    """A notebook of these cells."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def test_errors_stop_a_notebook(tmp_path: Path) -> None:
    """Executed without a user, a notebook stops at the first error and says what it was."""
    book = notebook("%load_ext hedy_jupyter", "%hedy demo", "%hedy topic 'Harbour Lamp lunch'", "print('reached')")

    with pytest.raises(CellExecutionError, match="Did you mean 'Harbour Lamp launch'"):
        NotebookClient(book, timeout=60).execute(env=environment(tmp_path))
    assert [cell.execution_count for cell in book.cells] == [1, 2, 3, None]


def test_notebook_holds_no_key(tmp_path: Path) -> None:
    """A saved notebook holds the planted key nowhere, whatever failed in it, and ``login`` is one clear error there."""
    book = notebook(
        "%load_ext hedy_jupyter", "%hedy", "%xmode Verbose", "%hedy me", "%hedy log", "%hedy login", "%history"
    )
    with slow_hedy(0) as (_, settings):
        variables = environment(tmp_path, **{**settings, "HEDY_API_KEY": KEY})
        NotebookClient(book, timeout=60, allow_errors=True).execute(env=variables)
    saved = nbformat.writes(book)
    (login,) = book.cells[5].outputs

    assert KEY not in saved
    assert KEY.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert book.cells[3].outputs[0].ename == "AuthError"
    assert (login.ename, login.evalue.splitlines()) == (
        "UsageError",
        ["This session is not interactive, so the key can't be asked for here. Set HEDY_API_KEY in the environment."],
    )
