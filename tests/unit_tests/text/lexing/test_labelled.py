"""Items of a label and a number."""

from __future__ import annotations

import pytest

from langchain_latm.text.lexing.labelled import read_labelled


@pytest.mark.parametrize(
    ("item", "read"),
    [("Ann 12", ("Ann", 12)), ("old mill: -3.5", ("old mill", -3.5)), ("x=2", ("x", 2)), ("12", None), ("Ann", None)],
)
def test_a_label_comes_before_a_plain_number(item: str, read: tuple[str, float] | None) -> None:
    assert read_labelled(item) == read
