"""The first clause of a todo: "Review the contract" of "Review the contract and report back by Friday".

Another clause begins where a second verb does. What joins nouns ("the samples and the price list") ends no clause.
"""

from __future__ import annotations

import re
from functools import cache

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
_TIMES = (
    r"\b(?:by|until|before|on|no later than)\s+(?:the\s+)?"
    r"(?:end of (?:the\s+|this\s+|next\s+)?(?:week|month|quarter|year)"
    r"|(?:this|next)\s+(?:week|month|quarter|\w+day)|\w+day|today|tomorrow|noon)\b"
    r"|\b(?:bis|vor|am)\s+(?:zum\s+)?(?:(?:spätestens|nächsten|nächste|kommenden)\s+)?"
    r"(?:Ende (?:der|des|dieser|dieses)\s+(?:Woche|Monats|Jahres|Quartals)|(?:Monats|Wochen|Jahres)ende"
    r"|\w+tag|Mittwoch|morgen)\b"
    r"|\b(?:d'ici|pour|avant)\s+(?:à\s+)?(?:la\s+)?(?:fin (?:de la semaine|du mois|de l'année)|\w+di|dimanche|demain)\b"
    r"|\b(?:antes del?|para el|hasta el|el)\s+(?:lunes|martes|miércoles|jueves|viernes|fin de (?:mes|semana|año))\b"
    r"|\b(?:entro|prima di)\s+(?:la\s+)?(?:\w+dì|sabato|domenica|domani|fine (?:settimana|mese|anno))\b"
    r"|\b(?:até|antes de)\s+(?:a\s+|o\s+)?"
    r"(?:\w+-feira|segunda|terça|quarta|quinta|sexta|fim d[ao] (?:semana|mês|ano)|amanhã)\b"
    r"|\b(?:voor|tegen|uiterlijk)\s+(?:\w+dag|morgen|het eind(?:e)? van de (?:week|maand))\b"
    r"|\b(?:до|к)\s+(?:понедельник[ау]|вторник[ау]|сред[ые]|четверг[ау]|пятниц[ые]|завтра"
    r"|конца (?:недели|месяца|года))\b"
)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what begins another clause, with and without spaces between words, and when something is due."""
    spaced = re.compile(rf"{_SECOND_VERBS}|{_ADJUNCTS}", re.IGNORECASE)
    return spaced, re.compile(_UNSPACED), re.compile(_TIMES, re.IGNORECASE)


def beside_main(text: str) -> list[tuple[int, int]]:
    """Return the spans of *text* that are beside its first clause: other clauses, and when it is due."""
    spaced_end, unspaced_end, times = _patterns()
    found = [match.start() for pattern in (spaced_end, unspaced_end) if (match := pattern.search(text))]
    spans = [match.span() for match in times.finditer(text)]
    return spans + [(start, len(text)) for start in found if start]
