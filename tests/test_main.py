"""``python -m hedy_jupyter``: the tour, the lab, the server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from importlib import metadata
from pathlib import Path

import pytest

import hedy_jupyter as hj
import hedy_jupyter.__main__
from hedy_jupyter import lab_notebooks
from hedy_jupyter.__main__ import main
from hedy_jupyter.demo_server.service import FAULTS
from tests.kernels import environment

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-W", "error", "-m", "hedy_jupyter"]


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command line run to its end, without a terminal."""
    variables = environment(home, PYTHONPATH=str(ROOT), **more)
    return subprocess.run(
        [*COMMAND, *arguments],
        env=variables,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_tour(tmp_path: Path) -> None:
    """Without a terminal the tour is printed, five looks at the demo account, and nothing is left behind."""
    done = run(tmp_path, HEDY_API_KEY="hedy_live_somebodys_own_key")
    looks = re.findall(r"^>>> (.*)$", done.stdout, re.MULTILINE)

    assert (done.returncode, done.stderr) == (0, "")
    assert looks == [
        "%hedy",
        "%hedy sessions --limit 8",
        "todos = %hedy todos --open",
        "todos.hedy.by_topic()",
        "%hedy session last",
    ]
    assert "DEMO" in done.stdout
    assert "somebodys" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 160
    assert list(tmp_path.iterdir()) == []


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` and ``hj.__version__`` are the version of the installed package."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"hedy-jupyter {hj.__version__}\n"
    assert hj.__version__ == metadata.version("hedy-jupyter")
    assert "__version__" in dir(hj)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_help(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` names what there is, as it was started."""
    monkeypatch.setattr(sys, "argv", [hedy_jupyter.__main__.__file__, *arguments])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    assert "python -m hedy_jupyter" in capsys.readouterr().out


def test_help_of_serve_names_the_faults(capsys: pytest.CaptureFixture[str]) -> None:
    """``serve --help`` lists every fault."""
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])

    told = re.findall(r"\w+", capsys.readouterr().out)
    assert ended.value.code == 0
    assert [fault for fault in FAULTS if fault not in told] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--fault", "sloww"], "Unknown fault 'sloww'"),
        (["serve", "--port", "70000"], "0-65535"),
        (["serve", "--port", "x"], "invalid int value"),
        (["nonsense"], "Unknown command 'nonsense'"),
    ],
)
def test_slips(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip is one line and exit code 2, without a traceback."""
    try:
        code: object = main(arguments)
    except SystemExit as ended:
        code = ended.code

    assert code == 2
    assert told in capsys.readouterr().err


@pytest.mark.outside
def test_port_that_is_taken(tmp_path: Path) -> None:
    """A port that is taken is one line and exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(tmp_path, "serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 2
    assert done.stderr.startswith("hedy_jupyter serve: Port ")
    assert "Choose another one with --port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.outside
def test_serve(tmp_path: Path) -> None:
    """``serve`` prints its base URL and key, answers with the requested fault, and ends with Ctrl-C."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--fault", "tier"], env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        base_url, key = (process.stdout.readline().strip() for _ in range(2))
        request = urllib.request.Request(f"{base_url}/me", headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            account = json.load(answer)
        process.send_signal(signal.SIGINT)
        code = process.wait(30)

    assert base_url.startswith("http://127.0.0.1:")
    assert account["name"] == "Noor Halloway"
    assert code == 0


def test_lab_without_jupyterlab(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Where JupyterLab is not installed, ``--lab`` says how to get it and writes nothing."""
    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: None)
    monkeypatch.setenv("HEDY_DEMO", "")
    monkeypatch.chdir(tmp_path)

    assert main(["--lab"]) == 1
    assert "pip install jupyterlab" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """``--lab`` opens copies of the notebooks on the demo account, and keeps existing ones."""
    calls: list[tuple[list[str], str]] = []

    def call(command: list[str]) -> int:
        calls.append((command, os.environ["HEDY_DEMO"]))
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(lab_notebooks, "find_spec", lambda _: object())
    monkeypatch.setenv("HEDY_DEMO", "")
    monkeypatch.chdir(tmp_path)
    first = main(["--lab"])
    copy = tmp_path / "hedy-notebooks" / "quickstart.ipynb"
    cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
    copy.write_text("mine", encoding="utf-8")
    main(["--lab"])

    assert first == 0
    assert len(cells) > 5
    assert copy.read_text(encoding="utf-8") == "mine"
    assert calls == [([sys.executable, "-m", "jupyterlab", str(copy)], "1")] * 2
