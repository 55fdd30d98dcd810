"""Write a ``Page`` as one HTML file for mails: styles within the tags, nothing that is loaded from elsewhere.

Programs for mail drop style sheets, classes and scripts. Tables are for rows of data only, and every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hedy_jupyter.display.html_tags import Safe, escaped, tag
from hedy_jupyter.display.page import Body, Item, Items, Page
from hedy_jupyter.display.table import MISSING, Cell, Column, Table
from hedy_jupyter.text.clean import lines, one_line

_STYLES: Mapping[str, str] = MappingProxyType(
    {
        "body": "margin:0;padding:12px;background:#ffffff;color:#1f2328;line-height:1.35;"
        "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:13px",
        "main": "max-width:720px;margin:0 auto",
        "h1": "font-size:18px;margin:0 0 6px",
        "h2": "font-size:14px;margin:12px 0 3px;padding-bottom:2px;border-bottom:1px solid #d1d9e0",
        "p": "margin:1px 0",
        "muted": "margin:4px 0;color:#59636e",
        "remark": "color:#59636e",
        "quote": "margin:1px 0 3px 18px;padding-left:8px;border-left:3px solid #d1d9e0;color:#3d444d",
        "ul": "list-style:none;margin:4px 0;padding:0",
        "li": "margin:2px 0",
        "table": "border-collapse:collapse;margin:4px 0",
        "cell": "text-align:left;vertical-align:top;padding:1px 14px 1px 0;border-bottom:1px solid #d1d9e0",
        "number": "text-align:right;vertical-align:top;padding:1px 14px 1px 0;border-bottom:1px solid #d1d9e0",
    }
)


def html(page: Page) -> str:
    """Return *page* as a whole HTML document."""
    kind = f"{page.kind}: " if page.kind else ""
    title = f"{kind}{one_line(page.title)}"
    head = tag("head", Safe('<meta charset="utf-8">'), tag("title", title))
    parts = [
        _styled("h1", title, "h1"),
        *(_fact(fact.label, fact.value, fact.color) for fact in page.facts),
        *(part for heading, body in page.sections for part in _section(heading, body)),
        *([_styled("p", " · ".join(page.missing), "muted")] if page.missing else []),
    ]
    body = tag("body", _styled("div", Safe("".join(parts)), "main"), style=_STYLES["body"])
    return f"<!DOCTYPE html>\n{tag('html', head, body)}\n"


def _styled(name: str, text: str, style: str) -> Safe:
    return tag(name, _escaped(text), style=_STYLES[style], dir="auto")


def _fact(label: str, value: str, color: str | None) -> Safe:
    return _styled("p", Safe(tag("b", _escaped(label), ": ") + _dot(color) + _escaped(value)), "p")


def _escaped(text: str) -> Safe:
    """Return *text* escaped in one line, without control characters."""
    return text if isinstance(text, Safe) else Safe(escaped(one_line(text)))


def _dot(color: str | None) -> Safe:
    return tag("span", "● ", style=f"color:{color}") if color else Safe()


def _section(heading: str, body: Body) -> Iterable[Safe]:
    if heading:
        yield _styled("h2", heading, "h2")
    match body:
        case Table():
            yield from _table(body)
        case Items(entries, more):
            yield _styled("ul", Safe("".join(map(_item, entries))), "ul")
            if more:
                yield _styled("p", more, "muted")
        case _:
            yield from (_styled("p", line, "p") for line in lines(body.text).split("\n") if line.strip())


def _item(item: Item) -> Safe:
    remark = tag("span", " (", _escaped(item.remark), ")", style=_STYLES["remark"]) if item.remark else Safe()
    quotes = (_styled("div", text, "quote") for text in (item.quote, item.thought) if text.strip())
    line = Safe(_escaped(f"{item.bullet} {item.title}") + remark + "".join(quotes))
    return _styled("li", line, "li")


def _table(table: Table) -> Iterable[Safe]:
    heads = Safe("".join(_cell("th", column, Cell(column.title)) for column in table.columns))
    rows = Safe(
        "".join(
            tag("tr", *(_cell("td", column, cell) for column, cell in zip(table.columns, row, strict=True)))
            for row in table.rows
        )
    )
    yield tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows), style=_STYLES["table"])
    yield from (_styled("p", text, "muted") for text in (table.more, table.note) if text)


def _cell(name: str, column: Column, cell: Cell) -> Safe:
    text = Safe(_dot(cell.color) + _escaped(cell.text if cell.text.strip() else MISSING))
    return _styled(name, text, "number" if column.role == "number" else "cell")
