"""``df.hedy`` on the Parquet files of 20,000, 60,000 and 200,000 meetings with Dask: time, memory, and the result.

``python -m tests.benchmarks.dask_partitions`` writes them (``--small``: two jobs for 200 and 400). Each job runs in a
process of its own, one partition after the other, so that its memory is that of one worker. Times are of the
processor. The results for the fewest meetings are compared with those of pandas.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
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
JOBS: Mapping[str, Job] = {
    "load()": lambda sessions, _: sessions.hedy.load(),
    "by_topic()": lambda sessions, _: sessions.hedy.by_topic(),
    "search(text)": lambda sessions, _: sessions.hedy.search('"the harbour" lamp')[["session_id", "title"]],
    "speakers()": lambda sessions, _: sessions.hedy.speakers(),
    "overdue()": lambda sessions, todos: todos.hedy.due(sessions).hedy.overdue()[["todo_id", "due_on"]],
}


SMALL_JOBS = ("load()", "overdue()")


class Used(NamedTuple):
    """What a job took."""

    cpu_s: float
    mb: float
    rows: int
    digest: int


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
    sessions, todos = (dd.read_parquet(f"{folder}/kind={kind}") for kind in ("sessions", "todos"))
    begun = time.process_time()
    found = JOBS[job](sessions, todos).compute(scheduler="synchronous")
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
    sessions, todos = (pd.read_parquet(folder / f"kind={kind}") for kind in ("sessions", "todos"))
    return digest(JOBS[job](sessions, todos))


def rows(small: bool) -> list[Row]:
    """Measure each job with each number of meetings."""
    sizes, found = SMALL if small else SIZES, []
    with tempfile.TemporaryDirectory() as place:
        folders = {size: Path(place) / str(size) for size in sizes}
        for size, folder in folders.items():
            large_demo.write(folder, size, per_month=100 if small else large_demo.PER_MONTH)
        for job in SMALL_JOBS if small else JOBS:
            used = {size: run(folder, job) for size, folder in folders.items()}
            found += _job_rows(job, used, equal=with_pandas(folders[sizes[0]], job) == used[sizes[0]].digest)
    return found


def _job_rows(job: str, used: Mapping[int, Used], *, equal: bool) -> list[Row]:
    fewest, *more = used
    grown = [
        Row(
            f"Dask, {size:,} meetings: `{job}`",
            used[size].cpu_s,
            "s",
            f"{size / fewest:.3g} times that of {fewest:,}",
            used[fewest].cpu_s * size / fewest,
            ratio_at_most=LINEAR,
            note=f"{used[size].rows:,} rows",
        )
        for size in more
    ]
    memory = Row(f"Dask, {more[-1]:,} meetings: `{job}`, a worker", used[more[-1]].mb, "MB", at_most=WORKER_MB)
    same = Row(f"Dask, {fewest:,} meetings: `{job}`, results unlike pandas'", 1 - equal, "results", at_most=0)
    return [*grown, memory, same]


if __name__ == "__main__":
    main(rows, __doc__)
