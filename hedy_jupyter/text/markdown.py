"""Make other people's text inert: nothing in it runs, loads or links in a program that reads Markdown.

Notes, exports, briefs and cards share this rule. Programs for notes run code that stands in a file: Obsidian's plugins
take blocks by the language of their fence (``dataviewjs``, ``tasks``, ``button``, ``mermaid``) and code that begins
with ``=`` or ``$=``, Templater takes ``<% … %>`` anywhere in a file, in front matter and in code too, Logseq, Hugo and
Jekyll ``{{ … }}`` and ``{% … %}``, MyST ``:::{…}``.

The words stay. Outside of code a reader sees no escape. Inside of code a backslash or an entity may be visible: what is
live there too is escaped everywhere, because a wrong guess at where code begins would let it through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedy_jupyter.text.clean import INVISIBLE, lines

# Languages that are only coloured, or run by a click at most. A fence of another language, or with attributes, loses
# its language.
_LANGUAGES = "text txt plaintext json yaml yml toml ini csv diff python py javascript js sql bash sh"
LANGUAGES = frozenset(_LANGUAGES.split())

_BLANK = rf"[^\S\n]|[{INVISIBLE}]"  # what JavaScript trims, and what nobody sees

# Pairs of characters that mean something anywhere in a file.
_TAG = re.compile(r"<(?=[A-Za-z/!?%])")
_PICTURE = re.compile(r"!(?=\[)")
_DOUBLED = re.compile(r"([%$])(?=\1)")  # in Obsidian %% begins a comment, $$ a formula
_TEMPLATE = re.compile(r"(?<=\{)[{%]")
_LINK_IN_FORMULA = re.compile(
    r"(?<!\\)((?:\\\\)*)\\(?=(?:href|url|style|class|cssId|require|includegraphics)(?![A-Za-z]))"
)
_OTHER_LINK = re.compile(r"\]\((?!\s*+(?:https?://|mailto:))", re.IGNORECASE)

# What means something outside of code, or makes code run that stands between backticks.
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


def words(text: str) -> str:
    """Make a line of plain words inert; their Markdown is escaped already."""
    tame = _TEMPLATE.sub(r"\\\g<0>", _doubled(_TAG.sub("&lt;", text)))
    return _BLOCK_NAME.sub(r"\\^", _HASHTAG.sub(r"\\#", tame))


def start(text: str) -> str:
    """Make the beginning of a line of plain words inert."""
    return _BLOCK_START.sub(r"\\", text)


def markdown(text: str) -> str:
    """Make Markdown inert: it keeps its form, without HTML, pictures, links to anything but the web and mail, and code that runs."""
    given = lines(text)
    if not _closes(given):
        given = _FENCE.sub(lambda found: found[1] + re.sub(r"[`~]", r"\\\g<0>", found[2]) + found[3], given)
        return _everywhere(_outside_of_code(given))
    return _everywhere("\n".join(part if is_code else _outside_of_code(part) for is_code, part in _parts(given)))


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
    """Return whether all blocks of code surely end: all stand at the left edge, outside of lists and quotes, and have a last line."""
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
    """Split a text, all of whose blocks of code end, into these and what stands between them.

    Fences keep harmless languages only.
    """
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
