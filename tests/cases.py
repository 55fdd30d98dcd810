"""Cases of a test that share what is slow to make: a loop in place of a parameter, with the case in the failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def case(name: object) -> Iterator[None]:
    """Add the *name* of the case to what fails inside."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"The case that failed: {name!a:.200}")
        raise
