"""Fixtures of the tests of magics: a shell with the extension, and a machine without settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.account import current
from hedy_jupyter.credentials import KEYS
from hedy_jupyter.magics import magics


@pytest.fixture(name="shell")
def fixture_shell() -> Iterator[InteractiveShell]:
    """A real shell with the extension."""
    shell = InteractiveShell.instance()
    magics.load(shell)
    yield shell
    magics.unload(shell)
    InteractiveShell.clear_instance()


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No account in use, no settings of this machine, no keyring."""
    for name in ("HEDY_API_KEY", "HEDY_REGION", "HEDY_BASE_URL", "HEDY_TIMEZONE", "HEDY_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    current.leave()
    monkeypatch.setitem(sys.modules, "keyring", None)
    KEYS.forget()
