"""Host names: take one out of a URL, and write it in ASCII or in Unicode."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

import idna

from hedy_jupyter.text.clean import CONTROLS, without_surrogates

_ASCII_HOST = re.compile(r"[a-z0-9._-]+")
_NO_HOST = re.compile(rf"[\s{CONTROLS}]")
_LONGEST_LABEL = 63
_READ_IN_TWO_WAYS = frozenset("\u00df\u03c2\u200c\u200d")
"""Characters that IDNA 2003 turns into others or drops, and IDNA 2008 (browsers, Node) keeps."""


def host_of(url: object) -> str | None:
    """Return the host in *url* as it is written there, in lower case; None where *url* has none."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(without_surrogates(url.strip()))
        name = parts.hostname if parts.scheme else None
    except ValueError:
        return None
    return name if name and not _NO_HOST.search(name) else None


def ascii_host(name: str) -> str:
    """Return *name* as it goes over the network: mapped by UTS 46, in ASCII by IDNA 2008, without a dot at its end.

    Raises:
        ValueError: it cannot go there, or programs read it as different names.
    """
    if not _READ_IN_TWO_WAYS.isdisjoint(name):
        raise ValueError(name)
    labels = idna.uts46_remap(name, std3_rules=False).removesuffix(".").split(".")
    host = ".".join(map(_ascii_label, labels))
    if not _ASCII_HOST.fullmatch(host):
        raise ValueError(name)
    return host


def _ascii_label(label: str) -> str:
    if _is_plain(label):
        found = label
    elif any(unicodedata.category(character) == "So" for character in _decoded(label)):
        found = _with_emoji(_decoded(label))
    else:
        found = idna.alabel(label).decode("ascii")
    if not 0 < len(found) <= _LONGEST_LABEL or (label.isascii() and found != label):
        raise ValueError(label)
    return found


def _with_emoji(label: str) -> str:
    """Return *label* in ASCII: IDNA 2008 has no emoji, but browsers and name servers take them."""
    idna.check_bidi(label)
    idna.check_hyphen_ok(label)
    idna.check_initial_combiner(label)
    return f"xn--{label.encode('punycode').decode('ascii')}"


def unicode_host(host: str) -> str:
    """Return *host*, which is in ASCII, as people read it."""
    try:
        return ".".join(map(_decoded, host.split(".")))
    except UnicodeError:
        return host


def _decoded(label: str) -> str:
    return label.removeprefix("xn--").encode("ascii").decode("punycode") if label.startswith("xn--") else label


def _is_plain(label: str) -> bool:
    """Return whether *label* is ASCII and no Punycode: such names may hold underscores and hyphens anywhere."""
    return label.isascii() and not label.startswith("xn--")
