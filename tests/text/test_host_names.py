"""Host names: one reading of a name, as it goes over the network and as people read it."""

from __future__ import annotations

import pytest

from hedy_jupyter.text.host_names import ascii_host, unicode_host


@pytest.mark.parametrize(
    ("name", "host", "shown"),
    [
        ("hooks.example.com", "hooks.example.com", "hooks.example.com"),
        ("Hooks.Example.COM.", "hooks.example.com", "hooks.example.com"),
        ("a_b--c.example", "a_b--c.example", "a_b--c.example"),
        ("Bücher.example", "xn--bcher-kva.example", "bücher.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example", "bücher.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example"),
        ("１２７。0．0｡1", "127.0.0.1", "127.0.0.1"),
        ("ａpi.example.com", "api.example.com", "api.example.com"),
        ("😀.example", "xn--e28h.example", "😀.example"),
        ("xn--e28h.example", "xn--e28h.example", "😀.example"),
    ],
)
def test_names(name: str, host: str, shown: str) -> None:
    """A name has one form on the network, and one that people read."""
    assert ascii_host(name) == host
    assert unicode_host(host) == shown


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "a..b", "a" * 64, "é" * 60, "straße.de", "ς.gr", "a\u200db.com", "℀.com", "a b", "a/b", "xn--.com"),
        *("xn--99zzzz99.com", "xn--Bcher-KVA-.com", "\u0300a.com", "אa.com", "אa😀.com", "😀-.com", "exa⒈mple.com"),
    ],
)
def test_no_names(name: str) -> None:
    """What no name server takes, or programs read as different names, is refused."""
    with pytest.raises(ValueError):  # noqa: PT011
        ascii_host(name)
