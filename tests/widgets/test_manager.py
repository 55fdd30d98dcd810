"""The manager in this process: three lists, the actions on the chosen row, and what the notebook saves."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

import hedy_jupyter as hj
from hedy_jupyter import forms
from hedy_jupyter.widgets import controls
from tests.forming import buttons, enter, fields, fill, markup, press, seen, sent, steps


def tab(manager: Any, index: int) -> None:
    """Look at another tab."""
    manager.children[0].selected_index = index


def labels(manager: Any) -> list[str]:
    """The rows of the list that is shown."""
    return list(chooser(manager).options)


def chooser(manager: Any) -> Any:
    """The field in which a row is chosen."""
    return next(field for label, field in fields(manager).items() if label in ("Topics", "Contexts", "Webhooks"))


def choose(manager: Any, label: str) -> None:
    """Select the row with that label."""
    assert label in labels(manager)
    chooser(manager).value = label


@pytest.mark.parametrize(
    ("index", "kind", "acts"),
    [
        (0, "topics", ["New", "Edit", "Delete", "Refresh"]),
        (1, "contexts", ["New", "Edit", "Delete", "Refresh"]),
        (2, "webhooks", ["New", "Delete", "Refresh"]),
    ],
)
def test_tabs(hedy: hj.Hedy, index: int, kind: str, acts: list[str]) -> None:
    """Each tab has its list, a filter and its buttons; only the one that is looked at is filled and asked for, once."""
    manager = forms.manager(hedy)

    for position in (index, 0, index):
        tab(manager, position)

    assert manager.children[0].titles == ("Topics", "Contexts", "Webhooks")
    assert list(buttons(manager)) == acts
    assert list(fields(manager)) == ["Filter", kind.capitalize()]
    assert len(labels(manager)) == len(getattr(hedy, kind)())
    assert sorted(set(hedy.requests["path"])) == sorted({"/topics", f"/{kind}"})
    assert hedy.requests["path"].is_unique


def test_filter(hedy: hj.Hedy) -> None:
    """The filter narrows the list by words in any case, and keeps what is chosen while it is there."""
    manager = forms.manager(hedy)
    choose(manager, "Hiring")

    fill(manager, Filter="HIR")

    assert labels(manager) == ["Hiring"]
    assert "1 topic (9 in all)" in seen(manager)
    assert fields(manager)["Topics"].value == "Hiring"
    fill(manager, Filter="nowhere")
    assert labels(manager) == []
    assert fields(manager)["Topics"].value == ""
    fill(manager, Filter="")
    assert len(labels(manager)) == 9


@pytest.mark.parametrize("act", ["Edit", "Delete"])
def test_nothing_selected(hedy: hj.Hedy, act: str) -> None:
    """Edit and Delete need a selection, and say so."""
    manager = forms.manager(hedy)

    press(manager, act)

    assert "No topic is selected. Select one in the list." in seen(manager)


def test_create(hedy: hj.Hedy) -> None:
    """New opens a form beneath.

    After the write the list has it, the line stands there, and Cancel would have changed nothing.
    """
    manager = forms.manager(hedy)
    press(manager, "New")
    fill(manager, Name="Plans")
    press(manager, "Review")
    press(manager, 'Create topic "Plans"')

    assert "Plans" in labels(manager)
    assert "Created topic (topic_" in seen(manager)
    assert sent(hedy) == ["POST /topics"]


def test_edit_and_delete(hedy: hj.Hedy) -> None:
    """Edit and Delete open the form of what is chosen, by its id."""
    manager = forms.manager(hedy)
    choose(manager, "Hiring")
    press(manager, "Edit")
    fill(manager, Name="Hired")
    press(manager, "Review")
    press(manager, 'Update topic "Hiring"')
    assert "Hired" in labels(manager)

    choose(manager, "Hired")
    press(manager, "Delete")
    press(manager, 'Delete topic "Hired"')
    fill(manager, Type_the_name_to_delete="Hired")
    press(manager, "Yes, delete")

    assert "Hired" not in labels(manager)
    assert [line.split()[0] for line in sent(hedy)] == ["PATCH", "DELETE"]


def test_another_form(hedy: hj.Hedy) -> None:
    """Another form takes the place of the one that is open, whose fields are cleared, hidden ones too."""
    manager = forms.manager(hedy)
    press(manager, "New")
    name = fields(manager)["Name"]
    fill(manager, Name="Private")
    press(manager, "Review")

    press(manager, "New")

    assert name.value == ""
    assert fields(manager)["Name"].value == ""
    assert sent(hedy) == []


def test_errors(hedy: hj.Hedy) -> None:
    """An error while reading is in the tab; Refresh tries again."""
    hedy.service.fault("tier")
    manager = forms.manager(hedy)
    assert "Hedy Pro" in seen(manager)
    assert labels(manager) == []

    hedy.service.fault(None)
    press(manager, "Refresh")

    assert len(labels(manager)) == 9
    assert "Hedy Pro" not in seen(manager)
    assert not buttons(manager)["New"].disabled


def test_two_hundred_topics_of_one_name() -> None:
    """Two hundred topics are listed, those of one name distinguished by their ids, hostile names as text."""
    evil = "<img src=x onerror=alert(1)>"
    rows = [{"id": f"topic_{number}", "name": evil} for number in range(199)] + [{"id": "topic_x"}]
    answer = httpx.Response(200, json={"success": True, "data": rows})
    with hj.connect(
        "hedy_live_x", base_url="https://api.example.com", transport=httpx.MockTransport(lambda _: answer)
    ) as hedy:
        manager = forms.manager(hedy)

    assert len(set(labels(manager))) == 200
    assert labels(manager)[0] == f"{evil} (topic_0)"
    assert labels(manager)[-1] == "Untitled topic"
    assert "<img" not in markup(manager)


def test_default_context(hedy: hj.Hedy) -> None:
    """The default context is marked, and may be deleted by its title."""
    manager = forms.manager(hedy)
    tab(manager, 1)
    frame = hedy.contexts()
    default = frame[frame["is_default"]]["title"].iloc[0]

    choose(manager, f"{default} (default)")
    press(manager, "Delete")

    assert f'Delete context "{default}"' in buttons(manager)


def test_output(hedy: hj.Hedy) -> None:
    """What was written is under the manager as ordinary output; the manager's own text is neutral."""
    InteractiveShell.instance()
    try:
        with capture_output() as shown:
            manager = forms.manager(hedy)
            display(manager)
            for name in ("One", "Two"):
                press(manager, "New")
                fill(manager, Name=name)
                press(manager, "Review")
                press(manager, f'Create topic "{name}"')
            press(manager, "New")
            press(manager, "Cancel")
    finally:
        InteractiveShell.clear_instance()
    texts = [out.data["text/plain"] for out in shown.outputs]

    assert texts[:2] == ["<hedy manager>", "No changes yet."]
    assert [line.partition(" (")[0] for line in texts[-1].split("\n")] == ['Created topic "One"', 'Created topic "Two"']
    assert len(texts) == 4
    assert repr(manager) == "<hedy manager>"
    assert [one for one in controls.descendants(manager) if "hedy_live" in str(getattr(one, "value", ""))] == []


def test_what_was_made_is_selected(hedy: hj.Hedy) -> None:
    """After a form the row that it made or changed is selected, also if the filter hid it."""
    manager = forms.manager(hedy)
    fill(manager, Filter="hir")
    press(manager, "New")
    fill(manager, Name="Plans")
    press(manager, "Review")
    press(manager, 'Create topic "Plans"')
    assert chooser(manager).value == "Plans"

    press(manager, "Edit")
    fill(manager, Name="Other plans")
    press(manager, "Review")
    press(manager, 'Update topic "Plans"')

    assert chooser(manager).value == "Other plans"
    assert "Other plans" in seen(manager)


def test_actions_by_name(hedy: hj.Hedy) -> None:
    """The field of the action does what the buttons do, and shows the other tabs."""
    manager = forms.manager(hedy)
    assert steps(manager, "Action").options == ("New", "Edit", "Delete", "Refresh", "Show Contexts", "Show Webhooks")
    enter(steps(manager, "Action"), "show contexts")
    assert "Contexts" in fields(manager)

    enter(steps(manager, "Action"), "New")

    assert "Content" in fields(manager)
    enter(steps(manager, "Action"), "Show Topics")
    assert "Topics" in fields(manager)


def test_a_row_that_is_not_there(hedy: hj.Hedy) -> None:
    """A name that is typed and not in the list is an error that suggests one; a part of a name is no choice."""
    manager = forms.manager(hedy)
    chooser(manager).value = "Hirin"

    press(manager, "Delete")

    assert "Unknown topic 'Hirin'. Did you mean Hiring?" in seen(manager)
    assert "Next step" not in [getattr(one, "description", "") for one in controls.descendants(manager)]


def test_table(hedy: hj.Hedy) -> None:
    """The list shows colours, numbers of meetings and last dates of what the filter leaves; Tab does not stop there."""
    manager = forms.manager(hedy)
    for part in ("Name", "Meetings", "Last meeting", "Hiring", "18", "Roof garden"):
        assert part in seen(manager)
    assert "background:#" in markup(manager)
    assert "tabindex" not in markup(manager)

    fill(manager, Filter="hiring")

    assert "Roof garden" not in seen(manager)
