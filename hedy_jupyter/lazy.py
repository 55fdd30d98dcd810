"""Modules that are loaded at their first use.

A module that many cells never need, such as the exports, is imported for type checkers and named for Python::

    if TYPE_CHECKING:
        from hedy_jupyter.account import exporting
    else:
        exporting = at_first_use("hedy_jupyter.account.exporting")

``importlib.util.LazyLoader`` puts a module that is not loaded yet into ``sys.modules``, where another thread may get
it, and searches for its file at once.
"""

from __future__ import annotations

from importlib import import_module


class _LazyModule:
    """A module by its name."""

    def __init__(self, name: str) -> None:
        self._module_name = name

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") or name == "_module_name":  # asked by copy, inspect and doctest, not by its users
            raise AttributeError(name)
        return getattr(import_module(self._module_name), name)

    def __repr__(self) -> str:
        return f"<module {self._module_name!r}, loaded at its first use>"


def at_first_use(name: str) -> _LazyModule:
    """Return the module called *name*, which is loaded when one of its attributes is read first.

    Several threads may do so at once; an error of the module is raised there, and loading it is tried again at the
    next use.
    """
    return _LazyModule(name)
