"""HTML tags whose contents are escaped; the package writes tags only by these functions."""

from __future__ import annotations

import html


class Safe(str):
    """HTML that is written as it is; any other ``str`` is escaped first."""


def tag(name: str, *children: str, **attributes: str) -> Safe:
    """Return an HTML tag; children and attribute values are escaped unless ``Safe`` (``class_`` writes ``class``)."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"' for key, value in attributes.items())
    return Safe(f"<{name}{written}>{''.join(map(escaped, children))}</{name}>")


def escaped(text: str) -> str:
    """Return *text* escaped, or as it is where it is ``Safe``."""
    return text if isinstance(text, Safe) else html.escape(text)


def dot(color: str | None) -> Safe:
    """Return a dot of *color*, which was checked to be a colour."""
    return tag("span", class_="hedy-dot", style=f"background:{color}") if color else Safe()
