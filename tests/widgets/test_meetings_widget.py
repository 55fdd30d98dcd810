"""The browser of meetings in this process: filters, pages, tabs, the transcript's hits, errors, hostile text."""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output

import hedy_jupyter as hj
from hedy_jupyter import forms
from hedy_jupyter.widgets import controls
from tests.forming import buttons, labelled, markup, press, seen, type_in
from tests.histories import History, Synced

EVIL = "<img src=x onerror=\"alert('run')\"><script>run()</script> ![](https://evil.example/x.png) $x^2$ \x1b[31m\u202e"
ACTIONS = {"Newer", "Older", "Refresh", "Load all", "Try again", "Next hit", "Earlier lines", "Later lines"}
TABS = ["Recap", "Minutes", "Transcript", "Todos", "Highlights"]


@pytest.fixture(name="history")
def fixture_history() -> History:
    """Thirty meetings, every second one of the topic Alpha."""
    return History(30)


@functools.cache
def synced() -> Synced:
    """The same thirty meetings, and an archive of them."""
    return Synced(History(30))


@pytest.fixture(name="hedy")
def fixture_hedy(history: History) -> Iterator[hj.Hedy]:
    """Their account, with an archive."""
    history.details = synced().copied().details
    with history.account_of() as hedy:
        yield hedy


def fill(browser: Any, **values: object) -> None:
    """Put values into fields without pressing Enter."""
    for label, value in values.items():
        labelled(browser)[label].value = value


def rows(browser: Any) -> list[str]:
    """The titles of the meetings that are listed."""
    return [name for name in buttons(browser) if name not in {*ACTIONS, *TABS}]


def text_markup(browser: Any) -> str:
    """The HTML of the text that is shown of the chosen meeting: the last one in the widget."""
    return [one.value for one in controls.descendants(browser) if type(one).__name__ == "HTML"][-1]


def chosen(browser: Any) -> str:
    """What is shown of the chosen meeting."""
    plain = re.sub(r"<style>.*?</style>|<[^>]+>", " ", text_markup(browser), flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


def test_the_list(hedy: hj.Hedy) -> None:
    """The newest come first, a page at a time, with what they are; nothing is read of any of them."""
    browser = forms.browser(hedy)

    assert rows(browser) == [f"Meeting {number}" for number in range(8)]
    assert seen(browser).startswith("30 meetings · archive, synced ")
    assert seen(browser).endswith(" of 4")
    assert "30 min · Alpha" in seen(browser)
    assert list(labelled(browser)) == ["Filter", "Search", "Topic", "Order", "Action", "Page", "Meeting"]
    assert not set(TABS) & set(buttons(browser))


def test_pages(hedy: hj.Hedy) -> None:
    """Buttons and the number turn the pages; a filter begins with the first one."""
    browser = forms.browser(hedy)

    press(browser, "Older")
    assert rows(browser)[0] == "Meeting 8"
    assert labelled(browser)["Page"].value == 2
    fill(browser, Page=4)
    assert rows(browser) == [f"Meeting {number}" for number in range(24, 30)]
    assert buttons(browser)["Older"].disabled
    press(browser, "Newer")
    assert rows(browser)[0] == "Meeting 16"
    fill(browser, Filter="meeting 2")
    assert rows(browser) == [f"Meeting {number}" for number in (2, 12, *range(20, 26))]
    assert labelled(browser)["Page"].value == 1
    assert "12 meetings match (30 in all) · archive, synced" in seen(browser)
    fill(browser, Filter="nowhere")
    assert rows(browser) == []
    assert "No meeting matches: clear Filter, Search or Topic" in seen(browser)


def test_topic_and_order(hedy: hj.Hedy) -> None:
    """A topic and an order are typed, as far as needed, or picked; the hint tells what is chosen."""
    browser = forms.browser(hedy)

    type_in(browser, "Topic", "alp")
    assert rows(browser)[:2] == ["Meeting 1", "Meeting 3"]
    assert (labelled(browser)["Topic"].value, labelled(browser)["Topic"].placeholder) == ("", "Alpha")
    fill(browser, Topic="(no topic)")  # picked: no key is pressed
    assert rows(browser)[:2] == ["Meeting 0", "Meeting 2"]
    type_in(browser, "Topic", "all")
    type_in(browser, "Order", "by topic")
    assert rows(browser)[:2] == ["Meeting 1", "Meeting 3"]
    type_in(browser, "Topic", "Gamma")
    assert "Unknown topic 'Gamma'. Possible: (all topics), Alpha, (no topic)." in seen(browser)
    assert rows(browser)[:2] == ["Meeting 1", "Meeting 3"]


def test_a_text_that_is_left_does_nothing(hedy: hj.Hedy) -> None:
    """What was typed into a field and left without Enter neither searches nor chooses."""
    browser = forms.browser(hedy)

    fill(browser, Search="number3", Meeting="last", Topic="Alp")

    assert rows(browser) == [f"Meeting {number}" for number in range(8)]
    assert "Session" not in seen(browser)
    type_in(browser, "Search")
    assert rows(browser) == ["Meeting 3"]


def test_a_text_that_was_left_is_not_taken_for_the_next_one(hedy: hj.Hedy) -> None:
    """A field that chooses is empty after it was left, so that Enter, which arrives first, chooses what is new."""
    browser = forms.browser(hedy)

    fill(browser, Meeting="Meeting 12")
    assert labelled(browser)["Meeting"].value == ""
    type_in(browser, "Meeting")
    assert "Session" not in seen(browser)
    type_in(browser, "Meeting", "Meeting 13")

    assert "Session Meeting 13 When" in seen(browser)
    assert "Unknown" not in seen(browser)


def test_one_key_acts_once() -> None:
    """The whole name of an action, with Enter, is one request, also where the action is gone afterwards."""
    history = History(130)
    with history.account_of() as hedy:
        browser = forms.browser(hedy)
        before = len(hedy.requests)
        type_in(browser, "Action", "Load all")
        assert "130 meetings · live" in seen(browser)
        assert "Unknown" not in seen(browser)
        loaded = len(hedy.requests)
        assert loaded > before
        type_in(browser, "Action", "Load all")
        assert "Unknown action 'Load all'. Possible: Refresh." in seen(browser)
        assert len(hedy.requests) == loaded
        labelled(browser)["Action"].value = "Refresh"  # picked, then Enter from habit
        refreshed = len(hedy.requests)
        type_in(browser, "Action")
        assert len(hedy.requests) == refreshed > loaded


def test_search_leads_to_the_hit(hedy: hj.Hedy) -> None:
    """A search in all texts lists the hits in bold; choosing one shows the tab with the hit, and marks it there."""
    browser = forms.browser(hedy)

    type_in(browser, "Search", "harbour number7")
    assert rows(browser) == ["Meeting 7"]
    assert "<mark>number7</mark>" in markup(browser)
    press(browser, "Meeting 7")

    assert chosen(browser).startswith("Transcript Line Text ▸ 1 So we talk about number7")
    assert "<mark>harbour</mark>" in text_markup(browser)
    assert labelled(browser)["Find"].value == "harbour number7"
    assert "hit 1 of 2" in seen(browser)
    type_in(browser, "Search", "")
    assert len(rows(browser)) == 8


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("last", "Meeting 0"),
        ("last~2", "Meeting 2"),
        ("sess_000011", "Meeting 11"),
        ("Meeting 12", "Meeting 12"),
        ("meeting 13", "Meeting 13"),
        ("eting 14", "Meeting 14"),
    ],
)
def test_choosing_by_typing(hedy: hj.Hedy, typed: str, title: str) -> None:
    """A meeting is chosen by id, title, place, or words that only it has, also on another page."""
    browser = forms.browser(hedy)

    type_in(browser, "Meeting", typed)

    assert f"Session {title} When" in seen(browser)
    assert labelled(browser)["Meeting"].value == ""


def test_choosing_an_offered_one(hedy: hj.Hedy) -> None:
    """The field offers the meetings of the list with their times."""
    browser = forms.browser(hedy)
    fill(browser, Filter="meeting 21")
    (label,) = labelled(browser)["Meeting"].options

    fill(browser, Meeting=label)

    assert re.fullmatch(r"\w{3} \d+ \w{3}( \d{4})? \d\d:\d\d · Meeting 21", label)
    assert "Session Meeting 21 When" in seen(browser)


def test_choosing_in_vain(hedy: hj.Hedy) -> None:
    """Words that several meetings have, or none, choose nothing and say what to do."""
    browser = forms.browser(hedy)

    type_in(browser, "Meeting", "eeting")
    assert "30 meetings match 'eeting'. Type more of the title" in seen(browser)
    type_in(browser, "Meeting", "zebra")
    assert "No session is called 'zebra'." in seen(browser)
    assert "Session Meeting" not in seen(browser)


def test_tabs(hedy: hj.Hedy, history: History) -> None:
    """Each tab shows its part, by click or by name, and stays for the next meeting; only what is shown is rendered."""
    browser = forms.browser(hedy)
    press(browser, "Meeting 1")
    assert chosen(browser) == "Recap Recap of number1."
    press(browser, "Minutes")
    assert chosen(browser) == "Minutes Decisions Keep number1"
    type_in(browser, "Show", "to")
    assert re.fullmatch(r"Todos ☐ Do thing 1 \(due: Tomorrow, \w{3} \d+ \w{3}( \d{4})?\)", chosen(browser))
    assert "Find" not in labelled(browser)
    press(browser, "Highlights")
    assert "Idea 1" in chosen(browser)
    press(browser, "Transcript")
    assert "▸" not in chosen(browser)
    assert list(labelled(browser))[-4:] == ["Show", "Find", "Hit", "Line"]

    press(browser, "Meeting 2")

    assert chosen(browser) == "Transcript Line Text 1 So we talk about number2 and the harbour."
    assert buttons(browser)["Transcript"].button_style == "primary"
    assert markup(browser).count("So we talk") == 1


def test_nothing_to_show(hedy: hj.Hedy, history: History) -> None:
    """A meeting without texts says for each tab that there is nothing, or nothing yet."""
    bare = dict.fromkeys(("recap", "meeting_minutes", "transcript", "cleaned_transcript"))
    history.details["sess_000003"] |= {**bare, "highlights": [], "user_todos": []}
    browser = forms.browser(hedy, source="live")
    press(browser, "Meeting 3")

    found = []
    for tab in TABS:
        press(browser, tab)
        found.append(chosen(browser))

    assert found == [
        "Recap No recap yet.",
        "Minutes No minutes yet.",
        "Transcript No transcript yet.",
        "Todos No todos.",
        "Highlights No highlights.",
    ]
    assert "Find" not in labelled(browser)


@pytest.fixture(name="long")
def fixture_long(history: History) -> Iterator[Any]:
    """A browser with a transcript of 400,000 characters, in which "lamp" is in every tenth of 5,000 lines."""
    said = [
        f"Ada: line {number} is about the {'lamp' if number % 10 == 0 else 'harbour'}, and about more, and then more"
        for number in range(1, 5_001)
    ]
    history.details["sess_000000"] |= {"cleaned_transcript": "\n".join(said)}
    with history.account_of() as hedy:
        browser = forms.browser(hedy)
        press(browser, "Meeting 0")
        press(browser, "Transcript")
        yield browser


def test_a_long_transcript_is_a_window(long: Any) -> None:
    """Some lines are shown at a time; buttons and a number move to the others, up to the last one."""
    assert "lines 1–20 of 5,000" in seen(long)
    assert len(text_markup(long)) < 20_000
    press(long, "Later lines")
    assert "lines 21–40 of 5,000" in seen(long)
    press(long, "Earlier lines")
    press(long, "Earlier lines")
    assert "lines 1–20 of 5,000" in seen(long)
    fill(long, Line=4_999)
    assert "lines 4,999–5,000 of 5,000" in seen(long)
    assert "line 5000 is about" in chosen(long)


def test_find_and_next_hit(long: Any) -> None:
    """Enter goes to the first hit and then to the next, past the last to the first; the number goes to any."""
    type_in(long, "Find", "lamp")
    assert "hit 1 of 500 · lines 7–26" in seen(long)
    assert "▸ 10 Ada line 10 is about the lamp" in chosen(long)
    type_in(long, "Find")
    assert "hit 2 of 500 · lines 17–36" in seen(long)
    press(long, "Next hit")
    assert "hit 3 of 500" in seen(long)
    fill(long, Hit=500)
    assert "▸ 5000 Ada" in chosen(long)
    type_in(long, "Find")
    assert "hit 1 of 500" in seen(long)


def test_new_words_are_found_from_here_on(long: Any) -> None:
    """Other words are looked for from the lines that are shown, and from the top where nothing follows."""
    type_in(long, "Find", "lamp")
    fill(long, Line=2_000)
    type_in(long, "Find", '"line 2500"')
    assert "hit 1 of 1 · lines 2,497–2,516" in seen(long)
    type_in(long, "Find", "lamp")
    assert "▸ 2500" in chosen(long)
    fill(long, Line=3_000)
    type_in(long, "Find", '"line 77"')
    assert "▸ 77 Ada" in chosen(long)
    type_in(long, "Find", "zebra")
    assert "0 hits · lines" in seen(long)
    type_in(long, "Find", "")
    assert "hit" not in seen(long).rpartition("Later lines")[2]
    assert "<mark>" not in text_markup(long)


def test_long_texts_are_cut_with_how_to_get_the_rest(history: History) -> None:
    """Of very long minutes, and of very many todos, the beginning is shown, and the command for the rest."""
    history.details["sess_000000"] |= {
        "meeting_minutes": "- a decision\n" * 5_000,
        "user_todos": [{"id": f"t{number}", "text": f"thing {number}"} for number in range(1_000)],
    }
    with history.account_of() as hedy:
        browser = forms.browser(hedy)
        press(browser, "Meeting 0")
        press(browser, "Minutes")
        assert "The first 20,000 of 65,000 characters. %hedy session sess_000000 shows the rest." in chosen(browser)
        press(browser, "Todos")
        assert "The first 200 of 1,000. %hedy session sess_000000 shows the rest." in chosen(browser)


def test_live_details_show_progress_and_errors(history: History) -> None:
    """A live meeting is fetched when it is chosen, with a text meanwhile; a fault is shown, and can be tried again."""
    with history.account_of() as hedy:
        browser = forms.browser(hedy)
        shown: list[str] = []
        history.before = lambda _: shown.append(chosen(browser))
        history.faults["/sessions/sess_000003"] = (502, "<html>bad gateway</html>")
        assert history.fetched == {}

        press(browser, "Meeting 3")

        assert set(shown) == {"Reading this meeting from Hedy …"}
        assert chosen(browser) == "This meeting was not read."
        assert "No transcript" not in seen(browser)
        assert 'role="alert"' in markup(browser)
        assert "Action" in labelled(browser)
        history.faults.clear()
        press(browser, "Try again")
        assert chosen(browser) == "Recap Recap of number3."
        assert "Try again" not in buttons(browser)
        assert history.fetched["sess_000002"] == 0


def test_trying_again_by_keyboard(history: History) -> None:
    """What failed can be tried again by typing, as often as it fails."""
    with history.account_of() as hedy:
        history.faults["/sessions"] = (500, {"success": False})
        browser = forms.browser(hedy)
        assert "No meetings were read yet." in seen(browser)
        type_in(browser, "Action", "try")
        assert rows(browser) == []
        history.faults.clear()
        type_in(browser, "Action", "try")
        assert len(rows(browser)) == 8
        assert labelled(browser)["Action"].options == ("Refresh",)


def test_deleted_meanwhile(history: History) -> None:
    """A meeting that was deleted after the list was read is an error; refreshing removes it from the list."""
    with history.account_of() as hedy:
        browser = forms.browser(hedy)
        history.lose("sess_000000")

        press(browser, "Meeting 0")
        assert chosen(browser) == "This meeting was not read."
        press(browser, "Refresh")

        assert rows(browser)[0] == "Meeting 1"


def test_load_all() -> None:
    """A live list is the newest hundred; the others come on request."""
    with History(130).account_of() as hedy:
        browser = forms.browser(hedy)
        assert "100 meetings (130 in all) · live" in seen(browser)
        press(browser, "Load all")
        assert "130 meetings · live" in seen(browser)
        assert "Load all" not in buttons(browser)


def test_refreshing_a_complete_list() -> None:
    """A list that was loaded completely stays complete."""
    with History(130).account_of() as hedy:
        browser = forms.browser(hedy)
        press(browser, "Load all")
        press(browser, "Refresh")
        assert "130 meetings · live" in seen(browser)
        assert "Load all" not in buttons(browser)


def test_a_failed_reading_stays_until_another_succeeds(history: History) -> None:
    """Filtering, or a title that is unknown, neither hides the error of the reading nor the way to try it again."""
    with history.account_of() as hedy:
        history.faults["/sessions"] = (500, {"success": False})
        browser = forms.browser(hedy)
        (error,) = re.findall('role="alert"[^>]*>([^<]+)', markup(browser))
        fill(browser, Filter="x")
        type_in(browser, "Meeting", "zebra")
        type_in(browser, "Topic", "(all topics)")
        assert error in html.unescape(markup(browser)) or error in markup(browser)
        assert "Try again" in buttons(browser)
        history.faults.clear()
        fill(browser, Filter="")
        press(browser, "Try again")
        assert len(rows(browser)) == 8
        assert 'role="alert"' not in markup(browser)


def test_the_error_of_reading_is_not_hidden(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the list can't be read and its search neither, the error is that of the reading; the list stays."""
    browser = forms.browser(hedy)
    type_in(browser, "Search", "harbour")
    before = rows(browser)

    def fail(*_: object, **__: object) -> None:
        raise hj.ArchiveError("The archive is damaged.")

    monkeypatch.setattr("hedy_jupyter.account.meeting_list.MeetingList.read", fail)
    monkeypatch.setattr("hedy_jupyter.account.meeting_list.MeetingList.select", lambda *_: 1 / 0)
    press(browser, "Refresh")

    assert "The archive is damaged." in seen(browser)
    assert "ZeroDivisionError" not in seen(browser)
    assert "Reading the list" not in seen(browser)
    assert rows(browser) == before


def test_a_search_in_a_topic_that_is_not_in_the_archive(hedy: hj.Hedy, history: History) -> None:
    """The topic of a meeting that came after the last sync is named, not its id."""
    history.details["sess_000000"] |= {"topic": {"id": "topic_new", "name": "Brand new"}}
    hedy.forget()
    browser = forms.browser(hedy, source="live")
    type_in(browser, "Topic", "brand")
    assert rows(browser) == ["Meeting 0"]

    type_in(browser, "Search", "harbour")

    assert 'The topic "Brand new" is not in the archive yet' in seen(browser)
    assert "topic_new" not in seen(browser)


def test_a_search_without_a_topic_finds_all_of_them(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best hits are those of the meetings without a topic, not what is left of the best of all."""
    monkeypatch.setattr("hedy_jupyter.account.meeting_list.HITS_AT_MOST", 5)
    browser = forms.browser(hedy)
    type_in(browser, "Topic", "(no topic)")

    type_in(browser, "Search", "harbour")

    assert len(rows(browser)) == 5


def test_a_search_without_an_archive(history: History) -> None:
    """Without an archive a search says how to get one, and the list stays."""
    with history.account_of() as hedy:
        browser = forms.browser(hedy)
        type_in(browser, "Search", "harbour")
        assert "%hedy sync" in seen(browser)
        assert len(rows(browser)) == 8


@pytest.mark.parametrize("count", [0, 1])
def test_few_meetings(count: int) -> None:
    """An account without a meeting says so; one with a single meeting shows it."""
    with History(count).account_of() as hedy:
        browser = forms.browser(hedy)
        assert len(rows(browser)) == count
        assert ("No meetings yet" in seen(browser)) == (count == 0)
        type_in(browser, "Meeting", "last")
        assert ("Session Meeting 0" in seen(browser)) == (count == 1)
        press(browser, "Refresh")


def test_hostile_text(history: History) -> None:
    """Titles, topics, speakers, texts, searches and names of tabs stay text wherever they are shown."""
    one = history.details["sess_000000"]
    one |= {"title": EVIL, "topic": {"id": "topic_a", "name": EVIL, "color": "red;x:url(//evil)"}, "recap": EVIL}
    one |= {
        "meeting_minutes": f"# {EVIL}\n[link](javascript:alert(1))",
        "cleaned_transcript": f"{EVIL}: harbour {EVIL}",
    }
    one["highlights"][0] |= {"title": EVIL, "rawQuote": EVIL}
    one["user_todos"][0] |= {"text": EVIL, "dueDate": EVIL}
    history.topics[0]["name"] = EVIL
    with history.account_of() as hedy:
        hedy.archive.sync()
        browser = forms.browser(hedy)
        type_in(browser, "Search", "harbour <script>")
        type_in(browser, "Search", "script")
        type_in(browser, "Meeting", "sess_000000")
        for tab in TABS:
            press(browser, tab)
            type_in(browser, "Show", EVIL)
            shown = markup(browser)
            assert re.findall(r'<(?:script|img|svg|iframe)|href="javascript|url\(|\x1b', shown) == []
            assert not re.search(r"<[^>]*\son\w+=", shown)
            values = [one.value for one in controls.descendants(browser) if type(one).__name__ == "HTML" and one.value]
            assert all("mathjax_ignore" in value or value.startswith("<style>") for value in values)
        labels = [
            one.description + "".join(getattr(one, "options", ()))
            for one in controls.descendants(browser)
            if one.has_trait("description")
        ]
        assert not re.search("[\x1b\u202e]", "".join(labels))
        assert "hedy_live" not in json.dumps([str(one.get_state()) for one in controls.descendants(browser)])


def test_no_key_reaches_the_notebook(hedy: hj.Hedy, history: History) -> None:
    """What would pass its keys on, buttons and links, is skipped by the tab key; the rest are text fields."""
    history.details["sess_000001"]["meeting_minutes"] = "[plan](https://example.com/plan) and <a href='x'>more</a>"
    hedy.forget()
    browser = forms.browser(hedy, source="live")
    press(browser, "Meeting 1")
    press(browser, "Minutes")
    assert re.findall("<a [a-z]+=[^ ]+", markup(browser)) == ['<a tabindex="-1"']
    press(browser, "Transcript")

    kinds = {type(one).__name__ for one in controls.descendants(browser)} - {"Browser", "VBox", "HBox", "HTML"}
    assert kinds == {"Button", "Text", "Combobox", "BoundedIntText"}
    assert all(one.tabbable is False for one in buttons(browser).values())
    assert "tabindex" not in markup(browser)


@pytest.mark.parametrize(
    ("act", "focused"),
    [
        (lambda browser: press(browser, "Meeting 2"), "Show"),
        (lambda browser: press(browser, "Older"), "Meeting"),
        (lambda browser: press(browser, "Refresh"), "Meeting"),
        (lambda browser: type_in(browser, "Meeting", "last"), "Show"),
        (lambda browser: press(browser, "Transcript"), "Find"),
        (lambda browser: press(browser, "Recap"), "Show"),
        (lambda browser: type_in(browser, "Show", "transcript"), "Find"),
        (lambda browser: (press(browser, "Transcript"), press(browser, "Next hit")), "Find"),
        (lambda browser: (press(browser, "Transcript"), press(browser, "Later lines")), "Find"),
        (lambda browser: type_in(browser, "Meeting", "zebra"), "Meeting"),
    ],
)
def test_the_focus_goes_to_a_text_field(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch, act: Any, focused: str) -> None:
    """After each click and each choice the focus is in a field that keeps its keys, and that is shown."""
    browser = forms.browser(hedy)
    press(browser, "Meeting 1")
    asked: list[str] = []
    monkeypatch.setattr("ipywidgets.DOMWidget.focus", lambda widget: asked.append(widget.description))

    act(browser)

    assert asked[-1] == focused
    assert focused in labelled(browser)


@pytest.mark.parametrize(
    ("label", "text"), [("Search", "harbour"), ("Topic", "alpha"), ("Order", "by"), ("Action", "ref"), ("Find", "so")]
)
def test_the_focus_stays_where_enter_was_pressed(
    hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch, label: str, text: str
) -> None:
    """A field that the user may go on in, or has left by then, does not take the focus."""
    browser = forms.browser(hedy)
    press(browser, "Meeting 1")
    press(browser, "Transcript")
    asked: list[str] = []
    monkeypatch.setattr("ipywidgets.DOMWidget.focus", lambda widget: asked.append(widget.description))

    type_in(browser, label, text)

    assert asked == []


def test_what_a_notebook_saves(hedy: hj.Hedy) -> None:
    """The text of the output, which a terminal shows too, holds nothing of the account and says what to type."""
    InteractiveShell.instance()
    try:
        with capture_output() as shown:
            display(forms.browser(hedy))
    finally:
        InteractiveShell.clear_instance()

    (output,) = shown.outputs
    assert output.data["text/plain"] == repr(forms.browser(hedy))
    assert repr(forms.browser(hedy)) == (
        "<hedy browser> shows in a notebook with widgets. "
        "Type instead: %hedy sessions, then %hedy session last or %hedy transcript last."
    )


def test_where_nothing_can_be_clicked(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that runs notebooks gets one line, and no list is read."""
    monkeypatch.setattr(controls, "is_interactive", lambda: False)

    shown = forms.browser(hedy)._repr_mimebundle_()

    assert list(shown) == ["text/plain"]
    assert "%hedy sessions, then %hedy session last" in shown["text/plain"]


def test_a_field_that_is_not_drawn_yet_gets_the_focus_later(hedy: hj.Hedy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message to a field without a view is lost, so the focus is put again when the browser has drawn it; once."""
    asked: list[str] = []
    monkeypatch.setattr("ipywidgets.DOMWidget.focus", lambda widget: asked.append(widget.description))
    browser = forms.browser(hedy)
    press(browser, "Meeting 1")
    show = labelled(browser)["Show"]
    assert asked == ["Show"]

    show.set_trait("_view_count", 1)
    show.set_trait("_view_count", 2)

    assert asked == ["Show", "Show"]
