"""Figures of the source: circles of imports, sizes of folders, files and functions, private names, repeated lines.

``python -m tests.figures`` prints them; ``tests/test_layout.py`` holds the limits.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hedy_jupyter"
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))

FOLDER_SHARE = 0.15
FILE_LINES = 400
FUNCTION_LINES = 50
LINE_LENGTH = 120
REPEATED_LINES = 6
DATA_FILES = frozenset({"demo_server.phrases", "demo_server.scenes", "demo_server.openapi", "text.stop_words"})
"""The modules that hold word lists or other data, for which ``FILE_LINES`` does not count."""

TESTS = tuple(sorted((ROOT / "tests").rglob("*.py")))
PRIVATE_IN_TESTS = {
    "tests/accessor/test_variants.py": {"_ndarray", "_data", "_mask"},  # pandas has no public way to lock an array
    "tests/forming.py": {"_handle_custom_msg"},  # ipywidgets takes the messages of a front end by no other method
    "tests/versions.py": {"_base_executable"},  # of the interpreter behind a venv Python names no other path
    "tests/widgets/test_form.py": {
        "_dom_classes",
        "_instances",
    },  # ipywidgets lists its open widgets and their classes nowhere else
}
"""The private names of other packages that tests reach, each with its reason; of ours they reach none."""

_PRAGMA = re.compile(r"\s+# (?:noqa|type: ignore).*")


# What a module imports -------------------------------------------------------


def name_of(path: Path) -> str:
    """Return the dotted name below the package; empty for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of *path*."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of the syntax tree of *path*."""
    return tuple(ast.walk(parsed(path)))


def forget() -> None:
    """Free the syntax trees: while they are in memory, each garbage collection looks at millions of nodes."""
    for kept in (parsed, nodes, imports, our_module):
        kept.cache_clear()


@cache
def imports(path: Path, *, typing: bool = False) -> tuple[str, ...]:
    """Return what *path* imports at run time, wherever in it; with *typing* also the imports for type checkers."""
    typing_only = {
        id(inner)
        for node in nodes(path)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = list[str]()
    for node in nodes(path):
        if id(node) in typing_only and not typing:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


@cache
def our_module(target: str) -> str:
    """Return the dotted name of the module of the package behind the import *target*."""
    name = target.removeprefix("hedy_jupyter").removeprefix(".")
    while name and not (
        (PACKAGE / name.replace(".", "/")).with_suffix(".py").exists() or (PACKAGE / name.replace(".", "/")).is_dir()
    ):
        name = name.rpartition(".")[0]
    return name


def our_imports(path: Path) -> set[str]:
    """Return the modules of the package that *path* imports, lazily and for type checkers included."""
    return {our_module(target) for target in imports(path, typing=True) if target.split(".")[0] == "hedy_jupyter"}


# The figures -----------------------------------------------------------------


def circles() -> list[str]:
    """Return the circles of imports, one for each group of modules that has any; lazy and typing imports count."""
    graph = {name_of(path): our_imports(path) - {name_of(path)} for path in MODULES}
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]
            found.append(" → ".join(name or "hedy_jupyter" for name in circle))
            graph[circle[0]] = graph[circle[0]] - {circle[1]}
        else:
            return found


def folder_shares() -> dict[str, float]:
    """Return each folder's share of the lines of the package, the largest first."""
    lines = defaultdict[str, int](int)
    for path in MODULES:
        lines[path.relative_to(PACKAGE).parts[0]] += _length(path)
    whole = sum(lines.values())
    return {name: count / whole for name, count in sorted(lines.items(), key=lambda row: -row[1])}


def large_folders() -> list[str]:
    """Return the folders above their share of the lines."""
    return [f"{name}: {share:.1%}" for name, share in folder_shares().items() if share > FOLDER_SHARE]


def long_files() -> list[str]:
    """Return the modules above ``FILE_LINES``, except those of data."""
    long = [path for path in MODULES if name_of(path) not in DATA_FILES and _length(path) > FILE_LINES]
    return [f"{name_of(path)}: {_length(path)} lines" for path in long]


def long_functions() -> list[str]:
    """Return the functions above ``FUNCTION_LINES``, their docstring left out."""
    return [
        f"{name_of(path)}:{node.lineno} {node.name}: {length} lines"
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := _extent(node) - (_extent(node.body[0]) if ast.get_docstring(node) else 0)) > FUNCTION_LINES
    ]


def long_lines() -> list[str]:
    """Return the lines above ``LINE_LENGTH`` in the package and its tests, comments for tools left out."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {len(line)} characters"
        for path in (*MODULES, *TESTS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(_PRAGMA.sub("", line)) > LINE_LENGTH
    ]


def private_names() -> list[str]:
    """Return the private names used outside the module that defines them.

    An attribute of an object counts where another module of the package defines a private name so called, and this
    one does not: that is as far as it can be told without types. What a class takes from a class that it extends is
    its own. Names such as ``_repr_html_`` belong to protocols.
    """
    defined = {path: frozenset(_defined(path)) for path in MODULES}
    everywhere = frozenset[str]().union(*defined.values())
    found = []
    for path in MODULES:
        foreign = everywhere - defined[path]
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hedy_jupyter"):
                found += [f"{name_of(path)}:{node.lineno} imports {a.name}" for a in node.names if _is_private(a.name)]
            elif isinstance(node, ast.Attribute) and node.attr in foreign and not _is_own(node):
                found.append(f"{name_of(path)}:{node.lineno} {ast.unparse(node)}")
    return found


def private_names_in_tests(paths: Iterable[Path] = TESTS) -> list[str]:
    """Return the private names that tests read or replace outside the module that defines them.

    Attributes count, imports, and names given as text to ``monkeypatch.setattr`` and the like. ``PRIVATE_IN_TESTS``
    and the methods of named tuples do not.
    """
    found = []
    for path in paths:
        where = path.relative_to(ROOT).as_posix()
        allowed = {*_defined(path), *PRIVATE_IN_TESTS.get(where, ()), "_replace", "_asdict"}
        for node in nodes(path):
            match node:
                case ast.Attribute(attr=name) if not _is_own(node):
                    names = [name]
                case ast.ImportFrom(names=aliases):
                    names = [alias.name for alias in aliases]
                case ast.Call(func=ast.Attribute(attr="setattr" | "delattr") | ast.Name(id="getattr" | "setattr")):
                    texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                    names = [str(text).rpartition(".")[2] for text in texts]
                case _:
                    continue
            found += [f"{where}:{node.lineno} {name}" for name in names if _is_private(name) and name not in allowed]
    return found


def repetitions(paths: Iterable[Path] = MODULES, least: int = REPEATED_LINES) -> list[str]:
    """Return the pairs of equal runs of *least* lines or more, each run as long as it goes.

    Blank lines, comments, docstrings, imports, signatures, tables of data and lines of brackets alone are left out
    first.
    """
    lines = {path: _code_lines(path) for path in paths}
    windows = defaultdict[tuple[str, ...], list[tuple[Path, int]]](list)
    for path, code in lines.items():
        for at in range(len(code) - least + 1):
            windows[tuple(text for _, text in code[at : at + least])].append((path, at))
    pairs = {
        (one, other)
        for places in windows.values()
        for index, one in enumerate(places)
        for other in places[index + 1 :]
        if one[0] != other[0] or other[1] - one[1] >= least
    }
    found = []
    for (path, at), (other, there) in sorted(pairs):
        if ((path, at - 1), (other, there - 1)) in pairs:
            continue  # inside a run that begins earlier
        length = least
        while ((path, at + length - least + 1), (other, there + length - least + 1)) in pairs:
            length += 1
        first, second = (f"{where.relative_to(ROOT)}:{lines[where][n][0]}" for where, n in ((path, at), (other, there)))
        found.append(f"{length} lines: {first} and {second}: {lines[path][at][1]}")
    return found


LIMITS: dict[str, Callable[[], list[str]]] = {
    "circles of imports": circles,
    f"folders above {FOLDER_SHARE:.0%} of the lines": large_folders,
    f"files above {FILE_LINES} lines": long_files,
    f"functions above {FUNCTION_LINES} lines": long_functions,
    f"lines above {LINE_LENGTH} characters": long_lines,
    "private names used across modules": private_names,
    "private names that tests reach": private_names_in_tests,
    f"repeated runs of {REPEATED_LINES} lines or more": repetitions,
}
"""What each figure is called → what returns those that break it."""


# How they are counted --------------------------------------------------------


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _extent(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _is_own(node: ast.Attribute) -> bool:
    """Return whether *node* is an attribute of the object or class itself."""
    return isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}


def _is_private(name: str) -> bool:
    return re.fullmatch(r"_[^_]\w*(?<!_)", name) is not None


def _defined(path: Path) -> Iterator[str]:
    """Yield the private names that a module binds: functions, classes, variables, attributes, fields and slots."""
    for node in nodes(path):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                names = [name]
            case ast.Assign(targets=[ast.Name(id="__slots__")], value=ast.Tuple(elts=elements)):
                names = [str(element.value) for element in elements if isinstance(element, ast.Constant)]
            case _:
                continue
        yield from filter(_is_private, names)


def _code_lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines that are logic: their numbers, and their texts without space around."""
    left_out = set[int]()
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            left_out.update(range(node.lineno, node.body[0].lineno))
        elif _is_data(node):
            left_out.update(range(node.lineno, node.lineno + _extent(node)))
    return [
        (number, line.strip())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if number not in left_out and re.search(r"\w", line) and not line.lstrip().startswith("#")
    ]


def _is_data(node: ast.AST) -> TypeGuard[ast.stmt]:
    """Return whether *node* is an import, a docstring, or a variable with the data that is written out for it."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return not any(isinstance(inner, ast.Name | ast.Lambda) for inner in ast.walk(value)) or (
                isinstance(value, ast.Call) and _is_table(value)
            )
    return False


def _is_table(call: ast.Call) -> bool:
    """Return whether *call* only makes a table of data read-only."""
    return isinstance(call.func, ast.Name) and call.func.id in {"MappingProxyType", "frozenset"}


def main() -> int:
    """Print the figures; return 1 if any limit is broken."""
    print("== shares of the lines")
    for name, share in folder_shares().items():
        print(f"{share:6.1%}  {name}")
    broken = False
    for title, find in LIMITS.items():
        found = find()
        broken |= bool(found)
        print(f"== {title}: {len(found)}", *found, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
