"""The registry of forms, and tests of every form."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from langchain_latm.text.reading import forms as package
from langchain_latm.text.reading.forms import GapForm, Stage, forms, gap_forms, mention_forms
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.text.reading.views import views
from tests.unit_tests.text.reading.reader import CUT_NUMBERS, read_off

OF_GAPS = [name for name, form in forms().items() if not form.reads_question]
PIECES = (
    "1",
    "1,111",
    "1 000 ",
    "(",
    "(1,",
    "- a\n",
    '"',
    '"\\',
    '", "',
    "'",
    "\u00bd",
    "1,",
    "-",
    "\n",
    "a ,",
    "1\u2212",
)

FRACTION = '''
"""A common fraction."""
from langchain_latm.text.reading.forms._base import GapForm, Stage

class Fraction(GapForm):
    """A common fraction, as a float."""
    name = "fraction"
    default_name = "share"
    annotation = "number"
    stage = Stage.VALUE
    has_number_type = True
    text_form = "text"

    def read(self, text, separator=""):
        over, slash, under = text.partition("/")
        return int(over) / int(under) if slash and over.isdigit() and under.isdigit() else None
'''


def forget() -> None:
    for each in (forms, gap_forms, mention_forms):
        each.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder whose modules are forms too."""
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    forget()
    yield tmp_path
    for name in [each for each in sys.modules if each.startswith(package.__name__)]:
        if str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]
    forget()


class TestRegistry:
    def test_a_new_module_is_a_form_that_is_chosen_named_typed_and_read(self, folder: Path) -> None:
        (folder / "fraction.py").write_text(FRACTION)
        asked = "What part of the cake is left over after the {} have been eaten?"
        first, second, *_ = views([asked.format(share) for share in ("1/2", "3/4", "2/8")])
        assert first.annotations == {"share": "float"}
        assert first.parser.parse(asked.format("1/4")) == {"share": 0.25}
        assert first.parser.slots == (Slot(name="share", form="fraction", gaps=(0,), number_type="float"),)
        assert RequestParser.model_validate_json(first.parser.model_dump_json()) == first.parser
        assert second.parser.parse(asked.format("1/4")) == {"share": "1/4"}  # the form of its text

    def test_a_name_is_used_once(self, folder: Path) -> None:
        (folder / "again.py").write_text(FRACTION.replace('"fraction"', '"text"'))
        with pytest.raises(TypeError, match="two forms are called 'text'"):
            forms()

    def test_a_module_holds_one_form(self, folder: Path) -> None:
        (folder / "nothing.py").write_text("")
        with pytest.raises(TypeError, match="nothing must define one form, not 0"):
            forms()

    def test_narrow_forms_are_tried_first(self) -> None:
        assert [form.name for form in gap_forms(Stage.VALUE)] == [
            *("integer", "number", "json", "python", "time", "time_span", "sentences")
        ]
        assert [form.name for form in gap_forms(Stage.LIST)] == [
            *(
                "integers",
                "numbers",
                "times",
                "time_spans",
                "number_rows",
                "text_rows",
                "rows",
                "pairs",
                "table",
                "texts",
            )
        ]
        assert [form.name for form in mention_forms()] == ["mention", "mention_pairs", "mentions", "mention_rows"]

    def test_a_module_has_the_name_of_its_form(self) -> None:
        assert all(type(form).__module__.endswith(f".{name}") for name, form in forms().items())


class TestEveryForm:
    def test_its_default_name_is_a_parameter(self) -> None:
        assert not [form.name for form in forms().values() if not form.default_name.isidentifier()]

    def test_its_text_form_is_a_form(self) -> None:
        assert {form.text_form for form in forms().values() if isinstance(form, GapForm)} <= {*forms(), None}

    @pytest.mark.slow
    @pytest.mark.parametrize("form", OF_GAPS)
    def test_100_000_characters_are_read_or_refused(self, form: str) -> None:
        for piece in PIECES:
            found = read_off(form, piece * (100_000 // len(piece)), ",")
            assert found is None or json.dumps(found), piece

    @pytest.mark.parametrize("form", ["amount", "amounts", "found"])
    def test_a_number_among_words_is_not_read_without_a_part_of_it(self, form: str) -> None:
        read = [
            number
            for number in CUT_NUMBERS
            for text in ("about {} or so", "7 and {}")
            if read_off(form, text.format(number))
        ]
        assert not read
