"""Transcripts that name their speakers otherwise than by "Ada: …", and texts that look so and name nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from hedy_jupyter.analysis import transcripts

Dialogue = Sequence[tuple[str, str]]

DIALOGUES: dict[str, Dialogue] = {
    "first names": [
        ("Ada", "Hi Ben, shall we start?"),
        ("Ben", "Yes, I am ready."),
        ("Ada", "Good. The budget is fine."),
        ("Ben", "See you."),
    ],
    "full names and roles": [
        ("Mary-Jane O'Neil", "The plan: we wait."),
        ("Speaker 2", "Until Monday - no longer."),
        ("Dr. Anna van der Berg", "Agreed at 10:30."),
        ("Speaker 2", "Fine."),
        ("Mary-Jane O'Neil", "Note: see https://example.com"),
    ],
    "names that are words": [("Will", "Hi all."), ("Dan", "Shall we?"), ("Will", "Good."), ("Mia", "So be it.")],
    "two lines": [("Ada", "hi"), ("Ben", "hello")],
    "Japanese": [
        ("田中", "始めましょう。"),
        ("佐藤", "はい、お願いします。"),
        ("田中", "予算はどうですか？"),
        ("佐藤", "問題ありません。"),
    ],
    "Arabic": [("أحمد", "مرحبا جميعا"), ("سارة", "أهلا يا أحمد"), ("أحمد", "كيف الميزانية؟"), ("سارة", "جيدة جدا")],
    "Hebrew": [("רות", "שלום לכולם"), ("דנה", "שלום רות"), ("רות", "מה עם התקציב?"), ("דנה", "בסדר גמור")],
    "Russian": [("Мария", "Привет всем."), ("Олег", "Начнём?"), ("Мария", "Хорошо."), ("Олег", "До встречи.")],
}


def lines(form: str, between: str = "\n") -> Callable[[Dialogue], str]:
    """A function that writes each turn in *form*; ``{n}`` is its number."""
    return lambda turns: between.join(form.format(name=name, text=text, n=n) for n, (name, text) in enumerate(turns))


VTT_NOTE = "WEBVTT - made by a test\n\nSTYLE\n::cue { color: red }\n\nNOTE Ada: a remark\nof two lines\n\n"
STYLES: dict[str, Callable[[Dialogue], str]] = {
    "colon": lines("{name}: {text}"),
    "wide colon": lines("{name}：{text}"),
    "bold": lines("**{name}:** {text}"),
    "time": lines("[00:0{n}] {name}: {text}"),
    "time of day": lines("[10:0{n} AM] {name}: {text}"),
    "chat": lines("24/11/2026, 10:0{n} - {name}: {text}"),
    "time behind": lines("{name} (00:0{n}): {text}"),
    "time and no colon": lines("{name} (00:0{n}) {text}"),
    "hyphen": lines("{name} - {text}"),
    "em dash": lines("{name} — {text}"),
    "en dash": lines("{name} – {text}"),
    "tight dash": lines("{name}—{text}"),
    "time and dash": lines("0:0{n} {name} - {text}"),
    "bar": lines("{name} | {text}"),
    "tab": lines("{name}\t{text}"),
    "angle brackets": lines("<{name}> {text}"),
    "square brackets": lines("[{name}] {text}"),
    "lenticular brackets": lines("【{name}】{text}"),
    "name alone": lines("{name}\n{text}"),
    "name alone in paragraphs": lines("{name}\n{text}", "\n\n"),
    "name apart": lines("{name}\n\n{text}", "\n\n"),
    "bold name alone": lines("**{name}**\n{text}", "\n\n"),
    "headings": lines("### {name}\n{text}", "\n\n"),
    "name, blanks, time": lines("{name}  0:0{n}\n{text}", "\n\n"),
    "name, blank, time": lines("{name} 00:0{n}:07\n{text}"),
    "name in brackets, time": lines("[{name}] 10:15:0{n}\n{text}", "\n\n"),
    "time above": lines("[00:0{n}] {name}\n{text}"),
    "one long line": lines("{name}: {text}", " "),
    "one long line with times": lines("[00:0{n}] {name}: {text}", " "),
    "one long line with plain times": lines("00:0{n} {name}: {text}", " "),
    "WebVTT": lambda turns: (
        VTT_NOTE + lines("00:0{n}.000 --> 00:0{n}.900 align:start\n<v.loud {name}><i>{text}</i></v>", "\n\n")(turns)
    ),
    "voices": lines("<v {name}>{text}"),
    "WebVTT with names": lambda turns: (
        "WEBVTT\n\n" + lines("{n}\n00:00:0{n}.000 --> 00:00:0{n}.900\n{name}: {text}", "\n\n")(turns)
    ),
    "SubRip": lines("{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{name}: {text}", "\n\n"),
    "cue, name, text": lines("0:0:{n}.0 --> 0:0:{n}.9\n{name}\n{text}", "\n\n"),
}


def spoken(text: str | None) -> list[tuple[str, str]]:
    """Speaker and text of each turn."""
    return [(speaker, said) for _, speaker, said in transcripts.Reading().turns(pd.DataFrame({"transcript": [text]}))]


@pytest.mark.parametrize("style", STYLES)
def test_styles(style: str) -> None:
    """Each style gives the same turns, with nothing of the form in names and texts."""
    for dialogue in DIALOGUES.values():
        assert spoken(STYLES[style](dialogue)) == list(dialogue)


def test_days_of_a_plan_do_not_speak() -> None:
    """Days of the week begin lines of a plan; a time within a turn stays in it."""
    assert spoken("Monday: gym\nTuesday: swim\nWednesday: rest") == []
    assert spoken("Ada: Hi.\nFriday: we ship.\nBen: Fine.\nAda: Good.")[0] == ("Ada", "Hi.\nFriday: we ship.")
    assert spoken("00:01 Ada: We meet at 10:30. 00:04 Ben: Fine. 00:05 Ada: Bye.")[0] == ("Ada", "We meet at 10:30.")


def test_captions_in_capitals() -> None:
    """The ``>>`` of captions belongs to nothing."""
    assert spoken(">> ADA: Hi.\n>> BEN: Hello.\n&gt;&gt; ADA: Bye.") == [
        ("ADA", "Hi."),
        ("BEN", "Hello."),
        ("ADA", "Bye."),
    ]


def test_cues_are_pieces_of_turns() -> None:
    """Cues of one speaker in a row are one turn, and a cue without a name goes on."""
    cue = "00:01.000 --> 00:02.000\n"

    assert spoken(f"WEBVTT\n\n{cue}<v Ada>One\n\n{cue}<v Ada>two.\n\n{cue}<v Ben>Three.") == [
        ("Ada", "One\ntwo."),
        ("Ben", "Three."),
    ]
    assert spoken(
        f"1\n{cue}Ada: One\n\n2\n{cue}two.\n\n3\n{cue}Ada: More.\n\n4\n{cue}Ben: Three.\n\n5\n{cue}Ben: Four."
    ) == [
        ("Ada", "One\ntwo.\nMore."),
        ("Ben", "Three.\nFour."),
    ]


def test_several_lines_below_a_name() -> None:
    """All lines up to the next name belong to the turn, blank ones between them or not."""
    text = "Ada Lovelace  0:03\nOne.\nTwo.\n\nThree.\n\nBen  1:15\nFour."

    assert spoken(text) == [("Ada Lovelace", "One.\nTwo.\nThree."), ("Ben", "Four.")]


def test_names_inside_of_a_line() -> None:
    """A name may have two words, follow a call, come without a full stop, and a label in between is text."""
    text = "Ada Lovelace: hi all Ben Miller: thanks. Note: it rains Ada Lovelace: Where? Ben Miller: Here"

    assert spoken(text) == [
        ("Ada Lovelace", "hi all"),
        ("Ben Miller", "thanks. Note: it rains"),
        ("Ada Lovelace", "Where?"),
        ("Ben Miller", "Here"),
    ]
    assert spoken("Welcome to the show. Ada: Hi. Ben: Hello. Ada: Bye. Ben: Bye.")[0] == ("Ada", "Hi.")
    assert spoken("Ada: Tell Ben: no.\nBen: Why?\nAda: So.") == [
        ("Ada", "Tell Ben: no."),
        ("Ben", "Why?"),
        ("Ada", "So."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Budget - approved\nHiring - postponed\nRoadmap - moved to June",
        "Note - this is long.\nNote - this too.\nAgenda - nothing.\nAgenda - more.",
        "Yes - that is right.\nNo - it is not.\nYes - it is.\nNo - never.",
        "Great - we do it.\nSure - why not?\nGreat - bye.\nSure - bye.",
        "Monday - Ada presents.\nTuesday - Ben presents.\nMonday - Ada again.\nTuesday - Ben again.",
        "We met - as agreed.\nWe talked - at length.\nThey left - late.\nThey slept - well.",
        "The harbour is cold — we wait.\nThe boat is late — we wait.\nThe boat is here — we go.",
        "Ada spoke first. The plan is good - we agreed.\nThen Ben spoke - for an hour.\nIt rained.",
        "Agenda:\nWelcome 10:00\nBudget 10:15\nBreak 10:30\nBudget 10:45",
        "10:00 Welcome\n10:15 Budget\n10:30 Break\n10:45 Close",
        "We meet at 10:30\nand again at 11:30\nand again at 12:30",
        "Lunch 12:30\nThere is soup.\nDinner 18:30\nThere is fish.",
        "Introduction\nThis text has two parts.\n\nResults\nThe second part is short.",
        "Agenda\nThe budget.\n\nDecisions\nNone yet.\n\nAgenda\nThe plan.\n\nDecisions\nAll of them.",
        "Berlin\nParis\nRome\nBerlin\nParis",
        "Frage: Wer macht das?\nAntwort: Ben.\nFrage: Wann?\nAntwort: Morgen.",
        "Note: tell Ben: he waits. Note: tell Ada: she waits.",
        "See http://example.com and https://example.org: both work. Also ftp://x: no.",
        "The rule is this: wait. The answer is that: go. The end: now.",
        "At 10:30 we stop. At 11:30 we go on. At 12:30 we eat.",
        "[Music] The band plays.\n[Applause] They clap.\n[Music] Again.\n[Applause] And again.",
        "[1] A note.\n[2] Another note.\n[1] The same.",
        "[ ] Call Ben\n[x] Call Ada\n[ ] Write minutes",
        "<b>bold</b> text\n<i>thin</i> text\n<b>bold</b> again",
        "Item\tPrice\nLamp\t30\nBoat\t900",
        "1\n2\n3\n\n4 --> 5\nhello",
        "注意：下雨。 問題：誰？ 注意：雪。 問題：何時？",
        "议题 - 预算\n决定 - 没有\n议题 - 人事",
    ],
)
def test_nobody_speaks(text: str) -> None:
    """Lists, agendas, headings, labels, times, addresses and sentences with a dash or colon name no speaker."""
    assert spoken(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ada - " * 15_000,
        "Ada\n" * 15_000,
        "Ada" + " " * 75_000 + "- x",
        "<v Ada>" * 10_000,
        "00:01.000 --> 00:02.000\n" * 7_500,
        "Ada 0:01\nx\n" * 7_500,
        "Ada: x Ben: " * 5_000,
        "[" * 50_000,
        "A. " * 25_000,
        "NOTE\n" * 15_000,
        "".join(f"Name{n} - text\n" for n in range(5_000)),
    ],
)
@pytest.mark.timeout(5, func_only=True)  # alone it takes less than a tenth of a second
def test_no_text_takes_long(text: str) -> None:
    """The time grows with the length of the text, whatever it is."""
    spoken(text)
