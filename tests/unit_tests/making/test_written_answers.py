"""Whole makings in which a function returns a plain value and a form writes it as the examples do."""

from __future__ import annotations

import re

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Example, Task
from tests.unit_tests.making_prompt import signature_in
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import both_roles, code, question_in

DATE = "(datetime.date(2020, 1, 1) + datetime.timedelta(days={0})).isoformat()"


def task_of(pairs: dict[int, str]) -> Task:
    """Return a task whose first three examples are shown; the others, except the last, are the proof."""
    examples = [
        Example(question=f"What does the reader show at mark {number} today?", answer=answer)
        for number, answer in pairs.items()
    ]
    return Task(name="reader", demonstrations=examples[:3], validation=examples[3:-1])


def model_of(value: str) -> ScriptedChatModel:
    """Return a maker whose function computes a value from the one number of a question."""

    def make(messages: list[BaseMessage]) -> str:
        head = signature_in(messages) or "def reader(mark: int) -> str"
        name = head[head.index("(") + 1 : head.index(":")]
        number = f"int(re.findall('[0-9]+', {name})[0])" if f"{name}: str" in head else name
        imports = "import datetime\nimport re\n\n\n"
        return code(f'{imports}{head}:\n    """Show it."""\n    return {value.format(number)}\n')

    def read(messages: list[BaseMessage]) -> dict[str, int]:
        return {"mark": int(re.findall(r"\d+", question_in(messages))[0])}

    return ScriptedChatModel(script=both_roles(make, read))


@pytest.mark.parametrize(
    ("value", "pairs"),
    [
        ("{0} / 100", {7196: "71.96", 64974: "649.74", 6179: "61.79", 1890: "18.90", 1205: "12.05", 300: "3.00"}),
        ("{0} / 100", {7196: "71,96", 64974: "649,74", 6179: "61,79", 1890: "18,90", 1205: "12,05", 300: "3,00"}),
        (
            "{0} / 100",
            {123450: "$1,234.50", 725: "$7.25", 6179: "$61.79", 1890: "$18.90", 123456789: "$1,234,567.89", 3: "$0.03"},
        ),
        (
            "{0} / 100",
            {
                123450: "1.234,50 EUR",
                725: "7,25 EUR",
                6179: "61,79 EUR",
                1890: "18,90 EUR",
                12345600: "123.456,00 EUR",
                3: "0,03 EUR",
            },
        ),
        ("{0} - 100", {112: "12 kr", 107: "7 kr", 360: "260 kr", 95: "-5 kr", 101: "1 kr", 40: "-60 kr"}),
        ("{0} / 1000", {125: "12.5 %", 72: "7.2 %", 333: "33.3 %", 500: "50.0 %", 1000: "100.0 %", 1: "0.1 %"}),
        ("{0} / 8", {100: "12.5 %", 61: "7.625 %", 26: "3.25 %", 80: "10 %", 8: "1 %", 20: "2.5 %"}),
        ("{0} / 2", {25: "13", 66: "33", 15: "8", 121: "61", 113: "57", 2: "1"}),
        ("{0} / 2", {25: "12", 66: "33", 15: "8", 121: "60", 113: "56", 2: "1"}),
        ("{0} / 3", {7: "2.33", 5: "1.67", 6: "2", 10: "3.33", 300: "100", 8: "2.67"}),
        ("{0} * 250", {5: "1,250", 4000: "1,000,000", 3: "750", 17: "4,250", 2: "500", 99: "24,750"}),
        ("'+49' + str({0})", {301234: "+49 30 1234", 409876: "+49 40 9876", 895555: "+49 89 5555",
                              697777: "+49 69 7777", 711000: "+49 71 1000", 200001: "+49 20 0001"}),
        ("{0}", {7: "007", 42: "042", 19: "019", 123: "123", 5: "005", 8: "008", 31: "031", 10: "010"}),
        (DATE, {10: "11.01.2020", 60: "01.03.2020", 99: "09.04.2020", 366: "01.01.2021",
                200: "19.07.2020", 31: "01.02.2020"}),
        (DATE, {20: "1/21/2020", 60: "3/1/2020", 99: "4/9/2020", 366: "1/1/2021", 200: "7/19/2020", 31: "2/1/2020"}),
        (
            DATE,
            {
                10: "11. Januar 2020",
                60: "1. M\u00e4rz 2020",
                99: "9. April 2020",
                366: "1. Januar 2021",
                200: "19. Juli 2020",
                31: "1. Februar 2020",
            },
        ),
        ("{0} / 100", {7196: "about 71.96 m", 649: "about 6.49 m", 6179: "about 61.79 m",
                       1890: "about 18.90 m", 120: "about 1.20 m", 300: "about 3.00 m"}),
    ],
)  # fmt: skip
def test_a_plain_value_is_written_like_the_examples(sandbox: Sandbox, value: str, pairs: dict[int, str]) -> None:
    """The form also writes the answer of a new request."""
    task = task_of(pairs)
    model = model_of(value)
    tool = create_tool_maker(model, sandbox=sandbox, candidates=1, second_attempts=0).invoke(task)
    assert tool.report.verified
    assert tool.provenance.attempts == 1
    *_, (number, answer) = pairs.items()
    user = create_tool_user(tool, model, sandbox=sandbox)
    assert user.invoke(f"What does the reader show at mark {number} today?").text == answer


def test_validation_decides_if_the_examples_fit_two_forms(sandbox: Sandbox) -> None:
    """All demonstrations have two decimals by chance; a validation example shows that the number varies."""
    pairs = {7196: "71.96", 64974: "649.74", 6179: "61.79", 1890: "18.9", 1250: "12.5", 810: "8.1", 3: "0.03"}
    tool = create_tool_maker(model_of("{0} / 100"), sandbox=sandbox, candidates=1).invoke(task_of(pairs))
    assert tool.report.verified
    assert tool.entry == "reader"
