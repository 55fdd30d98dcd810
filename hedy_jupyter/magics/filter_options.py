"""The options of ``%hedy`` that filter: the same on every list, count and export."""

from __future__ import annotations

from typing import Any

from hedy_jupyter.magics.command import SINCE, UNTIL, Call, Option

TOPIC = Option("--topic", "Keep only those of this topic; may be repeated.", "T", source="topics", many=True)
NOT_TOPIC = Option("--not-topic", "Leave out those of this topic; may be repeated.", "T", source="topics", many=True)
TEXT = Option("--text", "Keep only those in whose texts all these words occur.", "WORDS")
MEETINGS = (TOPIC, NOT_TOPIC, SINCE, UNTIL)
"""The filters that choose meetings, and what belongs to them."""
NARROWING = ("--topic", "--not-topic", "--session", "--since", "--until", "--text", "--person", "--due-before")
"""The options that leave rows out, other than ``--limit``."""


def meetings_of(call: Call) -> dict[str, Any]:
    """Return the values of ``MEETINGS`` as arguments of ``hedy.sessions()`` and its like; None where not given."""
    return {
        "topic": call.every("--topic") or None,
        "not_topic": call.every("--not-topic") or None,
        "since": call.get("--since"),
        "until": call.get("--until"),
    }


def filters_of(call: Call) -> dict[str, Any]:
    """Return the values of ``MEETINGS`` and ``TEXT`` as arguments of ``hedy.sessions()`` and its like."""
    return {**meetings_of(call), "text": call.get("--text")}
