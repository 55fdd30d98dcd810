"""Writes in real kernels and a real terminal: notebooks without a user, completion of cell magics, and prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from hedy_jupyter.demo_server.http import start
from hedy_jupyter.demo_server.service import Service
from tests.kernels import Kernel, environment, kernel
from tests.magics.test_kernel import error_of, notebook
from tests.magics.test_terminal import Terminal

pytestmark = pytest.mark.outside
TOPIC = "Harbour Lamp launch"
HOOK = "https://hooks.harbour-lamp.example/hedy"
NOBODY = (
    "This session is not interactive, so the change can't be confirmed here. "
    "Run the line with --dry-run, read the review, then run it with --confirm DIGEST."
)


@pytest.fixture(name="hedy")
def fixture_hedy() -> Iterator[tuple[Service, dict[str, str]]]:
    """A Hedy on loopback, and the settings that lead to it."""
    service = Service()
    with start(service) as (_, base_url):
        yield service, {"HEDY_BASE_URL": base_url, "HEDY_API_KEY": service.key}


def said(book: nbformat.NotebookNode, cell: int) -> str:
    """All that a cell of *book* printed."""
    return "".join(output.get("text", "") for output in book.cells[cell].outputs)


# -- notebooks without a user ------------------------------------------------------------------------------------------

WRITES = [
    "%hedy topic new Plans --color #FF8800",
    f'%hedy topic delete "{TOPIC}"',
    "%hedy webhook new https://api.example.com/in --event session.ended",
    f"%hedy webhook delete {HOOK}",
    "%%hedy_context Sales --default",
]
BODY = ">>> {x} and $y"


def cell(line: str, flags: str) -> str:
    """The cell of *line* with *flags* behind it."""
    return f"{line} {flags}" + (f"\n{BODY}" if line.startswith("%%") else "")


def test_dry_run_then_confirm(hedy: tuple[Service, dict[str, str]], tmp_path: Path) -> None:
    """Run once with ``--dry-run`` and once with the ``--confirm`` that it printed, a notebook writes what it showed."""
    service, settings = hedy
    variables = environment(tmp_path, **settings)
    dry = notebook("%load_ext hedy_jupyter", *(cell(line, "--dry-run") for line in WRITES), "%hedy log")
    NotebookClient(dry, timeout=60).execute(env=variables)
    flags = [said(dry, number).strip().splitlines()[-1] for number in range(1, len(WRITES) + 1)]
    confirming = [cell(line, flag) for line, flag in zip(WRITES, flags, strict=True)]
    wet = notebook(
        "%load_ext hedy_jupyter", *confirming, *confirming, "%hedy log -o log\nprint(*log.method[log.method != 'GET'])"
    )
    NotebookClient(wet, timeout=60).execute(env=variables)
    told = [said(wet, number) for number in range(1, 2 * len(WRITES) + 1)]
    saved = nbformat.writes(dry) + nbformat.writes(wet)

    assert all(re.fullmatch(r"--confirm \w{16}( --(name|host) \".*\")?", flag) for flag in flags)
    assert "POST" not in str(dry.cells[-1].outputs)
    assert [line.split()[0] for line in told] == [
        "Created",
        "Deleted",
        "Created",
        "Deleted",
        "Created",
        *["Create", "Delete"] * 2,
        "Create",
    ]
    assert said(wet, len(wet.cells) - 1).split() == ["POST", "DELETE", "POST", "DELETE", "POST"]
    assert service.key not in saved
    assert "widget-view" not in saved


@pytest.mark.parametrize("line", [*WRITES, "%hedy topic new", "%hedy context edit X"])
def test_without_flags(line: str, silent: NotebookClient) -> None:
    """In a session that is not interactive, a line without flags fails with one clear line, and no form is made."""
    silent.nb.cells[0].source = cell(line, "")
    silent.execute_cell(silent.nb.cells[0], 0)
    (output,) = silent.nb.cells[0].outputs

    assert (output.ename, output.evalue) == ("UsageError", NOBODY)
    assert len(output.traceback) == 1


@pytest.fixture(name="silent", scope="module")
def fixture_silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookClient]:
    """A kernel whose front end takes no input, with the extension on the demo account; it goes on after errors."""
    client = NotebookClient(notebook("%load_ext hedy_jupyter"), timeout=60, allow_errors=True)
    with client.setup_kernel(env=environment(tmp_path_factory.mktemp("silent"), HEDY_DEMO="1")):
        client.execute_cell(client.nb.cells[0], 0)
        yield client


# -- a kernel ----------------------------------------------------------------------------------------------------------


@pytest.fixture(name="notebook_kernel", scope="module")
def fixture_notebook_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with the extension on the demo account that has seen topics, contexts and webhooks."""
    with kernel(environment(tmp_path_factory.mktemp("kernel"), HEDY_DEMO="1")) as notebook_kernel:
        notebook_kernel.run("%load_ext hedy_jupyter\n%hedy topics;\n%hedy contexts;\n%hedy webhooks;")
        yield notebook_kernel


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%hedy topic ed", ["%hedy topic edit"]),
        ("%hedy topic edit Har", [f'%hedy topic edit "{TOPIC}"']),
        ("form = %hedy topic delete Har", [f'form = %hedy topic delete "{TOPIC}"']),
        ("%hedy context edit Every", ['%hedy context edit "Everyday meetings"']),
        ("%hedy webhook delete https://hooks", [f"%hedy webhook delete {HOOK}"]),
        (
            "%hedy webhook new --event session.e",
            ["%hedy webhook new --event session.ended", "%hedy webhook new --event session.exported"],
        ),
        ('%%hedy_context "Every', ['%%hedy_context "Everyday meetings"']),
        ("%%hedy_topic Har", [f'%%hedy_topic "{TOPIC}"']),
        ("%%hedy_context Sales --de", ["%%hedy_context Sales --default"]),
    ],
)
def test_completion(notebook_kernel: Kernel, line: str, offered: list[str]) -> None:
    """Tab offers the second words, the events and the names that were seen, in the two cell magics as well."""
    assert notebook_kernel.complete(line) == offered


def test_completion_asks_no_server(notebook_kernel: Kernel) -> None:
    """Tab makes no request."""
    count = "import hedy_jupyter\nlen(hedy_jupyter.current().requests)"
    before = notebook_kernel.run(count).value
    for line in ("%hedy topic edit ", "%%hedy_context ", "%hedy webhook delete "):
        notebook_kernel.complete(line)

    assert notebook_kernel.run(count).value == before


def test_the_body_is_literal(notebook_kernel: Kernel) -> None:
    """What IPython would take for prompts, and everything else in the body, arrives as it was typed."""
    body = ">>> quoted\n... {x} $y  \n\n"
    ran = notebook_kernel.run(f"%%hedy_topic Mail --dry-run -o mail\n{body}")

    assert (ran.reply["status"], ran.text) == ("ok", "")
    assert notebook_kernel.run("mail.body['topicContext']").value == repr(body.removesuffix("\n"))


def test_an_empty_cell(notebook_kernel: Kernel) -> None:
    """A cell magic without a body is refused by IPython itself."""
    assert "the cell body is empty" in notebook_kernel.run("%%hedy_topic Mail").text


def test_unload(notebook_kernel: Kernel) -> None:
    """Unloading takes the cell magics away, loading brings them back."""
    notebook_kernel.run("%unload_ext hedy_jupyter")
    lost = notebook_kernel.complete("%%hedy_context Every")
    failed = notebook_kernel.run("%%hedy_topic Mail --help\nx")
    notebook_kernel.run("%load_ext hedy_jupyter")
    back = notebook_kernel.run("%%hedy_topic Mail --help\nx")

    assert '%%hedy_context "Everyday meetings"' not in lost
    assert "%%hedy_topic` not found" in failed.text
    assert back.of_type("display_data")[0]["data"]["text/plain"].startswith("%%hedy_topic [NAME]")


def test_an_error_is_two_lines(notebook_kernel: Kernel) -> None:
    """A slip in a write is an error of two lines."""
    assert "\n".join(
        map(str, error_of(notebook_kernel.run("%hedy topic new X --colour #FF8800"))["traceback"])
    ).splitlines() == [  # type: ignore[call-overload]
        "UsageError: Unknown option --colour for %hedy topic new.",
        "Did you mean --color?",
    ]


# -- a terminal --------------------------------------------------------------------------------------------------------


@pytest.fixture(name="terminal", scope="module")
def fixture_terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """IPython in a terminal with the extension on the demo account."""
    options = ["--no-banner", "--colors=nocolor", "--TerminalInteractiveShell.autosuggestions_provider=None"]
    terminal = Terminal(["-m", "IPython", *options], environment(tmp_path_factory.mktemp("terminal"), HEDY_DEMO="1"))
    terminal.until_prompt()
    terminal.run("%load_ext hedy_jupyter")
    yield terminal
    terminal.close()


def answered(terminal: Terminal, line: str, *dialogue: tuple[str, str]) -> str:
    """What the terminal shows for *line*, each question of *dialogue* answered as soon as it is there."""
    terminal.type(f"{line}\r")
    shown = ""
    for question, answer in dialogue:
        shown += terminal.until(re.escape(question))
        terminal.type(answer)
    return shown + terminal.until_prompt()


def test_a_new_topic(terminal: Terminal) -> None:
    """The review is text, a yes sends it, and the name is there afterwards."""
    shown = answered(terminal, "%hedy topic new Terminal plans", ("Type yes, or leave it empty to cancel: ", "yes\r"))

    assert "POST demo.hedy.invalid/topics" in shown
    assert 'Created topic "Terminal plans" (topic_' in shown
    assert "Terminal plans" in terminal.run("%hedy topics")


@pytest.mark.parametrize("key", ["\r", "\x04", "no\r"])
def test_cancelling(terminal: Terminal, key: str) -> None:
    """Nothing, Ctrl-D or a no cancels in one line."""
    shown = answered(terminal, "%hedy topic new", ("Name (empty cancels): ", "Never\r"), ("empty to cancel: ", key))

    assert "Cancelled, nothing was sent." in shown
    assert "Traceback" not in shown


def test_interrupt(terminal: Terminal) -> None:
    """Ctrl-C at a question ends with one line, without a traceback."""
    shown = answered(terminal, "%hedy topic new Never", ("empty to cancel: ", "\x03"))

    assert "KeyboardInterrupt: Cancelled, nothing was sent." in shown
    assert "Traceback" not in shown


def test_a_deletion(terminal: Terminal) -> None:
    """A deletion asks twice; a wrong name is an error that sends nothing, the right one deletes."""
    yes = ("empty to cancel: ", "yes\r")
    wrong = answered(terminal, f'%hedy topic delete "{TOPIC}"', yes, ("Type the name to delete: ", "Harbour\r"))
    right = answered(terminal, f'%hedy topic delete "{TOPIC}"', yes, ("Type the name to delete: ", f"{TOPIC}\r"))

    assert "NotConfirmed: " in wrong
    assert "Nothing was sent." in wrong
    assert f'Deleted topic "{TOPIC}"' in right


def test_a_cell_magic(terminal: Terminal) -> None:
    """A cell magic shows its review as text and asks."""
    shown = answered(
        terminal, "get_ipython().run_cell_magic('hedy_topic', 'Mail', '{x}')", ("empty to cancel: ", "yes\r")
    )

    assert 'Created topic "Mail"' in shown
