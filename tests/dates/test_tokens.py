"""Rules over tokens read as they are written, and tables of words come together."""

from __future__ import annotations

from datetime import date

import pytest

from hedy_jupyter.dates.tokens import Piece, Token, is_agreed, rule, shape
from hedy_jupyter.dates.word_tables import read_table


def test_a_rule_names_tokens() -> None:
    """A rule fits the tokens that it names in their order, with repeats and choices as in a regular expression."""
    end, month, year, unit = (Piece(token) for token in (Token.END, Token.MONTH, Token.YEAR, Token.UNIT))
    ends = rule("END MONTH YEAR? | [MONTH UNIT] END")

    assert ends.fullmatch(shape([end, month]))
    assert ends.fullmatch(shape([end, month, year]))
    assert ends.fullmatch(shape([unit, end]))
    assert not ends.fullmatch(shape([month, year, end]))
    assert not rule("[^END]").fullmatch(shape([end]))


def test_a_misspelt_token_is_found_at_once() -> None:
    """No rule waits in vain for a token that does not exist."""
    with pytest.raises(KeyError, match="MONHT"):
        rule("END MONHT")


def test_each_token_is_one_character_without_a_meaning_in_patterns() -> None:
    """Tokens that were equal, or that a pattern reads as more than a letter, would fit the wrong phrases."""
    assert all(len(token) == 1 and rule(token.name).pattern == token for token in Token)
    assert len({*Token.__members__.values()}) == len(Token.__members__)


@pytest.mark.parametrize(
    ("beside", "is_right"),
    [
        ([Piece(Token.WEEKDAY, 1)], True),
        ([Piece(Token.WEEKDAY, 1), Piece(Token.NEAR_DAY, -1)], True),
        ([Piece(Token.WEEKDAY, 1), Piece(Token.SHORT_WEEKDAY, 2)], False),
        ([Piece(Token.NEAR_DAY, 0)], False),
        ([], True),
    ],
)
def test_all_days_beside_a_date_have_to_agree(beside: list[Piece], is_right: bool) -> None:
    """A date with a weekday on each side counts only where both are its own, for due dates and looking back."""
    assert is_agreed(date(2026, 3, 10), date(2026, 3, 11), beside) is is_right


def test_lines_of_a_table_come_together() -> None:
    """Bars number the words, braces hold endings, and lines for the same token and value are one row."""
    lines = "# Words.\n\nLAST: last\nUNIT day: day\nLAST: previous\nMONTH: j{an,une} | | mar\nPERIOD -1 week: a, b c"

    assert read_table(lines) == {
        Token.LAST: {None: ("last", "previous")},
        Token.UNIT: {"day": ("day",)},
        Token.MONTH: {1: ("jan", "june"), 3: ("mar",)},
        Token.PERIOD: {(-1, "week"): ("a", "b c")},
    }


@pytest.mark.parametrize(("line", "error"), [("LAST", ValueError), ("LATS: last", KeyError), ("last: x", ValueError)])
def test_a_wrong_line_of_a_table_is_found_at_once(line: str, error: type[Exception]) -> None:
    """A line without a colon or with an unknown token is no row that is silently left out."""
    with pytest.raises(error):
        read_table(line)
