"""Whom a todo is for."""

from __future__ import annotations

import pandas as pd
import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.analysis.addressees import of_person, to_whom
from hedy_jupyter.errors import UsageError
from tests.addressed import ADDRESSED, NOBODY

PEOPLE = ["Ada Lovelace", "Ben", "Chloé", "田中", "Will", "May", "王芳", "Speaker 1", "Иван"]


def person(text: str | None, names: list[str] | None = None) -> str | None:
    """The person of one todo."""
    found = to_whom(pd.DataFrame({"text": [text]}), names)["person"][0]
    return None if pd.isna(found) else str(found)


@pytest.mark.parametrize(("text", "expected"), ADDRESSED, ids=[text for text, _ in ADDRESSED])
def test_names_that_are_not_known(text: str, expected: str | None) -> None:
    """A common given name, or a name with a form of address, is found where its role says whom the todo is for."""
    assert person(text) == expected


@pytest.mark.parametrize("text", NOBODY)
def test_nobody(text: str) -> None:
    """Days, months, teams, companies, places and words that are also names are nobody."""
    assert person(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Send Ada the draft", "Ada Lovelace"),
        ("send ada lovelace the draft", "Ada Lovelace"),
        ("Review Chloe's plan", "Chloé"),
        ("Adas Entwurf prüfen", "Ada Lovelace"),
        ("Lunch Ben Thursday", "Ben"),
        ("田中に聞く", "田中"),
        ("给王芳发邮件", "王芳"),
        ("Позвонить Ивану", "Иван"),
        ("Ask Will", "Will"),
        ("Send May the report", "May"),
        ("Ada to send Ben the minutes", "Ada Lovelace"),
        ("Agenda for Ben, Chloé and Ada", "Ben, Chloé, Ada Lovelace"),
        ("Will call the bank", None),
        ("Send the May report", None),
        ("Send May report", None),
        ("Notes on Ben", None),
        ("Talk to Ben Labs", None),
        ("关于王芳的报告", None),
        ("Ask Speaker 1", None),
        ("Ask Oliver", None),
        (None, None),
    ],
)
def test_names_that_are_known(text: str | None, expected: str | None) -> None:
    """With names these alone count, whole ones by each of their words, inflected, in any case."""
    assert person(text, PEOPLE) == expected


def test_the_frame_stays() -> None:
    """Rows, index and other columns stay; an empty frame has the column too."""
    frame = pd.DataFrame({"text": ["Call Ben", "Call Sales"], "person": ["x", "y"]}, index=[4, 4])

    assert to_whom(frame)["person"].fillna("-").tolist() == ["Ben", "-"]
    assert frame["person"].tolist() == ["x", "y"]
    assert to_whom(frame.head(0))["person"].dtype == to_whom(frame)["person"].dtype
    assert to_whom(frame, pd.Series(["Ben", None]))["person"].fillna("-").tolist() == ["Ben", "-"]
    assert to_whom(frame, [])["person"].isna().all()
    assert of_person(frame, " ben ").index.tolist() == [4]


@pytest.mark.parametrize("name", ["", " ", "12", None, 3])
def test_no_name(name: object) -> None:
    """What holds no letter is no name."""
    with pytest.raises(UsageError, match="is not the name of a person"):
        of_person(pd.DataFrame({"text": ["Call Ben"]}), name)  # type: ignore[arg-type]


def test_person_of_the_account(demo: Hedy) -> None:
    """``hedy.todos(person=…)`` keeps the todos for that person, also by a part of the name."""
    every = demo.todos()
    of_marit = demo.todos(person="Marit Sundqvale")

    assert 0 < len(of_marit) < len(every)
    assert of_marit["text"].str.contains("Marit").all()
    assert set(of_marit["todo_id"]) == set(demo.todos(person="marit")["todo_id"])
    assert set(every.hedy.to_whom()["person"].dropna()) >= {"Marit Sundqvale", "Ebinghüser", "鳴瀬"}
