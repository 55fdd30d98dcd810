"""API text: plain text out of the forms in which the API sends text.

Pure functions on one value; None where there is nothing to read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from hedy_jupyter.text.clean import without_surrogates

UNTITLED = {
    "session": "Untitled session",
    "topic": "Untitled topic",
    "context": "Untitled context",
    "highlight": "Untitled highlight",
    "todo": "(no text)",
    "todos": "Todos",
}
"""The words for a missing title, or for the missing text of a todo."""
WITHOUT_TOPIC = "Without a topic"


def text(value: object) -> str | None:
    """Return text as it is, the empty text too; None for anything else."""
    return without_surrogates(value) if isinstance(value, str) else None


def notes(value: object) -> str | None:
    """Return the text of session notes, which are a Quill delta, mostly as a JSON string; other text stays as it is.

    The line break at the end of every delta is left out, and so are pictures and other embeds.
    """
    delta = _parsed(value) if isinstance(value, str) else value
    operations = delta.get("ops") if isinstance(delta, dict) else delta
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        return text(value)
    inserts = (one.get("insert") for one in operations)
    return without_surrogates("".join(insert for insert in inserts if isinstance(insert, str)).removesuffix("\n"))


def _parsed(value: str) -> object:
    if not value.lstrip().startswith(("[", "{")):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def overview(value: object) -> str | None:
    """Return the text of a topic's overview.

    The API sends ``{summary}``, ``{overviewParagraphs, prepNote: {title, bullets}}`` or text.
    """
    if not isinstance(value, dict):
        return text(value)
    note = value.get("prepNote")
    note = note if isinstance(note, dict) else {}
    preparation = _lines([note.get("title"), *(f"- {bullet}" for bullet in _texts(note.get("bullets")))])
    parts = [value.get("summary"), *_texts(value.get("overviewParagraphs")), preparation]
    return _joined(_texts(parts), "\n\n")


def conversations(value: object) -> str | None:
    """Return questions and answers as text: ``Q: …`` and ``A: …`` on a line each, a blank line between pairs."""
    if not isinstance(value, list):
        return text(value)
    return _joined((_pair(item) for item in value if isinstance(item, dict)), "\n\n")


def _pair(item: Mapping[str, object]) -> str | None:
    lines = [
        f"{letter}: {words}"
        for letter, words in (("Q", item.get("question")), ("A", item.get("answer")))
        if isinstance(words, str)
    ]
    return _lines(lines)


def _lines(values: Iterable[object]) -> str | None:
    return _joined(_texts(list(values)), "\n")


def _texts(value: object) -> list[str]:
    """Return the texts of a JSON list; nothing of anything else."""
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _joined(values: Iterable[str | None], separator: str) -> str | None:
    return without_surrogates(separator.join(value for value in values if value)) or None
