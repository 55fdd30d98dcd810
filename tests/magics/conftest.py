"""The fixture of the tests of magics: a shell with the extension."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.magics import magics


@pytest.fixture(name="shell")
def fixture_shell() -> Iterator[InteractiveShell]:
    """A real shell with the extension."""
    shell = InteractiveShell.instance()
    magics.load(shell)
    yield shell
    magics.unload(shell)
    InteractiveShell.clear_instance()
