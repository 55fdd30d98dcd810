"""Who said what, and which words fall often: the transcripts of a frame of sessions, line by line and word by word.

The API promises no speakers: a transcript may be one long text. Only lines ``Name: text`` are read, and only where the text as a whole
looks like a dialogue, so that "Note: …" or "The answer was: …" makes nobody speak.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import pandas as pd

from hedy_jupyter.errors import UsageError
from hedy_jupyter.tables.schema import DTYPES
from hedy_jupyter.tables.stop_words import LABELS, STOP_WORDS
from hedy_jupyter.tables.texts import clean

Turn = tuple[str | None, str]
"""A speaker and what is said; no speaker where the text does not name one."""

_MOST_WORDS, _MOST_CHARACTERS = 5, 40  # of a name
_MOST_WORDS_UNCASED, _MOST_IDEOGRAPHS = 3, 4  # without capitals only shortness tells a name from a clause
_LEAST_SHARE = 4  # one line in so many has to begin with a speaker

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HIRAGANA = "\u3041-\u309f"
_CJK = f"{_HAN}{_KATAKANA}{_HIRAGANA}"
# Marks above and below letters are no letters to ``re``; without them words in Arabic, Hebrew and the scripts of India would be cut.
_IN_WORD = r"\w\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_SPACE = r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]{0,5}"  # with marks of direction; few, so that no text takes long
_CLOCK = r"[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?"

_UNSPACED = re.compile(rf"[{_CJK}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # with Thai, Lao, Burmese and Khmer
_WORD = re.compile(rf"[^\W\d_][{_IN_WORD}]*(?:-[^\W_][{_IN_WORD}]*)*")
_WORD_OR_NUMBER = re.compile(rf"[^\W_](?:[{_IN_WORD}'’.,-]*[{_IN_WORD}])?")
_JAPANESE_WORD = re.compile(f"[{_KATAKANA}]{{2,}}|[{_HAN}]{{2,}}")
_KANA = re.compile(f"[{_HIRAGANA}{_KATAKANA}]")

_SPEAKER_LINE = re.compile(
    rf"{_SPACE}(?:{_CLOCK}[\s–—-]{{0,5}})?\*{{0,2}}"  # a time in front; bold as in Markdown
    rf"(?P<name>[^\W\d_][^:：*]{{0,{_MOST_CHARACTERS - 1}}}?)\*{{0,2}}{_SPACE}(?:{_CLOCK})?{_SPACE}"
    rf"(?:：|:(?=[\s*{_CJK}]|$))\*{{0,2}}{_SPACE}(?P<text>.*)",
    re.DOTALL,
)
_NAME = re.compile(rf"[{_IN_WORD} .'’()&·・/@#-]+")
_SENTENCE_END = re.compile(r"[^\W\d_]{5,}\.")  # "Dr." and "Prof." end no sentence
_SMALL_IN_NAMES = "af al av bin da dal de dei del della den der des di do dos du e el ibn la le of ten ter van von y zu"
_PARTICLES = frozenset(_SMALL_IN_NAMES.split())
# What the beginning of a sentence has before a colon, and hardly a name: five characters in a row, or a particle.
_LONG_OR_CLAUSE = re.compile(f"[{_HAN}{_HIRAGANA}]{{{_MOST_IDEOGRAPHS + 1}}}|[的了是我们們这這那個个吗嗎呢を]|[はがにで]$")
_FUNCTION_WORDS = frozenset().union(*STOP_WORDS.values())


# Speakers --------------------------------------------------------------------


def utterances(df: pd.DataFrame) -> pd.DataFrame:
    """What each speaker said, a row per turn, in order; needs ``session_id`` and ``transcript`` or ``cleaned_transcript``.

    Gives ``session_id``, ``start_time`` (of the meeting, where the frame has it), ``position`` (from 0 in each meeting), ``speaker``,
    ``text`` and ``words`` (each Chinese or Japanese character counts as one). The cleaned transcript is read, else the raw one.

    A speaker is a line that begins with a name of at most five words and a colon. Labels such as "Note:" or "Q:", times, addresses and
    colons in a sentence are none. A name counts where it begins two lines, or where more than half of the lines begin with one.
    Other lines belong to the speaker before them. Meetings whose text names no speakers have no rows.

    ``attrs["utterances"]`` says how much that is: ``sessions`` in the frame, ``with_speakers`` of them, and ``share_read``, the part of
    the characters of all the texts that has a speaker, from 0 to 1.

    Raises:
        UsageError: there is no transcript column.
    """
    turns = [(place, *turn) for place, text in enumerate(_transcripts(df)) for turn in _turns(text)]
    spoken = [(place, speaker, text) for place, speaker, text in turns if speaker is not None and text]
    places, speakers, said = (list(column) for column in zip(*spoken, strict=True)) if spoken else ([], [], [])
    meetings = df[[name for name in ("session_id", "start_time") if name in df.columns]].iloc[places].reset_index(drop=True)
    found = meetings.assign(
        position=pd.Series(places, dtype="int64").groupby(places).cumcount() if places else pd.Series(dtype="int64"),
        speaker=pd.Series(speakers, dtype=DTYPES["text"]),
        text=pd.Series(said, dtype=DTYPES["text"]),
        words=pd.Series([_length(text) for text in said], dtype="int64"),
    )
    characters = sum(len(text) for _, _, text in turns)
    share = sum(map(len, said)) / characters if characters else 0.0
    found.attrs = {"utterances": {"sessions": len(df), "with_speakers": len(set(places)), "share_read": share}}
    return found


def _transcripts(df: pd.DataFrame) -> list[str]:
    """The text of each meeting of *df*: the cleaned transcript, else the raw one, else nothing."""
    columns = [df[name] for name in ("cleaned_transcript", "transcript") if name in df.columns]
    if not columns:
        raise UsageError("The frame has no transcripts.", advice="Take sessions with details: hedy.sessions(details=True).")
    return [next((clean(text) for text in row if isinstance(text, str) and text.strip()), "") for row in zip(*columns, strict=True)]


def _turns(text: str) -> list[Turn]:
    """*text* cut where a speaker begins; what no speaker says comes first."""
    lines = [line for line in text.splitlines() if line.strip()]
    heads = [_head(line) for line in lines]
    names = _speakers([name for name, _ in heads if name], len(lines))
    turns: list[tuple[str | None, list[str]]] = [(None, [])]
    for line, (name, rest) in zip(lines, heads, strict=True):
        if name in names:
            turns.append((name, [rest.strip()]))
        else:
            turns[-1][1].append(line.strip())
    return [(name, "\n".join(filter(None, parts))) for name, parts in turns if parts]


def _head(line: str) -> Turn:
    """The name with which *line* begins, and what comes after it."""
    match = _SPEAKER_LINE.fullmatch(line.strip())
    name = " ".join(unicodedata.normalize("NFC", match["name"]).split()) if match else ""
    return (name, match["text"]) if match and _is_name(name) else (None, line)


def _speakers(names: list[str], lines: int) -> set[str]:
    """Which of *names*, one for each line that begins with one, are speakers in a text of so many *lines*."""
    counts = Counter(names)
    is_dialogue = 2 * len(names) > lines
    found = {name for name, count in counts.items() if count > 1 or (is_dialogue and not _is_doubtful(name))}
    return found if _LEAST_SHARE * sum(counts[name] for name in found) >= lines else set()


def _is_name(name: str) -> bool:
    words = name.split()
    if len(words) > _MOST_WORDS or not _NAME.fullmatch(name) or _SENTENCE_END.search(name) or name.casefold().rstrip(".") in LABELS:
        return False
    if not _is_cased(name):
        return len(words) <= _MOST_WORDS_UNCASED
    return len(words) == 1 or not any(_is_small(word) for word in words)


def _is_doubtful(name: str) -> bool:
    """Whether *name* could as well be the beginning of a sentence, so that once is not enough: "Und", "Will", "ada", "第一个问题"."""
    if not _is_cased(name):
        return bool(_LONG_OR_CLAUSE.search(name))
    first = name.split()[0]
    return first.islower() or first.casefold().rstrip(".") in _FUNCTION_WORDS


def _is_cased(text: str) -> bool:
    return text.lower() != text.upper()


def _is_small(word: str) -> bool:
    return word[0].islower() and word not in _PARTICLES


def _length(text: str) -> int:
    """How many words *text* has; characters of scripts without spaces count one each."""
    unspaced = "".join(filter(str.isalpha, _UNSPACED.findall(text)))
    return len(unspaced) + len(_WORD_OR_NUMBER.findall(_UNSPACED.sub(" ", text)))


# Words -----------------------------------------------------------------------


def words(texts: pd.DataFrame | pd.Series, n: int = 30) -> pd.DataFrame:
    """The *n* most frequent words, without the usual stop words and without the names of speakers: ``word count sessions``.

    ``sessions`` counts the meetings in which a word occurs (of a Series: the texts). Case does not matter; the most usual spelling is
    shown. Left out are the function words of English, German, French, Spanish, Italian, Portuguese or Dutch, of the one that fits a
    meeting best, also numbers and single letters; an apostrophe ends a word. Chinese, Thai and other scripts without spaces have no words
    that could be told apart without a dictionary and are left out; of Japanese there are runs of two or more kanji or katakana.

    Args:
        texts: a Series of texts, or a frame with ``text`` (utterances, todos), ``transcript`` or ``cleaned_transcript``.
        n: how many words.

    Raises:
        UsageError: the frame has none of these columns.
    """
    meetings = [str(text) for text in texts if isinstance(text, str)] if isinstance(texts, pd.Series) else _said(texts)
    counts: Counter[str] = Counter()
    sessions: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for text in meetings:
        found = list(_content(text))
        sessions.update({word.casefold() for word in found})
        for word in found:
            counts[word.casefold()] += 1
            spellings.setdefault(word.casefold(), Counter())[word] += 1
    keys = sorted(counts, key=lambda key: (-counts[key], -sessions[key], key))[: max(n, 0)]
    return pd.DataFrame(
        {
            "word": pd.Series([spellings[key].most_common(1)[0][0] for key in keys], dtype=DTYPES["text"]),
            "count": pd.Series([counts[key] for key in keys], dtype="int64"),
            "sessions": pd.Series([sessions[key] for key in keys], dtype="int64"),
        }
    )


def _said(df: pd.DataFrame) -> list[str]:
    """What was said in each meeting of *df*, without the names of the speakers."""
    if "text" not in df.columns:
        return ["\n".join(said for _, said in _turns(text)) for text in _transcripts(df)]
    texts = df["text"].dropna().astype("object")
    if "session_id" not in df.columns:
        return texts.tolist()
    return texts.groupby(df["session_id"], dropna=False, sort=False).agg("\n".join).tolist()


def _content(text: str) -> Iterator[str]:
    """The words of *text* that are no stop words, in order."""
    text = unicodedata.normalize("NFC", text)
    found = [word for word in _WORD.findall(_UNSPACED.sub(" ", text)) if len(word) > 1]
    dropped = _stop_words(word.casefold() for word in found)
    yield from (word for word in found if word.casefold() not in dropped)
    if _KANA.search(text):
        yield from _JAPANESE_WORD.findall(text)


def _stop_words(found: Iterable[str]) -> frozenset[str]:
    """The stop words of the language in which the words are: English "war" and "car" are German and French function words."""
    counts = Counter(found)
    hits = {language: sum(counts[word] for word in table) for language, table in STOP_WORDS.items()}
    most = max(hits.values())
    return frozenset().union(*(STOP_WORDS[language] for language, number in hits.items() if number == most))
