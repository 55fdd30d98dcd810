"""The words of due dates in nine languages: what each means, as a letter and a value.

| Letter | Meaning | Value |
| --- | --- | --- |
| ``w`` ``v`` | a weekday; one so short that it counts only beside a date | 0 is Monday |
| ``m`` ``N`` | a month, a number as a word | the number |
| ``r`` | a day near the meeting | days ahead |
| ``u`` ``U`` | a unit of time, several of it | its name; ``idiom_day`` where eight and fifteen days are said for weeks
|
| ``P`` ``L`` | a period, the end of one | (periods ahead, its name) |
| ``W`` | a weekday of a certain week | (weeks ahead, weekday) |
| ``C`` | so much time ahead | (number, unit) |
| ``t`` ``c`` ``n`` ``M`` | this, coming, next, next of several | |
| ``e`` ``i`` ``a`` | the end of, in, from now | |
| ``h`` ``H`` | the weekend, the one after it | |
| ``z`` ``p`` | the end of the day, another time of day | |
| ``b`` ``j`` | by, a word for both "by" and "within" | |
| ``B`` ``S`` | before, and where it is said after the day | |
| ``x`` | a word that adds nothing | |

Words that say about when (early, a few, mid, soon) are left out: what is not in the tables is not understood, and gives
no date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hedy_jupyter.dates import english

Words = Mapping[str, Mapping[object, str]]
"""By letter and value the words that mean it, with commas between."""

_NOTHING = "- -- --- – — n/a na none null nil なし 無し 无 無 keine aucune ninguna nessuna nenhuma geen"
NOTHING = frozenset({"", "no due date", "no deadline", "not specified", *_NOTHING.split()})


_UNITS = ("day", "week", "month", "quarter", "year", "hour", "workday")


def _table(*rows: str, first: int = 0) -> dict[object, str]:
    return dict(enumerate(rows, first))


def _list(text: str, first: int = 0) -> dict[object, str]:
    """``"monday, mon | tuesday, tue"`` as words by their number."""
    return _table(*text.split("|"), first=first)


def _units(text: str, *, idiom: bool = False) -> dict[object, str]:
    """Words for the units in ``_UNITS``, in their order; *idiom* where eight and fifteen days are said for weeks."""
    names = ("idiom_day" if idiom else "day", *_UNITS[1:])
    return {name: words for name, words in zip(names, text.split("|"), strict=True) if words.strip()}


def joined(begins: Sequence[str], ends: Sequence[str]) -> str:
    """Return every beginning with every end, as a row of a table of words."""
    return ", ".join(begin + end for begin in begins for end in ends)


_CHINESE_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日天")
EVERYWHERE: Words = {
    "z": {None: "eod, cob, eob"},
    "L": {(0, "week"): "eow", (0, "month"): "eom", (0, "quarter"): "eoq", (0, "year"): "eoy"},
}
_ENGLISH: Words = {
    "w": _list(
        "monday, mon | tuesday, tue, tues | wednesday, wed | thursday, thu, thur, thurs | friday, fri | saturday | sunday"
    ),
    "v": {5: "sat", 6: "sun"},
    "m": _table(*(f"{name}, {name[:3]}" + ", sept" * (name == "september") for name in english.MONTHS), first=1),
    "N": _table("a, an, one", *english.NUMBERS[1:], first=1),
    "r": {
        -1: "yesterday",
        0: "today, tonight, this morning, this afternoon, this evening, later today",
        1: "tomorrow, tmrw",
        2: "day after tomorrow",
    },
    "u": _units("day | week, wk | month | quarter | year | hour | business day, working day"),
    "U": _units(
        "days, days' | weeks, weeks', wks | months, months' | quarters | years | hours, hrs | business days, working days, workdays"
    ),
    "C": {(2, "week"): "in a fortnight, in a fortnight's time, a fortnight from now, within a fortnight"},
    "t": {None: "this"},
    "c": {None: "coming, upcoming, this coming"},
    "n": {None: "next"},
    "e": {None: "end of, end"},
    "i": {None: "in, within"},
    "a": {None: "from now, from today, time"},
    "h": {None: "weekend, over the weekend, at the weekend, on the weekend, week-end"},
    "z": {None: "end of day, end of the day, close of business, end of business, end of business day"},
    "p": {
        None: "morning, afternoon, evening, noon, midday, first thing, first thing in the morning, in the morning, in the afternoon"
    },
    "b": {
        None: "by, until, till, due, due by, due on, due date, deadline, latest, at the latest, no later than, not later than"
    },
    "B": {None: "before, prior to, ahead of"},
    "x": {None: "the, of, on, at, for"},
}
_GERMAN_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_GERMAN_PARTS = ("", "morgen", " morgen", "früh", "vormittag", "mittag", "nachmittag", "abend")
_GERMAN: Words = {
    "w": _table(*(joined((name,), _GERMAN_PARTS) for name in _GERMAN_WEEKDAYS)),
    "v": _list("mo | di | mi | do | fr | sa, sonnabend | so"),
    "m": _list(
        "januar, jan, jänner | februar, feb | märz, mrz | april, apr | mai | juni, jun | juli, jul | august, aug"
        "| september, sep, sept | oktober, okt | november, nov | dezember, dez",
        1,
    ),
    "N": _list(
        "ein, eine, einem, einer, eines | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | zwölf",
        1,
    )
    | {14: "vierzehn"},
    "r": {
        -1: "gestern",
        0: "heute, noch heute, heute noch, heute abend, heute nachmittag, heute vormittag, heute mittag, heute morgen",
        1: "morgen, morgen früh, morgen vormittag",
        2: "übermorgen",
    },
    "u": _units("tag | woche | monat, monats | quartal, quartals | jahr, jahres | stunde | arbeitstag", idiom=True),
    "U": _units(
        "tage, tagen | wochen | monate, monaten | quartale, quartalen | jahre, jahren | stunden | arbeitstage, arbeitstagen",
        idiom=True,
    ),
    "P": {(2, "week"): "übernächste woche, übernächster woche"},
    "L": {
        (0, "month"): "monatsende",
        (0, "quarter"): "quartalsende",
        (0, "year"): "jahresende",
    },
    "t": {None: "diese, diesen, dieser, dieses, diesem, noch diese, in dieser, laufende, laufenden, laufender"},
    "c": {None: "kommende, kommenden, kommender, kommendes"},
    "n": {None: "nächste, nächsten, nächster, nächstes, in der nächsten"},
    "e": {None: "ende"},
    "i": {None: "in, innerhalb, innerhalb von, binnen"},
    "h": {None: "wochenende"},
    "z": {None: "feierabend, tagesende, ende des tages, ende des arbeitstages, geschäftsschluss"},
    # "am Morgen" is a time of day, "morgen" alone the next day.
    "p": {
        None: "früh, vormittag, mittag, nachmittag, abend, morgens, vormittags, mittags, nachmittags, abends, am morgen, am frühen morgen,"
        "der morgen, gegen morgen, in der früh"
    },
    "b": {
        None: "bis, bis zum, bis spätestens, spätestens, spätestens bis, spätestens am, fällig, fällig am, frist, termin"
    },
    "B": {None: "vor, vor dem"},
    "x": {None: "der, die, das, den, dem, des, am, an, im, um, zum, zur"},
}
_FRENCH: Words = {
    "w": _list("lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche"),
    "v": _list("lun | mar | mer | jeu | ven | sam | dim"),
    "m": _list(
        "janvier, janv | février, févr | mars | avril, avr | mai | juin | juillet, juil | août | septembre | octobre, oct"
        "| novembre, nov | décembre, déc",
        1,
    ),
    "N": _list("un, une | deux | trois | quatre | cinq | six | sept | huit | neuf | dix | onze | douze", 1)
    | {15: "quinze"},
    "r": {
        -1: "hier",
        0: "aujourd'hui, ce soir, ce matin, cet après-midi, dans la journée",
        1: "demain, demain matin, demain soir",
        2: "après-demain, après demain",
    },
    "u": _units("jour | semaine | mois | trimestre | an, année | heure | jour ouvré", idiom=True),
    "U": _units("jours | semaines | | trimestres | ans, années | heures, h | jours ouvrés", idiom=True),
    "t": {None: "ce, cet, cette"},
    "n": {None: "prochain, prochaine, qui vient"},
    "M": {None: "prochains, prochaines"},
    "e": {None: "fin, la fin, fin de, fin du"},
    "i": {None: "dans, sous"},
    "h": {None: "week-end, weekend"},
    "z": {None: "fin de journée, fin de la journée, en fin de journée"},
    "p": {
        None: "matin, midi, après-midi, soir, du matin, le matin, au matin, dans la matinée, en matinée, dans l'après-midi"
    },
    "j": {None: "d'ici, d'ici à, d'ici au, d'ici le"},
    "b": {None: "jusqu'à, jusqu'au, au plus tard, au plus tard le, pour, échéance"},
    "B": {None: "avant"},
    "x": {None: "le, la, les, l', de, du, des, d', à, au, en"},
}
_SPANISH: Words = {
    "w": _list("lunes | martes | miércoles | jueves | viernes | sábado | domingo"),
    "v": _list("lun | mart | mié | jue | vie | sáb | dom"),
    "m": _list(
        "enero, ene | febrero, feb | marzo, mar | abril, abr | mayo, may | junio, jun | julio, jul | agosto, ago"
        "| septiembre, setiembre, sept | octubre, oct | noviembre, nov | diciembre, dic",
        1,
    ),
    "N": _list("un, una, uno | dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez | once | doce", 1)
    | {15: "quince"},
    "r": {
        -1: "ayer",
        0: "hoy, hoy mismo, esta tarde, esta noche, esta mañana",
        1: "mañana, mañana mismo",
        2: "pasado mañana",
    },
    "u": _units("día | semana | mes | trimestre | año | hora | día hábil, día laborable", idiom=True),
    "U": _units("días | semanas | meses | trimestres | años | horas | días hábiles, días laborables", idiom=True),
    "t": {None: "este, esta"},
    "n": {None: "próximo, próxima, que viene"},
    "M": {None: "próximos, próximas"},
    "e": {None: "fin, final, fin de, final de, fines de"},
    "i": {None: "en, dentro de"},
    "h": {None: "fin de semana"},
    "z": {None: "fin del día, final del día, final de la jornada"},
    "p": {
        None: "por la mañana, en la mañana, a la mañana, de la mañana, la mañana, de mañana, por la tarde, en la tarde, por la noche,"
        "en la noche, al mediodía, a primera hora"
    },
    "b": {None: "para, hasta, a más tardar, como tarde, fecha límite"},
    "B": {None: "antes de, antes del"},
    "x": {None: "el, la, los, las, de, del, al, a"},
}
_ITALIAN: Words = {
    "w": _list("lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica"),
    "v": _list("lun | mart | mer | gio | ven | sab | dom"),
    "m": _list(
        "gennaio, gen | febbraio, feb | marzo, mar | aprile, apr | maggio, mag | giugno, giu | luglio, lug | agosto, ago"
        "| settembre, set | ottobre, ott | novembre, nov | dicembre, dic",
        1,
    ),
    "N": _list("un, una, uno | due | tre | quattro | cinque | sei | sette | otto | nove | dieci | undici | dodici", 1)
    | {15: "quindici"},
    "r": {
        -1: "ieri",
        0: "oggi, stasera, stamattina, stamani, questa sera, oggi stesso",
        1: "domani, domattina",
        2: "dopodomani",
    },
    "u": _units("giorno | settimana | mese | trimestre | anno | ora | giorno lavorativo", idiom=True),
    "U": _units("giorni | settimane | mesi | trimestri | anni | ore | giorni lavorativi", idiom=True),
    "t": {None: "questo, questa"},
    "n": {None: "prossimo, prossima"},
    "M": {None: "prossimi, prossime"},
    "e": {None: "fine, la fine"},
    "i": {None: "tra, fra"},
    "h": {None: "fine settimana, weekend, week-end"},
    "z": {None: "fine giornata, la fine della giornata"},
    "p": {None: "mattina, pomeriggio, sera, mattino, di mattina, del mattino, in mattinata"},
    "j": {None: "entro"},
    "b": {None: "entro e non oltre, per, fino a, al più tardi, scadenza"},
    "B": {None: "prima di, prima del, prima della"},
    "x": {None: "il, lo, la, i, le, l', di, del, della, dell', a, al, alle"},
}
_PORTUGUESE: Words = {
    "w": _list(
        "segunda-feira, segunda feira, segunda | terça-feira, terça feira, terça | quarta-feira, quarta feira, quarta"
        "| quinta-feira, quinta feira, quinta | sexta-feira, sexta feira, sexta | sábado | domingo"
    ),
    "m": _list(
        "janeiro, jan | fevereiro, fev | março, mar | abril, abr | maio, mai | junho, jun | julho, jul | agosto, ago"
        "| setembro, set | outubro, out | novembro, nov | dezembro",
        1,
    ),
    "N": _list("um, uma | dois, duas | três | quatro | cinco | seis | sete | oito | nove | dez | onze | doze", 1)
    | {15: "quinze"},
    "r": {
        -1: "ontem",
        0: "hoje, ainda hoje, esta tarde, esta noite, hoje à tarde, hoje à noite",
        1: "amanhã",
        2: "depois de amanhã",
    },
    "u": _units("dia | semana | mês | trimestre | ano | hora | dia útil", idiom=True),
    "U": _units("dias | semanas | meses | trimestres | anos | horas | dias úteis", idiom=True),
    "t": {None: "este, esta, neste, nesta, essa, nessa"},
    "n": {None: "próximo, próxima, que vem"},
    "M": {None: "próximos, próximas"},
    "e": {None: "fim, final, fim de, final de"},
    "i": {None: "em, dentro de, daqui a"},
    "h": {None: "fim de semana, final de semana"},
    "z": {None: "fim do dia, final do dia"},
    "p": {None: "manhã, de manhã, da manhã, na manhã, pela manhã, à tarde, à noite"},
    "b": {None: "até, até o, até a, até dia, até o dia, para, no máximo até, prazo"},
    "B": {None: "antes de, antes do, antes da"},
    "x": {None: "o, a, de, do, da, no, na, ao, no dia"},
}
_DUTCH: Words = {
    "w": _list("maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag"),
    "v": _list("ma | di | wo | do | vr | za | zo"),
    "m": _list(
        "januari, jan | februari, feb | maart, mrt | april, apr | mei | juni, jun | juli, jul | augustus, aug"
        "| september, sep, sept | oktober, okt | november, nov | december, dec",
        1,
    ),
    "N": _list("een | twee | drie | vier | vijf | zes | zeven | acht | negen | tien | elf | twaalf", 1),
    "r": {
        -1: "gisteren",
        0: "vandaag, vanavond, vanmiddag, vanmorgen, vanochtend",
        1: "morgen, morgenochtend, morgenmiddag, morgenvroeg",
        2: "overmorgen",
    },
    "u": _units("dag | week | maand | kwartaal | jaar | uur | werkdag"),
    "U": _units("dagen | weken | maanden | |  | | werkdagen"),
    "t": {None: "deze, dit"},
    "c": {None: "komende, aanstaande"},
    "n": {None: "volgende"},
    "e": {None: "eind, einde, het einde, het eind"},
    "i": {None: "over, binnen"},
    "h": {None: "weekend, weekeinde"},
    "z": {None: "einde van de dag, eind van de dag, einde dag"},
    "p": {None: "ochtend, middag, avond, 's morgens, 's ochtends, 's middags, 's avonds, in de morgen, de morgen"},
    "b": {None: "tot, uiterlijk, uiterlijk op"},
    "B": {None: "voor"},
    "x": {None: "de, het, van, op, om, in"},
}
_JAPANESE: Words = {
    "w": _table(*(f"{name}曜日, {name}曜, ({name})" for name in "月火水木金土日")),
    "r": {-1: "昨日", 0: "今日, 本日, 今晩, 今夜", 1: "明日, あした, 明朝", 2: "明後日, あさって"},
    "P": {
        (0, "week"): "今週",
        (1, "week"): "来週, 翌週",
        (2, "week"): "再来週",
        (0, "month"): "今月",
        (1, "month"): "来月, 翌月",
        (0, "year"): "今年",
        (1, "year"): "来年",
    },
    "L": {(0, "month"): "月末", (0, "year"): "年末, 年内", (0, "quarter"): "四半期末", (0, "week"): "週内"},
    "n": {None: "次の"},
    "e": {None: "末, 中, 末日"},
    "h": {None: "週末, 今週末, 今度の週末"},
    "H": {None: "来週末, 次の週末"},
    "z": {None: "終業, 終業時"},
    "p": {None: "朝, 午前, 午前中, 午後, 夕方, 夜, 正午, 昼"},
    "b": {None: "まで, までに, 迄, 迄に, 期限, 締切"},
    "S": {None: "前, 前に, より前"},
    "x": {None: "の, に"},
}
_CHINESE: Words = {
    "w": _table(*(joined(("周", "週", "星期", "礼拜", "禮拜"), names) for names in _CHINESE_WEEKDAYS)),
    "r": {
        -1: "昨天",
        0: "今天, 今日, 今晚, 当天",
        1: "明天, 明日, 明早, 明晚",
        2: "后天, 後天",
        3: "大后天, 大後天",
    },
    "P": {
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
    "W": {
        (shift, weekday): joined(weeks, names)
        for shift, weeks in enumerate(
            (("本周", "这周", "本週", "這週", "本星期", "这星期"), ("下周", "下週", "下星期", "下个星期", "下礼拜"))
        )
        for weekday, names in enumerate(_CHINESE_WEEKDAYS)
    },
    "L": {
        (0, "month"): "月底, 月末",
        (0, "year"): "年底, 年末, 年内",
        (0, "quarter"): "季度末, 季末",
        (0, "week"): "周内",
    },
    "e": {None: "底, 末, 内, 之内, 內"},
    "h": {None: "周末, 週末, 本周末, 这周末, 这个周末, 本週末"},
    "H": {None: "下周末, 下个周末, 下週末"},
    "z": {None: "下班前, 下班, 日终"},
    "p": {None: "早上, 上午, 中午, 下午, 晚上, 傍晚"},
    "b": {None: "截止, 截至, 截止到, 最晚, 最迟, 不晚于, 到, 截止日期"},
    "S": {None: "前, 之前, 以前"},
    "x": {None: "的, 在, 于"},
}
LANGUAGES: Mapping[str, Words] = MappingProxyType(
    {
        "en": _ENGLISH,
        "de": _GERMAN,
        "fr": _FRENCH,
        "es": _SPANISH,
        "it": _ITALIAN,
        "pt": _PORTUGUESE,
        "nl": _DUTCH,
        "ja": _JAPANESE,
        "zh": _CHINESE,
    }
)
