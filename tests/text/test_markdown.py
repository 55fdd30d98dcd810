"""Nothing that programs for notes would run comes through in anything that writes Markdown, in any field.

The words stay.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from hedy_jupyter import Highlight, Session
from hedy_jupyter.export import markdown_documents
from hedy_jupyter.export.vault import front_matter, writer
from hedy_jupyter.frames.build import build
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import words
from hedy_jupyter.text import markdown
from hedy_jupyter.text.clean import without_surrogates
from tests.histories import History

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
LANGUAGES = [
    "dataviewjs",
    "dataview",
    "tasks",
    "button",
    "mermaid",
    "query",
    "base",
    "meta-bind-button",
    "run-js",
    "execute",
    "js-engine",
]
LANGUAGES += [
    "javascript-dv",
    "jsx:component:X",
    "{python}",
    "{code-cell}",
    "{include}",
    "plantuml",
    "tikz",
    "js {cmd=true}",
    "python run",
]
BLOCKS = [
    f"{fence}{gap}{language}\nalert(1)\n{fence}"
    for language in LANGUAGES
    for fence, gap in (("```", ""), ("~~~~", " "))
]
BLOCKS += [
    *(
        "- item\n  ```dataviewjs\n  alert(1)\n  ```",
        "> ```tasks\n> alert(1)\n> ```",
        "1. > ```button\n   > alert(1)\n   > ```",
    ),
    *(
        "   ```mermaid\nalert(1)\n   ```",
        "\u00a0```dataviewjs\nalert(1)\n```",
        "```js\nx\n```\n```dataviewjs\nalert(1)",
        "```dataviewjs\nalert(1)",
    ),
    *(
        "- ```query\n  alert(1)",
        ": ```query\nalert(1)\n```",
        "[^1]: ```query\n    alert(1)\n    ```",
        "```\n= this.x\n```",
        "    $= alert(1)",
    ),
    *(
        "- a\n\n      = this.x",
        "```\n\n\u00a0$= alert(1)\n```",
        ":::{include} /etc/passwd\n:::",
        '@import "alert.js"',
        "```\n%% run start alert(1) %%\n```",
    ),
]
LINES = [
    *(
        "`$= dv.pages()`",
        "`= this.x`",
        "`` $=x``",
        "`\u00a0= this.x`",
        "a `b` `$=c`",
        "`\ufeff$=x`",
        "`= x",
        "``` $= x ```",
    ),
    *(
        "<% tp.system.prompt() %>",
        "<%* alert(1) %>",
        "`<% x %>`",
        "```\n<%* x %>\n```",
        "<%%>",
        "{{query (todo)}}",
        "{{{x}}}",
        "{% include x %}",
    ),
    *(
        "[[Other note]]",
        "![[secret.pdf]]",
        "[[a|b]] and [[#^id]]",
        "\\[[x]]",
        "[[[x]]]",
        "x ^block-id",
        "#tag",
        "a #deep/tag",
        "%%hidden%%",
    ),
    *(
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x][y]\n\n[y]: javascript:alert(1)",
    ),
    *(
        "`INPUT[text:x]`",
        "`VIEW[{a}]`",
        "{eval}`1+1`",
        "$\\href{javascript:alert(1)}{x}$",
        "$$\\href{javascript:x}{y}$$",
        "x\n\n`\n= y`",
    ),
]
HOSTILE = [
    *BLOCKS,
    *LINES,
    *(f"> {line}" for line in LINES),
    *(f"- {line}" for line in LINES),
    "\n\n".join(LINES),
    "| `= x` | [[y]] |\n|---|---|",
]


def tokens(found: list[Token]) -> Iterator[Token]:
    """All tokens, also those inside of others."""
    for token in found:
        yield token
        yield from tokens(token.children or [])


def dangers(text: str) -> list[str]:
    """What in the file *text* a program for notes would run, load or link."""
    found = [pair for pair in ("<%", "{{", "{%", "%%") if pair in text]
    lines = text.split("\n")
    for token in tokens(PARSER.parse(text)):
        code = re.sub(r"^[\s\ufeff]+", "", token.content)
        if token.type == "fence" and token.info and token.info not in markdown.LANGUAGES:
            found.append(f"```{token.info}")
        live = {"fence": r"\$?=", "code_block": r"\$?=", "code_inline": r"\$?=|(?:INPUT|VIEW|BUTTON)\["}.get(token.type)
        if live and re.match(live, code):
            found.append(code)
        if token.type in {"fence", "code_block"} and token.map:
            lines[slice(*token.map)] = [""] * (token.map[1] - token.map[0])
        is_foreign = token.type == "link_open" and not re.match(
            r"https?:|mailto:|(?:\.\./)*[\w%]+/", str(token.attrs["href"])
        )
        if (
            token.type in {"image", "html_inline"}
            or is_foreign
            or (token.type == "html_block" and "hedy:" not in token.content)
        ):
            found.append(token.type)
    body = re.sub(
        r"\A---\n.*?\n---\n", "", "\n".join(lines), flags=re.DOTALL
    )  # text in front matter has no tags, and opens no directive
    outside = re.sub(r"`[^`\n]*`", "", body)
    front = re.sub(r'^daily: "\[\[[\d-]+\]\]"$', "", text.split("\n---\n")[0], flags=re.MULTILINE)  # a link of ours
    found += ["[["] * front.count("[[")
    return found + re.findall(
        r"\[\[|(?<!\S)#(?=\w*[a-z])|(?<!\S)\^[\w-]+$|^[ >]*(?:[*+-] |\d+[.)] )*:::|^@import|(?<![\\])\\href",
        outside,
        re.MULTILINE,
    )


def records(hostile: list[str] = HOSTILE) -> list[dict[str, Any]]:
    """A meeting for each of *hostile*, which is in every field that takes one."""
    texts = (
        "title",
        "recap",
        "meeting_minutes",
        "transcript",
        "cleaned_transcript",
        "conversations",
        "session_notes",
        "session_type",
    )
    return [
        {"sessionId": f"s{number}", "startTime": "2026-03-15T10:00:00Z", "topic": {"id": f"t{number}", "name": text}}
        | dict.fromkeys(texts, text)
        for number, text in enumerate(hostile)
    ]


@cache
def frames() -> dict[str, pd.DataFrame]:
    """Frames of all kinds with every hostile text in every field."""
    todos = [
        {
            "id": str(number),
            "sessionId": f"s{number}",
            "text": text,
            "dueDate": text,
            "topic": {"id": f"t{number}", "name": text},
        }
        for number, text in enumerate(HOSTILE)
    ]
    quotes = ("title", "rawQuote", "cleanedQuote", "mainIdea", "aiInsight")
    about = ("name", "description", "topicContext", "overview", "iconName", "color")
    return {
        "sessions": build("sessions_detailed", records()),
        "todos": build("todos", todos),
        "highlights": build(
            "highlights_detailed",
            [{"id": f"h{n}", "sessionId": f"s{n}"} | dict.fromkeys(quotes, t) for n, t in enumerate(HOSTILE)],
        ),
        "topics": build(
            "topics", [{"id": f"t{number}"} | dict.fromkeys(about, text) for number, text in enumerate(HOSTILE)]
        ),
    }


# Files -----------------------------------------------------------------------


def test_no_note_of_a_vault_holds_live_code(tmp_path: Path) -> None:
    """In every note, front matter and all; written again it is the same, and the title is read back as it was."""
    first, second = (writer.write(tmp_path, **frames(), zone=UTC) for _ in range(2))

    assert set(second.unchanged) == set(first.written)
    assert len(first.written) == 2 * len(HOSTILE) + 1
    for path in first.written:
        text = (tmp_path / path).read_text()
        head = yaml.safe_load(text.split("---\n")[1])
        title = HOSTILE[int(head["id"][1:])] if path != "todos.md" else None
        assert dangers(text) == []
        assert head.get("title") == (without_surrogates(title) if title is not None else None)
        if title is not None:
            assert front_matter.read(text).value("title") == title  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["sessions", "todos", "highlights", "topics", "contexts", "webhooks"])
def test_no_export_holds_live_code(kind: str) -> None:
    """``to_markdown`` of every kind, and ``to_checklist``."""
    more = {
        "contexts": build(
            "contexts", [{"id": str(number), "title": text, "content": text} for number, text in enumerate(HOSTILE)]
        ),
        "webhooks": build(
            "webhooks", [{"id": str(n), "url": f"https://x.example/{t}", "events": [t]} for n, t in enumerate(HOSTILE)]
        ),
    }
    frame = (frames() | more)[kind]

    for row in range(0, len(frame), 1 if kind == "sessions" else 3):  # the texts are written by the same functions
        assert dangers(markdown_documents.to_markdown(frame.iloc[[row]], kind, zone=UTC)) == []
    assert dangers(markdown_documents.to_markdown(frame, kind, zone=UTC)) == []
    assert kind != "todos" or dangers(markdown_documents.to_checklist(frame, zone=UTC)) == []


def test_the_magic_writes_no_live_code(tmp_path: Path) -> None:
    """``%hedy export md`` and ``%hedy export vault``, and the Markdown of ``%hedy brief``."""
    some = HOSTILE[::3]  # the exports of all of them are looked at above
    history = History(0, youngest_days=1)
    history.details = {
        str(one["sessionId"]): one | {"duration": 30, "highlights": [], "user_todos": []} for one in records(some)
    }
    with history.account_of(archive=tmp_path / "archive.sqlite"):
        for line in (f'export md "{tmp_path}/m.md"', f'export vault "{tmp_path}/vault"'):
            dispatch.dispatch(CommandContext(ask_hidden=lambda _: ""), words(line, {})[0])
        brief = dispatch.dispatch(CommandContext(ask_hidden=lambda _: ""), words("brief --since 2026-01-01", {})[0])[
            1
        ].value

    written = [tmp_path / "m.md", *(tmp_path / "vault").rglob("*.md")]
    assert len(written) > len(some)
    assert [path for path in written if dangers(path.read_text())] == []
    assert dangers(brief.markdown) == []


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_record_holds_live_code(text: str) -> None:
    """The Markdown form of records, which viewers show and people paste elsewhere."""
    session = Session.from_record(
        {
            "sessionId": "s",
            "title": text,
            "recap": text,
            "meeting_minutes": text,
            "transcript": text,
            "topic": {"id": "t", "name": text},
        }
    )
    highlight = Highlight.from_record(
        {"highlightId": "h", "title": text, "rawQuote": text, "mainIdea": text, "aiInsight": text}
    )

    assert dangers(session._repr_markdown_()) == []
    assert dangers(highlight._repr_markdown_()) == []


# What stays ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("```dataviewjs\nx\n```", "```\nx\n```"),
        ("~~~mermaid\nx\n~~~", "~~~\nx\n~~~"),
        ("```js {cmd=true}\nx\n```", "```js\nx\n```"),
        ("```Python\nx = [[1]]\ncosts = $5\n```", "```Python\nx = [[1]]\ncosts = $5\n```"),
        ("```\n- ```tasks\n```", "```\n- ```tasks\n```"),
        ("Run `pip install x` with `a = 5`, `[0]`, `-x`", "Run `pip install x` with `a = 5`, `[0]`, `-x`"),
        ("`$= x`", "`\\$= x`"),
        ("`= x` = 5", "`\\= x` \\= 5"),
        ("see [[1]](https://a.example) and [[Ada]]", "see [\\[1\\]](https://a.example) and [\\[Ada]]"),
        ("C#, F# and issue #5, #5 and 3 ^2 m", "C#, F# and issue #5, #5 and 3 ^2 m"),
        ("{{x}} {a} {} 5% %", "{\\{x}} {a} {} 5% %"),
        ("a == b", "a == b"),
    ],
)
def test_what_is_harmless_keeps_its_form(text: str, written: str) -> None:
    """Few things are escaped, and what is escaped can be read."""
    assert markdown.inert_section(text) == written


@pytest.mark.parametrize(
    "text", [text for text in LINES if "`" not in text and "](" not in text and "]:" not in text], ids=ascii
)
def test_outside_of_code_a_reader_sees_no_escape(text: str) -> None:
    """The words are the same, however they are written."""
    shown = "".join(token.content for token in tokens(PARSER.parse(markdown.inert(text))) if token.type == "text")

    assert "".join(shown.split()) == "".join(text.replace("\\[", "[").split())


@pytest.mark.parametrize("text", BLOCKS, ids=ascii)
def test_blocks_of_code_keep_their_content(text: str) -> None:
    """Only what names the language is taken away."""
    shown = markdown.inert(text)

    assert [word for word in ("alert(1)", "this.x", "/etc/passwd", "alert.js") if word in text] == [
        word for word in ("alert(1)", "this.x", "/etc/passwd", "alert.js") if word in shown
    ]


@pytest.mark.parametrize(
    "write",
    [
        markdown.inert_section,
        markdown.paragraphs,
        markdown.quote,
        lambda text: f"- [ ] {markdown.escape(text)}",
        markdown.inert,
    ],
    ids=["markdown", "plain", "quote", "line", "inert"],
)
def test_no_mixture_comes_through(write: Callable[[str], str]) -> None:
    """Pieces of syntax in any order: what only we or only a parser takes for code hides nothing."""
    pieces = [
        "```",
        "~~~",
        "````",
        "dataviewjs",
        "js",
        " {cmd=true}",
        "`",
        "``",
        "$=",
        "=",
        " = ",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "    ",
    ]
    pieces += [
        "\t",
        "[[x]]",
        "![[y]]",
        "<%",
        "{{q}}",
        "{%",
        "x",
        " ",
        "\u00a0",
        "\\",
        "|",
        "\n|---|---|\n",
        "# ",
        "%%",
        "](javascript:x)",
    ]
    pieces += ["[a", "[a]: b", "$$", "INPUT[x]", "&#96;", "<b>", "\r\n", "\u2028", "[^1]: ", ": "]
    chance = random.Random(5)  # noqa: S311

    for _ in range(1_500):
        text = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 14)))
        assert dangers(write(text)) == [], text


@pytest.mark.parametrize(
    "text",
    [
        "```" * 7_500,
        "`" * 25_000,
        "> " * 12_500,
        "[[" * 12_500,
        "\n- " * 7_500,
        "\u00a0" * 25_000 + "=",
        "`\u00a0" * 12_500,
    ],
)
@pytest.mark.timeout(10)
def test_no_text_takes_long(text: str) -> None:
    """The time grows with the length of a text, whatever it is."""
    assert markdown.inert(text)
    assert markdown.paragraphs(text) is not None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a ~b~ c", "a \\~b\\~ c"),
        ("~/notes and 5 ~ 6", "\\~/notes and 5 \\~ 6"),
        ("see ~/notes", "see ~/notes"),
        ("===", "\\==="),
        ("= x == y", "= x == y"),
        ("10 < 20 & 5", "10 < 20 & 5"),
    ],
)
def test_cards_and_notes_escape_alike(text: str, written: str) -> None:
    """The same words are escaped in the same way in notes and in the Markdown of cards, and no more than needed."""
    assert markdown.paragraphs(text) == written
    assert markdown.with_line_breaks(f"{text}\n\n{text}") == f"{written}\\\n\\\n{written}"


def test_formulas_are_for_notes_only() -> None:
    """In a notebook a dollar begins no formula; a note keeps the formulas of its text."""
    assert markdown.inert("costs $5, $x$") == "costs $5, $x$"
    assert markdown.inert("costs $5, \\$x$", with_formulas=False) == "costs \\$5, \\$x\\$"
    assert markdown.inert("\\\\$x$", with_formulas=False) == "\\\\\\$x\\$"
