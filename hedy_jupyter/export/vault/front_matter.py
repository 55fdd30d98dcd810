"""Front matter and marks of a note: which parts of a file are ours, and which are the user's.

::

    ---
    hedy: 1                     the version of the layout; with type and id it says which note this is
    type: "session"
    id: "sess_…"
    mood: good                  a key that the user added stays
    ---
    <!-- hedy:begin -->
    # Title, and facts
    ## Section …
    <!-- hedy:end -->
    What the user writes outside of the marks stays as it is, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hedy_jupyter.text import markdown
from hedy_jupyter.text.clean import CONTROLS, DIRECTION_OVERRIDES, without_surrogates

BEGIN = "<!-- hedy:begin -->"
END = "<!-- hedy:end -->"
SECTIONS = (
    *("About", "Overview", "Instructions", "Recap", "Todos", "Highlights"),
    *("Minutes", "Notes", "Questions and answers", "Meetings", "Transcript"),
)

_FRONT_MATTER = re.compile(
    r"(?P<open>\ufeff?---[ \t]*(?P<newline>\r?\n))(?P<entries>.*?)(?P<close>^---[ \t]*(\r?\n|\Z))",
    re.DOTALL | re.MULTILINE,
)
_ROW = re.compile(r"[^\n]*\n")  # splitlines() would also end lines where YAML and editors do not
_KEY = re.compile(r"""(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?=\s)""")
_CONTINUED = re.compile(r"\s|-\s")
_BEGIN_ROW = re.compile(rf"^{BEGIN}[ \t]*(?=\r?$)", re.MULTILINE)
_END_ROW = re.compile(rf"^{END}(?=[ \t]*\r?$)", re.MULTILINE)
_SECTION = re.compile(rf"^## ({'|'.join(SECTIONS)})$", re.MULTILINE)
_UNQUOTABLE = re.compile(rf"[{CONTROLS}\u2028\u2029{DIRECTION_OVERRIDES}\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class NoteUpdate:
    """New content of a note; what it does not name stays as it is in the note.

    Attributes:
        fields: YAML by key of the front matter; None removes the key.
        head: the text above the sections.
        sections: Markdown by heading, one of ``SECTIONS``; empty text removes the section.
        outlines: headings whose text may be less than what a note has; it is for notes without that section only.
    """

    fields: Mapping[str, str | None] = field(default_factory=dict)
    head: str | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    outlines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoteFile:
    """The text of a note in its parts, in their order.

    Attributes:
        entries: the lines of the front matter by key.
        ours: the text between the marks, with ``\\n`` for every line end; None unless there is exactly one such part.
        newline: the line end of the file.
    """

    open: str
    entries: Mapping[str, str]
    close: str
    before: str
    ours: str | None
    after: str
    newline: str

    @property
    def without_texts(self) -> NoteFile:
        """The front matter alone."""
        return replace(self, before="", ours=None, after="")

    def value(self, name: str) -> str | None:
        """Return the value of *name* in the front matter as text, or None."""
        _, _, scalar = self.entries.get(name, "").partition(":")
        return _unquoted(scalar.strip()) or None

    def __str__(self) -> str:
        ours = f"{BEGIN}\n\n{self.ours}\n\n{END}".replace("\n", self.newline)
        return "".join((self.open, *self.entries.values(), self.close, self.before, ours, self.after))


EMPTY_NOTE = NoteFile(
    open="---\n", entries=MappingProxyType({}), close="---\n", before="", ours="", after="\n", newline="\n"
)


def quoted(text: str) -> str:
    """Return *text* as an inert YAML scalar in double quotes, on one line, that every YAML parser reads."""
    scalar = json.dumps(without_surrogates(text), ensure_ascii=False)
    return markdown.in_front_matter(_UNQUOTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", scalar))


def _unquoted(scalar: str) -> str | None:
    """Return the value of a scalar that we or an editor wrote; None where only a YAML parser can read it."""
    if scalar.startswith('"'):
        try:
            return str(json.loads(scalar))
        except ValueError:
            return None
    if scalar.startswith("'"):
        return scalar[1:-1].replace("''", "'")
    return None if scalar.startswith(("|", ">", "[", "{")) else scalar


def read(text: str) -> NoteFile | None:
    """Return the parts of *text*, or None where it has not the front matter of one of our notes."""
    front = _FRONT_MATTER.match(text)
    if front is None or not {"hedy", "type", "id"} <= (entries := _entries(front["entries"])).keys():
        return None
    return NoteFile(front["open"], entries, front["close"], *_parts(text[front.end() :]), front["newline"])


def _entries(text: str) -> dict[str, str]:
    """Return top-level key → its lines; other lines, such as comments, under names that no key can have."""
    found: dict[str, str] = {}
    name = " 0"
    for number, row in enumerate(_ROW.findall(text), 1):
        if not _CONTINUED.match(row):
            match = _KEY.match(row)
            name = match[2] if match else f" {number}"
        found[name] = found.get(name, "") + row
    return found


def _parts(body: str) -> tuple[str, str | None, str]:
    begins, ends = list(_BEGIN_ROW.finditer(body)), list(_END_ROW.finditer(body))
    if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
        return body, None, ""
    (begin,), (end,) = begins, ends
    return body[: begin.start()], body[begin.end() : end.start()].replace("\r\n", "\n").strip("\n"), body[end.end() :]


def apply(text: NoteFile, note: NoteUpdate) -> NoteFile:
    """Return *text* with the new content of *note*, and everything else as it was."""
    entries = dict(text.entries)
    for name, value in note.fields.items():
        if value is None:
            entries.pop(name, None)
        else:
            entries[name] = f"{name}: {value}{text.newline}"
    return NoteFile(text.open, entries, text.close, text.before, _ours(note, text.ours or ""), text.after, text.newline)


def _ours(note: NoteUpdate, old: str) -> str:
    head, *rest = _SECTION.split(old)
    held = {name: body.strip("\n") for name, body in zip(rest[::2], rest[1::2], strict=True)}
    sections = held | {
        name: body for name, body in note.sections.items() if name not in held or name not in note.outlines
    }
    parts = [head.strip("\n") if note.head is None else note.head]
    return "\n\n".join(parts + [f"## {name}\n\n{sections[name]}" for name in SECTIONS if sections.get(name)])
