"""Your Hedy meetings in Jupyter: ``%load_ext hedy_jupyter``, then ``%hedy sessions``; or ``connect()`` in code.

Importing this registers ``df.hedy``; it opens no connection and no file, and loads neither IPython nor ipywidgets. Of
this package it loads the errors and the registration of ``df.hedy``; everything else is loaded at its first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hedy_jupyter.accessor import registration
from hedy_jupyter.errors import (
    ArchiveError,
    AuthError,
    Conflict,
    HedyError,
    InvalidRequest,
    NoKey,
    NotConfirmed,
    NotFound,
    Offline,
    RateLimited,
    ServerError,
    SettingsError,
    TargetChanged,
    TierError,
    UsageError,
)

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from hedy_jupyter.accessor.accessor import HedyFrame
    from hedy_jupyter.account.current import connect, current, demo
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.account.records import Account, Context, Highlight, Todo, Topic, Webhook
    from hedy_jupyter.account.session import Session
    from hedy_jupyter.account.several_accounts import concat
    from hedy_jupyter.changes.change import Change

__all__ = [
    "Account",
    "ArchiveError",
    "AuthError",
    "Change",
    "Conflict",
    "Context",
    "Hedy",
    "HedyError",
    "HedyFrame",
    "Highlight",
    "InvalidRequest",
    "NoKey",
    "NotConfirmed",
    "NotFound",
    "Offline",
    "RateLimited",
    "ServerError",
    "Session",
    "SettingsError",
    "TargetChanged",
    "TierError",
    "Todo",
    "Topic",
    "UsageError",
    "Webhook",
    "concat",
    "connect",
    "current",
    "demo",
    "load_ipython_extension",
    "unload_ipython_extension",
]

_LOADED_AT_FIRST_USE: Mapping[str, str] = MappingProxyType(
    {
        "Account": "account.records",
        "Change": "changes.change",
        "Context": "account.records",
        "Hedy": "account.hedy",
        "HedyFrame": "accessor.accessor",
        "Highlight": "account.records",
        "Session": "account.session",
        "Todo": "account.records",
        "Topic": "account.records",
        "Webhook": "account.records",
        "concat": "account.several_accounts",
        "connect": "account.current",
        "current": "account.current",
        "demo": "account.current",
    }
)
"""Public name → the module that defines it, as the imports for type checkers have it above."""

registration.register()


def __getattr__(name: str) -> Any:
    """Load a public name, ``hj.forms`` or ``hj.__version__`` at its first use."""
    if name == "forms":
        return import_module("hedy_jupyter.forms")
    if name == "__version__":
        return import_module("hedy_jupyter.version").installed()
    if name not in _LOADED_AT_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"hedy_jupyter.{_LOADED_AT_FIRST_USE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, and not the modules that happen to be loaded."""
    return sorted({*__all__, "forms", "__version__", *(name for name in globals() if name.startswith("__"))})


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Add ``%hedy`` with its completion, for ``%load_ext hedy_jupyter``; makes no request."""
    from hedy_jupyter.magics import magics

    registration.register()
    magics.load(ipython)


def unload_ipython_extension(ipython: InteractiveShell) -> None:
    """Remove ``%hedy`` and ``df.hedy``, for ``%unload_ext hedy_jupyter``."""
    from hedy_jupyter.magics import magics

    magics.unload(ipython)
    registration.unregister()
