"""Which session, topic or context an id, a prefix, ``last`` or a name means."""

from __future__ import annotations

from typing import Any

import pytest

import hedy_jupyter as hj
from tests.api.answers import NAMED, paged, sessions, wrapped
from tests.conftest import KEY

DETAILS = {f"/sessions/{row['sessionId']}": row for row in NAMED}


@pytest.mark.parametrize(
    ("which", "ident", "requests"),
    [
        ("sess_abc111", "sess_abc111", 1),
        (" sess_abc111\n", "sess_abc111", 1),
        ("sess_x", "sess_xyz333", 3),
        ("sess_abc2", "sess_abc222", 3),
        ("last", "sess_abc111", 2),
        ("LAST", "sess_abc111", 2),
        ("last~2", "sess_xyz333", 2),
        ("last~0", "sess_abc111", 2),
        ("Weekly Sync", "sess_abc111", 2),
        ("weekly sync", "sess_abc222", 2),
        ("board meeting", "sess_xyz333", 2),
        ("short", "short", 2),
        ("sess_abc111x", "sess_q", 3),
    ],
)
def test_which(api: Any, hedy: hj.Hedy, which: str, ident: str, requests: int) -> None:
    """An id costs one request; a prefix, a place or a name is looked up in the list; the strictest rule wins."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False), **DETAILS}

    session = hedy.session(which)

    assert session.session_id == ident
    assert len(api.requests) == requests


def test_two_matches(api: Any) -> None:
    """Two matches of a prefix are an error that lists them with their local times."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False), **DETAILS}
    hedy = hj.connect(api_key=KEY, transport=api.transport, timezone="Asia/Tokyo")

    with pytest.raises(hj.UsageError) as caught:
        hedy.session("sess_abc")

    words = ("2 sessions", "sess_abc111 (Tue 3 Mar", "sess_abc222 (Mon 2 Mar", "19:00)")
    assert all(word in str(caught.value) for word in words)


SERIES = [
    {"sessionId": f"sess_{number}", "title": title, "startTime": f"2026-03-{20 - number:02}T09:00:00Z"}
    for number, title in enumerate(
        ["Launch weekly", "Board", "Launch\u00a0weekly", "LAUNCH WEEKLY", "Café\u2011talk", "R~2"], 1
    )
]


@pytest.mark.parametrize(
    ("which", "ident"),
    [
        ("launch  weekly", "sess_1"),
        ("launch weekly~1", "sess_3"),
        ("Launch WEEKLY~2", "sess_4"),
        ("board~0", "sess_2"),
        ("cafe-talk", "sess_5"),
        ("CAFÉ–TALK", "sess_5"),
        ("r~2", "sess_6"),
    ],
)
def test_recurring_titles(api: Any, hedy: hj.Hedy, which: str, ident: str) -> None:
    """A title that several sessions share is the newest, ``TITLE~1`` the one before; names are compared folded."""
    api.answers = {"/sessions": wrapped(SERIES, hasMore=False)}
    api.answers |= {f"/sessions/{row['sessionId']}": row for row in SERIES}

    assert hedy.session(which).session_id == ident


def test_shared_title(api: Any, hedy: hj.Hedy) -> None:
    """Which of several sessions a title means is said in words; of any other words nothing is."""
    api.answers = {"/sessions": wrapped(SERIES, hasMore=False)}

    said = [hedy.shared_title(which) for which in ("launch weekly", "LAUNCH  weekly~1", "Board", "last", "sess_1")]

    assert said == ['newest of 3 called "Launch weekly"', '1 before the newest of 3 called "Launch weekly"', "", "", ""]


def test_two_topics_of_one_name(api: Any, hedy: hj.Hedy) -> None:
    """Only meetings recur: a name that two topics share stays an error."""
    api.answers = {"/topics": wrapped([{"id": "topic_1", "name": "Pilot"}, {"id": "topic_2", "name": "Pilot"}])}

    with pytest.raises(hj.UsageError, match="2 topics match 'Pilot'"):
        hedy.topic("Pilot")


@pytest.mark.parametrize(
    ("which", "hint"),
    [
        ("Bord Meeting", "Board Meeting"),
        ("nothing like it", "%hedy sessions"),
        ("last~5", "5 sessions"),
        ("last-2", "'last-2'. Did you mean last~2"),
        ("board meeting~3", "out of range: there is 1 session called 'Board Meeting'"),
        ("9ffec8", "'9ffec8'. See %hedy sessions"),
        ("sess_", "%hedy sessions"),
        ("abc", "%hedy sessions"),
    ],
)
def test_no_match(api: Any, hedy: hj.Hedy, which: str, hint: str) -> None:
    """Nothing found is an error that says what may have been meant, or where to look."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False)}

    with pytest.raises(hj.NotFound, match=hint):
        hedy.session(which)


@pytest.mark.parametrize("which", ["", "  ", None, 7])
def test_no_name(hedy: hj.Hedy, which: Any) -> None:
    """What names nothing is refused before any request."""
    with pytest.raises(hj.UsageError):
        hedy.session(which)


def test_topics_and_contexts_by_name(api: Any, hedy: hj.Hedy) -> None:
    """Topics and contexts go by name and title like sessions do."""
    api.answers = {
        "/topics": wrapped([{"id": "topic_1", "name": "Pilot"}]),
        "/topics/topic_1": {"success": True, "data": {"id": "topic_1", "name": "Pilot"}},
        "/contexts": wrapped([{"id": "ctx_1", "title": "Sales"}]),
        "/contexts/ctx_1": {"success": True, "data": {"id": "ctx_1", "title": "Sales"}},
    }

    assert (hedy.topic("pilot").topic_id, hedy.context("last").context_id) == ("topic_1", "ctx_1")


def test_an_id_like_a_word(api: Any, hedy: hj.Hedy) -> None:
    """Ids are opaque: one that looks like a word and is in no list is asked for after all."""
    api.answers = {"/sessions": paged(sessions(3)), "/sessions/deadbeef": {"sessionId": "deadbeef", "title": "Old"}}

    assert hedy.session("deadbeef").title == "Old"
