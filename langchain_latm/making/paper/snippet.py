"""Tools as in the paper: a function, and worked uses from a question to a snippet of code that calls the function.

In the paper, a light model does not fill in arguments: it writes a snippet that calls the function and assigns the
answer to a variable (section 3.2). Snippets are kept, since some functions take arguments that are not JSON, such as
lambdas. The result is an ordinary tool: its function takes the snippet as text and runs it inside the sandbox. This
module only parses the code.

Source: https://github.com/ctlllll/LLM-ToolMaker (toolmaker.ipynb, tooluser.ipynb)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_latm._core.flow import Flow
from langchain_latm._core.source import parse_source
from langchain_latm.making.verification import tried
from langchain_latm.sandbox.base import FailureKind, Sandbox, ToolSource
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.arguments_model import PYTHON
from langchain_latm.tools.arguments_reader import Reading
from langchain_latm.tools.gate.gate import RefusedSourceError, check_code
from langchain_latm.tools.gate.snippet_runner import snippet_runner
from langchain_latm.tools.user import run_tool
from langchain_latm.types import Example, TokenUsage, ToolProposal, VerificationCase, WorkedExample

_MAX_CODE = 20_000

_BLOCK = re.compile(r"```python\n(.*?)\n?```", re.DOTALL)
# Each part starts at its label and ends before the next one, so that the pattern never backtracks far.
_CASE = re.compile(
    r"Question:(?P<question>(?:(?!Question:).)*?)\n[ \t]*Solution:\s*```python\n(?P<snippet>.*?)\n?```", re.DOTALL
)

_SNIPPET = (
    "Python statements: read the values off the question, call the function, and put the answer into the variable "
    "`ans`, as in the examples."
)

# The authors run the code as the main program of a notebook, so a block below `if __name__ == "__main__":` must run and
# `dataclasses` must find its module.
_PROGRAM = ToolSource(
    entry="run_program",
    source='''\
def run_program(code: str) -> None:
    """Run a program."""
    import sys
    import types

    try:
        program = compile(code, "<code>", "exec")
    except SyntaxError as error:
        raise SyntaxError(str(error)) from None  # of its own text the sandbox leaves out the line
    module, before = types.ModuleType("__main__"), sys.modules.get("__main__")
    sys.modules["__main__"] = module
    try:
        exec(program, module.__dict__)
    finally:
        if before is None:
            sys.modules.pop("__main__", None)
        else:
            sys.modules["__main__"] = before
''',
)


class WrappingError(ValueError):
    """A text that is not a wrapped tool."""


@dataclass(frozen=True)
class PaperCase:
    """A use of the function, as the light model sees it. The answer is empty if the maker omitted it."""

    question: str
    snippet: str
    answer: str


@dataclass(frozen=True)
class WrappedTool:
    """A wrapped tool, as the light model sees it.

    Attributes:
        name: The tool's name.
        functions: The code, with its imports.
        function_name: The last function in the code, which the snippets call.
        cases: The uses of the function.
    """

    name: str
    functions: str
    function_name: str
    cases: tuple[PaperCase, ...]


def normalized_question(question: str) -> str:
    """Remove the characters that GPT-4 changed when it copied questions: line breaks, points and a closing bracket."""
    return re.sub(r"[\s.]+|\)$", "", question)


def read_wrapping(name: str, text: str) -> WrappedTool:
    """Read a maker's wrapping: a block with the function, then its uses.

    Raises:
        WrappingError: The text has another structure.
    """
    block = _BLOCK.search(text)
    if block is None:
        raise WrappingError("the reply has no ```python block with the function")
    functions = _code("the function", block[1])
    names = [node.name for node in parse_source(functions).body if isinstance(node, ast.FunctionDef)]
    if not names:
        raise WrappingError("the first ```python block defines no function")
    cases = [_case(number, found) for number, found in enumerate(_CASE.finditer(text, block.end()), 1)]
    if not cases:
        raise WrappingError("the reply has no use case (Question: ... Solution: ```python ...)")
    return WrappedTool(name=name, functions=functions, function_name=names[-1], cases=tuple(cases))


def paper_proposal(tool: WrappedTool) -> ToolProposal:
    """Join the maker's functions with a function that runs a snippet which calls them.

    The docstring of that function contains the maker's functions, like the paper's prompt, since the light model sees
    only a tool's signature. Answers are converted as in the worked examples: to the letter of an option, or to a span
    of two times.
    """
    entry = "run_snippet"
    while entry in tool.functions:
        entry += "_"
    docstring = (
        "Run a Python snippet that calls the function below, and return what it put into the variable `ans`.\n\n"
        f"    ```python\n{_indented(tool.functions)}    ```\n\n"
        f"    Args:\n        snippet: {_SNIPPET}\n    "
    )
    answers = [case.answer for case in tool.cases]
    runner = snippet_runner(
        entry,
        docstring,
        to_option=all(re.fullmatch(r"\([A-Z]\)", answer) for answer in answers),
        to_span=any(" - " in answer for answer in answers),
    )
    return ToolProposal(
        source=f"{tool.functions}\n\n{runner}",
        entry=entry,
        description=f"Answers questions of the kind {tool.name} by a Python snippet that calls {tool.function_name}.",
        parameters={
            "type": "object",
            "properties": {"snippet": {"type": "string", "contentMediaType": PYTHON, "description": _SNIPPET}},
            "required": ["snippet"],
            "additionalProperties": False,
        },
    )


def worked_uses(tool: WrappedTool) -> tuple[WorkedExample, ...]:
    """Turn the uses, right or wrong, into the tool user's few-shot examples."""
    return tuple(
        WorkedExample(question=case.question, arguments={"snippet": case.snippet}, answer=case.answer)
        for case in tool.cases
    )


def tried_uses(
    sandbox: Sandbox, proposal: ToolProposal, check: AnswerCheck, cases: Sequence[PaperCase]
) -> Flow[tuple[list[VerificationCase], list[str]]]:
    """Run the snippets unchanged, and compare their values with the answers (see `tried`)."""
    given = [Reading({"snippet": case.snippet}, None, "", TokenUsage()) for case in cases]
    known = [Example(question=case.question, answer=case.answer) for case in cases]
    return (yield from tried(sandbox, proposal, check, known, given, role="demonstration"))


def program_error(sandbox: Sandbox, code: str) -> Flow[str | None]:
    """Run a program in the sandbox, and return its error; None if it finished.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    (result,) = yield from run_tool(sandbox, _PROGRAM, [{"code": code}])
    failure = result.failure
    if failure is None:
        return None
    return str(failure.message) if failure.kind is FailureKind.EXCEPTION else f"{failure.kind.value}: {failure.message}"


def _case(number: int, found: re.Match[str]) -> PaperCase:
    question, _, answer = found["question"].strip().partition("\nAnswer:")
    snippet = _code(f"use case {number}: the snippet", found["snippet"]).rstrip()
    return PaperCase(question.strip(), snippet, answer.strip())


def _code(what: str, code: str) -> str:
    """Return the code if the gate admits it.

    Raises:
        WrappingError: The code is too long, or the gate rejects it.
    """
    if len(code) > _MAX_CODE:
        raise WrappingError(f"{what} has more than {_MAX_CODE:,} characters")
    try:
        check_code(code, what)
    except RefusedSourceError as error:
        raise WrappingError(str(error)) from error
    return code.strip() + "\n"


def _indented(text: str) -> str:
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))
