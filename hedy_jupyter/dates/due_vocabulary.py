"""Vocabulary of due dates in nine languages: the words for each token.

Words that leave the day open (early, a few, mid, soon) are left out: what is not in the tables is not understood, and
gives no day.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hedy_jupyter.dates import relative_english
from hedy_jupyter.dates.tokens import Token
from hedy_jupyter.dates.word_tables import CHINESE_WEEKDAYS, Table, Words, by_number, combined, merged

_NOTHING = "- -- --- – — n/a na none null nil なし 無し 无 無 keine aucune ninguna nessuna nenhuma geen"
NOTHING = frozenset({"", "no due date", "no deadline", "not specified", *_NOTHING.split()})
"""What a due date says where there is none."""

_EVERYWHERE: Table = {
    Token.DAY_END: "eod, cob, eob",
    Token.PERIOD_END: {(0, "week"): "eow", (0, "month"): "eom", (0, "quarter"): "eoq", (0, "year"): "eoy"},
}
_ENGLISH: Table = {
    Token.WEEKDAY: by_number(
        "monday, mon | tuesday, tue, tues | wednesday, wed | thursday, thu, thur, thurs | friday, fri | saturday | "
        "sunday"
    ),
    Token.SHORT_WEEKDAY: {5: "sat", 6: "sun"},
    Token.MONTH: by_number(
        (f"{name}, {name[:3]}" + ", sept" * (name == "september") for name in relative_english.MONTHS), 1
    ),
    Token.NUMBER_WORD: by_number(["a, an, one", *relative_english.NUMBERS[1:]], 1),
    Token.NEAR_DAY: {
        -1: "yesterday",
        0: "today, tonight, this morning, this afternoon, this evening, later today",
        1: "tomorrow, tmrw",
        2: "day after tomorrow",
    },
    Token.UNIT: {
        "day": "day",
        "week": "week, wk",
        "month": "month",
        "quarter": "quarter",
        "year": "year",
        "hour": "hour",
        "workday": "business day, working day",
    },
    Token.UNITS: {
        "day": "days, days'",
        "week": "weeks, weeks', wks",
        "month": "months, months'",
        "quarter": "quarters",
        "year": "years",
        "hour": "hours, hrs",
        "workday": "business days, working days, workdays",
    },
    Token.DURATION: {(2, "week"): "in a fortnight, in a fortnight's time, a fortnight from now, within a fortnight"},
    Token.THIS: "this",
    Token.COMING: "coming, upcoming, this coming",
    Token.NEXT: "next",
    Token.END: "end of, end",
    Token.IN: "in, within",
    Token.FROM_NOW: "from now, from today, time",
    Token.WEEKEND: "weekend, over the weekend, at the weekend, on the weekend, week-end",
    Token.DAY_END: "end of day, end of the day, close of business, end of business, end of business day",
    Token.TIME_OF_DAY: (
        "morning, afternoon, evening, noon, midday, first thing, first thing in the morning, in the morning, "
        "in the afternoon"
    ),
    Token.BY: (
        "by, until, till, due, due by, due on, due date, deadline, latest, at the latest, no later than, not later than"
    ),
    Token.BEFORE: "before, prior to, ahead of",
    Token.FILLER: "the, of, on, at, for",
}
_GERMAN_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_GERMAN_PARTS = ("", "morgen", " morgen", "früh", "vormittag", "mittag", "nachmittag", "abend")
_GERMAN: Table = {
    Token.WEEKDAY: by_number(combined((name,), _GERMAN_PARTS) for name in _GERMAN_WEEKDAYS),
    Token.SHORT_WEEKDAY: by_number("mo | di | mi | do | fr | sa, sonnabend | so"),
    Token.MONTH: by_number(
        "januar, jan, jänner | februar, feb | märz, mrz | april, apr | mai | juni, jun | juli, jul | august, aug"
        "| september, sep, sept | oktober, okt | november, nov | dezember, dez",
        1,
    ),
    Token.NUMBER_WORD: by_number(
        "ein, eine, einem, einer, eines | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | "
        "zwölf",
        1,
    )
    | {14: "vierzehn"},
    Token.NEAR_DAY: {
        -1: "gestern",
        0: "heute, noch heute, heute noch, heute abend, heute nachmittag, heute vormittag, heute mittag, heute morgen",
        1: "morgen, morgen früh, morgen vormittag",
        2: "übermorgen",
    },
    Token.UNIT: {
        "idiom_day": "tag",
        "week": "woche",
        "month": "monat, monats",
        "quarter": "quartal, quartals",
        "year": "jahr, jahres",
        "hour": "stunde",
        "workday": "arbeitstag",
    },
    Token.UNITS: {
        "idiom_day": "tage, tagen",
        "week": "wochen",
        "month": "monate, monaten",
        "quarter": "quartale, quartalen",
        "year": "jahre, jahren",
        "hour": "stunden",
        "workday": "arbeitstage, arbeitstagen",
    },
    Token.PERIOD: {(2, "week"): "übernächste woche, übernächster woche"},
    Token.PERIOD_END: {
        (0, "month"): "monatsende",
        (0, "quarter"): "quartalsende",
        (0, "year"): "jahresende",
    },
    Token.THIS: "diese, diesen, dieser, dieses, diesem, noch diese, in dieser, laufende, laufenden, laufender",
    Token.COMING: "kommende, kommenden, kommender, kommendes",
    Token.NEXT: "nächste, nächsten, nächster, nächstes, in der nächsten",
    Token.END: "ende",
    Token.IN: "in, innerhalb, innerhalb von, binnen",
    Token.WEEKEND: "wochenende",
    Token.DAY_END: "feierabend, tagesende, ende des tages, ende des arbeitstages, geschäftsschluss",
    # "am Morgen" is a time of day, "morgen" alone the next day.
    Token.TIME_OF_DAY: (
        "früh, vormittag, mittag, nachmittag, abend, morgens, vormittags, mittags, nachmittags, abends, am "
        "morgen, am frühen morgen,der morgen, gegen morgen, in der früh"
    ),
    Token.BY: (
        "bis, bis zum, bis spätestens, spätestens, spätestens bis, spätestens am, fällig, fällig am, frist, termin"
    ),
    Token.BEFORE: "vor, vor dem",
    Token.FILLER: "der, die, das, den, dem, des, am, an, im, um, zum, zur",
}
_FRENCH: Table = {
    Token.WEEKDAY: by_number("lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche"),
    Token.SHORT_WEEKDAY: by_number("lun | mar | mer | jeu | ven | sam | dim"),
    Token.MONTH: by_number(
        "janvier, janv | février, févr | mars | avril, avr | mai | juin | juillet, juil | août | septembre | "
        "octobre, oct"
        "| novembre, nov | décembre, déc",
        1,
    ),
    Token.NUMBER_WORD: by_number(
        "un, une | deux | trois | quatre | cinq | six | sept | huit | neuf | dix | onze | douze", 1
    )
    | {15: "quinze"},
    Token.NEAR_DAY: {
        -1: "hier",
        0: "aujourd'hui, ce soir, ce matin, cet après-midi, dans la journée",
        1: "demain, demain matin, demain soir",
        2: "après-demain, après demain",
    },
    Token.UNIT: {
        "idiom_day": "jour",
        "week": "semaine",
        "month": "mois",
        "quarter": "trimestre",
        "year": "an, année",
        "hour": "heure",
        "workday": "jour ouvré",
    },
    Token.UNITS: {
        "idiom_day": "jours",
        "week": "semaines",
        "quarter": "trimestres",
        "year": "ans, années",
        "hour": "heures, h",
        "workday": "jours ouvrés",
    },
    Token.THIS: "ce, cet, cette",
    Token.NEXT: "prochain, prochaine, qui vient",
    Token.NEXT_FEW: "prochains, prochaines",
    Token.END: "fin, la fin, fin de, fin du",
    Token.IN: "dans, sous",
    Token.WEEKEND: "week-end, weekend",
    Token.DAY_END: "fin de journée, fin de la journée, en fin de journée",
    Token.TIME_OF_DAY: (
        "matin, midi, après-midi, soir, du matin, le matin, au matin, dans la matinée, en matinée, dans l'après-midi"
    ),
    Token.BY_OR_WITHIN: "d'ici, d'ici à, d'ici au, d'ici le",
    Token.BY: "jusqu'à, jusqu'au, au plus tard, au plus tard le, pour, échéance",
    Token.BEFORE: "avant",
    Token.FILLER: "le, la, les, l', de, du, des, d', à, au, en",
}
_SPANISH: Table = {
    Token.WEEKDAY: by_number("lunes | martes | miércoles | jueves | viernes | sábado | domingo"),
    Token.SHORT_WEEKDAY: by_number("lun | mart | mié | jue | vie | sáb | dom"),
    Token.MONTH: by_number(
        "enero, ene | febrero, feb | marzo, mar | abril, abr | mayo, may | junio, jun | julio, jul | agosto, ago"
        "| septiembre, setiembre, sept | octubre, oct | noviembre, nov | diciembre, dic",
        1,
    ),
    Token.NUMBER_WORD: by_number(
        "un, una, uno | dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez | once | doce", 1
    )
    | {15: "quince"},
    Token.NEAR_DAY: {
        -1: "ayer",
        0: "hoy, hoy mismo, esta tarde, esta noche, esta mañana",
        1: "mañana, mañana mismo",
        2: "pasado mañana",
    },
    Token.UNIT: {
        "idiom_day": "día",
        "week": "semana",
        "month": "mes",
        "quarter": "trimestre",
        "year": "año",
        "hour": "hora",
        "workday": "día hábil, día laborable",
    },
    Token.UNITS: {
        "idiom_day": "días",
        "week": "semanas",
        "month": "meses",
        "quarter": "trimestres",
        "year": "años",
        "hour": "horas",
        "workday": "días hábiles, días laborables",
    },
    Token.THIS: "este, esta",
    Token.NEXT: "próximo, próxima, que viene",
    Token.NEXT_FEW: "próximos, próximas",
    Token.END: "fin, final, fin de, final de, fines de",
    Token.IN: "en, dentro de",
    Token.WEEKEND: "fin de semana",
    Token.DAY_END: "fin del día, final del día, final de la jornada",
    Token.TIME_OF_DAY: (
        "por la mañana, en la mañana, a la mañana, de la mañana, la mañana, de mañana, por la tarde, en la "
        "tarde, por la noche,en la noche, al mediodía, a primera hora"
    ),
    Token.BY: "para, hasta, a más tardar, como tarde, fecha límite",
    Token.BEFORE: "antes de, antes del",
    Token.FILLER: "el, la, los, las, de, del, al, a",
}
_ITALIAN: Table = {
    Token.WEEKDAY: by_number("lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica"),
    Token.SHORT_WEEKDAY: by_number("lun | mart | mer | gio | ven | sab | dom"),
    Token.MONTH: by_number(
        "gennaio, gen | febbraio, feb | marzo, mar | aprile, apr | maggio, mag | giugno, giu | luglio, lug | agosto, "
        "ago"
        "| settembre, set | ottobre, ott | novembre, nov | dicembre, dic",
        1,
    ),
    Token.NUMBER_WORD: by_number(
        "un, una, uno | due | tre | quattro | cinque | sei | sette | otto | nove | dieci | undici | dodici", 1
    )
    | {15: "quindici"},
    Token.NEAR_DAY: {
        -1: "ieri",
        0: "oggi, stasera, stamattina, stamani, questa sera, oggi stesso",
        1: "domani, domattina",
        2: "dopodomani",
    },
    Token.UNIT: {
        "idiom_day": "giorno",
        "week": "settimana",
        "month": "mese",
        "quarter": "trimestre",
        "year": "anno",
        "hour": "ora",
        "workday": "giorno lavorativo",
    },
    Token.UNITS: {
        "idiom_day": "giorni",
        "week": "settimane",
        "month": "mesi",
        "quarter": "trimestri",
        "year": "anni",
        "hour": "ore",
        "workday": "giorni lavorativi",
    },
    Token.THIS: "questo, questa",
    Token.NEXT: "prossimo, prossima",
    Token.NEXT_FEW: "prossimi, prossime",
    Token.END: "fine, la fine",
    Token.IN: "tra, fra",
    Token.WEEKEND: "fine settimana, weekend, week-end",
    Token.DAY_END: "fine giornata, la fine della giornata",
    Token.TIME_OF_DAY: "mattina, pomeriggio, sera, mattino, di mattina, del mattino, in mattinata",
    Token.BY_OR_WITHIN: "entro",
    Token.BY: "entro e non oltre, per, fino a, al più tardi, scadenza",
    Token.BEFORE: "prima di, prima del, prima della",
    Token.FILLER: "il, lo, la, i, le, l', di, del, della, dell', a, al, alle",
}
_PORTUGUESE: Table = {
    Token.WEEKDAY: by_number(
        "segunda-feira, segunda feira, segunda | terça-feira, terça feira, terça | quarta-feira, quarta feira, quarta"
        "| quinta-feira, quinta feira, quinta | sexta-feira, sexta feira, sexta | sábado | domingo"
    ),
    Token.MONTH: by_number(
        "janeiro, jan | fevereiro, fev | março, mar | abril, abr | maio, mai | junho, jun | julho, jul | agosto, ago"
        "| setembro, set | outubro, out | novembro, nov | dezembro",
        1,
    ),
    Token.NUMBER_WORD: by_number(
        "um, uma | dois, duas | três | quatro | cinco | seis | sete | oito | nove | dez | onze | doze", 1
    )
    | {15: "quinze"},
    Token.NEAR_DAY: {
        -1: "ontem",
        0: "hoje, ainda hoje, esta tarde, esta noite, hoje à tarde, hoje à noite",
        1: "amanhã",
        2: "depois de amanhã",
    },
    Token.UNIT: {
        "idiom_day": "dia",
        "week": "semana",
        "month": "mês",
        "quarter": "trimestre",
        "year": "ano",
        "hour": "hora",
        "workday": "dia útil",
    },
    Token.UNITS: {
        "idiom_day": "dias",
        "week": "semanas",
        "month": "meses",
        "quarter": "trimestres",
        "year": "anos",
        "hour": "horas",
        "workday": "dias úteis",
    },
    Token.THIS: "este, esta, neste, nesta, essa, nessa",
    Token.NEXT: "próximo, próxima, que vem",
    Token.NEXT_FEW: "próximos, próximas",
    Token.END: "fim, final, fim de, final de",
    Token.IN: "em, dentro de, daqui a",
    Token.WEEKEND: "fim de semana, final de semana",
    Token.DAY_END: "fim do dia, final do dia",
    Token.TIME_OF_DAY: "manhã, de manhã, da manhã, na manhã, pela manhã, à tarde, à noite",
    Token.BY: "até, até o, até a, até dia, até o dia, para, no máximo até, prazo",
    Token.BEFORE: "antes de, antes do, antes da",
    Token.FILLER: "o, a, de, do, da, no, na, ao, no dia",
}
_DUTCH: Table = {
    Token.WEEKDAY: by_number("maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag"),
    Token.SHORT_WEEKDAY: by_number("ma | di | wo | do | vr | za | zo"),
    Token.MONTH: by_number(
        "januari, jan | februari, feb | maart, mrt | april, apr | mei | juni, jun | juli, jul | augustus, aug"
        "| september, sep, sept | oktober, okt | november, nov | december, dec",
        1,
    ),
    Token.NUMBER_WORD: by_number(
        "een | twee | drie | vier | vijf | zes | zeven | acht | negen | tien | elf | twaalf", 1
    ),
    Token.NEAR_DAY: {
        -1: "gisteren",
        0: "vandaag, vanavond, vanmiddag, vanmorgen, vanochtend",
        1: "morgen, morgenochtend, morgenmiddag, morgenvroeg",
        2: "overmorgen",
    },
    Token.UNIT: {
        "day": "dag",
        "week": "week",
        "month": "maand",
        "quarter": "kwartaal",
        "year": "jaar",
        "hour": "uur",
        "workday": "werkdag",
    },
    Token.UNITS: {"day": "dagen", "week": "weken", "month": "maanden", "workday": "werkdagen"},
    Token.THIS: "deze, dit",
    Token.COMING: "komende, aanstaande",
    Token.NEXT: "volgende",
    Token.END: "eind, einde, het einde, het eind",
    Token.IN: "over, binnen",
    Token.WEEKEND: "weekend, weekeinde",
    Token.DAY_END: "einde van de dag, eind van de dag, einde dag",
    Token.TIME_OF_DAY: (
        "ochtend, middag, avond, 's morgens, 's ochtends, 's middags, 's avonds, in de morgen, de morgen"
    ),
    Token.BY: "tot, uiterlijk, uiterlijk op",
    Token.BEFORE: "voor",
    Token.FILLER: "de, het, van, op, om, in",
}
_JAPANESE: Table = {
    Token.WEEKDAY: by_number(f"{name}曜日, {name}曜, ({name})" for name in "月火水木金土日"),
    Token.NEAR_DAY: {-1: "昨日", 0: "今日, 本日, 今晩, 今夜", 1: "明日, あした, 明朝", 2: "明後日, あさって"},
    Token.PERIOD: {
        (0, "week"): "今週",
        (1, "week"): "来週, 翌週",
        (2, "week"): "再来週",
        (0, "month"): "今月",
        (1, "month"): "来月, 翌月",
        (0, "year"): "今年",
        (1, "year"): "来年",
    },
    Token.PERIOD_END: {
        (0, "month"): "月末",
        (0, "year"): "年末, 年内",
        (0, "quarter"): "四半期末",
        (0, "week"): "週内",
    },
    Token.NEXT: "次の",
    Token.END: "末, 中, 末日",
    Token.WEEKEND: "週末, 今週末, 今度の週末",
    Token.NEXT_WEEKEND: "来週末, 次の週末",
    Token.DAY_END: "終業, 終業時",
    Token.TIME_OF_DAY: "朝, 午前, 午前中, 午後, 夕方, 夜, 正午, 昼",
    Token.BY: "まで, までに, 迄, 迄に, 期限, 締切",
    Token.BEFORE_POSTFIX: "前, 前に, より前",
    Token.FILLER: "の, に",
}
_CHINESE: Table = {
    Token.WEEKDAY: by_number(combined(("周", "週", "星期", "礼拜", "禮拜"), names) for names in CHINESE_WEEKDAYS),
    Token.NEAR_DAY: {
        -1: "昨天",
        0: "今天, 今日, 今晚, 当天",
        1: "明天, 明日, 明早, 明晚",
        2: "后天, 後天",
        3: "大后天, 大後天",
    },
    Token.PERIOD: {
        (0, "week"): "本周, 这周, 本週, 這週, 这个星期, 这星期, 这个周",
        (1, "week"): "下周, 下週, 下个星期, 下星期, 下个礼拜",
        (2, "week"): "下下周, 下下週, 下下个星期",
        (0, "month"): "本月, 这个月, 這個月",
        (1, "month"): "下个月, 下月, 下個月",
        (0, "quarter"): "本季度",
        (1, "quarter"): "下季度, 下个季度",
        (0, "year"): "今年",
        (1, "year"): "明年",
    },
    # Said as one word: in 下周五 the week and the weekday share a letter.
    Token.WEEKDAY_OF_WEEK: {
        (shift, weekday): combined(weeks, names)
        for shift, weeks in enumerate(
            (("本周", "这周", "本週", "這週", "本星期", "这星期"), ("下周", "下週", "下星期", "下个星期", "下礼拜"))
        )
        for weekday, names in enumerate(CHINESE_WEEKDAYS)
    },
    Token.PERIOD_END: {
        (0, "month"): "月底, 月末",
        (0, "year"): "年底, 年末, 年内",
        (0, "quarter"): "季度末, 季末",
        (0, "week"): "周内",
    },
    Token.END: "底, 末, 内, 之内, 內",
    Token.WEEKEND: "周末, 週末, 本周末, 这周末, 这个周末, 本週末",
    Token.NEXT_WEEKEND: "下周末, 下个周末, 下週末",
    Token.DAY_END: "下班前, 下班, 日终",
    Token.TIME_OF_DAY: "早上, 上午, 中午, 下午, 晚上, 傍晚",
    Token.BY: "截止, 截至, 截止到, 最晚, 最迟, 不晚于, 到, 截止日期",
    Token.BEFORE_POSTFIX: "前, 之前, 以前",
    Token.FILLER: "的, 在, 于",
}
EVERYWHERE: Words = merged(_EVERYWHERE)
"""Short forms that people write in any language."""
LANGUAGES: Mapping[str, Words] = MappingProxyType(
    {
        "en": merged(_ENGLISH),
        "de": merged(_GERMAN),
        "fr": merged(_FRENCH),
        "es": merged(_SPANISH),
        "it": merged(_ITALIAN),
        "pt": merged(_PORTUGUESE),
        "nl": merged(_DUTCH),
        "ja": merged(_JAPANESE),
        "zh": merged(_CHINESE),
    }
)
"""The words of each language, by its code."""
