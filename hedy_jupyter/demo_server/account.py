"""The account of the demo: builds its sessions, topics, contexts and webhooks; only dates change from day to day."""

from __future__ import annotations

import copy
import datetime
import functools
import hashlib
import itertools
import json
import pickle
import random
import re
import uuid
from collections.abc import Callable
from typing import NamedTuple

from hedy_jupyter.demo_server import phrases
from hedy_jupyter.demo_server import scenes as texts
from hedy_jupyter.demo_server.schedule import (
    CONTEXTS,
    LONG,
    MOVED,
    ODDITIES,
    ONE_LINE,
    SERIES,
    TOPICS,
    WEBHOOKS,
    Record,
    Series,
)

SEED = "harbour lamp"
Pools = Callable[[str], texts.Pool]


class Data(NamedTuple):
    """The records of an account.

    Sessions contain their highlights and todos and a ``topicId``; ``responses`` gives them the API's shapes.
    """

    me: Record
    sessions: list[Record]
    topics: list[Record]
    contexts: list[Record]
    webhooks: list[Record]


def build(today: datetime.date) -> Data:
    """Return the account as it is on *today*, sessions newest first, as new objects that may be changed."""
    data: Data = pickle.loads(_pickled(today))  # noqa: S301  written below
    return data


@functools.lru_cache(maxsize=4)
def _pickled(today: datetime.date) -> bytes:
    """Return the account as bytes: reading them takes a thirtieth of the time of building it."""
    return pickle.dumps(_built(today), pickle.HIGHEST_PROTOCOL)


def _built(today: datetime.date) -> Data:
    pools = functools.cache(texts.load)
    sessions = [_session(series, number, today, pools) for series in SERIES for number in range(series.meetings)]
    sessions.sort(key=lambda session: session["startTime"], reverse=True)
    return Data(
        me={"id": "uid_demo00000001", "email": "demo@harbour-lamp.example", "name": "Noor Halloway"},
        sessions=sessions,
        topics=[_topic(key, fields, today) for key, fields in TOPICS.items()],
        contexts=[_dated("ctx", place, fields, today) for place, fields in enumerate(CONTEXTS)],
        webhooks=[
            _dated("wh", place, fields | {"events": list(fields["events"])}, today)
            for place, fields in enumerate(WEBHOOKS)
        ],
    )


def identifier(prefix: str, name: str) -> str:
    """Return a stable id such as ``sess_3f9a0c…``."""
    return f"{prefix}_{hashlib.sha256(f'{prefix}/{name}'.encode()).hexdigest()[:16]}"


def instant(moment: datetime.datetime) -> str:
    """Return a time as the API writes it: UTC with ``Z``, with six decimals of the second unless they are zero."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if moment.microsecond else "%Y-%m-%dT%H:%M:%SZ")


def _random(*names: object) -> random.Random:
    return random.Random("/".join(map(str, (SEED, *names))))  # noqa: S311 -- the same data every day is the point


def _midnight(today: datetime.date, days_before: int) -> datetime.datetime:
    return datetime.datetime.combine(today - datetime.timedelta(days=days_before), datetime.time(), datetime.UTC)


class _Meeting(NamedTuple):
    """One meeting of a series, without its texts."""

    series: Series
    number: int
    language: str
    age_days: int
    start: datetime.datetime
    minutes: int

    @property
    def name(self) -> str:
        return f"{self.series.name}/{self.number}"


def _session(series: Series, number: int, today: datetime.date, pools: Pools) -> Record:
    rng = _random(series.name, number)
    pool = _workshop_pool(pools) if series.name == LONG else pools(series.pool)
    meeting = _meeting(series, number, today, pool.language)
    # every second meeting is longer, where that repeats no scene
    longer = number % 2 if series.scenes < len(pool.scenes) else 0
    scenes = texts.meeting(pool, rng, series.scenes + longer)
    lines = [line for scene in scenes for line in scene.lines]
    end = meeting.start + datetime.timedelta(minutes=meeting.minutes)
    cleaned = number % 5 != 4
    todos = _todos(meeting, scenes, pool, rng)
    topic = MOVED.get((series.name, number), series.topic)
    record: Record = {
        "sessionId": identifier("sess", meeting.name),
        "title": series.titles[number % len(series.titles)],
        "session_type": series.types[number % len(series.types)],
        "startTime": instant(meeting.start),
        "endTime": instant(end),
        "duration": meeting.minutes,
        "topicId": topic and identifier("topic", topic),
        "transcript": _transcript(meeting, lines),
        "cleaned_transcript": "\n".join(f"{line.speaker}: {line.text}" for line in lines) if cleaned else None,
        "cleaned_at": instant(end + datetime.timedelta(minutes=20)) if cleaned else None,
        "conversations": _conversations(scenes),
        "meeting_minutes": _minutes(meeting.language, scenes, [todo["text"] for todo in todos], lines[0].speaker),
        "recap": " ".join(scene.notes["recap"] for scene in scenes[1:-1][:3]),
        "session_notes": _notes(meeting, scenes[1]),
        "highlights": _highlights(meeting, scenes),
        "user_todos": todos,
    }
    return record | ODDITIES.get((series.name, number), {})


def _workshop_pool(pools: Pools) -> texts.Pool:
    """Return the pool of the long planning day: the scenes of four pools, spoken by the people of the first."""
    first, *others = (pools(name) for name in ("launch", "open", "clinic", "hiring"))
    names = {key: values for pool in (*others, first) for key, values in pool.words.items()}
    return first._replace(words=names, scenes=first.scenes + tuple(scene for pool in others for scene in pool.scenes))


def _meeting(series: Series, number: int, today: datetime.date, language: str) -> _Meeting:
    age_days = series.last_day + series.every_days * (series.meetings - 1 - number)
    start = datetime.datetime.combine(today - datetime.timedelta(days=age_days), series.time)
    if number % 4 == 2:
        start = start.replace(second=7, microsecond=953_635)
    return _Meeting(series, number, language, age_days, start, series.minutes[number % len(series.minutes)])


def _transcript(meeting: _Meeting, lines: list[texts.Line]) -> str:
    said = [phrases.spoken(line.text, meeting.language, place) for place, line in enumerate(lines)]
    if (meeting.series.name, meeting.number) == ONE_LINE:
        return phrases.joined(said, meeting.language)
    if meeting.number % 3 == 1:
        paragraphs = (said[place : place + 6] for place in range(0, len(said), 6))
        return "\n\n".join(phrases.joined(paragraph, meeting.language) for paragraph in paragraphs)
    return "\n".join(f"{line.speaker}: {text}" for line, text in zip(lines, said, strict=True))


def _conversations(scenes: list[texts.Scene]) -> str:
    return "\n\n".join(f"Q: {scene.notes['ask']}\nA: {scene.notes['answer']}" for scene in scenes[1:-1])


def _minutes(language: str, scenes: list[texts.Scene], todos: list[str], owner: str) -> str:
    parts = zip(
        phrases.HEADINGS[language],
        (
            [f"- {scene.notes['decision']}" for scene in scenes[1:-1]],
            [f"- **{scene.title}**: {scene.notes['insight']}" for scene in scenes[1:-1]],
            [f"- {owner}: {todo}" for todo in todos],
        ),
        strict=True,
    )
    return "\n\n".join(f"## {heading}\n" + "\n".join(rows) for heading, rows in parts)


def _notes(meeting: _Meeting, scene: texts.Scene) -> str | None:
    """Return the notes of the user: usually a Quill delta as JSON, sometimes plain text, nothing, or null."""
    delta = [
        {"insert": f"{scene.title}\n", "attributes": {"bold": True}},
        {"insert": scene.todos[0]},
        {"insert": "\n", "attributes": {"list": "bullet"}},
    ]
    return (json.dumps(delta, ensure_ascii=False), None, scene.notes["idea"], "", json.dumps(delta))[meeting.number % 5]


def _highlights(meeting: _Meeting, scenes: list[texts.Scene]) -> list[Record]:
    """Return one highlight, in every third meeting two; the quote is a sentence of the transcript."""
    starts = list(itertools.accumulate((len(scene.lines) for scene in scenes), initial=0))
    chosen = range(1, 2 + (meeting.number % 3 == 0))
    return [_highlight(meeting, scenes[which], starts[which], starts[-1]) for which in chosen]


def _highlight(meeting: _Meeting, scene: texts.Scene, first: int, total: int) -> Record:
    """Return the marked line of the scene as a highlight, or in turn another long one that names a number."""
    candidates = [
        at
        for at, line in enumerate(scene.lines)
        if line.marked or (len(line.text) > 25 and re.search(r"[0-9]", line.text))
    ]
    at = candidates[meeting.number % len(candidates)]
    line, place = scene.lines[at], first + at
    step_ms = 1000 if meeting.number % 2 else 1  # some times are whole seconds, some are not
    time_index_ms = meeting.minutes * 60_000 * place // total // step_ms * step_ms
    return {
        "id": identifier("high", f"{meeting.name}/{place}"),
        "timestamp": instant(meeting.start + datetime.timedelta(milliseconds=time_index_ms)),
        "timeIndex": time_index_ms,
        "title": scene.notes["idea"] if line.marked else scene.title,
        "rawQuote": phrases.spoken(line.text, meeting.language, place),
        "cleanedQuote": line.text,
        "mainIdea": scene.notes["recap"],
        "aiInsight": scene.notes["insight"],
    }


def _todos(meeting: _Meeting, scenes: list[texts.Scene], pool: texts.Pool, rng: random.Random) -> list[Record]:
    """Return two or three todos of the scenes and, for a while, one that is carried from meeting to meeting."""
    fresh = [todo for scene in scenes[1:-1] for todo in scene.todos]
    chosen = rng.sample(fresh, 2 + meeting.number % 2)
    done_share = 0.8 if meeting.age_days > 30 else 0.25
    todos = [_todo(meeting, text, done=rng.random() < done_share, rng=rng) for text in chosen]
    group, turn = divmod(meeting.number, 3)
    if meeting.series.meetings > 10 and pool.carried and group % 2 == 0:
        variants = pool.carried[group // 2 % len(pool.carried)]
        slots = texts.people(pool, _random(meeting.series.name, "carried", group))
        todos.append(
            _todo(meeting, variants[turn].format_map(slots), done=turn == 2 and meeting.age_days > 60, rng=rng)
        )
    return todos


def _todo(meeting: _Meeting, text: str, *, done: bool, rng: random.Random) -> Record:
    digest = hashlib.sha256(f"{meeting.name}/{text}".encode()).digest()[:16]
    due = phrases.due(meeting.language, meeting.start.date(), rng)
    return {"id": str(uuid.UUID(bytes=digest, version=4)), "text": text, "dueDate": due, "completed": done}


def _topic(key: str, fields: Record, today: datetime.date) -> Record:
    """Return a topic that was created before its first meeting and changed after its newest one."""
    series = [row for row in SERIES if row.topic == key]
    created = max((row.last_day + row.every_days * (row.meetings - 1) for row in series), default=20)
    updated = _midnight(today, min((row.last_day for row in series), default=20)) + datetime.timedelta(
        hours=23, minutes=30
    )
    record = {
        "id": identifier("topic", key),
        "createdAt": instant(_midnight(today, created) - datetime.timedelta(hours=15)),
        "updatedAt": instant(updated),
        "topicContextUpdatedAt": instant(_midnight(today, created)) if fields["topicContext"] else None,
    }
    if fields.get("overview"):
        record["overviewUpdatedAt"] = instant(updated.replace(microsecond=120_450))
    return record | copy.deepcopy(fields)


def _dated(prefix: str, place: int, fields: Record, today: datetime.date) -> Record:
    created = _midnight(today, 300 - 40 * place) + datetime.timedelta(hours=10)
    updated = (
        created if prefix == "wh" else _midnight(today, 15 + 20 * place) + datetime.timedelta(hours=11, minutes=30)
    )
    return {
        "id": identifier(prefix, str(place)),
        **fields,
        "createdAt": instant(created),
        "updatedAt": instant(updated),
    }
