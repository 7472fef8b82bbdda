"""Numbers of labelled numbers."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.forms import forms


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ann 12, Bob -7", [12, -7]),
        ("old mill: 3.5, x=2", [3.5, 2]),
        ("Ann 12, Bob 007", None),
        ("Ann, Bob", None),
    ],
)
def test_each_item_has_a_label_and_a_plain_number(text: str, numbers: list[float] | None) -> None:
    assert forms()["labelled"].read(text, ", ") == numbers  # type: ignore[attr-defined]  # a form of one gap
