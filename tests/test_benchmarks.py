"""The table of benchmarks and its regression guard; each program once, with figures that mean nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import large_demo
from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import browse, carried_over, dask_partitions, due, frames, manager, rows, sync
from tests.benchmarks.rows import Row

_SLOW, _QUICK = Row("reading", 40.0, "ms", "pandas", 10.0), Row("reading", 12.0, "ms", "pandas", 10.0)


@pytest.mark.parametrize(
    "program",
    [browse.rows, carried_over.rows, due.rows, frames.rows, manager.rows, sync.rows],
    ids=lambda program: program.__module__,
)
def test_program_measures_something(program: Callable[[bool], list[Row]]) -> None:
    """Each program runs with few records, and its rows have names of their own."""
    found = program(True)

    assert all(row.measured is not None for row in found)
    assert len({row.work for row in found}) == len(found) > 0


@pytest.mark.outside  # a server in a process of its own
def test_clients_read_the_same_meetings() -> None:
    """The plain tools read as many meetings as the package; what is not installed has a row that says so."""
    pytest.importorskip("requests")
    from tests.benchmarks import clients

    found = clients.rows(True)

    assert len(found) == 3
    assert all(row.measured is not None or "is not installed" in row.note for row in found)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # dask's own use of pandas
@pytest.mark.parametrize("job", [*dask_partitions.SMALL_JOBS, *dask_partitions.ACCOUNT_JOBS])
def test_dask_gives_what_pandas_gives(job: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The generated Parquet files have the columns of the archive's, and a job on them has the result of pandas."""
    for account in ("1", "2") if job in dask_partitions.ACCOUNT_JOBS else ("",):
        large_demo.write(tmp_path / (account and f"account={account}"), 24, account=account, per_month=10)

    dask_partitions.child(str(tmp_path), job)

    used = dask_partitions.Used(*json.loads(capsys.readouterr().out))
    assert used.rows > 0
    assert used.digest == dask_partitions.with_pandas(tmp_path, job)


def test_aims_are_judged() -> None:
    """A row is met where both of its aims are, and neither met nor missed without one."""
    row = Row("reading", 30.0, "ms", "pandas", 60.0, at_most=40.0, ratio_at_most=0.5)

    assert row.met is True
    assert row._replace(at_most=29.0).met is False
    assert row._replace(ratio_at_most=0.4).met is False
    assert row._replace(at_most=None, ratio_at_most=None).met is None
    assert row._replace(measured=None).met is None


def test_table_names_what_is_missing() -> None:
    """The table has a line a row, of cells of equal width; one that could not be measured says why."""
    lines = rows.table([_SLOW._replace(ratio_at_most=2.0), rows.missing("syncing", "dlt", "dlt")]).splitlines()

    assert len({len(line) for line in lines}) == 1
    assert lines[2].split(" | ")[1:] == ["40 ms   ", "pandas: 10 ms           ", "4    ", "ratio ≤ 2", "NO  |"]
    assert "dlt is not installed: pip install --group bench" in lines[3]


def _stub(monkeypatch: pytest.MonkeyPatch, *runs: list[Row]) -> list[str]:
    """Let the programs give the rows of *runs* in turn; the names of those that ran are in the list."""
    names, following = list[str](), iter(runs)

    def measured(name: str, *, small: bool) -> list[Row]:
        names.append(name)
        return next(following)

    monkeypatch.setattr(benchmarks, "measured", measured)
    return names


def test_guard_fails_where_a_ratio_is_worse_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ratio that is worse than that of the baseline is measured again, and fails the run if it stays so."""
    names = _stub(monkeypatch, [_QUICK], [_SLOW], [_SLOW])
    file = tmp_path / "baseline.json"

    assert benchmarks.main(["due", "--json", str(file)]) == 0
    assert benchmarks.main(["due", "--against", str(file)]) == 1
    assert names == ["due", "due", "due"]
    assert "WORSE  due: reading: ratio 4, 3.33 times the 1.2 before" in capsys.readouterr().out


def test_guard_forgives_one_bad_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the first of two measurements is worse, the machine was busy."""
    _stub(monkeypatch, [_QUICK], [_SLOW], [_QUICK])
    file = tmp_path / "baseline.json"
    benchmarks.main(["due", "--json", str(file)])

    assert benchmarks.main(["due", "--against", str(file)]) == 0


def test_guard_says_what_was_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row of the baseline that is no longer there fails the run; one whose other tool is not installed does not."""
    _stub(monkeypatch, [_QUICK], [_QUICK._replace(work="writing")], [_QUICK._replace(measured=None)])
    file = tmp_path / "baseline.json"
    benchmarks.main(["due", "--json", str(file)])

    assert benchmarks.main(["due", "--against", str(file)]) == 1
    assert "NOT MEASURED  due: reading" in capsys.readouterr().out
    assert benchmarks.main(["due", "--against", str(file)]) == 0


def test_run_fails_where_a_program_or_an_aim_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program without rows failed, and an aim that is missed fails the run, but for a small one."""
    missed = [_SLOW._replace(at_most=1.0)]
    _stub(monkeypatch, [], missed, missed)

    assert [benchmarks.main(["due"]), benchmarks.main(["due"]), benchmarks.main(["due", "--small"])] == [1, 1, 0]


def test_one_program_runs_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program prints its table, writes its rows, and exits with 1 where an aim is missed."""
    file = tmp_path / "rows.json"
    monkeypatch.setattr("sys.argv", ["reading", "--json", str(file)])

    with pytest.raises(SystemExit) as caught:
        rows.main(lambda _: [_SLOW._replace(ratio_at_most=1.0)], "Measures reading.")

    assert caught.value.code == 1
    assert json.loads(file.read_text("utf-8"))[0]["ratio"] == 4.0


def test_unknown_program_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that no program has is an error that lists those there are."""
    with pytest.raises(SystemExit):
        benchmarks.main(["serch"])

    assert "unknown program serch; there are" in capsys.readouterr().err
