"""Whole makings of typed tasks, on the real sandbox and with scripted models."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from langchain_latm.exceptions import TaskError, ToolMakingError, ToolUseError
from langchain_latm.making.paper.maker import create_paper_maker
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.typed_ways import TypedSignature
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.arguments_model import check_parameter_names
from langchain_latm.tools.inputs import parameter_names
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Difference, Example
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.making.rows import BADGES, FIRST, LAST, badge_task, row_maker, rows_task
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn

BADGE = 'return vor_name[:1] + ". " + class_'


class TestSignature:
    def test_parameters_are_inputs_with_the_types_of_all_rows(self) -> None:
        rows: list[tuple[dict[str, Any], Any]] = [
            ({"größe": 1, "код": "007", "tags": ["a"], "ok": True, "note": None, "mixed": 7}, 1.5),
            ({"größe": 2, "код": "12", "tags": [], "ok": False, "note": "x", "mixed": "07"}, ""),
            ({"größe": 2.5, "код": "3", "tags": ["b", "c"], "ok": True, "note": "", "mixed": 9}, 4),
            ({"größe": 4, "код": "40", "tags": ["d"], "ok": True, "note": "y", "mixed": 1}, 7),
        ]
        found = TypedSignature.of(rows_task(rows, name="sum"))
        assert found.entry == "answer"
        assert list(found.annotations.values()) == ["float", "str", "list[str]", "bool", "str | None", "str"]
        assert found.returns == "float | str"
        assert all(name.isascii() and name.isidentifier() for name in found.annotations)

    def test_any_names_become_different_parameters_that_a_function_can_have(self) -> None:
        names = [
            "",
            " ",
            "class",
            "date",
            "sum",
            "self",
            "_x",
            "model_x",
            "1st",
            "Größe",
            "größe",
            "数量",
            "a" * 90,
            "a b",
        ]
        names += ["a_b", "a-b", "name", "\n", "x" * 64, "Vor name", "json", "None", "__init__", "column"]
        found = parameter_names(names, entry="column")
        assert list(found) == names
        assert len(set(found.values()) - {"column"}) == len(names)
        assert (found["name"], found["a_b"], found["class"], found["x" * 64]) == ("name", "a_b", "class_", "x" * 64)
        check_parameter_names("column", found.values())
        assert all(name.isidentifier() and name.isascii() and len(name) <= 64 for name in found.values())
        Problem(((dict.fromkeys(found.values(), ""), ""),))  # takes them all

    def test_the_maker_sees_a_signature_and_rows_and_no_hidden_answer(self, sandbox: Sandbox) -> None:
        maker, model = row_maker(sandbox, BADGE)
        maker.invoke(badge_task(description="As on the badge."))
        (prompt,) = ["\n".join(str(each.content) for each in messages) for messages in model.prompts]
        assert "def badge(vor_name: str, class_: str) -> str:" in prompt
        assert "Columns: vor_name is 'Vor name', class_ is 'class'" in prompt
        assert ">>> badge(vor_name='Ada', class_='Nguyen')\n'A. Nguyen'" in prompt
        assert "As on the badge." in prompt
        assert not [answer for _, _, answer in BADGES[3:] if answer in prompt]


class TestProof:
    def test_a_tool_is_made_proven_and_used_without_a_model(self, sandbox: Sandbox) -> None:
        maker, model = row_maker(sandbox, "return class_", BADGE)
        tool = maker.invoke(badge_task())
        assert (tool.read_by, tool.parser, tool.inputs) == (("inputs",), None, {FIRST: "vor_name", LAST: "class_"})
        assert (tool.provenance.attempts, len(model.prompts)) == (2, 2)
        assert json.loads(tool.report.cases[0].question) == {FIRST: "Ada", LAST: "Nguyen"}
        user = create_tool_user(tool, sandbox=sandbox)
        answers = user.batch([{FIRST: "Uma", LAST: "Diaz"}, {"vor_name": "Lo", "class_": "Ek"}])
        assert [answer.text for answer in answers] == ["U. Diaz", "L. Ek"]
        assert len(model.prompts) == 2
        assert MadeTool.model_validate_json(tool.dump(), context={"stored": True}) == tool
        again = pickle.loads(pickle.dumps(user))  # noqa: S301 - written here
        assert again.invoke({FIRST: "Uma", LAST: "Diaz"}).text == "U. Diaz"

    async def test_async_is_the_same(self, sandbox: Sandbox) -> None:
        tool = await row_maker(sandbox, BADGE)[0].ainvoke(badge_task())
        answer = await create_tool_user(tool, sandbox=sandbox).ainvoke({FIRST: "Uma", LAST: "Diaz"})
        assert answer.text == "U. Diaz"

    @pytest.mark.parametrize(
        ("rows", "body"),
        [
            ([({"n": n}, {"half": n / 2, "odd": n % 2 == 1}) for n in (3, 8, 21, 40, 77, 1002)],
             'return {"half": n / 2, "odd": n % 2 == 1}'),
            ([({"x": x, "y": y}, [y, x]) for x, y in [("a", 1), ("b", 22), ("c", 3), ("q", 40), ("z", 5), ("w", 6)]],
             "return [y, x]"),
            ([({"n": n}, n * 18.9) for n in (3, 2, 30, 44, 5, 61)], "return n * 18.9"),
            ([({"код": c}, c[2:]) for c in ("ab007", "cd", "ef12", "gh", "xy0034", "zz5")], "return code[2:]"),
            ([({"a": a}, str(a * 3)) for a in (4, 15, 226, 31, 8, 9)], "return a * 3"),
        ],
    )  # fmt: skip
    def test_answers_are_values(self, sandbox: Sandbox, rows: list[tuple[dict[str, Any], Any]], body: str) -> None:
        task = rows_task(rows)
        (parameter, *_) = TypedSignature.of(task).annotations
        tool = row_maker(sandbox, body.replace("code", parameter))[0].invoke(task)
        assert [case.value for case in tool.report.cases] == [answer for _, answer in rows]
        assert [case.expected for case in tool.report.cases] == [answer for _, answer in rows]

    @pytest.mark.parametrize(
        ("check", "right"), [("exact", False), ("numeric:0.001", True), ("text", False), ("numeric", False)]
    )
    def test_the_check_decides(self, sandbox: Sandbox, check: str, *, right: bool) -> None:
        task = rows_task([({"n": n}, n / 3) for n in (1, 4, 10, 22, 35, 64)], check=check)
        maker, _ = row_maker(sandbox, "return round(n / 3, 4)", attempts=1)
        if right:
            assert maker.invoke(task).report.verified
        else:
            with pytest.raises(ToolMakingError, match=r"gave 0\.3333, but the answer is '0\.33333"):
                maker.invoke(task)

    def test_a_number_is_not_a_text(self, sandbox: Sandbox) -> None:
        rows = [({"id": text}, text.strip("x")) for text in ("x007", "x1", "x24", "x30", "x5", "x6")]
        with pytest.raises(ToolMakingError, match=r"gave 7, but the answer is '007'"):
            row_maker(sandbox, 'return int(id_.strip("x"))', attempts=1)[0].invoke(
                rows_task([*rows, ({"id": "x"}, "")])
            )

    def test_a_guess_is_not_a_proof(self, sandbox: Sandbox) -> None:
        rows = [({"n": n}, n > 10) for n in (3, 18, 21, 4, 77, 5)]
        with pytest.raises(ToolMakingError, match="it may be a guess"):
            row_maker(sandbox, "return n > 10")[0].invoke(rows_task(rows))

    def test_a_copy_of_an_input_proves_nothing_alone(self, sandbox: Sandbox) -> None:
        rows = [({"n": n, "m": m}, max(n, m)) for n, m in [(3, 1), (18, 2), (20, 9), (44, 1), (7, 6), (90, 91)]]
        with pytest.raises(ToolMakingError, match="it may be a guess"):
            row_maker(sandbox, "return max(n, m)")[0].invoke(rows_task(rows))

    def test_answers_in_the_code_and_values_that_change_are_found(self, sandbox: Sandbox) -> None:
        rows = [({"n": n}, [n, n + 1, n + 2]) for n in (100, 205, 310, 415, 520, 625)]
        task = rows_task(rows)
        with pytest.raises(ToolMakingError, match="contains answers literally"):
            row_maker(sandbox, "known = [205, 206, 207]\nreturn [n, n + 1, n + 2]", attempts=1)[0].invoke(task)
        words = [({"t": f"{a} {b}"}, [a, b]) for a, b in map(tuple, ["pq", "rs", "tu", "vw", "xy", "zk"])]
        with pytest.raises(ToolMakingError):
            row_maker(sandbox, "return list(set(t.split()))", attempts=1)[0].invoke(rows_task(words))

    def test_other_parameters_are_refused(self, sandbox: Sandbox) -> None:
        other = 'def f(name: str) -> str:\n    """Do it."""\n    return name'
        tool = row_maker(sandbox, other, BADGE)[0].invoke(badge_task())
        assert tool.provenance.attempts == 2


class TestComparison:
    def test_functions_are_compared_on_rows_without_an_answer_and_a_person_decides(self, sandbox: Sandbox) -> None:
        asked: list[Difference] = []

        def review(difference: Difference) -> str:
            asked.append(difference)
            return " ".join(json.loads(difference.question).values()).replace("Ib-Jo", "I.-J.")

        task = badge_task(rows=({FIRST: "Ib-Jo", LAST: "Holm"},))
        split = 'return "-".join(p[:1] + "." for p in vor_name.split("-")) + " " + class_'
        maker, _ = row_maker(sandbox, BADGE, split, second_attempts=1, review=review)
        tool = maker.invoke(task)
        assert json.loads(asked[0].question) == {FIRST: "Ib-Jo", LAST: "Holm"}
        assert asked[0].answers == ("I. Holm", "I.-J. Holm")
        assert tool.report.comparison is not None
        assert "split" in tool.source

    def test_without_a_decision_the_tool_refuses(self, sandbox: Sandbox) -> None:
        task = rows_task([({"n": n}, n % 97) for n in (100, 250, 131, 244, 458, 967)], rows=({"n": -1},))
        tool = row_maker(sandbox, "return n % 97", "return n - 97 * int(n / 97)", second_attempts=1)[0].invoke(task)
        assert tool.report.comparison is not None
        assert tool.report.comparison.refuses
        user = create_tool_user(tool, sandbox=sandbox)
        assert user.invoke({"n": 98}).text == "1"
        with pytest.raises(ToolUseError, match="none is sure"):
            user.invoke({"n": -1})


@pytest.fixture(scope="module")
def tool(sandbox: Sandbox) -> MadeTool:
    return row_maker(sandbox, BADGE)[0].invoke(badge_task())


class TestUse:
    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ("Ada Nguyen", r"badge takes named inputs, not the text 'Ada Nguyen': a dict of 'Vor name', 'class'"),
            ({FIRST: "Ada"}, "the input 'class' is missing"),
            ({FIRST: "Ada", "clas": "B"}, "there is no input 'clas'; did you mean 'class'"),
            ({FIRST: "Ada", LAST: "B", "x": 1}, "there is no input 'x'. It takes"),
            ({FIRST: "Ada", LAST: None}, "badge failed on .*class_"),
            ({FIRST: "Ada", LAST: {1}}, "not a JSON value"),
            ({FIRST: "\ud800", LAST: "x"}, "surrogate"),
            ([1], "not a list"),
        ],
    )
    def test_other_inputs_are_a_clear_error(self, sandbox: Sandbox, tool: MadeTool, given: Any, problem: str) -> None:
        with pytest.raises(ToolUseError, match=problem):
            create_tool_user(tool, sandbox=sandbox).invoke(given)

    def test_a_number_for_a_text_becomes_text(self, sandbox: Sandbox, tool: MadeTool) -> None:
        assert create_tool_user(tool, sandbox=sandbox).invoke({FIRST: 12, LAST: 3}).text == "1. 3"

    def test_it_is_a_langchain_tool_whose_schema_names_the_columns(self, sandbox: Sandbox, tool: MadeTool) -> None:
        served = tool.as_tool(sandbox)
        assert {name: part["description"] for name, part in served.args.items()} == {"vor_name": FIRST, "class_": LAST}
        assert served.invoke({"vor_name": "Uma", "class_": "Diaz"}) == "U. Diaz"


class TestSearch:
    """A search without a model comes first; its programs are proven like a maker's."""

    def making(self, sandbox: Sandbox, *bodies: str, asked: str = "no idea", **options: Any) -> tuple[Any, Any, Any]:
        seen: list[Problem] = []

        def search(problem: Problem, seconds: float) -> list[Program]:
            assert seconds == 20
            seen.append(problem)
            head = f"def {problem.name}({', '.join(f'{name}: str' for name in problem.examples[0][0])}) -> str:"
            sources = [f'{head}\n    """Do it."""\n    {body}\n' for body in bodies]
            return [Program(source, cost, run=dict) for cost, source in enumerate(sources, 1)][::-1]

        maker, model = row_maker(sandbox, asked, search=search, **options)
        return maker, model, seen

    def test_no_model_is_asked_if_a_program_is_proven(self, sandbox: Sandbox) -> None:
        maker, model, seen = self.making(sandbox, "return class_", BADGE, second_attempts=1)
        tool = maker.invoke(badge_task(rows=({FIRST: "Uma", LAST: "Diaz"},), description="As on the badge."))
        assert (model.prompts, tool.provenance.maker_model, tool.provenance.attempts) == ([], "program search", 1)
        assert tool.read_by == ("inputs",)
        (problem,) = seen
        assert [answer for _, answer in problem.examples] == [answer for _, _, answer in BADGES[:3]]
        assert problem.examples[0][0] == {"vor_name": "Ada", "class_": "Nguyen"}
        assert len(problem.others) == len(BADGES[3:]) + 1
        assert problem.hint == "badge\nAs on the badge."

    def test_programs_that_differ_are_compared(self, sandbox: Sandbox) -> None:
        maker, model, _ = self.making(sandbox, BADGE, 'return vor_name[0] + ". " + class_', second_attempts=1)
        tool = maker.invoke(badge_task())
        assert model.prompts == []
        assert tool.report.comparison is not None
        assert tool.report.comparison.functions == 2

    @pytest.mark.parametrize("bodies", [(), ("return class_",)])
    def test_otherwise_the_maker_is_asked_as_often_as_without(self, sandbox: Sandbox, bodies: tuple[str, ...]) -> None:
        maker, model, _ = self.making(sandbox, *bodies, asked=BADGE, attempts=1)
        tool = maker.invoke(badge_task())
        assert len(model.prompts) == 1
        assert tool.provenance.maker_model != "program search"


def test_a_typed_example_is_not_taken_by_a_tool_of_questions(sandbox: Sandbox) -> None:
    with pytest.raises(ToolUseError, match="takes no inputs"):
        create_tool_user(made_tool(), ScriptedChatModel(script=in_turn("no")), sandbox=sandbox).invoke(
            {"words": ["b", "a"]}
        )
    assert Example(inputs={"a": 1}, answer="").text == '{"a": 1}'


def test_the_papers_way_takes_no_inputs(sandbox: Sandbox) -> None:
    with pytest.raises(TaskError, match="use create_tool_maker"):
        create_paper_maker(ScriptedChatModel(script=in_turn("no")), sandbox=sandbox).invoke(badge_task())
