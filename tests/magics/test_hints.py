"""Lines as tired people type them: what ``%hedy`` accepts all the same, and what it says to type instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import hedy_jupyter as hj
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.context import CommandContext
from hedy_jupyter.magics.line import words
from hedy_jupyter.magics.parser import read
from tests.cases import case

pytestmark = pytest.mark.usefixtures("no_settings", "few_meetings")

USAGE = "Usage: %hedy "


@pytest.fixture(name="demo")
def fixture_demo() -> Iterator[hj.Hedy]:
    """The demo account in use, of which topics, contexts and sessions were read."""
    with hj.demo(timezone="UTC") as hedy:
        hedy.topics()
        hedy.contexts()
        hedy.sessions(None)
        yield hedy


@pytest.fixture(name="ctx")
def fixture_ctx() -> CommandContext:
    """What commands work with, where nobody answers."""
    return CommandContext(ask_hidden=lambda _: "")


def error_of(ctx: CommandContext, line: str) -> str:
    """The error of ``%hedy line``, in one line."""
    with pytest.raises(hj.HedyError) as caught:
        dispatch.dispatch(ctx, words(line, {})[0])
    return str(caught.value)


# What is not taken, and what to type instead --------------------------------------------------------------------------

SWITCHES = [
    ("todos open", "Unexpected argument 'open'. Did you mean --open?"),
    ("todos Open", "Unexpected argument 'Open'. Did you mean --open?"),
    ("todos done", "Did you mean --done?"),
    ("todos overdue", "Did you mean --overdue?"),
    ("todos late", "Did you mean --overdue?"),
    ("todos pending", "Did you mean --open?"),
    ("todos completed", "Did you mean --done?"),
    ("todos opne", "Did you mean --open or --done?"),
    ("todos open overdue", "Unexpected argument 'open'. Did you mean --open?"),
    ("todos -q open", "Did you mean --open?"),
    ("todos --opne", "Unknown option --opne for %hedy todos. Did you mean --open?"),
    ("todos --pending", "Did you mean --open?"),
    ("todos --finished", "Did you mean --done?"),
    ("todos --late", "Did you mean --overdue?"),
    ("todos –opne", "Unknown option –opne for %hedy todos. Did you mean --open?"),
    ("todos --open=true", "--open takes no value. Did you mean --open?"),
    ("todos --open=false", "--open takes no value. Leave --open out."),
    ("todos --open=5", "--open takes no value. Usage: %hedy todos"),
    ("sessions all", "Did you mean --all?"),
    ("sessions everything", "Did you mean --all?"),
    ("sessions details", "Did you mean --details?"),
    ("sessions --detailed", "Did you mean --details?"),
    ("sessions --quiet", "Did you mean -q?"),
    ("sync full", "Did you mean --full?"),
    ("me please", "Unexpected argument 'please'. Usage: %hedy me"),
    ("todos --xyzzy", "Unknown option --xyzzy for %hedy todos. Usage: %hedy todos"),
]
DATES = [
    ("sessions last week", "Unexpected argument 'last'. Did you mean --since \"last week\"?"),
    ("sessions last tuesday", 'Did you mean --since "last tuesday"?'),
    ("sessions yesterday", "Did you mean --since yesterday?"),
    ("sessions today", "Did you mean --since today?"),
    ("sessions 7d", "Did you mean --since 7d?"),
    ("sessions 2026-03", "Did you mean --since 2026-03?"),
    ("sessions 2026", "Did you mean --since 2026?"),
    ("sessions in march", "Did you mean --since march?"),
    ("sessions since last week", 'Did you mean --since "last week"?'),
    ("sessions from last week", 'Did you mean --since "last week"?'),
    ("sessions from last week to yesterday", 'Did you mean --since "last week" --until yesterday?'),
    ("sessions until yesterday", "Did you mean --until yesterday?"),
    ("sessions gestern", "Did you mean --since gestern?"),
    ("sessions letzte Woche", 'Did you mean --since "letzte Woche"?'),
    ("sessions la semaine dernière", 'Did you mean --since "la semaine dernière"?'),
    ("sessions 先週", "Did you mean --since 先週?"),
    ("sessions 上周", "Did you mean --since 上周?"),
    ("sessions --since last week", 'Did you mean --since "last week"?'),
    ("sessions --since last week --topic Hiring", 'Did you mean --since "last week"?'),
    ("sessions --until last month --limit 5", 'Did you mean --until "last month"?'),
    ("sessions —since last week", 'Did you mean --since "last week"?'),
    ("sessions --topic Hiring last week", 'Did you mean --since "last week"?'),
    ("sessions --since7d", "Did you mean --since 7d?"),
    ("sessions --from 2026-03", "Did you mean --since?"),
    ("sessions --today", "Did you mean --since today?"),
    ("sessions --last-week", 'Did you mean --since "last week"?'),
    ("sessions since=7d", "Did you mean --since 7d?"),
    ("brief last week", 'Did you mean --since "last week"?'),
    ("brief Hiring since last week", 'Did you mean --since "last week"?'),
    ("sessions --after 2026-03", "Did you mean --since?"),
    ("sessions --before 2026-03", "Did you mean --until?"),
    (
        "search budget --since last week",
        '--since takes one word, or several in quotes. Did you mean --since "last week"?',
    ),
    ("search budget --since march 2026", 'Did you mean --since "march 2026"?'),
    ("brief Hiring --since last week", 'Did you mean --since "last week"?'),
    ("brief --since last week Hiring", 'Did you mean --since "last week"?'),
    ("export csv x --since last week", 'Did you mean --since "last week"?'),
]
NUMBERS = [
    ("sessions 5", "Unexpected argument '5'. Did you mean --limit 5?"),
    ("sessions last 5", "Did you mean --limit 5?"),
    ("sessions top 10", "Did you mean --limit 10?"),
    ("sessions limit 5", "Did you mean --limit 5?"),
    ("sessions limit=5", "Did you mean --limit 5?"),
    ("highlights 20", "Did you mean --limit 20?"),
    ("sessions --limit5", "Unknown option --limit5 for %hedy sessions. Did you mean --limit 5?"),
    ("sessions --count 5", "Did you mean --limit?"),
    ("sessions -n 5", "Did you mean --limit?"),
    ("sessions -l 5", "Did you mean --limit?"),
    ("sessions --limit all", "--limit must be a number of 1 or more, not 'all'. Did you mean --all?"),
    ("sessions --limit five", "--limit must be a number of 1 or more, not 'five'. Usage: "),
]
NAMES = [
    ("todos Hiring", "Did you mean --topic Hiring?"),
    ("todos Hirng", "Did you mean --topic Hiring?"),
    ("todos harbour lamp", 'Did you mean --topic "Harbour Lamp launch"?'),
    ("todos topic Hiring", "Did you mean --topic Hiring?"),
    ("todos 倉庫", "Did you mean --topic 倉庫ロボット実証?"),
    ("todos last", "Did you mean --session last?"),
    ("todos --topic Harbour Lamp launch", "Unexpected argument 'Lamp'. Did you mean --topic \"Harbour Lamp launch\"?"),
    ("todos --topic Harbour Lamp launch --open", 'Did you mean --topic "Harbour Lamp launch"?'),
    ("todos --topic harbour lamp", 'Did you mean --topic "Harbour Lamp launch"?'),
    ("todos --topic=Harbour Lamp launch", 'Did you mean --topic "Harbour Lamp launch"?'),
    ("todos --topic Bäckerei: Lieferkette", 'Did you mean --topic "Bäckerei: Lieferkette"?'),
    ("todos --topic Nothing like it", 'Did you mean --topic "Nothing like it"?'),
    ("todos --topic Hirng", "No topic is called 'Hirng'. Did you mean 'Hiring'?"),
    ("todos --topic HIRINGS", "Did you mean 'Hiring'?"),
    ("todos --topic Lieferkete", "Did you mean 'Bäckerei: Lieferkette'?"),
    ("todos --topic 図書館", "No topic is called '図書館'. See %hedy topics for the list."),
    ("todos --topic 图书馆", "Did you mean '社区图书馆'?"),
    ("todos --project Hiring", "Did you mean --topic?"),
    ("sessions Hiring", "Did you mean --topic Hiring?"),
    ("sessions Roof garden", 'Did you mean --topic "Roof garden"?'),
    ('sessions "Launch weekly"', 'Did you mean %hedy session "Launch weekly"?'),
    ("sessions Launch weekly", 'Did you mean %hedy session "Launch weekly"?'),
    ('sessions "Weekly sync"', 'Did you mean %hedy session "Weekly sync"?'),
    ("sessions 浜風倉庫 現場確認", 'Did you mean %hedy session "浜風倉庫 現場確認"?'),
    ("sessions last", "Did you mean %hedy session last?"),
    ("sessions last~2", "Did you mean %hedy session last~2?"),
    ("sessions latest", "Did you mean %hedy session last?"),
    ("sessions xyzzy", "Unexpected argument 'xyzzy'. Usage: %hedy sessions"),
    ("highlights last", "Did you mean --session last?"),
    ("session last 2", "Did you mean last~2?"),
    ("session latest", "Did you mean last?"),
    ("session yesterday", "Did you mean %hedy sessions --since yesterday?"),
    ("session last week", 'Did you mean %hedy sessions --since "last week"?'),
    ("session Lanch weekly", "No session is called 'Lanch weekly'. Did you mean 'Launch weekly'?"),
    ("session last~999", "last~999 is out of range: there are 34 sessions."),
    ("topics Hiring", "Did you mean %hedy topic Hiring?"),
    ("topics 社区", "Did you mean %hedy topic 社区图书馆?"),
    ("contexts Besprechung", 'Did you mean %hedy context "Besprechung auf Deutsch"?'),
    ("brief Hirng", "Did you mean 'Hiring'?"),
    ("search budget --topic Harbour Lamp launch", 'Did you mean --topic "Harbour Lamp launch"?'),
    ("export csv x --topic Harbour Lamp launch", 'Did you mean --topic "Harbour Lamp launch"?'),
    ("todos topic=Hiring", "Did you mean --topic Hiring?"),
    ("todos for Hiring", "Did you mean --topic Hiring?"),
    ("session #3", "No session is called '#3'. See %hedy sessions for the list."),
    ("transcript last find budget", "Did you mean --find budget?"),
    ("transcript last --find budget review", 'Did you mean --find "budget review"?'),
    ("topic new Plans --description Some text here", 'Did you mean --description "Some text here"?'),
]
COMMANDS = [
    ("todo", "%hedy todo needs SESSION. Usage: %hedy todo SESSION TODO. Did you mean %hedy todos?"),
    ("todo open", "Did you mean %hedy todos --open?"),
    ("todo --open", "Unknown option --open for %hedy todo. Did you mean %hedy todos --open?"),
    ("session", "Did you mean %hedy sessions?"),
    ("topic", "Did you mean %hedy topics?"),
    ("meeting", "Unknown command 'meeting'. Did you mean session?"),
    ("meetings", "Unknown command 'meetings'. Did you mean sessions?"),
    ("recap last", "Did you mean session?"),
    ("notes", "Did you mean session?"),
    ("tasks", "Did you mean todos?"),
    ("projects", "Did you mean topics?"),
    ("find budget", "Did you mean search?"),
    ("todos--open", "Did you mean %hedy todos --open?"),
    ("todos.", "Did you mean todos?"),
    ("hedy todos --open", "Did you mean %hedy todos --open?"),
    ("help meetings", "Did you mean sessions?"),
    ("topics new Plans", "Did you mean topic new?"),
    ("topic create Plans", "Did you mean topic new?"),
    ('topic remove "Hiring"', "Did you mean topic delete?"),
    ("new topic Plans", "Did you mean topic new?"),
    ("delete topic Hiring", "Did you mean topic delete?"),
    ("create webhook", "Did you mean webhook new?"),
    ("webhook", "Did you mean webhooks?"),
    ("timezone Berlin", 'hj.connect(timezone="Europe/Berlin")'),
    ("region eu", 'hj.connect(region="eu")'),
    ("key", "Did you mean login?"),
    ("whoami", "Did you mean me?"),
    ("–open todos", "Unknown command '–open'. Put the command first"),
    ("xyzzy", "Unknown command 'xyzzy'. Put the command first"),
]
VALUES = [
    ("sessions --source arhive", "--source must be live or archive, not 'arhive'. Did you mean archive?"),
    ("brief --as markdwn", "Did you mean markdown?"),
    ("display veiw", "Did you mean view?"),
    ("demo rest", "Did you mean reset?"),
    ("archive histroy", "Did you mean history?"),
    ("export csv todos", "'todos' is a kind, not a path. Did you mean %hedy export csv todos.csv todos?"),
    ("export todos csv", "Did you mean %hedy export csv todos.csv todos?"),
    ("export csv todos todos.csv", "Did you mean %hedy export csv todos.csv todos?"),
    ("export todos.csv", "%hedy export needs PATH. Did you mean %hedy export csv todos.csv sessions?"),
    ("export markdown x.md", "Did you mean %hedy export md x.md?"),
    ("export ./out csv", "Did you mean %hedy export csv out?"),
    ("export calendar", "Did you mean %hedy export ics meetings.ics?"),
    ("export obsidian notes", "Did you mean %hedy export vault notes?"),
    ("export todos .", "Did you mean %hedy export csv todos.csv todos?"),
    ("export markdown .", "Did you mean %hedy export md meetings.md?"),
    ("export markdown ..", "Did you mean %hedy export md meetings.md?"),
    ("export calendar /", "Did you mean %hedy export ics meetings.ics?"),
    ("export markdown -", "Did you mean %hedy export md -?"),
    ("export sessions -", "Did you mean %hedy export csv - sessions?"),
    ('export markdown "my notes.txt"', 'Did you mean %hedy export md "my notes.md"?'),
    ("export obsidian 'my {{notes}}'", 'Did you mean %hedy export vault "my {{notes}}"?'),
    ("export obsidian .", "Did you mean %hedy export vault .?"),
    ("export table todos", "Did you mean %hedy export csv todos.csv todos?"),
    ("export excel all", "Did you mean %hedy export xlsx all.xlsx?"),
    ("export csv x.csv todo", "Did you mean todos?"),
    ("search budget -limit 5", 'Did you mean --limit? To leave out what has the word, put it in quotes: "-limit".'),
    ("topic delete “Hiring”", 'takes plain quotes only, because it deletes. Type: %hedy topic delete "Hiring"'),
    ("topic delete Hiring –dry-run", "Did you mean --dry-run?"),
    ("topic delete Hiring --Dry-run", "Did you mean --dry-run?"),
    ("archive delete --name “x y”", 'Type: %hedy archive delete --name "x y"'),
    ("todos --topic “Hiring", "A quote is not closed."),
]


@pytest.mark.parametrize("lines", [SWITCHES, DATES, NUMBERS, NAMES, COMMANDS, VALUES], ids=lambda lines: lines[0][0])
def test_hints(demo: hj.Hedy, ctx: CommandContext, lines: list[tuple[str, str]]) -> None:
    """Each line is one error that says what to type, once."""
    for line, told in lines:
        with case(line):
            error = error_of(ctx, line)

            assert told in error
            assert error.count("Did you mean") <= 1
            suggested = re.findall(r"Did you mean (.*?)\?", error)
            assert all(len(set(parts := one.split(" or "))) == len(parts) for one in suggested)


def test_there_are_many() -> None:
    """The tables are as long as they should be, and no line is in them twice."""
    lines = [line for table in (SWITCHES, DATES, NUMBERS, NAMES, COMMANDS, VALUES) for line, _ in table]

    assert len(lines) == len(set(lines)) >= 120


def test_hints_make_no_request(demo: hj.Hedy, ctx: CommandContext) -> None:
    """A line that cannot be read makes no request, whatever is suggested for it."""
    before = len(demo.requests)
    for line, _ in (*SWITCHES, *DATES, *NUMBERS):
        error_of(ctx, line)

    assert len(demo.requests) == before


def test_without_names(ctx: CommandContext) -> None:
    """Before anything was read, the words after an option are taken for one value, and others get no suggestion."""
    with hj.demo() as hedy:
        assert 'Did you mean --topic "Harbour Lamp launch"?' in error_of(ctx, "todos --topic Harbour Lamp launch")
        assert 'Did you mean %hedy session "Weekly sync"?' in error_of(ctx, 'sessions "Weekly sync"')
        assert "Did you mean" not in error_of(ctx, "sessions Hiring")
        assert len(hedy.requests) == 0


# What is taken all the same -------------------------------------------------------------------------------------------

OPEN: dict[str, str] = {"--open": ""}


@pytest.mark.parametrize(
    ("line", "arguments", "options"),
    [
        ("todos –open", {}, OPEN),
        ("todos —open", {}, OPEN),
        ("todos −−open", {}, OPEN),
        ("todos -open", {}, OPEN),
        ("todos --Open", {}, OPEN),
        ("TODOS --OPEN", {}, OPEN),
        ("ＴＯＤＯＳ －－ｏｐｅｎ", {}, OPEN),
        ("todos\u00a0--open", {}, OPEN),
        ("todos\u3000--open\u200b", {}, OPEN),
        ("\ufefftodos --open", {}, OPEN),
        ("todos –topic “Harbour Lamp launch”", {}, {"--topic": "Harbour Lamp launch"}),
        ("todos --topic=“Harbour Lamp launch” --open", {}, {"--topic": "Harbour Lamp launch", **OPEN}),
        ("todos --topic ‘Project Alpha’", {}, {"--topic": "Project Alpha"}),
        ("todos --topic «Project Alpha»", {}, {"--topic": "Project Alpha"}),
        ("todos --topic »Project Alpha«", {}, {"--topic": "Project Alpha"}),
        ("todos --topic „Bäckerei: Lieferkette“", {}, {"--topic": "Bäckerei: Lieferkette"}),
        ("todos --topic ‹Hiring›", {}, {"--topic": "Hiring"}),
        ("todos --topic ＂倉庫ロボット実証＂", {}, {"--topic": "倉庫ロボット実証"}),
        ('todos --topic "Project Alpha”', {}, {"--topic": "Project Alpha"}),
        ("sessions —since yesterday", {}, {"--since": "yesterday"}),
        ("sessions —since=7d", {}, {"--since": "7d"}),
        ("sessions –since “last week”", {}, {"--since": "last week"}),
        ("sessions --limit = 5", {}, {"--limit": "5"}),
        ("sessions --limit =5", {}, {"--limit": "5"}),
        ("sessions --limit＝5", {}, {"--limit": "5"}),
        ("sessions --limit ５", {}, {"--limit": "５"}),
        ("sessions –o recent", {}, {"-o": "recent"}),
        ("session Guest talk 'The quay of 1870'", {"WHICH": "Guest talk The quay of 1870"}, {}),
        ("session “Guest talk 'The quay of 1870'”", {"WHICH": "Guest talk 'The quay of 1870'"}, {}),
        ("session “Réunion de l’atelier”", {"WHICH": "Réunion de l’atelier"}, {}),
        ("session ‘Réunion de l’atelier’", {"WHICH": "Réunion de l’atelier"}, {}),
        ("session ’70s – a talk", {"WHICH": "’70s – a talk"}, {}),
        ("search “harbour – is worse”", {"TEXT": '"harbour – is worse"'}, {}),
        ("search budget review", {"TEXT": "budget review"}, {}),
        ("search budget -draft", {"TEXT": "budget -draft"}, {}),
        ('search budget "-limit"', {"TEXT": "budget -limit"}, {}),
        ("search —harbour", {"TEXT": "—harbour"}, {}),
        ("brief Harbour Lamp launch", {"TOPIC": "Harbour Lamp launch"}, {}),
        ("transcript --find budget last", {"WHICH": "last"}, {"--find": "budget"}),
        ("topic new Q4 — plans –dry-run", {"NAME": "Q4 — plans"}, {"--dry-run": ""}),
        ("topic new “Q4’s plans” —color blue", {"NAME": "Q4’s plans"}, {"--color": "blue"}),
        ("topic edit Hiring --description = –dry-run", {"WHICH": "Hiring"}, {"--description": "=", "--dry-run": ""}),
        ('topic delete "Hiring"', {"WHICH": "Hiring"}, {}),
    ],
)
def test_other_spellings(line: str, arguments: dict[str, str], options: dict[str, str]) -> None:
    """Dashes, quotes, blanks, widths and case as chats and other keyboards write them; values stay as typed."""
    command, length = dispatch.named(words(line, {})[0])
    call = read(command, words(line, {})[0][length:])

    assert (dict(call.arguments), dict(call.options)) == (arguments, options)


# In code --------------------------------------------------------------------------------------------------------------


def test_hints_in_code(demo: hj.Hedy) -> None:
    """Arguments of Python get the same suggestions as options."""
    calls = {
        lambda: demo.sessions(topic="Hirng"): "Did you mean 'Hiring'?",
        lambda: demo.sessions(topic=["Hiring", "社区图书"]): "Did you mean '社区图书馆'?",
        lambda: demo.session("last~999"): "last~999 is out of range: there are 34 sessions.",
        lambda: demo.todos("opne"): "Did you mean open or done?",  # type: ignore[arg-type]
        lambda: demo.sessions(source="arhive"): "Did you mean archive?",  # type: ignore[arg-type]
        lambda: demo.context("Besprechungen auf Deutsch"): "Did you mean 'Besprechung auf Deutsch'?",
        lambda: demo.export("cvs"): "Did you mean csv",
    }
    for call, told in calls.items():
        with case(told), pytest.raises(hj.HedyError) as caught:
            call()
        assert told in str(caught.value)


def test_hints_for_columns(demo: hj.Hedy) -> None:
    """A column that is spelled otherwise is found, with the line that renames it."""
    sessions = demo.sessions(5).rename(columns={"duration_min": "Duration_Min"})
    todos = demo.todos("open").rename(columns={"due_date": "dueDate"})

    with pytest.raises(AttributeError, match=r'df\.rename\(columns=\{"Duration_Min": "duration_min"\}\)'):
        sessions.hedy.load()
    with pytest.raises(AttributeError, match=r'df\.rename\(columns=\{"dueDate": "due_date"\}\)'):
        todos.hedy.due()
    with pytest.raises(AttributeError, match="duration_min") as caught:
        demo.sessions(5).drop(columns="duration_min").hedy.load()
    assert "rename" not in str(caught.value)


WHOLE_LINES = [
    ("todos — open", "Did you mean --open?"),
    ("todos – done", "Did you mean --done?"),
    ("sessions --last 5", "Did you mean --limit 5?"),
    ("session lastt", "Did you mean last?"),
    ("session last~", "Did you mean last?"),
    ("transcript last last", "Did you mean last?"),
    ("session -1", "Did you mean last?"),
    ("transcript -3", "Did you mean last~2?"),
    ("session oldest", "%hedy sessions --all lists the oldest session last."),
    ("version", "hedy_jupyter.__version__ holds the version."),
    ("todos --due tomorrow", "Did you mean --open or --overdue?"),
    ("todos --state done", "Did you mean --done?"),
    ("todos --status what", "Did you mean --open or --done?"),
    ("brief --topic Coaching", "Did you mean %hedy brief Coaching?"),
    ('brief --topic "Clinic software"', 'Did you mean %hedy brief "Clinic software"?'),
    ("sessions --timezone Berlin", "Set HEDY_TIMEZONE"),
    ("log out", "Did you mean %hedy logout?"),
    ("manage topics", "Did you mean %hedy manage?"),
    ("browse Clinic software", 'Did you mean %hedy sessions --topic "Clinic software"?'),
    ("session last --as md", "Did you mean markdown?"),
    ("sessions --open", "Did you mean %hedy todos --open?"),
    ("highlights --overdue", "Did you mean %hedy todos --overdue?"),
    ("topic list", "Did you mean %hedy topics?"),
    ("display html", "The ways are: view, pandas."),
    ("demo fault", "Faults: 429, 500, timeout"),
    ("todos --topic Zzzz", "Clinic software, Coaching, Harbour Lamp launch, "),
]


def test_whole_lines(ctx: CommandContext, demo: hj.Hedy) -> None:
    """An option with its value, or words that belong together, lead to the line that was meant."""
    for line, told in WHOLE_LINES:
        with case(line):
            assert told in error_of(ctx, line)


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("help todos --open", "help todos"),
        ("help %hedy todos", "help todos"),
        ("%hedy todos --open", "todos --open"),
        ("%hedy %hedy topics", "topics"),
    ],
)
def test_what_is_pasted_with_it_is_left_out(ctx: CommandContext, demo: hj.Hedy, line: str, plain: str) -> None:
    """A repeated ``%hedy``, and the options after ``help``, do not count."""
    given, meant = (dispatch.dispatch(ctx, words(one, {})[0])[1] for one in (line, plain))

    assert given.status == meant.status
    assert given.value is meant.value or given.value.equals(meant.value)


def test_the_form_counts_in_any_case(ctx: CommandContext, demo: hj.Hedy) -> None:
    """``--as HTML`` is ``--as html``."""
    assert dispatch.dispatch(ctx, words("session last --as HTML", {})[0])[1].value.startswith("<div")
