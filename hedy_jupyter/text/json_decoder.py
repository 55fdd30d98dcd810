"""Decode JSON several times as fast as ``json.loads``, with the same result for every input.

msgspec decodes what it accepts as the standard library does: integers of any size, floats to the last bit, the last of
repeated keys. What it refuses, such as NaN, lone surrogates, a byte order mark, UTF-16 and text that is no JSON, the
standard library decides.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager

_LARGE = 100_000
"""Characters from which on the garbage collector takes longer than its pause."""


def decode(text: bytes | str) -> object:
    """Return the value of *text* as ``json.loads`` does.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    import msgspec  # takes 5 ms, and %load_ext decodes nothing

    with _paused_collector(len(text) >= _LARGE):
        try:
            value: object = msgspec.json.decode(text)
        except (ValueError, RecursionError):
            value = json.loads(text)
    return value


@contextmanager
def _paused_collector(is_paused: bool) -> Iterator[None]:
    """Pause the garbage collector while objects that cannot be garbage are made, which it would count again and again.

    They become old ones at once, as if it had gone through them. Nothing else runs meanwhile, as decoding keeps the
    lock of the interpreter.
    """
    if not (is_paused and gc.isenabled()):
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # else the program has frozen objects, which must stay frozen
            gc.freeze()
            gc.unfreeze()  # to the oldest generation
        gc.enable()
