"""The forms, driven in this process: what each step shows, what it sends, and what it leaves behind."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import httpx
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from ipywidgets.widgets import widget
from nbclient import NotebookClient

import hedy_jupyter as hj
from hedy_jupyter import forms
from hedy_jupyter.account import changes
from hedy_jupyter.account.changes import Write
from hedy_jupyter.api.reader import Reader
from hedy_jupyter.widgets import builders, controls
from tests.forming import buttons, enter, fields, fill, markup, press, seen, sent, steps

pytestmark = pytest.mark.usefixtures("few_meetings")

ROOT = Path(__file__).parents[2]
EVIL = '<img src=x onerror="alert(1)"><b>&amp;"\'$x$'
PLANTED = "planted words"
HOST = "hooks.example.com"
URL = f"https://{HOST}/hedy"
WEBHOOK_BOXES = (f"This host: {HOST}", "These events: session.ended, todo.exported", "Meeting data will leave Hedy")


@pytest.fixture(name="shell")
def fixture_shell() -> Iterator[InteractiveShell]:
    """A real shell."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def webhook_review(hedy: hj.Hedy) -> Any:
    """A webhook form at its review."""
    form = builders.webhook(hedy, url=URL, events=["session.ended", "todo.exported"])
    press(form, "Review")
    return form


# -- draft -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "labels"),
    [
        (builders.topic, ["Name", "Description", "Color", "Icon", "Instructions"]),
        (builders.context, ["Title", "Content", "Default"]),
        (
            builders.webhook,
            [
                "URL",
                "session.created",
                "session.ended",
                "session.exported",
                "highlight.created",
                "todo.exported",
                "suggestion.created",
            ],
        ),
    ],
)
def test_draft(hedy: hj.Hedy, make: Any, labels: list[str]) -> None:
    """A draft has the labelled fields in this order, Review and Cancel, and asks nothing of the API."""
    form = make(hedy)

    assert list(fields(form)) == labels
    assert list(buttons(form)) == ["Review", "Cancel"]
    assert len(hedy.requests) == 0


@pytest.mark.parametrize(
    ("make", "label", "value", "beside"),
    [
        (builders.topic, "Name", "Twelve chars", "12/100"),
        (builders.topic, "Name", "x" * 101, "101/100 Name has 101 characters; the maximum is 100."),
        (builders.topic, "Name", " ", "1/100 Name is empty."),
        (builders.topic, "Description", "x" * 501, "501/500 Description has 501"),
        (builders.topic, "Color", "teel", "Color 'teel' is not of the form #RRGGBB, nor a CSS name. Did you mean teal"),
        (builders.topic, "Instructions", "x" * 20_001, "20,001/20,000 Instructions has 20,001"),
        (builders.context, "Title", "x" * 201, "201/200 Title has 201"),
        (builders.context, "Content", "x" * 20_001, "20,001/20,000 Content has 20,001"),
        (builders.webhook, "URL", "http://x.example.com", "must begin with https://"),
        (builders.webhook, "URL", "https://127.0.0.1/", "only reachable from this machine"),
    ],
)
def test_limits_while_typing(hedy: hj.Hedy, make: Any, label: str, value: str, beside: str) -> None:
    """The counter and what is wrong are beside the field as it is typed, and a wrong draft gets no review."""
    form = make(hedy)

    fields(form)[label].value = value

    assert fields(form)[label].continuous_update
    assert beside in seen(form)
    if "/100" not in beside or "Name" in beside:
        press(form, "Review")
        assert "Review" in buttons(form)
        assert fields(form)[label].value == value
        assert len(hedy.requests) == 0


def test_no_name(hedy: hj.Hedy) -> None:
    """A new topic without a name gets no review, and says so beside the field, but not before."""
    form = builders.topic(hedy, description="Something")
    assert "empty" not in seen(form)

    press(form, "Review")

    assert "0/100 Name is empty." in seen(form)
    assert "Review" in buttons(form)
    assert len(hedy.requests) == 0


def test_no_events(hedy: hj.Hedy) -> None:
    """A webhook without an event gets no review, and says so by its boxes."""
    form = builders.webhook(hedy, url=URL)

    press(form, "Review")

    assert "at least one event" in seen(form)
    assert len(hedy.requests) == 0


def test_prefilled(hedy: hj.Hedy) -> None:
    """Fields hold the draft that was given; an edit those of the account, with the draft over them."""
    new = builders.topic(hedy, name="Plans", description=None, icon_name="map")
    edit = builders.topic(hedy, "Hiring", description="Only this")

    assert (fields(new)["Name"].value, fields(new)["Description"].value, fields(new)["Icon"].value) == (
        "Plans",
        "",
        "map",
    )
    assert fields(edit)["Name"].value == "Hiring"
    assert fields(edit)["Color"].value == hedy.topic("Hiring").color
    assert fields(edit)["Description"].value == "Only this"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda hedy: builders.topic(hedy, nam="x"), "A topic has no 'nam'"),
        (lambda hedy: builders.topic(hedy, "last"), "No topic has the id"),
        (lambda hedy: builders.topic(hedy, "hiring"), "No topic has the id"),
        (lambda hedy: builders.topic(hedy, delete=True), "Which topic"),
        (lambda hedy: builders.webhook(hedy, URL), "can't be edited"),
        (lambda hedy: builders.webhook(hedy, url=URL, events=["nope"]), "no event 'nope'"),
    ],
)
def test_impossible_forms(hedy: hj.Hedy, call: Any, error: str) -> None:
    """A form that cannot be right is an error at once; a target is named by its id or its exact name only."""
    with pytest.raises(hj.HedyError, match=error):
        call(hedy)


# -- review and result -------------------------------------------------------------------------------------------------


def test_create(hedy: hj.Hedy) -> None:
    """Review shows method, host, path, JSON and effects without any field; the button with the name sends once."""
    form = builders.topic(hedy)
    fill(form, Name="Plans", Color="#1a7f37")
    press(form, "Review")

    assert sent(hedy) == []
    assert fields(form) == {}
    assert list(buttons(form)) == ['Create topic "Plans"', "Back", "Cancel"]
    assert "POST demo.hedy.invalid/topics" in seen(form)
    assert '{ "name": "Plans", "color": "#1a7f37" }' in seen(form)
    assert "Adds the topic to the account." in seen(form)
    assert "confirm" not in seen(form)

    press(form, 'Create topic "Plans"')

    ident = hedy.topic("Plans").topic_id
    assert sent(hedy) == ["POST /topics"]
    assert seen(form) == f"Created topic ({ident})."
    assert (fields(form), buttons(form)) == ({}, {})


def test_create_context(hedy: hj.Hedy) -> None:
    """A new default says whose place it takes."""
    form = builders.context(hedy, title="Style")
    fill(form, Default=True)
    press(form, "Review")

    assert "Becomes the default for new meetings in place of" in seen(form)
    press(form, 'Create context "Style"')
    assert hedy.context("Style").is_default


def test_edit(hedy: hj.Hedy) -> None:
    """The review of an edit shows only what changed, before and after, and only that is sent."""
    old = hedy.topic("Hiring")
    form = builders.topic(hedy, "Hiring")
    fill(form, Description="Something new")
    press(form, "Review")

    assert '{ "description": "Something new" }' in seen(form)
    assert f"description: - {old.description} + Something new" in seen(form)
    press(form, 'Update topic "Hiring"')
    now = hedy.topic("Hiring")
    assert (now.description, now.color, now.name) == ("Something new", old.color, "Hiring")
    assert sent(hedy) == [f"PATCH /topics/{old.topic_id}"]


def test_edit_keeps_what_others_changed(hedy: hj.Hedy) -> None:
    """A field that was not touched in the form is not written back, though it changed in the account meanwhile."""
    form = builders.topic(hedy, "Hiring")
    hedy.update_topic("Hiring", icon_name="star").confirm()

    fill(form, Description="Something new")
    press(form, "Review")
    press(form, 'Update topic "Hiring"')

    assert (hedy.topic("Hiring").icon_name, hedy.topic("Hiring").description) == ("star", "Something new")


def test_edit_without_change(hedy: hj.Hedy) -> None:
    """An edit that changes nothing says so and sends nothing."""
    form = builders.context(hedy, hedy.contexts()["context_id"].iloc[0])
    press(form, "Review")

    assert "Changes nothing" in seen(form)
    assert list(buttons(form)) == ["Back", "Cancel"]
    press(form, "Cancel")
    assert "nothing was sent" in seen(form)
    assert sent(hedy) == []


@pytest.mark.parametrize("field", ["title", "content"])
@pytest.mark.parametrize("value", [5, 2.5, True, ["a"], {"a": 1}])
def test_a_number_in_place_of_a_text_is_not_sent(api: Any, field: str, value: object) -> None:
    """What was not touched is never sent, also where the API gave no text: alone, and beside a change."""
    record = {"id": "ctx_1", "title": "Sales", "content": "x", "isDefault": False, field: value}
    api.answers = {
        "/contexts": {"success": True, "data": [record]},
        "/contexts/ctx_1": {"success": True, "data": record},
    }
    with hj.connect(api_key="hedy_live_planted0123456789", transport=api.transport) as account:
        form = builders.context(account, "ctx_1")
        press(form, "Review")
        assert "Changes nothing" in seen(form)
        assert list(buttons(form)) == ["Back", "Cancel"]
        press(form, "Back")
        fill(form, **{"Title" if field == "content" else "Content": "Other"})
        press(form, "Review")
        press(form, next(text for text in buttons(form) if text.startswith("Update")))

    assert [json.loads(one.content) for one in api.requests if one.method != "GET"] == [
        {"title": "Other"} if field == "content" else {"content": "Other"}
    ]


def test_an_edit_of_the_default_takes_three_looks(hedy: hj.Hedy) -> None:
    """The list that filled the form says which context is the default, too."""
    frame = hedy.contexts()
    default, other = (frame[frame["is_default"].eq(flag)]["title"].iloc[0] for flag in (True, False))
    hedy.forget()
    before = len(hedy.requests)
    form = builders.context(hedy, other)
    fill(form, Default=True)
    press(form, "Review")
    assert f'in place of "{default}"' in html.unescape(seen(form))
    press(form, next(text for text in buttons(form) if text.startswith("Update")))

    assert hedy.requests.iloc[before:]["method"].tolist() == ["GET", "GET", "GET", "PATCH"]


@pytest.mark.parametrize("kind", ["topic", "context"])
def test_an_edit_takes_three_looks(hedy: hj.Hedy, kind: str) -> None:
    """The list for the fields, the target for the review, and the target again before it is sent."""
    hedy.forget()
    before = len(hedy.requests)
    form = (
        builders.topic(hedy, "Hiring") if kind == "topic" else builders.context(hedy, hedy.contexts()["title"].iloc[1])
    )
    if kind == "context":
        before += 1  # for the title
    fill(form, **{"Description" if kind == "topic" else "Content": "Something new"})
    press(form, "Review")
    press(form, next(text for text in buttons(form) if text.startswith("Update")))

    made = hedy.requests.iloc[before:]
    assert made["method"].tolist() == ["GET", "GET", "GET", "PATCH"]
    assert made["path"].iloc[0] == f"/{kind}s"
    assert made["path"].iloc[1:].nunique() == 1


@pytest.mark.parametrize("end", ["send", "cancel", "cancel the review", "nothing to send"])
def test_a_finished_form_keeps_nothing(hedy: hj.Hedy, end: str) -> None:
    """No widget that lives on holds what was typed, whichever way the form ended."""
    form = builders.topic(hedy, name=f"{PLANTED} name")
    fill(form, Description=f"{PLANTED} description", Instructions=f"{PLANTED} instructions")
    if end != "cancel":
        press(form, "Review")
    if end == "nothing to send":
        press(form, "Back")
        press(form, "Review")
    press(form, f'Create topic "{PLANTED} name"' if end == "send" else "Cancel")

    kept = [state for one in list(widget._instances.values()) if PLANTED in (state := repr(one.get_state()))]
    assert kept == []


def test_instructions_can_be_cleared(hedy: hj.Hedy) -> None:
    """Emptied instructions are cleared."""
    name = hedy.topics().dropna(subset=["topic_context"])["name"].iloc[0]
    form = builders.topic(hedy, name)
    fill(form, Instructions="")
    press(form, "Review")

    assert '"topicContext": null' in seen(form)


def test_back_keeps_the_draft(hedy: hj.Hedy) -> None:
    """Back shows the draft as it was typed; the next review is that of the new draft."""
    form = builders.topic(hedy)
    fill(form, Name="Plans", Instructions="Be short.")
    press(form, "Review")
    press(form, "Back")

    assert (fields(form)["Name"].value, fields(form)["Instructions"].value) == ("Plans", "Be short.")
    fill(form, Name="Other plans")
    press(form, "Review")
    assert 'Create topic "Other plans"' in buttons(form)
    assert sent(hedy) == []


@pytest.mark.parametrize("steps", [[], ["Review"], ["Review", "Back"]])
def test_cancel(hedy: hj.Hedy, steps: list[str]) -> None:
    """Cancel sends nothing at any step, says so, and clears the fields."""
    form = builders.topic(hedy, name="Plans")
    kept = fields(form)["Name"]
    for step in steps:
        press(form, step)

    press(form, "Cancel")

    assert seen(form) == "Cancelled, nothing was sent."
    assert sent(hedy) == []
    assert kept.value == ""


def test_review_at_once(hedy: hj.Hedy) -> None:
    """``review=True`` begins with the review; what the API does not take begins with its draft and says why."""
    assert 'Create topic "Plans"' in buttons(builders.topic(hedy, review=True, name="Plans"))
    wrong = builders.topic(hedy, review=True, name="x" * 101)
    assert "Review" in buttons(wrong)
    assert "the maximum is 100" in seen(wrong)


def test_on_end(hedy: hj.Hedy) -> None:
    """``on_end`` gets the last line of the form and whether something was written."""
    heard: list[tuple[str, bool]] = []
    form = builders.topic(hedy, name="Plans", review=True, on_end=lambda line, wrote: heard.append((line, wrote)))

    press(form, 'Create topic "Plans"')
    press(builders.context(hedy, on_end=lambda line, wrote: heard.append((line, wrote))), "Cancel")

    assert [(line.partition(" (")[0], wrote) for line, wrote in heard] == [
        ('Created topic "Plans"', True),
        ("Cancelled, nothing was sent.", False),
    ]


# -- once --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [None, "500"])
def test_two_clicks(hedy: hj.Hedy, fault: str | None) -> None:
    """Two clicks on one button send one request, also if the first was refused and the second was queued."""
    form = builders.topic(hedy, name="Plans", review=True)
    button = buttons(form)['Create topic "Plans"']
    hedy.service.fault(fault)

    button.click()
    button.click()

    assert sent(hedy) == ["POST /topics"]


def test_click_while_it_sends(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a request runs every button is dead, and a click that comes all the same does nothing."""
    form = builders.topic(hedy, name="Plans", review=True)
    confirm, dead = Write.confirm, []

    def clicked_meanwhile(write: Write, words: str | None = None) -> object:
        dead.extend(button.disabled for button in buttons(form).values())
        for button in list(buttons(form).values()):
            button.click()
        return confirm(write, words)

    monkeypatch.setattr(Write, "confirm", clicked_meanwhile)
    press(form, 'Create topic "Plans"')

    assert dead == [True, True, True]
    assert sent(hedy) == ["POST /topics"]
    assert "Created topic" in seen(form)


def test_callbacks_in_threads(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click and a keystroke in other threads wait: the click does nothing then, the keystroke counts."""
    make = changes.create
    others: list[Thread] = []
    reviewed: list[str] = []

    def made_meanwhile(*given: Any) -> Any:
        reviewed.append(given[-1]["name"])
        if len(reviewed) == 1:
            for other in others:
                other.start()
            others[0].join(0.2)  # both run up to where they have to wait
            others[1].join(0.2)
        return make(*given)

    monkeypatch.setattr(changes, "create", made_meanwhile)
    form = builders.topic(hedy, name="P")
    name, review = fields(form)["Name"], buttons(form)["Review"]
    others += [Thread(target=review.click), Thread(target=lambda: setattr(name, "value", "Plans"))]
    review.click()
    for other in others:
        other.join()

    assert reviewed == ["P", "Plans"]
    assert 'Create topic "Plans"' in buttons(form)


def test_two_clicks_on_review(hedy: hj.Hedy) -> None:
    """A second click on Review, or one on a button of a step before, changes nothing."""
    form = builders.topic(hedy, name="Plans")
    review = buttons(form)["Review"]
    review.click()
    asked = len(hedy.requests)

    review.click()

    assert len(hedy.requests) == asked
    assert 'Create topic "Plans"' in buttons(form)


def test_typed_late(hedy: hj.Hedy) -> None:
    """What a browser sends after the click on Review, because it was typed fast, makes the review again.

    Old buttons are dead.
    """
    form = builders.topic(hedy)
    name = fields(form)["Name"]
    name.value = "P"
    press(form, "Review")
    old = buttons(form)['Create topic "P"']

    name.value = "Plans"

    old.click()
    assert sent(hedy) == []
    press(form, 'Create topic "Plans"')
    assert "Plans" in hedy.topics()["name"].to_list()


@pytest.mark.parametrize(
    ("make", "field", "text", "sentence"),
    [
        (builders.topic, "Name", "Plans", 'Create topic "Plans"'),
        (builders.context, "Title", "House style", 'Create context "House style"'),
        (lambda hedy: builders.topic(hedy, "Hiring", color="#12"), "Color", "teal", 'Update topic "Hiring"'),
        (lambda hedy: builders.webhook(hedy, events="session.ended"), "URL", URL, "Create webhook"),
    ],
)
def test_all_typed_late(hedy: hj.Hedy, make: Any, field: str, text: str, sentence: str) -> None:
    """The review is made if all that was typed comes after the click on it, but not if it was typed after its error."""
    form = make(hedy)
    fields(form)[next(iter(fields(form)))]._view_count = 1
    press(form, "Review")
    assert "Review" in buttons(form)

    fields(form)[field].value = text

    assert sentence in buttons(form)
    assert 'role="alert"' not in markup(form)
    assert sent(hedy) == []


@pytest.mark.parametrize("draws", [True, False])
def test_typed_after_an_error(hedy: hj.Hedy, draws: bool) -> None:
    """Typing after an error was seen removes it, and makes no review; nor where a front end does not tell."""
    form = builders.topic(hedy)
    press(form, "Review")
    assert "Name is empty" in seen(form)
    if draws:
        fields(form)["Name"]._view_count = 1
        buttons(form)["Review"]._view_count = 1

    fields(form)["Name"].value = "P"

    assert "empty" not in seen(form)
    assert "Review" in buttons(form)
    press(form, "Review")
    assert 'Create topic "P"' in buttons(form)


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def test_error_and_second_try(hedy: hj.Hedy) -> None:
    """An error of the server is in the form with its advice, keeps the draft, and can be tried again."""
    form = builders.topic(hedy, name="Plans", review=True)
    hedy.service.fault("500")
    press(form, 'Create topic "Plans"')

    assert "Hedy" in seen(form).rpartition("account.")[2]
    assert 'role="alert"' in markup(form)
    hedy.service.fault(None)
    press(form, "Back")
    assert fields(form)["Name"].value == "Plans"
    press(form, "Review")
    assert "alert" not in markup(form)
    press(form, 'Create topic "Plans"')
    assert "Created topic" in seen(form)
    assert sent(hedy) == ["POST /topics"] * 2


def test_error_while_reviewing(hedy: hj.Hedy) -> None:
    """Where the target cannot be read the draft stays, with the error."""
    form = builders.topic(hedy, "Hiring")
    fill(form, Description="New")
    hedy.service.fault("tier")
    press(form, "Review")

    assert "Hedy Pro" in seen(form)
    assert fields(form)["Description"].value == "New"
    hedy.service.fault(None)
    press(form, "Review")
    assert 'Update topic "Hiring"' in buttons(form)


def test_unexpected_error(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that was not foreseen is shown too, without anything like a key."""
    form = builders.topic(hedy, name="Plans", review=True)

    def broken(write: Write, words: str | None = None) -> object:
        raise ValueError("no good: hedy_live_abcdef <b>")

    monkeypatch.setattr(Write, "confirm", broken)
    press(form, 'Create topic "Plans"')

    assert "ValueError: no good: hedy_live_**** <b>" in seen(form)
    assert "<b>" not in markup(form)
    assert "Back" in buttons(form)


def test_interrupt(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop during sending reports an unknown outcome, and closing the form does not say that nothing was sent."""
    form = builders.topic(hedy, name="Plans", review=True)

    def stopped(write: Write, words: str | None = None) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(Write, "confirm", stopped)
    press(form, 'Create topic "Plans"')
    assert "outcome is unknown" in seen(form)
    press(form, "Cancel")

    assert "nothing was sent" not in seen(form)
    assert "outcome is unknown" in seen(form)


def test_answer_lost(hedy: hj.Hedy) -> None:
    """Where the answer was lost the form tells what a look found."""
    form = builders.topic(hedy, name="Plans", review=True)
    hedy.service.fault("drop")

    press(form, 'Create topic "Plans"')

    assert "Created topic (topic_" in seen(form)
    assert "a check showed that the change was made" in seen(form)


def test_outcome_unknown(hedy: hj.Hedy) -> None:
    """Where nothing is known the form says so at its end too."""
    form = builders.topic(hedy, name="Plans", review=True)
    hedy.service.fault("timeout")
    press(form, 'Create topic "Plans"')
    hedy.service.fault(None)

    press(form, "Cancel")

    assert "outcome is unknown" in seen(form)


def test_target_changed(hedy: hj.Hedy) -> None:
    """A target that changed since the review leads back to the review, with its new state, and nothing was sent."""
    form = builders.topic(hedy, "Hiring")
    fill(form, Description="Mine")
    press(form, "Review")
    hedy.update_topic("Hiring", description="Somebody else's").confirm()
    before = len(sent(hedy))

    press(form, 'Update topic "Hiring"')

    assert len(sent(hedy)) == before
    assert "no longer as it was shown" in seen(form)
    assert "- Somebody else's + Mine" in seen(form)
    press(form, 'Update topic "Hiring"')
    assert hedy.topic("Hiring").description == "Mine"


def test_waits_are_shown(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait is in the form while it lasts, and not after it."""
    form = builders.topic(hedy, name="Plans", review=True)
    confirm, shown = Write.confirm, []

    async def wait(reader: Reader) -> None:
        reader.tell("Rate limit reached; continuing in 12 s.", "own_limit")

    def waited(write: Write, words: str | None = None) -> object:
        hedy.connection.ask(wait)
        shown.append(seen(form))
        return confirm(write, words)

    monkeypatch.setattr(Write, "confirm", waited)
    press(form, 'Create topic "Plans"')

    assert "Rate limit reached; continuing in 12 s." in shown[0]
    assert "Waiting" not in seen(form)


# -- deletion ----------------------------------------------------------------------------------------------------------


def test_delete_topic(hedy: hj.Hedy) -> None:
    """A deletion is asked twice; the second time its button lives only while the exact name is there."""
    form = builders.topic(hedy, "Hiring", delete=True)
    assert list(buttons(form)) == ['Delete topic "Hiring"', "Cancel"]
    assert "Unlinks its" in seen(form)

    press(form, 'Delete topic "Hiring"')

    assert "Are you sure?" in seen(form)
    assert list(buttons(form)) == ["Yes, delete", "Cancel"]
    assert list(fields(form)) == ["Type the name to delete"]
    for wrong in ("", "hiring", "Hiring ", "Hirin"):
        fields(form)["Type the name to delete"].value = wrong
        assert buttons(form)["Yes, delete"].disabled
        press(form, "Yes, delete")
    assert sent(hedy) == []
    fields(form)["Type the name to delete"].value = "Hiring"
    assert not buttons(form)["Yes, delete"].disabled
    press(form, "Yes, delete")
    assert seen(form).startswith("Deleted topic (topic_")
    assert "Hiring" not in hedy.topics()["name"].to_list()


@pytest.mark.parametrize(
    ("kind", "label"), [("context", "Type the name to delete"), ("webhook", "Type the URL to delete")]
)
def test_delete_others(hedy: hj.Hedy, kind: str, label: str) -> None:
    """A context is deleted by its title, a webhook by its URL."""
    frame = getattr(hedy, f"{kind}s")()
    words = frame["title" if kind == "context" else "url"].iloc[0]
    form = getattr(forms, kind)(hedy, frame[f"{kind}_id"].iloc[0], delete=True)
    press(form, f'Delete {kind} "{words}"')
    fields(form)[label].value = words

    press(form, "Yes, delete")

    assert seen(form).startswith(f"Deleted {kind}")
    assert len(getattr(hedy, f"{kind}s")()) == len(frame) - 1


def test_delete_cancelled(hedy: hj.Hedy) -> None:
    """Both steps of a deletion can be cancelled."""
    first, second = (builders.topic(hedy, "Hiring", delete=True) for _ in range(2))
    press(second, 'Delete topic "Hiring"')

    for form in (first, second):
        press(form, "Cancel")
        assert seen(form) == "Cancelled, nothing was sent."

    assert sent(hedy) == []


def test_delete_error_and_second_try(hedy: hj.Hedy) -> None:
    """A refused deletion keeps what was typed and can be tried again."""
    form = builders.topic(hedy, "Hiring", delete=True)
    press(form, 'Delete topic "Hiring"')
    fill(form, Type_the_name_to_delete="Hiring")
    hedy.service.fault("deletion_in_progress", 1)

    press(form, "Yes, delete")

    assert "already running" in seen(form)
    assert fields(form)["Type the name to delete"].value == "Hiring"
    press(form, "Yes, delete")
    assert "Deleted topic" in seen(form)


def test_delete_changed(hedy: hj.Hedy) -> None:
    """A target that was renamed meanwhile leads back to the first step, and needs its new name."""
    form = builders.topic(hedy, "Hiring", delete=True)
    press(form, 'Delete topic "Hiring"')
    fill(form, Type_the_name_to_delete="Hiring")
    hedy.update_topic("Hiring", name="Hired").confirm()

    press(form, "Yes, delete")

    assert list(buttons(form)) == ['Delete topic "Hired"', "Cancel"]
    assert "Nothing was sent" in seen(form)
    press(form, 'Delete topic "Hired"')
    assert fields(form)["Type the name to delete"].value == ""
    assert buttons(form)["Yes, delete"].disabled


# -- webhooks ----------------------------------------------------------------------------------------------------------


def test_webhook_boxes(hedy: hj.Hedy) -> None:
    """The host is alone on a line; only three ticked boxes and the typed host together enable the button."""
    form = webhook_review(hedy)

    assert f'mathjax_ignore tex2jax_ignore" style="font-size:1.3em;font-weight:600">{HOST}</code>' in markup(form)
    assert "todo.exported: each exported todo: its text and due date" in seen(form)
    assert list(buttons(form)) == ["Create webhook", "Back", "Cancel"]
    assert list(fields(form)) == [*WEBHOOK_BOXES, "Type the host"]
    assert [fields(form)[label].value for label in WEBHOOK_BOXES] == [False] * 3
    needed: list[tuple[str, object]] = [*((label, True) for label in WEBHOOK_BOXES), ("Type the host", HOST)]
    for label, value in needed:
        assert buttons(form)["Create webhook"].disabled
        press(form, "Create webhook")
        fields(form)[label].value = value
    for label, value in needed:
        fields(form)[label].value = type(value)()
        assert buttons(form)["Create webhook"].disabled
        press(form, "Create webhook")
        fields(form)[label].value = value
    assert sent(hedy) == []
    assert not buttons(form)["Create webhook"].disabled
    press(form, "Create webhook")
    assert sent(hedy) == ["POST /webhooks"]
    assert URL in hedy.webhooks()["url"].to_list()


def test_webhook_button_enabled_by_the_front_end(hedy: hj.Hedy) -> None:
    """A button that the front end enabled sends nothing while a box is unticked, even with the right host."""
    form = webhook_review(hedy)
    fill(form, Type_the_host=HOST)
    buttons(form)["Create webhook"].disabled = False

    press(form, "Create webhook")

    assert sent(hedy) == []
    assert "Create webhook" in buttons(form)


def test_webhook_ticks_are_not_kept(hedy: hj.Hedy) -> None:
    """After Back the boxes are asked for again: they were given for another review."""
    form = webhook_review(hedy)
    for label in WEBHOOK_BOXES:
        fields(form)[label].value = True
    press(form, "Back")
    press(form, "Review")

    assert [fields(form)[label].value for label in WEBHOOK_BOXES] == [False] * 3
    assert buttons(form)["Create webhook"].disabled


def test_webhook_warnings(hedy: hj.Hedy) -> None:
    """What is unusual about a destination is in the review."""
    form = builders.webhook(hedy, url="https://bücher.example.com:8443/?token=x", events="session.ended", review=True)

    for part in (
        "xn--bcher-kva.example.com",
        "The port is 8443",
        "may hold a token",
        "No other webhook",
        "Meeting data will leave Hedy",
    ):
        assert part in seen(form)


def test_signing_secret() -> None:
    """A signing secret is shown once, in a field that its button clears, and never in the line that stays."""

    def answer(request: httpx.Request) -> httpx.Response:
        data: Any = (
            []
            if request.method == "GET"
            else {"id": "wh_1", "url": URL, "events": ["session.ended"], "signingSecret": "whsec_9"}
        )
        return httpx.Response(200, json={"success": True, "data": data})

    with hj.connect("hedy_live_x", base_url="https://api.example.com", transport=httpx.MockTransport(answer)) as hedy:
        form = builders.webhook(hedy, url=URL, events=["session.ended"], review=True)
        for label, field in fields(form).items():
            field.value = HOST if label == "Type the host" else True
        press(form, "Create webhook")
        secret = fields(form)["Signing secret"]
        assert secret.value == "whsec_9"
        assert list(buttons(form)) == ["I have copied it"]
        assert "whsec_9" not in markup(form) + json.dumps(form._repr_mimebundle_())

        press(form, "I have copied it")

    assert secret.value == ""
    assert "Created webhook" in seen(form)
    assert "whsec_9" not in seen(form)


# -- other people's words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "values", "sentence"),
    [
        (builders.topic, {"name": EVIL, "description": EVIL, "icon_name": EVIL, "topic_context": EVIL}, "topic"),
        (builders.context, {"title": EVIL, "content": EVIL}, "context"),
    ],
)
def test_hostile_text(hedy: hj.Hedy, make: Any, values: dict[str, str], sentence: str) -> None:
    """Markup in a field or from the API is text, in the review, on the button and in the result."""
    form = make(hedy, **values, review=True)
    button = f'Create {sentence} "{EVIL}"'

    assert "<img" not in markup(form)
    assert "<b>" not in markup(form)
    assert button in buttons(form)
    press(form, button)
    assert "<img" not in markup(form)
    assert EVIL in form._repr_mimebundle_()["text/plain"]
    assert EVIL not in seen(form)
    for again in (make(hedy, EVIL), make(hedy, EVIL, delete=True)):
        if "Review" in buttons(again):
            press(again, "Review")
        assert "<img" not in markup(again)
        assert buttons(again)
    assert not any(getattr(one, "description_allow_html", False) for one in controls.descendants(again))


def test_hostile_draft_errors(hedy: hj.Hedy) -> None:
    """Markup in what is wrong beside a field is text too."""
    form = builders.topic(hedy, color="<img src=x>")
    hook = builders.webhook(hedy, url="https://<img src=x>.com/", events=["session.ended"], review=True)

    assert "<img" not in markup(form) + markup(hook)


def test_characters_that_no_field_can_hold() -> None:
    """Control characters and lone surrogates from the API do not break an edit, and are kept if not edited."""
    topic = {"id": "topic_1", "name": "Half \ud800", "topicContext": "line\x07 one\r\nline\ud800 two"}

    def answer(request: httpx.Request) -> httpx.Response:
        data = topic if request.url.path.endswith("topic_1") else [topic]
        return httpx.Response(200, content=json.dumps({"success": True, "data": data}))

    with hj.connect("hedy_live_x", base_url="https://api.example.com", transport=httpx.MockTransport(answer)) as hedy:
        form = builders.topic(hedy, "topic_1")
        for field in fields(form).values():
            json.dumps(field.value, ensure_ascii=False).encode("utf-8")
        fill(form, Description="New")
        press(form, "Review")

    assert '{ "description": "New" }' in seen(form)


def test_deleting_what_cannot_be_typed(hedy: hj.Hedy) -> None:
    """A name that no keyboard can type is confirmed by what is seen of it."""
    hedy.create_topic("Bell\x07 and\nline").confirm()
    ident = hedy.topics()["topic_id"].iloc[0]
    form = builders.topic(hedy, ident, delete=True)
    press(form, next(text for text in buttons(form) if text.startswith("Delete topic")))
    assert "Type: Bell and line" in seen(form)

    fill(form, Type_the_name_to_delete="Bell and line")
    press(form, "Yes, delete")

    assert "Deleted topic" in seen(form)


# -- what stays in the notebook ----------------------------------------------------------------------------------------


def test_neutral_text(hedy: hj.Hedy, shell: InteractiveShell) -> None:
    """A shown form leaves no field text in the output; its result takes its place there, as plain text."""
    form = builders.topic(hedy, name="Plans", description="Private")
    with capture_output() as shown:
        display(form)
        press(form, "Review")
        press(form, 'Create topic "Plans"')
        display(form)
    first, result, again = shown.outputs

    assert repr(form) == "<hedy form>"
    assert first.data["text/plain"] == "<hedy form>"
    assert set(first.data) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert result.update
    ident = seen(form).partition("(")[2].rstrip(").")
    line = f"{seen(form)} Next: %hedy topic {ident}".replace("topic (", 'topic "Plans" (')
    assert result.data == again.data == {"text/plain": line}
    assert "Private" not in repr(form) + json.dumps([out.data for out in shown.outputs])
    assert shown.stdout == ""


def test_cleared(hedy: hj.Hedy) -> None:
    """After the end no widget holds what was typed, shown or written on a button; all but the line are closed."""
    form = builders.topic(hedy, name="Plans", description="Private")
    met: dict[str, Any] = {}

    def meet() -> None:
        met.update({one.model_id: one for one in controls.descendants(form) if one is not form})

    meet()
    press(form, "Review")
    meet()
    press(form, 'Create topic "Plans"')

    left = "".join(f"{getattr(one, 'value', '')}{getattr(one, 'description', '')}" for one in met.values())
    assert left.replace("False", "") == ""
    assert [one for one in met.values() if one.comm is not None] == []
    assert [type(one).__name__ for one in controls.descendants(form)] == ["Form", "HTML"]


def test_nobody_there(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a session that is not interactive no form is filled in, requested or opened."""
    monkeypatch.setattr(controls, "get_ipython", lambda: SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=False)))

    made = [
        builders.topic(hedy, name="Private"),
        builders.topic(hedy, "Hiring", delete=True),
        builders.webhook(hedy, url=URL),
        forms.manager(hedy),
    ]

    assert [list(controls.descendants(one))[1:] for one in made if buttons(one) or fields(one)] == []
    assert {str(one._repr_mimebundle_()["text/plain"]).partition(" opens")[0] for one in made} == {
        "The Hedy form",
        "The Hedy manager",
    }
    assert len(hedy.requests) == 0


@pytest.mark.outside
def test_executed_notebook_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that nbclient ran, widget state and all, holds no field text."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    word = "Pri" + "vate"
    cell = 'import hedy_jupyter as hj\nhedy = hj.demo()\nhj.forms.topic(hedy, name="Pri" + "vate")'
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell), nbformat.v4.new_code_cell('hj.forms.topic(hedy, "Hiring")')]
    )

    NotebookClient(notebook, timeout=60).execute()

    saved = nbformat.writes(notebook)
    assert "The Hedy form opens here" in saved
    assert word not in saved
    assert "Candidates, panels and offers" not in saved


# -- the keyboard ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_late", [False, True])
def test_next_step_does_what_the_buttons_do(hedy: hj.Hedy, is_late: bool) -> None:
    """Each step can be chosen by its name and Enter, in any case; the browser may send Enter before the text."""
    form = builders.topic(hedy, name="Plans")
    enter(steps(form), "Review", is_late=is_late)
    assert steps(form).options == ('Create topic "Plans"', "Back", "Cancel")
    enter(steps(form), "back", is_late=is_late)
    enter(steps(form), "Review", is_late=is_late)

    enter(steps(form), 'Create topic "Plans"', is_late=is_late)

    assert sent(hedy) == ["POST /topics"]
    assert seen(form).startswith("Created topic (")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'Nothing is chosen. Possible: Create topic "Plans", Back, Cancel.'),
        ('Create topic "Plan"', 'Unknown step \'Create topic "Plan"\'. Did you mean Create topic "Plans"?'),
        ("<b>", "Unknown step '<b>'. Possible:"),
    ],
)
def test_no_such_step(hedy: hj.Hedy, text: str, said: str) -> None:
    """A text that is no step does nothing, and says what is possible."""
    form = builders.topic(hedy, name="Plans", review=True)

    enter(steps(form), text)

    assert said in seen(form)
    assert "<b>" not in markup(form)
    assert sent(hedy) == []
    assert 'Create topic "Plans"' in buttons(form)


def test_a_step_needs_enter(hedy: hj.Hedy) -> None:
    """The text of a step alone does nothing, as when the field is left."""
    form = builders.topic(hedy, name="Plans", review=True)

    enter(steps(form), "Create", is_late=True)
    steps(form).value = 'Create topic "Plans"'

    assert sent(hedy) == []
    assert 'Create topic "Plans"' in buttons(form)


@pytest.mark.parametrize(
    ("typed", "said", "writes"),
    [("Cancel", "Cancelled, nothing was sent.", []), (None, "Created topic (topic_", ["POST /topics"])],
)
def test_a_name_that_is_typed_over_is_not_done(hedy: hj.Hedy, typed: str | None, said: str, writes: list[str]) -> None:
    """In a kernel a step that was typed and left, or picked, is done by Enter where no other text follows the key."""
    form = builders.topic(hedy, name="Plans", review=True)
    step = steps(form)
    step.value = 'Create topic "Plans"'
    later: list[Any] = []

    async def press_enter() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later = lambda _, act, *args: later.append((act, args))  # type: ignore[assignment]
        enter(step, typed, is_late=True)
        enter(step, typed, is_late=True)  # a second press, or one that bounces, does nothing more

    asyncio.run(press_enter())
    assert sent(hedy) == []
    for act, args in later:
        act(*args)

    assert later
    assert sent(hedy) == writes
    assert said in seen(form)


@pytest.mark.parametrize("text", ["Create", 'Create topic "Plan', "Yes"])
def test_a_step_needs_its_whole_name(hedy: hj.Hedy, text: str) -> None:
    """The beginning of a step, which alone has it, does nothing."""
    form = builders.topic(hedy, name="Plans", review=True)

    enter(steps(form), text, is_late=True)

    assert sent(hedy) == []
    assert f"Unknown step '{text}'." in seen(form)


def test_a_key_that_is_typed_as_a_step_is_not_repeated(hedy: hj.Hedy) -> None:
    """An API key that was pasted into the wrong field is not in the message."""
    form = builders.topic(hedy, name="Plans", review=True)

    enter(steps(form), "hedy_live_" + "a1B2" * 8)

    assert "Unknown step" in seen(form)
    assert "a1B2" not in seen(form)


def test_a_step_that_is_not_ready(hedy: hj.Hedy) -> None:
    """A dead button can't be chosen; what was typed before Enter and arrives after it counts."""
    form = builders.topic(hedy, "Hiring", delete=True)
    enter(steps(form), 'Delete topic "Hiring"')
    enter(steps(form), "Yes, delete")
    assert "Not yet: first fill in" in seen(form)
    assert sent(hedy) == []

    fill(form, Type_the_name_to_delete="Hiring")

    assert "Deleted topic" in seen(form)


def test_boxes_are_ticked_by_name(hedy: hj.Hedy) -> None:
    """The boxes of a webhook and the default of a context can be ticked and unticked by the next step."""
    form = builders.webhook(hedy, url=URL)
    enter(steps(form), "Tick todo.exported")
    enter(steps(form), "Tick session.ended")
    assert "Ticked: session.ended" in seen(form)
    enter(steps(form), "Untick session.ended")
    enter(steps(form), "Review")
    fill(form, Type_the_host=HOST)
    for label in list(fields(form))[:3]:
        enter(steps(form), f"Tick {label}")
    enter(steps(form), "Create webhook")

    assert sent(hedy) == ["POST /webhooks"]
    assert hedy.webhooks().set_index("url").at[URL, "events"] == ["todo.exported"]


@pytest.mark.parametrize(
    ("make", "presses", "label"),
    [
        (lambda hedy: builders.topic(hedy, name="Plans"), ["Review"], "Next step"),
        (lambda hedy: builders.topic(hedy, name="Plans"), ["Review", "Back"], "Name"),
        (lambda hedy: builders.topic(hedy, name="Plans", color="#12"), ["Review"], "Color"),
        (
            lambda hedy: builders.topic(hedy, "Hiring", delete=True),
            ['Delete topic "Hiring"'],
            "Type the name to delete",
        ),
        (lambda hedy: builders.webhook(hedy), ["Review"], "URL"),
        (lambda hedy: builders.webhook(hedy, url=URL), ["Review"], "Next step"),
        (lambda hedy: builders.webhook(hedy, url=URL, events="session.ended"), ["Review"], "Type the host"),
    ],
)
def test_focus(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch, make: Any, presses: list[str], label: str) -> None:
    """After a step the focus is on its first text field, or the one to correct, again once the browser has drawn it."""
    focused: list[str] = []
    monkeypatch.setattr(widget.Widget, "send", lambda one, *_: focused.append(one.description))
    form = make(hedy)
    assert focused == []

    for text in presses:
        press(form, text)

    assert focused[-1] == label
    field = steps(form, label)
    field._view_count += 1
    assert focused[-2:] == [label, label]
    field._view_count += 1
    assert len(focused) == len(presses) + 1


# -- colours and icons -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "color"),
    [
        ("teal", "#008080"),
        (" Crimson ", "#dc143c"),
        ("rebeccapurple", "#663399"),
        ("#1aF", "#11aaff"),
        ("#1A7F37", "#1A7F37"),
    ],
)
def test_colors(hedy: hj.Hedy, typed: str, color: str) -> None:
    """A colour is sent as ``#RRGGBB``, however it is written; the picker shows it too."""
    form = builders.topic(hedy, name="Plans")
    picker = next(one for one in controls.descendants(form) if isinstance(one, controls.ColorPicker))
    fill(form, Color=typed)
    assert color in seen(form)
    assert picker.value == color.lower()
    assert fields(form)["Color"].value == typed
    press(form, "Review")
    press(form, 'Create topic "Plans"')

    assert hedy.topic("Plans").color == color


def test_picked_color(hedy: hj.Hedy) -> None:
    """What is picked is in the text field; a colour that is given as a name is one from the start."""
    form = builders.topic(hedy, name="Plans", color="navy")
    picker = next(one for one in controls.descendants(form) if isinstance(one, controls.ColorPicker))
    assert picker.value == "#000080"

    picker.value = "#1a7f37"

    assert fields(form)["Color"].value == "#1a7f37"
    press(form, "Review")
    assert '"color": "#1a7f37"' in seen(form)


def test_icons(hedy: hj.Hedy) -> None:
    """Known icons have a preview, others may be typed all the same; a problem is drawn at its field."""
    form = builders.topic(hedy, name="Plans", icon_name="star")
    assert "⭐" in seen(form)
    assert "rocket_launch" in fields(form)["Icon"].options

    fill(form, Icon="diversity_2", Color="#12")

    assert "No preview" in seen(form)
    assert "hedy-invalid" in fields(form)["Color"]._dom_classes
    assert "hedy-invalid" not in fields(form)["Icon"]._dom_classes
    fill(form, Color="#123")
    assert "hedy-invalid" not in fields(form)["Color"]._dom_classes


def test_blanks_of_a_long_text_are_visible(hedy: hj.Hedy) -> None:
    """The review of a long text shows the lines that differ, those around them, and their blanks."""
    hedy.create_topic("Long", topic_context="\n".join(f"line {number}" for number in range(40))).confirm()
    form = builders.topic(hedy, "Long")
    text = fields(form)["Instructions"].value
    fill(form, Instructions=text.replace("line 20", "line 20  \n\tnew"))
    press(form, "Review")

    assert "… line 17 line 18 line 19 - line 20 + line 20·· + ⇥ new line 21 line 22 line 23 …" in seen(form)
    assert 'class="hedy-added"' in markup(form)
