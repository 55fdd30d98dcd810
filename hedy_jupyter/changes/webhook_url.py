"""Check whether a webhook's URL is safe: where it leads, and what is unusual about it."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from hedy_jupyter.changes.fields import IPV6_IN_USE, HoldsKey
from hedy_jupyter.errors import UsageError
from hedy_jupyter.text.api_keys import looks_like_key
from hedy_jupyter.text.host_names import ascii_host, unicode_host

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TOKEN_NAMES = re.compile(r"token|key|secret|sig|auth|pass|code|hash|session", re.IGNORECASE)

_TOKEN_LENGTH = 16

_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")

_WILDCARD_DNS = (
    *(
        "nip.io",
        "ip6.name",
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
"""Public names below which every name leads to this machine, or to the address that is written in the name."""

_RESERVED = (
    *("test", "invalid", "localhost", "onion", "alt"),
    *(
        "svc",
        "cluster",
        "consul",
        "docker",
        "fritz.box",
        "speedport.ip",
        "router",
        "gateway",
        "intra",
        "intern",
        "localnet",
        "priv",
        "dhcp",
    ),
)
"""Names that the public DNS does not have (RFC 2606, 6761, 7686, 9476), and names that routers and clusters give."""

_WRITTEN_ADDRESS = re.compile(
    r"(?<![0-9a-z])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?![0-9a-z])|(?<![0-9a-z])([0-9a-f]{8})(?![0-9a-z])"
)

_HYPHENS_OF_IPV6 = 7

_LOCAL_NAMES = (
    "localhost",
    "local",
    "internal",
    "localdomain",
    "lan",
    "home",
    "home.arpa",
    "intranet",
    "private",
    "corp",
)


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


def destination(
    url: str, used_hosts: Iterable[str] | None = (), *, holds_key: HoldsKey = looks_like_key
) -> Destination:
    """Return the destination of *url*.

    Args:
        url: the URL of a webhook.
        used_hosts: the hosts of the account's other webhooks; None where those could not be read.
        holds_key: tells whether a text holds an API key.

    Raises:
        UsageError: *url* is no https URL, holds a user or a password, or its host is only reachable from here.
    """
    advice = "Give an https address that is open to the internet, such as https://api.example.com/hedy."
    if not isinstance(url, str) or not url.strip():
        raise UsageError("The URL is empty.", advice=advice)
    if holds_key(url):
        raise UsageError("The URL holds what looks like an API key, which does not belong there.", advice=advice)
    if any(one.isspace() or one == "\\" or unicodedata.category(one) in {"Cc", "Cf", "Cs"} for one in url):
        raise UsageError("The URL contains a space or a character not allowed in a URL.", advice=advice)
    try:
        parts = urlsplit(url)
        port, name = parts.port, parts.hostname or ""
    except ValueError:
        raise UsageError("The URL cannot be read.", advice=advice) from None
    if parts.scheme != "https":
        raise UsageError("A webhook's URL must begin with https://.", advice=advice)
    if "@" in parts.netloc:
        raise UsageError(
            "The URL holds a user or a password.",
            advice="Put the secret into the path, or check the signature.",
        )
    host, address = _read_host(name)
    if not host or port == 0 or ("[" in parts.netloc and ":" not in name):
        raise UsageError("The URL has no valid host.", advice=advice)
    if _is_local(host, address):
        raise UsageError(
            f"{host} is only reachable from this machine or its network; Hedy could not, and should not, send there.",
            advice=advice,
        )
    used = None if used_hosts is None else {_read_host(other)[0] for other in used_hosts}
    return Destination(url, host, tuple(_unusual(parts.query, port, name, host, address is not None, used)))


_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_LEFT_AS_IT_IS = "%/?:@!$&'()*+,;=~[]"


def normalized(url: str) -> str:
    """Return *url* in the normal form that servers give it; one that cannot be read stays as it is.

    The host is in its network form; the default port, steps such as ``..`` and the fragment are left out.
    """
    try:
        parts = urlsplit(url.strip())
        host, address = _read_host(parts.hostname or "")
        port = "" if parts.port in {None, 443} else f":{parts.port}"
    except ValueError:
        return url
    if parts.scheme != "https" or not host:
        return url
    beginning = f"https://{f'[{host}]' if address is not None and address.version == 6 else host}{port}"
    path = quote("/".join(_without_dots(parts.path.split("/"))).encode("utf-8", "replace"), safe=_LEFT_AS_IT_IS) or "/"
    query = quote(parts.query.encode("utf-8", "replace"), safe=_LEFT_AS_IT_IS)
    return beginning + _PERCENT.sub(lambda found: found[0].upper(), path + (f"?{query}" if query else ""))


def _without_dots(steps: list[str]) -> list[str]:
    """Return *steps* of a path, of which the first is empty, without ``.`` and ``..``."""
    found: list[str] = []
    for place, step in enumerate(steps):
        if step == ".." and len(found) > 1:
            found.pop()
        if step not in {".", ".."}:
            found.append(step)
        elif place == len(steps) - 1:
            found.append("")
    return found


def _read_host(name: str) -> tuple[str, _Address | None]:
    """Return *name* as a host in its network form, and its IP address if it is one; empty where it is no host."""
    try:
        address = _address(name) if ":" in name else None
        host = name if address else ascii_host(name)
        if address is None and _NUMBER.fullmatch(
            host.rpartition(".")[2]
        ):  # whatever ends in a number is an IPv4 address, or nothing
            address = ipaddress.IPv4Address(socket.inet_aton(host))
    except (ValueError, OSError):  # UnicodeError is a ValueError
        return "", None
    return (str(address) if address else host), address


def _address(name: str) -> _Address:
    """Return the address that *name* spells in IPv6: the IPv4 address where it holds one.

    Raises:
        ValueError: *name* is no address.
    """
    found = ipaddress.IPv6Address(name.partition("%")[0])
    return found.ipv4_mapped or found.sixtofour or found


def _is_local(host: str, address: _Address | None) -> bool:
    if address is None:
        return "." not in host or any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES)
    return not address.is_global or address.is_multicast or (address.version == 6 and address not in IPV6_IN_USE)


def _unusual(
    query: str, port: int | None, name: str, host: str, is_address: bool, used: set[str] | None
) -> Iterable[str]:
    name, shown = name.rstrip("."), unicode_host(host)
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
        yield f"The host is not ASCII: {shown if name == host else name} is {host}. Check that it is the one you mean."
    if any(len(_alphabets(label)) > 1 for label in shown.split(".")):
        yield "The host mixes alphabets, like names that imitate others."
    if used is None:
        yield f"Whether another webhook of this account sends to {host} could not be looked up."
    elif host not in used:
        yield f"No other webhook of this account sends to {host}."


def _resolving(host: str) -> Iterable[str]:
    """Yield warnings about a name that leads, or may lead, to a private address or nowhere."""
    wildcard = next((name for name in _WILDCARD_DNS if host == name or host.endswith(f".{name}")), None)
    address = _written_address(host)
    if address is not None and _is_local(str(address), address):
        yield (
            f"The name holds the private address {address}; such names resolve to it, not to a server on the internet."
        )
    elif wildcard:
        yield f"Names below {wildcard} resolve to this machine or to the address written in them."
    if any(host == name or host.endswith(f".{name}") for name in _RESERVED):
        yield f"{host} is a name for tests, or of a closed network: Hedy may not reach it, or may reach another server."


def _written_address(host: str) -> _Address | None:
    """Return the address that is written in the name *host*, or None.

    IPv4 with dots, hyphens or as eight hexadecimal digits; IPv6 with hyphens.
    """
    for label in host.split("."):
        if "--" in label or label.count("-") == _HYPHENS_OF_IPV6:
            with suppress(ValueError):
                found = _address(label.replace("-", ":"))
                if found.is_private or found.is_link_local:  # "a--b" is a name
                    return found
    for match in _WRITTEN_ADDRESS.finditer(host):
        try:
            return (
                ipaddress.IPv4Address(int(match[5], 16))
                if match[5]
                else ipaddress.IPv4Address(".".join(match.groups()[:4]))
            )
        except ValueError:
            continue
    return None


def _alphabets(label: str) -> set[str]:
    """Return the alphabets of the letters in *label*; those of Chinese, Japanese and Korean count as one."""
    names = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
    east = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"}
    return {"CJK" if name in east else name for name in names}
