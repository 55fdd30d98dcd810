"""Workbook: frames as one Excel file, a sheet a kind. Text stays text: nothing in it is a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import output
from hedy_jupyter.export.sheets import Parts, Sheet, sheets
from hedy_jupyter.export.tabular import is_formula

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "valign": "top", "text_wrap": True},
    "text": {"text_wrap": True, "valign": "top"},
    "formula": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "time": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "plain": {"valign": "top"},
    "link": {"valign": "top", "text_wrap": True, "font_color": "#0563C1", "underline": 1},
}
_NARROWEST, _WIDEST = 8, 70  # characters of a column
_WIDTH_OF_TIME = 17
_LOOKED_AT = 200  # rows from which the width of a column is taken
_LONG = 700  # characters from which a row gets a fixed height
_TALL = 120  # points
_MOST_LINKS = 65_530  # in a sheet


def save(frames: Mapping[str, pd.DataFrame], path: str | Path, parts: Parts | None = None, *, zone: tzinfo) -> Path:
    """Write *frames*, by kind, to *path* as an Excel workbook, in place of an older file; see ``sheets``.

    Raises:
        UsageError: XlsxWriter is not installed, or the file cannot be written.
        ServerError: details are missing, or a list could not be read, and the file exists; it is left as it is.
    """
    output.file_of(path)
    for frame in frames.values():
        output.refuse_less(path, frame)
    return output.save_with(lambda file: _write_book(file, sheets(frames, parts, zone=zone), path), path)


def to_bytes(frames: Mapping[str, pd.DataFrame], *, zone: tzinfo) -> bytes:
    """Return *frames* as the bytes of an Excel workbook.

    Raises:
        UsageError: XlsxWriter is not installed.
    """
    data = io.BytesIO()
    _write_book(data, sheets(frames, zone=zone), "The workbook")
    return data.getvalue()


def _write_book(file: BinaryIO, made: Iterable[Sheet], path: str | Path) -> None:
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError("Excel files need XlsxWriter.", advice="Install it: pip install xlsxwriter") from None
    refused = ""
    try:
        with xlsxwriter.Workbook(file, _OPTIONS) as book:
            formats = {name: book.add_format(dict(values)) for name, values in _FORMATS.items()}
            for sheet in made:
                _write(book, sheet, formats)
    except xlsxwriter.exceptions.FileCreateError as error:
        refused = str(error)
    if refused:  # here, where the zip file that the error holds is closed, and *file* is not
        raise UsageError(f"{path} cannot be written: {refused}.", advice="Name a file on a disk with more space.")


def _write(book: Workbook, sheet: Sheet, formats: Mapping[str, Format]) -> None:
    """Write one sheet with fixed and filtered heads."""
    page, links_left = book.add_worksheet(sheet.kind), _MOST_LINKS
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    coming = iter(sheet.lines)
    first = list(islice(coming, _LOOKED_AT))
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, formats["head"])
        page.set_column(column, column, _width(head, [row[column] for row, _ in first]))
    place = 0
    for place, (row, links) in enumerate(chain(first, coming), start=1):
        if any(isinstance(value, str) and len(value) > _LONG for value in row):
            page.set_row(place, _TALL)
        for column, value in enumerate(row):
            target = links.get(column) if links_left else None
            if target is not None:  # a cell that is written once more keeps its link
                links_left -= 1
                page.write_url(place, column, f"internal:'{target[0]}'!A{target[1] + 2}", formats["link"], "-")
            _write_cell(page, place, column, value, formats, is_link=target is not None)
    if sheet.heads:
        page.autofilter(0, 0, place, len(sheet.heads) - 1)


def _write_cell(
    page: Worksheet, row: int, column: int, value: Any, formats: Mapping[str, Format], *, is_link: bool
) -> None:
    link = formats["link"] if is_link else None
    if value is None:
        page.write_blank(row, column, None, link or formats["plain"])
    elif isinstance(value, str):
        page.write_string(row, column, value, link or formats["formula" if is_formula(value) else "text"])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, link or formats["plain"])
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, link or formats["time"])
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), link or formats["day"])
    else:
        page.write_number(row, column, value, link or formats["plain"])


def _width(head: str, values: list[Any]) -> int:
    """Return the width of a column: that of its longest line, within bounds."""
    if any(isinstance(value, datetime) for value in values):
        return _WIDTH_OF_TIME
    lengths = [len(line) for value in values if value is not None for line in str(value).split("\n")]
    return max(_NARROWEST, min(_WIDEST, max([len(head.partition(" (")[0]) + 2, *lengths])))
