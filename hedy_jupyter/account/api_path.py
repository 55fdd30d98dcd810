"""The path of an API endpoint that a user gives to ``hedy.get()``: it may not lead away from the base URL."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlsplit

from hedy_jupyter.errors import UsageError

_EXAMPLE = 'For example hedy.get("/sessions", limit=5).'


def below_base(path: str) -> tuple[str, dict[str, str]]:
    """Return *path* quoted, with a slash in front, and the query in it.

    Raises:
        UsageError: *path* is not text, is an address, or cannot be the path of an endpoint.
    """
    if not isinstance(path, str):
        raise UsageError(f"hedy.get() takes a path as text, not {path!r}.", advice=_EXAMPLE)
    try:
        parts = urlsplit(path)
    except ValueError:  # such as a bracket that is never closed
        raise UsageError(f"The path {path!r} cannot be read.", advice=_EXAMPLE) from None
    if parts.scheme or parts.netloc or path.startswith("//") or "\\" in path:
        raise UsageError("hedy.get() takes a path below the base URL, not an address.", advice=_EXAMPLE)
    if any(step in {".", ".."} for step in unquote(parts.path).split("/")) or parts.fragment:
        raise UsageError(f"The path {path!r} contains a step or a mark that no API path has.", advice=_EXAMPLE)
    quoted = quote(parts.path.lstrip("/").encode("utf-8", "replace"), safe="/%:@!$&'()*+,;=~")
    return f"/{quoted}", dict(parse_qsl(parts.query, keep_blank_values=True))
