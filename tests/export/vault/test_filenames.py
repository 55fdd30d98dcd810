"""Titles become names that every file system takes."""

from __future__ import annotations

import random
import unicodedata

import pytest

from hedy_jupyter.export.vault.filenames import candidates
from hedy_jupyter.text.fold import path_key

HOSTILE = [
    *(
        "",
        " ",
        ".",
        "..",
        "...",
        "../../etc/passwd",
        "..\\..\\x",
        "/",
        "\\",
        "C:\\x",
        "~",
        "-",
        "- -",
        ".hidden",
        "trailing. . ",
        "-rf *",
    ),
    *("CON", "con", "nul.txt", "COM1", "com¹", "LPT9.a.b", "aux ", "AUX .x", "CONIN$", "Prn:", "COM10", "CONTRACT"),
    *('<>:"/\\|?*', "a<b>c", "#^[]|", "a\x00b", "a\nb\tc\r\n", "\x1b[31mred", "a\x85b\u2028c", "\ud800\udfff x"),
    *(
        "\u202egnp.exe",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u0301",
        "a\u0301",
        "\u00e1",
        "🎉",
        "👩\u200d👩\u200d👧\u200d👦" * 40,
        "👍🏽" * 90,
    ),
    *(
        "x" * 500,
        "議" * 300,
        "é" * 300,
        "e\u0301" * 300,
        "a" + "\u0301" * 400,
        "한" * 200,
        "می\u200cخواهم",
        "e\u200b\u0301",
        "x" * 112 + ". .md",
    ),
]


def first(title: str, *, day: str = "") -> str:
    """The best name for *title*."""
    return candidates(title, "id", fallback="Untitled", day=day)[0]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Launch weekly", "Launch weekly.md"),
        ("Firmware 5.58: the battery", "Firmware 5.58 - the battery.md"),
        ("at 14:30, A/B\\C", "at 14-30, A-B-C.md"),
        ("  many\n\tblanks ", "many blanks.md"),
        ("what? *now* <b>", "what now b.md"),
        ("[[Plan]] #1 ^x | y", "Plan 1 x - y.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        (".hidden.", "hidden.md"),
        ("CON", "_CON.md"),
        ("nul.txt", "_nul.txt.md"),
        ("aux .x", "_aux .x.md"),
        ("com¹", "_com¹.md"),
        ("CONTRACT", "CONTRACT.md"),
        ("COM10", "COM10.md"),
        ("議事録：第1回", "議事録：第1回.md"),
        ("Cafe\u0301", "Café.md"),
        ("e\u200b\u0301", "é.md"),
        ("می\u200cخواهم", "می\u200cخواهم.md"),
        ("\u202egnp.exe", "gnp.exe.md"),
        ("a\ud800b", "a\ufffdb.md"),
        ("🎉", "🎉.md"),
        ("", "Untitled.md"),
        ("..", "Untitled.md"),
        ("\u200b\u0301", "Untitled.md"),
        ("\ufe0f", "Untitled.md"),
    ],
)
def test_a_name_is_the_title_without_what_file_systems_refuse(title: str, name: str) -> None:
    """What can stay of a title stays."""
    assert first(title) == name


def test_a_day_stands_before_the_title() -> None:
    """Names with days sort by time, also where the title has nothing to show."""
    assert first("Weekly", day="2026-03-15") == "2026-03-15 Weekly.md"
    assert first("CON", day="2026-03-15") == "2026-03-15 CON.md"
    assert first("\u200b", day="2026-03-15") == "2026-03-15 Untitled.md"


def is_portable(name: str) -> bool:
    """Whether Windows, macOS, Linux and the programs that keep notes take *name*."""
    stem = name.split(".")[0].strip().upper()
    reserved = {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"),
    }
    return (
        name != ".md"
        and len(name) <= 120
        and len(name.encode()) <= 255
        and not set(name) & set('<>:"/\\|?*#^[]')
        and not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name)
        and not any(
            unicodedata.bidirectional(letter) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
            for letter in name
        )
        and name == name.strip(" .-")
        and not name.removesuffix(".md").endswith((" ", "."))
        and stem not in reserved
    )


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
@pytest.mark.parametrize("day", ["", "2026-03-15"])
def test_every_name_is_portable(title: str, day: str) -> None:
    """No title leads to a name that some file system refuses or reads as a path."""
    names = candidates(title, f"id of {title}", fallback="Untitled", day=day)

    assert [name for name in names if not is_portable(name)] == []
    assert len({path_key(name) for name in names}) == len(names)


def test_random_titles_have_portable_names() -> None:
    """The same holds for whatever a generator makes up."""
    dice = random.Random(5)  # noqa: S311 - no secret
    letters = [
        *'abc .-/\\:*?"<>|#^[]~\n\t\x00\u202e\u200b\u200d\u0301\ufe0f\ud800',
        "é",
        "議",
        "🎉",
        "🏽",
        "CON",
        "nul",
        ".md",
    ]
    titles = ["".join(dice.choices(letters, k=dice.randrange(200))) for _ in range(400)]

    assert [title for title in titles if not is_portable(first(title))] == []


def test_letters_are_not_cut_in_two() -> None:
    """A long title ends with a whole letter: no accent and no member of a family is lost alone."""
    accents = first("x\u0301" * 59)
    family = first("👩\u200d👩\u200d👧" * 60)
    thumbs = first("x" + "👍🏽" * 90)

    assert accents == "x\u0301" * 58 + ".md"
    assert family.removesuffix(".md").endswith("👩\u200d👩\u200d👧")
    assert thumbs.removesuffix(".md").endswith("👍🏽")
    assert len(first("a" + "\u0301" * 400)) > 60  # where no cut is good, the name still says something


def test_the_suffix_is_made_from_the_id_alone() -> None:
    """The same id has the same suffix under every title, and another id another one."""
    suffixes = [
        candidates(title, identity, fallback="")[1][-12:] for title in ("a", "b") for identity in ("one", "two")
    ]

    assert suffixes[:2] == suffixes[2:]
    assert suffixes[0] != suffixes[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Weekly.md", "WEEKLY.md"), ("caf\u00e9.md", "cafe\u0301.md"), ("STRASSE.md", "straße.md"), ("É", "e\u0301")],
)
def test_names_that_are_one_for_some_file_system_have_one_key(one: str, other: str) -> None:
    """Neither case nor normal form tells two files apart."""
    assert path_key(one) == path_key(other)
    assert path_key(one) != path_key(f"x{other}")
