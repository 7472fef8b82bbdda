"""The help of `latm`: every command has one, with examples that the command itself understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from langchain_latm.benchmarks.names import METHODS, OWN_TASKS
from langchain_latm.cli.ending import STOPPED
from tests.unit_tests.command_line import ROOT, parsed

EXAMPLE = re.compile(r"^- `(latm .*)`$", re.MULTILINE)


def tree(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A command and all its subcommands, each with its words."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from tree(below, *path, name)


COMMANDS = dict(tree(ROOT))
LEAVES = {path: command for path, command in COMMANDS.items() if not hasattr(command, "commands")}


def test_the_tree_is_the_one_that_people_know() -> None:
    names = {" ".join(path) for path in LEAVES}
    assert {"make", "use", "ask", "tools list", "tools import", "bench all", "serve", "demo", "model"} <= names


def test_every_command_shows_examples_that_it_understands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("bbh", "columns"):  # examples name them, and the options require existing folders
        (tmp_path / folder).mkdir()
    for path, command in COMMANDS.items():
        examples = EXAMPLE.findall(command.epilog or "")
        assert examples, f"{path}: show an example"
        for example in examples:
            assert parsed(shlex.split(example)[1:])[: len(path)] == path, example


@pytest.mark.parametrize("example", ["latm nothing", "latm tools remove", "latm make x --no-such y", "latm make a b"])
def test_an_example_that_is_wrong_would_be_found(example: str) -> None:
    with pytest.raises(Exception, match=r"No such|Missing|unexpected"):
        parsed(shlex.split(example)[1:])


def test_every_command_says_what_it_does_and_every_option_what_it_is() -> None:
    for path, command in COMMANDS.items():
        assert (command.help or "").partition("\n")[0].endswith((".", ")")), path
        assert not [each.name for each in command.params if not getattr(each, "help", None)], path


@pytest.mark.parametrize("first", sorted({path[0] if path else "" for path in COMMANDS}))
def test_the_help_is_printed_with_its_examples(first: str) -> None:
    for path, command in COMMANDS.items():
        if (path[0] if path else "") != first:
            continue
        done = CliRunner().invoke(ROOT, [*path, "--help"], prog_name="latm", env={"COLUMNS": "200"})
        assert done.exit_code == 0
        assert " ".join(("Usage: latm", *path)) in done.output
        assert not [each for each in EXAMPLE.findall(command.epilog or "") if each not in done.output]


def test_the_help_has_a_table_of_exit_codes() -> None:
    printed = CliRunner().invoke(ROOT, ["--help"], env={"COLUMNS": "200"}).output
    table = re.findall(r"^ +(\d+)  (\w+)", printed.partition("exit code")[2], re.MULTILINE)
    assert table == [("0", "done"), ("1", "failed"), ("2", "bad"), (str(STOPPED), "stopped")]


def test_what_the_command_line_knows_by_name_is_there() -> None:
    """It names them without importing their modules, which takes seconds."""
    from langchain_latm.benchmarks.demo import KINDS  # noqa: PLC0415 - the same
    from langchain_latm.benchmarks.making.bench import MAKERS  # noqa: PLC0415 - beside what it is compared with

    assert tuple(MAKERS) == METHODS
    assert tuple(KINDS) == OWN_TASKS


def test_the_options_of_a_command_with_many_are_grouped() -> None:
    for path, command in LEAVES.items():
        options = [each for each in command.params if each.param_type_name == "option"]
        loose = [each.name for each in options if getattr(each, "rich_help_panel", None) is None]
        assert len(loose) <= 8, f"{path}: group some of {loose} with rich_help_panel"
