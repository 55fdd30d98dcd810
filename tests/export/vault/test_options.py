"""Options of a vault: days that task plugins read, tags, the daily note, patterns of names, and transcripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from hedy_jupyter import Hedy, HedyFrame
from hedy_jupyter.analysis.todo_due_dates import due
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export.vault import writer
from hedy_jupyter.export.vault.options import VaultOptions
from hedy_jupyter.frames.build import build
from tests.commands import run
from tests.export.vault.test_writer import BERLIN, REVIEW, WEEKLY, files, front, sessions

RECORDS = [
    {"id": "a", "text": "Send plan", "dueDate": "Friday", "completed": False, "sessionId": "s3"},
    {"id": "b", "text": "Later 📅 2020-01-01", "dueDate": "soon", "completed": False, "sessionId": "s3"},
    {"id": "c", "text": "Done 🔁 every day", "dueDate": "2026-04-01", "completed": True, "sessionId": "s2"},
]


def write(root: Path, df: pd.DataFrame | None = None, **options: Any) -> writer.Written:
    """Write three meetings and their todos."""
    df = sessions() if df is None else df
    todos = due(build("todos", RECORDS), df, zone=BERLIN)
    return writer.write(root, sessions=df, todos=todos, zone=BERLIN, options=VaultOptions(**options))


def notes(folder: Path) -> list[str]:
    """The paths of the notes of meetings and transcripts."""
    return sorted(path for path in files(folder) if not path.startswith(("topics/", "todos.md")))


# Days, tags, the daily note ----------------------------------------------------


def test_days_that_task_plugins_read(tmp_path: Path) -> None:
    """A day is at the end of the line, only where the due date names one; words of a meeting are none."""
    write(tmp_path)
    lines = [line for text in files(tmp_path).values() for line in text.splitlines() if line.startswith("- [")]
    days = {line.split(" 📅 ")[0][6:].split(" (")[0]: line.rpartition("📅 ")[2] for line in lines if " 📅 2" in line}

    assert days == {"Send plan": "2026-03-20", "Done 🔁\u2060 every day": "2026-04-01"}
    assert [line for line in lines if re.search("📅️? *2020", line)] == []
    assert all(re.fullmatch(r".* 📅 \d{4}-\d\d-\d\d", line) for line in lines if "Send plan" in line)


def test_a_vault_from_a_frame_has_the_days_too(demo: Hedy, tmp_path: Path) -> None:
    """``df.hedy.to_vault`` reads the days against its meetings."""
    demo.sessions(20).hedy.to_vault(tmp_path, todos=demo.todos())

    assert (tmp_path / "todos.md").read_text(encoding="utf-8").count(" 📅 20") > 5


def test_tags_are_the_users_after_the_first_time(tmp_path: Path) -> None:
    """A new note has tags; what the user makes of them stays, also nothing."""
    write(tmp_path, sessions({}, {"topic": {"id": "t2", "name": "R&D: Q4 / 会議"}}))
    assert front(files(tmp_path)[REVIEW])["tags"] == ["meeting", "r-d-q4-会議"]
    for path, old in ((WEEKLY, 'tags: ["meeting", "launch"]\n'), (REVIEW, 'tags: ["meeting", "r-d-q4-会議"]\n')):
        text = (tmp_path / path).read_text(encoding="utf-8")
        (tmp_path / path).write_text(text.replace(old, "tags: [mine]\n" if path == WEEKLY else ""), encoding="utf-8")
    write(tmp_path, sessions({"recap": "New."}, {"recap": "New."}))

    assert front(files(tmp_path)[WEEKLY])["tags"] == ["mine"]
    assert "tags" not in front(files(tmp_path)[REVIEW])
    assert "New." in files(tmp_path)[REVIEW]


def test_the_note_of_the_day(tmp_path: Path) -> None:
    """The front matter links to the daily note, as the day of the display zone."""
    write(tmp_path, sessions({"startTime": None}))

    assert front(files(tmp_path)[REVIEW])["daily"] == "[[2026-03-08]]"
    assert "daily" not in front(files(tmp_path)["sessions/undated/Weekly.md"])


# Names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, WEEKLY),
        ({"name": "{title} {date}"}, "sessions/2026/Weekly 2026-03-15.md"),
        ({"name": "{date} {time} {topic} - {title}"}, "sessions/2026/2026-03-15 23.30 Launch - Weekly.md"),
        ({"folder": "Meetings/{topic}/{year}-{month}"}, "Meetings/Launch/2026-03/2026-03-15 Weekly.md"),
        ({"folder": ""}, "2026-03-15 Weekly.md"),
        ({"folder": "/../a/./{type}//"}, "a/meeting/2026-03-15 Weekly.md"),
        ({"name": "{id}", "folder": "con"}, "_con/s3.md"),
        ({"name": "{{x}} {title}"}, "sessions/2026/{x} Weekly.md"),
    ],
)
def test_patterns(tmp_path: Path, options: dict[str, str], expected: str) -> None:
    """Names and folders follow the patterns, and a second export finds and keeps them."""
    write(tmp_path, **options)
    again = write(tmp_path, **options)

    assert expected in notes(tmp_path)
    assert len(notes(tmp_path)) == 3
    assert (again.written, again.moved, again.kept) == ((), {}, {})


@pytest.mark.parametrize(
    "title", ["../../x", "a/b\\c", "con", "  ", "a" * 300, "会議" * 100, "x: y? [z] #1", ".hid", "\x00"]
)
def test_titles_stay_in_their_folder(tmp_path: Path, title: str) -> None:
    """Whatever a title or topic is, the note is inside, its name is short enough, and it is found again."""
    root = tmp_path / "vault"
    df = sessions({"title": title, "topic": {"id": "t9", "name": title}})
    for _ in range(2):
        done = write(root, df, name="{topic} {title} {date}", folder="{topic}/{title}/notes")
    found = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]

    assert all(path.parts[0] == "vault" and ".." not in path.parts for path in found)
    assert max(len(part.encode()) for path in found for part in path.parts) <= 255
    assert not any(part.startswith(".") for path in found for part in path.parts)
    assert (done.written, done.moved) == ((), {})


def test_a_new_title_renames_and_another_pattern_moves(tmp_path: Path) -> None:
    """A note with the usual name, or that of the pattern, follows; one that the user renamed stays."""
    write(tmp_path)
    (tmp_path / REVIEW).rename(tmp_path / "mine.md")
    moved = write(tmp_path, name="{title} ({date})")
    renamed = write(tmp_path, sessions({"title": "Monthly"}), name="{title} ({date})")

    assert moved.moved[WEEKLY] == "sessions/2026/Weekly (2026-03-15).md"
    assert renamed.moved == {"sessions/2026/Weekly (2026-03-15).md": "sessions/2026/Monthly (2026-03-15).md"}
    assert "mine.md" in notes(tmp_path)


def test_meetings_of_one_name(tmp_path: Path) -> None:
    """Meetings that a pattern gives one name get a suffix each."""
    write(tmp_path, sessions({"title": "Same"}, {"title": "Same"}, {"title": "same"}), name="{title}", folder="all")

    assert len(notes(tmp_path)) == 3
    assert all(re.fullmatch(r"all/[Ss]ame \(\w{6}\)\.md", path) for path in notes(tmp_path))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"name": "{dat} {title}"}, "Unknown field 'dat'.*date"),
        ({"name": "{title"}, "Can't read the braces"),
        ({"name": "{title!r}"}, "field 'title'.*takes no format"),
        ({"name": "{title:>9}"}, "field 'title'.*takes no format"),
        ({"name": "{title.__class__}"}, "Unknown field"),
        ({"name": "{}"}, "Unknown field ''"),
        ({"name": "meeting"}, "the same for every meeting"),
        ({"folder": "{yaer}"}, "Unknown field 'yaer'.*year"),
        ({"transcript": "none"}, "must be one of: in, own, no"),
    ],
)
def test_mistakes(options: dict[str, str], told: str) -> None:
    """A mistake is a UsageError that says what there is."""
    with pytest.raises(UsageError) as error:
        VaultOptions(**options)  # type: ignore[arg-type]
    assert re.search(told, str(error.value))


# Transcripts -------------------------------------------------------------------


def test_transcripts_in_their_own_notes(tmp_path: Path) -> None:
    """The transcript has a note, the two lead to each other, and a meeting without one has no such note."""
    df = sessions({}, {"transcript": None, "cleaned_transcript": None})
    write(tmp_path, df, transcript="own")
    own = "transcripts/2026/2026-03-15 Weekly - transcript.md"
    again = write(tmp_path, df, transcript="own")

    assert own in notes(tmp_path)
    assert not any("Review - transcript" in path for path in notes(tmp_path))
    assert "Ada: Go." in files(tmp_path)[own]
    assert "Ada: Go." not in files(tmp_path)[WEEKLY]
    assert "(../../transcripts/2026/2026-03-15%20Weekly%20-%20transcript.md)" in files(tmp_path)[WEEKLY]
    assert "Meeting: [2026-03-15 Weekly](../../sessions/2026/2026-03-15%20Weekly.md)" in files(tmp_path)[own]
    assert yaml.safe_load(files(tmp_path)[own].split("---")[1])["type"] == "transcript"
    assert again.written == ()


def test_transcript_of_a_meeting_without_a_title(tmp_path: Path) -> None:
    """The transcript of an untitled meeting has a note as well, and a link that says so."""
    write(tmp_path, sessions({"title": None}), transcript="own")
    [own] = [path for path in notes(tmp_path) if path.endswith("Untitled session - transcript.md")]

    assert "Ada: Go." in files(tmp_path)[own]
    assert any("[2026-03-15 Untitled session](../../transcripts/" in text for text in files(tmp_path).values())


def test_transcripts_left_out_and_put_back(tmp_path: Path) -> None:
    """``no`` takes transcripts out of the notes, ``in`` puts them back; a new title moves both notes."""
    write(tmp_path, transcript="no")
    assert "## Transcript" not in "".join(files(tmp_path).values())
    write(tmp_path)
    assert "Ada: Go." in files(tmp_path)[WEEKLY]
    write(tmp_path, transcript="own")
    moved = write(tmp_path, sessions({"title": "Monthly"}), transcript="own").moved

    path = moved["transcripts/2026/2026-03-15 Weekly - transcript.md"]
    assert path == "transcripts/2026/2026-03-15 Monthly - transcript.md"
    assert "(../../sessions/2026/2026-03-15%20Monthly.md)" in files(tmp_path)[path]


# Commands ----------------------------------------------------------------------


def test_the_command(demo: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``%hedy export vault`` takes the patterns as they are, without expanding their braces."""
    monkeypatch.chdir(tmp_path)
    run('export vault notes --topic Hiring --topic Coaching --name "{title} {date}" --folder={topic} --transcript own')
    found = {path.parent.name for path in (tmp_path / "notes").rglob("*.md")}

    assert {"Hiring", "Coaching", "topics"} <= found
    assert list((tmp_path / "notes" / "Hiring").glob("Practical task 20*.md"))
    run('export --limit 1 --folder "{type}" vault first')
    assert list((tmp_path / "first" / "meeting").glob("*.md"))
    for options in ("--transcript own", '--name "{title}"'):
        with pytest.raises(UsageError, match="takes no name, folder or transcript"):
            run(f"export md - {options}")


def test_other_lines_expand_braces(demo: Hedy) -> None:
    """Only patterns of a vault keep their braces."""
    with pytest.raises(UsageError, match="'date' is not defined"):
        run('topic new --name "{date}" --dry-run')
    assert HedyFrame(demo.sessions(1)).kind == "sessions"
