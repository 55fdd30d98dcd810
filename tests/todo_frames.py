"""Frames of todos and of their meetings: one meeting each day of March 2026, late in the evening."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hedy_jupyter.frames.build import build

SESSIONS = build(
    "sessions", [{"sessionId": f"s{day}", "startTime": f"2026-03-{day:02}T23:30:00Z"} for day in range(1, 29)]
)


def todos(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Todos of (day of the meeting, text, done, topic), given oldest first, as the API gives them: newest first."""
    full = [(*row, *(False, "T")[len(row) - 2 :]) for row in rows]
    records = [
        {
            "id": f"t{place}",
            "text": text,
            "completed": done,
            "sessionId": f"s{day}",
            "topic": topic and {"id": topic, "name": topic},
        }
        for place, (day, text, done, topic) in enumerate(full)
    ]
    return build("todos", records[::-1])
