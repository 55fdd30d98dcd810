"""Markdown out of other people's text: escape plain words, and make Markdown inert.

Nothing in the result runs, loads or links in a program that reads Markdown. Notes, exports, briefs and cards share
these rules. Programs for notes run code that is in a file: Obsidian's plugins take blocks by the language of their
fence (``dataviewjs``, ``tasks``, ``button``, ``mermaid``) and code that begins with ``=`` or ``$=``, Templater takes
``<% … %>`` anywhere in a file, in front matter and in code too, Logseq, Hugo and Jekyll take ``{{ … }}`` and
``{% … %}``, MyST ``:::{…}``.

The words stay. Outside of code a reader sees no escape. Inside of code a backslash or an entity may be visible: what is
live there too is escaped everywhere, because a wrong guess at where code begins would let it through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedy_jupyter.text.clean import INVISIBLE, lines

# Languages that are only coloured, or run by a click at most. Other languages and attributes of a fence are removed.
_LANGUAGES = "text txt plaintext json yaml yml toml ini csv diff python py javascript js sql bash sh"
LANGUAGES = frozenset(_LANGUAGES.split())

_BLANK = rf"[^\S\n]|[{INVISIBLE}]"  # what JavaScript trims, and invisible characters

# What is Markdown in a line of plain words, and at its start.
_SPECIAL = re.compile(r"[\\`*\[\]|$]|(?<![^\W_])_|_(?![^\W_])|(?<!\S)#")
_START = re.compile(r"^(?:(?=>|[-+](?: |$)|-[- ]*$|=+$)|(\d+)(?=[.)](?: |$)))")
_ANY_SPECIAL = re.compile(r"[\\`*\[\]|$_#&<~%{^]")
"""A character without which a line of plain words is not changed."""
_ENTITY = re.compile(r"&(?=#?\w+;)")

# Headings, which in a section of a document are below those of the document.
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t]|$)", re.MULTILINE)
_UNDERLINE = re.compile(r"^ {0,3}(?==+[ \t]*$)", re.MULTILINE)
_RULE = re.compile(r"(?<=[^\n])\n(?= {0,3}-+[ \t]*$)", re.MULTILINE)
_INSIDE = (
    r"(?:[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])(?=[ \t])))+[ \t]*|[ ]{0,3}\t[ \t]*|[ \t]{4,}"  # of lists, quotes and code
)
_INNER_HEADING = re.compile(rf"^({_INSIDE})#{{1,6}}(?=[ \t]|$)", re.MULTILINE)
_INNER_UNDERLINE = re.compile(rf"^({_INSIDE})(?=(?:=+|-+)[ \t]*$)", re.MULTILINE)

# Pairs of characters that mean something anywhere in a file.
_TAG = re.compile(r"<(?=[A-Za-z/!?%])")
_PICTURE = re.compile(r"!(?=\[)")
_DOUBLED = re.compile(r"([%$])(?=\1)")  # in Obsidian %% begins a comment, $$ a formula
_TEMPLATE = re.compile(r"(?<=\{)[{%]")
_LINK_IN_FORMULA = re.compile(
    r"(?<!\\)((?:\\\\)*)\\(?=(?:href|url|style|class|cssId|require|includegraphics)(?![A-Za-z]))"
)
_FORMULA = re.compile(r"(?<!\\)((?:\\\\)*)\$")
WEB_LINK = r"(?:https?://|mailto:)"
_OTHER_LINK = re.compile(rf"\]\((?!\s*+{WEB_LINK})", re.IGNORECASE)

# What means something outside of code, or makes code between backticks run.
_NUMBERED_LINK = re.compile(
    r"\[\[([^\[\]\n]{1,80})\]\](?=\()"
)  # [[1]](https://…): a link with brackets round its words
_WIKI_LINK = re.compile(r"(?<=\[)\[")
_HASHTAG = re.compile(r"(?<!\S)#(?=\d*[-/]?(?:[^\W\d]|[^\x00-\x7f]))")
_BLOCK_NAME = re.compile(r"(?<!\S)\^(?=[\w-]+[ \t]*$)", re.MULTILINE)
_ROLE = re.compile(r"\{(?=[\w:+.-]+\}`)")
_QUERY_IN_CODE = re.compile(rf"(`(?:{_BLANK})*)(?=\$?=)")
_FIELD_IN_CODE = re.compile(rf"(`(?:{_BLANK}|[\n>])*(?:INPUT|VIEW|BUTTON))(?=\[)")

# What means something at the beginning of a line, or of a block of code.
_CONTAINERS = rf"(?:(?:{_BLANK})*(?:>|(?:[*+-]|\d{{1,9}}[.)])(?=[ \t])))*+(?:{_BLANK})*+"
_LINE_START = re.compile(rf"^({_CONTAINERS})(?=\$=|=(?!=*[ \t]*$)|:::|@import\b)", re.MULTILINE)
_BLOCK_START = re.compile(r"^(?=:::|@import\b)")
_FENCE = re.compile(r"^((?:[^\w\n`~]|[\d_])*)(`{3,}|~{3,})(.*)$", re.MULTILINE)
_AT_EDGE = re.compile(r"(`{3,}|~{3,})(.*)")

# In front matter, which some programs show as Markdown.
_IN_FRONT_MATTER = re.compile(
    "|".join(("`", _TAG.pattern, _PICTURE.pattern, _TEMPLATE.pattern, _WIKI_LINK.pattern, r"%(?=%)", r"(?<=\])\("))
)


# Plain words → Markdown -------------------------------------------------------


def escape(text: str) -> str:
    """Return *text* as plain words in one line of Markdown, anywhere but at its start."""
    words = " ".join(lines(text).split())
    if not _ANY_SPECIAL.search(words):
        return words
    words = _SPECIAL.sub(r"\\\g<0>", _ENTITY.sub("&amp;", words))
    words = words.replace("~", r"\~") if words.count("~") > 1 else words  # some programs strike through between two
    tame = _TEMPLATE.sub(r"\\\g<0>", _doubled(_TAG.sub("&lt;", words)))
    return _BLOCK_NAME.sub(r"\\^", _HASHTAG.sub(r"\\#", tame))


def escape_start(escaped: str) -> str:
    """Return *escaped*, a line of plain words, for the start of a line of Markdown."""
    if escaped[:1].isalpha():  # most lines: a letter is nothing but a letter
        return escaped
    if _START.match(escaped):
        escaped = _START.sub(r"\1\\", escaped, count=1)
    return f"\\{escaped}" if _BLOCK_START.match(escaped) else escaped


def paragraphs(text: str) -> str:
    """Return *text* as plain words, a paragraph for each line that has some."""
    return "\n\n".join(filter(None, _escaped_lines(text)))


def with_line_breaks(text: str) -> str:
    """Return *text* as plain words in one paragraph that keeps every line, empty ones too."""
    return "\\\n".join(_escaped_lines(text))


def quote(text: str) -> str:
    """Return *text* as plain words in a block quote, a paragraph for each line."""
    return "\n".join(f"> {line}".rstrip() for line in paragraphs(text).split("\n"))


def _escaped_lines(text: str) -> list[str]:
    return [escape_start(escape(line)) for line in lines(text).split("\n")]


# Markdown → inert Markdown ----------------------------------------------------


def inert(text: str, *, with_formulas: bool = True) -> str:
    """Return *text*, which is Markdown, in its form but without HTML, pictures and code that runs.

    Links lead to the web or to mail only. Without *with_formulas* a ``$`` begins no formula.
    """
    given = lines(text)
    if _closes(given):
        tame = "\n".join(part if is_code else _outside_of_code(part) for is_code, part in _parts(given))
    else:
        given = _FENCE.sub(lambda found: found[1] + re.sub(r"[`~]", r"\\\g<0>", found[2]) + found[3], given)
        tame = _outside_of_code(given)
    tame = _everywhere(tame)
    return tame if with_formulas else _FORMULA.sub(r"\1\\$", tame)


def inert_section(text: str) -> str:
    """Return *text*, which is Markdown, inert, with headings from the third level on.

    Headings are changed inside of code too: a wrong guess at where code begins would let them through.
    """
    tame = _RULE.sub("\n\n", _UNDERLINE.sub(r"\\", inert(text)))
    deeper = "#" * max(0, 3 - min((len(marks) for _, marks in _HEADING.findall(tame)), default=3))
    tame = _HEADING.sub(lambda found: found[1] + (found[2] + deeper)[:6], tame).strip("\n")
    return _INNER_UNDERLINE.sub(r"\1\\", _INNER_HEADING.sub(r"\1######", tame))


def in_front_matter(scalar: str) -> str:
    """Escape in a YAML scalar in double quotes what programs look for in files; its value stays the same."""
    return _IN_FRONT_MATTER.sub(lambda found: f"\\u{ord(found[0]):04x}", scalar)


def _everywhere(text: str) -> str:
    """Escape what is live in code too."""
    tame = _TEMPLATE.sub(r"\\\g<0>", _doubled(_PICTURE.sub(_entity, _TAG.sub("&lt;", text))))
    tame = _LINK_IN_FORMULA.sub(r"\1\\\\", tame)
    return _LINE_START.sub(r"\1\\", _OTHER_LINK.sub(r"]\\(", tame.replace("]:", "]\\:")))


def _outside_of_code(text: str) -> str:
    """Escape what is live outside of code, or makes code between backticks run."""
    tame = _WIKI_LINK.sub(r"\\[", _NUMBERED_LINK.sub(r"[\[\1\]]", text))
    tame = _BLOCK_NAME.sub(r"\\^", _HASHTAG.sub(r"\\#", tame))
    return _ROLE.sub(r"\\{", _FIELD_IN_CODE.sub(r"\1\\", _QUERY_IN_CODE.sub(r"\1\\", tame)))


def _doubled(text: str) -> str:
    return _DOUBLED.sub(_entity, text)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _closes(text: str) -> bool:
    """Return whether all blocks of code surely end: each is outside of lists and quotes, and has a last line."""
    fence = ""
    for before, marks, rest in _FENCE.findall(text):
        if before and not (fence and before.strip()):
            return False
        if not fence:
            fence = "" if marks[0] == "`" and "`" in rest else marks
        elif not before and marks.startswith(fence) and not rest.strip():
            fence = ""
    return not fence


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """Split a text whose blocks of code all end into these and the text between them; fences keep safe languages."""
    fence, part = "", list[str]()
    for line in text.split("\n"):
        found = _AT_EDGE.match(line)
        if not fence and found and not (found[1][0] == "`" and "`" in found[2]):
            if part:
                yield False, "\n".join(part)
            fence, part = found[1], [found[1] + _language(found[2])]
        elif fence and found and found[1].startswith(fence) and not found[2].strip():
            yield True, "\n".join([*part, line])
            fence, part = "", []
        else:
            part.append(line)
    if part:
        yield False, "\n".join(part)


def _language(info: str) -> str:
    first = info.split()[0] if info.strip() else ""
    return first if first.lower() in LANGUAGES else ""
