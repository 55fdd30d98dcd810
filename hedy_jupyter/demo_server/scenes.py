"""Scenes of invented meetings, read from ``dialogues/``: what people say, and what Hedy would conclude from it.

A file starts with ``name: value | value`` lines: the language, the cast, and the words that may replace a ``{slot}``.
Each ``= Title`` begins a scene; ``A:`` … ``D:`` are spoken lines, ``*`` marks the one that becomes a highlight, the
other names are what the analysis says about the scene. ``= @open`` and ``= @close`` begin and end a meeting.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

SPEAKERS = "ABCD"
_SPOKEN = re.compile(r"(\*?)([A-D]): (.*)")


class Line(NamedTuple):
    """One spoken line; ``marked`` where it becomes a highlight."""

    speaker: str
    text: str
    marked: bool


class Scene(NamedTuple):
    """A piece of a meeting and its analysis."""

    title: str
    lines: tuple[Line, ...]
    notes: dict[str, str]
    todos: tuple[str, ...]

    def filled(self, slots: Mapping[str, str]) -> Scene:
        """Return the scene with every ``{slot}`` replaced."""
        return Scene(
            self.title.format_map(slots),
            tuple(Line(slots[line.speaker], line.text.format_map(slots), line.marked) for line in self.lines),
            {name: text.format_map(slots) for name, text in self.notes.items()},
            tuple(todo.format_map(slots) for todo in self.todos),
        )


class Pool(NamedTuple):
    """The texts of one kind of meeting; ``carried`` has todos that come back, each in its changing words."""

    language: str
    cast: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    carried: tuple[tuple[str, ...], ...]
    openings: tuple[Scene, ...]
    closings: tuple[Scene, ...]
    scenes: tuple[Scene, ...]


def load(name: str) -> Pool:
    """Return the pool in ``dialogues/name.txt``."""
    head, *parts = files(__package__).joinpath("dialogues", f"{name}.txt").read_text(encoding="utf-8").split("\n= ")
    rows = [
        (key, tuple(value.split(" | "))) for key, _, value in (row.partition(": ") for row in head.splitlines() if row)
    ]
    words = {key: values for key, values in rows if key != "carry"}
    scenes = [_scene(part) for part in parts]
    return Pool(
        language=words.pop("language")[0],
        cast=words.pop("cast"),
        words=words,
        carried=tuple(values for key, values in rows if key == "carry"),
        openings=tuple(scene for scene in scenes if scene.title == "@open"),
        closings=tuple(scene for scene in scenes if scene.title == "@close"),
        scenes=tuple(scene for scene in scenes if not scene.title.startswith("@")),
    )


def _scene(part: str) -> Scene:
    title, *rows = filter(None, part.splitlines())
    spoken = [match.groups() for row in rows if (match := _SPOKEN.fullmatch(row))]
    noted = [(key, text) for key, _, text in (row.partition(": ") for row in rows) if key.islower()]
    return Scene(
        title,
        tuple(Line(speaker, text, bool(mark)) for mark, speaker, text in spoken),
        {key: text for key, text in noted if key != "todo"},
        tuple(text for key, text in noted if key == "todo"),
    )


def people(pool: Pool, rng: random.Random) -> dict[str, str]:
    """Return the slots that stay the same through a meeting: who speaks as A to D, and the names they mention."""
    turn = rng.randrange(len(pool.cast))
    cast = (pool.cast[turn:] + pool.cast[:turn]) * len(SPEAKERS)
    first_names = {speaker: name.split()[0] for speaker, name in zip(SPEAKERS, cast, strict=False)}
    return first_names | {key: rng.choice(values) for key, values in pool.words.items()}


def numbers(language: str, rng: random.Random) -> dict[str, str]:
    """Return the slots that change from scene to scene."""
    big = f"{rng.randrange(1100, 9900):,}"
    separator = {"en": ",", "de": "."}.get(language, "")
    return {
        "n": str(rng.randrange(5, 10)),
        "short": str(rng.randrange(4, 13)),
        "m": str(rng.randrange(13, 59)),
        "pct": str(rng.randrange(4, 39)),
        "big": big.replace(",", separator),
    }


def meeting(pool: Pool, rng: random.Random, count: int) -> list[Scene]:
    """Return a whole meeting: an opening, *count* scenes of the pool (repeated when they run out), a closing."""
    order = rng.sample(pool.scenes, len(pool.scenes))
    chosen = [
        rng.choice(pool.openings),
        *(order[index % len(order)] for index in range(count)),
        rng.choice(pool.closings),
    ]
    fixed = people(pool, rng)
    return [scene.filled(fixed | numbers(pool.language, rng)) for scene in chosen]
