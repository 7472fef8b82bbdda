"""Functions that are copied into tools stand alone, and hide nothing."""

from __future__ import annotations

import ast
from datetime import date
from typing import Any

import pytest

from langchain_latm.making.synthesis.copying import copied, copied_as
from langchain_latm.making.synthesis.operators.quantity_texts import (
    PLAIN_WORDS,
    converted_cell,
    converted_number,
    converted_request,
)
from langchain_latm.making.synthesis.operators.significant import significant_text
from langchain_latm.making.synthesis.operators.unit_names import known_units
from langchain_latm.making.synthesis.operators.unit_table import UNIT_TABLE
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.making.synthesis.sentences.clock_times import time_in
from langchain_latm.making.synthesis.sentences.marks import form_in, shaped_in
from langchain_latm.making.synthesis.sentences.money import money_in
from langchain_latm.making.synthesis.sentences.numerals import number_in
from langchain_latm.making.synthesis.sentences.quantities import quantity_in
from langchain_latm.making.synthesis.sentences.written_dates import date_in
from langchain_latm.making.synthesis.writing import Writer

QUANTITIES = (converted_request, converted_cell, converted_number, known_units, significant_text)
READERS = (time_in, date_in, quantity_in, money_in, number_in, form_in, shaped_in)


def run(source: str) -> dict[str, Any]:
    module: dict[str, Any] = {}
    exec(source, module)  # noqa: S102 - of this package
    return module


def test_all_of_them_can_stand_in_one_tool() -> None:
    together = copied_as({function: function.__name__ for function in (*QUANTITIES, *READERS)})
    module = run("\n".join([*together.imports, together.source]))
    assert module["date_in"]("due the third of May 2020", "", None) == date(2020, 5, 3)
    assert module["known_units"]() == known_units()
    assert module["PLAIN_WORDS"] == PLAIN_WORDS
    assert not any(line.startswith("from langchain") for line in together.imports)


def test_they_are_short() -> None:
    source = copied(converted_request).source
    said = [ast.get_docstring(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    assert all(each and "\n" not in each for each in said)
    assert " -> " not in source.replace("-> =", "")
    assert UNIT_TABLE not in source
    assert f'UNIT_TABLE = """\\\n{UNIT_TABLE}"""\n' in copied(known_units).source
    assert " ".join(PLAIN_WORDS) not in source
    assert "a an answer are" in source
    assert "need of on" in source  # on two lines here


def test_what_needs_more_than_functions_and_constants_is_not_copied() -> None:
    with pytest.raises(TypeError, match="a tool can't have"):
        copied(synthesise)


@pytest.mark.parametrize("parameter", ["text", "number_in", "number_in_", "with_digits"])
@pytest.mark.parametrize("name", ["answer", "number_in", "with_digits", "plain_number"])
def test_a_parameter_or_the_tool_may_have_the_name_of_a_copied_function(parameter: str, name: str) -> None:
    code = Writer({parameter: ""}, name, str)
    code.line(f'return {code.copy(number_in)}({code.parameters[parameter]}, "number")')
    assert run(code.module("Return the number."))[name]("we lost twelve") == "12"


def test_a_function_that_is_called_twice_stands_once() -> None:
    code = Writer({"text": ""}, "answer", str)
    code.line(f'return {code.copy(number_in)}(text, "number") + {code.copy(number_in)}(text, "number")')
    source = code.module("Return the number twice.")
    assert source.count("def number_in(") == source.count("def with_digits(") == 1
    assert run(source)["answer"]("we lost twelve") == "1212"


def test_a_constant_of_the_tool_may_have_the_name_of_a_copied_one() -> None:
    code = Writer({"text": ""}, "answer", str)
    table = code.constant("TENS", "{'20': 'xx'}")
    code.line(f'return {table}[{code.copy(number_in)}(text, "number")]')
    assert run(code.module("Return a name."))["answer"]("twenty of them") == "xx"
