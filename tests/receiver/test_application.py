"""The application: what it accepts, what it answers, and that what it has acknowledged is in the archive."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedy_jupyter.archive import events
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import SettingsError, UsageError
from hedy_jupyter.receiver import app, secrets_file
from hedy_jupyter.receiver.application import MAX_BODY_BYTES, Intake, application
from hedy_jupyter.receiver.receiver import Receiver
from tests.asgi import HANG, Answer, Client
from tests.deliveries import SECRET, ended, headers, highlight, ping, raw, signature, todo

Post = Callable[..., Answer]


def kept(path: Path) -> list[dict[str, Any]]:
    """The kept deliveries, newest first, read by SQLite alone."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute("SELECT * FROM events ORDER BY key DESC")]
    connection.close()
    return found


def test_a_delivery_is_kept_before_it_is_acknowledged(post: Post, path: Path) -> None:
    """A signed delivery is answered with 200, and is then in the file."""
    answer = post(ended(7))

    assert (answer.status, answer.body) == (200, b'{"ok":true}')
    assert [(row["event"], row["session_id"], row["title"]) for row in kept(path)] == [
        ("session.ended", "sess_000007", "Harbour meeting 7")
    ]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 401),
        ({"X-Hedy-Signature": "0" * 64}, 401),
        ({"X-Hedy-Signature": ""}, 401),
        ({"X-Hedy-Signature": signature(raw(ended()), "another secret")}, 401),
        ({"X-Hedy-Signature": signature(raw(ended()) + b" ")}, 401),
        ({"X-Hedy-Signature": signature(raw(ended())).upper()}, 200),
        ({"X-Hedy-Signature": f"sha256={signature(raw(ended()))}"}, 200),
    ],
)
def test_signatures(client: Client, path: Path, sent: dict[str, str], status: int) -> None:
    """Only a delivery that the secret has signed is kept."""
    answer = client.send(raw(ended()), sent)

    assert answer.status == status
    assert answer.body.count(b"\n") == 0
    assert len(kept(path)) == (status == 200) if path.exists() else status == 401


def test_two_signatures_are_none(client: Client) -> None:
    """Which of two headers counts cannot be told, so none does."""
    body = raw(ended())

    assert client.send(body, [("X-Hedy-Signature", signature(body))] * 2).status == 401


def test_rotation(path: Path) -> None:
    """While one secret replaces another, both count; a third does not."""
    made = app([SECRET, "whsec_new"], archive=path, fetch=False)
    client, body = Client(made), raw(ended())
    found = [client.send(body, headers(body, secret)).status for secret in (SECRET, "whsec_new", "whsec_old")]
    made.state.receiver.close()

    assert found == [200, 200, 401]


@pytest.mark.parametrize("given", ["", "  \n", [], ["", " "], b""])
def test_no_secret_no_start(path: Path, given: Any) -> None:
    """Without a secret nothing starts: there is no unverified delivery."""
    with pytest.raises(SettingsError, match="No webhook secret"):
        app(given, archive=path, fetch=False)
    assert not path.exists()


def test_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Without an argument the environment counts, and only if it names a secret."""
    monkeypatch.setenv("HEDY_WEBHOOK_SECRET", "  ")
    with pytest.raises(SettingsError, match="HEDY_WEBHOOK_SECRET"):
        app(archive=path, fetch=False)
    monkeypatch.setenv("HEDY_WEBHOOK_SECRET", f"{SECRET}\nwhsec_second")
    made, body = app(archive=path, fetch=False), raw(todo())
    found = [Client(made).send(body, headers(body, secret)).status for secret in (SECRET, "whsec_second")]
    made.state.receiver.close()

    assert found == [200, 200]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *[(method, "/", 405) for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")],
        *[("POST", "/hook", 404), ("GET", "/docs", 404), ("POST", "//", 404)],
    ],
)
def test_only_post_to_the_root(client: Client, method: str, path: str, status: int) -> None:
    """Everything but ``POST /`` is refused in one line of JSON, signed or not."""
    body = raw(ended())
    answer = client.send(body, headers(body), method=method, path=path)

    assert answer.status == status
    assert "\n" not in answer.body.decode()
    assert json.loads(answer.body or b'{"ok": false}')["ok"] is False


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'"text"', b"{", b"{}", b'{"title": "no event"}', b"\xff\xfe{", b'{"event": 3}'],
    ids=repr,
)
def test_what_is_no_delivery(post: Post, path: Path, body: bytes) -> None:
    """A signed body that is no delivery is refused without a detail."""
    answer = post(body)

    assert answer.status == 400
    assert answer.json == {"ok": False, "error": "The body is not a delivery of Hedy."}


def test_nested_without_end(post: Post) -> None:
    """A body nested very deeply is refused or kept, and stops nothing."""
    deep = b'{"event":"x.y","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    assert post(deep).status in {200, 400}
    assert post(ended()).status == 200


def test_the_header_names_the_event(client: Client, path: Path) -> None:
    """The signed body names the event; its header does only where the body names none."""
    for body in (b'{"sessionId": "sess_1"}', b'{"event": "session.created", "sessionId": "sess_2"}'):
        client.send(body, headers(body, event="strange.event"))

    assert [row["event"] for row in kept(path)] == ["session.created", "strange.event"]


def test_a_large_body(post: Post, client: Client) -> None:
    """A body up to the limit is kept; a larger one is refused while it comes, whatever it says of its length."""
    fits = raw(ended(transcript="word " * 1_000_000))
    assert post(fits).status == 200

    chunks = [b"x" * 1_000_000] * 12
    answer = client.send(chunks, {"X-Hedy-Signature": "0" * 64, "Content-Length": "10"})
    assert answer.status == 413
    assert answer.headers["connection"] == "close"
    assert f"{MAX_BODY_BYTES:,}" in answer.json["error"]


def test_a_slow_body(path: Path) -> None:
    """A body that does not come to its end in time is refused."""
    receiver = Receiver(path)
    client = Client(application(Intake(secrets_file.of(SECRET), receiver, body_s=0.05)))

    assert client.send([b"{", HANG], {"X-Hedy-Signature": "0" * 64}).status == 408
    assert not path.exists()


def test_slow_clients_do_not_stop_a_good_one(path: Path) -> None:
    """While 300 clients send nothing more, a delivery is kept at once."""
    receiver = Receiver(path)
    client = Client(application(Intake(secrets_file.of(SECRET), receiver, body_s=1.0)))
    body = raw(ended())

    async def all_at_once() -> tuple[Answer, float, list[Answer]]:
        slow = [asyncio.create_task(client.talk([b"{", HANG], [])) for _ in range(300)]
        await asyncio.sleep(0)
        began = time.monotonic()
        good = await client.talk([body], list(headers(body).items()))
        took = time.monotonic() - began
        return good, took, await asyncio.gather(*slow)

    good, took, slow = asyncio.run(all_at_once())
    receiver.close()

    assert good.status == 200
    assert took < 1.0
    assert {answer.status for answer in slow} == {408}


def test_an_archive_that_is_held_by_another(path: Path) -> None:
    """While another program writes nothing is acknowledged; what was handed in is kept when that has ended."""
    receiver = Receiver(path)
    receiver.start()
    client = Client(application(Intake(secrets_file.of(SECRET), receiver, answer_s=0.1)))
    body = raw(ended())
    with Store.open(path) as other, other.writing():
        answer = client.send(body, headers(body))
        while_held = kept(path)
    again = client.send(body, headers(body))
    receiver.close()

    assert (answer.status, while_held) == (503, [])
    assert answer.headers["retry-after"] == "5"
    assert (again.status, len(kept(path))) == (200, 1)


def test_an_archive_that_cannot_be_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be written is not acknowledged, and the sender sees no detail of it."""
    path.mkdir()
    client = Client(app(SECRET, archive=path, fetch=False))
    body = raw(ended())
    answer = client.send(body, headers(body))

    assert answer.status == 503
    assert answer.json == {"ok": False, "error": "The delivery could not be kept; send it again."}


def test_a_deleted_archive_is_made_again(post: Post, path: Path) -> None:
    """What comes after the file was deleted is not written into the deleted one."""
    post(ended(1))
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    assert post(ended(2)).status == 200

    assert [row["session_id"] for row in kept(path)] == ["sess_000002"]


def test_kept_once(post: Post, path: Path) -> None:
    """The same event with the same content is kept once, however it is written; another content is another one."""
    body = raw(ended(1))
    spaced = json.dumps(dict(reversed(ended(1).items())), indent=1).encode()
    answers = [post(one).status for one in (body, body, spaced, raw(ended(1, title="Renamed")), raw(ended(2)))]
    rows = kept(path)

    assert answers == [200] * 5
    assert [row["title"] for row in reversed(rows)] == ["Harbour meeting 1", "Renamed", "Harbour meeting 2"]
    assert [row["repeats"] for row in reversed(rows)] == [2, 0, 0]
    assert len({row["event_id"] for row in rows}) == 3


def test_a_wrapped_delivery_comes_again_at_another_time(post: Post, path: Path) -> None:
    """The time at which a wrapped delivery was sent is not a part of its content."""
    post(highlight(1))
    post({**highlight(1), "timestamp": "2026-03-01T10:09:00Z"})
    post(highlight(1, title="Another"))

    assert len(kept(path)) == 2


def test_a_field_that_comes_twice(post: Post, path: Path) -> None:
    """Which of two values of one field is meant cannot be told, so both bodies are kept."""
    post(b'{"event": "a.b", "title": "one", "title": "two"}')
    post(b'{"event": "a.b", "title": "another", "title": "two"}')
    post(b'{"event": "a.b", "title": "two"}')

    assert len(kept(path)) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + raw(ended(3)),
        raw(ended(3, title="half \ud83d of a pair")),
        json.dumps(ended(3, title="half \ud83d of a pair")).encode(),
        json.dumps(ended(3)).encode("utf-16"),
        raw(ended(3, title="zero \0 and bell \a", score=float("nan"))),
        raw(ended(3, sessionId=3, duration="long", highlights="none", transcript=["a"], startTime=False)),
    ],
    ids=["bom", "surrogate", "escaped surrogate", "utf-16", "controls", "wrong types"],
)
def test_strange_bytes(post: Post, path: Path, store: Store, body: bytes) -> None:
    """What the secret has signed is kept byte for byte, whatever it holds."""
    assert post(body).status == 200

    (row,) = kept(path)
    assert events.body(store, row["event_id"]) == body
    assert row["status"] == "used"


@pytest.mark.outside
def test_another_implementation_signs(client: Client, path: Path, tmp_path: Path) -> None:
    """The signature that openssl makes is accepted."""
    body = raw(ended(title="Grüße, 港の会議"))
    (tmp_path / "body").write_bytes(body)
    line = ["openssl", "dgst", "-sha256", "-hmac", SECRET, str(tmp_path / "body")]
    made = subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()[-1]

    assert client.send(body, {"X-Hedy-Signature": made}).status == 200


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(["session.created", "session.ended", "session.exported", "highlight.created", "todo.exported"])
_FIELDS = st.sampled_from([*ended(), *todo(), "data", "topic", "exportedAt", "user_todos", "highlightId"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_NAMES | st.text(min_size=1), fields=st.dictionaries(_FIELDS, _VALUES, max_size=8))
def test_any_payload(post: Post, path: Path, store: Store, name: str, fields: dict[str, Any]) -> None:
    """Every JSON object that names an event is kept as it came, and never fails."""
    body = json.dumps({**fields, "event": name}).encode()
    answer = post(body)

    assert answer.status == 200
    newest = kept(path)[0]
    assert newest["status"] != "failed"
    found = {row["event_id"]: events.body(store, row["event_id"]) for row in kept(path)}
    assert body in found.values() or any(row["repeats"] for row in kept(path))


def test_logs_show_no_secret_and_no_text(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """Logs name event and id, without secrets, texts, and characters that a terminal would obey."""
    with caplog.at_level(logging.DEBUG):
        post({**ended(), "event": "evil\x1b[31m\nevent", "sessionId": "a\nb" * 100})
        post(ended(), "whsec_wrong")
        post(ping())

    text = caplog.text
    assert SECRET not in text
    assert "gasket" not in text
    assert "Harbour" not in text
    assert "\x1b" not in text
    assert "evil event" in text
    assert max(len(record.getMessage()) for record in caplog.records) < 200


def test_secrets_have_no_readable_form() -> None:
    """Neither repr nor str nor format shows a secret."""
    found = secrets_file.of([SECRET, "two"])

    assert {repr(found), str(found), f"{found}"} == {"<Secrets 2>"}
    assert len(found) == 2


def test_what_is_kept_and_not_used_is_used_at_the_next_start(path: Path) -> None:
    """A receiver that was killed between keeping and using leaves work for the next one."""
    from hedy_jupyter.receiver import delivery

    with Store.open(path, create=True) as opened:
        events.put(opened, delivery.read(raw(ended(5)), None))
    assert [row["status"] for row in kept(path)] == ["received"]
    receiver = Receiver(path)
    receiver.start()
    client, body = Client(application(Intake(secrets_file.of(SECRET), receiver))), raw(ended(6))
    client.send(body, headers(body))
    receiver.close()

    assert [row["status"] for row in kept(path)] == ["used", "used"]


def test_a_command_that_is_not_there(path: Path) -> None:
    """A command that no program answers to is refused before anything starts."""
    with pytest.raises(UsageError, match="was not found"):
        app(SECRET, archive=path, fetch=False, run="no-such-program-4711 --flag")


def test_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """While the disk is full nothing is acknowledged; when there is room again, what is sent again is kept."""
    receiver = Receiver(path)
    receiver.start()
    client = Client(application(Intake(secrets_file.of(SECRET), receiver)))
    put, body = events.put, raw(ended())

    def full(*_: object, **__: object) -> bool:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_FULL", sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(events, "put", full)
    refused = client.send(body, headers(body))
    monkeypatch.setattr(events, "put", put)
    accepted = client.send(body, headers(body))
    receiver.close()

    assert (refused.status, accepted.status, len(kept(path))) == (503, 200, 1)
    assert "the disk is full" in caplog.text


def test_a_sync_beside(post: Post, path: Path) -> None:
    """Deliveries are kept while another connection writes in short transactions."""
    import threading

    ends = threading.Event()

    def write() -> None:
        with Store.open(path, create=True) as other:
            while not ends.is_set():
                with other.writing():
                    other.note("beside", "x" * 1000)

    thread = threading.Thread(target=write)
    thread.start()
    statuses = {post(ended(number)).status for number in range(20)}
    ends.set()
    thread.join()

    assert statuses == {200}
    assert len(kept(path)) == 20
