"""The fixtures of the tests of the archive: thirty meetings, and an account on them; some files have others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hedy_jupyter import Hedy
from tests.histories import History


@pytest.fixture
def history() -> History:
    """Thirty meetings with a cleaned transcript, none of them young."""
    return History(30)


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it."""
    with history.account_of() as account:
        yield account
