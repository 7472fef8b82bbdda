"""Tools in the form of the paper's authors: read, proven again, and used like any other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from langchain_latm import Example, MadeTool, ToolRecordError, create_sandbox, create_tool_user
from langchain_latm.interop.paper import import_paper_tool, paper_proposal, unseen_examples
from langchain_latm.interop.paper_format import read_paper_file
from langchain_latm.interop.python_files import write_langchain, write_python
from langchain_latm.interop.skills import write_skill
from langchain_latm.sandbox import Limits, Sandbox
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.interop.paper_file import FUNCTION, QUESTIONS, SNIPPETS, paper_messages
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import question_in

SHARED = Path(os.environ.get("LATM_SHARED", Path(__file__).parents[4] / "shared")) / "data"
PUBLISHED = (
    pytest.param("chinese_remainder_theorem", marks=pytest.mark.slow),  # it counts up to the answer
    "dyck_languages",
    "logical_deduction_five_objects",
    "logical_deduction_seven_objects",
    "schedule_meeting",
    "tracking_shuffled_objects_five_objects",
    "tracking_shuffled_objects_seven_objects",
    "word_sorting",
)
NEW = "Which word ends with g?\nOptions:\n(A) fig\n(B) plum\n(C) date"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with create_sandbox(limits=Limits(wall_seconds=5)) as opened:
        yield opened


def written(folder: Path, messages: Any, name: str = "word_choice.json") -> Path:
    path = folder / name
    path.write_text(messages if isinstance(messages, str) else json.dumps(messages))
    return path


def snippet_for(letter: str) -> dict[str, str]:
    return {"snippet": f'ret = best(["fig", "plum", "date"], [lambda word: word.endswith("{letter}")])\nans = ret'}


@pytest.mark.slow
def test_it_becomes_a_tool_like_any_other(tmp_path: Path, sandbox: Sandbox) -> None:
    tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox)
    assert tool.name == "word_choice"
    assert tool.provenance.attempts == 2
    assert tool.report.verified
    assert [(case.question, case.expected, case.value) for case in tool.report.cases] == [
        (question, answer, answer) for question, answer in QUESTIONS.items()
    ]
    assert [example.arguments["snippet"] for example in tool.worked_examples] == SNIPPETS
    (tmp_path / "made.json").write_text(tool.dump())
    assert MadeTool.load(tmp_path / "made.json") == tool
    assert tool.as_tool(sandbox).invoke(snippet_for("m")) == "(B)"
    assert sandbox.check(tool.tool_source).value["parameters"]["properties"].keys() == {"snippet"}
    model = ScriptedChatModel(script=in_turn(snippet_for("g")))
    answer = create_tool_user(tool, model, sandbox=sandbox).invoke(NEW)
    assert answer.text == "(A)"
    prompt = str(model.prompts[0][0].content)
    assert "def best(items, rules):" in prompt
    assert "lambda item: len(item) > 3" in prompt


class _Imported:
    """An imported tool for LangChain's own suites, which ask for it in a property, where no fixture reaches."""

    @pytest.fixture(autouse=True)
    def _import(self, tmp_path: Path, sandbox: Sandbox) -> None:
        self._tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox).as_tool(sandbox)

    @property
    def tool_constructor(self) -> BaseTool:
        return self._tool

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return snippet_for("m")


class TestStandardUnit(_Imported, ToolsUnitTests):
    """The suite that every LangChain tool has to pass."""


class TestStandardIntegration(_Imported, ToolsIntegrationTests):
    """The suite that invokes the tool."""


def test_a_model_proves_it_on_what_was_not_seen(tmp_path: Path, sandbox: Sandbox) -> None:
    first = next(iter(QUESTIONS))
    examples = [
        Example(question=first, answer="(B)"),
        Example(question=NEW, answer="(A)"),
        Example(question=NEW.replace("g?", "e?"), answer="(C)"),
        Example(question=NEW.replace("g?", "m?"), answer="(B)"),
        Example(question=NEW.replace("g?", "x?"), answer="(B)"),
    ]

    def script(messages: list[BaseMessage]) -> dict[str, str]:  # by question: they are asked at the same time
        return {"snippet": "ans = 1 / 0"} if "m?" in question_in(messages) else snippet_for("g")

    model = ScriptedChatModel(script=script)
    tool = import_paper_tool(
        written(tmp_path, paper_messages()), sandbox=sandbox, user=model, examples=examples, limit=3
    )
    further = [case for case in tool.report.cases if case.role == "validation"]
    assert [case.passed for case in further].count(True) == 1
    assert {case.question for case in further} == {example.question for example in examples[1:4]}
    assert any("ZeroDivisionError" in (case.error or "") for case in further)
    assert not tool.report.verified
    assert tool.provenance.usage["verification"].calls == 3


def test_a_snippet_may_be_longer_than_its_question(tmp_path: Path, sandbox: Sandbox) -> None:
    """A model that does not reason is stopped where arguments would end that were copied; a snippet is not copied."""
    limits: list[int | None] = []

    class Noting(ScriptedChatModel):
        max_tokens: int | None = None

        def _generate(self, *arguments: Any, **more: Any) -> Any:
            limits.append(self.max_tokens)
            return super()._generate(*arguments, **more)

    long = SNIPPETS[0] + "\n# " + "x" * 500
    tool = import_paper_tool(written(tmp_path, paper_messages(snippets=[long, SNIPPETS[1]])), sandbox=sandbox)
    model = Noting(script=in_turn(snippet_for("g")), profile={"reasoning_output": False})
    create_tool_user(tool, model, sandbox=sandbox).invoke(NEW)
    assert limits[0] is not None
    assert limits[0] > len(long)


def test_a_snippet_that_is_not_python_goes_back_to_the_model_once(tmp_path: Path, sandbox: Sandbox) -> None:
    tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox)
    model = ScriptedChatModel(script=in_turn({"snippet": "ans = 'A"}, snippet_for("g")))
    assert create_tool_user(tool, model, sandbox=sandbox).invoke(NEW).text == "(A)"
    assert "snippet: Value error, this is not valid Python (line 1)" in str(model.prompts[1][-1].content)
    assert "this is not valid Python" in tool.as_tool(sandbox).invoke({"snippet": "ans = ("})


@pytest.mark.parametrize(
    ("snippet", "said"),
    [
        ("import os\nans = os.listdir('/')", "PermissionError"),
        ("ret = 1", "no answer into a variable `ans`"),
        ("ans == 3", "NameError"),
        ("ans = ", "SyntaxError"),  # where it is called without its schema
    ],
)
def test_a_snippet_is_held_by_the_sandbox(tmp_path: Path, sandbox: Sandbox, snippet: str, said: str) -> None:
    tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox)
    result = sandbox.call(tool.tool_source, {"snippet": snippet})
    assert result.failure
    assert said in result.failure.message


def test_a_snippet_changes_nothing_for_the_next_one(tmp_path: Path, sandbox: Sandbox) -> None:
    tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox)
    assert sandbox.call(tool.tool_source, {"snippet": "best = None\nans = 2"}).value == "(B)"
    assert sandbox.call(tool.tool_source, snippet_for("g")).value == "(A)"


def test_code_is_only_parsed_until_the_sandbox_has_it(tmp_path: Path, sandbox: Sandbox) -> None:
    hostile = "raise ValueError(7)\n"
    tool = import_paper_tool(written(tmp_path, paper_messages(function=hostile + FUNCTION)), sandbox=sandbox)
    assert not tool.report.verified
    assert all("while it was loaded" in (case.error or "") for case in tool.report.cases)
    snippets = [f"{hostile}ans = 'B'", SNIPPETS[1]]
    tool = import_paper_tool(written(tmp_path, paper_messages(snippets=snippets)), sandbox=sandbox)
    assert [case.passed for case in tool.report.cases] == [False, True]


@pytest.mark.parametrize("part", ["function", "snippets"])
def test_code_that_no_tool_may_have_is_refused(tmp_path: Path, part: str, sandbox: Sandbox) -> None:
    hostile: dict[str, Any] = {
        "function": {"function": f"open('witness', 'w').close()\n{FUNCTION}"},
        "snippets": {"snippets": ["ans = open('witness').read()", SNIPPETS[1]]},
    }
    with pytest.raises(ToolRecordError, match="line 1 uses 'open'"):
        import_paper_tool(written(tmp_path, paper_messages(**hostile[part])), sandbox=sandbox)


def test_a_snippet_of_a_request_is_checked_too_and_leaves_nothing_behind(tmp_path: Path, sandbox: Sandbox) -> None:
    function = f"KEPT = []\n{FUNCTION}"
    tool = import_paper_tool(written(tmp_path, paper_messages(function=function)), sandbox=sandbox)
    served = tool.as_tool(sandbox)
    assert "line 1 uses 'eval'" in served.invoke({"snippet": "ans = eval('1')"})
    assert "changes 'math.pi'" in served.invoke({"snippet": "import math\nmath.pi = 3\nans = 1"})
    counting = {"snippet": "KEPT.append(1)\nans = len(KEPT)"}
    assert [served.invoke(counting) for _ in range(2)] == ["(A)", "(A)"]
    assert [each.value for each in sandbox.batch(tool.tool_source, [counting] * 2)] == ["(A)", "(A)"]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (
            {"parameters": {"type": "object", "properties": {"snippet": {"type": "string"}}}},
            "not declared as Python",
        ),
        ({"source": "def sort_words(words): exec(words)\n", "entry": "sort_words"}, "line 1 uses 'exec'"),
    ],
)
def test_a_record_cannot_pass_for_a_tool_of_the_paper(
    tmp_path: Path, part: dict[str, Any], told: str, sandbox: Sandbox
) -> None:
    tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox)
    other = MadeTool.model_validate(tool.model_dump() | {"id": ""} | part)
    with pytest.raises(ToolRecordError, match=told):
        _ = other.tool_source


def test_names_that_are_taken_are_not_hidden(tmp_path: Path) -> None:
    messages = paper_messages(function=FUNCTION + "\n\ndef run_snippet(x):\n    return x\n")
    proposal = paper_proposal(read_paper_file(written(tmp_path, messages)))
    assert proposal.entry == "run_snippet_"


@pytest.mark.parametrize("write", [write_skill, write_python, write_langchain])
def test_what_runs_text_is_not_let_out_of_the_sandbox(tmp_path: Path, sandbox: Sandbox, write: Any) -> None:
    tool = import_paper_tool(written(tmp_path, paper_messages()), sandbox=sandbox)
    with pytest.raises(ToolRecordError, match="calls compile, so outside of the sandbox"):
        write(tool, tmp_path / "out")


def test_the_spaces_of_dyck_languages(tmp_path: Path) -> None:
    paper = read_paper_file(written(tmp_path, paper_messages(), "dyck_languages.json"))
    examples = [Example(question="Complete the rest. Input: ( [ <", answer="> ] )")]
    assert unseen_examples(paper, examples) == [Example(question="Complete the rest. Input: ([<", answer=">])")]


def without(field: str) -> list[Any]:
    messages = paper_messages()
    del messages[2][field]
    return messages


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"examples": []}', "must be a list of messages"),
        ("[]", "must be a list of messages"),
        ("[1]", "message 1: the field 'role'"),
        (without("content"), "message 3: the field 'content' is missing"),
        (without("role"), "message 3: the field 'role' is missing"),
        ([{"role": "assistant", "content": 3}], "message 1: the field 'content'"),
        (paper_messages()[:-1], "message 7: the field 'role' must be 'assistant'"),
        ([{"role": "assistant", "content": "Sorry."}], "has no ```python block"),
        (paper_messages(function="x = 1\n"), "defines no function"),
        (paper_messages(function="def f(:\n"), "the function is not valid Python"),
        (paper_messages(function="def f():\n" + "    x = 1\n" * 3000), "more than 20,000 characters"),
        (paper_messages(snippets=["ans = (", SNIPPETS[1]]), "use case 1: the snippet is not valid Python"),
        (paper_messages(answers={"Another question?": "yes"}), "use case 1: the answer is missing"),
        ([*paper_messages()[:-1], {"role": "assistant", "content": f"```python\n{FUNCTION}```"}], "has no use case"),
    ],
)
def test_what_is_not_in_this_form(tmp_path: Path, messages: Any, said: str) -> None:
    with pytest.raises(ToolRecordError, match=r"word_choice\.json") as caught:
        read_paper_file(written(tmp_path, messages))
    assert said in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolRecordError, match="No such file"):
        read_paper_file(tmp_path / "none.json")


@pytest.mark.skipif(not (SHARED / "latm_tools").is_dir(), reason="the authors' published tools are not on this machine")
@pytest.mark.parametrize("name", PUBLISHED)
def test_all_published_tools_run_as_they_are(sandbox: Sandbox, name: str) -> None:
    tool = import_paper_tool(SHARED / "latm_tools" / f"{name}.json", sandbox=sandbox)
    assert len(tool.report.cases) == 3
    assert tool.report.verified, [case for case in tool.report.cases if not case.passed]


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    written(tmp_path, paper_messages())
    return command_line(monkeypatch, capsys)


IMPORT = ("tools", "import", "--format", "latm-paper", "word_choice.json")


@pytest.mark.slow
def test_from_the_command_line(latm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told, said = latm(*IMPORT, "--json")
    assert code == 0
    assert json.loads(told)["kept"] is True
    assert "2 of 2 of its own examples right" in said
    assert json.loads(latm("tools", "show", "word_choice", "--json")[1])["entry"] == "run_snippet"
    code, _, said = latm(*IMPORT)
    assert code == 2
    assert "already" in said
    assert latm(*IMPORT, "--replace")[0] == 0

    Path("more.jsonl").write_text(json.dumps({"question": NEW, "answer": "(A)"}))
    model = ScriptedChatModel(script=in_turn({"snippet": "ans = 2"}))
    monkeypatch.setattr("langchain_latm.resolve_model", lambda _: model)
    more = (*IMPORT, "--replace", "--user", "light", "--examples", "more.jsonl")
    code, told, said = latm(*more, "--json")
    assert code == 1
    assert json.loads(told)["kept"] is False
    assert "0 of 1 of further examples right" in said
    assert "gave '(B)', not '(A)'" in said
    assert latm(*more, "--unproven")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*IMPORT, "--user", "local"), "give both or neither"),
        (("tools", "import", "--user", "local", "word_choice.json"), "latm-paper"),
        (("tools", "import", "word_choice.json"), "not a usable export"),
        ((*IMPORT[:-1], "none.json"), "No such file"),
        ((*IMPORT, "--user", "local", "--examples", "word_choice.json"), "word_choice.json"),
    ],
)
def test_bad_usage_is_reported(latm: Run, words: tuple[str, ...], said: str) -> None:
    done = latm(*words)
    assert (done[0], done[1]) == (2, "")
    assert said in done[2]
    assert "Traceback" not in done[2]
