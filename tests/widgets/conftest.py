"""The account of the tests of forms."""

from __future__ import annotations

import pytest

from hedy_jupyter import Hedy
from tests.waiting import without_waits


@pytest.fixture
def hedy(demo: Hedy) -> Hedy:
    """A fresh demo account that never really waits."""
    return without_waits(demo)
