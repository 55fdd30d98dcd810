"""Exports of an archive are written as it is read: never all texts in memory, never half a file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.archive import queries
from hedy_jupyter.archive.archive import Archive
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.export import tabular
from hedy_jupyter.frames.build import build

FILES: dict[str, tuple[str, ...]] = {
    "csv": ("sessions",),
    "json": ("sessions",),
    "md": (),
    "html": (),
    "ics": (),
    "xlsx": (),
}
CHOICES: dict[str, dict[str, Any]] = {
    "topics": {"topic": ["Hiring", "Coaching"], "limit": 20},
    "words": {"text": "lamp", "limit": 9, "since": "60d"},
    "one": {"limit": 1},
    "nothing": {"text": "qqqzzz", "since": "30d"},
}


@pytest.fixture(scope="module")
def hedy(demo_archive: Path) -> Iterator[hj.Hedy]:
    """Return a demo account with an archive, whose days are those of Berlin."""
    with hj.demo(timezone="Europe/Berlin") as account:
        account.settings = replace(account.settings, archive=demo_archive)
        yield account


def contents(path: Path) -> dict[str, bytes]:
    """The bytes of a file; those of a workbook by its parts, but for the time at which it was made."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist() if not name.endswith("core.xml")}


@pytest.mark.parametrize(
    ("form", "choice"),
    [*((form, "topics") for form in FILES), ("ics", "words"), ("xlsx", "words"), ("md", "one")]
    + [(form, "nothing") for form in ("csv", "json", "md")],
)
def test_many_parts_make_the_same_file(
    hedy: hj.Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, choice: str
) -> None:
    """A file is the same in whatever parts the archive is read, and its texts are never read together."""
    chosen = {**CHOICES[choice], "source": "archive"}
    whole = hedy.export(form, tmp_path / f"whole.{form}", FILES[form], **chosen)
    read_texts, short = Archive.sessions, []

    def sessions(archive: Archive, *values: Any, details: bool = False, **options: Any) -> pd.DataFrame:
        short.append(not details)
        return read_texts(archive, *values, details=details, **options)

    monkeypatch.setattr(Archive, "sessions", sessions)
    monkeypatch.setattr(queries, "AT_ONCE", 7)
    parts = hedy.export(form, tmp_path / f"parts.{form}", FILES[form], **chosen)

    assert contents(tmp_path / f"parts.{form}") == contents(tmp_path / f"whole.{form}")
    assert dict(parts.rows) == dict(whole.rows)
    assert all(short)


@pytest.mark.parametrize("old", [None, b"old"])
@pytest.mark.parametrize("form", FILES)
def test_an_export_that_stops_leaves_no_half_file(
    hedy: hj.Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, old: bytes | None
) -> None:
    """Where a later part cannot be read, the file is as it was, and nothing lies beside it."""
    read_parts = Archive.session_parts

    def broken(archive: Archive, *values: Any, **options: Any) -> Iterator[pd.DataFrame]:
        yield next(read_parts(archive, *values, **options))
        raise ArchiveError("The archive is damaged.")

    target = tmp_path / f"all.{form}"
    if old is not None:
        target.write_bytes(old)
    monkeypatch.setattr(Archive, "session_parts", broken)
    monkeypatch.setattr(queries, "AT_ONCE", 7)
    with pytest.raises(ArchiveError, match="damaged"):
        hedy.export(form, target, FILES[form], limit=20, source="archive")

    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == ({} if old is None else {target.name: old})


@pytest.mark.parametrize("form", ["csv", "json"])
def test_parts_keep_what_could_not_be_read(tmp_path: Path, form: str) -> None:
    """Rows of any part without their details keep those of the file, and so do rows of a list that failed."""
    records = [
        {"sessionId": f"sess_{number}", "title": f"Title {number}", "recap": f"Recap {number}, with „quotes“"}
        for number in range(6)
    ]
    style, path = tabular.Style(form), tmp_path / f"sessions.{form}"
    tabular.save_data([build("sessions_detailed", records)], style, path)
    known = [{**one, "recap": None} if number in {1, 3} else one for number, one in enumerate(records[:5])]
    parts = [build("sessions_detailed", known[:2]), build("sessions_detailed", known[2:])]
    for part in parts:
        part.attrs["coverage"] = {"incomplete": ["sess_1", "sess_3"], "failed": ["topics"]}
    before = path.read_bytes()

    tabular.save_data(parts, style, path)

    assert path.read_bytes() == before


def test_a_table_of_no_rows_is_one(tmp_path: Path) -> None:
    """Parts without a row make the head of a table, or an empty list."""
    empty = build("sessions_detailed", [])
    texts = {form: "".join(tabular.to_data([empty, empty], tabular.Style(form))) for form in ("csv", "json")}

    assert texts["csv"].splitlines() == [",".join(empty.columns)]
    assert json.loads(texts["json"]) == []
