"""The invented account: enough of everything, the same every day, and odd where real accounts are odd."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections import Counter
from typing import Any

import pytest

from hedy_jupyter.demo_server import phrases, scenes
from hedy_jupyter.demo_server.account import Data, build, instant
from hedy_jupyter.demo_server.schedule import SERIES

TODAY = datetime.date(2026, 5, 14)
POOLS = sorted({row.pool for row in SERIES})
ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\d|[A-Z][a-z]+ \d+(, \d{4} 3pm)?|\d+\. \w+|\d+月\d+日|le \d+ \w+")


@pytest.fixture(scope="module")
def data() -> Data:
    """The account on a fixed day."""
    return build(TODAY)


def todos(data: Data) -> list[dict[str, Any]]:
    """Every todo of the account."""
    return [todo for session in data.sessions for todo in session["user_todos"]]


def highlights(data: Data) -> list[dict[str, Any]]:
    """Every highlight of the account."""
    return [highlight for session in data.sessions for highlight in session["highlights"]]


def words_in(text: str) -> float:
    """Words, where two characters of Japanese or Chinese count as one."""
    return len(re.findall(r"[A-Za-zÀ-ÿ0-9']+", text)) + len(re.findall(r"[\u3040-\u9fff]", text)) / 2


def undated(value: Any) -> Any:
    """The same value with everything that depends on the day taken out."""
    if isinstance(value, dict):
        return {
            name: "" if name == "dueDate" and ABSOLUTE.fullmatch(str(part)) else undated(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [undated(part) for part in value]
    return re.sub(r"^\d{4}-\d\d-\d\dT", "", value) if isinstance(value, str) else value


def test_two_builds_are_equal(data: Data) -> None:
    """The same day gives the same account."""
    again = build(TODAY)

    assert again == data


@pytest.mark.parametrize("today", [datetime.date(2026, 5, 15), datetime.date(2028, 2, 29), datetime.date(2026, 1, 1)])
def test_another_day_shifts_dates_only(data: Data, today: datetime.date) -> None:
    """Ids, texts and times of day do not depend on the day."""
    later = build(today)

    assert undated([*later]) == undated([*data])
    assert later.sessions[0]["startTime"][:10] == (today - datetime.timedelta(days=1)).isoformat()


def test_there_is_enough(data: Data) -> None:
    """More than one page of sessions over a year, and the numbers that the demo promises."""
    starts = [session["startTime"] for session in data.sessions]

    assert len(data.sessions) == 154
    assert starts == sorted(starts, reverse=True)
    assert starts[-1][:10] == "2025-05-15"
    assert (len(todos(data)), len(highlights(data))) == (425, 208)
    assert (len(data.topics), len(data.contexts), len(data.webhooks)) == (9, 4, 2)
    assert sum(context["isDefault"] for context in data.contexts) == 1
    assert 0.25 <= sum(not todo["completed"] for todo in todos(data)) / len(todos(data)) <= 0.4


def test_ids_are_unique_and_shaped_like_the_api_s(data: Data) -> None:
    """Every id occurs once; todos have UUIDs."""
    ids = [session["sessionId"] for session in data.sessions] + [highlight["id"] for highlight in highlights(data)]
    ids += [record["id"] for record in (*data.topics, *data.contexts, *data.webhooks)]

    assert len(set(ids)) == len(ids)
    assert {name.split("_")[0] for name in ids} == {"sess", "high", "topic", "ctx", "wh"}
    assert len({uuid.UUID(todo["id"]) for todo in todos(data)}) == len(todos(data))


@pytest.mark.parametrize("field", ["transcript", "cleaned_transcript", "recap", "meeting_minutes"])
def test_no_two_meetings_share_a_text(data: Data, field: str) -> None:
    """Transcripts, recaps and minutes are each unlike all others."""
    found = [session[field] for session in data.sessions if session[field]]

    assert len(found) > 100
    assert len(set(found)) == len(found)


def test_no_two_highlights_are_the_same(data: Data) -> None:
    """A highlight can be distinguished from every other by its quote and idea."""
    found = {(highlight["rawQuote"], highlight["mainIdea"]) for highlight in highlights(data)}

    assert len(found) == len(highlights(data))


def test_transcripts_are_worth_reading(data: Data) -> None:
    """Every transcript has at least 400 words, one is 40 KB long, one is a single line, some have no names."""
    found = [session["transcript"] for session in data.sessions if session["transcript"]]
    sizes = sorted(words_in(text) for text in found)

    assert sizes[0] >= 400
    assert sizes[-2] <= 1500
    assert max(len(text) for text in found) >= 40_000
    assert sum("\n" not in text for text in found) == 1
    assert 20 < sum(not re.match(r"\w+: ", text) for text in found) < 100
    assert not any("{" in text for text in found)


def test_quotes_stand_in_the_transcripts(data: Data) -> None:
    """A raw quote is in the transcript, the cleaned one in the cleaned transcript, its time within the meeting."""
    quoted = [(session, highlight) for session in data.sessions for highlight in session["highlights"]]

    for session, highlight in quoted:
        assert highlight["rawQuote"] in (session["transcript"] or highlight["rawQuote"])
        assert highlight["cleanedQuote"] in (session["cleaned_transcript"] or highlight["cleanedQuote"])
        assert session["startTime"][:19] <= highlight["timestamp"][:19] <= session["endTime"]
        assert 0 < highlight["timeIndex"] < session["duration"] * 60_000


def test_the_end_fits_the_duration(data: Data) -> None:
    """Duration is in minutes and consistent with start and end, with or without microseconds."""
    spans = [
        datetime.datetime.fromisoformat(session["endTime"]) - datetime.datetime.fromisoformat(session["startTime"])
        for session in data.sessions
    ]

    assert [span.total_seconds() / 60 for span in spans] == [session["duration"] for session in data.sessions]
    assert {len(session["startTime"]) for session in data.sessions} == {20, 27}


def test_odd_meetings_occur(data: Data) -> None:
    """Sessions without title, topic, transcript, minutes or type are there, and evening meetings."""
    found = data.sessions

    assert {None, ""} <= {session["title"] for session in found}
    assert {None, ""} <= {session["transcript"] for session in found}
    assert {None, ""} <= {session["meeting_minutes"] for session in found}
    assert any(session["topicId"] is None for session in found)
    assert {None, "meeting", "brainstorm", "interview", "lecture", "coaching"} == {
        session["session_type"] for session in found
    }
    assert {"00", "22"} <= {session["startTime"][11:13] for session in found}
    assert any("<b>" in (session["title"] or "") for session in found)
    assert [title for title, often in Counter(session["title"] for session in found).items() if often > 20] == [
        "Launch weekly",
        "Clinic stand-up",
    ]


def test_every_day_of_the_last_week_has_a_meeting(data: Data) -> None:
    """Whatever day it is, "last Tuesday" and "yesterday" find a meeting with a recap."""
    days = {session["startTime"][:10] for session in data.sessions if session["recap"]}

    assert days >= {(TODAY - datetime.timedelta(days=before)).isoformat() for before in range(1, 8)}


def test_the_newest_but_one_is_still_processed(data: Data) -> None:
    """The latest meeting is complete; another of the same day has nothing yet."""
    newest, before = data.sessions[:2]

    assert all(newest[name] for name in ("transcript", "recap", "meeting_minutes", "highlights", "user_todos"))
    assert not any(before[name] for name in ("transcript", "recap", "meeting_minutes", "highlights", "user_todos"))


def test_the_oldest_meeting_has_the_sentence(data: Data) -> None:
    """The sentence that started it all is in the oldest meeting and nowhere else."""
    holding = [
        session for session in data.sessions if "A lamp that lies about the harbour" in (session["transcript"] or "")
    ]

    assert holding == [data.sessions[-1]]


def test_notes_have_every_form(data: Data) -> None:
    """Notes are a Quill delta as JSON, plain text, empty or null."""
    notes = {session["session_notes"] for session in data.sessions}
    deltas = [json.loads(text) for text in notes if text and text.startswith("[")]

    assert {None, ""} <= notes
    assert all("insert" in part for delta in deltas for part in delta)
    assert any(text and not text.startswith("[") for text in notes)


@pytest.mark.parametrize(
    "prose",
    [
        "Tomorrow",
        "End of week",
        "next Monday",
        "in 3 days",
        "ASAP",
        "",
        "heute",
        "in 3 Tagen",
        "明日",
        "来週の金曜日",
        "下周五",
    ],
)
def test_due_dates_are_prose(data: Data, prose: str) -> None:
    """Due dates are written as a language model writes them, in the language of the meeting."""
    assert prose in {todo["dueDate"] for todo in todos(data)}


def test_due_dates_speak_the_language_of_the_meeting(data: Data) -> None:
    """A German meeting has German due dates and no others."""
    topic = next(topic["id"] for topic in data.topics if topic["name"].startswith("Bäckerei"))
    found = {
        todo["dueDate"] for session in data.sessions if session["topicId"] == topic for todo in session["user_todos"]
    }

    assert found & set(phrases.DUE["de"])
    assert not found & (set(phrases.DUE["en"]) - {""})


def test_promises_are_carried_over(data: Data) -> None:
    """A todo comes back in the next two weekly meetings in almost the same words."""
    weekly = [session for session in data.sessions if session["title"] == "Launch weekly"]
    holding = [
        place
        for place, session in enumerate(weekly)
        if any("gasket samples" in todo["text"] for todo in session["user_todos"])
    ]

    assert len(holding) >= 3
    assert holding[1:3] == [holding[0] + 1, holding[0] + 2]


def test_both_shapes_of_an_overview_occur(data: Data) -> None:
    """An overview is a summary, or paragraphs with a note, or null, or absent."""
    shapes = {
        tuple(sorted(topic["overview"])) if topic.get("overview") else topic.get("overview", "absent")
        for topic in data.topics
    }

    assert shapes == {("summary",), ("overviewParagraphs", "prepNote"), None, "absent"}


@pytest.mark.parametrize("name", POOLS)
def test_every_scene_is_complete(name: str) -> None:
    """Each scene has a highlight, an analysis, two todos, and only slots that can be filled."""
    pool = scenes.load(name)
    slots = dict.fromkeys([*scenes.SPEAKERS, *pool.words, "n", "m", "short", "pct", "big"], "x")

    for scene in pool.scenes:
        filled = scene.filled(slots)
        assert sum(line.marked for line in filled.lines) == 1
        assert set(filled.notes) == {"recap", "decision", "idea", "insight", "ask", "answer"}
        assert len(filled.todos) == 2


def test_times_have_a_fraction_only_where_there_is_one() -> None:
    """Whole seconds are written without a fraction."""
    moment = datetime.datetime(2026, 3, 15, 14, 30, tzinfo=datetime.UTC)

    assert instant(moment) == "2026-03-15T14:30:00Z"
    assert instant(moment.replace(microsecond=953_635)) == "2026-03-15T14:30:00.953635Z"
