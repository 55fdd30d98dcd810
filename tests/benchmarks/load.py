"""What loading costs, against importing pandas: ``python -m tests.benchmarks.load [--small]``.

Each row is the CPU time of a step in a new process where pandas, and for magics IPython, is loaded already; it is the
median of several processes, in turns with the import of pandas, and read from bytecode. The goals are in milliseconds
on a machine where pandas takes ``PANDAS_MS`` to import, and are scaled to this one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.rows import Row, main

ROOT = Path(__file__).resolve().parents[2]
PANDAS_MS = 300
"""The machine that the goals are for imports pandas in this CPU time."""
PROCESSES = 15
GOALS = {"import hedy_jupyter": 30, "%load_ext hedy_jupyter": 40}
_CLOCK = """
import contextlib, io, json, sys, time
seconds = {}
@contextlib.contextmanager
def timed(step):
    begun = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        yield
    seconds[step] = time.process_time() - begun
with timed("import pandas"):
    import pandas
"""
_IMPORT = """
with timed("import hedy_jupyter"):
    import hedy_jupyter
modules = {"import hedy_jupyter": sum(name.startswith("hedy_jupyter") for name in sys.modules)}
with timed("hj.demo(), the first account"):
    hedy_jupyter.demo()
"""
_MAGICS = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.Completer.use_jedi = False
run = shell.run_line_magic
with timed("%load_ext hedy_jupyter"):
    run("load_ext", "hedy_jupyter")
modules = {"%load_ext hedy_jupyter": sum(name.startswith("hedy_jupyter") for name in sys.modules)}
with timed("first Tab in a line of %hedy"):
    shell.complete("%hedy to", "%hedy to", 8)
with timed("first command, %hedy demo"):
    run("hedy", "demo")
with timed("first list, %hedy todos, with httpx"):
    todos = run("hedy", "todos")
with timed("the same again"):
    run("hedy", "todos")
with timed("first todos.hedy, and its members"):
    dir(todos.hedy)
"""
_RESULT = "\nprint(json.dumps([seconds, modules]))\n"


def measured(code: str, cache: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Return the seconds of each step of *code* in a new process, and how many of our modules were loaded after it."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(cache / "bytecode")}
    environ |= {"HEDY_API_KEY": f"hedy_live_{'x' * 20}", "HEDY_CONFIG": str(cache / "none.toml")}
    environ |= {"HEDY_ARCHIVE": str(cache / "none.db"), "IPYTHONDIR": str(cache / "ipython")}
    done = subprocess.run(
        [sys.executable, "-c", _CLOCK + code + _RESULT],
        capture_output=True,
        text=True,
        check=True,
        cwd=cache,
        env=environ,
    )
    seconds, modules = json.loads(done.stdout.splitlines()[-1])
    return seconds, modules


def rows(small: bool) -> list[Row]:
    """Measure each step in many processes, or in one."""
    taken_s: dict[str, list[float]] = {}
    modules: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for code in (_IMPORT, _MAGICS):
            measured(code, Path(folder))  # writes the bytecode
        for _ in range(1 if small else PROCESSES):
            for code in (_IMPORT, _MAGICS):
                seconds, counted = measured(code, Path(folder))
                modules |= counted
                for step, taken in seconds.items():
                    taken_s.setdefault(step, []).append(taken)
    medians_ms = {step: statistics.median(taken) * 1000 for step, taken in taken_s.items()}
    pandas = medians_ms.pop("import pandas")
    return [
        Row(
            step,
            taken,
            "ms",
            "import pandas",
            pandas,
            ratio_at_most=GOALS[step] / PANDAS_MS if step in GOALS else None,
            note=f"{modules[step]} modules" if step in modules else "",
        )
        for step, taken in medians_ms.items()
    ]


if __name__ == "__main__":
    main(rows, __doc__)
