"""Builds the invented account: the same on every day but for the dates."""

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
    """An account.

    Sessions hold their highlights and todos and a ``topicId``; the service makes the API's shapes of it.
    """

    me: Record
    sessions: list[Record]
    topics: list[Record]
    contexts: list[Record]
    webhooks: list[Record]


def build(today: datetime.date) -> Data:
    """Return the account as it is on *today*, sessions newest first; everything in it is new and may be changed."""
    data: Data = pickle.loads(_pickled(today))  # noqa: S301  it was written below
    return data


@functools.lru_cache(maxsize=4)
def _pickled(today: datetime.date) -> bytes:
    """Return the built account as bytes: reading it takes a thirtieth of the time of building it."""
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
    """A stable id such as ``sess_3f9a0c…``."""
    return f"{prefix}_{hashlib.sha256(f'{prefix}/{name}'.encode()).hexdigest()[:16]}"


def instant(moment: datetime.datetime) -> str:
    """A time as the API writes it: UTC with ``Z``, to the second or, where there are any, with six digits of it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if moment.microsecond else "%Y-%m-%dT%H:%M:%SZ")


def _random(*names: object) -> random.Random:
    return random.Random("/".join(map(str, (SEED, *names))))  # noqa: S311 -- the same data every day is the point


def _midnight(today: datetime.date, days_before: int) -> datetime.datetime:
    return datetime.datetime.combine(today - datetime.timedelta(days=days_before), datetime.time(), datetime.UTC)


class _Frame(NamedTuple):
    """What is known of a meeting before anybody speaks."""

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
    pool = _everything(pools) if series.name == LONG else pools(series.pool)
    frame = _frame(series, number, today, pool.language)
    longer = (
        number % 2 if series.scenes < len(pool.scenes) else 0
    )  # every second meeting, as long as nothing is said twice
    scenes = texts.meeting(pool, rng, series.scenes + longer)
    lines = [line for scene in scenes for line in scene.lines]
    end = frame.start + datetime.timedelta(minutes=frame.minutes)
    cleaned = number % 5 != 4
    todos = _todos(frame, scenes, pool, rng)
    topic = MOVED.get((series.name, number), series.topic)
    record: Record = {
        "sessionId": identifier("sess", frame.name),
        "title": series.titles[number % len(series.titles)],
        "session_type": series.types[number % len(series.types)],
        "startTime": instant(frame.start),
        "endTime": instant(end),
        "duration": frame.minutes,
        "topicId": topic and identifier("topic", topic),
        "transcript": _transcript(frame, lines),
        "cleaned_transcript": "\n".join(f"{line.speaker}: {line.text}" for line in lines) if cleaned else None,
        "cleaned_at": instant(end + datetime.timedelta(minutes=20)) if cleaned else None,
        "conversations": _conversations(scenes),
        "meeting_minutes": _minutes(frame.language, scenes, [todo["text"] for todo in todos], lines[0].speaker),
        "recap": " ".join(scene.notes["recap"] for scene in scenes[1:-1][:3]),
        "session_notes": _notes(frame, scenes[1]),
        "highlights": _highlights(frame, scenes),
        "user_todos": todos,
    }
    return record | ODDITIES.get((series.name, number), {})


def _everything(pools: Pools) -> texts.Pool:
    """The pool of the long planning day: the scenes of four pools, spoken by the people of the first."""
    first, *others = (pools(name) for name in ("launch", "open", "clinic", "hiring"))
    names = {key: values for pool in (*others, first) for key, values in pool.words.items()}
    return first._replace(words=names, scenes=first.scenes + tuple(scene for pool in others for scene in pool.scenes))


def _frame(series: Series, number: int, today: datetime.date, language: str) -> _Frame:
    age_days = series.last_day + series.every_days * (series.meetings - 1 - number)
    start = datetime.datetime.combine(today - datetime.timedelta(days=age_days), series.time)
    if number % 4 == 2:
        start = start.replace(second=7, microsecond=953_635)
    return _Frame(series, number, language, age_days, start, series.minutes[number % len(series.minutes)])


def _transcript(frame: _Frame, lines: list[texts.Line]) -> str:
    said = [phrases.spoken(line.text, frame.language, place) for place, line in enumerate(lines)]
    if (frame.series.name, frame.number) == ONE_LINE:
        return phrases.joined(said, frame.language)
    if frame.number % 3 == 1:
        paragraphs = (said[place : place + 6] for place in range(0, len(said), 6))
        return "\n\n".join(phrases.joined(paragraph, frame.language) for paragraph in paragraphs)
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


def _notes(frame: _Frame, scene: texts.Scene) -> str | None:
    """Notes of the user: usually a Quill delta as JSON, sometimes plain text, nothing, or null."""
    delta = [
        {"insert": f"{scene.title}\n", "attributes": {"bold": True}},
        {"insert": scene.todos[0]},
        {"insert": "\n", "attributes": {"list": "bullet"}},
    ]
    return (json.dumps(delta, ensure_ascii=False), None, scene.notes["idea"], "", json.dumps(delta))[frame.number % 5]


def _highlights(frame: _Frame, scenes: list[texts.Scene]) -> list[Record]:
    """One highlight, in every third meeting two; the quote is a sentence of the transcript."""
    starts = list(itertools.accumulate((len(scene.lines) for scene in scenes), initial=0))
    chosen = range(1, 2 + (frame.number % 3 == 0))
    return [_highlight(frame, scenes[which], starts[which], starts[-1]) for which in chosen]


def _highlight(frame: _Frame, scene: texts.Scene, first: int, total: int) -> Record:
    """The marked line of the scene, or in turn another long one that names a number."""
    worth = [
        at
        for at, line in enumerate(scene.lines)
        if line.marked or (len(line.text) > 25 and re.search(r"[0-9]", line.text))
    ]
    at = worth[frame.number % len(worth)]
    line, place = scene.lines[at], first + at
    step_ms = 1000 if frame.number % 2 else 1  # some times are whole seconds, some are not
    time_index_ms = frame.minutes * 60_000 * place // total // step_ms * step_ms
    return {
        "id": identifier("high", f"{frame.name}/{place}"),
        "timestamp": instant(frame.start + datetime.timedelta(milliseconds=time_index_ms)),
        "timeIndex": time_index_ms,
        "title": scene.notes["idea"] if line.marked else scene.title,
        "rawQuote": phrases.spoken(line.text, frame.language, place),
        "cleanedQuote": line.text,
        "mainIdea": scene.notes["recap"],
        "aiInsight": scene.notes["insight"],
    }


def _todos(frame: _Frame, scenes: list[texts.Scene], pool: texts.Pool, rng: random.Random) -> list[Record]:
    """Two or three todos of the scenes and, for a while, one that is carried from meeting to meeting."""
    fresh = [todo for scene in scenes[1:-1] for todo in scene.todos]
    chosen = rng.sample(fresh, 2 + frame.number % 2)
    done_share = 0.8 if frame.age_days > 30 else 0.25
    todos = [_todo(frame, text, done=rng.random() < done_share, rng=rng) for text in chosen]
    group, turn = divmod(frame.number, 3)
    if frame.series.meetings > 10 and pool.carried and group % 2 == 0:
        variants = pool.carried[group // 2 % len(pool.carried)]
        slots = texts.people(pool, _random(frame.series.name, "carried", group))
        todos.append(_todo(frame, variants[turn].format_map(slots), done=turn == 2 and frame.age_days > 60, rng=rng))
    return todos


def _todo(frame: _Frame, text: str, *, done: bool, rng: random.Random) -> Record:
    digest = hashlib.sha256(f"{frame.name}/{text}".encode()).digest()[:16]
    due = phrases.due(frame.language, frame.start.date(), rng)
    return {"id": str(uuid.UUID(bytes=digest, version=4)), "text": text, "dueDate": due, "completed": done}


def _topic(key: str, fields: Record, today: datetime.date) -> Record:
    """A topic is made before its first meeting and was touched last after its newest one."""
    series = [row for row in SERIES if row.topic == key]
    made = max((row.last_day + row.every_days * (row.meetings - 1) for row in series), default=20)
    touched = _midnight(today, min((row.last_day for row in series), default=20)) + datetime.timedelta(
        hours=23, minutes=30
    )
    record = {
        "id": identifier("topic", key),
        "createdAt": instant(_midnight(today, made) - datetime.timedelta(hours=15)),
        "updatedAt": instant(touched),
        "topicContextUpdatedAt": instant(_midnight(today, made)) if fields["topicContext"] else None,
    }
    if fields.get("overview"):
        record["overviewUpdatedAt"] = instant(touched.replace(microsecond=120_450))
    return record | copy.deepcopy(fields)


def _dated(prefix: str, place: int, fields: Record, today: datetime.date) -> Record:
    made = _midnight(today, 300 - 40 * place) + datetime.timedelta(hours=10)
    touched = made if prefix == "wh" else _midnight(today, 15 + 20 * place) + datetime.timedelta(hours=11, minutes=30)
    return {"id": identifier(prefix, str(place)), **fields, "createdAt": instant(made), "updatedAt": instant(touched)}
