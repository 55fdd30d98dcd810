"""The secrets that Hedy signs its deliveries with: where they are read from. None of them is ever shown."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from hedy_jupyter.api import signatures
from hedy_jupyter.errors import SettingsError
from hedy_jupyter.files import os_errors

VARIABLE = "HEDY_WEBHOOK_SECRET"
"""The environment variable that may hold the secrets, separated by white space."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LARGEST_BYTES = 100_000
_WHERE = "The Hedy app shows the secret once, when the webhook is created there."


class Secrets:
    """One or more secrets without a readable form; a delivery is genuine if any of them has signed it."""

    __slots__ = ("_values",)

    def __init__(self, values: Iterable[str | bytes]) -> None:
        """Take the *values*, without white space around them.

        Raises:
            SettingsError: there is none.
        """
        self._values = tuple(dict.fromkeys(stripped for value in values if (stripped := value.strip())))
        if not self._values:
            raise SettingsError(
                "No webhook secret is configured, so no delivery can be verified: nothing was started.",
                advice=f"Put the secret into a file for --secret-file, or into {VARIABLE}. {_WHERE}",
            )

    def __len__(self) -> int:
        return len(self._values)

    def verify(self, body: bytes, signature: str | None) -> bool:
        """Return whether one of the secrets has signed *body*; every one is compared, in constant time."""
        found = [signatures.verify(body, signature, value) for value in self._values]
        return any(found)

    def __repr__(self) -> str:
        return f"<Secrets {len(self._values)}>"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets cannot be pickled")


def of(given: str | bytes | Iterable[str | bytes] | None) -> Secrets:
    """Return the secrets that a program has *given*: one, several, or None for those of the environment.

    Raises:
        SettingsError: there is none.
    """
    if given is None:
        return read(None, os.environ)
    return Secrets([given] if isinstance(given, str | bytes) else given)


def read(path: Path | None, environ: Mapping[str, str]) -> Secrets:
    """Return the secrets in the file at *path*, one a line, else those of the environment.

    Raises:
        SettingsError: there is none, or the file cannot be read.
    """
    if path is None:
        return Secrets(environ.get(VARIABLE, "").split())
    if not os.path.exists(path):  # noqa: PTH110  Path.exists raises for a text that can be no path
        raise SettingsError(
            "The file of --secret-file cannot be read: there is none with that name, which is not shown here in case "
            "it is the secret.",
            advice="Write the secret into a file that only you can read, and name that file.",
        )
    refusal = f"The secrets in {path} cannot be read"
    with os_errors(refusal, advice="Check --secret-file.", error=SettingsError):
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
        if len(data) > _LARGEST_BYTES:
            raise SettingsError(f"{refusal}: the file is too large for secrets.", advice="Check --secret-file.")
        return Secrets(data.decode("utf-8-sig").splitlines())


def exposed(path: Path) -> bool:
    """Return whether other users can read the file at *path*."""
    return sys.platform != "win32" and bool(path.stat().st_mode & _OTHERS)
