"""Deliver signed webhooks of the demo account to a receiver on this machine, as Hedy delivers to its customers.

The events are those of the newest meetings of the account: created, highlights, todos, ended, exported, and a test.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from hedy_jupyter.demo_server import account, responses
from hedy_jupyter.demo_server.schedule import Record

EVERY_S = 5.0
DISTURBANCES = ("duplicate", "late", "disorder", "unsigned")
"""What can go wrong on the way: an event twice, one much later, two in the other order, one without a signature."""
_EVERY_NTH = 3  # of the deliveries is disturbed
_TIMEOUT_S = 15.0
_TRIES = 3  # after an answer of 5xx, as Hedy does


class Target(NamedTuple):
    """Where the deliveries go: a loopback address."""

    host: str
    port: int
    path: str


class Delivery(NamedTuple):
    """One delivery: its event, its body, and whether it carries its signature."""

    event: str
    body: bytes
    is_signed: bool = True


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``serve`` that are about deliveries."""
    parser.add_argument(
        "--deliver-to", metavar="URL", help="deliver signed webhooks there: an http:// loopback address"
    )
    parser.add_argument("--secret-file", type=Path, metavar="F", help="the secret that signs them, in the first line")
    parser.add_argument(
        "--every",
        type=float,
        default=EVERY_S,
        metavar="SECONDS",
        help=f"a delivery every so many seconds ({EVERY_S:g})",
    )
    parser.add_argument(
        "--disturb", default="", metavar="HOW", help=f"disturb them: {', '.join(DISTURBANCES)}, separated by commas"
    )


def from_options(given: argparse.Namespace) -> Callable[[threading.Event], None] | None:
    """Return what delivers as the options say, until its event is set; None without ``--deliver-to``.

    Raises:
        ValueError: an option cannot be used.
        OSError: the file of the secret cannot be read.
    """
    if given.deliver_to is None:
        return None
    target = target_of(given.deliver_to)
    if given.secret_file is None:
        raise ValueError("--deliver-to needs --secret-file: a file with the secret that signs the deliveries")
    try:
        lines = given.secret_file.read_text(encoding="utf-8-sig").split()
    except OSError as error:  # whose text names the file, which may be the secret by mistake
        raise ValueError(f"the file of --secret-file cannot be read: {error.strerror}") from None
    if not lines:
        raise ValueError(f"{given.secret_file} holds no secret")
    if not 0 <= given.every < 86_400:
        raise ValueError(f"--every must be a number of seconds, not {given.every:g}")
    how = disturbances(given.disturb)

    def deliver(ends: threading.Event) -> None:
        for one in disturbed(sequence(datetime.now(UTC)), how):
            if ends.is_set():
                return
            send(target, one, lines[0])
            ends.wait(given.every)

    return deliver


@contextlib.contextmanager
def running(deliver: Callable[[threading.Event], None] | None) -> Iterator[None]:
    """Deliver on a thread while the block runs."""
    if deliver is None:
        yield
        return
    ends = threading.Event()
    thread = threading.Thread(target=deliver, args=(ends,), name="hedy-demo-deliver", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join(_TIMEOUT_S)


def target_of(url: str) -> Target:
    """Return the target of *url*.

    Raises:
        ValueError: it is not an ``http://`` address of this machine.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or parts.username is not None or not _is_loopback(host):
        raise ValueError(f"--deliver-to must be http:// and an address of this machine (127.0.0.1), not {url!r}")
    return Target(host, parts.port or 80, parts.path or "/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def disturbances(text: str) -> tuple[str, ...]:
    """Return the disturbances that *text* names.

    Raises:
        ValueError: there is no such disturbance.
    """
    names = tuple(name for name in (part.strip() for part in text.split(",")) if name)
    for name in names:
        if name not in DISTURBANCES:
            raise ValueError(f"unknown disturbance {name!r}; there are: {', '.join(DISTURBANCES)}")
    return names


def sequence(now: datetime) -> Iterator[Delivery]:
    """Yield the deliveries of one meeting after the other, the newest first, after a test."""
    sent = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    yield _delivery("session.ended", {"data": {"message": "This is a test webhook from Hedy", "timestamp": sent}})
    data = account.build(now.date())
    for session in data.sessions:
        yield from of_session(session)


def of_session(session: Record) -> Iterator[Delivery]:
    """Yield what Hedy delivers of one meeting, in its order."""
    detail = responses.session_detail({**session, "topicId": None}, [])
    ident = {"sessionId": session["sessionId"]}
    head = {**ident, "title": session["title"], "startTime": session["startTime"]}
    yield _delivery("session.created", head)
    for highlight in session["highlights"]:
        yield _delivery("highlight.created", {"data": {**highlight, **ident}})
    flat = {
        **head,
        "endTime": session["endTime"],
        "duration": session["duration"],
        "sessionType": session["session_type"],
        **{name: detail[name] for name in ("transcript", "conversations", "meeting_minutes", "recap", "session_notes")},
        "structured_conversations": [],
        "highlights": detail["highlights"],
    }
    yield _delivery("session.ended", flat)
    for todo in session["user_todos"]:
        yield _delivery("todo.exported", {**{name: todo[name] for name in ("id", "text", "dueDate")}, **ident})
    exported = {name: value for name, value in flat.items() if name != "endTime"}
    yield _delivery("session.exported", {**exported, "exportedAt": session["endTime"]})


def _delivery(event: str, fields: Record) -> Delivery:
    return Delivery(event, json.dumps({"event": event, **fields}, ensure_ascii=False).encode())


def disturbed(deliveries: Iterable[Delivery], how: Sequence[str]) -> Iterator[Delivery]:
    """Yield *deliveries*, every third of them disturbed in one of the ways *how*, in turn; none gets lost."""
    late: list[Delivery] = []
    swapped: Delivery | None = None
    for number, one in enumerate(deliveries):
        kind = how[number // _EVERY_NTH % len(how)] if how and number % _EVERY_NTH == _EVERY_NTH - 1 else ""
        if kind == "late":
            late.append(one)
            continue
        if kind == "disorder" and swapped is None:
            swapped = one
            continue
        if kind == "unsigned":
            yield one._replace(is_signed=False)
        yield one
        if kind == "duplicate":
            yield one
        if swapped is not None:
            yield swapped
            swapped = None
        if len(late) > _EVERY_NTH:
            yield late.pop(0)
    yield from (*late, *([swapped] if swapped is not None else []))


def send(target: Target, one: Delivery, secret: str, *, sleep: Callable[[float], object] = time.sleep) -> int | None:
    """Send a delivery, again where the receiver has answered 5xx; return the last status, None without an answer."""
    headers = {"Content-Type": "application/json", "X-Hedy-Event": one.event, "User-Agent": "hedy-demo"}
    if one.is_signed:
        headers["X-Hedy-Signature"] = hmac.new(secret.encode(), one.body, hashlib.sha256).hexdigest()
    status = None
    for again in range(_TRIES):
        sleep(float(again))
        connection = http.client.HTTPConnection(target.host, target.port, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", target.path, one.body, headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            status = None
        finally:
            connection.close()
        if status is not None and status < 500:
            break
    return status
