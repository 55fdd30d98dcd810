"""Cut text into sentences."""

from __future__ import annotations

import bisect
import re

from hedy_jupyter.text.tokens import Span

_END = re.compile(
    r"""[.!?…]+(?:["'”’»)\]]|[ \u00a0\u202f]»)*(?=\s)|[。！？]+[」』”’）】]*|\s*[\n\r\u2028\u2029]\s*|[।။។]"""
)
"""The end of a sentence: a full stop before a space, so not that of "3.5", or the end of a line."""


class Sentences:
    """The sentences of one text, found by places in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [end.end() for end in _END.finditer(text)]

    def around(self, span: Span) -> Span:
        """Return where the sentence of *span* begins and ends, without white space; of several, all of them."""
        before = bisect.bisect_right(self._ends, span[0])
        after = bisect.bisect_left(self._ends, span[1])
        start = self._ends[before - 1] if before else 0
        end = self._ends[after] if after < len(self._ends) else len(self._text)
        whole = self._text[start:end]
        return start + len(whole) - len(whole.lstrip()), end - len(whole) + len(whole.rstrip())
