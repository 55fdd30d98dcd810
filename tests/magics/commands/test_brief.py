"""``%hedy brief``, ``%hedy export`` and ``%hedy todos --overdue``, as users type them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from icalendar import Calendar
from IPython.lib.pretty import pretty
from markdown_it import MarkdownIt

import hedy_jupyter as hj
from hedy_jupyter import Hedy, UsageError
from hedy_jupyter.accessor import registration
from hedy_jupyter.account import hedy as account
from hedy_jupyter.account.brief_card import Briefing
from tests.cases import case
from tests.commands import run
from tests.histories import History

pytestmark = pytest.mark.usefixtures("few_meetings")

# Overdue ---------------------------------------------------------------------


def test_overdue(demo: Hedy) -> None:
    """Only open todos whose day is past, the latest first; the meetings are read, so that no day is unknown."""
    reply = run("todos --overdue")

    found = reply.value
    assert len(found) > 20
    assert found["completed"].eq(False).all()
    assert found["due_on"].lt(pd.Timestamp.now().normalize()).all()
    assert found["overdue_days"].is_monotonic_decreasing
    assert found.index.equals(pd.RangeIndex(len(found)))
    undated = found.attrs["due"]["undated"]
    assert undated > 0
    assert (
        reply.status == f"{len(found)} overdue todos (92 in all) · demo account"
        f" · {undated} open ones without an exact due day"
    )
    assert found.attrs["due"]["unknown_meetings"] == 0


def test_a_limit_leaves_the_count_as_it_is(demo: Hedy) -> None:
    """The status says how many there are without the limit, as the brief and the report do."""
    late, open_todos = demo.brief().brief.late, demo.report("week").numbers.open

    assert run("todos --overdue --limit 3").status.startswith(f"3 of {late} overdue todos (92 in all) · ")
    assert run("todos --open --limit 1").status.startswith(f"1 of {open_todos} open todos (92 in all) · ")
    assert run(f"todos --overdue --limit {late}").status.startswith(f"{late} overdue todos (92 in all) · ")
    decided = len(demo.decisions(topic="Hiring"))
    assert run("decisions --topic Hiring --limit 1").status.startswith(f"1 of {decided} decisions in 1 meeting · ")


def test_overdue_of_a_topic_and_from_the_archive(demo: Hedy) -> None:
    """It works with a topic and from the archive, and not with ``--done``."""
    live = run('todos --overdue --topic "Clinic software"').value
    run("sync")
    demo.forget()
    made = len(demo.requests)
    held = run('todos --overdue --topic "Clinic software" --source archive').value

    assert len(live) > 0
    assert set(held["todo_id"]) == set(live["todo_id"])
    assert len(demo.requests) == made
    with pytest.raises(UsageError, match="Use either"):
        run("todos --overdue --done")


# Brief -----------------------------------------------------------------------


def test_brief_of_a_topic(demo: Hedy) -> None:
    """A brief has the last recap, open todos with days, highlights and news since the meeting before the last."""
    brief = run("brief Clinic software").value
    meetings = demo.sessions(topic="Clinic software")

    assert isinstance(brief, Briefing)
    (part,) = brief.brief.parts
    assert brief.brief.title == part.title == "Clinic software"
    assert brief.brief.since == meetings["start_time"][1].date()
    assert part.meetings == 2
    assert (
        part.recap
        == demo.session(
            "last~0" if meetings["session_id"][0] == demo.session("last").session_id else meetings["session_id"][0]
        ).recap
    )
    assert len(part.todos) + part.left_out <= len(demo.todos("open", topic="Clinic software"))
    assert any(one.late_days > 0 for one in part.todos)
    assert part.highlights
    assert [day for day in (one.due for one in part.todos) if day] == sorted(one.due for one in part.todos if one.due)


@pytest.mark.parametrize("form", ["html", "markdown", "text"])
def test_brief_as_text(demo: Hedy, form: str) -> None:
    """The same brief comes as HTML, Markdown or plain text, and is the same each time."""
    found = run(f"brief Clinic software --as {form}").value

    assert isinstance(found, str)
    assert "\n" in pretty(found)  # shown as text, not as a quoted string
    assert found == run(f"brief Clinic software --as {form}").value == getattr(run("brief Clinic software").value, form)
    for words_ in ("Clinic software", "Open todos", "Highlights", "late"):
        assert words_ in found


def test_brief_of_all_topics(demo: Hedy) -> None:
    """Without a topic there is a part for each topic with meetings since the day, the newest first."""
    brief = run("brief --since 14d").value.brief
    meetings = demo.sessions(since=brief.since)

    expected = list(dict.fromkeys(meetings["topic_name"].fillna("Without a topic")))
    assert [part.title for part in brief.parts] == expected
    assert sum(part.meetings for part in brief.parts) == len(meetings)
    assert run("brief").value.brief.since > brief.since
    assert (
        "no meetings since then" in str(run("brief --since today").value)
        or run("brief --since today").value.brief.parts
    )


def test_brief_from_the_archive(demo: Hedy) -> None:
    """A brief from the archive is the same and asks nothing."""
    run("sync")
    live = run("brief Clinic software").value
    demo.forget()
    made = len(demo.requests)

    held = run("brief Clinic software --source archive").value

    assert len(demo.requests) == made
    assert held.brief == live.brief


def test_brief_is_escaped() -> None:
    """Other people's words stay words in every form."""
    history = History(3, youngest_days=0)
    evil = "<img src=x onerror=alert(1)> # [x](javascript:1)"
    history.topics = [{"id": "topic_a", "name": evil, "description": evil}]
    for record in history.details.values():
        record |= {"title": evil, "recap": evil, "topic": {"id": "topic_a", "name": evil}}
        record["user_todos"][0]["text"] = evil
        record["highlights"][0] |= {"title": evil, "rawQuote": evil}
    with history.account_of():
        brief = run("brief --since 30d").value

    assert "<img" not in brief.html
    assert "<img" not in brief.markdown
    parsed = MarkdownIt("commonmark", {"html": True}).parse(brief.markdown)
    inner = {token.type for block in parsed for token in [block, *(block.children or [])]}
    assert not {"html_block", "html_inline", "link_open", "image"} & inner
    assert repr(brief).count("\n") == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("brief Nothing of that name", "No topic"),
        ("brief --as pdf", "--as must be one of"),
        ("brief --since someday", "Can't read 'someday' as a date"),
        ("export cvs x", "Did you mean csv or ics"),
        ("export csv", "needs PATH"),
        ("export md x sessions", "takes no kinds"),
        ("export csv x sesions", "Did you mean sessions"),
    ],
)
def test_wrong_lines(demo: Hedy, line: str, message: str) -> None:
    """A wrong line is one error that says what to do."""
    with pytest.raises(hj.HedyError, match=message):
        run(line)


# Export ----------------------------------------------------------------------


def test_export_documents(demo: Hedy, tmp_path: Path) -> None:
    """Markdown and calendar are one file of the meetings that the options leave; the line says how many."""
    md = run(f'export md "{tmp_path}/m.md" --topic "Clinic software" --since 60d')
    calendar = run(f'export ics "{tmp_path}/m.ics" --topic "Clinic software" --since 60d')
    count = len(demo.sessions(limit=None, topic="Clinic software", since="60d"))

    assert md.status.startswith(f"{count} sessions written to {tmp_path}/m.md · since ")
    assert calendar.status.startswith(f"{count} sessions written to {tmp_path}/m.ics · since ")
    assert (tmp_path / "m.md").read_text().startswith(f"# {count} ")
    assert len(Calendar.from_ical((tmp_path / "m.ics").read_bytes()).walk("VEVENT")) == count


@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_data(demo: Hedy, tmp_path: Path, form: str) -> None:
    """One kind is a file, several or none are a folder with a file a kind."""
    run(f"export {form} {tmp_path}/todos.{form} todos")
    run(f"export {form} {tmp_path}/some topics contexts")
    everything = run(f"export {form} {tmp_path}/all")

    rows = {
        "csv": lambda path: len(pd.read_csv(path)),
        "json": lambda path: len(json.loads(path.read_text())),
    }[form]
    assert rows(tmp_path / f"todos.{form}") == 92
    assert sorted(path.name for path in (tmp_path / "some").iterdir()) == [f"contexts.{form}", f"topics.{form}"]
    counts = {path.stem: rows(path) for path in (tmp_path / "all").iterdir()}
    assert counts == {"sessions": 34, "highlights": 45, "todos": 92, "topics": 9, "contexts": 4, "webhooks": 2}
    assert "sessions." in everything.status
    with pytest.raises(UsageError, match="is a file"):
        run(f"export {form} {tmp_path}/todos.{form} todos topics")


@pytest.mark.parametrize("form", ["md", "ics", "csv", "json", "vault", "parquet"])
@pytest.mark.parametrize(
    ("path", "why"),
    [("a\0b", "embedded null"), ("~\0/b", "embedded null"), ("a\ud800", "cannot be encoded")],
    ids=ascii,
)
def test_export_to_a_path_that_cannot_be(
    demo: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, path: str, why: str
) -> None:
    """A path that no file can have is one line, the same on every Python, before anything is asked for or written."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match=f"cannot be written: .*{why}") as caught:
        run(f"export {form} '{path}'")

    assert str(caught.value).isprintable()
    assert len(demo.requests) == 0
    assert list(tmp_path.iterdir()) == []


def test_export_vault(demo: Hedy, tmp_path: Path) -> None:
    """A vault has a note a meeting and topic, with todos and highlights; the second time nothing is written."""
    first = run(f"export vault {tmp_path}/vault").status
    second = run(f"export vault {tmp_path}/vault").status

    assert first.startswith("44 notes written, 0 unchanged")
    assert second.startswith("0 notes written, 44 unchanged")
    notes = list((tmp_path / "vault" / "sessions").rglob("*.md"))
    assert len(notes) == 34
    assert sum("## Highlights" in note.read_text() for note in notes) > 20


def test_export_from_the_archive(demo: Hedy, tmp_path: Path) -> None:
    """Exports from the archive ask nothing; webhooks are not in it."""
    run("sync")
    demo.forget()
    made = len(demo.requests)

    run(f"export csv {tmp_path}/all --source archive")
    run(f"export vault {tmp_path}/vault --source archive")

    assert len(demo.requests) == made
    assert sorted(path.stem for path in (tmp_path / "all").iterdir()) == [
        "contexts",
        "highlights",
        "sessions",
        "todos",
        "topics",
    ]


# Without the accessor ----------------------------------------------------------


@pytest.fixture
def unregistered() -> Iterator[None]:
    """``df.hedy`` is taken away, as ``%unload_ext`` does it."""
    registration.unregister()
    yield
    registration.register()


def test_todos_need_no_accessor(demo: Hedy, unregistered: None) -> None:
    """Without ``df.hedy`` the account reads the same todos."""
    demo.archive.sync()
    counts: dict[account.Status, int] = {"open": 50, "done": 42, "all": 92}
    sources: tuple[account.Source, ...] = ("live", "archive")

    assert not hasattr(demo.todos(), "hedy")
    for source, status in itertools.product(sources, counts):
        with case((source, status)):
            assert len(demo.todos(status, source=source)) == counts[status]


def test_commands_need_no_accessor(
    demo: Hedy, unregistered: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No command uses ``df.hedy``, which is for users and can be taken away."""
    monkeypatch.chdir(tmp_path)
    demo.archive.sync()
    for line in (
        "todos --overdue",
        "todos --open",
        "brief",
        "brief Clinic software",
        "export md out.md",
        "export vault out",
        "search harbour",
    ):
        with case(line):
            assert run(line) is not None


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("brief", "%hedy todos --open"),
        ("brief Harbour Lamp launch", '%hedy todos --open --topic "Harbour Lamp launch"'),
        ("brief Hiring --as text", "%hedy todos --open --topic Hiring"),
    ],
)
def test_a_brief_names_the_next_command(line: str, following: str) -> None:
    """The list of the open todos follows; a text to paste does not hold that line."""
    with hj.demo():
        reply = run(line)
        assert (reply.status, reply.next_step) == ("", following)
        assert "Next:" not in str(reply.value)
