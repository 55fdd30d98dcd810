"""``hedy.archive`` and ``source="archive"``: what users hold of the archive, without a network."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import httpx
import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import ArchiveError, Hedy, NotConfirmed, NotFound, UsageError
from hedy_jupyter.archive import account_file, ingest
from tests.histories import History, Synced


@cache
def synced() -> Synced:
    """Thirty meetings, and their archive."""
    return Synced(History(30))


@pytest.fixture
def history() -> History:
    """A history of these that was synced."""
    return synced().copied()


@pytest.fixture
def hedy(history: History) -> Iterator[Hedy]:
    """An account on it whose archive is filled, and that has no network any more."""
    with history.account_of() as account:

        def offline(_: int) -> None:
            raise httpx.ConnectError("no network")

        history.before = offline
        yield account


def test_live_and_archive_are_the_same(hedy: Hedy, history: History) -> None:
    """Every list has the same columns, dtypes and rows from the archive as from Hedy, and asks nothing."""
    offline = [
        hedy.sessions(limit=None, source="archive"),
        hedy.sessions(limit=7, details=True, source="archive"),
        hedy.highlights(limit=5, source="archive"),
        hedy.todos("open", source="archive"),
        hedy.todos(topic="Alpha", source="archive"),
        hedy.topics(source="archive"),
        hedy.contexts(source="archive"),
    ]
    asked = list(history.asked)
    history.before = lambda _: None
    live = [
        hedy.sessions(limit=None),
        hedy.sessions(limit=7, details=True),
        hedy.highlights(limit=5),
        hedy.todos("open"),
        hedy.todos(topic="Alpha"),
        hedy.topics(),
        hedy.contexts(),
    ]

    assert asked == []
    for ours, theirs in zip(offline, live, strict=True):
        pd.testing.assert_frame_equal(ours, theirs)
        assert ours.attrs["coverage"]["source"] == "archive"


def test_records_from_the_archive(hedy: Hedy, history: History) -> None:
    """One session, topic, context, highlight or todo is named as live: by id, prefix, last or name.

    With everything in it.
    """
    session = hedy.session("last", source="archive")

    assert (session.session_id, session.recap, session.text) == (
        "sess_000000",
        "Recap of number0.",
        "So we talk about number0 and the harbour.",
    )
    assert (len(session.highlights), len(session.todos)) == (1, 1)
    assert hedy.session("last~2", source="archive").session_id == "sess_000002"
    assert hedy.session("meeting 7", source="archive").session_id == "sess_000007"
    assert hedy.session("sess_000009", source="archive").title == "Meeting 9"
    assert hedy.topic("beta", source="archive").topic_id == "topic_b"
    assert hedy.context("Default", source="archive").content == "x"
    assert hedy.highlight("high_000003", source="archive").raw_quote == "a lamp"
    assert hedy.todo("sess_000004", "todo_000004", source="archive").text == "Do thing 4"
    assert history.asked == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda hedy: hedy.session("nothing of that name", source="archive"),
        lambda hedy: hedy.topic("Gamma", source="archive"),
        lambda hedy: hedy.highlight("high_x", source="archive"),
        lambda hedy: hedy.todo("last", "todo_x", source="archive"),
        lambda hedy: hedy.archive.history("nothing of that name"),
        lambda hedy: hedy.archive.sessions(topic="Gamma"),
    ],
)
def test_not_in_the_archive(hedy: Hedy, ask: object) -> None:
    """What the archive does not hold is a NotFound."""
    with pytest.raises(NotFound):
        ask(hedy)  # type: ignore[operator]


@pytest.mark.parametrize("read", ["sessions", "highlights", "todos", "topics", "contexts"])
def test_unknown_source(hedy: Hedy, read: str) -> None:
    """A source that does not exist is one clear error."""
    with pytest.raises(UsageError, match="live, archive"):
        getattr(hedy, read)(source="archvie")


def test_without_an_archive() -> None:
    """Reading an archive that was never made says how to make it, makes no file and no request."""
    history = History(3)
    with history.account_of() as hedy:
        for read in (
            hedy.archive.sessions,
            hedy.archive.coverage,
            lambda: hedy.archive.search("x"),
            lambda: hedy.sessions(source="archive"),
        ):
            with pytest.raises(ArchiveError, match="no archive") as caught:
                read()
            assert "sync" in caught.value.advice
        with pytest.raises(ArchiveError):
            hedy.archive.delete()

        assert history.asked == []
        assert not hedy.archive.exists
        assert hedy.archive.known_path is None
        assert hedy.archive.path.name == "us-uid_1.sqlite"
        assert history.asked == ["/me"]
        assert not hedy.archive.exists


def test_filters(hedy: Hedy) -> None:
    """Topic, times, session and limit narrow the frames of the archive as they do live ones."""
    everything = hedy.archive.sessions()
    day = everything["start_time"][4].strftime("%Y-%m-%d")

    assert hedy.archive.sessions(since=day, until=day)["session_id"].tolist() == ["sess_000004"]
    assert hedy.archive.sessions(topic="alpha")["session_id"].str[-1].astype(int).mod(2).eq(1).all()
    assert len(hedy.archive.sessions(3)) == 3
    assert hedy.archive.sessions(3).attrs["coverage"] == {
        "found": 30,
        "total": 30,
        "unreachable": 0,
        "source": "archive",
    }
    assert hedy.archive.highlights(session="last")["highlight_id"].tolist() == ["high_000000"]
    assert hedy.archive.todos(session="last~1")["todo_id"].tolist() == ["todo_000001"]


def test_complete_history_goes_on_in_the_archive(hedy: Hedy, history: History) -> None:
    """Live, ``limit=None`` adds what only the archive holds, says where it is from, and keeps to the bounds."""
    history.before = lambda _: None
    history.cap = 10
    history.totals = False
    for record in history.details.values():
        record["topic"], record["user_todos"], record["highlights"] = None, [], []

    frame = hedy.sessions(limit=None, refresh=True)
    detailed = hedy.sessions(limit=None, details=True)
    since = frame["start_time"][20].strftime("%Y-%m-%d")

    assert frame["session_id"].tolist() == list(history.details)
    assert frame.attrs["coverage"] == {"found": 30, "total": None, "unreachable": 0, "source": "live and archive"}
    assert detailed["recap"][29] == "Recap of number29."
    assert len(hedy.sessions(limit=None, since=since)) == 21
    assert "sess_000029" not in history.fetched


def test_topics_that_the_archive_does_not_tell_apart(
    hedy: Hedy, history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    """A topic newer than the last sync, or with the name of one that is gone, does not stop its live list."""
    history.before = lambda _: None
    history.topics.append({"id": "topic_new", "name": "Newer"})
    history.details["sess_000000"]["topic"] = {"id": "topic_new", "name": "Newer"}
    assert hedy.sessions(limit=None, topic="Newer")["session_id"].tolist() == ["sess_000000"]
    assert "archive" not in capsys.readouterr().err

    with hedy.archive.store() as store:
        ingest.put_topics(store, [{"id": "topic_old", "name": "Newer"}, {"id": "topic_new", "name": "Newer"}])
    assert hedy.sessions(limit=None, topic="Newer", refresh=True)["session_id"].tolist() == ["sess_000000"]
    assert "archive is left out: 2 topics match" in capsys.readouterr().err


def _damage(path: Path) -> None:
    path.write_bytes(b"not an archive" * 100)


def _damage_inside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE sessions SET listing = x'00'")
        file.commit()


def _make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 999")


def _make_unreadable(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _hold(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None)
    file.execute("PRAGMA locking_mode = EXCLUSIVE")
    file.execute("BEGIN EXCLUSIVE")
    return file


@pytest.mark.parametrize("details", [False, True])
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_damage, r"is not an archive of Hedy, or is damaged; it was left as it is\. Name another: HEDY_ARCHIVE\."),
        (_damage_inside, r"cannot be used: it is damaged\. Move it away; %hedy sync makes a new one\."),
        (
            _make_newer,
            r"was made by a newer version of hedy_jupyter\. Install that version here too, or .* in HEDY_ARCHIVE\.",
        ),
        (_make_unreadable, r"is a folder, not an archive; .*HEDY_ARCHIVE or archive=\."),
        (_hold, r"cannot be used: another program holds it\. Try again when that has ended\."),
    ],
)
def test_archive_that_cannot_be_read(
    hedy: Hedy,
    history: History,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], sqlite3.Connection | None],
    reason: str,
    details: bool,
) -> None:
    """It costs the live history nothing but its help, and one line says why, with what to do; the file stays."""
    monkeypatch.setattr(account_file, "READ_WITHIN_S", 0.01)
    history.before = lambda _: None
    path = hedy.archive.path
    whole = hedy.sessions(limit=None, details=details)
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    capsys.readouterr()

    held = spoil(path)
    before = path.stat().st_mtime_ns
    found = hedy.sessions(limit=None, details=details, refresh=True)

    (line,) = capsys.readouterr().err.strip().splitlines()
    assert re.fullmatch(f"The archive is left out: .*{re.escape(str(path))} {reason}", line)
    pd.testing.assert_frame_equal(found, whole)
    assert found.attrs["coverage"]["source"] == "live"
    assert path.stat().st_mtime_ns == before
    with pytest.raises(ArchiveError, match=reason):
        hedy.archive.sessions()
    if held is not None:
        held.close()


def test_search(hedy: Hedy) -> None:
    """Search gives its frame with dtypes, best first, also an empty one, and takes the words of times and topics."""
    hits = hedy.archive.search("number7 harbour")

    assert list(hits.columns) == ["session_id", "title", "start_time", "field", "snippet", "score"]
    assert hits[["session_id", "title", "field"]].values.tolist() == [
        ["sess_000007", "Meeting 7", "cleaned_transcript"]
    ]
    assert str(hits["start_time"].dtype) == "datetime64[us, UTC]"
    assert hedy.archive.search("nowhere").dtypes.equals(hits.dtypes)
    assert len(hedy.archive.search("harbour", topic="Alpha")) == 15
    assert len(hedy.archive.search("harbour", since="2000", until="2001")) == 0
    assert len(hedy.archive.search("harbour", limit=4)) == 4
    assert hedy.archive.search("harbour", fields="title").empty
    assert len(hedy.archive.search("harb*", fts=True)) == 30


def test_coverage(hedy: Hedy, history: History) -> None:
    """A row a month says what is held, named and missing; what the API only counts is a row without a month."""
    starts = hedy.archive.sessions()["start_time"].dt.strftime("%Y-%m")
    expected = starts.value_counts().sort_index(ascending=False)

    covered = hedy.archive.coverage()
    assert covered["month"].tolist() == expected.index.tolist()
    assert covered["listed"].tolist() == covered["held"].tolist() == expected.tolist()
    assert covered["missing"].sum() == 0

    history.before = lambda _: None
    ident, record = history.session(900, pd.Timestamp("2020-02-29T23:00", tz="UTC").to_pydatetime())
    history.details[ident] = record
    hedy.archive.sync(details=False)
    with hedy.archive.store() as store:
        store.note("sessions_total", "40")
    covered = hedy.archive.coverage()
    assert covered.tail(2)["month"].isna().tolist() == [False, True]
    assert covered.tail(2)[["held", "listed", "missing"]].values.tolist() == [[0, 1, 1], [0, 9, 9]]


def test_coverage_counts_local_months() -> None:
    """Months are those of the display zone."""
    history = History(0)
    ident, record = history.session(900, pd.Timestamp("2020-02-29T23:30", tz="UTC").to_pydatetime())
    history.details = {ident: record}
    with history.account_of() as hedy:
        hedy.archive.sync()
        hedy.connection.zone = pd.Timestamp.now(tz="Europe/Berlin").tzinfo  # type: ignore[assignment]

        assert hedy.archive.coverage()["month"].tolist() == ["2020-03"]


def test_delete_asks(hedy: Hedy) -> None:
    """Nothing is deleted before the path is named; then the file and what is beside it are gone."""
    path = hedy.archive.path
    deletion = hedy.archive.delete()

    assert str(path) in repr(deletion)
    assert re.search(r"\d\.\d MB", repr(deletion))
    for wrong in ("", "yes", path.name, path.parent):
        with pytest.raises(NotConfirmed, match="nothing was deleted"):
            deletion.confirm(wrong)
    assert path.exists()
    deletion.confirm(str(path))
    assert [file.name for file in path.parent.iterdir()] == ["accounts.json"]
    assert not hedy.archive.exists


def test_delete_in_one_step(hedy: Hedy) -> None:
    """The path given at once deletes at once."""
    with pytest.raises(NotConfirmed):
        hedy.archive.delete("another")
    hedy.archive.delete(hedy.archive.path)

    assert not hedy.archive.exists


@pytest.mark.parametrize(("more", "words"), [(1, "another name (hard links)"), (3, "3 other names (hard links)")])
def test_delete_one_of_several_names(hedy: Hedy, more: int, words: str) -> None:
    """A file that has other names keeps its meetings there: the review says so before, and the result after."""
    path = hedy.archive.path
    others = [path.with_name(f"copy{number}.sqlite") for number in range(more)]
    for other in others:
        os.link(path, other)
    deletion = hedy.archive.delete()

    assert words in deletion.review
    assert "is lost" not in deletion.review
    deletion.confirm(path)
    assert words in deletion.result
    assert not path.exists()
    assert all(other.exists() for other in others)


def test_delete_a_file_that_gained_a_name(hedy: Hedy) -> None:
    """A name that is added after the review makes another deletion of it: nothing is deleted."""
    path = hedy.archive.path
    deletion = hedy.archive.delete()
    assert "hard links" not in deletion.review + deletion.result
    os.link(path, path.with_name("copy.sqlite"))

    with pytest.raises(ArchiveError, match="not the file that was shown"):
        deletion.confirm(path)
    assert path.exists()


def test_delete_while_syncing(hedy: Hedy) -> None:
    """An archive that is being synced is not deleted."""
    from filelock import FileLock

    with FileLock(f"{hedy.archive.path}.lock"), pytest.raises(ArchiveError, match="sync of the archive is running"):
        hedy.archive.delete(hedy.archive.path)

    assert hedy.archive.exists


def test_repr_says_little(hedy: Hedy) -> None:
    """The repr names the file and asks nothing."""
    assert repr(hedy.archive) == f"<Archive {hedy.archive.path}>"


def test_key_is_not_in_the_archive(hedy: Hedy) -> None:
    """Neither the archive nor what is beside it holds the key."""
    from tests.conftest import KEY

    files = [file for file in hedy.archive.path.parent.iterdir() if file.is_file()]

    assert len(files) >= 2
    assert [file for file in files if KEY.encode() in file.read_bytes()] == []


def test_demo_account(tmp_path: Path) -> None:
    """The demo has its own file, syncs within one minute's requests, and its oldest meeting is found by a sentence."""
    with hj.demo() as hedy:
        done = hedy.archive.sync()
        hits = hedy.archive.search('"A lamp that lies about the harbour is worse than the dark"')

        assert done.requests < 200
        assert hedy.archive.path.name == "demo.sqlite"
        assert tmp_path in hedy.archive.path.parents
        assert hits["session_id"].tolist() == [hedy.archive.sessions()["session_id"].iloc[-1]]
        assert len(hedy.archive.sessions()) == len(hedy.sessions(limit=None)) == 154


@pytest.mark.parametrize("details", [False, True])
@pytest.mark.parametrize("unit", [1, 60], ids=["minutes", "seconds"])
def test_durations_are_minutes(unit: int, details: bool) -> None:
    """Held details show that an account counts in seconds, also for meetings of which only the list is held."""
    history = History(30)
    for record in history.details.values():
        record["duration"] *= unit
    history.faults = {"/sessions/sess_000029": (502, ""), "/sessions/sess_000003": (502, "")}
    with history.account_of() as hedy:
        hedy.archive.sync()

        assert hedy.archive.sessions(details=details)["duration_min"].unique().tolist() == [30.0]
        history.cap = 10
    with history.account_of() as hedy:
        assert hedy.sessions(limit=None)["duration_min"].unique().tolist() == [30.0]
        assert len(hedy.sessions(limit=None)) == 30
