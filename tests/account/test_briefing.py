"""One meaning of a number: brief, brief of a topic and overdue agree, whatever was read before."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from tests.commands import run

TOPICS = ["Harbour Lamp launch", "Clinic software", "Hiring", "Project Alpha"]


def counts(line: str) -> tuple[int, int, int]:
    """The open, late and undated todos of a brief."""
    brief = run(line).value.brief
    return brief.open, brief.late, brief.undated


LINES = ["brief", *(f'brief "{topic}"' for topic in TOPICS)]


@pytest.fixture(name="fresh", scope="module")
def fixture_fresh() -> dict[str, tuple[int, int, int]]:
    """The counts of every brief in a fresh kernel."""
    with hj.demo(timezone="UTC"):
        return {line: counts(line) for line in LINES}


@pytest.mark.parametrize("before", ["", "sessions --all", "sessions --limit 3", "todos --overdue", "sync"])
def test_what_was_read_before_does_not_matter(fresh: dict[str, tuple[int, int, int]], demo: Hedy, before: str) -> None:
    """In a fresh kernel and after any other command the counts are the same, whichever brief comes first."""
    if before:
        run(before)

    assert {line: counts(line) for line in reversed(LINES)} == fresh


@pytest.mark.parametrize("topic", TOPICS)
def test_brief_and_overdue_agree(demo: Hedy, topic: str) -> None:
    """A brief counts as late what ``--overdue`` lists and as open what ``--open`` lists, the overall brief too."""
    brief = run(f'brief "{topic}"').value.brief
    overdue = run(f'todos --overdue --topic "{topic}"').value
    still_open = run(f'todos --open --topic "{topic}"').value
    (part,) = brief.parts
    in_overall = [one for one in run("brief --since 365d").value.brief.parts if one.title == topic]

    assert (part.late, part.open) == (len(overdue), len(still_open))
    assert [(one.open, one.late, one.undated) for one in in_overall] == [(part.open, part.late, part.undated)]
    assert [len(one.todos) + one.left_out for one in in_overall] == [len(part.todos) + part.left_out]


def test_the_overall_brief_counts_everything(demo: Hedy) -> None:
    """Also todos of topics without a meeting since then, and what the status line of ``--overdue`` says."""
    brief, overdue = run("brief").value, run("todos --overdue")

    assert (brief.brief.open, brief.brief.late) == (len(run("todos --open").value), len(overdue.value))
    assert f"{brief.brief.late} of them late" in brief.text
    assert f"{brief.brief.undated} open ones without an exact due day" in overdue.status


def test_late_is_counted_over_all(demo: Hedy) -> None:
    """The list is cut at twenty, the count is not; folded promises are reported."""
    brief = run("brief --since 365d").value.brief

    for part in brief.parts:
        listed = sum(one.late_days > 0 for one in part.todos if one.due)
        assert part.late >= listed
        assert part.open >= len(part.todos) + part.left_out
    folded = [part for part in brief.parts if part.open > len(part.todos) + part.left_out]
    assert folded
    text = " ".join(run(f'brief "{folded[0].title}"').value.text.split())
    promised = len(folded[0].todos) + folded[0].left_out
    below = f"20 of {promised}" if folded[0].left_out else f"{promised}"
    assert re.search(rf"{folded[0].open}\b.*; {below} below, repeated ones once", text)


def test_a_cut_list_says_how_to_get_the_rest(demo: Hedy) -> None:
    """The count says how many are shown, and the line below the list is the command for the others."""
    topics = [part for part in run("brief --since 365d").value.brief.parts if part.left_out]
    assert topics

    for part in topics:
        found = run(f'brief "{part.title}"').value
        more = f'{part.left_out} more: %hedy todos --open --topic "{part.title}"'
        assert f"; 20 of {20 + part.left_out} below" in " ".join(found.text.split())
        assert more in " ".join(found.text.split())
        assert "more: %hedy todos --open --topic" in found.markdown
        assert "more: %hedy todos --open --topic" in found.html
        listed = run(more.partition("%hedy ")[2]).value
        assert len(listed) == part.open


def test_a_due_date_without_a_day_is_counted(demo: Hedy) -> None:
    """An independent count in plain pandas."""
    todos = demo.todos()
    dated = todos.hedy.due(demo.sessions(limit=None))
    left = dated[~dated["completed"].fillna(value=False)]
    today = pd.Timestamp.now(tz="UTC").tz_localize(None).normalize()

    brief = run("brief").value.brief

    assert brief.late == int((left["due_on"] < today).sum())
    assert brief.undated == int((left["due_on"].isna() & left["due_kind"].isin(["relative", "vague"])).sum())
