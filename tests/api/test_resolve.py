"""Which session, topic or context an id, a prefix, ``last`` or a name means."""

from __future__ import annotations

from typing import Any

import pytest

import hedy_jupyter as hj
from tests.api.answers import NAMED, paged, sessions, wrapped

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


@pytest.mark.parametrize("which", ["sess_abc", "WEEKLY SYNC"])
def test_two_matches(api: Any, hedy: hj.Hedy, which: str) -> None:
    """Two matches are an error that lists them with their times."""
    api.answers = {"/sessions": wrapped(NAMED, hasMore=False), **DETAILS}

    with pytest.raises(hj.UsageError) as caught:
        hedy.session(which)

    assert all(word in str(caught.value) for word in ("2 sessions", "sess_abc111", "sess_abc222", "2026-03-02"))


@pytest.mark.parametrize(
    ("which", "hint"),
    [
        ("Bord Meeting", "Board Meeting"),
        ("nothing like it", "%hedy sessions"),
        ("last~5", "5 sessions"),
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
