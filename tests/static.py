"""``python -m tests.static``: the checks of the test command that only read the code: lint, format and types.

The hook of ``.pre-commit-config.yaml`` runs them before each commit, and ``.ci/run`` on macOS and Windows.
"""

from __future__ import annotations

import subprocess
import sys

from tests.__main__ import CHECKS, ROOT

_READERS = frozenset({"ruff", "mypy", "pyright"})
STATIC = tuple((name, command) for name, command in CHECKS if command[0] in _READERS)


def main() -> int:
    """Run each of them to its end; return 1 if any failed."""
    failed = [name for name, command in STATIC if subprocess.run([sys.executable, "-m", *command], cwd=ROOT).returncode]
    print(f"== failed: {', '.join(failed)}" if failed else "== all static checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
