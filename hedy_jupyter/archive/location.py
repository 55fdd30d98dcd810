"""The location of an account's archive: one file per account under the user data folder.

The account's id names the file, and only Hedy can say which id a key belongs to. Its answer is kept beside the archives
under a digest of the key, so that the next session finds the file without a request. The digest cannot be turned back
into the key.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from hedy_jupyter import files
from hedy_jupyter.archive import files as disk
from hedy_jupyter.errors import ArchiveError
from hedy_jupyter.settings import REGIONS, Settings

_ACCOUNTS = "accounts.json"
_DEMO = "demo"
_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)
_NAME_LENGTH = 60


def folder() -> Path:
    """Return the folder that holds the archives of this user."""
    import platformdirs

    return platformdirs.user_data_path("hedy-jupyter", appauthor=False)


def account_scope(found: Settings) -> str:
    """Return the scope in which the account's id is unique: ``us``, ``eu``, ``demo``, or another base URL's host."""
    if found.demo:
        return _DEMO
    return next((region for region, url in REGIONS.items() if found.base_url in {url, f"{url}/v1"}), found.host)


def known_path(found: Settings) -> Path | None:
    """Return the archive file of the account, or None where its id is not known yet."""
    if found.archive is not None:
        return found.archive
    if found.demo:
        return folder() / f"{_DEMO}.sqlite"
    name = noted(found)
    return folder() / name if name else None


def noted(found: Settings) -> str | None:
    """Return the name of the key's file, from Hedy's earlier answer; None where Hedy was not asked yet."""
    return _names().get(digest(found))


def file_name(scope: str, account_id: str) -> str:
    """Return the name of the file of an account, where the settings name none."""
    return f"{_safe(scope)}-{_safe(account_id)}.sqlite"


def assign_path(found: Settings, account_id: str) -> Path:
    """Return the archive file of the account with *account_id*, and note it for ``known_path``.

    Raises:
        ArchiveError: the folder cannot be written.
    """
    path = known_path(found)
    if path is not None:
        return path
    name = file_name(account_scope(found), account_id)
    with files.os_errors(f"The folder {folder()} cannot be written", advice=disk.ELSEWHERE, error=ArchiveError):
        _note(_names() | {digest(found): name})
    return folder() / name


def _safe(text: str) -> str:
    """Return *text* as a part of a file name; two different texts stay different."""
    safe = _UNSAFE.sub("-", text)
    if safe == text and len(text) <= _NAME_LENGTH:
        return text
    return f"{safe[:_NAME_LENGTH]}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def digest(found: Settings) -> str:
    """Return what identifies the account's key beside and in its archive; it cannot be turned back into the key."""
    made = hashlib.sha256(f"hedy-jupyter archive of {account_scope(found)}\n".encode())
    if found.key is not None:
        made.update(found.key.reveal().encode())
    return made.hexdigest()[:32]


def _names() -> dict[str, str]:
    disk.protect_file(folder() / _ACCOUNTS)
    try:
        names = json.loads((folder() / _ACCOUNTS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # not there, or not ours: Hedy is asked again
        return {}
    usable = names.items() if isinstance(names, dict) else ()
    return {
        mark: name
        for mark, name in usable
        if isinstance(name, str) and name == Path(name).name and name.endswith(".sqlite")
    }


def _note(names: dict[str, str]) -> None:
    disk.make_folder(folder())
    files.put(folder() / _ACCOUNTS, json.dumps(names, indent=1).encode(), mode=0o600)
