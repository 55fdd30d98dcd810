"""Question marks at the end of a ``%hedy`` line: ``%hedy search where is the harbour?`` runs as it is written.

IPython reads a question mark at the end of a line as a request for help, which ``%hedy?`` still is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from tokenize import DEDENT, INDENT, TokenInfo
from typing import Any

from IPython.core.inputtransformer2 import TokenTransformBase
from IPython.core.interactiveshell import InteractiveShell

_LINE = re.compile(
    r"(?P<before>\s*(?:[\w.,\[\]\"' \t*()]+=\s*)?)%hedy[ \t]+(?P<tail>[^\s?].*\?+)[ \t]*(?P<end>\r?\n?)\Z", re.DOTALL
)


class QuestionLine(TokenTransformBase):
    """Turns such a line into the call of the magic before IPython turns it into a request for help."""

    priority = 4  # before the 5 of IPython's help, because the lowest goes first

    @classmethod
    def find(cls, tokens_by_line: Sequence[Sequence[TokenInfo]]) -> QuestionLine | None:
        """Return the first such line, or None."""
        for tokens in tokens_by_line:
            starts = [token for token in tokens if token.type not in {INDENT, DEDENT}]
            if len(tokens) > 2 and tokens[-2].string.endswith("?") and starts and _LINE.fullmatch(starts[0].line):
                return cls(starts[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Return *lines* with the call in place of the line."""
        found = _LINE.fullmatch(lines[self.start_line])
        if found is None:
            return lines
        call = f"{found['before']}get_ipython().run_line_magic('hedy', {found['tail']!r}){found['end']}"
        return [*lines[: self.start_line], call, *lines[self.start_line + 1 :]]


def register(shell: InteractiveShell) -> None:
    """Register the transformer in *shell*."""
    _transformers(shell).append(QuestionLine)


def unregister(shell: InteractiveShell) -> None:
    """Remove the transformer from *shell*."""
    _transformers(shell)[:] = [one for one in _transformers(shell) if one.__name__ != QuestionLine.__name__]


def _transformers(shell: InteractiveShell) -> list[Any]:
    found: list[Any] = shell.input_transformer_manager.token_transformers
    return found
