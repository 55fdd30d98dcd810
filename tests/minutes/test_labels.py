"""What headings of minutes announce, and entries that only say that there is nothing."""

from __future__ import annotations

import pytest

from hedy_jupyter.minutes.labels import announced, is_nothing

DECISIONS = {
    "en": [
        "Key Decisions",
        "DECISIONS MADE",
        "3. Decisions",
        "IV. Decisions:",
        "✅ Main decisions",
        "Decisions (3)",
        "Decision(s)",
    ],
    "de": ["Entscheidungen", "Wichtigste Entscheidungen", "Getroffene Beschlüsse", "BESCHLÜSSE"],
    "fr": ["Décisions", "Decisions", "Principales décisions", "Décisions prises"],
    "es": ["Decisiones clave", "Acuerdos", "Principales decisiones"],
    "pt": ["Decisões", "Principais decisões", "Decisões tomadas"],
    "it": ["Decisioni", "Decisioni prese", "Decisioni principali"],
    "nl": ["Besluiten", "Belangrijkste beslissingen", "Genomen besluiten"],
    "pl": ["Decyzje", "Kluczowe decyzje", "Ustalenia"],
    "ru": ["Решения", "Принятые решения", "Ключевые решения"],
    "uk": ["Рішення", "Ухвалені рішення", "Ключові рішення"],
    "cs": ["Rozhodnutí", "Klíčová rozhodnutí"],
    "sv": ["Beslut", "Viktiga beslut"],
    "da": ["Beslutninger", "Vigtigste beslutninger"],
    "no": ["Beslutninger", "Viktige beslutninger", "Vedtak"],
    "fi": ["Päätökset", "Keskeiset päätökset"],
    "hu": ["Döntések", "Meghozott döntések"],
    "ro": ["Decizii", "Decizii cheie"],
    "el": ["Αποφάσεις", "ΑΠΟΦΑΣΕΙΣ", "Βασικές αποφάσεις"],
    "tr": ["Kararlar", "Alınan Kararlar", "ALINAN KARARLAR"],
    "ar": ["القرارات", "القرارات الرئيسية", "أهم القرارات", "قرارات"],
    "he": ["החלטות", "החלטות מרכזיות"],
    "hi": ["निर्णय", "मुख्य निर्णय", "लिए गए निर्णय"],
    "id": ["Keputusan", "Keputusan penting"],
    "vi": ["Quyết định", "Các quyết định chính"],
    "th": ["มติที่ประชุม", "การตัดสินใจที่สำคัญ"],
    "ja": ["決定事項", "主な決定事項", "【決定事項】", "1. 決定事項"],
    "zh": ["决议事项", "关键决策", "一、会议决议", "（二）决定事项"],
    "zh-Hant": ["決議事項", "關鍵決策"],
    "ko": ["결정 사항", "주요 결정사항", "주요결정사항"],
}
TRAPS = [
    "Decision-making process",
    "Decision making",
    "Undecided",
    "Decision log link",
    "Open decisions",
    "Decisions pending",
    "Decisions (pending)",
    "Decisions to be made",
    "No decisions",
    "Previous decisions",
    "Decision criteria",
    "Resolution",
    "Rationale",
    "Conclusions",
    "Discussion and decisions",
    "Entscheidungsprozess",
    "Offene Entscheidungen",
    "Unentschieden",
    "Décisions à prendre",
    "Prise de décision",
    "Decisiones pendientes",
    "Toma de decisiones",
    "Processo decisionale",
    "Besluitvorming",
    "Proces decyzyjny",
    "Принятие решений",
    "Beslutsunderlag",
    "Beslutningsproces",
    "Päätöksenteko",
    "Karar verme süreci",
    "의사 결정 과정",
    "意思決定プロセス",
    "未決定事項",
    "决策过程",
    "待决事项",
    "عملية اتخاذ القرار",
    "קבלת החלטות",
]
OTHER_KINDS = {
    "question": [
        "Open Questions",
        "Offene Punkte",
        "Questions ouvertes",
        "Открытые вопросы",
        "未解決事項",
        "未决问题",
        "열린 질문",
    ],
    "action": [
        "Action Items",
        "Next steps:",
        "Aufgaben",
        "Próximos pasos",
        "行动项目",
        "アクション項目",
        "Следующие шаги",
        "할 일",
    ],
}
NOTHING = [
    "None.",
    "n/a",
    "—",
    "No decisions were made in this meeting.",
    "No formal decisions",
    "Nothing was decided.",
    "Keine",
    "None recorded.",
    "None so far.",
    "None at this time",
    "No explicit decisions were captured in this session.",
    "Pas de décision",
    "There were no decisions made during this call.",
    "Não foram tomadas decisões nesta reunião.",
    "Non sono state prese decisioni.",
    "Nie podjęto żadnych decyzji",
    "Aucune décision n’a été prise lors de cette réunion.",
    "Det ble ikke tatt noen beslutninger",
    "Bu toplantıda herhangi bir karar alınmadı.",
    "Es wurden keine Entscheidungen getroffen.",
    "Aucune décision prise",
    "No se tomaron decisiones",
    "Nenhuma decisão foi tomada",
    "Nessuna",
    "Geen besluiten",
    "Brak decyzji",
    "Решений не принято.",
    "Рішень не ухвалено",
    "Žádná rozhodnutí",
    "Inga beslut fattades",
    "Ingen beslutninger",
    "Ei päätöksiä",
    "Karar alınmadı",
    "결정 사항 없음",
    "لا توجد قرارات",
    "אין החלטות",
    "कोई निर्णय नहीं लिया गया",
    "特になし",
    "決定事項はありません。",
    "暂无决定",
    "沒有決議",
]
SOMETHING = [
    "No change to the price",
    "No meeting this week",
    "Pas de réunion",
    "Pas de vente avant mars",
    "None of the lamps ships before May",
    "Keine Reisen im Mai",
    "Nobody signs alone",
    "Нет скидкам",
    "没有预算就不招人",
    "無人機のテストを続ける",
    "Yes",
]


@pytest.mark.parametrize("label", [label for labels in DECISIONS.values() for label in labels])
def test_headings_of_decisions(label: str) -> None:
    """Case, accents, numbers, emoji, brackets and words around the noun do not matter."""
    assert announced(label) == {"decision"}


@pytest.mark.parametrize("label", TRAPS)
def test_headings_that_announce_no_decision(label: str) -> None:
    """What is about deciding, or still to be decided, lists no decisions."""
    assert "decision" not in announced(label)


@pytest.mark.parametrize(("kind", "label"), [(kind, label) for kind, labels in OTHER_KINDS.items() for label in labels])
def test_headings_of_other_kinds(kind: str, label: str) -> None:
    """Open questions and action items have headings too."""
    assert announced(label) == {kind}


def test_a_heading_of_several() -> None:
    """It announces all of them; with a part that is not known, none."""
    assert announced("Decisions & Action Items") == {"decision", "action"}
    assert announced("Entscheidungen und offene Punkte") == {"decision", "question"}
    assert announced("Key Outcomes / Decisions") == announced("Decisions & Rationale") == {"decision"}
    assert announced("结论与决定") == {"decision"}
    assert announced("Decisions and weather") == set()
    assert announced("decision " * 40) == set()


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    """An entry that says "none" in the words of any language is no entry."""
    assert is_nothing(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_something(text: str) -> None:
    """A decision that begins with "no" is one."""
    assert not is_nothing(text)
