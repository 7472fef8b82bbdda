"""Calibrates embeddings on a library's own examples.

The curve of `joint_probability` was measured with one embedding model, and others may be worse. So each example is left
out in turn and dispatched as a request, once with its tool and once without it, as a foreign request. The probability
from which a tool is reused is then set so that few enough of them get a wrong tool.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from langchain_latm.loop.dispatch.embedding_index import EmbeddingIndex
from langchain_latm.loop.dispatch.joint_probability import joint_probabilities
from langchain_latm.text.wording.likeness import Likeness

_DRAWN: Final = 300
_SMALL: Final = 1e-6

Compare = Callable[[str, Sequence[str]], list[Likeness]]
"""Compares an example that was left out with the wording of the nearest tools and with that of some others."""


def needed_by_examples(compare: Compare, vectors: EmbeddingIndex, max_error: float) -> float:
    """Return the probability from which few enough examples get a wrong tool.

    Returns:
        1, with which no tool is reused, if there are too few examples to measure such an error.
    """
    drawn = vectors.drawn(_DRAWN)
    if len(drawn) * max_error < 1:
        return 1.0
    wrong: list[float] = []
    for tool, number, text, vector in drawn:
        words = compare(text, ())
        meaning = vectors.search(vector, [each.name for each in words], (tool, number))
        words = compare(text, [each.name for each in meaning])
        for left_out in (None, tool):
            likely = joint_probabilities([each for each in words if each.name != left_out], meaning, None)
            best = next(iter(likely), tool)
            if best != tool:
                wrong.append(likely[best])
    wrong.sort(reverse=True)
    accepted = int(2 * len(drawn) * max_error)
    return min(wrong[accepted] + _SMALL, 1.0) if len(wrong) > accepted else 0.0
