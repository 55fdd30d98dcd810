"""Phrases by language: due dates as a language model writes them, headings, the noises of spoken language."""

from __future__ import annotations

import datetime
import random

DUE = {
    "en": (
        "Tomorrow", "End of week", "next Monday", "{month} {day}", "in 3 days", "ASAP", "", "Next week", "by Friday",
        "{iso}", "before the next meeting", "{month} {day}, {year} 3pm", "in two weeks", "end of the month",
    ),
    "de": (
        "heute", "in 3 Tagen", "morgen", "bis Freitag", "{day}. {month}", "nächsten Montag", "", "Ende der Woche",
        "so bald wie möglich", "nächste Woche",
    ),
    "ja": ("明日", "来週の金曜日", "{number}月{day}日", "3日後", "今週中", "", "なるべく早く", "来週"),
    "zh": ("下周五", "明天", "{number}月{day}日", "三天后", "", "尽快", "本周内", "下周一"),
    "fr": (
        "avant vendredi", "demain", "le {day} {month}", "dans 3 jours", "", "dès que possible", "la semaine prochaine",
    ),
}  # fmt: skip
MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip
HEADINGS = {
    "en": ("Key Decisions", "Discussion", "Action Items"),
    "de": ("Entscheidungen", "Besprochen", "Aufgaben"),
    "ja": ("決定事項", "議論", "アクション項目"),
    "zh": ("决议事项", "讨论", "行动项目"),
    "fr": ("Décisions", "Discussion", "Actions"),
}
NOISES = {
    "en": ("Um. ", "Yeah. ", "Right. "),
    "de": ("Äh. ", "Ja, ja. ", "Hm. "),
    "ja": ("えっと、", "うーん、"),
    "zh": ("嗯，", "这个嘛，"),
    "fr": ("Euh. ", "Bon. "),
}


def due(language: str, day: datetime.date, rng: random.Random) -> str:
    """Return when a todo of a meeting on *day* is due, in prose; a date in it is one to three weeks later."""
    date = day + datetime.timedelta(days=rng.randrange(7, 22))
    month = MONTHS.get(language, MONTHS["en"])[date.month - 1]
    return rng.choice(DUE[language]).format(
        month=month, number=date.month, day=date.day, year=date.year, iso=date.isoformat()
    )


def spoken(text: str, language: str, place: int) -> str:
    """Return a sentence as it was spoken: some with a noise before it, some without their commas."""
    if place % 4 == 1:
        noises = NOISES[language]
        return noises[place // 4 % len(noises)] + text
    return text.replace(", ", " ") if place % 4 == 3 else text


def joined(sentences: list[str], language: str) -> str:
    """Join sentences to running text; Japanese and Chinese have no space between them."""
    return ("" if language in {"ja", "zh"} else " ").join(sentences)
