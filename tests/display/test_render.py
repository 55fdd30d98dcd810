"""How records and cards look, and that no text becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
import wcwidth
from markdown_it import MarkdownIt

from hedy_jupyter.account.records import Account, Context, Highlight, Record, Todo, Topic
from hedy_jupyter.account.session import Session
from hedy_jupyter.account.transcript import Transcript
from hedy_jupyter.display import display_mixin as display_shown
from hedy_jupyter.display import render
from hedy_jupyter.display.display_mixin import Shown
from hedy_jupyter.display.page import Fact, Item, Items, Page
from hedy_jupyter.frames import schema
from hedy_jupyter.text import markdown

ALL = [Account, Session, Highlight, Todo, Topic, Context]

HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}</style>",
    "</details></div></dl><img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "!\\![x](http://evil.example/x.png)",
    "![x][y]\n\n[y]: http://evil.example/x.png",
    "[x](javascript:alert(1)) <javascript:alert(1)> [x](java&#115;cript:alert(1)) [y]\n\n[y]: javascript:alert(1)",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:x) [x]( file:///etc/passwd)",
    '```html x" onload="alert(1)\n<b>never closed',
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://evil.example \x9b31m \x1b(B \x07\x08\x00\x7f",
    "\u202edrowssap\u202c \u2066x",
    "<!-- <!DOCTYPE x> <?php ?> ]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script>",
    "#AA3300;background:url(http://evil.example)",
    "| a | b |\n|---|:-:|\n| <b> | ![x](http://evil.example/x.png) |",
    "\ud800 lone",
]
EVERYTHING = "\n\n".join(HOSTILE)

TAGS = {
    "div",
    "style",
    "h3",
    "h4",
    "h5",
    "h6",
    "dl",
    "dt",
    "dd",
    "span",
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "blockquote",
    "details",
    "summary",
}
TAGS |= {"strong", "em", "s", "code", "pre", "hr", "a", "table", "thead", "tbody", "tr", "th", "td"}
VALUES = {
    "class": r"(?:(?:hedy-[a-z]+|jp-toc-ignore|mathjax_ignore|tex2jax_ignore) ?)+",
    "dir": "auto",
    "style": r"background:#[0-9A-Fa-f]{6}|text-align:(left|center|right)",
    "href": r"(https?://|mailto:).*|#hedy-[0-9a-f]{8}-\d+",
    "id": r"hedy-[0-9a-f]{8}-\d+",
    "tabindex": "0",
    "role": "region",
    "aria-label": "table",
    "scope": "col",
    "rel": "noopener noreferrer",
    "target": "_blank",
    "title": r"(?s).*",
    "start": r"\d+",
}


class Reader(HTMLParser):
    """Collects tags, attributes and text, and notes whatever is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in TAGS:
            self.refused.append(tag)
        self.refused += [
            f"{tag} {name}={value}" for name, value in attrs if not re.fullmatch(VALUES.get(name, "(?!)"), value or "")
        ]

    def handle_data(self, data: str) -> None:
        (self.styles if self.tags[-1:] == ["style"] and not self.styles else self.words).append(data)

    def handle_comment(self, data: str) -> None:
        self.refused.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.refused.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.refused.append(f"instruction {data}")


def read(source: str) -> Reader:
    """*source* read to its end."""
    reader = Reader()
    reader.feed(source)
    reader.close()
    return reader


def words(source: str) -> str:
    """The text that *source* shows."""
    return "".join(read(source).words)


def hostile(kind: type[Record], text: str) -> Record:
    """A record with *text* at every place that a text may come from, under every name, arrays included."""
    if kind is Account:
        return Account.from_record(dict.fromkeys(("id", "email", "name"), text))
    raw: dict[str, object] = {}
    for column in schema.TABLES[kind.table]:
        if column.kind == "text":
            for path in column.paths:
                _put(raw, path, text)
    if kind is Session:
        raw["topic"] = {"id": text, "name": text, "color": text}
        raw["highlights"] = [hostile(Highlight, text).raw]
        raw["user_todos"] = [hostile(Todo, text).raw]
        raw["conversations"] = [{"question": text, "answer": text}]
    return kind.from_record(raw)


def _put(raw: dict[str, object], path: tuple[str, ...], text: str) -> None:
    *parents, name = path
    for parent in parents:
        raw = raw.setdefault(parent, {})  # type: ignore[assignment]
    raw[name] = text


def hostile_things() -> Iterator[Shown]:
    """Every kind of record with every hostile text everywhere in it."""
    for text in [*HOSTILE, EVERYTHING, EVERYTHING * 3]:
        yield from (hostile(kind, text) for kind in ALL)
        yield display_shown.Card(text, [(text, text)])
        yield Transcript(text)


def test_hostile_records_reach_every_field() -> None:
    """The hostile records of this page have a text in every text attribute."""
    for kind in ALL[1:]:
        record = hostile(kind, "x")

        assert [
            column.name
            for column in schema.TABLES[kind.table]
            if column.kind == "text" and not getattr(record, column.name)
        ] == []


@pytest.mark.parametrize("thing", list(hostile_things()), ids=lambda thing: type(thing).__name__)
def test_hostile_html(thing: Shown) -> None:
    """No words of others become a tag, an attribute, a style, an image or a foreign link, in any field of any kind."""
    reader = read(render.html(thing.page()))

    assert reader.refused == []
    assert reader.tags.count("style") == 1
    assert reader.styles == [render.STYLE]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "".join(reader.words))


@pytest.mark.parametrize("thing", list(hostile_things()), ids=lambda thing: type(thing).__name__)
def test_hostile_markdown(thing: Shown) -> None:
    """The Markdown form gives no HTML, no image and no foreign link, even where a viewer lets all of them through."""
    viewer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    viewer.validateLink = lambda _url: True  # type: ignore[method-assign]

    reader = read(viewer.render(render.markdown(thing.page())))

    assert [refused for refused in reader.refused if not refused.startswith("code class=language-")] == []
    assert "style" not in reader.tags


@pytest.mark.parametrize("thing", list(hostile_things()), ids=lambda thing: type(thing).__name__)
def test_hostile_text(thing: Shown) -> None:
    """The text form holds no terminal sequence and no control character, and its title does not turn round."""
    text = render.text(thing.page())

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text.splitlines()[0])
    assert "[31m" not in text
    text.encode()


FULL = {
    "sessionId": "sess_1",
    "title": "Weekly *Sync* & more",
    "startTime": "2026-03-15T14:30:00Z",
    "endTime": "2026-03-15T15:45:00Z",
    "duration": 75,
    "session_type": "coaching_mentoring",
    "topic": {"id": "topic_1", "name": "Pilot", "color": "#AA3300"},
    "recap": "The pilot starts **Monday**.",
    "meeting_minutes": "## Key Decisions\n- Pilot starts Monday, it costs $5 & 10 < 20\n\n"
    "## 行動項目\n- **Ada**: [checklist](https://example.com)",
    "transcript": "raw words",
    "cleaned_transcript": "Ada: So the pilot starts Monday.\nBo: Who owns it?\n\nAda: I do.",
    "session_notes": '[{"insert":"Ask QA first\\n"}]',
    "highlights": [
        {
            "highlightId": "h1",
            "title": "Start date",
            "timeIndex": 65_000,
            "cleanedQuote": "Monday it is.",
            "aiInsight": "A date is set.",
        },
        {"highlightId": "h2", "title": "", "mainIdea": "Owner", "timeIndex": 4_205_999, "rawQuote": "I do"},
    ],
    "user_todos": [
        {"id": "t1", "text": "Write the checklist", "dueDate": "Tomorrow", "completed": False},
        {"id": "t2", "text": "Book a room", "dueDate": "", "completed": True},
    ],
}


def session(**changes: object) -> Session:
    """The full session above with *changes* to its JSON, shown in Berlin."""
    return Session.from_record({**FULL, **changes}, zone=ZoneInfo("Europe/Berlin"))


def test_session_text() -> None:
    """The text form of a session shows all of it, in the local time."""
    assert render.text(session().page()) == "\n".join(
        [
            "Session: Weekly *Sync* & more",
            "─────────────────────────────",
            "When      Sun 15 Mar 2026 15:30–16:45 CET",
            "Duration  1 h 15 min",
            "Type      coaching mentoring",
            "Topic     Pilot",
            "ID        sess_1",
            "",
            "Recap",
            "  The pilot starts **Monday**.",
            "",
            "Minutes",
            "  ## Key Decisions",
            "  - Pilot starts Monday, it costs $5 & 10 < 20",
            "",
            "  ## 行動項目",
            "  - **Ada**: [checklist](https://example.com)",
            "",
            "Highlights",
            "  01:05 Start date",
            "        “Monday it is.”",
            "        A date is set.",
            "  1:10:05 Owner",
            "          “I do”",
            "",
            "Todos",
            "  ☐ Write the checklist (due: Tomorrow, Mon 16 Mar)",
            "  ☑ Book a room",
            "",
            "Notes",
            "  Ask QA first",
            "",
            "Transcript",
            "  Ada: So the pilot starts Monday.",
            "  Bo: Who owns it?",
            "",
            "  Ada: I do.",
        ]
    )


def test_session_html() -> None:
    """The HTML of a session shows the same, with the topic's colour and the minutes as headings, bullets and bold."""
    source = render.html(session().page())
    shown = words(source)

    for expected in (
        "Weekly *Sync* & more",
        "Sun 15 Mar 2026 15:30–16:45 CET",
        "1 h 15 min",
        "Pilot",
        "01:05",
        "Monday it is.",
        "due: Tomorrow",
    ):
        assert expected in shown
    assert 'style="background:#AA3300"' in source
    assert '<h5 class="jp-toc-ignore">Key Decisions</h5>' in source
    assert "<li>Pilot starts Monday, it costs $5 &amp; 10 &lt; 20</li>" in source
    assert "<strong>Ada</strong>" in source
    assert '<a href="https://example.com" rel="noopener noreferrer" target="_blank">checklist</a>' in source
    assert "Ada: So the pilot starts Monday.<br>Bo: Who owns it?" in source


def test_session_markdown() -> None:
    """The Markdown form keeps the Markdown of the minutes and none of the title's."""
    source = render.markdown(session().page())

    assert source.startswith("### Session: Weekly \\*Sync\\* & more\n")
    assert "> ## Key Decisions\n> - Pilot starts Monday, it costs \\$5 & 10 < 20\n>\n" in source
    assert "- **Topic:** Pilot\n" in source
    assert "- 01:05 Start date\n  - “Monday it is.”\n  - A date is set.\n" in source


@pytest.mark.parametrize(
    "text",
    [
        "# a\n- b\n1. c\n\n\n===\n+ d",
        "*a* _b_ `c` ~~d~~ $e$ | f",
        "[a](http://b.example) ![c](d) <e> &amp; &copy;",
        "a\n    code\n> b",
        "\\*",
        "---",
    ],
)
def test_prose_in_markdown_reads_as_written(text: str) -> None:
    """Prose that looks like Markdown shows its own characters and lines in the Markdown form."""
    viewer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    shown = viewer.render(markdown.with_line_breaks(text))

    assert set(read(shown).tags) <= {"p", "br"}
    assert words(shown).split() == text.split()


@pytest.mark.parametrize(
    ("record", "title", "missing"),
    [
        (
            Session.from_record({}),
            "Session: Untitled session",
            "No recap yet · No minutes yet · No transcript yet · No highlights · No todos · No notes",
        ),
        (Highlight.from_record({}), "Highlight: Untitled highlight", "No quote and no insight yet"),
        (Todo.from_record({}), "Todo: (no text)", "No due date"),
        (Topic.from_record({}), "Topic: Untitled topic", "No description · No overview · No instructions"),
        (Context.from_record({}), "Context: Untitled context", "No content"),
        (Account.from_record({}), "Account: Account without a name", ""),
        (Transcript(""), "No transcript yet", ""),
        (
            Session.from_record({"title": " \u202e ", "transcript": "\n"}),
            "Session: Untitled session",
            "No transcript yet",
        ),
    ],
)
def test_what_is_missing_is_said(record: Shown, title: str, missing: str) -> None:
    """Where nothing is known the page says so in words, in all three forms, and never says None."""
    assert render.text(record.page()).splitlines()[0] == title
    for form in (render.text(record.page()), words(render.html(record.page())), render.markdown(record.page())):
        assert missing in form
        assert "None" not in form
        assert "nan" not in form.lower()


LONG = "Ada: the pilot starts on Monday. " * 100


def test_long_transcripts_fold() -> None:
    """A long transcript is folded in HTML under its number of words; the other forms say where it is."""
    long = session(cleaned_transcript=LONG)
    source = render.html(long.page())

    assert "<details><summary>Transcript, 599 words</summary>" in source
    assert LONG.strip() in words(source)
    assert render.text(long.page()).endswith("Transcript\n  599 words, all of them in .text")
    assert render.markdown(long.page()).endswith("#### Transcript\n\n*599 words, all of them in `.text`*\n")
    assert "<details>" not in render.html(session().page())


def test_length_without_spaces() -> None:
    """A text that is written without spaces is counted in characters."""
    source = render.html(session(cleaned_transcript="試験運用は月曜日に始まります。" * 100).page())

    assert "<summary>Transcript, 1,500 characters</summary>" in source


@pytest.mark.parametrize(
    ("write", "said", "at_most"),
    [
        (render.html, "The first 200,000 of 499,999 characters. print(_) shows the whole text.", 250_000),
        (render.markdown, r"The first 20 of 417 lines. print(\_) shows the whole text.", 30_000),
        (render.text, "The first 20 of 417 lines. print(_) shows the whole text.", 30_000),
    ],
)
def test_huge_texts_are_cut(write: Callable[[Page], str], said: str, at_most: int) -> None:
    """Of a text over the limit the beginning is shown, with how to get the rest; Markdown and text show less."""
    source = write(Transcript("word " * 100_000).page())

    assert said in source
    assert len(source) < at_most


def test_a_transcript_shows_all_of_itself() -> None:
    """A transcript that was asked for is whole in every form."""
    transcript = Transcript(LONG)

    assert words(render.html(transcript.page())).count("the pilot starts on Monday") == 100
    assert render.markdown(transcript.page()).count("Monday") == 100
    assert " ".join(render.text(transcript.page()).split()).count("Monday") == 100


def test_a_normal_session_is_small() -> None:
    """The HTML of an hour's meeting stays under 60 KB, so a notebook of many stays usable."""
    hour = session(
        cleaned_transcript="\n".join(["Ada: so the pilot starts on Monday and Bo owns the checklist."] * 700)
    )

    assert len(render.html(hour.page()).encode()) < 60_000


@pytest.mark.parametrize("zone_name", ["America/Sao_Paulo", "Asia/Kathmandu"])
def test_zones_without_letters(zone_name: str) -> None:
    """A zone that is called by its offset alone is named as such."""
    shown = render.text(Session.from_record({"startTime": "2026-03-15T14:30:00Z"}, zone=ZoneInfo(zone_name)).page())

    assert re.search(r"\d\d:\d\d UTC[+-]\d+", shown)


def test_a_meeting_over_midnight() -> None:
    """A meeting that ends on another local day names that day."""
    shown = render.text(session(startTime="2026-03-15T22:30:00Z", endTime="2026-03-15T23:15:00Z").page())

    assert "Sun 15 Mar 2026 23:30–Mon 16 Mar 00:15 CET" in shown


@pytest.mark.parametrize("color", ["red", "#12345", "#12345G", "#123456;x", "#123456\n", 7, None])
def test_colours_that_are_none(color: object) -> None:
    """A colour that is not #RRGGBB does not come into a style."""
    assert (
        "background:#" not in render.html(session(topic={"name": "Pilot", "color": color}).page()).split("</style>")[1]
    )
    assert (
        "background:#"
        not in render.html(Topic.from_record({"name": "Pilot", "color": color}).page()).split("</style>")[1]
    )


def test_text_is_wrapped() -> None:
    """No line of the text form is wider than 100 columns, in alphabets of double width neither."""
    shown = render.text(
        session(recap="word " * 200, meeting_minutes="試験運用は月曜日に始まります。" * 30, title="long " * 60).page()
    )

    assert max(map(wcwidth.width, shown.splitlines())) <= 100
    assert max(wcwidth.width(line) for line in shown.splitlines() if "試" in line) == 100


def test_labels_are_aligned_by_their_width() -> None:
    """A label and a title in characters of double width take two columns each; marks without width take none."""
    page = Page("", "会議 e\u0301", [Fact("期日", "a"), Fact("Due", "b")])

    assert render.text(page) == "会議 e\u0301\n──────\n期日  a\nDue   b"


def test_a_form_left_open_ends() -> None:
    """A code fence that the minutes never close does not swallow what follows them in Markdown."""
    source = render.markdown(session(meeting_minutes="```\nopen", recap="> - a").page())

    assert "#### Highlights" in source
    assert "<h4>Highlights</h4>" in MarkdownIt("commonmark").render(source)


def test_card() -> None:
    """A card shows its rows in all three forms."""
    card = display_shown.Card("Hedy", [("Mode", "DEMO"), ("Region", "us <1>")])

    assert render.text(card.page()) == "Hedy\n────\nMode    DEMO\nRegion  us <1>"
    assert card._repr_markdown_() == "### Hedy\n\n- **Mode:** DEMO\n- **Region:** us <1>\n"
    assert '<dt>Region</dt><dd dir="auto">us &lt;1&gt;</dd>' in card._repr_html_()


def test_nothing_is_loaded_and_nothing_runs() -> None:
    """The style names no address, and the page asks MathJax and the table of contents to pass by."""
    source = render.html(session().page())

    assert "url(" not in source
    assert "@import" not in source
    assert source.startswith('<div class="hedy-card mathjax_ignore tex2jax_ignore">')


@pytest.mark.parametrize("title", ["> quoted", "1. first", "- item", "# head", "===", "[ ] box"])
def test_entries_without_a_mark(title: str) -> None:
    """An entry without a mark has one bullet: that of the list in Markdown, a point elsewhere."""
    page = Page("", "T", sections=[("", Items((Item("", title),)))])

    assert words(MarkdownIt("commonmark").render(render.markdown(page))).split() == ["T", *title.split()]
    assert render.text(page).splitlines()[-1] == f"· {title}"
    assert "·" in render.html(page)


@pytest.mark.parametrize("thought", ["> quoted", "1. first", "- item", "# head", "===", "::: note"])
def test_thoughts_begin_as_words(thought: str) -> None:
    """A thought below an entry that begins like Markdown shows its own characters in the Markdown form."""
    source = render.markdown(Page("", "T", sections=[("", Items((Item("·", "Title", thought=thought),)))]))
    shown = MarkdownIt("commonmark").render(source)

    assert words(shown).split() == ["T", "·", "Title", *thought.split()]
    assert set(read(shown).tags) <= {"h3", "ul", "li", "p"}
