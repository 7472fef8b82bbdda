"""Kinds that are drawn from a seed."""

from __future__ import annotations

import random
from itertools import islice

from langchain_latm.benchmarks.dispatch.made_up_kinds import made_up_kinds


def test_made_up_kinds_are_the_same_for_a_seed_and_never_twice() -> None:
    kinds = list(islice(made_up_kinds(1), 3_000))
    assert len({each.name for each in kinds}) == len({each.template for each in kinds}) == 3_000
    first = kinds[0].questions(random.Random(2), 20)
    assert first == next(made_up_kinds(1)).questions(random.Random(2), 20)
    assert len(set(first)) > 1
    assert next(made_up_kinds(2)).questions(random.Random(2), 20) != first
    fixed = [" ".join(part for part in each.template if isinstance(part, str)) for each in kinds]
    assert min(len(text.split()) for text in fixed) >= 6
    shared = [text for text in fixed if text.endswith("Give only the result as your final answer.")]
    assert 10 < len(shared) < 1_000
