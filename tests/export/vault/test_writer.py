"""A vault can be written again and again: it follows the meetings, and what the user wrote stays."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import yaml

from hedy_jupyter.errors import UsageError
from hedy_jupyter.export.vault import filenames, note_paths, writer
from hedy_jupyter.export.vault import files as folders
from hedy_jupyter.export.vault.note_paths import VaultContent
from hedy_jupyter.frames.build import build
from hedy_jupyter.text.fold import path_key

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN, END = "<!-- hedy:begin -->", "<!-- hedy:end -->"
LAUNCH = {"id": "t1", "name": "Launch"}
WEEKLY, REVIEW, KICKOFF = (
    "sessions/2026/2026-03-15 Weekly.md",
    "sessions/2026/2026-03-08 Review.md",
    "sessions/2025/2025-12-31 Kick-off.md",
)
LINK = re.compile(r"\]\(([^()\s]+)\)")


def sessions(*changes: dict[str, Any]) -> pd.DataFrame:
    """Three meetings of one topic with details, the newest first; each of *changes* is laid over one of them."""
    records: list[dict[str, Any]] = [
        {
            "sessionId": "s3",
            "title": "Weekly",
            "startTime": "2026-03-15T23:30:00+01:00",
            "duration": 30,
            "session_type": "meeting",
            "topic": LAUNCH,
        },
        {"sessionId": "s2", "title": "Review", "startTime": "2026-03-08T10:00:00Z", "duration": 45.5, "topic": LAUNCH},
        {
            "sessionId": "s1",
            "title": "Kick-off",
            "startTime": "2025-12-31T22:59:00Z",
            "duration": None,
            "topic": LAUNCH,
        },
    ]
    details = {
        "recap": "It **went** well.",
        "meeting_minutes": "## Decisions\n- Go",
        "transcript": "Ada: Go.\nBo: Yes.",
        "session_notes": "Ask QA",
    }
    return build(
        "sessions_detailed",
        [details | record | change for record, change in zip(records, [*changes, {}, {}, {}], strict=False)],
    )


def topics(**change: Any) -> pd.DataFrame:
    """The topic of the meetings."""
    return build(
        "topics",
        [
            LAUNCH
            | {"description": "All of it", "color": "#112233", "createdAt": "2025-12-01T12:00:00Z", "sessionCount": 3}
            | change
        ],
    )


TODOS = build(
    "todos",
    [
        {
            "id": "a",
            "text": "Send plan",
            "dueDate": "8. Dezember",
            "completed": False,
            "sessionId": "s3",
            "topic": LAUNCH,
        },
        {"id": "b", "text": "Call Bo", "dueDate": "", "completed": True, "sessionId": "s3", "topic": LAUNCH},
        {"id": "c", "text": "Test", "dueDate": "ASAP", "completed": None, "sessionId": "s2"},
        {"id": "d", "text": "Buy tea", "dueDate": None, "completed": False, "sessionId": "elsewhere"},
    ],
)
HIGHLIGHTS = build(
    "highlights_detailed",
    [
        {
            "highlightId": "h2",
            "sessionId": "s3",
            "title": "Late",
            "timeIndex": 3723000,
            "rawQuote": "um two",
            "cleanedQuote": "two",
            "mainIdea": "idea",
        },
        {
            "highlightId": "h1",
            "sessionId": "s3",
            "title": "Early",
            "timeIndex": 65000,
            "rawQuote": "one\nmore",
            "aiInsight": "insight",
        },
    ],
)


def write(folder: Path, *, zone: tzinfo = BERLIN, **frames: pd.DataFrame | None) -> writer.Written:
    """Write all frames above, or those of *frames* in their place."""
    every: dict[str, pd.DataFrame | None] = {
        "sessions": sessions(),
        "todos": TODOS,
        "highlights": HIGHLIGHTS,
        "topics": topics(),
    }
    return writer.write(folder, zone=zone, **{**every, **frames})


def only(folder: Path, **frames: pd.DataFrame) -> writer.Written:
    """Write *frames* and nothing else."""
    return writer.write(folder, zone=BERLIN, **frames)


def files(folder: Path) -> dict[str, str]:
    """The text of every file by its path from *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def states(folder: Path) -> dict[str, tuple[int, bytes]]:
    """What changes when a file is touched."""
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def front(text: str) -> dict[str, Any]:
    """What a YAML parser reads in the front matter."""
    return yaml.safe_load(text.removeprefix("\ufeff").split("---\n")[1])


def body(text: str) -> str:
    """What is between the marks."""
    assert text.count(BEGIN) == text.count(END) == 1
    return text.split(BEGIN)[1].split(END)[0]


def change(path: Path, old: str, new: str) -> None:
    """Edit a note as a user does."""
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


# What a vault says -----------------------------------------------------------


def test_a_vault_has_a_note_for_each_meeting_and_topic_and_one_for_all_todos(tmp_path: Path) -> None:
    """Names are the local day and the title, in a folder per year."""
    result = write(tmp_path)

    assert set(files(tmp_path)) == {WEEKLY, REVIEW, KICKOFF, "topics/Launch.md", "todos.md"} == set(result.written)
    assert repr(result) == f"5 notes written, 0 unchanged, 0 moved, in {tmp_path}"
    assert not hasattr(result, "_repr_html_")


def test_the_front_matter_of_a_meeting_says_what_it_is(tmp_path: Path) -> None:
    """A YAML parser reads ids, days and times in the display zone, the topic and counts.

    What is missing is not there.
    """
    write(tmp_path)

    assert front(files(tmp_path)[WEEKLY]) == {
        "hedy": 1,
        "type": "session",
        "id": "s3",
        "title": "Weekly",
        "date": date(2026, 3, 15),
        "daily": "[[2026-03-15]]",
        "tags": ["meeting", "launch"],
        "start": datetime(2026, 3, 15, 22, 30, tzinfo=UTC),
        "duration_min": 30,
        "session_type": "meeting",
        "topic": "Launch",
        "topic_id": "t1",
        "todo_count": 2,
        "open_todo_count": 1,
        "highlight_count": 2,
        "people": ["Ada", "Bo"],
    }
    assert "start: 2026-03-15T23:30:00+01:00\n" in files(tmp_path)[WEEKLY]
    assert front(files(tmp_path)[REVIEW])["duration_min"] == 45.5
    assert "duration_min" not in front(files(tmp_path)[KICKOFF])


def test_a_meeting_is_read_as_a_page(tmp_path: Path) -> None:
    """Facts with links, then sections: todos are a checklist, highlights quotes in the order of the meeting."""
    write(tmp_path)

    assert body(files(tmp_path)[WEEKLY]).strip() == "\n\n".join(
        [
            "# Weekly",
            "2026-03-15 23:30 · 30 min · meeting · [Launch](../../topics/Launch.md)",
            "Before: [2026-03-08 Review](2026-03-08%20Review.md)",
            "## Recap\n\nIt **went** well.",
            "## Todos\n\n- [ ] Send plan (due: 8. Dezember)\n- [x] Call Bo",
            "## Highlights",
            "### Early · 01:05\n\n> one\n>\n> more\n\nInsight: insight",
            "### Late · 1:02:03\n\n> two\n\nidea",
            "## Minutes\n\n### Decisions\n- Go",
            "## Notes\n\nAsk QA",
            "## Transcript\n\nAda: Go.\n\nBo: Yes.",
        ]
    )
    assert "\n2026-03-08 11:00–11:45 · 45.5 min · " in files(tmp_path)[REVIEW]


def test_a_topic_links_to_its_meetings_and_open_todos(tmp_path: Path) -> None:
    """The newest meeting is first; a todo without a topic has that of its meeting."""
    write(tmp_path)

    assert front(files(tmp_path)["topics/Launch.md"]) == {
        "hedy": 1,
        "type": "topic",
        "id": "t1",
        "title": "Launch",
        "color": "#112233",
        "created": date(2025, 12, 1),
        "session_count": 3,
        "tags": ["topic", "launch"],
    }
    assert body(files(tmp_path)["topics/Launch.md"]).strip() == "\n\n".join(
        [
            "# Launch",
            "## About\n\nAll of it",
            "## Todos",
            "- [ ] Send plan (due: 8. Dezember) · [2026-03-15 Weekly](../sessions/2026/2026-03-15%20Weekly.md)\n"
            "- [ ] Test (due: ASAP) · [2026-03-08 Review](../sessions/2026/2026-03-08%20Review.md)",
            "## Meetings",
            "- [2026-03-15 Weekly](../sessions/2026/2026-03-15%20Weekly.md)\n"
            "- [2026-03-08 Review](../sessions/2026/2026-03-08%20Review.md)\n"
            "- [2025-12-31 Kick-off](../sessions/2025/2025-12-31%20Kick-off.md)",
        ]
    )


def test_all_todos_are_listed_by_topic(tmp_path: Path) -> None:
    """Open ones are before done ones, and those without a topic come last."""
    write(tmp_path)

    assert front(files(tmp_path)["todos.md"]) == {
        "hedy": 1,
        "type": "todos",
        "id": "todos",
        "todo_count": 4,
        "open_todo_count": 3,
        "tags": ["todos"],
    }
    assert body(files(tmp_path)["todos.md"]).strip() == "\n\n".join(
        [
            "# Todos",
            "3 open, 1 done",
            "## [Launch](topics/Launch.md)",
            "- [ ] Send plan (due: 8. Dezember) · [2026-03-15 Weekly](sessions/2026/2026-03-15%20Weekly.md)\n"
            "- [ ] Test (due: ASAP) · [2026-03-08 Review](sessions/2026/2026-03-08%20Review.md)\n"
            "- [x] Call Bo · [2026-03-15 Weekly](sessions/2026/2026-03-15%20Weekly.md)",
            "## Without a topic",
            "- [ ] Buy tea",
        ]
    )


def links(folder: Path) -> Iterator[Path]:
    """Where the links of all notes lead."""
    for path, text in files(folder).items():
        yield from ((folder / path).parent / unquote(target) for target in LINK.findall(text))


def test_meetings_without_title_start_or_topic_have_a_note(tmp_path: Path) -> None:
    """What is missing is left out."""
    bare = {
        "title": None,
        "startTime": None,
        "duration": None,
        "topic": None,
        "recap": None,
        "meeting_minutes": "",
        "transcript": " ",
    }
    only(tmp_path, sessions=sessions(bare | {"session_notes": None}))

    text = files(tmp_path)["sessions/undated/Untitled session.md"]
    assert front(text) == {
        "hedy": 1,
        "type": "session",
        "id": "s3",
        "session_type": "meeting",
        "tags": ["meeting"],
    }
    assert body(text).strip() == "# Untitled session\n\nmeeting"


# Again and again -------------------------------------------------------------


def test_a_second_run_touches_nothing(tmp_path: Path) -> None:
    """The same frames, in any order of their rows, leave bytes and times of all files."""
    write(tmp_path)
    before = states(tmp_path)
    result = write(tmp_path, sessions=sessions().iloc[::-1], topics=topics().sample(frac=1))

    assert repr(result) == f"0 notes written, 5 unchanged, 0 moved, in {tmp_path}"
    assert states(tmp_path) == before


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    """A new recap changes one note."""
    write(tmp_path)
    result = write(tmp_path, sessions=sessions({"recap": "New."}))

    assert result.written == (WEEKLY,)
    assert "## Recap\n\nNew.\n" in files(tmp_path)[WEEKLY]
    assert repr(result).startswith("1 note written, 4 unchanged")


def test_a_renamed_meeting_is_followed_by_its_id(tmp_path: Path) -> None:
    """The file gets the new name, keeps what the user wrote, and all links lead to it."""
    write(tmp_path)
    change(tmp_path / REVIEW, f"{END}\n", f"{END}\nMine.\n")
    result = write(tmp_path, sessions=sessions({}, {"title": "Review of *all*", "startTime": "2027-01-02T10:00:00Z"}))

    new = "sessions/2027/2027-01-02 Review of all.md"
    assert dict(result.moved) == {REVIEW: new}
    assert REVIEW not in files(tmp_path)
    assert files(tmp_path)[new].endswith("\nMine.\n")
    assert new not in result.written
    assert all(target.is_file() for target in links(tmp_path))


def test_links_follow_in_notes_that_the_frames_do_not_name(tmp_path: Path) -> None:
    """A meeting that is not in the frame stays, but its link to the renamed one is mended."""
    write(tmp_path)
    renamed = sessions({}, {"title": "Review 2"})
    result = only(tmp_path, sessions=renamed[renamed["session_id"] == "s2"])

    assert dict(result.moved) == {REVIEW: "sessions/2026/2026-03-08 Review 2.md"}
    assert "Before: [2026-03-08 Review](2026-03-08%20Review%202.md)" in files(tmp_path)[WEEKLY]
    assert {WEEKLY, "todos.md"} <= set(result.written)
    assert all(target.is_file() for target in links(tmp_path))


def test_notes_without_our_marks_stay_where_links_follow(tmp_path: Path) -> None:
    """Where another note moves, one that the frames do not name and that lost its marks keeps every byte."""
    write(tmp_path)
    change(tmp_path / KICKOFF, END, "")
    before = (tmp_path / KICKOFF).read_bytes()
    renamed = sessions({}, {"title": "Review 2"})
    result = only(tmp_path, sessions=renamed[renamed["session_id"] == "s2"])

    assert list(result.moved) == [REVIEW]
    assert (tmp_path / KICKOFF).read_bytes() == before


def test_sessions_in_parts_give_the_same_notes(tmp_path: Path) -> None:
    """The parts may be of any size, one without rows too; the second time nothing changes."""
    frame = sessions({"recap": "One."}, {"transcript": None}, {})

    def parts() -> Iterator[pd.DataFrame]:
        yield from (frame.iloc[:1], frame.iloc[1:1], frame.iloc[1:])

    only(tmp_path / "whole", sessions=frame, topics=topics())
    only(tmp_path / "parts", sessions=parts, topics=topics())
    again = only(tmp_path / "whole", sessions=parts, topics=topics())

    assert files(tmp_path / "parts") == files(tmp_path / "whole")
    assert not again.written


def test_a_renamed_topic_is_followed(tmp_path: Path) -> None:
    """Meetings and todos link to its new name."""
    write(tmp_path)
    new_name = {"topic": {"id": "t1", "name": "Start"}}
    result = write(tmp_path, sessions=sessions(new_name, new_name, new_name), topics=topics(name="Start"))

    assert dict(result.moved) == {"topics/Launch.md": "topics/Start.md"}
    assert "[Start](../../topics/Start.md)" in files(tmp_path)[WEEKLY]
    assert all(target.is_file() for target in links(tmp_path))


def test_two_meetings_may_change_names_with_each_other(tmp_path: Path) -> None:
    """No note is written over another one."""
    same_day = {"startTime": "2026-03-08T10:00:00Z"}
    write(tmp_path, sessions=sessions(same_day | {"title": "A"}, same_day | {"title": "B"}))
    for name in ("A", "B"):
        change(tmp_path / f"sessions/2026/2026-03-08 {name}.md", f"{END}\n", f"{END}\nMine of {name}.\n")
    write(tmp_path, sessions=sessions(same_day | {"title": "B"}, same_day | {"title": "A"}))

    ends = {front(text)["title"]: text.splitlines()[-1] for path, text in files(tmp_path).items() if "03-08" in path}
    assert ends == {"B": "Mine of A.", "A": "Mine of B."}


@pytest.mark.parametrize(
    "place", ["Projects/Lamp/my weekly.md", "2026-03-15 Weekly.md", "sessions/2026/Mine.md", "topics/Weekly.MD"]
)
def test_a_note_that_the_user_moved_stays_there(tmp_path: Path, place: str) -> None:
    """It is brought up to date in its place, also with a new title, and links lead there."""
    write(tmp_path)
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / WEEKLY).rename(tmp_path / place)
    result = write(tmp_path, sessions=sessions({"title": "New title"}))

    assert not result.moved
    assert "\n# New title\n" in files(tmp_path)[place]
    assert set(files(tmp_path)) == {place, REVIEW, KICKOFF, "topics/Launch.md", "todos.md"}
    assert all(target.is_file() for target in links(tmp_path))


def test_a_deleted_note_comes_back_but_not_from_the_trash(tmp_path: Path) -> None:
    """What lies in a hidden folder is not the note."""
    write(tmp_path)
    (tmp_path / ".trash").mkdir()
    (tmp_path / WEEKLY).rename(tmp_path / ".trash/2026-03-15 Weekly.md")
    result = write(tmp_path, sessions=sessions({"title": "Weekly"}))

    assert result.written == (WEEKLY,)


def test_of_two_copies_one_is_written(tmp_path: Path) -> None:
    """The note with our name is the one; the copy is named and left."""
    write(tmp_path)
    (tmp_path / "a copy.md").write_bytes((tmp_path / WEEKLY).read_bytes())
    result = write(tmp_path, sessions=sessions({"recap": "New."}))

    assert result.written == (WEEKLY,)
    assert dict(result.kept) == {"a copy.md": f"it has the id of {WEEKLY}"}
    assert "New." not in files(tmp_path)["a copy.md"]
    assert f"1 left alone (a copy.md: it has the id of {WEEKLY})" in repr(result)


# What the user wrote ---------------------------------------------------------


def test_what_is_outside_of_the_marks_stays_byte_for_byte(tmp_path: Path) -> None:
    """Line ends, a byte order mark, bytes that are no UTF-8, and keys of the front matter are the user's."""
    write(tmp_path)
    file = tmp_path / WEEKLY
    data = file.read_bytes().replace(
        b'title: "Weekly"\n', b'mood: good\n# my comment\naliases:\n- a\n- b\ntitle: "Weekly"\n"my key": [1,\n  2]\n'
    )
    data = data.replace(f"{BEGIN}\n".encode(), f"\nAbove.\n{BEGIN}  \n".encode()).replace(
        f"{END}\n".encode(), f"{END} \n".encode()
    )
    file.write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") + b"Below\nmixed\r\nold mac\r \xff\x00\n\n\n")
    result = write(tmp_path, sessions=sessions({"recap": "New."}))

    new = file.read_bytes()
    assert result.written == (WEEKLY,)
    assert new.startswith(b"\xef\xbb\xbf---\r\nhedy: 1\r\n")
    assert (
        b'mood: good\r\n# my comment\r\naliases:\r\n- a\r\n- b\r\ntitle: "Weekly"\r\n"my key": [1,\r\n  2]\r\ndate: '
        in new
    )
    assert f"---\r\n\r\nAbove.\r\n{BEGIN}\r\n\r\n# Weekly\r\n\r\n".encode() in new
    assert new.endswith(f"{END} \r\nBelow\nmixed\r\nold mac\r \xff\x00\n\n\n".encode("latin-1"))
    assert b"## Recap\r\n\r\nNew.\r\n" in new
    assert write(tmp_path, sessions=sessions({"recap": "New."})).written == ()


def test_windows_line_ends_do_not_hide_sections(tmp_path: Path) -> None:
    """What the frames do not say stays in such a file too, with its line ends."""
    write(tmp_path)
    (tmp_path / WEEKLY).write_bytes((tmp_path / WEEKLY).read_bytes().replace(b"\n", b"\r\n"))
    before = (tmp_path / WEEKLY).read_bytes()

    assert only(tmp_path, sessions=sessions()).written == ()
    only(tmp_path, sessions=sessions({"recap": "New."}))
    assert (tmp_path / WEEKLY).read_bytes() == before.replace(b"It **went** well.", b"New.")


def test_keys_stay_also_where_they_are_wrong(tmp_path: Path) -> None:
    """A key that occurs twice is for the user to fix; lines that went on with a value of ours go with it."""
    write(tmp_path)
    change(tmp_path / WEEKLY, 'title: "Weekly"\n', "title: >-\n  Weekly\n\n  again\nmood: good\nmood: bad\n")
    write(tmp_path)

    assert 'title: "Weekly"\nmood: good\nmood: bad\ndate: ' in files(tmp_path)[WEEKLY]


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "soon", "", "[1, 2]"])
def test_a_start_that_the_user_changed_does_no_harm(tmp_path: Path, start: str) -> None:
    """A note that is not in the frame is listed as well as it can be."""
    write(tmp_path)
    change(tmp_path / REVIEW, "start: 2026-03-08T11:00:00+01:00", f"start: {start}")
    only(tmp_path, sessions=sessions().iloc[:1])

    assert "2026-03-08%20Review.md" in files(tmp_path)["topics/Launch.md"]


def test_a_note_that_another_program_wrote_again_is_still_found(tmp_path: Path) -> None:
    """Editors write front matter in their own way; the meeting is followed by what it says."""
    write(tmp_path, sessions=sessions({"title": "It's: Weekly"}))
    file = tmp_path / "sessions/2026/2026-03-15 It's - Weekly.md"
    before, text, rest = file.read_text().split("---\n", 2)
    file.write_text(
        "---\n".join([before, yaml.safe_dump({**yaml.safe_load(text), "mine": "x: y"}, allow_unicode=True), rest])
    )
    result = write(tmp_path, sessions=sessions({"title": "Other"}))

    new = tmp_path / "sessions/2026/2026-03-15 Other.md"
    assert list(result.moved.values()) == ["sessions/2026/2026-03-15 Other.md"]
    assert front(new.read_text())["mine"] == "x: y"
    assert front(new.read_text())["title"] == "Other"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BEGIN, ""),
        (END, ""),
        (END, f"{END}\n{END}"),
        (BEGIN, f"{BEGIN}\nx\n{BEGIN}"),
        (BEGIN, f"{END}\n{BEGIN}"),
        (END, f"> {END}"),
        ("---\n<!--", "---\nx <!--"),
    ],
)
def test_a_note_whose_marks_are_gone_is_left_alone(tmp_path: Path, old: str, new: str) -> None:
    """The user's part cannot be recognized: the file keeps its name and every byte, and the result says so."""
    write(tmp_path)
    change(tmp_path / WEEKLY, old, new)
    before = (tmp_path / WEEKLY).read_bytes()
    result = write(tmp_path, sessions=sessions({"title": "Other"}))

    assert dict(result.kept) == {WEEKLY: "its marks are gone or doubled"}
    assert (tmp_path / WEEKLY).read_bytes() == before
    assert not result.moved


def test_marks_that_change_places_are_gone(tmp_path: Path) -> None:
    """An end before the beginning is no part between two marks."""
    write(tmp_path)
    text = (tmp_path / WEEKLY).read_text()
    (tmp_path / WEEKLY).write_text(text.replace(BEGIN, "@").replace(END, BEGIN).replace("@", END))

    assert WEEKLY in write(tmp_path, sessions=sessions({"recap": "New."})).kept


def test_the_words_of_a_mark_in_a_line_are_no_mark(tmp_path: Path) -> None:
    """The user may write about the marks."""
    write(tmp_path)
    with (tmp_path / WEEKLY).open("a") as file:
        file.write(f"I keep `{BEGIN}` and {END}.\n")

    assert write(tmp_path, sessions=sessions({"recap": "New."})).written == (WEEKLY,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        "---\ntitle: x\n---\n",
        "---\nhedy: 1\ntype: session\n",
        "x\n---\nhedy: 1\ntype: session\nid: s3\n---\n",
    ],
)
def test_files_of_others_are_never_touched(tmp_path: Path, text: str) -> None:
    """What is no note of ours stays, also where it has the name that a note would have."""
    (tmp_path / "sessions/2026").mkdir(parents=True)
    for path in (WEEKLY, "todos.md", "Mine.md", "x.txt"):
        (tmp_path / path).write_text(text)
    before = states(tmp_path)
    result = write(tmp_path)

    assert states(tmp_path).items() >= before.items()
    assert len(result.written) == 5
    assert {"todos.md", WEEKLY}.isdisjoint(result.written)
    assert all(target.is_file() for target in links(tmp_path))
    assert write(tmp_path).written == ()


# Names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "titles", [("Weekly", "Weekly", "Weekly"), ("Weekly", "WEEKLY", "weekly?"), ("caf\u00e9", "cafe\u0301", "CAFÉ")]
)
def test_names_that_clash_get_a_suffix_from_the_id(tmp_path: Path, titles: tuple[str, ...]) -> None:
    """Which name a meeting has does not depend on the order of the rows."""
    df = sessions(*({"title": title, "startTime": "2026-03-15T10:00:00Z"} for title in titles))
    for name, order in (("a", [0, 1, 2]), ("b", [2, 0, 1]), ("c", [1, 2, 0])):
        only(tmp_path / name, sessions=df.iloc[order])

    trees = [{path: front(text)["id"] for path, text in files(tmp_path / name).items()} for name in "abc"]
    assert trees[0] == trees[1] == trees[2]
    assert len({path_key(path) for path in trees[0]}) == 4
    assert all(path.endswith(").md") for path in trees[0] if path.startswith("sessions"))


def test_a_title_may_look_like_the_name_of_another_note(tmp_path: Path) -> None:
    """Whatever the order, no two meetings have one file."""
    day = {"startTime": "2026-03-15T10:00:00Z"}
    suffixed = filenames.candidates("Weekly", "s3", fallback="")[1].removesuffix(".md")
    df = sessions(day | {"title": "Weekly"}, day | {"title": suffixed}, day | {"title": "Weekly"})
    only(tmp_path / "a", sessions=df)
    only(tmp_path / "b", sessions=df.iloc[::-1])

    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert len(files(tmp_path / "a")) == 4


def test_a_file_of_another_with_the_name_in_other_letters_stays(tmp_path: Path) -> None:
    """A folder may go to a file system that ignores case."""
    file = tmp_path / WEEKLY.upper()
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    write(tmp_path)

    assert WEEKLY not in files(tmp_path)
    assert file.read_text() == "mine"


def test_a_name_stays_when_another_meeting_with_it_comes_or_goes(tmp_path: Path) -> None:
    """Notes do not change names with what happens to be in the frame."""
    clash = sessions({"startTime": "2026-03-08T10:00:00Z", "title": "Review"})
    only(tmp_path, sessions=clash[clash["session_id"] == "s2"])
    result = only(tmp_path, sessions=clash)
    again = only(tmp_path, sessions=clash[clash["session_id"] == "s3"])

    assert REVIEW in files(tmp_path)
    assert not result.moved
    assert again.unchanged[0].startswith("sessions/2026/2026-03-08 Review (")


# What the frames do not say --------------------------------------------------


def test_meetings_that_are_not_in_the_frame_are_left_alone(tmp_path: Path) -> None:
    """A filtered frame takes nothing away, and topics still list all their meetings."""
    write(tmp_path)
    before = files(tmp_path)
    result = only(tmp_path, sessions=sessions().iloc[1:2])

    assert files(tmp_path) == before
    assert set(result.unchanged) == {REVIEW, "topics/Launch.md"}


@pytest.mark.parametrize("kind", ["sessions", "todos", "highlights", "topics"])
def test_a_frame_without_the_others_takes_nothing_away(tmp_path: Path, kind: str) -> None:
    """What the missing frames said before stays."""
    frames = {"sessions": sessions(), "todos": TODOS, "highlights": HIGHLIGHTS, "topics": topics()}
    write(tmp_path)
    before = states(tmp_path)
    result = only(tmp_path, **{kind: frames[kind]})

    assert result.written == ()
    assert result.unchanged
    assert states(tmp_path) == before


def test_frames_without_details_keep_the_details(tmp_path: Path) -> None:
    """A list has no recap and no quotes: it says nothing about those."""
    write(tmp_path)
    before = files(tmp_path)
    short = sessions()[["session_id", "title", "start_time", "duration_min", "session_type", "topic_id", "topic_name"]]
    write(tmp_path, sessions=short, highlights=HIGHLIGHTS[["highlight_id", "session_id", "timestamp", "title"]])
    few = only(tmp_path, sessions=short[["session_id", "topic_id"]])

    assert files(tmp_path) == before
    assert not few.moved


def test_highlights_without_details_are_named(tmp_path: Path) -> None:
    """Where no quotes were written before, the titles are what there is."""
    write(tmp_path, highlights=HIGHLIGHTS[["highlight_id", "session_id", "timestamp", "title"]])

    assert "## Highlights\n\n### Late\n\n### Early\n\n" in files(tmp_path)[WEEKLY]


def test_todos_alone_renew_the_notes_that_are_there(tmp_path: Path) -> None:
    """The checklist and the counts of a meeting change, the rest of its note stays.

    No note is made of a meeting that has none.
    """
    write(tmp_path)
    before = files(tmp_path)[WEEKLY]
    result = only(tmp_path, todos=TODOS.assign(completed=True))

    assert set(result.written) == {WEEKLY, REVIEW, "topics/Launch.md", "todos.md"}
    changed = before.replace("- [ ] Send plan", "- [x] Send plan").replace("open_todo_count: 1", "open_todo_count: 0")
    assert files(tmp_path)[WEEKLY] == changed
    assert "## Todos" not in files(tmp_path)["topics/Launch.md"]
    assert set(only(tmp_path / "other", todos=TODOS).written) == {"topics/Launch.md", "todos.md"}


def test_what_the_frames_say_is_missing_goes(tmp_path: Path) -> None:
    """An emptied recap and a topic that was taken away are taken out of the note."""
    write(tmp_path)
    write(tmp_path, sessions=sessions({"recap": None, "topic": None}))

    assert "## Recap" not in files(tmp_path)[WEEKLY]
    assert not {"topic", "topic_id"} & front(files(tmp_path)[WEEKLY]).keys()
    assert "2026-03-15%20Weekly" not in files(tmp_path)["topics/Launch.md"].split("## Meetings")[1]


# Frames ----------------------------------------------------------------------


def from_csv(df: pd.DataFrame) -> pd.DataFrame:
    """*df* through a CSV file and back."""
    return pd.read_csv(io.StringIO(df.to_csv(index=False)))


@pytest.mark.parametrize(
    "changed",
    [
        from_csv,
        lambda df: df.set_index(df.columns[0]),
        lambda df: df.set_index(pd.Index([7] * len(df))),
        lambda df: df.astype("object"),
        lambda df: pd.concat([df, df]),
        lambda df: df.assign(extra=1, name_x="x"),
        lambda df: pd.concat([df, df[["session_id"]]], axis=1) if "session_id" in df else df,
        lambda df: df.iloc[::-1].iloc[::-1].convert_dtypes(),
    ],
    ids=["csv", "id index", "same index", "object", "doubled", "extra", "same columns", "convert"],
)
def test_frames_are_read_in_any_shape(tmp_path: Path, changed: Any) -> None:
    """The same rows make the same notes however their frames were kept, and frames are not changed."""
    frames = {"sessions": sessions(), "todos": TODOS, "highlights": HIGHLIGHTS, "topics": topics()}
    shaped = {kind: changed(df) for kind, df in frames.items()}
    copies = {kind: df.copy() for kind, df in shaped.items()}
    write(tmp_path)
    result = only(tmp_path, **shaped)

    assert len(result.unchanged) == 5
    for kind, df in shaped.items():
        pd.testing.assert_frame_equal(df, copies[kind])


def test_of_rows_with_one_id_the_first_counts(tmp_path: Path) -> None:
    """A meeting has one note."""
    only(tmp_path, sessions=pd.concat([sessions({"recap": "First."}), sessions({"recap": "Second."})]))

    assert "First." in files(tmp_path)[WEEKLY]


def test_the_cleaned_transcript_is_the_one_to_read(tmp_path: Path) -> None:
    """Without it, the raw one is used."""
    only(tmp_path, sessions=sessions({"cleaned_transcript": "Clean."}))

    assert files(tmp_path)[WEEKLY].endswith(f"## Transcript\n\nClean.\n\n{END}\n")
    assert files(tmp_path)[REVIEW].endswith(f"## Transcript\n\nAda: Go.\n\nBo: Yes.\n\n{END}\n")


def test_a_localised_frame_keeps_its_zone(tmp_path: Path) -> None:
    """Times that are in another zone are written in it."""
    df = sessions()
    only(tmp_path, sessions=df.assign(start_time=df["start_time"].dt.tz_convert("Asia/Tokyo")))

    assert "start: 2026-03-16T07:30:00+09:00" in files(tmp_path)["sessions/2026/2026-03-16 Weekly.md"]


@pytest.mark.parametrize("kind", ["sessions", "todos", "highlights", "topics"])
def test_empty_frames_write_next_to_nothing(tmp_path: Path, kind: str) -> None:
    """Without rows there are no notes; all todos are none."""
    table = {"sessions": "sessions_detailed", "highlights": "highlights_detailed"}.get(kind, kind)
    only(tmp_path, **{kind: build(table, [])})

    assert set(files(tmp_path)) == ({"todos.md"} if kind == "todos" else set())


def test_rows_without_an_id_are_left_out(tmp_path: Path) -> None:
    """They could not be found again."""
    only(tmp_path, sessions=sessions({"sessionId": None}, {"sessionId": ""}))

    assert set(files(tmp_path)) == {KICKOFF, "topics/Launch.md"}


@pytest.mark.parametrize(
    ("kind", "column"),
    [("sessions", "session_id"), ("todos", "todo_id"), ("highlights", "highlight_id"), ("topics", "topic_id")],
)
def test_a_frame_without_ids_is_refused(tmp_path: Path, kind: str, column: str) -> None:
    """Before anything is written."""
    frames = {"sessions": sessions(), "todos": TODOS, "highlights": HIGHLIGHTS, "topics": topics()}

    with pytest.raises(UsageError, match=f"frame of {kind} has no column {column}"):
        only(tmp_path / "v", **{kind: frames[kind].drop(columns=column)})
    assert not (tmp_path / "v").exists()


def test_without_frames_there_is_nothing_to_write(tmp_path: Path) -> None:
    """No folder is made for nothing."""
    with pytest.raises(UsageError, match="nothing to write"):
        writer.write(tmp_path / "v", zone=BERLIN)
    assert not (tmp_path / "v").exists()


# The file system -------------------------------------------------------------


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    """Nothing is written, here or there."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "vault/sessions").symlink_to(tmp_path / "outside", target_is_directory=True)

    with pytest.raises(UsageError, match="leads out of the folder"):
        write(tmp_path / "vault")
    assert files(tmp_path) == {}


def test_links_to_files_are_neither_read_nor_written(tmp_path: Path) -> None:
    """A note that is a link may lead anywhere: it is another's file, be there something behind it or not."""
    write(tmp_path / "elsewhere")
    (tmp_path / "vault/sessions/2026").mkdir(parents=True)
    (tmp_path / "vault" / WEEKLY).symlink_to(tmp_path / "elsewhere" / WEEKLY)
    (tmp_path / "vault" / REVIEW).symlink_to(tmp_path / "nowhere.md")
    before = states(tmp_path / "elsewhere")
    write(tmp_path / "vault", sessions=sessions({"recap": "New."}))

    assert states(tmp_path / "elsewhere") == before
    assert (tmp_path / "vault" / WEEKLY).is_symlink()
    assert not (tmp_path / "nowhere.md").exists()
    assert len(list((tmp_path / "vault/sessions/2026").iterdir())) == 4


def test_a_link_inside_of_the_folder_is_the_users_own_matter(tmp_path: Path) -> None:
    """Notes are written where it leads, and found there again."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "sessions").symlink_to("archive", target_is_directory=True)
    write(tmp_path)

    assert (tmp_path / "archive/2026/2026-03-15 Weekly.md").is_file()
    write(tmp_path)
    assert write(tmp_path).written == ()


def test_files_behind_such_a_link_are_not_overwritten(tmp_path: Path) -> None:
    """Neither a file of another nor a link to nowhere gives its name away."""
    (tmp_path / "archive/2026").mkdir(parents=True)
    (tmp_path / "sessions").symlink_to("archive", target_is_directory=True)
    (tmp_path / "archive/2026/2026-03-15 Weekly.md").write_text("mine")
    (tmp_path / "archive/2026/2026-03-08 Review.md").symlink_to("nowhere.md")
    write(tmp_path)

    assert (tmp_path / WEEKLY).read_text() == "mine"
    assert (tmp_path / REVIEW).is_symlink()


@pytest.mark.parametrize("place", ["sessions", "sessions/2026", "topics"])
def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path, place: str) -> None:
    """One line says which; the file stays."""
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("mine")

    with pytest.raises(UsageError, match=re.escape(str(tmp_path / place.split("/")[0]))) as caught:
        write(tmp_path)
    assert "\n" not in str(caught.value)
    assert (tmp_path / place).read_text() == "mine"
    assert not [path for path in files(tmp_path) if path.endswith(".tmp")]


@pytest.mark.parametrize("folder", ["", "  ", "{}/file", "{}/file/vault", "{}/nul\x00"])
def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path, folder: str) -> None:
    """In one line."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(UsageError):
        writer.write(folder.format(tmp_path), sessions=sessions(), zone=BERLIN)
    assert files(tmp_path) == {"file": "mine"}


def test_a_full_disk_leaves_no_half_note(tmp_path: Path) -> None:
    """What was there before stays whole, and no spare file is left."""
    resource = pytest.importorskip("resource")
    write(tmp_path)
    before = files(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(UsageError, match=r"2026-03-15 Weekly\.md cannot be written: ") as caught:
            write(tmp_path, sessions=sessions({"transcript": "x " * 20_000}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "whole" in caught.value.advice
    assert files(tmp_path) == before


def test_a_note_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    """An editor may save while notes are written; its text wins."""
    (tmp_path / "note.md").write_text("newer")

    assert not folders.update(tmp_path, "note.md", "ours", old="older")
    assert (tmp_path / "note.md").read_text() == "newer"
    assert folders.update(tmp_path, "note.md", "ours", old="newer")


def test_the_result_names_notes_that_changed_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not counted as written."""
    write(tmp_path)
    indexed = note_paths.index_vault

    def edited_after(root: Path, content: VaultContent) -> note_paths.VaultIndex:
        found = indexed(root, content)
        (tmp_path / WEEKLY).write_text("newer")
        return found

    monkeypatch.setattr(note_paths, "index_vault", edited_after)
    result = write(tmp_path, sessions=sessions({"recap": "New."}))

    assert dict(result.kept) == {WEEKLY: "it was changed while notes were written"}
    assert result.written == ()
    assert files(tmp_path)[WEEKLY] == "newer"


def test_a_tilde_is_the_home_folder(tmp_path: Path) -> None:
    """As in a shell."""
    result = writer.write("~/vault", sessions=sessions(), zone=BERLIN)  # every test has its own home

    assert result.folder == tmp_path / "vault"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_new_notes_have_the_users_mode_and_old_ones_keep_theirs(tmp_path: Path) -> None:
    """A user who closed a note to others finds it closed."""
    old_mask = os.umask(0o027)
    try:
        write(tmp_path)
        (tmp_path / WEEKLY).chmod(0o600)
        write(tmp_path, sessions=sessions({"recap": "New."}))
    finally:
        os.umask(old_mask)

    assert stat.S_IMODE((tmp_path / REVIEW).stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / WEEKLY).stat().st_mode) == 0o600


@pytest.mark.timeout(15, func_only=True)
def test_a_hundred_meetings_take_seconds(tmp_path: Path) -> None:
    """Also the second time, when every note is read."""
    titles = [
        {
            "sessionId": f"s{n}",
            "title": f"Weekly {n % 7}",
            "startTime": f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}T10:00:00Z",
        }
        for n in range(100)
    ]
    rows = [row | {"transcript": "Ada: Yes.\n" * 200, "recap": "Fine.", "topic": LAUNCH} for row in titles]
    df = build("sessions_detailed", rows)
    todos = build(
        "todos", [{"id": str(n), "text": "Do", "sessionId": f"s{n % 100}", "topic": LAUNCH} for n in range(400)]
    )
    first, second = (only(tmp_path, sessions=df, todos=todos) for _ in range(2))

    assert len(first.written) == len(second.unchanged) == 102
