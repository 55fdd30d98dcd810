"""The schedule of the invented year: series of meetings, one row each, and the topics, contexts and webhooks."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

Record = dict[str, Any]


class Series(NamedTuple):
    """Meetings of one kind: the newest ``last_day`` days before today, the others each ``every_days`` earlier."""

    name: str
    pool: str
    topic: str | None
    titles: tuple[str | None, ...]
    last_day: int
    every_days: int
    meetings: int
    time: datetime.time
    types: tuple[str | None, ...]
    minutes: tuple[int, ...]
    scenes: int = 3


def _at(hour: int, minute: int) -> datetime.time:
    return datetime.time(hour, minute, tzinfo=datetime.UTC)


LONG = "workshop"
LAUNCH_EXTRAS = (
    "🚀 Harbour Lamp: rehearsal on the quay",
    "Price round with the marinas",
    "Supplier call: gaskets & glass",
    'Box test: "one hand, no light"',
)
OPEN_ROUNDS = (
    "Lecture: brass, boots and tides", "What if <b>nothing</b> ships? & other fears", "Radio piece: fog", None,
    "Workshop rules", "Reading group", "Guest talk 'The quay of 1870'", "", "Open round", "Brainstorm: winter projects",
    "Podcast recording", "Open round",
)  # fmt: skip

SERIES = (
    Series("weekly", "launch", "launch", ("Launch weekly",), 1, 7, 40, _at(15, 0), ("meeting",), (30, 45, 40)),
    Series(
        "launch extra", "launch", "alpha", LAUNCH_EXTRAS, 5, 28, 4, _at(22, 40), ("meeting", "brainstorm"), (55, 75), 5
    ),
    Series(
        LONG,
        "launch",
        "launch",
        ("Planning day: everything at once",),
        100,
        1,
        1,
        _at(8, 0),
        ("brainstorm",),
        (390,),
        48,
    ),
    Series(
        "kick-off",
        "kickoff",
        "launch",
        ("Kick-off: the lamp without a name",),
        364,
        1,
        1,
        _at(18, 30),
        ("brainstorm",),
        (50,),
    ),
    Series("stand-up", "clinic", "clinic", ("Clinic stand-up",), 2, 14, 22, _at(8, 30), ("meeting",), (15, 20, 25)),
    Series(
        "review",
        "clinic",
        "clinic",
        ("Go-live review", "Data protection round"),
        40,
        90,
        3,
        _at(13, 15),
        ("meeting", None),
        (60,),
        5,
    ),
    Series(
        "hiring",
        "hiring",
        "hiring",
        ("Interview, first round", "Panel debrief", "Practical task"),
        5,
        13,
        18,
        _at(10, 0),
        ("interview", "meeting"),
        (45, 35, 60),
    ),
    Series(
        "bakery",
        "bakery",
        "bakery",
        ("Wochenbesprechung Backstube",),
        3,
        21,
        16,
        _at(4, 45),
        ("meeting", None),
        (30, 25),
    ),
    Series(
        "robots",
        "robots",
        "robots",
        ("カモメ号 定例会", "浜風倉庫 現場確認"),
        6,
        27,
        10,
        _at(1, 0),
        ("meeting",),
        (40, 50),
    ),
    Series(
        "library",
        "library",
        "library",
        ("社区图书馆例会", "夜读活动筹备"),
        7,
        30,
        11,
        _at(11, 30),
        ("meeting", "brainstorm"),
        (35, 50),
    ),
    Series("coaching", "coaching", "coaching", ("Coaching with Imke",), 4, 28, 12, _at(0, 30), ("coaching",), (60, 50)),
    Series(
        "open",
        "open",
        None,
        OPEN_ROUNDS,
        1,
        29,
        12,
        _at(9, 0),
        ("lecture", "brainstorm", "interview", None),
        (50, 70, 30),
    ),
    Series("atelier", "atelier", None, ("Réunion de l'atelier",), 20, 60, 4, _at(16, 20), ("meeting",), (35,)),
)

NO_ANALYSIS: Record = {
    "conversations": None,
    "meeting_minutes": None,
    "recap": None,
    "session_notes": None,
    "highlights": [],
    "user_todos": [],
}
NO_TRANSCRIPT: Record = {"transcript": None, "cleaned_transcript": None, "cleaned_at": None}
# What is unusual about single meetings: (series, number from the oldest) → fields that are different.
ODDITIES: dict[tuple[str, int], Record] = {
    ("open", 11): NO_TRANSCRIPT | NO_ANALYSIS,  # still being processed
    ("open", 5): NO_TRANSCRIPT | {"transcript": "", "recap": ""},
    ("open", 4): {"session_notes": "Bring the old sheet.\u2028Ask who laughed.\x0b\nTwo doors, one rule."},
    ("stand-up", 3): NO_ANALYSIS,  # cloud analysis switched off
    ("stand-up", 9): {"meeting_minutes": None},
    ("weekly", 11): {"meeting_minutes": "", "recap": None},
    ("hiring", 7): NO_TRANSCRIPT | {"conversations": ""},
    ("bakery", 6): {"recap": "", "conversations": None},
}
# Single meetings under another topic than the rest of their series.
MOVED: dict[tuple[str, int], str] = {("weekly", number): "alpha" for number in (33, 34, 35)}
# One meeting whose transcript is a single line.
ONE_LINE = ("hiring", 2)

SUMMARY = "summary"
TOPICS: dict[str, Record] = {
    "launch": {
        "name": "Harbour Lamp launch",
        "description": "From the sketch to the quay: suppliers, tests, price, and the evening on which it is lit.",
        "color": "#0F6E84",
        "iconName": "lightbulb_outline",
        "topicContext": "Always list open supplier questions first. Numbers with their unit. Never call it a gadget.",
        "overview": {
            "overviewParagraphs": [
                "The lamp survives salt water except for a gasket that could be put in the wrong way round; "
                "a keyed one is on order.",
                "Price and first batch depend on how many marinas pay a refundable deposit.",
            ],
            "prepNote": {
                "title": "Before the next weekly",
                "bullets": ["Has the keyed gasket arrived?", "Rain plan for the quay", "Cash table by week"],
            },
        },
    },
    "alpha": {
        "name": "Project Alpha",
        "description": "The first batch of the harbour lamp: gaskets, price, box, and the rehearsal on the quay.",
        "color": "#FF5733",
        "iconName": "rocket_launch",
        "topicContext": "Everything is judged by one question: can the first batch ship? "
        "Name the supplier with each open point.",
        "overview": {
            SUMMARY: "The first batch is planned and priced; "
            "the gasket, the box and the rehearsal decide when it ships."
        },
    },
    "clinic": {
        "name": "Clinic software",
        "description": "Appointments, reminders and migration for small practices.",
        "color": "#7A4FBF",
        "iconName": "local_hospital",
        "topicContext": "Do not repeat names of patients. Mark everything that touches safety with (!).",
        "overview": {
            SUMMARY: "Double bookings are understood, reminders work, "
            "and every allergy of the old system is read by a person."
        },
    },
    "hiring": {
        "name": "Hiring",
        "description": "Candidates, panels and offers.",
        "color": "#C2571A",
        "iconName": "groups",
        "topicContext": None,
        "overview": {SUMMARY: "The panel looks for people who call for help early and leave a clear note."},
    },
    "bakery": {
        "name": "Bäckerei: Lieferkette",
        "description": "Mehl, Butter, Filialen und was am Abend übrig bleibt.",
        "color": "#B8860B",
        "iconName": "bakery_dining",
        "topicContext": "Protokolle auf Deutsch, kurz, mit Mengen und Uhrzeiten.",
        "overview": {
            "overviewParagraphs": [
                "Ein zweiter Lieferant sichert das Mehl; Verspätungen werden bis zwanzig Uhr gemeldet."
            ],
            "prepNote": {
                "title": "Vor der nächsten Besprechung",
                "bullets": ["Reste gezählt?", "Antwort des Vermieters"],
            },
        },
    },
    "robots": {
        "name": "倉庫ロボット実証",
        "description": "カモメ号の実証実験。安全、速さ、充電。",
        "color": "#2E7D32",
        "iconName": "precision_manufacturing",
        "topicContext": "議事録は日本語で。安全に関する決定を最初に書くこと。",
        "overview": {SUMMARY: "ロボットは正しく止まるが、通知と充電台に課題が残る。"},
    },
    "library": {
        "name": "社区图书馆",
        "description": "书架、夜读活动和老照片。",
        "color": "#AD1457",
        "iconName": "local_library",
        "topicContext": "",
        "overview": None,
    },
    "coaching": {
        "name": "Coaching",
        "description": "",
        "color": "#455A64",
        "iconName": "self_improvement",
        "topicContext": "Keep quotes exact. No advice, only what was said.",
        "overview": {SUMMARY: "Noor practises early and honest answers, and counts good hours."},
    },
    "garden": {"name": "Roof garden", "description": None, "color": None, "iconName": "yard", "topicContext": None},
}

CONTEXTS: tuple[Record, ...] = (
    {
        "title": "Everyday meetings",
        "content": "Decisions first, then open questions, then who does what until when.",
        "isDefault": True,
    },
    {
        "title": "Sales Call Context",
        "content": "Focus on what hurts the customer, on objections, and on the next date.",
        "isDefault": False,
    },
    {
        "title": "Interviews",
        "content": "Examples with numbers. What was the person's own part? No guesses about age or family.",
        "isDefault": False,
    },
    {"title": "Besprechung auf Deutsch", "content": "", "isDefault": False},
)
WEBHOOKS: tuple[Record, ...] = (
    {"url": "https://hooks.harbour-lamp.example/hedy", "events": ["session.ended", "highlight.created"]},
    {"url": "https://todo.kornwinkel.example/in?source=hedy", "events": ["todo.exported"]},
)
