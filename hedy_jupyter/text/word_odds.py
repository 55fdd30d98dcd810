"""Word odds: which words mark one text against another."""

from __future__ import annotations

import math
from collections.abc import Mapping

PRIOR_WORDS = 1_000
"""How many words the prior weighs as much as; texts that are shorter have to differ more."""
CLEAR = 1.96
"""The z-score from which on a word marks a text: by chance one word in forty would."""


def marking_words(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, float]:
    """Return the words that mark *one* against *other* with their z-scores, the clearest first.

    It is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008). The prior is the
    share that a word has in both texts together, times ``PRIOR_WORDS`` or, where they are shorter, their length. Only
    words with a z-score of ``CLEAR`` or more that *one* has are given.

    Args:
        one: word → how often it occurs in one text.
        other: the same of the other text.
    """
    sizes = sum(one.values()), sum(other.values())
    if not all(sizes):
        return {}
    scale = min(PRIOR_WORDS, sum(sizes)) / sum(sizes)
    prior = {word: scale * (one.get(word, 0) + other.get(word, 0)) for word in one}
    total = scale * sum(sizes)
    found = {}
    for word, count in one.items():
        parts = [
            (seen + prior[word], size + total - seen - prior[word])
            for seen, size in ((count, sizes[0]), (other.get(word, 0), sizes[1]))
        ]
        if any(rest <= 0 for _, rest in parts):  # a text of one word
            continue
        odds = [math.log(seen / rest) for seen, rest in parts]
        found[word] = (odds[0] - odds[1]) / math.sqrt(sum(1 / seen for seen, _ in parts))
    clear = {word: score for word, score in found.items() if score >= CLEAR and one[word] > 1}
    return dict(sorted(clear.items(), key=lambda item: (-item[1], item[0])))
