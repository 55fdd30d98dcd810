"""Forms of transcripts that name their speakers otherwise than by "Ada: …" at the beginning of a line.

::

    Ada - hi            Ada — hi           Ada | hi           a separator
    <Ada> hi            [Ada] hi           【田中】hi          a name in brackets
    Ada  0:03 ⏎ hi      [0:03] Ada ⏎ hi    Ada (0:03) hi      a name with a time, the text below it or behind it
    Ada ⏎ hi                                                  a name on a line by itself
    <v Ada>hi           1 ⏎ 00:01,000 --> 00:03,000 ⏎ …       WebVTT and SubRip
    Ada: hi Ben: hello Ada: …                                 several speakers in one line

A form counts only where the text as a whole has it: "Budget - approved" once, a heading, or a line of an agenda names
no speaker. Names have to come back, or the texts have to answer each other.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hedy_jupyter.text.script_ranges import in_word, is_cased

Turn = tuple[str | None, str]
"""A speaker and what is said; no speaker where the text does not name one."""
IsName = Callable[[str], bool]

CLOCK = r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ ,T]{1,2})?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?(?: ?[AaPp]\.?[Mm]\b\.?)?"
"""A time, with its day or without: ``0:03``, ``00:12:03.5``, ``10:02 AM``, ``2026-11-24 10:02``."""
_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
"""
_INTERJECTIONS = """
    absolutely agreed alright amazing applause bye cool correct cross-talk definitely exactly excellent fine good great
    hello hey hi inaudible laughter music nice perfect perhaps silence sorry sure thanks true wait welcome wow yep yup
    absolut danke genau gerne hallo klar natürlich perfekt richtig stimmt super tschüss bonjour d'accord exactement
    merci parfait salut claro exacto gracias hola perfecto certo ciao esatto grazie perfetto exato perfeito
"""
_NO_NAMES = frozenset(f"{_WEEKDAYS} {_INTERJECTIONS}".split())
_OPENINGS = """
    hi hello hey morning hallo bonjour salut hola ciao olá hej привет yes no ja nein oui non sí sì sim да нет thanks
    danke merci gracias grazie obrigado i i'm we you ich wir je nous yo nosotros io noi eu
"""
_UNSPACED_OPENINGS = "こんにちは|はい|你好|好的|안녕|네|مرحبا|أهلا|شكرا|שלום|תודה|नमस्ते"
_CUE_TIME = r"\d{1,2}(?::\d{1,2}){1,2}(?:[.,]\d{1,3})?"
_PARTICLE = "(?:van|von|der|den|de|la|le|di|da|do|del|bin|al|el|ter|zu|y)"
_TITLES = frozenset(("dr.", "prof.", "mr.", "mrs.", "ms.", "st.", "hr.", "fr.", "jr.", "sr."))
_CAPITALISED = rf"[^\W\d_a-z][{in_word()}.'’-]{{0,30}}"
_LONGEST = 40  # characters of a name
_SHORT = 4  # characters of a name in a script without capitals
# Blanks are counted, so that no text takes long.
_BLANKS, _MAYBE_BLANKS = r"\s{1,8}", r"\s{0,8}"
_BRACKETED = rf"[\[(]{CLOCK}[\])]"
_HEADING = rf"(?:#{{1,4}}{_BLANKS})?"
_FRONT = rf"{_HEADING}(?:{CLOCK}{_BLANKS}|{_BRACKETED}{_MAYBE_BLANKS})?\*{{0,2}}"
_TEXT = r"(?P<text>\S.*)"


def _named(group: str = "name") -> str:
    return rf"(?P<{group}>[^\W\d_][^:：<>\[\]【】|\t]{{0,{_LONGEST - 1}}}?)"


_GAP = rf"\s{{2,20}}|\t|{_MAYBE_BLANKS}[,|·•]{_MAYBE_BLANKS}|{_BLANKS}[-–—]{_BLANKS}|{_MAYBE_BLANKS}(?=[\[(])|\s"
_SEPARATOR = rf"{_BLANKS}[-–—―]{{1,2}}{_BLANKS}|{_MAYBE_BLANKS}[—―]{_MAYBE_BLANKS}|\t{{1,4}}|{_BLANKS}\|{_BLANKS}"
_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "separated": rf"{_FRONT}{_named()}\*{{0,2}}(?:{_SEPARATOR})\*{{0,2}}{_TEXT}",
        "bracketed": rf"(?:{CLOCK}{_BLANKS}|{_BRACKETED}{_MAYBE_BLANKS})?"
        rf"(?:<{_named()}>|\[{_named('square')}\]|【{_named('full')}】)[:：]?{_MAYBE_BLANKS}{_TEXT}",
        "name, time": rf"{_FRONT}\[?{_named()}\]?\*{{0,2}}(?P<gap>{_GAP})(?:{CLOCK}|{_BRACKETED})\*{{0,2}}:?",
        "name, time, text": rf"\*{{0,2}}{_named()}\*{{0,2}}{_MAYBE_BLANKS}{_BRACKETED}\*{{0,2}}{_BLANKS}{_TEXT}",
        "time, name": rf"{_HEADING}(?:{CLOCK}|{_BRACKETED}){_MAYBE_BLANKS}(?:[-–—|]{_MAYBE_BLANKS})?"
        rf"\*{{0,2}}\[?{_named()}\]?\*{{0,2}}:?",
        "name": rf"{_HEADING}\*{{0,2}}{_named()}\*{{0,2}}",
        "voice": rf"<v(?:\.[^\s<>]{{1,40}}){{0,3}}{_BLANKS}([^<>]{{1,80}})>",
        "tag": r"</?(?:[bciuv]|lang|ruby|rt)(?:[.\s][^<>]{0,80})?>|<\d[\d:.]{3,12}>",
        "cue": rf"{_CUE_TIME}{_MAYBE_BLANKS}-->{_MAYBE_BLANKS}{_CUE_TIME}(?:\s.*)?",
        "block": r"(?:WEBVTT|NOTE|STYLE|REGION)\b(?!:)",
        "chevrons": rf"(?:>>|&gt;&gt;){_MAYBE_BLANKS}(?=\S)",
        "answer": rf"[?？؟\u037e]|^(?:{'|'.join(_OPENINGS.split())})\b|^(?:{_UNSPACED_OPENINGS})",
        "clock, label": rf"{_BLANKS}(?=(?:{CLOCK}{_BLANKS}|{_BRACKETED}{_MAYBE_BLANKS}){_named()}:\s)",
        "clock": rf"{CLOCK}|{_BRACKETED}",
        "inner": rf"(?:^|(?<=\s)|(?<=[.!?…。！？]))(?P<name>(?:{_CAPITALISED} (?:{_PARTICLE} ){{0,2}}){{0,3}}"
        rf"(?:{_CAPITALISED}|\d{{1,3}}))\s?(?::(?=\s)|：)",
    }
)


@functools.cache
def _form(name: str) -> re.Pattern[str]:
    """Return a pattern; compiled when it is first used, because ``%load_ext`` needs none of them."""
    return re.compile(_PATTERNS[name], re.DOTALL | (re.IGNORECASE if name == "answer" else 0))


_LEAST_HEADS = 6  # one line in so many is a head above a text
_LEAST_SPEAKERS = 2
_INITIAL = 2  # characters of "J."
_FEW = 20  # turns that are looked at for names that are called


class _Line(NamedTuple):
    """A line that has a form: who speaks, what is said in the same line, whether the form alone is clear."""

    name: str
    text: str
    is_clear: bool = False


# Subtitles ----------------------------------------------------------------------


def without_cues(rows: Sequence[str]) -> list[str] | None:
    """Return the stripped lines *rows* of WebVTT or SubRip without times and numbers; None where they are neither."""
    cues = [place for place, row in enumerate(rows) if "-->" in row and _form("cue").fullmatch(row)]
    if not cues:
        return None
    dropped = set(cues)
    for place in cues:  # the number, or the name, of the cue
        if place and rows[place - 1] and (place == 1 or not rows[place - 2]):
            dropped.add(place - 1)
    kept, in_block = list[str](), False
    for place, row in enumerate(rows):
        begins = (not place or not rows[place - 1]) and _form("block").match(row) is not None
        in_block = bool(row) and (in_block or begins)
        if place not in dropped and not in_block:
            kept.append(row)
    return kept


def voices(rows: Iterable[str]) -> list[Turn] | None:
    """Return the turns of *rows* by the tags ``<v Ada>`` of WebVTT; None where there are none."""
    text = "\n".join(row for row in rows if row)
    before, *parts = _form("voice").split(text) if "<v" in text else [text]
    if not parts:
        return None
    turns: list[Turn] = [(None, plain(before))] if plain(before) else []
    turns += [(name_of(name), plain(said)) for name, said in zip(parts[::2], parts[1::2], strict=True)]
    return turns


def plain(text: str) -> str:
    """Return the text of cues without tags."""
    return "\n".join(filter(None, (line.strip() for line in _form("tag").sub("", text).split("\n"))))


def merged(turns: Iterable[Turn]) -> list[Turn]:
    """Return *turns* of cues, where those of one speaker in a row are one: a cue is a piece of a turn."""
    found: list[Turn] = []
    for name, text in turns:
        if found and found[-1][0] == name:
            found[-1] = name, "\n".join(filter(None, (found[-1][1], text)))
        else:
            found.append((name, text))
    return found


def without_chevrons(row: str) -> str:
    """Return *row* without the ``>>`` with which captions begin a turn."""
    return _form("chevrons").sub("", row, count=1) if row.startswith((">>", "&gt;&gt;")) else row


# Forms of lines -------------------------------------------------------------------


def turns(rows: Sequence[str], is_name: IsName) -> list[Turn] | None:
    """Return the turns of the stripped lines *rows* by the first form that the text has; None where it has none.

    *is_name* returns whether a text may name a speaker at all.
    """

    def may_name(name: str) -> bool:
        return name.casefold() not in _NO_NAMES and is_name(name)

    lines = [row for row in rows if row]
    for match, share in ((_timed, _LEAST_HEADS), (_bracketed, 2), (_separated, 2), (_alone, _LEAST_HEADS)):
        found = [match(line, may_name) for line in lines]
        if match is _alone:
            found = _recurring(found)
        below = [*(None if one else line for one, line in zip(found[1:], lines[1:], strict=True)), None]
        found = [one if one and (one.text or text) else None for one, text in zip(found, below, strict=False)]
        said = [one._replace(text=one.text or text or "") for one, text in zip(found, below, strict=False) if one]
        if _is_spoken(said, len(lines), share):
            return _in_lines(lines, found)
    return None


def _bracketed(line: str, may_name: IsName) -> _Line | None:
    match = _form("bracketed").fullmatch(line)
    name = name_of(match["name"] or match["square"] or match["full"]) if match else ""
    return _Line(name, match["text"], bool(match["full"])) if match and _is_upright(name) and may_name(name) else None


def _separated(line: str, may_name: IsName) -> _Line | None:
    match = _form("separated").fullmatch(line)
    name = name_of(match["name"]) if match else ""
    return _Line(name, match["text"]) if match and _is_upright(name) and may_name(name) else None


def _timed(line: str, may_name: IsName) -> _Line | None:
    if ":" not in line:
        return None
    for form in ("name, time", "name, time, text", "time, name"):
        if match := _form(form).fullmatch(line):
            name, given = name_of(match["name"]), match.groupdict()
            if _is_upright(name) and may_name(name):
                return _Line(name, given.get("text", ""), is_clear=given.get("gap", " ") != " ")
    return None


def _alone(line: str, may_name: IsName) -> _Line | None:
    match = _form("name").fullmatch(line) if len(line) <= _LONGEST + 10 else None
    name = name_of(match["name"]) if match else ""
    is_word = name[-1:].isalnum() or name[-1:] == ")"
    return _Line(name, "") if match and is_word and _is_upright(name) and may_name(name) else None


def _recurring(found: Sequence[_Line | None]) -> list[_Line | None]:
    """Return *found* without the names that come once in a script without capitals, where any word may be one."""
    counts = Counter(one.name for one in found if one)
    return [one if one and (is_cased(one.name) or counts[one.name] > 1) else None for one in found]


def _is_spoken(found: Sequence[_Line], lines: int, share: int) -> bool:
    """Return whether the lines *found* of so many are turns: names come back, or the texts answer each other."""
    names = Counter(one.name for one in found)
    if len(names) < _LEAST_SPEAKERS or share * len(found) < lines:
        return False
    if len(found) > len(names) or all(one.is_clear for one in found):
        return True
    few = found[:_FEW]
    is_called = any(_calls(one.text, other.name) for one in few for other in few if one is not other)
    return is_called or sum(bool(_form("answer").search(one.text)) for one in found) * 2 >= len(found)


def _calls(text: str, name: str) -> bool:
    first = name.split()[0]
    return is_cased(first) and re.search(rf"(?<![{in_word()}]){re.escape(first)}(?![{in_word()}])", text) is not None


def _in_lines(lines: Iterable[str], found: Iterable[_Line | None]) -> list[Turn]:
    turns: list[tuple[str | None, list[str]]] = [(None, [])]
    for line, one in zip(lines, found, strict=True):
        if one is not None:
            turns.append((one.name, [one.text.strip()]))
        elif line:
            turns[-1][1].append(line)
    return [(name, "\n".join(filter(None, parts))) for name, parts in turns if parts]


def name_of(text: str) -> str:
    """Return the name that *text* is, in one form: without bold type, brackets and runs of blanks."""
    return " ".join(unicodedata.normalize("NFC", text).strip(" *_\t").split())


def _is_upright(name: str) -> bool:
    """Return whether *name* begins with a capital, where its script has capitals."""
    return bool(name) and not name[0].islower()


# Several speakers in a line -------------------------------------------------------


def one_speaker_a_line(rows: Sequence[str], is_name: IsName) -> list[str]:
    """Return *rows* with a line for each speaker where their lines hold several: "Ada: hi Ben: hello".

    Labels inside of a line count where there are as many of them as lines, and the text begins with one that may be a
    name, or two come back.
    """
    rows = [part for row in rows for part in _apart_by_clocks(row, is_name)]
    lines = [row for row in rows if row]
    if sum(line.count(": ") + line.count("：") for line in lines) <= len(lines):  # the usual one a line
        return list(rows)
    inner = [_labels(line, is_name) for line in lines]
    count = sum(map(len, inner))
    if count < len(lines):
        return list(rows)
    first = [name_of(re.split("[:：]", line, maxsplit=1)[0]) for line in lines]
    heads = [name for name in first if len(name) <= _LONGEST and _is_upright(name) and is_name(name)]
    often = Counter([*heads, *(name for labels in inner for _, name in labels)])
    names = {name for name, number in often.items() if number > 1 or name in heads}
    begins_with_name = heads[:1] == first[:1]
    if not begins_with_name and sum(number > 1 for number in often.values()) < _LEAST_SPEAKERS:
        return list(rows)
    if begins_with_name:
        names |= {name for name in often if is_cased(name) or len(name) <= _SHORT}
    if len(names) < _LEAST_SPEAKERS:
        return list(rows)
    return [part for line in rows for part in (_split(line, is_name, names) if line else [line])]


def _apart_by_clocks(line: str, is_name: IsName) -> Iterator[str]:
    """Yield *line* in parts that each begin with a time and a label, where it has several of them."""
    begin = 0
    if _form("clock").match(line):
        for match in _form("clock, label").finditer(line):
            if is_name(name_of(match["name"])):
                yield line[begin : match.start()]
                begin = match.end()
    yield line[begin:]


def _labels(line: str, is_name: IsName) -> list[tuple[int, str]]:
    """Return the places of the labels inside *line*, and the names that they may be: the words with capitals."""
    found = []
    front = clock.end() if (clock := _form("clock").match(line)) else 0
    for match in _form("inner").finditer(line):
        words = match["name"].split()
        words = words if is_cased(match["name"]) else words[-1:]
        while words and (any(map(_ends_sentence, words[:-1])) or not is_name(" ".join(words))):
            words = words[1:]
        place = match.end("name") - len(" ".join(words))
        if words and any(map(str.isalpha, line[front:place])):
            found.append((place, " ".join(words)))
    return found


def _ends_sentence(word: str) -> bool:
    return word.endswith(".") and len(word) > _INITIAL and word.casefold() not in _TITLES


def _split(line: str, is_name: IsName, names: set[str]) -> Iterator[str]:
    begin = 0
    for place, name in _labels(line, is_name):
        known = next((one for one in sorted(names, key=len) if f" {name}".endswith(f" {one}")), None)
        if known is not None:
            cut = place + len(name) - len(known)
            yield line[begin:cut].strip()
            begin = cut
    yield line[begin:].strip()
