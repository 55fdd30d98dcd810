"""``%hedy`` in a real IPython shell, in this process."""

from __future__ import annotations

import contextlib
import gc
import getpass
import io
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pandas as pd
import pytest
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

import hedy_jupyter as hj
from hedy_jupyter.accessor import registration
from hedy_jupyter.account import current
from hedy_jupyter.api.client import Client
from hedy_jupyter.magics import help as help_texts
from hedy_jupyter.magics.command import Command
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.dispatch import COMMANDS

pytestmark = pytest.mark.usefixtures("few_meetings")

KEY = "hedy_live_" + "k" * 24
STATUS = re.compile(
    r"^\d[\d,]* (open |done )?(session|highlight|todo|topic|context|webhook)s?( \(\d[\d,]* in all\))? · demo account",
    re.MULTILINE,
)


class Ran(NamedTuple):
    """What running a cell gave: IPython's result, and all that was written."""

    result: ExecutionResult
    out: str

    @property
    def error(self) -> BaseException | None:
        """What the cell failed with."""
        return self.result.error_before_exec or self.result.error_in_exec


class CellRunner:
    """One shell with ``%hedy`` in it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    def __call__(self, cell: str) -> Ran:
        """Run *cell* as a notebook would, history and all."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            result = self.shell.run_cell(cell, store_history=True)
        return Ran(result, out.getvalue())

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]


@pytest.fixture(name="history", scope="module")
def fixture_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shell keeps its history."""
    return tmp_path_factory.mktemp("ipython") / "history.sqlite"


@pytest.fixture(name="shell", scope="module")
def fixture_shell(history: Path) -> Iterator[InteractiveShell]:
    """One shell for the module: starting one is slow."""
    config = Config()
    config.HistoryManager.hist_file = str(history)
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.ipython_dir = str(history.parent)
    shell = InteractiveShell.instance(config=config)
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.fixture(name="runner")
def fixture_runner(shell: InteractiveShell, no_settings: None) -> Iterator[CellRunner]:
    """The shell with the extension freshly loaded, nothing of this machine's settings, and no account yet."""
    runner = CellRunner(shell)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "collect", lambda: 0)  # IPython would look at all of memory for each test
        shell.reset(new_session=False)
    runner("%load_ext hedy_jupyter")
    yield runner
    runner("%unload_ext hedy_jupyter")
    registration.register()


@pytest.fixture(name="demo")
def fixture_demo(runner: CellRunner) -> Iterator[CellRunner]:
    """The same on a fresh demo account."""
    with hj.demo():
        yield runner


# -- values, status lines, silence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kind", "status"),
    [
        ("%hedy me", hj.Account, False),
        ("%hedy sessions --limit 2", pd.DataFrame, True),
        ("%hedy sessions --limit 2 --details", pd.DataFrame, True),
        ("%hedy session last", hj.Session, False),
        ("%hedy session last~2", hj.Session, False),
        ("%hedy transcript last", str, False),
        ("%hedy highlights --limit 2", pd.DataFrame, True),
        ("%hedy highlight {hedy.highlights(1).highlight_id[0]}", hj.Highlight, False),
        ("%hedy todos --open", pd.DataFrame, True),
        ("%hedy todo {todo.session_id} {todo.todo_id}", hj.Todo, False),
        ("%hedy topics", pd.DataFrame, True),
        ("%hedy topic Harbour Lamp launch", hj.Topic, False),
        ("%hedy contexts", pd.DataFrame, True),
        ("%hedy context {hedy.contexts().title[0]}", hj.Context, False),
        ("%hedy webhooks", pd.DataFrame, True),
    ],
)
def test_every_read(demo: CellRunner, cell: str, kind: type, status: bool) -> None:
    """Every read shows its value, with a list one status line after it, once, and outside of it."""
    demo("import hedy_jupyter as hj; hedy = hj.current(); todo = hedy.todos().iloc[0]")
    ran = demo(cell)
    lines = [found.start() for found in STATUS.finditer(ran.out)]

    assert ran.error is None
    assert isinstance(ran.result.result, kind)
    assert ran.out.startswith("Out[")
    assert len(lines) == status
    assert not status or ran.out[lines[0] :].count("\n") == 1


@pytest.mark.parametrize(
    ("cell", "shown", "status"),
    [
        ("%hedy topics", True, 1),
        ("%hedy topics;", False, 1),
        ("%hedy topics; # quietly", False, 1),
        ("%hedy topics -q", True, 0),
        ("%hedy topics -q;", False, 0),
        ("%hedy topics -o kept", False, 0),
        ("kept = %hedy topics", False, 1),
        ("kept = %hedy topics;", False, 1),
        ("kept = %hedy topics -q", False, 0),
        ("%time %hedy topics", True, 1),
        ("%time %hedy topics;", False, 1),
        ("%%time\n%hedy topics", True, 1),
        ("%%capture\n%hedy topics", False, 0),
        ("%hedy topics \\\n  -q", True, 0),
        ("for _ in range(3):\n    %hedy topics", False, 3),
        ("if True:\n    %hedy topics;", False, 1),
        ("%hedy topics\n%hedy topics -q", True, 1),
        ("%hedy topics -o kept\nkept", True, 0),
        ("get_ipython().run_line_magic('hedy', 'topics;')", False, 1),
        ("%hedy demo", False, 0),
        ("%hedy help", False, 0),
    ],
)
def test_silence(demo: CellRunner, cell: str, shown: bool, status: int) -> None:
    """``;`` hides the value, ``-q`` the status line, ``-o`` both.

    An assignment shows no value, and a capture takes all.
    """
    ran = demo(cell)

    assert ran.error is None
    assert ("Out[" in ran.out) is shown
    assert len(STATUS.findall(ran.out)) == status


@pytest.mark.parametrize(
    "cell",
    [
        "kept = %hedy topics",
        "kept = %hedy topics;",
        "%hedy topics -o kept",
        "%hedy topics -o kept;",
        "if True:\n    kept = %hedy topics;",
        "a, kept = 1, None\nkept = %hedy topics",
        "def ask():\n    found = %hedy topics;\n    return found\nkept = ask()",
    ],
)
def test_values_are_kept(demo: CellRunner, cell: str) -> None:
    """An assignment and ``-o`` keep the frame, also where a ``;`` is at the end."""
    ran = demo(cell)

    assert ran.error is None
    assert isinstance(demo["kept"], pd.DataFrame)
    assert len(demo["kept"]) == 9


def test_status_line_of_a_captured_cell(demo: CellRunner) -> None:
    """``%%capture`` takes the status line with the rest."""
    demo("%%capture taken\n%hedy topics")

    assert STATUS.search(demo("print(taken.stdout)").out)


def test_status_line_of_a_failing_cell(demo: CellRunner) -> None:
    """What was read before a cell fails is reported all the same, and not again by the next cell."""
    first, second = demo("%hedy topics\n1 / 0"), demo("1")

    assert len(STATUS.findall(first.out)) == 1
    assert not STATUS.findall(second.out)


def test_status_line_outside_of_cells(demo: CellRunner) -> None:
    """Where no cell runs (a timer, a button) the status line comes at once."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        demo.shell.run_line_magic("hedy", "topics")

    assert STATUS.search(out.getvalue())


@pytest.mark.parametrize("start", ["%hedy demo", "hj.demo();", "%hedy demo\n%hedy topics;", "%hedy demo\n1 / 0"])
def test_a_cell_that_loads_and_chooses_the_demo(runner: CellRunner, start: str) -> None:
    """The line that loading prints is on the account that the cell ends with: the demo, once, and no missing key."""
    runner("import hedy_jupyter as hj\n%unload_ext hedy_jupyter")
    ran = runner(f"%load_ext hedy_jupyter\n{start}")

    assert ran.out.count("DEMO account") == 1
    assert "no key yet" not in ran.out
    assert "DEMO account" not in runner("1").out


def test_loading_after_the_demo(runner: CellRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ``hj.demo()`` or with ``HEDY_DEMO`` the line says so, and how to leave it."""
    runner("%unload_ext hedy_jupyter\nimport hedy_jupyter as hj\nhj.demo();")

    assert runner("%load_ext hedy_jupyter").out.strip().endswith("%hedy demo off leaves it.")
    runner("%unload_ext hedy_jupyter")
    current.leave()
    monkeypatch.setenv("HEDY_DEMO", "1")

    assert "HEDY_DEMO is set; unset it to leave." in runner("%load_ext hedy_jupyter").out


def test_loading_outside_of_cells(runner: CellRunner) -> None:
    """Where no cell runs, as in a start-up file, the line comes at once."""
    runner("%unload_ext hedy_jupyter")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runner.shell.run_line_magic("load_ext", "hedy_jupyter")

    assert out.getvalue().startswith("no key yet")


def test_status_line_of_a_cell_in_a_cell(demo: CellRunner) -> None:
    """A cell that runs another one loses neither status line."""
    ran = demo("%hedy topics\nget_ipython().run_cell('%hedy contexts;')\n%hedy webhooks;")

    assert len(STATUS.findall(ran.out)) == 3


# -- expansion ---------------------------------------------------------------------------------------------------------


def test_locals_expand(demo: CellRunner) -> None:
    """Inside a function its locals expand, and hide globals of the same name."""
    demo("n = 7\ndef ask(n, name):\n    found = %hedy sessions --limit {n} --topic $name\n    return len(found)")
    ran = demo("ask(2, 'Harbour Lamp launch')")

    assert ran.error is None
    assert ran.result.result == 2


@pytest.mark.parametrize(
    "title",
    [
        "Q4 plans",
        'the "big" one',
        "Bob's",
        "--all",
        "-q",
        "$HOME",
        "{title}",
        "{{x}}",
        "# no comment",
        "last;",
        "a\\b\\",
        "会議",
        "x=y",
    ],
)
def test_values_reach_the_request_as_they_are(runner: CellRunner, title: str) -> None:
    """A value is one word, whatever is in it: it is found by exactly that title."""

    def answer(request: httpx.Request) -> httpx.Response:
        topics = [{"id": "topic_000001", "name": "Other"}, {"id": "topic_000002", "name": title}]
        if request.url.path.endswith("/topics"):
            return httpx.Response(200, json={"success": True, "data": topics})
        return httpx.Response(200, json={"success": True, "data": topics[int(request.url.path[-1]) - 1]})

    with hj.connect(KEY, transport=httpx.MockTransport(answer)):
        runner.shell.user_ns["title"] = title
        ran = runner("%hedy topic {title}")

    assert ran.error is None
    assert ran.result.result.topic_id == "topic_000002"


# -- errors ------------------------------------------------------------------------------------------------------------

MODES = ("Context", "Plain", "Verbose", "Minimal", "Docs")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        ("%hedy sesions", ["UsageError: Unknown command 'sesions'.", "Did you mean sessions or session?"]),
        (
            "%hedy session {nope}",
            [
                "UsageError: 'nope' is not defined.",
                "Define it first, or write $$ and {{ }} for the characters themselves.",
            ],
        ),
        (
            "%hedy topic Harbour Lamp lunch",
            ["NotFound: No topic is called 'Harbour Lamp lunch'.", "Did you mean 'Harbour Lamp launch'?"],
        ),
        (
            "hj.current().topic('xyzzy')",
            ["NotFound: No topic is called 'xyzzy'.", "See %hedy topics for the list."],
        ),
    ],
)
def test_errors_are_two_lines(demo: CellRunner, mode: str, cell: str, lines: list[str]) -> None:
    """An error fails its cell and is two lines, without a traceback, in every ``%xmode``."""
    demo("import hedy_jupyter as hj")
    demo(f"%xmode {mode}")
    ran = demo(f"{cell}\nreached = True")
    demo("%xmode Context")

    assert isinstance(ran.error, hj.HedyError)
    assert ran.out.splitlines() == lines
    assert "reached" not in demo.shell.user_ns


def test_an_error_can_be_caught(demo: CellRunner) -> None:
    """The error of a magic is an exception like any other: a program can catch it and read it."""
    demo("%hedy demo fault tier")
    ran = demo(
        "import hedy_jupyter as hj\ntry:\n    %hedy topics\nexcept hj.TierError as error:\n"
        "    seen = error.status, error.code"
    )

    assert ran.error is None
    assert demo["seen"] == (403, "tier_limit_exceeded")


def test_no_key(runner: CellRunner) -> None:
    """Without a key a read is two lines that say where one can be put, and that there is a demo."""
    ran = runner("%hedy sessions")

    assert isinstance(ran.error, hj.SettingsError)
    assert len(ran.out.splitlines()) == 2
    assert [way for way in ("HEDY_API_KEY", "%hedy login", "openclaw.json", "%hedy demo") if way not in ran.out] == []


# -- help --------------------------------------------------------------------------------------------------------------


def test_help(demo: CellRunner) -> None:
    """``%hedy help``, ``%hedy?`` and ``%hedy COMMAND --help`` say what there is."""
    overview = demo("%hedy help").out

    assert "sessions, session WHICH" in overview
    assert overview.strip() in demo("%hedy?").out
    assert demo("%hedy todos --help").out == demo("%hedy help todos").out
    assert "--open" in demo("%hedy todos --help").out


@pytest.mark.parametrize("command", [*COMMANDS, *CELLS.values()], ids=lambda command: command.word)
def test_every_example_of_the_help_runs(
    demo: CellRunner, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the help shows runs on the demo account as it is; where nobody can answer it says what to do instead."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(getpass, "getpass", lambda _: "hedy_live_" + "k" * 24)
    if "archive" in command.word or command.word in {"coverage", "related", "search"}:
        demo("%hedy sync")
    ran = [demo(example) for example in examples(command)]

    if command.word in {"browse", "manage"}:  # a terminal shows no widgets
        assert "%hedy topics" in ran[0].out or "%hedy sessions" in ran[0].out
        return
    assert [one.out for one in ran if one.error is not None] == []
    assert ran[-1].out.strip()


def examples(command: Command) -> list[str]:
    """The cells of the example of a command."""
    text = help_texts.example_of(command)
    return [text] if text.startswith("%%") else text.splitlines()


# -- login -------------------------------------------------------------------------------------------------------------


def test_login(runner: CellRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The prompt is the hidden one that the shell has at that time, and the key is seen nowhere."""
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return KEY

    monkeypatch.setattr(getpass, "getpass", ask)
    ran = runner("%hedy login")

    assert asked == ["Hedy API key (not shown): "]
    assert "LIVE account" in ran.out
    assert KEY not in ran.out + runner("%hedy").out + runner("%hedy log").out
    assert hj.current().settings.key is not None


# -- load and unload ---------------------------------------------------------------------------------------------------


def hooks(shell: InteractiveShell) -> list[object]:
    """All that an extension can leave behind in *shell*, and ``df.hedy``."""
    events = [sorted(map(str, callbacks)) for callbacks in shell.events.callbacks.values()]
    magics = [sorted(names) for names in shell.magics_manager.magics.values()]
    return [
        events,
        magics,
        sorted(shell.magics_manager.registry),
        list(shell.Completer.custom_matchers),
        hasattr(pd.DataFrame, "hedy"),
    ]


def test_load_says_one_line(runner: CellRunner) -> None:
    """Loading prints one line: here that there is no key yet."""
    runner("%unload_ext hedy_jupyter")
    ran = runner("%load_ext hedy_jupyter")

    assert ran.out.startswith("no key yet: Set HEDY_API_KEY")
    assert ran.out.count("\n") == 1


def test_load_on_the_demo(runner: CellRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``HEDY_DEMO`` set loading goes to the demo account and says so in its one line."""
    monkeypatch.setenv("HEDY_DEMO", "1")
    runner("%unload_ext hedy_jupyter")
    ran = runner("%load_ext hedy_jupyter")

    assert ran.out.startswith("DEMO account")
    assert ran.out.count("\n") == 1


@pytest.mark.parametrize(
    "cell",
    [
        "%load_ext hedy_jupyter",
        "%reload_ext hedy_jupyter",
        "import hedy_jupyter\nhedy_jupyter.load_ipython_extension(get_ipython())",
    ],
)
def test_load_again(demo: CellRunner, cell: str) -> None:
    """Loading a second time changes nothing, without a warning: one status line, one set of completions."""
    before = hooks(demo.shell)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        demo(cell)

    counts = [len(before[0]), *(len(part) for part in before[1:4])]  # type: ignore[arg-type]
    after = hooks(demo.shell)
    assert [len(after[0]), *(len(part) for part in after[1:4])] == counts  # type: ignore[arg-type]
    assert len(STATUS.findall(demo("%hedy topics").out)) == 1


def test_unload_and_back(runner: CellRunner) -> None:
    """Unloading leaves nothing behind: no magic, completion, event or ``df.hedy``; loading brings all of it back."""
    loaded = hooks(runner.shell)
    runner("%unload_ext hedy_jupyter")
    unloaded = hooks(runner.shell)
    ran = runner("%hedy me")
    runner("%load_ext hedy_jupyter")
    again = hooks(runner.shell)

    assert not re.search("(?i)hedy|True", str(unloaded))
    assert "%hedy` not found" in ran.out
    assert re.sub("0x[0-9a-f]+", "", str(again)) == re.sub("0x[0-9a-f]+", "", str(loaded))


def test_unload_in_the_same_cell(demo: CellRunner) -> None:
    """What a cell has still to say is said before its extension goes."""
    assert STATUS.search(demo("%hedy topics\n%unload_ext hedy_jupyter").out)


def test_unload_twice(runner: CellRunner) -> None:
    """Unloading what is not loaded does nothing."""
    runner("%unload_ext hedy_jupyter")
    ran = runner("import hedy_jupyter\nhedy_jupyter.unload_ipython_extension(get_ipython())")

    assert ran.error is None


def test_load_is_light(tmp_path: Path) -> None:
    """Loading opens no connection and brings in no client, widgets, progress bar, date parser or plots."""
    heavy = ["httpx", "ipywidgets", "tqdm", "dateparser", "matplotlib", "nest_asyncio", "markdown_it", "msgspec"]
    code = f"""
import sys
connected = []
NETWORK = ("socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, _: connected.append(event) if event in NETWORK else None)
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
known = set(sys.modules)
shell.run_line_magic("load_ext", "hedy_jupyter")
print([name for name in {heavy!r} if name in sys.modules], connected)
print(sum(name.startswith("hedy_jupyter") for name in set(sys.modules) - known))
"""
    environment = {**os.environ, "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path), "HEDY_API_KEY": KEY}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/", env=environment
    )
    line, modules, ours = done.stdout.splitlines()

    assert line == "LIVE account, region us (api.hedy.bot)."
    assert modules == "[] []"
    assert 0 < int(ours) < 260  # all but the demo, the widgets redaction and addressees, which have 55 ms of word lists


# -- secrets -----------------------------------------------------------------------------------------------------------


def refuse(request: httpx.Request) -> httpx.Response:
    """An answer that repeats the key it was sent."""
    message = f"The key {request.headers['Authorization']} is not valid"
    return httpx.Response(401, json={"success": False, "error": {"code": "invalid_api_key", "message": message}})


def hang(request: httpx.Request) -> httpx.Response:
    """No answer in time."""
    raise httpx.ReadTimeout("late", request=request)


def break_down(request: httpx.Request) -> httpx.Response:
    """A mistake in a user's transport, which ends in a full traceback."""
    raise RuntimeError("boom")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("answer", [refuse, hang, break_down])
def test_key_is_seen_nowhere(
    runner: CellRunner,
    history: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[httpx.Request], httpx.Response],
    mode: str,
) -> None:
    """Whatever goes wrong, in every ``%xmode``: the key is in no output, no name, no history, no traceback."""
    monkeypatch.setenv("HEDY_API_KEY", KEY)
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", immediately)
    hedy = hj.connect(transport=httpx.MockTransport(answer))
    cells = [
        f"%xmode {mode}",
        "%hedy",
        "%hedy me",
        "%tb",
        "%hedy sessions --details",
        "%hedy log",
        "%hedy session $nope",
        "%history",
        "%xmode Context",
    ]
    out = "".join(runner(cell).out for cell in cells)
    hedy.close()
    runner.shell.history_manager.writeout_cache()

    assert KEY not in out
    assert KEY not in repr(runner["In"]) + repr(runner["Out"])
    assert KEY.encode() not in history.read_bytes()
    assert ("boom" in out) is (answer is break_down)


async def immediately(delay_s: float) -> None:
    """A wait that does not."""


def test_a_typed_key_is_refused(demo: CellRunner) -> None:
    """A key in the line is refused with the advice to make a new one, and nothing shows it."""
    for cell in (
        f"%hedy login {KEY}",
        f"%hedy session {KEY}",
        "part = 'hedy_' + 'live_' + 9 * 'k'\n%hedy session {part}",
    ):
        ran = demo(cell)

        assert isinstance(ran.error, hj.UsageError)
        assert "Create a new key" in ran.out
        assert "kkkk" not in ran.out
