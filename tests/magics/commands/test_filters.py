"""The filters of every list as options of ``%hedy``."""

from __future__ import annotations

import pytest

from hedy_jupyter import Hedy, UsageError
from tests.commands import run

pytestmark = pytest.mark.usefixtures("few_meetings")


@pytest.mark.parametrize(
    ("line", "kind", "given"),
    [
        ("sessions --all --not-topic Hiring --not-topic Coaching", "sessions", {"not_topic": ["Hiring", "Coaching"]}),
        ('sessions --all --text "harbour lamp" --since 90d', "sessions", {"text": "harbour lamp", "since": "90d"}),
        ("highlights --all --topic Hiring --until 30d", "highlights", {"topic": "Hiring", "until": "30d"}),
        ("todos --text lamp --limit 7", "todos", {"text": "lamp", "limit": 7}),
        ("todos --since 60d --until 7d", "todos", {"since": "60d", "until": "7d"}),
        ("todos --due-before friday", "todos", {"due_before": "friday"}),
        ("todos --open --person Marit", "todos", {"status": "open", "person": "Marit"}),
        ("todos --order urgency", "todos", {"order": "urgency"}),
    ],
)
def test_lists(demo: Hedy, line: str, kind: str, given: dict[str, object]) -> None:
    """A command gives what the method of the same name gives."""
    limit = {} if kind == "todos" else {"limit": None}

    found = run(line).value

    assert len(found)
    assert found.equals(getattr(demo, kind)(**limit, **given))


def test_search(demo: Hedy) -> None:
    """A search takes several topics, leaves others out, and takes further words."""
    run("sync")
    every = run("search lamp").value
    topics = demo.sessions(None).set_index("session_id")["topic_name"]

    left = run("search lamp --not-topic 'Harbour Lamp launch' --limit 100").value
    two = run("search lamp --topic Hiring --topic 'Harbour Lamp launch' --limit 100").value
    assert set(two["session_id"].map(topics)) <= {"Hiring", "Harbour Lamp launch"}
    assert "Harbour Lamp launch" not in set(left["session_id"].map(topics))
    assert len(left)
    assert run("search lamp --text harbour").value.equals(demo.archive.search("lamp harbour"))
    assert len(every) > len(run("search lamp --since 30d").value) > 0
    with pytest.raises(UsageError, match="--fts or --text"):
        run("search lamp* --fts --text harbour")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("sessions --text zebra", "No sessions with zebra; 34 sessions in all; --details looks into their texts"),
        ("sessions --topic Hiring --not-topic Hiring", 'No sessions in topic "Hiring" not in topic "Hiring"'),
        ("highlights --until 2001", "No highlights until 2001; the oldest is"),
        ("todos --open --text zebra", "No open todos with zebra; 92 todos in all"),
        ("todos --due-before 2001-01-01", "No todos due before 2001-01-01; 92 todos in all"),
    ],
)
def test_why_nothing_is_found(demo: Hedy, line: str, status: str) -> None:
    """An empty list names the filters, and what there is."""
    assert run(line).status.startswith(status)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("todos --text a --text b", "--text was given more than once"),
        ("todos --overdue --due-before friday", "Use either --overdue or --due-before"),
        ("todos --order urgent", "--order must be one of: newest, urgency"),
        ("todos --due-before nonsense", "Can't read 'nonsense' as a date"),
        ("export json - todos --no-bom", "has no byte order mark"),
        ("export csv - contexts --since 7d", "contexts cannot be narrowed by since"),
        ("topics --text a", "Unknown option --text"),
    ],
)
def test_what_does_not_fit(demo: Hedy, line: str, message: str) -> None:
    """What a command cannot honour is an error."""
    with pytest.raises(UsageError, match=message):
        run(line)


def test_what_is_left_out_is_counted(demo: Hedy) -> None:
    """The status line says which day was read, and how many todos have none that could be compared."""
    status = run("todos --open --due-before 2026-12-01").status

    assert "due before Tue 1 Dec" in status
    assert " without an exact due day" in status
    assert " without an exact due day" not in run("todos --open --order urgency").status
