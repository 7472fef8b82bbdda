"""A mistyped word: the error suggests the command, option or value."""

from __future__ import annotations

import pytest

from tests.unit_tests.command_line import Run


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("aplly x.tool.json y.csv", "'apply'"),
        ("tools aprove a_tool", "'approve'"),
        ("apply x.tool.json y.csv --replcae", "--replace"),
        ("make x.csv --form a --to b", "--from"),
        ("--tennant acme stats", "--tenant"),
        ("ask q --labels persn", "'person'"),
        ("feedback id answer --source Model", "'model'"),
        ("--log-format jsn stats", "'json'"),
        ("demo --kind colunm", "'column'"),
        ("bench using --out x --baselines dierct", "'direct'"),
        ("bench tables --data . --ways serach", "'search'"),
    ],
)
def test_what_was_meant(words: str, meant: str, latm: Run) -> None:
    code, told, said = latm(*words.split())
    assert (code, told) == (2, "")
    assert f"Did you mean {meant}" in said
    assert "Value error" not in said


def test_options_that_take_what_was_named(latm: Run) -> None:
    _, _, said = latm("ask", "q", "--model", "openai:gpt-4.1")
    assert "No such option: --model. Did you mean --maker or --user or --dispatcher?" in said


@pytest.mark.parametrize("words", ["ask q --zzzz", "ask q --strong", "ask q --labels zzzz", "zzzz", "demo --kind zzzz"])
def test_nothing_like_it(words: str, latm: Run) -> None:
    code, _, said = latm(*words.split())
    assert code == 2
    assert "Did you mean" not in said
    assert words.rsplit(maxsplit=1)[-1] in said
    assert "Possible options" not in said


@pytest.mark.parametrize("words", ["bench all --out x", "bench making --out x", "bench dispatch"])
def test_a_folder_of_data_that_is_not_there(words: str, latm: Run) -> None:
    code, _, said = latm(*words.split(), "--data", "nowhere")
    assert code == 2
    assert "the folder nowhere does not exist; for the files of the paper's tasks, git clone https://" in said
