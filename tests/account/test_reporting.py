"""Reports: each number agrees with plain pandas and with the other commands, live and from the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from markdown_it import MarkdownIt

import hedy_jupyter as hj
from hedy_jupyter import Hedy, NotFound, UsageError
from hedy_jupyter.account.report_card import Report
from hedy_jupyter.reports.numbers import TopicLoad
from tests.commands import run
from tests.conftest import KEY, Api
from tests.histories import History

ZONE = "Europe/Berlin"


@pytest.fixture(scope="module")
def hedy() -> Iterator[Hedy]:
    """A demo account in Berlin that no test changes."""
    with hj.demo(timezone=ZONE) as account:
        yield account


@pytest.fixture(scope="module")
def month(hedy: Hedy) -> Report:
    """The report of the last whole month."""
    return hedy.report("last month")


@pytest.fixture(name="month_sessions", scope="module")
def fixture_month_sessions(hedy: Hedy) -> pd.DataFrame:
    """The sessions of that month, chosen in plain pandas."""
    return of_month(hedy.sessions(None, details=True), 1)


def of_month(sessions: pd.DataFrame, ago: int) -> pd.DataFrame:
    """The sessions of the local month so many months ago."""
    local = sessions["start_time"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.to_period("M")
    return sessions[local == pd.Timestamp.now(tz=ZONE).tz_localize(None).to_period("M") - ago]


def test_meetings_and_hours(hedy: Hedy, month: Report, month_sessions: pd.DataFrame) -> None:
    """By topic and in all, for the month and the one before; ``load`` has the same hours."""
    before = of_month(hedy.sessions(None), 2)
    by_topic = month_sessions.groupby("topic_name", dropna=False)["duration_min"].agg(["size", "sum"])
    numbers = month.numbers
    load = hedy.sessions(None).hedy.load("M").set_index("period")

    assert (numbers.meetings, numbers.meetings_before) == (len(month_sessions), len(before))
    assert numbers.hours == pytest.approx(month_sessions["duration_min"].sum() / 60)
    assert numbers.hours_before == pytest.approx(before["duration_min"].sum() / 60)
    assert numbers.hours == pytest.approx(load.loc[numbers.period.first.tz_localize(None), "hours"])
    found = {one.title: (one.meetings, round(one.hours, 6)) for one in numbers.topics if one.meetings}
    wanted = {
        "Without a topic" if pd.isna(name) else name: (row["size"], round(row["sum"] / 60, 6))
        for name, row in by_topic.iterrows()
    }
    assert found == wanted
    assert sum(one.meetings_before for one in numbers.topics) == len(before)


def test_decisions(hedy: Hedy, month: Report, month_sessions: pd.DataFrame) -> None:
    """Those of ``hedy.decisions()`` in that month, in its order."""
    decisions = hedy.decisions()
    wanted = decisions[decisions["session_id"].isin(month_sessions["session_id"])]

    assert [one.text for one in month.numbers.decisions] == wanted["decision"].tolist()
    assert f"\nDecisions         {len(wanted)}," in month.to_text()


def test_todos(hedy: Hedy, month: Report, month_sessions: pd.DataFrame) -> None:
    """New are those of the month's meetings; late and open ones as brief and ``--overdue`` count them."""
    todos = hedy.todos()
    new = todos[todos["session_id"].isin(month_sessions["session_id"])]
    numbers, brief = month.numbers, hedy.brief().brief

    assert (numbers.new, numbers.new_done) == (len(new), int(new["completed"].sum()))
    assert (numbers.open, numbers.late, numbers.undated) == (brief.open, brief.late, brief.undated)
    assert [one.text for one in numbers.late_todos] == hedy.overdue()["text"].tolist()
    assert sorted(one.text for one in numbers.new_todos) == sorted(new["text"])
    assert f"{numbers.late} of them late" in month.to_text()


def test_who_spoke(month: Report, month_sessions: pd.DataFrame) -> None:
    """As ``speakers()`` counts them."""
    wanted = month_sessions.hedy.speakers()
    people = month.numbers.people

    assert [(one.name, one.meetings, one.words) for one in people] == list(
        wanted[["speaker", "meetings", "words"]].itertuples(index=False, name=None)
    )
    assert sum(one.share for one in people) == pytest.approx(1)


def test_highlights(hedy: Hedy, month: Report, month_sessions: pd.DataFrame) -> None:
    """All of the month that have a quote, one of each meeting in turn."""
    found = hedy.highlights(None, details=True)
    wanted = found[found["session_id"].isin(month_sessions["session_id"]) & found["cleaned_quote"].notna()]
    shown = month.numbers.highlights
    meetings = wanted["session_id"].nunique()

    assert sorted(one.quote for one in shown) == sorted(wanted["cleaned_quote"].str.strip())
    assert len({(one.meeting, one.day.date()) for one in shown[:meetings] if one.day is not None}) == meetings


def test_topics(hedy: Hedy) -> None:
    """With a topic, and with all but that one: together they are the whole."""
    report = hedy.report("last month", topic="Hiring")
    rest = hedy.report("last month", not_topic="Hiring")
    whole = hedy.report("last month").numbers

    assert [one.title for one in report.numbers.topics] == ["Hiring"]
    assert "Hiring" not in [one.title for one in rest.numbers.topics]
    for name in ("meetings", "hours", "meetings_before", "new", "new_done", "open", "late", "undated"):
        parts = getattr(report.numbers, name) + getattr(rest.numbers, name)
        assert parts == pytest.approx(getattr(whole, name)), name
    assert report.numbers.late == len(hedy.overdue("Hiring"))
    assert "Topics            Hiring" in report.to_text()
    assert "Without topics" in rest.to_text()
    with pytest.raises(NotFound):
        hedy.report(topic="Nowhere")


def test_the_archive_says_the_same(demo: Hedy) -> None:
    """Without a request; and only an archive says when todos were done."""
    live = demo.report("last month")
    run("sync")
    demo.forget()
    made = len(demo.requests)
    held = demo.report("last month", source="archive")

    assert len(demo.requests) == made
    assert "known only from an archive" in " ".join(live.to_text().split())
    assert (live.numbers.done, held.numbers.done) == (None, None)  # the first sync came later
    assert demo.report("today", source="archive").numbers.done == 0
    for name in ("meetings", "hours", "decisions", "new", "open", "late", "undated", "people", "highlights"):
        assert getattr(held.numbers, name) == getattr(live.numbers, name), name


def test_speakers_have_the_names_that_were_given_to_them(demo: Hedy) -> None:
    """Who spoke is what ``speakers`` counts, also after a renaming."""
    demo.rename_speaker("Ada", "Ada Quill")
    period = demo.report("month").numbers.period
    counted = demo.speakers(since=period.first, until=period.last)

    people = demo.report("month").numbers.people
    assert [(one.name, one.words) for one in people] == list(zip(counted["speaker"], counted["words"], strict=True))
    assert "Ada Quill" in demo.report("month").to_text()


def test_topics_of_one_name() -> None:
    """They have their ids behind the name, as the columns of ``load`` have."""
    history = History(6, youngest_days=0)
    for topic in history.topics:
        topic["name"] = "Weekly"
    for number, one in enumerate(history.details.values()):
        one["topic"] = dict(history.topics[number % 2]) if number else None
    with history.account_of() as account:
        titles = [one.title for one in account.report("10d").numbers.topics]
        wide = account.sessions(None).hedy.load(wide=True)

    assert set(titles) >= {"Weekly (topic_a)", "Weekly (topic_b)"}
    assert {title for title in titles if title.startswith("Weekly")} <= set(wide.columns)


def test_done_is_what_a_sync_saw() -> None:
    """Todos that turned done between two syncs count in the time of the second one."""
    history = History(12, youngest_days=0)
    with history.account_of() as account:
        account.archive.sync()
        for number in (1, 4, 5):
            history.details[f"sess_{number:06}"]["user_todos"][0]["completed"] = True
        account.archive.sync()
        account.forget()

        report = account.report("today")
        assert report.numbers.done == 3
        assert re.search(r"Todos done +3 seen by syncs, the last one \w+ \d+ \w+ \d\d:\d\d", report.to_text())
        assert account.report("last month").numbers.done is None


def test_a_week_fits_on_two_pages(shared_demo: Hedy) -> None:
    """Its text has at most 110 lines; what is left out is counted, with the command that lists it."""
    text = str(shared_demo.report("week"))

    assert len(text.splitlines()) <= 110
    assert re.search(r"\d+ more: %hedy decisions --since 20\d\d-\d\d-\d\d --until 20\d\d-\d\d-\d\d\n", text)
    for options in ({}, {"not_topic": ["Hiring", "Clinic software"]}, {"topic": "Harbour Lamp launch"}):
        text = shared_demo.report("month", **options).to_text(width=200)
        pointers = re.findall(r"(\d+) more: %hedy (.*)\n", text)
        assert [command.partition(" ")[0] for _, command in pointers][:3] == ["decisions", "todos", "todos"]
        for left, command in pointers:
            shown = {"decisions": 10, "todos": 6, "highlights": 4, "speakers": 8}[command.partition(" ")[0]]
            assert len(run(command).value) == int(left) + shown, command


def test_words(shared_demo: Hedy) -> None:
    """With words each number is that of the list with these words."""
    chosen = {"since": "2026-06-01", "until": "2026-11-30", "text": "Firmware"}
    numbers = shared_demo.report(**chosen).numbers
    late = shared_demo.overdue(text="firmware")

    assert 0 < numbers.meetings == len(shared_demo.sessions(None, details=True, **chosen))
    assert 0 < len(numbers.decisions) == len(shared_demo.decisions(**chosen))
    assert 0 < numbers.new == len(shared_demo.todos(**chosen))
    assert 0 < len(numbers.highlights) == len(shared_demo.highlights(None, details=True, **chosen).hedy.quotes())
    assert 0 < numbers.late == len(late) == len(numbers.late_todos)
    assert all(note.meeting != "Untitled session" for note in numbers.highlights)
    text = shared_demo.report("2026", text="lamp", limit=2).to_text(width=200)
    for left, command in re.findall(r"(\d+) more: %hedy ((?:decisions|todos) .*)\n", text):
        assert command.endswith("--text lamp")
        assert len(run(command).value) == int(left) + 2, command


def test_limit(shared_demo: Hedy) -> None:
    """A limit is how many rows each list shows; the numbers stay those of all."""
    short, whole = run("report month --limit 2").value, shared_demo.report("month")

    assert short.numbers == whole.numbers
    assert short.to_text().count("\n  ☐") == 4
    assert f"{len(whole.numbers.decisions) - 2} more: %hedy decisions" in short.to_text()
    for wrong in ({"limit": 0}, {"text": " … "}):
        with pytest.raises(UsageError):
            shared_demo.report("month", **wrong)


def test_what_is_left_out_since_an_instant(shared_demo: Hedy) -> None:
    """The command below a list names the instant, not its whole day."""
    report = shared_demo.report("2026-10-20T10:00", "2026-11-20T17:30")

    command = re.search(r"more: %hedy (todos --since .*)\n", report.to_text(width=200))
    assert command is not None
    assert command[1] == "todos --since 2026-10-20T10:00 --until 2026-11-20T17:30"
    assert len(run(command[1]).value) == report.numbers.new


def test_markdown_lists_have_one_mark(shared_demo: Hedy) -> None:
    """A decision is an item of Markdown without a second bullet."""
    markdown = shared_demo.report("month").to_markdown()

    assert "- ·" not in markdown
    assert f"- {shared_demo.report('month').numbers.decisions[0].text}" in markdown


def test_forms(shared_demo: Hedy) -> None:
    """``%hedy report`` is the week; each form has the same numbers."""
    card = run("report").value
    assert isinstance(card, Report)
    assert repr(card) == repr(shared_demo.report("week"))
    assert str(run("report week --as text").value) == card.to_text()
    assert str(run("report last week --as markdown").value).startswith("### Report: Mon ")
    mailed = str(run("report month --as html").value)
    assert mailed.startswith("<!DOCTYPE html>")
    assert "hedy-card" in card._repr_html_()
    assert card.numbers.period.end - card.numbers.period.first == pytest.approx(
        timedelta(days=7), abs=timedelta(hours=1)
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("report week --since 7d", "Use either PERIOD or --since"),
        ("report --since 2026-11-30 --until 2026-11-01", "is after"),
        ("report wek", "Can't read 'wek' as a date"),
        ("report --as pdf", "--as must be one of"),
    ],
)
def test_errors(shared_demo: Hedy, line: str, message: str) -> None:
    """A value that does not fit is an error that names it."""
    with pytest.raises(UsageError, match=message):
        run(line)


def test_an_account_without_meetings(api: Api) -> None:
    """Nothing is missing silently: counts of zero, and what could not be read."""
    api.answers |= {f"/{name}": {"success": True, "data": []} for name in ("sessions", "todos", "topics", "highlights")}
    with hj.connect(api_key=KEY, transport=api.transport, timezone="UTC") as account:
        report = account.report("last week")

    assert report.numbers.meetings == report.numbers.new == 0
    assert "Meetings          none; before: none" in report.to_text()


def test_other_peoples_words_stay_words() -> None:
    """A title, a name, a decision or a todo makes no tag, link or picture in any form."""
    history = History(3, youngest_days=0)
    evil = "<img src=x onerror=alert(1)> [x](javascript:1) ![y](https://example.com/z)"
    history.topics = [{"id": "topic_a", "name": evil}]
    for record in history.details.values():
        record |= {
            "title": evil,
            "topic": {"id": "topic_a", "name": evil},
            "meeting_minutes": f"## Decisions\n- {evil}",
        }
        record["user_todos"][0]["text"] = evil
        record["highlights"][0] |= {"title": evil, "rawQuote": evil}
    with history.account_of() as account:
        report = account.report("month")

    assert len(report.numbers.decisions) == 3
    for written in (report.to_html(), report._repr_html_(), report.to_markdown()):
        assert "<img" not in written
        assert not re.search(r"<a |href=|src=[\"']", written)
    parsed = MarkdownIt("commonmark", {"html": True}).enable("table").parse(report.to_markdown())
    inner = {token.type for block in parsed for token in [block, *(block.children or [])]}
    assert not {"html_block", "html_inline", "link_open", "image"} & inner


@pytest.mark.parametrize(
    ("hours", "is_noted"),
    [((1.25, 1.0, 0.85, 0.85), True), ((1.2, 0.4), False), ((0.16, 0.16, 0.16), True), ((), False)],
)
def test_rounded_hours_are_honest(month: Report, hours: tuple[float, ...], is_noted: bool) -> None:
    """Where the rounded hours of the topics do not make the rounded total, a line below the table says why."""
    loads = tuple(TopicLoad(f"t{place}", f"T{place}", 1, part, 0, 0.0) for place, part in enumerate(hours))
    shown = str(replace(month, numbers=month.numbers._replace(topics=loads)).to_text())

    assert ("the total is that of the exact ones" in shown) == is_noted
