"""Text in which the scripts of the world, and what is not seen of them, stand side by side, for the tests of search."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = (
    *("a", "b", "Q3", "API", "budget", "Budget", "the", "don't", "foo_bar", "5", "3.5", "C++"),
    *("é", "e\u0301", "É", "ü", "ñ", "\u0301", "\u0336", "ß", "ẞ", "ł", "İ", "ı", "I\u0307", "Σ", "σ", "ς", "ΟΔΟΣ", "ё", "Й"),
    *("预算", "预", "算", "会議", "の", "を", "か", "が", "か\u3099", "カ", "ガ", "ｶﾞ", "ｶ", "゚", "\u309a", "ー", "・", "゛", "々", "〇"),
    *("葛\U000e0100", "神", "\ufa19", "𠮷", "\U00031350", "⼀", "㍿", "㈱", "ㄅ", "a\u3099"),
    *("회의", "하", "\u1112\u1161\u11ab", "\u1112", "\u1161", "\u11ab", "ㅋㅋ", "ㄳ", "ﾡ", "각"),
    *("दिन", "दान", "दन", "दि", "क्ष", "क्\u200dष", "र\u200d्य", "\u093f", "फ़", "\u0958", "\u0929", "न", "\u093c", "९"),
    *("தமிழ்", "தமழ", "ொ", "ே", "ா", "কো", "മലയാളം", "ನ\u200d್"),
    *("ที่", "ประชุม", "ท", "\u0e48", "ลาว", "ປະຊຸມ", "ប្រជុំ", "\u200b"),
    *("اجتماع", "مُجتمَع", "مجتمع", "\u064e", "می\u200cخواهم", "كتاب", "ـ", "ﷺ", "ﻻ", "\u0622", "،"),
    *("שָׁלוֹם", "שלום", "\u05b8", "יִ", "־"),
    *("🚀", "❤️", "👩\u200d💻", "3\ufe0f\u20e3", "🇩🇪", "👍🏽"),
    *("co\u00adop", "co\u200bop", "co\u200cop", "co\u2060op", "\ufeff", "\u200e", "\u202e", "\u2067", "\u034f"),
    *("ＡＰＩ", "ａ", "１２", "＿", "ﬁn", "ſ", "½", "²", "℃", "™", "①", "Ⅻ", "ª", "´", "\u0345", "Ω", "K"),
    *("-", "_", "'", "’", "“", "”", "…", "。", "、", "（", "—", "\u00a0", "\u3000", "\t", "\x00", "\x1b[31m", "\x1e", "\u2028"),
    *("\ud800", "\udc00", "\ufffd", "\ue000", "‖", '"', "*", "(", ":", "𝒜", "ⅈ", "\U0001e944", "𑀓𑀺"),
)
"""What each is hard for: two ways to write one letter, marks that are letters, letters that are none, borders without a space."""

TEXTS = st.lists(st.sampled_from(PIECES) | st.sampled_from([" ", " ", "\n"]) | st.characters(exclude_categories=()), max_size=30).map(
    "".join
)
