"""The same promise in later meetings."""

from __future__ import annotations

import io
import itertools
import random
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import hedy_jupyter as hj
from hedy_jupyter.analysis import recurring, similarity
from hedy_jupyter.analysis.recurring import carried_over
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build
from hedy_jupyter.text.mistyped_words import is_misspelled, same_words
from tests.promises import ALIKE, REWORDED
from tests.todo_frames import SESSIONS, todos

BERLIN = ZoneInfo("Europe/Berlin")
COLUMNS = [
    "promise",
    "times",
    "first_time",
    "last_time",
    "days",
    "open",
    "topic_id",
    "topic_name",
    "done_before",
    "score",
    "evidence",
]
COLUMNS += ["todo_ids", "session_ids", "texts"]


def chains(*rows: tuple[Any, ...], **options: Any) -> list[list[str | None]]:
    """The ids of each promise that is carried over."""
    return recurring.carried_over_ids(todos(*rows), SESSIONS, zone=BERLIN, **options)


SAME = [
    ("Send the gasket samples to Pellworth", "Please send gasket samples to Pellworth (carried over)"),
    ("Update the price list for the marinas", "Update the marina price list, still missing"),
    ("Check the audit log of Marsh Lane", "Check Marsh Lane's audit log again"),
    ("Translate the reminder texts", "Translate the reminder texts (open since last time)"),
    ("Write the safety leaflet for the battery", "Safety leaflet for the battery: write it"),
    ("Send the offer", "SEND THE OFFER!"),
    ("Reminder: pay invoice 12", "Pay invoice 12"),
    ("SEND A LIST OF 12 LAMPS", "Send a list of 12 lamps"),
    ("Pay 9,309 crowns to the port", "Pay the port 9309 crowns"),
    ("Ship it on March 12th", "Ship it on March 12"),
    ("Draft the contract for Ada", "Finally draft the contract for Ada"),
    ("Angebot von Mühle Grauwasser einholen", "Bitte das Angebot von Muhle Grauwasser einholen (noch offen)"),
    ("Lieferzeiten für die Filiale in Moordorf klären", "Die Lieferzeiten der Filiale Moordorf klären"),
    ("Envoyer le contrat à l'imprimeur", "Envoyer encore le contrat à l’imprimeur"),
    ("Préparer la réunion d'équipe", "Preparer la reunion d'equipe"),
    ("Préparer le budget de l'été", "preparer le budget de l ete"),
    ("Llamar al proveedor de Sevilla", "Llamar al proveedor de Sevilla (pendiente)"),
    ("疲れを測る質問票を作る", "疲れを測る質問票を作る（継続）"),
    ("倉庫への報告書を二列に直す", "報告書を二列に直す 倉庫への"),
    ("准备字体较大的同意书", "请准备字体较大的同意书"),
    ("Checklist", "checklist"),
    ("ＡＢＣ社に連絡する", "ABC社に連絡する"),
]
DIFFERENT = [
    ("Pay invoice 12", "Pay invoice 13"),
    ("Send the report for the warehouse by March 12", "Send the report for the warehouse by March 19"),
    ("Send the quarterly report for the warehouse on Monday", "Send the quarterly report for the warehouse on Friday"),
    ("Test firmware 5.58 on the bench in the cellar", "Test firmware 5.59 on the bench in the cellar"),
    ("Send the Q3 numbers of the shop to the bank", "Send the Q4 numbers of the shop to the bank"),
    ("Write down what speaks for plan A in the cellar", "Write down what speaks for plan B in the cellar"),
    (
        "Call the reference of Priya Underhall about her patience",
        "Call the reference of Tomasz Reedholm about his patience",
    ),
    ("Rent a generator for the coffee machine in Quayford", "Rent a generator for the coffee machine in Saltmere"),
    ("Call Simon about the offer", "Call Simone about the offer"),
    ("Call Will about the offer of the port", "Call Ben about the offer of the port"),
    ("Ada: write the report", "Teodor: write the report"),
    ("Send the offer to the port", "Do not send the offer to the port"),
    ("Open the bank account", "Close the bank account"),
    ("Have the talk with Marit", "Reserve a quiet room for the talk with Marit"),
    ("Send the samples", "Send the samples, the leaflet and the price list to the bank"),
    ("Mit Mühle Grauwasser über die Meldefrist sprechen", "Mit Hefehaus Wendig über die Meldefrist sprechen"),
    ("Den Vertrag unterschreiben", "Den Vertrag nicht unterschreiben"),
    ("Envoyer le rapport de mars", "Envoyer le rapport d'avril"),
    ("Enviar o contrato assinado ao banco", "Não enviar o contrato assinado ao banco"),
    ("现在联系居委会的杜阿姨取走旧木板", "现在联系志愿者小满取走旧木板"),
    ("第二回の資料を作る", "第三回の資料を作る"),
    ("契約書を送る", "契約書を送らない"),
    ("停止の通知を7秒以内に出す機能を作る", "停止の通知を9秒以内に出す機能を作る"),
    ("Do it", "Have it"),
]
LONG = "the signed contract with all drawings, tables, samples, prices, dates, addresses, warranties, footnotes"
_MORE = (
    "annexes, receipts, translations, signatures, stamps, photographs, letters, forms, copies, drafts, plans, reports"
)
LONGER = f"{LONG}, {_MORE}"
KANJI = "新しい倉庫の安全確認作業手順書最終版と出荷計画書修正案、顧客別価格表改訂版、部品在庫調査結果報告書"
# One word of many is another one, and says all.
NEARLY = [
    (f"Shred {LONG}", f"Send {LONG}"),
    (f"Send Marit {LONGER}", f"Send Osgood {LONGER}"),
    (f"Send Simon {LONGER}", f"Send Simone {LONGER}"),
    (f"Send Will {LONGER}", f"Send {LONGER} to Ben"),
    (f"Send {LONGER} by 12 March", f"Send {LONGER} by 13 March"),
    (f"Send {LONGER} for Q3", f"Send {LONGER} for Q4"),
    (f"Send {LONGER} of plan A", f"Send {LONGER} of plan B"),
    (f"Send {LONGER}", f"Do not send {LONGER}"),
    (f"{KANJI}を二部送る", f"{KANJI}を三部送る"),
    (f"{KANJI}を送る", f"{KANJI}を送らないで"),
]
# One word of many is not there, or is written otherwise, and says nothing.
ALL_BUT = [
    (f"Send Marit {LONG}", f"Send Marit's {LONG} at last"),
    (f"Send Ada and Marit {LONG}", f"Send Marit and Ada {LONG}"),
    (f"Marit to send {LONG}", f"Send Marit {LONG}"),
    (f"Send {LONG}", f"Send {LONG} to Marit"),
    (f"A copy of {LONG} for plan B", f"Copy {LONG} for plan B"),
    (f"Then I send {LONG} for Q3", f"Then send {LONG} for Q3"),
    (f"Send {LONG} by 12 March", f"Send {LONG}"),
    (f"Send {LONG} by the 1,200 clients", f"Send {LONG} by the 1200 clients"),
    (f"SEND {LONG.upper()} TO MARIT", f"Send {LONG} to Marit"),
    ("Pay invoice １２ for ﾛﾎﾞｯﾄ倉庫", "Pay invoice 12 for ロボット倉庫"),
    (f"{KANJI}ＡＢＣ社", f"{KANJI}ABC社"),
    (
        "Lieferzeit der Filialen in Moordorf und Wiesenbrück klären",
        "Lieferzeiten der Filiale Moordorf und Wiesenbrück klären",
    ),
]
NOISE = [
    (2, text)
    for text in ("Book the room", "Ask the bank about the loan", "Kiste aufstellen", "Parler au tuba", "向学校借小灯")
]


@pytest.mark.parametrize(("one", "other"), SAME + ALL_BUT)
def test_the_same_promise_in_other_words(one: str, other: str) -> None:
    """Order, case, accents, endings, politeness and remarks do not matter, in any language.

    The older may be either of the two.
    """
    assert chains((1, one), (2, other)) == [["t0", "t1"]]
    assert chains((1, other), *NOISE, (3, one)) == [["t0", "t6"]]


@pytest.mark.parametrize(("one", "other"), DIFFERENT + NEARLY)
def test_two_promises(one: str, other: str) -> None:
    """Another number, date, name, a "not", or a word in place of another one makes another promise."""
    assert chains((1, one), (2, other)) == []
    assert chains((1, other), *NOISE, (3, one)) == []


def test_rare_words_count_more() -> None:
    """Two texts that share what hardly anybody says are more alike than two that share what everybody says."""
    noise = [(2, f"Send it to {name}") for name in ("Ada", "Ben", "Cleo", "Dora", "Emil")]
    rare, common = (
        carried_over(todos((1, one), *noise, (3, other)), SESSIONS, zone=UTC, min_score=0.01)
        .query("'t0' in todo_ids.str[0]")["score"]
        .max()
        for one, other in (("Oil hinge", "Oil hinge, send"), ("Send", "Oil hinge, send"))
    )

    assert rare > 0.7
    assert common < 0.4


def test_kana_count_little() -> None:
    """What only grammar adds to a Japanese todo hardly changes its score."""
    scores = [
        carried_over(todos((1, "倉庫安全確認"), (2, f"倉庫安全確認{more}")), SESSIONS, zone=UTC, min_score=0.1)[
            "score"
        ][0]
        for more in ("するようにして", "作業手順書最終")
    ]

    assert scores[0] > 0.5 > scores[1] + 0.1


def test_the_score_is_that_of_the_weakest_pair() -> None:
    """A later wording that is between the others does not raise the score."""
    words = [f"word{letter}" for letter in "abcdefghi"]
    rows = [(place, " ".join(words[:length])) for place, length in enumerate((6, 9, 7), 1)]
    weakest, all_three = (
        carried_over(todos(*rows[:count]), SESSIONS, zone=UTC, min_score=0.4)["score"][0] for count in (2, 3)
    )

    assert all_three == pytest.approx(weakest, abs=0.1)
    assert all_three < min(
        carried_over(todos(*pair), SESSIONS, zone=UTC, min_score=0.4)["score"][0] for pair in (rows[1:], rows[::2])
    )


def test_numbers_are_not_joined_by_what_names_none() -> None:
    """A todo without a number does not make one promise of two with different numbers."""
    found = chains(
        (1, "Pay the invoice 12 of the port"),
        (2, "Pay the invoice of the port"),
        (3, "Pay the invoice 13 of the port"),
        min_score=0.3,
    )

    assert all(not {"t0", "t2"} <= set(chain) for chain in found)


def test_a_row_says_all_about_a_promise() -> None:
    """The row has the newest text, the span, state, topic, evidence and score, and lists the todos, oldest first."""
    df = todos(
        (2, "Send the gasket samples to Pellworth"), (5, "Other"), (9, "Please send gasket samples to Pellworth, again")
    )
    before = df.copy(deep=True)
    found = carried_over(df, SESSIONS, zone=BERLIN)

    assert list(found.columns) == COLUMNS
    row = found.iloc[0]
    assert len(found) == 1
    assert row["promise"] == "Please send gasket samples to Pellworth, again"
    assert (row["times"], row["days"], row["open"], row["done_before"], row["score"]) == (2, 7, True, 0, 1.0)
    assert str(row["first_time"]) == "2026-03-03 00:30:00+01:00"
    assert str(row["last_time"]) == "2026-03-10 00:30:00+01:00"
    assert (row["topic_id"], row["topic_name"]) == ("T", "T")
    assert row["evidence"] == "send, gasket, samples, Pellworth"
    assert (row["todo_ids"], row["session_ids"]) == (["t0", "t2"], ["s2", "s9"])
    assert row["texts"] == ["Send the gasket samples to Pellworth", "Please send gasket samples to Pellworth, again"]
    pd.testing.assert_frame_equal(df, before)


def test_evidence_of_scripts_without_spaces_is_whole_pieces() -> None:
    """What Chinese or Japanese texts share is shown in pieces of the text, not in pairs of characters."""
    found = carried_over(todos((1, "准备字体较大的同意书"), (2, "请准备字体较大的同意书")), SESSIONS, zone=UTC)

    assert found["evidence"].tolist() == ["准备字体较大的同意书"]
    assert found["score"][0] < 1


def test_most_often_made_first() -> None:
    """Promises are in order of how often they were made, then of how long they were carried."""
    found = chains(
        (1, "Paint boat"),
        (2, "Oil hinge"),
        (3, "Oil hinge"),
        (4, "Mend roof"),
        (5, "Mend roof"),
        (6, "Mend roof"),
        (9, "Paint boat"),
    )

    assert found == [["t3", "t4", "t5"], ["t0", "t6"], ["t1", "t2"]]


def test_what_was_done_and_comes_again_is_a_new_promise() -> None:
    """After a todo that is done the same words begin again, and the row says how often that was."""
    rows = [(1, "Oil hinge", True), (2, "Oil hinge", True), (3, "Oil hinge"), (4, "Oil hinge", True), (5, "Oil hinge")]
    found = carried_over(todos(*rows), SESSIONS, zone=UTC)

    assert found["todo_ids"].tolist() == [["t2", "t3"]]
    assert found["done_before"].tolist() == [2]
    assert found["open"].tolist() == [False]


@pytest.mark.parametrize(("done_at", "expected"), [("2026-03-01T23:45Z", 0), ("2026-03-02T23:45Z", 1), (None, 0)])
def test_the_history_says_when_it_was_done(done_at: str | None, expected: int) -> None:
    """With ``completed_at`` a todo that was done only after the next meeting was carried over to it."""
    df = todos((1, "Oil hinge", True), (2, "Oil hinge"))
    df["completed_at"] = pd.to_datetime([None, done_at], utc=True, format="ISO8601")

    assert len(carried_over(df, SESSIONS, zone=UTC)) == expected


def test_topics_are_kept_apart() -> None:
    """Another topic makes another promise; no topic fits any.

    A low *min_score* lets other topics in, at half the score.
    """
    rows = [
        (1, "Send the minutes", False, "A"),
        (2, "Send the minutes", False, "B"),
        (3, "Send the minutes", False, "B"),
    ]

    assert chains(*rows) == [["t1", "t2"]]
    assert chains((1, "Send the minutes", False, None), rows[1], (3, "Send the minutes", False, "A")) == [["t0", "t1"]]
    assert chains(
        (1, "Send the minutes", False, "A"), (2, "Send the minutes", False, None), (3, "Send the minutes", False, "B")
    ) == [["t0", "t1"]]
    low = carried_over(todos(*rows[:2]), SESSIONS, zone=UTC, min_score=0.5)
    assert low["score"].tolist() == [0.5]


def test_the_most_alike_goes_on() -> None:
    """Of two promises that both fit, a todo goes on the one that is more like it."""
    texts = ["Translate the reminder texts", "Translate the reminder text messages"]

    assert chains((1, texts[0]), (1, texts[1]), (2, texts[0])) == [["t0", "t2"]]
    assert chains((1, texts[0]), (1, texts[1]), (2, texts[1])) == [["t1", "t2"]]


def test_topics_without_an_id_go_by_name() -> None:
    """Where there are only names, two names are two topics."""
    df = todos(
        (1, "Send minutes", False, "A"), (2, "Send minutes", False, "B"), (3, "Send minutes", False, "A")
    ).assign(topic_id=pd.NA)

    assert carried_over(df, SESSIONS, zone=UTC)["todo_ids"].tolist() == [["t0", "t2"]]


def test_one_meeting_is_no_later_one() -> None:
    """Todos of one meeting are not carried over to each other; of two with the same words the open one goes on."""
    assert chains((1, "Oil hinge"), (1, "Oil hinge")) == []
    assert chains((1, "Oil hinge"), (1, "Oil hinge", True), (2, "Oil hinge")) == [["t0", "t2"]]
    assert chains((1, "Oil hinge", True), (1, "Oil hinge"), (2, "Oil hinge")) == [["t1", "t2"]]


def test_every_wording_has_to_fit() -> None:
    """A promise does not drift: the newest wording has to be like all of them, not only like the last."""
    words = [f"word{letter}" for letter in "abcdefghijklm"]
    texts = [" ".join(words[:length]) for length in (6, 9, 13)]

    assert chains(*enumerate(texts, 1), min_score=0.5) == [["t0", "t1"]]
    assert chains(*enumerate(texts[1:], 1), min_score=0.5) == [["t0", "t1"]]


@pytest.mark.parametrize("min_score", [0, -1, 1.01, float("nan")])
def test_a_score_has_its_range(min_score: float) -> None:
    """A score that is not above 0 and at most 1 is refused."""
    with pytest.raises(UsageError, match="min_score"):
        carried_over(todos((1, "x")), SESSIONS, zone=UTC, min_score=min_score)


def test_a_higher_score_asks_for_more() -> None:
    """Scores are between 0 and 1, and *min_score* leaves out what is below."""
    rows = [(1, "Translate the reminder texts"), (2, "Translate the reminder text messages")]
    score = carried_over(todos(*rows), SESSIONS, zone=UTC)["score"][0]

    assert 0.6 < score < 0.8
    assert chains(*rows, min_score=0.8) == []


# Where the times come from ---------------------------------------------------------

HINGES = todos((1, "Oil hinge"), (2, "Paint boat"), (3, "Oil hinge"), (4, "Oil hinge", True))


def test_without_sessions_the_frame_is_newest_first() -> None:
    """Where no time is known, the order is that of the frame, as the API gives it."""
    found = carried_over(HINGES, zone=UTC)

    assert found["todo_ids"].tolist() == [["t0", "t2", "t3"]]
    assert found["open"].tolist() == [False]
    assert found["first_time"].isna().all()
    assert found["days"].isna().all()
    assert found.attrs["carried_over"] == {"unknown_meetings": 0}


def test_meetings_that_are_not_known_are_left_out_and_counted() -> None:
    """Of known and unknown meetings only the known ones have an order."""
    found = carried_over(HINGES, SESSIONS[SESSIONS["session_id"].isin(["s3", "s4"])], zone=UTC)

    assert found["todo_ids"].tolist() == [["t2", "t3"]]
    assert found.attrs["carried_over"] == {"unknown_meetings": 2}


@pytest.mark.parametrize(
    "df",
    [
        HINGES.merge(SESSIONS, on="session_id", suffixes=("", "_y")),
        HINGES.iloc[::-1],
        HINGES.sample(frac=1, random_state=3),
        HINGES.set_index("session_id"),
        HINGES.set_index(pd.Index([7, 7, 7, 7])),
        HINGES.assign(completed=HINGES["completed"].astype("object")),
        pd.read_csv(io.StringIO(HINGES.to_csv(index=False))),
        HINGES.drop(columns=["topic_id", "topic_name", "completed"]),
        HINGES.assign(text=HINGES["text"].astype("category")),
    ],
    ids=["merged", "oldest first", "shuffled", "index", "doubled index", "object", "csv", "few columns", "category"],
)
def test_any_shape_of_frame(df: pd.DataFrame) -> None:
    """Merged, sorted, indexed and re-read frames give the same promise."""
    found = carried_over(df, SESSIONS, zone=UTC)

    assert found["todo_ids"].tolist() == [["t0", "t2", "t3"]]
    assert found["days"].tolist() == [3]
    assert found["evidence"].tolist() == ["Oil, hinge"]


def test_times_of_a_merged_frame_are_enough() -> None:
    """A frame that was merged with its meetings, localised or not, needs no sessions."""
    merged = HINGES.merge(SESSIONS[["session_id", "start_time"]], on="session_id")
    tokyo = merged.assign(start_time=merged["start_time"].dt.tz_convert("Asia/Tokyo"))
    alone = merged.drop(columns="session_id")

    assert str(carried_over(merged, zone=BERLIN)["last_time"][0]) == "2026-03-05 00:30:00+01:00"
    assert str(carried_over(tokyo, zone=BERLIN)["last_time"][0]) == "2026-03-05 08:30:00+09:00"
    assert str(carried_over(tokyo, SESSIONS, zone=BERLIN)["last_time"][0]) == "2026-03-05 08:30:00+09:00"
    assert carried_over(alone, zone=UTC)["todo_ids"].tolist() == [["t0", "t2", "t3"]]


@pytest.mark.parametrize(
    "df", [HINGES.iloc[:0], HINGES.assign(text=pd.NA), HINGES.assign(text=""), HINGES.assign(session_id=pd.NA)]
)
def test_nothing_carried_over_has_its_columns(df: pd.DataFrame) -> None:
    """Without todos, texts or meetings there is an empty frame with the same columns and dtypes."""
    found = carried_over(df, SESSIONS, zone=BERLIN)

    pd.testing.assert_frame_equal(found, carried_over(HINGES, SESSIONS, zone=BERLIN).iloc[:0], check_index_type=False)


@pytest.mark.parametrize("column", ["text", "session_id"])
def test_a_missing_column_is_named(column: str) -> None:
    """Without texts or meetings nothing can be compared, and the error names the column."""
    with pytest.raises(UsageError, match=column):
        carried_over(HINGES.drop(columns=column), SESSIONS, zone=UTC)


def test_odd_texts_do_no_harm() -> None:
    """Surrogates, control characters, marks of direction and very long texts are compared too."""
    texts = [
        "Oil\x00 \ud800 hinge\u2028",
        "Oil \u202e\ud800 hinge",
        "x" * 50_000,
        "(open) " * 20_000,
        "🙂",
        "-" * 9_000,
        "a, " * 9_000,
    ]
    df = pd.DataFrame({"todo_id": list("abcdefg"), "text": pd.Series(texts, dtype="object")})
    df["session_id"] = [f"s{day}" for day in range(1, 8)]

    assert carried_over(df, SESSIONS, zone=UTC)["todo_ids"].tolist() == [["a", "b"]]


# The whole --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Todos and sessions of the demo account."""
    with hj.demo() as hedy:
        return hedy.todos(), hedy.sessions(limit=None)


def test_the_demo_has_its_promises_and_nothing_else(demo: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """What the demo carries from meeting to meeting is found with three texts.

    All other rows repeat one text word for word.
    """
    found = carried_over(*demo, zone=BERLIN)
    told = found[found["times"].eq(3) & found["texts"].map(lambda texts: len(set(texts)) == 3)]

    for words in ("gasket samples", "price list", "audit log", "Reinigungsplan", "data protection", "field test"):
        assert told["promise"].str.contains(words).any()
    others = found.drop(told.index)
    assert [texts for texts in others["texts"] if len(set(texts)) > 1 and "conversation" not in texts[0]] == []
    assert recurring.carried_over_ids(*demo, zone=BERLIN) == found["todo_ids"].tolist()


def test_order_of_the_frame_does_not_matter(demo: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """The meetings' times decide, not the order of the rows."""
    df, sessions = demo
    found, shuffled = (carried_over(rows, sessions, zone=UTC) for rows in (df, df.sample(frac=1, random_state=1)))

    assert sorted(map(sorted, found["todo_ids"])) == sorted(map(sorted, shuffled["todo_ids"]))


def test_candidates_are_all_that_score(demo: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """The index leaves out no text that comparing each with each would find, at any score."""
    chooser = random.Random(4)  # noqa: S311
    words = ["oil", "hinge", "paint", "boat", "mend", "roof", "send", "offer"]
    texts = [" ".join(chooser.choices(words, k=chooser.randint(1, 6))) for _ in range(150)]
    said = list({similarity.features_of(text) for text in [*texts, *demo[0]["text"].head(150)]})
    for min_score in (0.2, 0.5, 0.6, 0.9, 1.0):
        compare = similarity.Comparison(said, min_score)
        expected = {
            (one, other) for one, other in itertools.product(said, said) if compare.score(one, other) >= min_score
        }

        assert {(one, other) for one in said for other in compare.candidates(one)} == expected


def test_meetings_that_are_there_twice_count_once() -> None:
    """Sessions that were put together from two frames may repeat; times of a merged frame fill what they leave out."""
    twice = pd.concat([SESSIONS, SESSIONS.assign(start_time=SESSIONS["start_time"] + pd.Timedelta(days=100))])
    merged = HINGES.merge(SESSIONS[["session_id", "start_time"]], on="session_id")
    found = carried_over(merged, SESSIONS[SESSIONS["session_id"].eq("s4")], zone=BERLIN)

    assert carried_over(HINGES, twice, zone=UTC)["days"].tolist() == [3]
    assert found["todo_ids"].tolist() == [["t0", "t2", "t3"]]
    assert str(found["first_time"][0]) == "2026-03-02 00:30:00+01:00"


def test_days_are_those_of_the_calendar() -> None:
    """From late on one day to early on the next is a day."""
    sessions = build(
        "sessions",
        [{"sessionId": "s1", "startTime": "2026-03-01T22:00Z"}, {"sessionId": "s2", "startTime": "2026-03-02T06:00Z"}],
    )

    assert carried_over(todos((1, "Oil hinge"), (2, "Oil hinge")), sessions, zone=UTC)["days"].tolist() == [1]


def test_sessions_in_a_zone_of_their_own_keep_it() -> None:
    """After ``localize`` the times stay in that zone."""
    tokyo = SESSIONS.assign(start_time=SESSIONS["start_time"].dt.tz_convert("Asia/Tokyo"))

    assert str(carried_over(HINGES, tokyo, zone=BERLIN)["last_time"][0]) == "2026-03-05 08:30:00+09:00"


@pytest.mark.timeout(10, func_only=True)  # alone it takes less than half a second
def test_many_todos_are_quick() -> None:
    """5,000 todos take seconds, also when thousands of them begin alike."""
    chooser = random.Random(5)  # noqa: S311
    stems = ["".join(chooser.choices("abcdefghiklmnoprstu", k=7)) for _ in range(800)]
    texts = [
        f"Send the {chooser.choice(stems)} {chooser.choice(stems)} for invoice {chooser.randint(1, 3000)}"
        for _ in range(5000)
    ]
    df = pd.DataFrame(
        {"todo_id": map(str, range(5000)), "text": texts, "session_id": [f"s{place // 4}" for place in range(5000)]}
    )

    carried_over(df, zone=UTC)

    assert len(carried_over(df.assign(text="Oil the hinge"), zone=UTC)) == 1


def test_usual_score_is_public() -> None:
    """The usual score is the one that is meant when none is given."""
    rows = [(1, "Translate the reminder texts"), (2, "Translate the reminder text messages")]

    assert chains(*rows) == chains(*rows, min_score=recurring.MIN_SCORE)


@pytest.mark.parametrize(("one", "other"), REWORDED)
def test_a_reworded_promise(one: str, other: str) -> None:
    """A promise is found inside a longer one, by the characters of Chinese and Japanese, and with a letter mistyped."""
    assert chains((1, one), *NOISE, (3, other)) == [["t0", f"t{len(NOISE) + 1}"]]
    assert chains((1, other), *NOISE, (3, one)) == [["t0", f"t{len(NOISE) + 1}"]]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_promises_that_look_alike(one: str, other: str) -> None:
    """Another number, person, month, object or a "not" is another promise."""
    assert chains((1, one), *NOISE, (3, other)) == chains((1, other), *NOISE, (3, one)) == []


def test_a_misspelled_word_is_one_right_word() -> None:
    """A word between two right ones joins neither with the other; given names are never misspelled."""
    found = same_words(["contract", "contact", "contarct", "marita", "martia", "review", "reviw", "launch", "lunch"])

    assert {frozenset(pair) for pair in found.items()} == {
        frozenset({"contarct", "contract"}), frozenset({"martia", "marita"}), frozenset({"review", "reviw"}),
    }  # fmt: skip
    assert not is_misspelled("aufgabe", "ausgabe")
    assert same_words(["martina", "martian"]) == {}
