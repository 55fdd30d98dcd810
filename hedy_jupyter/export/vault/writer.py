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
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from hedy_jupyter.analysis import people, transcripts
from hedy_jupyter.analysis.transcripts import NO_NAMES, SpeakerNames
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import markdown_documents
from hedy_jupyter.export.tabular import flat
from hedy_jupyter.export.vault import files, front_matter, note_paths, notes
from hedy_jupyter.export.vault.note_paths import TODOS, Key, VaultContent, VaultIndex
from hedy_jupyter.export.vault.options import DEFAULT, VaultOptions
from hedy_jupyter.frames import normalize
from hedy_jupyter.frames.api_text import WITHOUT_TOPIC
from hedy_jupyter.frames.column_lookup import has
from hedy_jupyter.frames.plain_rows import Row, failed, grouped, incomplete, row_parts, rows
from hedy_jupyter.text.fold import ignore_case
from hedy_jupyter.text.phrasing import counted

Writer = Callable[[str], front_matter.NoteUpdate]
"""The id of a note → its new content."""
SessionParts = Callable[[], Iterable[pd.DataFrame]]
"""Gives a frame of sessions in parts."""


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
    sessions: pd.DataFrame | SessionParts | None = None,
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
        sessions: with ``session_id``; a note each. A function yields the frame in parts, and is called twice: so the
            texts of a long history are never in memory together.
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
    frames = {"todos": todos, "highlights": highlights, "topics": topics}
    if sessions is None and all(df is None for df in frames.values()):
        raise UsageError(
            "There is nothing to write.", advice="Give one or more of sessions, todos, highlights and topics."
        )
    given = _Sessions(sessions, zone, names)
    facts = given.facts()
    others = (name for df in frames.values() if df is not None for name in failed(df))
    lists = tuple(dict.fromkeys([*facts.failed, *others]))
    content = replace(_content(frames, facts, zone), partial=partial or bool(lists), failed=bool(lists))
    content = replace(content, options=options)
    root = files.opened(folder)
    vault = note_paths.index_vault(root, content)
    for key in vault.wanted:
        files.check_inside(root, vault.paths[key])
    with closing(_updates(content, vault, given)) as updates:  # an error would keep the archive open, which it reads
        written = _put(root, vault, updates)
    return replace(written, incomplete=tuple(sorted(content.incomplete & content.sessions.keys())), failed=lists)


def _content(frames: Mapping[str, pd.DataFrame | None], facts: _Facts, zone: tzinfo) -> VaultContent:
    found = {kind: _fetched(rows(df, kind, zone), incomplete(df)) for kind, df in frames.items() if df is not None}
    if (df := frames["todos"]) is not None:
        days = markdown_documents.days_of(flat(df))
        found["todos"] = {ident: {**row, "due_on": days.get(ident)} for ident, row in found["todos"].items()}
    todos, highlights = (list(found[kind].values()) if kind in found else None for kind in ("todos", "highlights"))
    return VaultContent(
        facts.rows, found.get("topics", {}), todos, highlights, frozenset(facts.incomplete), said=frozenset(facts.said)
    )


def _fetched(found: Mapping[str, Row], missing: Collection[str]) -> dict[str, Row]:
    """Return *found*, where the rows *missing* are without the cells that could not be fetched."""
    known = {
        ident: {name: cell for name, cell in found[ident].items() if cell is not None}
        for ident in missing
        if ident in found
    }
    return {**found, **known}


@dataclass
class _Facts:
    """What is known of all sessions: their rows without texts, which of them lack details, which have a transcript."""

    rows: dict[str, Row] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    failed: tuple[str, ...] = ()


class _Sessions:
    """Read the sessions of a vault some hundred at a time."""

    def __init__(self, sessions: pd.DataFrame | SessionParts | None, zone: tzinfo, names: SpeakerNames) -> None:
        self._sessions, self._zone, self._names = sessions, zone, names

    def parts(self) -> Iterator[tuple[pd.DataFrame, dict[str, Row]]]:
        """Yield each part as a frame and as rows by id; of several rows with one id the first counts."""
        seen = set[str]()
        for df in self._frames():
            found = _fetched(rows(df, "sessions", self._zone), incomplete(df))
            yield df, {ident: row for ident, row in found.items() if ident not in seen}
            seen |= found.keys()

    def _frames(self) -> Iterable[pd.DataFrame]:
        if self._sessions is None or callable(self._sessions):
            return () if self._sessions is None else self._sessions()
        return row_parts(self._sessions)

    def facts(self) -> _Facts:
        """Return what is known of all."""
        facts = _Facts()
        for df, found in self.parts():
            facts.incomplete |= incomplete(df)
            facts.failed = failed(df)
            facts.said |= {ident for ident, row in found.items() if any(map(row.get, transcripts.TRANSCRIPTS))}
            facts.rows |= {
                ident: {name: cell for name, cell in row.items() if name not in notes.LONG_TEXTS}
                for ident, row in found.items()
            }
        return facts

    def whole(self) -> Iterator[tuple[str, Row, Sequence[str] | None]]:
        """Yield id, whole row and speakers of each session; None where its transcript does not name them."""
        for df, found in self.parts():
            has_transcripts = any(has(df, name) for name in transcripts.TRANSCRIPTS)
            speaking = people.by_session(normalize.tidy(df), self._names) if has_transcripts else {}
            for ident, row in found.items():
                yield ident, row, speaking.get(ident)


def _put(root: Path, vault: VaultIndex, updates: Iterable[tuple[Key, front_matter.NoteUpdate | None]]) -> Written:
    """Rename the notes with a new name, then write *updates* to the files, where something changes."""
    states: dict[Key, str] = {}
    kept = dict(vault.kept)
    for old_path, new_path in vault.moved.items():
        files.move(root, old_path, new_path)
    followed = _links(vault)
    others = ((key, None) for key in vault.found.keys() - set(vault.wanted) if vault.moved)
    for key, note in chain(updates, others):
        path, found = vault.paths[key], vault.found.get(key)
        if found is None:
            files.create(root, path, str(_new(note or front_matter.NoteUpdate(), vault.cards[key])))
            states[key] = "written"
            continue
        held = files.reread(root, path, found)
        source, text = held or ("", found.front)
        linked = followed(key, text)
        if note is None and linked == text:
            continue
        new = source if held is None else str(front_matter.apply(linked, note) if note else linked)
        if held is None or (new != source and not files.update(root, path, new, old=source)):
            kept[path] = "it was changed while notes were written"
        elif path == found.path:
            states[key] = "unchanged" if new == source else "written"
    for key in vault.wanted:
        if key not in states and key[0] == "session":
            kept.setdefault(vault.paths[key], "its meeting was no longer there when it was to be written")
    order = [key for key in dict.fromkeys((*vault.found, *vault.wanted)) if key in states]
    written, unchanged = (
        tuple(vault.paths[key] for key in order if states[key] == state) for state in ("written", "unchanged")
    )
    return Written(root, written, unchanged, vault.moved, kept)


# The content of each note -----------------------------------------------------


def _updates(
    content: VaultContent, vault: VaultIndex, given: _Sessions
) -> Generator[tuple[Key, front_matter.NoteUpdate], None, None]:
    """Yield the new content of each note that the frames have content for, the notes of sessions first."""
    wanted, lists = set(vault.wanted), _with_lists(content)
    for identity, row, speaking in given.whole():
        if ("session", identity) in wanted:
            yield ("session", identity), lists(identity, _meeting(row, speaking, content, vault))
        if ("transcript", identity) in wanted:
            yield ("transcript", identity), _transcript(row, vault)
    said = {"topic": _topics(content, vault), "todos": _all_todos(content, vault)}
    for key in vault.wanted:
        if key[0] in said:
            yield key, said[key[0]](key[1])
        elif key[0] == "session" and key[1] not in content.sessions:
            yield key, lists(key[1], front_matter.NoteUpdate())


def _new(note: front_matter.NoteUpdate, card: notes.NoteCard) -> front_matter.NoteFile:
    """Return the text of a new note, with tags, which are the user's from then on."""
    tags = notes.tags(card)
    return front_matter.apply(front_matter.EMPTY_NOTE, replace(note, fields={**note.fields, "tags": tags}))


def _links(vault: VaultIndex) -> Callable[[Key, front_matter.NoteFile], front_matter.NoteFile]:
    """Return the function that gives a note links to the new paths."""
    places = {found.path: vault.paths[key] for key, found in vault.found.items()}

    def followed(key: Key, text: front_matter.NoteFile) -> front_matter.NoteFile:
        if text.ours is None or not vault.moved:
            return text
        old_folder, new_folder = (posixpath.dirname(path) for path in (vault.found[key].path, vault.paths[key]))

        def follow(link: re.Match[str]) -> str:
            path = posixpath.normpath(posixpath.join(old_folder, unquote(link[1], errors="surrogateescape")))
            return f"]({note_paths.address(places[path], new_folder)})" if path in places else link[0]

        return replace(text, ours=_LINK.sub(follow, text.ours))

    return followed


def _with_lists(content: VaultContent) -> Callable[[str, front_matter.NoteUpdate], front_matter.NoteUpdate]:
    """Return the function that adds todos and highlights to the content of a meeting's note."""
    todos, highlights = (grouped(items or (), "session_id") for items in (content.todos, content.highlights))

    def with_lists(identity: str, note: front_matter.NoteUpdate) -> front_matter.NoteUpdate:
        if content.todos is not None:
            note = notes.with_todos(note, todos.get(identity, ()))
        if content.highlights is not None and (identity in highlights or content.has_highlights_of(identity)):
            note = notes.with_highlights(note, highlights.get(identity, ()))
        return note

    return with_lists


def _meeting(
    row: Row, speaking: Sequence[str] | None, content: VaultContent, vault: VaultIndex
) -> front_matter.NoteUpdate:
    identity = row["session_id"]
    key = ("session", identity)
    card = vault.cards[key]
    topic = vault.cards.get(("topic", card.topic_id or ""))
    link = vault.links_from(key)
    transcript = {
        "in": None,
        "own": link(vault.cards.get(("transcript", identity))),
        "no": "",
    }[content.options.transcript]
    note = notes.session_note(row, vault.before(card), topic, link, transcript)
    if speaking is not None:
        note = notes.with_people(note, speaking)
    has_head = key not in vault.found or {"title", "start_time"} <= row.keys()
    return note if has_head else replace(note, head=None)


def _transcript(row: Row, vault: VaultIndex) -> front_matter.NoteUpdate:
    """Return the content of the note with the transcript of a meeting."""
    link = vault.links_from(("transcript", row["session_id"]))
    return notes.transcript_note(row, link(vault.cards["session", row["session_id"]]))


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
    return sorted(todos, key=lambda todo: note_paths.age(vault.meeting_of(todo)), reverse=True)
