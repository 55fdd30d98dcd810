"""What a receiver of webhooks does: check that a delivery is genuine, then read it."""

from __future__ import annotations

import doctest
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

import hedy_jupyter as hj
from hedy_jupyter.api import signatures
from hedy_jupyter.api.signatures import Event, read_event, sign, verify

SECRET = "whsec_Grüße"
BODY = '{"event":"session.ended","title":"Tourenplan – früh"}'.encode()
GENUINE = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
FLAT = {
    "event": "session.ended",
    "sessionId": "sess_1",
    "title": "Rounds",
    "startTime": "2026-07-17T08:00:00Z",
    "endTime": "2026-07-17T08:45:00Z",
    "duration": 45,
    "sessionType": "meeting",
    "transcript": "So the pilot starts Monday.",
    "structured_conversations": [
        {"type": "suggestion", "question": None, "answer": "Ask Ada", "timestamp": 1752739200000}
    ],
}


def test_example() -> None:
    """The example in the docstring does what it says."""
    assert doctest.testmod(signatures).failed == 0
    assert doctest.testmod(signatures).attempted > 5


def test_known_signature() -> None:
    """The signature is the HMAC-SHA256 of RFC 4231, in lowercase hex."""
    assert (
        sign(b"what do ya want for nothing?", "Jefe")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert sign(BODY, SECRET) == sign(BODY, SECRET.encode()) == GENUINE


@pytest.mark.parametrize(
    "signature",
    [GENUINE, GENUINE.upper(), f"sha256={GENUINE}", f"SHA256={GENUINE.upper()}", f" {GENUINE} "],
    ids=lambda text: text[:8],
)
def test_genuine(signature: str) -> None:
    """A genuine signature is taken, in either case and with or without a prefix."""
    assert verify(BODY, signature, SECRET) is True
    assert verify(BODY, signature, SECRET.encode()) is True


@pytest.mark.parametrize(
    ("body", "signature", "secret"),
    [
        (BODY + b" ", GENUINE, SECRET),
        (BODY, GENUINE, SECRET + "x"),
        (BODY, GENUINE[:-1] + ("0" if GENUINE[-1] != "0" else "1"), SECRET),
        (BODY, GENUINE[:-1], SECRET),
        (BODY, GENUINE + "0", SECRET),
        (BODY, f"sha1={GENUINE}", SECRET),
        (BODY, f"sha256=sha256={GENUINE}", SECRET),
        (BODY, "", SECRET),
        (BODY, None, SECRET),
        (BODY, GENUINE.encode(), SECRET),
        (BODY, "ｆ" * 64, SECRET),
        (BODY, "٠" * 64, SECRET),
        (BODY, "\ud800", SECRET),
        (BODY, 7, SECRET),
        (BODY.decode(), GENUINE, SECRET),
        (None, GENUINE, SECRET),
        (BODY, GENUINE, None),
        (BODY, GENUINE, 7),
        (BODY, hmac.new(b"", BODY, hashlib.sha256).hexdigest(), ""),
        (BODY, hmac.new(b"", BODY, hashlib.sha256).hexdigest(), b""),
        (BODY, GENUINE, "\ud800"),
    ],
)
def test_not_genuine(body: object, signature: object, secret: object) -> None:
    """Whatever else comes is False and no error; without a secret it is never True."""
    assert verify(body, signature, secret) is False  # type: ignore[arg-type]


def test_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison takes the same time wherever the first wrong digit is."""
    compared: list[tuple[object, object]] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda one, other: compared.append((one, other)) or True)

    assert verify(BODY, "0" * 64, SECRET) is True
    assert compared == [(GENUINE, "0" * 64)]


@pytest.mark.parametrize(("body", "secret"), [(BODY, ""), (BODY, None), (BODY.decode(), SECRET)])
def test_nothing_to_sign_with(body: object, secret: object) -> None:
    """Without a secret or raw bytes there is no signature."""
    with pytest.raises(hj.UsageError):
        sign(body, secret)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "form", [lambda body: json.dumps(body).encode(), json.dumps, dict], ids=["bytes", "text", "mapping"]
)
def test_flat_delivery(form: object) -> None:
    """A flat delivery is its own payload, whole and unchanged, and says no time."""
    event = read_event(form(FLAT))  # type: ignore[operator]

    assert event == Event("session.ended", FLAT)


@pytest.mark.parametrize(
    "name",
    [
        "session.created",
        "session.ended",
        "session.exported",
        "highlight.created",
        "todo.exported",
        "suggestion.created",
    ],
)
def test_every_event(name: str) -> None:
    """Every event is read, flat and wrapped, and one that no document lists as well."""
    fields = {"id": "x_1", "title": "Ship", "timestamp": "2026-07-17T08:03:00Z"}

    flat = read_event({"event": name, **fields})
    wrapped = read_event({"event": name, "data": fields, "timestamp": "2026-07-17T08:04:00.953635Z"})

    assert flat == Event(name, {"event": name, **fields})
    assert wrapped == Event(name, fields, datetime(2026, 7, 17, 8, 4, 0, 953635, tzinfo=UTC))


@pytest.mark.parametrize("data", [None, "text", [1], 5], ids=repr)
def test_data_that_is_no_object(data: object) -> None:
    """``data`` that is no object is a field like others."""
    assert read_event({"event": "session.ended", "data": data}).payload == {"event": "session.ended", "data": data}


def test_test_delivery() -> None:
    """What the test button sends is distinguished from a real delivery."""
    body = {"event": "session.ended", "data": {"message": "This is a test", "timestamp": "2026-07-17T08:00:00Z"}}

    assert read_event(body) == Event("session.ended", body["data"], datetime(2026, 7, 17, 8, tzinfo=UTC), test=True)  # type: ignore[arg-type]
    assert read_event({"event": "session.ended", "data": {**FLAT, "message": "no test"}}).test is False
    assert read_event(FLAT).test is False


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2026-07-17T10:00:00+02:00", datetime(2026, 7, 17, 8, tzinfo=UTC)),
        ("2026-07-17T08:00:00", datetime(2026, 7, 17, 8, tzinfo=UTC)),
        (1784275200000, datetime(2026, 7, 17, 8, tzinfo=UTC)),
        ("soon", None),
        (10**30, None),
        (True, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_timestamps(sent: object, expected: datetime | None) -> None:
    """A time in any of its forms is given in UTC; what is none is None."""
    assert read_event({"event": "session.ended", "data": {}, "timestamp": sent}).timestamp == expected


def test_header_names_the_event() -> None:
    """The header names the event only where the body, which is signed, does not."""
    assert read_event({"sessionId": "s"}, header="session.created").name == "session.created"
    assert read_event(FLAT, header="todo.exported").name == "session.ended"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\xff", "", "[]", '"text"', b"null", "5", "{", "[" * 100_000, None, 5, b'{"a": 1}', {"event": 5}],
)
def test_no_event(body: object) -> None:
    """A body that is no JSON object, or names no event, is refused in one line."""
    with pytest.raises(hj.UsageError) as caught:
        read_event(body)  # type: ignore[arg-type]

    assert "\n" not in str(caught.value)


def test_event_is_frozen() -> None:
    """An event that was read does not change."""
    with pytest.raises(AttributeError):
        read_event(FLAT).name = "other"  # type: ignore[misc]
