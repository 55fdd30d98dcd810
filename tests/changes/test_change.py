"""A change as a value, its confirmation, and that nothing else leads to a write."""

from __future__ import annotations

import ast
import copy
import dataclasses
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import hedy_jupyter as hj
from hedy_jupyter.account.connection import BRIDGE
from hedy_jupyter.api import routes
from hedy_jupyter.changes.change import Change
from hedy_jupyter.changes.confirmation import Confirmed, confirm

PACKAGE = Path(hj.__file__).parent
UPDATE = Change(
    action="update",
    kind="topic",
    method="PATCH",
    host="api.hedy.bot",
    path="/topics/topic_1",
    body={"name": "Plans", "topicContext": None},
    target="topic_1",
    before={
        "id": "topic_1",
        "name": "Plan",
        "topicContext": "old",
        "sessionCount": 3,
        "updatedAt": "2026-01-01T00:00:00Z",
    },
)
DELETION = Change(
    action="delete",
    kind="webhook",
    method="DELETE",
    host="api.hedy.bot",
    path="/webhooks/wh_1",
    body={},
    target="wh_1",
    before={"id": "wh_1", "url": "https://hooks.example.com/", "events": ["session.ended"]},
    words="https://hooks.example.com/",
)


def test_digest() -> None:
    """The digest is sixteen hexadecimal digits, the same in every process and whatever the order of the fields."""
    again = dataclasses.replace(
        UPDATE, body={"topicContext": None, "name": "Plans"}, before=dict(reversed((UPDATE.before or {}).items()))
    )

    assert again.digest == UPDATE.digest == "8f291dc1b2683332"
    assert re.fullmatch("[0-9a-f]{16}", DELETION.digest)


@pytest.mark.parametrize(
    "other",
    [
        {"host": "eu-api.hedy.bot"},
        {"method": "POST"},
        {"path": "/topics/topic_2"},
        {"body": {"name": "Plans"}},
        {"body": {"name": "Plans", "topicContext": ""}},
        {"body": {"name": "plans", "topicContext": None}},
        {"before": None},
        {"before": {**(UPDATE.before or {}), "name": "Other"}},
        {"before": {**(UPDATE.before or {}), "topicContext": "new"}},
        {"before": {**(UPDATE.before or {}), "color": "#000000"}},
    ],
    ids=str,
)
def test_other_digest(other: dict[str, Any]) -> None:
    """Another host, method, target, body or state before is another digest."""
    assert dataclasses.replace(UPDATE, **other).digest != UPDATE.digest


def test_digest_is_of_what_was_shown() -> None:
    """What Hedy changes by itself leaves the digest as it is; the number of sessions counts for a deletion alone."""
    before = {
        **(UPDATE.before or {}),
        "updatedAt": "2026-02-02T00:00:00Z",
        "overview": {"summary": "new"},
        "sessionCount": 4,
    }
    deletion = dataclasses.replace(UPDATE, action="delete", method="DELETE", body={})

    assert dataclasses.replace(UPDATE, before=before).digest == UPDATE.digest
    assert dataclasses.replace(deletion, before=before).digest != deletion.digest


def test_names() -> None:
    """A change is called by what is there now, a creation by what will be."""
    creation = dataclasses.replace(UPDATE, action="create", before=None, after={"name": "Plans"})

    assert (UPDATE.name, UPDATE.sentence) == ("Plan", 'Update topic "Plan"')
    assert (creation.name, creation.sentence) == ("Plans", 'Create topic "Plans"')
    assert DELETION.sentence == 'Delete webhook "https://hooks.example.com/"'


@pytest.mark.parametrize(
    ("change", "nothing"), [(UPDATE, False), (dataclasses.replace(UPDATE, body={}), True), (DELETION, False)]
)
def test_changes_nothing(change: Change, nothing: bool) -> None:
    """Only an update without a body changes nothing."""
    assert change.changes_nothing is nothing


def test_yes() -> None:
    """Without words to type a plain confirmation is enough; else only the exact words are."""
    assert confirm(UPDATE).change is UPDATE
    assert confirm(DELETION, "https://hooks.example.com/").change is DELETION


@pytest.mark.parametrize(
    "words",
    [
        None,
        "",
        "yes",
        "https://hooks.example.com",
        "HTTPS://hooks.example.com/",
        " https://hooks.example.com/",
        "wh_1",
        True,
    ],
)
def test_other_words(words: Any) -> None:
    """Any other words do not confirm, and the error names those that would."""
    with pytest.raises(hj.NotConfirmed, match=r"type the exact URL .* Nothing was sent\.") as caught:
        confirm(DELETION, words)

    assert caught.value.advice == "change.confirm('https://hooks.example.com/')"


def test_only_a_yes_confirms() -> None:
    """``Confirmed`` is made by ``confirm()`` alone, and does not change afterwards."""
    confirmed = confirm(UPDATE)

    with pytest.raises(TypeError):
        Confirmed(UPDATE)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"confirmed by confirm\(\)"):
        Confirmed(UPDATE, object())
    with pytest.raises(TypeError):
        dataclasses.replace(confirmed, change=DELETION)
    with pytest.raises(AttributeError):
        confirmed.change = DELETION  # type: ignore[misc]
    assert copy.copy(confirmed).change is UPDATE


@pytest.mark.parametrize(
    "given", [UPDATE, dataclasses.replace(UPDATE, action="create"), None, "POST", object()], ids=type
)
def test_client_takes_confirmed_only(given: Any) -> None:
    """The client sends nothing but a confirmed change."""
    with hj.demo() as hedy:
        client = hedy.connection.client()

        with pytest.raises(TypeError, match="only a confirmed change is sent"):
            BRIDGE.run(lambda emit: client.send(given, emit, lambda: None), lambda _: None)
        assert hedy.requests.empty


def sources() -> Iterator[tuple[str, str, ast.AST]]:
    """Module, innermost function and node, for all of the package but the demo, which is the other end of the wire."""
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).with_suffix("").as_posix()
        left: list[tuple[str, ast.AST]] = (
            [] if name.startswith("demo_server/") else [("", ast.parse(path.read_bytes()))]
        )
        while left:
            function, node = left.pop()
            for child in ast.iter_child_nodes(node):
                here = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
                yield name, here, child
                left.append((here, child))


def test_one_road_in_the_source() -> None:
    """Only ``Client._send`` reaches httpx, only GETs and ``Client.send`` that, only confirmed changes the latter."""
    words = {
        "request",
        "stream",
        "build_request",
        "handle_async_request",
        "urlopen",
        "AsyncClient",
        "_send",
        "send",
        "Confirmed",
    }
    calls = set()
    for module, function, node in sources():
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in words:
                first = ast.unparse(node.args[0]) if node.args else ""
                calls.add((module, "" if name == "AsyncClient" else function, name, first))

    assert calls == {
        ("api/transport", "", "AsyncClient", ""),
        ("api/transport", "handle_async_request", "handle_async_request", "request"),
        ("api/client", "_exchange", "stream", "method"),
        ("api/client", "get", "_send", "'GET'"),
        ("api/client", "send", "_send", "change.method"),
        ("api/reader", "send", "send", "confirmed"),
        ("account/sender", "_flow", "send", "confirmed"),
        ("account/changes", "confirm", "send", "self"),
        ("changes/confirmation", "confirm", "Confirmed", "change"),
        ("receiver/application", "_body", "stream", ""),  # of a request that comes in
    }


def test_no_other_way_in_the_source() -> None:
    """The token of a confirmation is used in one module, httpx is in one, and nothing else reaches the network."""
    token, networks, verbs = set(), set(), set()
    for module, _, node in sources():
        if getattr(node, "id", getattr(node, "attr", "")) == "_TOKEN" or getattr(node, "value", "") == "_TOKEN":
            token.add(module)
        imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        imported += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        networks |= {
            (module, name)
            for name in imported
            if re.match(r"httpx|http\.|urllib\.request|aiohttp|requests|socket|urllib3", name)
        }
        if isinstance(node, ast.Constant) and node.value in {"POST", "PUT", "PATCH", "DELETE"}:
            verbs.add(module)

    assert token == {"changes/confirmation"}
    assert networks == {  # account: for a type; webhook_url: inet_aton; receiver: it listens
        ("account/connection", "httpx"),
        ("account/current", "httpx"),
        ("account/hedy", "httpx"),
        ("api/client", "httpx"),
        ("api/transport", "httpx"),
        ("changes/webhook_url", "socket"),
        ("receiver/server", "socket"),
    }
    assert verbs <= {
        "api/client",
        "api/limit_scopes",
        "changes/change",
        "receiver/application",
    }  # the pace of POST /webhooks; the type of Change.method; what comes in


def test_writes_there_are() -> None:
    """The table of writes holds what the API notes list, and nothing for sessions, highlights and todos."""
    assert sorted(routes.WRITES.values()) == [
        "DELETE /contexts/{}",
        "DELETE /topics/{}",
        "DELETE /webhooks/{}",
        "PATCH /contexts/{}",
        "PATCH /topics/{}",
        "POST /contexts",
        "POST /topics",
        "POST /webhooks",
    ]


def test_what_was_shown_is_what_is_sent() -> None:
    """Neither body nor before and after can be altered, not even deep inside; a copy can."""
    given = {"url": "https://a.example", "events": ["session.ended"]}
    change = Change("create", "webhook", "POST", "host", "/webhooks", given, after=given)
    digest = change.digest
    given["url"] = "https://evil.example"
    cast("list[str]", given["events"]).append("todo.exported")

    for alter in (
        lambda: change.body.__setitem__("url", "x"),  # type: ignore[attr-defined]
        lambda: change.body.update(url="x"),  # type: ignore[attr-defined]
        lambda: change.body.pop("url"),  # type: ignore[attr-defined]
        lambda: change.body.clear(),  # type: ignore[attr-defined]
        lambda: change.body["events"].append("x"),  # type: ignore[attr-defined]
        lambda: change.body["events"].__setitem__(0, "x"),  # type: ignore[index]
        lambda: change.after.setdefault("x", 1),  # type: ignore[union-attr]
        lambda: change.body.__ior__({"x": 1}),  # type: ignore[attr-defined]
    ):
        with pytest.raises(TypeError, match="can't be modified"):
            alter()
    with pytest.raises(TypeError, match="can't be modified"):
        object.__setattr__(change, "body", {})
    body, events = cast("dict[str, Any]", change.body), cast("list[str]", change.body["events"])
    dict.update(body, url="https://evil.example")
    dict.__init__(body, url="https://evil.example")
    list.append(events, "todo.exported")
    cast("Any", change.body).__init__({"url": "https://evil.example"})
    cast("Any", change.body["events"]).__init__(["todo.exported"])
    dict.clear(cast("dict[str, Any]", change.after))

    assert change.after == {"url": "https://a.example", "events": ["session.ended"]}
    assert change.body == {"url": "https://a.example", "events": ["session.ended"]}
    assert change.digest == digest
    copied = copy.deepcopy(change.body)
    copied["url"] = "y"  # type: ignore[index]
    assert pickle.loads(pickle.dumps(change.body)) == change.body  # noqa: S301
    assert json.loads(json.dumps(change.body)) == change.body


@pytest.mark.parametrize("name", ["effects", "warnings"])
def test_the_digest_of_a_creation_covers_what_it_warns_of(name: str) -> None:
    """That something is added a second time is seen in a warning alone."""
    change = Change("create", "topic", "POST", "host", "/topics", {"name": "A"})

    assert dataclasses.replace(change, **{name: ("This adds a second one.",)}).digest != change.digest  # type: ignore[arg-type]
