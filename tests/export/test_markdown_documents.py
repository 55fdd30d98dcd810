"""One document out of a frame: Markdown, a checklist, CSV, JSON, and the file that holds it."""

from __future__ import annotations

import csv
import importlib.resources
import io
import json
import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, date, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hedy_jupyter.errors import UsageError
from hedy_jupyter.export import markdown_documents, output, tabular
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.timezones import localize

BERLIN = ZoneInfo("Europe/Berlin")
NAMELESS = ZoneInfo.from_file(
    io.BytesIO(importlib.resources.files("tzdata").joinpath("zoneinfo/Asia/Tokyo").read_bytes())
)
HOSTILE = "# T <b>x</b> ![p](http://p.example/p.png) [l](javascript:a)\n# Second | `c` \u2028- [ ] \ud800\x1b[31m\x00"
SESSIONS = build(
    "sessions_detailed",
    [
        {
            "sessionId": "s1",
            "title": "Kick-off",
            "startTime": "2026-03-15T14:30:00Z",
            "endTime": "2026-03-15T15:15:00Z",
            "duration": 45,
            "session_type": "meeting",
            "topic": {"id": "t1", "name": "Harbour *Lamp*"},
            "recap": "Short.",
            "meeting_minutes": "# Decisions\n- Pilot starts\n\n## Action Items\n- Ada: checklist",
            "transcript": "Ada: Hello.\nDev: # no heading",
            "highlights": [{}],
            "user_todos": [{}, {}],
        },
        {"sessionId": "s2", "title": "", "startTime": None},
    ],
)
TODOS = build(
    "todos",
    [
        {"id": "1", "text": "Done thing", "dueDate": "", "completed": True, "topic": {"id": "t1", "name": "Lamp"}},
        {
            "id": "2",
            "text": "Call *Ada*",
            "dueDate": "tomorrow",
            "completed": False,
            "topic": {"id": "t2", "name": "Lamp"},
        },
        {
            "id": "3",
            "text": "Send list",
            "dueDate": "2026-03-20",
            "completed": None,
            "topic": {"id": "t1", "name": "Lamp"},
        },
        {"id": "4", "text": None, "completed": False},
    ],
)
HIGHLIGHTS = build(
    "highlights_detailed",
    [
        {
            "highlightId": "h1",
            "sessionId": "s1",
            "timestamp": "2026-03-14T23:30:00Z",
            "timeIndex": 90_000,
            "title": "Late",
            "rawQuote": "Said.",
        },
        {
            "highlightId": "h2",
            "sessionId": "s2",
            "timestamp": "2026-03-13T10:00:00Z",
            "timeIndex": 5_000,
            "title": "Other",
        },
        {
            "highlightId": "h3",
            "sessionId": "s1",
            "timestamp": "2026-03-14T22:50:00Z",
            "timeIndex": 30_000,
            "title": "Early",
        },
        {"highlightId": "h4", "sessionId": None, "title": "Alone"},
    ],
)
TOPICS = build(
    "topics",
    [
        {
            "id": "t1",
            "name": "Lamp",
            "description": "About it",
            "sessionCount": 1,
            "lastSessionDate": "2026-03-14T23:30:00Z",
        },
        {"id": "t2"},
    ],
)
CONTEXTS = build(
    "contexts", [{"id": "c1", "title": "Sales", "content": "Ask.\n# why", "isDefault": True}, {"id": "c2"}]
)
WEBHOOKS = build(
    "webhooks", [{"id": "w1", "url": "https://a.example/x_y", "events": ["session.ended", "todo.exported"]}]
)
FRAMES = {
    "sessions": SESSIONS,
    "todos": TODOS,
    "highlights": HIGHLIGHTS,
    "topics": TOPICS,
    "contexts": CONTEXTS,
    "webhooks": WEBHOOKS,
}


def from_csv(df: pd.DataFrame) -> pd.DataFrame:
    """*df* after a round through a CSV file of ours."""
    return pd.read_csv(io.StringIO(tabular.to_csv(df)))


SHAPES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "csv": from_csv,
    "objects": lambda df: df.astype("object"),
    "one index": lambda df: df.set_axis([7] * len(df)),
    "ids in the index": lambda df: df.set_index(str(df.columns[0])),
    "rows twice": lambda df: pd.concat([df, df]),
    "merged": lambda df: df.merge(df.add_suffix("_other"), how="cross"),
    "column twice": lambda df: pd.concat(
        [df, df[["created_at"] if "created_at" in df else [str(df.columns[1])]]], axis=1
    ),
}


def markdown(df: pd.DataFrame, kind: str) -> str:
    """The document in Berlin's time."""
    return markdown_documents.to_markdown(df, kind, zone=BERLIN)


def read(text: str) -> list[list[str]]:
    """The cells of a CSV text, as the standard library reads it."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def tokens(text: str) -> list[Any]:
    """What a reader of Markdown that lets everything through finds in *text*."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.validateLink = lambda _: True  # type: ignore[method-assign]
    return [token for block in parser.parse(text) for token in (block, *(block.children or []))]


def headings(text: str) -> list[str]:
    """The headings of *text*, each with its marks."""
    found = tokens(text)
    return [
        f"{token.markup} {found[place + 1].content}"
        for place, token in enumerate(found)
        if token.type == "heading_open"
    ]


# Markdown --------------------------------------------------------------------


def test_a_meeting_as_markdown() -> None:
    """One meeting is one document: facts in local time, the zone, counts, and what was said, below its title."""
    text = markdown(SESSIONS.head(1), "sessions")

    assert text.split("\n\n") == [
        "# Kick-off",
        "2026-03-15 15:30–16:15 · 45 min · meeting · Harbour \\*Lamp\\*",
        "1 highlight · 2 todos · time zone Europe/Berlin",
        *("## Recap", "Short."),
        *("## Minutes", "### Decisions\n- Pilot starts", "#### Action Items\n- Ada: checklist"),
        *("## Transcript", "Ada: Hello.", "Dev: \\# no heading\n"),
    ]


def test_several_meetings_stand_one_level_lower() -> None:
    """Several meetings are sections of one document, and what the API wrote is below our headings."""
    assert headings(markdown(SESSIONS, "sessions")) == [
        *(
            "# 2 sessions",
            "## Kick-off",
            "### Recap",
            "### Minutes",
            "#### Decisions",
            "##### Action Items",
            "### Transcript",
        ),
        "## Untitled session",
    ]


@pytest.mark.parametrize(
    ("zone", "name", "clock"),
    [
        (UTC, "UTC", "14:30–15:15"),
        (timezone(timedelta(hours=5, minutes=45)), "UTC+05:45", "20:15–21:00"),
        (ZoneInfo("America/Port-au-Prince"), "America/Port-au-Prince", "10:30–11:15"),
        (NAMELESS, "JST", "23:30"),
    ],
)
def test_the_zone_has_its_name(zone: tzinfo, name: str, clock: str) -> None:
    """The times are those of the zone, which is called by its name, or by its abbreviation where it has none."""
    text = markdown_documents.to_markdown(SESSIONS.head(1), "sessions", zone=zone)

    assert f"2026-03-15 {clock} · 45 min" in text
    assert f"time zone {name}\n" in text


def test_localised_times_keep_their_zone() -> None:
    """After ``localize`` the times and the name are of that zone."""
    text = markdown(localize(SESSIONS.head(1), "Asia/Tokyo"), "sessions")

    assert "2026-03-15 23:30 · 45 min" in text
    assert "time zone Asia/Tokyo\n" in text


def test_todos_are_a_checklist_a_topic() -> None:
    """Topics are recognized by id, not by name; open todos come first; what has no topic is listed too."""
    assert markdown(TODOS, "todos") == (
        "# 4 todos\n\n## Lamp\n\n- [ ] Call \\*Ada\\* (due: tomorrow)\n\n"
        "## Lamp\n\n- [ ] Send list (due: 2026-03-20)\n- [x] Done thing\n\n"
        "## Without a topic\n\n- [ ] (no text)\n"
    )


def test_todos_without_topic_columns_are_one_list() -> None:
    """Where the frame has no topics the checklist has none, and a topic without an id is recognized by its name."""
    plain = markdown(TODOS[["todo_id", "text", "completed"]].head(2), "todos")
    named = markdown(TODOS[["todo_id", "text"]].head(2).assign(topic_name=["Lamp", "Quay"]), "todos")

    assert plain == "# Todos\n\n- [ ] Call \\*Ada\\*\n- [x] Done thing\n"
    assert named == "# 2 todos\n\n## Lamp\n\n- [ ] Done thing\n\n## Quay\n\n- [ ] Call \\*Ada\\*\n"


def test_highlights_stand_by_meeting_in_their_order() -> None:
    """Highlights are quotes below their meeting's first local day, in the order of the recording."""
    assert markdown(HIGHLIGHTS, "highlights") == (
        "# 4 highlights\n\n## Highlights of 2026-03-14\n\n### Early · 00:30\n\n### Late · 01:30\n\n> Said.\n\n"
        "## Highlights of 2026-03-13\n\n### Other · 00:05\n\n## Highlights\n\n### Alone\n"
    )


def test_topics_contexts_and_webhooks() -> None:
    """The other frames are sections with their facts and texts."""
    assert markdown(TOPICS, "topics") == (
        "# 2 topics\n\n## Lamp\n\n1 meeting · the last on 2026-03-15\n\n### About\n\nAbout it\n\n## Untitled topic\n"
    )
    assert markdown(CONTEXTS, "contexts") == (
        "# 2 contexts\n\n## Sales\n\nThe default context.\n\nAsk.\n\n\\# why\n\n## Untitled context\n"
    )
    assert markdown(WEBHOOKS, "webhooks") == "# Webhooks\n\n- https://a.example/x_y: session.ended; todo.exported\n"


@pytest.mark.parametrize("kind", FRAMES)
def test_empty_frames_and_frames_of_ids_alone(kind: str) -> None:
    """No row is a heading that says so, and a frame of ids alone has a document too."""
    frame = FRAMES[kind]

    assert markdown(frame.head(0), kind) == f"# 0 {kind}\n"
    assert markdown(frame[[frame.columns[0]]], kind).startswith("# ")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", FRAMES)
def test_every_shape_of_frame_gives_the_document(kind: str, shape: str) -> None:
    """A frame that was filtered, merged, repeated or read from a file gives the same document, and stays as it was."""
    frame = SHAPES[shape](FRAMES[kind])
    before = frame.copy()

    assert markdown(frame, kind) == markdown(FRAMES[kind], kind)
    pd.testing.assert_frame_equal(frame, before)


def test_a_frame_without_ids_is_refused() -> None:
    """Without ids rows cannot be distinguished, and the error names the column."""
    with pytest.raises(UsageError, match="todo_id"):
        markdown(TODOS.drop(columns="todo_id"), "todos")


@pytest.mark.parametrize("kind", FRAMES)
def test_no_text_becomes_markup(kind: str) -> None:
    """A title, name, text or quote stays plain words in every kind: it makes no heading, link, picture or HTML."""
    frame = FRAMES[kind]
    text_columns = {"title", "text", "name", "topic_name", "url", "due_date", "raw_quote", "content"} & set(
        frame.columns
    )
    hostile = pd.Series(HOSTILE, index=frame.index, dtype="object")
    text = markdown(frame.assign(**dict.fromkeys(text_columns, hostile)), kind)

    assert {token.type for token in tokens(text)}.isdisjoint(
        {"link_open", "image", "html_block", "html_inline", "code_inline", "table_open"}
    )
    assert [heading for heading in headings(text) if heading.lstrip("# ").startswith("Second")] == []
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\u2028]", text)


MARKUP = [
    *(
        "# ",
        "## ",
        "###### ",
        "#",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "- ",
        "* ",
        "1. ",
        "> ",
        "=",
        "===",
        "---",
        "`",
        "```",
        "~~~",
        "<b>",
    ),
    *(
        "<img src=x>",
        "<!--",
        "-->",
        "![a](http://x/y)",
        "[a](javascript:x)",
        "[a](JAVASCRIPT:x)",
        "[a]( data:x)",
        "[a](//x/y)",
        "[a]",
    ),
    *(
        "[a]: javascript:y",
        "(http://x)",
        "]",
        "[",
        "(",
        "\\",
        "!",
        "&lt;b>",
        "|",
        "a",
        "b c",
        "\u2028",
        "\r",
        "\x0b",
        "<http://x>",
        "***",
        "_",
    ),
]


@settings(max_examples=100, deadline=None)
@given_any(st.lists(st.sampled_from(MARKUP), max_size=12).map("".join))
def test_markdown_of_the_api_stays_in_its_place(text: str) -> None:
    """Whatever a recap and minutes hold, our headings are the highest, and HTML, pictures and other links are gone."""
    made = markdown(SESSIONS.assign(recap=text, meeting_minutes=text, title="T", transcript="end"), "sessions")
    found = tokens(made)
    links = [token.attrs["href"] for token in found if token.type == "link_open"]

    assert {token.type for token in found}.isdisjoint({"image", "html_block", "html_inline"})
    assert [link for link in links if not str(link).lower().startswith(("http://", "https://", "mailto:"))] == []
    ours = [heading for heading in headings(made) if len(heading.split(" ")[0]) <= 3]
    told = ["### Recap", "### Minutes"] if "### Recap" in ours else []
    assert ours == ["# 2 sessions", *["## T", *told, "### Transcript"] * 2]


@pytest.mark.parametrize(
    "minutes",
    [
        *(
            "# a",
            "   # a",
            "#\ta",
            "> # a",
            "- # a",
            "* ## a",
            "1. # a",
            "2) # a",
            "> - # a",
            "- x\n\n\t# a",
            "1. x\n\n     # a",
        ),
        *(
            "> a\n> ===",
            "> a\n> ---",
            "- x\n\n  a\n  ===",
            "1. x\n\n     a\n     ===",
            "- - x\n\n    a\n    ---",
            "a\n===",
            "a\n---",
        ),
    ],
)
def test_headings_of_minutes_are_below_ours(minutes: str) -> None:
    """A heading in minutes, be it in a list or a quote, is never as high as one of ours."""
    text = markdown(SESSIONS.assign(meeting_minutes=minutes, recap="", transcript=""), "sessions")

    assert [heading for heading in headings(text) if heading.split(" ")[0] in {"#", "##", "###", "=", "-"}] == [
        *("# 2 sessions", "## Kick-off", "### Minutes", "## Untitled session", "### Minutes")
    ]


def test_links_to_the_web_and_emphasis_stay() -> None:
    """What is harmless in the API's Markdown stays Markdown."""
    text = markdown(
        SESSIONS.head(1).assign(
            meeting_minutes="**Bold** [site](https://a.example) [mail](mailto:a@b.example)\n\n**# 1 thing**"
        ),
        "sessions",
    )

    assert "**Bold** [site](https://a.example) [mail](mailto:a@b.example)\n\n**# 1 thing**" in text


# Checklist -------------------------------------------------------------------


def test_checklist() -> None:
    """Open todos come first, each with its due date in Hedy's words and its topic; texts are escaped."""
    assert markdown_documents.to_checklist(TODOS, zone=BERLIN) == (
        "- [ ] Call \\*Ada\\* (due: tomorrow) · Lamp\n"
        "- [ ] Send list (due: 2026-03-20) · Lamp\n- [ ] (no text)\n- [x] Done thing · Lamp\n"
    )
    assert markdown_documents.to_checklist(TODOS.head(0), zone=BERLIN) == ""


@pytest.mark.parametrize("shape", ["as it is", *SHAPES])
def test_checklist_with_days(shape: str) -> None:
    """The day that was read is behind the words unless they say the same, and then how late it is."""
    days = pd.to_datetime(["2026-03-01", "2026-03-16", "2026-03-20", None]).astype("datetime64[us]")
    frame = TODOS.assign(due_on=days, overdue_days=pd.array([None, 2, 1, None], dtype="Int64"))
    shaped = SHAPES.get(shape, lambda df: df)(
        pd.concat([frame, frame[["due_on"]]], axis=1) if shape == "as it is" else frame
    )

    assert markdown_documents.to_checklist(shaped, zone=BERLIN).split("\n") == [
        "- [ ] Call \\*Ada\\* (due: tomorrow → 2026-03-16, 2 days late) · Lamp",
        "- [ ] Send list (due: 2026-03-20, 1 day late) · Lamp",
        "- [ ] (no text)",
        "- [x] Done thing (due: 2026-03-01) · Lamp",
        "",
    ]


def test_checklist_is_one_line_a_todo() -> None:
    """A text with line breaks and markup is one item, and no second one."""
    hostile = pd.Series([HOSTILE], dtype="object")
    text = markdown_documents.to_checklist(
        TODOS.head(1).assign(text="a\n- [ ] b\r\n# c\u2028<i>", due_date=hostile, topic_name=hostile), zone=BERLIN
    )

    assert text.count("\n") == 1
    assert [
        token.type
        for token in tokens(text)
        if token.type in {"list_item_open", "html_inline", "heading_open", "link_open"}
    ] == ["list_item_open"]


# CSV -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\n=1",
            "\t=1",
            "\r=1",
            "\u00a0=1",
            "\u3000=1",
            "\u200b=1",
            "\ufeff=1",
            "\u202e=1",
        ),
        *(
            "\x01=1",
            "\x1f=1",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            "﹦1",
            "﹢1",
            "﹣1",
            "﹫a",
            " ＝1",
            "\ttab",
            "\rreturn",
            "\nline",
            "=",
            "-",
            "- item",
        ),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    """What is a formula to a spreadsheet begins with an apostrophe: in a cell, a list, a category and the header."""
    frame = pd.DataFrame({text: [text], "list": [[text, "b"]], "kind": pd.Categorical([text]), "number": [-1]})

    assert read(tabular.to_csv(frame)) == [
        [f"'{text}", "list", "kind", "number"],
        [f"'{text}", f"'{text}; b", f"'{text}", "-1"],
    ]


@pytest.mark.parametrize("text", ["a=1", "1-1", "a@b.example", "'=1", "", " a", "(-1)", "\u2212 1", "日本", "#1"])
def test_other_text_stays(text: str) -> None:
    """Text that no spreadsheet runs is as it was."""
    assert read(tabular.to_csv(pd.DataFrame({"a": [text], "b": [1]})))[1] == [text, "1"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, "-5"),
        (-1.5, "-1.5"),
        (True, "True"),
        (np.int64(-3), "-3"),
        (Decimal("-2.5"), "'-2.5"),
        (timedelta(minutes=-30), "P-1DT23H30M0S"),
        (timedelta(minutes=30), "P0DT0H30M0S"),
        (date(2026, 3, 1), "2026-03-01"),
        (pd.Timestamp("2026-03-01 10:00", tz="UTC"), "2026-03-01T10:00:00Z"),
        (pd.Timestamp("2026-03-01 10:00:00.5", tz=BERLIN), "2026-03-01T10:00:00.500000+01:00"),
        (pd.Timestamp("2026-03-01 10:00"), "2026-03-01T10:00:00"),
        ({"b": "=x"}, '{"b": "=x"}'),
        (["=a", None, 2], "'=a; 2"),
        (np.array(["a", "b"]), "a; b"),
        ((), ""),
        (None, ""),
        (pd.NaT, ""),
        (pd.NA, ""),
        (float("nan"), ""),
        (float("-inf"), ""),
        ("\ud800", "\ufffd"),
        ("a\x00b", "ab"),
        ("\x00=1", "'=1"),
    ],
)
def test_cells_of_csv(value: object, cell: str) -> None:
    """Numbers are numbers, times ISO 8601, lists one cell, and what is missing is empty."""
    assert read(tabular.to_csv(pd.DataFrame({"a": pd.Series([value, "x"], dtype="object")})))[1] == [cell]


def test_numeric_columns_stay_numbers() -> None:
    """A negative number in a column of numbers has no apostrophe, and a count no decimals."""
    frame = pd.DataFrame(
        {"f": [-1.0, None], "i": pd.array([-2, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean")}
    )

    assert tabular.to_csv(frame) == "f,i,b\r\n-1.0,-2,True\r\n,,\r\n"


def test_a_column_of_days_has_days() -> None:
    """A naive column of midnights holds days; one time of day among them makes all of them times."""
    days = pd.DataFrame({"due_on": pd.to_datetime(["2026-03-01", None])})
    times = pd.DataFrame({"at": pd.to_datetime(["2026-03-01 00:00", "2026-03-01 09:00"])})

    assert tabular.to_csv(days).split() == ["due_on", "2026-03-01", '""']
    assert tabular.to_csv(times).split() == ["at", "2026-03-01T00:00:00", "2026-03-01T09:00:00"]


NASTY = st.text(
    st.one_of(
        st.sampled_from(list(",;\"'\r\n\t=+-@ \u2028")),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=12,
)


@settings(max_examples=75, deadline=None)
@given_any(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=4))
def test_csv_reads_back_as_the_same_rows(cells: list[tuple[str, str]]) -> None:
    """Two readers of CSV find every cell again, with no more than an apostrophe in front."""
    text = tabular.to_csv(pd.DataFrame(cells, columns=["a", "b"], dtype="object"))
    by_pandas = pd.read_csv(io.StringIO(text), dtype="object", keep_default_na=False)
    found = read(text)[1:]

    assert by_pandas.to_numpy().tolist() == found
    assert [
        [cell.removeprefix("'") if not old.startswith("'") else cell for cell, old in zip(*rows, strict=True)]
        for rows in zip(found, cells, strict=True)
    ] == [list(row) for row in cells]


def test_csv_of_a_frame_reads_back() -> None:
    """A frame of Hedy comes back with its rows, columns, numbers and times."""
    found = pd.read_csv(io.StringIO(tabular.to_csv(SESSIONS)))

    assert found.columns.tolist() == SESSIONS.columns.tolist()
    assert found["session_id"].tolist() == ["s1", "s2"]
    assert found["duration_min"].tolist()[0] == 45.0
    assert pd.to_datetime(found["start_time"])[0] == pd.Timestamp("2026-03-15T14:30Z")
    assert found["transcript"][0] == "Ada: Hello.\nDev: # no heading"


@pytest.mark.parametrize("write", [tabular.to_csv, tabular.to_json])
def test_index_and_repeated_columns_are_kept(write: Callable[[pd.DataFrame], str]) -> None:
    """A named index becomes a column, an unnamed one goes, and columns of one name are distinguished."""
    frame = pd.DataFrame([[1, 2, 3, 4]], columns=["a", "a", "a.1", 5], index=pd.Index(["s1"], name="session_id"))
    text = write(frame)
    names = read(text)[0] if write is tabular.to_csv else list(json.loads(text)[0])

    assert names == ["session_id", "a", "a.1", "a.1.1", "5"]
    assert "index" not in write(frame.reset_index(drop=True))


# JSON ------------------------------------------------------------------------


def test_json() -> None:
    """JSON has a key for each column in order, numbers, flags, lists, ISO times, null for missing, and a line end."""
    frame = pd.DataFrame(
        {
            "z": pd.Series(["ü\u2028\ud800", None], dtype="object"),
            "n": pd.array([2**53 + 1, None], dtype="Int64"),
            "f": [-0.5, float("inf")],
            "b": pd.array([True, None], dtype="boolean"),
            "t": pd.to_datetime(["2026-03-01T10:00Z", None]),
            "l": [[float("nan"), {"k": np.float64("nan")}], np.array(["a"])],
            "c": pd.Categorical(["x", None]),
        }
    )
    text = tabular.to_json(frame)

    assert json.loads(text) == [
        {
            "z": "ü\u2028\ufffd",
            "n": 2**53 + 1,
            "f": -0.5,
            "b": True,
            "t": "2026-03-01T10:00:00Z",
            "l": [None, {"k": None}],
            "c": "x",
        },
        {"z": None, "n": None, "f": None, "b": None, "t": None, "l": ["a"], "c": None},
    ]
    assert list(json.loads(text)[0]) == list(frame.columns)
    assert text.endswith("]\n")
    assert "ü\u2028" in text
    assert "NaN" not in text
    assert text.encode()


@pytest.mark.parametrize("kind", FRAMES)
def test_json_of_every_frame_reads_back(kind: str) -> None:
    """Every frame comes back by its ids, and an empty one is an empty list."""
    frame = FRAMES[kind]

    assert [row[frame.columns[0]] for row in json.loads(tabular.to_json(frame))] == frame.iloc[:, 0].tolist()
    assert json.loads(tabular.to_json(frame.head(0))) == []


# Files -----------------------------------------------------------------------


def test_save_writes_the_bytes_of_the_text(tmp_path: Path) -> None:
    """The file holds the text as UTF-8 with its own line ends.

    What cannot be encoded is replaced, nothing else is beside it.
    """
    found = output.save("ü\r\nb\n\ud800", str(tmp_path / "a.md"))

    assert found == tmp_path / "a.md"
    assert found.read_bytes() == "ü\r\nb\n\ufffd".encode()
    assert list(tmp_path.iterdir()) == [found]


def test_save_replaces_a_file_and_keeps_its_rights(tmp_path: Path) -> None:
    """What was there is replaced, its permissions stay; a new file has the permissions of any other new file."""
    old, other = tmp_path / "a", tmp_path / "b"
    old.write_text("old and longer")
    old.chmod(0o640)
    other.touch()

    assert output.save("new", old).read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert output.save("new", tmp_path / "c").stat().st_mode == other.stat().st_mode


def test_save_does_not_follow_a_link(tmp_path: Path) -> None:
    """A link is replaced by the file; what it led to stays as it was."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine")
    link.symlink_to(target)
    output.save("new", link)

    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("mine", "new", False)


def test_save_knows_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde in front is the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert output.save("x", "~/a.md") == tmp_path / "a.md"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "names no file"),
        (" ", "names no file"),
        (".", "names no file"),
        ("..", "names no file"),
        ("folder", "is a folder"),
        ("folder/", "is a folder"),
        ("new/", "is a folder"),
        ("fifo", "is no file"),
        ("missing/a.md", "cannot be written: No such file"),
        ("file/a.md", "cannot be written: Not a directory"),
        ("a\0b", "'a\\\\x00b' cannot be written: embedded null character in the path"),
        ("~\0/a", "cannot be written: embedded null character in the path"),
        ("a\ud800", "'a\\\\ud800' cannot be written: a character of the path cannot be encoded"),
        ("~nobody-here/a.md", "cannot be written: No such file"),
    ],
)
def test_save_refuses_in_one_line(path: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that no file can have, or without its folder, is an error of one line, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(UsageError, match=why) as caught:
        output.save("x", path)

    assert "\n" not in str(caught.value)
    assert caught.value.advice
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["fifo", "file", "folder"]


def test_a_stop_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the new text takes its place, the old one is whole and no part of the new one is left."""
    file = tmp_path / "a"
    file.write_text("old")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        output.save("new", file)

    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a", "old")]


def test_given_writes_only_where_a_path_is(tmp_path: Path) -> None:
    """The text comes back in both cases; a file is there only where a path was given."""
    assert output.given("x", None) == "x"
    assert list(tmp_path.iterdir()) == []
    assert output.given("x", tmp_path / "a") == "x"
    assert (tmp_path / "a").read_text() == "x"
    with pytest.raises(UsageError):
        output.given("x", "")
