"""Columns by name."""

from __future__ import annotations

import pytest

from langchain_latm.interop.tables.columns import answer_column


@pytest.mark.parametrize(
    ("columns", "named", "found"),
    [
        (("a", "iso"), "iso", "iso"),
        (("a", "ISO "), "iso", "ISO "),
        (("Name", "Voller Name"), "Voller_Name", "Voller Name"),
        (("prénom", "âge (années)"), "age_annees", "âge (années)"),
        (("full name", "full/name"), "full_name", "full_name"),  # two are alike: a new one
        (("full name", "full_name"), "full_name", "full_name"),
        (("---", "a"), "***", "***"),
        (("a", "b"), "c", "c"),
    ],
)
def test_the_column_of_answers(columns: tuple[str, ...], named: str, found: str) -> None:
    assert answer_column(columns, named) == found
