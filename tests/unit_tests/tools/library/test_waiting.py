"""How many waiting instances a making needs, and which ones."""

from __future__ import annotations

import pytest

from langchain_latm.tools.library.instances import FailedMaking, Instance
from langchain_latm.tools.library.waiting import WaitingKind, WaitingKinds

FRUITS = "pear fig apple plum kiwi date lime melon quince grape mango peach papaya guava lychee olive".split()  # noqa: SIM905 - a text of words reads best as one
WAITING = [
    Instance(id=f"{number:02}", question=f"How many vowels has the word {fruit}?", answer="2")
    for number, fruit in enumerate(FRUITS)
]
FIRST_SIX = tuple(each.id for each in WAITING[:6])


def kind_after(*failed: FailedMaking) -> WaitingKind:
    kinds = WaitingKinds(6)
    kinds.update(WAITING, failed)
    return kinds.kind_of("How many vowels has the word cherry?")


def failed_with(more_needed: int) -> FailedMaking:
    return FailedMaking(name="vowels", instances=FIRST_SIX, error="none", more_needed=more_needed)


def test_a_failed_making_is_tried_again_with_other_examples() -> None:
    kind = kind_after(failed_with(0))
    assert (kind.needed, kind.used) == (12, 0)
    assert not {each.id for each in kind.instances[:6]} & set(FIRST_SIX)


@pytest.mark.parametrize(("more_needed", "needed"), [(1, 9), (3, 9), (7, 13)])
def test_a_function_that_may_have_guessed_is_proven_on_its_examples_and_more(more_needed: int, needed: int) -> None:
    """The examples were not at fault: the next making uses them too, and at least half as many again."""
    kind = kind_after(failed_with(more_needed))
    assert (kind.needed, kind.used) == (needed, needed)
    assert tuple(each.id for each in kind.instances[:6]) == FIRST_SIX


def test_both_ways_to_fail_add_up() -> None:
    kind = kind_after(failed_with(0), failed_with(7))
    assert (kind.needed, kind.used) == (13, 13)
