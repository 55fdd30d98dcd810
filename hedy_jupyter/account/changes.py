"""Writes: the ``Change`` that each call of ``Hedy`` makes, and the one road on which a confirmed one is sent, once.

The rules are those of the agent skill's safety section and of the README: target by id or exact name, target read again before it
is changed, nothing repeated, and one look where the answer is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from hedy_jupyter import kinds
from hedy_jupyter.account import records
from hedy_jupyter.account.records import Shown
from hedy_jupyter.api import protocol, routes
from hedy_jupyter.api.reader import close_names
from hedy_jupyter.changes import fields
from hedy_jupyter.changes.change import LABELS, SHOWN, Action, Change, Confirmed, Kind
from hedy_jupyter.errors import HedyError, NotFound, Offline, ServerError, TargetChanged, UsageError
from hedy_jupyter.frames import api_text
from hedy_jupyter.settings import Secret

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.api.protocol import Record
    from hedy_jupyter.api.reader import Reader
    from hedy_jupyter.api.routes import Route

_PLURAL: Mapping[Kind, str] = {"topic": "topics", "context": "contexts", "webhook": "webhooks"}
_LISTS: Mapping[Kind, Route] = {"topic": routes.TOPICS, "context": routes.CONTEXTS, "webhook": routes.WEBHOOKS}
_SINGLE: Mapping[Kind, Route] = {"topic": routes.TOPIC, "context": routes.CONTEXT}
_RECORDS: Mapping[Kind, type[records.Topic | records.Context | records.Webhook]] = {
    "topic": records.Topic,
    "context": records.Context,
    "webhook": records.Webhook,
}
UNLINK_LIMIT = 4_000
_SECRETS = ("signingSecret", "signing_secret", "secret")


@dataclass(frozen=True)
class Write(Shown, Change):
    """A ``Change`` that belongs to an account: it shows itself in full, and ``confirm`` sends it."""

    sender: Sender | None = field(default=None, repr=False, compare=False)
    twin: Mapping[str, object] | None = field(default=None, repr=False, compare=False)
    """What a creation would add a second time: the record there is with the same name and fields, or the same URL and events."""
    unseen: HedyError | None = field(default=None, repr=False, compare=False)
    """Why it is not known whether a creation would add something a second time; None where it is."""

    def confirm(self, words: str | None = None) -> Any:
        """Do it, once; a second call gives the first result again.

        Args:
            words: for a deletion the exact name, title or URL of the target; for a new webhook its destination host.

        Returns:
            The topic, context or webhook that was created or changed, or the one that was deleted.

        Raises:
            NotConfirmed: wrong or missing words; nothing was sent.
            TargetChanged: the target is not as it was shown; nothing was sent.
            Offline: no answer; the message says what is known of the outcome.
            HedyError: what the server refuses it with.
        """
        if self.sender is None:
            raise UsageError("This change belongs to no account.")
        return self.sender.send(self, words)

    def existing(self) -> Any:
        """Return the topic, context or webhook that ``twin`` is; None where there is none."""
        return None if self.twin is None or self.sender is None else self.sender.record_of(self.kind, self.twin)

    def outcome(self, result: object) -> str:
        """What was done, in one sentence for the reader: ``Created topic "Plans" (topic_1).``."""
        if self.changes_nothing:
            return f'The {self.kind} "{self.name}" is unchanged; nothing was sent.'
        ident = getattr(result, f"{self.kind}_id", None) or self.target
        host = api_text.host(self.name) or ""
        name = f"to {host}" if self.kind == "webhook" else f'"{self.name}"'  # the line is kept, and a URL may hold a token
        return f"{self.action.capitalize()}d {self.kind} {name} ({ident})."

    def take_secret(self) -> str | None:
        """The signing secret, if the API gave one, once; it is kept nowhere else."""
        if self.sender is None or self.sender.secret is None:
            return None
        secret, self.sender.secret = self.sender.secret, None
        return secret.reveal()

    @property
    def note(self) -> str:
        """What is to be known of how it went, such as an answer that was lost; empty where all is plain."""
        return self.sender.note if self.sender else ""


def create(hedy: Hedy, kind: Kind, values: Mapping[str, object]) -> Write:
    """The creation of a topic or context with *values* by our names."""
    body = fields.body(kind, values)
    others, unseen = _looked_up(hedy, kind)
    effects, warnings = _creation(kind, body, others)
    made = _write(hedy, "create", kind, body=body, after=body, effects=effects, warnings=warnings, others=others)
    return replace(made, unseen=unseen)


def create_webhook(hedy: Hedy, url: str, events: str | Iterable[str]) -> Write:
    """The creation of a webhook."""
    wanted = fields.checked_events(events)
    fields.destination(url)  # before anything is asked
    others, unseen = _looked_up(hedy, "webhook")
    used = None if others is None else [host for other in others if (host := api_text.host(other.get("url")))]
    found = fields.destination(url, used)
    body = {"url": url, "events": wanted}
    effects = [f"From now on Hedy sends to {found.host}, on {event}: {fields.carries(event)}." for event in wanted]
    warnings = [
        "Meeting data will leave Hedy, to that host.",
        *found.warnings,
        *fields.event_warnings(wanted),
        *_twin("webhook", url, others),
    ]
    made = _write(hedy, "create", "webhook", body=body, after=body, effects=effects, warnings=warnings, words=found.host, others=others)
    return replace(made, unseen=unseen)


def update(hedy: Hedy, kind: Kind, which: str | Target, values: Mapping[str, object]) -> Write:
    """Return the change of a topic or context; the body holds only what really changes.

    Args:
        which: an id or exact name, or what was read of it: it is read again before anything is sent.
    """
    if not values:
        raise UsageError(f"No field of the {kind} is given.", advice=f"Fields: {', '.join(field.name for field in fields.FIELDS[kind])}.")
    wanted = fields.body(kind, values)
    if wanted.get("topicContext") == "":
        wanted["topicContext"] = None
    before, ident = which if isinstance(which, Target) else target(hedy, kind, which)
    body = {name: value for name, value in wanted.items() if not _same(before.get(name), value)}
    others = _others(hedy, kind) if "isDefault" in body else None
    effects = (
        [f"Changes {', '.join(_label(kind, name) for name in body)}; all else stays."] if body else ["Changes nothing: nothing is sent."]
    )
    effects += _default_effects(kind, body, ident, others)
    return _write(hedy, "update", kind, target=ident, body=body, before=before, after={**before, **body}, effects=effects)


def delete(hedy: Hedy, kind: Kind, which: str) -> Write:
    """The deletion of a topic, context or webhook."""
    before, ident = target(hedy, kind, which)
    effects, warnings = _deletion(hedy, kind, before, ident)
    name = str(before.get(LABELS[kind]) or ident)
    return _write(hedy, "delete", kind, target=ident, body={}, before=before, effects=effects, warnings=warnings, words=name)


class Sender:
    """Sends one change at most once, and knows how that went."""

    def __init__(self, hedy: Hedy, known_ids: frozenset[str] | None) -> None:
        self.note = ""
        self.secret: Secret | None = None
        self._hedy = hedy
        self._known_ids = known_ids
        self._lock = threading.Lock()
        self._result: object = None
        self._left = False  # on the wire, without an answer so far

    def send(self, write: Write, words: str | None) -> object:
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
            self._hedy._ask(lambda reader: self._flow(reader, confirmed), True)
        except KeyboardInterrupt as stop:
            line = f"KeyboardInterrupt: {self._after_stop(confirmed.change)}"
            stop._render_traceback_ = lambda: [line]  # type: ignore[attr-defined]  # IPython's hook
            raise
        finally:
            self._hedy.forget()

    def _after_stop(self, change: Change) -> str:
        if self._result is not None:
            return f"{change.sentence}: it was done; confirm() gives its result."
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
            now = await _read(reader, change.kind, change.target or "")
        except NotFound:
            now = None
        if now is None or change.shown(now) != change.shown(change.before or {}):
            state = "no longer there" if now is None else "not as it was shown any more"
            raise TargetChanged(
                f'The {change.kind} "{change.name}" is {state}. Nothing was sent.',
                advice="Look at it again, and make the change anew.",
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
            raise Offline(f"{change.sentence}: the answer was lost, and a look showed that nothing was done.", advice="Try again.")
        self.note = "The answer was lost; a look showed that it was done."
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
            now = await _read(reader, change.kind, change.target, once=True)
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
        kind, label = _PLURAL[change.kind], LABELS[change.kind]
        rows = await reader.fresh_rows(kind, _LISTS[change.kind], once=True)
        news = [row for row in rows if (ident := kinds.identity(kind, row)) and ident not in self._known_ids]
        found = next((row for row in news if _holds(row, change.body)), None)
        if found is None and any(_folded(row.get(label)) == _folded(change.body.get(label)) for row in news):
            raise _unknown(change)  # a new one of that name, and yet not as it was sent: ours, tidied up, or somebody else's
        return found

    def record_of(self, kind: Kind, raw: Mapping[str, object]) -> object:
        """Return the record behind *raw*; a signing secret in it is kept apart."""
        secrets = [Secret(str(raw[name])) for name in _SECRETS if raw.get(name)]
        if secrets:
            self.secret = secrets[0]
            raw = {name: value for name, value in raw.items() if name not in _SECRETS}
        return _RECORDS[kind].from_record(raw, zone=self._hedy.zone)


def _write(
    hedy: Hedy,
    action: Action,
    kind: Kind,
    *,
    body: Mapping[str, object],
    target: str | None = None,
    before: Record | None = None,
    after: Mapping[str, object] | None = None,
    effects: Iterable[str] = (),
    warnings: Iterable[str] = (),
    words: str | None = None,
    others: list[Record] | None = None,
) -> Write:
    method, _, path = routes.WRITES[action, kind].partition(" ")
    known = None if others is None else frozenset(ident for other in others if (ident := kinds.identity(_PLURAL[kind], other)))
    return Write(
        action=action,
        kind=kind,
        method=method,  # type: ignore[arg-type]  # the table holds only these
        host=hedy.settings.host,
        path=protocol.filled(path, *([target] if target else [])),
        body=body,
        target=target,
        before=before,
        after=after,
        effects=tuple(effects),
        warnings=tuple(warnings),
        words=words,
        sender=Sender(hedy, known),
        twin=_same_already(kind, body, others) if action == "create" else None,
    )


def _others(hedy: Hedy, kind: Kind) -> list[Record] | None:
    """Return what there is of *kind*, asked for again; None where it cannot be had, since no effect is worth failing for."""
    return _looked_up(hedy, kind)[0]


def _looked_up(hedy: Hedy, kind: Kind) -> tuple[list[Record] | None, HedyError | None]:
    """Return what there is of *kind*, or why that cannot be had."""
    try:
        return hedy._ask(lambda reader: reader.rows(_PLURAL[kind], _LISTS[kind]), True), None
    except HedyError as error:
        return None, error


class Target(NamedTuple):
    """What a write is about, as it was when it was read."""

    record: Record
    ident: str


def target(hedy: Hedy, kind: Kind, which: str) -> Target:
    """Return what *which*, an id or exact name, names, read again.

    Raises:
        NotFound: there is none.
        UsageError: two have that name.
    """

    async def flow(reader: Reader) -> Target:
        rows = await reader.rows(_PLURAL[kind], _LISTS[kind])
        ident = _exact(kind, rows, which)
        return Target(await _read(reader, kind, ident), ident)

    return hedy._ask(flow, True)


def listed_target(hedy: Hedy, kind: Kind, which: str) -> Target:
    """Return what *which* names as its list shows it, by one request: enough to fill a form, whose review reads it again.

    Raises:
        NotFound: there is none.
        UsageError: two have that name.
    """

    async def flow(reader: Reader) -> Target:
        rows = await reader.rows(_PLURAL[kind], _LISTS[kind])
        ident = _exact(kind, rows, which)
        return Target(next(row for row in rows if kinds.identity(_PLURAL[kind], row) == ident), ident)

    return hedy._ask(flow, True)


def read_again(hedy: Hedy, kind: Kind, ident: str) -> Target:
    """Return what has the id *ident*, by one request.

    Raises:
        NotFound: it is gone.
    """
    return Target(hedy._ask(lambda reader: _read(reader, kind, ident), True), ident)


def _exact(kind: Kind, rows: list[Record], which: str) -> str:
    """The id of the one that has *which* as its id or its exact name, title or URL.

    Raises:
        NotFound: none has.
        UsageError: two have, or *which* is no name at all.
    """
    if not isinstance(which, str) or not which:
        raise UsageError(f"{which!r} does not name a {kind}.", advice=f"Give its id or its exact {LABELS[kind]}.")
    ids = [kinds.identity(_PLURAL[kind], row) for row in rows]
    if which in ids:
        return which
    found = [ident for ident, row in zip(ids, rows, strict=True) if ident and row.get(LABELS[kind]) == which]
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} {_PLURAL[kind]} are called {which!r}: {', '.join(found)}.", advice="Give the id of the one you mean."
        )
    if not found:
        close = close_names(which, (str(row.get(LABELS[kind]) or "") for row in rows))
        hint = f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
        raise NotFound(
            f"No {kind} has the id or the exact {LABELS[kind]} {which!r}.",
            advice=f"{hint}A write takes no part of a name, and no other case.",
        )
    return found[0]


async def _read(reader: Reader, kind: Kind, ident: str, *, once: bool = False) -> Record:
    """One record, read anew; webhooks have no endpoint of their own.

    Raises:
        NotFound: it is gone.
    """
    if kind in _SINGLE:
        return await reader.fresh(_SINGLE[kind], ident, once=once)
    rows = await reader.fresh_rows(_PLURAL[kind], _LISTS[kind], once=once)
    found = next((row for row in rows if kinds.identity(_PLURAL[kind], row) == ident), None)
    if found is None:
        raise NotFound(f"The {kind} {ident} is gone.")
    return {name: value for name, value in found.items() if name not in _SECRETS}  # not into a review, nor into any output


def _creation(kind: Kind, body: Mapping[str, object], others: list[Record] | None) -> tuple[list[str], list[str]]:
    name = body.get(LABELS[kind])
    effects = [f"Adds the {kind} to the account.", *_default_effects(kind, body, None, others)]
    warnings = _twin(kind, name, others)
    if kind == "context" and others:
        warnings.append("The free plan holds one context: there Hedy refuses a second one.")
    return effects, warnings


def _twin(kind: Kind, name: object, others: list[Record] | None) -> list[str]:
    if not any(other.get(LABELS[kind]) == name for other in others or ()):
        return []
    return [f'There is a {kind} {"to" if kind == "webhook" else "called"} "{name}" already; this adds a second one.']


def _same_already(kind: Kind, body: Mapping[str, object], others: list[Record] | None) -> Record | None:
    """Return the one of *others* that has all that a creation with *body* would give: name and fields, or URL and events."""
    names = [name for name in SHOWN[kind] if name != "isDefault" or body.get(name)]
    return next((other for other in others or () if all(_same(other.get(name), body.get(name)) for name in names)), None)


def _deletion(hedy: Hedy, kind: Kind, before: Record, ident: str) -> tuple[list[str], list[str]]:
    if kind == "topic":
        count = before.get("sessionCount")
        linked = f"its {count:,} session{'' if count == 1 else 's'}" if isinstance(count, int) else "its sessions"
        warnings = []
        if isinstance(count, int) and count > UNLINK_LIMIT:
            warnings.append(
                f"Above {UNLINK_LIMIT:,} sessions Hedy may stop half-way (deletion_limit_exceeded) and leave the topic in the state "
                "deletion_failed; the rest is then to be done in the Hedy app."
            )
        if before.get("state") == "deletion_failed":
            warnings.append("An earlier deletion stopped half-way (deletion_failed); if this one does too, finish in the Hedy app.")
        return [f"Unlinks {linked} and keeps them; the topic with its instructions and overview is gone."], warnings
    if kind == "webhook":
        url = str(before.get("url") or "")
        effects = [f"Hedy sends nothing more to {url}."]
        others = [other for other in _others(hedy, kind) or () if kinds.identity("webhooks", other) != ident]
        host = api_text.host(url)
        if host and any(api_text.host(other.get("url")) == host for other in others):
            effects.append(f"Another webhook still sends to {host}.")
        return effects, []
    effects = ["The context is gone; meetings that were analysed with it stay as they are."]
    if before.get("isDefault"):
        effects.append(f"It is the default: {_promoted(_others(hedy, kind), ident)}")
    return effects, []


def _promoted(contexts: list[Record] | None, ident: str) -> str:
    """Which of *contexts* takes the place of the default one, *ident*, when that is deleted."""
    if contexts is None:
        return "of the others the one updated last becomes the default."
    rest = [other for other in contexts if kinds.identity("contexts", other) != ident]
    newest = max(rest, key=lambda other: str(other.get("updatedAt") or ""), default=None)
    return f'"{newest.get("title")}", the one updated last, becomes the default.' if newest else "there is no default context afterwards."


def _default_effects(kind: Kind, body: Mapping[str, object], ident: str | None, others: list[Record] | None) -> list[str]:
    if kind != "context" or "isDefault" not in body:
        return []
    if not body["isDefault"]:
        return ["It is no longer the default."] if ident else []
    cleared = [f'"{other.get("title")}"' for other in others or () if other.get("isDefault") and kinds.identity("contexts", other) != ident]
    which = f" in place of {', '.join(cleared)}" if cleared else ""
    return [f"Becomes the default for new meetings{which}; no other context stays the default."]


def _same(one: object, other: object) -> bool:
    """Whether two values mean the same: what is missing, null, empty and false are one, and a list has no order."""
    if isinstance(one, list) and isinstance(other, list):
        return set(map(str, one)) == set(map(str, other))
    return one == other or (not one and not other)


def _done(change: Change, answer: object) -> Record | None:
    """Return the record that was created or changed, by what *answer* says; of a deletion, the one that was deleted.

    Raises:
        ServerError: the answer does not say that it was done.
    """
    if change.action == "delete":
        protocol.confirmed_deletion(answer)
        return change.before
    found = protocol.record("data", answer)
    ident = kinds.identity(_PLURAL[change.kind], found)
    if ident is None or (change.target is not None and ident != change.target):
        raise protocol.not_the_api(HTTPStatus.OK)
    return found


def _holds(record: Record, body: Mapping[str, object]) -> bool:
    return all(_same(record.get(name), value) for name, value in body.items())


def _folded(name: object) -> str:
    return str(name or "").strip().casefold()


def _label(kind: Kind, api_name: str) -> str:
    return next(field.label for field in fields.FIELDS[kind] if fields.NAMES[field.name] == api_name)


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
        advice=f"Look with %hedy {_PLURAL[change.kind]} --refresh before you make it anew; it is not sent again.",
    )
