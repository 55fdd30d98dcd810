"""The first clause of a todo: "Review the contract" of "Review the contract and report back by Friday".

Another clause begins where a second verb does. What joins nouns ("the samples and the price list") ends no clause.
"""

from __future__ import annotations

import re

_ENGLISH_VERBS = """
    add agree align announce answer approve archive arrange ask assign attach book bring build buy call cancel change
    check circulate clarify close collect come comment compare complete confirm contact copy create decide define
    deliver discuss distribute document draft email escalate estimate explain file fill finalise finalize find fix
    follow forward get give go hand highlight hold identify implement include inform install invite involve keep let
    list log look mail make mark measure meet merge message move note notify offer order organise organize outline pass
    pay phone pick plan post prepare present print propose publish put raise read recommend record register remind
    remove repeat reply report request reserve respond return review revise rewrite run save say schedule see sell send
    set share ship show sign sort speak start store submit suggest summarise summarize support take talk tell test
    thank track translate try update upload verify wait walk warn write
"""
_SECOND_VERBS = (
    rf"(?:,\s*)?\b(?:and|then|and then|or)\s+(?:also\s+|then\s+)?(?:{'|'.join(_ENGLISH_VERBS.split())})\b"
    r"|(?<=[a-zäöüß]n)\s+(?:und|sowie)\b(?=[^,;]*\s[a-zäöüß]{2,}n\W*$)"
    r"|(?:,\s*)?\b(?:et|puis|et puis)\s+(?:(?:en|le|la|les|lui|leur|me|te|se)\s+|[ltms]['’])*"
    r"[a-zà-ÿ]+(?:er|ir|re|oir)\b"
    r"|(?:,\s*)?\b(?:y|e|luego|después)\s+[a-zà-ÿ]+(?:ar|er|ir)(?:l[oae]s?|nos|me|se)*\b"
    r"|(?:,\s*)?\b(?:e|ed|poi|e poi)\s+[a-zà-ÿ]+(?:are|ere|ire|rre|(?:ar|er|ir)(?:l[oaie]|gli|ne|ci|mi))\b"
    r"|(?<=[a-z]n)\s+en\b(?=[^,;]*\s[a-z]{2,}en\W*$)"
    r"|(?:,\s*)?\b(?:и|затем|а затем|потом)\s+[а-яё]+(?:ть|ти|чь)(?:ся)?\b"
    r"|(?:,\s*)?\b(?:i|oraz|potem)\s+[a-ząćęłńóśźż]+ć\b"
)
_ADJUNCTS = (
    r"(?:,\s*)?\b(?:so that|in order to|before|until|till|as soon as|once|because|damit|bevor|sobald|weil|afin de"
    r"|afin que|avant|dès que|d'ici|antes de|para que|hasta|prima d[ie]|entro|affinché|antes d[eoa]|até|para que"
    r"|voordat|zodat|чтобы|прежде чем|пока|zanim|żeby|aby)\b"
)
_UNSPACED = (
    r"[，,、]?\s*(?:(?<!合)[并並](?![且非排])|然[后後]|以便|之后再|之後再|接着)"
    r"|して(?:から)?[、,]?(?=[一-龯ァ-ヴ])|[てで](?:から)?[、,](?=.)|した(?:うえ|上|後)で?[、,]?|[、,]?その後"
)
_SPACED_END = re.compile(rf"{_SECOND_VERBS}|{_ADJUNCTS}", re.IGNORECASE)
_UNSPACED_END = re.compile(_UNSPACED)


def first_end(text: str) -> int:
    """Return where the first clause of *text* ends: at its end where it is one clause."""
    found = [match.start() for pattern in (_SPACED_END, _UNSPACED_END) if (match := pattern.search(text))]
    return min(filter(None, found), default=len(text))
