"""The table of ``%hedy`` commands: how lines are read, what help says, how accounts are switched."""

from __future__ import annotations

import re
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account import current
from hedy_jupyter.api.client import Client
from hedy_jupyter.api.rate_limit import RateLimiter
from hedy_jupyter.demo_server.service import FAULTS, Service
from hedy_jupyter.magics import dispatch, greeting
from hedy_jupyter.magics import help as help_texts
from hedy_jupyter.magics.command import Command, Reply
from hedy_jupyter.magics.commands.cells import CELLS
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.dispatch import BY_WORD, COMMANDS
from hedy_jupyter.magics.help import example_of, explain
from hedy_jupyter.magics.line import words
from hedy_jupyter.magics.parser import read
from tests.waiting import Clock, set_defaults, without_waits

KEY = "hedy_live_" + "k" * 24
OTHER_KEY = "hedy_live_" + "o" * 24


pytestmark = pytest.mark.usefixtures("no_settings")


@pytest.fixture(name="ctx")
def fixture_ctx() -> CommandContext:
    """A ctx whose user answers with ``KEY`` and a newline."""
    return CommandContext(ask_hidden=lambda _: f"{KEY}\n")


@pytest.fixture(name="keyring")
def fixture_keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring that works, as a dict."""
    kept: dict[tuple[str, str], str] = {}
    fake = SimpleNamespace(
        get_password=lambda service, user: kept.get((service, user)),
        set_password=lambda service, user, key: kept.__setitem__((service, user), key),
        delete_password=lambda service, user: kept.pop((service, user)),
    )
    monkeypatch.setitem(sys.modules, "keyring", fake)
    return kept


def run(ctx: CommandContext, line: str) -> Reply:
    """The reply to ``%hedy line``."""
    return dispatch.dispatch(ctx, words(line, {})[0])[1]


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "arguments", "options"),
    [
        ("session Weekly Sync", {"WHICH": "Weekly Sync"}, {}),
        ('session "Weekly  Sync" -q', {"WHICH": "Weekly  Sync"}, {"-q": ""}),
        ("transcript --raw last", {"WHICH": "last"}, {"--raw": ""}),
        ("transcript last --raw", {"WHICH": "last"}, {"--raw": ""}),
        ("sessions --limit 3 --topic=Pilot", {}, {"--limit": "3", "--topic": "Pilot"}),
        ("sessions --topic=a=b", {}, {"--topic": "a=b"}),
        ("sessions --topic -x", {}, {"--topic": "-x"}),
        ('sessions --topic "--limit"', {}, {"--topic": "--limit"}),
        ('session "--raw"', {"WHICH": "--raw"}, {}),
        ("session -", {"WHICH": "-"}, {}),
        ("todo last todo_1 -o t", {"SESSION": "last", "TODO": "todo_1"}, {"-o": "t"}),
        ("demo", {}, {}),
        ("demo fault slow", {"ACTION": "fault", "NAME": "slow"}, {}),
        ("sessions --limit 3 --limit 4", {}, {"--limit": "4"}),
    ],
)
def test_reading(line: str, arguments: dict[str, str], options: dict[str, str]) -> None:
    """Arguments and options come in any order, a value after a space or ``=``; what is quoted is never an option."""
    first, *rest = words(line, {})[0]
    call = read(BY_WORD[first], rest)

    assert (dict(call.arguments), dict(call.options)) == (arguments, options)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sesions", "Unknown command 'sesions'. Did you mean sessions or session?"),
        ("xyzzy", "Unknown command 'xyzzy'. Put the command first"),
        ("-q sessions", "Unknown command '-q'. Put the command first"),
        ('"" sessions', "Unknown command ''."),
        ("--qiet", "Unknown option --qiet for %hedy."),
        ("sessions --limt 3", "Unknown option --limt for %hedy sessions. Did you mean --limit?"),
        ("sessions --xyzzy", "Unknown option --xyzzy for %hedy sessions. Usage: %hedy sessions [--limit N]"),
        ("sessions -- --all", "Unexpected argument '--all'."),
        ("sessions -l", "Unknown option -l for "),
        ("sessions --limit", "--limit needs a value: --limit N."),
        ("sessions --topic --all", "--topic needs a value: --topic T."),
        ("sessions --all=yes", "--all takes no value."),
        ("sessions --limit many", "--limit must be a number of 1 or more, not 'many'."),
        ("sessions --limit 0", "--limit must be a number of 1 or more, not '0'."),
        ("sessions --limit 1.5", "--limit must be a number of 1 or more, not '1.5'."),
        ("sessions --limit=", "--limit must be a number of 1 or more, not ''."),
        ("sessions --limit 3 --all", "Use either --limit or --all, not both."),
        ("todos --open --done", "Use either --open or --done, not both."),
        ("todos open", "Unexpected argument 'open'. Did you mean --open?"),
        ("sessions Pilot", "Unexpected argument 'Pilot'. Usage: %hedy sessions"),
        ("me -o 2x", "-o must be the name of a variable, not '2x'."),
        ("me -o class", "-o must be the name of a variable, not 'class'."),
        ("me -o", "-o needs a value: -o NAME."),
        ("session", "%hedy session needs WHICH. Usage: %hedy session WHICH"),
        ("todo last", "%hedy todo needs TODO."),
        ("help sesion", "Unknown command 'sesion'. Did you mean session or sessions?"),
        ("demo onn", "Unknown action 'onn' for %hedy demo. Did you mean on?"),
        ("demo on slow", "Unexpected argument 'slow' for %hedy demo on."),
        ("demo fault sloww", "Unknown fault 'sloww'"),
        ("demo fault sloww", "Did you mean slow?"),
        ("sessions --since blursday", "blursday"),
        ('session ""', "does not name a session"),
        ("session {{nothing}}", "{nothing}"),
    ],
)
def test_slips(demo: hj.Hedy, ctx: CommandContext, line: str, told: str) -> None:
    """A slip is one error that names it and what was probably meant."""
    with pytest.raises(hj.HedyError) as caught:
        run(ctx, line)

    assert told in str(caught.value)


@pytest.mark.parametrize("line", ["me -o 2x", "sessions --limit none", "topics --oops"])
def test_slips_ask_nothing(demo: hj.Hedy, ctx: CommandContext, line: str) -> None:
    """A line that cannot be right makes no request."""
    with pytest.raises(hj.UsageError):
        run(ctx, line)

    assert len(demo.requests) == 0


# -- help --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.word)
def test_help_of_a_command(ctx: CommandContext, command: Command) -> None:
    """``help COMMAND`` and ``COMMAND --help`` say the same: the usage, and each option; no account is needed."""
    told = run(ctx, f"help {command.word}").status

    assert (
        told == run(ctx, f"{command.word} --help").status == run(ctx, f"{command.word} -h").status == explain(command)
    )
    assert told.startswith(command.usage)
    assert [option.flag for option in command.all_options if option.flag not in told] == []
    assert current.in_use() is None


@pytest.mark.parametrize("line", ["help", "--help", "-h"])
def test_overview(ctx: CommandContext, line: str) -> None:
    """The overview names every command and what holds everywhere, and fits a screen of 80 columns and 24 lines."""
    told = run(ctx, line).status
    words = set(re.findall(r"[%\w]+", told))

    assert [command.word for command in COMMANDS if not words.issuperset(command.word.split())] == []
    assert [flag for flag in ("--refresh", "-o NAME", "-q", "--help") if flag not in told] == []
    assert len(told.splitlines()) <= 24
    assert max(map(len, told.splitlines())) <= 80
    assert re.findall(r"^\w+", told, re.MULTILINE)[:5] == ["Look", "Search", "Act", "Export", "Settings"]
    assert "More" not in words, "put the new command into a group of magics/help.py"


def test_overview_shows_commands_of_no_group() -> None:
    """A command that is in no group of the help comes last."""
    more = Command("dance", lambda *_: Reply(), "an invented command")

    assert help_texts.overview((*COMMANDS, *CELLS.values(), more)).splitlines()[-5].split() == [
        *("More", "dance", "an", "invented", "command")
    ]


def test_help_in_a_notebook_is_a_table(ctx: CommandContext) -> None:
    """A notebook shows the overview, and the options of a command, as tables; the value stays as it was."""
    for line, cell in [("help", "todos, todo SESSION TODO"), ("help todos", "--session WHICH")]:
        reply = run(ctx, line)
        assert reply.value is None
        assert reply.page is not None
        assert cell in reply.page._repr_html_()
        assert cell in reply.page._repr_markdown_()
        assert reply.page.to_text() == reply.status


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("session", "--as card|html|markdown|text "),
        ("brief", "--as card|html|markdown|text "),
        ("sessions", "--source live|archive "),
        ("search", "more than once: title, transcript, cleaned_transcript, recap"),
        ("webhook new", ": session.created, "),
        ("topic", "topic new|edit|delete "),
        ("contexts", "%hedy help context new"),
        ("webhooks", "webhook new|delete "),
    ],
)
def test_help_shows_the_values_to_type(ctx: CommandContext, line: str, told: str) -> None:
    """The help of a command shows the values of its options, and the commands that change what it shows."""
    assert told in run(ctx, f"help {line}").status


@pytest.mark.parametrize("command", [*COMMANDS, *CELLS.values()], ids=lambda command: command.word)
def test_every_command_has_an_example(ctx: CommandContext, command: Command) -> None:
    """The help of a command ends with a cell to copy, which begins with the command or with what it needs."""
    example = example_of(command)

    assert command.name in example
    assert explain(command).splitlines()[-1].strip() == example.splitlines()[-1]


def test_table_is_consistent() -> None:
    """Every word occurs once, every help is one line, and every option of a command has one meaning."""
    flags = [[option.flag for option in command.all_options] for command in COMMANDS]

    assert len(BY_WORD) == len(COMMANDS)
    assert [command.word for command in COMMANDS if not command.help or "\n" in command.help] == []
    assert [row for row in flags if len(row) != len(set(row))] == []


# -- reads -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "columns", "rows"),
    [
        ("sessions", "session_id", 100),
        ("sessions --limit 3", "session_id", 3),
        ("sessions --limit 2 --details", "session_id", 2),
        ('sessions --topic "Harbour Lamp launch" --limit 4', "session_id", 4),
        ("highlights --limit 5", "highlight_id", 5),
        ("highlights --session last --details", "highlight_id", None),
        ("todos --session last", "todo_id", None),
        ("todos --open", "todo_id", None),
        ("todos --done --refresh", "todo_id", None),
        ("topics", "topic_id", 9),
        ("contexts", "context_id", None),
        ("webhooks", "webhook_id", None),
        ("log", "time", None),
    ],
)
def test_lists(demo: hj.Hedy, ctx: CommandContext, line: str, columns: str, rows: int | None) -> None:
    """Every list gives a DataFrame and one status line that says how many and from where."""
    reply = run(ctx, line)

    assert isinstance(reply.value, pd.DataFrame)
    assert reply.value.columns[0] == columns
    assert rows is None or len(reply.value) == rows
    assert reply.status.startswith(f"{len(reply.value)} ")
    assert "\n" not in reply.status
    assert line == "log" or "demo account" in reply.status


def test_records(demo: hj.Hedy, ctx: CommandContext) -> None:
    """Every single thing comes as its own object, with the next command and no other line."""
    session = run(ctx, "session last").value
    highlight_id = demo.highlights(1)["highlight_id"][0]
    todo = demo.todos().iloc[0]
    lines = {
        "me": hj.Account,
        f"session {session.session_id[:12]}": hj.Session,
        f"highlight {highlight_id}": hj.Highlight,
        f"todo {todo['session_id']} {todo['todo_id']}": hj.Todo,
        "topic Harbour Lamp launch": hj.Topic,
        f'context "{demo.contexts()["title"][0]}"': hj.Context,
    }
    replies = {line: run(ctx, line) for line in lines}

    assert {line: type(reply.value) for line, reply in replies.items()} == lines
    last = f"session {session.session_id}"
    following = [
        "sessions",
        f"transcript {session.session_id}",
        last,
        f"session {todo['session_id']}",
        "brief",
        "context",
    ]
    for reply, command in zip(replies.values(), following, strict=True):
        assert reply.next_step.startswith(f"%hedy {command}")
        assert not reply.status


def test_transcripts(demo: hj.Hedy, ctx: CommandContext) -> None:
    """A transcript is text: the cleaned one, with ``--raw`` as it was heard.

    Where there is none, the status line says so.
    """
    details = demo.sessions(40, details=True)
    cleaned = details[details["cleaned_transcript"].notna()].iloc[0]
    without = details[details["transcript"].isna() & details["cleaned_transcript"].isna()].iloc[0]

    assert run(ctx, f"transcript {cleaned['session_id']}").value == cleaned["cleaned_transcript"]
    assert run(ctx, f"transcript {cleaned['session_id']} --raw").value == cleaned["transcript"]
    assert run(ctx, f"transcript {without['session_id']}").status == "This session has no transcript yet."


def test_status_lines(demo: hj.Hedy, ctx: CommandContext) -> None:
    """The status line says how many of how many, and how to get the rest."""
    total = run(ctx, "sessions --all").value
    some = run(ctx, "sessions --limit 3").status

    assert some.startswith("3 sessions (1")
    assert some.endswith("--all gets the complete history")
    assert len(total) >= 130
    assert run(ctx, "todos --open").status.split(" · ")[0] == "129 open todos (425 in all)"
    assert run(ctx, 'sessions --limit 1 --topic "Harbour Lamp launch"').status.startswith("1 session (")


def test_status_without_a_key(ctx: CommandContext) -> None:
    """The bare ``%hedy`` works without a key and says where one can be put."""
    reply = run(ctx, "")

    assert "HEDY_API_KEY" in str(reply.value)
    assert "%hedy login" in str(reply.value)
    assert "%hedy demo" in str(reply.value)


def test_status_with_a_key(ctx: CommandContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """The status card names region, host, the key's source and the requests left, makes no request and shows no key."""
    monkeypatch.setenv("HEDY_API_KEY", KEY)
    monkeypatch.setenv("HEDY_REGION", "eu")
    shown = str(run(ctx, "").value)

    assert [
        part
        for part in ("LIVE", "eu (HEDY_REGION)", "eu-api.hedy.bot", "from HEDY_API_KEY", "200")
        if part not in shown
    ] == []
    assert KEY not in shown
    assert len(hj.current().requests) == 0


# -- the account -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "no key yet: Set HEDY_API_KEY, or run %hedy login"),
        ({"HEDY_API_KEY": KEY}, "LIVE account, region us (api.hedy.bot)."),
        ({"HEDY_API_KEY": KEY, "HEDY_REGION": "eu"}, "LIVE account, region eu (eu-api.hedy.bot)."),
        ({"HEDY_API_KEY": KEY, "HEDY_REGION": "moon"}, "The region 'moon' (from HEDY_REGION)"),
        ({"HEDY_API_KEY": "sk-nonsense"}, "The API key from HEDY_API_KEY does not look like a Hedy key"),
        ({"HEDY_DEMO": "1"}, "DEMO account"),
    ],
)
def test_account_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: dict[str, str], told: str
) -> None:
    """One line says which account it is, or what is missing; nothing else is printed and no key shown."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    line = greeting.account_line()

    assert line.startswith(told)
    assert "\n" not in line
    assert KEY not in line
    assert capsys.readouterr().out == ""


def test_login_without_a_keyring(ctx: CommandContext) -> None:
    """Without a keyring the key is held by this process alone, and the reply says so."""
    reply = run(ctx, "login")

    assert "in this kernel only" in reply.status
    assert KEY not in reply.status
    assert hj.current().settings.host == "api.hedy.bot"
    assert "from %hedy login" in str(run(ctx, "").value)


def test_login_with_a_keyring(ctx: CommandContext, keyring: dict[tuple[str, str], str]) -> None:
    """With a keyring the key goes there, without the newline that came with it, and a later kernel finds it."""
    reply = run(ctx, "login")
    current.leave()

    assert "system keyring" in reply.status
    assert list(keyring.values()) == [KEY]
    assert hj.current().settings.sources["key"] == "system keyring"


def test_login_refuses_what_is_no_key(ctx: CommandContext) -> None:
    """What does not look like a key is refused and not repeated, and the account stays as it was."""
    ctx.ask_hidden = lambda _: "correct horse battery"
    with pytest.raises(hj.SettingsError) as caught:
        run(ctx, "login")

    assert "horse" not in str(caught.value)
    assert current.in_use() is None


@pytest.mark.parametrize("error", [NotImplementedError, EOFError])
def test_login_where_nobody_answers(ctx: CommandContext, error: type[Exception]) -> None:
    """Where no prompt can be shown, one error says what to do instead."""

    def ask(prompt: str) -> str:
        raise error

    ctx.ask_hidden = ask

    with pytest.raises(
        hj.UsageError, match=r"This session is not interactive, so the key can't be asked for here\. Set HEDY_API_KEY"
    ):
        run(ctx, "login")


def test_login_leaves_the_demo(demo: hj.Hedy, ctx: CommandContext) -> None:
    """Who gives a key gets their own account, also from the demo."""
    run(ctx, "login")

    assert not hj.current().settings.demo


def test_logout(ctx: CommandContext) -> None:
    """Logout forgets what login stored; then there is no account, and a second logout has nothing to forget."""
    run(ctx, "login")
    first, second = run(ctx, "logout").status, run(ctx, "logout").status

    assert (first, second) == ("The stored key was deleted.", "No key was stored.")
    with pytest.raises(hj.SettingsError, match="No Hedy API key"):
        hj.current()


def test_logout_from_the_keyring(ctx: CommandContext, keyring: dict[tuple[str, str], str]) -> None:
    """Logout takes the key out of the keyring."""
    run(ctx, "login")
    run(ctx, "logout")

    assert keyring == {}


def test_logout_with_a_key_in_the_environment(ctx: CommandContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logout says that the environment still holds a key, which is used from then on."""
    monkeypatch.setenv("HEDY_API_KEY", OTHER_KEY)
    run(ctx, "login")
    told = run(ctx, "logout").status

    assert told == "The stored key was deleted. HEDY_API_KEY in the environment still contains a key."
    assert hj.current().settings.sources["key"] == "HEDY_API_KEY"


def test_logout_keeps_the_demo(demo: hj.Hedy, ctx: CommandContext) -> None:
    """Logout on the demo account stays there, and does not bring back an account that login made."""
    run(ctx, "logout")

    assert hj.current() is demo
    assert run(ctx, "me").value.name == "Noor Halloway"


def test_demo_and_back(ctx: CommandContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """``demo`` switches to the demo account and ``demo off`` back; the demo keeps its state."""
    monkeypatch.setenv("HEDY_API_KEY", KEY)
    live = hj.connect()
    run(ctx, "demo")
    demo = hj.current()
    back = run(ctx, "demo off").status

    assert demo.settings.demo
    assert back == "LIVE account, region us (api.hedy.bot)."
    assert hj.current() is live
    assert run(ctx, "demo on").status.startswith("DEMO account")
    assert hj.current() is demo


def test_demo_off_without_a_key(ctx: CommandContext) -> None:
    """Without a key ``demo off`` says so in one line."""
    run(ctx, "demo")

    assert run(ctx, "demo off").status.startswith("no key yet")


def test_demo_off_where_the_environment_asks_for_it(ctx: CommandContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """``HEDY_DEMO`` wins over ``demo off``, which says so."""
    monkeypatch.setenv("HEDY_DEMO", "1")
    run(ctx, "demo")

    assert "HEDY_DEMO is set" in run(ctx, "demo off").status
    assert hj.current().settings.demo


def test_demo_faults(demo: hj.Hedy, ctx: CommandContext) -> None:
    """A fault is felt by the very next read, also one of what was read before, and ends on request."""
    run(ctx, "me")
    told = run(ctx, "demo fault tier").status
    with pytest.raises(hj.TierError):
        run(ctx, "topics")

    assert "the fault tier" in told
    assert "works normally" in run(ctx, "demo fault off").status
    assert len(run(ctx, "topics").value) == 9


def test_a_wait_names_no_limit_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo account in process has no limit of requests, so that a wait after a 429 names no number."""
    clock, notices = Clock(), list[str]()
    set_defaults(monkeypatch, RateLimiter, clock=clock, sleep=clock.sleep)
    set_defaults(monkeypatch, Client, sleep=clock.sleep)
    set_defaults(monkeypatch, Service, clock=clock)
    with hj.demo() as hedy, hedy.connection.notices_to(lambda event: notices.append(getattr(event, "text", ""))):
        hedy.service.fault("429", 1)
        hedy.topics()
        for number in range(6):
            hedy.create_webhook(f"https://hooks.example.com/{number}", ["todo.exported"]).confirm("hooks.example.com")

    waits = [notice for notice in notices if "Rate limit" in notice]
    assert [wait.partition(";")[0] for wait in waits] == [
        "Rate limit reached",
        "Rate limit reached (5 new webhooks a minute)",
    ]


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_be_asked_for(
    demo: hj.Hedy, ctx: CommandContext, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault of the demo service is taken by the command, named in its help and offered by completion."""
    faults: list[str] = []
    monkeypatch.setattr(demo.service, "fault", faults.append)
    assert f"fault {name};" in run(ctx, f"demo fault {name}").status
    assert faults == [name]
    assert name in run(ctx, "help demo").status.replace(",", " ").split()
    assert name in BY_WORD["demo"].arguments[1].source.split("|")


@pytest.mark.parametrize("name", ["gateway", "maintenance"])
def test_faults_in_which_hedy_does_not_answer(demo: hj.Hedy, ctx: CommandContext, name: str) -> None:
    """What another server answers is an error of every list, of a creation too, and nothing was done."""
    without_waits(demo)
    change = demo.create_topic("Client Calls")
    run(ctx, f"demo fault {name}")
    for line in ("sessions", "highlights", "todos", "topics", "contexts", "webhooks"):
        with pytest.raises(hj.HedyError):
            run(ctx, line)
    with pytest.raises(hj.HedyError):
        change.confirm()
    run(ctx, "demo fault off")

    assert "Client Calls" not in set(demo.topics()["name"])


def test_the_demo_has_no_limit(demo: hj.Hedy, ctx: CommandContext) -> None:
    """The card and the log of the demo account say that there is no limit."""
    run(ctx, "me")

    assert ("Requests left this minute", "no limit on the demo account") in run(ctx, "").value.rows
    assert run(ctx, "log").status == "1 request, no limit on the demo account"


def test_demo_reset(demo: hj.Hedy, ctx: CommandContext) -> None:
    """``demo reset`` ends a fault and forgets what was read."""
    run(ctx, "topics")
    run(ctx, "demo fault tier")
    told = run(ctx, "demo reset").status

    assert told == "The demo account was reset."
    assert len(run(ctx, "topics").value) == 9


@pytest.mark.parametrize("line", ["demo reset", "demo fault slow"])
def test_demo_actions_need_the_demo(ctx: CommandContext, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Faults and reset are of the demo account alone."""
    monkeypatch.setenv("HEDY_API_KEY", KEY)

    with pytest.raises(hj.UsageError, match=r"demo account is not in use\. %hedy demo"):
        run(ctx, line)


def test_a_recurring_title_is_said(demo: hj.Hedy, ctx: CommandContext) -> None:
    """The status line says which of several sessions a title means."""
    sessions = demo.sessions(None)
    title, count = sessions["title"].value_counts().index[0], sessions["title"].value_counts().iloc[0]
    newest = sessions[sessions["title"] == title].iloc[0]

    reply = run(ctx, f"session {title}")

    assert reply.value.session_id == newest["session_id"]
    assert reply.next_step == f"%hedy transcript {newest['session_id']}"
    assert reply.status == f'newest of {count} called "{title}"'


@pytest.mark.parametrize("option", ['--find "{}"', '--find="{}"', "--find “{}”"])
def test_a_phrase_to_find(demo: hj.Hedy, ctx: CommandContext, option: str) -> None:
    """Words in quotes are found as a phrase, as in a search."""
    reply = run(ctx, f"transcript last {option.format('salt water')}")

    assert reply.value.query == '"salt water"'


def test_a_todo_by_its_id_alone(demo: hj.Hedy, ctx: CommandContext) -> None:
    """The id that a list shows is enough, whole or shortened; without such a todo an error says so."""
    row = demo.todos().iloc[3]
    ctx.shown_ids["short1"] = row["todo_id"]

    for typed in (row["todo_id"], "short1", f"{row['session_id']} short1"):
        todo = run(ctx, f"todo {typed}").value
        assert (todo.session_id, todo.todo_id) == (row["session_id"], row["todo_id"])
    with pytest.raises(hj.NotFound, match=r"'todo_zz999'.*%hedy todos"):
        run(ctx, "todo todo_zz999")
    with pytest.raises(hj.NotFound, match=r"'todo_zz999'.*%hedy todos"):
        run(ctx, "todo last todo_zz999")
    with pytest.raises(hj.NotFound, match=r"'high_32'.*%hedy highlights"):
        run(ctx, "highlight high_32")
