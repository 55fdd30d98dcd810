"""Empty lists: the status line says why nothing is there, and what is there instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.account.connection import Connection
from hedy_jupyter.frames.timezones import zone_label
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import words
from hedy_jupyter.text.phrasing import short_time
from tests.histories import History

pytestmark = pytest.mark.usefixtures("no_settings")


@pytest.fixture
def hedy() -> Iterator[Hedy]:
    """A fresh demo account in Kolkata."""
    with hj.demo(timezone="Asia/Kolkata") as account:
        yield account


def status(line: str) -> str:
    """What ``%hedy`` says after the result of a line, which is empty."""
    reply = dispatch.dispatch(CommandContext(ask_hidden=input), words(line, {})[0])[1]
    assert reply.value.empty
    return reply.status


def shown(hedy: Hedy, place: int, **filters: str) -> str:
    """The start of a session, by its place in the list, in the words of the status line."""
    start = hedy.sessions(1_000, **filters)["start_time"].iloc[place].tz_convert(hedy.zone)
    return f"{short_time(start, hedy.sessions(1)['start_time'][0].year)} {zone_label(start)}"


def test_sessions_of_another_time(hedy: Hedy) -> None:
    """Too late, too early, and between two meetings: the nearest ones are named, in local time."""
    first, second = hedy.sessions(1_000)["start_time"].iloc[[-1, -2]]
    day = (first + (second - first) / 2).strftime("%Y-%m-%d")

    assert status("sessions --since 2030") == (f"No sessions since 2030; the newest is {shown(hedy, 0)} · demo account")
    assert status("sessions --until 2020-05") == (
        f"No sessions until 2020-05; the oldest is {shown(hedy, -1)} · demo account"
    )
    assert status(f"sessions --since {day} --until {day}") == (
        f"No sessions since {day} until {day}; the one before is {shown(hedy, -1)}, "
        f"the one after is {shown(hedy, -2)} · demo account"
    )


def test_sessions_of_a_topic(hedy: Hedy) -> None:
    """With a topic its own newest meeting is named, and without any of the topic how many there are in all."""
    newest = shown(hedy, 0, topic="Hiring")

    assert status("sessions --topic Hiring --since 2030").startswith(
        f'No sessions in topic "Hiring" since 2030; the newest is {newest}'
    )
    assert status('sessions --topic "Roof garden"').startswith(
        'No sessions in topic "Roof garden"; 154 sessions in all'
    )
    assert status('sessions --topic "Roof garden" --since 2030').startswith(
        'No sessions in topic "Roof garden" since 2030; there are none of any time; 154 sessions in all'
    )


def test_todos_and_highlights(hedy: Hedy) -> None:
    """Todos in another state, none of a topic, and no highlights of a session."""
    todos = hedy.todos()
    unfinished = todos.groupby("session_id")["completed"].agg(["sum", "size"])
    only_open = next(ident for ident, done, size in unfinished.itertuples() if not done and size > 1)
    bare = next(one for one in hedy.sessions()["session_id"] if hedy.highlights(session=one).empty)

    assert status(f"todos --done --session {only_open}").startswith(
        f'No done todos of session "{only_open}"; all {unfinished["size"][only_open]} are open'
    )
    assert status('todos --topic "Roof garden" --overdue').startswith(
        'No overdue todos in topic "Roof garden"; 425 todos in all'
    )
    assert status(f"highlights --session {bare}").startswith(
        f'No highlights of session "{bare}"; 208 highlights in all'
    )


def test_an_account_without_anything() -> None:
    """A new account has nothing: each list says so."""
    history = History(0)
    history.topics, history.contexts = [], []
    with history.account_of():
        assert status("sessions").startswith("No sessions · live")
        assert status("todos --open").startswith("No open todos · live")
        assert status("highlights").startswith("No highlights · live")
        assert status("topics").startswith("No topics; %hedy topic new makes one")
        assert status("webhooks").startswith("No webhooks; %hedy webhook new makes one")


def test_search(hedy: Hedy) -> None:
    """The words without a hit are named, filters that leave all hits out, and an archive without meetings."""
    hedy.archive.sync()

    no_hit = r"0 of 154 sessions · archive, synced \w{3} \d+ \w{3} [\d:]+ \w+ · no hit for zzzz"
    assert re.fullmatch(no_hit, status("search zzzz"))
    assert status("search lamp zzzz qqqq").endswith(" · no hit for zzzz, qqqq; all words have to occur in a session")
    assert status('search "lamp bread"').endswith(' · no hit for "lamp bread"')
    assert status("search gasket Hörnchen").endswith(" · each word occurs, but no session has all of them")
    assert status("search lamp --topic Coaching").endswith(
        ' · no hit in topic "Coaching"; there are hits elsewhere in the archive'
    )
    assert status("search zzzz --since 2026-01").endswith(" · no hit for zzzz")
    assert " · no hit since 2090; there are hits" in status('search lamp --since "since 2090"')
    assert status("search zzzz OR qqqq --fts").endswith(" · no hit for zzzz OR qqqq")
    assert status("search lamp gaskt").endswith(
        " · no hit for gaskt; all words have to occur in a session. Did you mean gasket?"
    )
    assert status("search askets").endswith(" · no hit for askets. Did you mean gaskets?")
    assert status("search gasket -lamp*").endswith("sessions with gasket, all left out by -lamp*")


def test_search_of_an_empty_archive() -> None:
    """An archive that was synced from an account without meetings says so."""
    with History(0).account_of() as account:
        account.archive.sync()

        assert status("search lamp").endswith(" · no session in the archive; %hedy sync brings it up to date")


def test_a_status_line_costs_at_most_one_page() -> None:
    """The nearest meeting is among those that the list has read; the rest of a long history is not read for it."""
    history = History(1_000)
    with history.account_of():
        assert "the newest is" in status("sessions --since 2090")
        assert history.asked.count("/sessions") <= 2

        history.asked.clear()
        assert "the oldest is" in status("sessions --until 2015")
        assert history.asked.count("/sessions") <= 10  # the list itself has to read all ten pages


def test_no_status_line_waits_for_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a request left an empty list is called empty, and no more is read."""
    history = History(300)
    with history.account_of() as account:
        account.sessions(since="2090")
        asked = len(history.asked)
        monkeypatch.setattr(Connection, "requests_left", 0)

        assert status("sessions --since 2090").startswith("No sessions since 2090 · live")
        assert len(history.asked) == asked
