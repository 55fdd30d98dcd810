"""Vocabulary of relative times, looking back: nine languages whole, and of eight more what dateparser cannot count.

The nine build on the words of due dates (``due_vocabulary``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hedy_jupyter.dates import due_vocabulary
from hedy_jupyter.dates.tokens import Token
from hedy_jupyter.dates.word_tables import CHINESE_WEEKDAYS, Table, Words, by_number, combined, merged

NOT_ALONE = frozenset({"mag", "marco", "mart", "mie", "out", "set", "vie"})
"""Months and weekdays only beside other words: "marco" is a name too, "out" and "vie" are everyday words."""

_SHARED = frozenset(
    {
        Token.WEEKDAY,
        Token.SHORT_WEEKDAY,
        Token.WEEKDAY_OF_WEEK,
        Token.NEAR_DAY,
        Token.TIME_OF_DAY,
        Token.MONTH,
        Token.NUMBER_WORD,
        Token.UNIT,
        Token.UNITS,
        Token.PERIOD,
        Token.THIS,
        Token.NEXT,
        Token.COMING,
        Token.IN,
        Token.FROM_NOW,
        Token.FILLER,
    }
)
"""The tokens whose words mean the same whether a phrase looks back or ahead."""


def _with_due_words(language: str, more: Table) -> Words:
    """Return the words of due dates in *language* that also look back, and *more*."""
    due_words = due_vocabulary.LANGUAGES[language]
    return merged({token: row for token, row in due_words.items() if token in _SHARED}, more)


_ENGLISH = _with_due_words(
    "en",
    {
        Token.AGO: "ago",
        Token.LAST: "last, previous",
        Token.LAST_FEW: "past",
        Token.NEAR_DAY: {-2: "day before yesterday", -1: "last night"},
        Token.UNIT: {"minute": "minute, min", "hour": "hr", "month": "mo", "year": "yr"},
        Token.UNITS: {"minute": "minutes, mins", "month": "mos", "year": "yrs"},
        Token.DURATION: {(2, "week"): "a fortnight, fortnight", (6, "month"): "half a year"},
        Token.SINCE: "since",
    },
)
_GERMAN = _with_due_words(
    "de",
    {
        Token.NOW: "jetzt",
        Token.DURATION: {(6, "month"): "ein halbes jahr, einem halben jahr"},
        Token.AGO: "vor",
        Token.LAST: (
            "letzte, letzten, letzter, letztes, letztem, vergangene, vergangenen, vergangener, vergangenes, vorige, "
            "vorigen, voriger, voriges"
        ),
        Token.NEAR_DAY: {-2: "vorgestern", -1: "gestern morgen, gestern früh", 0: "heute morgen, heute früh"},
        Token.UNIT: {"minute": "minute"},
        Token.UNITS: {"minute": "minuten, min", "hour": "std"},
        Token.SINCE: "seit",
    },
)
_FRENCH = _with_due_words(
    "fr",
    {
        Token.NOW: "maintenant",
        Token.AGO: "il y a, voici, voilà",
        Token.LAST: "dernier, dernière, passé, passée, précédent, précédente",
        Token.LAST_FEW: "derniers, dernières",
        Token.NEAR_DAY: {-2: "avant-hier, avant hier"},
        Token.UNIT: {"minute": "minute"},
        Token.UNITS: {"minute": "minutes, min", "day": "j"},
        Token.SINCE: "depuis",
        Token.FILLER: "-ci",
    },
)
_SPANISH = _with_due_words(
    "es",
    {
        Token.NOW: "ahora",
        Token.DURATION: {(6, "month"): "medio año"},
        Token.AGO: "hace, atrás",
        Token.LAST: "pasado, pasada, anterior",
        Token.LAST_FEW: "último, última, últimos, últimas, pasados, pasadas",
        Token.NEAR_DAY: {-2: "anteayer, antes de ayer, antier", -1: "anoche"},
        Token.UNIT: {"minute": "minuto"},
        Token.UNITS: {"minute": "minutos, min", "hour": "h"},
        Token.SINCE: "desde",
    },
)
_ITALIAN = _with_due_words(
    "it",
    {
        Token.NOW: "adesso",
        Token.DURATION: {(6, "month"): "mezzo anno"},
        Token.AGO: "fa, or sono",
        Token.LAST: "scorso, scorsa, passato, passata, precedente",
        Token.LAST_FEW: "ultimo, ultima, ultimi, ultime, scorsi, scorse",
        Token.NEAR_DAY: {-2: "l'altro ieri, altro ieri, ieri l'altro, avantieri"},
        Token.UNIT: {"minute": "minuto"},
        Token.UNITS: {"minute": "minuti, min", "hour": "h", "day": "gg"},
        Token.NUMBER_WORD: {1: "un'"},
        Token.IN: "in",
        Token.SINCE: "da, dal, dalla",
        Token.FILLER: "nel, nella, negli, nelle, gli",
    },
)
_PORTUGUESE = _with_due_words(
    "pt",
    {
        Token.NOW: "agora",
        Token.DURATION: {(6, "month"): "meio ano"},
        Token.AGO: "há, faz, atrás",
        Token.LAST: "passado, passada, anterior",
        Token.LAST_FEW: "último, última, últimos, últimas",
        Token.NEAR_DAY: {-2: "anteontem, antes de ontem"},
        Token.UNIT: {"minute": "minuto"},
        Token.UNITS: {"minute": "minutos, min", "hour": "h"},
        Token.SINCE: "desde",
        Token.FILLER: "nos, nas, os, as",
    },
)
_DUTCH = _with_due_words(
    "nl",
    {
        Token.NOW: "nu",
        Token.DURATION: {(6, "month"): "een half jaar, half jaar"},
        Token.AGO: "geleden",
        Token.LAST: "vorige, vorig",
        Token.LAST_FEW: "afgelopen, laatste",
        Token.NEAR_DAY: {-2: "eergisteren", -1: "gisteravond, gisterenavond, gistermiddag, gisterochtend"},
        Token.UNIT: {"minute": "minuut"},
        Token.UNITS: {"minute": "minuten, min", "hour": "uren", "quarter": "kwartalen", "year": "jaren"},
        Token.SINCE: "sinds, sedert",
    },
)
_JAPANESE = _with_due_words(
    "ja",
    {
        Token.NOW: "今, 現在",
        Token.DURATION_AGO: {((6, "month"),): "半年前"},
        Token.LAST_FEW: "過去, 直近, ここ, この",
        Token.NEAR_DAY: {-2: "一昨日, おととい", -1: "きのう"},
        Token.PERIOD: {
            (-1, "week"): "先週, 前週",
            (-2, "week"): "先々週, 先先週",
            (-1, "month"): "先月, 前月",
            (-2, "month"): "先々月, 先先月",
            (-1, "year"): "昨年, 去年, 前年",
            (-2, "year"): "一昨年, おととし",
        },
        Token.SINCE: "から, 以来",
    },
)
_CHINESE = _with_due_words(
    "zh",
    {
        Token.NOW: "现在, 現在",
        Token.DURATION_AGO: {((6, "month"),): "半年前, 半年之前, 半年以前"},
        Token.LAST_FEW: "过去, 過去, 最近, 近",
        Token.NEAR_DAY: {-3: "大前天", -2: "前天"},
        Token.PERIOD: {
            (-1, "week"): "上周, 上週, 上星期, 上个星期, 上個星期, 上礼拜, 上个礼拜, 上禮拜",
            (-2, "week"): "上上周, 上上週, 上上星期, 上上个星期",
            (-1, "month"): "上个月, 上個月, 上月",
            (-2, "month"): "上上个月, 上上個月, 上上月",
            (-1, "quarter"): "上季度, 上个季度, 上個季度",
            (-1, "year"): "去年",
            (-2, "year"): "前年",
        },
        Token.WEEKDAY_OF_WEEK: {
            (-1, weekday): combined(
                ("上周", "上週", "上星期", "上个星期", "上個星期", "上礼拜", "上个礼拜", "上禮拜"), names
            )
            for weekday, names in enumerate(CHINESE_WEEKDAYS)
        },
        Token.SINCE: "从, 從, 自, 以来, 以來",
    },
)
# What follows counts only: single days, weekdays and months of these languages are read by dateparser.
_RUSSIAN = merged(
    {
        Token.AGO: "назад, тому назад",
        Token.NUMBER_WORD: by_number(
            "один, одну, одна, одного | два, две | три | четыре | пять | шесть | семь | восемь | девять | десять | "
            "одиннадцать | двенадцать",
            1,
        ),
        Token.UNIT: {
            "minute": "минуту, минуты, минут",
            "hour": "час, часа, часов",
            "day": "день, дня, дней",
            "week": "неделю, недели, недель",
            "month": "месяц, месяца, месяцев",
            "quarter": "квартал, квартала, кварталов",
            "year": "год, года, лет",
        },
    }
)
_POLISH = merged(
    {
        Token.AGO: "temu",
        Token.NUMBER_WORD: by_number(
            "jeden, jedną | dwa, dwie | trzy | cztery | pięć | sześć | siedem | osiem | dziewięć | dziesięć | "
            "jedenaście | dwanaście",
            1,
        ),
        Token.UNIT: {
            "minute": "minutę, minuty, minut",
            "hour": "godzinę, godziny, godzin",
            "day": "dzień, dni",
            "week": "tydzień, tygodnie, tygodni",
            "month": "miesiąc, miesiące, miesięcy",
            "quarter": "kwartał, kwartały, kwartałów",
            "year": "rok, lata, lat",
        },
    }
)
_KOREAN = merged(
    {
        Token.AGO: "전",
        Token.NUMBER_WORD: by_number("한 | 두 | 세, 석 | 네, 넉 | 다섯 | 여섯 | 일곱 | 여덟 | 아홉 | 열", 1),
        Token.UNIT: {
            "minute": "분",
            "hour": "시간",
            "day": "일",
            "week": "주일, 주",
            "month": "개월, 달",
            "quarter": "분기",
            "year": "년, 해",
        },
        Token.DURATION: {
            (1, "day"): "하루",
            (2, "day"): "이틀",
            (3, "day"): "사흘",
            (1, "week"): "일주일, 일주",
            (2, "week"): "이주일, 이주",
            (1, "month"): "일개월, 일 개월",
            (1, "year"): "일년, 일 년",
            (2, "year"): "이년, 이 년",
        },
    }
)
_TURKISH = merged(
    {
        Token.AGO: "önce",
        Token.NUMBER_WORD: by_number(
            "bir | iki | üç | dört | beş | altı | yedi | sekiz | dokuz | on | on bir | on iki", 1
        ),
        Token.UNIT: {
            "minute": "dakika",
            "hour": "saat",
            "day": "gün",
            "week": "hafta",
            "month": "ay",
            "quarter": "çeyrek",
            "year": "yıl, sene",
        },
    }
)
_ARABIC = merged(
    {
        Token.AGO: "قبل, منذ",
        Token.NUMBER_WORD: by_number(
            "واحد, واحدة | | ثلاثة, ثلاث | أربعة, أربع | خمسة, خمس | ستة, ست | سبعة, سبع | ثمانية, ثماني | تسعة, تسع "
            "| عشرة, عشر",
            1,
        ),
        Token.UNIT: {
            "minute": "دقيقة, دقائق",
            "hour": "ساعة, ساعات",
            "day": "يوم, أيام",
            "week": "أسبوع, أسابيع",
            "month": "شهر, أشهر, شهور",
            "year": "سنة, سنوات, عام, أعوام",
        },
        Token.DURATION: {
            (2, "day"): "يومين",
            (2, "week"): "أسبوعين",
            (2, "month"): "شهرين",
            (2, "year"): "سنتين, عامين",
        },
    }
)
_HEBREW = merged(
    {
        Token.AGO: "לפני",
        Token.NUMBER_WORD: by_number(
            "אחד, אחת | שני, שתי | שלושה, שלוש | ארבעה, ארבע | חמישה, חמש | שישה, שש | שבעה, שבע | שמונה | תשעה, תשע "
            "| עשרה, עשר",
            1,
        ),
        Token.UNIT: {
            "minute": "דקה, דקות",
            "hour": "שעה, שעות",
            "day": "יום, ימים",
            "week": "שבוע, שבועות",
            "month": "חודש, חודשים",
            "quarter": "רבעון, רבעונים",
            "year": "שנה, שנים",
        },
        Token.DURATION: {(2, "day"): "יומיים", (2, "week"): "שבועיים", (2, "month"): "חודשיים", (2, "year"): "שנתיים"},
    }
)
_SWEDISH = merged(
    {
        Token.AGO: "sedan",
        Token.NUMBER_WORD: by_number(
            "en, ett | två | tre | fyra | fem | sex | sju | åtta | nio | tio | elva | tolv", 1
        ),
        Token.UNIT: {
            "minute": "minut, minuter",
            "hour": "timme, timmar",
            "day": "dag, dagar",
            "week": "vecka, veckor",
            "month": "månad, månader",
            "quarter": "kvartal",
            "year": "år",
        },
        Token.FILLER: "för",
    }
)
_DANISH_AND_NORWEGIAN = merged(
    {
        Token.AGO: "siden",
        Token.NUMBER_WORD: by_number(
            "en, et, ett, én, ét | to | tre | fire | fem | seks | syv, sju | otte, åtte | ni | ti | elleve, elve | "
            "tolv",
            1,
        ),
        Token.UNIT: {
            "minute": "minut, minutter, minutt",
            "hour": "time, timer",
            "day": "dag, dage, dager",
            "week": "uge, uger, uke, uker",
            "month": "måned, måneder",
            "quarter": "kvartal, kvartaler",
            "year": "år",
        },
        Token.FILLER: "for",
    }
)

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
        "ru": _RUSSIAN,
        "pl": _POLISH,
        "ko": _KOREAN,
        "tr": _TURKISH,
        "ar": _ARABIC,
        "he": _HEBREW,
        "sv": _SWEDISH,
        "da": _DANISH_AND_NORWEGIAN,
    }
)
