"""The values that arguments and options take where commands name them, too."""

from __future__ import annotations

from typing import Literal

LIMIT = 100
"""How many rows a list has if nothing else is asked for."""
Status = Literal["open", "done", "all"]
"""Which todos."""
Order = Literal["newest", "urgency"]
"""The order of todos."""
FORMS = ("md", "html", "ics", "xlsx", "csv", "json", "vault", "parquet")
"""The formats of an export."""
BASES = ("session", "meeting", "topic", "month")
"""What speakers are counted by."""
