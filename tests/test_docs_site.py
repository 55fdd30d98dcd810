"""The docs site: it builds without a warning, every name has a page, its cells were run, its search finds our words."""

from __future__ import annotations

import inspect
import json
import posixpath
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import hedy_jupyter as hj
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.api import signatures
from hedy_jupyter.archive.archive import Archive
from hedy_jupyter.demo_server.service import FAULTS
from hedy_jupyter.frames import schema
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import EVERYWHERE, Command
from hedy_jupyter.magics.commands.cells import CELLS
from tests import __main__ as test_command

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
BUILT = DOCS / "_build" / "html"
PAGES = sorted(
    path for path in DOCS.rglob("*.md") if not {"_build", "notebooks"} & set(path.relative_to(DOCS).parts[:-1])
)
WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in PAGES if path.stem != "changelog")
CELL = re.compile(r"^```i?python\n(.*?)^```", re.MULTILINE | re.DOTALL)
WITH_CELLS = [path for path in PAGES if CELL.search(path.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The Markdown of every page by its path, with what is generated from the tables in it."""
    sys.path.insert(0, str(DOCS / "_ext"))
    try:
        import generated
    finally:
        sys.path.remove(str(DOCS / "_ext"))
    return {path.relative_to(DOCS).as_posix(): generated.expand(path.read_text(encoding="utf-8")) for path in PAGES}


@pytest.fixture(name="site", scope="session")
def fixture_site(pytestconfig: pytest.Config) -> Path:
    """The built site; ``python -m tests`` has built it in the step before."""
    if not pytestconfig.getoption("--built-site"):
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(BUILT)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return BUILT


def section(page: str, heading: str) -> str:
    """The part of *page* below *heading*."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


# -- every name has a page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [*dispatch.COMMANDS, *CELLS.values()], ids=lambda command: command.word.replace(" ", "-")
)
def test_commands_have_a_section(command: Command, pages: dict[str, str]) -> None:
    """Each command is explained with its options, those of all commands once, and an example or why it has none."""
    page = pages["reference/commands.md"]
    own = section(page, command.name)
    shared = section(page, "Options of many commands")

    missing = [one.flag for one in command.all_options if f"| `{one.flag}" not in own + shared * (one in EVERYWHERE)]
    assert missing == []
    assert command.usage in own
    assert "```ipython" in own or command.word in {"browse", "login", "logout", "manage"}


@pytest.mark.parametrize("name", [name for name in dir(HedyFrame) if not name.startswith("_")])
def test_members_have_a_section(name: str, pages: dict[str, str]) -> None:
    """Each member of ``df.hedy`` is explained with its signature and an example."""
    own = section(pages["reference/accessor.md"], f"{name}()")

    assert f"df.hedy.{name}(" in own
    assert f".hedy.{name}(" in own.partition("```ipython")[2]


def test_names_are_in_the_text() -> None:
    """Each public name, and each method of ``Hedy``, is on a page that a person wrote."""
    methods = [name for name, _ in inspect.getmembers(hj.Hedy, callable) if not name.startswith("_")]
    names = [*(f"hedy.{name}(" for name in methods if name != "forget"), *hj.__all__]  # the shell calls forget()

    assert len(methods) >= 20
    assert [name for name in names if name not in WRITTEN] == []


def test_commands_are_in_the_text() -> None:
    """Each command of ``%hedy`` and each member of ``df.hedy`` is in a guide or another page that a person wrote."""
    commands = [command.name for command in (*dispatch.COMMANDS, *CELLS.values())]
    members = [name for name in dir(HedyFrame) if not name.startswith("_")]

    assert [name for name in commands if name not in WRITTEN] == []
    assert [name for name in members if not re.search(rf"\b{name}\(", WRITTEN)] == []


def test_columns_have_a_row(pages: dict[str, str]) -> None:
    """Each column of each frame is there with its dtype and meaning."""
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| ([^|]+) \|", pages["reference/columns.md"], re.MULTILINE)

    assert [name for name, _, _ in rows] == [column.name for table in schema.TABLES.values() for column in table]


def test_errors_have_a_section(pages: dict[str, str]) -> None:
    """Each class of errors is explained, with a cell that fails with it."""
    page = pages["reference/errors.md"]
    classes = [cls for name in hj.__all__ if isinstance(cls := getattr(hj, name), type)]
    names = [cls.__name__ for cls in classes if issubclass(cls, hj.HedyError)]

    assert len(names) >= 14
    assert [name for name in names if name != "HedyError" and f"{{.{name}}}\n```" not in section(page, name)] == []


def test_settings_have_a_row(pages: dict[str, str]) -> None:
    """Each environment variable that the code reads, and each argument of ``connect()``, is there."""
    page = pages["reference/settings.md"]
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "hedy_jupyter").rglob("*.py"))
    variables = set(re.findall(r'"(HEDY_[A-Z_]+)"', sources))
    arguments = set(inspect.signature(hj.connect).parameters) - {"transport"}  # for tests and proxies

    assert len(variables) >= 6
    assert sorted(name for name in variables | arguments if f"`{name}`" not in page) == []


def test_faults_are_named(pages: dict[str, str]) -> None:
    """Each fault of the demo account is in the FAQ."""
    page = pages["faq.md"]

    assert [fault for fault in FAULTS if f"`{fault}`" not in page and f"demo fault {fault}`" not in page] == []


@pytest.mark.outside
def test_public_names_have_an_entry(site: Path) -> None:
    """Each public name of the package, of ``Hedy``, of the archive and of signatures is in the index of the site."""
    expected = {f"hedy_jupyter.{name}" for name in hj.__all__}
    expected |= {f"hedy_jupyter.Hedy.{name}" for name in offered(hj.Hedy)}
    expected |= {f"hedy_jupyter.archive.archive.Archive.{name}" for name in offered(Archive)}
    expected |= {f"hedy_jupyter.api.signatures.{name}" for name in public_names(signatures)}
    expected |= {f"hedy_jupyter.forms.{name}" for name in hj.forms.__all__}

    from sphinx.util.inventory import InventoryFile

    with (site / "objects.inv").open("rb") as file:
        found = {item for kinds in InventoryFile.load(file, "", posixpath.join).values() for item in kinds}

    assert sorted(expected - found) == []


def public_names(module: ModuleType) -> set[str]:
    """The functions and classes that *module* itself defines for its users."""
    members = inspect.getmembers(module, lambda value: inspect.isfunction(value) or inspect.isclass(value))
    return {name for name, value in members if value.__module__ == module.__name__ and not name.startswith("_")}


def offered(cls: type) -> set[str]:
    """What completion offers of an object of *cls*."""
    with hj.demo() as hedy:
        shown = dir(hedy if cls is hj.Hedy else hedy.archive)
    return {name for name in shown if not name.startswith("_")}


# -- every cell runs, in the build -------------------------------------------------------------------------------------


def test_pages_have_cells() -> None:
    """The pages whose subject is what to type have cells, and the cookbook has one for each of 25 questions."""
    book = (DOCS / "cookbook.md").read_text(encoding="utf-8")
    questions = re.split(r"^### \d+\. .*\?$", book, flags=re.MULTILINE)[1:]

    assert len(WITH_CELLS) >= 12
    assert len(questions) == 25
    assert [question for question in questions if not CELL.search(question)] == []


@pytest.mark.outside
def test_cells_were_run(site: Path) -> None:
    """The build has run the cells of each page: the page shows what they gave."""
    shown = {path.stem: (site / path.relative_to(DOCS)).with_suffix(".html").read_text("utf-8") for path in WITH_CELLS}

    assert [name for name, page in shown.items() if 'class="cell-output' not in page] == []


@pytest.mark.outside
def test_a_cell_that_fails_is_a_warning(
    site: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A cell that fails is a warning of the build with the cell in it, and ``-W`` makes it an error."""
    from docutils import nodes
    from docutils.utils import new_document

    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    import demo_cells

    def fail(cell: str, **_: object) -> None:
        raise demo_cells.CellError(f"This cell failed: {cell}")

    notebook = SimpleNamespace(start_page=lambda: None, run=fail)
    app = SimpleNamespace(demo_notebook=notebook, env=SimpleNamespace(docname="start", doc2path="{}.md".format))
    page = new_document("start.md")
    page += nodes.literal_block("", "%hedy sesions", language="ipython")

    demo_cells.add_outputs(app, page)

    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("WARNING", "This cell failed: %hedy sesions")
    ]


# -- the built site ----------------------------------------------------------------------------------------------------


class Images(HTMLParser):
    """Collect the images of a page that have no alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.without: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.count += 1
            alt = (dict(attrs).get("alt") or "").strip()
            if " " not in alt:  # none, or the name of a file
                self.without.append((dict(attrs).get("src") or "")[:80])


@pytest.mark.outside
def test_images_have_alternative_texts(site: Path) -> None:
    """Each image, plots among them, says in words what it shows."""
    images = Images()
    for path in site.rglob("*.html"):
        images.feed(path.read_text(encoding="utf-8"))

    assert images.count >= 5
    assert images.without == []


@pytest.mark.outside
def test_search_finds_our_words(site: Path) -> None:
    """The index of the site's search has the words of our subject, in titles and in texts."""
    from sphinx.search.en import SearchEnglish

    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(re.fullmatch(r"Search\.setIndex\((.*)\)", text, re.DOTALL)[1])  # type: ignore[index]

    words = ["transcript", "webhook", "vault", "todo", "parquet", "keyring", "hedy_timezone", "digest", "gasket"]
    stem = SearchEnglish({}).stem
    assert [word for word in words if stem(word) not in index["terms"]] == []
    assert {"Your account", "Cookbook", "Todos and due dates", "Privacy and security"} <= set(index["titles"])


@pytest.mark.outside
def test_pages_need_no_network(site: Path) -> None:
    """No page loads a script, style, font or picture from another host."""
    loads = re.compile(r'<(?:script|img|iframe)\b[^>]*\bsrc="(https?:[^"]+)|<link\b[^>]*\bhref="(https?:[^"]+)')

    assert [found for path in site.rglob("*.html") for found in loads.findall(path.read_text(encoding="utf-8"))] == []


def test_one_command_builds_the_site() -> None:
    """``python -m tests`` builds what these tests read, and a warning fails it."""
    _, command = test_command.DOCS

    assert command[0] == "sphinx"
    assert {"-W", "--keep-going"} <= set(command)
    assert ROOT / command[-1] == BUILT
    steps = [check for lane in test_command.lanes() for check in lane.checks]
    assert steps.index(test_command.SITE) == steps.index(test_command.DOCS) + 1


def test_build_stays_out_of_the_repository() -> None:
    """Git, ruff and the sdist leave out what the build writes."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {"docs/_build/", "docs/notebooks/"} <= set(ignored)
    assert 'exclude = ["/docs/_build", "/docs/notebooks"]' in project
    assert '"docs/_build"' in re.search(r"^extend-exclude = .*", project, re.MULTILINE)[0]  # type: ignore[index]
