"""Patterns for names that are found letter by letter: in scripts without spaces, and names that are no plain words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from hedy_jupyter.analysis.name_forms import EASTERN_NAME, HONORIFICS, UNSPACED_NAME
from hedy_jupyter.text.script_ranges import HAN, HANGUL, HIRAGANA, KATAKANA, SOUTHEAST_ASIAN, UNSPACED, is_latin_1

_NOT_KIN = "(?<!たく)(?<!みな)(?<!とう)(?<!かあ)(?<!にい)(?<!ねえ)(?<!おじ)(?<!おば)(?<!じい)(?<!ばあ)(?<!きゃく)"
_BEFORE_HONORIFIC = re.compile(
    "(?:(?![的了是在和跟與与請请對对給给])[\u3400-\u9fff々]){1,4}"
    "(?=(?:さん|さま|様|氏|くん|ちゃん|先生|先輩|老师|老師|女士|同学|同學))"
    f"|(?:[{KATAKANA}]{{2,8}}|(?<![{HAN}])[{HIRAGANA}]{{2,4}}{_NOT_KIN})(?=さん|さま|様|くん|ちゃん)"
    f"|[{HANGUL}]{{2,4}}(?=\\s?(?:님|씨)(?![{HANGUL}]{{3}}))"
)
_UNSPACED_LABEL = re.compile(rf"^[ \t]*(?:[-*•][ \t]+)?([{SOUTHEAST_ASIAN}]{{2,20}})[:：]", re.MULTILINE)
_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
_EVERYBODY = frozenset(["皆", "客", "大家", "各位"])


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of *names*, the longest first; None without names."""
    found = sorted(set(names), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_one_name, found))) if found else None


def possible_names(text: str, short_names: Iterable[str]) -> set[str]:
    """Return what may be names in the scripts of *text* without spaces.

    These are words before an honorific, labels of lines, and those of *short_names* that it holds.
    """
    if is_latin_1(text) or not _UNSPACED_CHARACTER.search(text):
        return set()
    held = (name for name in short_names if name in text)
    return {*_BEFORE_HONORIFIC.findall(text), *_UNSPACED_LABEL.findall(text), *held} - _EVERYBODY


def _one_name(name: str) -> str:
    """Return a pattern for *name*: as a whole word where its script has spaces between words."""
    if UNSPACED_NAME.fullmatch(name) and len(name) == 1:  # in most words a letter is no name
        return rf"(?<![{UNSPACED}]){name}(?=\s*[:：])|{name}(?={HONORIFICS})|\A{name}\Z"
    if UNSPACED_NAME.fullmatch(name):
        return _bordered(_with_spaces(name), KATAKANA if re.fullmatch(f"[{KATAKANA} ・]+", name) else "")
    written = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in name.split())
    forms = {unicodedata.normalize(form, written) for form in ("NFC", "NFD")}
    if " " not in name:
        forms |= {one for form in forms for one in (form.upper(), form[0].upper() + form[1:])}
    flags = "(?i:" if " " in name else "(?:"
    return rf"(?<![^\W_]){flags}{'|'.join(sorted(forms))})(?=s?(?![^\W_]|[\u0300-\u036f]))"


def _with_spaces(name: str) -> str:
    """Return a pattern for *name*, in a script without spaces, also with a space behind the family name."""
    whole = r"\s*".join(map(re.escape, name.split()))
    if re.fullmatch(f"[{HAN}]{{2}}", name):
        return rf"{name[0]}\s?{name[1]}"
    if not EASTERN_NAME.fullmatch(name):
        return whole
    cuts = (1,) if re.match(f"[{HANGUL}]", name) else range(1, len(name))
    given = rf"{name[-2:]}(?=\s?(?:{HONORIFICS}))"  # "太郎くん"
    return "|".join([whole, *(rf"{name[:cut]}\s{name[cut:]}" for cut in cuts), given])


def _bordered(pattern: str, letters: str) -> str:
    return f"(?<![{letters}]){pattern}(?![{letters}])" if letters else pattern
