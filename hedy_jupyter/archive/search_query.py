"""Read a search: plain words, or a query in the language of FTS5, both for FTS5 and for finding the place in a text."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from hedy_jupyter.archive.fulltext import FIELDS
from hedy_jupyter.errors import UsageError
from hedy_jupyter.text import search_terms, tokens
from hedy_jupyter.text.tokens import Phrase, Span

_NEAR_BY_DEFAULT = 10
_NOTHING = f'"{tokens.PAIRED}"'
"""A query that finds nothing: no word in the index is this."""
_FTS_TERM = re.compile(r'"(?:[^"]|"")*"|[0-9A-Za-z_\x1a\x80-\U0010ffff]+')
_FTS_PART = re.compile(r'"(?:[^"]|"")*"|[0-9A-Za-z_\x1a]+|[(){}:,*^+-]')
_BINDING: Mapping[str, int] = {"OR": 1, "AND": 2, "NOT": 3, "": 4}
"""The operators of FTS5 and their precedence; ``""`` is between two terms without an operator."""


class Term:
    """Find one part of a search in texts: a phrase, or several phrases near each other.

    Attributes:
        match: the term in the language of FTS5.
        anywhere: the same without the condition that it comes first.
        columns: the columns of the index in which it counts.
        size: the number of its characters.
        phrases: of which it is made.
    """

    def __init__(
        self,
        phrases: Sequence[Phrase],
        *,
        columns: Collection[str] = FIELDS,
        near: int | None = None,
        is_first: bool = False,
    ) -> None:
        self.columns = frozenset(columns)
        self.size = sum(len("".join(phrase.words)) for phrase in phrases)
        self.phrases = phrases
        self._near = near
        self._is_first = is_first
        quoted = " ".join(_in_index(phrase, same_length=near is not None) for phrase in phrases)
        self.anywhere = f"NEAR({quoted}, {near})" if near is not None else quoted
        self.match = "^ " * is_first + self.anywhere

    @property
    def in_columns(self) -> str:
        """The term in the language of FTS5, with the columns in which it counts."""
        if not self.columns:
            return _NOTHING
        return self.match if len(self.columns) == len(FIELDS) else _filtered(self.columns, self.match)

    @property
    def is_plain(self) -> bool:
        """Tell whether it is one phrase that may occur anywhere in a column."""
        return self._near is None and not self._is_first

    def spans(self, folded: str) -> Iterator[Span]:
        """Yield where it occurs in folded text; of phrases near each other, the first of them."""
        if self._near is not None:
            yield from self._near_spans(folded, self._near)
            return
        for span in self.phrases[0].spans(folded):
            if self._is_first and tokens.split(folded[: span[0]]):
                return
            yield span

    def as_written(self, lower: str, begin: int = 0) -> Span | None:
        """Return where it occurs, from *begin* on, in a text of which only the case is folded; None is no answer."""
        return self.phrases[0].as_written(lower, begin) if self.is_plain else None

    def _near_spans(self, folded: str, distance: int) -> Iterator[Span]:
        found = [list(phrase.spans(folded)) for phrase in self.phrases]
        if not all(found):
            return
        starts = tokens.starts(folded)
        numbered = [[(bisect.bisect_left(starts, span[0]), span) for span in spans] for spans in found]
        for last, _ in sorted(place for places in numbered for place in places):
            group: list[Span] = []
            for phrase, places in zip(self.phrases, numbered, strict=True):
                before = bisect.bisect_right(places, last, key=lambda place: place[0]) - 1
                if before >= 0 and last <= places[before][0] + len(phrase.words) + distance:
                    group.append(places[before][1])
            if len(group) == len(self.phrases):
                yield min(group)


class Query(NamedTuple):
    """Hold a search.

    Attributes:
        terms: the parts of the search.
        logic: the search in postfix order: numbers of terms (None is a term without words) and operators.
    """

    terms: Sequence[Term]
    logic: Sequence[int | str | None]

    @property
    def match(self) -> str:
        """The query for FTS5; empty where it has no word.

        Brackets are left out where the operator beside them is the same: FTS5 reads some hundred open ones at most.
        """
        stack: list[tuple[str, str] | None] = []  # a query, and the operator that binds its parts
        for step in self.logic:
            if not isinstance(step, str):
                stack.append(None if step is None else (self.terms[step].in_columns, ""))
                continue
            right, left = stack.pop(), stack.pop()
            if right and left:
                operator = step or "AND"
                parts = (
                    left[0] if left[1] in {"", operator} else f"({left[0]})",
                    f"({right[0]})" if right[1] else right[0],
                )
                stack.append((f" {operator} ".join(parts), operator))
            elif step == "AND" or (step == "NOT" and not left):
                stack.append((_NOTHING, ""))
            else:
                stack.append(left or right)
        return stack[-1][0] if stack and stack[-1] else ""

    def reasons(self, seen: Collection[int]) -> list[int]:
        """Return the terms because of which a session matches in which the terms *seen* occur.

        Empty if it does not match.
        """
        stack: list[list[int] | None] = []
        for step in self.logic:
            if not isinstance(step, str):
                stack.append(None if step is None else [step] if step in seen else [])
                continue
            right, left = stack.pop(), stack.pop()
            if step == "" and (left is None or right is None):
                stack.append(left if right is None else right)
            elif step == "NOT":
                stack.append([] if right else left)
            else:
                stack.append((left or []) + (right or []) if step == "OR" or (left and right) else [])
        return (stack and stack[-1]) or []

    def positive(self) -> list[int]:
        """Return the terms that are not after a NOT."""
        stack: list[list[int]] = []
        for step in self.logic:
            if isinstance(step, str):
                right, left = stack.pop(), stack.pop()
                stack.append(left if step == "NOT" else left + right)
            else:
                stack.append([] if step is None else [step])
        return stack[-1] if stack else []

    @property
    def shown(self) -> list[Term]:
        """The terms that are not after a NOT: what is marked in a text that was found."""
        return [self.terms[number] for number in self.positive()]

    def wider(self) -> str:
        """Return a query for FTS5 that finds every session that can match if only some texts of a column count."""
        if "NOT" not in self.logic and all(term.is_plain for term in self.terms):
            return self.match
        return " OR ".join(_filtered(term.columns, term.anywhere) for term in self.shown if term.columns)


def literal(text: str) -> Query:
    """Read *text* as ``search_terms`` reads it: all of its words must occur but those that it excludes.

    Raises:
        UsageError: no word in *text*, or only words that are excluded.
    """
    asked = search_terms.read(text)
    if not search_terms.wanted(asked):
        what, advice = search_terms.why_nothing_is_wanted(asked, "")
        raise UsageError(what, advice=advice)
    logic: list[int | str | None] = [0]
    for number, term in enumerate(asked[1:], start=1):
        logic += [number, "NOT" if term.excluded else ""]
    return Query([Term([term.phrase]) for term in asked], logic)


def _in_index(phrase: Phrase, *, same_length: bool) -> str:
    words, is_prefix = tokens.index_phrase(phrase, same_length=same_length)
    return _quoted(words) + " *" * is_prefix


def _filtered(columns: Collection[str], match: str) -> str:
    return f"{{{' '.join(sorted(columns))}}} : ({match})"


def _quoted(words: Sequence[str]) -> str:
    return '"{}"'.format(" ".join(words))


# The language of FTS5 --------------------------------------------------------


def fts_words(text: str) -> str:
    """Return a query in the language of FTS5 with the words of its terms folded; errors in it stay."""
    plain = unicodedata.normalize("NFKC", text.replace("\x00", " "))
    return _FTS_TERM.sub(lambda term: term[0] if term[0].isascii() else _quoted(tokens.words(term[0])), plain)


def fts(match: str) -> Query:
    """Read *match*, a query from ``fts_words`` that FTS5 accepts."""
    return _FtsParser(match).query()


class _FtsParser:
    """Read a query that FTS5 accepts."""

    def __init__(self, match: str) -> None:
        self._parts: list[str] = _FTS_PART.findall(match)
        self._at = 0
        self._terms: list[Term] = []
        self._logic: list[int | str | None] = []
        self._pending: list[str] = []  # operators and open brackets
        self._columns: list[Collection[str]] = [FIELDS]  # of each open bracket

    def query(self) -> Query:
        """Read all of it, with the shunting yard algorithm: nested brackets are not a recursion."""
        was_term = False
        while self._at < len(self._parts):
            part = self._parts[self._at]
            if part in {"AND", "OR", "NOT"}:
                self._at += 1
                self._operator(part)
                was_term = False
            elif part == ")":
                self._at += 1
                self._close("(")
                self._pending.pop()
                self._columns.pop()
                was_term = True
            else:
                if was_term:
                    self._operator("")
                was_term = self._open_or_term()
        self._close(None)
        return Query(self._terms, self._logic)

    def _operator(self, operator: str) -> None:
        while self._pending and self._pending[-1] != "(" and _BINDING[self._pending[-1]] >= _BINDING[operator]:
            self._logic.append(self._pending.pop())
        self._pending.append(operator)

    def _close(self, bracket: str | None) -> None:
        while self._pending and self._pending[-1] != bracket:
            self._logic.append(self._pending.pop())

    def _open_or_term(self) -> bool:
        """Read a term or an opening bracket; tell whether it was a term."""
        columns = self._column_filter()
        if self._take("("):
            self._pending.append("(")
            self._columns.append(columns)
            return False
        is_first = self._take("^")
        if not is_first and self._parts[self._at] == "NEAR" and self._parts[self._at + 1 : self._at + 2] == ["("]:
            self._at += 2
            self._add(self._near_phrases(), columns, near=self._distance())
        else:
            self._add([self._phrase()], columns, is_first=is_first)
        return True

    def _add(
        self,
        phrases: Sequence[Phrase | None],
        columns: Collection[str],
        *,
        near: int | None = None,
        is_first: bool = False,
    ) -> None:
        with_words = [phrase for phrase in phrases if phrase]
        if not with_words:
            self._logic.append(None)
            return
        self._logic.append(len(self._terms))
        self._terms.append(
            Term(with_words, columns=columns, near=near if len(with_words) > 1 else None, is_first=is_first)
        )

    def _column_filter(self) -> Collection[str]:
        """Read a column filter, if one is here, and return the columns that count."""
        start, outside = self._at, self._columns[-1]
        is_without = self._take("-")
        names: list[str] = []
        if self._take("{"):
            while not self._take("}"):
                names.append(self._next())
        else:
            names.append(self._next())
        if not self._take(":"):
            self._at = start
            return outside
        named = {name.strip('"').lower() for name in names}
        return [column for column in outside if (column in named) != is_without]

    def _near_phrases(self) -> list[Phrase | None]:
        found = []
        while self._parts[self._at] not in {",", ")"}:
            found.append(self._phrase())
        return found

    def _distance(self) -> int:
        distance = int(self._next()) if self._take(",") else _NEAR_BY_DEFAULT
        self._take(")")
        return distance

    def _phrase(self) -> Phrase | None:
        """Read a phrase and what ``+`` adds to it; None if it has no word."""
        words = self._words()
        is_prefix = self._take("*")
        while self._take("+"):
            if more := self._words():
                words = more if is_prefix else words + more  # a prefix inside a phrase is not looked for
            is_prefix = self._take("*")
        return Phrase(words, prefix=is_prefix) if words else None

    def _words(self) -> list[str]:
        return tokens.words(self._next().replace('""', " "))

    def _take(self, part: str) -> bool:
        is_there = self._at < len(self._parts) and self._parts[self._at] == part
        self._at += is_there
        return is_there

    def _next(self) -> str:
        self._at += 1
        return self._parts[self._at - 1]
