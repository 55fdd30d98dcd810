"""What is read again within a minute without a request."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

import hedy_jupyter as hj
from hedy_jupyter.api.cache import KEEP_S, ResponseCache
from tests.api.answers import of_topic, sessions, wrapped


def test_cache_of_a_minute(api: Any, hedy: hj.Hedy) -> None:
    """A read repeated inside 60 s costs no request, a later one or ``refresh=True`` asks again."""
    now = [0.0]
    hedy.connection.cache = ResponseCache(clock=lambda: now[0])
    api.answers = {"/topics": wrapped([])}
    asked = []
    for at_s, refresh in [(0, False), (59.9, False), (59.9, True), (119.8, False), (119.95, False)]:
        now[0] = at_s
        hedy.topics(refresh=refresh)
        asked.append(len(api.requests))

    assert asked == [1, 1, 2, 2, 3]


def test_details_do_not_stay_young(api: Any, hedy: hj.Hedy) -> None:
    """Details that are read again and again are requested after 60 s all the same."""
    now = [0.0]
    hedy.connection.cache = ResponseCache(clock=lambda: now[0])
    versions = iter(range(9))
    api.answers = {
        "/sessions": wrapped(sessions(1), hasMore=False),
        "/sessions/sess_0000": lambda _: {"sessionId": "sess_0000", "recap": f"v{next(versions)}"},
    }
    seen = []
    for now[0] in (0, 50, 100):
        seen += list(hedy.sessions(details=True)["recap"])

    assert seen == ["v0", "v0", "v1"]


def test_refresh_asks_for_everything(api: Any, hedy: hj.Hedy) -> None:
    """``refresh=True`` asks for the list, the topic's name and every detail again, each once."""
    api.answers = {
        "/topics": wrapped([{"id": "topic_1", "name": "Pilot"}]),
        "/topics/topic_1/sessions": of_topic(sessions(1), hasMore=False),
        "/sessions/sess_0000": sessions(1)[0],
    }
    hedy.sessions(topic="Pilot", details=True)
    first = list(api.asked)
    api.requests.clear()

    hedy.sessions(topic="Pilot", details=True, refresh=True)

    assert api.asked == first


def test_cache_keeps_no_errors(api: Any, hedy: hj.Hedy) -> None:
    """An error is not remembered."""
    answers = iter([None, wrapped([])])
    api.answers = {"/topics": lambda _: next(answers)}
    with pytest.raises(hj.NotFound):
        hedy.topics()

    assert hedy.topics().empty


def test_old_answers_are_dropped() -> None:
    """The cache does not grow with answers that are too old to be used."""
    dropped: list[float] = []

    class Answer(list[Any]):
        """An answer that can be counted."""

    now = [0.0]
    cache = ResponseCache(clock=lambda: now[0])
    for now[0] in range(0, 1000, 10):
        answer = Answer()
        weakref.finalize(answer, dropped.append, now[0])
        cache.put((f"/{now[0]}", ()), answer)

    assert len(dropped) >= 100 - (KEEP_S / 10 + 1)
