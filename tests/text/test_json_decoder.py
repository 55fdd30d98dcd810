"""JSON is decoded faster than by the standard library, and as it does."""

from __future__ import annotations

import gc
import json
import math
import weakref
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedy_jupyter.text import json_decoder
from tests.conftest import settle

_TEXTS = st.text(st.characters(codec=None), max_size=8)
_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        _TEXTS,
        st.sampled_from(["\ud800", "\ud83d\ude00", "\x00", "\u2028", "\ufeff"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=12,
)
_PIECES = (
    *(b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"d800", b"\xed\xa0\x80", b"\xff", b"\x00", b"\x0b"),
    *(b"-", b"+", b".", b"e", b"0", b"9" * 20, b"1e400", b"NaN", b"-Infinity", b"true", b"null", b" ", b"\n"),
    *(b"\xef\xbb\xbf", b"\xe2\x80\xa8", b'"a":', b"\t", b"/"),
)


def shown(decode: Callable[[bytes | str], object], text: bytes | str) -> str:
    """Return what *decode* makes of *text*, with the type of each value, the order of keys, and the sign of zero."""
    try:
        return repr(decode(text))
    except ValueError:
        return "refused"


@settings(max_examples=250, deadline=None)
@given(
    _VALUES,
    st.booleans(),
    st.sampled_from([None, 1]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), st.sampled_from((b"", *_PIECES))), max_size=3),
)
def test_every_body_is_decoded_as_before(
    value: object, is_ascii: bool, indent: int | None, encoding: str, mutations: list[tuple[int, int, bytes]]
) -> None:
    """Bodies of any encoding, whole and damaged, give what the standard library gives."""
    text = json.dumps(value, ensure_ascii=is_ascii, indent=indent)
    body = text.encode(encoding, "surrogatepass")
    for at, removed, put in mutations:
        place = at % (len(body) + 1)
        body = body[:place] + put + body[place + removed :]

    assert shown(json_decoder.decode, body) == shown(json.loads, body)
    assert shown(json_decoder.decode, text) == shown(json.loads, text)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=6).map(b"".join))
def test_pieces_of_json_are_decoded_as_before(body: bytes) -> None:
    """Where JSON ends and something else begins, the standard library decides."""
    assert shown(json_decoder.decode, body) == shown(json.loads, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b'{"id":1,"text":"a","id":2}',
        b"18446744073709551616",
        b"-9223372036854775809",
        b"[1e400,-1e400,1e-400,-0,-0.0,2.2250738585072011e-308,9007199254740993.0,123456789012345678901.5]",
        b"9" * 5000,  # more digits than Python reads
        b'"\\ud83d\\ude00\\ude00\\ud83d"',
        b'["a\x7f","\\u0000"]',
        b'"a\nb"',
        b"[1,2,]",
        b"1\x00",
    ],
)
def test_an_edge_is_decoded_as_before(body: bytes) -> None:
    """Numbers at the limits, repeated keys and characters that other decoders treat in their own ways."""
    assert shown(json_decoder.decode, body) == shown(json.loads, body)


def test_values_keep_their_types() -> None:
    """The numbers are those of Python."""
    found = json_decoder.decode(b"[NaN, 1.0, 1, 36893488147419103232, true]")

    assert isinstance(found, list)
    assert math.isnan(found[0])
    assert [type(one) for one in found] == [float, float, int, int, bool]
    assert found[3] == 2**65


def test_deep_nesting_is_refused() -> None:
    """What the standard library finds too deep stays an error, whatever the other decoder takes."""
    with pytest.raises(RecursionError):
        json_decoder.decode(b"[" * 200_000 + b"]" * 200_000)


@pytest.mark.parametrize("was_on", [True, False])
@pytest.mark.parametrize("end", [b"]", b""])
def test_the_garbage_collector_is_left_as_it_was(was_on: bool, end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It pauses for a large body, also for one that is no JSON, and is on afterwards only if it was."""
    switched = list[str]()
    monkeypatch.setattr(gc, "isenabled", lambda: was_on)
    monkeypatch.setattr(gc, "disable", lambda: switched.append("off"))
    monkeypatch.setattr(gc, "enable", lambda: switched.append("on"))
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 1)
    body = b"[" + b"1," * 60_000 + b"1" + end

    assert shown(json_decoder.decode, body) == shown(json.loads, body)
    assert switched == (["off", "on"] if was_on else [])


@pytest.mark.parametrize(("frozen", "moved"), [(0, ["freeze", "unfreeze"]), (1, [])])
def test_what_a_program_froze_stays_frozen(frozen: int, moved: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The values become old ones by a way that would unfreeze what was frozen before, as it is before a fork."""
    called = list[str]()
    monkeypatch.setattr(gc, "get_freeze_count", lambda: frozen)
    monkeypatch.setattr(gc, "freeze", lambda: called.append("freeze"))
    monkeypatch.setattr(gc, "unfreeze", lambda: called.append("unfreeze"))

    json_decoder.decode(b"[" + b"[1]," * 30_000 + b"[2]]")

    assert called == moved


def test_garbage_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cycles that were young while large texts were decoded are collected all the same."""

    class Node:
        me: Node

    body = b'["' + b"x" * 100_000 + b'"]'
    alive = weakref.WeakSet[Node]()
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 0)  # the tests are frozen, and nothing would become old
    for _ in range(250):
        for _ in range(20):
            node = Node()
            node.me = node
            alive.add(node)
        json_decoder.decode(body)
    left = len(alive)
    settle()

    assert left <= 20 * 101
