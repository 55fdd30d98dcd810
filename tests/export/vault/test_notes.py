"""Texts of the API stay text in a note, whatever is in them, and front matter is read as it was meant."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
import yaml
from markdown_it import MarkdownIt

from hedy_jupyter.export.vault import front_matter, notes, writer
from hedy_jupyter.frames.build import build
from hedy_jupyter.text import markdown
from hedy_jupyter.text.clean import without_surrogates

BEGIN, END = front_matter.BEGIN, front_matter.END
LINK = re.compile(r"\]\(([^()\s]+)\)")
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    *(
        "# Heading",
        "- item",
        "1. one",
        "> quote",
        "---",
        "```",
        "~~~",
        "    code",
        "a | b",
        "[x](y)",
        "![x](http://t/x.png)",
        "![[embed]]",
    ),
    *(
        "*b* _i_ __init__ ~~s~~",
        "#tag",
        "C# #",
        "[ ] box",
        "[a]: http://x",
        "$$x",
        "%%hidden",
        "&amp; &#35;",
        "back\\",
        "\\<b>",
        "a ` b",
    ),
    *(
        BEGIN,
        END,
        f"x\n{END}\n{BEGIN}\ny",
        "<script>alert(1)</script>",
        "<!--",
        "-->",
        "<https://x.y>",
        "</div",
        "## Todos",
        "\n## Recap\n",
    ),
    *(
        "quote \" and \\ and ' : #",
        "key: value",
        "---\nid: other\n---",
        "null",
        "yes",
        "12",
        "2026-03-15",
        "@x",
        "%x",
        "- ",
        "!tag",
        "&anchor",
    ),
    *(
        "line\nbreak",
        "cr\r\nlf\rx",
        "u\u2028v\u2029w\x85x\x0by\x0cz",
        "nul\x00esc\x1b[31m\x7f\x9f",
        "\ud800 lone \udfff",
        "\ufeffbom",
        "\ufffe\uffff",
    ),
    *(
        "\u202egnp.exe",
        "🎉",
        "👩\u200d👩\u200d👧",
        "",
        " ",
        "\u200b",
        "..",
        "../../x",
        "CON",
        "nul.md",
        "x" * 400,
        "議" * 200,
        "a/b\\c:d",
        "שלום",
        "é e\u0301",
    ),
]
MARKDOWN = [
    *(
        "```\nopen",
        "- x\n  ```\n  open",
        "> ```\nx",
        "~~~~\n```\n",
        "```a`b\n",
        "# One\n## Two\nThree\n===\nFour\n---\n",
        "## Todos\n\n- [x] no\n",
    ),
    *(
        "```\n## Todos\n```\n",
        "<div>\n\n## Recap",
        "<!-- \n\nx",
        "![p](http://t/x.png)",
        "%% open",
        "$$ open",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ),
    *(f"{END}\r\n{BEGIN}", f"\u2028{END}\u2028", "####### seven", "#", "\\![x](y)", "\\<b>bold</b>", "* * *\n# x"),
]


def hostile_frames() -> dict[str, pd.DataFrame]:
    """Every hostile text in every place that takes one."""
    texts = ("recap", "meeting_minutes", "transcript", "conversations", "session_notes", "session_type")
    rows = [
        {"sessionId": f"s{n}", "title": text, "startTime": "2026-03-15T10:00:00Z"} | dict.fromkeys(texts, text)
        for n, text in enumerate(HOSTILE)
    ]
    rows += [
        {"sessionId": f"m{n}", "title": "M", "recap": text, "meeting_minutes": text} for n, text in enumerate(MARKDOWN)
    ]
    for row in rows:
        row["topic"] = {"id": f"t{row['sessionId']}", "name": row["title"]}
    quotes = ("title", "rawQuote", "mainIdea", "aiInsight")
    notes_of_topic = ("description", "topicContext", "overview")
    return {
        "sessions": build("sessions_detailed", rows),
        "todos": build(
            "todos",
            [{"id": str(n), "sessionId": f"s{n}", "text": text, "dueDate": text} for n, text in enumerate(HOSTILE)],
        ),
        "highlights": build(
            "highlights_detailed",
            [{"id": f"h{n}", "sessionId": f"s{n}"} | dict.fromkeys(quotes, t) for n, t in enumerate(HOSTILE)],
        ),
        "topics": build(
            "topics", [{"id": f"ts{n}", "name": t} | dict.fromkeys(notes_of_topic, t) for n, t in enumerate(HOSTILE)]
        ),
    }


def visible(text: str) -> str:
    """What a reader sees of *text* in one line: a colour of the terminal shows nothing in a note."""
    plain = " ".join(without_surrogates(re.sub(r"\x1b\[\d*m", "", text)).split())
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cc")


def split(note: str) -> tuple[dict[str, Any], str]:
    """The front matter as a YAML parser reads it, and what follows it."""
    _, head, body = re.split(r"^---\n", note, maxsplit=2, flags=re.MULTILINE)
    return yaml.safe_load(head), body


def outline(body: str) -> list[str]:
    """The headings of the first two levels as a Markdown parser sees them.

    HTML other than the marks, and pictures, are refused.
    """
    tokens = PARSER.parse(body)
    inline = {child.type for token in tokens for child in token.children or ()}
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == [BEGIN, END]
    assert not {"html_inline", "image"} & inline
    return [
        text.content for token, text in pairwise(tokens) if token.type == "heading_open" and token.tag in ("h1", "h2")
    ]


def test_hostile_texts_make_nothing_but_text(tmp_path: Path) -> None:
    """No text of the API makes HTML, a picture, one of our headings or marks, nor swallows what the user writes."""
    written = writer.write(tmp_path / "vault", **hostile_frames(), zone=UTC)

    assert list(tmp_path.iterdir()) == [tmp_path / "vault"]
    for path in written.written:
        _, body = split((tmp_path / "vault" / path).read_text())
        _, *sections = outline(f"{body}\n# After\n")
        assert sections[-1] == "After"
        assert path == "todos.md" or sections[:-1] == [name for name in front_matter.SECTIONS if name in sections]


def test_hostile_titles_are_read_from_the_front_matter_and_linked(tmp_path: Path) -> None:
    """Each YAML title is the title, and each link leads to a note."""
    written = writer.write(tmp_path, **hostile_frames(), zone=UTC)

    titles = {f"s{number}": text for number, text in enumerate(HOSTILE)}
    for path in written.written:
        head, body = split((tmp_path / path).read_text())
        title = titles.get(head["id"].removeprefix("t"), "M")
        assert path == "todos.md" or head.get("title") == (without_surrogates(title) if title.strip() else None)
        targets = set(LINK.findall(body)) - {"y", "http://t/x.png"}  # what the Markdown of meetings links to
        assert targets
        assert all((tmp_path / path).parent.joinpath(unquote(target)).is_file() for target in targets)


def test_a_hostile_vault_is_written_once(tmp_path: Path) -> None:
    """Also with such texts the second run finds every note and changes none."""
    first, second = (writer.write(tmp_path, **hostile_frames(), zone=UTC) for _ in range(2))

    assert set(second.unchanged) == set(first.written)
    assert (second.written, second.moved, second.kept) == ((), {}, {})


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_plain_texts_are_shown_as_they_are(text: str) -> None:
    """A reader sees the words, not their Markdown: in a checklist, a heading, and paragraph by paragraph."""
    shown = [
        [
            "".join(child.content for child in token.children or ())
            for token in PARSER.parse(written)
            if token.type == "inline"
        ]
        for written in (f"- [ ] {markdown.escape(text)} |", f"# {markdown.escape(text)} |", markdown.paragraphs(text))
    ]
    paragraphs = list(filter(None, map(visible, without_surrogates(text).splitlines())))

    assert [" ".join(item.split()) for item in shown[0]] == [" ".join(f"[ ] {visible(text)} |".split())]
    assert [" ".join(item.split()) for item in shown[1]] == [f"{visible(text)} |".strip()]
    assert shown[2] == paragraphs
    assert {token.type for token in PARSER.parse(markdown.paragraphs(text))} <= {
        "paragraph_open",
        "inline",
        "paragraph_close",
    }


@pytest.mark.parametrize("text", ["#tag", "a #tag", "%%hidden%%", "$$x$$", "costs $5 and $6", "[[wiki]]", "![[embed]]"])
def test_what_only_obsidian_reads_is_escaped_too(text: str) -> None:
    """Tags, comments, formulas and links of Obsidian are not what a meeting said."""
    assert not re.search(r"(?<!\\)(#tag|%%|\$|\[\[)", markdown.escape(text))
    assert not re.search(r"%%|\$\$|!\[", markdown.inert_section(text))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "5-6 on 2026-03-01, 1.5 mm, snake_case, C# - a < b & c!",
            "5-6 on 2026-03-01, 1.5 mm, snake_case, C# - a < b & c!",
        ),
        ("8. Dezember", "8\\. Dezember"),
        ("-5 degrees", "-5 degrees"),
        ("", ""),
        (" one \n\n\n two ", "one\n\ntwo"),
    ],
)
def test_no_more_is_escaped_than_has_to_be(text: str, written: str) -> None:
    """People also read the source of a note."""
    assert markdown.paragraphs(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("```py\nx\n```", "```py\nx\n```"),
        ("````\n```\n````\n", "````\n```\n````"),
        ("```py\nx\n~~~", "\\`\\`\\`py\nx\n\\~\\~\\~"),
        ("````\nx\n```", "\\`\\`\\`\\`\nx\n\\`\\`\\`"),
        ("```\nx\n``` y", "\\`\\`\\`\nx\n\\`\\`\\` y"),
        ("- ```\n  x\n  ```", "- \\`\\`\\`\n  x\n  \\`\\`\\`"),
        ("# A\n### B", "### A\n##### B"),
        ("## A\n###### B", "### A\n###### B"),
        ("### A", "### A"),
        ("A\n---\nB\n===\n", "A\n\n---\nB\n\\==="),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("**bold** [x](https://y.example) | a |", "**bold** [x](https://y.example) | a |"),
        ("[x](javascript:alert(1))", r"[x]\(javascript:alert(1))"),
        ("- # inner", "- ###### inner"),
    ],
)
def test_markdown_keeps_its_form_but_not_its_reach(text: str, written: str) -> None:
    """Headings are below ours, and only a block of code that surely ends may stay one."""
    assert markdown.inert_section(text) == written


def test_every_character_survives_the_front_matter() -> None:
    """A YAML parser reads back what was written, on one line, in characters that it takes."""
    letters = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x11000), 0x1F389, 0x10FFFF)))
    written = front_matter.quoted(letters)

    assert yaml.safe_load(f"key: {written}") == {"key": letters}
    assert len(written.splitlines()) == 1
    assert yaml.safe_load(front_matter.quoted("\ud800 x")) == "\ufffd x"
    assert front_matter.NoteFile("", {"key": f"key: {written}\n"}, "", "", "", "", "\n").value("key") == letters


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("plain: x", "plain: x"),
        ("'it''s'", "it's"),
        ('"a\\n\\"b"', 'a\n"b'),
        ("12", "12"),
        ("", None),
        ('""', None),
        ("|\n  x", None),
        ('"\\e"', None),
    ],
)
def test_scalars_of_other_programs_are_read(scalar: str, value: str | None) -> None:
    """As far as that goes without a YAML parser."""
    text = front_matter.read(f'---\nhedy: 1\ntype: session\n"id" : {scalar}\n---\n')

    assert text is not None
    assert text.value("id") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "---\n",
        "---\nhedy: 1\ntype: x\nid: y\n",
        "\n---\nhedy: 1\ntype: x\nid: y\n---\n",
        "---\nhedy: 1\ntype: x\n---\nid: y\n---\n",
    ],
)
def test_other_files_are_no_notes(text: str) -> None:
    """A note begins with its front matter, and that names its id."""
    assert front_matter.read(text) is None


@pytest.mark.parametrize(
    ("minutes", "when"), [(30.0, "23:30"), (20.0, "23:30–23:50"), (float(10**9), "23:30"), (0.0, "23:30")]
)
def test_the_end_of_a_meeting_is_said_where_it_is_the_same_day(minutes: float, when: str) -> None:
    """Without an end the duration gives it."""
    start = datetime(2026, 3, 15, 23, 30, tzinfo=UTC)
    note = notes.session_note(
        {"session_id": "s", "start_time": start, "duration_min": minutes}, None, None, lambda _: ""
    )

    assert note.head is not None
    assert note.head.split("\n")[2].split(" · ")[0] == f"2026-03-15 {when}"
