"""The layout: which module may import which, where each third-party package appears, and what the package shows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

import hedy_jupyter
from tests import figures
from tests.figures import MODULES, PACKAGE, ROOT, imports, name_of, our_imports

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
THIRD_PARTY = {
    "httpx": {"api.client", "api.transport"},
    "nest_asyncio": {"api.event_loop"},
    "keyring": {"credentials"},
    "tqdm": {"account.progress"},
    "filelock": {"archive.sync", "archive.delete", "receiver.forward"},
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
    "wcwidth": {"display.render", "display.table"},
    "IPython": {"magics", "account.progress", "display.notice", "widgets.controls", "__main__"},
    "traitlets": {"__main__", "widgets.controls"},
    "starlette": {"receiver.application", "receiver.command", "receiver.server"},
    "uvicorn": {"receiver.server"},
    "webcolors": {"changes.colors"},
    "ipywidgets": {"widgets.controls", "widgets.keyboard"},
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
        "shell",
    },
}


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


def place(name: str) -> str:
    """The folder or module on the page that the module *name* belongs to."""
    return name.partition(".")[0] or "__init__"


@pytest.mark.parametrize("path", [path for path in MODULES if not name_of(path).startswith("demo_server")], ids=name_of)
def test_floors(path: Path) -> None:
    """A module imports only from lower floors, and along the arrows of its own; only a few import the demo."""
    here = place(name_of(path))
    ours = our_imports(path)
    foreign = {name for name in ours if not name.startswith("demo_server") and place(name) != here}
    wrong = {name for name in foreign if FLOORS[place(name)] >= FLOORS[here] and (here, place(name)) not in ARROWS}
    demo = [name for name in ours if name.startswith("demo_server")]

    assert wrong == set()
    assert not demo or name_of(path) in {
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


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path).startswith("demo_server")], ids=name_of)
def test_demo_stands_apart(path: Path) -> None:
    """The demo imports the standard library and itself, so that a mistake of the client is not also in the demo."""
    foreign = [
        target
        for target in imports(path)
        if target.split(".")[0] not in {*sys.stdlib_module_names, "__future__"}
        and not target.startswith("hedy_jupyter.demo_server")
    ]

    assert foreign == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_third_party(path: Path) -> None:
    """Each third-party package appears only where the table says, and no other package at all."""
    packages = {target.split(".")[0] for target in imports(path)} - {
        *sys.stdlib_module_names,
        "__future__",
        "hedy_jupyter",
    }
    name = name_of(path)
    misplaced = [
        package
        for package in packages
        if not any(name == row or name.startswith(f"{row}.") for row in THIRD_PARTY.get(package, ()))
    ]

    assert misplaced == []


@pytest.mark.parametrize("path", [*MODULES, *figures.TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_times_of_numpy_have_a_unit(path: Path) -> None:
    """No time of numpy is made without its unit: numpy 2.5 warns of it, and later versions refuse it."""
    assert list(unitless(figures.parsed(path))) == []


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
    assert len(list(unitless(ast.parse(code)))) == count


def unitless(tree: ast.AST) -> Iterator[int]:
    """The lines that make a time of numpy, or name its type, without a unit."""
    for node in ast.walk(tree):
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


def test_import_is_light() -> None:
    """Importing the package loads none of the heavy packages, and opens no connection and no data file."""
    heavy = (
        "IPython ipywidgets matplotlib httpx nest_asyncio tqdm dateparser tzlocal keyring markdown_it icalendar"
        " pyarrow.parquet filelock"
    )
    code = f"""
import sys, pandas
opened = []
def watch(event, args):
    source = event == "open" and str(args[0]).endswith((".py", ".pyc"))
    if event.startswith("socket.") or (event == "open" and not source):
        opened.append((event, args))
sys.addaudithook(watch)
import hedy_jupyter
print([name for name in {heavy.split()!r} if name in sys.modules], opened)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")

    assert done.stdout.strip() == "[] []"


def test_public_names() -> None:
    """The shop window is sorted and complete, and everything in it has a docstring."""
    names = hedy_jupyter.__all__
    public = {
        name
        for name, value in vars(hedy_jupyter).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("hedy_jupyter")
    }

    assert names == sorted(names)
    assert set(names) == public
    assert [name for name in names if not getattr(hedy_jupyter, name).__doc__] == []


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
    used = {target.split(".")[0] for path in MODULES for target in imports(path)} - {
        *sys.stdlib_module_names,
        "__future__",
        "hedy_jupyter",
    }
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
