"""Writes a file so that at no time there is half of it."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path


def put(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write *data* to a file beside *path* that then takes its place: a stop leaves the old file or the new one.

    Args:
        mode: the rights of the file; else those of the one that it replaces, or the user's usual ones.
    """
    spare = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        spare.touch(0o666 if mode is None else mode, exist_ok=False)
        spare.write_bytes(data)
        if mode is None and path.exists():
            shutil.copymode(path, spare)
        spare.replace(path)
    finally:
        spare.unlink(missing_ok=True)
