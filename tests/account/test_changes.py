"""A write from review to result: what the review says, what is sent, how often, and the outcome without an answer."""

from __future__ import annotations

import _thread
import asyncio
import inspect
import itertools
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, NamedTuple

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter.api.client_events import ClientEvent, Notice, Sent
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.changes.change import LABELS
from hedy_jupyter.demo_server.service import Service
from tests.histories import History
from tests.waiting import pace

KEYS = (f"hedy_live_writes_{number:08}" for number in itertools.count())
URL = "https://hooks.example.com/hedy"
DONE = "The answer was lost; a check showed that the change was made."


class Request(NamedTuple):
    """One request as it came over the wire."""

    method: str
    path: str
    body: Any


Do = Callable[[], httpx.Response]
Fault = Callable[[Do], httpx.Response | Awaitable[httpx.Response]]


class Wire:
    """A live account in front of the invented one: notes what comes over the wire, and goes wrong as a test needs.

    Attributes:
        fault: what happens to the next write, given the function that does it; used up by it.
        blocked: GET of these paths is refused.
        changed: GET path → what it gives in place of the service's answer.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.requests: list[Request] = []
        self.fault: Fault | None = None
        self.blocked: set[str] = set()
        self.changed: dict[str, Any] = {}

    @property
    def writes(self) -> list[Request]:
        """The requests that were no GET."""
        return [request for request in self.requests if request.method != "GET"]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.raw_path.decode()
        self.requests.append(Request(method, path, json.loads(request.content) if request.content else None))

        def do() -> httpx.Response:
            status, headers, body, _ = self.service.answer(method, path, request.headers, request.content)
            return httpx.Response(status, headers=headers, content=body)

        if method == "GET" and path in self.blocked:
            return refusal(403, "tier_limit_exceeded")
        if method == "GET" and path in self.changed:
            return httpx.Response(200, json=self.changed[path])
        if method == "GET" or self.fault is None:
            return do()
        fault, self.fault = self.fault, None
        answer = fault(do)
        return answer if isinstance(answer, httpx.Response) else await answer


def refusal(status: int, code: str | None) -> httpx.Response:
    """An error of the API."""
    return httpx.Response(status, json={"success": False, "error": {"code": code, "message": "no"}})


@pytest.fixture(name="wire")
def fixture_wire() -> Wire:
    """The wire of a fresh account."""
    return Wire(Service(key=next(KEYS)))


@pytest.fixture(name="hedy")
def fixture_hedy(wire: Wire) -> Iterator[hj.Hedy]:
    """A fresh live account behind the wire."""
    with hj.connect(
        wire.service.key, base_url="https://api.hedy.test", timezone="UTC", transport=httpx.MockTransport(wire)
    ) as hedy:
        hedy.connection.limiter = pace()
        yield hedy


def without_waiting(hedy: hj.Hedy) -> list[float]:
    """Let *hedy* wait for its limiters on a test clock; what was waited is added to the result."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    hedy.connection.limiter, hedy.connection.webhook_limiter = (
        RateLimiter(limit, clock=lambda: sum(waited), sleep=sleep) for limit in (200, 5)
    )
    return waited


def first(hedy: hj.Hedy, table: str) -> Any:
    """The first row of a list."""
    return getattr(hedy, table)().iloc[0]


def a_write(hedy: hj.Hedy, operation: str) -> tuple[Any, str | None]:
    """One of the eight writes, and the words that confirm it."""
    if operation == "create topic":
        return hedy.create_topic("Plans", color="#112233"), None
    if operation == "update topic":
        return hedy.update_topic("Hiring", name="Hiring 2", topic_context=None), None
    if operation == "delete topic":
        return hedy.delete_topic("Hiring"), "Hiring"
    if operation == "create context":
        return hedy.create_context("Investors", "Be brief.", is_default=True), None
    if operation == "update context":
        return hedy.update_context(first(hedy, "contexts")["title"], content="New."), None
    if operation == "delete context":
        title = first(hedy, "contexts")["title"]
        return hedy.delete_context(title), title
    if operation == "create webhook":
        return hedy.create_webhook(URL, ["session.ended", "todo.exported"]), "hooks.example.com"
    url = first(hedy, "webhooks")["url"]
    return hedy.delete_webhook(url), url


OPERATIONS = [
    "create topic", "update topic", "delete topic",
    "create context", "update context", "delete context",
    "create webhook", "delete webhook",
]  # fmt: skip
ONE_OF_EACH = ("create topic", "update topic", "delete context", "create webhook")
"""A creation, a change, a deletion, and one with a limit of its own: the sender tells no more of them apart."""
TARGETED = [operation for operation in OPERATIONS if not operation.startswith("create")]


# -- nothing before the confirmation -----------------------------------------------------------------------------------


def every_call(hedy: hj.Hedy) -> dict[str, Callable[[], Any]]:
    """A call of every public method of ``Hedy``."""
    session, highlight, todo = first(hedy, "sessions"), first(hedy, "highlights"), first(hedy, "todos")
    return {
        "me": hedy.me,
        "sessions": lambda: hedy.sessions(limit=None, details=True),
        "shared_title": lambda: hedy.shared_title("last"),
        "session": lambda: hedy.session(session["session_id"]),
        "highlights": lambda: hedy.highlights(3, details=True),
        "highlight": lambda: hedy.highlight(highlight["highlight_id"]),
        "todos": hedy.todos,
        "todo": lambda: hedy.todo(todo["session_id"], todo["todo_id"]),
        "topics": hedy.topics,
        "topic": lambda: hedy.topic("Hiring"),
        "contexts": hedy.contexts,
        "context": lambda: hedy.context("last"),
        "webhooks": hedy.webhooks,
        "get": lambda: hedy.get("/me"),
        "brief": hedy.brief,
        "decisions": hedy.decisions,
        "open_questions": hedy.open_questions,
        "action_items": hedy.action_items,
        "report": hedy.report,
        "overdue": hedy.overdue,
        "speakers": hedy.speakers,
        "rename_speaker": lambda: hedy.rename_speaker("Speaker 1", "Ada"),
        "compare": lambda: hedy.compare("Hiring", "Coaching"),
        "related": lambda: hedy.related("last"),
        "export": lambda: hedy.export("md"),
        "create_topic": lambda: a_write(hedy, "create topic"),
        "update_topic": lambda: a_write(hedy, "update topic"),
        "delete_topic": lambda: a_write(hedy, "delete topic"),
        "create_context": lambda: a_write(hedy, "create context"),
        "update_context": lambda: a_write(hedy, "update context"),
        "delete_context": lambda: a_write(hedy, "delete context"),
        "create_webhook": lambda: a_write(hedy, "create webhook"),
        "delete_webhook": lambda: a_write(hedy, "delete webhook"),
        "forget": hedy.forget,
    }


def test_no_write_without_a_yes() -> None:
    """No method of ``Hedy`` makes a request other than GET: not the reads, and not a write before its confirmation."""
    history = History(6)
    for topic, name in zip(history.topics, ("Hiring", "Coaching"), strict=True):
        topic["name"] = name
    history.faults["/webhooks"] = (200, [{"id": "hook_1", "url": URL, "events": ["session.ended"]}])
    with history.account_of() as hedy:
        methods = {name for name, _ in inspect.getmembers(hj.Hedy, inspect.isfunction) if not name.startswith("_")}
        hedy.archive.sync()
        calls = every_call(hedy)
        for call in calls.values():
            shown = call()
            repr(shown), str(shown)
            for draw in ("_repr_html_", "_repr_markdown_", "_repr_mimebundle_"):
                getattr(shown, draw, str)()

        assert set(calls) >= {
            name for name in methods if name not in {"close", "sync", "search", "coverage", "archive"}
        }
        assert set(hedy.requests["method"]) == {"GET"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_sent_by_its_yes(hedy: hj.Hedy, wire: Wire, operation: str) -> None:
    """A confirmed write leaves once, exactly as its review said."""
    write, words = a_write(hedy, operation)
    assert wire.writes == []

    result = write.confirm(words)

    assert wire.writes == [Request(write.method, write.path, dict(write.body) or None)]
    assert write.host == "api.hedy.test"
    assert (
        getattr(result, LABELS[write.kind]) == ((write.after or {}) | (write.body or write.before))[LABELS[write.kind]]
    )
    assert write.note == ""


@pytest.mark.parametrize("operation", ["delete topic", "delete context", "delete webhook", "create webhook"])
@pytest.mark.parametrize(
    "change", [lambda _: None, lambda _: "", str.upper, lambda words: words + " ", lambda words: words[:-1]]
)
def test_wrong_words(hedy: hj.Hedy, wire: Wire, operation: str, change: Callable[[str], str | None]) -> None:
    """A deletion and a new webhook need their exact words.

    With others nothing at all is sent, and the right ones serve afterwards.
    """
    write, words = a_write(hedy, operation)
    assert words is not None
    wire.requests.clear()

    with pytest.raises(hj.NotConfirmed, match="Nothing was sent"):
        write.confirm(change(words))

    assert wire.requests == []
    write.confirm(words)
    assert len(wire.writes) == 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_memory_forgets(hedy: hj.Hedy, operation: str) -> None:
    """After a write the lists are asked again, and show it."""
    write, words = a_write(hedy, operation)
    table = f"{write.kind}s"
    before = set(getattr(hedy, table)().iloc[:, 0])

    result = write.confirm(words)

    after = getattr(hedy, table)()
    ident = getattr(result, f"{write.kind}_id")
    changed = {"create": {ident}, "update": set(), "delete": {ident}}[write.action]
    assert set(after.iloc[:, 0]) ^ before == changed
    if write.action != "delete":
        row = after[after.iloc[:, 0] == ident].iloc[0]
        assert row[LABELS[write.kind]] == (write.after or {})[LABELS[write.kind]]


@pytest.mark.parametrize("failure", ["refused", "changed"])
def test_memory_forgets_after_a_failure(hedy: hj.Hedy, wire: Wire, failure: str) -> None:
    """A write that failed says that memory may be wrong: the next read asks again."""
    write = hedy.update_topic("Hiring", name="Hiring 2")
    hedy.topics()
    if failure == "refused":
        wire.fault = lambda _: refusal(400, "validation_error")
    else:
        wire.changed[write.path] = {"success": True, "data": {**(write.before or {}), "name": "Other"}}
    with pytest.raises(hj.HedyError):
        write.confirm()
    wire.requests.clear()

    hedy.topics()

    assert [request.path for request in wire.requests] == ["/topics"]


# -- what is sent ------------------------------------------------------------------------------------------------------


def test_only_what_changed(hedy: hj.Hedy, wire: Wire) -> None:
    """An update sends the fields that really change, and its review keeps all the others."""
    before = hedy.topic("Hiring")

    write = hedy.update_topic("Hiring", name="Hiring", color=before.color, description="New")
    write.confirm()

    assert wire.writes == [Request("PATCH", f"/topics/{before.topic_id}", {"description": "New"})]
    assert write.effects == ("Changes Description; everything else stays.",)
    assert (write.after or {})["name"] == "Hiring"
    assert hedy.topic("Hiring").icon_name == before.icon_name


@pytest.mark.parametrize(
    "make",
    [
        lambda hedy: hedy.update_topic("Hiring", name="Hiring"),
        lambda hedy: hedy.update_topic("Roof garden", topic_context=None),
        lambda hedy: hedy.update_topic("Roof garden", topic_context=""),
        lambda hedy: hedy.update_context(first(hedy, "contexts")["context_id"], is_default=True),
    ],
)
def test_nothing_changed(hedy: hj.Hedy, wire: Wire, make: Callable[[hj.Hedy], Any]) -> None:
    """An update to what is there already says so, and confirming it sends nothing and returns the target."""
    write = make(hedy)
    wire.requests.clear()

    result = write.confirm()

    assert write.changes_nothing
    assert write.body == {}
    assert write.effects == ("Changes nothing: nothing is sent.",)
    assert wire.requests == []
    assert write.note == "Nothing changed, nothing was sent."
    assert getattr(result, f"{write.kind}_id") == write.target


@pytest.mark.parametrize("empty", [None, ""])
def test_instructions_are_cleared(hedy: hj.Hedy, wire: Wire, empty: str | None) -> None:
    """None, or text that is empty, clears a topic's instructions, as null."""
    topics = hedy.topics()
    name = topics[topics["topic_context"].notna()].iloc[0]["name"]

    result = hedy.update_topic(name, topic_context=empty).confirm()

    assert wire.writes[0].body == {"topicContext": None}
    assert result.topic_context is None


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda hedy: hedy.update_topic("Hiring"), "No field of the topic is given"),
        (lambda hedy: hedy.update_context("x"), "No field of the context is given"),
        (lambda hedy: hedy.update_topic("Hiring", title="x"), "no 'title'"),
        (lambda hedy: hedy.update_topic("Hiring", name=""), "is empty"),
        (lambda hedy: hedy.update_topic("Hiring", color="rot"), "#RRGGBB"),
        (lambda hedy: hedy.create_topic("x" * 101), "101 characters"),
        (lambda hedy: hedy.create_topic(""), "is empty"),
        (lambda hedy: hedy.create_topic("half \ud800"), "cannot be sent"),
        (lambda hedy: hedy.create_context("x", "y" * 20_001), "20,001 characters"),
        (lambda hedy: hedy.create_context("x", is_default="yes"), "true or false"),
        (lambda hedy: hedy.create_webhook("http://hooks.example.com/", "session.ended"), "https"),
        (lambda hedy: hedy.create_webhook("https://169.254.169.254/", "session.ended"), "only reachable"),
        (lambda hedy: hedy.create_webhook(URL, []), "at least one event"),
        (lambda hedy: hedy.create_webhook(URL, "session started"), "no event"),
    ],
)
def test_checked_before_anything_is_asked(
    hedy: hj.Hedy, wire: Wire, call: Callable[[hj.Hedy], Any], reason: str
) -> None:
    """What cannot be right is refused when the change is made, without a request."""
    with pytest.raises(hj.UsageError, match=reason):
        call(hedy)

    assert wire.requests == []


# -- the target --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "which", ["last", "last~0", "Hirin", "hiring", "HIRING", " Hiring", "topic_0915", "Hiring*", "no such topic"]
)
@pytest.mark.parametrize(
    "call", [lambda hedy, which: hedy.update_topic(which, name="x"), lambda hedy, which: hedy.delete_topic(which)]
)
def test_target_by_part_of_a_name(hedy: hj.Hedy, wire: Wire, call: Callable[[hj.Hedy, str], Any], which: str) -> None:
    """A write takes no ``last``, no part of a name or id, and no other case."""
    with pytest.raises(hj.NotFound, match="the exact name"):
        call(hedy, which)

    assert [request.path for request in wire.requests] == ["/topics"]


def test_target_by_part_of_a_url(hedy: hj.Hedy) -> None:
    """A webhook is named by its whole URL."""
    url = first(hedy, "webhooks")["url"]

    for which in (url[:-1], url.upper(), "last"):
        with pytest.raises(hj.NotFound, match="the exact url"):
            hedy.delete_webhook(which)


@pytest.mark.parametrize("which", ["", None, 5])
def test_target_without_a_name(hedy: hj.Hedy, wire: Wire, which: Any) -> None:
    """What is no name names nothing, not even a context without a title."""
    wire.changed["/contexts"] = {"success": True, "data": [{"id": "ctx_1", "title": which}]}

    with pytest.raises(hj.UsageError, match="does not name a context"):
        hedy.delete_context(which)


def test_close_names_are_offered(hedy: hj.Hedy) -> None:
    """A slip is answered with the name that was meant."""
    with pytest.raises(hj.NotFound) as caught:
        hedy.delete_topic("hiring")

    assert (
        caught.value.advice == "Did you mean 'Hiring'? A write needs the exact name, in the same upper and lower case."
    )


def test_two_of_one_name(hedy: hj.Hedy, wire: Wire) -> None:
    """Of two with one name neither is taken, but each by its id."""
    twin = hedy.create_topic("Hiring").confirm()
    wire.requests.clear()

    with pytest.raises(hj.UsageError, match="2 topics are called 'Hiring'") as caught:
        hedy.delete_topic("Hiring")

    assert twin.topic_id in str(caught.value)
    assert hedy.delete_topic(twin.topic_id).confirm("Hiring").topic_id == twin.topic_id
    assert "Hiring" in set(hedy.topics()["name"])


def test_one_without_a_name(hedy: hj.Hedy, wire: Wire) -> None:
    """What has no name is deleted by typing its id."""
    row = {"id": "ctx_1", "title": None, "content": "x"}
    wire.changed = {"/contexts": {"success": True, "data": [row]}, "/contexts/ctx_1": {"success": True, "data": row}}

    assert hedy.delete_context("ctx_1").words == "ctx_1"


@pytest.mark.parametrize("which", ["topic_091513ddc2deef12", "Hiring"])
def test_target_is_read_anew(hedy: hj.Hedy, wire: Wire, which: str) -> None:
    """The review is of what is there now, not of what is cached."""
    hedy.topics()
    hedy.topic("Hiring")
    other = hj.connect(wire.service.key, base_url="https://api.hedy.test", transport=httpx.MockTransport(wire))
    with other:
        other.update_topic("Hiring", description="by somebody else").confirm()

    assert (hedy.update_topic(which, color="#000000").before or {})["description"] == "by somebody else"


def single(write: Any) -> str:
    """The path of the GET that reads the target."""
    return "/webhooks" if write.kind == "webhook" else str(write.path)


def put(wire: Wire, write: Any, record: dict[str, Any] | None) -> None:
    """From now on the target reads as *record*; None: it is gone."""
    if write.kind == "webhook":
        wire.changed["/webhooks"] = {"success": True, "data": [record] if record else []}
    elif record is not None:
        wire.changed[write.path] = {"success": True, "data": record}
    else:
        wire.service.answer("DELETE", write.path, {"Authorization": f"Bearer {wire.service.key}"}, b"")


SEEN = {
    "topic": [
        ("name", "Other"),
        ("description", "Other"),
        ("color", "#0a0a0a"),
        ("iconName", "other"),
        ("topicContext", "Other"),
    ],
    "context": [("title", "Other"), ("content", "Other"), ("isDefault", None)],
    "webhook": [("url", "https://other.example.com/"), ("events", ["session.created"])],
}


@pytest.mark.parametrize(
    ("operation", "field", "value"),
    [(operation, *change) for operation in TARGETED for change in SEEN[operation.split()[1]]]
    + [("delete topic", "sessionCount", 4_711)],
)
def test_target_changed(hedy: hj.Hedy, wire: Wire, operation: str, field: str, value: object) -> None:
    """A target that is not as the review showed it is left alone, and the new review serves."""
    write, words = a_write(hedy, operation)
    put(wire, write, {**write.before, field: value})

    with pytest.raises(hj.TargetChanged, match=r"no longer as it was shown\. Nothing was sent"):
        write.confirm(words)

    assert wire.writes == []
    wire.changed.clear()
    write, words = a_write(hedy, operation)
    write.confirm(words)
    assert len(wire.writes) == 1


@pytest.mark.parametrize("operation", TARGETED)
def test_target_gone(hedy: hj.Hedy, wire: Wire, operation: str) -> None:
    """A target that is gone is reported as that, and nothing is sent."""
    write, words = a_write(hedy, operation)
    put(wire, write, None)

    with pytest.raises(hj.TargetChanged, match=r"no longer there\. Nothing was sent"):
        write.confirm(words)

    assert wire.writes == []


@pytest.mark.parametrize("operation", TARGETED)
def test_what_hedy_changes_by_itself(hedy: hj.Hedy, wire: Wire, operation: str) -> None:
    """A new overview or time of update is no change of the target; for an update neither is one more session."""
    write, words = a_write(hedy, operation)
    news = {"updatedAt": "2030-01-01T00:00:00Z", "overview": {"summary": "new"}, "lastSessionDate": None, "unknown": 1}
    counted = {"sessionCount": 4_711} if operation == "update topic" else {}
    put(wire, write, {**write.before, **news, **counted})

    write.confirm(words)

    assert len(wire.writes) == 1


@pytest.mark.parametrize("operation", TARGETED)
def test_target_cannot_be_read(hedy: hj.Hedy, wire: Wire, operation: str) -> None:
    """Where the target cannot be read again nothing is sent, and the write can be confirmed later."""
    write, words = a_write(hedy, operation)
    wire.blocked.add(single(write))

    with pytest.raises(hj.TierError):
        write.confirm(words)

    assert wire.writes == []
    wire.blocked.clear()
    write.confirm(words)
    assert len(wire.writes) == 1


# -- once --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OPERATIONS)
def test_second_yes(hedy: hj.Hedy, wire: Wire, operation: str) -> None:
    """A second confirmation sends nothing and returns the first result."""
    write, words = a_write(hedy, operation)
    result = write.confirm(words)
    wire.requests.clear()

    assert write.confirm(words) is result
    assert wire.requests == []


def test_two_threads(hedy: hj.Hedy, wire: Wire) -> None:
    """A second confirmation that comes while the first is on its way waits for its result."""
    write = hedy.create_topic("Plans")
    results: list[object] = []
    second = threading.Thread(target=lambda: results.append(write.confirm()))

    def slow(do: Do) -> httpx.Response:
        second.start()
        second.join(0.2)  # without a lock it would end here
        assert results == []
        return do()

    wire.fault = slow
    results_of_first = write.confirm()
    second.join()

    assert results == [results_of_first]
    assert results[0] is results_of_first
    assert len(wire.writes) == 1


async def forever(do: Do) -> httpx.Response:
    """No answer, and the user stops waiting for it."""
    _thread.interrupt_main()
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("happened", [True, False])
def test_interrupted_half_way(hedy: hj.Hedy, wire: Wire, operation: str, happened: bool) -> None:
    """A stop while the write is on its way leaves its outcome unknown: it says so, and it is never sent again."""
    write, words = a_write(hedy, operation)
    wire.fault = lambda do: (do() if happened else None, forever(do))[1]

    with pytest.raises(KeyboardInterrupt) as stop:
        write.confirm(words)

    assert "the outcome is unknown" in stop.value._render_traceback_()[0]  # type: ignore[attr-defined]
    for given in (words, words, "other words"):
        with pytest.raises(hj.Offline, match="the outcome is unknown"):
            write.confirm(given)
    assert len(wire.writes) == 1


def test_interrupted_after_the_answer(hedy: hj.Hedy, wire: Wire) -> None:
    """A stop when the answer is there loses nothing: the next confirm gives the result, and nothing is sent again."""
    write = hedy.create_topic("Plans")

    def stop(event: ClientEvent) -> None:
        if isinstance(event, Sent):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped, hedy.connection.notices_to(stop):
        write.confirm()

    assert "it was done" in stopped.value._render_traceback_()[0]  # type: ignore[attr-defined]
    assert write.confirm().name == "Plans"
    assert len(wire.writes) == 1


def test_interrupted_before_it_leaves(hedy: hj.Hedy, wire: Wire) -> None:
    """A stop while a write waits for its place says that nothing was sent, and it can be confirmed again."""

    async def wait(_: float) -> None:
        await asyncio.Event().wait()

    def stop(event: ClientEvent) -> None:
        if isinstance(event, Notice):
            raise KeyboardInterrupt

    clock = [0.0]
    hedy.connection.webhook_limiter = RateLimiter(1, clock=lambda: clock[0], sleep=wait)
    hedy.create_webhook(URL, "session.ended").confirm("hooks.example.com")
    write = hedy.create_webhook(URL + "/2", "session.ended")

    with pytest.raises(KeyboardInterrupt) as stopped, hedy.connection.notices_to(stop):
        write.confirm("hooks.example.com")

    assert "nothing was sent" in stopped.value._render_traceback_()[0]  # type: ignore[attr-defined]
    assert len(wire.writes) == 1
    clock[0] = 61.0
    assert write.confirm("hooks.example.com").url == URL + "/2"


REFUSALS = [
    (400, "validation_error", hj.InvalidRequest),
    (401, "invalid_api_key", hj.AuthError),
    (403, "tier_limit_exceeded", hj.TierError),
    (404, "not_found", hj.NotFound),
    (409, "deletion_in_progress", hj.Conflict),
    (413, "a_new_code", hj.InvalidRequest),
    (410, "not_found", hj.NotFound),
    (429, "rate_limit_exceeded", hj.RateLimited),
    (500, "internal_error", hj.ServerError),
]


def pairs(of_each: Sequence[Any], of_all: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return one operation of each kind with *of_each*, and all operations with *of_all*."""
    return [(one, what) for one in OPERATIONS for what in of_each if one in ONE_OF_EACH or what in of_all]


@pytest.mark.parametrize(("operation", "refusal_"), pairs(REFUSALS, REFUSALS[-2:]), ids=str)
def test_refused(
    hedy: hj.Hedy, wire: Wire, operation: str, refusal_: tuple[int, str | None, type[hj.HedyError]]
) -> None:
    """A refusal comes as it is after one request, without a retry; the same write can be confirmed again."""
    status, code, kind = refusal_
    without_waiting(hedy)
    write, words = a_write(hedy, operation)
    wire.fault = lambda _: refusal(status, code)

    with pytest.raises(kind) as caught:
        write.confirm(words)

    assert (caught.value.status, caught.value.code) == (status, code)
    assert len(wire.writes) == 1
    assert write.confirm(words) is write.confirm(words)
    assert len(wire.writes) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(hedy: hj.Hedy, wire: Wire, status: int) -> None:
    """A redirect carries no write elsewhere."""
    write = hedy.create_topic("Plans")
    wire.fault = lambda _: httpx.Response(status, headers={"Location": "https://api.hedy.test/v1/topics"})

    with pytest.raises(hj.Offline, match="nothing was done"):
        write.confirm()

    assert len(wire.writes) == 1


NO_CONNECTION = [httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout]


@pytest.mark.parametrize(("operation", "kind"), pairs(NO_CONNECTION, NO_CONNECTION[:1]))
def test_no_connection(hedy: hj.Hedy, wire: Wire, operation: str, kind: type[httpx.TransportError]) -> None:
    """Where no connection was made nothing was sent: that is said, no look is taken, and it can be confirmed again."""
    write, words = a_write(hedy, operation)

    def never(do: Do) -> httpx.Response:
        wire.requests.pop()
        raise kind("no way")

    wire.fault = never
    wire.requests.clear()

    with pytest.raises(
        hj.Offline, match=r"(cannot be reached|proxy does not let the request through)\. Nothing was sent"
    ) as caught:
        write.confirm(words)

    assert caught.value.sent is False
    assert [request.path for request in wire.requests] == ([single(write)] if write.target else [])
    write.confirm(words)
    assert len(wire.writes) == 1


# -- the answer is lost ------------------------------------------------------------------------------------------------


def lost_in_time(do: Do) -> httpx.Response:
    """No answer in time."""
    raise httpx.ReadTimeout("no answer")


def reset(do: Do) -> httpx.Response:
    """The connection breaks."""
    raise httpx.ReadError("reset by peer")


def cut(do: Do) -> httpx.Response:
    """The server hangs up."""
    raise httpx.RemoteProtocolError("disconnected")


def gateway(do: Do) -> httpx.Response:
    """A gateway answers in its own words."""
    return httpx.Response(502, text="<html>Bad Gateway</html>")


def gateway_in_json(do: Do) -> httpx.Response:
    """A gateway that writes JSON with its own code."""
    return refusal(504, "gateway_timeout")


def login_page(do: Do) -> httpx.Response:
    """A page comes in place of the answer."""
    return httpx.Response(200, text="<html>Log in</html>")


def gateway_404(do: Do) -> httpx.Response:
    """A gateway does not find its way; that is not Hedy's word on the target."""
    return httpx.Response(404, text="<html>Cannot find that</html>")


def gateway_404_in_json(do: Do) -> httpx.Response:
    """The same in JSON."""
    return httpx.Response(404, json={"message": "Not Found", "code": "not_found"})


def too_large(do: Do) -> httpx.Response:
    """A gateway refuses in JSON without a code."""
    return httpx.Response(413, json={"success": False, "error": {"code": None, "message": "Too large"}})


def maintenance(do: Do) -> httpx.Response:
    """An object that is not Hedy's, with a good status."""
    return httpx.Response(200, json={"status": "maintenance"})


def another(do: Do) -> httpx.Response:
    """A record, but without an id."""
    return httpx.Response(200, json={"data": {"name": "Plans"}})


def nothing(do: Do) -> httpx.Response:
    """An empty object."""
    return httpx.Response(200, json={})


LOSSES = [
    *(lost_in_time, reset, cut, gateway, gateway_in_json, login_page),
    *(gateway_404, gateway_404_in_json, too_large, maintenance, another, nothing),
]


def lose(loss: Fault, *, done: bool) -> Fault:
    """A fault that loses the answer to a write that was *done*, or not."""

    def fault(do: Do) -> Any:
        if done:
            do()
        return loss(do)

    return fault


LOST = pairs(LOSSES, [lost_in_time, gateway_404_in_json, nothing])


@pytest.mark.parametrize(("operation", "loss"), LOST)
def test_lost_and_found(hedy: hj.Hedy, wire: Wire, operation: str, loss: Fault) -> None:
    """An answer was lost, and one look finds that it was done: that is the result, and it is said."""
    write, words = a_write(hedy, operation)
    wire.fault = lose(loss, done=True)
    wire.requests.clear()
    told: list[str] = []

    with hedy.connection.notices_to(lambda event: told.append(event.text) if isinstance(event, Notice) else None):
        result = write.confirm(words)

    looks = [request.path for request in wire.requests[(2 if write.target else 1) :]]
    assert looks == [single(write) if write.target else f"/{write.kind}s"]
    assert write.note == DONE
    assert told == [DONE]
    assert (
        getattr(result, LABELS[write.kind]) == ((write.after or {}) | (write.body or write.before))[LABELS[write.kind]]
    )
    assert getattr(result, f"{write.kind}_id")
    assert write.confirm(words) is result
    assert len(wire.writes) == 1


@pytest.mark.parametrize(("operation", "loss"), LOST)
def test_lost_and_not_done(hedy: hj.Hedy, wire: Wire, operation: str, loss: Fault) -> None:
    """An answer was lost, and one look finds nothing: nothing was done, that is said, and it can be confirmed again."""
    write, words = a_write(hedy, operation)
    wire.fault = lose(loss, done=False)
    wire.requests.clear()

    with pytest.raises(hj.Offline, match="a check showed that nothing was done"):
        write.confirm(words)

    assert len(wire.requests) == (3 if write.target else 2)
    assert len(wire.writes) == 1
    assert write.confirm(words) is not None
    assert len(wire.writes) == 2


@pytest.mark.parametrize(("operation", "loss"), pairs([lost_in_time, reset, gateway], [gateway]))
@pytest.mark.parametrize("done", [True, False])
def test_lost_and_no_look(hedy: hj.Hedy, wire: Wire, operation: str, loss: Fault, done: bool) -> None:
    """An answer was lost, and no look is possible: the outcome is unknown, and it is never sent again."""
    write, words = a_write(hedy, operation)

    def fault(do: Do) -> Any:
        wire.blocked.add(single(write) if write.target else f"/{write.kind}s")
        return lose(loss, done=done)(do)

    wire.fault = fault

    with pytest.raises(hj.Offline, match="the outcome is unknown"):
        write.confirm(words)

    wire.blocked.clear()
    with pytest.raises(hj.Offline, match="the outcome is unknown"):
        write.confirm(words)
    assert len(wire.writes) == 1


@pytest.mark.parametrize("operation", ["create topic", "create context", "create webhook"])
def test_twin_from_before(hedy: hj.Hedy, wire: Wire, operation: str) -> None:
    """What was there before is not taken for the new one, were it the same in every field."""
    write, words = a_write(hedy, operation)
    twin = write.confirm(words)
    second, words = a_write(hedy, operation)
    wire.fault = lose(reset, done=False)

    with pytest.raises(hj.Offline, match="nothing was done"):
        second.confirm(words)
    wire.fault = lose(reset, done=True)
    result = second.confirm(words)

    assert getattr(result, f"{write.kind}_id") != getattr(twin, f"{write.kind}_id")


def test_rows_without_an_id(hedy: hj.Hedy, wire: Wire) -> None:
    """A row without an id is not taken for the new one."""
    wire.changed["/topics"] = {"success": True, "data": [{"id": "topic_1", "name": "Another"}, {"name": "Plans"}]}
    write = hedy.create_topic("Plans")
    wire.fault = reset

    with pytest.raises(hj.Offline, match="nothing was done"):
        write.confirm()


def test_list_was_not_to_be_had(hedy: hj.Hedy, wire: Wire) -> None:
    """Where it is unknown what was there before, a look cannot tell: the outcome is unknown, and none is taken."""
    wire.blocked.add("/topics")
    write = hedy.create_topic("Plans")
    wire.blocked.clear()
    wire.fault = lose(reset, done=True)
    wire.requests.clear()

    with pytest.raises(hj.Offline, match="the outcome is unknown"):
        write.confirm()

    assert len(wire.requests) == 1


def test_look_finds_it_tidied_up(hedy: hj.Hedy, wire: Wire) -> None:
    """A new one of that name that is not as it was sent leaves the outcome unknown."""
    write = hedy.create_topic(" Plans ", color="#aabbcc")
    listed = hedy.get("/topics")["data"]
    wire.changed["/topics"] = {
        "success": True,
        "data": [*listed, {"id": "topic_new", "name": "Plans", "color": "#AABBCC"}],
    }
    wire.fault = reset

    with pytest.raises(hj.Offline, match="the outcome is unknown"):
        write.confirm()


def test_look_finds_other_events_order(hedy: hj.Hedy, wire: Wire) -> None:
    """The events of a webhook have no order."""
    write = hedy.create_webhook(URL, ["session.ended", "todo.exported"])
    wire.changed["/webhooks"] = {"data": [{"id": "wh_new", "url": URL, "events": ["todo.exported", "session.ended"]}]}
    wire.fault = reset

    assert write.confirm("hooks.example.com").webhook_id == "wh_new"


@pytest.mark.parametrize(
    ("operation", "now"),
    [
        ("update topic", {"name": "Third"}),
        ("update topic", None),
        ("delete topic", {"sessionCount": 1}),
        ("delete context", {"content": "Third"}),
    ],
)
def test_look_finds_a_third_state(hedy: hj.Hedy, wire: Wire, operation: str, now: dict[str, Any] | None) -> None:
    """A target neither as before nor as it was to be, such as a topic half unlinked, leaves the outcome unknown."""
    write, words = a_write(hedy, operation)

    def fault(do: Do) -> httpx.Response:
        put(wire, write, None if now is None else {**write.before, **now})
        return reset(do)

    wire.fault = fault

    with pytest.raises(hj.Offline, match="the outcome is unknown"):
        write.confirm(words)

    assert len(wire.writes) == 1


def test_answer_that_is_no_record(hedy: hj.Hedy, wire: Wire) -> None:
    """A success that does not say what was made is looked up."""
    write = hedy.create_topic("Plans")
    wire.fault = lambda do: (do(), httpx.Response(201, json={"success": True}))[1]

    assert write.confirm().name == "Plans"
    assert write.note == DONE


# -- webhooks ----------------------------------------------------------------------------------------------------------


def test_sixth_webhook_waits(hedy: hj.Hedy, wire: Wire) -> None:
    """Five new webhooks a minute go out at once, the sixth waits for its place and says so; deletions do not wait."""
    clock, slept, told = [0.0], [], []

    async def sleep(seconds: float) -> None:
        assert len(wire.writes) == 5
        slept.append(seconds)
        clock[0] += seconds

    hedy.connection.webhook_limiter = RateLimiter(5, clock=lambda: clock[0], sleep=sleep)
    wire.service.reset()
    for number in range(5):
        hedy.create_webhook(f"{URL}/{number}", "session.ended").confirm("hooks.example.com")
    sixth = hedy.create_webhook(f"{URL}/5", "session.ended")
    wire.fault = lambda _: httpx.Response(200, json={"success": True, "data": {"id": "wh_6", "url": f"{URL}/5"}})
    assert slept == []

    with hedy.connection.notices_to(lambda event: told.append(event) if isinstance(event, Notice) else None):
        assert sixth.confirm("hooks.example.com").webhook_id == "wh_6"

    assert slept == [60.0]
    assert [notice.text for notice in told] == ["Rate limit reached (5 new webhooks a minute); continuing in 60 s."]
    for number in range(5):
        hedy.delete_webhook(f"{URL}/{number}").confirm(f"{URL}/{number}")
    assert slept == [60.0]


@pytest.mark.parametrize("name", ["signingSecret", "signing_secret", "secret"])
def test_signing_secret(hedy: hj.Hedy, wire: Wire, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """A signing secret that the API gives is handed over once, and is in no object, display or log."""
    caplog.set_level(logging.DEBUG)
    write = hedy.create_webhook(URL, "session.ended")
    wire.fault = lambda do: httpx.Response(200, json={"data": {**do().json()["data"], name: "whsec_do_not_show"}})
    assert write.take_secret() is None

    result = write.confirm("hooks.example.com")

    seen = [
        repr(result),
        str(result),
        repr(result.raw),
        repr(vars(result)),
        repr(write),
        repr(write.sender.__dict__),
        caplog.text,
    ]
    seen += [hedy.requests.to_string(), write._repr_html_(), result._repr_html_()]
    assert "whsec_do_not_show" not in " ".join(seen)
    assert write.take_secret() == "whsec_do_not_show"
    assert write.take_secret() is None


def test_listed_secret(hedy: hj.Hedy, wire: Wire) -> None:
    """A signing secret in the list of webhooks gets into no review, and is not given out by a deletion."""
    row = {"id": "wh_1", "url": URL, "events": ["session.ended"], "signingSecret": "whsec_do_not_show"}
    wire.changed["/webhooks"] = {"data": [row]}
    write = hedy.delete_webhook(URL)
    wire.fault = lambda _: httpx.Response(200, json={"success": True, "data": {"message": "deleted"}})

    result = write.confirm(URL)

    assert "whsec" not in repr(write) + write._repr_html_() + repr(result.raw)
    assert write.take_secret() is None


# -- effects in words --------------------------------------------------------------------------------------------------


def contexts(hedy: hj.Hedy) -> tuple[list[str], str]:
    """The titles of the contexts, the default one first, and that of the one updated last among the others."""
    frame = hedy.contexts()
    others = frame[~frame["is_default"].fillna(False).astype(bool)].sort_values("updated_at")
    return [*frame[frame["is_default"].fillna(False).astype(bool)]["title"], *others["title"]], others.iloc[-1]["title"]


def test_effects_of_topics(hedy: hj.Hedy) -> None:
    """A topic is added; an update names the fields; a deletion unlinks its sessions, counted, and keeps them."""
    count = hedy.topic("Hiring").session_count

    assert hedy.create_topic("Plans").effects == ("Adds the topic to the account.",)
    assert hedy.update_topic("Hiring", name="x", topic_context="y").effects == (
        "Changes Name, Instructions; everything else stays.",
    )
    gone = "and keeps them; the topic with its instructions and overview is gone."
    assert hedy.delete_topic("Hiring").effects == (f"Unlinks its {count} sessions {gone}",)
    assert hedy.delete_topic("Roof garden").effects == (f"Unlinks its 0 sessions {gone}",)
    assert hedy.delete_topic("Hiring").warnings == hedy.create_topic("Plans").warnings == ()


@pytest.mark.parametrize(
    ("count", "effect", "warned"),
    [
        (1, "its 1 session and", False),
        (4_000, "its 4,000 sessions and", False),
        (4_001, "its 4,001 sessions and", True),
        (None, "its sessions and", False),
    ],
)
def test_large_topics(hedy: hj.Hedy, wire: Wire, count: int | None, effect: str, warned: bool) -> None:
    """Above 4,000 sessions a deletion may stop half-way; the review says so, and what is left to do."""
    path = f"/topics/{hedy.topic('Hiring').topic_id}"
    wire.changed[path] = {"success": True, "data": {**hedy.get(path)["data"], "sessionCount": count}}

    write = hedy.delete_topic("Hiring")

    assert effect in write.effects[0]
    assert [
        ("deletion_limit_exceeded" in text, "deletion_failed" in text, "Hedy app" in text) for text in write.warnings
    ] == ([(True, True, True)] if warned else [])


def test_topic_of_a_failed_deletion(hedy: hj.Hedy, wire: Wire) -> None:
    """A topic that an earlier deletion left half unlinked says so in its review."""
    wire.service.fault("deletion_limit", 1)
    with pytest.raises(hj.InvalidRequest):
        hedy.delete_topic("Hiring").confirm("Hiring")

    assert "deletion_failed" in hedy.delete_topic("Hiring").warnings[0]


def test_twins_are_told(hedy: hj.Hedy) -> None:
    """A second one of a name is allowed, and reported."""
    title, url = first(hedy, "contexts")["title"], first(hedy, "webhooks")["url"]
    host = url.split("/")[2]

    assert hedy.create_topic("Hiring").warnings == (
        'There is a topic called "Hiring" already; this adds a second one.',
    )
    assert (
        f'There is a context called "{title}" already; this adds a second one.' in hedy.create_context(title).warnings
    )
    assert hedy.create_webhook(url, "session.ended").warnings == (
        "Meeting data will leave Hedy, to that host.",
        f'There is a webhook to "{url}" already; this adds a second one.',
    )
    assert hedy.create_webhook(url + "/2", "session.ended").words == host


def test_effects_of_a_new_default(hedy: hj.Hedy) -> None:
    """A new default takes the place of the one before, by name.

    That is what happens, and the free plan's limit is told.
    """
    (default, other, *_), _ = contexts(hedy)
    becomes = f'Becomes the default for new meetings in place of "{default}"; no other context stays the default.'

    creation = hedy.create_context("Investors", is_default=True)
    assert creation.effects == ("Adds the context to the account.", becomes)
    assert creation.warnings == ("The free plan allows one context; on it Hedy refuses a second one.",)
    assert hedy.create_context("Investors").effects == ("Adds the context to the account.",)
    assert hedy.update_context(other, is_default=True).effects == ("Changes Default; everything else stays.", becomes)
    assert hedy.update_context(default, is_default=False).effects[1] == "It is no longer the default."
    hedy.update_context(other, is_default=True).confirm()
    assert contexts(hedy)[0][0] == other


def test_effects_of_deleting_a_default(hedy: hj.Hedy) -> None:
    """The deletion of the default names the one that takes its place, and that is what happens.

    Another one's names none.
    """
    (default, other, *_), promoted = contexts(hedy)
    gone = "The context is gone; meetings that were analysed with it stay as they are."

    write = hedy.delete_context(default)
    assert write.effects == (gone, f'It is the default: "{promoted}", the one updated last, becomes the default.')
    assert hedy.delete_context(other).effects == (gone,)
    write.confirm(default)
    assert contexts(hedy)[0][0] == promoted


def test_effects_of_deleting_the_last_context(hedy: hj.Hedy) -> None:
    """Where no other context is left there is no default afterwards."""
    titles, _ = contexts(hedy)
    for title in titles[1:]:
        hedy.delete_context(title).confirm(title)

    assert hedy.delete_context(titles[0]).effects[1] == "It is the default: there is no default context afterwards."


def test_effects_without_the_list(hedy: hj.Hedy, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the others cannot be listed the review claims nothing about them."""
    default = contexts(hedy)[0][0]
    ident = hedy.context(default).context_id
    listed = hedy.get("/contexts")
    wire.blocked |= {"/contexts", "/webhooks"}

    assert hedy.create_context("New", is_default=True).effects[1] == (
        "Becomes the default for new meetings; no other context stays the default."
    )
    assert hedy.create_context("New").warnings == ()
    assert "could not be looked up" in hedy.create_webhook(URL, "session.ended").warnings[1]

    wire.blocked.clear()
    answers = iter([listed])
    original = Wire.__call__

    async def once(wire: Wire, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/contexts" and next(answers, None) is None:
            return refusal(403, "tier_limit_exceeded")
        return await original(wire, request)

    monkeypatch.setattr(Wire, "__call__", once)
    assert (
        hedy.delete_context(ident).effects[1]
        == "It is the default: of the others the one updated last becomes the default."
    )


def test_effects_of_webhooks(hedy: hj.Hedy) -> None:
    """A new webhook says for each event what goes to which host, and that it leaves Hedy; a deletion that it ends."""
    url = first(hedy, "webhooks")["url"]

    write = hedy.create_webhook(URL, ["session.created", "highlight.created"])

    assert write.effects == (
        "From now on Hedy sends to hooks.example.com, on session.created: "
        "title and start time of each meeting that begins.",
        "From now on Hedy sends to hooks.example.com, on highlight.created: "
        "each highlight: title, quotes, main idea, insight.",
    )
    assert write.warnings == (
        "Meeting data will leave Hedy, to that host.",
        "No other webhook of this account sends to hooks.example.com.",
    )
    assert write.words == "hooks.example.com"
    assert hedy.delete_webhook(url).effects == (f"Hedy sends nothing more to {url}.",)
    twin = hedy.create_webhook(f"{url}/2", ["session.ended"]).confirm(url.split("/")[2])
    assert hedy.delete_webhook(twin.url).effects[1:] == (f"Another webhook still sends to {url.split('/')[2]}.",)


def test_host_in_another_form(hedy: hj.Hedy) -> None:
    """A host that another webhook names in its other form is one that the account uses.

    What is typed is the form on the wire.
    """
    hedy.create_webhook("https://bücher.example/1", "session.ended").confirm("xn--bcher-kva.example")

    assert "No other webhook" not in " ".join(hedy.create_webhook("https://bücher.example/2", "session.ended").warnings)


# -- the faults that the API notes describe ----------------------------------------------------------------------------


def test_deletion_limit(hedy: hj.Hedy, wire: Wire) -> None:
    """A deletion that stopped half-way says what is left to do.

    The same review does not serve for a second try, a new one does.
    """
    write = hedy.delete_topic("Hiring")
    wire.service.fault("deletion_limit", 1)

    with pytest.raises(hj.InvalidRequest) as caught:
        write.confirm("Hiring")

    assert caught.value.code == "deletion_limit_exceeded"
    assert caught.value.advice == "Some sessions were unlinked, the topic is still there: finish in the Hedy app."
    with pytest.raises(hj.TargetChanged):
        write.confirm("Hiring")
    hedy.delete_topic("Hiring").confirm("Hiring")
    assert "Hiring" not in set(hedy.topics()["name"])


def test_deletion_in_progress(hedy: hj.Hedy, wire: Wire) -> None:
    """A deletion that runs already is a conflict with its advice, and nothing is tried again by itself."""
    write = hedy.delete_topic("Hiring")
    wire.service.fault("deletion_in_progress")

    with pytest.raises(hj.Conflict) as caught:
        write.confirm("Hiring")

    assert caught.value.advice == "Wait until it has finished, then try again."
    assert len(wire.writes) == 1


@pytest.mark.parametrize("code", ["tier_limit_exceeded", "context_limit_exceeded"])
def test_tier(hedy: hj.Hedy, wire: Wire, code: str) -> None:
    """The free plan's refusal of a second context is a TierError that names the plan."""
    write = hedy.create_context("Second")
    wire.fault = lambda _: refusal(403, code)

    with pytest.raises(hj.TierError) as caught:
        write.confirm()

    assert "Hedy Pro" in caught.value.advice


# -- the digest --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OPERATIONS)
def test_digest_of_a_write(hedy: hj.Hedy, operation: str) -> None:
    """The same change made twice has one digest, and no two operations share one."""
    digests = {name: a_write(hedy, name)[0].digest for name in OPERATIONS}

    assert a_write(hedy, operation)[0].digest == digests[operation]
    assert len(set(digests.values())) == len(OPERATIONS)


def test_digest_of_another_host(wire: Wire) -> None:
    """The same change in the other region is another."""
    accounts = [
        hj.connect(wire.service.key, region=region, transport=httpx.MockTransport(wire))
        for region in ("us", "eu", "us")
    ]
    us, eu, again = (account.create_topic("Plans").digest for account in accounts)
    for account in accounts:
        account.close()

    assert us == again != eu


def test_digest_follows_the_target(hedy: hj.Hedy, wire: Wire) -> None:
    """The same change of a target that is another by now has another digest; what Hedy changes by itself leaves it."""
    write = hedy.update_topic("Hiring", color="#010203")
    put(wire, write, {**write.before, "updatedAt": "2030-01-01T00:00:00Z", "overview": None})
    same = hedy.update_topic("Hiring", color="#010203")
    put(wire, write, {**write.before, "description": "Other"})
    other = hedy.update_topic("Hiring", color="#010203")

    assert write.digest == same.digest != other.digest
