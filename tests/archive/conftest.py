"""The fixtures of the tests of the archive: thirty meetings, and an account on them; some files have others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hedy_jupyter import Hedy
from tests.histories import History


@pytest.fixture
def history(request: pytest.FixtureRequest) -> History:
    """Thirty meetings, or as many as the parameter says, with a cleaned transcript, none of them young."""
    return History(getattr(request, "param", 30))


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it."""
    with history.account_of() as account:
        yield account
