"""A maker may call functions that a search found for parts of the answers."""

from __future__ import annotations

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm.making import searching
from langchain_latm.making.helpers.parts import FoundPart, parts_text, with_parts
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.searching import SEARCHED
from langchain_latm.making.synthesis.partial import part_programs
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Example, Task
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import code

_NAMES = ("Ada King", "Grace Hopper", "Emil Post", "Rosa Parks", "Alan Kay", "Ida Rhodes", "Bo Ek", "Ann Lee")


def _checksum(name: str) -> int:
    value = 7
    for letter in name:
        value = (value * 31 + ord(letter)) % 9973
    return value


def _row(name: str) -> tuple[dict[str, str], str]:
    first, last = name.split()
    return {"person": name}, f"{last.upper()}, {first[0]}. / {_checksum(name)}"


ROWS = [_row(name) for name in _NAMES]
BODY = """def label(person: str) -> str:
    \"\"\"Return the label.\"\"\"
    value = 7
    for letter in person:
        value = (value * 31 + ord(letter)) % 9973
    return f"{label_part_1(person)} / {value}"
"""
PART = FoundPart(
    name="f_part_1", source="MARKS = (1,)\n\n\ndef f_part_1(text: str) -> str:\n    return text\n", line="- f_part_1"
)


@pytest.mark.slow
def test_parts_between_shared_marks_are_found() -> None:
    problem = Problem(tuple(ROWS[:5]), tuple(row for row, _ in ROWS[5:]), name="label")
    parts = part_programs(problem, lambda each, seconds: synthesise(each, seconds=seconds), seconds=60)
    assert parts[0].name == "label_part_1"
    assert parts[0].program.run({"person": "Max Born"}) == "BORN, M."
    assert parts[0].examples[0] == ({"person": "Ada King"}, "KING, A.")
    line = FoundPart.of(parts[0], None).line
    assert line.startswith("- label_part_1(person: str) -> str: Return ")
    assert "label_part_1(person='Ada King') == 'KING, A.'" in line


@pytest.mark.parametrize("answers", [[1, 2, 3], ["a", "b", "c"], ["a-b", "c", "d"], ["", "a-b", "a-c"], ["x-y"] * 3])
def test_other_answers_have_no_parts(answers: list[object]) -> None:
    def search(problem: Problem, seconds: float) -> list[Program]:
        raise AssertionError(problem, seconds)

    problem = Problem(tuple(({"n": number}, answer) for number, answer in enumerate(answers)))
    assert part_programs(problem, search, seconds=1) == []


def test_modules_of_called_parts_are_added_once_and_copies_removed() -> None:
    source = 'def g(text: str) -> str:\n    """G."""\n    return f_part_1(text)\n'
    whole = with_parts(source, [PART])
    assert whole.startswith("MARKS = (1,)")
    assert whole.count("def f_part_1") == 1
    assert with_parts("def f_part_1(a):\n    return 2\n\n\n" + source, [PART]).strip() == whole.strip()
    assert with_parts(source.replace("f_part_1", "len"), [PART]) == source.replace("f_part_1", "len")
    future = "from __future__ import annotations\n"
    assert with_parts(future + source, [PART]).split("\n\n\n")[:2] == [future.strip(), "MARKS = (1,)"]
    own = "MARKS = 3\n" + source
    assert with_parts(own, [PART]) == own, "a name of the part would change"
    assert parts_text([]) == ""


@pytest.mark.slow
@pytest.mark.usefixtures("searches")
def test_a_maker_completes_a_partial_program_of_the_search(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_SECONDS", 120.0)  # a busy machine finds the same
    monkeypatch.setattr(searching, "_SECONDS_OF_PARTS", 60.0)
    prompts: list[str] = []

    def script(messages: list[BaseMessage]) -> str:
        prompts.append(str(messages[-1].content))
        return code(BODY)

    examples = [Example(inputs=row, answer=answer) for row, answer in ROWS]
    task = Task(name="label", demonstrations=examples[:4], validation=examples[4:])
    tool = create_tool_maker(ScriptedChatModel(script=script), sandbox=sandbox, second_attempts=0).invoke(task)
    assert tool.provenance.maker_model != SEARCHED
    assert "def label_part_1(" in tool.source
    assert any("- label_part_1(person: str) -> str" in prompt for prompt in prompts)
