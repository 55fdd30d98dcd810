"""The files around the package: CI, hooks, forms, citation and guide are valid and name what there is."""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.commands import reading
from hedy_jupyter.magics.help import explain
from tests.__main__ import ROOT, STATIC, lanes

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README_TEST_COMMAND = re.findall(r"^```sh\n(.*?)\n```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[
    1
]
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    ROOT / ".github" / "pull_request_template.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
SCHEMAS = {
    "CITATION.cff": "citation-file-format",
    ".github/workflows/ci.yml": "github-workflows",
    ".github/ISSUE_TEMPLATE/config.yml": "github-issue-config",
    **{path.relative_to(ROOT).as_posix(): "github-issue-forms" for path in FORMS},
}


def load(name: str) -> Any:
    """Return the YAML file *name*."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "schema"), SCHEMAS.items())
def test_files_have_their_schema(name: str, schema: str) -> None:
    """Each file is valid by the schema of the program that reads it."""
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", f"vendor.{schema}", str(ROOT / name)])

    assert done.exit_code == 0, done.output


def test_every_yaml_file_is_read() -> None:
    """No YAML file is left out of the schemas above, but for the hooks, which have their own test."""
    kept = {path for pattern in ("*.yml", "*.yaml", "*.cff") for path in ROOT.glob(f".github/**/{pattern}")}
    kept |= {path for path in ROOT.iterdir() if path.suffix in {".yml", ".yaml", ".cff"}}

    assert {path.relative_to(ROOT).as_posix() for path in kept} == {*SCHEMAS, ".pre-commit-config.yaml"}


def test_citation_is_about_this_version() -> None:
    """The citation has the version and the licence of the package."""
    citation = load("CITATION.cff")

    assert (citation["version"], citation["license"]) == (PROJECT["version"], PROJECT["license"])


def test_hooks_run_the_checks_of_the_test_command() -> None:
    """The hooks are the static checks before a commit and the test command before a push."""
    hooks = {hook["stages"][0]: hook for repo in load(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]}

    assert {stage: hook["entry"] for stage, hook in hooks.items()} == {
        "pre-commit": "python -m tests.static",
        "pre-push": "python -m tests",
    }
    assert README_TEST_COMMAND.endswith("-m tests")
    assert set(dict(STATIC)) <= {name for lane in lanes() for name, _ in lane.checks}
    assert {"lint", "format", "types", "types of a user's code"} == {name for name, _ in STATIC}


def test_workflow_runs_ci_everywhere() -> None:
    """Every job runs .ci/run; together they cover the systems, and the Pythons that the package names."""
    jobs = load(".github/workflows/ci.yml")["jobs"]
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]

    systems = set()
    for job in jobs.values():
        matrix = job["strategy"]["matrix"]
        assert matrix["python"] == named
        assert "bash .ci/run" in [step.get("run") for step in job["steps"]]
        systems |= {job["runs-on"].replace("${{ matrix.system }}", system) for system in matrix.get("system", [""])}
    assert systems == {"ubuntu-latest", "macos-latest", "windows-latest"}


@pytest.mark.outside
@pytest.mark.parametrize(
    ("system", "python", "folder"),
    [("Darwin", "python3", "bin"), ("MINGW64_NT-10.0", "python", "Scripts"), ("MSYS_NT-10.0", "python", "Scripts")],
)
def test_ci_on_other_systems(tmp_path: Path, system: str, python: str, folder: str) -> None:
    """On macOS and Windows .ci/run sets up the README's environment, then runs the static and in-process checks."""
    (tmp_path / ".ci").mkdir()
    for name in (".ci/run", "README.md"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    programs = {
        "fake/uname": f"echo {system}",
        f"fake/{python}": 'echo "$(basename $0) $*" >> calls',
        f".venv/{folder}/python": 'echo "$0 $*" >> calls',
    }
    for name, line in programs.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path / 'fake'}{os.pathsep}{os.defpath}"}

    subprocess.run(["bash", ".ci/run"], cwd=tmp_path, env=environ, capture_output=True, check=True)

    venv = f".venv/{folder}/python -m"
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"{python} -m venv .venv",
        f"{venv} pip install -q -U pip",
        f"{venv} pip install -q -e . --group dev",
        f"{venv} tests.static",
        f"{venv} pytest -m not outside",
    ]


def test_extra_all_has_every_extra() -> None:
    """The extra ``all`` installs what the other extras do."""
    extras = dict(PROJECT["optional-dependencies"])
    found = re.fullmatch(r"hedy-jupyter\[(.+)\]", *extras.pop("all"))

    assert found is not None
    assert found[1].split(",") == sorted(extras)


# What people are asked -------------------------------------------------------

_PRIVATE = re.compile(r"transcript|recording|recap|minutes|titles|\bkeys?\b|said|screenshot", re.IGNORECASE)
_REFUSAL = re.compile(r"\b(no|not|nothing|never|no longer)\b", re.IGNORECASE)


def strings(value: object) -> list[str]:
    """Return every text in *value*, which is of YAML."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_forms_never_ask_for_private_data(path: Path) -> None:
    """Meeting texts and keys occur in a form only where it refuses them, and it does so twice."""
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts = [text for text in strings(form["body"]) if _PRIVATE.search(text)]

    assert len(texts) >= 2
    assert [text for text in texts if not _REFUSAL.search(text)] == []
    assert form["body"][0]["type"] == "markdown"
    boxes = form["body"][-1]["attributes"]["options"]
    assert [box["required"] for box in boxes] == [True]


# What the pages name ---------------------------------------------------------


def test_guide_has_the_test_command() -> None:
    """The guide shows the README's test command to the letter."""
    assert f"```sh\n{README_TEST_COMMAND}\n```" in GUIDE


@pytest.mark.parametrize("path", [path for path in PAGES if path.name != "CHANGELOG.md"], ids=lambda path: path.name)
def test_commands_on_pages_exist(path: Path) -> None:
    """Every ``python -m NAME`` of a page is a module that can be run."""
    names = set(re.findall(r"python3? -m ([\w.]+)", path.read_text(encoding="utf-8")))

    assert [name for name in sorted(names) if find_spec(name) is None] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_and_paths_on_pages_exist(path: Path) -> None:
    """Every relative link leads to a file, and so does every path of ours in backticks."""
    text = path.read_text(encoding="utf-8")
    links = {link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link}
    paths = set(re.findall(r"`((?:hedy_jupyter|tests|docs|notebooks|binder|\.github|\.ci)/[\w./-]*)`", text))

    assert [link for link in sorted(links) if not (path.parent / link).exists()] == []
    assert path.name == "CHANGELOG.md" or [name for name in sorted(paths) if not (ROOT / name).exists()] == []


def test_names_of_the_guide_exist() -> None:
    """A name in capitals that the guide says is in a file is there."""
    named = re.findall(r"`([A-Z_]{4,})`(?: in| of) `((?:hedy_jupyter|tests)/[\w/]+\.py)`", GUIDE)

    assert len(named) >= 6
    assert [one for one in named if not re.search(rf"^{one[0]}\b", (ROOT / one[1]).read_text("utf-8"), re.M)] == []


def test_example_of_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that the guide adds as its example works as it stands there, and passes the guide's test."""
    test, code, row = (
        textwrap.dedent(block) for block in re.findall(r"^   ```python\n(.*?)^   ```", GUIDE, re.M | re.S)[:3]
    )
    module = dict(vars(reading))
    exec(compile(code, "CONTRIBUTING.md", "exec"), module)  # noqa: S102  our own words
    (command,) = eval(f"({row})", module)  # noqa: S307
    monkeypatch.setattr(dispatch, "BY_WORD", {**dispatch.BY_WORD, command.word: command})
    checks: dict[str, Any] = {}
    exec(compile(test, "CONTRIBUTING.md", "exec"), checks)  # noqa: S102

    checks["test_longest"]()

    assert "%hedy longest [--limit N]" in explain(command)


def test_no_address_is_invented() -> None:
    """No file names an address of this repository, which is not known; pyproject.toml has the place for it."""
    files = [*PAGES, *ROOT.glob(".github/**/*.yml"), ROOT / "CITATION.cff", ROOT / "pyproject.toml"]

    assert [
        path.name
        for path in files
        if re.search(r"(github|gitlab)\.com/[^/\s]+/hedy[-_.]?jupyter", path.read_text("utf-8"))
    ] == []
