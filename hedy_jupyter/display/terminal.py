"""The width of the terminal."""

from __future__ import annotations

import shutil
import sys

WIDTH = 100
"""The columns of the text form, unless the terminal has fewer."""


def terminal_width(most: int = WIDTH) -> int:
    """Return the columns of the terminal, at most *most*; in a kernel, which has no terminal, those of a page."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return WIDTH if hasattr(shell, "kernel") else min(shutil.get_terminal_size().columns, most)
