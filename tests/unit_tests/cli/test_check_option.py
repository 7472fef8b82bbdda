"""`--check` takes a tolerance."""

from __future__ import annotations

import pytest
import typer

from langchain_latm.cli.options import check_of


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("numeric:1e-3", 33.8205, 33.822), ("numeric:2", 35, 36), ("numeric", 33.82, 33.8201), ("text", "33.82 ", "33.8")],
)
def test_a_difference_up_to_the_tolerance_passes(name: str, right: object, wrong: object) -> None:
    check = check_of(name)
    assert check.matches(right, "33.82")
    assert not check.matches(wrong, "33.82")


@pytest.mark.parametrize(
    "name", ["", "numeric:", "numeric:x", "numeric:-1", "numeric:inf", "exact:1", "custom", "approx"]
)
def test_anything_else_is_bad_usage(name: str) -> None:
    with pytest.raises(typer.BadParameter, match="must be 'exact'"):
        check_of(name)
