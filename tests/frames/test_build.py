"""Records of the API become frames with fixed columns and dtypes, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.account.session import Session
from hedy_jupyter.frames import api_text
from hedy_jupyter.frames.build import build, values
from hedy_jupyter.frames.schema import DTYPES, TABLES
from hedy_jupyter.kinds import identity
from hedy_jupyter.text.host_names import host_of

TEXT = DTYPES["text"]
TIME = "datetime64[us, UTC]"
# INTERFACE.md section 2, written out: the table of the package must not be the judge of itself.
SESSIONS = {
    "session_id": TEXT,
    "title": TEXT,
    "start_time": TIME,
    "duration_min": "float64",
    "session_type": TEXT,
    "topic_id": TEXT,
    "topic_name": TEXT,
}
HIGHLIGHTS = {"highlight_id": TEXT, "session_id": TEXT, "timestamp": TIME, "title": TEXT}
COLUMNS = {
    "sessions": SESSIONS,
    "sessions_detailed": SESSIONS
    | {
        "end_time": TIME,
        "recap": TEXT,
        "meeting_minutes": TEXT,
        "transcript": TEXT,
        "cleaned_transcript": TEXT,
        "cleaned_at": TIME,
        "conversations": TEXT,
        "session_notes": TEXT,
        "highlight_count": "Int64",
        "todo_count": "Int64",
    },
    "highlights": HIGHLIGHTS,
    "highlights_detailed": HIGHLIGHTS
    | {"time_index_ms": "float64", "raw_quote": TEXT, "cleaned_quote": TEXT, "main_idea": TEXT, "ai_insight": TEXT},
    "todos": {
        "todo_id": TEXT,
        "text": TEXT,
        "due_date": TEXT,
        "completed": "boolean",
        "session_id": TEXT,
        "topic_id": TEXT,
        "topic_name": TEXT,
    },
    "topics": {
        "topic_id": TEXT,
        "name": TEXT,
        "description": TEXT,
        "color": TEXT,
        "icon_name": TEXT,
        "topic_context": TEXT,
        "topic_context_updated_at": TIME,
        "session_count": "Int64",
        "last_session_date": TIME,
        "dominant_session_type": TEXT,
        "overview": TEXT,
        "overview_updated_at": TIME,
        "created_at": TIME,
        "updated_at": TIME,
    },
    "contexts": {
        "context_id": TEXT,
        "title": TEXT,
        "content": TEXT,
        "is_default": "boolean",
        "created_at": TIME,
        "updated_at": TIME,
    },
    "webhooks": {
        "webhook_id": TEXT,
        "url": TEXT,
        "host": TEXT,
        "events": "object",
        "created_at": TIME,
        "updated_at": TIME,
    },
    "places": {
        "session_id": TEXT,
        "title": TEXT,
        "start_time": TIME,
        "field": TEXT,
        "speaker": TEXT,
        "position": "Int64",
        "text": TEXT,
    },
    "related": {"session_id": TEXT, "title": TEXT, "start_time": TIME, "words": TEXT, "score": "float64"},
    "hits": {"session_id": TEXT, "title": TEXT, "start_time": TIME, "field": TEXT, "snippet": TEXT, "score": "float64"},
    "events": {
        "event_id": TEXT,
        "event": TEXT,
        "received_at": TIME,
        "session_id": TEXT,
        "title": TEXT,
        "status": TEXT,
    },
    "coverage": {"month": TEXT, "held": "Int64", "listed": "Int64", "missing": "Int64", "without_text": "Int64"},
    "versions": {"field": TEXT, "text": TEXT, "first_seen_at": TIME, "replaced_at": TIME},
    "times": {"first_seen_at": TIME, "gone_at": TIME, "completed_at": TIME},
    "requests": {"time": TIME, "method": TEXT, "path": TEXT, "status": "Int64", "ms": "float64", "bytes": "Int64"},
}
JUNK = [
    None,
    "",
    "n/a",
    {},
    {"a": 1},
    [],
    [1],
    True,
    5,
    -1.5,
    float("nan"),
    float("inf"),
    10**400,
    "99999-01-01T00:00:00Z",
    "\ud800",
    "\x00",
]


def cell(table: str, column: str, record: dict[str, object]) -> object:
    """The one cell that *record* gives, None where it is missing."""
    found = build(table, [record])[column].iloc[0]
    return None if not isinstance(found, list) and pd.isna(found) else found


def test_tables_are_those_of_the_interface() -> None:
    """The package has the frames of the interface, no more and no fewer."""
    assert set(TABLES) == set(COLUMNS)


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("records", [[], [{}], [{"id": None, "topic": None}, {}]], ids=["none", "empty", "nulls"])
def test_columns_and_dtypes_never_change(table: str, records: list[dict[str, object]]) -> None:
    """A frame has its columns, dtypes and a RangeIndex also without records or values."""
    df = build(table, records)

    assert list(df.columns) == list(COLUMNS[table])
    assert {name: str(dtype) for name, dtype in df.dtypes.items()} == COLUMNS[table]
    assert isinstance(df.index, pd.RangeIndex)
    assert len(df) == len(records)


@pytest.mark.parametrize("table", COLUMNS)
def test_a_missing_value_is_missing(table: str) -> None:
    """A record without values gives a row of missing values, and an empty list of events."""
    row = build(table, [{}]).iloc[0].drop("events", errors="ignore")

    assert row.isna().all()
    assert "None" not in build(table, [{}]).to_csv()


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:20])
def test_any_value_anywhere_keeps_the_frame(table: str, junk: object) -> None:
    """A wrong value in any place of a record loses no row, no dtype and no good value beside it."""
    keys = {path[0] for column in TABLES[table] for path in column.paths if path} | {"duration", "startTime", "endTime"}
    records: list[dict[str, object]] = [{key: junk} for key in sorted(keys)] + [
        {"topic": {"id": junk, "name": junk}},
        {"sessionId": "s1", "id": "s1"},
    ]

    df = build(table, records)

    assert {name: str(dtype) for name, dtype in df.dtypes.items()} == COLUMNS[table]
    assert len(df) == len(records)
    repr(df)
    df.to_csv()


def test_records_that_are_no_objects_are_skipped() -> None:
    """Only JSON objects become rows, in their order."""
    records: list[object] = [{"id": "a"}, None, "b", ["c"], 5, {"id": "d"}]

    df = build("todos", records)  # type: ignore[arg-type]

    assert df["todo_id"].tolist() == ["a", "d"]


def test_one_bad_value_loses_only_itself() -> None:
    """Beside a title that is no text and a duration that is no number everything else stays."""
    df = build(
        "sessions",
        [{"sessionId": "a", "title": {"de": "x"}, "duration": 30}, {"sessionId": "b", "title": "B", "duration": "n/a"}],
    )

    assert df["session_id"].tolist() == ["a", "b"]
    assert df["title"].isna().tolist() == [True, False]
    assert df["duration_min"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("table", "column", "record", "expected"),
    [
        ("sessions", "session_id", {"sessionId": "a", "id": "b"}, "a"),
        ("sessions", "session_id", {"sessionId": None, "id": "b"}, "b"),
        ("sessions", "session_id", {"id": 17}, "17"),
        ("sessions", "session_id", {"id": 17.0}, "17"),
        ("sessions", "session_id", {"id": True}, None),
        ("sessions", "session_type", {"sessionType": "meeting"}, "meeting"),
        ("sessions", "topic_id", {"topic": {"id": "a"}, "topicInfo": {"id": "b"}}, "a"),
        ("sessions", "topic_id", {"topic": None, "topicInfo": {"id": "b"}}, "b"),
        ("sessions", "topic_id", {"topicId": "c"}, "c"),
        ("sessions", "topic_id", {"topic": "Team"}, None),
        ("sessions", "topic_name", {"topicInfo": {"name": "Team"}}, "Team"),
        ("sessions", "title", {"title": ""}, ""),
        ("sessions", "title", {"title": 5}, None),
        ("sessions", "title", {"title": "a\x00\x1b\u2028b"}, "a\x00\x1b\u2028b"),
        ("sessions", "title", {"title": "a\ud83db"}, "a\ufffdb"),
        ("sessions", "title", {"title": "会議 \U0001f600"}, "会議 \U0001f600"),
        ("sessions_detailed", "cleaned_transcript", {"cleanedTranscript": "t"}, "t"),
        ("sessions_detailed", "meeting_minutes", {"meetingMinutes": "m"}, "m"),
        ("sessions_detailed", "todo_count", {"userTodos": [{}, {}]}, 2),
        ("sessions_detailed", "highlight_count", {"highlights": []}, 0),
        ("sessions_detailed", "highlight_count", {"highlights": "2"}, None),
        ("highlights", "highlight_id", {"highlightId": "h", "id": "x"}, "h"),
        ("highlights", "highlight_id", {"id": "h"}, "h"),
        ("highlights_detailed", "time_index_ms", {"timeIndexMs": "300000"}, 300000.0),
        ("highlights_detailed", "ai_insight", {"aiInsights": "i"}, "i"),
        ("highlights_detailed", "raw_quote", {"quote": "q"}, "q"),
        ("todos", "todo_id", {"id": "t", "sessionId": "s"}, "t"),
        ("todos", "due_date", {"dueDate": ""}, ""),
        ("todos", "completed", {"completed": True}, True),
        ("todos", "completed", {"completed": "yes"}, None),
        ("todos", "completed", {"completed": 1}, None),
        ("topics", "session_count", {"sessionCount": "12"}, 12),
        ("topics", "session_count", {"sessionCount": 12.0}, 12),
        ("topics", "session_count", {"sessionCount": 12.5}, None),
        ("topics", "session_count", {"sessionCount": True}, None),
        ("webhooks", "events", {"event": "session.ended"}, ["session.ended"]),
        ("webhooks", "events", {"events": ["a", 5, "b"]}, ["a", "b"]),
        ("webhooks", "events", {}, []),
    ],
)
def test_values_are_found_under_every_name(
    table: str, column: str, record: dict[str, object], expected: object
) -> None:
    """A value is read under each of its names; the first that is not null wins; a wrong type is missing."""
    assert cell(table, column, record) == expected


@pytest.mark.parametrize("key", ["todos", "topics"])
def test_speed_takes_no_part_in_the_result(key: str) -> None:
    """Rows read one by one, because one value is bad, are the rows that are read all at once."""
    good: dict[str, object] = {
        "id": "a",
        "text": "x",
        "name": "n",
        "completed": False,
        "topic": {"id": "t", "name": "T"},
    }
    bad: dict[str, object] = {"id": 5, "text": 5, "name": [], "completed": "no", "topic": {"id": {}, "name": 1}}

    pd.testing.assert_frame_equal(build(key, [good, bad]).head(1), build(key, [good]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-15T14:30:00Z", "2026-03-15T14:30:00"),
        ("2026-03-15T14:30:00.9Z", "2026-03-15T14:30:00.900000"),
        ("2026-03-15T14:30:00.953Z", "2026-03-15T14:30:00.953000"),
        ("2026-03-15T14:30:00.953635Z", "2026-03-15T14:30:00.953635"),
        ("2026-03-15T14:30:00.123456789Z", "2026-03-15T14:30:00.123456"),
        ("2026-03-15T14:30:00.123456789012Z", "2026-03-15T14:30:00.123456"),
        ("2026-03-15T14:30:00.Z", "2026-03-15T14:30:00"),
        ("2026-03-15t14:30:00z", "2026-03-15T14:30:00"),
        (" 2026-03-15T14:30:00Z ", "2026-03-15T14:30:00"),
        ("2026-03-15T14:30Z", "2026-03-15T14:30:00"),
        ("2026-03-15T14:30:00+02:00", "2026-03-15T12:30:00"),
        ("2026-03-15T14:30:00-0530", "2026-03-15T20:00:00"),
        ("2026-03-15T14:30:00", "2026-03-15T14:30:00"),
        ("2026-03-15 14:30:00", "2026-03-15T14:30:00"),
        ("2026-03-15", "2026-03-15T00:00:00"),
        (1773585000000, "2026-03-15T14:30:00"),
        (1773585000, "2026-03-15T14:30:00"),
        (1773585000.5, "2026-03-15T14:30:00.500000"),
        ("1773585000000", "2026-03-15T14:30:00"),
        ("1712011200000", "2024-04-01T22:40:00"),
    ],
)
def test_times_are_utc_with_microseconds(value: object, expected: str) -> None:
    """ISO 8601 with any fraction and zone, and epoch numbers, become microseconds in UTC.

    Finer fractions are cut off.
    """
    assert cell("sessions", "start_time", {"startTime": value}) == pd.Timestamp(expected, tz="UTC")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "2026-13-01",
        "99999-01-01T00:00:00Z",
        "0001-06-01T00:00:00Z",
        "9999-06-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:00:00-05:00",
        45,
        True,
        1e30,
        "nan",
        "7",
    ],
)
def test_what_is_no_time_is_missing(value: object) -> None:
    """A time that no calendar has is missing."""
    assert cell("sessions", "start_time", {"startTime": value}) is None


@pytest.mark.parametrize(
    ("duration", "end", "expected"),
    [
        (45, "15:15:00", 45.0),
        ("45", "15:15:00", 45.0),
        (" 45.5 ", None, 45.5),
        (2700, "15:15:00", 45.0),
        (2600, "15:15:00", 2600 / 60),
        (2700, None, 2700.0),
        (2000, "15:15:00", 2000.0),
        (1, "14:30:40", 1.0),
        (0, "14:30:00", 0.0),
        (True, "15:15:00", None),
        ("1_000", None, None),
        ("inf", None, None),
        (float("nan"), None, None),
    ],
)
def test_duration_is_in_minutes(duration: object, end: str | None, expected: float | None) -> None:
    """Durations are minutes; only where start and end say so they were seconds."""
    record = {"startTime": "2026-03-15T14:30:00Z", "endTime": end and f"2026-03-15T{end}Z", "duration": duration}

    assert cell("sessions", "duration_min", record) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('[{"insert":"Ask QA first\\n"}]', "Ask QA first"),
        ('{"ops":[{"insert":"Ask "},{"insert":"QA","attributes":{"bold":true}},{"insert":"\\n"}]}', "Ask QA"),
        ('[{"insert":"a"},{"insert":{"image":"x"}},{"insert":"b\\n"}]', "ab"),
        ([{"insert": "as JSON\n"}], "as JSON"),
        ("Plain notes\n", "Plain notes\n"),
        ("[ ] buy milk", "[ ] buy milk"),
        ("[1, 2]", "[1, 2]"),
        ("[" * 100_000, "[" * 100_000),
        ('[{"insert":"a\\ud800\\n"}]', "a\ufffd"),
        ("", ""),
        (None, None),
        (5, None),
    ],
)
def test_notes_are_plain_text(value: object, expected: str | None) -> None:
    """Session notes come out of their Quill delta as text; text that is no delta stays."""
    assert api_text.notes(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"summary": "All well."}, "All well."),
        (
            {"overviewParagraphs": ["One.", 5, "Two."], "prepNote": {"title": "Next", "bullets": ["a", "b"]}},
            "One.\n\nTwo.\n\nNext\n- a\n- b",
        ),
        ({"overviewParagraphs": None, "prepNote": "x"}, None),
        ({}, None),
        ("As text", "As text"),
        ([], None),
    ],
)
def test_overview_is_plain_text(value: object, expected: str | None) -> None:
    """Both shapes of a topic's overview come out as text."""
    assert api_text.overview(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Q: Who?\nA: Ada.", "Q: Who?\nA: Ada."),
        (
            [{"question": "Who?", "answer": "Ada."}, {"question": None, "answer": "So it is."}, {"answer": 5}, 7],
            "Q: Who?\nA: Ada.\n\nA: So it is.",
        ),
        ([], None),
        ({}, None),
    ],
)
def test_conversations_are_text(value: object, expected: str | None) -> None:
    """Questions and answers in a list become the text form that the API also sends."""
    assert api_text.conversations(value) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Hooks.Example.com:8443/x?y=1", "hooks.example.com"),
        ("https://user:word@example.com/", "example.com"),
        ("https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example"),
        ("https://münchen.example/", "münchen.example"),
        ("https://[::1]:80/", "::1"),
        ("https://[::1/", None),
        ("https://a b.example/", None),
        ("example.com/x", None),
        ("https://", None),
        ("", None),
        (5, None),
    ],
)
def test_host_is_the_name_in_the_url(url: object, expected: str | None) -> None:
    """The host is the URL's own, in small letters, and missing where the URL is none."""
    assert host_of(url) == expected


@pytest.mark.parametrize(
    ("table", "record", "expected"),
    [
        ("sessions", {"sessionId": "a", "id": "b"}, "a"),
        ("highlights", {"id": "h", "sessionId": "s"}, "h"),
        ("highlights", {"highlightId": "h", "id": "x"}, "h"),
        ("todos", {"id": 7, "sessionId": "s"}, "7"),
        ("todos", {"sessionId": "s"}, None),
        ("topics", {"id": ""}, None),
        ("contexts", {"id": float("nan")}, None),
    ],
)
def test_identity_is_the_id_of_the_record_itself(table: str, record: dict[str, object], expected: str | None) -> None:
    """The id of a record is its own, never that of what it belongs to."""
    assert identity(table, record) == expected


def test_values_are_plain_python() -> None:
    """One record as values has None for missing, a Timestamp in UTC, an int and a bool."""
    found = values("topics", {"id": 5, "sessionCount": "3", "createdAt": "2026-03-15T14:30:00.1234567+01:00"})
    todo = values("todos", {"completed": False})

    assert list(found) == list(COLUMNS["topics"])
    assert (found["topic_id"], found["name"], found["updated_at"]) == ("5", None, None)
    assert found["session_count"] == 3
    assert type(found["session_count"]) is int
    assert found["created_at"] == pd.Timestamp(datetime(2026, 3, 15, 13, 30, 0, 123456, tzinfo=UTC))
    assert isinstance(found["created_at"], pd.Timestamp)
    assert found["created_at"].unit == "us"
    assert todo["completed"] is False


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_frames_are_the_same_without_pyarrow(storage: str) -> None:
    """Text columns work on either storage that pandas has."""
    if storage == "pyarrow":
        pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", storage):
        df = build("todos", [{"id": "a", "text": "x\ud800"}, {"id": None}])

    assert str(df["text"].dtype) == TEXT
    assert df["text"].iloc[0] == "x\ufffd"
    assert df["todo_id"].isna().tolist() == [False, True]


@pytest.mark.parametrize(("unit", "expected"), [(60, 30.0), (1, 30.0)])
def test_one_account_has_one_unit(api: Any, key: str, unit: int, expected: float) -> None:
    """A list in seconds is recognized by a detail that was read: it has start and end."""
    rows = [
        {"sessionId": f"s_00000{n}", "title": "T", "startTime": "2026-03-01T10:00:00Z", "duration": 30 * unit}
        for n in range(3)
    ]
    api.answers = {"/sessions": {"success": True, "data": rows, "pagination": {"hasMore": False}}}
    api.answers |= {f"/sessions/{row['sessionId']}": {**row, "endTime": "2026-03-01T10:30:00Z"} for row in rows}
    with hj.connect(api_key=key, transport=api.transport) as hedy:
        hedy.session("s_000001")

        assert hedy.sessions()["duration_min"].tolist() == [expected] * 3
        assert hedy.sessions(details=True)["duration_min"].tolist() == [expected] * 3
        assert hedy.sessions(refresh=True)["duration_min"].tolist() == [expected] * 3


def test_an_empty_id_beside_a_good_one() -> None:
    """``sessionId: ""`` does not hide ``id``."""
    record = {"sessionId": "", "id": "s_1", "title": "T"}

    assert build("sessions", [record])["session_id"].tolist() == ["s_1"]
    assert identity("sessions", record) == "s_1"
    assert identity("sessions", {"sessionId": "", "id": ""}) is None


BLANKS = ["", " ", "  ", "\t\n", "\u00a0"]


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    ("table", "column", "paths"),
    [
        ("sessions", "session_id", ["sessionId", "id"]),
        ("highlights", "highlight_id", ["highlightId", "id"]),
        ("highlights", "session_id", ["sessionId"]),
        ("todos", "todo_id", ["id", "todoId"]),
        ("todos", "session_id", ["sessionId"]),
        ("todos", "topic_id", ["topicId"]),
        ("topics", "topic_id", ["id", "topicId"]),
        ("contexts", "context_id", ["id", "contextId"]),
        ("webhooks", "webhook_id", ["id", "webhookId"]),
    ],
)
def test_blank_ids_are_missing(table: str, column: str, paths: list[str], blank: str) -> None:
    """An empty or blank id is missing, and hides no good one."""
    assert cell(table, column, dict.fromkeys(paths, blank)) is None
    for good in paths:
        record: dict[str, object] = {**dict.fromkeys(paths, blank), good: "x_1"}
        assert cell(table, column, record) == "x_1"
        if column == f"{table.removesuffix('s')}_id":
            assert identity(table, record) == "x_1"


@pytest.mark.parametrize("blank", BLANKS)
def test_blank_topic_ids_hide_no_good_one(blank: str) -> None:
    """The same holds for the id of a topic inside of a record."""
    record = {"id": "t", "topic": {"id": blank, "name": "A"}, "topicInfo": {"id": "topic_a"}}

    assert cell("todos", "topic_id", record) == "topic_a"
    assert cell("sessions", "topic_id", {"sessionId": "s", "topic": {"id": blank}}) is None


@pytest.mark.parametrize("blank", BLANKS)
def test_blank_session_of_what_comes_with_a_session(blank: str) -> None:
    """What is in the details of a session belongs to it, also where its own ``sessionId`` is blank."""
    embedded = {"id": "x", "sessionId": blank, "text": "T", "title": "T"}
    session = Session.from_record({"sessionId": "s_1", "highlights": [embedded], "user_todos": [embedded]})

    assert session.highlights["session_id"].tolist() == ["s_1"]
    assert session.todos["session_id"].tolist() == ["s_1"]


@pytest.mark.parametrize("table", ["sessions", "topics", "todos", "webhooks"])
def test_a_frame_of_several_parts_is_the_one_of_its_records(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a part ends makes no difference, whatever the next one holds."""
    records: list[Any] = [
        {"id": "a", "text": "ä", "topic": {"id": "t", "name": "One"}, "completed": True, "sessionCount": 2},
        {"id": "", "todoId": 7, "sessionId": "b\ud800", "topicInfo": {"id": " "}, "topicId": "u", "events": ["x"]},
        None,
        {"topic": "no object", "topicName": "Two", "completed": "yes", "startTime": "2026-03-01T10:00:00Z"},
        {},
        {"id": "c", "text": None, "topic": {"id": "", "name": "Three"}, "topicInfo": {"id": "v"}, "url": "https://a.b"},
    ]
    whole = build(table, records)
    monkeypatch.setattr("hedy_jupyter.frames.build.PART_ROWS", 2)

    pd.testing.assert_frame_equal(build(table, records), whole)
    assert isinstance(build(table, records).index, pd.RangeIndex)
