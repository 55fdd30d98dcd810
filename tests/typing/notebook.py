"""What a user writes, with the types that it has; mypy and pyright check this file, and nothing runs it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, assert_type

import pandas as pd

import hedy_jupyter as hj


def read(hedy: hj.Hedy) -> None:
    """Read lists, single records and the archive."""
    sessions = hedy.sessions(20, topic="Launch", since="last month", until=dt.date(2026, 3, 31), details=True)
    assert_type(sessions, pd.DataFrame)
    assert_type(hedy.todos(source="archive"), pd.DataFrame)
    assert_type(hedy.overdue("Launch"), pd.DataFrame)
    assert_type(hedy.requests_left, int | None)
    assert_type(hedy.get("/sessions", limit=5), Any)

    session = hedy.session("last")
    assert_type(session, hj.Session)
    assert_type(session.session_id, str | None)
    assert_type(session.start_time, pd.Timestamp | None)
    assert_type(hedy.me(), hj.Account)
    assert_type(hedy.topic("Launch").session_count, int | None)
    assert_type(hedy.todo("sess_1", "todo_1").completed, bool | None)
    assert_type(hedy.highlight("high_1"), hj.Highlight)
    assert_type(hedy.context("Sales").is_default, bool | None)

    assert_type(hedy.archive.search("harbour"), pd.DataFrame)
    assert_type(hedy.archive.exists, bool)
    assert_type(hedy.archive.synced_at(), dt.datetime | None)


def analyse(sessions: pd.DataFrame, todos: pd.DataFrame) -> None:
    """Use the members of ``df.hedy``, which type checkers find on ``HedyFrame``."""
    assert_type(hj.HedyFrame(sessions).load("M", by="topic"), pd.DataFrame)
    assert_type(hj.HedyFrame(sessions).summary(), "pd.Series[Any]")
    assert_type(hj.HedyFrame(todos).due(sessions), pd.DataFrame)
    assert_type(hj.HedyFrame(todos).to_checklist(), str)


def keep(hedy: hj.Hedy, sessions: pd.DataFrame) -> None:
    """Export meetings, and use the documents of records, changes and frames."""
    written = hedy.export("json", Path("meetings"), ["sessions", "todos"], topic="Launch", since="last month")
    assert_type(written.path, Path | None)
    assert_type(written.rows["sessions"], int)
    assert_type(hedy.export("md", topic=["Launch", "Hiring"], source="archive").text, str | None)
    assert_type("".join([hedy.session("last").to_markdown(), hedy.create_topic("Launch").to_markdown()]), str)
    assert_type(hj.HedyFrame(sessions).to_markdown("meetings.md"), str)
    hedy.export("md", 1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    hedy.export("csv", kind="todos")  # type: ignore[misc]  # pyright: ignore[reportCallIssue]


def write(hedy: hj.Hedy) -> None:
    """Review a change and confirm it."""
    change = hedy.create_topic("Launch", color="#4A90D9")
    reviewed: hj.Change = change
    assert_type(reviewed.path, str)
    assert_type(hedy.update_context("Sales", is_default=True).confirm(), Any)
    hedy.update_topic("Launch", colour="#4A90D9")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    try:
        change.confirm()
    except hj.NotConfirmed as error:
        assert_type(error.code, str | None)
    except hj.HedyError as error:
        assert_type(error.advice, str)


def connected() -> None:
    """Open accounts, and refuse what is no setting of theirs."""
    with hj.connect("hedy_live_x", region="eu", timezone="Europe/Berlin") as hedy:
        assert_type(hedy, hj.Hedy)
    with hj.demo() as demo:
        assert_type(demo, hj.Hedy)
    assert_type(hj.current(), hj.Hedy)
    hj.connect(regoin="eu")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    hj.current().sessions("5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
