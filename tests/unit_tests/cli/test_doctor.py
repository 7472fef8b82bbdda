"""`latm doctor`: what is available and what is missing, without keys in the output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import pytest

from langchain_latm.exceptions import SandboxUnavailableError, WeightsError
from tests.unit_tests.command_line import Run

WEIGHTS = "langchain_latm.models.weights.weights_place"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with the embedded model and one key."""
    monkeypatch.setattr(WEIGHTS, lambda: "here")
    monkeypatch.setattr("langchain_latm.cli.doctor.find_spec", lambda name: None if name == "ray" else name)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")


def findings(latm: Run, *options: str, code: int = 0) -> dict[str, dict[str, Any]]:
    ended, out, told = latm("doctor", *options, "--json")
    assert ended == code, out
    assert "very-secret" not in out + told
    found = json.loads(out)
    assert found["ok"] is (code == 0)
    return {each["name"]: each for each in found["findings"]}


def no_weights() -> NoReturn:
    raise WeightsError("not installed")


def test_a_machine_with_everything(latm: Run, tmp_path: Path) -> None:
    found = findings(latm)
    assert "set: OPENAI_API_KEY; not set: ANTHROPIC_API_KEY" in found["keys"]["detail"]
    assert "not installed: ray" in found["extras"]["detail"]
    assert "a function ran" in found["sandbox"]["detail"]
    assert "is created when it is first used" in found["library"]["detail"]
    assert not (tmp_path / "tools.sqlite").exists()
    code, out, told = latm("doctor")
    assert (code, "everything" in told) == (0, True)
    assert "very-secret" not in out


def test_what_is_missing_is_named_and_ends_with_1(latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tools.sqlite").write_text("no database")
    (tmp_path / "latm.toml").write_text("[models]\nmaker = 1\n")

    def refuse(**_: object) -> NoReturn:
        raise SandboxUnavailableError("no lock here")

    monkeypatch.setattr("langchain_latm.create_sandbox", refuse)
    found = findings(latm, code=1)
    assert {name for name, each in found.items() if each["ok"] is False} == {"sandbox", "settings", "library"}
    assert "models.maker must be a text" in found["settings"]["detail"]
    assert "no lock here" in found["sandbox"]["detail"]
    code, _, told = latm("doctor")
    assert (code, told) == (1, "missing: settings, sandbox, library")


def test_a_model_must_be_there(latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WEIGHTS, no_weights)
    found = findings(latm)  # there is a key
    assert found["embedded"]["ok"] is None
    assert "name another model with --maker" in found["model"]["detail"]
    monkeypatch.delenv("OPENAI_API_KEY")
    assert findings(latm, code=1)["model"]["ok"] is False
    (tmp_path / "latm.toml").write_text('[models]\nmaker = "local"\n')
    assert findings(latm, code=1)["embedded"]["ok"] is False


def test_named_models_are_set_up_but_not_asked(latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("langchain_latm.cli.doctor.opened_sandbox", refuse_all)
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / "latm.toml").write_text('[models]\nmaker = "openai:gpt-4.1"\nuser = "nobody:x"\n')
    code, out, _ = latm("doctor")
    assert code == 1
    assert "The model openai:gpt-4.1 needs an API key: set OPENAI_API_KEY" in out
    assert "The provider of the model 'nobody:x' is not known" in out


def refuse_all() -> NoReturn:
    raise SandboxUnavailableError("none")
