"""An archive of the demo account, made once for all tests that only read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import hedy_jupyter as hj


@pytest.fixture(scope="session")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a synced archive of the demo account, which is only read."""
    path = tmp_path_factory.mktemp("demo") / "archive.db"
    with hj.demo(timezone="UTC") as account:
        account.settings = replace(account.settings, archive=path)
        account.archive.sync()
    return path
