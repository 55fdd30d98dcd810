"""What ``%hedy`` shows of a list: local times, whole texts, bold hits, and ids that can be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedy_jupyter as hj
from hedy_jupyter import Hedy
from hedy_jupyter.account import list_cells, list_columns, list_view
from hedy_jupyter.account.list_columns import Known
from hedy_jupyter.account.list_view import ListView
from hedy_jupyter.display.table import Cell
from hedy_jupyter.magics.line import words
from tests.cases import case

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
ZONE_NOTE = re.compile(r"Times in Europe/Berlin(, \d{4} where no year is given)?\.")


@pytest.fixture
def hedy(demo_archive: Path) -> Iterator[Hedy]:
    """A fresh demo account in Berlin, with an archive that is only read."""
    with hj.demo(timezone="Europe/Berlin") as account:
        account.settings = replace(account.settings, archive=demo_archive)
        yield account


def shown(hedy: Hedy, name: str, frame: pd.DataFrame, **search: str) -> ListView:
    """The view of a frame that has one."""
    found = list_view.view(name, frame, list_view.known(hedy, frame), **search)
    assert found is not None
    return found


def titles(view: ListView) -> list[str]:
    """The headings."""
    return [column.title for column in view.table.columns]


def column(view: ListView, title: str) -> list[Cell]:
    """The cells below a heading."""
    place = titles(view).index(title)
    return [row[place] for row in view.table.rows]


def test_sessions(hedy: Hedy) -> None:
    """Title first, local time, length, topic with its colour, id last; 25 rows, then how many more and where."""
    frame = hedy.sessions()
    view = shown(hedy, "sessions", frame)

    assert titles(view) == ["Title", "When", "Length", "Topic", "Id"]
    assert len(view.table.rows) == list_columns.ROWS
    assert view.table.more == f"… {len(frame) - 25} more. The output variable _ holds all {len(frame)} rows."
    assert ZONE_NOTE.fullmatch(view.table.note)
    assert view.table.next_step == f"%hedy session {frame['session_id'][0]}"
    first = frame.iloc[0]
    local = first["start_time"].tz_convert("Europe/Berlin")
    assert column(view, "When")[0].text.endswith(f"{local:%H:%M}")
    assert column(view, "Length")[0].text == f"{first['duration_min']:.0f} min"
    colors = dict(zip(hedy.topics()["name"], hedy.topics()["color"], strict=True))
    assert {cell.text: cell.color for cell in column(view, "Topic") if cell.text}.items() <= colors.items()


def test_every_list_of_the_demo(hedy: Hedy) -> None:
    """Each list has a view without ``nan``, microseconds or UTC, and with whole ids."""
    frames = {
        "sessions": hedy.sessions(),
        "highlights": hedy.highlights(40, details=True),
        "todos": hedy.todos(),
        "overdue": hedy.overdue(),
        "topics": hedy.topics(),
        "contexts": hedy.contexts(),
        "webhooks": hedy.webhooks(),
        "coverage": hedy.archive.coverage(),
        "log": hedy.requests,
    }
    for name, frame in frames.items():
        view = shown(hedy, name, frame)
        text = view.to_text(200)
        assert not any(wrong in text for wrong in ("nan", "NaT", "<NA>", "+00:00", "None")), name
        assert len(view.table.rows) == min(len(frame), list_columns.ROWS)


def test_overdue_leads_with_days_late(hedy: Hedy) -> None:
    """The first column says how late, and the due date has the day that was read from it."""
    view = shown(hedy, "overdue", hedy.overdue())

    assert titles(view)[:3] == ["Late", "Todo", "Due"]
    late = [int(cell.text.split()[0]) for cell in column(view, "Late")]
    assert late == sorted(late, reverse=True)
    assert all(cell.text.endswith(")") for cell in column(view, "Due"))


def test_the_state_of_todos_is_shown_where_it_differs(hedy: Hedy) -> None:
    """A list of open todos needs no column that says open in every row."""
    assert "State" in titles(shown(hedy, "todos", hedy.todos()))
    assert "State" not in titles(shown(hedy, "todos", hedy.todos("open")))


def test_todos_name_their_meetings(demo: Hedy, hedy: Hedy) -> None:
    """Titles that were read, or that the archive holds, replace the ids; nothing is asked for them."""
    todos = demo.todos("open")
    before = len(demo.requests)
    unknown = [cell.text for cell in column(shown(demo, "todos", todos), "Meeting")]
    demo.sessions()
    known = [cell.text for cell in column(shown(demo, "todos", todos), "Meeting")]

    assert len(demo.requests) == before + 1
    assert all(text.startswith("sess_") for text in unknown)
    assert not any(text.startswith("sess_") for text in known)
    archived = [cell.text for cell in column(shown(hedy, "todos", todos), "Meeting")]
    assert not any(text.startswith("sess_") for text in archived)
    assert len(hedy.requests) == 0


def test_search_shows_the_hit(hedy: Hedy) -> None:
    """Every row of a search shows at least one of its words in bold, in whole text."""
    for query in ("budget", "budget plan", "battery", "gasket", "Mehl", "预算", '"salt water"', "GASKET"):
        hits = hedy.archive.search(query)
        with case(query):
            assert not hits.empty
            for cell in column(shown(hedy, "search", hits, query=query), "Found"):
                bold = [cell.text[start:end].lower() for start, end in cell.bold]
                assert bold, cell.text
                assert cell.text in set(hits["snippet"])


def test_an_empty_list_says_so(hedy: Hedy) -> None:
    """The view of an empty list is one short line in every format; pandas shows a list of another name."""
    frame = hedy.sessions()
    empty = list_view.view("sessions", frame.head(0), Known(hedy.zone))

    assert empty is not None
    assert empty.to_text() == "No rows."
    assert empty.to_markdown() == "*No rows.*\n"
    assert "No rows." in empty.to_html()
    assert "<table" not in empty.to_html()
    assert list_view.view("anything", frame, Known(hedy.zone)) is None


@pytest.mark.parametrize("ident", ["sess_9ffec83aa7374b15", "19e77895-f660-413f-b881-f82a7015efc5", "x"])
def test_a_single_id_is_long_enough_to_type(ident: str) -> None:
    """A shown id has six characters or more, and a few after the name of its kind."""
    short = list_cells.short_ids([ident])[ident]

    assert ident.startswith(short)
    assert len(short) >= min(6, len(ident))
    assert "_" not in ident or len(short.partition("_")[2]) >= 4


@given(st.sets(st.text("ab_", min_size=1, max_size=12), min_size=1, max_size=20))
def test_short_ids_tell_apart(idents: set[str]) -> None:
    """No two ids are shown alike, unless one is the beginning of the other."""
    short = list_cells.short_ids(idents)

    assert set(short) == idents
    assert len(set(short.values())) == len(idents)


def test_a_shown_id_can_be_typed(hedy: Hedy) -> None:
    """``%hedy session`` takes the id as a view shows it."""
    cells = column(shown(hedy, "sessions", hedy.sessions()), "Id")

    assert {hedy.session(cell.short).session_id for cell in cells[:5]} == {cell.text for cell in cells[:5]}


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-24T15:00:00Z", "Europe/Berlin", "Tue 24 Nov 16:00"),
        ("2025-12-31T23:30:00Z", "Europe/Berlin", "Thu 1 Jan 00:30"),
        ("2025-12-31T22:30:00Z", "Europe/Berlin", "Wed 31 Dec 2025 23:30"),
        ("2026-03-01T00:00:00Z", "America/New_York", "Sat 28 Feb 19:00"),
        (None, "UTC", ""),
    ],
)
def test_times_are_local(hedy: Hedy, moment: str | None, zone: str, expected: str) -> None:
    """Times are on the user's wall clock, with the year where it is not the present one."""
    frame = hedy.sessions(2).assign(start_time=pd.to_datetime([moment, "2026-01-01T00:00:00Z"], utc=True))
    view = list_view.view("sessions", frame, Known(ZoneInfo(zone), now=NOW))

    assert view is not None
    assert column(view, "When")[0].text == expected


@pytest.mark.parametrize(
    ("days", "note"),
    [
        (["2026-11-24", "2026-01-02"], "Times in UTC, 2026 where no year is given."),
        (["2026-11-24", "2025-11-24"], "Times in UTC, 2026 where no year is given."),
        (["2025-11-24", None], "Times in UTC."),
    ],
)
def test_the_year_of_bare_days(hedy: Hedy, days: list[str | None], note: str) -> None:
    """The note below a list says of which year its days without one are."""
    frame = hedy.sessions(2).assign(start_time=pd.to_datetime(days, utc=True))
    view = list_view.view("sessions", frame, Known(ZoneInfo("UTC"), now=NOW))

    assert view is not None
    assert view.table.note == note


def test_a_localised_frame_keeps_its_zone(hedy: Hedy) -> None:
    """The zone that a frame was put into is the one that is shown and named."""
    view = shown(hedy, "sessions", hedy.sessions(3).hedy.localize("Asia/Tokyo"))

    assert view.table.note.startswith("Times in Asia/Tokyo")
    assert view.table.next_step.startswith("%hedy session ")


def test_archived_topics_have_their_colours(hedy: Hedy) -> None:
    """A list of the archive shows the colours that the archive holds, although nothing was read live."""
    colors = dict(zip(hedy.topics()["topic_id"], hedy.topics()["color"], strict=True))
    hedy.connection.topic_colors.clear()
    hedy.connection.records_seen["topics"].clear()
    frame = hedy.sessions(source="archive")
    asked = len(hedy.connection.log)

    cells = column(shown(hedy, "sessions", frame), "Topic")

    assert [cell.color for cell in cells] == [colors.get(ident) for ident in frame["topic_id"][: list_columns.ROWS]]
    assert any(cell.color for cell in cells)
    assert len(hedy.connection.log) == asked


@pytest.mark.parametrize(("query", "typed"), [("budget", "budget"), ("the plan", '"the plan"')])
def test_a_hit_leads_to_its_place(hedy: Hedy, query: str, typed: str) -> None:
    """Each hit names the command that shows it: whole in HTML and Markdown, with the short id in a terminal."""
    hits = hedy.archive.search(query)
    view = shown(hedy, "search", hits, query=query, typed=typed)

    cells = column(view, "Found")
    assert any(cell.command.startswith("%hedy transcript") for cell in cells)
    for cell, ident, field in zip(cells, hits["session_id"], hits["field"], strict=False):
        word = "transcript" if "transcript" in field else "session"
        find = f" --find {typed}" if word == "transcript" else ""
        assert cell.command == f"%hedy {word} {ident}{find}"
        assert cell.short != cell.command
        assert cell.short.startswith(f"%hedy {word} sess_")
    assert "%hedy transcript" not in view.short_ids()
    assert "user-select:all" in view.to_html()
    assert cells[0].command.replace('"', "&quot;") in view.to_html()
    assert cells[0].command in view.to_markdown()


@pytest.mark.parametrize("ident", ["sess_{secret}", "sess_$HOME", 'sess_"a b', "sess_x; y", "-sess_9", "sess_1?"])
def test_a_command_to_copy_reads_back_any_id(ident: str) -> None:
    """An id is other people's text: pasted back, nothing in it is evaluated, and it is one word."""
    hits = pd.DataFrame(
        {"session_id": [ident], "title": ["T"], "snippet": ["lamp"], "field": ["transcript"], "start_time": [pd.NaT]}
    )
    view = list_view.view("search", hits, Known(ZoneInfo("UTC")), query="lamp", typed="lamp")
    assert view is not None

    line = column(view, "Found")[0].command

    assert words(line.removeprefix("%hedy "), {})[0] == ["transcript", ident, "--find", "lamp"]


def test_history(hedy: Hedy) -> None:
    """Each version with its field in words, what is long by its beginning, and what is current said."""
    frame = hedy.archive.history("last")
    view = shown(hedy, "history", frame)

    assert titles(view) == ["Text", "What changed, or how it begins", "First seen", "Version"]
    assert "minutes" in [cell.text for cell in column(view, "Text")]
    assert {cell.text for cell in column(view, "Version")} == {"current"}
    cells = column(view, "What changed, or how it begins")
    long = [len(" ".join(text.split())) > 330 for text in frame["text"]]  # more than the marks of Markdown take away
    assert any(long)
    assert all(cell.text.endswith(" words)") for cell, is_long in zip(cells, long, strict=True) if is_long)
    assert not any("##" in cell.text or "**" in cell.text for cell in cells)
    assert view.heading == "Launch weekly, Wed 25 Nov 2026 16:00 CET"
    assert view.table.next_step == f"%hedy session {frame.attrs['meeting']['session_id']}"
    assert re.match(ZONE_NOTE.pattern + " Long texts are shortened:", view.table.note)
    assert not frame.loc[frame["field"].eq("session_notes"), "text"].str.contains("insert").any()


def test_a_widget_has_no_line_to_type(hedy: Hedy) -> None:
    """Below the list of a widget is no command, which cannot be typed there; the zone stays."""
    frame = hedy.topics()
    known = list_columns.Known(hedy.zone)
    both = [list_view.view("topics", frame, known, names_next=one) for one in (True, False)]
    first, second = (view.table for view in both if view is not None)

    assert first.next_step == f'%hedy brief "{frame["name"].iloc[0]}"'
    assert second.next_step == ""
    assert first.note == second.note
    assert ZONE_NOTE.fullmatch(first.note)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, "## Plan\n- **Ship** it\n- Test `all`", "Plan · Ship it · Test all"),
        ("The lamp is dry.", "The lamp is wet.", "dry. → wet."),
        ("Two lamps leaked on Monday", "Two of nine lamps leaked on Monday", "added: of nine"),
        ("- [ ] Call Ada\n- [ ] Write", "- [ ] Write", "removed: Call Ada ·"),
        ("**Ship** it", "Ship it", "removed: nothing"),
        ("会議は火曜", "会議は水曜", "会議は火曜 → 会議は水曜"),
    ],
)
def test_what_a_version_changed(before: str | None, after: str, shown: str) -> None:
    """A version is shown by what it changed in the one before, as plain text."""
    assert list_cells.changed(before, after, "9 words") == shown


def test_a_long_version_is_shortened() -> None:
    """Of a long first version the beginning is shown with its length, of a long change the beginnings of both."""
    long = "lamp " * 200

    assert list_cells.changed(None, long, "200 words").endswith("lamp… (200 words)")
    assert len(list_cells.changed(long, "cable " * 200, "")) < 300
