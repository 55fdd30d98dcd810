"""What the API takes in a write, checked before anything is sent (the endpoint tables of the API notes and the agent skill).

Lengths are counted in characters as people count them in text: code points. Where the API should count otherwise it says so itself,
and nothing is lost; a stricter count here would refuse what it takes.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote, urlsplit

from hedy_jupyter.errors import KEY_LIKE, UsageError

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "description": "description",
        "color": "color",
        "icon_name": "iconName",
        "topic_context": "topicContext",
        "title": "title",
        "content": "content",
        "is_default": "isDefault",
    }
)
"""Our names → the API's."""


@dataclass(frozen=True)
class Field:
    """One field of a topic or context.

    Attributes:
        name: in snake case.
        label: as the forms call it.
        least, most: how many characters it may have; *most* 0 is no limit.
        flag: it is true or false, not text.
        clearable: None clears it.
    """

    name: str
    label: str
    least: int = 0
    most: int = 0
    flag: bool = False
    clearable: bool = False


FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "topic": (
            Field("name", "Name", 1, 100),
            Field("description", "Description", 0, 500),
            Field("color", "Color"),
            Field("icon_name", "Icon"),
            Field("topic_context", "Instructions", 0, 20_000, clearable=True),
        ),
        "context": (
            Field("title", "Title", 1, 200),
            Field("content", "Content", 0, 20_000),
            Field("is_default", "Default", flag=True),
        ),
    }
)

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "session.created": "title and start time of each meeting that begins",
        "session.ended": "the whole meeting when it ends: transcript, minutes, recap, highlights, notes",
        "session.exported": "the whole meeting when somebody exports it: transcript, minutes, recap, highlights, notes",
        "highlight.created": "each highlight: title, quotes, main idea, insight",
        "todo.exported": "each exported todo: its text and due date",
        "suggestion.created": "each suggestion of Hedy during a meeting: question and answer",
    }
)
"""The events that are known, and what each will carry."""
_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_TOKEN_NAMES = re.compile(r"token|key|secret|sig|auth|pass|code|hash|session", re.IGNORECASE)
_TOKEN_LENGTH = 16
_HOST = re.compile(r"[a-z0-9._-]+")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_READ_IN_TWO_WAYS = "\u00df\u03c2"
"""Signs that the older rule for host names (Python's codec) turns into others, and the newer one (browsers, Node) keeps."""
_IPV6_IN_USE = ipaddress.IPv6Network("2000::/3")
"""What lies outside leads to no host of the internet, or by a detour (NAT64, ::10.0.0.1) into a network of somebody's own."""
_WILDCARD_DNS = (
    *(
        "nip.io",
        "sslip.io",
        "xip.io",
        "nip.direct",
        "backname.io",
        "traefik.me",
        "my.local-ip.co",
        "local-ip.sh",
        "local-ip.medicmobile.org",
    ),
    *(
        "localtest.me",
        "lvh.me",
        "lacolhost.com",
        "vcap.me",
        "localho.st",
        "local.gd",
        "localhost.direct",
        "lcl.host",
        "fuf.me",
        "yoogle.com",
    ),
)
"""Public names under which every name leads to this machine, or to the address that is written in it."""
_RESERVED = ("test", "invalid", "localhost", "onion", "alt")
"""Names that lead nowhere in the internet's DNS, or to nobody (RFC 2606, 6761, 7686, 9476)."""
_WRITTEN_ADDRESS = re.compile(
    r"(?<![0-9a-z])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?![0-9a-z])|(?<![0-9a-z])([0-9a-f]{8})(?![0-9a-z])"
)
_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "lan", "home", "home.arpa", "intranet", "private", "corp")


def problem(kind: str, name: str, value: object) -> str:
    """What is wrong with *value* for the field *name* of a topic or context, in one line; empty where nothing is."""
    field = next(field for field in FIELDS[kind] if field.name == name)
    if value is None and field.clearable:
        return ""
    if field.flag:
        return "" if isinstance(value, bool) else f"{field.label} is true or false, not {value!r}."
    if not isinstance(value, str):
        return f"{field.label} is text, not {type(value).__name__}."
    if field.least and not value.strip():
        return f"{field.label} is empty."
    if holds_key(value):
        return f"{field.label} holds what looks like an API key, which does not belong there."
    if any(unicodedata.category(sign) == "Cs" for sign in value):
        return f"{field.label} holds half of a character (a lone surrogate), which cannot be sent."
    if field.most and len(value) > field.most:
        return f"{field.label} has {len(value):,} characters; {field.most:,} is the most."
    if name == "color" and not _COLOR.fullmatch(value):
        return f"{field.label} {value!r} is not of the form #RRGGBB."
    return ""


def holds_key(text: str) -> bool:
    """Whether *text* holds what looks like an API key, percent-encoded ones too."""
    return KEY_LIKE.search(text) is not None or KEY_LIKE.search(unquote(text)) is not None


def body(kind: str, values: Mapping[str, object]) -> dict[str, object]:
    """*values* by our names as the API's JSON.

    Raises:
        UsageError: a name that *kind* does not have, or a value that the API does not take.
    """
    known = [field.name for field in FIELDS[kind]]
    for name, value in values.items():
        if name not in known:
            raise UsageError(f"A {kind} has no {name!r}.", advice=f"It has: {', '.join(known)}.")
        wrong = problem(kind, name, value)
        if wrong:
            raise UsageError(wrong, advice="Nothing was sent.")
    return {NAMES[name]: value for name, value in values.items()}


def checked_events(events: str | Iterable[str]) -> list[str]:
    """Return *events* as a list without repeats. A name that is not documented passes where it has the form of one: Hedy decides.

    Raises:
        UsageError: there is none, or one that no event is called.
    """
    found = list(dict.fromkeys([events] if isinstance(events, str) else events or ()))
    if not found:
        raise UsageError("A webhook needs at least one event.", advice=f"Choose from: {', '.join(EVENTS)}.")
    wrong = [event for event in found if event not in EVENTS and not (isinstance(event, str) and _EVENT.fullmatch(event))]
    if wrong:
        raise UsageError(f"There is no event {wrong[0]!r}.", advice=f"The events are: {', '.join(EVENTS)}.")
    return found


def carries(event: str) -> str:
    """Return what *event* will carry, in words."""
    return EVENTS.get(event, "not documented, so what it carries is not known here")


def event_warnings(events: Iterable[str]) -> list[str]:
    """Return a warning for each of *events* that is not documented."""
    found = []
    for event in events:
        if event not in EVENTS:
            close = difflib.get_close_matches(event, EVENTS, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            found.append(f"{event} is not a documented event; Hedy may refuse it.{hint}")
    return found


@dataclass(frozen=True)
class Destination:
    """Where a webhook would send to.

    Attributes:
        url: as it was given.
        host: lower case, in its ASCII form, an IP address in its usual form; what is typed to confirm.
        warnings: what is unusual about it, a line each.
    """

    url: str
    host: str
    warnings: tuple[str, ...] = ()


def destination(url: str, used_hosts: Iterable[str] | None = ()) -> Destination:
    """The destination behind *url*; *used_hosts* are those of the account's other webhooks, None where they are not known.

    Raises:
        UsageError: no https URL, user info in it, or a host that only this machine or its network knows.
    """
    advice = "Give an https address that is open to the internet, such as https://api.example.com/hedy."
    if not isinstance(url, str) or not url.strip():
        raise UsageError("The URL is empty.", advice=advice)
    if holds_key(url):
        raise UsageError("The URL holds what looks like an API key, which does not belong there.", advice=advice)
    if any(sign.isspace() or sign == "\\" or unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in url):
        raise UsageError("The URL holds white space or signs that no URL has.", advice=advice)
    try:
        parts = urlsplit(url)
        port, name = parts.port, parts.hostname or ""
    except ValueError:
        raise UsageError("The URL cannot be read.", advice=advice) from None
    if parts.scheme != "https":
        raise UsageError("A webhook's URL must begin with https://.", advice=advice)
    if "@" in parts.netloc:
        raise UsageError(
            "The URL holds a user or a password.", advice="Put the secret into the path that your server knows, or check the signature."
        )
    host, address = _read_host(name)
    if not host or port == 0 or ("[" in parts.netloc and ":" not in name):
        raise UsageError("The URL has no host that can be read.", advice=advice)
    if _is_local(host, address):
        raise UsageError(
            f"{host} is only reachable from this machine or its network; Hedy could not, and should not, send there.", advice=advice
        )
    used = None if used_hosts is None else {_read_host(other)[0] for other in used_hosts}
    return Destination(url, host, tuple(_unusual(parts.query, port, name, host, address is not None, used)))


def _read_host(name: str) -> tuple[str, _Address | None]:
    """The host that *name* is, in the form that goes over the network, and its IP address if it is one; empty where it is none."""
    try:
        address = _address(name) if ":" in name else None
        host = name if address else _ascii(name)
        if address is None and _NUMBER.fullmatch(host.rpartition(".")[2]):  # whatever ends in a number is an IPv4 address, or nothing
            address = ipaddress.IPv4Address(socket.inet_aton(host))
    except (ValueError, OSError):  # UnicodeError is a ValueError
        return "", None
    return (str(address) if address else host), address


def _ascii(name: str) -> str:
    """*name* as it goes over the network.

    Raises:
        ValueError: it cannot.
    """
    if any(sign in name for sign in _READ_IN_TWO_WAYS):
        raise ValueError(name)
    host = unicodedata.normalize("NFKC", name).lower().encode("idna").decode("ascii").lower().rstrip(".")
    if not _HOST.fullmatch(host):
        raise ValueError(name)
    return host


def _address(name: str) -> _Address:
    """The address behind the IPv6 spelling *name*: the IPv4 address where one stands in it.

    Raises:
        ValueError: it is none.
    """
    found = ipaddress.IPv6Address(name.partition("%")[0])
    return found.ipv4_mapped or found.sixtofour or found


def _is_local(host: str, address: _Address | None) -> bool:
    if address is None:
        return "." not in host or any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES)
    return not address.is_global or address.is_multicast or (address.version == 6 and address not in _IPV6_IN_USE)


def _unusual(query: str, port: int | None, name: str, host: str, is_address: bool, used: set[str] | None) -> Iterable[str]:
    name, shown = name.rstrip("."), _unicode(host)
    if is_address:
        yield f"{host} is an IP address, not a name{'' if name == host else f', written as {name}'}."
    if port not in {None, 443}:
        yield f"The port is {port}, not 443."
    if not is_address:
        yield from _resolving(host)
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(_TOKEN_NAMES.search(key) or max(len(key), len(value)) >= _TOKEN_LENGTH for key, value in pairs):
        yield "The query may hold a token; it is kept in Hedy and shown wherever the webhook is listed."
    if not is_address and (name != host or "xn--" in host):
        yield f"The host is not ASCII: {shown if name == host else name} is {host}. Look whether it is the one that you mean."
    if any(len(_alphabets(label)) > 1 for label in shown.split(".")):
        yield "The host mixes alphabets, as names do that are made to look like others."
    if used is None:
        yield f"Whether another webhook of this account sends to {host} could not be looked up."
    elif host not in used:
        yield f"No other webhook of this account sends to {host}."


def _resolving(host: str) -> Iterable[str]:
    """Yield what is to be said of a name that leads, or may lead, to a private address or to nobody."""
    wildcard = next((name for name in _WILDCARD_DNS if host == name or host.endswith(f".{name}")), None)
    address = _written_address(host)
    if address is not None and _is_local(str(address), address):
        yield f"The name holds the private address {address}; names of this kind lead there, and not to a server of the internet."
    elif wildcard:
        yield f"Names below {wildcard} lead to this machine or to the address that is written in them."
    if any(host == name or host.endswith(f".{name}") for name in _RESERVED):
        yield f"{host} is a name for tests, or of a closed network: Hedy may not reach it, or reach somebody else."


def _written_address(host: str) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that stands in the name *host*, with dots, with hyphens or as eight hexadecimal digits."""
    for found in _WRITTEN_ADDRESS.finditer(host):
        try:
            return ipaddress.IPv4Address(int(found[5], 16)) if found[5] else ipaddress.IPv4Address(".".join(found.groups()[:4]))
        except ValueError:
            continue
    return None


def _unicode(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _alphabets(label: str) -> set[str]:
    """The alphabets of the letters in *label*; Japanese and Korean write with several, which count as one."""
    names = {unicodedata.name(sign, "?").split()[0] for sign in label if sign.isalpha()}
    east = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"}
    return {"CJK" if name in east else name for name in names}
