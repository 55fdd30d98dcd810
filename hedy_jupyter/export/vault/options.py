"""Options of a vault: the names and folders of its notes of meetings, and where transcripts go."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.suggestions import did_you_mean

Transcripts = Literal["in", "own", "no"]
"""Where the transcript of a meeting goes: into its note, into a note for itself, or nowhere."""
FIELDS = ("date", "time", "year", "month", "day", "title", "topic", "type", "id")
"""What a pattern may name in braces."""
NAME, FOLDER = "{date} {title}", "sessions/{year}"


@dataclass(frozen=True)
class VaultOptions:
    """How the notes of meetings are named and what is in them.

    Attributes:
        name: the pattern of a note's name, such as ``"{date} {title}"``, without ``.md``.
        folder: the pattern of its folder below that of the vault, with slashes.
        transcript: where the transcript goes.

    Raises:
        UsageError: a pattern or value that cannot be used.
    """

    name: str = NAME
    folder: str = FOLDER
    transcript: Transcripts = "in"

    def __post_init__(self) -> None:
        for label, pattern in (("name", self.name), ("folder", self.folder)):
            if not isinstance(pattern, str):
                raise UsageError(f"The {label} of a vault is no text.", advice=f"For example: {label}={NAME!r}.")
            list(_parts(pattern, label))
        if not any(name for _, name in _parts(self.name, "name")):
            raise UsageError(
                f"The name {self.name!r} would be the same for every meeting.", advice=f"Name a field: {NAME!r}."
            )
        if self.transcript not in get_args(Transcripts):
            raise UsageError(
                f"transcript must be one of: {', '.join(get_args(Transcripts))}, not {self.transcript!r}.",
                advice=did_you_mean(str(self.transcript), get_args(Transcripts)),
            )


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Return *pattern* with the *values* of its fields."""
    return "".join(text + (values[name] if name else "") for text, name in _parts(pattern, "pattern"))


def _parts(pattern: str, label: str) -> Iterator[tuple[str, str]]:
    """Yield the literal texts of *pattern*, each with the field behind it.

    Raises:
        UsageError: braces that do not close, or a field that there is not.
    """
    advice = f"Fields: {', '.join(f'{{{name}}}' for name in FIELDS)}."
    try:
        found = list(string.Formatter().parse(pattern))
    except ValueError:
        raise UsageError(f"Can't read the braces in the {label} {pattern!r}.", advice=advice) from None
    for text, name, spec, conversion in found:
        if name in FIELDS and (spec or conversion):
            raise UsageError(f"The field {name!r} in the {label} {pattern!r} takes no format.", advice=advice)
        if name is not None and name not in FIELDS:
            hint = did_you_mean(name, FIELDS)
            raise UsageError(f"Unknown field {name!r} in the {label} {pattern!r}.", advice=f"{hint} {advice}".strip())
        yield text, name or ""


DEFAULT = VaultOptions()
