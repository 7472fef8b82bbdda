"""Tools in the form that the LATM paper's authors published: the conversation in which GPT-4 made one, as JSON.

There a light model does not fill in arguments: it writes a snippet that calls the function and puts the answer into a
variable (paper, section 3.2). That form is kept, since some functions take what no JSON can say, such as lambdas. The
imported tool is an ordinary one: its function takes the snippet as text and runs it, inside of the sandbox.

Source: https://github.com/ctlllll/LLM-ToolMaker (tools/*.json, tooluser.ipynb)
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._arguments_model import PYTHON
from langchain_latm._flow import Flow, flow_runnable
from langchain_latm._source import parse_source
from langchain_latm.answer_check import ExactCheck
from langchain_latm.arguments_reader import ArgumentsReader, Reading
from langchain_latm.interop._paper_file import PaperTool, form_of, read_paper_file
from langchain_latm.made_tool import MadeTool
from langchain_latm.models import model_name, resolve_model
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tool_maker.verification import hard_coded_answers, tried
from langchain_latm.tool_maker.wrapping import provenance
from langchain_latm.types import (
    Example,
    TokenUsage,
    ToolProposal,
    VerificationReport,
    WorkedExample,
)

_SNIPPET = (
    "Python statements: read the values off the question, call the function, and put the answer into the variable "
    "`ans`, as in the examples."
)
_CHECK = ExactCheck()

# Its last lines do what the authors' tool user does after it ran a snippet (`get_ans`, `get_option`).
_WRAPPER = """\
def {entry}(snippet: str) -> str:
    {docstring}
    import re

    names = dict(globals())
    exec(compile(snippet, "<snippet>", "exec"), names)
    variables = re.findall(r"^\\s*(ans\\w*)\\s*=(?!=)", snippet, re.MULTILINE)
    if not variables:
        raise ValueError("the snippet puts no answer into a variable `ans`")
    answer = names[variables[-1]]
{conversion}    return str(answer)
"""
_TO_AN_OPTION = """\
    if isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= 26:
        answer = chr(ord("A") + answer - 1)
    if isinstance(answer, str) and re.fullmatch("[A-Z]", answer):
        answer = f"({answer})"
"""
_TO_A_SPAN = """\
    if isinstance(answer, (list, tuple)):
        answer = " - ".join(str(part) for part in answer)
"""


def import_paper_tool(
    path: str | Path,
    *,
    sandbox: Sandbox,
    user: str | Runnable[Any, Any] | None = None,
    examples: Sequence[Example] = (),
    limit: int | None = None,
) -> MadeTool:
    """Make a tool of a file that the paper's authors published, and prove it again.

    The snippets of its worked examples are run as they stand. With a model the further examples are answered as later
    requests will be. All of that is in the report, right or wrong: look at `report.verified`.

    Args:
        path: The file; its name becomes the tool's.
        sandbox: Where everything of it runs.
        user: Writes the snippets for `examples`: `"local"`, a name that `init_chat_model` takes, or a chat model.
        examples: Further questions with known answers. Those that were used in the making are left out.
        limit: Take only as many of the others, the first ones.

    Raises:
        ToolRecordError: The file is not in this form; the text names file and field.
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    paper = read_paper_file(Path(path))
    model = None if user is None else resolve_model(user)
    proposal = paper_proposal(paper)
    worked = tuple(
        WorkedExample(question=case.question, arguments={"snippet": case.snippet}, answer=case.answer)
        for case in paper.cases
    )
    start = time.perf_counter()

    def prove(_: None) -> Flow[tuple[VerificationReport, TokenUsage]]:
        given = [Reading({"snippet": case.snippet}, None, "", TokenUsage()) for case in paper.cases]
        known = [Example(question=case.question, answer=case.answer) for case in paper.cases]
        cases, unstable = yield from tried(sandbox, proposal, _CHECK, known, given, role="demonstration")
        unseen = [] if model is None else unseen_examples(paper, examples)[:limit]
        usage = TokenUsage()
        if model is not None and unseen:
            reader = ArgumentsReader(proposal, model, worked_examples=worked)
            readings = yield from reader.read([example.question for example in unseen])
            usage = sum((reading.usage for reading in readings), usage)
            further, shaky = yield from tried(sandbox, proposal, _CHECK, unseen, readings, role="validation")
            cases, unstable = cases + further, unstable + shaky
        report = VerificationReport(
            cases=tuple(cases),
            unstable=tuple(dict.fromkeys(unstable)),
            hard_coded=hard_coded_answers(paper.functions, [*known, *unseen]),
            complete=True,
        )
        return report, usage

    report, usage = flow_runnable(prove, name=f"import_{paper.name}").invoke(None)
    return MadeTool(
        name=paper.name,
        description=proposal.description,
        parameters=proposal.parameters,
        source=proposal.source,
        entry=proposal.entry,
        worked_examples=worked,
        check=_CHECK,
        report=report,
        provenance=provenance(
            maker_model="gpt-4 (published with the LATM paper)",
            user_model="none" if model is None else model_name(model),
            attempts=paper.attempts,
            candidates=paper.attempts,
            usage={"verification": usage},
            seconds=time.perf_counter() - start,
        ),
    )


def paper_proposal(paper: PaperTool) -> ToolProposal:
    """Join the authors' functions with one that runs a snippet which calls them.

    Its docstring holds the functions, as the paper's prompt does: the light model sees a tool's signature only. Answers
    are converted as the worked examples show them: to the letter of an option, or to a span of two times.
    """
    entry = "run_snippet"
    while entry in paper.functions:
        entry += "_"
    docstring = (
        "Run a Python snippet that calls the function below, and return what it put into the variable `ans`.\n\n"
        f"    ```python\n{_indented(paper.functions)}    ```\n\n"
        f"    Args:\n        snippet: {_SNIPPET}\n    "
    )
    answers = [case.answer for case in paper.cases]
    conversion = _TO_AN_OPTION if all(re.fullmatch(r"\([A-Z]\)", answer) for answer in answers) else ""
    conversion += _TO_A_SPAN if any(" - " in answer for answer in answers) else ""
    wrapper = _WRAPPER.format(entry=entry, docstring=repr(docstring), conversion=conversion)
    return ToolProposal(
        source=f"{paper.functions}\n\n{ast.unparse(parse_source(wrapper))}\n",
        entry=entry,
        description=f"Answers questions of the kind {paper.name} by a Python snippet that calls {paper.function_name}.",
        parameters={
            "type": "object",
            "properties": {"snippet": {"type": "string", "contentMediaType": PYTHON, "description": _SNIPPET}},
            "required": ["snippet"],
            "additionalProperties": False,
        },
    )


def unseen_examples(paper: PaperTool, examples: Sequence[Example]) -> list[Example]:
    """Return the examples that played no part in the making.

    For `dyck_languages` the authors took the spaces out of every sequence and answer, and their function takes none.
    """
    if paper.name.startswith("dyck_languages"):
        examples = [_without_spaces(example) for example in examples]
    return [example for example in examples if form_of(example.question) not in paper.seen]


def _without_spaces(example: Example) -> Example:
    told, mark, sequence = example.question.partition("Input: ")
    answer = example.answer.replace(" ", "") or example.answer
    return Example(question=told + mark + sequence.replace(" ", ""), answer=answer)


def _indented(text: str) -> str:
    return "".join(f"    {line}" for line in text.splitlines(keepends=True))
