"""Answers from the archive read texts in parts, and are those of the whole frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.archive import queries
from tests.benchmarks import scale


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of seven meetings of the benchmark."""
    file = tmp_path_factory.mktemp("scale") / "archive.sqlite"
    scale.build(file, 7)
    return file


@pytest.fixture
def hedy(path: Path, monkeypatch: pytest.MonkeyPatch) -> Hedy:
    """Its account, which reads three meetings at a time."""
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    return scale.account(path)


def whole(hedy: Hedy, **filters: Any) -> pd.DataFrame:
    """The sessions with their texts in one frame."""
    return hedy.sessions(None, details=True, source="archive", **filters)


@pytest.mark.parametrize("by", [None, "topic", "month", "session"])
def test_speakers(hedy: Hedy, by: str | None) -> None:
    """Counts, shares and order do not depend on the parts."""
    found = hedy.speakers(by=by, source="archive")
    expected = whole(hedy).hedy.speakers(by)

    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs["utterances"] == expected.attrs["utterances"] | {"speakers": expected["speaker"].nunique()}
    assert found.attrs["coverage"] == whole(hedy).attrs["coverage"]


@pytest.mark.parametrize("name", ["decisions", "open_questions", "action_items"])
@pytest.mark.parametrize(
    "filters",
    [{}, {"topic": ["Topic 1", "Topic 4"]}, {"not_topic": "Topic 2"}, {"since": "2026-11-24"}, {"until": "2020"}],
    ids=["all", "topics", "not_topic", "since", "none"],
)
def test_lists(hedy: Hedy, name: str, filters: dict[str, Any]) -> None:
    """Every filter chooses the same meetings, also where none is left."""
    found = getattr(hedy, name)(source="archive", **filters)
    expected = getattr(whole(hedy, **filters).hedy, name)()

    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs["minutes"] == expected.attrs["minutes"]
    assert bool(len(found)) == ("until" not in filters)


def test_only_what_is_needed_is_read(hedy: Hedy) -> None:
    """The parts have the attrs of the whole, and texts that were not asked for are missing."""
    parts = list(hedy.archive.session_parts(fields=["recap"]))
    expected = whole(hedy)

    assert [len(part) for part in parts] == [3, 3, 1]
    assert all(part.attrs["coverage"] == expected.attrs["coverage"] for part in parts)
    joined = pd.concat(parts, ignore_index=True)
    assert joined["recap"].tolist() == expected["recap"].tolist()
    assert joined[["meeting_minutes", "transcript", "cleaned_transcript"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "options", [{}, {"limit": 5}, {"text": "kestrel"}, {"text": "kestrel", "limit": 1}, {"transcript": "own"}], ids=str
)
def test_vault(hedy: Hedy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    """A vault that is written in parts is that of one part."""

    def files(folder: Path) -> dict[str, bytes]:
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.md")}

    done = hedy.export("vault", tmp_path / "parts", source="archive", **options)
    monkeypatch.setattr(queries, "AT_ONCE", 1000)
    again = hedy.export("vault", tmp_path / "whole", source="archive", **options)

    assert files(tmp_path / "parts") == files(tmp_path / "whole")
    assert done.rows == again.rows
    assert 0 < done.rows["sessions"] <= options.get("limit", 7)


@pytest.mark.parametrize("name", [*scale.PLAIN, *(name for name in scale.ROWS if name not in {"xlsx", "parquet"})])
def test_benchmark_runs(path: Path, name: str) -> None:
    """Each row of the benchmark runs, and costs something."""
    found = scale.measure(name, path)

    assert found["s"] > 0
    assert found["mb"] >= 0


def test_benchmark_says_what_is_met(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A row is met where both its time and its memory are."""
    costs: dict[str, dict[str, float]] = {"unpack": {"s": 1, "mb": 1}, "decisions": {"s": 2, "mb": 501}}
    measured: Callable[[str, Path], dict[str, float]] = lambda name, _: costs[name]  # noqa: E731
    monkeypatch.setattr(scale, "measured", measured)
    scale.main(Path("archive"), "decisions")

    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("decisions")
    assert "2.00 of unpack" in last
    assert last.endswith("MISSED: 20 s, 500 MB")
