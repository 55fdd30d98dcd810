"""The list of meetings behind the browser: where it comes from, what is chosen from it, and one meeting whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hedy_jupyter import ArchiveError, Hedy, NotFound, ServerError, UsageError
from hedy_jupyter.account.meeting_list import Meeting, MeetingList, Selection
from hedy_jupyter.analysis.groups import NO_TOPIC
from tests.cases import case
from tests.histories import History


@pytest.fixture(name="history")
def fixture_history() -> History:
    """A hundred and twenty meetings, every second one of the topic Alpha."""
    return History(120)


@pytest.fixture(name="hedy")
def fixture_hedy(history: History) -> Iterator[Hedy]:
    """Their account."""
    with history.account_of() as hedy:
        yield hedy


def read(hedy: Hedy, source: str | None = None) -> MeetingList:
    """The list, read."""
    made = MeetingList(hedy, source)  # type: ignore[arg-type]
    made.read()
    return made


def ids(meetings: list[Meeting]) -> list[int]:
    """The numbers in the ids."""
    return [int(meeting.session_id[-6:]) for meeting in meetings]


def test_without_an_archive_it_is_live(hedy: Hedy, history: History) -> None:
    """Without an archive the newest hundred come from Hedy, and all of them on request."""
    meetings = read(hedy)

    assert len(meetings.meetings) == 100
    assert meetings.has_more
    assert meetings.note == "100 meetings (120 in all) · live, api.hedy.bot · times in UTC"
    meetings.read(complete=True)
    assert len(meetings.meetings) == 120
    assert not meetings.has_more


def test_with_an_archive_no_request_is_made(hedy: Hedy, history: History) -> None:
    """From the archive come all meetings and the texts of one, without a request, unless live ones are asked for."""
    hedy.archive.sync()
    history.asked.clear()

    meetings = read(hedy)
    session = meetings.open("sess_000007")

    assert len(meetings.meetings) == 120
    assert meetings.note.startswith("120 meetings · archive, synced ")
    assert session.recap == "Recap of number7."
    assert history.asked == []
    hedy.forget()
    assert "live" in read(hedy, "live").note
    assert history.asked != []


@pytest.mark.parametrize("hidden", [True, False])
def test_an_archive_without_meetings_is_left(hedy: Hedy, history: History, hidden: bool) -> None:
    """An archive that holds none is not the list, but where it was asked for."""
    kept = history.details
    history.details = {}
    hedy.archive.sync()
    history.details = kept
    hedy.forget()

    assert len(read(hedy, "archive" if hidden else None).meetings) == (0 if hidden else 100)


def test_a_damaged_archive_is_left_out_and_named(hedy: Hedy) -> None:
    """Where the archive cannot be read the list is live and says why; asked for, it is an error."""
    hedy.archive.sync()
    hedy.archive.path.write_bytes(b"no database" * 1_000)

    assert "the archive is left out: " in read(hedy).note
    with pytest.raises(ArchiveError):
        read(hedy, "archive")


SELECTIONS = [
    (Selection(words="meeting 11"), [11, *range(110, 120)]),
    (Selection(words="MEETING  11 alpha"), [11, 111, 113, 115, 117, 119]),
    (Selection(topic="Alpha", words="11"), [11, 111, 113, 115, 117, 119]),
    (Selection(topic=NO_TOPIC, words="11"), [110, 112, 114, 116, 118]),
    (Selection(words="nothing of the kind"), []),
    (Selection(search="number11"), [11]),
    (Selection(search="number11", topic=NO_TOPIC), []),
    (Selection(search="harbour", words="11", topic="Alpha"), [11, 111, 113, 115, 117, 119]),
]


def test_selections(hedy: Hedy) -> None:
    """Words of title and topic in any case, the topic, and words of the texts narrow the list, newest first."""
    hedy.archive.sync()
    meetings = read(hedy)

    for selection, expected in SELECTIONS:
        with case(selection):
            assert ids(meetings.select(selection)) == expected


def test_orders(hedy: Hedy, history: History) -> None:
    """By topic those without one come last; the best match is first only in a search."""
    history.details["sess_000050"]["title"] = "Harbour harbour"
    hedy.archive.sync()
    meetings = read(hedy)

    by_topic = meetings.select(Selection(order="By topic"))
    assert ids(by_topic) == [*range(1, 120, 2), *range(0, 120, 2)]
    assert ids(meetings.select(Selection(order="Best match"))) == [*range(120)]
    assert ids(meetings.select(Selection(search="harbour", order="Best match")))[0] == 50
    assert ids(meetings.select(Selection(search="harbour"))) == [*range(120)]


def test_a_hit_has_its_text(hedy: Hedy) -> None:
    """A meeting that was found shows where, and a search is not made again for another order."""
    hedy.archive.sync()

    (found,) = read(hedy).select(Selection(search="number7 harbour"))

    assert "number7 and the harbour" in found.snippet
    assert found.field == "cleaned_transcript"
    assert (found.title, found.topic) == ("Meeting 7", "Alpha")


def test_a_search_finds_what_is_gone(hedy: Hedy, history: History) -> None:
    """A meeting that was deleted in Hedy is found, marked, and read from the archive."""
    hedy.archive.sync()
    history.lose("sess_000007")
    hedy.archive.sync()
    meetings = read(hedy)

    (found,) = meetings.select(Selection(search="number7"))

    assert found.is_gone
    assert 7 not in ids([*meetings.meetings])
    assert meetings.open(found.session_id).recap == "Recap of number7."


def test_a_search_needs_an_archive_and_a_word(hedy: Hedy) -> None:
    """A search without an archive, or for nothing but punctuation, is an error that says what to do."""
    meetings = read(hedy)

    with pytest.raises(ArchiveError):
        meetings.select(Selection(search="harbour"))
    hedy.archive.sync()
    with pytest.raises(UsageError):
        meetings.select(Selection(search="!?"))


def test_equal_and_missing_names(hedy: Hedy, history: History) -> None:
    """Equal titles at one time, equal topics and missing titles are told apart, and a topic called like none too."""
    one, other = history.details["sess_000000"], history.details["sess_000001"]
    other |= {"title": one["title"], "startTime": one["startTime"], "topic": {"id": "topic_c", "name": "Alpha"}}
    history.details["sess_000002"] |= {"title": None, "startTime": None, "duration": None}
    history.details["sess_000004"] |= {"topic": {"id": "topic_d", "name": NO_TOPIC}}
    meetings = read(hedy)

    labels = [label for _, label in meetings.labels(meetings.meetings)]
    assert len(set(labels)) == len(labels)
    assert {"(sess_000000)", "(sess_000001)"} == {label[-13:] for label in labels if "sess_" in label}
    assert "– · Untitled session" in labels
    assert list(meetings.topics) == [
        f"{NO_TOPIC} (topic_d)",
        "Alpha (topic_a)",
        "Alpha (topic_c)",
        NO_TOPIC,
    ]
    assert ids(meetings.select(Selection(topic="Alpha (topic_c)"))) == [1]


def test_one_that_the_archive_has_no_texts_of(hedy: Hedy, history: History) -> None:
    """A list entry without its details is asked for, where Hedy may be asked; a fault is no answer, nor is 'gone'."""
    history.faults["/sessions/sess_000007"] = (500, {"success": False})
    hedy.archive.sync()
    waits: list[str] = []
    meetings = read(hedy)

    with pytest.raises(ServerError):
        meetings.open("sess_000007", fetching=lambda: waits.append("wait"))
    history.faults.clear()
    assert meetings.open("sess_000007", fetching=lambda: waits.append("wait")).recap == "Recap of number7."
    assert waits == ["wait", "wait"]
    with pytest.raises(NotFound, match="not its texts"):
        read(hedy, "archive").open("sess_000007")


def test_one_that_was_deleted_meanwhile(hedy: Hedy, history: History) -> None:
    """A meeting that is no longer there is an error, also from a list that still has it."""
    meetings = read(hedy)
    history.lose("sess_000007")

    with pytest.raises(NotFound):
        meetings.open("sess_000007")


def test_a_failed_read_keeps_the_list(hedy: Hedy, history: History) -> None:
    """What was read before stays when reading again fails."""
    meetings = read(hedy)
    history.faults["/sessions"] = (500, {"success": False})

    with pytest.raises(ServerError):
        meetings.read(refresh=True)

    assert len(meetings.meetings) == 100
