"""Writer of a vault: a folder of Markdown notes, one for each meeting and topic and one for all todos.

Writing again brings the notes up to date.

::

    sessions/2026/2026-03-15 Launch weekly.md      the meeting with recap, todos, highlights, minutes, transcript
    topics/Harbour Lamp launch.md                  the topic with its todos and links to its meetings
    todos.md                                       all todos by topic
    transcripts/2026/2026-03-15 Launch weekly - transcript.md    where transcripts have notes for themselves

- Only the text between the marks of a note and our keys in its front matter are written (``front_matter``). A box that
  the user ticks there is overwritten by the state in Hedy; text outside of the marks stays.
- A note is found by the id in its front matter, wherever in the folder it is. One that the user moved or renamed stays
  there. One that has its original name is renamed when the title of its meeting changes, and links to it follow.
- What the frames do not have (a meeting, a column, a whole frame) stays as it is in the notes.
- Links are relative Markdown links with percent encoding, which Obsidian reads as well as its own kind.
- The notes hold what was said in meetings, readable for whoever can read the folder; new files have the user's default
  permissions.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from hedy_jupyter.analysis import people
from hedy_jupyter.analysis.transcripts import NO_NAMES, SpeakerNames
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import documents
from hedy_jupyter.export.tabular import flat
from hedy_jupyter.export.vault import files, front_matter, index, notes
from hedy_jupyter.export.vault.files import Found
from hedy_jupyter.export.vault.index import TODOS, Key, VaultContent, VaultIndex
from hedy_jupyter.export.vault.options import DEFAULT, VaultOptions
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.api_text import WITHOUT_TOPIC
from hedy_jupyter.frames.cells import Row, failed, grouped, incomplete, rows
from hedy_jupyter.frames.columns import has
from hedy_jupyter.text.fold import ignore_case
from hedy_jupyter.text.phrasing import counted

Writer = Callable[[str], front_matter.NoteUpdate]
"""The id of a note → its new content."""

_LINK = re.compile(r"\]\(([^()\s]+)\)")


@dataclass(frozen=True, slots=True, repr=False)
class Written:
    """The result of writing a vault; each note is in one of the first four. Paths are from the folder, with slashes.

    Attributes:
        folder: where the notes are.
        written: notes that are new or have new content.
        unchanged: notes that were up to date; their files were not written.
        moved: old → new path of notes whose meeting or topic has a new title.
        kept: notes that were left as they are, and why.
        incomplete: ids of meetings whose details could not be fetched; their notes keep the old ones.
        failed: the lists that could not be read, in words; notes keep the content that only those name.
    """

    folder: Path
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        counts = f"{counted(len(self.written), 'note')} written, {len(self.unchanged):,} unchanged"
        counts += f", {len(self.moved):,} moved"
        return f"{counts}{self._kept_words()}, in {self.folder}{self._missing_words()}{self._failed_words()}"

    def _missing_words(self) -> str:
        count = len(self.incomplete)
        what = (
            "1 meeting is missing: its note keeps"
            if count == 1
            else f"{counted(count, 'meeting')} are missing: their notes keep"
        )
        return f" · the text of {what} what was there" if count else ""

    def _failed_words(self) -> str:
        return f" · could not be read: {', '.join(self.failed)}" if self.failed else ""

    def _kept_words(self) -> str:
        if len(self.kept) > 1:
            return f", {len(self.kept)} left alone (.kept says why)"
        return "".join(f", 1 left alone ({path}: {why})" for path, why in self.kept.items())


def write(
    folder: str | Path,
    *,
    sessions: pd.DataFrame | None = None,
    todos: pd.DataFrame | None = None,
    highlights: pd.DataFrame | None = None,
    topics: pd.DataFrame | None = None,
    zone: tzinfo,
    partial: bool = False,
    names: SpeakerNames = NO_NAMES,
    options: VaultOptions = DEFAULT,
) -> Written:
    """Write the rows of the frames as notes into *folder*, or bring the notes there up to date.

    Content stays as it is in the notes where a frame is left out or lacks a column: todos alone update ``todos.md`` and
    the checklists of the meetings that have a note. The same holds for details of single rows that could not be fetched
    (``attrs["coverage"]["incomplete"]``). Rows without an id are left out: they could not be found again.

    Args:
        folder: created if it does not exist; other files in it stay as they are.
        sessions: with ``session_id``; a note each.
        todos: with ``todo_id``; in the note of their meeting and of their topic, and in ``todos.md``; where they have
            ``due_on``, with the day as plugins for tasks read it.
        highlights: with ``highlight_id``; in the note of their meeting.
        topics: with ``topic_id``; a note each. Topics that only meetings and todos name have one as well.
        zone: the display zone, for days and times.
        options: the names of the notes of meetings, and where transcripts go.
        partial: the frames hold a selection of the meetings; in notes of topics and ``todos.md`` the content about
            other meetings stays.
        names: the names to show for speakers.

    Raises:
        UsageError: no frame is given; a frame has no column of ids; *folder* is a file; the file system refuses a
            file (those before it are written); a link in the folder leads out of it.
    """
    frames = {"sessions": sessions, "todos": todos, "highlights": highlights, "topics": topics}
    lists = tuple(dict.fromkeys(name for df in frames.values() if df is not None for name in failed(df)))
    content = replace(_content(frames, zone, partial=partial or bool(lists)), failed=bool(lists), options=options)
    content = replace(content, people=_people(sessions, names))
    root = files.opened(folder)
    vault = index.index_vault(root, content)
    for key in vault.wanted:
        files.check_inside(root, vault.paths[key])
    written = _put(root, vault, {key: str(text) for key, text in _texts(content, vault).items()})
    return replace(written, incomplete=tuple(sorted(content.incomplete & content.sessions.keys())), failed=lists)


def _content(frames: Mapping[str, pd.DataFrame | None], zone: tzinfo, *, partial: bool = False) -> VaultContent:
    if all(df is None for df in frames.values()):
        raise UsageError(
            "There is nothing to write.", advice="Give one or more of sessions, todos, highlights and topics."
        )
    found = {kind: _fetched(rows(df, kind, zone), incomplete(df)) for kind, df in frames.items() if df is not None}
    if (df := frames["todos"]) is not None:
        days = documents.days_of(flat(df))
        found["todos"] = {ident: {**row, "due_on": days.get(ident)} for ident, row in found["todos"].items()}
    todos, highlights = (list(found[kind].values()) if kind in found else None for kind in ("todos", "highlights"))
    missing = frozenset() if frames["sessions"] is None else incomplete(frames["sessions"])
    return VaultContent(found.get("sessions", {}), found.get("topics", {}), todos, highlights, missing, partial)


def _people(sessions: pd.DataFrame | None, names: SpeakerNames) -> Mapping[str, Sequence[str]]:
    """Return session id → who speaks in it, for the sessions whose transcripts say so."""
    if sessions is None or not any(has(sessions, name) for name in ("transcript", "cleaned_transcript")):
        return {}
    return people.by_session(normalize.tidy(sessions), names)


def _fetched(found: Mapping[str, Row], missing: Collection[str]) -> dict[str, Row]:
    """Return *found*, where the rows *missing* are without the cells that could not be fetched."""
    known = {
        ident: {name: cell for name, cell in found[ident].items() if cell is not None}
        for ident in missing
        if ident in found
    }
    return {**found, **known}


def _put(root: Path, vault: VaultIndex, texts: Mapping[Key, str]) -> Written:
    """Write *texts* to the files: first rename those with a new name, then write what changed."""
    written: list[str] = []
    unchanged: list[str] = []
    kept = dict(vault.kept)
    for old_path, new_path in vault.moved.items():
        files.move(root, old_path, new_path)
    for key, text in texts.items():
        path, found = vault.paths[key], vault.found.get(key)
        if found is None:
            files.create(root, path, text)
        elif text != found.source and not files.update(root, path, text, old=found.source):
            kept[path] = "it was changed while notes were written"
            continue
        if found is None or path == found.path:
            (unchanged if found and text == found.source else written).append(path)
    return Written(root, tuple(written), tuple(unchanged), vault.moved, kept)


# The content of each note -----------------------------------------------------


def _texts(content: VaultContent, vault: VaultIndex) -> dict[Key, front_matter.NoteFile]:
    """Return the new texts of notes: those with content in the frames, and those with a link to a renamed note."""
    said = {
        "session": _sessions(content, vault),
        "transcript": _transcripts(content, vault),
        "topic": _topics(content, vault),
        "todos": _all_todos(content, vault),
    }
    old = _relinked(vault) if vault.moved else {key: found.text for key, found in vault.found.items()}
    texts = {
        key: front_matter.apply(old[key], note) if key in old else _new(note, vault.cards[key])
        for key in vault.wanted
        for note in [said[key[0]](key[1])]
    }
    return {key: text for key, text in old.items() if text != vault.found[key].text} | texts


def _new(note: front_matter.NoteUpdate, card: notes.NoteCard) -> front_matter.NoteFile:
    """Return the text of a new note, with tags, which are the user's from then on."""
    tags = notes.tags(card)
    return front_matter.apply(front_matter.EMPTY_NOTE, replace(note, fields={**note.fields, "tags": tags}))


def _relinked(vault: VaultIndex) -> dict[Key, front_matter.NoteFile]:
    """Return the notes as they are, but with links to the new paths."""
    places = {found.path: vault.paths[key] for key, found in vault.found.items()}
    return {key: _followed(found, vault.paths[key], places) for key, found in vault.found.items()}


def _followed(found: Found, new_path: str, places: Mapping[str, str]) -> front_matter.NoteFile:
    text = found.text
    if text.ours is None:
        return text
    old_folder, new_folder = posixpath.dirname(found.path), posixpath.dirname(new_path)

    def follow(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(old_folder, unquote(link[1], errors="surrogateescape")))
        return f"]({index.address(places[path], new_folder)})" if path in places else link[0]

    return replace(text, ours=_LINK.sub(follow, text.ours))


def _sessions(content: VaultContent, vault: VaultIndex) -> Writer:
    """Return the function that writes the content of a meeting's note."""
    todos, highlights = (grouped(items or (), "session_id") for items in (content.todos, content.highlights))

    def write_session(identity: str) -> front_matter.NoteUpdate:
        note = _meeting(identity, content, vault)
        if content.todos is not None:
            note = notes.with_todos(note, todos.get(identity, ()))
        if content.highlights is not None and (identity in highlights or content.has_highlights_of(identity)):
            note = notes.with_highlights(note, highlights.get(identity, ()))
        return note

    return write_session


def _meeting(identity: str, content: VaultContent, vault: VaultIndex) -> front_matter.NoteUpdate:
    key, row = ("session", identity), content.sessions.get(identity)
    if row is None:
        return front_matter.NoteUpdate()
    card = vault.cards[key]
    topic = vault.cards.get(("topic", card.topic_id or ""))
    link = vault.links_from(key)
    transcript = {
        "in": None,
        "own": link(vault.cards.get(("transcript", identity))),
        "no": "",
    }[content.options.transcript]
    note = notes.session_note(row, vault.before(card), topic, link, transcript)
    if identity in content.people:
        note = notes.with_people(note, content.people[identity])
    has_head = key not in vault.found or {"title", "start_time"} <= row.keys()
    return note if has_head else replace(note, head=None)


def _transcripts(content: VaultContent, vault: VaultIndex) -> Writer:
    """Return the function that writes the note with the transcript of a meeting."""

    def write_transcript(identity: str) -> front_matter.NoteUpdate:
        link = vault.links_from(("transcript", identity))
        return notes.transcript_note(content.sessions[identity], link(vault.cards["session", identity]))

    return write_transcript


def _topics(content: VaultContent, vault: VaultIndex) -> Writer:
    """Return the function that writes the content of a topic's note."""
    todos = grouped([todo for todo in _newest_first(content, vault) if not notes.is_done(todo)], "topic_id")

    def write_topic(identity: str) -> front_matter.NoteUpdate:
        link, card = vault.links_from(("topic", identity)), vault.cards["topic", identity]
        row = {"topic_id": identity, "name": card.title, **content.topics.get(identity, {})}
        note = notes.topic_note(row, vault.meetings.get(identity, ())[::-1], link)
        if content.todos is None:
            return note
        items = "\n".join(notes.checkbox(todo, link(vault.meeting_of(todo))) for todo in todos.get(identity, ()))
        outlines = note.outlines | ({"Todos"} if content.partial else set())
        return replace(note, sections={**note.sections, "Todos": items}, outlines=outlines)

    return write_topic


def _all_todos(content: VaultContent, vault: VaultIndex) -> Writer:
    """Return the function that writes the note of all todos: by topic, open ones first, of the newest meeting first."""
    todos = sorted(_newest_first(content, vault), key=notes.is_done)
    open_count = sum(not notes.is_done(todo) for todo in todos)

    def write_todos(_: str) -> front_matter.NoteUpdate:
        link, topics = vault.links_from(TODOS), grouped(todos, "topic_id")
        headings = {identity: link(vault.cards.get(("topic", identity))) or WITHOUT_TOPIC for identity in topics}
        order = sorted(topics, key=lambda identity: (not identity, ignore_case(headings[identity]), identity))
        groups = [
            (headings[identity], [notes.checkbox(todo, link(vault.meeting_of(todo))) for todo in topics[identity]])
            for identity in order
        ]
        return notes.todos_note(groups, open_count=open_count, count=len(todos))

    return write_todos


def _newest_first(content: VaultContent, vault: VaultIndex) -> list[Row]:
    """Return all todos, of the newest meeting first, each with the topic of its meeting where it names none."""
    todos = [
        todo if todo.get("topic_id") else {**todo, "topic_id": vault.topic_of(todo)} for todo in content.todos or ()
    ]
    return sorted(todos, key=lambda todo: index.age(vault.meeting_of(todo)), reverse=True)
