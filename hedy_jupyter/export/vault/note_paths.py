"""Index of a vault: which notes it has, the title and day of each, and where its file is or will be."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from hedy_jupyter.errors import UsageError
from hedy_jupyter.export.vault import filenames, files
from hedy_jupyter.export.vault.files import Found
from hedy_jupyter.export.vault.notes import Link, NoteCard
from hedy_jupyter.export.vault.options import DEFAULT, VaultOptions, filled
from hedy_jupyter.frames.api_text import UNTITLED, WITHOUT_TOPIC
from hedy_jupyter.frames.plain_rows import Row
from hedy_jupyter.text.fold import path_key

Key = tuple[str, str]
"""The kind of a note, and the id in it."""

TODOS: Key = ("todos", "todos")
_KINDS = frozenset({"session", "transcript", "topic", "todos"})

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class VaultContent:
    """The content of the frames: rows by id; todos and highlights in their order, None without such a frame.

    Attributes:
        sessions: without their texts.
        incomplete: ids of sessions whose details could not be fetched.
        partial: the frames hold a selection of the meetings.
        failed: a list could not be read, so the frames lack what only it names.
        said: ids of the sessions that have a transcript.
        options: the names of notes, and where transcripts go.
    """

    sessions: Mapping[str, Row]
    topics: Mapping[str, Row]
    todos: Sequence[Row] | None
    highlights: Sequence[Row] | None
    incomplete: frozenset[str] = frozenset()
    partial: bool = False
    failed: bool = False
    said: frozenset[str] = frozenset()
    options: VaultOptions = DEFAULT

    def with_transcripts(self) -> list[str]:
        """Return the ids of the meetings whose transcript gets a note for itself."""
        if self.options.transcript != "own":
            return []
        return [ident for ident in self.sessions if ident in self.said]

    def has_highlights_of(self, session_id: str) -> bool:
        """Return whether the frames would have the highlights of a meeting, if it had any."""
        return session_id not in self.incomplete and (session_id in self.sessions or not self.failed)


@dataclass(frozen=True, slots=True)
class VaultIndex:
    """The notes in the folder, and those to be written.

    Attributes:
        found: the notes in the folder.
        cards: title, day and topic of every note, from the frames first.
        paths: the new path of every note.
        wanted: the notes that the frames have content for, and that can be written.
        moved: old and new paths.
        kept: paths of notes that are left as they are, and why.
        meetings: the meetings of each topic, oldest first.
    """

    found: Mapping[Key, Found]
    cards: Mapping[Key, NoteCard]
    paths: Mapping[Key, str]
    wanted: Sequence[Key]
    moved: Mapping[str, str]
    kept: Mapping[str, str]
    meetings: Mapping[str, Sequence[NoteCard]]

    def links_from(self, source: Key) -> Link:
        """Return a function that writes links from the note *source* to others."""
        here = posixpath.dirname(self.paths[source])

        def link(card: NoteCard | None) -> str:
            if card is None:
                return ""
            path = self.paths.get((card.kind, card.id))
            return card.label if path is None else f"[{card.label}]({address(path, here)})"

        return link

    def before(self, meeting: NoteCard) -> NoteCard | None:
        """Return the meeting of the same topic before *meeting*."""
        others = self.meetings.get(meeting.topic_id or "", ())
        place = bisect_left(others, age(meeting), key=age)
        return others[place - 1] if place else None

    def meeting_of(self, todo: Row) -> NoteCard | None:
        """Return the meeting of a todo, or None where it is unknown."""
        return self.cards.get(("session", todo.get("session_id") or ""))

    def topic_of(self, todo: Row) -> str | None:
        """Return the id of the topic of a todo's meeting, or None."""
        meeting = self.meeting_of(todo)
        topic = self.cards.get(("topic", meeting.topic_id or "")) if meeting else None
        return topic.id if topic else None


def address(path: str, folder: str) -> str:
    """Return *path* as the target of a Markdown link in a note that is in *folder*."""
    return quote(posixpath.relpath(path, folder or "."), errors="surrogateescape")


def index_vault(root: Path, content: VaultContent) -> VaultIndex:
    """Index the notes in *root* and those that *content* have content for.

    Raises:
        UsageError: every name for a note is taken, or the file system refuses.
    """
    every, names = files.scan(root)
    found, copies = _first_of_each(every, content.options)
    cards = {key: _card_of(one) for key, one in found.items()}
    cards |= _named(content, cards)
    notes = _with_content(content, found)
    broken = [key for key in notes if key in found and not found[key].is_whole]
    wanted = [key for key in notes if key not in broken]
    placed = _placed(root, [cards[key] for key in wanted], found, names, content.options)
    paths = {key: one.path for key, one in found.items()} | placed
    moved = {one.path: paths[key] for key, one in found.items() if paths[key] != one.path}
    kept = {found[key].path: "its marks are gone or doubled" for key in broken}
    kept |= {path: f"it has the id of {found[key].path}" for path, key in copies.items() if key in notes}
    return VaultIndex(found, cards, paths, wanted, moved, kept, _meetings(cards.values()))


def _first_of_each(every: Iterable[Found], options: VaultOptions) -> tuple[dict[Key, Found], dict[str, Key]]:
    """Return the notes by key, and the paths of copies with the same key.

    The note that still has its original name is taken before its copies.
    """
    found: dict[Key, Found] = {}
    copies: dict[str, Key] = {}
    for one in sorted(every, key=lambda one: (not _has_our_name(one, options), one.path)):
        card = _card_of(one)
        if card.kind not in _KINDS:
            continue
        if found.setdefault((card.kind, card.id), one) is not one:
            copies[one.path] = (card.kind, card.id)
    return found, copies


def _card_of(found: Found) -> NoteCard:
    """Return the card of a note by its front matter."""
    value = found.front.value
    day = value("date") or ""
    try:
        start = datetime.fromisoformat(value("start") or "")
    except ValueError:
        start = None
    return NoteCard(
        kind=value("type") or "",
        id=value("id") or "",
        title=value("title"),
        day=day if _DAY.fullmatch(day) else "",
        start=start if start and start.tzinfo else None,
        topic_id=value("topic_id"),
        topic=value("topic"),
        session_type=value("session_type"),
    )


def _named(content: VaultContent, old: Mapping[Key, NoteCard]) -> dict[Key, NoteCard]:
    """Return a card for everything that the frames name; what they have no column for stays as it was."""
    cards = {
        ("topic", key): NoteCard("topic", key, row.get("name", _old(old, "topic", key).title))
        for key, row in content.topics.items()
    }
    for row in (*content.sessions.values(), *(content.todos or ())):
        if topic_id := row.get("topic_id"):
            title = row.get("topic_name") or _old(old, "topic", topic_id).title
            cards.setdefault(("topic", topic_id), NoteCard("topic", topic_id, title))
    cards |= {("session", key): _session_card(row, _old(old, "session", key)) for key, row in content.sessions.items()}
    cards |= {
        ("transcript", key): replace(cards["session", key], kind="transcript") for key in content.with_transcripts()
    }
    return cards | ({} if content.todos is None else {TODOS: NoteCard(*TODOS)})


def _old(cards: Mapping[Key, NoteCard], kind: str, identity: str) -> NoteCard:
    return cards.get((kind, identity)) or NoteCard(kind, identity)


def _session_card(row: Row, old: NoteCard) -> NoteCard:
    start = row.get("start_time")
    return replace(
        old,
        title=row.get("title", old.title),
        start=start if "start_time" in row else old.start,
        day=(start.date().isoformat() if start else "") if "start_time" in row else old.day,
        topic_id=row.get("topic_id", old.topic_id),
        topic=row.get("topic_name", old.topic),
        session_type=row.get("session_type", old.session_type),
    )


def _with_content(content: VaultContent, found: Mapping[Key, Found]) -> list[Key]:
    """Return the notes that the frames have content for; todos and highlights alone create no note of their meeting."""
    spoken = [("session", row.get("session_id") or "") for row in (*(content.todos or ()), *(content.highlights or ()))]
    topics = [
        ("topic", row.get("topic_id") or "")
        for row in (*content.sessions.values(), *(content.todos or ()))
        if row.get("topic_id")
    ]
    keys = [("session", key) for key in content.sessions] + [key for key in spoken if key in found]
    keys += [("transcript", key) for key in content.with_transcripts()]
    keys += [("topic", key) for key in content.topics] + topics
    whole = content.todos is not None and not (content.partial and TODOS in found)
    return list(dict.fromkeys(keys + [TODOS] * whole))


def _meetings(cards: Iterable[NoteCard]) -> dict[str, list[NoteCard]]:
    found: dict[str, list[NoteCard]] = defaultdict(list)
    for card in sorted(cards, key=age):
        if card.kind == "session" and card.topic_id:
            found[card.topic_id].append(card)
    return found


def age(card: NoteCard | None) -> tuple[float, str, str]:
    """Return the key that sorts meetings from the oldest to the newest."""
    return (card.start.timestamp() if card.start else 0.0, card.day, card.id) if card else (0.0, "", "")


# Names -----------------------------------------------------------------------


def _placed(
    root: Path, cards: Sequence[NoteCard], found: Mapping[Key, Found], names: set[str], options: VaultOptions
) -> dict[Key, str]:
    """Return the path of each note; it depends on the folder and on *cards*, not on their order."""
    old = {(card.kind, card.id): found.get((card.kind, card.id)) for card in cards}
    unplaced = [card for card in cards if _needs_name(card, old[card.kind, card.id], options)]
    paths = {key: one.path for key, one in old.items() if one}
    wanted_names = Counter(path_key(_names(card, options)[0]) for card in unplaced)
    taken = set(names)
    for card in sorted(unplaced, key=lambda card: (card.kind, card.id)):
        choices = _names(card, options)
        choices = choices[wanted_names[path_key(choices[0])] > 1 :]
        path = next((one for one in choices if path_key(one) not in taken and files.is_free(root, one)), None)
        if path is None:
            raise UsageError(
                f"Every name for {choices[0]} is taken.",
                advice="Move the files that are there, or choose another folder.",
            )
        paths[card.kind, card.id] = path
        taken.add(path_key(path))
    return paths


def _needs_name(card: NoteCard, found: Found | None, options: VaultOptions) -> bool:
    """Return whether a note is new, or still has the name that its earlier title gave it."""
    return found is None or (_has_our_name(found, options) and not _is_one_of(found.path, _names(card, options)))


def _has_our_name(found: Found, options: VaultOptions) -> bool:
    """Return whether a note has the name that the pattern in use, or the usual one, gave it."""
    card = _card_of(found)
    return _is_one_of(found.path, _names(card, options)) or _is_one_of(found.path, _names(card, DEFAULT))


def _is_one_of(path: str, paths: Iterable[str]) -> bool:
    return path_key(path) in map(path_key, paths)


def _names(card: NoteCard, options: VaultOptions) -> tuple[str, ...]:
    if card.kind in {"session", "transcript"}:
        return _meeting_names(card, options)
    folder = "topics/" if card.kind == "topic" else ""
    title = "todos" if card.kind == "todos" else card.title or ""
    fallback = UNTITLED.get(card.kind, "")
    return tuple(folder + name for name in filenames.candidates(title, card.id, fallback=fallback, day=card.day))


def _meeting_names(card: NoteCard, options: VaultOptions) -> tuple[str, ...]:
    """Return the names of a meeting's note, or of that with its transcript, by the patterns, best first."""
    part = filenames.visible_part
    values = {
        "date": card.day,
        "year": card.day[:4],
        "month": card.day[5:7],
        "day": card.day[8:],
        "time": f"{card.start:%H.%M}" if card.start else "",
        "title": part(card.title or "", UNTITLED["session"]),
        "topic": part(card.topic or ""),
        "type": part(card.session_type or ""),
        "id": part(card.id),
    }
    stem = part(filled(options.name, values), UNTITLED["session"])
    places = {
        **values,
        "date": card.day or _UNDATED,
        "year": card.day[:4] or _UNDATED,
        "topic": values["topic"] or WITHOUT_TOPIC,
    }
    folders = [filenames.folder_name(filled(one, places)) for one in options.folder.split("/")]
    if card.kind == "transcript":
        stem, folders = f"{stem} - transcript", ["transcripts", *folders[1:]] if folders[0] == "sessions" else folders
    return tuple("/".join([*filter(None, folders), name]) for name in filenames.candidates_of(stem, card.id))
