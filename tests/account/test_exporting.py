"""``hedy.export()``: in code what ``%hedy export`` writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account.frame_coverage import count_text
from hedy_jupyter.archive import queries
from hedy_jupyter.choices import FORMS
from tests.histories import History


def test_a_document(demo: hj.Hedy, tmp_path: Path) -> None:
    """A document goes to its file, or comes as text where no path is given."""
    done = demo.export("md", tmp_path / "hiring.md", topic="Hiring")
    given = demo.export("md", topic="Hiring")

    assert (done.path, done.text, given.path) == (tmp_path / "hiring.md", None, None)
    assert given.text == (tmp_path / "hiring.md").read_text(encoding="utf-8")
    assert done.rows == given.rows == {"sessions": len(demo.sessions(limit=None, topic="Hiring"))}
    assert str(done) == f"{done.rows['sessions']} sessions written to {tmp_path / 'hiring.md'}"
    assert given.text not in repr(given)


@pytest.mark.parametrize("kinds", ["todos", ["todos"], ("todos", "todos")])
def test_one_kind_is_a_file(demo: hj.Hedy, tmp_path: Path, kinds: Any) -> None:
    """One kind, however it is given, is a file of its rows."""
    done = demo.export("json", tmp_path / "todos.json", kinds)

    assert len(json.loads((tmp_path / "todos.json").read_text(encoding="utf-8"))) == done.rows["todos"] == 425
    assert demo.export("json", kinds=kinds).text == (tmp_path / "todos.json").read_text(encoding="utf-8")


def test_several_kinds_are_a_folder(demo: hj.Hedy, tmp_path: Path) -> None:
    """Without kinds all are written, with filters only what belongs to sessions, and the line says what is left out."""
    every = demo.export("csv", tmp_path / "all")
    some = demo.export("csv", tmp_path / "some", since="30d")

    assert {path.stem for path in (tmp_path / "all").iterdir()} == set(every.rows) == {
        "sessions", "highlights", "todos", "topics", "contexts", "webhooks",
    }  # fmt: skip
    assert set(some.rows) == {"sessions", "highlights", "todos", "topics"}
    assert str(some).endswith("contexts and webhooks left out: they belong to no meeting")
    assert str(every).startswith(f"6 files written to {tmp_path / 'all'}: sessions.csv (154)")


@pytest.mark.parametrize("form", ["vault", "parquet"])
def test_folders(demo: hj.Hedy, tmp_path: Path, form: str) -> None:
    """A vault and the archive's Parquet files are folders; the line is that of their writers."""
    demo.archive.sync(details=False)
    done = demo.export(form, tmp_path / form)

    assert done.path == tmp_path / form
    assert any((tmp_path / form).rglob("*.md" if form == "vault" else "*.parquet"))
    assert " written, " in str(done)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "cvs"}, "Unknown format 'cvs' for an export. Did you mean "),
        ({"kind": "todos"}, 'For one kind: hedy.export("csv", path, "todos").'),
        ({"kind": "csv", "kinds": "todo"}, "Unknown kind 'todo'. Did you mean "),
        ({"kind": "md", "kinds": "todos"}, "An export as md takes no kinds."),
        ({"kind": "csv"}, "Several kinds go into a folder"),
        ({"kind": "vault"}, "Name the folder."),
        ({"kind": "csv", "kinds": "contexts", "topic": "Hiring"}, "contexts cannot be narrowed by topic."),
        ({"kind": "parquet", "path": "p", "source": "live"}, 'source="live"'),
        ({"kind": "csv", "path": " ", "kinds": "topics"}, "names no file"),
        ({"kind": "csv", "path": ""}, "names no file or folder"),
        ({"kind": "vault", "path": ""}, "names no file or folder"),
        ({"kind": "parquet", "path": " "}, "names no file or folder"),
    ],
)
def test_what_does_not_fit(
    demo: hj.Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], message: str
) -> None:
    """A wrong call says which value is wrong and what to give, and writes nothing."""
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with pytest.raises(hj.UsageError) as caught:
        demo.export(**given)

    assert message in f"{caught.value.message} {caught.value.advice}"
    assert set(tmp_path.iterdir()) == before


def test_every_format_is_named(demo: hj.Hedy) -> None:
    """The help of ``hedy.export`` names every format."""
    assert [form for form in FORMS if f'"{form}"' not in (demo.export.__doc__ or "")] == []


@pytest.mark.parametrize(
    ("rows", "found", "total", "text"),
    [
        (1, 1, None, "1 open todo"),
        (129, 425, None, "129 open todos (425 in all)"),
        (100, 100, 1540, "100 open todos (1,540 in all)"),
        (3, 3, 2, "3 open todos"),
        (0, 0, 0, "0 open todos"),
    ],
)
def test_counts_in_words(rows: int, found: int, total: int | None, text: str) -> None:
    """Rows are counted first, then what there is behind them, where that is more."""
    frame = pd.DataFrame(index=range(rows))
    frame.attrs["coverage"] = {"found": found, "total": total, "unreachable": 0, "source": "live"}

    assert count_text(frame, "open todo") == text


# Details from the archive ----------------------------------------------------


@pytest.mark.parametrize("form", ["json", "csv", "vault", "md"])
def test_details_come_from_the_archive_after_a_sync(tmp_path: Path, form: str) -> None:
    """Just after a sync only details of what is listed otherwise are requested; the files are those of a fresh read."""
    history = History(6, youngest_days=3)
    del history.details["sess_000002"]["cleaned_transcript"]
    target = "all.md" if form == "md" else "all"
    (tmp_path / "held").mkdir()
    (tmp_path / "fresh").mkdir()
    with history.account_of() as account:
        account.archive.sync()
        history.details["sess_000004"]["title"] = "Renamed"
        account.forget()
        history.asked.clear()
        account.export(form, tmp_path / "held" / target)

        assert dict(history.fetched) == {"sess_000004": 1}

        account.export(form, tmp_path / "fresh" / target, refresh=True)

        assert len(history.fetched) == 6
    held, fresh = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("held", "fresh")
    )
    assert held == fresh


def test_details_that_may_have_changed_are_requested() -> None:
    """Some time after a sync, details of young meetings and of those without a cleaned transcript are requested."""
    history = History(6, youngest_days=11)
    history.details["sess_000005"].pop("cleaned_transcript")
    with history.account_of() as account:
        account.archive.sync()
        with account.archive.store() as store:
            store.now = lambda: datetime.now(UTC) + timedelta(minutes=30)
            settled = queries.settled_details(store, history.details.values())

    assert sorted(settled) == ["sess_000003", "sess_000004"]
    assert settled["sess_000003"] == history.details["sess_000003"]
