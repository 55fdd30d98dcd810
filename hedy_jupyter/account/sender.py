"""``Sender``: send a confirmed write, once, and find out its outcome."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from hedy_jupyter.account import records
from hedy_jupyter.account.effects import same, tidied
from hedy_jupyter.account.targets import SECRET_FIELDS, read_single
from hedy_jupyter.api import error_responses, routes, wire_format
from hedy_jupyter.changes.change import LABELS, Change, Kind
from hedy_jupyter.changes.confirmation import Confirmed, confirm
from hedy_jupyter.credentials import Secret
from hedy_jupyter.errors import HedyError, NotFound, Offline, ServerError, TargetChanged
from hedy_jupyter.kinds import BY_NAME
from hedy_jupyter.text.fold import ignore_case

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.wire_format import Record


_RECORDS: Mapping[Kind, type[records.Topic | records.Context | records.Webhook]] = {
    "topic": records.Topic,
    "context": records.Context,
    "webhook": records.Webhook,
}


class Sender:
    """Send one change at most once, and keep its outcome.

    Attributes:
        note: what to say of how it went, besides the result.
        secret: the signing secret of a new webhook, until it is taken.
    """

    def __init__(self, connection: Connection, known_ids: frozenset[str] | None) -> None:
        self.note = ""
        self.secret: Secret | None = None
        self._connection = connection
        self._known_ids = known_ids
        self._lock = threading.Lock()
        self._result: object = None
        self._is_open = False  # sent, and without an answer so far

    def send(self, write: Change, words: str | None) -> object:
        """Return the result of *write*, which is sent only if it was not sent before."""
        with self._lock:
            if self._result is not None:
                return self._result
            if self._is_open:
                raise _unknown_outcome(write)
            confirmed = confirm(write, words)
            if write.changes_nothing:
                self.note = "Nothing changed, nothing was sent."
                self._result = self.record_of(write.kind, write.before or {})
            else:
                self._send_once(confirmed)
            return self._result

    def _send_once(self, confirmed: Confirmed) -> None:
        try:
            self._connection.ask(lambda reader: self._flow(reader, confirmed), True)
        except KeyboardInterrupt as stop:
            line = f"KeyboardInterrupt: {self._after_stop(confirmed.change)}"
            stop._render_traceback_ = lambda: [line]  # type: ignore[attr-defined]  # IPython's hook
            raise
        finally:
            self._connection.cache.forget()

    def _after_stop(self, change: Change) -> str:
        if self._result is not None:
            return f"{change.sentence}: it was done; confirm() returns its result."
        return str(_unknown_outcome(change)) if self._is_open else f"{change.sentence}: stopped, nothing was sent."

    async def _flow(self, reader: Reader, confirmed: Confirmed) -> None:
        """Send, and keep the result on the loop: no interrupt can come between the answer and its keeping."""
        change = confirmed.change
        if change.target is not None:
            await self._check_unchanged(reader, change)
        try:
            answer = await reader.send(confirmed, self._note_sent)
            done = _done(change, answer)
        except HedyError as error:
            if not _is_outcome_open(error):
                self._is_open = False  # refused: it is as if it had not been sent
                raise _not_sent(change, error) from None
            done = await self._outcome_after_loss(reader, change)
        self._result = self.record_of(change.kind, done or {})

    def _note_sent(self) -> None:
        self._is_open = True

    async def _check_unchanged(self, reader: Reader, change: Change) -> None:
        try:
            now = await read_single(reader, change.kind, change.target or "")
        except NotFound:
            now = None
        if now is None or change.shown(now) != change.shown(change.before or {}):
            state = "no longer there" if now is None else "no longer as it was shown"
            raise TargetChanged(
                f'The {change.kind} "{change.name}" is {state}. Nothing was sent.',
                advice="Review it again, then repeat the change.",
            )

    async def _outcome_after_loss(self, reader: Reader, change: Change) -> Record:
        """Return what one more request shows after the answer was lost.

        Raises:
            Offline: nothing was done, or the outcome is not known.
        """
        try:
            found = await self._evidence(reader, change)
        except HedyError:
            raise _unknown_outcome(change) from None
        if found is None:
            self._is_open = False
            raise Offline(
                f"{change.sentence}: the answer was lost; a check showed that nothing was done.", advice="Try again."
            )
        self.note = "The answer was lost; a check showed that the change was made."
        reader.tell(self.note)
        return found

    async def _evidence(self, reader: Reader, change: Change) -> Record | None:
        """Return the record that shows that *change* was done; None where all is as it was before.

        Raises:
            HedyError: neither can be seen.
        """
        if change.target is None:
            return await self._created_record(reader, change)
        try:
            now = await read_single(reader, change.kind, change.target, once=True)
        except NotFound:
            if change.action == "delete":
                return change.before
            raise
        if change.action == "update" and _has_all(now, change.body):
            return now
        if change.shown(now) != change.shown(change.before or {}):
            raise _unknown_outcome(change)
        return None

    async def _created_record(self, reader: Reader, change: Change) -> Record | None:
        if self._known_ids is None:
            raise _unknown_outcome(change)
        kind, label = BY_NAME[change.kind], LABELS[change.kind]
        rows = await reader.list_uncached(kind.plural, routes.LISTS[kind], once=True)
        news = [row for row in rows if (ident := kind.identity(row)) and ident not in self._known_ids]
        found = next((row for row in news if _has_all(row, change.body)), None)
        if found is None and any(_name_key(label, row) == _name_key(label, change.body) for row in news):
            # A new one of that name, but not as it was sent: tidied by the server, or made by another program.
            raise _unknown_outcome(change)
        return found

    def record_of(self, kind: Kind, raw: Mapping[str, object]) -> object:
        """Return the record behind *raw*; a signing secret in it is kept apart."""
        secrets = [Secret(str(raw[name])) for name in SECRET_FIELDS if raw.get(name)]
        if secrets:
            self.secret = secrets[0]
            raw = {name: value for name, value in raw.items() if name not in SECRET_FIELDS}
        return _RECORDS[kind].from_record(raw, zone=self._connection.zone)


def _done(change: Change, answer: object) -> Record | None:
    """Return the record that was created or changed, by what *answer* says; of a deletion, the one that was deleted.

    Raises:
        ServerError: the answer does not say that it was done.
    """
    if change.action == "delete":
        wire_format.confirmed_deletion(answer)
        return change.before
    found = wire_format.record("data", answer)
    ident = BY_NAME[change.kind].identity(found)
    if ident is None or (change.target is not None and ident != change.target):
        raise error_responses.not_the_api(HTTPStatus.OK)
    return found


def _has_all(record: Record, body: Mapping[str, object]) -> bool:
    return all(same(record.get(name), value) for name, value in body.items())


def _name_key(label: str, record: Mapping[str, object]) -> str:
    return ignore_case(str(tidied(label, record.get(label)) or ""))


def _is_outcome_open(error: HedyError) -> bool:
    """Return whether the write may have been done: what was sent got no answer, or none of the API's own."""
    if isinstance(error, Offline):
        return error.sent
    return isinstance(error, ServerError) and (error.code is None or error.status != HTTPStatus.INTERNAL_SERVER_ERROR)


def _not_sent(change: Change, error: HedyError) -> HedyError:
    """Return *error*, which a write ended with; where no connection was made its message says so."""
    if not isinstance(error, Offline):
        return error
    found = Offline(f"{change.sentence}: {error.message} Nothing was sent.", advice=error.advice)
    found.sent = False
    return found


def _unknown_outcome(change: Change) -> Offline:
    look = f"%hedy {BY_NAME[change.kind].plural} --refresh"
    return Offline(
        f"{change.sentence}: no answer came, and the outcome is unknown.",
        advice=f"Check with {look} before you create it again; it is not sent again.",
    )
