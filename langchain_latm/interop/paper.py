"""Imports tools that the LATM paper's authors published. Each file is the conversation in which GPT-4 made the tool.

`langchain_latm.making.paper.snippet` describes the format.

Source: https://github.com/ctlllll/LLM-ToolMaker (tools/*.json, tooluser.ipynb)
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Flow, flow_runnable
from langchain_latm.interop.paper_format import PaperTool, read_paper_file
from langchain_latm.making.memorising import hard_coded_answers
from langchain_latm.making.paper.snippet import normalized_question, paper_proposal, tried_uses, worked_uses
from langchain_latm.making.verification import tried
from langchain_latm.making.wrapping import provenance
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import ExactCheck
from langchain_latm.tools.arguments_reader import ArgumentsReader
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, TokenUsage, VerificationReport

__all__ = ["import_paper_tool", "paper_proposal", "unseen_examples"]

_CHECK = ExactCheck()


def import_paper_tool(
    path: str | Path,
    *,
    sandbox: Sandbox,
    user: str | Runnable[Any, Any] | None = None,
    examples: Sequence[Example] = (),
    limit: int | None = None,
) -> MadeTool:
    """Make a tool from a file that the paper's authors published, and prove it again.

    The snippets of its worked examples run unchanged. With a model, further examples are answered as later requests
    will be. The report holds all of them, right or wrong: check `report.verified`.

    Args:
        path: The file; its name becomes the tool's.
        sandbox: Where its code runs.
        user: Writes the snippets for `examples`: `"local"`, a name that `init_chat_model` takes, or a chat model.
        examples: Further solved examples; examples that the making used are left out.
        limit: Maximum number of the remaining examples.

    Raises:
        ToolRecordError: The file is not in this format; the text names file and field.
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    paper = read_paper_file(Path(path))
    model = None if user is None else late_model(user)
    proposal = paper_proposal(paper)
    worked = worked_uses(paper)
    start = time.perf_counter()

    def prove(_: None) -> Flow[tuple[VerificationReport, TokenUsage]]:
        cases, unstable = yield from tried_uses(sandbox, proposal, _CHECK, paper.cases)
        known = [Example(question=case.question, answer=case.answer) for case in paper.cases]
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
            hard_coded=hard_coded_answers(paper.functions, known, unseen),
            complete=True,
        )
        return report, usage

    report, usage = flow_runnable(prove, name=f"import_{paper.name}").invoke(None)
    return MadeTool(
        name=paper.name,
        **proposal.model_dump(exclude={"parser"}),
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


def unseen_examples(paper: PaperTool, examples: Sequence[Example]) -> list[Example]:
    """Return the examples that were not used in the making.

    For `dyck_languages` the authors removed the spaces from all sequences and answers; their function accepts none.
    """
    if paper.name.startswith("dyck_languages"):
        examples = [_without_spaces(example) for example in examples]
    return [example for example in examples if normalized_question(example.question) not in paper.seen]


def _without_spaces(example: Example) -> Example:
    intro, mark, sequence = example.question.partition("Input: ")
    answer = example.answer.replace(" ", "") or example.answer
    return Example(question=intro + mark + sequence.replace(" ", ""), answer=answer)
