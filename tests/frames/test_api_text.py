"""One form everywhere: a place in a recording, and what replaces a title that is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hedy_jupyter.account.brief_card import Briefing
from hedy_jupyter.account.records import Highlight, Todo, Topic
from hedy_jupyter.account.session import Session
from hedy_jupyter.analysis.brief import Brief, Mark, Part, Promise
from hedy_jupyter.display.page import Item, Items, Page
from hedy_jupyter.frames.api_text import UNTITLED
from hedy_jupyter.frames.build import build
from hedy_jupyter.text.phrasing import position


@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (0, "00:00"),
        (999, "00:00"),
        (307_000, "05:07"),
        (697_500, "11:37"),
        (3_599_999, "59:59"),
        (3_600_000, "1:00:00"),
        (4_512_000, "1:15:12"),
        (36_061_000, "10:01:01"),
    ],
)
def test_a_place_has_one_form(ms: int, expected: str, tmp_path: Path) -> None:
    """The accessor, the cards of a highlight and of its session, the document and the vault show a place alike."""
    one = {"highlightId": "h", "sessionId": "s", "title": "Idea", "timeIndex": ms, "timestamp": "2026-03-04T10:00:00Z"}
    frame = build("highlights_detailed", [one])
    session = Session.from_record(
        {"sessionId": "s", "title": "T", "startTime": "2026-03-04T10:00:00Z", "highlights": [one]}
    )
    build("sessions_detailed", [session.raw]).hedy.to_vault(tmp_path, highlights=frame)
    notes = "\n".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.md"))

    assert frame.hedy.at()["at"].tolist() == [expected]
    assert ("In the session at", expected) in [
        (fact.label, fact.value) for fact in Highlight.from_record(one).page().facts
    ]
    assert [item.mark for item in items(session.page())] == [expected]
    assert f"## Idea · {expected}\n" in frame.hedy.to_markdown() + "\n"
    assert f"### Idea · {expected}\n" in notes + "\n"


@pytest.mark.parametrize("ms", [-1, 1e12, float("nan"), None])
def test_what_is_no_place(ms: float | None) -> None:
    """A place that is missing, negative or longer than a year is none, everywhere."""
    assert position(ms) == ""
    frame = (
        build("highlights_detailed", [{"highlightId": "h"}])
        .assign(time_index_ms=[ms])
        .astype({"time_index_ms": "float64"})
    )
    assert frame.hedy.at()["at"].isna().all()


def items(page: Page) -> list[Item]:
    """The items of the highlights and todos on *page*."""
    return [item for _, body in page.sections if isinstance(body, Items) for item in body.entries]


def brief_of(text: str) -> Briefing:
    """The brief of a topic with one todo and one highlight of that text."""
    todos, marks = (Promise(text, None, "", 0),), (Mark(None, text, ""),)
    part = Part("Launch", "", "", "", 0, 0.0, 1, 0, 0, todos, 0, marks, ())
    return Briefing(Brief("Launch", date(2026, 3, 1), (part,)))


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_missing_title_has_one_wording(nothing: str | None) -> None:
    """Cards, the brief, documents and plots say the same of a title, name or text that is missing."""
    todo, highlight = {"id": "t", "text": nothing}, {"highlightId": "h", "title": nothing}
    session = Session.from_record({"sessionId": "s", "highlights": [highlight], "user_todos": [todo]})

    assert Todo.from_record(todo).page().title == UNTITLED["todo"]
    assert Highlight.from_record(highlight).page().title == UNTITLED["highlight"]
    assert Topic.from_record({"id": "x", "name": nothing}).page().title == UNTITLED["topic"]
    assert [item.title for item in items(session.page())] == [UNTITLED["highlight"], UNTITLED["todo"]]
    assert [item.title for item in items(brief_of((nothing or "").strip()).page())] == [
        UNTITLED["todo"],
        UNTITLED["highlight"],
    ]
    meeting = {
        "sessionId": "s",
        "startTime": "2026-03-01T10:00:00Z",
        "duration": 30,
        "topic": {"id": "x", "name": nothing},
    }
    legend = build("sessions", [meeting]).hedy.plot_timeline().get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [UNTITLED["topic"]]
    assert f"- [ ] {UNTITLED['todo']}" in build("todos", [todo]).hedy.to_checklist()
    assert f"## {UNTITLED['highlight']}" in build("highlights_detailed", [highlight]).hedy.to_markdown()
