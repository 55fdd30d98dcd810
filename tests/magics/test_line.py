"""From the line behind ``%hedy`` to words: quotes, comments, expansion, and the refusal of keys."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from hedy_jupyter.errors import UsageError
from hedy_jupyter.magics.line import split, words
from hedy_jupyter.text.quoting import as_word

KEY = "hedy_live_" + "k" * 24
NAMESPACE: dict[str, Any] = {
    "title": "Q4 plans",
    "sid": "sess_1",
    "quoted": 'a "b" c',
    "dashes": "--all",
    "dollar": "$sid {sid}",
    "mark": "# not a comment;",
    "number": 3,
    "table": {"a:b": "colon", "a b": "space"},
    "names": ["x", "y"],
    "other": ["y"],
    "key": KEY,
}


def found(line: str) -> list[str]:
    """The words of *line* as plain strings."""
    return [str(word) for word in words(line, NAMESPACE)[0]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("   sessions \t --limit  3 ", ["sessions", "--limit", "3"]),
        ('session "Q4 plans"', ["session", "Q4 plans"]),
        ("session 'Q4 plans'", ["session", "Q4 plans"]),
        ('--topic="Q4 plans" --all', ["--topic=Q4 plans", "--all"]),
        ("session Bob's sync", ["session", "Bob's", "sync"]),
        ("""session "Bob's sync" """, ["session", "Bob's sync"]),
        (r'session "the \"big\" one"', ["session", 'the "big" one']),
        (r"session 'Bob\'s sync'", ["session", "Bob's sync"]),
        (r"session C:\notes\new", ["session", r"C:\notes\new"]),
        (r'session "C:\notes\new folder"', ["session", r"C:\notes\new folder"]),
        ('session ""', ["session", ""]),
        ('session 5" screen', ["session", '5"', "screen"]),
        ("session C# and #1", ["session", "C#", "and", "#1"]),
        ("sessions # all of them", ["sessions"]),
        ("# only a comment", []),
        ('session "a # b" # c', ["session", "a # b"]),
        ('session "say \\"a # b\\"" # c', ["session", 'say "a # b"']),
        ("session 会議 été", ["session", "会議", "été"]),
    ],
)
def test_splitting(line: str, expected: list[str]) -> None:
    """Quotes hold a word together where they open it, an apostrophe in a word is one, a # alone begins a comment."""
    assert found(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sessions;", (["sessions"], True)),
        ("sessions ;  ", (["sessions"], True)),
        ("sessions; # with a reason", (["sessions"], True)),
        ("sessions # with a reason;", (["sessions"], False)),
        ('session "a;"', (["session", "a;"], False)),
        ("session a;b", (["session", "a;b"], False)),
        ("", ([], False)),
    ],
)
def test_silence(line: str, expected: tuple[list[str], bool]) -> None:
    """A ``;`` at the end asks for silence and is no part of the last word; one in quotes or a comment is none."""
    assert words(line, {}) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("session {title}", ["session", "Q4 plans"]),
        ("session $title", ["session", "Q4 plans"]),
        ("--topic={title} --all", ["--topic=Q4 plans", "--all"]),
        ('--topic="{title}, later"', ["--topic=Q4 plans, later"]),
        ("session {quoted}", ["session", 'a "b" c']),
        ("session {dashes}", ["session", "--all"]),
        ("session {dollar} $dollar", ["session", "$sid {sid}", "$sid {sid}"]),
        ("session {mark}", ["session", "# not a comment;"]),
        ('session "{number + 1:03d}"', ["session", "004"]),
        ("session {number + 1}", ["session", "4"]),
        ("session --limit {number + 1} x", ["session", "--limit", "4", "x"]),
        ("session --limit={ number * (2 + 1) }", ["session", "--limit=9"]),
        ("session {table['a b']}", ["session", "space"]),
        ("session {{a b}}", ["session", "{a", "b}"]),
        ("session {title!r}", ["session", "'Q4 plans'"]),
        ("session {table['a:b']}", ["session", "colon"]),
        ("""session "{table['a b']}" """, ["session", "space"]),
        ('session "{[x for x in names if x in other][0]}"', ["session", "y"]),
        ("session {sid}-{number}$sid", ["session", "sess_1-3sess_1"]),
        ("session {{sid}} $$sid ${sid}", ["session", "{sid}", "$sid", "$sess_1"]),
        ("session $5 100$ US$", ["session", "$5", "100$", "US$"]),
        ("session {len(names)}", ["session", "2"]),
        ("session --limit {len({'a', 'b'})} x", ["session", "--limit", "2", "x"]),
        ("session {(lambda q: q + 1)(number)}", ["session", "4"]),
        ("session {(lambda q: q + 1)(number):03d}!", ["session", "004!"]),
        ("session {'{}'.format(3)} y", ["session", "3", "y"]),
        ("session {'}'}{'{'}", ["session", "}{"]),
        ("""session {"it's}"} {title}""", ["session", "it's}", "Q4 plans"]),
        ("session {f'{number}:{number}'}", ["session", "3:3"]),
        ("session { {1: 'one'}[1] }", ["session", "one"]),
        ("session {max({number: 1, 7: 2})}{sid}", ["session", "7sess_1"]),
        ("session { {x: y for x, y in table.items()}['a:b'] }", ["session", "colon"]),
        ("session {number!r:>3}|", ["session", "  3|"]),
        ("session {number!=3}", ["session", "False"]),
        ("session {'!r:x'}", ["session", "!r:x"]),
        ("session {names[0:1][0]}", ["session", "x"]),
        ("session {sid:.4}{{}}", ["session", "sess{}"]),
        ("session {'a' if number > 2 else 'b'}", ["session", "a"]),
        ("session {names[0]} or {other[0]}", ["session", "x", "or", "y"]),
        ('session "{len({1, 2})} plans"', ["session", "2 plans"]),
    ],
)
def test_expansion(line: str, expected: list[str]) -> None:
    """A value is one word whatever is in it and is never read again; doubled characters are literal."""
    assert found(line) == expected


def test_values_are_never_options() -> None:
    """Only what was typed plainly can be an option: a value, a quoted word and a braced one cannot."""
    result, _ = words('--all {dashes} $dashes "--all" --topic={dashes}', NAMESPACE)

    assert [word.plain for word in result] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('session "Q4 plans', "A quote is not closed"),
        ("session {nope}", "'nope' is not defined"),
        ("session $nope", "'nope' is not defined"),
        ("session {sid} {nope}", "'nope' is not defined"),
        ("session {title", "Can't read the braces"),
        ("session title}", "Can't read the braces"),
        ("session {names[7]}", "IndexError"),
        ("session {}", "SyntaxError"),
        ("session {number!x}", "Can't format"),
        ("session {number!=}", "Can't format"),
        ("session {len({'a', 'b')}", "Can't read the braces"),
        ("session {number + }", "SyntaxError"),
        ("session {sid.nope}", "AttributeError"),
        ("session $sid.nope", "AttributeError"),
        ("session {number:zz}", "ValueError"),
        ("session {names:>9}", "TypeError"),
    ],
)
def test_what_does_not_expand(line: str, told: str) -> None:
    """Whatever fails while a line is read is one error that names it, never the expression as it is."""
    with pytest.raises(UsageError, match=told):
        words(line, NAMESPACE)


@pytest.mark.parametrize(
    "line",
    [
        KEY,
        f"login {KEY}",
        f'session "{KEY}"',
        f"me # {KEY}",
        f"--topic={KEY}",
        "session {key}",
        "session $key",
        "session {'hedy_'+'live_'+sid}",
    ],
)
def test_keys_are_refused(line: str) -> None:
    """What looks like a key is refused wherever it is, also as a value, and is not repeated."""
    with pytest.raises(UsageError, match="looks like an API key") as caught:
        words(line, NAMESPACE)

    assert KEY not in str(caught.value)
    assert "k" * 8 not in str(caught.value)


def test_a_failing_expression_does_not_tell_the_key() -> None:
    """An error text of Python that holds a key is scrubbed."""
    with pytest.raises(UsageError) as caught:
        words("session {int(key)}", NAMESPACE)

    assert "ValueError" in str(caught.value)
    assert "k" * 8 not in str(caught.value)


def test_unfinished_lines() -> None:
    """Completion can split a line whose last quote is still open."""
    assert split('sessions --topic "Q4 pl', open_end=True) == ["sessions", "--topic", "Q4 pl"]


@pytest.mark.parametrize("text", ["{" * 3_000, "{}" * 2_000, "{" + "}" * 2_000, "{(" * 1_000 + "}" * 1_000])
def test_many_braces(text: str) -> None:
    """A line of nothing but braces is words or one error, and soon."""
    with suppress(UsageError):
        words(f"session {text}", NAMESPACE)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("budget", "budget"),
        ("浜風", "浜風"),
        ("the plan", '"the plan"'),
        ('"the plan" open', "'\"the plan\" open'"),
        ('who\'s "there"', '"who\'s \\"there\\""'),
        ("-lamp", '"-lamp"'),
        ("$50 {a}", '"$$50 {{a}}"'),
        ("two\n  lines", '"two lines"'),
        ("# no comment; ", '"# no comment;"'),
    ],
)
def test_a_text_as_one_word(text: str, typed: str) -> None:
    """A text is written so that a line reads the same text back, in one line."""
    assert as_word(text) == typed
    assert words(f"transcript last --find {typed}", {})[0][2:] == ["--find", " ".join(text.split())]
