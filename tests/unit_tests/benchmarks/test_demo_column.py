"""The column of the demonstration is completed without a model."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from langchain_latm.benchmarks.demo_column import ROWS, SOLVED, ColumnResult, run_column, write_table
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.scripted_model import ScriptedChatModel


def test_the_table_has_the_answers_of_a_few_rows(tmp_path: Path) -> None:
    expected = write_table(tmp_path / "people.csv", 3)
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        given = [row["iso"] for row in csv.DictReader(file)]
    assert given[:SOLVED] == expected[:SOLVED]
    assert set(given[SOLVED:]) == {""}
    assert len(given) == len(expected) == ROWS


@pytest.mark.slow
@pytest.mark.usefixtures("searches")
def test_every_row_is_right_and_no_model_is_asked(sandbox: Sandbox) -> None:
    def asked(_: object) -> str:
        raise AssertionError("no model is needed")

    *_, result = run_column(ScriptedChatModel(script=asked), sandbox, seed=11)
    assert isinstance(result, ColumnResult)
    assert result.complete
    assert (result.tokens, result.refused, result.rows) == (0, 0, ROWS)


@pytest.mark.slow
def test_a_making_that_fails_says_why(sandbox: Sandbox) -> None:
    *_, result = run_column(ScriptedChatModel(script=lambda _: "I cannot."), sandbox)
    assert isinstance(result, ColumnResult)
    assert not result.complete
    assert result.tool is None
    assert result.error
