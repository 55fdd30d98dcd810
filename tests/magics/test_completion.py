"""What Tab offers behind ``%hedy``, as a function of the line and the names seen; and the hook in IPython."""

from __future__ import annotations

from collections.abc import Iterator

import IPython
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from hedy_jupyter.changes.fields import EVENTS
from hedy_jupyter.magics import matcher
from hedy_jupyter.magics.completion import Names, complete
from hedy_jupyter.magics.dispatch import BY_WORD
from hedy_jupyter.magics.line import words

pytestmark = pytest.mark.usefixtures("few_meetings")

NAMES: Names = {
    "sessions": {"sess_0001": "Weekly Sync", "sess_0002": "Weekly Sync", "sess_0003": "Retro", "sess_0004": ""},
    "topics": {
        "topic_0001": "Q4 plans",
        "topic_0002": 'The "big" one',
        "topic_0003": "Bob's",
        "topic_0004": "{x} $y",
        "topic_0005": "会議",
    },
    "contexts": {"ctx_0001": "Default"},
    "webhooks": {"wh_0001": "https://a.example/hedy"},
}


@pytest.mark.parametrize(
    ("line", "fragment", "offers"),
    [
        ("%hedy tod", "tod", ["todos", "todo"]),
        ("  y = %hedy tod", "tod", ["todos", "todo"]),
        ("a, b = %hedy tod", "tod", ["todos", "todo"]),
        ("x['k'].y = %hedy tod", "tod", ["todos", "todo"]),
        ("%hedy TOD", "TOD", ["todos", "todo"]),
        ("%hedy session ", "", ["last", "Retro", "sess_0001", "sess_0002", "sess_0003", "sess_0004"]),
        ("%hedy session R", "R", ["Retro"]),
        ("%hedy transcript sess_0001 ", "", ["--raw", "--find", "--source", "--refresh", "-o", "-q", "--help"]),
        ("%hedy transcript --raw la", "la", ["last"]),
        (
            "%hedy sessions --topic ",
            "",
            ['"Q4 plans"', '"The \\"big\\" one"', '"Bob\'s"', '"{{x}} $$y"', "会議", *NAMES["topics"]],
        ),
        ("%hedy sessions --topic=会", "会", ["会議"]),
        ("%hedy todos --topic Q", "Q", ['"Q4 plans"']),
        ("%hedy todos --topic 'Q4 p", "'Q4 p", ["'Q4 plans'"]),
        ("%hedy todos --topic 'bob", "'bob", ["'Bob\\'s'"]),
        ("%hedy todos --session Ret", "Ret", ["Retro"]),
        ("%hedy context D", "D", ["delete", "Default"]),
        (
            "%hedy topic ",
            "",
            [
                "new",
                "edit",
                "delete",
                '"Q4 plans"',
                '"The \\"big\\" one"',
                '"Bob\'s"',
                '"{{x}} $$y"',
                "会議",
                *NAMES["topics"],
            ],
        ),
        ("%hedy topic -", "-", ["--as", "--source", "--refresh", "-o", "-q", "--help"]),
        ("%hedy topic edit Q", "Q", ['"Q4 plans"']),
        ("%hedy topic delete 会", "会", ["会議"]),
        ("%hedy topic edit 会議 --na", "--na", ["--name"]),
        ("%hedy topic new ", "", []),
        ("%hedy webhook ", "", ["new", "delete"]),
        ("%hedy webhook d", "d", ["delete"]),
        ("%hedy webhook new --event ", "", list(EVENTS)),
        ("%hedy webhook new https://a.example --event session.ended --event=h", "h", ["highlight.created"]),
        ("%hedy webhook new --event session.ended --e", "--e", ["--event"]),
        ("%hedy webhook delete h", "h", ["https://a.example/hedy"]),
        ('%%hedy_context "', '"', ['"Default"', '"ctx_0001"']),
        ('%%hedy_context "De', '"De', ['"Default"']),
        ("%%hedy_context Default --d", "--d", ["--default", "--dry-run"]),
        ("%%hedy_topic Q", "Q", ['"Q4 plans"']),
        ("%%hedy_topic x --de", "--de", []),
        ("%hedy sessions --limit ", "", []),
        ("%hedy sessions -o ", "", []),
        ("%hedy sessions --all --a", "--a", []),
        ("%hedy me -", "-", ["--refresh", "-o", "-q", "--help"]),
        ("%hedy demo ", "", ["on", "off", "reset", "fault"]),
        ("%hedy demo fault t", "t", ["timeout", "tier"]),
        ("%hedy demo fault g", "g", ["gateway"]),
        ("%hedy demo fault m", "m", ["maintenance"]),
        ("%hedy help co", "co", ["contexts", "context", "coverage", "compare"]),
        ("%hedy help webhook ", "", ["new", "delete"]),
        ("%hedy nonsense ", "", []),
        ('%hedy topic "Q4 plans" --h', "--h", ["--help"]),
    ],
)
def test_offers(line: str, fragment: str, offers: list[str]) -> None:
    """Each place in a line offers what may be there: commands, options, values, unique names and ids."""
    assert complete(line, NAMES) == (fragment, offers)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hedy ses",
        "%hedy",
        "%hedyx ses",
        "print('%hedy ses",
        "%%hedy_topics ses",
        "%%hedy_webhook ses",
        "a %%hedy_topic ses",
        "x == %hedy ses",
    ],
)
def test_other_lines(line: str) -> None:
    """A line that is not ours is left alone."""
    assert complete(line, NAMES) is None


@pytest.mark.parametrize("line", ["%hedy session ", "%hedy topic ", "%hedy sessions --topic ", "%hedy context "])
def test_nothing_seen(line: str) -> None:
    """Before anything was read there are no names to offer."""
    found = complete(line, {})

    assert found is not None
    assert set(found[1]) <= {"last", "new", "edit", "delete"}


def test_every_command_is_offered() -> None:
    """An empty line offers all commands, those of two words by their first."""
    assert complete("%hedy ", {}) == ("", list(dict.fromkeys(word.split()[0] for word in BY_WORD)))


@pytest.mark.parametrize("title", list(NAMES["topics"].values()))
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_offers_read_back(title: str, quote: str) -> None:
    """What is offered for a title is read back as exactly that title."""
    found = complete(f"%hedy topic {quote}{title[:1]}", {"topics": {"topic_0001": title}})

    assert found is not None
    assert [str(word) for word in words(found[1][0], {})[0]] == [title]


# -- the hook ----------------------------------------------------------------------------------------------------------


@pytest.fixture(name="shell")
def fixture_shell() -> Iterator[InteractiveShell]:
    """A new shell, without history."""
    shell = InteractiveShell()
    shell.history_manager.enabled = False
    yield shell
    matcher.unregister(shell)
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def offered(shell: InteractiveShell, line: str) -> list[str]:
    """What *shell* offers at the end of *line*."""
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(line, len(line))]


@pytest.mark.skipif(IPython.version_info < (8, 6), reason="the test below has what an older IPython can do")
def test_hook(shell: InteractiveShell) -> None:
    """Registered once or twice, it offers once.

    Ours suppress what Python would offer, and other lines stay as they are.
    """
    matcher.register(shell, lambda: NAMES)
    matcher.register(shell, lambda: NAMES)
    shell.user_ns["todo_list"] = []

    assert offered(shell, "%hedy tod") == ["todos", "todo"]
    assert offered(shell, "todo_l") == ["todo_list"]
    assert offered(shell, "print(todo_l") == [
        "todo_list"
    ]  # after another line: IPython writes into what a matcher gives
    assert offered(shell, "%hedy sessions --limit tod") == ["tod"]


def test_hook_before_ipython_8_6(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where IPython has matchers of the old kind only, such as in Colab, the same words are offered."""
    monkeypatch.delattr("IPython.core.completer.context_matcher", raising=False)
    matcher.register(shell, lambda: NAMES)
    matcher.register(shell, lambda: NAMES)
    shell.user_ns["todo_list"] = []

    assert sorted(offered(shell, "%hedy tod")) == ["todo", "todos"]
    assert "--limit" in offered(shell, "%hedy sessions --l")
    assert offered(shell, "todo_l") == ["todo_list"]
    matcher.unregister(shell)
    assert shell.Completer.custom_matchers == []


def test_hook_is_taken_out(shell: InteractiveShell) -> None:
    """After ``unregister`` nothing is left."""
    matcher.register(shell, lambda: NAMES)
    matcher.unregister(shell)

    assert shell.Completer.custom_matchers == []
    assert "todos" not in offered(shell, "%hedy tod")


def test_hook_survives_an_error(shell: InteractiveShell) -> None:
    """Where the names cannot be had, completion goes on without ours."""

    def names() -> Names:
        raise RuntimeError("boom")

    matcher.register(shell, names)
    shell.user_ns["todo_list"] = []

    assert offered(shell, "todo_l") == ["todo_list"]
    assert "todos" not in offered(shell, "%hedy tod")


def test_hook_serves_the_cell_magics(shell: InteractiveShell) -> None:
    """The first line of the two cell magics is completed, and what is below it is left alone."""
    matcher.register(shell, lambda: NAMES)
    shell.user_ns["todo_list"] = []
    body = "%%hedy_context Default\ntodo_l"

    assert offered(shell, "%%hedy_context De") == ["Default"]
    assert offered(shell, body) == ["todo_list"]
