"""Modules that are loaded at their first use, and what users see of that."""

from __future__ import annotations

import importlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.analysis import speakers
from hedy_jupyter.choices import BASES
from hedy_jupyter.lazy import at_first_use


@pytest.fixture(name="module")
def fixture_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The source of a module that nothing has loaded."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "loaded_late", raising=False)
    source = tmp_path / "loaded_late.py"
    source.write_text("import time\ntime.sleep(0)\nVALUE = object()\n", encoding="utf-8")
    return source


def test_loaded_at_first_use(module: Path) -> None:
    """Nothing is loaded before, the module itself answers then, and threads that come at once get the same."""
    late = at_first_use("loaded_late")

    assert "loaded_late" not in sys.modules
    assert repr(late) == "<module 'loaded_late', loaded at its first use>"
    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(lambda _: late.VALUE, range(32)))
    assert set(values) == {sys.modules["loaded_late"].VALUE}
    with pytest.raises(AttributeError, match=r"module 'loaded_late' has no attribute 'OTHER'"):
        _ = late.OTHER


def test_an_error_while_loading_is_shown(module: Path) -> None:
    """An error in the module names it, at each use, and a repaired module is loaded."""
    late = at_first_use("loaded_late")
    module.write_text("import package_that_is_not_there\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ModuleNotFoundError, match="package_that_is_not_there"):
            _ = late.VALUE
    module.write_text("VALUE = 'repaired, and longer than before'\n", encoding="utf-8")
    importlib.invalidate_caches()

    assert str(late.VALUE).startswith("repaired")


def test_public_names_in_a_new_process() -> None:
    """Each public name is there at its first use, in ``dir`` before it, and with ``import *``; others are an error."""
    code = """
import hedy_jupyter as hj
before = dir(hj)
assert set(hj.__all__) | {"forms"} == {name for name in before if not name.startswith("_")}
from hedy_jupyter import *
assert concat is hj.concat and Hedy is hj.Hedy and current.__name__ == "current"
assert dir(hj) == before
try:
    hj.conect
except AttributeError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "module 'hedy_jupyter' has no attribute 'conect'"


def test_the_accessor_is_the_class() -> None:
    """The class of frames has the members, for editors and Tab; another frame has none, and says why."""
    assert getattr(pd.DataFrame, "hedy") is HedyFrame is hj.HedyFrame  # noqa: B009  type checkers do not see it
    assert not hasattr(pd.DataFrame({"a": [1]}), "hedy")


def test_choices_are_those_of_the_functions() -> None:
    """What commands name without loading the analyses is what these take."""
    assert tuple(speakers.BASES) == BASES
