"""The matcher that completes ``%hedy`` lines in IPython; ``magics.completion`` is loaded at the first Tab in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

    from hedy_jupyter.magics.hints import Names

IDENTIFIER = "hedy_jupyter"


def register(shell: InteractiveShell, names: Callable[[], Names] | None = None) -> None:
    """Register the completions in *shell*; *names* returns the names to offer, by default those read so far."""
    unregister(shell)
    try:
        matcher = _matcher(names)
    except ImportError:  # before IPython 8.6
        matcher = _old_matcher(shell, names)
    shell.Completer.custom_matchers.append(matcher)


def _complete(line: str, names: Callable[[], Names] | None) -> tuple[str, list[str]] | None:
    if "hedy" not in line:
        return None
    from hedy_jupyter.magics import completion  # with every command

    return completion.complete(line, (names or completion.KnownNames)())


def _matcher(names: Callable[[], Names] | None) -> Any:
    """Return a matcher that suppresses other completions after ``%hedy``."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier=IDENTIFIER)  # type: ignore[untyped-decorator]
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        try:
            found = _complete(context.line_with_cursor[: context.cursor_position], names)
        except Exception:  # noqa: BLE001  an error in a matcher would take every other completion with it
            found = None
        if found is None:
            return {"completions": [], "suppress": False}  # a new one each time: IPython writes into it
        fragment, offers = found
        return {  # without a match it offers the word itself: an empty list would not suppress Python's
            "completions": [SimpleCompletion(text=offer, type="hedy") for offer in offers or [fragment]],
            "matched_fragment": fragment,
            "suppress": True,
            "ordered": True,
        }

    return matcher


def _old_matcher(shell: InteractiveShell, names: Callable[[], Names] | None) -> Callable[..., Any]:
    """Return a matcher for an IPython that passes its own last word, and cannot suppress other completions."""

    def matcher(text: str) -> list[str]:
        try:
            found = _complete(shell.Completer.text_until_cursor, names)
        except Exception:  # noqa: BLE001  an error in a matcher would take every other completion with it
            found = None
        fragment, offers = found or ("", [])
        return [offer[len(fragment) - len(text) :] for offer in offers if fragment.endswith(text)]

    matcher.matcher_identifier = IDENTIFIER  # type: ignore[attr-defined]
    return matcher


def unregister(shell: InteractiveShell) -> None:
    """Remove the completions from *shell*."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != IDENTIFIER]
