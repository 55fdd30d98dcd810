"""Run cells on the demo account, in this process, and return their outputs as a notebook stores them."""

from __future__ import annotations

import gc
import io
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import print_figure
from nbformat.v4 import new_output
from traitlets.config import Config

import hedy_jupyter as hj
from hedy_jupyter.account import current

ZONE = "Europe/Berlin"
"""The display time zone of the pages, so that they do not depend on the machine that builds them."""
Output = nbformat.NotebookNode


class CellError(Exception):
    """A cell of a page failed, or succeeded where it must fail."""


class _Stream(io.TextIOBase):
    """Pass what a cell prints to the outputs, in the order in which it comes."""

    def __init__(self, add: Callable[[Output], None]) -> None:
        self._add = add

    def write(self, text: str) -> int:
        if text:
            self._add(new_output("stream", name="stdout", text=text))
        return len(text)


class _Results(DisplayHook):
    """Keep the result of a cell in place of printing it."""

    def write_output_prompt(self) -> None:
        """Print no prompt."""

    def write_format_data(self, format_dict: Mapping[str, Any], md_dict: Mapping[str, Any] | None = None) -> None:
        """Add the result to the outputs."""
        self.shell.add(new_output("execute_result", data=format_dict, metadata=md_dict or {}))


class _Displayed(DisplayPublisher):
    """Keep what a cell displays; progress that is updated or cleared leaves nothing."""

    def publish(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None, **options: Any) -> None:
        """Add *data* to the outputs, unless it replaces an earlier output."""
        if not options.get("update"):
            self.shell.add(new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        """Clear nothing."""


class DemoNotebook(InteractiveShell):
    """A shell with ``%hedy``; each page starts with a fresh demo account and an empty namespace."""

    def __init__(self, folder: Path) -> None:
        config = Config()
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.ipython_dir = str(folder / "ipython")
        self.outputs: list[Output] = []
        self.folder = folder
        self.page = folder
        super().__init__(config=config, displayhook_class=_Results, display_pub_class=_Displayed)
        type(self)._instance = self  # what get_ipython() of IPython.core.getipython returns
        InteractiveShell._instance = self
        _isolate(folder)
        gc.collect()
        gc.freeze()  # each page begins with a collection, which need not look at the modules

    def start_page(self) -> None:
        """Forget what earlier pages did: their variables, their account and its changes."""
        self.reset(new_session=False)
        self.page = Path(tempfile.mkdtemp(dir=self.folder))
        os.environ["XDG_DATA_HOME"] = str(self.page / "data")
        for account in iter(current.in_use, None):
            account.close()
        hj.demo()
        self.run("%load_ext hedy_jupyter")
        self.extension_manager.loaded.discard("hedy_jupyter")  # a page that loads it too is not told so
        self.run("import hedy_jupyter as hj\nhedy = hj.current()")

    def add(self, output: Output) -> None:
        """Add *output* to those of the running cell; text that follows text continues it."""
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == output.output_type == "stream":
            last.text += output.text
        else:
            self.outputs.append(output)

    def run(self, cell: str, *, fails_with: Collection[str] = ()) -> list[Output]:
        """Run *cell* in the folder of the page, and return its outputs.

        Raises:
            CellError: it failed, or did not fail with an error that *fails_with* names.
        """
        self.outputs = []
        before = Path.cwd()
        os.chdir(self.page)
        try:
            with redirect_stdout(_Stream(self.add)), redirect_stderr(_Stream(self.add)):
                result = self.run_cell(cell, store_history=True)  # a ; at its end is looked up there
        finally:
            os.chdir(before)
        error = result.error_before_exec or result.error_in_exec
        name = "" if error is None else type(error).__name__
        if fails_with and name not in fails_with:
            raise CellError(f"This cell must fail with {', '.join(fails_with)}, not {name or 'succeed'}: {cell}")
        if error is not None and not fails_with:
            raise CellError(f"This cell failed with {name}: {error}\n{cell}")
        return [*map(self._portable, self.outputs), *_figures()]

    def _portable(self, output: Output) -> Output:
        """Return *output* with the usual folder for data in place of that of this build."""
        texts = output.get("data", output)
        for kind, text in texts.items():
            if isinstance(text, str):
                texts[kind] = text.replace(str(self.page / "data"), "~/.local/share").replace(str(self.page), "~")
        return output


def _isolate(folder: Path) -> None:
    """Leave out the settings and the key of whoever builds the pages: examples of errors turn the demo account off."""
    mpl.get_cachedir()  # remembered, so that the list of fonts is not made again below another home
    for name in [name for name in os.environ if name.startswith("HEDY_")]:
        del os.environ[name]
    os.environ.update(HEDY_DEMO="1", HEDY_TIMEZONE=ZONE, MPLBACKEND="agg", HOME=str(folder), USERPROFILE=str(folder))
    sys.modules["keyring"] = None  # type: ignore[assignment]  # as if it were not installed


def _figures() -> list[Output]:
    """Return the plots that a cell has drawn, and close them."""
    if "matplotlib.pyplot" not in sys.modules:
        return []
    from matplotlib import pyplot as plt

    found = list[dict[str, str]]()
    for figure in map(plt.figure, plt.get_fignums()):
        html = figure._repr_html_()
        found.append({"image/png": print_figure(figure, base64=True)} | ({"text/html": html} if html else {}))
    plt.close("all")
    return [new_output("display_data", data=data) for data in found]
