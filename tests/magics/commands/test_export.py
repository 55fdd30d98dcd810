"""``%hedy export``: each kind follows the selected sessions, or the line is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import Hedy, UsageError
from tests.cases import case
from tests.commands import run

pytestmark = pytest.mark.usefixtures("few_meetings")

FILTERS = [
    ({"topic": "Clinic software"}, '--topic "Clinic software"'),
    ({"since": "30d"}, "--since 30d"),
    ({"until": "2 months ago"}, '--until "2 months ago"'),
    ({"topic": "Hiring", "since": "90d"}, "--topic Hiring --since 90d"),
    ({"topic": "Project Alpha", "since": "60d", "until": "7d"}, '--topic "Project Alpha" --since 60d --until 7d'),
]


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON or CSV export."""
    if path.suffix == ".json":
        found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return found
    return pd.read_csv(path, dtype=str).to_dict("records")  # type: ignore[return-value]


@pytest.mark.parametrize("source", ["live", "archive"])
def test_every_kind_follows_the_sessions(demo: Hedy, tmp_path: Path, source: str) -> None:
    """Alone and together, live and archived: no row of another meeting is written."""
    if source == "archive":
        run("sync")
    highlights, todos = demo.highlights(limit=None), demo.todos()
    for number, (given, options) in enumerate(FILTERS):
        wanted = demo.sessions(limit=None, **given)
        ids, topics = set(wanted["session_id"]), set(wanted["topic_id"].dropna())
        counts = {
            "sessions": len(ids),
            "highlights": int(highlights["session_id"].isin(ids).sum()),
            "todos": int(todos["session_id"].isin(ids).sum()),
            "topics": len(topics),
        }
        form, folder = ["csv", "json"][number % 2], tmp_path / str(number)
        with case(options):
            run(f"export {form} {folder}/all {options} --source {source}")
            for kind in counts:
                run(f"export {form} {folder}/{kind}.{form} {kind} {options} --source {source}")

            assert 0 < len(ids) < 34
            assert sorted(path.stem for path in (folder / "all").iterdir()) == sorted(counts)
            for kind, count in counts.items():
                for path in (folder / "all" / f"{kind}.{form}", folder / f"{kind}.{form}"):
                    found = rows(path)
                    assert len(found) == count, path
                    key = "topic_id" if kind == "topics" else "session_id"
                    assert {row[key] for row in found} <= (topics if kind == "topics" else ids)


@pytest.mark.parametrize(
    "option", ['--topic "Clinic software"', "--since 7d", "--until 7d", "--topic nosuch", "--since nonsense"]
)
@pytest.mark.parametrize(
    "what", ["csv w.csv webhooks", "json c.json contexts", "csv some sessions webhooks", "csv more contexts todos"]
)
def test_what_cannot_follow_is_an_error(
    demo: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, option: str
) -> None:
    """Kinds that belong to no meeting are not narrowed in silence: nothing is written."""
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    with pytest.raises(UsageError, match="cannot be narrowed"):
        run(f"export {what} {option}")

    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("form", ["csv", "json", "md", "ics", "vault"])
@pytest.mark.parametrize("option", ["--topic nosuch", "--since nonsense"])
def test_wrong_filters(demo: Hedy, tmp_path: Path, form: str, option: str) -> None:
    """A topic that is not there and a time that cannot be read write nothing."""
    with pytest.raises(hj.HedyError):
        run(f"export {form} {tmp_path}/out {option}")

    assert not (tmp_path / "out").exists()


def test_a_vault_holds_the_selected_meetings_only(demo: Hedy, tmp_path: Path) -> None:
    """No title and no todo of another topic is in the folder; in a vault that has more, the rest stays."""
    others = demo.todos()
    others = others[others["topic_name"].eq("Hiring")]["text"]
    run(f'export vault {tmp_path}/part --topic "Clinic software"')
    written = "\n".join(path.read_text(encoding="utf-8") for path in (tmp_path / "part").rglob("*.md"))

    assert not any(text in written for text in others if len(text) > 20)
    run(f"export vault {tmp_path}/whole")
    before = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "whole").rglob("*.md")}
    run(f'export vault {tmp_path}/whole --topic "Clinic software" --since 30d')
    assert {path: path.read_text(encoding="utf-8") for path in (tmp_path / "whole").rglob("*.md")} == before


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_needs_a_kind(demo: Hedy, tmp_path: Path, form: str) -> None:
    """``export csv meetings.csv`` asks for the kind and makes no folder of that name.

    An existing folder with a dot is one.
    """
    with pytest.raises(UsageError, match="no kind is given") as caught:
        run(f"export {form} {tmp_path}/meetings.{form}")

    assert f"meetings.{form} sessions" in caught.value.advice
    assert list(tmp_path.glob(f"*.{form}")) == []
    (tmp_path / "my.meetings").mkdir()
    run(f"export {form} {tmp_path}/my.meetings topics contexts")
    assert len(list((tmp_path / "my.meetings").iterdir())) == 2


@pytest.mark.parametrize("line", ["csv - todos", "json - topics", "md -", "ics -"])
def test_a_dash_is_the_output(demo: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """``-`` gives the text and makes no file of that name."""
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    text = run(f"export {line}").value

    assert isinstance(text, str)
    assert len(text) > 100
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("line", ["csv -", "csv - todos topics", "vault -", "parquet -"])
def test_a_folder_is_no_output(demo: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """What needs a folder says so."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="standard output"):
        run(f"export {line}")

    assert not (tmp_path / "-").exists()


TWO = '--topic Hiring --topic "Clinic software"'


def of_topics(frame: pd.DataFrame, *names: str) -> int:
    """How many rows of *frame* are of these topics."""
    return int(frame["topic_name"].isin(names).sum())


@pytest.mark.parametrize("options", [TWO, '--topic "Clinic software" --topic=Hiring --topic hiring'])
def test_several_topics(demo: Hedy, tmp_path: Path, options: str) -> None:
    """``--topic`` may be repeated: every command that takes it gives the meetings of all of them, each once."""
    run("sync")
    sessions, highlights, every_todo = demo.sessions(limit=None), demo.highlights(limit=None), demo.todos()
    ids = set(sessions["session_id"][sessions["topic_name"].isin(["Hiring", "Clinic software"])])
    one = len(demo.sessions(limit=None, topic="Hiring"))
    assert 0 < one < len(ids) < len(sessions)
    for source in ("live", "archive"):
        with case(source):
            (tmp_path / source).mkdir()
            for kind in ("highlights", "sessions", "todos"):
                run(f"export csv {tmp_path}/{source}/{kind}.csv {kind} {options} --source {source}")
            frame = run(f"sessions --all {options} --source {source}").value
            todos = run(f"todos {options} --source {source}").value
            written = {path.stem: rows(path) for path in (tmp_path / source).iterdir()}

            assert frame["session_id"].tolist() == [one for one in sessions["session_id"] if one in ids]
            assert frame.attrs["coverage"]["found"] == len(ids)
            assert len(todos) == of_topics(every_todo, "Hiring", "Clinic software") == len(written["todos"])
            assert len(written["sessions"]) == len(ids)
            assert {row["session_id"] for row in written["highlights"]} <= ids
            assert len(written["highlights"]) == int(highlights["session_id"].isin(ids).sum())


def test_newest_of_several_topics(demo: Hedy) -> None:
    """``--limit`` counts over all topics, the newest first, and the status line says of how many."""
    reply = run(f"sessions --limit 7 {TWO}")
    both = demo.sessions(limit=None, topic=["Hiring", "Clinic software"])

    assert reply.value["session_id"].tolist() == both["session_id"].head(7).tolist()
    assert reply.status.startswith(f"7 sessions ({len(both)} in all)")


@pytest.mark.parametrize("topic", [[], (), [None], [3], ["Hiring", None]])
def test_topics_that_name_nothing(demo: Hedy, topic: Any) -> None:
    """An empty list of topics is an error, not everything."""
    with pytest.raises(UsageError, match="names no topic"):
        demo.sessions(topic=topic)
    with pytest.raises(UsageError, match="names no topic"):
        demo.todos(topic=topic)


@pytest.mark.parametrize(
    "line", ['sessions --topic Hiring --topic "Clinic sofware"', "todos --topic nosuch --topic Hiring"]
)
def test_one_wrong_topic_of_two(demo: Hedy, line: str) -> None:
    """A topic that is not there is an error also beside one that is."""
    with pytest.raises(hj.HedyError, match="No topic is called"):
        run(line)


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("sessions --since 7d --since 30d", "--since"),
        ("search harbour --since 7d --since 30d", "--since"),
        ("todos --session last --session last~1", "--session"),
        ("export csv x.csv sessions --until 7d --until 3d", "--until"),
        ("highlights --session last --session=last", "--session"),
    ],
)
def test_a_repeat_that_does_not_count_is_an_error(demo: Hedy, line: str, flag: str) -> None:
    """A filter that takes one value does not take the last of several in silence."""
    with pytest.raises(UsageError, match=f"^{flag} was given more than once"):
        run(line)


@pytest.mark.parametrize("line", ["csv w.csv webhooks", "json both sessions webhooks"])
def test_the_archive_holds_no_webhooks(demo: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Webhooks of the account are not written where the archive was asked for."""
    monkeypatch.chdir(tmp_path)
    run("sync")
    with pytest.raises(UsageError, match="holds no webhooks"):
        run(f"export {line} --source archive")

    assert not list(tmp_path.glob("w*"))
    assert not (tmp_path / "both").exists()


def test_parquet_is_the_archive(demo: Hedy, tmp_path: Path) -> None:
    """``--source live`` is not ignored where only the archive can be written."""
    run("sync")
    with pytest.raises(UsageError, match="--source live cannot be used"):
        run(f"export parquet {tmp_path}/p --source live")
    assert run(f"export parquet {tmp_path}/p --source archive").status
