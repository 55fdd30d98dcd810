"""``df.hedy`` recognizes frames by their columns and answers small questions about them."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import warnings
from collections.abc import Iterator

import pandas as pd
import pytest

from hedy_jupyter.accessor import registration
from hedy_jupyter.accessor.accessor import HedyFrame
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.column_lookup import SOURCES

TEAM = {"id": "t1", "name": "Team"}
OTHER_TEAM = {"id": "t2", "name": "Team"}
SESSIONS = build(
    "sessions",
    [
        {
            "sessionId": "s1",
            "title": "Café  Zürich",
            "startTime": "2026-03-04T23:30:00Z",
            "duration": 45,
            "topic": TEAM,
        },
        {
            "sessionId": "s2",
            "title": "Pilot start",
            "startTime": "2026-03-03T10:00:00Z",
            "duration": 30,
            "topic": OTHER_TEAM,
        },
        {
            "sessionId": "s3",
            "title": "議事録 かんじ 한국",
            "startTime": "2026-03-02T10:00:00Z",
            "duration": None,
            "topic": None,
        },
        {"sessionId": "s4", "title": None, "startTime": None, "duration": 60, "topic": OTHER_TEAM},
    ],
)
TODOS = build(
    "todos",
    [
        {"id": "a", "text": "Pilot plan", "dueDate": "", "completed": True, "sessionId": "s1", "topic": TEAM},
        {"id": "b", "text": "Write", "dueDate": "heute", "completed": False, "sessionId": "s1", "topic": OTHER_TEAM},
        {"id": "c", "text": "Call", "completed": None, "sessionId": "s2", "topic": OTHER_TEAM},
        {"id": "d", "text": "Pilot", "completed": False, "sessionId": "s3"},
    ],
)
TABLES = [
    "sessions",
    "sessions_detailed",
    "highlights",
    "highlights_detailed",
    "todos",
    "topics",
    "contexts",
    "webhooks",
]


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    registration.register()
    yield
    registration.register()


def members(df: pd.DataFrame) -> set[str]:
    """The public members that completion offers."""
    return {name for name in dir(HedyFrame(df)) if not name.startswith("_")}


@pytest.mark.parametrize("table", TABLES)
def test_every_frame_is_recognised_also_when_empty(table: str) -> None:
    """A frame is of its kind by its columns alone."""
    df = build(table, [])

    assert df.hedy.kind == table.removesuffix("_detailed")
    assert HedyFrame(df).kind == df.hedy.kind


@pytest.mark.parametrize(
    ("df", "kind"),
    [
        (SESSIONS[SESSIONS["duration_min"] > 30][["start_time", "session_id"]], "sessions"),
        (SESSIONS.assign(note="x").iloc[::-1], "sessions"),
        (SESSIONS.merge(build("topics", [{"id": "t1", "name": "T"}]), on="topic_id", how="left"), "sessions"),
        (TODOS.merge(SESSIONS, on="session_id", how="left"), "todos"),
        (TODOS.set_index("session_id"), "todos"),
        (pd.concat([TODOS, TODOS]), "todos"),
        (build("highlights", [{"highlightId": "h", "sessionId": "s1"}]).merge(SESSIONS, on="session_id"), "highlights"),
    ],
    ids=["columns", "extra", "topics", "todos", "index", "concat", "highlights"],
)
def test_changed_frames_keep_their_kind(df: pd.DataFrame, kind: str) -> None:
    """Filtered, reordered and merged frames are of the kind of their rows."""
    assert df.hedy.kind == kind
    df.hedy.summary()
    df.hedy.search("x")


ANY = {"kind", "localize", "redact", "search", "summary", "to_excel", "to_html", "to_markdown", "to_vault"}
FEW_MEETINGS = {
    *("between", "fetch_details", "fetch_highlights", "fetch_todos", "on", "to_ics"),
    *("plot_speakers", "speakers", "utterances", "without_todos", "words"),
}
MEETINGS = FEW_MEETINGS | {
    *("busiest", "gaps", "load", "plot_heatmap", "plot_load", "plot_timeline"),
    *("compare", "series"),
}


def test_other_frames_have_no_hedy() -> None:
    """On any other frame ``df.hedy`` is an AttributeError of one line that names the missing columns."""
    other = pd.DataFrame({"session_id": ["s1"]})

    assert not hasattr(other, "hedy")
    with pytest.raises(AttributeError, match=r"session_id \+ start_time") as caught:
        _ = other.hedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("df", "expected"),
    [
        (SESSIONS, ANY | MEETINGS | {"by_topic"}),
        (SESSIONS[["session_id", "start_time"]], ANY | FEW_MEETINGS),
        (
            TODOS,
            ANY
            | {"age", "by_topic", "by_urgency", "carried_over", "done", "due", "open", "overdue", "plot_open"}
            | {"to_checklist", "to_whom", "with_meeting"},
        ),
        (
            TODOS.assign(completed_at=pd.NaT)[["todo_id", "completed", "completed_at"]],
            ANY | {"age", "burn_down", "done", "open", "plot_burn_down"},
        ),
        (build("highlights_detailed", []), ANY | {"at", "by_session", "fetch_details", "quotes"}),
        (build("highlights", []), ANY | {"by_session", "fetch_details", "quotes"}),
        (build("topics", []), ANY | {"fetch_sessions", "stale"}),
        (build("webhooks", []), ANY),
    ],
    ids=[
        "sessions",
        "few columns",
        "todos",
        "few todo columns",
        "highlights, detailed",
        "highlights",
        "topics",
        "webhooks",
    ],
)
def test_only_what_fits_is_there(df: pd.DataFrame, expected: set[str]) -> None:
    """Completion, ``hasattr`` and the text form name the members that fit the frame."""
    assert members(df) == expected
    assert {
        name for name in (*dir(type(df.hedy)), "kind") if not name.startswith("_") and hasattr(df.hedy, name)
    } == expected
    assert all(name in repr(df.hedy) for name in expected)


@pytest.mark.parametrize(
    ("df", "name", "message"),
    [
        (SESSIONS, "open", "open() needs a frame of todos; this is one of sessions."),
        (build("topics", []), "by_topic", "by_topic() needs a frame of sessions or todos; this is one of topics."),
        (TODOS[["todo_id", "topic_id"]], "by_topic", "by_topic() needs the columns topic_name, completed."),
        *(
            (TODOS, name, f"{name}() needs the column completed_at. {SOURCES['completed_at']}")
            for name in ("burn_down", "plot_burn_down")
        ),
        (
            TODOS.assign(completed_a=TODOS["completed"]),
            "burn_down",
            f"burn_down() needs the column completed_at. {SOURCES['completed_at']}",
        ),
        (
            SESSIONS.rename(columns={"duration_min": "durationMin"}),
            "load",
            "load() needs the column duration_min. "
            'Rename the column: df.rename(columns={"durationMin": "duration_min"}).',
        ),
        (
            SESSIONS.drop(columns="duration_min").assign(duration_mi=True),
            "load",
            "load() needs the column duration_min.",
        ),
        (
            SESSIONS.drop(columns="duration_min").assign(duration_mins="long"),
            "load",
            "load() needs the column duration_min.",
        ),
        (
            TODOS.drop(columns="completed").assign(complete=pd.Timestamp("2026-03-01")),
            "open",
            "open() needs the column completed.",
        ),
        (
            TODOS.drop(columns="completed").assign(complete=True),
            "open",
            'open() needs the column completed. Rename the column: df.rename(columns={"complete": "completed"}).',
        ),
    ],
)
def test_a_member_that_does_not_fit_says_what_it_needs(df: pd.DataFrame, name: str, message: str) -> None:
    """A member of another kind is an AttributeError that says which kind or columns it needs."""
    with pytest.raises(AttributeError) as caught:
        getattr(df.hedy, name)

    assert str(caught.value) == message


def test_open_and_done_keep_rows_as_they_are() -> None:
    """Open and done share the todos between them, with index and dtypes; an unknown state is open.

    The frame is untouched.
    """
    before = TODOS.copy(deep=True)
    opened, closed = TODOS.hedy.open(), TODOS.hedy.done()

    assert opened.index.tolist() == [1, 2, 3]
    assert closed.index.tolist() == [0]
    pd.testing.assert_series_equal(opened.dtypes, TODOS.dtypes)
    pd.testing.assert_frame_equal(TODOS, before)


@pytest.mark.parametrize("dtype", ["bool", "object", "boolean"])
def test_open_reads_any_dtype_of_completed(dtype: str) -> None:
    """A frame that was written and read again has other dtypes and the same open todos."""
    df = TODOS.assign(completed=pd.Series([True, False, False, False], dtype=dtype))  # type: ignore[call-overload]

    assert df.hedy.open()["todo_id"].tolist() == ["b", "c", "d"]


def test_sessions_by_topic() -> None:
    """Topics of one name stay apart, what has no topic is a row, the largest comes first."""
    found = SESSIONS.hedy.by_topic()

    assert found.columns.tolist() == ["topic_id", "topic_name", "count", "hours", "last"]
    assert found["topic_id"].fillna("-").tolist() == ["t2", "t1", "-"]
    assert found["topic_name"].fillna("-").tolist() == ["Team", "Team", "-"]
    assert found["count"].tolist() == [2, 1, 1]
    assert found["hours"].tolist() == [1.5, 0.75, 0.0]
    assert found["last"].tolist() == [SESSIONS["start_time"][1], SESSIONS["start_time"][0], SESSIONS["start_time"][2]]


def test_todos_by_topic() -> None:
    """Open, done and total are counted per topic, most open ones first."""
    found = TODOS.hedy.by_topic()

    assert found.columns.tolist() == ["topic_id", "topic_name", "open", "done", "total"]
    assert found["topic_id"].fillna("-").tolist() == ["t2", "-", "t1"]
    assert found[["open", "done", "total"]].to_numpy().tolist() == [[2, 0, 2], [1, 0, 1], [0, 1, 1]]


def test_topics_without_an_id_go_by_name() -> None:
    """Where the API gives only names, two names are two rows."""
    df = build(
        "todos",
        [{"id": "a", "topicName": "A"}, {"id": "b", "topicName": "B"}, {"id": "c", "topicName": "A"}, {"id": "d"}],
    )

    found = df.hedy.by_topic()

    assert dict(zip(found["topic_name"].fillna("-"), found["total"], strict=True)) == {"A": 2, "B": 1, "-": 1}


def test_equal_topics_stay_in_the_order_of_the_frame() -> None:
    """Between topics of one size the one that the frame names first comes first."""
    df = build("todos", [{"id": str(place), "topicId": topic} for place, topic in enumerate("cab")])

    assert df.hedy.by_topic()["topic_id"].tolist() == ["c", "a", "b"]


@pytest.mark.parametrize("df", [SESSIONS, TODOS], ids=["sessions", "todos"])
def test_by_topic_of_nothing_has_its_columns(df: pd.DataFrame) -> None:
    """An empty frame gives an empty table with the same columns and dtypes."""
    pd.testing.assert_frame_equal(df.iloc[:0].hedy.by_topic(), df.hedy.by_topic().iloc[:0], check_index_type=False)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("pilot", [1]),
        ("START pilot", [1]),
        ('"pilot start"', [1]),
        ('"start pilot"', []),
        ("pilot banana", []),
        ("cafe", [0]),
        ("ZÜRICH", [0]),
        ('"cafe zurich"', [0]),
        ("ｐｉｌｏｔ", [1]),
        ("議事", [2]),
        ("かん", [2]),
        ("がん", []),
        ("한국", [2]),
        ("하", []),
        ("team", [0, 1, 3]),
        ("pilot team", [1]),
        ('"start team"', []),
        ("s1", []),
        ("t1", []),
        ("tart", []),
        ("국", [2]),
        ('"start. TEAM"', []),
    ],
)
def test_search_finds_rows_with_every_word(text: str, rows: list[int]) -> None:
    """Every word has to occur in the texts of a row, without case and accents; a phrase in quotes is matched exactly.

    Ids do not count.
    """
    found = SESSIONS.hedy.search(text)

    assert found.index.tolist() == rows
    pd.testing.assert_series_equal(found.dtypes, SESSIONS.dtypes)


@pytest.mark.parametrize("text", ["", "  ", '""', '" "'])
def test_search_for_nothing_is_refused(text: str) -> None:
    """Without a word there is nothing to search for."""
    with pytest.raises(UsageError, match="nothing to search for"):
        SESSIONS.hedy.search(text)


def test_search_reads_added_and_merged_columns() -> None:
    """Texts of other columns, categories and doubled names are searched too, numbers and lists are not."""
    df = SESSIONS.assign(tag=pd.Categorical(["Blau", None, "Rot", None]), n=7, mixed=[["rot"], 7, None, "rot"])
    doubled = pd.concat([df, df[["title"]].assign(title=["x", "Pilot two", "y", "pilot three"])], axis=1)

    assert df.hedy.search("rot").index.tolist() == [2, 3]
    assert doubled.hedy.search("pilot").index.tolist() == [1, 3]
    assert df.set_index("title").hedy.search("pilot")["session_id"].tolist() == ["s2"]


def test_summary_says_the_facts_of_the_kind() -> None:
    """A summary has one fact a row: how many, from when to when, hours, open and done."""
    sessions, todos = SESSIONS.hedy.summary(), TODOS.hedy.summary()

    assert sessions.index.tolist() == [
        "sessions",
        "first",
        "last",
        "days",
        "hours",
        "median_min",
        "topics",
        "without_topic",
    ]
    assert sessions["first"] == pd.Timestamp("2026-03-02T10:00Z")
    assert sessions[["sessions", "days", "hours", "median_min", "topics", "without_topic"]].tolist() == [
        4,
        3,
        2.2,
        45.0,
        2,
        1,
    ]
    assert todos.to_dict() == {"todos": 4, "open": 3, "done": 1, "without_due_date": 3, "sessions": 3, "topics": 2}


@pytest.mark.parametrize("table", TABLES)
def test_summary_of_nothing_counts_none(table: str) -> None:
    """An empty frame has a summary too."""
    found = build(table, []).hedy.summary()

    assert found.iloc[0] == 0


def test_registering_again_changes_nothing() -> None:
    """A second register gives no warning; after unregister the frame has no ``hedy``, and register brings it back."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        registration.register()
        registration.register()
    registration.unregister()
    registration.unregister()

    assert not hasattr(SESSIONS.copy(), "hedy")  # before pandas 3 a frame keeps the accessor that it has shown once
    registration.register()
    assert SESSIONS.copy().hedy.kind == "sessions"


def test_members_can_be_inspected() -> None:
    """Help and editors see the signature and the docstring of a member, wherever it is defined; the object pickles."""
    members = pickle.loads(pickle.dumps(HedyFrame(TODOS)))  # noqa: S301  our own bytes

    assert list(inspect.signature(members.due).parameters) == ["sessions"]
    assert "due_on" in pydoc.render_doc(members.due)
    assert members.open()["todo_id"].tolist() == TODOS.hedy.open()["todo_id"].tolist()
    assert [name for name in dir(members) if name.startswith("_") and not name.startswith("__")] == []
