"""Text written so that Markdown shows each character as it is."""

from __future__ import annotations

import re

from hedy_jupyter.text import markdown as inert

_MARKUP = re.compile(r"[\\`*_\[\]|~$]")
_MARKUP_AT_START = re.compile(r"^(?:([#+=-])|(\d{1,9})([.)]))", re.MULTILINE)


def literal(text: str) -> str:
    """*text* so that Markdown (and the mathematics in it) shows each character as it is and each line as a line."""
    flat = "\n".join(line.strip() for line in text.split("\n"))
    plain = _MARKUP.sub(r"\\\g<0>", flat).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _MARKUP_AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", plain)
    return "\\\n".join(inert.start(inert.words(line)) for line in plain.split("\n"))
