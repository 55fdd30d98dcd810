"""The front end that shows a cell's output: whether a user can click in it."""

from __future__ import annotations

import os
from typing import Any


def has_buttons(kernel: Any) -> bool:
    """Return whether widgets of *kernel* are shown where a user can click them.

    A front end that allows a prompt shows widgets too; programs that run notebooks (nbclient, papermill) allow none.
    Voila allows no prompt either, but serves live widgets; it says so in the environment of its kernels.
    """
    return bool(getattr(kernel, "_allow_stdin", True)) or os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")
