"""``%hedy export``: each kind follows the selected sessions, or the line is an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy, UsageError
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import Reply
from hedy_jupyter.magics.context import Desk
from hedy_jupyter.magics.line import words

FILTERS = [
    ({"topic": "Clinic software"}, '--topic "Clinic software"'),
    ({"since": "30d"}, "--since 30d"),
    ({"until": "2 months ago"}, '--until "2 months ago"'),
    ({"topic": "Hiring", "since": "90d"}, "--topic Hiring --since 90d"),
    ({"topic": "Project Alpha", "since": "60d", "until": "7d"}, '--topic "Project Alpha" --since 60d --until 7d'),
]


@pytest.fixture
def hedy() -> Iterator[Hedy]:
    """The demo account, in UTC."""
    with hj.demo(timezone="UTC") as account:
        yield account


def run(line: str) -> Reply:
    """What ``%hedy line`` gives."""
    return dispatch.dispatch(Desk(ask=lambda _: ""), words(line, {})[0])[1]


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON or CSV export."""
    if path.suffix == ".json":
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return found
    return pd.read_csv(path, dtype=str).to_dict("records")  # type: ignore[return-value]


@pytest.mark.parametrize("source", ["live", "archive"])
@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(("given", "options"), FILTERS)
def test_every_kind_follows_the_sessions(hedy: Hedy, tmp_path: Path, given: Any, options: str, form: str, source: str) -> None:
    """Alone and together, live and archived: no row of another meeting is written."""
    if source == "archive":
        run("sync")
    wanted = hedy.sessions(limit=None, **given)
    ids, topics = set(wanted["session_id"]), set(wanted["topic_id"].dropna())
    counts = {
        "sessions": len(ids),
        "highlights": int(hedy.highlights(limit=None)["session_id"].isin(ids).sum()),
        "todos": int(hedy.todos()["session_id"].isin(ids).sum()),
        "topics": len(topics),
    }

    run(f"export {form} {tmp_path}/all {options} --source {source}")
    for kind in counts:
        run(f"export {form} {tmp_path}/{kind}.{form} {kind} {options} --source {source}")

    assert 0 < len(ids) < 154
    assert sorted(path.stem for path in (tmp_path / "all").iterdir()) == sorted(counts)
    for kind, count in counts.items():
        for path in (tmp_path / "all" / f"{kind}.{form}", tmp_path / f"{kind}.{form}"):
            found = rows(path)
            assert len(found) == count, path
            assert {row["topic_id" if kind == "topics" else "session_id"] for row in found} <= (topics if kind == "topics" else ids)


@pytest.mark.parametrize("option", ['--topic "Clinic software"', "--since 7d", "--until 7d", "--topic nosuch", "--since nonsense"])
@pytest.mark.parametrize("what", ["csv w.csv webhooks", "json c.json contexts", "csv some sessions webhooks", "parquet p"])
def test_what_cannot_follow_is_an_error(hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, option: str) -> None:
    """Kinds that belong to no meeting, and the whole archive, are not narrowed in silence: nothing is written."""
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    with pytest.raises(UsageError, match="cannot be narrowed"):
        run(f"export {what} {option}")

    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("form", ["csv", "json", "md", "ics", "vault"])
@pytest.mark.parametrize("option", ["--topic nosuch", "--since nonsense"])
def test_wrong_filters(hedy: Hedy, tmp_path: Path, form: str, option: str) -> None:
    """A topic that is not there and a time that cannot be read write nothing."""
    with pytest.raises(hj.HedyError):
        run(f"export {form} {tmp_path}/out {option}")

    assert not (tmp_path / "out").exists()


def test_a_vault_holds_the_selected_meetings_only(hedy: Hedy, tmp_path: Path) -> None:
    """No title and no todo of another topic is in the folder; in a vault that has more, the rest stays."""
    others = hedy.todos()
    others = others[others["topic_name"].eq("Hiring")]["text"]
    run(f'export vault {tmp_path}/part --topic "Clinic software"')
    written = "\n".join(path.read_text(encoding="utf-8") for path in (tmp_path / "part").rglob("*.md"))

    assert not any(text in written for text in others if len(text) > 20)
    run(f"export vault {tmp_path}/whole")
    before = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "whole").rglob("*.md")}
    run(f'export vault {tmp_path}/whole --topic "Clinic software" --since 30d')
    assert {path: path.read_text(encoding="utf-8") for path in (tmp_path / "whole").rglob("*.md")} == before


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_needs_a_kind(hedy: Hedy, tmp_path: Path, form: str) -> None:
    """``export csv meetings.csv`` asks for the kind and makes no folder of that name; an existing folder with a dot is one."""
    with pytest.raises(UsageError, match="no kind is given") as caught:
        run(f"export {form} {tmp_path}/meetings.{form}")

    assert f"meetings.{form} sessions" in caught.value.advice
    assert list(tmp_path.glob(f"*.{form}")) == []
    (tmp_path / "my.meetings").mkdir()
    run(f"export {form} {tmp_path}/my.meetings topics contexts")
    assert len(list((tmp_path / "my.meetings").iterdir())) == 2


@pytest.mark.parametrize("line", ["csv - todos", "json - topics", "md -", "ics -"])
def test_a_dash_is_the_output(hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """``-`` gives the text and makes no file of that name."""
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    text = run(f"export {line}").value

    assert isinstance(text, str)
    assert len(text) > 100
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("line", ["csv -", "csv - todos topics", "vault -", "parquet -"])
def test_a_folder_is_no_output(hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """What needs a folder says so."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="standard output"):
        run(f"export {line}")

    assert not (tmp_path / "-").exists()
