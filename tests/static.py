"""``python -m tests.static``: the checks of the test command that only read the code: lint, format and types.

The hook of ``.pre-commit-config.yaml`` runs them before each commit, and ``.ci/run`` on macOS and Windows.
"""

from __future__ import annotations

import sys

from tests.__main__ import STATIC, Lane, main

if __name__ == "__main__":
    sys.exit(main([Lane([check]) for check in STATIC]))
