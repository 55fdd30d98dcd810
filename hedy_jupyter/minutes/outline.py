"""Outline of minutes: their Markdown as headings, lines, items with what is below them, and rows of tables.

Minutes are not always Markdown: bullets such as ``•`` and numbers such as ``1、`` count as lists too, and a line
"Decisions:" directly below a list ends it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hedy_jupyter.text.clean import lines, one_line
from hedy_jupyter.text.script_ranges import CJK

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


class Heading(NamedTuple):
    """A heading of Markdown and its level, from 1."""

    text: str
    level: int


class Line(NamedTuple):
    """A line of running text; *is_bold* where all of it is."""

    text: str
    is_bold: bool


class Item(NamedTuple):
    """An item of a list, and the blocks below it."""

    text: str
    is_bold: bool
    inner: tuple[Block, ...] = ()


class Items(NamedTuple):
    """A list."""

    entries: tuple[Item, ...]
    is_numbered: bool


class Grid(NamedTuple):
    """A table: its heads, and the cells of its rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Rule(NamedTuple):
    """A line across the page."""


Block: TypeAlias = Heading | Line | Items | Grid | Rule

_INDENT_OF_CODE = 4
_WRAPPED_FROM = 70  # characters; a line that is so long was probably wrapped


class _Patterns(NamedTuple):
    """Patterns of lines, which are compiled at the first use."""

    bullet: re.Pattern[str]
    number: re.Pattern[str]
    list_line: re.Pattern[str]
    fence: re.Pattern[str]
    bold: re.Pattern[str]
    checkbox: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    number = rf"(?:[(（](\d{{1,2}})[)）]|(\d{{1,2}})[、．）]|(\d{{1,2}})[.](?=[{CJK}]))"
    return _Patterns(
        bullet=re.compile(r"^(\s*)[•‣▪●○◦·・⁃∙]\s*(?=\S)"),
        number=re.compile(rf"^(\s*){number}\s*(?=\S)"),
        list_line=re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s"),
        fence=re.compile(r"^\s*(?:`{3}|~{3})"),
        bold=re.compile(r"(\*\*\*|\*\*|__)(?=\S)(?:(?!\1).)+(?<=\S)\1\s*[:：]?|【[^】]+】\s*[:：]?|[■◆▼▶□◇].+"),
        checkbox=re.compile(r"^\[[ xX✓✔]\]\s+"),
    )


def outline(text: str, is_label: Callable[[str], bool]) -> list[Block]:
    """Return the blocks of *text*; *is_label* says whether a line is a heading though nothing marks it as one."""
    tokens = _parser().parse("\n".join(_normal_lines(lines(text), is_label)))
    return list(_blocks(tokens))


@functools.cache
def _parser() -> MarkdownIt:
    """Return a parser of blocks alone: the text within them is read where it is needed."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")


@functools.cache
def _inline_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def plain(markdown: str) -> str:
    """Return a line of Markdown as plain words in one line; of a link its words, of code its text."""
    if not re.search(r"[*_`\[\]<>\\~&!]", markdown):
        return one_line(markdown)
    children = (child for token in _inline_parser().parseInline(markdown) for child in token.children or [])
    return one_line("".join(" " if child.type.endswith("break") else child.content for child in children))


def _normal_lines(text: str, is_label: Callable[[str], bool]) -> Iterator[str]:
    """Yield the lines with the bullets and numbers of Markdown, and an empty one before what ends a list."""
    is_code = is_after_list = False
    indent = 0  # of a list that begins so far to the right that Markdown takes it for code
    for line in text.expandtabs(4).split("\n"):
        is_code ^= bool(_patterns().fence.match(line))
        if is_code:
            yield line
            continue
        normal = _patterns().bullet.sub(r"\1- ", line)
        normal = _patterns().number.sub(lambda found: f"{found[1]}{found[2] or found[3] or found[4]}. ", normal)
        is_item = bool(_patterns().list_line.match(normal))
        width = len(normal) - len(normal.lstrip())
        if is_item and not is_after_list:
            indent = width if width >= _INDENT_OF_CODE else 0
        normal = normal[min(indent, width) :]
        if is_after_list and not is_item and normal[:1].strip() and _ends_list(normal, is_label):
            yield ""
        is_after_list = is_item or (is_after_list and bool(normal.strip()))
        yield normal


def _ends_list(line: str, is_label: Callable[[str], bool]) -> bool:
    return line.rstrip().endswith((":", "：")) or bool(_patterns().bold.match(line)) or is_label(line.partition(":")[0])


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inner = tokens[at + 1 : end]
        match token.type:
            case "heading_open":
                yield Heading(plain(inner[0].content), int(token.tag[1]))
            case "paragraph_open":
                yield from _text_lines(inner[0].content)
            case "bullet_list_open" | "ordered_list_open":
                yield Items(tuple(_items(inner)), is_numbered=token.type == "ordered_list_open")
            case "blockquote_open":
                yield from _blocks(inner)
            case "table_open":
                yield _grid(inner)
            case "hr":
                yield Rule()
        at = end + 1


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return where what begins at *start* ends."""
    level, at = tokens[start].level, start
    if tokens[start].nesting != 1:
        return start
    while at == start or tokens[at].level != level:
        at += 1
    return at


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        yield _item(list(_blocks(tokens[at + 1 : end])))
        at = end + 1


def _item(blocks: list[Block]) -> Item:
    """Return the item of *blocks*: its text is a heading, or the lines at its beginning."""
    first, *inner = blocks or [Line("", is_bold=False)]
    if isinstance(first, Items | Grid | Rule):
        return Item("", is_bold=False, inner=tuple(blocks))
    text, is_bold = first.text, isinstance(first, Heading) or first.is_bold
    while isinstance(first, Line) and inner and isinstance(behind := inner[0], Line) and not behind.is_bold:
        text, is_bold = f"{text} {behind.text}", False
        del inner[0]
    return Item(_patterns().checkbox.sub("", text), is_bold, tuple(inner))


def _text_lines(content: str) -> Iterator[Line]:
    """Yield the lines of a paragraph; one that was wrapped is joined."""
    written: list[str] = []
    for line in content.split("\n"):
        if written and _continues(written[-1], line):
            written[-1] += f" {line.strip()}"
        else:
            written.append(line.strip())
    for line in written:
        yield Line(plain(line), is_bold=bool(_patterns().bold.fullmatch(line)))


def _continues(before: str, line: str) -> bool:
    is_open = not before.rstrip().endswith((".", "!", "?", ":", "：", "。", "！", "？"))
    return line.strip()[:1].islower() or (len(before) >= _WRAPPED_FROM and is_open)


def _grid(tokens: Sequence[Token]) -> Grid:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(plain(token.content))
    heads, *others = (tuple(row) for row in rows)
    return Grid(heads, tuple(others))
