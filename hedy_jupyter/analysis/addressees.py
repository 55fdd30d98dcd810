"""Whom a todo is for: the person who is promised something, or who is responsible, read from its words.

"Send Ada the draft", "Ada to call the bank", "Mit Chloé prüfen", "田中さんに聞く", "Review Ben's draft". A wrong person
is worse than none: a name counts where it has such a role, and "Send Monday" or "Call Sales" name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from hedy_jupyter.analysis import speaker_labels
from hedy_jupyter.analysis.name_vocabulary import CALENDAR, ORDINARY
from hedy_jupyter.analysis.person_names import PersonNames
from hedy_jupyter.errors import UsageError
from hedy_jupyter.frames.column_lookup import column
from hedy_jupyter.frames.normalize import cells
from hedy_jupyter.frames.schema import DTYPES
from hedy_jupyter.kinds import id_text
from hedy_jupyter.text import fold, given_names
from hedy_jupyter.text.stop_words import FUNCTION_WORDS

_ORDINARY = ORDINARY["english"] | FUNCTION_WORDS
_CALENDAR = CALENDAR | {"jan"}
_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters around a name; texts lose theirs
_MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_RESPONSIBLE, _RECIPIENT, _OWNER, _NAMED = range(4)

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FIRST = re.compile("['’-]")
_GERMAN = re.compile(
    r"\b(?:der|das|den|dem|und|mit|für|bei|von|zu[mr]|ein(?:en?|em|er)?|über|bis|nach|wegen|bitte)\b", re.I
)
_TOPIC_BEFORE = re.compile(
    r"(?:\b(?:about|on|regarding|re|concerning|than|like|unlike|über|wegen|bezüglich|sur|concernant|sobre|riguardo|su"
    r"|over|betreffende|reference (?:of|for)|о|об|про|om)|关于|關於|有关)\s*$",
    re.I,
)
_ARTICLE_BEFORE = re.compile(
    r"\b(?:the|our|your|my|this|that|each|every|der|die|das|den|dem|ein(?:e[nmr]?)?|unser\w*|le|la|les|une?|el|los"
    r"|las|il|lo|gli|het)\s+$",
    re.I,
)
_TOPIC_AFTER = re.compile(r"\s*(?:について|に関[すし]|の件|的事)")
_ORGANIZATION = re.compile(
    "Corp|Inc|Ltd|LLC|GmbH|AG|SE|SA|Co|Group|Labs?|Bank|University|College|School|Street|Road|Avenue|Hospital|Clinic"
    "|Award|Prize|Foundation|Institute|Cent(?:er|re)|Airport|Hotel|Team|Industries|Motors|Partners|Consulting|Stiftung"
    "|Straße|Schule"
)
_COMPOUND = re.compile(
    rf"[-‐–](?=\w)|\s+(?:\d|(?:{_ORGANIZATION.pattern}|airport|branch|office|plant|station|warehouse)\b)"
    rf"|['’]s(?:\s+(?:&\s+)?[A-Z]\w*)*\s+(?!Team\b)(?:{_ORGANIZATION.pattern})\b"  # "Bob's Burgers Inc"
)
_RESPONSIBLE_BEFORE = re.compile(
    r"(?:(?:owner|responsible|assignee|assigned to|delegated to|verantwortlich|zuständig|responsable|resp"
    r"|encargad[oa]|ответственн\w+|担当|负责人|負責人)\s*[:：]?|\b(?:by|durch|par|por|door)|[@\[(（【]|\s[-–—→])\s*$",
    re.I,
)
_RESPONSIBLE_AFTER = re.compile(
    r"\s*(?:[:：]|→|[\])）】]\s*[:\-–—]?|[-–—]\s|\b(?:to|will|should|must|shall|needs? to|ha(?:s|ve) to|is to"
    r"|soll(?:te)?|wird|muss|übernimmt|kümmert|doit|devra|va|s'occupe|debe|deberá|deve|dovrà|deverá|moet|zal|ska|skal"
    r"|должн[аы]?|musi|powinien|powinna)\b|[がはも]|(?:来|來)?(?:负责|負責)|씨?[가은는이]\s)",
    re.I,
)
_RECIPIENT_BEFORE = re.compile(
    r"(?:\b(?:to|with|for|from|and|through|via|an|mit|für|bei|von|zu|à|avec|pour|auprès de|chez|a|al|con|para|per|da"
    r"|com|ao|à|aan|met|voor|bij|к|ко|с|со|для|у|от|do|z|ze|dla|od|till|med|för|från|til|for|fra|ile|için"
    r"|send|call|ask|tell|e-?mail|mail|ping|invite|remind|message|text|phone|thank|inform|notify|contact|meet|give|show"
    r"|write|help|brief|pay|hand|offer|interview|congratulate|chase|nudge|forward|owe|visit|onboard|introduce|loop in"
    r"|follow up with|schick\w*|send\w*|frag\w*|ruf\w*|sag\w*|informier\w*|erinner\w*|zeig\w*|bitt\w*|kontaktier\w*"
    r"|appeler|relancer|prévenir|contacter|inviter|remercier|voir|rencontrer|llamar|avisar|invitar|contactar"
    r"|chiamare|avvisare|contattare|invitare|sentire|ligar|avisar|convidar|bel|vraag|mail|stuur"
    r"|позвонить|написать|спросить|отправить|попросить|пригласить|zadzwonić|zapytać|wysłać|ring|fråga|spør|spørg)"
    r"|发给|交给|寄给|给|給|向|跟|和|与|與|对|對|问|問|找|请|請|联系|聯繫|通知|告诉|告訴|让|讓|约|約|叫|拜访|提醒|感谢|询问)\s*$",
    re.I,
)
_RECIPIENT_AFTER = re.compile(
    r"\s*(?:(?:さん|さま|様|氏|くん|ちゃん|先生)?(?:に|へ|と|から|宛)|(?:씨|님)?(?:에게|께|와|과|랑|한테)"
    r"|\s(?:den|die|das|dem|einen?|zum|zur|bitten|fragen|anrufen|einladen|informieren|erinnern|schreiben|treffen"
    r"|kontaktieren|bescheid|antworten)\b)",
    re.I,
)
_OWNER_BEFORE = re.compile(r"\b(?:of|de|di|del|van|von|av|af)\s*$|\bd['’]$", re.I)
_OWNER_AFTER = re.compile(r"['’]s\b|['’](?=\s|$)|s\b(?=\s)|(?:さん|さま|様|氏|くん|ちゃん|先生)?の|的|의|\s?씨의")
_JOINED = re.compile(rf"{_CLOSE}\s*(?:,|、|&|/|\+|and|und|et|y|e|i|en|og|och|и|と|和|与|및)\s*$", re.I)
_HONORIFIC = re.compile(r"(?:\s?(?:さん|さま|様|氏|くん|ちゃん|先生|씨|님|老师|老師|女士))")
_WORD_LIKE_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?)'’]|(?:the|an?|our|their|his|her|my|this|that|about|for|to|by|at|if|and)\b)", re.I
)


class _Mention(NamedTuple):
    """A name in a text, and its role."""

    name: str
    role: int | None


def check_name(name: object) -> str:
    """Return *name*, that of a person.

    Raises:
        UsageError: it holds no letter.
    """
    if not isinstance(name, str) or not any(map(str.isalpha, name)):
        raise UsageError(f"{name!r} is not the name of a person.", advice='For example: person="Ada".')
    return " ".join(name.split())


def to_whom(todos: pd.DataFrame, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Return *todos* with ``person``: whom the todo is for, or who is responsible; missing where no name says so.

    Two people with one role are joined by a comma. A column of this name is replaced.

    Args:
        todos: a frame with ``text``.
        names: the people that count, such as the speakers of meetings, first names or whole ones; by default common
            given names and names with a form of address ("Frau Weber", "田中さん"). With them also names that are other
            words ("Will"), inflected ones and those without a clear role are found.

    Raises:
        UsageError: one of *names* is no name, or ``text`` is missing.
    """
    texts = [_clean(text) for text in cells(column(todos, "text"))]
    if names is None:
        marked, full = [_with_unknown(text) for text in texts], {}
    else:
        given = pd.Series([names] if isinstance(names, str) else list(names), dtype="object").dropna()
        people = [name for name in map(check_name, given) if not speaker_labels.is_role(name)]
        found = PersonNames(people, texts)
        marked = [found.replace(text, lambda name: f"{_OPEN}{name}{_CLOSE}") for text in texts]
        full = _full_names(people)
    persons = [_person(text, full, is_known=names is not None) for text in marked]
    return todos.assign(person=pd.Series(persons, index=todos.index, dtype=DTYPES["text"]))


def of_person(todos: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of *todos* that are for the person *name*, or that this person is responsible for.

    Raises:
        UsageError: *name* is no name.
    """
    return todos[to_whom(todos, [check_name(name)])["person"].notna().to_numpy()]


def _clean(cell: object) -> str:
    return (id_text(cell) or "").replace(_OPEN, "").replace(_CLOSE, "")


def _full_names(people: list[str]) -> dict[str, str]:
    """Return word of a name, folded → the one whole name that has it."""
    found: dict[str, set[str]] = {}
    for name in people:
        for word in (name, *name.split()):
            found.setdefault(fold.fold(word), set()).add(name)
    return {word: next(iter(names)) for word, names in found.items() if len(names) == 1}


# Names that are not known ------------------------------------------------------


def _with_unknown(text: str) -> str:
    """Return *text* with the names that can be told without knowing any between marks."""
    spans = [match.span() for match in given_names.UNSPACED.finditer(text) if given_names.is_addressed(match)]
    words = list(_WORD.finditer(text))
    titled = {match.end() for match in given_names.TITLE.finditer(text)}
    attaches = not _GERMAN.search(text) and any(word[0].islower() for word in words)
    end = 0
    for place, word in enumerate(words):
        has_title = word.start() in titled and word[0][0].isupper()
        if word.start() < end or not (has_title or given_names.is_given(_FIRST.split(word[0])[0])):
            continue
        last = place
        while attaches and last < min(place + 2, len(words) - 1) and _is_surname(text, words[last], words[last + 1]):
            last += 1
        end = words[last].end()
        end -= 2 * text[:end].endswith(("'s", "’s"))
        spans.append((word.start(), end))
    parts, done = [], 0
    for start, stop in sorted(spans):
        parts += [text[done:start], _OPEN, text[start:stop], _CLOSE]
        done = stop
    return "".join([*parts, text[done:]])


def _is_surname(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    return (
        text[before.end() : word.start()] in (" ", ". ")
        and word[0][0].isupper()
        and not before[0].endswith(("'s", "’s"))
        and not word[0].isupper()
        and not _ORGANIZATION.fullmatch(word[0])
        and fold.fold(word[0]) not in _CALENDAR
        and not given_names.is_given(word[0])
    )


# Roles -------------------------------------------------------------------------


def _person(marked: str, full: dict[str, str], *, is_known: bool) -> str | None:
    mentions = [one for one in _mentions(marked, is_known=is_known) if one.role is not None]
    if not mentions:
        return None
    best = min(mention.role for mention in mentions if mention.role is not None)
    names = (full.get(fold.fold(mention.name), mention.name) for mention in mentions if mention.role == best)
    return ", ".join(dict.fromkeys(names))


def _mentions(marked: str, *, is_known: bool) -> list[_Mention]:
    found: list[_Mention] = []
    for match in _MARKED.finditer(marked):
        before, after = marked[: match.start()], marked[match.end() :]
        if found and _JOINED.search(before):
            role = found[-1].role
        else:
            role = _role(match[1], before, _MARKED.sub(r"\1", after), is_known=is_known)
        found.append(_Mention(match[1], role))
    return found


def _role(name: str, before: str, after: str, *, is_known: bool) -> int | None:
    """Return the role of *name* between two texts; None where it is not a person that the todo is for."""
    if titles := list(given_names.TITLE.finditer(before)):
        before = before[: titles[-1].start()] if titles[-1].end() == len(before) else before
    if _TOPIC_BEFORE.search(before) or _TOPIC_AFTER.match(after) or _COMPOUND.match(after):
        return None
    if _ARTICLE_BEFORE.search(before) or (fold.fold(name) in _CALENDAR and not _WORD_LIKE_AFTER.match(after)):
        return None
    is_first = not before.strip(" \t@[(（【*-–—•☐")
    if _RESPONSIBLE_BEFORE.search(before) or (is_first and _RESPONSIBLE_AFTER.match(after)):
        return _RESPONSIBLE
    if _OWNER_AFTER.match(after):
        return _OWNER
    if _RECIPIENT_BEFORE.search(before) or _RECIPIENT_AFTER.match(after):
        return _RECIPIENT
    if _OWNER_BEFORE.search(before) or _HONORIFIC.match(after):
        return _OWNER
    if is_known and not (is_first and fold.fold(name) in _ORDINARY):  # "Will call the bank"
        return _NAMED
    return _OWNER if given_names.UNSPACED.fullmatch(name) else None
