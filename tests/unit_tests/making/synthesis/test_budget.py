from __future__ import annotations

import pytest

from langchain_latm.making.synthesis.budget import Budget, Exhausted


def test_a_part_has_its_own_steps_and_the_limits_of_the_whole() -> None:
    whole = Budget(60, 10, largest_cost=4.5)
    part = whole.part(2)
    part.spend(2)
    with pytest.raises(Exhausted):
        part.spend()
    whole.spend(10)
    assert whole.left == 0
    assert (part.deadline, part.largest_cost) == (whole.deadline, 4.5)
