"""Render a ``Page`` as HTML, Markdown or text: pure functions to strings.

Everything on a page is other people's words: a plain ``str`` is escaped in the function that writes the tag, and only
``Safe`` is written as it is. The HTML holds no script, no event handler and nothing that is loaded from elsewhere. It
works in notebooks that are not trusted, and without its style too.
"""

from __future__ import annotations

import html as _html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import wcwidth

from hedy_jupyter.display import table
from hedy_jupyter.display.html_tags import Safe, dot, tag
from hedy_jupyter.display.page import Body, Code, Fact, Folded, Item, Items, Minutes, Page, Prose
from hedy_jupyter.display.table import Table
from hedy_jupyter.display.terminal import WIDTH
from hedy_jupyter.display.wrap import wrap
from hedy_jupyter.text.clean import CONTROLS, lines, one_line
from hedy_jupyter.text.markdown import WEB_LINK, escape, escape_start, inert, with_line_breaks
from hedy_jupyter.text.phrasing import text_length

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NARROWEST = 20  # columns; a text is not wrapped at fewer
FOLD_FROM = 1_000  # characters from which a transcript is folded
SHOWN_AT_MOST = 200_000  # characters of one text on a page; a saved notebook keeps three copies of a page


def _shortened(text: str) -> tuple[str, str]:
    """Return the part of *text* that a page shows, and a note where that is not all of it."""
    text = lines(text).strip()
    return text[:SHOWN_AT_MOST], left_out(len(text))


def _size(body: Folded) -> str:
    return body.size or text_length(body.text)


def left_out(size: int) -> str:
    """Return a note where a text of *size* characters is more than a page shows; else nothing."""
    return f"The first {SHOWN_AT_MOST:,} of {size:,} characters." if size > SHOWN_AT_MOST else ""


# HTML -------------------------------------------------------------------------


# Inherited colours and half-transparent greys: readable on any background, whether the theme's variables are there or
# not.
STYLE = Safe(
    """.hedy-card{max-width:60em;padding:.7em 1em;border:1px solid var(--jp-border-color2,rgba(128,128,128,.4));\
border-radius:6px;color:var(--jp-content-font-color1,inherit);line-height:1.5;overflow-wrap:anywhere}
.hedy-card.hedy-wide{width:fit-content;max-width:100%;box-sizing:border-box}
.hedy-card .hedy-kind,.hedy-card .hedy-muted,.hedy-card .hedy-mark,.hedy-card summary{opacity:.75}
.hedy-card .hedy-kind{font-size:.85em}
.hedy-card .hedy-title{font-size:1.3em;font-weight:600;margin:0 0 .3em}
.hedy-card .hedy-head{font-size:1em;font-weight:600;margin:1em 0 .2em;padding-bottom:.1em;\
border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.4))}
.hedy-card .hedy-dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;\
border:1px solid rgba(128,128,128,.6);margin-right:.4em}
.hedy-card .hedy-facts{display:grid;grid-template-columns:max-content 1fr;gap:0 1em;margin:0}
.hedy-card .hedy-facts dt{opacity:.75;font-weight:400;margin:0;float:none;width:auto;white-space:nowrap}
.hedy-card .hedy-facts dd{margin:0;float:none;width:auto}
.hedy-card .hedy-list{list-style:none;margin:.2em 0;padding:0}
.hedy-card .hedy-list li{margin:.2em 0}
.hedy-card .hedy-mark{font-variant-numeric:tabular-nums}
.hedy-card p{margin:.3em 0}
.hedy-card blockquote{margin:.2em 0 .2em .2em;padding:0 0 0 .8em;border-left:3px solid rgba(128,128,128,.5);\
background:none;color:inherit}
.hedy-card .hedy-md h4,.hedy-card .hedy-md h5,.hedy-card .hedy-md h6{font-size:1em;font-weight:600;\
margin:.7em 0 .2em;color:inherit}
.hedy-card .hedy-md ul,.hedy-card .hedy-md ol{margin:.2em 0;padding-left:1.6em}
.hedy-card .hedy-md a{color:var(--jp-content-link-color,inherit)}
.hedy-card .hedy-md code{background:rgba(128,128,128,.15);color:inherit}
.hedy-card .hedy-md pre{white-space:pre-wrap}
.hedy-card .hedy-md table{color:inherit;border-collapse:collapse;margin:.4em 0}
.hedy-card .hedy-md th,.hedy-card .hedy-md td{padding:.1em .6em;border:1px solid rgba(128,128,128,.4)}
.hedy-card .hedy-long p{white-space:pre-wrap}
.hedy-card .hedy-code{font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,.9em);\
line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere;max-height:30em;overflow:auto;margin:.3em 0;\
background:none;color:inherit}
.hedy-card .hedy-code span{display:block;min-height:1.45em}
.hedy-card .hedy-code .hedy-added{background:rgba(46,160,67,.18)}
.hedy-card .hedy-code .hedy-removed{background:rgba(248,81,73,.18)}
.hedy-card details{margin-top:1em}
.hedy-card summary{cursor:pointer}
.hedy-card .hedy-long{max-height:30em;overflow:auto;scrollbar-color:rgba(128,128,128,.6) transparent}
.hedy-card .hedy-list .hedy-long{margin-left:1em}
.hedy-card .hedy-list blockquote{margin-left:1em}
.hedy-card .hedy-list blockquote .hedy-long{margin-left:0}
"""
    + table.STYLE
)


def html(page: Page) -> str:
    """Return a page as HTML: one element with its own style."""
    tables = [body for _, body in page.sections if isinstance(body, Table)]
    card = tag(
        "div",
        tag("style", STYLE),
        tag("div", page.kind, class_="hedy-kind") if page.kind else Safe(),
        _title_html(page),
        _facts_html(page.facts),
        *(_section_html(heading, body) for heading, body in page.sections),
        tag("p", " · ".join(page.missing), class_="hedy-muted") if page.missing else Safe(),
        class_=f"hedy-card{' hedy-wide' * bool(tables)} mathjax_ignore tex2jax_ignore",
    )
    # The room that tables have decides how they are laid out; widgets make their own.
    return tag("div", card, class_="hedy-room") if any(table.is_focusable for table in tables) else card


def _title_html(page: Page) -> Safe:
    if not page.title:
        return Safe()
    # Keep the table of contents and MathJax out of other people's words.
    return tag("h3", dot(page.color), one_line(page.title), class_="hedy-title jp-toc-ignore", dir="auto")


def _facts_html(facts: Sequence[Fact]) -> Safe:
    if not facts:
        return Safe()
    pairs = (
        tag("dt", one_line(fact.label)) + tag("dd", dot(fact.color), one_line(fact.value), dir="auto") for fact in facts
    )
    return tag("dl", Safe("".join(pairs)), class_="hedy-facts")


def _section_html(heading: str, body: Body) -> Safe:
    if isinstance(body, Folded) and len(body.text) >= FOLD_FROM:
        return tag("details", tag("summary", f"{heading}, {_size(body)}"), _prose_html(body.text))
    return Safe((tag("h4", heading, class_="hedy-head jp-toc-ignore") if heading else "") + _body_html(body))


def _body_html(body: Body) -> Safe:
    match body:
        case Prose(text) | Folded(text):
            return _prose_html(text)
        case Code(text, is_diff):
            return _code_html(text, is_diff=is_diff)
        case Minutes(text):
            beginning, note = _shortened(text)
            return tag("div", markdown_html(beginning), _note(note), class_="hedy-md", dir="auto")
        case Table():
            return table.html(body)
        case Items(entries, more):
            return Safe(tag("ul", *map(_item_html, entries), class_="hedy-list") + _note(more))


def _prose_html(text: str) -> Safe:
    """Return *text* with a paragraph at each empty line and a line break at the others."""
    beginning, note = _shortened(text)
    return tag("div", prose_html(beginning), _note(note), class_="hedy-long")


def prose_html(text: str) -> Safe:
    """Return plain *text* as paragraphs, escaped."""
    paragraphs = (_html.escape(part).replace("\n", "<br>") for part in re.split(r"\n\s*\n", text))
    return Safe("".join(tag("p", Safe(part), dir="auto") for part in paragraphs))


def markdown_html(text: str) -> Safe:
    """Return *text* in Markdown as HTML, without HTML and pictures of its own; its headings are ``h4`` and below."""
    rendered: str = _markdown_it().render(text)
    return Safe(rendered)


def _code_html(text: str, *, is_diff: bool) -> Safe:
    beginning, note = _shortened(text)
    kinds = {"+": "hedy-added", "-": "hedy-removed"} if is_diff else {}
    rows = (tag("span", line, "\n", class_=kinds.get(line[:1], "hedy-same")) for line in beginning.split("\n"))
    return tag("div", tag("div", *rows, class_="hedy-code", dir="auto"), _note(note))


def _note(note: str) -> Safe:
    return tag("p", note, class_="hedy-muted") if note else Safe()


def _item_html(item: Item) -> Safe:
    return tag(
        "li",
        tag("span", item.bullet, class_="hedy-mark"),
        " ",
        tag("span", one_line(item.title), dir="auto"),
        tag("span", f" ({one_line(item.remark)})", class_="hedy-muted", dir="auto") if item.remark else Safe(),
        tag("blockquote", _prose_html(item.quote)) if item.quote.strip() else Safe(),
        _prose_html(item.thought) if item.thought.strip() else Safe(),
    )


@cache
def _markdown_it() -> MarkdownIt:
    """Return a parser of CommonMark with tables, without HTML and images, with links to the web and to mail only.

    An image would send a request to a server of the writer's choice.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    parser.validateLink = _is_web_link  # type: ignore[method-assign]
    parser.core.ruler.push("hedy", lambda state: _make_safe(state.tokens))
    return parser


def _is_web_link(url: str) -> bool:
    return bool(re.match(rf"{WEB_LINK}[^\s{CONTROLS}]", url, re.IGNORECASE))


def _make_safe(tokens: list[Token]) -> None:
    """Put headings below those of the page, and let links open in another window without access to this one."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 3, 6)}"
        if token.type == "heading_open":
            token.attrSet("class", "jp-toc-ignore")
        if token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
            token.attrSet("target", "_blank")
        if token.type == "fence":
            token.info = ""  # the language would become a class
        _make_safe(token.children or [])


# Markdown ---------------------------------------------------------------------


def markdown(page: Page) -> str:
    """Return a page as Markdown without HTML, images and long transcripts."""
    kind = f"{page.kind}: " if page.kind else ""
    parts = [f"### {kind}{escape(one_line(page.title))}" if page.title else ""]
    parts += ["\n".join(f"- **{escape(one_line(fact.label))}:** {escape(one_line(fact.value))}" for fact in page.facts)]
    parts += [
        part
        for heading, body in page.sections
        for part in (f"#### {escape(one_line(heading))}" if heading else "", _body_markdown(body))
    ]
    parts += [f"*{' · '.join(page.missing)}*" if page.missing else ""]
    return "\n\n".join(filter(None, parts)) + "\n"


def _body_markdown(body: Body) -> str:
    match body:
        case Folded(text, attribute) if len(text) >= FOLD_FROM:
            return f"*{_size(body)}, all of them in `.{attribute}`*"
        case Prose(text) | Folded(text) | Code(text):
            return _quote_markdown(text, with_line_breaks)
        case Minutes(text):
            return _quote_markdown(text, partial(inert, with_formulas=False))
        case Table():
            return table.markdown(body)
        case Items(entries, more):
            listed = "\n".join(map(_item_markdown, entries))
            return f"{listed}\n\n*{escape(one_line(more))}*" if more else listed


def _quote_markdown(text: str, write: Callable[[str], str]) -> str:
    """Return *text* as a quotation, so that what is left open in it (a code fence, a list) ends with it."""
    beginning, note = _shortened(text)
    quoted = "\n".join(f"> {line}".rstrip(" ") for line in write(beginning).split("\n"))
    return f"{quoted}\n\n*{note}*" if note else quoted


def _item_markdown(item: Item) -> str:
    remark = f" ({escape(one_line(item.remark))})" if item.remark else ""
    more = (
        escape_start(escape(one_line(text)))
        for text in (f"“{one_line(item.quote)}”" if item.quote.strip() else "", item.thought)
        if text.strip()
    )
    title = escape(one_line(item.title))
    line = f"{item.mark} {title}" if item.mark else escape_start(title)
    return "\n".join([f"- {line}{remark}", *(f"  - {text}" for text in more)])


# Text -------------------------------------------------------------------------


def text(page: Page, width: int = WIDTH) -> str:
    """Return a page as text for terminals: at most *width* columns, no control characters but newlines and tabs."""
    width = max(width, _NARROWEST)
    title = one_line(f"{page.kind}: {page.title}" if page.kind else page.title)
    label_width = max((wcwidth.width(one_line(fact.label)) for fact in page.facts), default=0)
    written = [*wrap(title, width), "─" * min(wcwidth.width(title), width)] if title else []
    for fact in page.facts:
        written += _fact_text(fact, label_width + 2, width)
    for heading, body in page.sections:
        written += ["", *(wrap(one_line(heading), width) if heading else [])]
        written += _body_text(body, "  " if heading else "", width)
    if page.missing:
        written += ["", *wrap(" · ".join(page.missing), width)]
    return "\n".join(written).lstrip("\n")


def _fact_text(fact: Fact, column: int, width: int) -> list[str]:
    """Return a fact: its value begins in *column*, or below the label where *width* leaves too little beside it."""
    label, value = one_line(fact.label), one_line(fact.value)
    if column > width // 2:
        return [*wrap(label, width), *wrap(value, width, "  ")]
    return wrap(value, width, " " * column, wcwidth.ljust(label, column))


def _body_text(body: Body, indent: str, width: int) -> Iterator[str]:
    match body:
        case Folded(text, attribute) if len(text) >= FOLD_FROM:
            yield from wrap(f"{_size(body)}, all of them in .{attribute}", width, indent)
        case Prose(text) | Folded(text) | Code(text) | Minutes(text):
            beginning, note = _shortened(text)
            for line in beginning.split("\n"):
                yield from wrap(line, width, indent)
            if note:
                yield from wrap(f"({note})", width, indent)
        case Table() if body.columns:
            yield from (f"{indent}{line}".rstrip() for line in table.text(body, width - len(indent)).split("\n"))
        case Items(entries, more):
            for entry in entries:
                yield from _item_text(entry, indent, width)
            if more:
                yield from wrap(one_line(more), width, indent)


def _item_text(item: Item, indent: str, width: int) -> Iterator[str]:
    inner = indent + " " * (wcwidth.width(item.bullet) + 1)
    remark = f" ({one_line(item.remark)})" if item.remark else ""
    yield from wrap(one_line(item.title) + remark, width, inner, f"{indent}{item.bullet} ")
    for more in (f"“{one_line(item.quote)}”" if item.quote.strip() else "", one_line(item.thought)):
        if more:
            yield from wrap(more, width, inner)
