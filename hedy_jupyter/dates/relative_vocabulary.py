"""The words of times that look back, for ``spoken``: nine languages whole, and of eight more what dateparser cannot count.

Nine languages build on the words of due dates (``due_words``), and the letters are those of that table. These are added:

| Letter | Meaning | Value |
| --- | --- | --- |
| ``A`` | ago, before or after the count | |
| ``l`` | the last one of the calendar: *letzten Monat*, *el mes pasado* | |
| ``R`` | the last so many: *past 7 days*, *últimos 3 meses*; with a month alone it is not clear what is meant | |
| ``G`` | a count and "ago" in one: 3日前, see ``spoken`` | (number, unit) |
| ``s`` ``T`` | since, which adds nothing; now | |
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hedy_jupyter.dates import due_vocabulary
from hedy_jupyter.dates.due_vocabulary import Words

NOT_ALONE = frozenset({"mag", "marco", "mart", "mie", "out", "set", "vie"})
"""Words that are a month or weekday only beside others: *março* without its accent is a name, "out" and "vie" are everyday words."""

_TAKEN = frozenset("wvmNruUtncPWiaxp")
"""The letters whose words mean the same whether a phrase looks back or ahead."""
_UNITS = ("minute", "hour", "day", "week", "month", "quarter", "year")
_CHINESE_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日天")
_Row = Mapping[object, str] | str


def _units(text: str) -> dict[object, str]:
    """Words for the units in ``_UNITS``, in their order, with bars between."""
    return {name: words for name, words in zip(_UNITS, text.split("|"), strict=True) if words.strip()}


def _numbers(text: str) -> dict[object, str]:
    """Words for one, two, three …, with bars between."""
    return {number: words for number, words in enumerate(text.split("|"), 1) if words.strip()}


def _words(language: str = "", **more: _Row) -> Words:
    """The words of due dates in *language*, if one is given, and *more* by letter.

    A text holds the words of a letter without values.
    """
    taken = due_vocabulary.LANGUAGES[language] if language else {}
    found = {letter: dict(row) for letter, row in taken.items() if letter in _TAKEN}
    for letter, row in more.items():
        words = found.setdefault(letter, {})
        for value, listed in ({None: row} if isinstance(row, str) else row).items():
            words[value] = f"{words[value]}, {listed}" if value in words else listed
    return found


_ENGLISH = _words(
    "en",
    A="ago",
    l="last, previous",
    R="past",
    r={-2: "day before yesterday", -1: "last night"},
    u=_units("minute, min | hr | | | mo | | yr"),
    U=_units("minutes, mins | | | | mos | | yrs"),
    C={(2, "week"): "a fortnight, fortnight", (6, "month"): "half a year"},
    s="since",
)
_GERMAN = _words(
    "de",
    T="jetzt",
    C={(6, "month"): "ein halbes jahr, einem halben jahr"},
    A="vor",
    l="letzte, letzten, letzter, letztes, letztem, vergangene, vergangenen, vergangener, vergangenes, vorige, vorigen, voriger, voriges",
    r={-2: "vorgestern", -1: "gestern morgen, gestern früh", 0: "heute morgen, heute früh"},
    u=_units("minute | | | | | |"),
    U=_units("minuten, min | std | | | | |"),
    s="seit",
)
_FRENCH = _words(
    "fr",
    T="maintenant",
    A="il y a, voici, voilà",
    l="dernier, dernière, passé, passée, précédent, précédente",
    R="derniers, dernières",
    r={-2: "avant-hier, avant hier"},
    u=_units("minute | | | | | |"),
    U=_units("minutes, min | | j | | | |"),
    s="depuis",
    x="-ci",
)
_SPANISH = _words(
    "es",
    T="ahora",
    C={(6, "month"): "medio año"},
    A="hace, atrás",
    l="pasado, pasada, anterior",
    R="último, última, últimos, últimas, pasados, pasadas",
    r={-2: "anteayer, antes de ayer, antier", -1: "anoche"},
    u=_units("minuto | | | | | |"),
    U=_units("minutos, min | h | | | | |"),
    s="desde",
)
_ITALIAN = _words(
    "it",
    T="adesso",
    C={(6, "month"): "mezzo anno"},
    A="fa, or sono",
    l="scorso, scorsa, passato, passata, precedente",
    R="ultimo, ultima, ultimi, ultime, scorsi, scorse",
    r={-2: "l'altro ieri, altro ieri, ieri l'altro, avantieri"},
    u=_units("minuto | | | | | |"),
    U=_units("minuti, min | h | gg | | | |"),
    N={1: "un'"},
    i="in",
    s="da, dal, dalla",
    x="nel, nella, negli, nelle, gli",
)
_PORTUGUESE = _words(
    "pt",
    T="agora",
    C={(6, "month"): "meio ano"},
    A="há, faz, atrás",
    l="passado, passada, anterior",
    R="último, última, últimos, últimas",
    r={-2: "anteontem, antes de ontem"},
    u=_units("minuto | | | | | |"),
    U=_units("minutos, min | h | | | | |"),
    s="desde",
    x="nos, nas, os, as",
)
_DUTCH = _words(
    "nl",
    T="nu",
    C={(6, "month"): "een half jaar, half jaar"},
    A="geleden",
    l="vorige, vorig",
    R="afgelopen, laatste",
    r={-2: "eergisteren", -1: "gisteravond, gisterenavond, gistermiddag, gisterochtend"},
    u=_units("minuut | | | | | |"),
    U=_units("minuten, min | uren | | | | kwartalen | jaren"),
    s="sinds, sedert",
)
_JAPANESE = _words(
    "ja",
    T="今, 現在",
    G={((6, "month"),): "半年前"},
    R="過去, 直近, ここ, この",
    r={-2: "一昨日, おととい", -1: "きのう"},
    P={
        (-1, "week"): "先週, 前週",
        (-2, "week"): "先々週, 先先週",
        (-1, "month"): "先月, 前月",
        (-2, "month"): "先々月, 先先月",
        (-1, "year"): "昨年, 去年, 前年",
        (-2, "year"): "一昨年, おととし",
    },
    s="から, 以来",
)
_CHINESE = _words(
    "zh",
    T="现在, 現在",
    G={((6, "month"),): "半年前, 半年之前, 半年以前"},
    R="过去, 過去, 最近, 近",
    r={-3: "大前天", -2: "前天"},
    P={
        (-1, "week"): "上周, 上週, 上星期, 上个星期, 上個星期, 上礼拜, 上个礼拜, 上禮拜",
        (-2, "week"): "上上周, 上上週, 上上星期, 上上个星期",
        (-1, "month"): "上个月, 上個月, 上月",
        (-2, "month"): "上上个月, 上上個月, 上上月",
        (-1, "quarter"): "上季度, 上个季度, 上個季度",
        (-1, "year"): "去年",
        (-2, "year"): "前年",
    },
    W={
        (-1, weekday): due_vocabulary.joined(
            ("上周", "上週", "上星期", "上个星期", "上個星期", "上礼拜", "上个礼拜", "上禮拜"), names
        )
        for weekday, names in enumerate(_CHINESE_WEEKDAYS)
    },
    s="从, 從, 自, 以来, 以來",
)
# What follows counts only: single days, weekdays and months of these languages are read by dateparser.
_RUSSIAN = _words(
    A="назад, тому назад",
    N=_numbers(
        "один, одну, одна, одного | два, две | три | четыре | пять | шесть | семь | восемь | девять | десять | одиннадцать | двенадцать"
    ),
    u=_units(
        "минуту, минуты, минут | час, часа, часов | день, дня, дней | неделю, недели, недель"
        "| месяц, месяца, месяцев | квартал, квартала, кварталов | год, года, лет"
    ),
)
_POLISH = _words(
    A="temu",
    N=_numbers(
        "jeden, jedną | dwa, dwie | trzy | cztery | pięć | sześć | siedem | osiem | dziewięć | dziesięć | jedenaście | dwanaście"
    ),
    u=_units(
        "minutę, minuty, minut | godzinę, godziny, godzin | dzień, dni | tydzień, tygodnie, tygodni"
        "| miesiąc, miesiące, miesięcy | kwartał, kwartały, kwartałów | rok, lata, lat"
    ),
)
_KOREAN = _words(
    A="전",
    N=_numbers("한 | 두 | 세, 석 | 네, 넉 | 다섯 | 여섯 | 일곱 | 여덟 | 아홉 | 열"),
    u=_units("분 | 시간 | 일 | 주일, 주 | 개월, 달 | 분기 | 년, 해"),
    C={
        (1, "day"): "하루",
        (2, "day"): "이틀",
        (3, "day"): "사흘",
        (1, "week"): "일주일, 일주",
        (2, "week"): "이주일, 이주",
        (1, "month"): "일개월, 일 개월",
        (1, "year"): "일년, 일 년",
        (2, "year"): "이년, 이 년",
    },
)
_TURKISH = _words(
    A="önce",
    N=_numbers("bir | iki | üç | dört | beş | altı | yedi | sekiz | dokuz | on | on bir | on iki"),
    u=_units("dakika | saat | gün | hafta | ay | çeyrek | yıl, sene"),
)
_ARABIC = _words(
    A="قبل, منذ",
    N=_numbers(
        "واحد, واحدة | | ثلاثة, ثلاث | أربعة, أربع | خمسة, خمس | ستة, ست | سبعة, سبع | ثمانية, ثماني | تسعة, تسع | عشرة, عشر"
    ),
    u=_units("دقيقة, دقائق | ساعة, ساعات | يوم, أيام | أسبوع, أسابيع | شهر, أشهر, شهور | | سنة, سنوات, عام, أعوام"),
    C={(2, "day"): "يومين", (2, "week"): "أسبوعين", (2, "month"): "شهرين", (2, "year"): "سنتين, عامين"},
)
_HEBREW = _words(
    A="לפני",
    N=_numbers(
        "אחד, אחת | שני, שתי | שלושה, שלוש | ארבעה, ארבע | חמישה, חמש | שישה, שש | שבעה, שבע | שמונה | תשעה, תשע | עשרה, עשר"
    ),
    u=_units("דקה, דקות | שעה, שעות | יום, ימים | שבוע, שבועות | חודש, חודשים | רבעון, רבעונים | שנה, שנים"),
    C={(2, "day"): "יומיים", (2, "week"): "שבועיים", (2, "month"): "חודשיים", (2, "year"): "שנתיים"},
)
_SWEDISH = _words(
    A="sedan",
    N=_numbers("en, ett | två | tre | fyra | fem | sex | sju | åtta | nio | tio | elva | tolv"),
    u=_units("minut, minuter | timme, timmar | dag, dagar | vecka, veckor | månad, månader | kvartal | år"),
    x="för",
)
_DANISH_AND_NORWEGIAN = _words(
    A="siden",
    N=_numbers(
        "en, et, ett, én, ét | to | tre | fire | fem | seks | syv, sju | otte, åtte | ni | ti | elleve, elve | tolv"
    ),
    u=_units(
        "minut, minutter, minutt | time, timer | dag, dage, dager | uge, uger, uke, uker | måned, måneder | kvartal, kvartaler | år"
    ),
    x="for",
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
