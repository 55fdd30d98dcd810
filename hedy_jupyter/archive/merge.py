"""Merge an older record with a newer one: what overwrites what. Pure functions on JSON objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from hedy_jupyter import kinds
from hedy_jupyter.archive import encoding
from hedy_jupyter.archive.encoding import Given, Record
from hedy_jupyter.frames import api_text, schema

TEXT_FIELDS = ("recap", "meeting_minutes", "transcript", "cleaned_transcript", "conversations", "session_notes")
"""The long texts of a session, by the columns of its frame."""

_TOPIC = frozenset({*kinds.TOPIC_FIELDS, "topicId", "topicName"})
_KEYS = schema.keys("sessions_detailed")
_FACTS = (*(_KEYS[column] for column in ("title", "start_time", "session_type")), ("duration",))
"""What both lists and details say of a session, beside its topic: for each fact the names that the API has for it."""
_RENDER: Mapping[str, Callable[[object], str | None]] = {
    "conversations": api_text.conversations,
    "session_notes": api_text.notes,
}
_IN_RECORD = ""  # in place of a name: the record itself keeps the value, which is no text


def detail(packed: bytes | None) -> dict[str, Record]:
    """Return what the column *detail* holds: the record without its texts, and under which names those came.

    Raises:
        CorruptArchive: the file is damaged.
    """
    return details([packed])[0]


def details(packed: Sequence[bytes | None]) -> list[dict[str, Record]]:
    """Return for each of *packed* what ``detail`` returns; parsed together, which is faster."""
    loaded = iter(encoding.loaded_all([encoding.unpacked(one) for one in packed if one]))
    found = [next(loaded) if one else {"record": {}, "names": {}} for one in packed]
    for one in found:
        record, names = one.get("record"), one.get("names")
        if not isinstance(record, dict) or not isinstance(names, dict):
            raise encoding.CorruptArchive
        if not all(isinstance(name, str) for name in names.values()):
            raise encoding.CorruptArchive
    return found


def merge(old: Record, new: Given, *, whole: bool = True) -> Record:
    """Return *new* over *old*: what is null or empty in *new* does not overwrite.

    The topic is the exception where *new* is *whole*: a record without one has none any more.
    """
    kept = {name: value for name, value in old.items() if not (whole and name in _TOPIC)}
    return kept | {
        name: value for name, value in new.items() if value not in (None, "") or kept.get(name) in (None, "")
    }


def split_texts(record: Given) -> tuple[Record, dict[str, str], dict[str, str]]:
    """Return *record* without its long texts, those texts by field, and for each field the name that the API gave it.

    Conversations and notes that came as a list stay in the record; their text is found too, to be searched.
    """
    rest, found, names = dict(record), dict[str, str](), dict[str, str]()
    for field in TEXT_FIELDS:
        for key in _KEYS[field]:
            value = rest.get(key)
            if isinstance(value, str) and value:
                found[field], names[field] = value, key
                rest[key] = None
                break
            if value and field in _RENDER and (text := _RENDER[field](value)):
                found[field], names[field] = text, _IN_RECORD
                break
    return rest, found, names


def readable(field: str, text: str) -> str:
    """Return the stored *text* of a field as people read it: notes are stored as the API's JSON."""
    return (api_text.notes(text) or "") if field == "session_notes" else text


def flags(found: Mapping[str, str]) -> dict[str, int]:
    """Return what there is to read among the texts *found*: anything, a transcript, a cleaned one.

    Notes may be a document without a word.
    """
    fields = {field for field, text in found.items() if readable(field, text).strip()}
    return {
        "has_text": int(bool(fields)),
        "has_transcript": int(not fields.isdisjoint({"transcript", "cleaned_transcript"})),
        "has_cleaned": int("cleaned_transcript" in fields),
    }


def without(record: Record, fields: Iterable[str]) -> Record:
    """Return *record* without the values of *fields*, under whatever name they came."""
    keys = {key for field in fields for key in _KEYS[field]}
    return {name: value for name, value in record.items() if name not in keys}


def join_texts(rest: Record, found: Mapping[str, str], names: Mapping[str, str]) -> Record:
    """Return the record that ``split_texts`` split."""
    named = ((names.get(field, field), text) for field, text in found.items())
    return rest | {name: text for name, text in named if name != _IN_RECORD}


def relisted(old: Record, new: Given) -> Record:
    """Return the listing of a session after a list has contained it again.

    A topic that is left out now and was there before is none any more.
    """
    listing = merge(old, new)
    if not _TOPIC.isdisjoint(old) and _TOPIC.isdisjoint(listing):
        listing["topic"] = None
    return listing


def session(listing: Given, full: Record, *, detail_is_newer: bool) -> Record:
    """Return the record of a session out of its *listing* and its details.

    The details hold more; of what both hold (title, start, duration, type, topic) the newer one is right, unless it is
    null or empty.
    """
    detailed = {
        name: value for name, value in full.items() if value is not None and not (value == "" and listing.get(name))
    }
    return _over({**listing, **detailed}, full if detail_is_newer else listing)


def short(listing: Given, detail: Given, *, detail_is_newer: bool) -> Record:
    """Return what a list shows of a session: its *listing*, or of the same facts its *detail* where that is newer."""
    return _over(dict(listing), detail) if detail_is_newer else dict(listing)


def _over(record: Record, newest: Given) -> Record:
    for names in _FACTS:
        given = {name: value for name in names if (value := newest.get(name)) not in (None, "")}
        if given:  # under whatever name the older value came
            record = {name: value for name, value in record.items() if name not in names} | given
    if _TOPIC.isdisjoint(newest):  # says nothing about it
        return record
    topic = {name: _with_older_fields(newest[name], record.get(name)) for name in _TOPIC if name in newest}
    return {name: value for name, value in record.items() if name not in _TOPIC} | topic


def _with_older_fields(topic: object, older: object) -> object:
    """Return *topic* with what only the *older* record of the same topic contains."""
    if isinstance(topic, dict) and isinstance(older, dict) and topic.get("id") == older.get("id"):
        return {**older, **{name: value for name, value in topic.items() if value is not None}}
    return topic


def with_topic_name(record: Record, names: Mapping[str, str]) -> Record:
    """Return *record* with its topic called as in *names* (id → name): a renamed topic has one name everywhere."""
    named = dict[str, object]()
    for key in kinds.TOPIC_FIELDS:
        topic = record.get(key)
        if (
            isinstance(topic, dict)
            and (name := names.get(kinds.id_of(topic.get("id")) or ""))
            and topic.get("name") != name
        ):
            named[key] = {**topic, "name": name}
    name = names.get(kinds.id_of(record.get("topicId")) or "")
    if name and record.get("topicName") != name:
        named["topicName"] = name
    return {**record, **named} if named else record


def delivered_facts(session_id: str, record: Given) -> Record:
    """Return what a delivery says of a session as a list would: id, title, start, end, duration, type and topic."""
    names = {*(name for fact in _FACTS for name in fact), *_KEYS["end_time"], "exportedAt", *_TOPIC}
    facts = {name: value for name, value in record.items() if name in names and value not in (None, "")}
    return {"sessionId": session_id, **facts}


def has_ended(record: Given) -> bool:
    """Return whether *record*, what deliveries say of a session, is about its end and not only its beginning."""
    return any(record.get(name) for name in (*_KEYS["end_time"], "exportedAt"))


def listing_fingerprint(listing: Given) -> str:
    """Return what of a listing shows that the details may have changed: title, topic, duration."""
    topic = next((value for name in ("topic", "topicInfo") if isinstance(value := listing.get(name), dict)), {})
    return encoding.dumped([listing.get("title"), topic.get("id", listing.get("topicId")), listing.get("duration")])


def embedded(record: Given, column: str) -> list[Record]:
    """Return the JSON objects in the list that *column* counts, under the first name that has one."""
    value = next((value for key in _KEYS[column] if (value := record.get(key)) is not None), None)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def completion(old: Given, new: Given, known: str | None, now: str) -> str | None:
    """Return when a todo turned done: only where it was seen open before.

    *known* is what is held of that; open again, it never was.
    """
    if new.get("completed") is not True:
        return None
    return now if old.get("completed") is False else known
