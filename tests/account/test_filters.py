"""The same filters on every list, live and archived: each agrees with plain pandas on the whole frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account.filters import Filters
from hedy_jupyter.errors import NotFound, UsageError
from tests.conftest import KEY, Api
from tests.waiting import pace, without_waits

BOTH = pytest.mark.parametrize("source", ["live", "archive"])
SINCE, UNTIL = "2026-09", "2026-10-15"
FIRST, END = pd.Timestamp("2026-09-01", tz="UTC"), pd.Timestamp("2026-10-16", tz="UTC")


@pytest.fixture(scope="module")
def hedy(demo_archive: Path) -> Iterator[hj.Hedy]:
    """Return a demo account with an archive, whose days are those of UTC."""
    with hj.demo(timezone="UTC") as account:
        account.settings = replace(account.settings, archive=demo_archive)
        yield account


@BOTH
@pytest.mark.parametrize(
    "given",
    [
        {"topic": "Hiring"},
        {"not_topic": ["Hiring", "Coaching"]},
        {"topic": ["Hiring", "Coaching"], "not_topic": "Coaching"},
        {"since": SINCE, "until": UNTIL, "text": "lamp"},
        {"text": "harbour LAMP"},
    ],
    ids=str,
)
def test_sessions(hedy: hj.Hedy, source: Any, given: dict[str, Any]) -> None:
    """Sessions are filtered by topic, start and words, before the limit."""
    every = hedy.sessions(None, source=source)
    expected = every.hedy.search(given["text"]) if "text" in given else every
    if "topic" in given:
        expected = expected[expected["topic_name"].isin(_list(given["topic"]))]
    expected = expected[~expected["topic_name"].isin(_list(given.get("not_topic", []))).to_numpy()]
    if "since" in given:
        expected = expected[expected["start_time"].between(FIRST, END, inclusive="left")]

    assert len(expected) > 2
    assert _ids(hedy.sessions(None, **given, source=source)) == _ids(expected)
    assert _ids(hedy.sessions(2, **given, source=source)) == _ids(expected)[:2]


@BOTH
def test_texts_of_sessions(hedy: hj.Hedy, source: Any) -> None:
    """With details the words may be in any text; a limit reads no more details than it needs."""
    every = hedy.sessions(None, details=True, source=source)
    expected = every.hedy.search("salt water")

    assert len(expected) > len(hedy.sessions(None, text="salt water", source=source))
    assert _ids(hedy.sessions(None, text="salt water", details=True, source=source)) == _ids(expected)
    assert _ids(hedy.sessions(3, text="salt water", details=True, source=source)) == _ids(expected)[:3]


@BOTH
def test_highlights(hedy: hj.Hedy, source: Any) -> None:
    """Highlights are filtered by the topic of their meeting, their own time, and their words."""
    every, sessions = hedy.highlights(None, source=source), hedy.sessions(None, source=source)
    hiring = every["session_id"].isin(sessions.loc[sessions["topic_name"].eq("Hiring"), "session_id"])
    in_time = every["timestamp"].between(FIRST, END, inclusive="left")
    read = {"source": source, "since": SINCE, "until": UNTIL}

    assert _ids(hedy.highlights(None, topic="Hiring", **read)) == _ids(every[hiring & in_time])
    assert _ids(hedy.highlights(4, not_topic="Hiring", **read)) == _ids(every[~hiring & in_time])[:4]
    word = str(every["title"].iloc[-1]).split()[0]
    assert _ids(hedy.highlights(None, text=word, source=source)) == _ids(every.hedy.search(word))


@BOTH
def test_quotes_of_highlights(hedy: hj.Hedy, source: Any) -> None:
    """With details the words may be in the quote."""
    whole = hedy.highlights(None, details=True, source=source)
    found = hedy.highlights(6, text="lamp", details=True, source=source)

    assert _ids(found) == _ids(whole.hedy.search("lamp"))[:6]
    assert hedy.highlights(None, session="last", text="nothing-of-the-kind", source=source).empty


@BOTH
def test_todos(hedy: hj.Hedy, source: Any) -> None:
    """Todos are filtered by topic, by the start of their meeting, and by their words."""
    every, sessions = hedy.todos(source=source), hedy.sessions(None, source=source)
    starts = every["session_id"].map(sessions.set_index("session_id")["start_time"])
    in_time = starts.between(FIRST, END, inclusive="left")

    found = hedy.todos(since=SINCE, until=UNTIL, not_topic="Hiring", source=source)
    assert _ids(found) == _ids(every[in_time & ~every["topic_name"].isin(["Hiring"])])
    assert (
        _ids(hedy.todos("open", text="lamp", limit=3, source=source)) == _ids(every.hedy.open().hedy.search("lamp"))[:3]
    )
    assert found.attrs["coverage"]["unknown_meetings"] == 0


@BOTH
def test_days_of_todos(hedy: hj.Hedy, source: Any) -> None:
    """Due days are those of ``due()``; the most urgent comes first, and what has no day is counted."""
    dated = hedy.todos("open", source=source).hedy.due(hedy.sessions(None, source=source))
    today = pd.Timestamp.now(tz="UTC").tz_localize(None).normalize()
    found = hedy.todos("open", due_before=today.date(), source=source)

    assert set(_ids(found)) == set(_ids(dated[dated["due_on"] < today]))
    assert found["due_on"].is_monotonic_increasing
    assert set(found["urgency"]) == {"overdue"}
    assert found.attrs["due"]["undated"] == int(dated["due_on"].isna().sum())
    assert _ids(hedy.overdue(limit=2, source=source)) == _ids(found)[:2]
    ordered = hedy.todos(order="urgency", source=source)
    assert list(dict.fromkeys(ordered["urgency"])) == [
        one for one in ("overdue", "today", "soon", "later", "undated", "done") if one in set(ordered["urgency"])
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"since": "2026-10", "until": "2026-09"}, "the range is empty"),
        ({"text": "?!"}, "nothing to search for"),
        ({"limit": 0}, "not a number of 1 or more"),
        ({"not_topic": []}, "not_topic=.* names no topic"),
        ({"topic": " "}, "topic=' ' names no topic"),
    ],
)
@pytest.mark.parametrize("kind", ["sessions", "highlights", "todos", "overdue"])
def test_what_does_not_fit(hedy: hj.Hedy, kind: str, given: dict[str, Any], message: str) -> None:
    """A filter that cannot be applied is an error, whatever the list and the source."""
    for source in ("live", "archive"):
        with pytest.raises(UsageError, match=message):
            getattr(hedy, kind)(**given, source=source)


@BOTH
@pytest.mark.parametrize("argument", ["topic", "not_topic"])
def test_unknown_topic(hedy: hj.Hedy, source: Any, argument: str) -> None:
    """A name that no topic has suggests one."""
    for read in (hedy.sessions, hedy.highlights, hedy.todos):
        with pytest.raises(NotFound, match="Did you mean 'Hiring'"):
            read(source=source, **{argument: ["Coaching", "Hirin"]})


def test_refused_filters() -> None:
    """A caller names the filters that it cannot honour; those that are not given are no error."""
    chosen = Filters(topic="A", text="b", limit=3)
    chosen.refuse("Webhooks", ["since", "until"])

    assert chosen.given == ["topic", "text", "limit"]
    assert chosen.of_meetings == Filters(topic="A")
    with pytest.raises(UsageError, match=r"Webhooks cannot be narrowed by topic, text\."):
        chosen.refuse("Webhooks", ["topic", "text"])


@pytest.fixture(name="hedy_of_api")
def fixture_hedy_of_api(api: Api) -> Iterator[hj.Hedy]:
    """Return an account on ``api`` that never really waits."""
    with hj.connect(api_key=KEY, transport=api.transport, timezone="UTC") as account:
        yield without_waits(account, pace())


def _list(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _ids(frame: pd.DataFrame) -> list[str]:
    name = next(one for one in ("todo_id", "highlight_id", "session_id") if one in frame)
    return frame[name].tolist()


def test_texts_that_did_not_come(api: Api, hedy_of_api: hj.Hedy) -> None:
    """A meeting whose texts could not be read is not one without the words: it is named as incomplete."""
    rows = [{"sessionId": ident, "title": ident, "startTime": "2026-03-02T10:00:00Z"} for ident in ("s1", "s2", "s3")]
    api.answers["/sessions"] = {"data": rows}
    api.answers["/sessions/s1"] = {"data": {**rows[0], "transcript": "Ada: the lamp"}}
    api.answers["/sessions/s2"] = httpx.Response(500, json={"success": False, "error": {"code": "internal_error"}})
    api.answers["/sessions/s3"] = {"data": {**rows[2], "transcript": "Ada: the harbour"}}

    found = hedy_of_api.sessions(text="lamp", details=True)

    assert found["session_id"].tolist() == ["s1"]
    assert found.attrs["coverage"]["incomplete"] == ["s2"]
    assert found.attrs["coverage"]["found"] == 3


def test_todos_of_unknown_meetings(api: Api, hedy_of_api: hj.Hedy) -> None:
    """A todo whose meeting has no known start is in no range of time, and is counted."""
    api.answers["/sessions"] = {"data": [{"sessionId": "s1", "startTime": "2026-03-02T10:00:00Z"}, {"sessionId": "s2"}]}
    api.answers["/topics"] = api.answers["/highlights"] = {"data": []}
    api.answers["/todos"] = {"data": [{"id": ident, "text": ident, "sessionId": f"s{ident}"} for ident in "12"]}

    found = hedy_of_api.todos(since="2026-03")

    assert found["todo_id"].tolist() == ["1"]
    assert found.attrs["coverage"]["unknown_meetings"] == 1
