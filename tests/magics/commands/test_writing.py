"""The commands that write, by a form, by prompts in a terminal, and in a session that is not interactive."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import httpx
import pytest

import hedy_jupyter as hj
from hedy_jupyter.changes.confirmation import CANCELLED
from hedy_jupyter.changes.write_request import WriteRequest
from hedy_jupyter.demo_server.service import Service
from hedy_jupyter.magics import dispatch
from hedy_jupyter.magics.command import Call, Reply
from hedy_jupyter.magics.commands.cells import CELLS, find_or_create, write_cell
from hedy_jupyter.magics.context import CommandContext, ReviewMode
from hedy_jupyter.magics.line import words
from hedy_jupyter.widgets import builders, manager
from tests.conftest import Api
from tests.waiting import without_waits

pytestmark = pytest.mark.usefixtures("few_meetings")

KEY = "hedy_live_" + "k" * 24
TOPIC, CONTEXT, HOOK = "Harbour Lamp launch", "Everyday meetings", "https://hooks.harbour-lamp.example/hedy"
NEW_HOOK = "webhook new https://api.example.com/in --event session.ended --event todo.exported"
YES = ["yes"]
PROMPTED = [
    ("topic new Project Alpha --color #FF8800", YES, "POST /topics"),
    ("topic new", ["Project Alpha", "y"], "POST /topics"),
    (f'topic edit "{TOPIC}" --description "For {{{{x}}}} $$y"', YES, "PATCH /topics/"),
    (f'topic edit "{TOPIC}"', ["color", "#00ff00", "YES "], "PATCH /topics/"),
    (f'topic delete "{TOPIC}"', ["yes", TOPIC], "DELETE /topics/"),
    ("context new Sales --content Hello --default", YES, "POST /contexts"),
    ("context new", ["Sales", "yes"], "POST /contexts"),
    (f"context edit {CONTEXT} --title Sales", YES, "PATCH /contexts/"),
    ('context edit "Besprechung auf Deutsch"', ["Default", "yes", "yes"], "PATCH /contexts/"),
    (f"context delete {CONTEXT}", ["yes", CONTEXT], "DELETE /contexts/"),
    (NEW_HOOK, ["yes", "yes", "yes", "yes", "api.example.com"], "POST /webhooks"),
    (
        "webhook new",
        ["https://api.example.com", "", "y", "", "", "", "", "yes", "yes", "yes", "yes", "api.example.com"],
        "POST /webhooks",
    ),
    (f"webhook delete {HOOK}", ["yes", HOOK], "DELETE /webhooks/"),
]
"""Line, the answers that lead to its end, and the one request that it makes."""
FLAGGED = [
    ("topic new Project Alpha --color #FF8800", "", "POST /topics"),
    (f'topic edit "{TOPIC}" --description "For us" --instructions ""', "", "PATCH /topics/"),
    (f'topic delete "{TOPIC}"', f'--name "{TOPIC}"', "DELETE /topics/"),
    ("context new Sales --content Hello --default", "", "POST /contexts"),
    (f"context edit {CONTEXT} --title Sales", "", "PATCH /contexts/"),
    (f"context delete {CONTEXT}", f'--name "{CONTEXT}"', "DELETE /contexts/"),
    (NEW_HOOK, "--host api.example.com", "POST /webhooks"),
    (f"webhook delete {HOOK}", f"--name {HOOK}", "DELETE /webhooks/"),
]
"""Line, what its confirmation needs besides the digest, and the one request that it makes."""
SURE = [row for row in FLAGGED if row[1]]


class User:
    """A user at a terminal with prepared answers, after which the input ends."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.asked: list[str] = []
        self.heard: list[str] = []
        self.review_mode: ReviewMode = "none"

    def ctx(self) -> CommandContext:
        """A ctx in front of this user."""
        return CommandContext(lambda _: "", self._answer, self.heard.append, lambda: self.review_mode)

    def _answer(self, question: str) -> str:
        self.asked.append(question)
        if len(self.asked) > len(self.answers):
            raise EOFError
        return self.answers[len(self.asked) - 1]


class Run:
    """``%hedy line`` on the demo account."""

    def __init__(self, hedy: hj.Hedy) -> None:
        self.hedy = hedy
        self.user = User()
        self.ctx = self.user.ctx()

    def __call__(self, line: str, **names: object) -> Reply:
        """The reply to ``%hedy line``."""
        return dispatch.dispatch(self.ctx, words(line, names)[0])[1]

    def at_terminal(self, line: str, answers: Sequence[str]) -> Reply:
        """The same, with scripted answers."""
        self.user.review_mode, self.user.answers, self.user.asked = "terminal", list(answers), []
        return self(line)

    def digest(self, line: str) -> str:
        """The digest that a dry run of *line* names."""
        self(f"{line} --dry-run")
        found = re.search(r"--confirm (\w{16})\b", self.user.heard[-1])
        assert found is not None, self.user.heard[-1]
        return found[1]

    @property
    def sent(self) -> list[str]:
        """The writes that went over the wire."""
        frame = self.hedy.requests
        return [
            f"{method} {path}" for method, path in zip(frame["method"], frame["path"], strict=True) if method != "GET"
        ]


@pytest.fixture(name="run")
def fixture_run() -> Iterator[Run]:
    """Commands on a fresh demo account."""
    with hj.demo() as hedy:
        yield Run(without_waits(hedy))


def service(run: Run) -> Service:
    """The service behind the demo account."""
    assert run.hedy.service is not None
    return run.hedy.service


# -- at a terminal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "answers", "request_"), PROMPTED)
def test_prompts(run: Run, line: str, answers: list[str], request_: str) -> None:
    """The review is shown first, each question is asked once, one request is sent, and a line reports the outcome."""
    reply = run.at_terminal(line, answers)

    assert len(run.sent) == 1
    assert run.sent[0].startswith(request_)
    assert len(run.user.asked) == len(answers)
    assert "Not sent yet" in run.user.heard[0]
    assert re.match(r"(Created|Updated|Deleted) (topic \"|context \"|webhook to )", reply.status)
    assert reply.value is not None


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        (line, answers[:count])
        for line, answers, _ in PROMPTED
        for count in range(len(answers))
        if not (line == "webhook new" and 0 < count < 7 and count != 1)  # between the events an empty answer is a no
    ],
)
@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_answer_cancels(run: Run, line: str, answers: list[str], nothing: str) -> None:
    """An empty answer to any question cancels, and nothing is sent."""
    reply = run.at_terminal(line, [*answers, *[nothing] * 5])

    assert reply == Reply(status=CANCELLED)
    assert run.sent == []


@pytest.mark.parametrize(
    ("line", "answers"), [(line, answers[:count]) for line, answers, _ in PROMPTED for count in range(len(answers))]
)
def test_the_end_of_the_input_cancels(run: Run, line: str, answers: list[str]) -> None:
    """Ctrl-D at any question cancels, and nothing is sent."""
    reply = run.at_terminal(line, answers)

    assert reply == Reply(status=CANCELLED)
    assert run.sent == []


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        (line, [*answers[:place], "no", *answers[place + 1 :]])
        for line, answers, _ in PROMPTED
        for place in range(len(answers))
        if answers[place] and answers[place] not in {"Project Alpha", "Sales"}  # something may be called no
    ],
)
def test_no_is_no(run: Run, line: str, answers: list[str]) -> None:
    """A no in the place of any answer never leads to the write that was meant."""
    with suppress(hj.HedyError):
        run.at_terminal(line, answers)

    assert run.sent == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (f'topic delete "{TOPIC}"', TOPIC.lower()),
        (f'topic delete "{TOPIC}"', TOPIC[:-1]),
        (f'topic delete "{TOPIC}"', "yes"),
        (f"context delete {CONTEXT}", f"{CONTEXT} "),
        (f"webhook delete {HOOK}", "hooks.harbour-lamp.example"),
    ],
)
def test_wrong_name(run: Run, line: str, wrong: str) -> None:
    """A deletion needs the exact name; anything else is an error of two lines that sends nothing."""
    with pytest.raises(hj.NotConfirmed, match=r"type the exact (name|title|URL) .* Nothing was sent\.") as caught:
        run.at_terminal(line, ["yes", wrong])

    assert run.sent == []
    assert caught.value.advice == "Run the line again, and type it exactly as it is shown."


@pytest.mark.parametrize("wrong", ["example.com", "https://api.example.com", "API.example.com", "yes"])
def test_wrong_host(run: Run, wrong: str) -> None:
    """A new webhook needs the exact host, after the three questions of the agent skill."""
    with pytest.raises(hj.NotConfirmed, match="the destination host"):
        run.at_terminal(NEW_HOOK, ["yes", "yes", "yes", "yes", wrong])

    assert run.sent == []


def test_webhook_questions(run: Run) -> None:
    """A new webhook shows its host alone on a line, and asks about host, events and the data that leaves Hedy."""
    run.at_terminal(NEW_HOOK, ["yes", "yes", "yes", "yes", "api.example.com"])
    _, host, events, leaving, typed = run.user.asked

    assert "    api.example.com" in "\n".join(run.user.heard).splitlines()
    assert "host" in host
    assert "session.ended (the whole meeting" in events
    assert "todo.exported (each exported todo" in events
    assert "Meeting data will leave Hedy" in leaving
    assert typed == "Type the host: "


def test_unchanged_at_the_terminal(run: Run) -> None:
    """An edit to what is there already asks nothing, sends nothing and says so once."""
    reply = run.at_terminal(f"context edit {CONTEXT} --default", [])

    assert run.user.asked == []
    assert run.sent == []
    assert reply.status == f'The context "{CONTEXT}" is unchanged; nothing was sent.'
    assert reply.value.title == CONTEXT


def test_target_changed_at_the_terminal(run: Run) -> None:
    """If the target changes between review and yes, nothing is sent and a new review is shown."""
    run.user.review_mode = "terminal"

    def answer(question: str) -> str:
        run.user.asked.append(question)
        if len(run.user.asked) == 1:
            run.hedy.update_topic(TOPIC, description="Somebody else was here").confirm()
        return "yes"

    run.ctx.ask = answer
    run(f'topic edit "{TOPIC}" --description "For us"')

    assert len(run.user.asked) == 2
    assert "- Somebody else was here" in run.user.heard[-1]
    assert len(run.sent) == 2


@pytest.mark.parametrize("answers", [[KEY], ["Project Alpha", KEY]])
def test_a_key_at_a_prompt(run: Run, answers: list[str]) -> None:
    """A key typed at a prompt is refused, and not repeated."""
    with pytest.raises(hj.UsageError, match="looks like an API key") as caught:
        run.at_terminal("topic new", answers)

    assert KEY not in str(caught.value)
    assert run.sent == []


def test_interrupt_at_a_prompt(run: Run) -> None:
    """Ctrl-C at a prompt ends the cell with one line that says that nothing was sent."""

    def stop(question: str) -> str:
        raise KeyboardInterrupt

    run.user.review_mode, run.ctx.ask = "terminal", stop
    with pytest.raises(KeyboardInterrupt) as caught:
        run("topic new X")

    assert caught.value._render_traceback_() == [f"KeyboardInterrupt: {CANCELLED}"]  # type: ignore[attr-defined]
    assert run.sent == []


@pytest.mark.parametrize(
    ("line", "answers", "told"),
    [
        ("webhook new", ["http://api.example.com"], "must begin with https://"),
        ("webhook new", ["https://localhost/x"], "only reachable from this machine"),
        (f'topic edit "{TOPIC}"', ["colour"], "has no field 'colour'"),
        (f'topic edit "{TOPIC}"', ["Color", "blau"], "#RRGGBB"),
        ("topic new", ["x" * 101], "101 characters"),
        ("topic edit nonsense --name X", [], "No topic has the id or the exact name 'nonsense'"),
    ],
)
def test_what_the_api_does_not_take(run: Run, line: str, answers: list[str], told: str) -> None:
    """What the API would not take is reported at once, and nothing is sent."""
    with pytest.raises(hj.HedyError, match=re.escape(told)):
        run.at_terminal(line, answers)

    assert run.sent == []


# -- forms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("topic new", WriteRequest("topic", "create")),
        (
            "topic new Plans --icon work",
            WriteRequest("topic", "create", values={"name": "Plans", "icon_name": "work"}),
        ),
        (
            "topic new --name Plans --instructions -a",
            WriteRequest("topic", "create", values={"name": "Plans", "topic_context": "-a"}),
        ),
        ("topic edit Plans for us", WriteRequest("topic", "update", "Plans for us")),
        ("topic edit Plans --color #FF8800", WriteRequest("topic", "update", "Plans", {"color": "#FF8800"})),
        ("topic delete Plans", WriteRequest("topic", "delete", "Plans")),
        (
            "context new Sales --content Hi --default",
            WriteRequest("context", "create", values={"title": "Sales", "content": "Hi", "is_default": True}),
        ),
        ("context edit Sales --title S", WriteRequest("context", "update", "Sales", {"title": "S"})),
        ("context delete Sales", WriteRequest("context", "delete", "Sales")),
        ("webhook new", WriteRequest("webhook", "create")),
        (
            "webhook new https://a.example --event=session.ended",
            WriteRequest("webhook", "create", values={"url": "https://a.example", "events": ["session.ended"]}),
        ),
        ("webhook delete https://a.example", WriteRequest("webhook", "delete", "https://a.example")),
    ],
)
def test_forms(run: Run, monkeypatch: pytest.MonkeyPatch, line: str, request_: WriteRequest) -> None:
    """In a notebook each command gives the form of its kind, with what the line says filled in."""
    calls: list[tuple[Any, WriteRequest, bool]] = []

    def open_form(hedy: Any, request: WriteRequest, *, review: bool) -> str:
        calls.append((hedy, request, review))
        return "form"

    monkeypatch.setattr(builders, "open_form", open_form)
    run.user.review_mode = "form"
    reply = run(line)

    assert reply == Reply("form")
    assert calls == [(run.hedy, request_, False)]
    assert run.sent == []


def test_manage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """``manage`` gives the manager in a notebook, and elsewhere a line that says what there is instead."""
    monkeypatch.setattr(manager, "manager", lambda hedy: ("manager", hedy))
    run.user.review_mode = "form"
    reply = run("manage")
    run.user.review_mode = "terminal"

    assert reply.value == ("manager", run.hedy)
    with pytest.raises(hj.UsageError, match="needs a notebook"):
        run("manage")


# -- not interactive ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [line for line, _, _ in PROMPTED])
def test_not_interactive(run: Run, line: str) -> None:
    """In a session that is not interactive, a line without flags fails at once, without a prompt or a request."""
    with pytest.raises(hj.UsageError) as caught:
        run(line)

    assert str(caught.value) == (
        "This session is not interactive, so the change can't be confirmed here. "
        "Run the line with --dry-run, read the review, then run it with --confirm DIGEST."
    )
    assert run.hedy.requests.empty
    assert run.user.asked == []


@pytest.mark.parametrize(("line", "more", "request_"), FLAGGED)
@pytest.mark.parametrize("review_mode", ["none", "terminal", "form"])
def test_dry_run_then_confirm(run: Run, line: str, more: str, request_: str, review_mode: ReviewMode) -> None:
    """A dry run shows the review and what confirms it and sends nothing.

    Pasted in its place, that sends exactly this, once.
    """
    run.user.review_mode = review_mode
    empty = run(f"{line} --dry-run")
    review = run.user.heard[-1]
    before = run.sent
    done = run(f"{line} {review.splitlines()[-1]}")
    again = run(f"{line} {review.splitlines()[-1]} -q")

    assert (empty, before) == (Reply(), [])
    assert request_.split()[0] in review
    assert (more == "") or more.partition(" ")[0] in review.splitlines()[-1]
    assert len(run.sent) == 1
    assert run.sent[0].startswith(request_)
    assert re.match(r"(Created|Updated|Deleted) ", done.status)
    assert again.value is done.value
    assert again.status.endswith("already sent; nothing is sent again.")
    assert run.user.asked == []


@pytest.mark.parametrize(("line", "more", "request_"), FLAGGED)
def test_another_digest(run: Run, line: str, more: str, request_: str) -> None:
    """A digest that is not that of the change sends nothing."""
    with pytest.raises(hj.NotConfirmed, match=r"digest 0123456789abcdef does not match: .* Nothing was sent\."):
        run(f"{line} --confirm 0123456789abcdef {more}")

    assert run.sent == []


@pytest.mark.parametrize(("line", "more", "request_"), SURE)
@pytest.mark.parametrize("typed", [None, "yes", "HOOKS.harbour-lamp.example", "harbour lamp launch"])
def test_confirm_wants_the_words_too(run: Run, line: str, more: str, request_: str, typed: str | None) -> None:
    """Without its exact ``--name`` or ``--host`` nothing is sent; the error names the option."""
    digest = run.digest(line)
    flag = more.split()[0]
    with pytest.raises(hj.NotConfirmed, match=r"Nothing was sent\.") as caught:
        run(f"{line} --confirm {digest}" + (f' {flag} "{typed}"' if typed else ""))
    done = run(f"{line} --confirm {digest} {more}")

    assert caught.value.advice.startswith(f"Add {flag} ")
    assert len(run.sent) == 1
    assert done.value is not None


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("topic new Plans --color #FF8800", "topic new Plans --color #FF8801"),
        ("topic new Plans", "topic new plans"),
        (f'topic edit "{TOPIC}" --name A', f'topic edit "{TOPIC}" --name B'),
        (f'topic edit "{TOPIC}" --name A', f'topic edit "{TOPIC}" --name A --icon work'),
        ("context new Sales", "context new Sales --default"),
        (NEW_HOOK, f"{NEW_HOOK} --event highlight.created"),
        (f"context delete {CONTEXT}", 'context delete "Besprechung auf Deutsch"'),
    ],
)
def test_changed_options(run: Run, line: str, other: str) -> None:
    """With other options the digest of the first line confirms nothing, neither before that was sent nor after."""
    digest = run.digest(line)
    more = f"--confirm {digest} {next(more for start, more, _ in FLAGGED if start == line) if line == NEW_HOOK else ''}"
    with pytest.raises(hj.NotConfirmed, match="does not match"):
        run(f"{other} {more}")
    nothing = run.sent
    if not line.startswith("context delete"):
        run(f"{line} {more}")
        with pytest.raises(hj.NotConfirmed, match="does not match"):
            run(f"{other} {more}")

    assert nothing == []
    assert len(run.sent) == (not line.startswith("context delete"))


def test_changed_target(run: Run) -> None:
    """Where the target has changed since the dry run, the digest confirms nothing."""
    line = f'topic edit "{TOPIC}" --description "For us"'
    digest = run.digest(line)
    run.hedy.update_topic(TOPIC, color="#000000").confirm()
    before = run.sent
    with pytest.raises(hj.NotConfirmed, match="does not match"):
        run(f"{line} --confirm {digest}")

    assert run.sent == before


def test_unchanged_dry_run(run: Run) -> None:
    """A dry run of an edit that changes nothing says that there is nothing to send, and prints no ``--confirm``."""
    run(f"context edit {CONTEXT} --default --dry-run")

    assert run.user.heard[-1].endswith("Unchanged: there is nothing to send.")
    assert "--confirm" not in run.user.heard[-1]


def test_dry_run_shows_itself(run: Run) -> None:
    """``-q`` does not hide a review; ``-o`` keeps the change and shows nothing."""
    run("topic new Plans --dry-run -q")
    shown = len(run.user.heard)
    kept = run("topic new Plans --dry-run -o plans")

    assert shown == 1
    assert len(run.user.heard) == 1
    assert (kept.value.method, kept.value.path, kept.status) == ("POST", "/topics", "")
    assert run.sent == []


def test_dry_run_and_confirm_exclude_each_other(run: Run) -> None:
    """Both flags at once are an error."""
    with pytest.raises(hj.UsageError, match="Use either"):
        run("topic new X --dry-run --confirm 0123456789abcdef")

    assert run.hedy.requests.empty


def test_the_same_again_after_it_was_undone(run: Run) -> None:
    """What was sent and undone may be sent again after a new review.

    Without that undoing a new review does not allow it.
    """
    digest = run.digest("topic new Plans")
    run(f"topic new Plans --confirm {digest}")
    run("topic new Plans --dry-run")
    run(f"topic new Plans --confirm {digest}")
    second = len(run.sent)
    run.hedy.delete_topic("Plans").confirm("Plans")
    run("topic new Plans --dry-run")
    run(f"topic new Plans --confirm {digest}")

    assert second == 1
    assert [line.split()[0] for line in run.sent] == ["POST", "DELETE", "POST"]


def test_two_accounts(run: Run) -> None:
    """What was sent in one account is not taken for sent in another."""
    digest = run.digest("topic new Plans")
    run(f"topic new Plans --confirm {digest}")
    with hj.demo() as other:
        run(f"topic new Plans --confirm {digest}")
        names = list(other.topics()["name"])

    assert "Plans" in names


def test_reset_forgets_what_was_sent(run: Run) -> None:
    """After ``demo reset`` the same line can be confirmed once more."""
    digest = run.digest("topic new Plans")
    run(f"topic new Plans --confirm {digest}")
    run("demo reset")
    run(f"topic new Plans --confirm {digest}")

    assert run.sent == ["POST /topics", "POST /topics"]
    assert list(run.hedy.topics()["name"]).count("Plans") == 1


def test_the_answer_is_lost(run: Run) -> None:
    """Where the answer is lost one look tells that it was done, and the line says so; run again it sends nothing."""
    digest = run.digest("topic new Plans")
    service(run).fault("drop")
    done = run(f"topic new Plans --confirm {digest}")
    service(run).fault(None)
    run(f"topic new Plans --confirm {digest}")

    assert done.status.startswith('Created topic "Plans"')
    assert "The answer was lost; a check showed that the change was made." in done.status
    assert run.sent == ["POST /topics"]


def test_the_outcome_is_unknown(api: Api, hedy: hj.Hedy) -> None:
    """Where neither answer nor look comes, the same line run again does not send it again."""
    run = Run(hedy)
    state = {"lost": False}

    def topics(request: httpx.Request) -> object:
        if request.method == "POST" or state["lost"]:
            state["lost"] = True
            raise httpx.ReadTimeout("lost", request=request)
        return {"success": True, "data": []}

    api.answers["/topics"] = topics
    digest = run.digest("topic new Plans")
    for _ in range(2):
        with pytest.raises(hj.Offline, match="the outcome is unknown"):
            run(f"topic new Plans --confirm {digest}")

    assert run.sent == ["POST /topics"]


def test_a_refusal_can_be_tried_again(run: Run) -> None:
    """What the server refuses is not taken for sent: the same line works once the server does."""
    digest = run.digest("topic new Plans")
    service(run).fault("500")
    with pytest.raises(hj.ServerError):
        run(f"topic new Plans --confirm {digest}")
    service(run).fault(None)
    done = run(f"topic new Plans --confirm {digest}")

    assert done.status.startswith('Created topic "Plans"')


@pytest.mark.parametrize("review_mode", ["none", "terminal"])
def test_a_signing_secret(api: Api, hedy: hj.Hedy, review_mode: ReviewMode) -> None:
    """A signing secret is shown once at a terminal, and elsewhere not at all, because that output would be saved."""
    run = Run(hedy)
    made = {
        "id": "wh_1",
        "url": "https://api.example.com/in",
        "events": ["session.ended"],
        "signingSecret": "whsec_planted",
    }
    api.answers["/webhooks"] = lambda request: {"success": True, "data": made if request.method == "POST" else []}
    line = "webhook new https://api.example.com/in --event session.ended"
    if review_mode == "terminal":
        reply = run.at_terminal(line, ["yes", "yes", "yes", "yes", "api.example.com"])
    else:
        reply = run(f"{line} --confirm {run.digest(line)} --host api.example.com")
    told = "\n".join([*run.user.heard, reply.status])

    assert told.count("whsec_planted") == (review_mode == "terminal")
    assert "whsec_planted" not in repr(reply)
    assert ("signing secret" in reply.status) == (review_mode == "none")


def test_names_that_need_quoting(run: Run) -> None:
    """What a dry run says can be pasted as it is, whatever characters the name holds."""
    name = """The "big" {x} $y 'one'; # 2"""
    run.hedy.create_topic(name).confirm()
    run("topic delete {name} --dry-run", name=name)
    run(f"topic delete {{name}} {run.user.heard[-1].splitlines()[-1]}", name=name)

    assert name not in list(run.hedy.topics()["name"])


def test_names_that_cannot_be_typed(run: Run) -> None:
    """A name that cannot be typed is confirmed by what is seen of it, and does nothing to the terminal."""
    name = "Red \x1b[31malert\u202e"
    run.hedy.create_topic(name).confirm()
    run.user.review_mode, run.user.answers = "terminal", ["yes", "Red alert"]
    reply = run("topic delete {name}", name=name)

    assert reply.status.startswith('Deleted topic "Red alert" (')
    assert "(Red alert)" in run.user.asked[1]
    assert not any("\x1b" in text for text in (*run.user.asked, *run.user.heard, reply.status))


# -- the line ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ('topic new "A {{x}} $$y" -q', {"name": "A {x} $y"}),
        ("topic new {title}", {"name": "Q4 {x}"}),
        ("topic new --name=$title", {"name": "Q4 {x}"}),
        (
            "topic new Plans --color #ff8800 --description #1",
            {"name": "Plans", "color": "#ff8800", "description": "#1"},
        ),
        ('topic new "-x" --instructions --5', {"name": "-x", "topicContext": "--5"}),
        ('topic new "--dry-run" --description "--name"', {"name": "--dry-run", "description": "--name"}),
        ("topic new Bob's plans --icon work", {"name": "Bob's plans", "iconName": "work"}),
        ('topic new "会議 🎉"', {"name": "会議 🎉"}),
        ('context new "a # b" --content "two  spaces "', {"title": "a # b", "content": "two  spaces "}),
    ],
)
def test_values(run: Run, line: str, body: dict[str, object]) -> None:
    """Values arrive as they were meant: braces, dollars, dashes, colours, apostrophes, spaces."""
    reply = run(f"{line} --dry-run -o w # that is all", title="Q4 {x}")

    assert reply.value.body == body


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("topic new X --colour #ff8800", "Unknown option --colour for %hedy topic new. Did you mean --color?"),
        ("topic new X --dryrun", "Did you mean --dry-run?"),
        ("topic edit X --nam Y", "Did you mean --name?"),
        ("context new X --defualt", "Did you mean --default?"),
        ("webhook new https://a.example --events x", "Did you mean --event?"),
        ("topic edti X --name Y", "Unknown option --name for %hedy topic. Did you mean topic edit?"),
        ("topic nwe X", "No topic is called 'nwe X'. Did you mean topic new?"),
        ("context delte X", "Did you mean context delete?"),
        ("webhook delte X", "Unknown command 'webhook'. Did you mean webhook delete?"),
        ("webhook", "Unknown command 'webhook'. Did you mean webhooks"),
        ("topic edit", "%hedy topic edit needs WHICH."),
        ("topic delete", "%hedy topic delete needs WHICH."),
        ("topic new -x", "Unknown option -x for "),
        ("topic new X --name", "--name needs a value: --name N."),
        ("topic new X --name Y", "The name is given twice."),
        ("topic new --dry-run", "A new topic needs a name."),
        ("webhook new --dry-run", "A new webhook needs a URL."),
        ("webhook new https://a.example --dry-run", "A webhook needs at least one event."),
        ("webhook new https://a.example --event 'session ended' --dry-run", "There is no event 'session ended'."),
        ("webhook new http://a.example --event session.ended --dry-run", "must begin with https://"),
        ("webhook new https://u:p@a.example --event session.ended --dry-run", "The URL holds a user or a password."),
        (f'topic edit "{TOPIC}" --dry-run', "No field of the topic is given. Options: --name, --description"),
        (
            f"topic edit {TOPIC.lower()} --name X --dry-run",
            "No topic has the id or the exact name 'harbour lamp launch'.",
        ),
        ("topic edit last --name X --dry-run", "No topic has the id or the exact name 'last'."),
        (
            "topic new X --color blau --dry-run",
            "Color 'blau' is not of the form #RRGGBB, nor a CSS name. Did you mean blue",
        ),
        ('topic new "" --dry-run', "Name is empty."),
        ("topic new {missing}", "'missing' is not defined."),
    ],
)
def test_slips(run: Run, line: str, told: str) -> None:
    """A slip is one line of what is wrong and one of what may have been meant; nothing is sent."""
    with pytest.raises(hj.HedyError) as caught:
        run(line)

    assert told in str(caught.value)
    assert run.sent == []


@pytest.mark.parametrize(
    "line",
    [
        "topic new {key}",
        f"topic new {KEY}",
        f"topic edit X --instructions 'use {KEY}'",
        "context new X --content={key}",
        f"webhook new https://a.example/{KEY} --event session.ended",
        "topic delete X --confirm {key}",
    ],
)
def test_keys(run: Run, line: str) -> None:
    """What looks like a key is refused in any value, also one that comes from a variable, and is not repeated."""
    with pytest.raises(hj.UsageError, match="looks like an API key") as caught:
        run(line, key=KEY)

    assert KEY not in str(caught.value)
    assert run.hedy.requests.empty


@pytest.mark.parametrize("topic", ["topic new", "%%hedy_topic", "hedy_context"])
def test_help(run: Run, topic: str) -> None:
    """``help`` explains the commands of two words and the cell magics, and the overview lists them."""
    overview = run("help").status
    told = run(f"help {topic}").status

    assert re.match(r"%hedy topic new \[NAME\]|%%hedy_(topic|context) \[", told)
    assert "--confirm DIGEST" in told
    assert "%%hedy_topic, %%hedy_context" in overview
    assert "webhook new|delete" in overview


def test_writes_have_no_other_road(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the last yes nothing but GET reaches Hedy."""
    methods: list[str] = []
    answer = Service.answer

    def noting(service: Service, method: str, *request: Any) -> Any:
        methods.append(method)
        return answer(service, method, *request)

    monkeypatch.setattr(Service, "answer", noting)
    with hj.demo() as hedy:
        for line, answers, _ in PROMPTED:
            Run(hedy).at_terminal(line, answers[:-1])

    assert set(methods) == {"GET"}


# -- twins: the same line in another kernel ---------------------------------------------------------------------------

CREATIONS = [
    'topic new "Plans" --description "What comes" --color "#112233"',
    "topic new Plans",
    'context new "Sales" --content "Ask for the budget."',
    'context new "Sales" --default',
    "webhook new https://api.example.com/in --event session.ended --event todo.exported",
]


def confirmed(run: Run, line: str, digest: str) -> Any:
    """The reply of *line* with its digest, in a new kernel."""
    host = " --host api.example.com" if line.startswith("webhook") else ""
    return Run(run.hedy)(f"{line} --confirm {digest}{host}")


@pytest.mark.parametrize("line", CREATIONS)
def test_a_creation_is_sent_once_in_all_kernels(run: Run, line: str) -> None:
    """Restart and run all: what is there already is given back, nothing is sent, and that is said."""
    digest = run.digest(line)
    first = confirmed(run, line, digest)

    again = confirmed(run, line, digest)

    assert again.value == first.value
    assert "already" in again.status
    assert "Nothing was sent." in again.status
    assert [one.split()[0] for one in run.sent] == ["POST"]
    looking = Run(run.hedy)
    looking(f"{line} --dry-run")
    assert "--confirm would send nothing" in looking.user.heard[-1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("topic new Plans", 'topic new Plans --description "Another"'),
        ('context new "Sales" --content "A"', 'context new "Sales" --content "B"'),
        (
            "webhook new https://api.example.com/in --event session.ended",
            "webhook new https://api.example.com/in --event todo.exported",
        ),
    ],
)
def test_one_that_only_looks_alike_is_no_twin(run: Run, first: str, second: str) -> None:
    """Other fields are another creation.

    Its review warns, and the digest of a review without that warning is refused.
    """
    early = run.digest(second)
    confirmed(run, first, run.digest(first))

    with pytest.raises(hj.NotConfirmed, match="digest"):
        confirmed(run, second, early)
    assert confirmed(run, second, Run(run.hedy).digest(second)).status.startswith("Created")
    assert len(run.sent) == 2


def tidy(body: Any) -> Any:
    """*body* as a server may keep it: text composed and trimmed, colors in one case, a URL normalized."""
    kept = {
        name: unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value
        for name, value in body.items()
    }
    if "url" in kept:
        kept["url"] = kept["url"].lower().replace(":443", "").replace("/x/../", "/")
        kept["url"] += "/" if kept["url"].count("/") == 2 else ""
        kept["events"] = sorted(kept["events"])
    if "color" in kept:
        kept["color"] = kept["color"].lower()
    return kept


@pytest.fixture(name="tidying")
def fixture_tidying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Commands on an account whose server tidies what it is given."""
    answer = Service.answer

    def tidied(service: Service, method: str, target: str, headers: Any, body: bytes) -> Any:
        return answer(service, method, target, headers, json.dumps(tidy(json.loads(body))).encode() if body else body)

    monkeypatch.setattr(Service, "answer", tidied)
    with hj.demo() as hedy:
        run = Run(without_waits(hedy))
        hedy.create_webhook("https://api.example.com/other", ["todo.exported"]).confirm("api.example.com")
        yield run


TIDIED = [
    ('topic new "Plan "', ""),
    ('topic new "  Plan" --color "#AABBCC" --description " For us\t"', ""),
    ('topic new "Cafe\u0301"', ""),
    ('context new "Re\u0301union " --content " Text\r\n"', ""),
    ("webhook new https://API.example.com --event session.ended", " --host api.example.com"),
    (
        "webhook new https://api.example.com:443/in --event todo.exported --event session.ended",
        " --host api.example.com",
    ),
    ("webhook new https://api.example.com/x/../in --event session.ended", " --host api.example.com"),
]


@pytest.mark.parametrize(("line", "more"), TIDIED)
def test_a_creation_that_the_server_tidies_is_sent_once(tidying: Run, line: str, more: str) -> None:
    """Restart and run all, three times: one request, whatever form the server keeps the values in."""
    before = len(tidying.sent)
    full = f"{line} --confirm {tidying.digest(line)}{more}"

    replies = [Run(tidying.hedy)(full) for _ in range(3)]

    assert len(tidying.sent) == before + 1
    assert replies[0].value == replies[1].value == replies[2].value
    assert all("already" in reply.status and "Nothing was sent." in reply.status for reply in replies[1:])


def test_a_url_that_only_looks_alike_is_no_twin(run: Run) -> None:
    """Another path, case of a path, query or port is another webhook."""
    events = ["session.ended"]
    run.hedy.create_webhook("https://api.example.com/in", events).confirm("api.example.com")
    others = ("/in/", "/IN", "/in?a=1", "//in", "/in%2F", ":8443/in", "/in/..")

    assert run.hedy.create_webhook("https://API.example.com:443/in#x", events).twin is not None
    assert [
        end for end in others if run.hedy.create_webhook(f"https://api.example.com{end}", events).twin is not None
    ] == []


@pytest.mark.parametrize("name", ["Plan B", "Plan B ", "Pla\u0301n B"])
def test_a_cell_is_sent_once_in_all_kernels(tidying: Run, name: str) -> None:
    """A cell magic whose name or text the server tidies makes one topic, and later kernels find it."""
    command = CELLS["topic"]
    before = len(tidying.sent)
    digest = find_or_create(tidying.hedy, "topic", name, None, {"topic_context": "Be brief. "})[1].digest

    replies = []
    for _ in range(3):
        call = Call(command, {"NAME": name}, {"--confirm": digest})
        replies.append(write_cell("topic", Run(tidying.hedy).ctx, call, "Be brief. \n"))

    assert len(tidying.sent) == before + 1
    assert [reply.status.startswith("Created") for reply in replies] == [True, False, False]


EDITS = [
    f'topic edit "{TOPIC}" --description "For us" --color #FF8800',
    f'topic edit "{TOPIC}" --description " For us "',
    f'topic edit "{TOPIC}" --instructions ""',
    f'topic edit "{TOPIC}" --name "Lamp" --description "x"',
    f'topic edit "{TOPIC}" --name " Lamp "',
    f"context edit {CONTEXT} --title Sales --content Hello",
    'context edit "Besprechung auf Deutsch" --default',
]


@pytest.mark.parametrize("line", EDITS)
def test_an_edit_is_sent_once_in_all_kernels(tidying: Run, line: str) -> None:
    """An edit run again in a new kernel says that its values are there, sends nothing, and does not stop Run All."""
    before = len(tidying.sent)
    full = f"{line} --confirm {tidying.digest(line)}"

    first, *later = (Run(tidying.hedy)(full) for _ in range(3))

    assert len(tidying.sent) == before + 1
    assert all(reply.value == first.value for reply in later)
    assert all("is unchanged; nothing was sent" in reply.status for reply in later)


def test_an_edit_of_what_was_changed_since_is_refused(run: Run) -> None:
    """Where one value is another by now the digest decides, and a name that is gone is an error as before."""
    line = f'topic edit "{TOPIC}" --description "For us" --color #FF8800'
    full = f"{line} --confirm {run.digest(line)}"
    Run(run.hedy)(full)
    run.hedy.update_topic(TOPIC, color="#000000").confirm()

    with pytest.raises(hj.NotConfirmed):
        Run(run.hedy)(full)
    with pytest.raises(hj.NotFound):
        Run(run.hedy)('topic edit "Nothing of the kind" --name "Hiring" --description "x" --confirm 0123456789abcdef')
    assert len(run.sent) == 2


@pytest.mark.parametrize(("typed", "color"), [("teal", "#008080"), ("#1aF", "#11aaff"), ("Navy", "#000080")])
def test_colors_as_people_write_them(run: Run, typed: str, color: str) -> None:
    """A command takes names of CSS and three digits as the form does; the review shows what is sent."""
    line = f'topic new Plans --color "{typed}"'
    digest = run.digest(line)
    assert color in run.user.heard[-1]

    run(f"{line} --confirm {digest}")

    assert run.hedy.topic("Plans").color == color


def test_a_review_names_only_the_options_that_confirm_it(run: Run) -> None:
    """A dry run does not show the call of code, which cannot be typed in a shell; the same change in code does."""
    run("topic delete Hiring --dry-run")
    in_code = run.hedy.delete_topic("Hiring").page().facts

    assert "--confirm" in run.user.heard[-1]
    assert "change.confirm" not in run.user.heard[-1]
    assert "change.confirm('Hiring')" in [fact.value for fact in in_code]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("topic new Budget --color rot", "Color 'rot'"),
        ("topic edit Hiring --color grün", "Color 'grün'"),
        (f"context new {'x' * 201}", "Title has 201 characters"),
    ],
)
def test_a_wrong_value_is_named_first(run: Run, line: str, wrong: str) -> None:
    """A value that the API does not take is the error, also where the change cannot be confirmed."""
    run.user.review_mode = "none"

    with pytest.raises(hj.UsageError, match=wrong):
        run(line)
