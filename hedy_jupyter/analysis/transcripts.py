"""Transcripts of a frame of sessions: who said what, and which words are frequent.

The API promises no speakers: a transcript may be one long text. Lines ``Name: text`` are read, and the other forms of
``text.transcript_forms``, and only where the text as a whole looks like a dialogue, so that "Note: …" or "The answer
was: …" names no speaker.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import filterfalse, pairwise
from types import MappingProxyType

import pandas as pd

from hedy_jupyter.analysis import speaker_labels
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.column_lookup import column, has
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.text import transcript_forms
from hedy_jupyter.text.clean import without_surrogates
from hedy_jupyter.text.languages import languages_of, stop_word_counts, stop_words
from hedy_jupyter.text.phrasing import counted, text_length
from hedy_jupyter.text.pieces import Pieces
from hedy_jupyter.text.script_ranges import CJK, HAN, HIRAGANA, KATAKANA, SOUTHEAST_ASIAN, in_word, is_latin_1
from hedy_jupyter.text.stop_words import STOP_WORDS
from hedy_jupyter.text.transcript_forms import Turn

SpeakerNames = Mapping[str, Mapping[str, str]]
"""Session id, or "" for every session → label in the transcript → the name to show for it."""
NO_NAMES: SpeakerNames = MappingProxyType({})

TRANSCRIPTS = ("cleaned_transcript", "transcript")
"""The columns that hold what was said; the first one that a meeting has is read."""
UNSPACED = re.compile(f"[{CJK}{SOUTHEAST_ASIAN}]")
_WORD = re.compile(rf"[^\W\d_][{in_word()}]*(?:-[^\W_][{in_word()}]*)*")
_WORD_OR_NUMBER = re.compile(rf"[^\W_](?:[{in_word()}'’.,-]*[{in_word()}])?")
_JAPANESE_WORD = re.compile(f"[{KATAKANA}]{{2,}}|[{HAN}]{{2,}}")
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_CHINESE_FUNCTION = re.compile(
    "[的了是我你他她它们們在有和就不也都这這那个個吗嗎呢吧要会會可以什么麼没沒到说說去看好把被让讓给給从從]"
)
_KANA = re.compile(f"[{HIRAGANA}{KATAKANA}]")


# Speakers --------------------------------------------------------------------


def utterances(df: pd.DataFrame, names: SpeakerNames = NO_NAMES) -> pd.DataFrame:
    """Return what each speaker said, a row per turn, in order.

    Needs ``session_id`` and ``transcript`` or ``cleaned_transcript``.

    Gives ``session_id``, ``start_time`` (of the meeting, where the frame has it), ``position`` (from 0 in each
    meeting), ``speaker``, ``text`` and ``words`` (each Chinese or Japanese character counts as one). The cleaned
    transcript is read, else the raw one.

    A speaker is a line that begins with a name of at most five words and a colon, or has one of the other forms of
    ``text.transcript_forms``, such as WebVTT, "Ada - hi" or a name above the text. Labels such as "Note:" or "Q:",
    times, addresses and colons in a sentence are none. A name counts where it begins two lines, or where more than half
    of the lines begin with one; the text around decides where a word is a name and a function word ("Will"), or a label
    and a speaker ("A" beside "B"): see ``speaker_labels``. Other lines belong to the speaker before them. Where
    nearly all lines begin with a name, those that begin with what may be one have no speaker. Meetings whose text has
    no speakers have no rows.

    *names* are given to speakers in place of their labels.

    ``attrs["utterances"]`` says how much that is: ``sessions`` in the frame, ``with_speakers`` of them, and
    ``share_read``, the part of the characters of all the texts that has a speaker, from 0 to 1.

    Raises:
        UsageError: there is no transcript column.
    """
    reading = Reading()
    spoken = list(reading.turns(df))
    places, speakers, said = (list(column) for column in zip(*spoken, strict=True)) if spoken else ([], [], [])
    meetings = (
        df[[name for name in ("session_id", "start_time") if name in df.columns]].iloc[places].reset_index(drop=True)
    )
    found = meetings.assign(
        position=pd.Series(places, dtype="int64").groupby(places).cumcount() if places else pd.Series(dtype="int64"),
        speaker=pd.Series(renamed(speakers, _idents(meetings), names), dtype=DTYPES["text"]),
        text=pd.Series(said, dtype=DTYPES["text"]),
        words=pd.Series([length(text) for text in said], dtype="int64"),
    )
    found.attrs = {"utterances": reading.facts}
    return found


class Reading:
    """What is read of the transcripts of frames, one after the other."""

    def __init__(self) -> None:
        self._sessions = self._named = self._characters = self._read = 0

    def turns(self, df: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        """Yield the turns of *df* that have a speaker and a text: the place of the meeting in *df*, speaker, text."""
        self._sessions += len(df)
        for place, text in enumerate(_transcripts(df)):
            turns = _turns(text)
            spoken = [(speaker, said) for speaker, said in turns if speaker is not None and said]
            self._named += bool(spoken)
            self._characters += sum(len(said) for _, said in turns)
            self._read += sum(len(said) for _, said in spoken)
            yield from ((place, speaker, said) for speaker, said in spoken)

    @property
    def facts(self) -> dict[str, float]:
        """How much was read: ``attrs["utterances"]``."""
        share = self._read / self._characters if self._characters else 0.0
        return {"sessions": self._sessions, "with_speakers": self._named, "share_read": share}


def renamed(labels: Iterable[str], session_ids: Iterable[object], names: SpeakerNames) -> list[str]:
    """Return *labels* with the names that were given to them, for their session first, then for every one."""
    tables = (
        (label, names.get(ident, {}) if isinstance(ident, str) else {})
        for label, ident in zip(labels, session_ids, strict=True)
    )
    common = names.get("", {})
    return [own.get(label) or common.get(label) or label for label, own in tables]


def _idents(meetings: pd.DataFrame) -> Iterable[object]:
    return meetings["session_id"] if "session_id" in meetings.columns else [None] * len(meetings)


def speakers(text: str) -> set[str]:
    """Return those who speak in the transcript *text*, also those who say nothing."""
    return labels(text)[0]


def texts_by_speaker(
    df: pd.DataFrame, names: SpeakerNames = NO_NAMES, reading: Reading | None = None
) -> dict[tuple[int, str], list[str]]:
    """Return the place of a meeting in *df*, and who speaks in it → what is said, a text a turn."""
    found: dict[tuple[int, str], list[str]] = {}
    idents = column(df, "session_id").tolist() if has(df, "session_id") else [None] * len(df)
    for place, label, text in (reading or Reading()).turns(df):
        speaker = renamed([label], [idents[place]], names)[0] if names else label
        found.setdefault((place, speaker), []).append(text)
    return found


def spoken_lines(text: str) -> list[tuple[str, str]]:
    """Return the lines of the transcript *text* that are not empty: who begins to speak there, and what is said."""
    found: list[tuple[str, str]] = []
    for speaker, said in _turns(text):
        found += [("" if place else speaker or "", line) for place, line in enumerate(said.split("\n"))]
    return found


def spoken_length(text: str) -> str:
    """Return how long the transcript *text* is, without the names of those who speak: ``729 words``."""
    said = " ".join(said for _, said in _turns(text))
    size = text_length(said)
    return size if size.rstrip("s").endswith("character") else counted(length(said), "word")


def placed_lines(text: str) -> list[tuple[str | None, int, int]]:
    """Return who says each line of the transcript *text*, and where in it what is said begins and ends."""
    found: list[tuple[str | None, int, int]] = []
    place = 0
    for speaker, said in _turns(text):
        for line in said.split("\n"):
            start = text.find(line, place)
            if start >= 0:
                place = start + len(line)
                found.append((speaker, start, place))
    return found


def labels(text: str) -> tuple[set[str], set[str]]:
    """Return those who speak in the transcript *text*, and its labels that may be names and are no speakers."""
    turns, doubtful = _read(text)
    return {name for name, _ in turns if name is not None}, doubtful


def _transcripts(df: pd.DataFrame) -> list[str]:
    """Return the text of each meeting of *df*: the cleaned transcript, else the raw one, else nothing."""
    columns = [df[name] for name in TRANSCRIPTS if name in df.columns]
    if not columns:
        raise UsageError(
            "The frame has no transcripts.", advice="Take sessions with details: hedy.sessions(details=True)."
        )
    return [
        next((without_surrogates(text) for text in row if isinstance(text, str) and text.strip()), "")
        for row in zip(*columns, strict=True)
    ]


def _turns(text: str) -> list[Turn]:
    """Return the turns of *text*; what no speaker says has None."""
    return _read(text)[0]


def _read(text: str) -> tuple[list[Turn], set[str]]:
    """Return the turns of *text*, and the labels that may be names and are no speakers."""
    rows = [transcript_forms.without_chevrons(line.strip()) for line in text.splitlines()]
    cues = transcript_forms.without_cues(rows)
    rows = rows if cues is None else cues
    doubtful = set[str]()
    turns = transcript_forms.voices(rows)
    if turns is None:
        rows = transcript_forms.one_speaker_a_line(rows, speaker_labels.may_name)
        turns, doubtful = _labelled(rows)
        if all(name is None for name, _ in turns):
            turns = transcript_forms.turns(rows, speaker_labels.may_name) or turns
    return (turns if cues is None else transcript_forms.merged(turns)), doubtful


def _labelled(rows: Sequence[str]) -> tuple[list[Turn], set[str]]:
    """Return the turns of the stripped lines *rows* by their beginnings "Ada: …", and the doubtful labels."""
    placed = [(line, place == 0 or not rows[place - 1]) for place, line in enumerate(rows) if line]
    lines = [(line, speaker_labels.head(line, after_gap=after_gap)) for line, after_gap in placed]
    heads = [head for _, head in lines if head is not None]
    said = [line if head is None else head.text for line, head in lines]
    names = speaker_labels.speakers(heads, said, paragraphs=sum(after_gap for _, after_gap in placed))
    doubtful = speaker_labels.doubtful(heads, names, said)
    apart = doubtful if speaker_labels.is_label_form(heads, names, doubtful, len(lines)) else set()
    turns: list[tuple[str | None, list[str]]] = [(None, [])]
    for line, head in lines:
        if head is not None and head.name in names:
            turns.append((head.name, [head.text.strip()]))
        elif head is not None and head.name in apart:
            turns.append((None, [line]))
        else:
            turns[-1][1].append(line)
    return [(name, "\n".join(filter(None, parts))) for name, parts in turns if parts], doubtful


def _has_unspaced(text: str) -> bool:
    return not is_latin_1(text) and UNSPACED.search(text) is not None


_LENGTH_OF = Pieces(lambda piece: len(_WORD_OR_NUMBER.findall(piece)))


def length(text: str) -> int:
    """Return how many words *text* has; characters of scripts without spaces count one each."""
    if not _has_unspaced(text):
        pieces = text.split()
        others = list(filterfalse(str.isalpha, pieces))  # letters alone are one word
        return len(pieces) - len(others) + sum(map(_LENGTH_OF.__getitem__, others))
    unspaced = "".join(filter(str.isalpha, UNSPACED.findall(text)))
    return len(unspaced) + len(_WORD_OR_NUMBER.findall(UNSPACED.sub(" ", text)))


# Words -----------------------------------------------------------------------


def words(texts: pd.DataFrame | pd.Series, n: int = 30) -> pd.DataFrame:
    """Return the *n* most frequent words, without stop words and names of speakers: ``word count sessions``.

    ``sessions`` counts the meetings in which a word occurs (of a Series: the texts). Case does not matter; the most
    usual spelling is shown. Left out are the function words of English, German, French, Spanish, Italian, Portuguese or
    Dutch, of the one that fits a meeting best, also numbers and single letters; an apostrophe ends a word. In Chinese,
    Thai and other scripts without spaces words cannot be separated without a dictionary, so they are left out; of
    Japanese there are runs of two or more kanji or katakana.

    Args:
        texts: a Series of texts, or a frame with ``text`` (utterances, todos), ``transcript`` or
            ``cleaned_transcript``.
        n: how many words.

    Raises:
        UsageError: the frame has none of these columns.
    """
    meetings = [str(text) for text in texts if isinstance(text, str)] if isinstance(texts, pd.Series) else said(texts)
    spellings, sessions = Counter[str](), Counter[str]()
    for text in meetings:
        found = _content(text)
        spellings.update(found)
        sessions.update(set(map(str.casefold, found)))
    counts, usual = Counter[str](), dict[str, str]()
    for word, number in spellings.items():
        key = word.casefold()
        counts[key] += number
        usual[key] = max(usual.get(key, word), word, key=spellings.__getitem__)
    keys = sorted(counts, key=lambda key: (-counts[key], -sessions[key], key))[: max(n, 0)]
    return pd.DataFrame(
        {
            "word": pd.Series([usual[key] for key in keys], dtype=DTYPES["text"]),
            "count": pd.Series([counts[key] for key in keys], dtype="int64"),
            "sessions": pd.Series([sessions[key] for key in keys], dtype="int64"),
        }
    )


def added_up(parts: pd.DataFrame, n: int = 30) -> pd.DataFrame:
    """Return ``words`` of a whole frame from those of its parts, one below the other; each part has all of its words.

    A word is spelt as in the parts in which it is the most frequent.
    """
    spelled = parts.groupby("word", sort=False, as_index=False)[["count", "sessions"]].sum()
    spelled = spelled.assign(key=spelled["word"].str.casefold())
    totals = spelled.groupby("key", sort=False)[["count", "sessions"]].sum()
    spellings = spelled.sort_values("count", ascending=False, kind="stable").groupby("key", sort=False)["word"].first()
    found = totals.assign(word=spellings).reset_index()
    found = found.sort_values(["count", "sessions", "key"], ascending=[False, False, True], ignore_index=True)
    return found[["word", "count", "sessions"]].head(max(n, 0)).astype({"word": DTYPES["text"]})


def said(df: pd.DataFrame) -> list[str]:
    """Return what was said in each meeting of *df*, without the names of the speakers."""
    if "text" not in df.columns:
        return ["\n".join(said for _, said in _turns(text)) for text in _transcripts(df)]
    texts = df["text"].dropna().astype("object")
    if "session_id" not in df.columns:
        return texts.tolist()
    return texts.groupby(df["session_id"], dropna=False, sort=False).agg("\n".join).tolist()


def _words_of(piece: str) -> tuple[str, ...]:
    """Return the words in a piece of text; note those with stop words."""
    words = tuple(word for word in _WORD.findall(piece) if len(word) > 1)
    _WITH_STOP_WORDS.update(filter(stop_words, words))
    return words


_WORDS_OF = Pieces(_words_of)
_WITH_STOP_WORDS: set[str] = set()  # those of all words that were read: they are few


def _content(text: str) -> Counter[str]:
    """Return how often *text* has each word that is no stop word, in the order in which they come."""
    text = text if is_latin_1(text) else unicodedata.normalize("NFC", text)
    has_unspaced = _has_unspaced(text)
    pieces = Counter((UNSPACED.sub(" ", text) if has_unspaced else text).split())
    found: dict[str, int] = {}
    for words, number in zip(map(_WORDS_OF.__getitem__, pieces), pieces.values(), strict=True):
        for word in words:
            found[word] = found.get(word, 0) + number
    stops = {word: found[word] for word in _WITH_STOP_WORDS & found.keys()}
    dropped = frozenset().union(*(STOP_WORDS[language] for language in languages_of(stop_word_counts(stops))))
    for word in stops:
        if word.casefold() in dropped:
            del found[word]
    content = Counter(found)
    if has_unspaced and _KANA.search(text):
        content.update(_JAPANESE_WORD.findall(text))
    return content


def marking_forms(text: str) -> Counter[str]:
    """Return the words of *text* to compare texts by: those that ``words`` counts, and of Chinese pairs of characters.

    Pairs with a character of a function word are left out.
    """
    found = _content(text)
    if not text.isascii() and not _KANA.search(text):
        for run in _HAN_RUN.findall(_CHINESE_FUNCTION.sub(" ", text)):
            found.update(map("".join, pairwise(run)))
    return found
