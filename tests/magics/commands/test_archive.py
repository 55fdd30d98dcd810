"""``%hedy sync``, ``search``, ``coverage``, ``archive``, ``export parquet``, ``--source archive``: as typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter import ArchiveError, NotConfirmed, NotFound, UsageError
from hedy_jupyter.magics import status as magics_status
from hedy_jupyter.magics.completion import complete
from hedy_jupyter.magics.context import CommandContext
from tests.cases import case
from tests.commands import run
from tests.histories import History


@pytest.fixture
def history() -> Iterator[History]:
    """Thirty meetings of the account in use."""
    history = History(30)
    with history.account_of():
        yield history


def test_sync_says_what_it_did(history: History) -> None:
    """``%hedy sync`` is one line: what was named, fetched and changed, and what the archive is now."""
    line = run("sync").status

    assert line.startswith(
        "30 sessions listed by Hedy · 30 fetched · 30 new · 0 changed · 37 requests · now 30 sessions, "
    )
    assert "synced " in line
    assert "0 fetched" in run("sync").status
    assert "30 fetched" in run("sync --full").status


def test_sync_without_details(history: History) -> None:
    """``--no-details`` asks for lists only."""
    run("sync --no-details")

    assert history.fetched == {}
    assert run("coverage").status.startswith("0 of 30 sessions with their details · archive, synced ")


def test_sync_of_one_session(history: History) -> None:
    """``--session`` asks for one session again, and goes with no other option."""
    run("sync")
    history.details["sess_000007"]["recap"] = "Written again"
    history.asked.clear()

    line = run('sync --session "meeting 7"').status

    assert line.startswith("1 session listed by Hedy · 1 fetched · 0 new · 1 changed · 2 requests · now 30 sessions, ")
    assert dict(history.fetched) == {"sess_000007": 1}
    assert run("search written again").value["session_id"].tolist() == ["sess_000007"]
    assert run("sync --session last").status.startswith("1 session listed by Hedy · 1 fetched · 0 new · 0 changed")
    for option in ("--full", "--no-details", "--accept-gone"):
        with pytest.raises(UsageError, match=f"Use either --session or {option}, not both"):
            run(f"sync --session last {option}")
    with pytest.raises(NotFound, match="nowhere"):
        run("sync --session nowhere")


def test_sync_that_loses_most(history: History) -> None:
    """Most of the archive gone at once is an error that names the option, and the option marks it."""
    run("sync")
    history.lose(*list(history.details)[:20])

    with pytest.raises(ArchiveError, match=r"20 of 30 sessions.*%hedy sync --accept-gone"):
        run("sync")
    assert run("coverage").status.startswith("30 of 30")
    assert "20 gone" in run("sync --accept-gone").status
    assert run("coverage").status.startswith("10 of 10 sessions with their details · archive")


def test_coverage_counts_what_has_no_text(history: History) -> None:
    """The line under the coverage counts sessions that are held and have nothing to read."""
    for number in (3, 4):
        history.details[f"sess_{number:06}"] |= dict.fromkeys(
            ("recap", "meeting_minutes", "transcript", "cleaned_transcript")
        )
    run("sync")

    assert run("coverage").status.startswith(
        "30 of 30 sessions with their details · 2 of them without any text · archive, synced "
    )


def test_sync_options_complete(history: History) -> None:
    """Tab offers the options of sync, and the sessions behind ``--session``."""
    run("sync")
    names = magics_status.names(hj.current())

    assert complete("%hedy sync --", names) == (
        "--",
        ["--full", "--no-details", "--session", "--accept-gone", "--help"],
    )
    assert complete('%hedy sync --session "Meeting 12', names) == ('"Meeting 12', ['"Meeting 12"'])
    for option in ("--session WHICH", "--accept-gone"):
        assert option in str(run("sync --help").value) + run("sync --help").status


SEARCHES = [
    ("search harbour number7", ["sess_000007"]),
    ('search "number7 and the harbour"', ["sess_000007"]),
    ('search "harbour and the number7"', []),
    ("search number7 --in title", []),
    ("search meeting 7 --in title", ["sess_000007"]),
    ("search number7 --in recap --in meeting_minutes", ["sess_000007"]),
    ("search number7 --topic Alpha", ["sess_000007"]),
    ("search number7 --topic Beta", []),
    ("search number7 --until 2001", []),
    ("search number7 --since 2001", ["sess_000007"]),
    ("search number7* --fts", ["sess_000007"]),
    ("search number7*", ["sess_000007"]),
    ("search number7 -harbour", []),
    ("search number7 -nowhere", ["sess_000007"]),
    ("search -nowhere number7", ["sess_000007"]),
    ('search number7 -"the harbour"', []),
    ('search number7 "-the harbour"', []),
    ('search number7 -"harbour the"', ["sess_000007"]),
    ("search number7 -- -open", ["sess_000007"]),
    ("search number7 -- -harbour", []),
    ('search number7 "-open"', ["sess_000007"]),
    ("search --limit 5 -- number7 --limit", []),
]


def test_search(history: History) -> None:
    """All words must occur, quoted ones together, in the fields and sessions that were asked for."""
    run("sync")
    for line, found in SEARCHES:
        with case(line):
            reply = run(line)

            assert reply.value["session_id"].tolist() == found
            assert reply.status.startswith(f"{len(found)} of 30 sessions · archive, synced ")


def test_search_says_that_there_is_more(history: History) -> None:
    """A search that fills its limit says so."""
    run("sync")

    assert run("search harbour --limit 3").status.endswith("--limit shows more")
    assert run("search harbour --limit 3").status.startswith("the first 3 with a hit, of 30 sessions · archive, ")
    assert not run("search harbour").status.endswith("--limit shows more")


def test_search_from_a_cell(history: History) -> None:
    """``%%hedy search`` takes the question from the body, quotes and all; braces and dollars are text."""
    run("sync")

    assert run("search --in recap", body="{recap} of\n number7 $x").value["session_id"].tolist() == []
    assert run("search --in recap", body="recap of\nnumber7\n").value["session_id"].tolist() == ["sess_000007"]
    assert run("search", body='"number7 and the"').value["session_id"].tolist() == ["sess_000007"]
    with pytest.raises(UsageError, match="takes its TEXT from the cell"):
        run("search words", body="more")
    with pytest.raises(UsageError, match="takes no cell body"):
        run("sessions", body="text")
    with pytest.raises(UsageError, match="nothing to search for"):
        run("search", body=" \n")


@pytest.mark.parametrize(
    "line",
    ["search x", "coverage", "sessions --source archive", "session last --source archive", "archive history last"],
)
def test_without_an_archive(history: History, line: str) -> None:
    """What needs an archive says how to make one."""
    with pytest.raises(ArchiveError, match="no archive"):
        run(line)


LISTS = [
    "sessions",
    "sessions --limit 3 --details",
    "sessions --since 2001 --topic alpha",
    "highlights",
    "todos --open",
    "topics",
    "contexts",
]


def test_source_archive(history: History) -> None:
    """A list from the archive is the live one, and its status line says where it is from."""
    run("sync")
    for line in LISTS:
        with case(line):
            live = run(f"{line} --refresh")
            history.asked.clear()

            held = run(f"{line} --source archive")

            assert history.asked == []
            pd.testing.assert_frame_equal(held.value, live.value)
            assert " · archive, synced " in held.status
            assert held.status.partition(" · ")[0] == live.status.partition(" · ")[0]


RECORDS = [
    ("session last", "Meeting 0"),
    ("transcript last", "So we talk about number0 and the harbour."),
    ("transcript last --raw", "so we talk about number0 and the harbour"),
    ("topic Alpha", "Alpha"),
    ("context Default", "Default"),
    ("highlight high_000001", "Idea 1"),
    ("todo last todo_000000", "Do thing 0"),
]


def test_one_from_the_archive(history: History) -> None:
    """One record comes from the archive without any request."""
    run("sync")
    for line, shown in RECORDS:
        with case(line):
            history.asked.clear()

            assert shown in str(run(f"{line} --source archive").value)
            assert history.asked == []


def test_source_is_live_or_archive(history: History) -> None:
    """Another source is an error, and what is not archived has no such option."""
    with pytest.raises(UsageError, match="live or archive"):
        run("sessions --source cache")
    with pytest.raises(UsageError, match="Unknown option --source for %hedy me"):
        run("me --source archive")
    assert len(run("sessions --source live").value) == 30


def test_status_line_of_a_live_list(history: History) -> None:
    """Under a live list is what the archive holds beyond it."""
    run("sync")
    for line in ("sessions", "sessions --topic Alpha", "todos --open", "todos --overdue"):
        assert "archive" not in run(f"{line} --refresh").status
    history.cap, history.totals = 10, False
    for record in history.details.values():
        record["topic"], record["user_todos"], record["highlights"] = None, [], []

    assert run("sessions --refresh").status == "10 sessions · live, api.hedy.bot · 30 in the archive"
    assert run("sessions --all --refresh").status == "30 sessions · live and archive, api.hedy.bot"


def test_card_and_archive_status(history: History) -> None:
    """The card says in a line what archive there is, and ``%hedy archive`` says more; neither asks anything."""
    before, bare = run("").value, run("archive").value
    run("sync")
    history.asked.clear()
    card, status = str(run("").value), str(run("archive").value)

    assert "There is no archive yet. %hedy sync creates it." in str(before)
    assert "There is no archive yet. %hedy sync creates it." in str(bare)
    assert "30 sessions, " in card
    for words_ in ("30, 30 with their details", "Last sync", "MB", "us-uid_1.sqlite"):
        assert words_ in status
    assert history.asked == []


def test_broken_archive_on_the_card(history: History) -> None:
    """A damaged archive does not break the card."""
    run("sync")
    hj.current().archive.path.write_bytes(b"x" * 5000)

    assert "not an archive" in str(run("").value)
    assert len(run("sessions --refresh").value) == 30


def test_history(history: History) -> None:
    """``%hedy archive history WHICH`` gives the versions of a session's texts."""
    run("sync")
    history.details["sess_000003"] |= {"title": "Renamed", "recap": "Better"}
    run("sync")

    reply = run("archive history Renamed")

    assert reply.value.query("field == 'recap'")["text"].tolist() == ["Better", "Recap of number3."]
    assert reply.value.query("field == 'title'")["text"].tolist() == ["Renamed", "Meeting 3"]
    assert reply.status.startswith("7 versions of 5 texts · archive, synced ")


def test_delete(history: History) -> None:
    """``%hedy archive delete`` shows what would go and how to do it; only the path deletes it."""
    run("sync")
    path = hj.current().archive.path

    review = run("archive delete").status
    assert str(path) in review
    assert f'%hedy archive delete --name "{path}"' in review
    with pytest.raises(NotConfirmed):
        run("archive delete --name us-uid_1.sqlite")
    assert path.exists()
    assert run(f"archive delete --name {path}").status == f"The archive {path} is deleted."
    assert not path.exists()


@pytest.mark.parametrize(("answer", "there"), [("", True), ("y", True), (None, False)])
def test_delete_in_a_terminal(history: History, answer: str | None, there: bool) -> None:
    """In a terminal the path is asked for."""
    run("sync")
    path = hj.current().archive.path
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return str(path) if answer is None else answer

    ctx = CommandContext(ask_hidden=lambda _: "", ask=ask, review_mode=lambda: "terminal")
    if there:
        with pytest.raises(NotConfirmed):
            run("archive delete", ctx=ctx)
    else:
        run("archive delete", ctx=ctx)

    assert str(path) in asked[0]
    assert path.exists() is there


WRONG = [
    ("archive delte", "Did you mean delete"),
    ("archive status now", "Unexpected argument"),
    ("archive history", "needs WHICH"),
    ("archive history last --name x", "Unexpected argument"),
    ("export parqet /tmp/x", "Did you mean parquet"),
    ("export", "needs FORM"),
    ("export parquet", "needs PATH"),
    ("search", "needs TEXT"),
    ("search x --limit 0", "1 or more"),
    ("search -- -x", "Every word of this search is excluded: -x"),
    ("search -xyz", "Every word of this search is excluded: -xyz"),
    ("search x --in transcrpt", "transcript"),
]


def test_wrong_lines(history: History) -> None:
    """A wrong line is one error that says what to do."""
    run("sync")
    for line, message in WRONG:
        with case(line), pytest.raises(UsageError, match=message):
            run(line)


def test_export_parquet(history: History, tmp_path: Path) -> None:
    """``%hedy export parquet FOLDER`` says how many files it wrote and where."""
    run("sync")

    assert run(f'export parquet "{tmp_path / "my meetings"}"').status.endswith(f"below {tmp_path / 'my meetings'}")
    assert run(f'export parquet "{tmp_path / "my meetings"}"').status.startswith("0 files written")


def test_names_for_completion(history: History) -> None:
    """Tab offers the names that the archive holds, without a request."""
    run("sync")
    hj.current().connection.names_seen["sessions"].clear()
    history.asked.clear()

    names = magics_status.names(hj.current())
    found = complete("%hedy session Meeting 2", names)

    assert history.asked == []
    assert names["topics"]["topic_a"] == "Alpha"
    assert found is not None
    assert complete('%hedy session "Meeting 12', names) == ('"Meeting 12', ['"Meeting 12"'])
    assert complete("%%hedy search --i", names) == ("--i", ["--in"])
    assert complete("%hedy archive d", names) == ("d", ["delete"])
