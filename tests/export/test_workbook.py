"""Excel workbooks: what a reader of them finds, and what a spreadsheet must not run."""

from __future__ import annotations

import errno
import io
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.errors import ServerError, UsageError
from hedy_jupyter.export import sheets, workbook
from hedy_jupyter.frames.build import build

BERLIN = ZoneInfo("Europe/Berlin")
LONG = "".join(f"Ada: Zeile {number} 😀 über das Ganze.\n" for number in range(2_500))
RECORDS = [
    {
        "sessionId": "sess_1",
        "title": '=HYPERLINK("https://evil.example")',
        "startTime": "2026-03-29T00:30:00Z",
        "endTime": "2026-03-29T02:15:00Z",
        "duration": 45,
        "recap": "One\x00 two\x1b[31m\ufffe\ud800 three\r\nfour",
        "transcript": LONG,
        "highlightCount": 0,
    },
    {"sessionId": "sess_2", "title": "https://evil.example/x", "startTime": "2026-07-01T10:00:00Z", "recap": "+1"},
    {"sessionId": "007", "title": "_x0041_ 1E5", "startTime": None},
]
TODOS = [
    {"id": "t1", "text": "@SUM(A1)", "dueDate": "Friday", "completed": False, "sessionId": "sess_2"},
    {"id": "t2", "text": "-2+3", "completed": True, "sessionId": "sess_2"},
    {"id": "t3", "text": "Nobody's", "completed": None, "sessionId": "sess_9"},
]


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    """Sessions and todos with everything that may do harm."""
    return {"sessions": build("sessions_detailed", RECORDS), "todos": build("todos", TODOS)}


@pytest.fixture(scope="module")
def data(frames: dict[str, pd.DataFrame]) -> bytes:
    """The workbook of these."""
    return workbook.to_bytes(frames, zone=BERLIN)


@pytest.fixture(scope="module")
def book(data: bytes) -> Any:
    """The same, read back."""
    return openpyxl.load_workbook(io.BytesIO(data))


def table(page: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by their heads."""
    heads = [cell.value for cell in page[1]]
    return [dict(zip(heads, row, strict=True)) for row in page.iter_rows(min_row=2, values_only=True)]


def test_sheets_and_heads(book: Any) -> None:
    """A sheet a kind; the heads are the columns, fixed and filtered, and those of times name the zone."""
    page = book["sessions"]
    heads = [cell.value for cell in page[1]]

    assert book.sheetnames == ["sessions", "todos"]
    assert heads[:3] == ["session_id", "title", "start_time (Europe/Berlin)"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref.startswith("A1:")
    assert page["B2"].alignment.wrap_text


def test_times_are_local(book: Any) -> None:
    """Times are those of the wall clock, on both sides of a change of the clocks; missing ones are empty."""
    rows = [row for row in table(book["sessions"]) if not (row["note"] or "").endswith("above.")]

    assert [row["start_time (Europe/Berlin)"] for row in rows] == [
        datetime(2026, 3, 29, 1, 30),
        datetime(2026, 7, 1, 12, 0),
        None,
    ]
    assert rows[0]["end_time (Europe/Berlin)"] == datetime(2026, 3, 29, 4, 15)
    assert rows[0]["duration_min"] == 45


def test_text_stays_text(book: Any, data: bytes) -> None:
    """No cell is a formula, no text is a link, numbers in texts stay texts, and XML holds every character."""
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
    rows = table(book["sessions"])
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}

    assert "f" not in kinds
    assert [row["title"] for row in rows if row["session_id"] == "sess_2"] == ["https://evil.example/x"]
    assert rows[-1]["session_id"] == "007"
    assert rows[-1]["title"] == "_x0041_ 1E5"
    assert rows[0]["recap"] == "One two\ufffd three\nfour"
    assert [name for name, text in parts.items() if "<f>" in text] == []
    assert [name for name, text in parts.items() if name.endswith(".rels") and "evil.example" in text] == []


def test_a_formula_that_is_edited_stays_text(book: Any) -> None:
    """What begins like a formula is marked as text, so that a click into the cell does not make one of it."""
    cells = {cell.value: cell.quotePrefix for row in book["todos"].iter_rows() for cell in row if cell.value}

    assert cells["@SUM(A1)"]
    assert cells["-2+3"]
    assert not cells["Friday"]


def test_long_texts_go_on_in_the_next_row(book: Any) -> None:
    """The pieces of a transcript are cut at lines, fit into cells, are whole together, and say where they go on."""
    rows = [row for row in table(book["sessions"]) if row["session_id"] == "sess_1"]
    parts = [row["transcript"] for row in rows]

    assert len(parts) == 3
    assert "".join(parts) == LONG
    assert all(part.endswith("\n") and len(part.encode("utf-16-le")) // 2 <= 32_767 for part in parts)
    assert [row["note"][:11] for row in rows] == ["Part 1 of 3", "Part 2 of 3", "Part 3 of 3"]
    assert [row["recap"] is None for row in rows] == [False, True, True]
    assert {row["title"] for row in rows} == {RECORDS[0]["title"]}


@pytest.mark.parametrize("text", ["x" * 100_000, "😀" * 40_000, "a😀" * 30_000, "word " * 30_000, "", "short"])
def test_pieces(text: str) -> None:
    """Pieces of any text fit, and are the text."""
    found = sheets.pieces(text)

    assert "".join(found) == text
    assert max(len(piece.encode("utf-16-le")) // 2 for piece in found) <= sheets.MOST_UNITS
    assert len(found) <= len(text.encode("utf-16-le")) // 2 // 30_000 + 1


def test_links_between_sheets(book: Any) -> None:
    """A todo leads to its meeting, and a meeting to its first todo, past the rows of a long transcript."""
    todos, sessions = book["todos"], book["sessions"]
    heads = [cell.value for cell in todos[1]]
    title = todos.cell(2, heads.index("session_title") + 1)
    count = next(
        cell for row in sessions.iter_rows(min_row=2) for cell in row if cell.hyperlink and row[0].value == "sess_2"
    )
    place = title.hyperlink.location.split("!A")

    assert title.value == "https://evil.example/x"
    assert sessions.cell(int(place[1]), 1).value == "sess_2"
    assert count.hyperlink.location == "'todos'!A2"
    assert todos.cell(4, heads.index("session_id") + 1).hyperlink is None
    assert all(cell.hyperlink.location for page in book for row in page.iter_rows() for cell in row if cell.hyperlink)


def test_other_values(tmp_path: Path) -> None:
    """Days, flags, lists, large numbers and times before 1900 are what a spreadsheet can hold."""
    frame = pd.DataFrame(
        {
            "todo_id": ["a", "b"],
            "due_on": pd.to_datetime(["2026-03-01", None]),
            "flag": pd.array([True, None], dtype="boolean"),
            "events": [["x", "=y"], None],
            "big": [2**60, 1],
            "old": pd.to_datetime(["1850-01-01T10:00:00Z", "2026-01-01T10:00:00Z"], utc=True),
            "rate": [float("inf"), 0.5],
        }
    )
    path = tmp_path / "other.xlsx"
    workbook.save({"todos": frame}, path, zone=BERLIN)
    rows = table(openpyxl.load_workbook(path)["todos"])

    assert (rows[0]["due_on"], rows[1]["due_on"]) == (datetime(2026, 3, 1), None)
    assert [row["flag"] for row in rows] == [True, None]
    assert (rows[0]["events"], rows[0]["big"], rows[1]["big"]) == ("x; =y", str(2**60), 1)
    assert rows[0]["old (Europe/Berlin)"].startswith("1850-01-01")
    assert [row["rate"] for row in rows] == [None, 0.5]


def test_export_of_the_account(demo: hj.Hedy, tmp_path: Path) -> None:
    """``hedy.export("xlsx")`` has every kind, and with a topic what belongs to its meetings."""
    path = tmp_path / "hiring.xlsx"
    done = demo.export("xlsx", path, topic="Hiring")
    book = openpyxl.load_workbook(path)
    meetings = {row["session_id"] for row in table(book["sessions"])}

    assert book.sheetnames == ["sessions", "highlights", "todos", "topics"]
    assert len(meetings) == done.rows["sessions"] == len(demo.sessions(None, topic="Hiring"))
    assert {row["session_id"] for row in table(book["todos"])} <= meetings
    assert str(path) in done.summary
    with pytest.raises(UsageError, match="not to the standard output"):
        demo.export("xlsx")


def test_member(demo: hj.Hedy, tmp_path: Path) -> None:
    """``df.hedy.to_excel`` takes the zone of the frame, and the frames that belong to it."""
    path = demo.sessions(3).hedy.localize("Asia/Tokyo").hedy.to_excel(tmp_path / "a.xlsx", todos=demo.todos())
    book = openpyxl.load_workbook(path)
    first = table(book["sessions"])[0]["start_time (Asia/Tokyo)"]

    assert book.sheetnames == ["sessions", "todos"]
    assert first == demo.sessions(1)["start_time"][0].tz_convert("Asia/Tokyo").tz_localize(None).to_pydatetime()


def test_times_of_arrow_are_local(demo: hj.Hedy, tmp_path: Path) -> None:
    """Times that are no column of the API are times in a frame backed by Arrow as well."""
    todos = demo.todos().head(2).hedy.with_meeting(demo.sessions())
    path = todos.convert_dtypes(dtype_backend="pyarrow").hedy.to_excel(tmp_path / "todos.xlsx")
    [first, _] = table(openpyxl.load_workbook(path)["todos"])
    [head] = [name for name in first if name.startswith("session_start (")]

    assert first[head] == todos["session_start"].iloc[0].tz_localize(None).to_pydatetime()


def test_less_does_not_replace_more(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """A file stays where details are missing now; a path that is a folder is refused."""
    path = tmp_path / "kept.xlsx"
    workbook.save(frames, path, zone=BERLIN)
    before = path.read_bytes()
    less = frames["sessions"].copy()
    less.attrs["coverage"] = {"incomplete": ["sess_1"]}
    with pytest.raises(ServerError, match="left as it is"):
        workbook.save({"sessions": less}, path, zone=BERLIN)
    with pytest.raises(UsageError, match="is a folder"):
        workbook.save(frames, tmp_path, zone=BERLIN)

    assert path.read_bytes() == before


@pytest.mark.parametrize("order", [RECORDS, RECORDS[::-1]])
def test_sessions_in_parts(order: list[dict[str, Any]]) -> None:
    """Sessions that come in parts make the sheets of the whole frame, wherever the long text is."""
    whole, todos = build("sessions_detailed", order), build("todos", TODOS)
    short = whole[["session_id", "title"]]
    given, parts = (
        [(sheet.kind, sheet.heads, list(sheet.lines)) for sheet in found]
        for found in (
            sheets.sheets({"sessions": whole, "todos": todos}, zone=BERLIN),
            sheets.sheets(
                {"sessions": short, "todos": todos},
                lambda: [whole.iloc[[place]] for place in range(len(whole))],
                zone=BERLIN,
            ),
        )
    )

    assert parts == given
    assert sheets.NOTE in parts[0][1]


def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: dict[str, pd.DataFrame]
) -> None:
    """Where XlsxWriter cannot write, one line says which file, and the old one stays."""
    path = tmp_path / "all.xlsx"
    path.write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", refuse)
    with pytest.raises(UsageError, match=r"all\.xlsx cannot be written: .*No space left"):
        workbook.save({"todos": frames["todos"]}, path, zone=BERLIN)

    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, b"old")]


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, frames: dict[str, pd.DataFrame]) -> None:
    """Without XlsxWriter one line says how to get it."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(UsageError, match="pip install xlsxwriter"):
        workbook.to_bytes(frames, zone=BERLIN)


@pytest.mark.outside
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(data: bytes, tmp_path: Path) -> None:
    """LibreOffice reads the workbook, and sees texts where texts are."""
    (tmp_path / "book.xlsx").write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", "csv", "book.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = (tmp_path / "book.csv").read_text(encoding="utf-8")

    assert "2026-03-29 01:30" in found
    assert "HYPERLINK" in found
