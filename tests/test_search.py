"""Search in the archive: what is found, how it is shown, and that no input can break it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedy_jupyter.archive import index, snippets
from hedy_jupyter.archive.search import Hit, find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import UsageError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    with Store.open(tmp_path / "a.sqlite", create=True) as opened:
        yield opened


def put(store: Store, ident: str = "sess_1", **fields: Any) -> None:
    """One session with its details."""
    store.put_detail(ident, {"sessionId": ident, "title": "Weekly", "startTime": "2026-03-01T10:00:00Z"} | fields)


def ids(hits: list[Hit]) -> list[str]:
    """The sessions of *hits*."""
    return [hit.session_id for hit in hits]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("the pilot starts Monday", "pilot"),
        ("the pilot starts Monday", "MONDAY Pilot"),
        ("the pilot starts Monday", '"pilot starts"'),
        ("the pilot\nstarts, Monday", '"pilot starts" the'),
        ("Réunion de l'été à Łódź", "reunion ete"),
        ("reunion de l'ete", "réunion Été"),
        ("Straße und Größe", "große"),
        ("naïve coöperation", "naive cooperation"),
        ("write e-mail to foo_bar", "e-mail"),
        ("write e-mail to foo_bar", "foo_bar"),
        ("we don't know", "don't"),
        ("we don’t know", "don't"),
        ("version 3.5 of it", "3.5"),
        ("learn C++ now", "C++"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("ﬁnally done", "finally"),
        ("浜風倉庫でカモメ号が止まった", "浜風"),
        ("浜風倉庫でカモメ号が止まった", "カモメ"),
        ("浜風倉庫でカモメ号が止まった", "倉"),
        ("ｶﾓﾒ号", "カモメ"),
        ("がっこう", "がっこう"),
        ("社区图书馆例会", "图书馆"),
        ("Q3会議のagenda", "会議"),
        ("Q3会議のagenda", "agenda 会議"),
        ("회의록 검토", "회의록"),
        ("встреча по проекту Ёлка", "елка"),
        ("emoji 🚀 rocket", "rocket 🚀"),
        ("one two three four", "four one"),
    ],
)
def test_found(store: Store, text: str, query: str) -> None:
    """A session is found by its words, whatever their case, accents and script, and its snippet shows the place."""
    put(store, transcript=f"{'Something else before it. ' * 20}{text}{' And something after it.' * 20}")

    hits = find(store, query)

    assert ids(hits) == ["sess_1"]
    assert hits[0].field == "transcript"
    assert len(hits[0].snippet) < 200
    assert text.split()[0][:4] in hits[0].snippet


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("the pilot starts", "pilots"),
        ("the pilot starts", "pil"),
        ("the pilot starts", '"starts pilot"'),
        ("the pilot starts", "pilot monday"),
        ("浜風倉庫", "風浜"),
        ("浜 and 風", "浜風"),
        ("がっこう", "かっこう"),
        ("a b c", '"a c"'),
    ],
)
def test_not_found(store: Store, text: str, query: str) -> None:
    """Parts of words, other orders of a phrase and missing words are no hit."""
    put(store, transcript=text)

    assert find(store, query) == []


OPERATORS = """AND pilot|pilot OR|NOT pilot|NEAR(pilot|title:pilot|pilot*|^pilot|-pilot|{pilot}|pilot)|pilot"|(((pilot|pilot + pilot
%pilot_|pilot ?|pilot'; DROP TABLE sessions; --""".replace("\n", "|").split("|")


@pytest.mark.parametrize("query", [*OPERATORS, "pilot\x00", "\ud800 pilot", "pilot\u202e"])
def test_every_input_is_literal(store: Store, query: str) -> None:
    """What FTS5 would take for an operator is text: it never fails, and only its words count."""
    put(store, transcript="and or not near title pilot, near pilot, pilot pilot; drop table sessions")

    assert ids(find(store, query)) == ["sess_1"]


@pytest.mark.parametrize("query", ["", "   ", '"', '""', "...", "\x00", "\ud800", "-", "🚀", "؟!"])
def test_no_word(store: Store, query: str) -> None:
    """A search without a word is one clear error."""
    with pytest.raises(UsageError, match="nothing to search for"):
        find(store, query)


def test_words_may_stand_in_different_fields(store: Store) -> None:
    """All words must occur in the session, not in one field; the field that has most of them is shown."""
    put(store, title="Budget", recap="We talked about Corvane and the gaskets.", transcript="only talk")

    hits = find(store, "budget corvane gaskets")

    assert [(hit.field, hit.session_id) for hit in hits] == [("recap", "sess_1")]


FIELDS = {
    "title": {"title": "zebra"},
    "recap": {"recap": "zebra"},
    "meeting_minutes": {"meeting_minutes": "- zebra"},
    "transcript": {"transcript": "zebra"},
    "cleaned_transcript": {"cleaned_transcript": "zebra"},
    "conversations": {"conversations": "Q: zebra?"},
    "session_notes": {"session_notes": '[{"insert":"zebra\\n"}]'},
    "highlights": {"highlights": [{"highlightId": "h1", "title": "zebra"}]},
    "cleaned_quote": {"highlights": [{"highlightId": "h1", "cleanedQuote": "zebra"}]},
    "raw_quote": {"highlights": [{"highlightId": "h1", "rawQuote": "zebra"}]},
    "main_idea": {"highlights": [{"highlightId": "h1", "mainIdea": "zebra"}]},
    "ai_insight": {"highlights": [{"highlightId": "h1", "aiInsight": "zebra"}]},
    "text": {"user_todos": [{"id": "t1", "text": "zebra"}]},
}
GROUP = {"text": "todos"} | dict.fromkeys(["cleaned_quote", "raw_quote", "main_idea", "ai_insight"], "highlights")


@pytest.mark.parametrize("field", FIELDS)
def test_fields(store: Store, field: str) -> None:
    """Each field is searched, named in the result, and can be asked for alone, by its column's name or its kind's."""
    put(store, **FIELDS[field])
    others = [name for name in FIELDS if name != field and GROUP.get(name, name) != GROUP.get(field, field)]
    group = {"cleaned_transcript": "transcript"}.get(field, GROUP.get(field, field))

    assert [hit.field for hit in find(store, "zebra")] == [field]
    assert [hit.field for hit in find(store, "zebra", fields=[field])] == [field]
    assert [hit.field for hit in find(store, "zebra", fields=[group])] == [field]
    assert find(store, "zebra", fields=[name for name in others if name not in {"transcript", "cleaned_transcript"}]) == []


def test_one_column_of_a_kind(store: Store) -> None:
    """A hit in another column of the highlights than the one asked for is none."""
    put(store, highlights=[{"highlightId": "h1", "rawQuote": "zebra"}])

    assert find(store, "zebra", fields=["cleaned_quote"]) == []


def test_unknown_field(store: Store) -> None:
    """A field that does not exist is an error with a suggestion."""
    with pytest.raises(UsageError, match=r"no field 'transcrpt'.*transcript"):
        find(store, "x", fields=["transcrpt"])


def test_cleaned_transcript_is_preferred(store: Store) -> None:
    """Where there are two transcripts only the cleaned one is searched, and another one once it comes."""
    put(store, transcript="umm zebra", cleaned_transcript=None)
    before = ids(find(store, "umm"))
    put(store, transcript="umm zebra", cleaned_transcript="Zebra.")

    assert before == ["sess_1"]
    assert find(store, "umm") == []
    assert [hit.field for hit in find(store, "zebra")] == ["cleaned_transcript"]


@pytest.mark.parametrize("kind", ["highlights", "user_todos"])
def test_phrase_does_not_cross_items(store: Store, kind: str) -> None:
    """A phrase that begins in one todo or highlight and ends in the next is none."""
    key, name = ("highlightId", "title") if kind == "highlights" else ("id", "text")
    put(store, **{kind: [{key: "x1", name: "send the samples"}, {key: "x2", name: "today please"}]})

    assert ids(find(store, '"the samples"')) == ["sess_1"]
    assert find(store, '"samples today"') == []


def test_best_first(store: Store) -> None:
    """A word in the title counts for more than one in a recap, and that for more than one that was merely said; scores fall."""
    long = "word " * 200
    put(store, "said", transcript=f"{long} zebra {long}")
    put(store, "titled", title="Zebra", transcript=long * 2)
    put(store, "summed", recap="zebra", transcript=long * 2)

    hits = find(store, "zebra")

    assert ids(hits) == ["titled", "summed", "said"]
    assert hits[0].score > hits[1].score > hits[2].score > 0


def test_equal_scores_newest_first(store: Store) -> None:
    """Of two equal sessions the newer one comes first."""
    for month in (3, 5, 4):
        put(store, f"s{month}", startTime=f"2026-0{month}-01T10:00:00Z", transcript="zebra")

    assert ids(find(store, "zebra")) == ["s5", "s4", "s3"]


def test_filters(store: Store) -> None:
    """Bounds of time and a topic leave out the other sessions, and come before the limit."""
    for month in range(1, 7):
        put(store, f"s{month}", startTime=f"2026-0{month}-01T10:00:00Z", transcript="zebra", topic={"id": f"t{month % 2}"})
    since, until = datetime(2026, 2, 1, 10, tzinfo=UTC), datetime(2026, 5, 1, 10, tzinfo=UTC)

    assert sorted(ids(find(store, "zebra", since=since, until=until))) == ["s2", "s3", "s4"]
    assert sorted(ids(find(store, "zebra", topic_id="t1"))) == ["s1", "s3", "s5"]
    assert ids(find(store, "zebra", since=since, until=until, topic_id="t1")) == ["s3"]
    assert len(find(store, "zebra", limit=2)) == 2
    assert ids(find(store, "zebra", topic_id="t0", limit=1)) == ["s6"]


@pytest.mark.parametrize("limit", [0, -1, True, 2.5, "3"])
def test_limit_is_a_number(store: Store, limit: Any) -> None:
    """A limit that is none is an error."""
    with pytest.raises(UsageError, match="limit"):
        find(store, "x", limit=limit)


def test_fts(store: Store) -> None:
    """With ``fts=True`` FTS5's own language is understood, and its errors are one clear line."""
    put(store, transcript="the harbour lamp and the gasket", recap="quiet")

    assert ids(find(store, "harb*", fts=True)) == ["sess_1"]
    assert ids(find(store, "NEAR(harbour gasket, 5)", fts=True)) == ["sess_1"]
    assert find(store, "harbour NOT gasket", fts=True) == []
    assert ids(find(store, "recap : quiet", fts=True)) == ["sess_1"]
    assert "harbour" in find(store, "harb*", fts=True)[0].snippet
    for wrong in ("NEAR(", '"', "nosuch : x", ""):
        with pytest.raises(UsageError):
            find(store, wrong, fts=True)


def test_changed_texts_are_forgotten(store: Store) -> None:
    """What a text no longer says is not found, also after many changes, and the index stays sound."""
    for word in ("alpha", "beta", "gamma"):
        put(store, title=word, transcript=f"{word} said", highlights=[{"highlightId": "h1", "title": f"{word} idea"}])
        store.put_todos([{"id": "t1", "sessionId": "sess_1", "text": f"{word} todo"}])
    store.gone("todos", ["t1"])

    assert ids(find(store, "gamma")) == ["sess_1"]
    assert find(store, "alpha") == find(store, "beta") == find(store, "todo") == []
    store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    assert store.connection.execute("SELECT count(*) FROM words").fetchone() == (1,)


def test_rebuilt_index_is_the_same(store: Store) -> None:
    """Indexing anew gives the same answers."""
    for number in range(20):
        put(store, f"s{number}", transcript=f"zebra number{number}", highlights=[{"highlightId": f"h{number}", "title": f"idea{number}"}])
    before = find(store, "zebra"), find(store, "idea7")

    store.reindex()

    assert (find(store, "zebra"), find(store, "idea7")) == before


words = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=words, query=words)
def test_nothing_breaks_it(store: Store, text: str, query: str) -> None:
    """Any text can be put in and any text can be searched for; what comes is hits or the one clear error."""
    put(store, title=text, transcript=query, user_todos=[{"id": "t", "text": text}])
    try:
        hits = find(store, query)
    except UsageError:
        return

    assert ids(hits) == ["sess_1"]
    assert "\n" not in hits[0].snippet


@settings(max_examples=150, deadline=None)
@given(before=words, word=st.sampled_from(["harbour", "été", "ﬁn", "浜風", "ＡＢ", "Ökonom", "don't"]), after=words)
def test_snippet_shows_the_word(before: str, word: str, after: str) -> None:
    """Whatever stands round it, the place that is found is that of the word."""
    text = f"{before} {word} {after}"
    tokens = index.spaced(word).replace("'", " ").split()

    place = snippets.found(text, snippets.pattern([tokens]))

    assert place is not None
    assert index.folded(text[place[0] : place[1]]).replace("'", " ").split() == index.folded(word).replace("'", " ").split()


@pytest.mark.parametrize("size", [0, 1, 100, 8192, 70_000])
def test_snippet_of_a_long_text(store: Store, size: int) -> None:
    """The place is found wherever it is in a compressed text, also where a character lies across what is read at a time."""
    put(store, transcript="é" * size + " Zebra über den Hafen " + "ü" * size)

    assert "Zebra über den" in find(store, "zebra")[0].snippet
    assert "über den" in find(store, '"uber den"')[0].snippet


def test_snippet_is_one_line(store: Store) -> None:
    """Line ends, control characters and direction marks of a text do not reach the terminal."""
    put(store, transcript="first\nline \x1b[31m zebra \u202e reversed\tend")

    assert find(store, "zebra")[0].snippet == "first line [31m zebra reversed end"
