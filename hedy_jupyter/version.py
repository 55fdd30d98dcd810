"""The version of this package that is installed."""

from __future__ import annotations

from functools import cache


@cache  # the installed packages are searched for on the disk
def installed() -> str:
    """Return the version, such as ``0.2.0``; ``unknown`` where the package runs from its sources, not installed."""
    from importlib import metadata  # takes longer to load than all that the import of this package loads

    try:
        return metadata.version("hedy-jupyter")
    except metadata.PackageNotFoundError:
        return "unknown"
