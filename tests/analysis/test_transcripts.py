"""Who said what, and which words fall often."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import pytest

from hedy_jupyter.analysis import transcripts as speech
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.build import build
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.text.stop_words import ARTICLES, BEGINNINGS, LABELS, NAMES, PRONOUNS, STOP_WORDS

DIALOGUE = "Ada: So the pilot starts Monday.\nBram: Who owns it?\n\nAda: I do."


def sessions(*transcripts: str | None, cleaned: str | None = None) -> pd.DataFrame:
    """A frame of sessions with these transcripts, called s0, s1, ….

    *cleaned* is the cleaned transcript of the first.
    """
    records = [
        {"sessionId": f"s{place}", "startTime": "2026-03-18T09:00:00Z", "transcript": text}
        for place, text in enumerate(transcripts)
    ]
    records[0]["cleaned_transcript"] = cleaned
    return build("sessions_detailed", records)


def spoken(text: str) -> list[tuple[str, str]]:
    """Speaker and text of each turn of one transcript."""
    return [(speaker, said) for _, speaker, said in speech.Reading().turns(pd.DataFrame({"transcript": [text]}))]


# Speakers ---------------------------------------------------------------------


def test_each_turn_is_a_row() -> None:
    """A turn is a row with its meeting, its place in it, who speaks, what is said and how many words that is."""
    df = sessions(DIALOGUE, None, "No names here.", "Mia: Ja.\nTom: Nein.").set_axis([7, 7, 7, 7])
    before = df.copy(deep=True)
    found = speech.utterances(df)

    assert found.columns.tolist() == ["session_id", "start_time", "position", "speaker", "text", "words"]
    assert found["session_id"].tolist() == ["s0", "s0", "s0", "s3", "s3"]
    assert found["position"].tolist() == [0, 1, 2, 0, 1]
    assert found["speaker"].tolist() == ["Ada", "Bram", "Ada", "Mia", "Tom"]
    assert found["text"].tolist() == ["So the pilot starts Monday.", "Who owns it?", "I do.", "Ja.", "Nein."]
    assert found["words"].tolist() == [5, 3, 2, 1, 1]
    assert found.index.tolist() == [0, 1, 2, 3, 4]
    assert found["start_time"].dtype == df["start_time"].dtype
    pd.testing.assert_frame_equal(df, before)


def test_attrs_say_how_much_could_be_read() -> None:
    """The share is that of the characters which have a speaker."""
    found = speech.utterances(
        sessions("x" * 60 + "\nAda: " + "y" * 20 + "\nBram: " + "z" * 10 + "\nAda: " + "y" * 10, "w" * 100, None)
    )

    assert found.attrs == {"utterances": {"sessions": 3, "with_speakers": 1, "share_read": 0.2}}


@pytest.mark.parametrize(
    ("cleaned", "raw", "expected"),
    [
        ("Ada: Clean.\nAda: Yes.", "Ada: Um.", ["Clean.", "Yes."]),
        (None, "Ada: Raw.", ["Raw."]),
        ("", "Ada: Raw.", ["Raw."]),
        (" \n", "Ada: Raw.", ["Raw."]),
        ("Clean, without names.", "Ada: Raw.", []),
    ],
)
def test_the_cleaned_transcript_is_read_else_the_raw_one(cleaned: str | None, raw: str, expected: list[str]) -> None:
    """The raw transcript is read only where there is no cleaned one."""
    assert speech.utterances(sessions(raw, cleaned=cleaned))["text"].tolist() == expected


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Ada Lovelace",
        "Dr. Ada B. Lovelace",
        "J.R. Hartley",
        "Beatriz Solano-Pike",
        "Sean O'Neil",
        "Sean O’Neil",
        "Ludwig van der Rohe",
        "María de la Cruz Soto",
        "Ada (Sales)",
        "Speaker 1",
        "Sprecher 12",
        "SPEAKER_00",
        "Unknown Speaker",
        "Interviewer",
        "Zoë",
        "Ølgaard",
        "Мария Иванова",
        "Ελένη",
        "林知远",
        "大鳥",
        "さくら",
        "ジョン・スミス",
        "说话人1",
        "김민수",
        "محمد علي",
        "עדה",
        "अमित",
        "B",
        "Dan Brown",
        "Will",
        "Mia Rossi",
        "ada",
    ],
)
def test_names_are_speakers(name: str) -> None:
    """Names of many kinds and alphabets are speakers where they recur."""
    text = f"{name}: One.\nBram: Two.\n{name}: Three."

    assert spoken(text) == [(name, "One."), ("Bram", "Two."), (name, "Three.")]


@pytest.mark.parametrize("name", ["Ada", "Ada Lovelace", "Speaker 1", "林知远", "大鳥", "Мария", "עדה"])
def test_a_name_counts_once_among_names(name: str) -> None:
    """Where most lines begin with a name, one who speaks once is a speaker too.

    A text of one such line has one speaker.
    """
    assert spoken(f"Bram: One.\n{name}: Two.\nBram: Three.")[1] == (name, "Two.")
    assert spoken(f"{name}: Hello there.") == [(name, "Hello there.")]


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("  Ada :  Hello. ", "Ada", "Hello."),
        ("**Ada:** Hello.", "Ada", "Hello."),
        ("**Ada**: Hello.", "Ada", "Hello."),
        ("[00:12] Ada: Hello.", "Ada", "Hello."),
        ("00:12:03 - Ada: Hello.", "Ada", "Hello."),
        ("Ada (00:12): Hello.", "Ada", "Hello."),
        ("Ada [0:12:03]: Hello.", "Ada", "Hello."),
        ("Ada\u3000Lovelace: Hello.", "Ada Lovelace", "Hello."),
        ("Zoe\u0308: Hello.", "Zoë", "Hello."),
        ("Ada：Hello.", "Ada", "Hello."),
        ("林知远：大家好。", "林知远", "大家好。"),
        ("林知远:大家好。", "林知远", "大家好。"),
        ("\u200fעדה\u200f: שלום", "עדה", "שלום"),
        ("\ufeffAda: Hello.", "Ada", "Hello."),
        ("Ada: Note: it is 14:30 https://x.example", "Ada", "Note: it is 14:30 https://x.example"),
        ("Ada:\nHello.", "Ada", "Hello."),
        ("Ada: One.\nTwo.\n\nThree.", "Ada", "One.\nTwo.\nThree."),
    ],
)
def test_a_line_may_be_written_in_several_ways(line: str, name: str, text: str) -> None:
    """Times, bold, full-width colons and marks of direction belong to neither name nor text.

    Lines without a name go on.
    """
    assert spoken(f"{line}\nBram: Two.\n{line}\nBram: Two.") == [(name, text), ("Bram", "Two.")] * 2


@pytest.mark.parametrize(
    "line",
    [
        "Note: the file is there.",
        "NOTE: the file is there.",
        "Action items: many.",
        "Q: Who owns the checklist?",
        "A: Ada takes it.",
        "Frage: Wer macht das?",
        "Réponse: oui.",
        "Nota: va bene.",
        "Let op: het regent.",
        "Próximos passos: nenhum.",
        "注意：下雨了。",
        "質問：誰ですか。",
        "14:30 we stop.",
        "14:30: we stop.",
        "At 14:30 we stop.",
        "https://example.com/a: b",
        "See https://example.com",
        "mailto:ada@example.com",
        "C:\\Users\\Ada",
        "Re:Zero",
        "Numbers first: 3,384 appointments.",
        "Before we begin: hello.",
        "The answer was: no.",
        "So I said to Bram: go.",
        "Bevor wir anfangen: Das Mehl fehlt.",
        "Okay, Bram: go on.",
        "Thank you. Bram: go on.",
        "Thanks everybody. Bram: go on.",
        "Thanks. Bram: go on.",
        "오늘 우리 회의 주제: 비.",
        "Who? Ada: me.",
        "One Two Three Four Five Six: seven.",
        "Averyveryveryverylongwordthatisnobodysname: yes.",
        ": yes.",
        "- Ada: checklist",
        "# Ada: checklist",
        "5 Adas: yes.",
    ],
)
def test_what_is_no_name_makes_nobody_speak(line: str) -> None:
    """Labels, times, addresses and sentences with a colon are no speakers, however often they come."""
    assert spoken(f"{line}\n{line}\n{line}") == []
    assert [name for name, _ in spoken(f"Ada: Hello.\n{line}\n{line}\nBram: Bye.\nAda: Bye.")] == ["Ada", "Bram", "Ada"]


@pytest.mark.parametrize(
    "line",
    [
        "Plan B: we wait.",
        "Okay. Bram: we wait.",
        "Mein Vorschlag: wir warten.",
        "So: we wait.",
        "Und: wir warten.",
        "我想说的是：下雨了。",
        "質問は：誰。",
    ],
)
def test_a_colon_now_and_then_makes_nobody_speak(line: str) -> None:
    """A beginning that could be a name is none where it comes once in a longer text, or seldom."""
    prose = "This is a sentence.\n" * 3

    assert spoken(line + "\n" + prose) == []
    assert spoken(f"{line}\n{prose}{prose}{prose}{line}") == []


@pytest.mark.parametrize(
    "line",
    [
        "Mein Vorschlag: wir warten.",
        "So: we wait.",
        "The Plan: we wait.",
        "Okay. Bram: go.",
        "In short: we wait.",
        "我想说的是：下雨了。",
        "質問は：誰。",
    ],
)
def test_the_beginning_of_a_sentence_goes_on(line: str) -> None:
    """What begins as sentences do, and only once, belongs to who speaks."""
    assert spoken(f"Ada: Hello.\n{line}\nBram: Bye.") == [("Ada", f"Hello.\n{line}"), ("Bram", "Bye.")]


@pytest.mark.parametrize("label", ["bram", "dan", "will", "mark", "Me", "You", "Moi", "So Young", "rosa's ipad"])
def test_what_may_be_another_speaker_is_not_given_to_the_one_before(label: str) -> None:
    """Where each line names who speaks, the words after a doubtful label have no speaker."""
    before, after = "Anna: Hello all.\nBen: Hi Anna.\n", "\nBen: Good then.\nAnna: Let us go."
    turns = spoken(f"{before}{label}: I agree with that.{after}")

    assert ("Ben", "Hi Anna.") in turns
    assert [text for _, text in turns if "agree" in text] == []
    prose = "\nand on\nand on\nand on"
    assert "agree" in str(spoken(f"Anna: Hello all.{prose}\nBen: Hi Anna.{prose}\n{label}: I agree.{after}"))


@pytest.mark.parametrize("device", ["Will's iPhone", "Rosa’s iPad", "iPhone Zoë"])
def test_devices_speak(device: str) -> None:
    """A label may be the device of a person."""
    text = f"Anna: Hello all.\n{device}: Hi.\nAnna: Good."
    assert [name for name, _ in spoken(text)] == ["Anna", device, "Anna"]


def test_full_names_in_small_letters() -> None:
    """They speak where no label has capitals, and nowhere else."""
    text = "tom: hi there.\nzoë hopperby: hello tom.\ntom: shall we go?\nzoë hopperby: yes.\ntom: ok"
    assert [name for name, _ in spoken(text)] == ["tom", "zoë hopperby", "tom", "zoë hopperby", "tom"]
    assert {name for name, _ in spoken(text.replace("tom:", "Tom:"))} == {"Tom"}
    assert [name for name, _ in spoken("tom: hi\nthe plan: go\ntom: ok\nthe plan: go")] == ["tom", "tom"]


# Names that are words ---------------------------------------------------------

TALKS = {
    "english": (
        "We have to talk about the budget of next year.",
        "I think that we should wait.",
        "That is what I said.",
    ),
    "german": (
        "Wir haben das heute nicht auf dem Plan und es ist spät.",
        "Ja, ich denke, das ist gut.",
        "Das ist nicht so.",
    ),
    "french": (
        "On a dit que le plan est prêt et que nous sommes là.",
        "Oui, je pense que c'est bon.",
        "Non, pas du tout.",
    ),
    "spanish": ("No sé si esto es lo que el equipo quiere para la reunión.", "Sí, creo que es así.", "Pero no está."),
    "italian": (
        "Non so se questo è quello che la squadra vuole per il piano.",
        "Sì, credo che sia così.",
        "Ma non è così.",
    ),
    "portuguese": ("Não sei se isto é o que a equipa quer para o plano.", "Sim, acho que é assim.", "Mas não está."),
    "dutch": (
        "We gaan het vandaag over het budget hebben, dat is niet zo moeilijk.",
        "Ja, dat is goed.",
        "Dat is wat ik ook zei.",
    ),
}


def talk(name: str, language: str) -> list[tuple[str, str]]:
    """What is read where *name* speaks once, between others, in *language*."""
    first, middle, last = TALKS[language]
    return spoken(f"Ada: {first}\n{name}: {middle}\nBram: {last}\nAda: Okay.")


@pytest.mark.parametrize("language", TALKS)
@pytest.mark.parametrize(
    "name",
    [
        "Dan",
        "Ben",
        "Will",
        "Mia",
        "Ella",
        "Don",
        "Ali",
        "Li",
        "Su",
        "Mo",
        "Per",
        "Can",
        "Uma",
        "Sem",
        "Ana",
        "Sara",
        "Jo",
    ],
)
def test_a_name_that_is_a_word_speaks_once(name: str, language: str) -> None:
    """A first name that is a function word of some language has its own turn, whatever is spoken.

    So has a full name with it.
    """
    assert [speaker for speaker, _ in talk(name, language)] == ["Ada", name, "Bram", "Ada"]
    assert [speaker for speaker, _ in talk(f"{name} Whitlow", language)] == ["Ada", f"{name} Whitlow", "Bram", "Ada"]


def test_every_name_that_is_a_word_speaks_in_english() -> None:
    """In a language of which it is no beginning of a sentence nothing else is needed."""
    names = sorted(name.capitalize() for name in NAMES)

    assert [name for name in names if talk(name, "english")[1] != (name, TALKS["english"][1])] == []
    assert [name for name in names if spoken(f"{name}: I think so.") != [(name, "I think so.")]] == []


@pytest.mark.parametrize("language", STOP_WORDS)
def test_function_words_of_the_language_begin_sentences(language: str) -> None:
    """A word that is no name goes on with what was said, also before a capital."""
    words = [word for word in STOP_WORDS[language] if word not in NAMES | PRONOUNS | {"so"}]

    assert [word for word in words if word.capitalize() in dict(talk(word.capitalize(), language))] == []
    assert "So" not in dict(talk("So", language)) | dict(talk("Also", language))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada: Eerst het ene, en dat is goed.\nDan: het andere is niet zo.\nBram: Ja, dat is het.", ["Ada", "Bram"]),
        (
            "Ada: Eerst het ene, en dat is goed.\nDan: Het andere is niet zo.\nBram: Ja, dat is het.",
            ["Ada", "Dan", "Bram"],
        ),
        ("Ada: Wir haben es nicht.\nNur: Wir haben kein Geld.\nBram: Das ist so.", ["Ada", "Bram"]),
        ("Ada: Ja.\nMein Vorschlag: Wir warten nicht auf das Mehl.\nBram: Gut, das ist es.", ["Ada", "Bram"]),
        ("Ada: Ja.\nDer Plan: Wir warten nicht auf das Mehl.\nBram: Gut, das ist es.", ["Ada", "Bram"]),
        (
            "Ada: Dat is niet zo.\nDe Jong: Ja, dat is goed.\nVan der Meer: Het is zo.\nAda: Oké.",
            ["Ada", "De Jong", "Van der Meer", "Ada"],
        ),
        ("Ada: Hello.\nvan Dijk: Good morning.\nBram: We can start.", ["Ada", "van Dijk", "Bram"]),
        ("Ada: Hello.\nThe Plan: We wait.\nBram: Bye.", ["Ada", "Bram"]),
        ("Ada: Hello.\nSo: We wait.\nBram: Bye.\nSo: We go on.", ["Ada", "Bram"]),
        ("Ada: Hello.\nWill: we can do that.\nBram: Bye.", ["Ada", "Will", "Bram"]),
    ],
)
def test_what_follows_tells_a_beginning_from_a_name(text: str, names: list[str]) -> None:
    """A turn begins as the turns of others; German has capitals everywhere, so that there a capital tells nothing."""
    assert [name for name, _ in spoken(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[00:01] Ada: Hello.\n[00:02] So: we wait.\n[00:05] Bram: Bye.", ["Ada", "So", "Bram"]),
        ("[00:01] Ada: Hello.\nSo: we wait.\n[00:05] Bram: Bye.", ["Ada", "Bram"]),
        ("**Ada:** Hello.\n**So:** we wait.\n**Bram:** Bye.", ["Ada", "So", "Bram"]),
        ("ADA: Hello.\nSO: we wait.\nBRAM: Bye.", ["ADA", "SO", "BRAM"]),
        ("ADA: Hello.\nSo: we wait.\nBRAM: Bye.", ["ADA", "BRAM"]),
        ("ada: hello\nkim: we wait\nada: bye\nbram: yes\nbram: no", ["ada", "kim", "ada", "bram", "bram"]),
        ("ada: hello\nso: we wait\nada: bye\nbram: yes", ["ada", "ada", "bram"]),
        ("Ada: Thanks, So.\nSo: we wait.\nBram: Bye.", ["Ada", "So", "Bram"]),
        ("Ada: Dat is goed, zei Dan net.\nDan: het is niet zo.\nBram: Ja, dat is het.", ["Ada", "Dan", "Bram"]),
        (
            "Ada: Dat is niet zo.\n\nBram: Ja.\n\nAda: Wat wil je?\nDan: Het andere.\n\nBram: Nee.",
            ["Ada", "Bram", "Ada", "Bram"],
        ),
    ],
)
def test_the_form_of_other_turns_and_mentions_are_evidence(text: str, names: list[str]) -> None:
    """A time, bold type, capitals or an empty line where all speakers have one, and the name inside of a line."""
    assert [name for name, _ in spoken(text)] == names


@pytest.mark.parametrize("name", ["Dan", "Mia", "Zoe", "Will Whitlow"])
@pytest.mark.parametrize("form", ["\n{}: {}", "[00:10] {}: {}", "**{}:** {}"], ids=["paragraphs", "times", "bold"])
def test_who_speaks_once_among_long_turns(form: str, name: str) -> None:
    """Where turns have many lines, a name counts once if its place is like that of all others.

    A label in a turn does not.
    """
    turns = [
        ("Ada", "We begin.\nOne.\nTwo."),
        (name, "I think so.\nPlan: we wait.\nFour."),
        ("Bram", "No.\nFive."),
        ("Ada", "Yes.\nSix.\nSeven."),
    ]
    text = "\n".join(form.format(*turn) for turn in turns)

    assert spoken(text) == turns


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A: Hello.\nB: Hi.\nA: Bye.", ["A", "B", "A"]),
        ("A: Hello.\nB: Hi.", ["A", "B"]),
        ("B: Hello.\nA: Hi.\nC: Bye.\nQ: Wait.", ["B", "A", "C", "Q"]),
        ("a: hello\nb: hi\na: bye", ["a", "b", "a"]),
        ("A: Yes.\nBram: No.\nA: Yes!", ["A", "Bram", "A"]),
        ("A.: Hello.\nB.: Hi.\nA.: Bye.", ["A.", "B.", "A."]),
        ("Q: Who?\nA: Ada.\nQ: When?\nA: Now.", []),
        ("F: Wer?\nA: Ada.\nF: Wann?\nA: Jetzt.", []),
        ("Question: Who?\nA: Ada.\nQuestion: When?\nA: Now.", []),
        ("Ada: We have options.\nA: the boat\nB: the train\nBram: The boat.", ["Ada", "Bram"]),
        ("Me: Hello.\nThem: Hi.\nMe: Bye.", ["Me", "Them", "Me"]),
        ("Me: Hello.\nYou: Hi.", ["Me", "You"]),
        ("Ada: Who was it?\nMe: I was not.\nBram: No.", ["Ada", "Bram"]),
    ],
)
def test_letters_and_pronouns_speak_beside_each_other(text: str, names: list[str]) -> None:
    """ "A" is a speaker beside "B" and an answer beside "Q"; letters that come once among names are items of a list."""
    assert [name for name, _ in spoken(text)] == names


@pytest.mark.parametrize(
    "role",
    [
        "Host",
        "Guest",
        "Interviewer",
        "Moderator",
        "Speaker 1",
        "speaker 1",
        "SPEAKER_00",
        "spk_1",
        "Speaker A",
        "host",
        "Unknown speaker",
        "Moderatorin",
    ],
)
def test_roles_speak(role: str) -> None:
    """Who has no name has a role, once and often, in small letters too."""
    assert spoken(f"{role}: Welcome to the show.\nAda: Thank you.") == [
        (role, "Welcome to the show."),
        ("Ada", "Thank you."),
    ]
    assert [name for name, _ in spoken(f"Ada: Hello.\nBram: Hi.\n{role}: One minute left.\nAda: Fine.")] == [
        "Ada",
        "Bram",
        role,
        "Ada",
    ]


@pytest.mark.parametrize("line", ["Host: example.com", "Host: api.example.com:8080", "Host: http://10.0.0.1/"])
def test_a_host_of_the_network_does_not_speak(line: str) -> None:
    """An address is not speech."""
    assert [name for name, _ in spoken(f"Ada: Hello.\n{line}\nBram: Bye.\nAda: Bye.")] == ["Ada", "Bram", "Ada"]


@pytest.mark.parametrize(
    "line",
    [
        "Note: we wait.",
        "Question: Who?",
        "Decision: We wait.",
        "Action: Bram calls.",
        "PS: Bye.",
        "Re: the plan",
        "http: //x",
        "Also: We wait.",
    ],
)
def test_labels_within_a_dialogue_speak_neither_once_nor_often(line: str) -> None:
    """What they introduce belongs to who speaks."""
    rest = "Bram: So we do.\nAda: Yes.\nBram: Yes."

    assert dict(spoken(f"Ada: Hello.\n{line}\n{rest}")) == {"Ada": "Yes.", "Bram": "Yes."}
    assert {name for name, _ in spoken(f"Ada: Hello.\n{line}\n{line}\n{rest}")} == {"Ada", "Bram"}


def test_a_label_of_one_language_is_a_name_in_others() -> None:
    """ "Ora" is an hour in Italian."""
    assert talk("Ora", "english")[1][0] == "Ora"
    assert "Ora" not in dict(talk("Ora", "italian"))


def test_names_that_are_words_are_words() -> None:
    """What the lists say of names holds only for function words, and what may begin a sentence is a name too."""
    words = frozenset().union(*STOP_WORDS.values())

    assert words >= NAMES
    assert BEGINNINGS <= NAMES & ARTICLES
    assert words | {"my"} >= ARTICLES
    assert {word for word in NAMES | PRONOUNS if word != word.casefold()} == set()


def test_who_says_nothing_is_a_speaker_too() -> None:
    """``speakers`` names all, also those without a row."""
    assert speech.speakers("Ada: One.\nWill:\nAda: Two.") == {"Ada", "Will"}


@pytest.mark.parametrize("head", ["ada{}", "So a{}", "Und{}", "A{} B", "So", "Me", "Host"])
@pytest.mark.timeout(10, func_only=True)  # alone it takes less than half a second
def test_many_labels_do_not_take_long(head: str) -> None:
    """The time grows with the number of labels."""
    spoken("".join(f"{head.format(number)}: x, So{number}.\n" for number in range(8_000)))


# Turns ------------------------------------------------------------------------


def test_a_name_that_recurs_need_not_begin_most_lines() -> None:
    """A speaker goes on over lines as long as one line in four begins with one."""
    assert len(spoken("Ada: One.\na\nb\nc\nAda: Two.\nd\ne\nf")) == 2
    assert spoken("Ada: One.\na\nb\nc\nAda: Two.\nd\ne\nf\ng") == []


def test_one_name_needs_more_than_half_of_the_lines() -> None:
    """A name that comes once is none where half of the lines or fewer begin with a name."""
    assert spoken("Ada: One.\nTwo.") == []
    assert len(spoken("Ada: One.\nBram: Two.\nThree.")) == 2


def test_what_comes_before_the_first_speaker_is_not_read() -> None:
    """A heading above the dialogue is no turn."""
    assert spoken("Weekly of March\n" + DIALOGUE) == spoken(DIALOGUE)


def test_a_speaker_who_says_nothing_has_no_row() -> None:
    """A name without a text is left out, and the places stay without a hole."""
    found = speech.utterances(sessions("Ada: One.\nBram:\nAda: Two."))

    assert found["speaker"].tolist() == ["Ada", "Ada"]
    assert found["position"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("So, the pilot starts: Monday!", 5),
        ("It's 3,384 don't-knows at 14.5 per cent", 7),
        ("我们开始吧。", 5),
        ("ロボットは3台 OK", 8),
        ("Ça déçoit l’équipe", 3),
        ("नमस्ते दुनिया", 2),
        ("…!", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    """Words and numbers count one each, and so does each Chinese or Japanese character."""
    assert speech.utterances(sessions(f"Ada: {text}"))["words"].tolist() == [words]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x85"])
def test_lines_end_in_any_way(line_end: str) -> None:
    """Every line break of Unicode ends a line."""
    assert len(spoken(DIALOGUE.replace("\n", line_end))) == 3


@pytest.mark.parametrize(
    "text",
    [
        "A" + " " * 100_000 + "x",
        "[00:00]" + "-" * 100_000,
        "Ada" * 50_000,
        "Ada " * 50_000,
        "：" * 100_000,
        "A:\n" * 25_000,
    ],
)
@pytest.mark.timeout(5, func_only=True)  # alone it takes less than a tenth of a second
def test_no_text_takes_long(text: str) -> None:
    """A text made to be slow is not."""
    spoken(text)
    speech.words(pd.Series([text]))


@pytest.mark.parametrize(
    "change",
    [
        lambda df: pd.read_csv(io.StringIO(df.to_csv(index=False))),
        lambda df: df.astype("object"),
        lambda df: df.drop(columns="cleaned_transcript"),
        lambda df: df.assign(text_x="merged", speaker="old", words=0),
        lambda df: df.assign(transcript=[DIALOGUE, None, 5]).astype({"transcript": "object"}),
    ],
    ids=["csv", "objects", "raw only", "more columns", "mixed"],
)
def test_utterances_of_changed_frames(change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """A frame from a file, with fewer or more columns, gives the same turns."""
    found = speech.utterances(change(sessions(DIALOGUE, None, "")))

    assert found["speaker"].tolist() == ["Ada", "Bram", "Ada"]
    assert found["text"].dtype == DTYPES["text"]


def test_lone_surrogates_are_replaced() -> None:
    """Text that no file could hold is read with the sign for a lost character."""
    df = sessions("").assign(transcript=pd.Series(["Ada: big\ud800boat"], dtype="object"))

    assert speech.utterances(df)["text"].tolist() == ["big\ufffdboat"]
    assert counted(df) == counted(pd.Series(["big\ud800boat"], dtype="object")) == {"big": (1, 1), "boat": (1, 1)}


def test_utterances_of_nothing() -> None:
    """An empty frame has the same columns and dtypes, and a share of nought; without transcripts it is an error."""
    found = speech.utterances(build("sessions_detailed", []))

    assert found.attrs == {"utterances": {"sessions": 0, "with_speakers": 0, "share_read": 0.0}}
    pd.testing.assert_series_equal(found.dtypes, speech.utterances(sessions(DIALOGUE)).dtypes)
    pd.testing.assert_series_equal(found.dtypes, speech.utterances(sessions("No names.")).dtypes)
    with pytest.raises(UsageError, match="no transcripts"):
        speech.utterances(build("sessions", []))


# Words ------------------------------------------------------------------------


def counted(texts: pd.DataFrame | pd.Series, n: int = 30) -> dict[str, tuple[int, int]]:
    """Count and meetings by word."""
    found = speech.words(texts, n)
    return {word: (count, number) for word, count, number in found.itertuples(index=False)}


def test_words_are_counted_without_stop_words_and_names() -> None:
    """Counts come with the number of meetings, the most frequent first.

    Speakers' names before a colon are no words of the meeting.
    """
    df = sessions(
        "Ada: The pilot and the boat.\nBram: The boat, 3 boats!\nAda: A boat is what I want.",
        "Boat, Pilot, pilot-plan; Ada.",
        None,
    )
    found = speech.words(df)

    assert found.columns.tolist() == ["word", "count", "sessions"]
    assert found.dtypes.astype("str").tolist()[1:] == ["int64", "int64"]
    assert counted(df) == {"boat": (4, 2), "pilot": (2, 2), "Ada": (1, 1), "boats": (1, 1), "pilot-plan": (1, 1)}
    assert list(counted(df)) == ["boat", "pilot", "Ada", "boats", "pilot-plan"]
    assert list(counted(df, 1)) == ["boat"]
    assert counted(df, 0) == counted(df, -1) == {}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I don't know what we'll do about the war and the car door", "war car door"),
        ("Das ist der Plan für die Lieferung, und wir haben nicht genug Mehl", "Plan Lieferung genug Mehl"),
        ("C'est l'équipe qui n'a pas fait le plan d'aujourd'hui", "équipe plan aujourd hui"),
        ("Esta es la reunión del equipo y no hay más tiempo para el plan", "reunión equipo tiempo plan"),
        ("Questa è la riunione della squadra e non c'è più tempo per il piano", "riunione squadra tempo piano"),
        ("Esta é a reunião da equipa e não há mais tempo para o plano", "reunião equipa tempo plano"),
        ("Dit is de vergadering van het team en er is geen tijd meer voor het plan", "vergadering team tijd plan"),
    ],
)
def test_stop_words_are_those_of_the_language(text: str, left: str) -> None:
    """The function words of the language in which a meeting is held are left out, those of other languages stay."""
    assert list(counted(pd.Series([text]))) == sorted(left.split(), key=str.casefold)


def test_the_language_is_found_for_each_meeting() -> None:
    """A word that is a function word in one meeting counts in another, of another language."""
    german, english = "Das war der Plan und wir haben Zeit", "The war is in the plan and we have time"

    assert counted(pd.Series([german, english])) == {"Plan": (2, 2), "time": (1, 1), "war": (1, 1), "Zeit": (1, 1)}


def test_a_word_is_shown_in_its_usual_spelling() -> None:
    """Case does not matter for the count, and the most frequent spelling is shown."""
    assert counted(pd.Series(["Lieferung LIEFERUNG", "Lieferung", "pilot Pilot pilot"])) == {
        "Lieferung": (3, 2),
        "pilot": (3, 1),
    }


def test_of_equal_words_those_of_more_meetings_come_first() -> None:
    """Between words of one count the number of meetings decides, then the alphabet."""
    assert list(counted(pd.Series(["alpha alpha crane boat", "delta delta crane boat"]))) == [
        "boat",
        "crane",
        "alpha",
        "delta",
    ]


def test_scripts_without_spaces_give_only_what_can_be_told_apart() -> None:
    """Chinese has no words to count, Japanese its runs of kanji and katakana."""
    assert counted(pd.Series(["我们开始吧，今天的议题不多。OK"])) == {}
    assert counted(pd.Series(["ロボットの充電台は雨の日に、充電台がABC"])) == {
        "充電台": (2, 1),
        "ABC": (1, 1),
        "ロボット": (1, 1),
    }
    assert counted(pd.Series(["สวัสดีครับ pilot"])) == {"pilot": (1, 1)}
    assert set(counted(pd.Series(["नमस्ते مُحمد 회의 Zoe\u0308"]))) == {"Zoë", "नमस्ते", "مُحمد", "회의"}


def test_words_of_lines_count_meetings() -> None:
    """Of utterances and todos the texts of a meeting are one; without an id each row is one."""
    lines = speech.utterances(sessions("Ada: Boat.\nBram: Boat.\nAda: Boat.", "Ada: Boat."))

    assert counted(lines) == {"Boat": (4, 2)}
    assert counted(lines[["text"]]) == {"Boat": (4, 4)}
    assert counted(lines.set_axis([1] * 4)) == {"Boat": (4, 2)}
    assert counted(lines["text"]) == {"Boat": (4, 4)}
    assert counted(build("todos", [{"id": "a", "text": None}, {"id": "b", "text": "Boat"}])) == {"Boat": (1, 1)}


@pytest.mark.parametrize(
    "texts",
    [build("sessions_detailed", []), build("todos", []), pd.Series([], dtype="object"), pd.Series([None, 5.0, ""])],
)
def test_words_of_nothing(texts: pd.DataFrame | pd.Series) -> None:
    """Without a text there is an empty table with its columns and dtypes."""
    found = speech.words(texts)

    assert found.empty
    pd.testing.assert_series_equal(found.dtypes, speech.words(pd.Series(["boat"])).dtypes)


def test_words_need_a_text() -> None:
    """A frame without texts is an error."""
    with pytest.raises(UsageError, match="no transcripts"):
        speech.words(build("sessions", []))


@pytest.mark.parametrize("language", STOP_WORDS)
def test_stop_words_are_as_words_are_cut(language: str) -> None:
    """Every stop word can be found: small, no apostrophe, longer than a letter, and its table is the one chosen."""
    table = STOP_WORDS[language]

    assert {word for word in table if word != word.casefold() or not word.isalpha() or len(word) < 2} == set()
    assert counted(pd.Series([" ".join(table)])) == {}
    assert 100 <= len(table) <= 180


def test_labels_are_as_names_are_compared() -> None:
    """Every label is small and has no stray space."""
    assert {label for label in LABELS if label != " ".join(label.casefold().split()) or not label} == set()
