"""The account commands of ``%hedy``: status, key, demo account, requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, cast, get_args

from hedy_jupyter import credentials, profiles, settings
from hedy_jupyter.account import current
from hedy_jupyter.credentials import KEYS, Secret
from hedy_jupyter.errors import NoKey, UsageError
from hedy_jupyter.lazy import at_first_use
from hedy_jupyter.magics.command import Argument, Call, Command, Option, Reply
from hedy_jupyter.magics.context import CommandContext, Display
from hedy_jupyter.magics.greeting import account_line, demo_line, no_key_line
from hedy_jupyter.magics.status import archive_line, delivery_line
from hedy_jupyter.text.phrasing import counted
from hedy_jupyter.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from hedy_jupyter.account.hedy import Hedy
    from hedy_jupyter.demo_server.service import Service
    from hedy_jupyter.display import display_mixin
else:
    display_mixin = at_first_use("hedy_jupyter.display.display_mixin")


def _status(ctx: CommandContext, call: Call) -> Reply:
    try:
        hedy = ctx.hedy
    except NoKey:
        return Reply(display_mixin.Card("Hedy", [("Account", "none"), ("Key", no_key_line())]))
    return Reply(_card(hedy))


def _card(hedy: Hedy) -> display_mixin.Card:
    found = hedy.settings
    rows = [
        ("Account", "DEMO, nothing is sent to Hedy" if found.demo else "LIVE"),
        *([("Profile", found.profile)] if found.profile else []),
        ("Region", f"{found.region} ({found.sources['region']})"),
        ("Host", found.host),
        ("Key", f"from {found.sources['key']}"),
        ("Time zone", f"{hedy.zone} ({found.sources['timezone']})"),
        ("Archive", archive_line(hedy)),
        *([("Last delivery", delivered)] if (delivered := delivery_line(hedy)) else []),
        ("Requests left this minute", _NO_LIMIT if hedy.requests_left is None else str(hedy.requests_left)),
    ]
    return display_mixin.Card("Hedy", rows)


def _login(ctx: CommandContext, call: Call) -> Reply:
    name = call.get("--profile")
    entry = credentials.USER if name is None else profiles.keyring_entry(name, settings.environment())
    try:
        key = credentials.checked(Secret(ctx.ask_hidden("Hedy API key (not shown): ")), "the prompt")
    except (NotImplementedError, EOFError):
        raise UsageError(
            "This session is not interactive, so the key can't be asked for here.",
            advice="Set HEDY_API_KEY in the environment.",
        ) from None
    kept = KEYS.store(key, entry)
    added = "" if name is None else profiles.add(name, settings.environment())
    ctx.live = current.connect(key.reveal(), profile=name)
    ctx.live.settings = replace(
        ctx.live.settings, sources=MappingProxyType({**ctx.live.settings.sources, "key": "%hedy login"})
    )
    where = "in the system keyring" if kept else "in this kernel only (pip install keyring keeps it)"
    line = f"The key is stored {where}. LIVE account, region {ctx.live.settings.region}. {added}".rstrip()
    return Reply(status=f"{line} Try %hedy me.")


def _use(ctx: CommandContext, call: Call) -> Reply:
    name = call.arguments.get("NAME")
    if name is None:
        return Reply(_profiles_card(profiles.read(settings.environment())))
    if settings.demo_asked(settings.environment()):
        raise UsageError("HEDY_DEMO is set, so this stays the demo account.", advice="Unset it to use a profile.")
    ctx.live = current.connect(profile=name)
    return Reply(status=account_line())


def _profiles_card(found: profiles.ProfileFile) -> display_mixin.Card:
    """Return what profiles there are, and which is in use."""
    account = current.in_use()
    in_use = account.settings.profile if account else None
    rows = [("File", str(found.path))]
    for name, profile in found.profiles.items():
        marks = ["in use"] * (name == in_use) + ["default"] * (name == found.default)
        facts = [f"{field} {value}" for field, value in profile.values.items()]
        rows.append((name, ", ".join([*marks, *facts])))
    if not found.profiles:
        rows.append(("Profiles", "There are no profiles yet. %hedy login --profile NAME creates one."))
    return display_mixin.Card("Profiles", rows)


def _logout(ctx: CommandContext, call: Call) -> Reply:
    name = call.get("--profile")
    entry = credentials.USER if name is None else profiles.keyring_entry(name, settings.environment())
    forgotten = KEYS.forget(entry)
    now = current.in_use()
    if now is not None and not now.settings.demo:
        current.leave()  # not closed: the user may hold it
    ctx.live = None
    line = "The stored key was deleted." if forgotten else "No key was stored."
    if name is None and settings.environment().get("HEDY_API_KEY", "").strip():
        line += " HEDY_API_KEY in the environment still contains a key."
    return Reply(status=line)


def _demo(ctx: CommandContext, call: Call) -> Reply:
    action, fault = call.arguments.get("ACTION", "on"), call.arguments.get("NAME")
    if action not in _DEMO_ACTIONS:
        raise UsageError(
            f"Unknown action {action!r} for %hedy demo.",
            advice=did_you_mean(action, _DEMO_ACTIONS) or f"Usage: {call.command.usage}",
        )
    if fault is not None and action != "fault":
        raise UsageError(
            f"Unexpected argument {fault!r} for %hedy demo {action}.", advice=f"Usage: {call.command.usage}"
        )
    return _DEMO_ACTIONS[action](ctx, fault)


def _demo_on(ctx: CommandContext, fault: str | None) -> Reply:
    now = current.in_use()
    if now is not None and now.settings.demo:
        ctx.demo = now
    else:
        ctx.live = now
        ctx.demo = current.use(ctx.demo) if ctx.demo is not None else current.demo()
    return Reply(status=demo_line())


def _demo_off(ctx: CommandContext, fault: str | None) -> Reply:
    now = current.in_use()
    if now is not None and now.settings.demo:
        ctx.demo = now
        current.leave(ctx.live)
    if current.in_use() is None and settings.demo_asked(settings.environment()):
        return Reply(status="HEDY_DEMO is set, so this stays the demo account; unset it to leave.")
    return Reply(status=account_line())


def _demo_reset(ctx: CommandContext, fault: str | None) -> Reply:
    hedy, service = _demo_service(ctx)
    service.reset()
    hedy.forget()
    ctx.sent_by_digest = {place: sent for place, sent in ctx.sent_by_digest.items() if place[0] != id(hedy)}
    return Reply(status="The demo account was reset.")


def _demo_fault(ctx: CommandContext, fault: str | None) -> Reply:
    hedy, service = _demo_service(ctx)
    if fault is None:
        raise UsageError("%hedy demo fault needs a name.", advice=f"Faults: {_FAULTS.replace('|', ', ')}.")
    try:
        service.fault(fault)
    except ValueError as error:
        raise UsageError(f"{error}.", advice=did_you_mean(fault, _FAULTS.split("|"))) from None
    hedy.forget()
    if fault == "off":
        return Reply(status="Fault cleared; the demo account works normally.")
    return Reply(status=f"The demo account now has the fault {fault}; %hedy demo fault off ends it.")


def _demo_service(ctx: CommandContext) -> tuple[Hedy, Service]:
    hedy = ctx.hedy
    if hedy.service is None:
        raise UsageError("The demo account is not in use.", advice="%hedy demo switches to it.")
    return hedy, hedy.service


_DEMO_ACTIONS: Mapping[str, Callable[[CommandContext, str | None], Reply]] = {
    "on": _demo_on,
    "off": _demo_off,
    "reset": _demo_reset,
    "fault": _demo_fault,
}


def _me(ctx: CommandContext, call: Call) -> Reply:
    return Reply(ctx.hedy.me(refresh=call.refresh))


def _log(ctx: CommandContext, call: Call) -> Reply:
    frame = ctx.hedy.requests
    left = ctx.hedy.requests_left
    line = f"{counted(len(frame), 'request')}, {_NO_LIMIT if left is None else f'{left} left this minute'}"
    return Reply(frame, line, view="log")


def _display(ctx: CommandContext, call: Call) -> Reply:
    how = call.arguments.get("HOW")
    if how is not None and how not in get_args(Display):
        raise UsageError(
            f"Unknown way to show lists: {how!r}.",
            advice=did_you_mean(how, get_args(Display)) or f"The ways are: {', '.join(get_args(Display))}.",
        )
    ctx.display = cast("Display", how or ctx.display)
    return Reply(status=_DISPLAYS[ctx.display])


_DISPLAYS: Mapping[Display, str] = MappingProxyType(
    {
        "view": "%hedy shows lists as views: local times, whole texts. %hedy display pandas shows them as pandas does.",
        "pandas": "%hedy shows lists as pandas does. %hedy display view shows views of them.",
    }
)


_NO_LIMIT = "no limit on the demo account"

_FAULTS = "429|500|timeout|drop|tier|deletion_limit|deletion_in_progress|slow|gateway|maintenance|off"

_PROFILE = Option("--profile", "Use the key of this profile, in the keyring.", "NAME", source="profiles")

STATUS = Command(
    "",
    _status,
    "Show the account, region, host, where the key came from, and the requests left this minute.",
    reads=False,
)
ACCOUNT_COMMANDS = (
    Command(
        "login",
        _login,
        "Ask for the key without showing it, and keep it in the system keyring, else in this kernel.",
        options=(_PROFILE,),
        reads=False,
    ),
    Command("logout", _logout, "Delete the key that login stored.", options=(_PROFILE,), reads=False),
    Command(
        "use",
        _use,
        "Use the account of a profile; without NAME list the profiles.",
        (Argument("NAME", optional=True, source="profiles"),),
        reads=False,
    ),
    Command(
        "demo",
        _demo,
        "Switch to the built-in demo account or back, reset it, or let it answer with a fault.",
        (
            Argument("ACTION", optional=True, source="on|off|reset|fault"),
            Argument("NAME", optional=True, source=_FAULTS),
        ),
        reads=False,
    ),
    Command("me", _me, "Show whose account it is."),
)
DISPLAY = Command(
    "display",
    _display,
    "Choose how %hedy shows lists: as views or as pandas does.",
    (Argument("HOW", optional=True, source="view|pandas"),),
    reads=False,
)
LOG = Command("log", _log, "List the requests that were made.", reads=False)
