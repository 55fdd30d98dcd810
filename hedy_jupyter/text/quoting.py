"""Write a text as one word of a line of ``%hedy``, so that the line reads the same text back."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w./\\:~+,@][\w./\\:~+,@-]*")  # no quote, brace, dollar sign, "?" or ";", no option


def quoted(text: str, quote: str = '"') -> str:
    """Return *text* in quotes, with braces and dollar signs doubled, which otherwise expand."""
    plain = text.replace("{", "{{").replace("}", "}}").replace("$", "$$").replace(quote, f"\\{quote}")
    return f"{quote}{plain}{quote}"


def as_word(text: str) -> str:
    """Return *text* in one line as it is typed as an argument or a value: in quotes where it needs them."""
    text = " ".join(text.split())
    if _PLAIN.fullmatch(text):
        return text
    return quoted(text, "'" if '"' in text and "'" not in text else '"')
