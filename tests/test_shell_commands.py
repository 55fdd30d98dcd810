"""``hedy-jupyter COMMAND …``: text on standard output, messages on standard error, and the exit codes."""

from __future__ import annotations

import getpass
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from hedy_jupyter import Hedy
from hedy_jupyter.__main__ import main
from hedy_jupyter.account import current
from tests.kernels import environment
from tests.test_settings import Keyring, use_keyring

pytestmark = pytest.mark.usefixtures("few_meetings")

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "guides" / "shell.md"
COMMAND = [sys.executable, "-W", "error", "-m", "hedy_jupyter"]
KEY = "hedy_live_Rq7vTz0pLm4x"
Captured = pytest.CaptureFixture[str]


def test_list(demo: Hedy, capsys: Captured) -> None:
    """A list is text with all its rows, and its status line goes to standard error."""
    code = main(["todos", "--open"])
    shown = capsys.readouterr()

    assert code == 0
    assert shown.out.splitlines()[0].split()[:2] == ["Todo", "Due"]
    assert all(text.split()[0] in shown.out for text in demo.todos("open")["text"])
    assert "more. The output variable" not in shown.out
    assert shown.err == "50 open todos (92 in all) · demo account\n"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("sessions --limit 3", "session_id"),
        ("todos --overdue -q", "todo_id"),
        ("highlights --details --session last", "highlight_id"),
        ("topics", "topic_id"),
        ("contexts", "context_id"),
        ("webhooks", "webhook_id"),
    ],
)
def test_json(demo: Hedy, capsys: Captured, line: str, key: str) -> None:
    """``--json`` gives records: ISO times, null where a value is missing, and no other number or text for that."""
    code = main([*line.split(), "--json"])
    shown = capsys.readouterr()
    rows = json.loads(shown.out, parse_constant=lambda name: pytest.fail(name))
    times = [row[name] for row in rows for name in row if name.endswith(("_time", "_at")) and row[name] is not None]

    assert code == 0
    assert rows
    assert all(row[key] for row in rows)
    assert [text for text in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text)] == []
    assert "NaT" not in [value for row in rows for value in row.values()]
    assert bool(shown.err) != ("-q" in line)


def test_json_holds_what_the_frame_holds(demo: Hedy, capsys: Captured) -> None:
    """Every row and column of a list is in its JSON, missing values as null."""
    main(["todos", "--json"])
    rows, frame = json.loads(capsys.readouterr().out), demo.todos()

    assert [row["todo_id"] for row in rows] == frame["todo_id"].tolist()
    assert list(rows[0]) == frame.columns.tolist()
    assert sum(row["topic_name"] is None for row in rows) == frame["topic_name"].isna().sum() > 0


@pytest.mark.parametrize(
    ("form", "start"), [("html", "<div"), ("markdown", "### "), ("text", "Topic: Hiring"), ("card", "Topic: Hiring")]
)
def test_forms(demo: Hedy, capsys: Captured, form: str, start: str) -> None:
    """``--as`` gives the document itself."""
    assert main(["topic", "Hiring", "--as", form]) == 0
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("sesions", 2, "Unknown command 'sesions'.\nDid you mean sessions"),
        ("todos --opne", 2, "Unknown option --opne for hedy-jupyter todos.\nDid you mean --open?"),
        ("todos --open --done", 2, "Use either --open or --done, not both."),
        ("sessions --limit none", 2, "--limit must be a number"),
        ("sessions -o df", 2, "-o stores the result in a notebook's variable."),
        ("session last --json", 2, "--json is for lists."),
        ("browse", 2, "browse needs a notebook."),
        ("manage", 2, "manage needs a notebook."),
        ("demo reset", 2, "demo needs a notebook."),
        ("topic new Budget", 2, "can't be confirmed here"),
        ("login", 2, "can't be asked for here"),
        ("--lim", 2, "Unknown option --lim"),
        ("session nowhere", 1, "No session is called 'nowhere'."),
        ("topic new Budget --confirm 0123456789abcdef", 1, "Nothing was sent."),
        ("archive history last", 1, "There is no archive"),
    ],
)
def test_exit_codes(
    demo: Hedy, capsys: Captured, monkeypatch: pytest.MonkeyPatch, line: str, code: int, told: str
) -> None:
    """An error is one line and its advice on standard error; 2 says that the line is no command, 1 anything else."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    found = main(line.split())
    shown = capsys.readouterr()

    assert (found, shown.out) == (code, "")
    assert told in shown.err
    assert shown.err.startswith("hedy-jupyter: ")
    assert shown.err.count("\n") <= 2
    assert "%hedy" not in shown.err


def test_no_key(no_settings: None, capsys: Captured) -> None:
    """Without a key a command that reads fails; the help and the status do not."""
    assert main(["todos"]) == 1
    told = capsys.readouterr().err
    assert "HEDY_API_KEY" in told
    assert "HEDY_DEMO=1 works without one" in told
    assert main(["todos", "--help"]) == 0
    assert "--overdue" in capsys.readouterr().out
    assert main(["status"]) == 0
    assert "no key yet" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--topic", "--since", "--text"])
def test_an_empty_value(demo: Hedy, capsys: Captured, option: str) -> None:
    """An empty argument, such as a variable that is not set, is one line, whatever the option."""
    code = main(["sessions", option, "", "--limit", "1"])
    assert code in {0, 2}
    assert capsys.readouterr().err.count("\n") <= 2


@pytest.mark.outside
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("ending", "code", "told"),
    [
        (">/dev/full", 1, "The output cannot be written: No space left on device."),
        (">&-", 0, "contexts"),
        ("2>&-", 0, ""),
    ],
)
def test_an_output_that_takes_nothing(tmp_path: Path, ending: str, code: int, told: str) -> None:
    """A full disk is one line and exit code 1; closed streams take nothing and stop nothing."""
    done = subprocess.run(
        ["sh", "-c", f"{shlex.join(COMMAND)} contexts --json {ending}"],
        env=environment(tmp_path, HEDY_DEMO="1", PYTHONPATH=str(ROOT)),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert told in done.stderr
    assert done.stderr.count("\n") <= 1
    assert ending != "2>&-" or json.loads(done.stdout)


@pytest.mark.parametrize(
    "line",
    [
        f"receive --archive {KEY}",
        f"serve --port {KEY}",
        f"serve {KEY}",
        KEY,
        f"login {KEY}",
        f"search {KEY}",
        f"todos --topic={KEY}",
        f"--api-key {KEY}",
    ],
)
def test_a_key_is_no_argument(demo: Hedy, capsys: Captured, line: str) -> None:
    """A key is refused in any argument, and not repeated."""
    assert main(line.split()) == 2
    shown = capsys.readouterr()
    assert KEY[10:] not in shown.out + shown.err
    assert "Nothing was done." in shown.err


def test_words_of_several_words(demo: Hedy, capsys: Captured) -> None:
    """An argument with blanks is one word, as if it were in quotes."""
    assert main(["sessions", "--topic", "Harbour Lamp launch", "--since=last month", "--json", "-q"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["topic_name"] for row in rows} == {"Harbour Lamp launch"}
    assert main(["sync", "-q"]) == 0
    assert main(["search", "salt water", "--json", "-q"]) == 0
    assert all("salt water" in row["snippet"].casefold() for row in json.loads(capsys.readouterr().out))


def test_hits_name_commands_of_the_shell(demo: Hedy, capsys: Captured) -> None:
    """What is below a hit can be typed in the shell, and shows the hit in its place."""
    main(["sync", "-q"])
    main(["search", "gasket", "--in", "transcript", "-q"])
    shown = capsys.readouterr().out
    command = next(line for line in shown.splitlines() if "hedy-jupyter transcript" in line)
    words = shlex.split(command[command.index("hedy-jupyter") :])[1:6]

    assert "%hedy" not in shown
    assert main(words[:4]) == 0
    assert re.match(r"\d+: \w.*gasket", capsys.readouterr().out)


def test_a_write_needs_its_digest(demo: Hedy, capsys: Captured) -> None:
    """``--dry-run`` sends nothing and prints the digest, which another process sends exactly."""
    before = len(demo.topics())
    assert main(["topic", "new", "Budget plans", "--color", "teal", "--dry-run"]) == 0
    digest = re.search(r"--confirm (\w+)", capsys.readouterr().out)
    assert digest is not None
    assert len(demo.topics(refresh=True)) == before
    assert main(["topic", "new", "Budget plans", "--color", "teal", "--confirm", digest[1]]) == 0
    assert "Budget plans" in capsys.readouterr().out
    assert len(demo.topics(refresh=True)) == before + 1


def test_export_to_a_file_and_to_standard_output(demo: Hedy, capsys: Captured, tmp_path: Path) -> None:
    """An export says on standard error what it wrote; ``-`` gives its text, without the byte order mark."""
    file = tmp_path / "todos.csv"
    assert main(["export", "csv", str(file), "todos", "--topic", "Hiring"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "todos" in shown.err
    assert main(["export", "csv", "-", "todos", "--topic", "Hiring", "-q"]) == 0
    assert capsys.readouterr().out == file.read_bytes().decode("utf-8-sig")


def test_help_names_what_works_here(capsys: Captured) -> None:
    """The help has the commands, without those that need a notebook, and the exit codes."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out

    assert ended.value.code == 0
    assert {"serve", "--lab", "--json", "todos", "export", "sync"} <= set(re.findall(r"[\w-]+", shown))
    assert "Exit code" in shown
    assert "%" not in shown
    assert "browse" not in shown


def examples() -> list[str]:
    """The lines of the page that begin with the program."""
    fences = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for fence in fences for line in fence.splitlines() if line.startswith("hedy-jupyter ")]


def test_examples_of_the_page_run(
    demo: Hedy, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line of the guide ends with 0; what is piped or redirected there is not tried here."""
    monkeypatch.chdir(tmp_path)
    lines = [re.split(r" [|>#]", line)[0] for line in examples() if "--profile" not in line]

    assert len(lines) > 8
    assert [line for line in lines if main(shlex.split(line)[1:])] == []
    assert capsys.readouterr().out


def test_stopped(demo: Hedy, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is one line and the exit code of shells."""

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.connection, "ask", stopped)

    assert main(["topics"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_nothing_but_the_result_in_a_pipe(tmp_path: Path) -> None:
    """In a real process without a terminal: no colours, no progress, no warning, and the demo account by HEDY_DEMO."""
    done = subprocess.run(
        [*COMMAND, "sessions", "--details", "--limit", "40", "--json"],
        env=environment(tmp_path, HEDY_DEMO="1", PYTHONPATH=str(ROOT)),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, len(json.loads(done.stdout))) == (0, 40)
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stdout + done.stderr


def test_a_pipe_that_closes_early_is_quiet(tmp_path: Path) -> None:
    """A reader that has enough ends the command without a traceback."""
    with subprocess.Popen(
        [*COMMAND, "todos", "--json", "-q"],
        env=environment(tmp_path, HEDY_DEMO="1", PYTHONPATH=str(ROOT)),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        code = process.wait(60)

    assert (code, told) == (0, "")


def test_two_syncs_wait_for_each_other(tmp_path: Path) -> None:
    """Two at once both end with 0, and the second finds what the first has fetched."""
    variables = environment(tmp_path, HEDY_DEMO="1", PYTHONPATH=str(ROOT))
    both = [
        subprocess.Popen(
            [*COMMAND, "sync", "--no-details"],
            env=variables,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert sorted(re.findall(r"· (\d+) new", " ".join(told))) == ["0", "154"]


def test_the_account_is_the_one_in_use(demo: Hedy, capsys: Captured) -> None:
    """In a running process the commands use the account that is open."""
    assert main(["me"]) == 0
    assert current.in_use() is demo
    assert demo.me().name in capsys.readouterr().out


def test_login_needs_a_keyring(no_settings: None, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """``login`` asks in a terminal and keeps the key in the keyring; without one it fails and keeps nothing."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: KEY)
    assert main(["login"]) == 1
    without = capsys.readouterr()
    kept: dict[tuple[str, str], str] = {}
    use_keyring(monkeypatch, Keyring(kept))
    assert main(["login"]) == 0
    stored = capsys.readouterr()

    assert "no system keyring" in without.err
    assert list(kept.values()) == [KEY]
    assert "in the system keyring" in stored.err
    assert KEY[10:] not in without.out + without.err + stored.out + stored.err


def test_a_terminal_obeys_no_text(demo: Hedy, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal the documents of meetings hold nothing that it would obey; files get them as they are."""
    evil = {"todo_id": ["t"], "text": ["a\x1b]0;title\x07b"], "due_date": [None], "completed": [False]}
    frame = pd.DataFrame(evil | {"session_id": ["s"], "topic_id": [None], "topic_name": [None]})
    frame.attrs["coverage"] = demo.contexts().attrs["coverage"]
    monkeypatch.setattr(Hedy, "todos", lambda *_, **__: frame)
    main(["todos", "-q"])
    shown = capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["export", "md", "-", "-q"])
    main(["todos", "--json", "-q"])

    assert "ab" in shown
    assert "\x1b" not in shown + capsys.readouterr().out
