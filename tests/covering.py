"""The covering tests: those that reach most lines a second, one case of each.

The test command traces them, and no others, for the floor of coverage in pyproject.toml: tracing all tests would take
minutes more. The other Pythons run those of them that may differ there (``tests.versions``).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import pytest

_DIFFERING = (
    *("accessor", "analysis/test_todo_due_dates.py", "api/test_client.py", "api/test_foreign_answers.py"),
    *("archive/test_files.py", "archive/test_fulltext.py", "archive/test_openings.py", "dates/test_ranges.py"),
    *("dates/test_time_of_day.py", "demo_server", "frames", "magics/commands/test_archive.py"),
    *("magics/commands/test_writing.py", "magics/test_dispatch.py", "magics/test_list_views.py", "test_docs.py"),
    *("test_settings.py", "widgets", "reports", "receiver", "test_shell_commands.py", "test_profiles.py"),
    *("account/test_several_accounts.py", "account/test_filters.py", "analysis/test_series.py"),
    *("export/test_workbook.py", "export/test_html_page.py", "export/vault/test_options.py"),
)
"""Those of code that another Python or other versions of packages may change."""
_OWN = (
    *("account/test_changes.py", "account/test_transcript.py", "account/test_reporting.py", "account/test_speaking.py"),
    *("analysis/test_redaction.py", "analysis/test_transcript_forms.py", "analysis/test_topic_comparison.py"),
    *("analysis/test_addressees.py", "archive/test_hit_sentences.py", "changes/test_fields.py", "minutes"),
)
"""Those of code that only works with text and records."""


def covering() -> list[str]:
    """Return the files and folders of the covering tests."""
    return [f"tests/{name}" for name in (*_DIFFERING, *_OWN)]


def differing() -> list[str]:
    """Return those of code that another Python or other versions of packages may change."""
    return [f"tests/{name}" for name in _DIFFERING]


def is_covering(nodeid: str) -> bool:
    """Return whether the test of that id is in one of these files and folders."""
    path = nodeid.partition("::")[0]
    return any(path == one or path.startswith(f"{one}/") for one in covering())


def some_cases(items: Iterable[pytest.Item], most: int) -> set[str]:
    """Return the ids of so many cases of each test, evenly spread over them."""
    cases: dict[str, list[str]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item.nodeid)
    return {found[n * len(found) // most] for found in cases.values() for n in range(most)}


class Tracing:
    """A plugin of pytest for a run with ``--cov``: only one case of each covering test is traced.

    Args:
        controller: what pytest-cov traces with.
    """

    def __init__(self, controller: Any) -> None:
        self._controller = controller
        self._traced: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Choose the tests to trace when all are collected."""
        self._traced = some_cases((item for item in session.items if is_covering(item.nodeid)), 1)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Trace nothing in the other tests, nor in their fixtures."""
        is_traced = item.nodeid in self._traced
        if self._controller.started and not is_traced:
            self._controller.pause()
        elif is_traced and not self._controller.started:
            self._controller.resume()
        return (yield)
