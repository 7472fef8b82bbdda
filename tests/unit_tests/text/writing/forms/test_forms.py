"""The registry of forms."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from langchain_latm.text.writing import forms as registry
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms, writings

SHOUTED = '''\
"""Texts in capitals."""

from langchain_latm.text.writing.form import AnswerForm, Form


class Shouted(Form):
    """Writes a text in capitals."""

    name = "shouted"
    rank = 79

    def asked(self, column):
        return AnswerForm("str", tuple(map(str.lower, column.answers)))

    def writings(self, column):
        yield "value.upper()"
'''


@pytest.fixture
def more_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder whose modules join the registry."""
    monkeypatch.setattr(registry, "__path__", [*registry.__path__, str(tmp_path)])
    registry.forms.cache_clear()
    yield tmp_path
    for name in [each for each in sys.modules if each == f"{registry.__name__}.shouted"]:
        del sys.modules[name]
    registry.forms.cache_clear()


def test_a_module_that_is_dropped_in_is_used(more_forms: Path) -> None:
    (more_forms / "shouted.py").write_text(SHOUTED)
    registry.forms.cache_clear()
    assert answer_forms(["ABBA", "QUEEN"]) == [
        AnswerForm("str", ("ABBA", "QUEEN")),
        AnswerForm("str", ("abba", "queen")),
    ]
    assert next(writings(["abba", "queen"], ["ABBA", "QUEEN"])) == "value.upper()"


def test_each_module_has_one_form_of_its_name() -> None:
    modules = {path.stem for folder in registry.__path__ for path in Path(folder).glob("[a-z]*.py")}
    assert {form.name for form in registry.forms()} == modules
    assert len(registry.forms()) == len(modules)


def test_the_most_specific_comes_first() -> None:
    names = [form.name for form in registry.forms()]
    assert names.index("money") < names.index("decimals") < names.index("rounded") < names.index("surrounded")
    assert len({form.rank for form in registry.forms()}) == len(names)


def test_each_form_has_a_test_file_of_its_name() -> None:
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert {form.name for form in registry.forms()} <= tests
