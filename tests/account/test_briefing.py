"""One meaning of a number: brief, brief of a topic and overdue agree, whatever was read before."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.errors import NotFound
from tests.cases import case
from tests.commands import run

TOPICS = ["Harbour Lamp launch", "Clinic software", "Hiring", "Project Alpha"]


def counts(line: str) -> tuple[int, int, int]:
    """The open, late and undated todos of a brief."""
    brief = run(line).value.brief
    return brief.open, brief.late, brief.undated


LINES = ["brief", f'brief "{TOPICS[0]}"']


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


def test_brief_and_overdue_agree(shared_demo: Hedy) -> None:
    """A brief counts as late what ``--overdue`` lists and as open what ``--open`` lists, the overall brief too."""
    overall = run("brief --since 365d").value.brief
    for topic in TOPICS:
        (part,) = run(f'brief "{topic}"').value.brief.parts
        overdue = run(f'todos --overdue --topic "{topic}"').value
        still_open = run(f'todos --open --topic "{topic}"').value
        in_overall = [one for one in overall.parts if one.title == topic]

        with case(topic):
            assert (part.late, part.open) == (len(overdue), len(still_open))
            assert [(one.open, one.late, one.undated) for one in in_overall] == [(part.open, part.late, part.undated)]
            assert [len(one.todos) + one.left_out for one in in_overall] == [len(part.todos) + part.left_out]


def test_the_overall_brief_counts_everything(shared_demo: Hedy) -> None:
    """Also todos of topics without a meeting since then, and what the status line of ``--overdue`` says."""
    brief, overdue = run("brief").value, run("todos --overdue")

    assert (brief.brief.open, brief.brief.late) == (len(run("todos --open").value), len(overdue.value))
    assert f"{brief.brief.late} of them late" in brief.text
    assert f"{brief.brief.undated} open ones without an exact due day" in overdue.status


def test_late_is_counted_over_all(shared_demo: Hedy) -> None:
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
    assert re.search(rf"{folded[0].open}\b.*; {below} below, each repeated one listed once", text)
    kept = next(part for part in brief.parts if part.done_later)
    text = " ".join(run(f'brief "{kept.title}" --since 365d').value.text.split())
    assert f"listed once, without {kept.done_later} that a later meeting has as done" in text
    again = sum(one.times - 1 for one in kept.todos)
    assert kept.left_out or kept.open == len(kept.todos) + again + kept.done_later


def test_a_cut_list_says_how_to_get_the_rest(shared_demo: Hedy) -> None:
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


def test_a_due_date_without_a_day_is_counted(shared_demo: Hedy) -> None:
    """An independent count in plain pandas."""
    todos = shared_demo.todos()
    dated = todos.hedy.due(shared_demo.sessions(limit=None))
    left = dated[~dated["completed"].fillna(value=False)]
    today = pd.Timestamp.now(tz="UTC").tz_localize(None).normalize()

    brief = run("brief").value.brief

    assert brief.late == int((left["due_on"] < today).sum())
    assert brief.undated == int((left["due_on"].isna() & left["due_kind"].isin(["relative", "vague"])).sum())


def test_more_than_a_hundred_meetings(shared_demo: Hedy) -> None:
    """A brief counts all meetings since its day, as the report of the same time does."""
    parts = shared_demo.brief(since="2025-01-01").brief.parts
    numbers = shared_demo.report("2025-01-01").numbers

    assert sum(part.meetings for part in parts) == numbers.meetings == len(shared_demo.sessions(None)) > 100
    assert sum(part.hours for part in parts) == pytest.approx(numbers.hours, abs=0.5)  # each is rounded


def test_a_person_is_briefed_by_their_meetings(shared_demo: Hedy) -> None:
    """The meetings in which they spoke, their open todos, and what is new since the meeting before the last."""
    df = shared_demo.sessions(details=True)
    said = df.hedy.utterances()
    mine = df[df["session_id"].isin(said.loc[said["speaker"].eq("Imke"), "session_id"])]
    still_open = shared_demo.todos("open")
    brief = run("brief --person imke").value
    (part,) = brief.brief.parts

    assert part.title == "Imke"
    assert part.about == f"Speaks in {len(mine)} of the {len(df)} newest meetings."
    assert part.open == still_open["session_id"].isin(mine["session_id"]).sum()
    assert part.recap == mine["recap"].dropna().iloc[0]
    assert part.meetings == 2
    assert [line.rpartition(", ")[0] for line in part.changes[:2]] == mine["title"].head(2).tolist()
    assert {mark.day for mark in part.highlights} <= set(mine["start_time"].dt.tz_convert(shared_demo.zone).dt.date)
    assert "%hedy todos --open --topic" not in brief.to_text()
    crowded = shared_demo.brief(person="Ada")
    assert f"\n  {crowded.brief.parts[0].left_out} more\n" in crowded.to_text()


def test_a_person_within_a_topic(shared_demo: Hedy) -> None:
    """A topic leaves only its meetings and todos; *since* decides what is new."""
    brief = shared_demo.brief("Hiring", "365d", person="Ada").brief

    assert brief.parts[0].meetings == 16
    assert brief.open <= len(shared_demo.todos("open", topic="Hiring"))
    assert shared_demo.brief("Hiring", "2030-01-01", person="Ada").brief.parts[0].meetings == 0


def test_a_person_with_a_new_name(demo: Hedy) -> None:
    """The name that was given counts, and a first name is enough for it."""
    before = demo.brief(person="Imke").brief
    demo.rename_speaker("Imke", "Imke Brandt")
    after = demo.brief(person="brandt").brief

    assert (after.title, after.open, after.parts[0].recap) == ("Imke Brandt", before.open, before.parts[0].recap)


def test_a_person_whom_only_todos_name() -> None:
    """A person who speaks nowhere is found in the texts of todos, in scripts without spaces inside of words."""
    with hj.demo(timezone="UTC") as hedy:
        todos = hedy.todos("open")
        named = todos["text"].str.contains("Priya Underhall")

        assert hedy.brief(person="priya underhall").brief.open == named.sum() > 0


def test_a_person_who_is_not_there(shared_demo: Hedy) -> None:
    """The error suggests who speaks."""
    with pytest.raises(NotFound, match=r"Nobody called 'Imkee' .*100 newest meetings.* Did you mean Imke\?"):
        run("brief --person Imkee")
    with pytest.raises(NotFound, match="No topic"):
        shared_demo.brief("Nothing", person="Imke")


def test_days_are_written_as_in_the_lists(shared_demo: Hedy) -> None:
    """A brief and a report write days as ``Tue 24 Nov``, in facts, headings and remarks alike."""
    brief = shared_demo.brief("Hiring")
    written = brief.to_text(200)

    assert f"Since           {brief.brief.since:%a} {brief.brief.since.day}" in written
    assert re.search(r"Last recap \(.+, \w{3} \d{1,2} \w{3}( \d{4})?\)", written)
    assert re.search(r"\(due \w{3} \d{1,2} \w{3}", written)
    assert not re.search(r"\d{4}-\d\d-\d\d", written)
    tasks = [line for line in shared_demo.report("month").to_text(200).split("\n") if "☐" in line]
    assert tasks
    assert not re.search(r"due \d{4}-", "".join(tasks))
