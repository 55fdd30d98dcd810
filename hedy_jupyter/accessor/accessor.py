"""``df.hedy``: the members for frames of sessions, todos, highlights, topics, contexts or webhooks.

One-line methods over the functions of ``analysis`` and ``export``. The frame is recognised by its columns, so it may
be filtered, sorted, merged, read from a file, or have more columns, other dtypes or an index. Times and days of a
report are those of the display zone of the account in use, or of the zone that ``localize`` gave the frame
(``frames.timezones`` says how that is kept); ``attrs["zone"]`` names it. Members that give the frame's own rows keep
their times as they are. The examples are of the demo account.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedy_jupyter.accessor import fetch
from hedy_jupyter.accessor.base import only, report
from hedy_jupyter.accessor.highlights_topics import HighlightTopicMembers
from hedy_jupyter.accessor.sessions import SessionMembers
from hedy_jupyter.accessor.todos import TodoMembers
from hedy_jupyter.analysis import filters, groups
from hedy_jupyter.analysis import todo_due_dates as due
from hedy_jupyter.display.copyable_text import Document
from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import html_page, markdown_documents, output, workbook
from hedy_jupyter.export.vault import options as vault_options
from hedy_jupyter.export.vault import writer
from hedy_jupyter.frames import normalize, timezones
from hedy_jupyter.frames.column_lookup import has
from hedy_jupyter.kinds import KINDS

if TYPE_CHECKING:
    from hedy_jupyter.export.vault.writer import Written


class HedyFrame(SessionMembers, TodoMembers, HighlightTopicMembers):
    """The members of ``df.hedy``, declared so that editors can complete them: ``HedyFrame(df).open()``.

    Every member gives a new object; the frame stays as it is. Only ``fetch_…`` makes requests.

    Attributes:
        kind: ``"sessions"``, ``"todos"``, ``"highlights"``, ``"topics"``, ``"contexts"`` or ``"webhooks"``.

    Raises:
        AttributeError: the columns are not those of a frame of Hedy, or not those that a member needs.
    """

    @report
    def summary(self) -> pd.Series:
        """Return a summary of the frame, one fact per row: count, first and last time, hours, open and done.

        ``days`` counts the calendar days from first to last, ``hours`` the meetings' time, ``median_min`` is in
        minutes; times and days are those of the frame's zone, which ``attrs["zone"]`` names.

        >>> int(sessions.hedy.summary()["sessions"])
        154
        """
        return groups.summary(self._tidy, self.kind)

    def search(self, text: str) -> pd.DataFrame:
        """Return the rows in whose texts every word of *text* occurs, anywhere in the row.

        Case and accents do not matter, double quotes match a phrase exactly, ``harb*`` is any word that begins so,
        ``-boat`` leaves out the rows with that word, and scripts without spaces are searched inside words, all as in
        ``hedy.archive.search``. Ids are not searched.

        Raises:
            UsageError: *text* holds no word, or only words that it excludes.

        >>> sessions.hedy.search("harbour kick-off")["title"].tolist()
        ['Kick-off: the lamp without a name']
        """
        return filters.search(self._df, text)

    def redact(self, *, names: Iterable[str] = (), key: str | None = None) -> pd.DataFrame:
        """Return the frame with pseudonyms for names, e-mail addresses, telephone numbers, web addresses and ids.

        Names are the speakers of the transcripts in the frame, and *names*, in all their forms; others stay, so read
        the result before you share it: ``attrs["redacted"]["candidates"]`` counts the words that may be names and are
        left. The same name has the same pseudonym in every frame of this process, and with the same *key* tomorrow too.

        >>> todos.head(1).hedy.redact(names=["Yusra Hallam"])["todo_id"].str.startswith("todo-").tolist()
        [True]
        """
        from hedy_jupyter.analysis.redaction import redact  # its word lists take 55 ms to load

        return redact(self._df, names=names, key=key)

    def localize(self, tz: str | tzinfo) -> pd.DataFrame:
        """Return the frame with its times in the zone *tz* (``"Europe/Berlin"``), for every other member too.

        Filters, merges, copies and Parquet keep the choice. Todos have no times: there it is noted in
        ``attrs["zone"]``.

        >>> str(sessions.hedy.localize("Asia/Tokyo")["start_time"].dtype)
        'datetime64[us, Asia/Tokyo]'
        """
        return timezones.localize(self._df, tz)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """Return the rows as one Markdown document, texts escaped; also write it to *path* if it is given.

        >>> print(todos.head(1).hedy.to_markdown())
        # Harbour Lamp launch
        <BLANKLINE>
        - [ ] ...
        """
        text = markdown_documents.to_markdown(self._tidy, self.kind, zone=self._zone)
        if path is not None:
            output.save_document(text, path, self._df)
        return Document(text)

    def to_vault(
        self,
        folder: str | Path,
        *,
        todos: pd.DataFrame | None = None,
        highlights: pd.DataFrame | None = None,
        topics: pd.DataFrame | None = None,
        name: str = vault_options.NAME,
        subfolder: str = vault_options.FOLDER,
        transcript: vault_options.Transcripts = "in",
    ) -> Written:
        """Write the rows as Markdown notes below *folder*, one per meeting or topic; a later call writes only changes.

        What you write outside of the marked part of a note is kept, and a renamed meeting keeps its note. Sessions may
        come with their *todos*, *highlights* and *topics*.

        Args:
            folder: the folder of the vault.
            todos, highlights, topics: what belongs to the sessions.
            name: the pattern of the names of meetings' notes. Fields: ``{date} {time} {year} {month} {day} {title}
                {topic} {type} {id}``.
            subfolder: the pattern of the folder of these notes, with slashes.
            transcript: where transcripts go: ``"in"`` the note, an ``"own"`` one, or ``"no"`` place.

        Raises:
            UsageError: the folder cannot be written, or a link in it leads elsewhere.
        """
        parts: dict[str, Any] = {"todos": todos, "highlights": highlights, "topics": topics} | {self.kind: self._df}
        if not KINDS[self.kind].follows_sessions:
            raise UsageError(f"A vault holds no {self.kind}.", advice="Take sessions, todos, highlights or topics.")
        tidied: dict[str, Any] = {kind: None if df is None else normalize.tidy(df) for kind, df in parts.items()}
        if tidied["todos"] is not None:
            tidied["todos"] = self._with_days(tidied["todos"], tidied.get("sessions"))
        options = vault_options.VaultOptions(name, subfolder, transcript)
        return writer.write(folder, **tidied, zone=self._zone, options=options, names=fetch.speaker_names())

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the rows as one HTML page that works offline and prints well; also write it to *path* if given.

        It loads nothing, and all text in it is escaped.

        >>> todos.head(1).hedy.to_html().startswith("<!doctype html>")
        True
        """
        text = html_page.to_html({self.kind: self._tidy}, zone=self._zone)
        if path is not None:
            output.save_document(text, path, self._df)
        return Document(text)

    def to_excel(
        self,
        path: str | Path,
        *,
        todos: pd.DataFrame | None = None,
        highlights: pd.DataFrame | None = None,
        topics: pd.DataFrame | None = None,
    ) -> Path:
        """Write the rows to the Excel file *path*; sessions with their *todos*, *highlights*, *topics*: a sheet each.

        Times are local, with the zone in the column's head. Text stays text, never a formula or a link; a text of more
        than 32,767 characters goes on in the next row. Needs XlsxWriter (``pip install hedy-jupyter[excel]``).

        Raises:
            UsageError: XlsxWriter is not installed, or the file cannot be written.

        >>> todos.hedy.to_excel("todos.xlsx").name
        'todos.xlsx'
        """
        parts = {"todos": todos, "highlights": highlights, "topics": topics} | {self.kind: self._df}
        given = {kind: normalize.tidy(df) for kind in KINDS if (df := parts.get(kind)) is not None}
        return workbook.save(given, path, zone=self._zone)

    def _with_days(self, todos: pd.DataFrame, sessions: pd.DataFrame | None) -> pd.DataFrame:
        """Return *todos* with ``due_on``, where it can be read: from *sessions*, or the meetings that are known."""
        if not has(todos, "due_date") or has(todos, "due_on"):
            return todos
        meetings = fetch.known("sessions") if sessions is None else sessions
        return due.due(todos, meetings if has(meetings, "start_time") else None, zone=self._zone)

    @only(
        sessions=("topic_id", "topic_name", "duration_min", "start_time"), todos=("topic_id", "topic_name", "completed")
    )
    @report
    def by_topic(self) -> pd.DataFrame:
        """Return a row per topic, the largest first; rows without a topic are counted in one row.

        Sessions: ``topic_id topic_name count hours last``. Todos: ``topic_id topic_name open done total``, most open
        ones first.

        >>> todos.hedy.by_topic()["topic_name"][0]
        'Harbour Lamp launch'
        """
        return groups.sessions_by_topic(self._tidy) if self.kind == "sessions" else groups.todos_by_topic(self._tidy)

    @only(sessions=("session_id",), highlights=("highlight_id",))
    def fetch_details(self, *, account: Any = None) -> pd.DataFrame:
        """Request the details of the rows, one request per row; other columns stay.

        *account* is ``hj.current()`` unless given.
        """
        return fetch.details(self.kind, self._df, account)
