"""Settings files: where they are found, what they set, and which errors they report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NoReturn

import pytest
import typer

from langchain_latm import open_tool_library
from langchain_latm.cli import app as cli
from langchain_latm.cli.settings import _KEYS, _PARAMETERS, find_settings
from langchain_latm.exceptions import LATMError
from tests.unit_tests.command_line import ROOT, Run
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.page_world import write_task

SOME = '[models]\nmaker = "openai:strong"\nuser = "openai:light"\n\n[budgets]\ntokens = 1234\n'


def test_the_nearest_file_upwards_counts_and_latm_toml_before_pyproject(tmp_path: Path) -> None:
    below = tmp_path / "project" / "part"
    below.mkdir(parents=True)
    (tmp_path / "latm.toml").write_text(SOME)
    assert find_settings(start=below).file == tmp_path / "latm.toml"
    (tmp_path / "project" / "pyproject.toml").write_text('[tool.latm.models]\nmaker = "openai:other"\n')
    assert find_settings(start=below).values == {"models.maker": "openai:other"}
    (below / "pyproject.toml").write_text("[project]\nthis is no TOML, but nothing of ours")
    assert find_settings(start=below).values == {"models.maker": "openai:other"}
    (tmp_path / "project" / "latm.toml").write_text("")
    assert find_settings(start=below) == find_settings(tmp_path / "project" / "latm.toml")


def test_a_file_of_another_user_is_not_read_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "latm.toml"
    file.write_text(SOME)
    monkeypatch.setattr(os, "getuid", lambda: file.stat().st_uid + 1)
    if file.stat().st_uid == 0:
        monkeypatch.setattr("langchain_latm.cli.settings._is_own", lambda _: False)
    assert find_settings(start=tmp_path).file is None
    assert find_settings(file).values["models.maker"] == "openai:strong"


def test_a_relative_library_is_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "latm.toml"
    for given, place in (
        ("team.sqlite", str(tmp_path / "team.sqlite")),
        ("/srv/x.sqlite", "/srv/x.sqlite"),
        ("postgresql://host/db", "postgresql://host/db"),
    ):
        file.write_text(f'library = "{given}"\n')
        assert find_settings(file).values["library"] == place


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[models]\nmakr = "x"\n', "there is no setting models.makr; did you mean models.maker?"),
        ('maker = "x"\n', "there is no setting maker; did you mean models.maker?"),
        ('[models]\nopenai_api_key = "sk-1234"\n', "there is no setting models.openai_api_key; the keys are library,"),
        ("[budgets]\ntokens = 0\n", "budgets.tokens must be a whole number of at least 1"),
        ("[budgets]\ndaily = 1.5\n", 'budgets.daily must be a number of tokens, or dollars such as "2.50 USD"'),
        ("[budgets]\ntokens = true\n", "budgets.tokens must be a whole number of at least 1"),
        ('[budgets]\nseconds = "60"\n', "budgets.seconds must be a number of at least 1"),
        ("[budgets]\nrepair = nan\n", "budgets.repair must be a number of at least 0 and at most 3600"),
        ("library = 3\n", "library must be a text"),
        ('[modles]\nmaker = "x"\n', "there is no setting modles.maker; did you mean models.maker?"),
        ("[models]\nmaker = []\n", "models.maker must be a text, or a list of texts"),
        ('[models]\nmaker = ["x", 3]\n', "models.maker must be a text, or a list of texts"),
        ('[models]\nmaker = ["x", ["y"]]\n', "models.maker must be a text, or a list of texts"),
        ('[models]\nmaker = ["x", "y", "x"]\n', "models.maker must be a list that names each model once"),
        ('[models]\nuser = ["x", "y"]\n', "models.user must be a text"),
        ("models = 3\n", "there is no setting models; the keys are library, models.maker,"),
        ("[models]\nmaker = \n", "it is not TOML: Invalid value (at line 2, column 9)"),
        ('"a\x07b" = 1\n', "it is not TOML"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "latm.toml").write_text(text)
    with pytest.raises(typer.BadParameter) as refused:
        find_settings(start=tmp_path)
    message = refused.value.message
    assert message.startswith(f"{tmp_path / 'latm.toml'}: ")
    assert told in message
    assert "sk-1234" not in message


def test_every_setting_reaches_an_option_of_that_name(tmp_path: Path) -> None:
    """A setting that no command takes would be ignored silently."""
    file = tmp_path / "latm.toml"
    values = {key: "x" if check("x") is None else 7 for key, check in _KEYS.items() if key != "library"}
    file.write_text('library = "x.sqlite"\n' + "".join(f"{key} = {value!r}\n" for key, value in values.items()))
    found = find_settings(file).default_map(ROOT)
    for key, parameter in _PARAMETERS.items():
        assert any(each.get(parameter) in (values[key], [values[key]]) for each in found.values()), key
    assert found["dispatch"]["model"] == "x"
    libraries = [name for name, each in ROOT.commands["tools"].commands.items() if "library" in found["tools"][name]]
    assert libraries == list(ROOT.commands["tools"].commands)
    assert "user" not in found["erase"], "that is a person"
    assert "user" not in found["tools"]["import"], "that needs --examples"


def test_an_option_precedes_the_environment_and_that_the_file(
    latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str | None] = []

    def opened(place: str | None, **_: Any) -> NoReturn:
        taken.append(place)
        raise LATMError("enough")

    monkeypatch.setattr("langchain_latm.cli.stats.opened_library", opened)
    (tmp_path / "latm.toml").write_text('library = "of_file.sqlite"\n')

    def place(*options: str) -> str:
        latm("stats", *options)
        return Path(taken.pop() or "").name

    monkeypatch.delenv("LATM_LIBRARY")
    assert place() == "of_file.sqlite"
    monkeypatch.setenv("LATM_LIBRARY", "of_environment.sqlite")
    assert place() == "of_environment.sqlite"
    assert place("--library", "of_option.sqlite") == "of_option.sqlite"


def test_a_making_takes_its_models_and_budget_from_the_file(
    latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def maker(makers: list[Any], user: Any, **options: Any) -> Any:
        asked.update(options, models=[str(each._name) for each in (*makers, user)])
        raise ValueError("enough")

    monkeypatch.setattr("langchain_latm.create_tool_maker", maker)
    write_task(tmp_path / "task.jsonl")
    (tmp_path / "latm.toml").write_text(SOME)
    latm("make", "task.jsonl")
    assert asked["models"] == ["openai:strong", "openai:light"]
    assert asked["tokens"] == 1234
    latm("make", "task.jsonl", "--maker", "openai:mine", "--tokens", "9")
    assert asked["models"] == ["openai:mine", "openai:light"]
    assert asked["tokens"] == 9
    (tmp_path / "latm.toml").write_text("[budgets]\ntokens = -1\n")
    code, _, told = latm("make", "task.jsonl")
    assert code == 2
    assert "latm.toml: budgets.tokens must be" in told


@pytest.mark.parametrize(
    ("words", "creates"),
    [
        (("make", "task.jsonl"), "create_tool_maker"),
        (("ask", "a question"), "create_latm"),
        (("remake", "word_sorting"), "create_tool_remaker"),
        (("serve", "--make-tool"), "create_tool_maker"),
    ],
)
def test_several_makers_in_the_file(
    words: tuple[str, ...], creates: str, latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def create(makers: list[Any], *_: Any, **_options: Any) -> NoReturn:
        asked.append([each._name for each in makers])
        raise ValueError("enough")

    monkeypatch.setattr(f"langchain_latm.{creates}", create)
    monkeypatch.setattr("langchain_latm.cli.serve._end_on_signals", lambda **_: None)
    write_task(tmp_path / "task.jsonl")
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        library.add(made_tool())
    (tmp_path / "latm.toml").write_text('[models]\nmaker = ["openai:small", "openai:large"]\n')
    latm(*words)
    latm(*words, "--maker", "openai:mine")
    latm(*words, "--maker", "openai:one", "--maker", "openai:two")
    assert asked == [["openai:small", "openai:large"], ["openai:mine"], ["openai:one", "openai:two"]]
    assert latm(*words, "--maker", "openai:one", "--maker", "openai:one")[0] == 2


@pytest.mark.parametrize(
    ("words", "creates"), [(("ask", "a question"), "create_latm"), (("serve", "--make-tool"), "create_tool_maker")]
)
def test_packages_are_declared_where_tools_are_made(
    words: tuple[str, ...], creates: str, latm: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def create(*_: Any, packages: Any, **_options: Any) -> NoReturn:
        asked.append(packages)
        raise ValueError("enough")

    monkeypatch.setattr(f"langchain_latm.{creates}", create)
    monkeypatch.setattr("langchain_latm.cli.serve._end_on_signals", lambda **_: None)
    latm(*words, "--maker", "openai:x", "--package", "python-dateutil", "--package", "regex==2024.5.10")
    latm(*words, "--maker", "openai:x")
    assert asked == [["python-dateutil", "regex==2024.5.10"], ()]
    assert latm(*words, "--package", "no name")[0] == 2


def test_without_a_command_the_first_steps_are_shown_and_can_be_typed(latm: Run) -> None:
    code, out, _ = latm()
    assert code == 0
    assert [line[:2] for line in out.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3."]
    named = {word for line in out.splitlines() for word in line.partition("latm ")[2].split()[:1]}
    assert {"demo", "make", "apply", "use", "doctor"} <= named
    assert cli._FIRST_STEPS in out


@pytest.mark.parametrize("width", ["20", "80"])
def test_no_file_name_is_broken_across_lines(
    latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    long = tmp_path / ("a-long-name-" * 15)
    for words in (
        ("make", f"{long}.jsonl"),
        ("show", f"{long}.json"),
        ("tools", "add", f"{long}.json"),
        ("report", "--out", f"{long}/x.html"),
    ):
        code, _, told = latm(*words)
        assert code == 2, words
        assert str(long) in told, words
