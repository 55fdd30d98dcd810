"""People: who speaks in meetings, by names that are typed, and which texts name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from hedy_jupyter.analysis import transcripts
from hedy_jupyter.analysis.transcripts import NO_NAMES, SpeakerNames
from hedy_jupyter.frames import normalize
from hedy_jupyter.text import fold, tokens


def matching(person: str, speakers: Iterable[str]) -> list[str]:
    """Return those of *speakers* whom *person* may mean: of that name, else with those words in their names.

    Case and accents do not count: "ada" is "Ada Lovelace", unless someone is called "Ada" alone.
    """
    wanted = fold.name_form(person)
    forms = {speaker: fold.name_form(speaker) for speaker in speakers}
    same = [speaker for speaker, form in forms.items() if form == wanted]
    words = set(wanted.split())
    return same or [speaker for speaker, form in forms.items() if words and words <= set(form.split())]


def named_in(texts: pd.Series, names: Iterable[str]) -> pd.Series:
    """Return which of *texts* hold one of *names* as whole words; in scripts without spaces anywhere."""
    phrases = [tokens.Phrase(words) for name in dict.fromkeys(names) if (words := tokens.words(name))]
    folded = [fold.search_form(text) if isinstance(text, str) else "" for text in texts]
    found = [any(phrase.is_in(text) for phrase in phrases) for text in folded]
    return pd.Series(found, index=texts.index, dtype="bool")


def by_session(df: pd.DataFrame, names: SpeakerNames = NO_NAMES) -> dict[str, list[str]]:
    """Return session id → who speaks in it, most words first; sessions whose speakers are not known are left out.

    Needs ``session_id`` and ``transcript`` or ``cleaned_transcript``.
    """
    idents = normalize.ids(df["session_id"])
    words: dict[str, Counter[str]] = {}
    for (place, speaker), said in transcripts.texts_by_speaker(df.assign(session_id=idents), names).items():
        if isinstance(ident := idents.iloc[place], str):
            words.setdefault(ident, Counter())[speaker] += transcripts.length("\n".join(said))
    return {ident: [speaker for speaker, _ in of_it.most_common()] for ident, of_it in words.items()}
