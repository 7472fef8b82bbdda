"""Whole makings in which the harness reads the arguments, on the real sandbox and with scripted models."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from pydantic import ValidationError

from langchain_latm.cli.tool_view import show_tool
from langchain_latm.exceptions import ToolMakingError, ToolRecordError, ToolUseError
from langchain_latm.making.maker import ToolMaker, create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Candidate, Example, Task, TokenUsage
from tests.unit_tests import making_prompt
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import both_roles, code, is_reading, question_in

Script = Callable[[list[BaseMessage]], Reply]

ID_OF_OLD = "5acaf718f5911b95fc5db52af9571b9e4ffef72d83dfc21287bab4c3d27fea94"
"""Id of `made_tool()` from before records had parsers."""

ID_WITH_PARSER_OF_OLD = "6e9e70b2ac090eaf47ce8a2e49914c7504dfeded9870198d35863984ad928989"

TANK_QUESTION = "A tank holds {} litres and loses {} litres an hour. How many litres are left after {} hours?"
TANKS = ((4000, 30, 11), (900, 7, 20), (7512, 100, 6), (3333, 2, 9), (641, 11, 5), (8086, 13, 4))
RIGHT = "return holds - loses * after"


def task_of(pairs: list[tuple[str, str]], **changes: Any) -> Task:
    """Return a task whose first three examples are shown; the others are the proof."""
    examples = [Example(question=question, answer=answer) for question, answer in pairs]
    return Task(**{"name": "kind", "demonstrations": examples[:3], "validation": examples[3:], **changes})


def tank_task(**changes: Any) -> Task:
    return task_of([(TANK_QUESTION.format(*each), str(each[0] - each[1] * each[2])) for each in TANKS], **changes)


def race_task(joint: str = " > ", **changes: Any) -> Task:
    """Return questions about reversed lists, whose answers have a separator."""
    lists = ("Ann Bob Cem", "Eve Dan", "Gil Fay Hal Ida", "Kim Jan", "Max Lou Nat", "Pam Ora Que")
    return task_of(
        [(f"Who came last to first in this race? {names}", joint.join(names.split()[::-1])) for names in lists],
        **changes,
    )


def signature_in(messages: list[BaseMessage]) -> str:
    """Return the head of the requested function, or one of the maker's own if it may choose."""
    return making_prompt.signature_in(messages) or "def own(holds: int, loses: int, after: int) -> int"


def filling(*bodies: str) -> Script:
    """Reply with these bodies in turn, which use `holds`, `loses` and `after`, under the offered signature."""
    left = in_turn(*bodies)

    def fill(messages: list[BaseMessage]) -> str:
        signature = signature_in(messages)
        lines = [str(left(messages))]
        if "numbers: " in signature:
            lines.insert(0, "holds, loses, after = numbers")
        elif "question: " in signature:
            lines.insert(0, 'holds, loses, after = map(int, re.findall("[0-9]+", question))')
        return code("\n    ".join([f"{signature}:", '"""Do it."""', *lines]) + "\n")

    return fill


def read_tank(messages: list[BaseMessage]) -> dict[str, Any]:
    """Return the arguments of any function made for `filling`."""
    question = question_in(messages)
    numbers = [int(each) for each in re.findall(r"\d+", question)]
    if "(numbers: " in str(messages[0].content):
        return {"numbers": numbers}
    if "(question: " in str(messages[0].content):
        return {"question": question}
    return dict(zip(("holds", "loses", "after"), numbers, strict=True))


def maker_of(
    sandbox: Sandbox, maker: Script, reader: Script = read_tank, **options: Any
) -> tuple[ToolMaker, ScriptedChatModel]:
    model = ScriptedChatModel(script=both_roles(maker, reader))
    return create_tool_maker(model, sandbox=sandbox, **{"second_attempts": 0, **options}), model


def failed(maker: ToolMaker, task: Task) -> ToolMakingError:
    with pytest.raises(ToolMakingError) as failure:
        maker.invoke(task)
    return failure.value


def candidates_of(error: ToolMakingError) -> list[Candidate]:
    return [candidate for attempt in error.attempts for candidate in attempt.candidates]


def prompts_of(model: ScriptedChatModel) -> list[str]:
    return ["\n".join(str(message.content) for message in prompt) for prompt in model.prompts if not is_reading(prompt)]


def no_reader(_messages: list[BaseMessage]) -> Reply:
    pytest.fail("no model is to read arguments")


class TestProof:
    def test_the_maker_writes_the_computation_from_arguments_to_answers(self, sandbox: Sandbox) -> None:
        maker, model = maker_of(sandbox, filling(RIGHT))
        tool = maker.invoke(tank_task())
        assert tool.report.verified
        assert [case.role for case in tool.report.cases] == ["demonstration"] * 3 + ["validation"] * 3
        assert tool.parser is not None
        assert tool.parser.parse(TANK_QUESTION.format(5, 1, 2)) == {"holds": 5, "loses": 1, "after": 2}
        assert tool.worked_examples[0].arguments == {"holds": 4000, "loses": 30, "after": 11}
        (prompt,) = prompts_of(model)
        assert ">>> kind(holds=4000, loses=30, after=11)\n3670\n" in prompt
        assert f"It answers questions such as:\n\n{TANK_QUESTION.format(4000, 30, 11)}\n" in prompt

    def test_a_wrong_candidate_costs_no_reading(self, sandbox: Sandbox) -> None:
        maker, _ = maker_of(sandbox, filling("return holds - loses", RIGHT))
        tool = maker.invoke(tank_task())
        made = tool.provenance
        assert (made.attempts, made.candidates) == (2, 2)
        assert made.usage["proposing"].calls == 2
        assert made.usage["verification"].calls == 3  # the model's own reading of the unseen examples, once

    def test_a_candidate_that_raises_is_not_proven(self, sandbox: Sandbox) -> None:
        maker, _ = maker_of(sandbox, filling("return holds // 0", RIGHT))
        assert maker.invoke(tank_task()).provenance.attempts == 2

    def test_unseen_examples_are_not_tried_before_all_others_passed(self, sandbox: Sandbox) -> None:
        error = failed(maker_of(sandbox, filling("return 3670"), no_reader, attempts=1)[0], tank_task())
        (candidate,) = candidates_of(error)
        assert candidate.report is not None
        assert [case.passed for case in candidate.report.cases] == [True, False, False]
        assert not candidate.report.complete

    def test_the_unseen_examples_decide(self, sandbox: Sandbox) -> None:
        narrow = "return holds - loses * after if holds in (4000, 900, 7512) else 0"
        error = failed(maker_of(sandbox, filling(narrow), no_reader, attempts=1)[0], tank_task())
        (candidate,) = candidates_of(error)
        assert candidate.report is not None
        assert (candidate.report.complete, candidate.report.passed) == (True, 3)
        assert error.usage["verification"] == TokenUsage()

    def test_imports_and_a_docstring_that_were_forgotten_are_added(self, sandbox: Sandbox) -> None:
        def bare(messages: list[BaseMessage]) -> str:
            return code(f"{signature_in(messages)}:\n    return int(math.fsum([holds, -loses * after]))\n")

        tool = maker_of(sandbox, bare)[0].invoke(tank_task(description="Work out what is left in a tank."))
        assert tool.source.startswith("import math\n")
        assert tool.description == "Work out what is left in a tank."

    def test_a_function_with_answers_in_its_code_is_not_proven(self, sandbox: Sandbox) -> None:
        table = {holds: holds - loses * after for holds, loses, after in TANKS}
        error = failed(maker_of(sandbox, filling(f"return {table}[holds]"), no_reader, attempts=1)[0], tank_task())
        (candidate,) = candidates_of(error)
        assert candidate.report is not None
        assert (candidate.report.passed, len(candidate.report.hard_coded)) == (6, 6)


class TestWriting:
    @pytest.mark.parametrize("joint", [" > ", ", ", "; ", "\n", " then "])
    def test_values_in_another_form_need_no_further_call(self, sandbox: Sandbox, joint: str) -> None:
        maker, _ = maker_of(sandbox, turning_around, no_names)
        tool = maker.invoke(race_task(joint))
        assert tool.provenance.usage["proposing"].calls == 1
        assert tool.report.verified
        assert tool.report.cases[0].value == joint.join(["Cem", "Bob", "Ann"])
        assert tool.source.count("def ") == 2
        assert tool.entry.endswith("_text")

    def test_a_record_with_an_answer_form_answers_later_requests(self, sandbox: Sandbox) -> None:
        tool = maker_of(sandbox, turning_around, no_names)[0].invoke(race_task())
        user = create_tool_user(tool, ScriptedChatModel(script=no_reader), sandbox=sandbox)
        assert user.invoke("Who came last to first in this race? Zoe Yan Xia").text == "Xia > Yan > Zoe"

    def test_a_truth_value_is_written_like_the_answers(self, sandbox: Sandbox) -> None:
        pairs = [
            (f"Tell me whether {n} is a square number", "Square" if n in (9, 16, 25, 36, 49, 64) else "Not so")
            for n in (9, 10, 16, 17, 49, 50, 25, 26, 36, 37, 64, 65)
        ]
        right = "return math.isqrt(number) ** 2 == number"

        def truth(messages: list[BaseMessage]) -> str:
            head = signature_in(messages).partition(" -> ")[0]
            name = re.findall(r"\((\w+):", head)[0]
            return code(f'{head} -> bool:\n    """Do it."""\n    {right.replace("number", name)}\n')

        tool = maker_of(sandbox, truth, lambda _: "")[0].invoke(task_of(pairs))
        assert [case.value for case in tool.report.cases] == [answer for _, answer in pairs]

    def test_no_answer_form_makes_a_wrong_value_right(self, sandbox: Sandbox) -> None:
        error = failed(maker_of(sandbox, same_names, no_reader, attempts=1)[0], race_task())
        (candidate,) = candidates_of(error)
        assert candidate.proposal is not None
        assert candidate.proposal.entry == "kind"

    def test_an_answer_form_is_found_also_if_a_model_reads(self, sandbox: Sandbox) -> None:
        own = 'def turned(names: str) -> list[str]:\n    """Do it."""\n    return names.split()[::-1]\n'

        def reader(messages: list[BaseMessage]) -> dict[str, Any]:
            return {"names": question_in(messages).partition("? ")[2]}

        tool = maker_of(sandbox, in_turn(code(own)), reader)[0].invoke(race_task())
        assert (tool.entry, tool.provenance.attempts) == ("turned_text", 1)

    def test_a_label_that_the_harness_adds_is_not_an_answer_in_the_code(self, sandbox: Sandbox) -> None:
        own = 'def turned(names: str) -> list[str] | None:\n    """Do it."""\n    return names.split()[::-1] or None\n'

        def reader(messages: list[BaseMessage]) -> dict[str, Any]:
            return {"names": question_in(messages).partition("?")[2].strip()}

        task = race_task()
        nobody = Example(question="Who came last to first in this race?", answer="Nobody came in.")
        task = task.model_copy(update={"demonstrations": (*task.demonstrations, nobody)})
        tool = maker_of(sandbox, in_turn(code(own)), reader)[0].invoke(task)
        assert (tool.entry, tool.provenance.attempts) == ("turned_text", 1)
        assert "Nobody came in." in tool.source


def turning_around(messages: list[BaseMessage]) -> str:
    """Reply with a function that reverses a list or a text and returns a plain value."""
    head = signature_in(messages).partition(" -> ")[0]
    name, kind = re.findall(r"\((\w+): ([\w\[\]]+)", head)[0]
    names = name if kind == "list[str]" else f"{name}.partition('? ')[2].split()"
    return code(f'{head} -> list[str]:\n    """Do it."""\n    return {names}[::-1]\n')


def same_names(messages: list[BaseMessage]) -> str:
    return turning_around(messages).replace("[::-1]", "")


def no_names(_messages: list[BaseMessage]) -> Reply:
    return "I do not know."


class TestReaders:
    def test_a_model_that_reads_correctly_may_read_later_requests(self, sandbox: Sandbox) -> None:
        assert maker_of(sandbox, filling(RIGHT))[0].invoke(tank_task()).read_by == ("parser", "model")

    @pytest.mark.parametrize(
        "reply", ["no idea", {"holds": 1, "loses": 1, "after": 1}, {"litres": 3}, ConnectionError("refused")]
    )
    def test_a_model_that_misreads_may_not_read_later_requests(self, sandbox: Sandbox, reply: Reply) -> None:
        tool = maker_of(sandbox, filling(RIGHT), in_turn(reply))[0].invoke(tank_task())
        assert tool.read_by == ("parser",)
        assert tool.report.verified

    @pytest.mark.parametrize(
        ("replies", "counted"),
        [
            ([ConnectionError("refused")], 0),
            (["no idea", "no idea", "no idea", ConnectionError("refused")], 3),
            (["no idea", ConnectionError("refused")], 1),
        ],
    )
    def test_tokens_of_a_model_that_fails_later_are_counted(
        self, sandbox: Sandbox, replies: list[Reply], counted: int
    ) -> None:
        asked: list[int] = []
        left = in_turn(*replies)

        def reader(messages: list[BaseMessage]) -> Reply:
            reply = left(messages)
            if not isinstance(reply, Exception):
                asked.append(sum(len(str(message.content).split()) for message in messages))
            return reply

        tool = maker_of(sandbox, filling(RIGHT), reader)[0].invoke(tank_task())
        spent = TokenUsage(input_tokens=sum(asked), output_tokens=10 * counted, calls=counted)
        assert (tool.read_by, tool.provenance.usage["verification"]) == (("parser",), spent)
        assert len(asked) == counted

    def test_one_wrong_reading_of_several_is_enough(self, sandbox: Sandbox) -> None:
        def almost(messages: list[BaseMessage]) -> dict[str, Any]:
            return read_tank(messages) | ({"after": 1} if "holds 8086" in question_in(messages) else {})

        assert maker_of(sandbox, filling(RIGHT), almost)[0].invoke(tank_task()).read_by == ("parser",)

    def test_parameters_that_the_maker_chose_are_read_by_the_model(self, sandbox: Sandbox) -> None:
        tool = maker_of(sandbox, in_turn(code(OWN)), read_own)[0].invoke(tank_task())
        assert (tool.entry, tool.provenance.attempts) == ("left", 1)
        assert [*tool.parameters["properties"]] == ["full", "hours", "loss"]
        assert tool.provenance.usage["verification"].calls == 6

    def test_a_parser_is_derived_from_a_models_readings(self, sandbox: Sandbox) -> None:
        tool = maker_of(sandbox, in_turn(code(OWN)), read_own)[0].invoke(tank_task())
        assert tool.read_by == ("parser", "model")
        assert tool.parser is not None
        assert tool.parser.parse(TANK_QUESTION.format(5, 1, 2)) == {"full": 5, "hours": 2, "loss": 1}

    def test_readings_that_are_not_copies_give_no_parser(self, sandbox: Sandbox) -> None:
        doubled = OWN.replace("hours", "minutes").replace("minutes *", "minutes // 60 *")

        def reader(messages: list[BaseMessage]) -> dict[str, Any]:
            read = read_own(messages)
            return {"full": read["full"], "minutes": read["hours"] * 60, "loss": read["loss"]}

        tool = maker_of(sandbox, in_turn(code(doubled)), reader)[0].invoke(tank_task())
        assert (tool.parser, tool.read_by) == (None, ("model",))

    def test_a_parser_reads_the_types_that_the_model_read(self, sandbox: Sandbox) -> None:
        """The function was proven on 40.0, not on 40."""
        own = 'def left(full: float) -> str:\n    """Do it."""\n    return str(full).removesuffix(".0")\n'
        pairs = [(f"Write this number as it stands: {n}", str(n)) for n in (40, 7, 31, 502, 66, 8)]

        def reader(messages: list[BaseMessage]) -> dict[str, Any]:
            return {"full": float(question_in(messages).rpartition(" ")[2])}

        tool = maker_of(sandbox, in_turn(code(own)), reader)[0].invoke(task_of(pairs))
        assert tool.parser is not None
        assert repr(tool.parser.parse("Write this number as it stands: 12")) == "{'full': 12.0}"

    def test_the_numbers_of_questions_with_little_in_common_are_read_without_a_model(self, sandbox: Sandbox) -> None:
        asked = (
            "{} plus {}?",
            "Add {} to {}!",
            "What is {} and {}?",
            "Find {} + {}.",
            "{} with {} more?",
            "Sum {}, {}?",
        )
        numbers = [(1, 2), (30, 4), (5, 66), (7, 8), (19, 3), (4, 40)]
        pairs = [(form.format(a, b), str(a + b)) for form, (a, b) in zip(asked, numbers, strict=True)]
        own = 'def add(numbers: list[int]) -> int:\n    """Do it."""\n    return sum(numbers)\n'

        def reader(messages: list[BaseMessage]) -> dict[str, Any]:
            return {"numbers": [int(each) for each in re.findall(r"\d+", question_in(messages))]}

        maker, model = maker_of(sandbox, in_turn(code(own)), reader)
        tool = maker.invoke(task_of(pairs))
        assert tool.read_by == ("parser", "model")
        assert tool.parser is not None
        assert not tool.parser.is_distinctive
        assert "numbers=[1, 2]" in prompts_of(model)[0]


OWN = '''\
def left(full: int, hours: int, loss: int) -> int:
    """Compute the remaining amount."""
    return full - hours * loss
'''


def read_own(messages: list[BaseMessage]) -> dict[str, Any]:
    read = read_tank(messages)
    return {"full": read["holds"], "hours": read["after"], "loss": read["loses"]}


class TestSearch:
    def test_the_same_candidate_is_not_proven_twice(self, sandbox: Sandbox) -> None:
        error = failed(maker_of(sandbox, filling("return 0"), no_reader, attempts=1, candidates=3)[0], tank_task())
        refusals = [candidate.refusal for candidate in candidates_of(error)]
        assert refusals == [None, "it is the same as an earlier candidate", None]  # the third takes another way

    @pytest.mark.slow
    def test_a_candidate_with_an_added_answer_form_is_still_a_repeat(self, sandbox: Sandbox) -> None:
        """The candidate reached the unseen examples, which have other answers here."""
        pairs = [(each.question, each.answer) for each in race_task().demonstrations]
        unlike = [(example.question, f"{example.answer}?") for example in race_task().validation]
        maker, _ = maker_of(sandbox, turning_around, no_reader, attempts=3)
        first, second, _ = candidates_of(failed(maker, task_of([*pairs, *unlike])))
        assert first.proposal is not None
        assert first.proposal.entry == "kind_text"
        assert second.refusal == "it is the same as an earlier candidate"

    def test_a_candidate_that_is_the_beginning_of_another_is_not_a_repeat(self, sandbox: Sandbox) -> None:
        """An earlier source begins with the same text but computes something else."""
        maker, _ = maker_of(sandbox, filling(f"{RIGHT} + 1", "return 0", RIGHT))
        tool = maker.invoke(tank_task())
        assert (tool.provenance.attempts, tool.source.count("+ 1")) == (3, 0)

    def test_ways_are_asked_for_in_turn(self, sandbox: Sandbox) -> None:
        asked: list[str] = []

        def script(messages: list[BaseMessage]) -> str:
            asked.append(making_prompt.signature_in(messages) or "own")
            return "no idea"

        failed(maker_of(sandbox, script, no_reader, attempts=16, tokens=None)[0], tank_task())
        assert asked[0] == "def kind(holds: int, loses: int, after: int) -> int"
        assert asked.count("own") == 2
        assert asked.count(asked[0]) == max(asked.count(each) for each in asked)

    def test_a_candidate_that_is_right_on_some_examples_is_repaired(self, sandbox: Sandbox) -> None:
        maker, model = maker_of(sandbox, filling("return 3670"), no_reader, attempts=5)
        failed(maker, tank_task())
        repairs = [prompt for prompt in prompts_of(model) if "corrected" in prompt]
        assert len(repairs) == 1
        assert "Called with holds=900, loses=7, after=20 it returned 3670, but the answer is 760." in repairs[0]

    @pytest.mark.parametrize("budget", [{"tokens": 1}, {"seconds": 1e-9}])
    def test_a_spent_budget_ends_it(self, sandbox: Sandbox, budget: dict[str, Any]) -> None:
        error = failed(maker_of(sandbox, filling("return 0", RIGHT), **budget)[0], tank_task())
        assert len(error.attempts) == 1
        assert error.usage["proposing"].calls == 1

    @pytest.mark.slow
    def test_without_a_budget_all_attempts_are_made(self, sandbox: Sandbox) -> None:
        maker, _ = maker_of(sandbox, in_turn("no idea"), no_reader, attempts=30, tokens=None, seconds=None)
        assert len(failed(maker, tank_task()).attempts) == 30

    @pytest.mark.slow
    def test_no_answer_of_a_validation_example_reaches_a_prompt_of_the_maker(self, sandbox: Sandbox) -> None:
        bodies = [f"return {n} if holds == 4000 else holds - loses * after - {n % 2}" for n in range(3670, 3680)]
        maker, model = maker_of(sandbox, filling("return 3670", *bodies), attempts=24, tokens=None)
        failed(maker, tank_task())
        told = "\n".join(prompts_of(model))
        assert len(prompts_of(model)) == 24
        for example in tank_task().validation:
            assert example.answer not in told
            assert example.question not in told

    @pytest.mark.slow
    def test_no_validation_answer_reaches_the_maker_after_validation_failed(self, sandbox: Sandbox) -> None:
        narrow = "return holds - loses * after if holds in (4000, 900, 7512) else {}"
        maker, model = maker_of(sandbox, filling(*map(narrow.format, range(9))), attempts=24, tokens=None)
        failed(maker, tank_task())
        told = "\n".join(prompts_of(model))
        assert "fails on 3 of 3 other questions" in told
        assert not [example for example in tank_task().validation if example.answer in told]

    async def test_async_makes_the_same_tool(self, sandbox: Sandbox) -> None:
        def making() -> ToolMaker:
            return maker_of(sandbox, filling("return holds", RIGHT))[0]

        tools = [making().invoke(tank_task()), await making().ainvoke(tank_task())]
        plain = [tool.model_dump(exclude={"id", "report", "provenance"}) for tool in tools]
        assert plain[0] == plain[1]
        assert tools[0].provenance.usage == tools[1].provenance.usage
        assert [case.value for case in tools[0].report.cases] == [case.value for case in tools[1].report.cases]


class TestRecord:
    def test_a_record_with_a_parser_survives_dump_and_load(self, sandbox: Sandbox, tmp_path: Path) -> None:
        tool = maker_of(sandbox, filling(RIGHT), lambda _: "")[0].invoke(tank_task())
        path = tmp_path / "tank.tool.json"
        path.write_text(tool.dump(), encoding="utf-8")
        loaded = MadeTool.load(path)
        assert (loaded, loaded.id, loaded.read_by) == (tool, tool.id, ("parser",))
        assert loaded.parser == tool.parser

    @pytest.mark.parametrize(("before", "after"), [('"integer"', '"number"'), ("litres an hour", "litres an Hour")])
    def test_an_altered_parser_is_refused(self, sandbox: Sandbox, tmp_path: Path, before: str, after: str) -> None:
        text = maker_of(sandbox, filling(RIGHT))[0].invoke(tank_task()).dump()
        start = text.index('"parser"')
        path = tmp_path / "tank.tool.json"
        path.write_text(text[:start] + text[start:].replace(before, after, 1), encoding="utf-8")
        with pytest.raises(ToolRecordError, match="altered or damaged"):
            MadeTool.load(path)

    def test_a_parser_of_unknown_parameters_is_refused(self) -> None:
        parser = RequestParser(literals=("Sort: ", ""), slots=(Slot(name="letters", form="texts", gaps=(0,)),))
        with pytest.raises(ValidationError, match="parameters that the tool does not have"):
            made_tool(parser=parser, read_by=("parser",))

    def test_without_a_parser_only_a_model_can_read(self) -> None:
        with pytest.raises(ValidationError, match="needs a model to read its arguments"):
            made_tool(read_by=("parser",))

    def test_records_without_a_parser_keep_their_id(self) -> None:
        assert made_tool().id == ID_OF_OLD

    def test_records_with_an_older_parser_keep_their_id(self) -> None:
        slot = Slot(name="words", form="texts", gaps=(0,), separator=", ")
        parser = RequestParser(literals=("Sort: ", ""), slots=(slot,))
        assert made_tool(parser=parser, read_by=("parser", "model")).id == ID_WITH_PARSER_OF_OLD

    def test_the_id_covers_the_parser(self) -> None:
        slot = Slot(name="words", form="texts", gaps=(0,))
        with_parser = [
            made_tool(parser=RequestParser(literals=(first, ""), slots=(slot,)), read_by=read_by)
            for first in ("Sort: ", "Order: ")
            for read_by in (("parser",), ("parser", "model"))
        ]
        assert len({made_tool().id, *(tool.id for tool in with_parser)}) == 5

    def test_without_parser_gives_the_record_without_one(self) -> None:
        slot = Slot(name="words", form="texts", gaps=(0,))
        parser = RequestParser(literals=("Sort: ", ""), slots=(slot,))
        assert made_tool(parser=parser, read_by=("parser", "model")).without_parser() == made_tool()
        with pytest.raises(ValueError, match="no model was proven"):
            made_tool(parser=parser, read_by=("parser",)).without_parser()


CORES = (
    "{km} km take {h} hours",
    "{h} h for {km} kilometres",
    "we go {km} km within {h} hours",
    "in {h} h I ride {km} km",
)
BEFORE = ("", "On Monday ", "With my dog ", "As always, ", "Along the river ")
AFTER = (
    ": how fast is that?",
    ", so the speed is?",
    ". Speed please",
    " - what is my pace",
    "... compute the speed!",
    "; how quick?",
)


def walks(numbers: range) -> list[Example]:
    """Return questions of which hardly two have one wording; every ninth one speaks of another duration too."""
    found = []
    for number in numbers:
        hours, speed = 2 + number % 7, 3 + number
        asked = CORES[number % 4].format(km=hours * speed, h=hours)
        rest = " after 30 minutes of rest" if number % 9 == 8 else ""
        found.append(Example(question=f"{BEFORE[number % 5]}{asked}{rest}{AFTER[number % 6]}", answer=str(speed)))
    return found


@pytest.mark.usefixtures("searches")
def test_a_tool_that_reads_things_may_refuse_a_few_wordings_in_its_proof(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = walks(range(24))
    task = Task(name="walking", demonstrations=examples[:3], validation=examples[3:6], further=examples[6:])
    tool = create_tool_maker(None, sandbox=sandbox).invoke(task)
    assert tool.report.verified
    assert tool.report.refused == 2
    assert tool.report.passed == len(tool.report.cases) == 22
    assert MadeTool.model_validate_json(tool.dump()).report.refused == 2
    show_tool(tool)
    printed = " ".join(capsys.readouterr().out.split())
    assert "It refused 2 further examples" in printed
    assert "Requests in any wording need no model" in printed
    user = create_tool_user(tool, None, sandbox=sandbox)
    assert user.invoke("How fast do I go if 30 km take me 6 hours?").text == "5"
    for question in (
        "How fast are 30 km in 6 hours plus 2 hours?",
        "30 km not in 6 hours?",
        "speed of 30 km in 6 hours for $9",
    ):
        with pytest.raises(ToolUseError, match="expected"):
            user.invoke(question)


@pytest.mark.usefixtures("searches")
def test_it_may_refuse_one_of_its_demonstrations(sandbox: Sandbox) -> None:
    examples = walks(range(24))
    shown, rest = [*examples[:4], examples[8]], [*examples[4:8], *examples[9:]]
    task = Task(name="walking", demonstrations=shown, validation=rest[:3], further=rest[3:])
    report = create_tool_maker(None, sandbox=sandbox).invoke(task).report
    assert report.verified
    assert report.refused == 2
    assert sum(case.role == "demonstration" for case in report.cases) == 4
