"""Tables on standard output: whole lines for programs, whole words for people."""

from __future__ import annotations

import re

import pytest

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.cli.tables import show_table, show_tables

TASK = "tracking_shuffled_objects_five_objects"
HEAD = ["task", "method", "made a tool", "test right", "tokens of a making", "seconds"]
ROW = [TASK, "default", "3 of 3", "100%", "11,550 (5,921 to 20,413)", "93 (41 to 174)"]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split("[│┃]", line)[1:-1]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a terminal, for Rich
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def plain(text: str) -> list[str]:
    return re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()


def test_in_a_pipe_a_line_is_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    show_tables([PlainTable("Making", HEAD, [ROW])])
    show_table(HEAD, [ROW])
    assert [cells(line) for line in plain(capsys.readouterr().out) if TASK in line] == [ROW, ROW]


@pytest.mark.usefixtures("terminal")
def test_on_a_narrow_terminal_words_stay_whole_and_only_a_long_name_continues_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_tables([PlainTable("Making", HEAD, [ROW])])
    lines = plain(capsys.readouterr().out)
    assert max(map(len, lines)) <= 80
    columns = list(zip(*(cells(line) for line in lines if "│" in line), strict=True))
    assert "".join(columns[0]) == TASK
    assert [" ".join(parts).split() for parts in columns[1:]] == [cell.split() for cell in ROW[1:]]


@pytest.mark.usefixtures("terminal")
def test_what_fits_is_not_folded(capsys: pytest.CaptureFixture[str]) -> None:
    show_tables([PlainTable("Goals", ["goal", "verdict"], [["at least half of the makings", "met"]])])
    assert [line for line in plain(capsys.readouterr().out) if "at least half of the makings" in line]


@pytest.mark.usefixtures("terminal")
def test_more_columns_than_a_terminal_holds_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    row = [f"{number:010}" for number in range(12)]
    show_tables([PlainTable("Many", row, [row])])
    columns = zip(*(cells(line) for line in plain(capsys.readouterr().out) if "│" in line), strict=True)
    assert ["".join(parts) for parts in columns] == row


@pytest.mark.usefixtures("terminal")
def test_wide_characters_and_brackets_are_counted_as_they_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    row = ["[b]", "\u8a9e" * 10, "word " * 20]
    show_tables([PlainTable("Wide", ["a", "b", "c"], [row])])
    first = next(line for line in plain(capsys.readouterr().out) if "[b]" in line)
    assert cells(first)[:2] == row[:2]
