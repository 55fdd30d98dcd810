"""Exports take the filters of every list: a table has the rows of the list, everything else whole meetings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.errors import UsageError

BOTH = pytest.mark.parametrize("source", ["live", "archive"])
PART: dict[str, Any] = {"topic": ["Hiring", "Coaching"], "not_topic": "Coaching", "since": "2026-07"}


@pytest.fixture(scope="module")
def hedy(demo_archive: Path) -> Iterator[hj.Hedy]:
    """Return a demo account with an archive, whose days are those of Berlin."""
    with hj.demo(timezone="Europe/Berlin") as account:
        account.settings = replace(account.settings, archive=demo_archive)
        yield account


@BOTH
@pytest.mark.parametrize("kind", ["sessions", "highlights", "todos"])
def test_a_table_is_the_list(hedy: hj.Hedy, tmp_path: Path, source: Any, kind: str) -> None:
    """A table of one kind holds what the list with the same filters holds."""
    details = {"details": True} if kind != "todos" else {}
    found = getattr(hedy, kind)(limit=5, text="lamp", not_topic="Hiring", source=source, **details)
    hedy.export("json", tmp_path / "table.json", kind, limit=5, text="lamp", not_topic="Hiring", source=source)

    column = f"{kind[:-1]}_id"
    assert len(found) == 5
    assert [row[column] for row in json.loads((tmp_path / "table.json").read_text())] == found[column].tolist()


@BOTH
def test_documents_are_whole_meetings(hedy: hj.Hedy, tmp_path: Path, source: Any) -> None:
    """Documents, notes and tables of several kinds hold the chosen meetings and what belongs to them."""
    chosen = hedy.sessions(2, **PART, text="candidate", details=True, source=source)
    given = {**PART, "text": "candidate", "limit": 2, "source": source}
    calendar = hedy.export("ics", **given).text
    hedy.export("json", tmp_path / "tables", **given)
    todos = json.loads((tmp_path / "tables" / "todos.json").read_text())
    vault = hedy.export("vault", tmp_path / "vault", **given)

    assert len(chosen) == 2
    assert calendar is not None
    assert calendar.count("BEGIN:VEVENT") == 2
    assert {row["session_id"] for row in todos} <= set(chosen["session_id"])
    assert len(todos) == int(hedy.todos()["session_id"].isin(chosen["session_id"]).sum())
    assert vault.rows["sessions"] == 2
    assert vault.rows["todos"] == len(todos)


def test_a_part_of_the_archive_as_parquet(hedy: hj.Hedy, tmp_path: Path) -> None:
    """A narrowed dataset holds the chosen meetings and what belongs to them, and never takes the place of the whole."""
    hedy.export("parquet", tmp_path / "part", **PART)
    chosen = hedy.sessions(None, **PART)
    read = {kind: pd.read_parquet(tmp_path / "part" / f"kind={kind}") for kind in ("sessions", "todos", "topics")}

    assert set(read["sessions"]["session_id"]) == set(chosen["session_id"])
    assert len(read["todos"]) == int(hedy.todos()["session_id"].isin(chosen["session_id"]).sum()) > 0
    assert read["topics"]["name"].tolist() == ["Hiring"]
    hedy.export("parquet", tmp_path / "whole")
    with pytest.raises(UsageError, match="holds the whole archive"):
        hedy.export("parquet", tmp_path / "whole", **PART)


def test_csv_for_spreadsheets(hedy: hj.Hedy, tmp_path: Path) -> None:
    """A CSV file begins with a byte order mark; its times are local with their offset, and read back as they were."""
    sessions = hedy.sessions(None)
    hedy.export("csv", tmp_path / "with.csv", "sessions")
    hedy.export("csv", tmp_path / "without.csv", "sessions", bom=False)
    text = (tmp_path / "with.csv").read_bytes()
    back = pd.read_csv(tmp_path / "with.csv")

    assert text == b"\xef\xbb\xbf" + (tmp_path / "without.csv").read_bytes()
    assert not (hedy.export("csv", kinds="topics").text or "").startswith("\ufeff")
    assert {moment[-6:] for moment in back["start_time"].dropna()} == {"+01:00", "+02:00"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", back["start_time"][0])
    assert back.hedy.localize("UTC")["start_time"].tolist() == sessions["start_time"].tolist()
    assert len(back.hedy.on("2026-11-24")) == len(sessions.hedy.on("2026-11-24"))


def test_offset_of_utc(demo: hj.Hedy, tmp_path: Path) -> None:
    """In UTC the offset is written like any other; JSON stays in UTC."""
    demo.export("csv", tmp_path / "topics.csv", "topics")
    demo.export("json", tmp_path / "topics.json", "topics")

    assert pd.read_csv(tmp_path / "topics.csv")["created_at"].str.endswith("+00:00").all()
    assert all(row["created_at"].endswith("Z") for row in json.loads((tmp_path / "topics.json").read_text()))


@pytest.mark.parametrize("form", ["json", "md", "vault"])
def test_only_csv_has_a_mark(demo: hj.Hedy, tmp_path: Path, form: str) -> None:
    """Nothing else takes ``bom``."""
    with pytest.raises(UsageError, match="has no byte order mark"):
        demo.export(form, tmp_path / "out", bom=False)


def test_rows_of_any_table(demo: hj.Hedy) -> None:
    """Words and a limit choose the rows of tables that belong to no meeting, too."""
    contexts = demo.contexts()
    word = contexts["title"][1].split()[0]

    found = json.loads(demo.export("json", kinds="contexts", text=word).text or "")
    assert [row["context_id"] for row in found] == contexts.hedy.search(word)["context_id"].tolist()
    assert len(json.loads(demo.export("json", kinds="webhooks", limit=1).text or "")) == 1
