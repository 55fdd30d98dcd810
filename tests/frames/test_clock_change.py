"""Start and end of a meeting on the night of a clock change: the zone is named where the clock alone does not tell."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from hedy_jupyter.account.session import Session
from hedy_jupyter.display import render
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.timezones import clock_span, zone_label

# zone, start and end in UTC, what the clock says, and whether it says the zone of itself
NIGHTS = [
    ("Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T01:15Z", "02:30 CEST – 02:15 CET"),
    ("Europe/Berlin", "2026-10-25T00:10Z", "2026-10-25T00:50Z", "02:10–02:50 CEST"),
    ("Europe/Berlin", "2026-10-25T01:10Z", "2026-10-25T01:50Z", "02:10–02:50 CET"),
    ("Europe/Berlin", "2026-10-24T23:30Z", "2026-10-25T00:30Z", "01:30–02:30 CEST"),
    ("Europe/Berlin", "2026-10-25T01:30Z", "2026-10-25T02:30Z", "02:30–03:30 CET"),
    ("Europe/Berlin", "2026-03-29T00:30Z", "2026-03-29T01:30Z", "01:30 CET – 03:30 CEST"),
    ("Europe/London", "2026-10-25T00:30Z", "2026-10-25T01:15Z", "01:30 BST – 01:15 GMT"),
    ("America/New_York", "2026-11-01T05:30Z", "2026-11-01T06:15Z", "01:30 EDT – 01:15 EST"),
    ("Australia/Lord_Howe", "2026-04-04T14:50Z", "2026-04-04T15:10Z", "01:50 UTC+11 – 01:40 UTC+1030"),
    ("America/Sao_Paulo", "2018-11-04T02:30Z", "2018-11-04T03:30Z", "2018-11-03"),  # over midnight: see below
]
DAYS = [
    ("Europe/Berlin", "2026-10-25T08:00Z", "2026-10-25T09:00Z", "09:00–10:00"),
    ("Europe/Berlin", "2026-10-24T22:00Z", "2026-10-24T23:00Z", "00:00–01:00"),
    ("Europe/Berlin", "2026-03-29T02:00Z", "2026-03-29T03:00Z", "04:00–05:00"),
    ("UTC", "2026-10-25T00:30Z", "2026-10-25T01:15Z", "00:30–01:15"),
    ("Asia/Tokyo", "2026-10-25T00:30Z", "2026-10-25T01:15Z", "09:30–10:15"),
]


def local(zone: str, moment: str) -> pd.Timestamp:
    """The moment on the clock of the zone."""
    return pd.Timestamp(moment).tz_convert(zone)


@pytest.mark.parametrize(("zone", "start", "end", "said"), NIGHTS[:-1])
def test_the_zone_is_named_on_such_nights(zone: str, start: str, end: str, said: str) -> None:
    """A time that comes twice, or two times on different sides of the change, are distinguished, named or not."""
    assert clock_span(local(zone, start), local(zone, end)) == said
    assert clock_span(local(zone, start), local(zone, end), is_named=True) == said


@pytest.mark.parametrize(("zone", "start", "end", "said"), DAYS)
def test_other_times_stay_short(zone: str, start: str, end: str, said: str) -> None:
    """At all other times the zone is named only where that is asked for."""
    first, last = local(zone, start), local(zone, end)

    assert clock_span(first, last) == said
    assert clock_span(first, last, is_named=True) == f"{said} {zone_label(last)}"
    assert clock_span(first) == said.split("–")[0]


def test_over_midnight_the_end_has_its_day() -> None:
    """An end on another day names it, and its zone where that is another one."""
    start = local("Europe/Berlin", "2026-10-24T21:30Z")

    assert (
        clock_span(start, local("Europe/Berlin", "2026-10-25T01:15Z"), is_named=True)
        == "23:30 CEST – 2026-10-25 02:15 CET"
    )
    assert (
        clock_span(start, local("Europe/Berlin", "2026-10-24T22:30Z"), is_named=True) == "23:30–2026-10-25 00:30 CEST"
    )
    assert clock_span(local("America/Sao_Paulo", NIGHTS[-1][1]), local("America/Sao_Paulo", NIGHTS[-1][2])).startswith(
        "23:30 UTC-03 – 2018-11-04"
    )
    assert clock_span(local("Europe/Berlin", "2026-10-25T00:30Z")) == "02:30 CEST"


@pytest.mark.parametrize(("zone", "start", "end", "said"), [row for row in [*NIGHTS[:-1], *DAYS] if row[0] != "UTC"])
def test_card_note_and_document_say_the_same(zone: str, start: str, end: str, said: str, tmp_path: Path) -> None:
    """The card, the note of a vault and the Markdown of a meeting show it.

    A frame without details reckons the end by its minutes.
    """
    minutes = (pd.Timestamp(end) - pd.Timestamp(start)).total_seconds() / 60
    record = {"sessionId": "s", "title": "Night", "startTime": start, "endTime": end, "duration": minutes}
    day = f"{local(zone, start):%Y-%m-%d}"
    session, began = Session.from_record(record, zone=ZoneInfo(zone)), local(zone, start)
    day_in_words = f"{began:%a} {began.day} {began:%b %Y}"

    assert f"{day_in_words} {said}" in render.text(session.page())
    assert f"{day_in_words} {said}" in session._repr_html_()
    for table in ("sessions", "sessions_detailed"):
        frame = build(table, [record]).hedy.localize(zone)
        frame.hedy.to_vault(tmp_path / table)
        note = next((tmp_path / table).rglob("*.md")).read_text("utf-8")

        assert f"{day} {said} · " in note
        assert f"{day} {said} · " in frame.hedy.to_markdown()
