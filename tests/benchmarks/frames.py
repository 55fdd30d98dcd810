"""From the bytes of an answer to a typed frame, against ``json.loads`` and ``pd.json_normalize`` on the same bytes.

``python -m tests.benchmarks.frames [--small]`` reads ``GET /todos`` through ``hedy.todos()``, all of it but the
network: client, decoder, checks of the list, ids, cache, frame. Both run in turns and are measured by the time of the
processor.
A second row is ``df.hedy.due()`` over the frame.
"""

from __future__ import annotations

import json

import httpx
import pandas as pd

import hedy_jupyter as hj
from tests.benchmarks.rows import Row, cpu_s, in_turns, main

LIMIT = 0.4
"""What ours may take of the time of the other."""
ROUNDS = 7
_DUE = ("Tomorrow", "", "Ende der Woche", "by Friday", "2026-03-07", "next week", "asap", "end of the month")


def body(count: int) -> bytes:
    """Return todos as ``GET /todos`` sends them, most with their topic in full."""
    topic = {
        "name": "Team Meetings",
        "description": "What the team talks about each week",
        "color": "#FF5733",
        "iconName": "lightbulb_outline",
        "createdAt": "2026-02-01T10:00:00Z",
        "updatedAt": "2026-03-15T16:00:00.953635Z",
    }
    records = [
        {
            "id": f"{number:08d}-6c1f-4b8e-9a51-0f6d2c3b7e11",
            "text": f"Follow up on point {number}",
            "dueDate": _DUE[number % len(_DUE)],
            "sessionId": f"sess_{number // 12}",
            "completed": number % 3 == 0,
            **({"topic": {"id": f"topic_{number % 8}", **topic}} if number % 5 else {}),
        }
        for number in range(count)
    ]
    return json.dumps({"success": True, "data": records}).encode()


def sessions(count: int) -> pd.DataFrame:
    """Return the meetings of so many todos."""
    ids = [f"sess_{number}" for number in range(count // 12 + 1)]
    starts = pd.Timestamp("2026-01-05T09:00", tz="UTC") + pd.to_timedelta(range(len(ids)), unit="h")
    return pd.DataFrame({"session_id": ids, "start_time": starts})


def rows(small: bool) -> list[Row]:
    """Measure 100,000 todos, or 1,000."""
    count = 1_000 if small else 100_000
    answer = body(count)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=answer))
    with hj.connect("hedy_live_benchmark", base_url="http://127.0.0.1:1", transport=transport) as hedy:

        def typed() -> pd.DataFrame:
            return hedy.todos(refresh=True)

        def normalized() -> pd.DataFrame:
            return pd.json_normalize(json.loads(answer)["data"])

        frame = typed()  # what only the first call costs is not measured
        normalized()
        reading = in_turns(typed, normalized, ROUNDS)
    meetings = sessions(count)
    frame.hedy.due(meetings)  # reads the phrases; a second call is what a user repeats
    due_s = cpu_s(lambda: frame.hedy.due(meetings))
    plain = "json.loads and pd.json_normalize"
    size = f"{len(answer) / 1e6:.0f} MB"
    return [
        Row(f"{count:,} todos as a frame", reading.ours, "s", plain, reading.theirs, ratio_at_most=LIMIT, note=size),
        Row(f"due() over {count:,} todos", due_s, "s", plain, reading.theirs, at_most=0.8),
    ]


if __name__ == "__main__":
    main(rows, __doc__)
