"""``people:`` in the notes of meetings: who speaks there."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import yaml

from hedy_jupyter.export.vault import writer
from hedy_jupyter.frames.build import build


def people(folder: Path) -> object:
    """The list in the front matter of the only note of a meeting."""
    (note,) = folder.glob("sessions/*/*.md")
    return yaml.safe_load(note.read_text(encoding="utf-8").split("---")[1]).get("people")


def write(
    folder: Path, transcript: str | None, names: dict[str, dict[str, str]] | None = None, *, details: bool = True
) -> object:
    """Write a meeting with *transcript*, and return its people."""
    record = {"sessionId": "s1", "title": "Weekly", "startTime": "2026-03-02T10:00:00Z", "transcript": transcript}
    frame = build("sessions_detailed" if details else "sessions", [record])
    writer.write(folder, sessions=frame, zone=UTC, names=names or {})
    return people(folder)


def test_people_are_a_list_of_names(tmp_path: Path) -> None:
    """Most words first, and whatever a name looks like it is text to every reader of YAML."""
    assert write(tmp_path, "yes: One two.\nAda [x], #y: no") is None
    assert write(tmp_path, "Ada: One.\nO'Neil: One two.\nAda: One two.\n田中：はい") == ["Ada", "O'Neil", "田中"]
    assert write(
        tmp_path, "Ada: One.\nBo: Two.\nAda: Three.", {"": {"Ada": 'A "B": [C], #d'}, "s1": {"Bo": "yes"}}
    ) == [
        'A "B": [C], #d',
        "yes",
    ]


def test_what_is_not_known_stays(tmp_path: Path) -> None:
    """Without details, or where nobody is named, the list of an earlier run stays, also one that the user made."""
    assert write(tmp_path, "Ada: One.\nBo: Two.\nAda: Three.") == ["Ada", "Bo"]
    assert write(tmp_path, None) == ["Ada", "Bo"]
    assert write(tmp_path, None, details=False) == ["Ada", "Bo"]
