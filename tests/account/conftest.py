"""A demo account and an archive of it, made once for all tests that only read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.account import current


@pytest.fixture(scope="session")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a synced archive of the demo account, which is only read."""
    path = tmp_path_factory.mktemp("demo") / "archive.db"
    with hj.demo(timezone="UTC") as account:
        account.settings = replace(account.settings, archive=path)
        account.archive.sync()
    return path


@pytest.fixture(scope="session")
def kept_demo() -> Iterator[Hedy]:
    """Yield a demo account in UTC that keeps what was read of it."""
    with hj.demo(timezone="UTC") as account:
        yield account


@pytest.fixture
def shared_demo(kept_demo: Hedy) -> Iterator[Hedy]:
    """Yield that account, in use; no test changes it."""
    yield current.use(kept_demo)
    current.leave()
