"""Frames as Markdown, checklist, CSV, JSON and calendar: what stands there, and that no text can become something else."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from icalendar import Calendar
from markdown_it import MarkdownIt

import hedy_jupyter as hj
from hedy_jupyter import UsageError
from hedy_jupyter.tables import export, ics
from hedy_jupyter.tables.frames import build

ZONE = ZoneInfo("Europe/Berlin")
HOSTILE = [
    "# heading",
    "- item",
    "1. one",
    "> quote",
    "<script>alert(1)</script>",
    "![x](https://evil.example/p.png)",
    "[a](javascript:x)",
    "two\nlines\r\n# three",
    "`code",
    "**bold**",
    "| a | b |",
    "\u2028line\u2029",
    "\x1b[31mred",
    "\ud800",
    "a\x00b",
    "---",
    "\u202eright",
]
FORMULAS = ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "=cmd|' /C calc'!A0", "\u00a0=1"]


def tokens(text: str) -> list[str]:
    """What a Markdown parser makes of *text*."""
    return [token.type for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)]


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
@pytest.mark.parametrize("kind", ["sessions", "todos", "topics", "contexts", "highlights"])
def test_markdown_is_not_broken_by_titles(title: str, kind: str) -> None:
    """Whatever a title or todo says, the document has the same structure as with plain words, and no HTML or picture."""

    def shape(words: str) -> list[str]:
        record = {"id": "x1", "sessionId": "s1", "title": words, "text": words, "name": words, "startTime": "2026-03-01T10:00:00Z"}
        other = {**record, "id": "x2", "sessionId": "s2", "title": "plain", "text": "plain", "name": "plain"}
        return tokens(export.to_markdown(build(kind, [record, other]), kind, zone=ZONE))

    found = shape(title)
    assert found == shape("plain")
    assert not {"html_block", "image", "fence", "table_open"} & set(found)


def test_markdown_of_meetings() -> None:
    """Several meetings are sections of one document, one is a document of its own; times are local, minutes keep their form."""
    records = [
        {
            "sessionId": f"s{n}",
            "title": f"Meeting {n}",
            "startTime": "2026-03-01T23:30:00Z",
            "duration": 30,
            "meeting_minutes": "# Top\n- point",
        }
        for n in (1, 2)
    ]
    frame = build("sessions_detailed", records)

    both = export.to_markdown(frame, "sessions", zone=ZONE)
    one = export.to_markdown(frame.head(1), "sessions", zone=ZONE)

    assert both.startswith("# 2 sessions\n\n## Meeting 1\n\n2026-03-02 00:30")
    assert "\n### Minutes\n\n#### Top\n- point\n" in both
    assert one.startswith("# Meeting 1\n\n2026-03-02 00:30")
    assert one.endswith("\n")
    assert export.to_markdown(frame.head(0), "sessions", zone=ZONE) == "# 0 sessions\n"


@pytest.mark.parametrize("kind", ["sessions", "todos", "topics", "contexts", "highlights", "webhooks"])
def test_markdown_of_every_kind(kind: str) -> None:
    """Every frame of the demo account, and an empty one, becomes a document with a heading."""
    with hj.demo() as hedy:
        frame = getattr(hedy, kind)()

    assert export.to_markdown(frame, kind, zone=ZONE).startswith("# ")
    assert export.to_markdown(frame.head(0), kind, zone=ZONE).startswith("# ")


def test_checklist() -> None:
    """Open todos come first, with Hedy's words, the day, how late it is, and the topic."""
    frame = build(
        "todos",
        [
            {"id": "t1", "text": "done *thing*", "completed": True},
            {"id": "t2", "text": "open thing", "dueDate": "Friday", "topic": {"id": "p", "name": "Alpha"}},
        ],
    ).assign(due_on=pd.to_datetime([None, "2026-03-06"]).as_unit("us"), overdue_days=pd.array([None, 3], dtype="Int64"))

    assert export.to_checklist(frame, zone=ZONE).splitlines() == [
        "- [ ] open thing (due: Friday → 2026-03-06, 3 days late) · Alpha",
        r"- [x] done \*thing\*",
    ]
    assert export.to_checklist(frame.head(0), zone=ZONE) == ""


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_csv_runs_no_formula(text: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe, in cells and in names of columns; numbers stay numbers."""
    frame = pd.DataFrame({"title": [text], text: ["x"], "number": [-1.5], "list": [[text, "b"]]})

    header, row = csv.reader(io.StringIO(export.to_csv(frame), newline=""))

    for cell in (row[0], header[1], row[3]):
        assert cell.startswith("'")
    assert row[2] == "-1.5"


def test_csv_can_be_read_back() -> None:
    """Read back with pandas the rows are the same: line ends, quotes, times, missing values and lists."""
    with hj.demo() as hedy:
        sessions, webhooks = hedy.sessions(details=True), hedy.webhooks()
    read = pd.read_csv(io.StringIO(export.to_csv(sessions)), keep_default_na=False)

    assert list(read.columns) == list(sessions.columns)
    assert read["title"].tolist() == sessions["title"].fillna("").tolist()
    assert pd.to_datetime(read["start_time"], utc=True, format="ISO8601").dt.as_unit("us").tolist() == sessions["start_time"].tolist()
    assert read["start_time"].str.endswith("Z").all()
    assert read["transcript"].str.len().tolist() == sessions["transcript"].fillna("").str.len().tolist()
    assert "session.ended; highlight.created" in export.to_csv(webhooks)
    assert export.to_csv(sessions.head(0)).count("\n") == 1


def test_json() -> None:
    """JSON has every row and column, null for what is missing, whole numbers as such, and is valid for strict parsers."""
    with hj.demo() as hedy:
        sessions, webhooks, todos = hedy.sessions(details=True), hedy.webhooks(), hedy.todos()
    text = export.to_json(sessions)

    rows = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    assert len(rows) == len(sessions)
    assert list(rows[0]) == list(sessions.columns)
    assert isinstance(rows[0]["highlight_count"], int)
    assert {type(row["recap"]) for row in rows} == {str, type(None)}
    assert rows[0]["start_time"].endswith("Z")
    assert text.endswith("\n")
    text.encode()
    assert json.loads(export.to_json(webhooks))[0]["events"] == ["session.ended", "highlight.created"]
    assert {row["completed"] for row in json.loads(export.to_json(todos))} == {True, False}
    days = pd.to_datetime(["2026-03-01", None])
    odd = pd.DataFrame(
        {"x": [float("inf"), 1.5], "y": pd.Series(["\ud800", None], dtype="object"), "z": pd.to_timedelta([1, None], "h"), "d": days}
    )
    assert json.loads(export.to_json(odd)) == [
        {"x": None, "y": "\ufffd", "z": "P0DT1H0M0S", "d": "2026-03-01"},
        {"x": 1.5, "y": None, "z": None, "d": None},
    ]


def test_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced whole, its rights stay, line ends too; a folder or a missing folder is one clear line."""
    path = tmp_path / "a.md"
    path.write_text("old")
    path.chmod(0o640)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert export.save("é\r\n\ud800", "~/a.md") == path
    assert path.read_bytes() == "é\r\n\ufffd".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["a.md"]
    for wrong in (tmp_path, tmp_path / "no" / "a.md", tmp_path / "a.md" / "b"):
        with pytest.raises(UsageError):
            export.save("x", wrong)
    assert export.given("text", None) == "text"


# Calendar --------------------------------------------------------------------


def events(text: str) -> list[dict[str, object]]:
    """The events of a calendar, by way of the library's parser."""
    calendar = Calendar.from_ical(text)
    assert list(calendar.errors) == []
    return [{name.lower(): value for name, value in event.items()} for event in calendar.walk("VEVENT")]


@pytest.mark.parametrize("title", [*HOSTILE, "a,b;c\\d", "BEGIN:VEVENT", "x" * 300, "浜風" * 60], ids=lambda title: ascii(title)[:30])
def test_calendar_survives_every_title(title: str) -> None:
    """Any title is one event with that title in one line; lines are folded at 75 bytes."""
    frame = build("sessions_detailed", [{"sessionId": "s1", "title": title, "startTime": "2026-03-01T10:00:00Z", "recap": title}])
    text = ics.to_ics(frame, zone=ZONE)

    (event,) = events(text)
    assert len(list(map(len, text.encode().split(b"\r\n")))) > 8
    assert max(map(len, text.encode().split(b"\r\n"))) <= 75
    assert "\n" not in str(event["summary"])
    assert str(event["summary"])[:1] == " ".join(title.replace("\x1b", " ").replace("\u2028", " ").replace("\ud800", "\ufffd").split())[:1]


def test_calendar_events() -> None:
    """An event has its times in UTC, a stable id, topic and recap; without a duration no end, without a start no event."""
    records = [
        {
            "sessionId": "s/1",
            "title": "A",
            "startTime": "2026-03-01T10:00:00.5Z",
            "duration": 45,
            "topic": {"id": "t", "name": "Alpha, Beta"},
            "recap": "r",
        },
        {"sessionId": "s2", "title": "", "startTime": "2026-03-01T10:00:00Z"},
        {"sessionId": "s3", "title": "no start"},
    ]
    frame = build("sessions_detailed", records)
    first, second = events(ics.to_ics(frame, zone=ZONE))

    assert (first["uid"], first["dtstart"].dt.isoformat(), first["dtend"].dt.isoformat()) == (  # type: ignore[attr-defined]
        "s%2F1@hedy.invalid",
        "2026-03-01T10:00:00+00:00",
        "2026-03-01T10:45:00+00:00",
    )
    assert first["categories"].to_ical() == b"Alpha\\, Beta"  # type: ignore[attr-defined]
    assert str(first["description"]) == "r"
    assert (str(second["summary"]), "dtend" in second) == ("Untitled Session", False)
    assert ics.to_ics(frame, zone=ZONE) == ics.to_ics(frame.copy(), zone=ZoneInfo("UTC"))
    assert events(ics.to_ics(frame.head(0), zone=ZONE)) == []
