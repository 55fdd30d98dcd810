"""Search in the archive: what is found, how it is shown, and that no input can break it."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedy_jupyter.analysis import filters
from hedy_jupyter.archive import encoding, fulltext, gone_records, ingest, queries, snippets
from hedy_jupyter.archive import search_query as query
from hedy_jupyter.archive.queries import Window
from hedy_jupyter.archive.search import Hit, find
from hedy_jupyter.archive.store import Store
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames import build
from hedy_jupyter.text import fold, search_terms, tokens
from tests.benchmarks import search as benchmark
from tests.cases import case
from tests.histories import new_archive
from tests.scripts import TEXTS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    with new_archive(tmp_path / "a.sqlite") as opened:
        yield opened


def put(store: Store, ident: str = "sess_1", **fields: Any) -> None:
    """One session with its details."""
    ingest.put_detail(
        store, ident, {"sessionId": ident, "title": "Weekly", "startTime": "2026-03-01T10:00:00Z"} | fields
    )


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
        ("the lighthouse keeper", "light*"),
        ("the lighthouse keeper", "ligh* kee*"),
        ("the lighthouse keeper", '"the light"*'),
        ("the lighthouse keeper", "keeper -keep"),
        ("the lighthouse keeper", 'light* -"keeper lighthouse"'),
        ("Gemüsesuppe ohne Maßband", "mass* -mass"),
        ("Straße in Łódź", "strasse lodz"),
        ("strasse", "Straße"),
        ("Smørrebrød på Ærø", "smorrebrod aero"),
        ("Chef d'œuvre, þing, ðað", "oeuvre thing dad"),
        ("주간회의록을 검토", "회의"),
        ("API를 회의실에서", "api 회의실"),
        ("วันนี้ประชุมทีมขาย", "ประชุม"),
        ("ກອງປະຊຸມໃຫຍ່", "ປະຊຸມ"),
        ("ការប្រជុំថ្ងៃនេះ", "ប្រជុំ"),
        ("မြန်မာနိုင်ငံ", "နိုင်"),
        ("مُجتمَعٌ كبير", "مجتمع"),
        ("مجتمع كبير", "مُجتمَعٌ"),
        ("كتــــاب الأُسرة", "كتاب الاسره"),
        ("שָׁלוֹם לְכֻלָּם", "שלום לכלם"),
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
        ("the lighthouse keeper", "light"),
        ("the lighthouse keeper", "house*"),
        ("the lighthouse keeper", "lighthouse -kee*"),
        ("the lighthouse keeper", 'lighthouse -"lighthouse keeper"'),
        ("the lighthouse keeper", "the -the"),
        ("มี", "ม"),
        ("회의", "회희"),
    ],
)
def test_not_found(store: Store, text: str, query: str) -> None:
    """Parts of words, other orders of a phrase and missing words are no hit."""
    put(store, transcript=text)

    assert find(store, query) == []


OPERATORS = """AND pilot|pilot OR|NOT pilot|NEAR(pilot|title:pilot|pilot*|^pilot|--pilot|{pilot}|pilot)|pilot"
(((pilot|pilot + pilot
%pilot_|pilot ?|pilot'; DROP TABLE sessions; --""".replace("\n", "|").split("|")


@pytest.mark.parametrize("query", [*OPERATORS, "pilot\x00", "\ud800 pilot", "pilot\u202e"])
def test_every_input_is_literal(store: Store, query: str) -> None:
    """What FTS5 would take for an operator is text: it never fails, and only its words count."""
    put(store, transcript="and or not near title pilot, near pilot, pilot pilot; drop table sessions")

    assert ids(find(store, query)) == ["sess_1"]


@pytest.mark.parametrize(
    "query", ["", "   ", '"', '""', "...", "\x00", "\ud800", "-", "🚀", "❤\ufe0f", "؟!", "\u200b", "‖"]
)
def test_no_word(store: Store, query: str) -> None:
    """A search without a word is one clear error."""
    with pytest.raises(UsageError, match="nothing to search for"):
        find(store, query)


@pytest.mark.parametrize("query", ["-boat", '-"the boat" -lamp', "-boat*", "- -boat"])
def test_only_excluded_words(store: Store, query: str) -> None:
    """A search that only excludes is one clear error, which repeats what was typed."""
    with pytest.raises(UsageError, match=r"Every word of this search is excluded: .*boat"):
        find(store, query)


def test_excluded_words_of_other_fields(store: Store) -> None:
    """An excluded word leaves out the session wherever it occurs; in chosen fields, where it occurs in those."""
    put(store, title="harbour", recap="the boat", highlights=[{"highlightId": "h1", "rawQuote": "lamp harbour"}])

    assert find(store, "harbour -boat") == find(store, "harbour -lamp") == []
    assert ids(find(store, "harbour -boat", fields=["title"])) == ["sess_1"]
    assert ids(find(store, "harbour -lamp", fields=["cleaned_quote", "title"])) == ["sess_1"]
    assert find(store, "harbour -lamp", fields=["raw_quote", "title"]) == []


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
    assert (
        find(store, "zebra", fields=[name for name in others if name not in {"transcript", "cleaned_transcript"}]) == []
    )


def test_one_column_of_a_kind(store: Store) -> None:
    """A hit in another column of the highlights than the one asked for is none."""
    put(store, highlights=[{"highlightId": "h1", "rawQuote": "zebra"}])

    assert find(store, "zebra", fields=["cleaned_quote"]) == []


def test_all_words_in_the_columns_asked_for(store: Store) -> None:
    """Words in columns that were not asked for do not count, also where the index has them in one column."""
    put(
        store, highlights=[{"highlightId": "h1", "rawQuote": "zebra", "cleanedQuote": "harbour"}], recap="zebra harbour"
    )

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
    """A word in the title counts for more than one in a recap, and that for more than one that was merely said.

    Scores fall.
    """
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
    [
        ("gaskets pilot lamp", "recap"),
        ("gaskets gaskets pilot lamp", "recap"),
        ("gaskets été Lampe", "recap"),
        ("harbour", "transcript"),
    ],
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


@pytest.mark.parametrize(
    ("text", "query_"), [("ΟΔΟΣ", "οδοσ"), ("οδος", "ΟΔΟΣ"), ("İstanbul", "istanbul"), ("ẞ", "ß"), ("ſo", "SO")]
)
def test_letters_with_several_small_forms(store: Store, text: str, query_: str) -> None:
    """The place is reported also where case is not one letter for one."""
    put(store, title="Weekly", transcript=f"Vorher {text}.")

    assert [(hit.field, hit.snippet) for hit in find(store, query_)] == [("transcript", f"Vorher {text}.")]


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
    assert find(store, "alpha", Window(topic_ids={"\ud800"})) == []


def test_filters(store: Store) -> None:
    """Bounds of time and a topic leave out the other sessions, and come before the limit."""
    for month in range(1, 7):
        put(
            store,
            f"s{month}",
            startTime=f"2026-0{month}-01T10:00:00Z",
            transcript="zebra",
            topic={"id": f"t{month % 2}"},
        )
    since, until = datetime(2026, 2, 1, 10, tzinfo=UTC), datetime(2026, 5, 1, 10, tzinfo=UTC)

    assert sorted(ids(find(store, "zebra", Window(since=since, until=until)))) == ["s2", "s3", "s4"]
    assert sorted(ids(find(store, "zebra", Window(topic_ids={"t1"})))) == ["s1", "s3", "s5"]
    assert ids(find(store, "zebra", Window(since, until, {"t1"}))) == ["s3"]
    assert len(find(store, "zebra", limit=2)) == 2
    assert ids(find(store, "zebra", Window(topic_ids={"t0"}), limit=1)) == ["s6"]


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
    put(
        store,
        recap="harbour",
        transcript="harbours, lamps",
        highlights=[{"highlightId": "h1", "cleanedQuote": "zebra"}],
    )

    assert [hit.field for hit in find(store, "harb* lam*", fts=True)] == ["transcript"]
    assert [hit.field for hit in find(store, "zebra OR gasket", fts=True, fields=["cleaned_quote"])] == [
        "cleaned_quote"
    ]
    assert find(store, "harbour\x00 nothing", fts=True) == []


def test_changed_texts_are_forgotten(store: Store) -> None:
    """What a text no longer says is not found, also after many changes, and the index stays sound."""
    for word in ("alpha", "beta", "gamma"):
        put(store, title=word, transcript=f"{word} said", highlights=[{"highlightId": "h1", "title": f"{word} idea"}])
        ingest.put_todos(store, [{"id": "t1", "sessionId": "sess_1", "text": f"{word} todo"}])
    gone_records.mark_gone(store, "todos", ["t1"])

    assert ids(find(store, "gamma")) == ["sess_1"]
    assert find(store, "alpha") == find(store, "beta") == find(store, "todo") == []
    store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    assert store.connection.execute("SELECT count(*) FROM words").fetchone() == (1,)


def test_rebuilt_index_is_the_same(store: Store) -> None:
    """Indexing again gives the same answers."""
    for number in range(20):
        put(
            store,
            f"s{number}",
            transcript=f"zebra number{number}",
            highlights=[{"highlightId": f"h{number}", "title": f"idea{number}"}],
        )
    before = find(store, "zebra"), find(store, "idea7")

    with store.writing():
        store.index.rebuild()

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

    assert ids(hits) == ["sess_1"] or search_terms.excluded(search_terms.read(query))
    assert all("\n" not in hit.snippet for hit in hits)


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
@given(
    before=words, word=st.sampled_from(["harbour", "été", "ﬁn", "浜風", "ＡＢ", "Ökonom", "don't", "दिन"]), after=words
)
def test_snippet_shows_the_word(before: str, word: str, after: str) -> None:
    """Whatever is round it, the place that is found is that of the word."""
    text = f"{before} {word} {after}"

    place = snippets.found(text, query.literal(f'"{word}"').terms[0])

    assert place is not None
    assert tokens.words(text[place[0] : place[1]]) == tokens.words(word)


@pytest.mark.parametrize("size", [0, 1, 100, 8192, 70_000])
def test_snippet_of_a_long_text(store: Store, size: int) -> None:
    """The place is found anywhere in a compressed text, also where a character crosses the end of a part read."""
    put(store, transcript="é" * size + " Zebra über den Hafen " + "ü" * size)

    assert "Zebra über den" in find(store, "zebra")[0].snippet
    assert "über den" in find(store, '"uber den"')[0].snippet


@pytest.mark.parametrize("first", [8192 - 1000, 8192, 8192 + 16384 - 1000, 8192 + 16384])
@pytest.mark.parametrize("letter", ["x", "é"])
def test_snippet_at_the_border_of_what_is_read(first: int, letter: str) -> None:
    """A word that lies across it is found first, the end of a longer word there is none, and no character is lost."""
    wanted = query.literal("zebra").terms[0]
    for before in range(-8, 3):
        start = letter * ((first + before) // len(letter.encode()))
        whole = f"{start} zebra {letter * 1500} zebra {'y' * 30_000}"
        part = f"{start}azebra {letter * 1500} zebra {'y' * 30_000}"
        for text, place in ((whole, whole.index("zebra")), (part, part.rindex("zebra"))):
            with case(before):
                shown, hit = snippets.found_packed(encoding.packed(text), wanted) or ("", (0, 0))

                assert hit == (place, place + 5)
                assert len(shown) > hit[1] + snippets.LENGTH
                assert text.startswith(shown[:-1])


def test_place_behind_letters_that_grow() -> None:
    """A letter that is longer in lower case does not shift the place."""
    text = "İİİ the zebra ends"

    assert snippets.found(text, query.literal("zebra").terms[0]) == (8, 13)


def test_long_phrase_across_the_border(store: Store) -> None:
    """A phrase whose words are far apart is found wherever it begins."""
    put(store, transcript="x" * 8000 + " brass" + "." * 3000 + "lantern " + "y" * 30_000)

    assert "brass" in find(store, '"brass lantern"')[0].snippet


def test_snippet_is_one_line(store: Store) -> None:
    """Line ends, control characters and direction marks of a text do not reach the terminal."""
    put(store, transcript="first\nline \x1b[31m zebra \u202e reversed\tend")

    assert find(store, "zebra")[0].snippet == "first line [31m zebra reversed end"


def test_benchmark_runs() -> None:
    """The benchmark finds what it has hidden, and says of every aim whether it is met."""
    pytest.importorskip("pyarrow")

    rows = benchmark.rows(small=True)

    assert all(row.measured for row in rows)
    assert sum(row.met is not None for row in rows) == 10
    assert not [row.work for row in rows if row.met is not None and row.note == "0 hits"]


# One definition of a word ----------------------------------------------------


TOUCHING = [
    ("das Budget预算 für", "budget"),
    ("APIを使う", "api"),
    ("Q3の会議", "q3"),
    ("预算Budget。", "Budget"),
    ("カモメAPI", "api"),
    ("budget예산을", "budget"),
    ("ประชุมAPIวันนี้", "api"),
]


@pytest.mark.parametrize("field", FIELDS)
def test_latin_words_that_touch_cjk(store: Store, field: str) -> None:
    """A Latin word beside a Chinese or Japanese character is shown in its field, and found in that field alone."""
    for text, query_ in TOUCHING:
        put(store, **json.loads(json.dumps(FIELDS[field], ensure_ascii=False).replace("zebra", text)))

        for fields in (None, [field]):
            with case(text):
                hits = find(store, query_, fields=fields)

                assert [hit.field for hit in hits] == [field]
                assert text in hits[0].snippet


@pytest.mark.parametrize(
    ("text", "query_"),
    [
        ("दान और दन", "दिन"),
        ("தமழ", "தமிழ்"),
        ("มา", "มี"),
        ("ที่", "ท"),
        ("ລາວ", "ລົວ"),
        ("ករម", "ក្រុម"),
        ("か\u309a", "か"),
        ("e\u0301a", "e"),
    ],
)
def test_other_words_are_not_found(store: Store, text: str, query_: str) -> None:
    """Vowel and tone marks are letters of their words, and nothing but a word is found."""
    put(store, transcript=text, user_todos=[{"id": "t1", "text": text}, {"id": "t2", "text": "x"}])

    assert find(store, query_) == []
    assert ids(find(store, text)) == ["sess_1"]


def test_items_are_parted_by_nothing_that_can_be_found(store: Store) -> None:
    """What parts two todos in the index is not a word that anybody can search for."""
    put(store, user_todos=[{"id": "t1", "text": "alpha"}, {"id": "t2", "text": "beta\n\x1e\ngamma"}])

    assert find(store, "hedyjupyterwall") == find(store, '"alpha beta"') == find(store, "hedyj* OR ‖*", fts=True) == []
    assert ids(find(store, '"beta gamma"')) == ["sess_1"]


def test_no_field_is_invented(store: Store) -> None:
    """Where the index is wrong about a session, that is no hit."""
    put(store, "a", transcript="harbour")
    put(store, "b", transcript="harbour")
    store.connection.execute("UPDATE texts SET body = ? WHERE session_key = 1", (encoding.packed("lamp"),))

    for fts in (False, True):
        assert ids(find(store, "harbour", fts=fts)) == ["b"]


COLUMN_OF = {field: GROUP.get(field, field) for field in FIELDS}


def texts_of(record: dict[str, Any]) -> dict[str, list[str]]:
    """The texts of a session by the name of their field."""
    found = {name: [record[name]] for name in ("title", "recap", "transcript", "meeting_minutes") if record.get(name)}
    for highlight in record.get("highlights", []):
        for field, text in fulltext.parts(highlight):
            found.setdefault(field, []).append(text)
    return found | {"text": [todo["text"] for todo in record.get("user_todos", [])]}


def stands_in(words: Sequence[str], text: str, *, prefix: bool = False) -> bool:
    """Whether *words* follow each other in *text*, recognized by its words alone."""
    found, size = tokens.words(text), len(words)
    parts = (found[start : start + size] for start in range(len(found) - size + 1))
    return any(
        part[:-1] == list(words[:-1]) and (part[-1].startswith(words[-1]) if prefix else part[-1] == words[-1])
        for part in parts
    )


RECORDS = st.fixed_dictionaries(
    {"title": TEXTS, "recap": TEXTS, "transcript": TEXTS},
    optional={
        "highlights": st.lists(
            st.fixed_dictionaries({"rawQuote": TEXTS, "cleanedQuote": TEXTS, "mainIdea": TEXTS}), max_size=2
        ),
        "user_todos": st.lists(st.fixed_dictionaries({"text": TEXTS}), max_size=3),
    },
)


@contextmanager
def archive_of(record: dict[str, Any]) -> Iterator[tuple[Store, dict[str, list[str]]]]:
    """An archive of this one session, and its texts."""
    for kind, key in (("highlights", "highlightId"), ("user_todos", "id")):
        record = record | {kind: [one | {key: f"{kind}{number}"} for number, one in enumerate(record.get(kind, []))]}
    with tempfile.TemporaryDirectory() as folder, new_archive(Path(folder) / "a.sqlite") as store:
        put(store, **record)
        yield store, texts_of(record)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(record=RECORDS, data=st.data())
def test_every_hit_is_shown_where_it_is(record: dict[str, Any], data: st.DataObject) -> None:
    """Every word of every text is found; the snippet of a hit holds one that the named field has.

    Fields neither lose nor add a hit.
    """
    with archive_of(record) as (store, texts):
        every = [text for field in texts for text in texts[field]]
        asked = data.draw(TEXTS | st.sampled_from([word for text in every for word in tokens.words(text)] or ["x"]))
        terms = search_terms.read(asked)
        phrases = search_terms.wanted(terms)
        if not phrases:
            return

        def is_in(phrase: tokens.Phrase, text: str) -> bool:
            return stands_in(phrase.words, text, prefix=phrase.prefix)

        def fits(names: Iterable[str]) -> bool:
            inside = [text for name in names for text in texts.get(name, [])]
            return all(any(is_in(phrase, text) for text in inside) for phrase in phrases) and not any(
                is_in(phrase, text) for phrase in search_terms.excluded(terms) for text in inside
            )

        for fields in (
            None,
            *([name] for name in (*texts, "todos", "highlights")),
            [*data.draw(st.sets(st.sampled_from([*texts])))] or None,
        ):
            names = (
                [*texts] if fields is None else [name for name in texts if name in fields or COLUMN_OF[name] in fields]
            )
            hits = find(store, asked, fields=fields)

            assert len(hits) == fits(names)
            for hit in hits:
                assert hit.field in names
                assert any(
                    is_in(phrase, hit.snippet) and any(is_in(phrase, text) for text in texts[hit.field])
                    for phrase in phrases
                )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=st.lists(RECORDS, min_size=1, max_size=3), data=st.data())
def test_frames_find_the_same(records: list[dict[str, Any]], data: st.DataObject) -> None:
    """``df.hedy.search`` finds the sessions that the archive finds in the same columns."""
    columns = ["title", "recap", "transcript"]
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "a.sqlite", create=True) as store:
        for number, record in enumerate(records):
            put(store, f"s{number}", **{name: record[name] for name in columns})
        frame = build.build("sessions_detailed", queries.sessions(store, texts=True))[
            ["session_id", "start_time", *columns]
        ]
        words = [word for record in records for name in columns for word in tokens.words(record[name])]
        asked = data.draw(TEXTS | st.lists(st.sampled_from(words or ["x"]), min_size=1, max_size=2).map(" ".join))
        try:
            hits = find(store, asked, fields=columns)
        except UsageError:
            with pytest.raises(UsageError):
                filters.search(frame, asked)
            return

        assert sorted(ids(hits)) == sorted(filters.search(frame, asked)["session_id"])


# FTS5 ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query_", "field"),
    [
        ("lamp", "transcript"),  # not the title's "lamps"
        ("lamp*", "title"),
        ("recap : harbour", "recap"),
        ("{recap transcript} : harb*", "recap"),
        ("- title : harbour", "recap"),
        ("transcript : (दिन OR 预算)", "transcript"),
        ('"Budget预算"', "recap"),
        ("Budget + 预*", "recap"),
        ("NEAR(दिन gasket, 1)", "transcript"),
        ("NEAR(预算 harbour, 2) NOT दान", "recap"),
        ("(lamps AND nowhere) OR gasket", "transcript"),
        ("(lamps nowhere) OR gasket", "transcript"),
        ("^ lamps", "title"),
        ("^ budget", "recap"),
        ("gasket NOT (title : gasket)", "transcript"),
        ("TITLE : lamps", "title"),
    ],
)
def test_fts_is_shown_where_it_is(store: Store, query_: str, field: str) -> None:
    """What is shown for a query of FTS5 is a reason why the session fits, in a column that the query allows."""
    put(store, title="Lamps, harbour", recap="Budget预算 harbour Q3の", transcript="in the harbour lamp दिन x gasket")

    assert [hit.field for hit in find(store, query_, fts=True)] == [field]


def test_near_is_shown_where_it_is_near(store: Store) -> None:
    """Of a word that occurs often, the place is shown that has the other one beside it."""
    put(store, transcript="lamp " + "and then " * 100 + "our lamp by the gasket " + "and so on " * 100)

    assert "lamp by the gasket" in find(store, "NEAR(gasket lamp, 3)", fts=True)[0].snippet


def test_near_does_not_cross_items(store: Store) -> None:
    """Words near each other, but in two todos, are no hit, and use up no limit."""
    put(store, "two", user_todos=[{"id": "t1", "text": "send lamp"}, {"id": "t2", "text": "gasket"}])
    put(store, "one", user_todos=[{"id": "t3", "text": "send " * 20 + "lamp gasket"}])

    assert ids(find(store, "NEAR(lamp gasket)", fts=True, limit=1)) == ["one"]
    assert ids(find(store, "send AND NEAR(lamp gasket)", fts=True)) == ["one"]
    assert sorted(ids(find(store, "send OR NEAR(lamp gasket)", fts=True))) == ["one", "two"]


@pytest.mark.parametrize(
    ("query_", "ids_"),
    [
        ("zebra AND harbour", []),
        ("zebra NOT harbour", ["sess_1"]),
        ("zebra OR harbour", ["sess_1"]),
        ("^ zebra", ["sess_1"]),
        ("todos : zebra", []),
        ("highlights : zebra", ["sess_1"]),
        ("NEAR(zebra lamp, 2)", ["sess_1"]),
        ('zebra AND ""', []),
    ],
)
def test_fts_in_one_column_of_a_kind(store: Store, query_: str, ids_: list[str]) -> None:
    """Operators of FTS5 count for the column that was asked for, not for those that the index holds with it."""
    put(store, highlights=[{"highlightId": "h1", "title": "x", "rawQuote": "harbour", "cleanedQuote": "zebra a lamp"}])

    hits = find(store, query_, fts=True, fields=["cleaned_quote"])

    assert ids(hits) == ids_
    assert all("zebra" in hit.snippet for hit in hits)


@pytest.mark.parametrize("wrong", ["a) OR (b", ") (", "a)", "(a"])
@pytest.mark.parametrize("fields", [None, ["title"], ["cleaned_quote"]])
def test_fts_brackets_are_those_of_the_query(store: Store, wrong: str, fields: list[str] | None) -> None:
    """A bracket too many does not close one of ours."""
    put(store, title="a b")

    with pytest.raises(UsageError, match="FTS5 cannot read"):
        find(store, wrong, fts=True, fields=fields)


def test_fts_with_many_terms(store: Store) -> None:
    """A term that is one of very many is shown, too."""
    put(store, transcript="ox")

    assert [hit.snippet for hit in find(store, " OR ".join([*(f"longer{n}" for n in range(40)), "ox"]), fts=True)] == [
        "ox"
    ]


WORDS = st.sampled_from(
    ["a", "ab", "b", "会", "会議", "दिन", "दि", "é", '"a b"', '"会 दिन"', '""', "a *", "दि *", "a + b"]
)
NEARS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
PHRASES = (
    WORDS
    | WORDS.map("^ {}".format)
    | st.builds("NEAR({}, {})".format, NEARS, st.integers(0, 3))
    | NEARS.map("NEAR({})".format)
)
FILTERED = PHRASES | st.builds(
    "{} : {}".format, st.sampled_from(["title", "{recap title}", "- title", "RECAP"]), PHRASES
)
QUERIES = st.recursive(
    FILTERED,
    lambda inner: (
        st.builds("{} {} {}".format, inner, st.sampled_from(["AND", "OR", "NOT", ""]), inner)
        | st.builds("{}({})".format, st.sampled_from(["", "title : "]), inner)
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(
    asked=QUERIES,
    texts=st.lists(
        st.lists(st.sampled_from(["a", "ab", "b", "会", "दिन", "दि", "É"]), max_size=5).map(" ".join), min_size=3
    ),
)
def test_fts_is_read_as_sqlite_reads_it(asked: str, texts: list[str]) -> None:
    """Operators, brackets, filters and distances mean for the texts what they mean for the index."""
    record = dict(zip(("title", "recap", "transcript"), texts, strict=False))
    folded = query.fts_words(asked)
    with closing(sqlite3.connect(":memory:")) as connection:
        fulltext.create(connection)
        fulltext.replace(connection, 1, None, record)
        try:
            connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (folded,)).fetchone()
        except sqlite3.OperationalError:
            return
        read = query.fts(folded)
        search = "SELECT rowid FROM words WHERE words MATCH ?"
        found = connection.execute(search, (read.match,)).fetchone() if read.match else None
    seen = {
        number
        for number, term in enumerate(read.terms)
        if any(True for column in term.columns for _ in term.spans(fold.search_form(record.get(column, ""))))
    }

    reasons = read.reasons(seen)

    assert bool(reasons) == (found is not None)
    assert set(reasons) <= seen & set(read.positive())


FEW_WORDS = st.lists(st.sampled_from(["a", "ab", "b", "会", "दिन", "दि", "É"]), max_size=6).map(" ".join)
SMALL_RECORDS = st.fixed_dictionaries(
    {"title": FEW_WORDS, "recap": FEW_WORDS, "transcript": FEW_WORDS},
    optional={
        "highlights": st.lists(st.fixed_dictionaries({"rawQuote": FEW_WORDS, "cleanedQuote": FEW_WORDS}), max_size=2),
        "user_todos": st.lists(st.fixed_dictionaries({"text": FEW_WORDS}), max_size=3),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    record=SMALL_RECORDS,
    asked=QUERIES,
    fields=st.sampled_from([None, ["raw_quote"], ["cleaned_quote", "title"], ["text", "recap"], ["todos"]]),
)
def test_every_fts_hit_is_shown_where_it_is(record: dict[str, Any], asked: str, fields: list[str] | None) -> None:
    """The snippet of a hit holds a term of the query that the named field has.

    A choice of fields neither loses nor adds a hit.
    """
    with archive_of(record) as (store, texts):
        try:
            hits = find(store, asked, fts=True, fields=fields)
        except UsageError:
            return
        read = query.fts(query.fts_words(asked))
        names = [name for name in texts if fields is None or name in fields or COLUMN_OF[name] in fields]

        def seen(name: str) -> set[int]:
            folded = [fold.search_form(text) for text in texts.get(name, [])]
            return {
                n
                for n, term in enumerate(read.terms)
                if COLUMN_OF[name] in term.columns
                for text in folded
                if any(term.spans(text))
            }

        reasons = read.reasons(set[int]().union(*map(seen, names)))

        if fields is None or fields == ["todos"]:
            reasons = read.positive()  # "^" counts for the first of several todos, and a NOT before it
        else:
            assert len(hits) == bool(reasons)
        for hit in hits:
            assert hit.field in names
            shown = seen(hit.field) & set(reasons)
            assert any(
                query.fts(read.terms[n].anywhere).terms[0].phrases[0].is_in(fold.search_form(hit.snippet))
                for n in shown
            )
