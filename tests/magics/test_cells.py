"""The cell magics ``%%hedy_topic`` and ``%%hedy_context`` in a real IPython shell."""

from __future__ import annotations

from typing import Any

import pytest
from IPython.core.oinspect import getdoc

import hedy_jupyter as hj
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.magics import magics
from hedy_jupyter.widgets import builders
from tests.magics.test_magics import CellRunner, fixture_demo, fixture_history, fixture_runner, fixture_shell

pytestmark = pytest.mark.usefixtures("few_meetings")

__all__ = ["fixture_demo", "fixture_history", "fixture_runner", "fixture_shell"]

KEY = "hedy_live_" + "k" * 24
TOPIC, CONTEXT = "Harbour Lamp launch", "Everyday meetings"


def sent() -> list[str]:
    """The writes that the account in use has sent."""
    frame = hj.current().requests
    return [method for method in frame["method"] if method != "GET"]


def digest(demo: CellRunner, cell: str) -> str:
    """The digest that a dry run of *cell* names."""
    first, _, body = cell.partition("\n")
    ran = demo(f"{first} --dry-run\n{body}")
    assert ran.error is None
    return ran.out.rpartition("--confirm ")[2].split()[0]


def confirmed(demo: CellRunner, cell: str, options: str = "") -> Any:
    """What *cell* gives, run dry and then confirmed."""
    first, _, body = cell.partition("\n")
    return demo(f"{first} --confirm {digest(demo, cell)} {options}\n{body}")


@pytest.mark.parametrize(
    "body",
    [
        "one line",
        "{x} $y {{z}} %d %s 100% \\n",
        "%hedy topics",
        "!ls ; ?\n%time x",
        "trailing spaces  \nand tabs\t",
        " ",
        "\n\nblank lines first",
        "blank lines last\n\n",
        "  indented\n    more",
        ">>> what a mail quotes\n>> less\n> least",
        "text\n>>> quoted in the second line",
        "... and so on\n... again",
        "In [1]: a prompt\n   ...: another",
        "Windows\r\nline ends",
        "# heading\n; semicolon;",
        'quotes " and \' and """',
        "会議 🎉 \u2028 é e\u0301",
        "%%hedy_topic inside",
    ],
)
@pytest.mark.parametrize("kind", ["topic", "context"])
def test_the_body_is_literal(demo: CellRunner, kind: str, body: str) -> None:
    """The body reaches Hedy exactly as it is in the cell, and run again it changes nothing."""
    cell = f'%%hedy_{kind} "New one"\n{body}\n'
    confirmed(demo, cell)
    again = demo(cell)
    found = hj.current().topic("New one").topic_context if kind == "topic" else hj.current().context("New one").content

    assert found == body
    assert again.out == f'Unchanged: the {kind} "New one" is the same as the cell; nothing was sent.\n'
    assert again.error is None
    assert sent() == ["POST"]


@pytest.mark.parametrize(
    ("cell", "body"), [("%%hedy_topic New\na", "a"), ("%%hedy_topic New\na\n", "a"), ("%%hedy_topic New\na\r\n", "a")]
)
def test_the_end_of_the_last_line(demo: CellRunner, cell: str, body: str) -> None:
    """One line end at the very end of the cell does not belong to the text, because not every front end sends it."""
    confirmed(demo, cell)

    assert hj.current().topic("New").topic_context == body


def test_the_body_below_another_magic(demo: CellRunner) -> None:
    """Below ``%%time`` or in a call from code the body is what IPython hands over."""
    code = digest(demo, '%%hedy_topic "New"\n{x}')
    demo(f'%%time\n%%hedy_topic "New" --confirm {code}\n{{x}}')
    demo("get_ipython().run_cell_magic('hedy_topic', 'New --dry-run -o w', '$y\\n')")

    assert hj.current().topic("New").topic_context == "{x}"
    assert demo["w"].body == {"topicContext": "$y"}


def test_an_edit_is_a_diff(demo: CellRunner) -> None:
    """An existing title is an edit: the review shows removed and added lines, and only the content is sent."""
    old = hj.current().context(CONTEXT).content or ""
    ran = demo(f'%%hedy_context "{CONTEXT}" --dry-run\n{old}\nOne line more')
    ran_out = [line.strip() for line in ran.out.splitlines()]
    done = confirmed(demo, f'%%hedy_context "{CONTEXT}"\n{old}\nOne line more')

    assert "+ One line more" in ran_out
    assert not any(line.startswith("- ") for line in ran_out)
    assert "Changes Content; everything else stays." in ran.out
    assert f'Updated context "{CONTEXT}"' in done.out
    assert hj.current().context(CONTEXT).content == f"{old}\nOne line more"
    assert sent() == ["PATCH"]


def test_default(demo: CellRunner) -> None:
    """``--default`` makes it the default, with its effects in the review, and counts as a change."""
    confirmed(demo, "%%hedy_context Sales\ntext")
    made = confirmed(demo, "%%hedy_context Sales --default\ntext")
    review = demo("%%hedy_context Other --default --dry-run\ntext").out
    again = demo("%%hedy_context Sales --default\ntext")

    assert made.result.result.is_default
    assert sent() == ["POST", "PATCH"]
    assert 'in place of "Sales"' in review
    assert again.out.startswith("Unchanged")


def test_id(demo: CellRunner) -> None:
    """``--id`` names the target, so that a title in the line is its new one.

    An id that is not there creates nothing.
    """
    ident = hj.current().context(CONTEXT).context_id
    done = confirmed(demo, f'%%hedy_context "Daily" --id {ident}\ntext')
    wrong = demo('%%hedy_context "Daily" --id ctx_nowhere --dry-run\ntext')

    assert (done.result.result.context_id, done.result.result.title, done.result.result.content) == (
        ident,
        "Daily",
        "text",
    )
    assert isinstance(wrong.error, hj.NotFound)
    assert sent() == ["PATCH"]


def test_two_of_one_name(demo: CellRunner) -> None:
    """Two of one name are an error that lists their ids, and ``--id`` chooses."""
    ids = [hj.current().create_topic("Twin").confirm().topic_id for _ in range(2)]
    ran = demo('%%hedy_topic "Twin" --dry-run\ntext')
    done = confirmed(demo, f"%%hedy_topic --id {ids[1]}\ntext")

    assert isinstance(ran.error, hj.UsageError)
    assert all(ident in str(ran.error) for ident in ids)
    assert done.result.result.topic_id == ids[1]


def test_another_case_is_another_name(demo: CellRunner) -> None:
    """A write takes no other case: such a name is a new one, as its review says."""
    ran = demo(f"%%hedy_topic {TOPIC.lower()} --dry-run\ntext")

    assert f'Create topic "{TOPIC.lower()}"' in ran.out


FILLING = "🎉" * 20 + f"\n{'x' * 19}" * 999
"""20,000 characters, in lines."""


@pytest.mark.parametrize("kind", ["topic", "context"])
def test_the_limit(demo: CellRunner, kind: str) -> None:
    """A text that is too long is reported with its count before anything is asked or sent.

    The most that is taken is taken.
    """
    asked = len(hj.current().requests)
    ran = demo(f"%%hedy_{kind} New\n{'x' * 20_001}")
    after = len(hj.current().requests)
    fits = confirmed(demo, f"%%hedy_{kind} New\n{FILLING}")

    assert isinstance(ran.error, hj.UsageError)
    assert "has 20,001 characters; the maximum is 20,000." in str(ran.error)
    assert "the text is still in the cell" in str(ran.error)
    assert after == asked
    assert fits.error is None


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("%%hedy_topic\ntext", "Which topic? %%hedy_topic"),
        ("%%hedy_context --default\ntext", "Which context? %%hedy_context"),
        ("%%hedy_topic X --defualt\ntext", "Unknown option --defualt for %%hedy_topic."),
        ("%%hedy_context X --defualt\ntext", "Unknown option --defualt for %%hedy_context. Did you mean --default?"),
        (
            "%%hedy_topic X\ntext",
            "This session is not interactive, so the change can't be confirmed here. Run the line with --dry-run",
        ),
        ("%%hedy_topic X --confirm 0123456789abcdef\ntext", "The digest 0123456789abcdef does not match"),
        ("%%hedy_topic {undefined}\ntext", "'undefined' is not defined."),
        (f"%%hedy_topic {'x' * 101} --dry-run\ntext", "Name has 101 characters; the maximum is 100."),
    ],
)
def test_errors(demo: CellRunner, cell: str, told: str) -> None:
    """A slip is an error of ours without a traceback, and nothing is sent."""
    ran = demo(cell)

    assert isinstance(ran.error, hj.HedyError)
    assert told in str(ran.error)
    assert "Traceback" not in ran.out
    assert sent() == []


@pytest.mark.parametrize("cell", ["%%hedy_topic X", "%%hedy_context X --help"])
def test_an_empty_cell(demo: CellRunner, cell: str) -> None:
    """Without a body IPython itself says that the cell is empty."""
    ran = demo(cell)

    assert "the cell body is empty" in ran.out
    assert sent() == []


@pytest.mark.parametrize(
    "cell",
    [f"%%hedy_topic X --dry-run\nuse {KEY} here", f"%%hedy_context {KEY} --dry-run\ntext", "%%hedy_topic {key}\ntext"],
)
def test_keys(demo: CellRunner, cell: str) -> None:
    """A key in the line or the body is refused before anything is asked, and not echoed."""
    demo.shell.user_ns["key"] = KEY
    asked = len(hj.current().requests)
    ran = demo(cell)

    assert isinstance(ran.error, hj.UsageError)
    assert "looks like an API key" in ran.out
    assert KEY not in ran.out
    assert len(hj.current().requests) == asked


def test_the_line_expands(demo: CellRunner) -> None:
    """Names in the line expand, as everywhere; the body does not."""
    demo("which = 'From a variable'")
    confirmed(demo, "%%hedy_topic {which}\n{which}")

    assert hj.current().topic("From a variable").topic_context == "{which}"


def test_silence(demo: CellRunner) -> None:
    """``-o`` keeps the result and shows nothing, ``;`` hides it, ``-q`` hides the line behind it.

    A new run sends nothing.
    """
    cell = "%%hedy_context Sales\ntext"
    code = digest(demo, cell)
    stored = demo(f"%%hedy_context Sales --confirm {code} -o kept\ntext")
    hidden = demo(f"%%hedy_context Sales --confirm {code};\ntext")
    quiet = demo(f"%%hedy_context Sales --confirm {code} -q\ntext")
    unchanged = demo("%%hedy_context Sales -o same\ntext")

    assert (stored.out, unchanged.out) == ("", "")
    assert (demo["kept"].title, demo["same"].title) == ("Sales", "Sales")
    assert hidden.out == 'Create context "Sales": already sent; nothing is sent again.\n'
    assert quiet.out.startswith("Out[")
    assert quiet.result.result is demo["kept"]
    assert sent() == ["POST"]


def test_a_confirmed_cell_with_another_body(demo: CellRunner) -> None:
    """Once a cell was confirmed, the same digest with another text sends nothing."""
    code = digest(demo, "%%hedy_context Sales\ntext")
    demo(f"%%hedy_context Sales --confirm {code}\ntext")
    ran = demo(f"%%hedy_context Sales --confirm {code}\nanother text")

    assert isinstance(ran.error, hj.NotConfirmed)
    assert sent() == ["POST"]


def test_a_confirmed_cell_in_a_new_kernel(demo: CellRunner) -> None:
    """A confirmed cell that a new kernel runs finds its text in place, says so, and goes on."""
    code = digest(demo, "%%hedy_context Sales\ntext")
    demo(f"%%hedy_context Sales --confirm {code}\ntext")
    demo("%reload_ext hedy_jupyter")
    ran = demo(f"%%hedy_context Sales --confirm {code}\ntext")

    assert ran.error is None
    assert ran.out.startswith("Unchanged")
    assert sent() == ["POST"]


@pytest.mark.parametrize(
    ("cell", "action", "target", "values"),
    [
        ('%%hedy_topic "Brand new"\n{x}', "create", "", {"name": "Brand new", "topic_context": "{x}"}),
        (f"%%hedy_topic {TOPIC}\n$y", "update", "topic", {"topic_context": "$y"}),
        (
            "%%hedy_context Sales --default\n>>> a",
            "create",
            "",
            {"title": "Sales", "content": ">>> a", "is_default": True},
        ),
        (f"%%hedy_context {CONTEXT}\n a ", "update", "ctx", {"content": " a "}),
    ],
)
def test_forms(
    demo: CellRunner, monkeypatch: pytest.MonkeyPatch, cell: str, action: str, target: str, values: dict[str, Any]
) -> None:
    """In a notebook the cell opens the form of its kind at the review; an edit names its target by id."""
    calls: list[tuple[Any, WriteRequest, bool]] = []

    def open_form(hedy: Any, request: WriteRequest, *, review: bool) -> str:
        calls.append((hedy, request, review))
        return "form"

    monkeypatch.setattr(builders, "open_form", open_form)
    monkeypatch.setattr(demo.shell, "kernel", object(), raising=False)
    monkeypatch.setattr(magics, "has_buttons", lambda _: True)
    ran = demo(cell)
    ((hedy, request, review),) = calls

    assert ran.result.result == "form"
    assert hedy is hj.current()
    assert (f"hedy_{request.kind}", request.action) == (cell.split()[0].removeprefix("%%"), action)
    assert (request.target or "").partition("_")[0] == target
    assert request.values == values
    assert review
    assert sent() == []


@pytest.mark.parametrize("magic", ["hedy_topic", "hedy_context"])
def test_help(demo: CellRunner, magic: str) -> None:
    """``--help`` above any body and ``?`` tell what the magic does and takes."""
    told = demo(f"%%{magic} --help\nx").out

    assert told.startswith(f"%%{magic} [")
    assert "--confirm DIGEST" in told
    assert told.strip() in (getdoc(demo.shell.find_cell_magic(magic)) or "")


def test_unload(demo: CellRunner) -> None:
    """``%unload_ext`` takes the cell magics out, and what they listened to."""
    demo("%unload_ext hedy_jupyter")
    found = [demo.shell.find_cell_magic(magic) for magic in ("hedy_topic", "hedy_context")]
    listening = [callback for callback in demo.shell.events.callbacks["pre_run_cell"] if "Hedy" in repr(callback)]

    assert found == [None, None]
    assert listening == []
