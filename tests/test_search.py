"""Search in the archive: what is found, how it is shown, and that no input can break it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedy_jupyter.archive import index, merging, snippets
from hedy_jupyter.archive.search import Hit, find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import UsageError
from tests.benchmarks import search as benchmark


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


def test_all_words_in_the_columns_asked_for(store: Store) -> None:
    """Words in columns that were not asked for do not count, also where the index holds them together with those that were."""
    put(store, highlights=[{"highlightId": "h1", "rawQuote": "zebra", "cleanedQuote": "harbour"}], recap="zebra harbour")

    assert find(store, "zebra harbour", fields=["cleaned_quote"]) == []
    assert ids(find(store, "zebra harbour", fields=["cleaned_quote", "raw_quote"])) == ["sess_1"]
    assert [hit.field for hit in find(store, "zebra harbour", fields=["cleaned_quote", "recap"])] == ["recap"]


def test_order_of_fields_does_not_matter(store: Store) -> None:
    """The field that counts for most is shown, in whatever order they are asked for."""
    put(store, title="zebra", recap="zebra", transcript="zebra")

    assert [hit.field for hit in find(store, "zebra", fields=["transcript", "recap", "title"])] == ["title"]
    assert [hit.field for hit in find(store, "zebra", fields=["transcript", "recap"])] == ["recap"]


def test_no_field(store: Store) -> None:
    """An empty choice of fields is an error of the caller, not of the file."""
    with pytest.raises(UsageError, match="No field"):
        find(store, "x", fields=[])


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
    assert ids(find(store, "zebra", limit=1)) == ["s5"]
    assert ids(find(store, "zebra", limit=2, fields=["transcript", "raw_quote"])) == ["s5", "s4"]


def test_equal_in_all_by_id(store: Store) -> None:
    """Sessions that start at the same time are in the order of their ids, always."""
    for ident in ("b", "c", "a"):
        put(store, ident, transcript="zebra")

    assert ids(find(store, "zebra")) == ["a", "b", "c"]


def test_snippet_shows_the_rarest_word(store: Store) -> None:
    """Of several words the one that says most is shown, not the first "the"."""
    put(store, "other", transcript="the water", recap="the water")
    put(store, transcript="the water " + "and the boat and the wind " * 30 + "in the fog")

    assert "fog" in find(store, "the water fog")[0].snippet


@pytest.mark.parametrize(
    ("query", "field"),
    [("gaskets pilot lamp", "recap"), ("gaskets gaskets pilot lamp", "recap"), ("gaskets été Lampe", "recap"), ("harbour", "transcript")],
)
def test_field_with_most_words(store: Store, query: str, field: str) -> None:
    """The field that holds most of the words is shown; a long word counts once, and so does one that is given twice."""
    put(store, title="gaskets signs", recap="pilot lamp Été lampe", transcript="harbour")

    assert [hit.field for hit in find(store, query)] == [field]


def test_highlight_with_most_words(store: Store) -> None:
    """Of several highlights the one with most of the words is shown, accents or not."""
    put(store, highlights=[{"highlightId": "h1", "title": "Été"}, {"highlightId": "h2", "title": "Réunion d'été"}])

    assert find(store, "reunion ete")[0].snippet == "Réunion d'été"


def test_limit_counts_what_was_asked_for(store: Store) -> None:
    """Better hits in other columns do not use up the limit."""
    put(store, "raw", highlights=[{"highlightId": "h1", "rawQuote": "zebra"}])
    put(store, "clean", highlights=[{"highlightId": "h2", "cleanedQuote": "zebra " + "and much more " * 20}])

    assert ids(find(store, "zebra", fields=["cleaned_quote"], limit=1)) == ["clean"]


def test_place_that_cannot_be_told(store: Store) -> None:
    """Where only SQLite takes two letters for one (the two small sigmas), the session is found and its title shown."""
    put(store, title="Weekly", transcript="ΟΔΟΣ")

    assert [(hit.field, hit.snippet) for hit in find(store, "οδοσ")] == [("title", "Weekly")]


def test_many_words(store: Store) -> None:
    """A pasted paragraph finds its meeting, and a narrow search for it too."""
    paragraph = " ".join(f"word{number}" for number in range(200))
    put(store, cleaned_transcript=f"before {paragraph} after", recap="word1")

    assert [hit.field for hit in find(store, paragraph)] == ["cleaned_transcript"]
    assert [hit.field for hit in find(store, paragraph, fields=["cleaned_transcript"])] == ["cleaned_transcript"]
    assert find(store, f"{paragraph} missing") == []


def test_too_long(store: Store) -> None:
    """A pasted page is one clear error, literal or not."""
    for fts in (False, True):
        with pytest.raises(UsageError, match="too long"):
            find(store, "harbour " * 12_500, fts=fts)


def test_huge_limit(store: Store) -> None:
    """A limit that SQLite cannot count to is no limit."""
    put(store, transcript="zebra")

    assert ids(find(store, "zebra", limit=2**70)) == ["sess_1"]


def test_lone_surrogates_are_not_shown(store: Store) -> None:
    """What no file and no Arrow column can hold does not come out in a snippet, and is no topic."""
    put(store, transcript="x \ud800 alpha and beta", highlights=[{"highlightId": "h1", "title": "\udfff gamma"}])

    assert find(store, "alpha beta")[0].snippet.encode()
    assert find(store, "gamma")[0].snippet == "\ufffd gamma"
    assert find(store, "alpha", topic_id="\ud800") == []


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


@pytest.mark.parametrize(
    "query",
    [
        "浜風",
        '"浜風"',
        "浜風 AND agenda",
        "会*",
        "Q3会議",
        "NEAR(浜風 カモメ, 9)",
        "transcript : 浜風",
        "浜風 NOT nothing",
        "nothing OR 倉庫",
    ],
)
def test_fts_finds_chinese_and_japanese(store: Store, query: str) -> None:
    """Also in FTS5's language they need no spaces, and their order counts."""
    put(store, transcript="浜風倉庫でカモメ号が止まった Q3会議のagenda")

    hits = find(store, query, fts=True)

    assert ids(hits) == ["sess_1"]
    assert "浜風" in hits[0].snippet
    assert find(store, query.replace("浜風", "風浜").replace("会", "合").replace("倉庫", "庫倉"), fts=True) == []


def test_fts_shows_words_only(store: Store) -> None:
    """Distances and names of columns are not looked for in the text."""
    put(store, recap="A recap for 10000 people. " + "More. " * 60 + "The sea has cod.")

    assert "sea has" in find(store, "recap : NEAR(sea cod, 10000)", fts=True)[0].snippet


def test_fts_in_columns(store: Store) -> None:
    """Beginnings count for the field that is shown, OR needs only one word, and a NUL ends nothing."""
    put(store, recap="harbour", transcript="harbours, lamps", highlights=[{"highlightId": "h1", "cleanedQuote": "zebra"}])

    assert [hit.field for hit in find(store, "harb* lam*", fts=True)] == ["transcript"]
    assert [hit.field for hit in find(store, "zebra OR gasket", fts=True, fields=["cleaned_quote"])] == ["cleaned_quote"]
    assert find(store, "harbour\x00 nothing", fts=True) == []


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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.sampled_from('ab é浜風"*^(){}:+-,\x00\ud8005'), max_size=30) | words)
def test_no_fts_query_breaks_it(store: Store, query: str) -> None:
    """Any query in FTS5's language gives hits or the one clear error."""
    put(store, title="a é 浜", transcript="b 5 浜風")
    try:
        hits = find(store, query, fts=True)
    except UsageError:
        return

    assert ids(hits) in ([], ["sess_1"])


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


@pytest.mark.parametrize("first", [8192 - 1000, 8192, 8192 + 16384 - 1000, 8192 + 16384])
@pytest.mark.parametrize("before", range(-8, 3))
@pytest.mark.parametrize("letter", ["x", "é"])
def test_snippet_at_the_border_of_what_is_read(first: int, before: int, letter: str) -> None:
    """A word that lies across it is found first, the end of a longer word there is none, and no character is lost."""
    start = letter * ((first + before) // len(letter.encode()))
    whole = f"{start} zebra {letter * 1500} zebra {'y' * 30_000}"
    part = f"{start}azebra {letter * 1500} zebra {'y' * 30_000}"
    wanted = snippets.pattern([("zebra",)])

    for text, place in ((whole, whole.index("zebra")), (part, part.rindex("zebra"))):
        shown, hit = snippets.found_packed(merging.packed(text), wanted) or ("", (0, 0))

        assert hit == (place, place + 5)
        assert len(shown) > hit[1] + snippets.LENGTH
        assert text.startswith(shown[:-1])


def test_place_behind_letters_that_grow() -> None:
    """A letter that is longer in lower case does not shift the place."""
    text = "İİİ the zebra ends"

    assert snippets.found(text, snippets.pattern([("zebra",)])) == (8, 13)


def test_long_phrase_across_the_border(store: Store) -> None:
    """A phrase whose words stand far apart is found wherever it begins."""
    put(store, transcript="x" * 8000 + " brass" + "." * 3000 + "lantern " + "y" * 30_000)

    assert "brass" in find(store, '"brass lantern"')[0].snippet


def test_snippet_is_one_line(store: Store) -> None:
    """Line ends, control characters and direction marks of a text do not reach the terminal."""
    put(store, transcript="first\nline \x1b[31m zebra \u202e reversed\tend")

    assert find(store, "zebra")[0].snippet == "first line [31m zebra reversed end"


def test_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The benchmark finds what it has hidden, and says of every aim whether it is met."""
    pytest.importorskip("pyarrow")

    numbers = benchmark.main(60)

    printed = capsys.readouterr().out
    assert all(number > 0 for number in numbers.values())
    assert printed.count("met") + printed.count("MISSED") == 7
    assert not re.search(r"\b0 hits  (met|MISSED)", printed)
