"""Answers of an API as tests write them: sessions, pages, wrapped lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pandas as pd

Row = dict[str, Any]


def sessions(count: int, first: int = 0) -> list[Row]:
    """*count* sessions a day apart, newest first, ``sess_000`` being the newest."""
    newest = pd.Timestamp("2026-11-20T12:00Z")
    return [
        {
            "sessionId": f"sess_{n:04}",
            "title": f"Meeting {n}",
            "startTime": (newest - pd.Timedelta(days=n)).isoformat(),
            "duration": 30,
        }
        for n in range(first, first + count)
    ]


def paged(rows: Sequence[Row], *, key: str = "sessionId", most: int = 100) -> Callable[[httpx.Request], Any]:
    """A list with a cursor, as the API has it: more than 100 are refused, an unknown cursor is a 400."""

    def answer(request: httpx.Request) -> Any:
        limit, after = int(request.url.params.get("limit", 50)), request.url.params.get("after")
        if limit > 100:
            return httpx.Response(
                400, json={"success": False, "error": {"code": "invalid_page_size", "message": "Too many."}}
            )
        ids = [row[key] for row in rows]
        start = ids.index(after) + 1 if after else 0
        page = rows[start : start + min(limit, most)]
        more = start + len(page) < len(rows)
        return {
            "success": True,
            "data": page,
            "pagination": {"hasMore": more, "next": page[-1][key] if more else None, "total": len(rows)},
        }

    return answer


def wrapped(rows: Sequence[Row], **pagination: Any) -> Row:
    """A list in its wrapper."""
    return {"success": True, "data": rows, "pagination": pagination}


def of_topic(rows: Sequence[Row], **pagination: Any) -> Row:
    """The sessions of a topic in their wrapper."""
    return {"success": True, "data": {"sessions": rows, "pagination": pagination}}


EMPTY: Row = {"/sessions": wrapped([]), "/topics": wrapped([]), "/todos": [], "/highlights": wrapped([])}


NOT_FOUND = {"success": False, "error": {"code": "not_found", "message": "No such thing"}}


NAMED = [
    {"sessionId": "sess_abc111", "title": "Weekly Sync", "startTime": "2026-03-03T10:00:00Z"},
    {"sessionId": "sess_abc222", "title": "weekly sync", "startTime": "2026-03-02T10:00:00Z"},
    {"sessionId": "sess_xyz333", "title": "Board Meeting", "startTime": "2026-03-01T10:00:00Z"},
    {"sessionId": "short", "title": None},
    {"sessionId": "sess_q", "title": "sess_abc111x"},
]


def ids(frame: pd.DataFrame) -> list[str]:
    """The session ids of *frame*."""
    return list(frame["session_id"])
