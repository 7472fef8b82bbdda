"""Requests are read by known wordings."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from langchain_latm.text.reading.wordings.wording import Wording, Wordings

RIDES = Wordings(
    sorts=("number", "number"),
    wordings=(
        Wording(words=("how", "fast", "are", None, "km", "in", None, "hours"), roles=(0, 1)),
        Wording(words=(None, "hours", "for", None, "km"), roles=(1, 0)),
    ),
)
SHIFTS = Wordings(
    sorts=("time", "time"),
    wordings=(
        Wording(words=("from", None, "until", None), roles=(0, 1)),
        Wording(words=("until", None, "beginning", "at", None), roles=(1, 0)),
    ),
)
TITLES = Wordings(
    sorts=("text",),
    wordings=(Wording(words=("shorten", None), roles=(0,)), Wording(words=(None, "in", "short"), roles=(0,))),
)


@pytest.mark.parametrize(
    ("request_", "gaps"),
    [
        ("How fast are 120 km in 3 hours?", ["120", "3"]),
        ("3 hours for 120 km", ["120", "3"]),
        ("please: 3 HOURS for 120 km, thanks", ["120", "3"]),
        ("How fast are 120 km in 3 horus?", ["120", "3"]),  # a typo
        ("How fast are 120 hours in 3 km?", None),  # known words in another order
        ("120 km in 3 hours", None),
        ("How slow are 120 km in 3 hours?", None),  # an unknown word
        ("How fast are 120 km in 3 hours for 2 hours?", None),  # one value more
        ("How fast are 120 km?", None),
        ("120 and 3", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_requests_are_read_by_wordings(request_: str, gaps: list[str] | None) -> None:
    assert RIDES.gaps(request_) == gaps


def test_each_wording_has_its_order_of_values() -> None:
    assert SHIFTS.gaps("until 17:00, beginning at 9:00") == ["9:00", "17:00"]
    assert SHIFTS.gaps("beginning at 9:00 until 17:00") is None


def test_a_text_that_fits_two_ways_is_not_read() -> None:
    assert TITLES.gaps("Shorten the old mill") == ["the old mill"]
    assert TITLES.gaps("the old mill in short") == ["the old mill"]
    assert TITLES.gaps("shorten the mill in short") is None


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"wordings": [{"words": ["at", None], "roles": [0]}]}, "one place for each of 2 roles"),
        ({"wordings": []}, "wordings"),
    ],
)
def test_records_that_do_not_fit_together_are_rejected(update: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Wordings.model_validate({**SHIFTS.model_dump(mode="json"), **update})


@pytest.mark.parametrize("request_", ["shorten " * 250, "word " * 390, "in short " * 200])
def test_long_requests_are_read_or_refused_quickly(request_: str) -> None:
    TITLES.gaps(request_[:2000])
