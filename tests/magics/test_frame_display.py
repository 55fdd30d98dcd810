"""Frames of ours in a shell: as pandas shows them, but never as mathematics and never with what a terminal obeys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import hedy_jupyter as hj
from hedy_jupyter.magics import magics

pytestmark = pytest.mark.usefixtures("few_meetings")

CLIPBOARD = "\x1b]52;c;cm0gLXJmIH4=\x07"
HOSTILE = [
    CLIPBOARD,
    "\x1b[2J",
    "\x9b2J",
    "\x90q\x9c",
    "\x07",
    "\x08\x08",
    "a\rb",
    "\u202eabc",
    "\u2066x\u2069",
    "\x0b",
    "\x85",
    "\u2028",
]


def shown(shell: InteractiveShell, value: object) -> dict[str, str]:
    """What a front end gets for *value*."""
    assert shell.display_formatter is not None
    data: dict[str, str] = shell.display_formatter.format(value)[0]
    return data


def frame(title: str) -> pd.DataFrame:
    """A frame of ours with that title."""
    with hj.demo() as hedy:
        found = hedy.sessions(3)
    return found.assign(title=[title, "plain", None])


def obeyed(text: str) -> set[str]:
    """The characters of *text* that a terminal obeys, or that turn the direction."""
    return {
        sign
        for sign in text
        if sign != "\n" and (ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u202e\u2066\u2069\u2028\u200f")
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_terminals_obey_nothing(shell: InteractiveShell, text: str) -> None:
    """Frames, their parts and columns are shown without control characters, of the same width."""
    df = frame(f"before {text} after")

    for value in (
        df,
        df.head(1),
        df[["title"]],
        df["title"],
        df.set_index("title"),
        df.describe(include="all"),
        [df.head(1)],
    ):
        assert obeyed(shown(shell, value)["text/plain"]) == set()
    plain = shown(shell, df[["title"]])["text/plain"].splitlines()
    assert len(plain) == 4
    assert len({len(line) for line in plain}) == 1


@pytest.mark.parametrize(
    "title", ["from $50k to $20k reserve", r"$\href{https://evil.example}{Open}$", "$$x$$", r"\(x\)"]
)
def test_never_mathematics(shell: InteractiveShell, title: str) -> None:
    """The table has the class that MathJax skips, and its text is as it was."""
    df = frame(title)

    html = shown(shell, df)["text/html"]
    assert "tex2jax_ignore" in html
    assert title.replace("$", "$") in html
    assert type(html) is str


DERIVED: dict[str, Callable[[pd.DataFrame], Any]] = {
    "value_counts": lambda df: df["title"].value_counts(),
    "size": lambda df: df.groupby("title").size(),
    "agg": lambda df: df.groupby("title").agg(n=("session_id", "count")),
    "crosstab": lambda df: pd.crosstab(df["title"], df["session_type"]),
    "pivot": lambda df: df.pivot_table(index="title", columns="session_type", values="duration_min"),
    "built": lambda df: pd.DataFrame({"x": df["title"].tolist()}),
    "columns": lambda df: df.set_index("title")[["duration_min"]].T,
    "index": lambda df: pd.Index(df["title"]),
    "multi index": lambda df: df.set_index(["title", "session_id"]).index,
    "unique": lambda df: df["title"].unique(),
    "category": lambda df: df["title"].astype("category"),
    "listed": lambda df: {"a": [df["title"].value_counts()]},
}


@pytest.mark.parametrize("text", [CLIPBOARD, "\x9b2J", "a\u202eb"])
@pytest.mark.parametrize("derived", DERIVED)
def test_derived_frames_are_safe(shell: InteractiveShell, derived: str, text: str) -> None:
    """What a user makes of a frame holds the same texts, without a trace of where they come from."""
    data = shown(shell, DERIVED[derived](frame(text)))

    assert obeyed(data["text/plain"]) == set()
    assert "\ufffd" in data["text/plain"] or "\\x" in data["text/plain"] or "\\u" in data["text/plain"]
    assert "text/html" not in data or "tex2jax_ignore" in data["text/html"]


def test_a_frame_without_them_is_shown_as_pandas_does(shell: InteractiveShell) -> None:
    """Nothing but those characters is replaced, and texts in Hebrew or with accents stay."""
    df = pd.DataFrame({"x": ["$1$", "שלום", "é"], "y": [1.5, None, 3]})

    assert shown(shell, df)["text/plain"] == repr(df)
    assert shown(shell, df["x"])["text/plain"] == repr(df["x"])


def test_who_sets_the_option_decides(shell: InteractiveShell) -> None:
    """With pandas' option on, formulas are shown in all frames, also after unloading.

    Off before loading, it stays off.
    """
    df = pd.DataFrame({"x": ["$1$"]})
    assert "tex2jax_ignore" in shown(shell, df)["text/html"]
    with pd.option_context("display.html.use_mathjax", True):
        assert "tex2jax_ignore" not in shown(shell, df)["text/html"]

    magics.unload(shell)
    assert pd.get_option("display.html.use_mathjax") is True
    with pd.option_context("display.html.use_mathjax", False):
        magics.load(shell)
        magics.unload(shell)
        assert pd.get_option("display.html.use_mathjax") is False


def test_unloading_puts_back(shell: InteractiveShell) -> None:
    """What showed frames before shows them again, also where that was another extension's."""
    formatters: Any = shell.display_formatter.formatters if shell.display_formatter else {}
    magics.unload(shell)
    before = formatters["text/html"].for_type(pd.DataFrame, lambda df: f"<p>{len(df)}</p>")
    magics.load(shell)
    df = frame("x")

    assert shown(shell, df)["text/html"] == "<p>3</p>"
    magics.unload(shell)
    assert shown(shell, df)["text/html"] == "<p>3</p>"
    formatters["text/html"].pop(pd.DataFrame)
    assert before is None
    assert pd.DataFrame not in formatters["text/plain"].type_printers
    assert pd.Series not in formatters["text/plain"].type_printers
    assert pd.get_option("display.html.use_mathjax") is True


def test_cards_are_exactly_text() -> None:
    """``_repr_html_`` gives a ``str`` and no subclass: some front ends take nothing else."""
    with hj.demo() as hedy:
        shown_things = [hedy.me(), hedy.session("last"), hedy.topic("Hiring"), hedy.create_topic("X")]

    assert {type(one._repr_html_()) for one in shown_things} == {str}
    assert {type(one._repr_markdown_()) for one in shown_things} == {str}
