"""Tables as HTML, Markdown and text: nothing in a cell acts, nothing is cut, and every line fits."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from wcwidth import width as width_of

from hedy_jupyter.display import table
from hedy_jupyter.display.table import Cell, Column, Table

COLUMNS = (Column("Title", "text"), Column("When"), Column("Length", "number"), Column("Id", "id"))
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b || c",
    "`code` **bold** [a](javascript:x) ![i](http://e.example/x.png)",
    "$x^2$ and $$y$$",
    "# head\n- item\n\n---\n",
    "\x1b[2J\x1b]52;c;cm0=\x07 wiped",
    "\u202eabc \u2066x",
    "a\r\nb\u2028c",
    "\\| \\` \\",
    "</td></tr></table><b>out</b>",
]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.sampled_from(HOSTILE)


class Tags(HTMLParser):
    """The tags of a document with their attributes, and the text of each cell."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self._in_cell = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data


def made(*titles: str, ident: str = "sess_0123456789abcdef") -> Table:
    """A table with these titles."""
    rows = [(Cell(title), Cell("Tue 24 Nov 16:00"), Cell("30 min"), Cell(ident, short=ident[:9])) for title in titles]
    return Table(COLUMNS, rows, note="Times in UTC.", more="… 3 more.")


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_acts_in_html(title: str) -> None:
    """A hostile title adds no tag and no attribute that acts."""
    page = Tags(table.html(made(title)))

    names = {name for name, _ in page.tags}
    assert names <= {"div", "style", "table", "thead", "tbody", "tr", "th", "td", "code", "p", "br", "span"}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name in {"src", "href"}]
    assert len(page.cells) == len(COLUMNS)


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_acts_in_markdown(title: str) -> None:
    """A hostile title stays one cell of one row, without HTML, links, images or formulas."""
    written = table.markdown(made(title, "next"))

    shown = Tags(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(written))
    assert len(shown.cells) == 2 * len(COLUMNS)
    assert {name for name, _ in shown.tags} <= {"table", "thead", "tbody", "tr", "th", "td", "code", "p", "em"}
    assert not re.search(r"(?<!\\)\$", written)


@given(titles=st.lists(TEXTS, min_size=1, max_size=4), width=st.integers(min_value=20, max_value=160))
def test_lines_fit_a_terminal(titles: list[str], width: int) -> None:
    """No line is wider than asked for, none holds what a terminal obeys, and no letter of a title is lost."""
    text = table.text(made(*titles, ident="sess_01234"), width)

    assert all(width_of(line) <= max(width, 24) for line in text.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_acts_in_a_terminal(title: str) -> None:
    """No escape and no override of the direction of text comes through."""
    assert not set(table.text(made(title), 80)) & set("\x1b\x07\r\u2028\u202e\u2066")


@given(title=st.lists(st.sampled_from(["harbour", "lamp", "浜風倉庫", "Bäckerei", "x" * 50]), min_size=1, max_size=12))
def test_texts_are_wrapped_and_whole(title: list[str]) -> None:
    """Every letter of a long title is in the text form, in its order."""
    one = Table((Column("Title", "text"),), [(Cell(" ".join(title)),)])

    assert "".join(table.text(one, 30).split()[2:]) == "".join(title)


def test_hits_are_bold() -> None:
    """A hit is a ``mark`` in HTML, bold in Markdown, and between asterisks in text."""
    found = Table((Column("Found", "text"),), [(Cell("see the budget plan", bold=((8, 14),)),)])

    assert "see the <mark>budget</mark> plan" in table.html(found)
    assert "| see the **budget** plan |" in table.markdown(found)
    assert "see the *budget* plan" in table.text(found, 80)


def test_ids_are_short_and_whole() -> None:
    """The text form shows an id's beginning; HTML and Markdown hold all of it, to be selected or copied."""
    one = made("a", ident="sess_0123456789abcdef")

    assert "sess_0123456789abcdef" in Tags(table.html(one)).cells
    assert "`sess_0123456789abcdef`" in table.markdown(one)
    assert table.text(one, 80).split("\n")[2].endswith(" sess_0123")


def test_missing_values() -> None:
    """A missing value is a dash in each form, never ``nan`` or nothing."""
    one = Table(COLUMNS, [(Cell(""), Cell(" "), Cell(""), Cell(""))])

    assert Tags(table.html(one)).cells == ["–"] * 4
    assert "| – | – | – | – |" in table.markdown(one)
    assert table.text(one, 80).split("\n")[2].split() == ["–"] * 4


def test_a_narrow_panel_gets_blocks() -> None:
    """Where the columns do not fit side by side, each row is a block of lines, with the names of its values."""
    text = table.text(made("Launch weekly"), 24)

    assert text.split("\n")[:4] == [
        "Launch weekly",
        "  When: Tue 24 Nov 16:00",
        "  Length: 30 min",
        "  Id: sess_0123",
    ]


def test_notes_come_last() -> None:
    """What is left out and the zone are below the rows, once."""
    for written in (table.html(made("a")), table.markdown(made("a")), table.text(made("a"), 80)):
        assert written.count("Times in UTC.") == 1
        assert written.count("… 3 more.") == 1
        assert written.index("… 3 more.") < written.index("Times in UTC.")


def test_a_narrow_column_does_not_break_its_words() -> None:
    """Next to a long text, words up to 18 columns stay whole; Chinese and Japanese may be broken anywhere."""
    long = "Ask for an afternoon on the boat with 8 boxes and a torch, and write down what happened there"
    titles = ("Harbour Lamp launch", "Wochenbesprechung Backstube", "社区图书馆例会和老照片的数字化工作")
    rows = [[Cell("14 days"), Cell(long), Cell(title)] for title in titles]

    lines = table.text(Table((Column("Late", "number"), Column("Todo", "text"), Column("Topic", "text")), rows), 60)

    assert "Wochenbesprechung" in lines
    assert "Harbour Lamp" in lines
    assert max(map(width_of, lines.split("\n"))) <= 60


def test_words_are_broken_only_where_they_are_long() -> None:
    """A narrow column keeps its words whole, but for those as long as a URL."""
    words = Table([Column("Text", "text")], [[Cell("Wochenbesprechung")], [Cell("https://hooks.example.com/a/b/c")]])

    assert [at for at, cell in enumerate(table.html(words).split("<td")[1:]) if "hedy-breaks" in cell] == [1]


def test_a_repeated_value_is_left_out_in_html() -> None:
    """HTML shows a group once; Markdown and text, which are read line by line, name it in each."""
    rows = [[Cell("Look"), Cell("a")], [Cell("Look", is_repeated=True), Cell("b")]]
    groups = Table([Column("Group"), Column("Command", "name")], rows)

    assert table.html(groups).count("Look") == 1
    assert table.MISSING not in table.html(groups)
    assert table.markdown(groups).count("Look") == 2


@pytest.mark.parametrize("step", ["%hedy session last", '%hedy brief "<b>x</b> `y` $z"', "%hedy todo 1\x1b[2J"])
def test_the_next_command(step: str) -> None:
    """Each form ends with one line that names the command to type next, as inert text; without one there is none."""
    named, bare = replace(made("Weekly"), next_step=step), made("Weekly")
    source = table.html(named)

    assert source.count("Next: ") == table.markdown(named).count("Next: ") == table.text(named, 80).count("Next: ") == 1
    assert "<b>" not in source
    assert "\x1b" not in table.text(named, 80)
    assert table.text(named, 80).splitlines()[-1].startswith("Next: %hedy ")
    assert "Next:" not in table.html(bare) + table.markdown(bare) + table.text(bare, 80)
