"""``df.hedy`` on the Parquet files of 20,000, 60,000 and 200,000 meetings with Dask: time, memory, and the result.

``python -m tests.benchmarks.dask_partitions`` writes them (``--small``: two jobs for 200 and 400). Each job runs in a
process of its own, one partition after the other, so that its memory is that of one worker. Times are of the
processor. The results for the fewest meetings are compared with those of pandas. Then the same for 10 and 50 accounts
of 2,000 meetings each, in a folder for each account.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from glob import glob
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from tests import large_demo
from tests.benchmarks.rows import Row, main

ROOT = Path(__file__).resolve().parents[2]
SIZES = (20_000, 60_000, 200_000)
SMALL = (200, 400)
WORKER_MB = 500
LINEAR = 1.2  # times the meetings: as they grow, so may the time

Job = Callable[[Any, Any], Any]
JOBS: dict[str, Job] = {
    "load()": lambda sessions, _: sessions.hedy.load(),
    "by_topic()": lambda sessions, _: sessions.hedy.by_topic(),
    "search(text)": lambda sessions, _: sessions.hedy.search('"the harbour" lamp')[["session_id", "title"]],
    "speakers()": lambda sessions, _: sessions.hedy.speakers(),
    "overdue()": lambda sessions, todos: todos.hedy.due(sessions).hedy.overdue()[["todo_id", "due_on"]],
}


SMALL_JOBS = ("load()", "overdue()")
ACCOUNTS, SMALL_ACCOUNTS = (10, 50), (2, 3)
OF_ACCOUNT, OF_SMALL_ACCOUNT = 2_000, 30
ACCOUNT_MONTHS = 24
ACCOUNT_JOBS: dict[str, Job] = {
    "hours by account": lambda sessions, _: hours(sessions),
    "open todos by account": lambda _, todos: counted(todos.hedy.open()),
    "overdue todos by account": lambda sessions, todos: counted(todos.hedy.due(sessions).hedy.overdue()),
}


class Used(NamedTuple):
    """What a job took."""

    cpu_s: float
    mb: float
    rows: int
    digest: int


def hours(sessions: Any) -> Any:
    """Return the hours of meetings of each account."""
    return sessions.groupby("account", observed=True)["duration_min"].sum().div(60).rename("hours").reset_index()


def counted(rows: Any) -> Any:
    """Return how many rows each account has."""
    return rows.groupby("account", observed=True).size().rename("rows").reset_index()


def pattern(folder: Path, kind: str) -> str:
    """Return where the files of *kind* are: of one account, or of many in a folder each."""
    accounts = "" if (folder / f"kind={kind}").exists() else "account=*/"
    return f"{folder}/{accounts}kind={kind}/*/*.parquet"


def columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a result in an order of its own, with sums rounded, so that it can be compared."""
    rounded = frame.assign(**{name: frame[name].round(6) for name in frame.select_dtypes("number").columns})
    return rounded.astype(str).sort_values(list(rounded.columns), ignore_index=True)


def digest(frame: pd.DataFrame) -> int:
    """Return a number that equal results share."""
    return int(pd.util.hash_pandas_object(columns(frame).astype(object), index=False).sum())


def child(folder: str, job: str) -> None:
    """Run one job with Dask and print what it took: the whole of a process of its own."""
    import resource
    import time
    import warnings

    import dask.dataframe as dd

    import hedy_jupyter.dask  # noqa: F401  it registers df.hedy

    warnings.filterwarnings("ignore", message="The inplace keyword")  # dask's own use of pandas
    sessions, todos = (dd.read_parquet(pattern(Path(folder), kind)) for kind in ("sessions", "todos"))
    begun = time.process_time()
    found = (JOBS | ACCOUNT_JOBS)[job](sessions, todos).compute(scheduler="synchronous")
    took = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    print(json.dumps(Used(took, peak, len(found), digest(found))))


def run(folder: Path, job: str) -> Used:
    """Run one job in a process of its own."""
    code = f"from tests.benchmarks import dask_partitions; dask_partitions.child({str(folder)!r}, {job!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return Used(*json.loads(done.stdout))


def with_pandas(folder: Path, job: str) -> int:
    """Return the digest of the same result of pandas."""
    files = {kind: glob(pattern(folder, kind)) for kind in ("sessions", "todos")}  # noqa: PTH207  a pattern, not a folder
    sessions, todos = (pd.read_parquet(of_kind) for of_kind in files.values())
    return digest((JOBS | ACCOUNT_JOBS)[job](sessions, todos))


def of_meetings(place: Path, *, small: bool) -> list[Row]:
    """Measure each job with each number of meetings."""
    folders = {size: place / str(size) for size in (SMALL if small else SIZES)}
    for size, folder in folders.items():
        large_demo.write(folder, size, per_month=100 if small else large_demo.PER_MONTH)
    return [row for job in (SMALL_JOBS if small else JOBS) for row in _job_rows(folders, job, "{:,} meetings")]


def of_accounts(place: Path, *, small: bool) -> list[Row]:
    """Measure each job with each number of accounts."""
    folders = {size: place / f"{size}-accounts" for size in (SMALL_ACCOUNTS if small else ACCOUNTS)}
    meetings = OF_SMALL_ACCOUNT if small else OF_ACCOUNT
    for size, folder in folders.items():
        for number in range(size):
            name = f"{number:03}"
            large_demo.write(
                folder / f"account={name}", meetings, account=name, per_month=-(-meetings // ACCOUNT_MONTHS)
            )
    title = f"{{}} accounts of {meetings:,} meetings"
    return [row for job in list(ACCOUNT_JOBS)[: 1 if small else None] for row in _job_rows(folders, job, title)]


def rows(small: bool) -> list[Row]:
    """Measure both."""
    with tempfile.TemporaryDirectory() as place:
        return [*of_meetings(Path(place), small=small), *of_accounts(Path(place), small=small)]


def _job_rows(folders: Mapping[int, Path], job: str, title: str) -> list[Row]:
    used = {size: run(folder, job) for size, folder in folders.items()}
    fewest, *more = used
    equal = with_pandas(folders[fewest], job) == used[fewest].digest
    work = {size: f"Dask, {title.format(size)}: `{job}`" for size in used}
    grown = [
        Row(
            work[size],
            used[size].cpu_s,
            "s",
            f"{size / fewest:.3g} times that of {fewest:,}",
            used[fewest].cpu_s * size / fewest,
            ratio_at_most=LINEAR,
            note=f"{used[size].rows:,} rows",
        )
        for size in more
    ]
    memory = Row(f"{work[more[-1]]}, a worker", used[more[-1]].mb, "MB", at_most=WORKER_MB)
    same = Row(f"{work[fewest]}, results unlike pandas'", 1 - equal, "results", at_most=0)
    return [*grown, memory, same]


if __name__ == "__main__":
    main(rows, __doc__)
