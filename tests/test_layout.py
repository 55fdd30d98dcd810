"""The layout: which module may import which, where each third-party package appears, and what the package shows."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import sys
import tomllib
import types
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import hedy_jupyter
from tests import figures
from tests.figures import MODULES, PACKAGE, ROOT, imports, name_of, our_imports, our_module

DEMO = [path for path in MODULES if name_of(path).startswith("demo_server")]
CLIENT = [path for path in MODULES if path not in DEMO]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STANDARD = {*sys.stdlib_module_names, "__future__"}
THIRD_PARTY = {
    "httpx": {"api.client", "api.transport"},
    "msgspec": {"text.json_decoder"},
    "nest_asyncio": {"api.event_loop"},
    "keyring": {"credentials"},
    "tqdm": {"account.progress"},
    "filelock": {"archive.sync", "archive.delete", "receiver.run_command"},
    "platformdirs": {"archive.location", "profiles"},
    "pyarrow": {"archive.parquet", "frames.build"},
    "dask": {"dask"},
    "icalendar": {"export.ics"},
    "xlsxwriter": {"export.workbook"},
    "matplotlib": {"analysis.plots"},
    "dateparser": {"dates.due_fallback", "dates.fallback_languages", "dates.relative_fallback"},
    "tzlocal": {"dates.periods", "dates.zone_names"},
    "dateutil": {"frames.timezones"},
    "idna": {"text.host_names"},
    "markdown_it": {"display.render", "minutes.outline"},
    "wcwidth": {"display"},
    "IPython": {"magics", "account.progress", "display.notice", "widgets.controls", "__main__"},
    "traitlets": {"__main__", "widgets.controls"},
    "starlette": {"receiver.application", "receiver.command", "receiver.server"},
    "uvicorn": {"receiver.server"},
    "webcolors": {"changes.colors"},
    "ipywidgets": {"widgets.controls", "widgets.key_capture"},
    "numpy": {"frames", "dates", "analysis", "export"},
    "pandas": {
        "frames",
        "dates",
        "analysis",
        "minutes",
        "reports",
        "export",
        "archive",
        "account",
        "accessor",
        "magics",
        "widgets",
        "__main__",
        "dask",
        "shell_commands",
    },
}
LAZY: dict[str, dict[str, str]] = {
    "": {
        "magics.magics": "brings in IPython",
    },
    "__main__": {
        "account.list_view": "for a list alone",
        "demo_server.deliver": "for this command alone",
        "demo_server.http": "for this command alone",
        "demo_server.service": "for this command alone",
        "magics.dispatch": "for commands of %hedy alone",
        "receiver.command": "brings in Starlette and uvicorn",
    },
    "accessor.accessor": {"analysis.redaction": "word lists, 55 ms"},
    "accessor.todos": {"analysis.addressees": "word lists, 55 ms"},
    "accessor.registration": {
        "accessor.accessor": "import hedy_jupyter registers it, and may never use it",
    },
    "account.connection": {
        "api.client": "brings in httpx",
        "api.transport": "brings in httpx",
    },
    "account.current": {
        "account.hedy": "the settings are enough for %load_ext",
        "demo_server.service": "for the demo account alone",
    },
    "account.todo_list": {
        "analysis.addressees": "word lists, 55 ms",
    },
    "analysis.plots.axes": {"analysis.plots.page_figure": "brings in matplotlib"},
    "dates.periods": {
        "dates.zone_names": "for a message alone",
    },
    "magics.commands.account": {
        "display.display_mixin": "a Tab reads the commands, and shows nothing",
    },
    "magics.commands.archive": {
        "display.display_mixin": "a Tab reads the commands, and shows nothing",
        "magics.empty_results": "for empty lists alone",
    },
    "magics.commands.reading": {
        "account.transcript": "for this command alone",
        "api.resolve": "a Tab reads the commands, and resolves nothing",
        "widgets.browser": "brings in ipywidgets",
    },
    "magics.commands.writing": {
        "widgets.manager": "brings in ipywidgets",
    },
    "magics.confirming": {
        "account.changes": "for writes alone",
        "display.render": "a Tab reads the commands, and shows nothing",
        "magics.prompts": "for writes in a terminal",
        "widgets.builders": "brings in ipywidgets",
    },
    "magics.dispatch": {
        "magics.help_pages": "for help alone",
    },
    "magics.hints": {
        "dates.ranges": "for lines that cannot be read",
    },
    "magics.magics": {
        "magics.running": "every command; %load_ext adds the hooks alone",
    },
    "magics.matcher": {
        "magics.completion": "every command; %load_ext adds the hooks alone",
    },
    "magics.running": {
        "account.list_view": "for lists alone",
    },
    "magics.status": {
        "dates.ranges": "for lines with days alone",
        "magics.empty_results": "for empty lists alone",
    },
}
"""Module → the modules of the package that it does not import at its top, and why."""


def floors() -> tuple[dict[str, int], set[tuple[str, str]]]:
    """Place → floor, and the arrows between two places of one floor, as docs/architecture.md draws them."""
    heights, arrows = dict[str, int](), set[tuple[str, str]]()
    drawing = PAGE.split("```")[1]
    for line in drawing.strip().splitlines():
        number, *words = re.split(r"\s{3,}", line)[0].split()
        places = [word.removesuffix("/").removesuffix(".py") for word in words]
        heights |= {place: int(number) for place in places if place != "→"}
        arrows |= {(places[at - 1], places[at + 1]) for at, place in enumerate(places) if place == "→"}
    return heights, arrows


FLOORS, ARROWS = floors()


@pytest.fixture(scope="module", autouse=True)
def fixture_syntax_trees() -> Iterator[None]:
    """Keep the syntax trees of all files while these tests run, and out of garbage collections."""
    gc.disable()
    yield
    figures.forget()
    gc.enable()


def place(name: str) -> str:
    """The folder or module on the page that the module *name* belongs to."""
    return name.partition(".")[0] or "__init__"


def test_floors() -> None:
    """A module imports only from lower floors, and along the arrows of its own."""
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in CLIENT
        for name in our_imports(path)
        if not name.startswith("demo_server") and not is_below(place(name), place(name_of(path)))
    ]

    assert wrong == []


def is_below(target: str, here: str) -> bool:
    """Whether the place *here* may import from the place *target*."""
    return target == here or FLOORS[target] < FLOORS[here] or (here, target) in ARROWS


def test_who_imports_the_demo() -> None:
    """Only a few modules import the demo."""
    found = {name_of(path) for path in CLIENT for name in our_imports(path) if name.startswith("demo_server")}

    assert found <= {
        "account.connection",
        "account.current",
        "account.hedy",
        "magics.commands.account",
        "__main__",
        "",
    }


def test_every_place_is_on_the_page() -> None:
    """The page names every folder and module of the package, and none that is not there."""
    rows = dict(re.findall(r"^\| (`.+?`) \| (.+) \|$", PAGE, re.MULTILINE))
    folders = {
        row.strip("`/"): set(re.findall(r"`([a-z_]+)/?`", text)) for row, text in rows.items() if row.endswith("/`")
    }
    places = {name.strip("`/").removesuffix(".py") for row in rows for name in row.split(", ")}
    there = dict[str, set[str]]()
    for path in MODULES:
        first, *inner = name_of(path).split(".")
        there.setdefault(first, set()).update(inner)
    for alone in ("", "__main__"):
        del there[alone]

    assert places == set(there)
    assert set(FLOORS) - {"__init__", "__main__"} | {"demo_server"} == set(there)
    assert {name: inner for name, inner in there.items() if inner} == folders


@pytest.mark.parametrize("title", figures.LIMITS)
def test_figures(title: str) -> None:
    """Nothing breaks the limits of ``python -m tests.figures``."""
    assert figures.LIMITS[title]() == []


def test_repetitions_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of equal lines counts once, as long as it goes; imports, docstrings, signatures and tables do not count."""
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    run = "".join(f"    print({number})\n" for number in range(8))
    table = "TABLE = {\n" + "".join(f"    {number}: 'x',\n" for number in range(8)) + "}\n"
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text(f'{table}import ast\nimport re\ndef f():\n    """Do it."""\n{run}    return 1\n')
    other.write_text(f"{table}import ast\nimport re\ndef g():\n\n    # a comment\n{run}    return 2\n")

    assert figures.repetitions([one, other]) == ["8 lines: one.py:15 and other.py:16: print(0)"]
    assert figures.repetitions([one]) == []
    assert figures.repetitions([one, other], least=9) == []


def test_private_names_in_tests_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading, importing and replacing count; the test's own names, protocols and public names do not."""
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    test = tmp_path / "test_one.py"
    reaching = (
        "from other import _helper, helper",
        "client._sleep",
        'monkeypatch.setattr(client, "_show", 1)',
        'monkeypatch.setattr("package.module._clock", 1)',
        'getattr(array, "_data")',
    )
    own = ("_mine = 1", "module._mine", "self._other", "card._repr_html_()", "row._replace(a=1)", "x.__dict__")
    test.write_text("\n".join((*reaching, *own, 'monkeypatch.setattr(client, "sleep", 1)')))

    found = ["_helper", "_sleep", "_show", "_clock", "_data"]
    assert figures.private_names_in_tests([test]) == [f"test_one.py:{n} {name}" for n, name in enumerate(found, 1)]


def test_demo_stands_apart() -> None:
    """The demo imports the standard library and itself, so that a mistake of the client is not also in the demo."""
    foreign = [
        f"{name_of(path)} imports {target}"
        for path in DEMO
        for target in imports(path)
        if target.split(".")[0] not in STANDARD and not target.startswith("hedy_jupyter.demo_server")
    ]

    assert foreign == []


def test_third_party() -> None:
    """Each third-party package appears only where the table says, and no other package at all."""
    misplaced = [
        f"{name} imports {package}"
        for name, package in ((name_of(path), package) for path in MODULES for package in packages(path))
        if not any(name == row or name.startswith(f"{row}.") for row in THIRD_PARTY.get(package, ()))
    ]

    assert misplaced == []


def packages(path: Path) -> set[str]:
    """The packages of others that the module at *path* imports."""
    return {target.split(".")[0] for target in imports(path)} - STANDARD - {"hedy_jupyter"}


def test_times_of_numpy_have_a_unit() -> None:
    """No time of numpy is made without its unit: numpy 2.5 warns of it, and later versions refuse it."""
    paths = [*MODULES, *figures.TESTS]

    assert [f"{path}:{line}" for path in paths for line in unitless(figures.nodes(path))] == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('np.datetime64("NaT")', 1),
        ("numpy.datetime64(None)", 1),
        ("np.timedelta64(0)", 1),
        ('np.timedelta64("NaT")', 1),
        ('np.array([], dtype="datetime64")', 1),
        ('df.astype("m8")', 1),
        ('np.datetime64("NaT", "us"), np.timedelta64(0, "us"), np.datetime64("2026-03"), np.timedelta64(delta)', 0),
        ('np.array([], dtype="datetime64[us]"), df.astype("M8[D]"), "datetime64 is a type"', 0),
    ],
)
def test_a_missing_unit_is_found(code: str, count: int) -> None:
    """The check above sees every spelling."""
    assert len(list(unitless(ast.walk(ast.parse(code))))) == count


def unitless(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """The lines that make a time of numpy, or name its type, without a unit."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="datetime64"), args=[ast.Constant(value=None | "NaT" | "")]):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="timedelta64"), args=[ast.Constant() | ast.UnaryOp()]):
                yield node.lineno
            case (
                ast.Call(func=ast.Attribute(attr="astype" | "view" | "dtype"), args=[ast.Constant(value=kind), *_])
                | ast.keyword(arg="dtype", value=ast.Constant(value=kind))
            ) if kind in {"datetime64", "timedelta64", "M8", "m8"}:
                yield node.lineno


HEAVY = (
    *("ipywidgets", "matplotlib", "httpx", "nest_asyncio", "tqdm", "dateparser", "tzlocal", "keyring", "markdown_it"),
    *("msgspec", "wcwidth", "webcolors", "icalendar", "idna", "pyarrow.parquet", "filelock", "tomllib"),
    "importlib.metadata",
)
"""What neither the import nor ``%load_ext`` loads by itself; IPython and pandas may have loaded it before."""
LIGHT_MODULES = 35
"""So many modules of the package ``%load_ext`` may load, of more than 250; the import loads a third of them."""


def loaded(code: str, *before: str) -> list[str]:
    """Return what of ``HEAVY``, and which modules of the package, *code* loads in a process with the modules *before*.

    Anything that *code* opens, but source and bytecode, or connects to follows.
    """
    script = f"""
import os, sys, {", ".join(before)}
if "IPython" in sys.modules:
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell()
os.environ |= {{"HEDY_API_KEY": "hedy_live_" + "x" * 20, "HEDY_CONFIG": os.devnull + "/none"}}
opened, known = [], set(sys.modules)
def watch(event, args):
    source = event == "open" and str(args[0]).endswith((".py", ".pyc"))
    if event.startswith("socket.") or (event == "open" and not source):
        opened.append((event, args))
sys.addaudithook(watch)
{code}
heavy = [name for name in {HEAVY!r} if name in set(sys.modules) - known]
print(*heavy, *(name for name in sys.modules if name.startswith("hedy_jupyter")), *map(repr, opened), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd="/")
    return done.stdout.splitlines()


def test_import_is_light() -> None:
    """Importing the package loads pandas and the errors, and opens no connection and no data file."""
    found = loaded("import hedy_jupyter", "pandas")

    assert [name for name in found if not name.startswith("hedy_jupyter")] == []
    assert len(found) <= LIGHT_MODULES // 3
    assert set(found) <= {
        "hedy_jupyter",
        "hedy_jupyter.accessor",
        "hedy_jupyter.accessor.registration",
        "hedy_jupyter.errors",
        "hedy_jupyter.text",
        "hedy_jupyter.text.api_keys",
        "hedy_jupyter.text.clean",
    }


def test_loading_is_light() -> None:
    """``%load_ext`` loads the hooks in IPython and reads the settings, and a Tab in other lines loads nothing more."""
    load = "shell.run_line_magic('load_ext', 'hedy_jupyter')"
    use = "shell.Completer.use_jedi = False; shell.complete('pri'); shell.transform_cell('print?')"
    greeting, *found = loaded(f"{load}; {use}", "IPython")
    ours = [name for name in found if name.startswith("hedy_jupyter")]

    assert greeting == "LIVE account, region us (api.hedy.bot)."
    assert [name for name in found if name not in ours and not name.startswith("('open'")] == []
    assert 7 < len(ours) <= LIGHT_MODULES


def test_lazy_imports() -> None:
    """A module of ours is imported at the top, or lazily at one of the points that the table lists with a reason."""
    found = {name_of(path): set(lazy_imports(path)) for path in MODULES}

    assert {name: targets for name, targets in found.items() if targets} == {name: set(LAZY[name]) for name in LAZY}
    assert [reason for targets in LAZY.values() for reason in targets.values() if not reason] == []


def test_modules_at_first_use_are_those_of_type_checkers() -> None:
    """The name in ``at_first_use`` is that of the module that type checkers see under the same name."""
    wrong = []
    for path in MODULES:
        for node in figures.nodes(path):
            match node:
                case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[_, *_]):
                    typed = {
                        alias.asname or alias.name: f"{inner.module}.{alias.name}"
                        for inner in node.body
                        if isinstance(inner, ast.ImportFrom)
                        for alias in inner.names
                    }
                    lazy = {ast.unparse(one).split(" = ")[0]: at_first_use(one) for one in node.orelse}
                    wrong += [(name_of(path), name) for name, module in lazy.items() if typed.get(name) != module]

    assert wrong == []


def at_first_use(node: ast.AST) -> str:
    """Return the name of the module in ``name = at_first_use("module")``; empty for other code."""
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(id="at_first_use"), args=[ast.Constant(value=str(module))])):
            return module
    return ""


def lazy_imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that *path* imports in functions or at their first use."""
    for node in figures.nodes(path):
        if module := at_first_use(node):
            yield our_module(module)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("hedy_jupyter"):
                    yield from (our_module(f"{inner.module}.{alias.name}") for alias in inner.names)


def test_public_names() -> None:
    """The shop window is sorted and complete, and everything in it has a docstring."""
    names = hedy_jupyter.__all__
    assert [name for name in names if not getattr(hedy_jupyter, name).__doc__] == []  # loads them all
    public = {
        name
        for name, value in vars(hedy_jupyter).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("hedy_jupyter")
    }

    assert names == sorted(names)
    assert set(names) == public


def test_errors_are_one_tree() -> None:
    """Every public error is a HedyError, and every error of the module is public."""
    kinds = {
        name
        for name in hedy_jupyter.__all__
        if isinstance(getattr(hedy_jupyter, name), type) and issubclass(getattr(hedy_jupyter, name), Exception)
    }
    drawn = hedy_jupyter.errors.__doc__ or ""

    assert kinds == {
        name
        for name, value in vars(hedy_jupyter.errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert [name for name in kinds if name not in drawn] == []
    assert [name for name in kinds if not issubclass(getattr(hedy_jupyter, name), hedy_jupyter.HedyError)] == []


def test_packaging() -> None:
    """Each dependency is imported somewhere, and each import of another package is declared."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {line.split(">")[0].split("[")[0].lower().replace("-", "_") for line in project["dependencies"]}
    used = set[str]().union(*map(packages, MODULES))
    modules = {"ipython": "IPython", "markdown_it_py": "markdown_it"}
    assert {modules.get(name, name) for name in declared} - used == set()
    optional = {"keyring", "pyarrow", "dask", "matplotlib", "xlsxwriter", "starlette", "uvicorn"}
    assert (
        used - {modules.get(name, name) for name in declared} - {"numpy", "dateutil", "traitlets"} == optional
    )  # the three come with others
    assert project["requires-python"] == ">=3.11"
    assert (PACKAGE / "py.typed").exists()


def test_completion_shows_public_names() -> None:
    """``dir()`` of the package, of an account and of its archive shows public names only."""
    with hedy_jupyter.demo() as hedy:
        shown = {
            "package": [name for name in dir(hedy_jupyter) if not name.startswith("_")],
            "account": [name for name in dir(hedy) if not name.startswith("_")],
            "archive": [name for name in dir(hedy.archive) if not name.startswith("_")],
        }
        private = [name for shown in (hedy, hedy.archive) for name in dir(shown) if re.match("_[^_]", name)]
        modules = [name for name in shown["package"] if isinstance(getattr(hedy_jupyter, name), types.ModuleType)]

    assert private == []
    assert modules == ["forms"]
    assert {*hedy_jupyter.__all__, "forms"} == set(shown["package"])
    assert not {"connection", "durations", "previous", "on_close", "service"} & set(shown["account"])
    assert {"beyond", "learn", "names", "quiet", "store", "without_details"} & set(shown["archive"]) == set()
