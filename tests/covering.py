"""Which tests are traced, and which the other Pythons run: one case of each.

The covering tests are those that reach most lines a second. The test command traces them, and no others, for the floor
of coverage in pyproject.toml: tracing all tests would take minutes more. The differing ones are those of code that
another Python, or other versions of packages, may change (``tests.versions``).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Generator, Iterable
from types import ModuleType
from typing import Any

import pytest

_COVERING = (
    "accessor/test_accessor.py",
    "accessor/test_examples.py",
    "accessor/test_fetch.py",
    "accessor/test_variants.py",
    "account/test_changes.py",
    "account/test_export_filters.py",
    "account/test_list_view.py",
    "account/test_progress.py",
    "account/test_session_parts.py",
    "account/test_several_accounts.py",
    "account/test_speaking.py",
    "account/test_transcript.py",
    "analysis/plots/test_colors.py",
    "analysis/test_addressees.py",
    "analysis/test_burn_down.py",
    "analysis/test_people.py",
    "analysis/test_redaction.py",
    "analysis/test_speakers.py",
    "analysis/test_text_columns.py",
    "analysis/test_todo_due_dates.py",
    "analysis/test_transcript_forms.py",
    "api/test_client.py",
    "api/test_details.py",
    "api/test_error_responses.py",
    "api/test_reader.py",
    "api/test_resolve.py",
    "api/test_session_history.py",
    "api/test_signatures.py",
    "api/test_wire_format.py",
    "archive/test_files.py",
    "archive/test_fulltext.py",
    "archive/test_hit_sentences.py",
    "archive/test_openings.py",
    "archive/test_sync_newer.py",
    "changes/test_fields.py",
    "changes/test_write_request.py",
    "dates/test_due.py",
    "dates/test_ranges.py",
    "dates/test_time_of_day.py",
    "dates/test_tokens.py",
    "dates/test_zone_names.py",
    "demo_server/test_deliver.py",
    "demo_server/test_service.py",
    "display/test_copyable_text.py",
    "display/test_mail.py",
    "display/test_notice.py",
    "display/test_render.py",
    "export/test_workbook.py",
    "export/vault/test_filenames.py",
    "export/vault/test_options.py",
    "export/vault/test_people.py",
    "frames/test_api_text.py",
    "frames/test_build.py",
    "frames/test_clock_change.py",
    "frames/test_normalize.py",
    "magics/commands/test_archive.py",
    "magics/commands/test_browse.py",
    "magics/commands/test_writing.py",
    "magics/test_cells.py",
    "magics/test_dispatch.py",
    "magics/test_empty_results.py",
    "magics/test_hints.py",
    "magics/test_line.py",
    "magics/test_magics.py",
    "magics/test_pasted_lines.py",
    "minutes/test_entries.py",
    "receiver/test_application.py",
    "receiver/test_apply_delivery.py",
    "receiver/test_events.py",
    "receiver/test_fetch.py",
    "receiver/test_run_command.py",
    "reports/test_period.py",
    "test_benchmarks.py",
    "test_dask.py",
    "test_docs.py",
    "test_lab_notebooks.py",
    "test_profiles.py",
    "test_settings.py",
    "text/test_host_names.py",
    "text/test_word_odds.py",
    "widgets/test_form.py",
    "widgets/test_manager.py",
)
_DIFFERING = (
    *("accessor", "analysis/test_todo_due_dates.py", "api/test_client.py", "api/test_foreign_answers.py"),
    *("archive/test_files.py", "archive/test_fulltext.py", "archive/test_openings.py", "dates/test_ranges.py"),
    *("dates/test_time_of_day.py", "demo_server", "frames", "magics/commands/test_archive.py"),
    *("magics/commands/test_writing.py", "magics/test_dispatch.py", "magics/test_list_views.py", "test_docs.py"),
    *("test_settings.py", "widgets", "reports", "receiver", "test_shell_commands.py", "test_profiles.py"),
    *("account/test_several_accounts.py", "account/test_filters.py", "analysis/test_series.py"),
    *("export/test_workbook.py", "export/test_html_page.py", "export/vault/test_options.py"),
)


def covering() -> list[str]:
    """Return the files of the covering tests."""
    return [f"tests/{name}" for name in _COVERING]


def differing() -> list[str]:
    """Return the files and folders of the tests that may fail with another Python or other versions of packages."""
    return [f"tests/{name}" for name in _DIFFERING]


def is_covering(nodeid: str) -> bool:
    """Return whether the test of that id is in one of these files."""
    return nodeid.partition("::")[0].removeprefix("tests/") in _COVERING


def some_cases(items: Iterable[pytest.Item], most: int) -> set[str]:
    """Return the ids of so many cases of each test, evenly spread over them."""
    cases: dict[str, list[str]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item.nodeid)
    return {found[n * len(found) // most] for found in cases.values() for n in range(most)}


class Tracing:
    """A plugin of pytest for a run with ``--cov``: only one case of each covering test is traced.

    The lines outside functions run when a module is imported. One process imports all modules of the package first,
    because tracing the collection of the tests, which imports them too, takes many seconds in each process.

    Args:
        controller: what pytest-cov traces with.
        package: its modules are imported and traced now; None where another process does it.
    """

    def __init__(self, controller: Any, package: ModuleType | None = None) -> None:
        self._controller = controller
        self._traced: set[str] = set()
        if package is not None:
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                importlib.import_module(module.name)
        self._controller.pause()

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
