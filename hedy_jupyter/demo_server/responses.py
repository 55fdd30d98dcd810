"""Response shapes: how the API shows a record; they and the names of the ids differ from endpoint to endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hedy_jupyter.demo_server.schedule import Record

_HEAD = ("sessionId", "title", "startTime", "duration", "session_type")
_BRIEF = ("id", "name", "color", "iconName")
_HIGHLIGHT_ITEM = ("highlightId", "sessionId", "timestamp", "title")
_TEXTS = (
    "transcript",
    "cleaned_transcript",
    "cleaned_at",
    "conversations",
    "meeting_minutes",
    "recap",
    "session_notes",
)


def topic(record: Record, sessions: list[Record]) -> Record:
    """Return a topic with the figures of its sessions; what was never set is null or absent."""
    linked = [session for session in sessions if session["topicId"] == record["id"]]
    types = Counter(session["session_type"] for session in linked if session["session_type"])
    counted: Record = {"sessionCount": len(linked), "lastSessionDate": linked[0]["startTime"] if linked else None}
    if types:
        counted["dominantSessionType"] = types.most_common(1)[0][0]
    return record | counted


def topics_by_id(topics: list[Record], sessions: list[Record]) -> dict[str, Record]:
    """Return the complete topics by id."""
    return {record["id"]: topic(record, sessions) for record in topics}


def session_item(session: Record, topics: list[Record]) -> Record:
    """Return a row of the list of sessions: without its end, and the topic nested, null or absent."""
    return _session_head(session) | _nested_topic(session, topics)


def session_detail(session: Record, topics: list[Record]) -> Record:
    """Return a session with all its fields; its highlights and todos do not repeat the session's id."""
    return {
        **_session_head(session),
        "endTime": session["endTime"],
        **{name: session[name] for name in _TEXTS},
        "highlights": [_renamed(highlight, "highlightId") for highlight in session["highlights"]],
        "user_todos": session["user_todos"],
        **_nested_topic(session, topics),
    }


def topic_session(session: Record, record: Record) -> Record:
    """Return a row of the sessions of a topic: here the topic is called ``topicInfo``."""
    return _session_head(session) | {"topicInfo": {"id": record["id"], "name": record.get("name")}}


def session_highlight(session: Record, highlight: Record) -> Record:
    """Return a highlight among those of its session: complete, its id is called ``id``."""
    return highlight | {"sessionId": session["sessionId"]}


def all_highlights(sessions: list[Record]) -> list[Record]:
    """Return all highlights, complete, newest first; here the id is called ``highlightId``."""
    every = [
        {**_renamed(highlight, "highlightId"), "sessionId": session["sessionId"]}
        for session in sessions
        for highlight in session["highlights"]
    ]
    return sorted(every, key=lambda highlight: str(highlight["timestamp"]), reverse=True)


def highlight_item(highlight: Record) -> Record:
    """Return a row of the list of highlights: exactly four fields."""
    return {name: highlight[name] for name in _HIGHLIGHT_ITEM}


def todo(session: Record, record: Record, topics: Mapping[str, Record]) -> Record:
    """Return a todo outside its session, with the complete topic if there is one."""
    known = {"topic": topics[session["topicId"]]} if session["topicId"] else {}
    return record | {"sessionId": session["sessionId"]} | known


def _session_head(session: Record) -> Record:
    return {name: session[name] for name in _HEAD}


def _nested_topic(session: Record, topics: list[Record]) -> Record:
    """Return the topic in brief; for a session without one it is null in some sessions and absent in others."""
    if session["topicId"] is None:
        return {"topic": None} if int(session["sessionId"][-1], 16) % 2 else {}
    found = next(record for record in topics if record["id"] == session["topicId"])
    return {"topic": {name: found.get(name) for name in _BRIEF}}


def _renamed(highlight: Record, name: str) -> Record:
    return {name: highlight["id"]} | {key: value for key, value in highlight.items() if key != "id"}
