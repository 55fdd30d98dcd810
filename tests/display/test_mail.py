"""Pages as HTML for mails: whole, escaped, with nothing to load and no style sheet."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hedy_jupyter.display import mail
from hedy_jupyter.display.page import Fact, Item, Items, Page, Prose
from hedy_jupyter.display.table import Cell, Column, Table

EVIL = '<img src=x onerror=alert(1)>&"\x1b[31m\u202e{{x}}'


def page(text: str) -> Page:
    """A page with *text* in every place."""
    table = Table([Column(text, "text"), Column("n", "number")], [[Cell(text, color="#112233"), Cell("")]], text, text)
    items = Items((Item("★", text, text, text, text),), text)
    sections = [(text, items), (text, table), (text, Prose(f"{text}\n\n{text}"))]
    return Page("Report", text, [Fact(text, text, "#112233")], sections, (text,))


def test_a_whole_file() -> None:
    """It has a type, an encoding, a title, and every text."""
    written = mail.html(page("Größe 東京"))

    assert written.startswith('<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Report: Größe 東京</title>')
    assert written.count("Größe 東京") == 19
    assert "–" in written
    assert "color:#112233" in written


def test_nothing_runs_or_loads() -> None:
    """Other people's words make no tag; there is no class, style sheet, script or address."""
    found: list[tuple[str, list[str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, [name for name, _ in attrs]))

    Reader().feed(mail.html(page(EVIL)))

    known = {"html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "b", "span", "ul", "li"}
    assert {tag for tag, _ in found} == known | {"table", "thead", "tbody", "tr", "th", "td"}
    assert {name for _, names in found for name in names} == {"charset", "style", "dir"}
    assert not re.search(r"url\(|https?:|\x1b|\u202e", mail.html(page(EVIL)))
