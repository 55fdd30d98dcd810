"""The archive as a Parquet dataset: what is written, what is left alone, and that other engines read it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import dask.dataframe as dd
import duckdb
import pandas as pd
import pytest

import hedy_jupyter as hj
import hedy_jupyter.dask
from hedy_jupyter import Hedy, UsageError
from hedy_jupyter.archive import parquet
from tests.histories import History, Synced


def meetings() -> History:
    """Seventy meetings over three or four months."""
    history = History(70)
    history.details["sess_000001"]["title"] = "\ud800 & <b>"
    history.details["sess_000002"] |= {"startTime": None, "endTime": None}
    history.details["sess_000003"] |= {"topic": None, "recap": None, "session_type": None}
    return history


@cache
def synced() -> Synced:
    """These, and their archive."""
    return Synced(meetings())


@pytest.fixture
def history() -> History:
    """A history of these that was synced."""
    return synced().copied()


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it."""
    with history.account_of() as account:
        yield account


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where to write; not there yet."""
    return tmp_path / "out"


def files(folder: Path) -> dict[str, int]:
    """The files below *folder*, with when they were written."""
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_layout(hedy: Hedy, folder: Path) -> None:
    """There is one file a kind and month, months are those of UTC, and rows without a time have their own partition."""
    written = hedy.archive.to_parquet(folder)
    frame = hedy.archive.sessions()
    months = {
        f"kind=sessions/month={month}/part-0.parquet" for month in frame["start_time"].dropna().dt.strftime("%Y-%m")
    }

    found = set(files(folder))
    assert written.written == len(found)
    assert {name for name in found if name.startswith("kind=sessions")} == months | {
        "kind=sessions/month=unknown/part-0.parquet"
    }
    assert {name.split("/")[0] for name in found} == {
        f"kind={kind}" for kind in ("sessions", "highlights", "todos", "topics", "contexts")
    }


@pytest.mark.parametrize("kind", ["sessions", "highlights", "todos", "topics", "contexts"])
def test_pandas_reads_what_the_archive_gives(hedy: Hedy, folder: Path, kind: str) -> None:
    """Read back, the frame is that of the archive: rows, columns, values and dtypes."""
    hedy.archive.to_parquet(folder)
    details = {"details": True} if kind in {"sessions", "highlights"} else {}
    expected = getattr(hedy.archive, kind)(history=True, **details)

    found = pd.read_parquet(folder / f"kind={kind}").drop(columns="month")

    key = expected.columns[0]
    ordered = found.sort_values(key, ignore_index=True)[expected.columns]
    times = expected.columns[expected.dtypes.astype(str).str.startswith("datetime64")]
    assert ordered[times].dtypes.equals(expected[times].dtypes)
    pd.testing.assert_frame_equal(ordered, expected.sort_values(key, ignore_index=True), check_dtype=False)


def test_second_time_writes_only_what_changed(hedy: Hedy, history: History, folder: Path) -> None:
    """Nothing is touched without a change.

    A changed meeting changes the file of its month, and no other of sessions.
    """
    hedy.archive.to_parquet(folder)
    before = files(folder)
    again = hedy.archive.to_parquet(folder)
    assert (again.written, again.unchanged, again.removed) == (0, len(before), 0)
    assert files(folder) == before
    history.details["sess_000040"] |= {"title": "Renamed"}
    hedy.archive.sync()

    changed = hedy.archive.to_parquet(folder)

    after = files(folder)
    month = hedy.archive.sessions().set_index("session_id").loc["sess_000040", "start_time"]
    assert {name for name in after if after[name] != before.get(name)} == {
        f"kind=sessions/month={month:%Y-%m}/part-0.parquet"
    }
    assert (changed.written, changed.unchanged) == (1, len(before) - 1)


def test_a_large_month_is_several_files(hedy: Hedy, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month of many meetings goes on in further files, which hold its rows once, and go where they are not needed."""
    hedy.archive.to_parquet(folder)
    whole = {kind: pd.read_parquet(folder / f"kind={kind}") for kind in ("sessions", "highlights")}
    with monkeypatch.context() as small:
        small.setattr(parquet, "MOST_SESSIONS", 7)
        hedy.archive.to_parquet(folder)

    sizes = {name: len(pd.read_parquet(folder / name)) for name in files(folder) if name.startswith("kind=sessions")}
    assert max(sizes.values()) == 7
    assert any(name.endswith("part-1.parquet") for name in sizes)
    for kind, rows in whole.items():
        pd.testing.assert_frame_equal(pd.read_parquet(folder / f"kind={kind}"), rows)
    assert hedy.archive.to_parquet(folder).removed == sum(not name.endswith("part-0.parquet") for name in sizes)
    assert {name.rsplit("/")[-1] for name in files(folder)} == {"part-0.parquet"}


def test_gone_rows_stay(hedy: Hedy, history: History, folder: Path) -> None:
    """What is no longer in Hedy is in the dataset with the time at which that was noticed."""
    del history.details["sess_000050"]
    hedy.archive.sync()
    hedy.archive.to_parquet(folder)

    rows = pd.read_parquet(folder / "kind=sessions").set_index("session_id")

    assert rows["gone_at"].notna().sum() == 1
    assert pd.notna(rows.loc["sess_000050", "gone_at"])
    assert rows.loc["sess_000050", "recap"] == "Recap of number50."


def test_files_of_others_are_left_alone(hedy: Hedy, folder: Path) -> None:
    """Only files of ours that hold nothing any more are removed."""
    hedy.archive.to_parquet(folder)
    stale = folder / "kind=sessions" / "month=1999-01"
    other = folder / "kind=sessions" / "notes.txt"
    stale.mkdir()
    (stale / "part-0.parquet").write_bytes(b"x")
    other.write_text("mine")

    assert hedy.archive.to_parquet(folder).removed == 1
    assert not stale.exists()
    assert other.read_text() == "mine"


KINDS = ("sessions", "highlights", "todos", "topics", "contexts")


def without(history: History, *kinds: str) -> None:
    """Take everything of *kinds* out of what Hedy holds."""
    for record in history.details.values():
        record |= {name: [] for kind, name in (("highlights", "highlights"), ("todos", "user_todos")) if kind in kinds}
    if "sessions" in kinds:
        history.details.clear()
    if "topics" in kinds:
        history.topics.clear()
        for record in history.details.values():
            record["topic"] = None
    if "contexts" in kinds:
        history.contexts.clear()


@pytest.mark.parametrize("kinds", [KINDS, *[(kind,) for kind in KINDS]], ids=lambda kinds: "+".join(kinds))
def test_without_any_rows_of_a_kind(kinds: tuple[str, ...], folder: Path) -> None:
    """A kind without rows is one empty file with its columns and types, which is removed with the first row."""
    history = History(12)
    full = copy.deepcopy((history.details, history.topics, history.contexts))
    without(history, *kinds)
    with history.account_of() as hedy:
        hedy.archive.sync()
        written = hedy.archive.to_parquet(folder)
        again = hedy.archive.to_parquet(folder)
        expected = {kind: _of(hedy, kind) for kind in KINDS}
    for kind, frame in expected.items():
        found = pd.read_parquet(folder / f"kind={kind}")
        [(count,)] = duckdb.sql(f"SELECT count(*) FROM read_parquet('{folder}/kind={kind}/*/*.parquet')").fetchall()  # noqa: S608
        times = frame.columns[frame.dtypes.astype(str).str.startswith("datetime64")]
        assert list(found.columns) == [*frame.columns, "month"]
        assert len(found) == count == len(frame)
        assert found[times].dtypes.equals(frame[times].dtypes)
        if kind in kinds:
            assert len(frame) == 0
            assert [file.parent.name for file in (folder / f"kind={kind}").rglob("*.parquet")] == ["month=unknown"]
    assert (again.written, again.unchanged, again.removed) == (0, written.written, 0)

    history.details, history.topics, history.contexts = full
    with history.account_of() as hedy:
        hedy.archive.sync(full=True)
        hedy.archive.to_parquet(folder)
        assert {kind: len(pd.read_parquet(folder / f"kind={kind}")) for kind in KINDS} == {
            kind: len(_of(hedy, kind)) for kind in KINDS
        }
        assert all(len(_of(hedy, kind)) > 0 for kind in KINDS)
    assert not (folder / "kind=highlights" / "month=unknown").exists()


def _of(hedy: Hedy, kind: str) -> pd.DataFrame:
    """All rows of *kind*, as they are in a Parquet dataset."""
    details = {"details": True} if kind in {"sessions", "highlights"} else {}
    found: pd.DataFrame = getattr(hedy.archive, kind)(history=True, **details)
    return found


def test_gone_rows_alone(hedy: Hedy, folder: Path) -> None:
    """An archive of an account that was emptied still has everything, marked as gone."""
    with hedy.archive.store() as store, store.writing():
        for kind in KINDS:
            store.connection.execute(f"UPDATE {kind} SET gone_at = seen_at")  # noqa: S608

    hedy.archive.to_parquet(folder)

    for kind in KINDS:
        rows = pd.read_parquet(folder / f"kind={kind}")
        assert len(rows) > 0
        assert rows["gone_at"].notna().all()


def test_todos_without_their_meetings(hedy: Hedy, folder: Path) -> None:
    """Todos whose meetings the archive does not hold are in the month that is not known."""
    with hedy.archive.store() as store, store.writing():
        store.connection.execute("DELETE FROM texts")
        store.connection.execute("DELETE FROM sessions")
    hedy.archive.to_parquet(folder)

    assert pd.read_parquet(folder / "kind=todos")["month"].unique().tolist() == ["unknown"]
    assert len(pd.read_parquet(folder / "kind=todos")) == 70
    assert pd.read_parquet(folder / "kind=sessions").empty


def test_duckdb_reads_it(hedy: Hedy, folder: Path) -> None:
    """DuckDB reads the dataset with its months, as the guide shows."""
    hedy.archive.to_parquet(folder)
    query = f"""SELECT month, count(*) FROM read_parquet('{folder}/kind=sessions/*/*.parquet', hive_partitioning = true)
        GROUP BY month"""  # noqa: S608

    rows = dict(duckdb.sql(query).fetchall())

    months = hedy.archive.sessions()["start_time"].dt.strftime("%Y-%m").value_counts()
    assert sum(rows.values()) == 70
    assert {month: count for month, count in rows.items() if month != "unknown"} == months.dropna().to_dict()


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # dask's own use of pandas
def test_dask_reads_it(hedy: Hedy, folder: Path) -> None:
    """Dask reads the dataset, and ``df.hedy`` works on it partition by partition, as on the whole frame."""
    hedy.archive.to_parquet(folder)
    todos = dd.read_parquet(folder / "kind=todos")
    sessions = dd.read_parquet(folder / "kind=sessions")
    whole = hedy.archive.todos()

    assert todos.npartitions > 1
    assert todos.hedy.kind == "todos"
    assert set(todos.hedy.open().compute()["todo_id"]) == set(whole.hedy.open()["todo_id"])
    assert todos.hedy.search('"thing 12"').compute()["todo_id"].tolist() == ["todo_000012"]
    ours, theirs = sessions.hedy.by_topic().compute(), hedy.archive.sessions().hedy.by_topic()
    assert ours["count"].tolist() == theirs["count"].tolist()
    assert ours["hours"].tolist() == theirs["hours"].tolist()
    assert ours["last"].tolist() == theirs["last"].tolist()
    assert todos.hedy.by_topic().compute()["open"].sum() == 70
    dated = todos.hedy.due(hedy.archive.sessions())
    ours, theirs = (
        df.set_index("todo_id")["due_on"].sort_index()
        for df in (dated.compute(), whole.hedy.due(hedy.archive.sessions()))
    )
    pd.testing.assert_series_equal(
        ours, theirs, check_index_type=False
    )  # before pandas 3 Dask keeps text in another type of string
    assert {"open", "due", "by_topic", "search"} <= set(dir(todos.hedy))
    assert not {"carried_over", "_df", "_meta_frame"} & set(dir(todos.hedy))


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("to_checklist", "needs all rows at once"),
        ("carried_over", "needs all rows at once"),
        ("nosuch", "no attribute"),
    ],
)
def test_dask_says_why_not(member: str, message: str) -> None:
    """What cannot work on parts says why, and a frame of something else is refused."""
    with hj.demo() as hedy:
        todos = dd.from_pandas(hedy.todos(), npartitions=3)

    with pytest.raises(AttributeError, match=message):
        getattr(todos.hedy, member)
    assert not hasattr(dd.from_pandas(pd.DataFrame({"x": [1]}), npartitions=1), "hedy")


def test_without_pyarrow(hedy: Hedy, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the error says what to install, and nothing is written."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    with pytest.raises(UsageError, match="pyarrow") as caught:
        hedy.archive.to_parquet(folder / "x")

    assert "pip install pyarrow" in caught.value.advice
    assert not (folder / "x").exists()


def test_folder_that_cannot_be_written(hedy: Hedy, folder: Path) -> None:
    """A file where the folder should be is one clear line."""
    folder.mkdir()
    (folder / "x").write_text("mine")

    with pytest.raises(UsageError, match="cannot be written"):
        hedy.archive.to_parquet(folder / "x")


@pytest.mark.parametrize("path", ["a\0b", "~\0/b", "a\ud800"], ids=ascii)
def test_folder_that_cannot_be(hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A path that no folder can have is one line, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    before = files(tmp_path)

    with pytest.raises(UsageError, match="cannot be written") as caught:
        hedy.archive.to_parquet(path)

    assert str(caught.value).isprintable()
    assert files(tmp_path) == before


def test_home_is_expanded(hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``~`` is the user's home."""
    monkeypatch.setenv("HOME", str(tmp_path))

    assert hedy.archive.to_parquet("~/meetings").folder == tmp_path / "meetings"
