"""Word odds: which words mark one text against another."""

from __future__ import annotations

import math

import pytest

from hedy_jupyter.text.word_odds import CLEAR, PRIOR_WORDS, marking_words


def z_score(word: str, one: dict[str, int], other: dict[str, int]) -> float:
    """The z-score as Monroe, Colaresi and Quinn define it, step by step."""
    n_one, n_other = sum(one.values()), sum(other.values())
    prior_sum = min(PRIOR_WORDS, n_one + n_other)
    prior = prior_sum * (one.get(word, 0) + other.get(word, 0)) / (n_one + n_other)
    y_one, y_other = one.get(word, 0) + prior, other.get(word, 0) + prior
    delta = math.log(y_one / (n_one + prior_sum - y_one)) - math.log(y_other / (n_other + prior_sum - y_other))
    return delta / math.sqrt(1 / y_one + 1 / y_other)


@pytest.mark.parametrize("size", [1, 40])
def test_scores_are_those_of_the_paper(size: int) -> None:
    """Every word that is given has the score of the formula, the largest first, and no clear word is left out."""
    one = {"lamp": 30 * size, "boat": 4 * size, "tea": 10 * size, "quay": 1}
    other = {"lamp": 3 * size, "boat": 25 * size, "tea": 11 * size, "rope": 6 * size}
    found = marking_words(one, other)
    expected = {word: z_score(word, one, other) for word in one}

    assert found == pytest.approx({word: score for word, score in expected.items() if score >= CLEAR})
    assert list(found) == sorted(found, key=lambda word: -found[word])
    assert "lamp" in found
    assert not {"boat", "rope", "quay"} & found.keys()


def test_what_nothing_marks() -> None:
    """Equal texts, empty ones, single words and texts of one word have no such words."""
    same = {"lamp": 9, "boat": 5}

    assert marking_words(same, dict(same)) == {}
    assert marking_words({}, same) == marking_words(same, {}) == {}
    assert marking_words({"lamp": 1, "tea": 1}, {"boat": 900}) == {}
    assert marking_words({"lamp": 9}, {"lamp": 1}) == {}
