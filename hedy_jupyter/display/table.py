"""``Table``: rows of cells, and its three writers: HTML, Markdown, and text that fits a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import wcwidth

from hedy_jupyter.display.html_tags import Safe, dot, escaped, tag
from hedy_jupyter.display.wrap import wrap
from hedy_jupyter.text.clean import lines, one_line, printable
from hedy_jupyter.text.markdown import escape
from hedy_jupyter.text.tokens import Span

MISSING = "–"
NEXT = "Next: "
"""What a line that names a command to type next begins with."""
_GAP = 2  # columns between two cells of the text form
_NARROWEST = 12  # columns that a wrapped cell keeps however narrow the terminal is
_LONGEST_WORD = 18  # columns; a longer word may be broken

_CODE = re.compile(r"[\w.:-]+")
_COMMAND = re.compile(r"""[\w.:%~'" -]+""")

Role = Literal["text", "fact", "name", "number", "id"]
"""How a column is laid out.

``text`` is wrapped and takes what room is left, ``fact`` stays in one line, ``name`` is a fact in bold, ``number`` is
aligned on the right, ``id`` is shortened, and whole when it is selected.
"""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and how its cells are laid out."""

    title: str
    role: Role = "fact"


@dataclass(frozen=True)
class Cell:
    """One value of a table.

    Attributes:
        text: what is shown, as people wrote it; empty where the value is missing.
        color: of the topic that the value names, ``#RRGGBB``.
        bold: where in *text* a search has hit.
        short: an id's first characters, as many as tell it apart.
        anchor: in HTML, the name of this place in the page.
        is_link: the cell leads to the place called *anchor* instead.
        is_repeated: the value is that of the row above, so HTML leaves it out.
        command: what to type to read more, in a line below *text*; a terminal shows it as *short*, where that is given.
    """

    text: str
    color: str | None = None
    bold: tuple[Span, ...] = ()
    short: str = ""
    anchor: str = ""
    is_link: bool = False
    command: str = ""
    is_repeated: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells under their headings.

    Attributes:
        note: what holds for all rows, such as the time zone.
        more: how many rows are left out, and how to get them.
        next_step: a command to type next, for the line ``Next: …`` below the rows.
        folded: a heading below which HTML folds the rows away; Markdown and text show only the first of them.
        first: how many rows Markdown and text show of a folded table; with ``rest`` below them where that is not all.
        rest: see ``first``.
        is_focusable: the keyboard can scroll it in HTML; not in a form, where its keys would be the notebook's.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    more: str = ""
    next_step: str = ""
    folded: str = ""
    first: int = 0
    rest: str = ""
    is_focusable: bool = True

    def unfolded(self) -> tuple[Sequence[Sequence[Cell]], list[str]]:
        """Return the rows that Markdown and text show, and the lines below them."""
        is_cut = bool(self.folded) and len(self.rows) > self.first
        rows, more = (self.rows[: self.first], self.rest) if is_cut else (self.rows, self.more)
        return rows, [line for line in (more, self.note) if line]


# HTML -------------------------------------------------------------------------

# Two classes before each tag outweigh the styles that JupyterLab has for tables and code.
STYLE = """.hedy-card .hedy-view{line-height:1.45;max-width:100%}
.hedy-card .hedy-view .hedy-scroll{overflow-x:auto}
.hedy-card .hedy-view table{border-collapse:collapse;margin:0;width:auto;color:inherit;background:none;\
table-layout:auto;font-size:inherit}
.hedy-card .hedy-view th,.hedy-card .hedy-view td{text-align:left;vertical-align:top;\
padding:.25em 1em .25em 0;border:0;\
border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.35));background:none;color:inherit;\
white-space:normal;max-width:none}
.hedy-card .hedy-view thead tr,.hedy-card .hedy-view tbody tr:nth-child(n),\
.hedy-card .hedy-view tbody tr:nth-child(n):hover{background:none;border:0}
.hedy-card .hedy-view th{font-weight:600;opacity:.75}
.hedy-card .hedy-view td.hedy-text{min-width:6em;max-width:44em;overflow-wrap:break-word}
.hedy-card .hedy-view td.hedy-breaks{overflow-wrap:anywhere}
.hedy-card .hedy-view th.hedy-widest{width:36%}
.hedy-card .hedy-view td.hedy-name{font-weight:600}
.hedy-card .hedy-view th,.hedy-card .hedy-view td.hedy-fact,.hedy-card .hedy-view td.hedy-name,\
.hedy-card .hedy-view td.hedy-number,.hedy-card .hedy-view td.hedy-id{white-space:nowrap;overflow-wrap:normal}
.hedy-card .hedy-view .hedy-number{text-align:right;font-variant-numeric:tabular-nums}
.hedy-card .hedy-view .hedy-id code{display:inline-block;max-width:11ch;overflow:hidden;text-overflow:ellipsis;\
vertical-align:bottom;white-space:nowrap;user-select:all;background:none;color:inherit;padding:0;opacity:.75}
.hedy-card .hedy-view .hedy-command{display:block;user-select:all;background:none;color:inherit;padding:0;opacity:.75;\
font-size:.85em;line-height:1.6}
.hedy-card .hedy-view mark{background:none;color:inherit;font-weight:700;text-decoration:underline}
.hedy-card .hedy-view a{color:var(--jp-content-link-color,inherit)}
.hedy-card .hedy-view summary{cursor:pointer;opacity:.75}
.hedy-card .hedy-view .hedy-muted{opacity:.75;margin:.4em 0 0;font-size:.9em}
.hedy-card .hedy-view .hedy-next{margin:.4em 0 0}
.hedy-room{container-type:inline-size}
@container (max-width:600px){
.hedy-card .hedy-view table{font-size:.95em}
.hedy-card .hedy-view th,.hedy-card .hedy-view td,.hedy-card .hedy-view td.hedy-fact,\
.hedy-card .hedy-view td.hedy-number{padding-right:.6em;white-space:normal}
.hedy-card .hedy-view td.hedy-fact{min-width:4.2em;overflow-wrap:normal}
.hedy-card .hedy-view td.hedy-text{min-width:5.4em;overflow-wrap:anywhere}
.hedy-card .hedy-view th.hedy-widest{width:36%;min-width:9em}
.hedy-card .hedy-view .hedy-id{padding-right:0}
}
.hedy-card .hedy-view .hedy-next code{user-select:all;background:none;color:inherit;padding:0}
"""


def html(table: Table) -> Safe:
    """Return *table* as HTML: one element, whose style is ``STYLE``."""
    if not table.columns:
        return Safe()
    widest = _widest(table)
    heads = (
        tag("th", column.title, scope="col", class_=f"hedy-{column.role}{' hedy-widest' * (at == widest)}")
        for at, column in enumerate(table.columns)
    )
    body = (
        tag("tr", *(_cell_html(column, cell) for column, cell in zip(table.columns, row, strict=True)))
        for row in table.rows
    )
    grid = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *body))
    focusable = {"tabindex": "0", "role": "region", "aria_label": "table"} if table.is_focusable else {}
    scroll = tag("div", grid, class_="hedy-scroll", **focusable)
    return tag(
        "div",
        tag("details", tag("summary", table.folded), scroll) if table.folded else scroll,
        *(tag("p", text, class_="hedy-muted") for text in (table.more, table.note) if text),
        *([tag("p", NEXT, tag("code", table.next_step, dir="ltr"), class_="hedy-next")] if table.next_step else []),
        class_="hedy-view mathjax_ignore tex2jax_ignore",
    )


def _widest(table: Table) -> int | None:
    """Return the number of the column of texts with the most to show; None where there are not several."""
    sizes = {
        at: sum(len(row[at].text) for row in table.rows)
        for at, column in enumerate(table.columns)
        if column.role == "text"
    }
    return max(sizes, key=lambda at: sizes[at]) if len(sizes) > 1 else None


def _cell_html(column: Column, cell: Cell) -> Safe:
    if cell.is_repeated:
        return tag("td", class_=f"hedy-{column.role}")
    if not cell.text.strip():
        return tag("td", MISSING, class_=f"hedy-{column.role}")
    if column.role == "id":
        return tag("td", tag("code", one_line(cell.text), title=one_line(cell.text)), class_="hedy-id")
    text = marked(cell)
    if cell.anchor and cell.is_link:
        return tag("td", tag("a", text, href=f"#{cell.anchor}"), class_=f"hedy-{column.role}")
    if cell.anchor:
        return tag("td", text, class_=f"hedy-{column.role}", id=cell.anchor)
    command = tag("code", cell.command, class_="hedy-command", dir="ltr") if cell.command else Safe()
    breaks = " hedy-breaks" * (column.role == "text" and _has_long_word(cell.text))
    return tag("td", dot(cell.color), text, command, class_=f"hedy-{column.role}{breaks}", dir="auto")


def _has_long_word(text: str) -> bool:
    """Return whether *text* has a word that may be broken, such as a URL, so that its column can be narrower."""
    return any(len(word) > _LONGEST_WORD for word in text.split())


def marked(cell: Cell) -> Safe:
    """Return the text of *cell* as HTML, its hits in ``<mark>``."""
    return Safe("".join(tag("mark", broken(text)) if is_hit else broken(text) for text, is_hit in _parts(cell)))


def broken(text: str) -> Safe:
    """Return *text* escaped, with ``<br>`` at its line ends."""
    return Safe("<br>".join(map(escaped, lines(text).split("\n"))))


def _parts(cell: Cell) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a cell's text, and whether each is a hit."""
    end = 0
    for start, stop in cell.bold:
        yield cell.text[end:start], False
        yield cell.text[start:stop], True
        end = stop
    yield cell.text[end:], False


# Markdown ---------------------------------------------------------------------


def markdown(table: Table) -> str:
    """Return *table* as a Markdown table; no HTML, image or formula in a cell comes through."""
    if not table.columns:
        return ""
    marks = ("---:" if column.role == "number" else "---" for column in table.columns)
    written = [_row(escape(column.title) for column in table.columns), _row(marks)]
    rows, notes = table.unfolded()
    for row in rows:
        written.append(_row(_cell_markdown(column, cell) for column, cell in zip(table.columns, row, strict=True)))
    grid = ["\n".join(written)] if rows else []
    following = [NEXT + _command_markdown(table.next_step)] if table.next_step else []
    return "\n\n".join([*grid, *(f"*{escape(text)}*" for text in notes), *following])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell_markdown(column: Column, cell: Cell) -> str:
    if not cell.text.strip():
        return MISSING
    if column.role == "id":
        return f"`{cell.text}`" if _CODE.fullmatch(cell.text) else escape(one_line(cell.text))
    parts = (f"**{escape(one_line(text))}**" if is_hit else _between_hits(text) for text, is_hit in _parts(cell))
    written = "".join(parts).strip()
    if cell.command:
        written += f" {_command_markdown(cell.command)}"
    return f"**{written}**" if column.role == "name" and not cell.bold else written


def _command_markdown(command: str) -> str:
    return f"`{command}`" if _COMMAND.fullmatch(command) else escape(one_line(command))


def _between_hits(text: str) -> str:
    """Return *text* in one line and escaped, with the blanks at its ends that part it from a hit."""
    inner = escape(one_line(text))
    before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{before}{inner}{after}" if inner else before


# Text -------------------------------------------------------------------------


def text(table: Table, width: int) -> str:
    """Return *table* as aligned lines of at most *width* columns.

    Texts are wrapped, and a hit is put between asterisks. Where the columns do not fit, each row is a block of lines.
    """
    if not table.columns:
        return ""
    rows, below = table.unfolded()
    following = [f"{NEXT}{one_line(table.next_step)}"] if table.next_step else []
    notes = [line for note in [*below, *following] for line in wrap(note, width)]
    if not rows:
        return "\n".join(notes)
    grid = [[_cell_text(column, cell) for column, cell in zip(table.columns, row, strict=True)] for row in rows]
    titles = [column.title for column in table.columns]
    natural = [
        max([wcwidth.width(title), *(max(map(wcwidth.width, row[at].split("\n"))) for row in grid)])
        for at, title in enumerate(titles)
    ]
    words = [max([_NARROWEST, *(_longest_word(row[at]) for row in grid)]) for at in range(len(titles))]
    widths = _fitted(table.columns, natural, words, width) or _fitted(
        table.columns, natural, [_NARROWEST] * len(words), width
    )
    written = _blocks(titles, grid, width) if widths is None else _aligned(table.columns, titles, grid, widths)
    return "\n".join([*written, *([""] if notes else []), *notes])


def _cell_text(column: Column, cell: Cell) -> str:
    if not cell.text.strip():
        return MISSING
    if column.role == "id":
        return one_line(cell.short or cell.text)
    written = "".join(f"*{one_line(text)}*" if is_hit else _visible(text) for text, is_hit in _parts(cell)).strip()
    return f"{written}\n{one_line(cell.short or cell.command)}" if cell.command else written


def _visible(text: str) -> str:
    """Return *text* for a terminal with its line ends, each line with single blanks."""
    return re.sub(r"[^\S\n]+", " ", printable(text))


def _longest_word(text: str) -> int:
    """Return the columns of the longest word of *text* that is not to be broken: Chinese and Japanese may be."""
    words = (word for word in text.split() if wcwidth.width(word) <= len(word))
    return min(_LONGEST_WORD, max(map(wcwidth.width, words), default=0))


def _fitted(columns: Sequence[Column], natural: Sequence[int], least: Sequence[int], width: int) -> list[int] | None:
    """Return the columns' widths so that a row takes at most *width*; None where that is not possible.

    A column that wraps keeps its *least* width, or its *natural* one where that is smaller.
    """
    room = width - _GAP * (len(columns) - 1)
    if sum(natural) <= room:
        return list(natural)
    wraps = [column.role == "text" for column in columns]
    sizes = [min(*pair) if wrap else pair[0] for *pair, wrap in zip(natural, least, wraps, strict=True)]
    left = room - sum(sizes)
    if left < 0 or not any(wraps):
        return None
    lacking = [size - kept for size, kept in zip(natural, sizes, strict=True)]
    total = sum(lacking)
    shares = [kept + left * lack // total for kept, lack in zip(sizes, lacking, strict=True)]
    shares[lacking.index(max(lacking))] += room - sum(shares)
    return shares


def _aligned(
    columns: Sequence[Column], titles: Sequence[str], grid: Sequence[Sequence[str]], widths: Sequence[int]
) -> Iterator[str]:
    yield _line(columns, titles, widths)
    yield (" " * _GAP).join("─" * size for size in widths)
    for row in grid:
        cells = [
            [part for line in cell.split("\n") for part in wrap(line, size)]
            for cell, size in zip(row, widths, strict=True)
        ]
        for level in range(max(map(len, cells))):
            yield _line(columns, [cell[level] if level < len(cell) else "" for cell in cells], widths)


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        wcwidth.rjust(cell, size) if column.role == "number" else wcwidth.ljust(cell, size)
        for column, cell, size in zip(columns, cells, widths, strict=True)
    )
    return (" " * _GAP).join(padded).rstrip()


def _blocks(titles: Sequence[str], grid: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield each row as its first cell and a line for each other one: for the narrowest panels."""
    for place, row in enumerate(grid):
        if place:
            yield ""
        yield from wrap(row[0], width)
        for title, cell in zip(titles[1:], row[1:], strict=True):
            yield from (f"  {line}" for line in wrap(f"{title}: {cell}", width - 2))
