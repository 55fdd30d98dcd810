"""Send a confirmed write, once, and find out what became of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from hedy_jupyter import kinds
from hedy_jupyter.account import records
from hedy_jupyter.account.effects import same, tidied
from hedy_jupyter.account.targets import LISTS, PLURAL, SECRET_FIELDS, read_single
from hedy_jupyter.api import protocol
from hedy_jupyter.changes.change import LABELS, Change, Confirmed, Kind
from hedy_jupyter.errors import HedyError, NotFound, Offline, ServerError, TargetChanged
from hedy_jupyter.settings import Secret

if TYPE_CHECKING:
    from hedy_jupyter.account.connection import Connection
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Reader


_RECORDS: Mapping[Kind, type[records.Topic | records.Context | records.Webhook]] = {
    "topic": records.Topic,
    "context": records.Context,
    "webhook": records.Webhook,
}


class Sender:
    """Sends one change at most once, and knows how that went."""

    def __init__(self, connection: Connection, known_ids: frozenset[str] | None) -> None:
        self.note = ""
        self.secret: Secret | None = None
        self._connection = connection
        self._known_ids = known_ids
        self._lock = threading.Lock()
        self._result: object = None
        self._left = False  # on the wire, without an answer so far

    def send(self, write: Change, words: str | None) -> object:
        """The result of *write*, which is sent only if it has not been."""
        with self._lock:
            if self._result is not None:
                return self._result
            if self._left:
                raise _unknown(write)
            confirmed = write.confirmed(words)
            if write.changes_nothing:
                self.note = "Nothing changed, nothing was sent."
                self._result = self.record_of(write.kind, write.before or {})
            else:
                self._carry_out(confirmed)
            return self._result

    def _carry_out(self, confirmed: Confirmed) -> None:
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
        return str(_unknown(change)) if self._left else f"{change.sentence}: stopped, nothing was sent."

    async def _flow(self, reader: Reader, confirmed: Confirmed) -> None:
        """Send, and keep the result here on the loop, where no interrupt can come between the answer and its keeping."""
        change = confirmed.change
        if change.target is not None:
            await self._same_as_shown(reader, change)
        try:
            answer = await reader.send(confirmed, self._leaves)
            done = _done(change, answer)
        except HedyError as error:
            if not _lost(error):
                self._left = False  # refused: it is as if it had not been sent
                raise _unsent(change, error) from None
            done = await self._looked(reader, change)
        self._result = self.record_of(change.kind, done or {})

    def _leaves(self) -> None:
        self._left = True

    async def _same_as_shown(self, reader: Reader, change: Change) -> None:
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

    async def _looked(self, reader: Reader, change: Change) -> Record:
        """What one look shows after the answer was lost.

        Raises:
            Offline: nothing was done, or the outcome is not known.
        """
        try:
            found = await self._trace(reader, change)
        except HedyError:
            raise _unknown(change) from None
        if found is None:
            self._left = False
            raise Offline(
                f"{change.sentence}: the answer was lost; a check showed that nothing was done.", advice="Try again."
            )
        self.note = "The answer was lost; a check showed that the change was made."
        reader.tell(self.note)
        return found

    async def _trace(self, reader: Reader, change: Change) -> Record | None:
        """What shows that *change* was done; None where all is as it was before.

        Raises:
            HedyError: neither can be seen.
        """
        if change.target is None:
            return await self._created(reader, change)
        try:
            now = await read_single(reader, change.kind, change.target, once=True)
        except NotFound:
            if change.action == "delete":
                return change.before
            raise
        if change.action == "update" and _holds(now, change.body):
            return now
        if change.shown(now) != change.shown(change.before or {}):
            raise _unknown(change)
        return None

    async def _created(self, reader: Reader, change: Change) -> Record | None:
        if self._known_ids is None:
            raise _unknown(change)
        kind, label = PLURAL[change.kind], LABELS[change.kind]
        rows = await reader.list_uncached(kind, LISTS[change.kind], once=True)
        news = [row for row in rows if (ident := kinds.identity(kind, row)) and ident not in self._known_ids]
        found = next((row for row in news if _holds(row, change.body)), None)
        if found is None and any(_folded(label, row) == _folded(label, change.body) for row in news):
            raise _unknown(
                change
            )  # a new one of that name, and yet not as it was sent: ours, tidied up, or somebody else's
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
        protocol.confirmed_deletion(answer)
        return change.before
    found = protocol.record("data", answer)
    ident = kinds.identity(PLURAL[change.kind], found)
    if ident is None or (change.target is not None and ident != change.target):
        raise protocol.not_the_api(HTTPStatus.OK)
    return found


def _holds(record: Record, body: Mapping[str, object]) -> bool:
    return all(same(record.get(name), value) for name, value in body.items())


def _folded(label: str, record: Mapping[str, object]) -> str:
    return str(tidied(label, record.get(label)) or "").casefold()


def _lost(error: HedyError) -> bool:
    """Whether *error* leaves it open if the write was done: no answer to what was sent, or one that is not the API's own."""
    if isinstance(error, Offline):
        return error.sent
    return isinstance(error, ServerError) and (error.code is None or error.status != HTTPStatus.INTERNAL_SERVER_ERROR)


def _unsent(change: Change, error: HedyError) -> HedyError:
    """*error*, which a write ended with; where no connection was made it says so."""
    if not isinstance(error, Offline):
        return error
    found = Offline(f"{change.sentence}: {error.message} Nothing was sent.", advice=error.advice)
    found.sent = False
    return found


def _unknown(change: Change) -> Offline:
    return Offline(
        f"{change.sentence}: no answer came, and the outcome is unknown.",
        advice=f"Look with %hedy {PLURAL[change.kind]} --refresh before you create it again; it is not sent again.",
    )
