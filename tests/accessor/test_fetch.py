"""``df.hedy`` takes zone, meetings and colours from the account in use, and ``fetch_…`` makes its requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.accessor import fetch
from hedy_jupyter.frames.build import build
from tests.histories import History


@pytest.fixture
def history() -> History:
    """Thirty meetings."""
    return History(30)


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it, and no screen."""
    mpl.use("Agg")
    with history.account_of() as account:
        yield account


def test_zone_of_the_account(hedy: Hedy) -> None:
    """Days are those of the account in use.

    Without one those of HEDY_TIMEZONE, and after ``localize`` those of the frame.
    """
    frame = build("sessions", [{"sessionId": "s", "startTime": "2026-03-01T23:30:00Z", "duration": 30}])
    assert len(frame.hedy.on("2026-03-01")) == 1
    hj.demo(timezone="Asia/Tokyo")

    assert len(frame.hedy.on("2026-03-02")) == 1
    assert len(frame.hedy.localize("America/New_York").hedy.on("2026-03-01")) == 1


def test_zone_without_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an account the setting decides."""
    monkeypatch.setenv("HEDY_TIMEZONE", "Asia/Tokyo")
    frame = build("sessions", [{"sessionId": "s", "startTime": "2026-03-01T23:30:00Z", "duration": 30}])

    assert len(frame.hedy.on("2026-03-02")) == 1


def test_due_finds_the_meetings(hedy: Hedy, history: History) -> None:
    """``due()`` takes meetings that were read, else archived, and says of how many todos the meeting is unknown.

    It asks nothing.
    """
    todos = hedy.todos()
    history.asked.clear()
    assert todos.hedy.due().attrs["due"] == {"unknown_meetings": 30}
    assert todos.hedy.due()["due_on"].isna().all()

    hedy.sessions(limit=10)
    assert todos.hedy.due().attrs["due"] == {"unknown_meetings": 20}

    hedy.archive.sync()
    history.asked.clear()
    dated = todos.hedy.due()
    assert dated.attrs["due"] == {"unknown_meetings": 0}
    starts = hedy.archive.sessions().set_index("session_id")["start_time"]
    expected = todos["session_id"].map(starts).dt.tz_localize(None).dt.normalize() + pd.Timedelta(days=1)
    assert dated["due_on"].tolist() == expected.tolist()
    assert len(todos.hedy.overdue()) == 30
    assert history.asked == []


def test_due_after_a_restart(history: History) -> None:
    """A new account object has the archived meetings at once."""
    with history.account_of() as hedy:
        hedy.archive.sync()
        todos = hedy.todos()
    with history.account_of():
        assert todos.hedy.due().attrs["due"] == {"unknown_meetings": 0}


def test_broken_archive_is_no_error(hedy: Hedy) -> None:
    """A damaged archive leaves ``due()`` with the meetings that were read."""
    hedy.archive.sync()
    hedy.sessions(limit=10, refresh=True)
    hedy.archive.path.write_bytes(b"x" * 5000)

    assert hedy.todos().hedy.due().attrs["due"]["unknown_meetings"] <= 20


def test_fetch_details(hedy: Hedy, history: History) -> None:
    """Details come for the rows that are there, several at once; further columns, order and index stay.

    What is gone keeps its row.
    """
    frame = hedy.sessions().iloc[[3, 1]].assign(note=["x", "y"])
    gone = pd.concat([frame, frame.head(1).assign(session_id="sess_gone", note="z")])
    history.asked.clear()

    found = gone.hedy.fetch_details()

    assert sorted(history.asked) == ["/sessions/sess_000001", "/sessions/sess_000003", "/sessions/sess_gone"]
    assert found["recap"].tolist()[:2] == ["Recap of number3.", "Recap of number1."]
    assert found["note"].tolist() == ["x", "y", "z"]
    assert found["title"].tolist() == ["Meeting 3", "Meeting 1", "Meeting 3"]
    assert found.index.tolist() == [3, 1, 3]
    assert set(build("sessions_detailed", []).columns) < set(found.columns)


def test_fetch_of_an_account(hedy: Hedy) -> None:
    """``account=`` names another account than the one in use."""
    frame = hedy.sessions(limit=2)
    hj.demo()

    assert frame.hedy.fetch_details(account=hedy)["recap"].notna().all()


def test_fetch_todos_and_highlights(hedy: Hedy) -> None:
    """The todos and highlights of the meetings in the frame, and no others."""
    some = hedy.sessions(limit=3)

    assert some.hedy.fetch_todos()["todo_id"].tolist() == ["todo_000000", "todo_000001", "todo_000002"]
    highlights = some.hedy.fetch_highlights()
    assert highlights["highlight_id"].tolist() == ["high_000000", "high_000001", "high_000002"]
    assert highlights.hedy.fetch_details()["raw_quote"].tolist() == ["a lamp"] * 3


def test_fetch_sessions_of_topics(hedy: Hedy) -> None:
    """The meetings of the topics in the frame; none for an empty frame."""
    topics = hedy.topics()

    assert topics.hedy.fetch_sessions()["session_id"].str[-1].astype(int).mod(2).eq(1).all()
    assert len(topics.hedy.fetch_sessions()) == 15
    assert list(topics.head(0).hedy.fetch_sessions().columns) == list(hedy.sessions().columns)


def test_colours_of_the_topics(hedy: Hedy, history: History) -> None:
    """Plots take the colours of topics that were read."""
    history.topics[0]["color"] = "#AA3311"
    hedy.topics()

    axes = hedy.sessions().hedy.plot_timeline()

    assert sum(to_hex(bar.get_facecolor()) == "#aa3311" for bar in axes.patches) == 15
    plt.close("all")


def test_colours_of_topics_without_a_request(hedy: Hedy, history: History) -> None:
    """Plots take the colours of topics that the archive holds, and make no request."""
    history.topics[0]["color"] = "#aa3311"
    hedy.archive.sync()
    meetings = hedy.sessions()
    hedy.connection.topic_colors.clear()
    before = len(hedy.requests)

    axes = meetings.hedy.plot_load(by="topic")

    assert fetch.topic_colors() == {"topic_a": "#aa3311"}
    assert "#aa3311" in {to_hex(bar.get_facecolor()) for bar in axes.patches}
    assert len(hedy.requests) == before
    plt.close("all")


def test_plot_burn_down(hedy: Hedy) -> None:
    """The history of the archive is drawn by its own meetings, and ``topics=`` leaves those of one topic."""
    hedy.archive.sync()
    todos = hedy.archive.todos(history=True)
    todos = todos.assign(topic_name=["Alpha" if place % 3 else None for place in range(len(todos))])

    whole, part = todos.hedy.plot_burn_down(), todos.hedy.plot_burn_down(topics="alpha", freq="M")

    assert (whole.get_title(), part.get_title()) == ("30 open todos", "20 open todos")
    plt.close("all")


def test_vault(hedy: Hedy, tmp_path: Path) -> None:
    """``to_vault`` writes the rows, with todos where they are given; contexts are refused."""
    written = hedy.sessions(limit=2, details=True).hedy.to_vault(tmp_path / "v", todos=hedy.todos())

    assert len(list((tmp_path / "v").rglob("*.md"))) == len(written.written)
    assert any("Do thing 0" in path.read_text() for path in (tmp_path / "v").rglob("*.md"))
    with pytest.raises(hj.UsageError, match="no contexts"):
        hedy.contexts().hedy.to_vault(tmp_path)


def test_burn_down(hedy: Hedy, history: History) -> None:
    """With the archive's history there is a row a week with what was made, done and open."""
    hedy.archive.sync()
    for ident in ("sess_000003", "sess_000004"):
        history.details[ident]["user_todos"][0]["completed"] = True
    hedy.archive.sync()

    rows = hedy.archive.todos(history=True).hedy.burn_down()

    assert (rows["made"].sum(), rows["done"].sum(), rows["open"].iloc[-1]) == (30, 2, 28)
    assert rows["period"].dt.day_name().eq("Monday").all()
    assert not hasattr(hedy.todos().hedy, "burn_down")
