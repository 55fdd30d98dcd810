"""What to type next: below every result and after every error, one line that runs as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account import current, next_command
from hedy_jupyter.errors import HedyError
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import Reply
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import words
from tests.commands import run

FORMS = {"topic new", "topic edit", "topic delete", "context new", "context edit", "context delete"}
WIDGETS = {"browse", "manage"}
SHOWN = (
    "",
    "use",
    "demo",
    "me",
    "sessions --limit 3",
    "session last",
    "transcript last",
    "transcript last --find gasket",
    "highlights --limit 2",
    "todos --open",
    "todos --overdue",
    "topics",
    "topic Hiring",
    "contexts",
    "context Interviews",
    "webhooks",
    "sync --no-details",
    "search launch",
    "related last",
    "coverage",
    "archive",
    "archive history last",
    "events",
    "brief Hiring",
    "speakers --since 14d",
    "speakers last",
    'speakers rename "Speaker 1" Yusra',
    "compare Hiring Coaching",
    "report",
    "decisions --limit 2",
    "decisions --kind questions",
    "display view",
    "log",
)
"""Lines whose results are shown; ``sync`` comes before what reads the archive."""


@pytest.fixture(name="archived", scope="module")
def fixture_archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[hj.Hedy, Path]]:
    """A demo account with its archive, and the home folder that this is in."""
    home = tmp_path_factory.mktemp("next")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        with hj.demo() as hedy:
            hedy.archive.sync()
            patch.undo()
            yield hedy, home


@pytest.fixture(name="ctx")
def fixture_ctx(
    archived: tuple[hj.Hedy, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[CommandContext]:
    """A context on that account, which is in use during a test only."""
    hedy, home = archived
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(home))
    current.use(hedy)
    yield CommandContext(ask_hidden=lambda _: "")
    current.leave()


def next_of(reply: Reply) -> str:
    """Return the command that follows, without ``%hedy``."""
    assert reply.next_step.startswith("%hedy "), reply
    assert "\n" not in reply.next_step
    return reply.next_step.removeprefix("%hedy ")


@pytest.mark.parametrize("line", SHOWN)
def test_every_result_leads_on(ctx: CommandContext, line: str) -> None:
    """Each result names one command, another than its own, that runs as it is written."""
    following = next_of(run(line, ctx=ctx))

    assert following != line
    if following.split(" ")[0] not in {"topic", "context", "webhook"}:
        run(following, ctx=ctx)


def test_the_overview_leads_on(ctx: CommandContext) -> None:
    """The list of commands ends with one that explains a command, in a notebook and in a terminal."""
    reply = run("help", ctx=ctx)

    assert reply.status.splitlines()[-1] == "Next: %hedy help sessions"
    assert reply.page is not None
    for form in (reply.page.to_html(), reply.page.to_markdown(), reply.page.to_text()):
        assert form.count("%hedy help sessions") == 1
    assert "%hedy sessions" in run("help sessions", ctx=ctx).status


def test_every_command_has_a_next_step() -> None:
    """No command is left out of the lines above; forms and prompts name theirs when they are done."""
    shown = {word for line in SHOWN for word in (line, " ".join(line.split()[:2]), line.split(" ")[0])}
    others = {"help", "login", "logout", "highlight", "todo", "watch", "export", "webhook new", "webhook delete"}

    assert set(dispatch.BY_WORD) - shown - WIDGETS - FORMS == others


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("sessions --since 2031", "sessions"),
        ("todos --open --text xylophone", "todos"),
        ("highlights --topic Hiring --since 2031", "highlights"),
        ("decisions xylophone", "decisions"),
        ("search lampp", "search lamp"),
        ("search xqzzw", "sessions --source archive"),
        ("sessions --source archive --since 2031", "sessions --source archive"),
        ("demo fault slow", "demo fault off"),
        ("demo fault off", "sessions"),
        ("export csv out.csv todos", None),
    ],
)
def test_empty_results_and_others(ctx: CommandContext, line: str, following: str | None) -> None:
    """An empty list leads to what there is; a fault to its end, and a file to what opens it."""
    reply = run(line, ctx=ctx)

    assert reply.next_step == (f"%hedy {following}" if following else "pd.read_csv('out.csv')")


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("export html page.html --limit 1", "open page.html in a browser"),
        ("export md notes.md --limit 1", "open notes.md"),
        ("export json kinds todos topics", "open kinds"),
        ("export md - --limit 1", "%hedy export md meetings.md"),
    ],
)
def test_exports_name_what_opens_them(ctx: CommandContext, line: str, step: str) -> None:
    """What was written is opened by a program or by pandas; a text without a file can be written to one."""
    assert run(line, ctx=ctx).next_step == step


def test_pandas_reads_what_was_written(ctx: CommandContext) -> None:
    """The line after an export of rows runs where it is typed."""
    reply = run("export json open.json todos --topic Hiring", ctx=ctx)

    assert len(pd.read_json(reply.next_step.split("'")[1])) > 0
    assert reply.next_step == "pd.read_json('open.json')"
    assert Path("open.json").exists()


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("archive everything", "help archive"),
        ("topic new Budget --color rot", "help topic new"),
        ("sessions --all --limit 3", "help sessions"),
        ("topic new Budget", "topic new Budget --dry-run"),
        ("context delete Retro --confirm 0123456789abcdef", "contexts"),
        ("topic edit Hiring --color teal --confirm 0123456789abcdef", "topic edit Hiring --color teal --dry-run"),
        ("speakers --by wek", "help speakers"),
    ],
)
def test_an_error_names_a_command(ctx: CommandContext, line: str, following: str) -> None:
    """An error whose advice names nothing to type ends with the list of what there is, a dry run, or help."""
    with pytest.raises(HedyError) as caught:
        run(line, ctx=ctx)
    shown = caught.value._render_traceback_()[0]

    assert caught.value.next_step == f"%hedy {following}"
    assert shown.endswith(f". Next: %hedy {following}")
    assert len(shown.splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("todoss --open", "Did you mean todos or todo?"),
        ("highlights --lmit 3", "Did you mean --limit?"),
        ('decisions --topic "Hirng" --limit 4', "Did you mean 'Hiring'?"),
        ("sessions last month", 'Did you mean --since "last month"?'),
        ("session last~4000", "See %hedy sessions for the list."),
        ("archive related last", "Did you mean %hedy related last?"),
        ("export pdf kinds.pdf todos", "Did you mean %hedy export csv kinds.csv todos?"),
        ("xyzzy", "%hedy help"),
        ("todo nothing-of-it", "Did you mean %hedy todos?"),
    ],
)
def test_each_suggestion_comes_once(ctx: CommandContext, line: str, named: str) -> None:
    """Where the advice names what to type there is no other line."""
    with pytest.raises(HedyError) as caught:
        run(line, ctx=ctx)

    assert caught.value.next_step == ""
    assert named in caught.value._render_traceback_()[0].splitlines()[1]


def test_a_fault_can_be_tried_again(ctx: CommandContext) -> None:
    """After a fault on the way the same line is what to type; a write is not."""
    run("demo fault 500", ctx=ctx)
    try:
        with pytest.raises(HedyError) as caught:
            run("sessions --topic Hiring --refresh", ctx=ctx)
        assert caught.value.next_step == "%hedy sessions --topic Hiring --refresh"
    finally:
        run("demo fault off", ctx=ctx)


def test_names_that_occur_twice() -> None:
    """The brief of the first of some topics is asked for by its id where its name is not enough."""
    topics = pd.DataFrame({"topic_id": ["t1", "t2", "t3"], "name": ["Plans", "Hiring", "PLANS"]})

    assert next_command.of_list("topics", topics) == "%hedy brief t1"
    assert next_command.of_list("topics", topics[1:]) == "%hedy brief Hiring"
    assert next_command.of_list("topics", topics.assign(name=pd.NA)) == "%hedy brief t1"
    assert next_command.of_list("topics", topics[:0]) == ""


def test_names_are_other_peoples_words() -> None:
    """A name becomes one word of the line, whatever it holds."""
    names = ['say "hi" {x} $y', "--delete\x1b[31m", "a\nb"]
    for name in names:
        (_, typed), _ = words(next_command.command("brief", name).removeprefix("%hedy "), {})
        assert typed == " ".join(name.replace("\x1b", "").split()) or "\x1b" not in typed


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ('sessions --since "first of november" --limit 1', r"since Sun 1 Nov \d{4}"),
        ("todos --open --until yesterday --limit 1", r"until \w{3} \d+ \w{3} \d{4}"),
        ("decisions --since 7d --limit 1", r"since \w{3} \d+ \w{3} \d{4} \d\d:\d\d"),
        ("highlights --since 2031 --until 2032", ""),
        ('sessions --since "next year"', r"since \w{3} 1 Jan \d{4} \(.+\)"),
    ],
)
def test_words_for_a_time_are_said_as_days(ctx: CommandContext, line: str, days: str) -> None:
    """What "last week" means is said with its year, and with the zone where no view names it."""
    *_, said = run(line, ctx=ctx).status.split(" · ")

    assert bool(re.fullmatch(days, said)) == bool(days)
    assert days or "since " not in said


def test_a_sync_is_said_with_its_zone(ctx: CommandContext) -> None:
    """The time of the last sync has its zone on cards and in status lines."""
    card = str(run("archive", ctx=ctx).value.to_text())
    line = run("coverage", ctx=ctx).status

    assert re.search(r"Last sync +\w{3} \d+ \w{3} \d\d:\d\d \S+", card)
    assert re.search(r"synced \w{3} \d+ \w{3} \d\d:\d\d [A-Z]+", line)
