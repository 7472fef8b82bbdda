"""Labels of labelled numbers."""

from __future__ import annotations

import pytest

from langchain_latm.text.reading.forms import forms


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Ann 12, Bob 7", ["Ann", "Bob"]),
        ("old mill: 3.5, x=2", ["old mill", "x"]),
        ("Ann 12, Bob", None),
        ("12, 7", None),
        ("", None),
    ],
)
def test_each_item_has_a_label_and_a_number(text: str, labels: list[str] | None) -> None:
    assert forms()["labels"].read(text, ", ") == labels  # type: ignore[attr-defined]  # a form of one gap
