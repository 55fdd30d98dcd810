"""What Binder makes of this repository, by repo2docker's own detection; no image is built."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.__main__ import ROOT
from tests.kernels import environment

pytestmark = pytest.mark.outside

MACHINE = dict(os.environ)
"""The environment as it was before any test: the proxy and the cache of downloads are the machine's."""
TIMEOUT_S = 240
DETECT = """
import json
from repo2docker.app import Repo2Docker

found = next(pack for pack in (kind(base_image="base") for kind in Repo2Docker().buildpacks) if pack.detect())
print(json.dumps({
    "pack": type(found).__name__,
    "python": found.python_version,
    "install": [line for _, line in found.get_assemble_scripts()],
    "after": list(found.get_post_build_scripts()),
    "start": found.get_start_script(),
}))
"""


@pytest.fixture(name="binder", scope="module")
def fixture_binder() -> dict[str, Any]:
    """Return what repo2docker finds in this checkout; it is installed into an environment of its own."""
    line = [sys.executable, "-m", "uv", "run", "-q", "--no-project", "--with", "jupyter-repo2docker"]
    done = subprocess.run(
        [*line, "--python", sys.executable, "python", "-c", DETECT],
        cwd=ROOT,
        env=MACHINE,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_what_binder_installs(binder: dict[str, Any]) -> None:
    """Binder takes a Python that the package allows, and installs this checkout with plots and Parquet."""
    assert binder["pack"] == "PythonBuildPack"
    assert re.fullmatch(r"3\.1[1-3]", binder["python"])
    assert any("binder/requirements.txt" in line for line in binder["install"])
    assert (
        "-e .[parquet,plots,receiver]"
        in (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    )


def test_what_binder_runs(binder: dict[str, Any]) -> None:
    """Its scripts are found, can be run, and are the whole folder's."""
    assert [binder["after"], binder["start"]] == [["binder/postBuild"], "${REPO_DIR}/binder/start"]
    for name in ("postBuild", "start"):
        assert os.access(ROOT / "binder" / name, os.X_OK)
        assert (ROOT / "binder" / name).read_bytes().startswith(b"#!/bin/bash\n")


def test_start_is_on_the_demo_account(tmp_path: Path) -> None:
    """What the start script starts is on the demo account, and gets its arguments as they are."""
    code = "import sys, hedy_jupyter as hj; print(hj.connect().settings.demo, sys.argv[1:])"
    line = [str(ROOT / "binder" / "start"), sys.executable, "-c", code, "two words", "*"]
    env = environment(tmp_path, PYTHONPATH=os.pathsep.join(sys.path))
    done = subprocess.run(line, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)

    assert done.stdout.splitlines()[-1] == "True ['two words', '*']"


def test_lab_opens_the_quickstart_there(tmp_path: Path) -> None:
    """After postBuild the first page of JupyterLab has the quickstart open."""
    programs = str(Path(sys.executable).parent)
    env = environment(tmp_path, PYTHONPATH=os.pathsep.join(sys.path)) | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"
    }
    done = subprocess.run(
        [str(ROOT / "binder" / "postBuild")], env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr

    (saved,) = tmp_path.rglob("*.jupyterlab-workspace")
    workspace = json.loads(saved.read_text(encoding="utf-8"))

    assert workspace["metadata"]["id"] == "default"
    opened = [value["data"]["path"] for name, value in workspace["data"].items() if name.startswith("notebook:")]
    assert opened == ["notebooks/quickstart.ipynb"]
    assert all((ROOT / path).exists() for path in opened)
