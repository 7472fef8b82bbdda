"""The paper's own method of making a tool, as a baseline: as its authors published it, with their numbers.

One conversation with the maker, which keeps all of its replies:

    proposing     three demonstrations -> a function; its errors go back to the maker, three tries in all
    verification  three more examples -> unit tests; their errors go back to the maker, three tries in all
    wrapping      the function and its uses, question -> snippet, summed up by the maker: one try

Only the maker's own tests decide whether a tool is right. If they assert nothing, a wrong function passes. The maker
sees the examples on which it is tested, and the wrapped tool is not checked again.

Source: section 3.1 of the paper, and https://github.com/ctlllll/LLM-ToolMaker (toolmaker.ipynb)
"""

from __future__ import annotations

import ast
import re
import time
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Compute, Flow, flow_runnable
from langchain_latm._core.source import parse_source
from langchain_latm.exceptions import TaskError, ToolMakingError
from langchain_latm.making.memorising import hard_coded_answers
from langchain_latm.making.paper.prompts import PAPER_FAILED, PAPER_PROPOSING, PAPER_TESTING, PAPER_WRAPPING
from langchain_latm.making.paper.snippet import (
    WrappedTool,
    WrappingError,
    normalized_question,
    paper_proposal,
    program_error,
    read_wrapping,
    tried_uses,
    worked_uses,
)
from langchain_latm.making.proposing import MAX_SOURCE_CHARACTERS
from langchain_latm.making.wrapping import installed_versions, provenance
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_error
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.models.replies import reply_text
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.prompts import examples_text
from langchain_latm.types import Attempt, Candidate, Stage, Task, TokenUsage, VerificationReport

# The authors' numbers: with others, this would not be their method.
SAMPLES = 3
"""Demonstrations in the first prompt, and validation examples in the second."""
TRIES = 3
"""Maximum number of replies in proposing, and again in verification."""
TEMPERATURE = 0.3
MAX_TOKENS = 2048

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def create_paper_maker(
    maker_model: str | Runnable[Any, Any],
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    sandbox: Sandbox,
) -> Runnable[Task, MadeTool]:
    """Create the Runnable that makes a tool like the paper's authors (section 3.1), as a baseline.

    The maker sees the first three demonstrations and the first three validation examples of a task, with their
    answers; the rest of the task, including its description, does not enter the prompts. The tool works like the
    paper's: its user writes a snippet that calls the function (`langchain_latm.making.paper.snippet`).

    The harness decides nothing in this making. The report contains the results of the wrapped uses, right or wrong:
    their snippets were run and compared with the known answers (see `report.verified`). It is complete if each
    validation example that was shown has a use. The maker saw every example in it, so it proves less than the report
    of `create_tool_maker`.

    Differences from the authors' notebook: code runs in the sandbox, with its limits and modules; a reply that defines
    no function is an error that is reported to the maker; three failures end the making; the last reply of the
    proposing occurs in the conversation once, not twice. A use of a question that is not in the task is left out, since
    its answer is unknown; if there are as many uses as questions, they are matched by position as well as by wording.

    Args:
        maker_model: The model that writes everything: `"local"`, a name that `init_chat_model` takes, or a chat model.
        user_model: The model that will use the tool. Default: the maker's model. It is not called, only recorded.
        sandbox: Where all generated code runs. The caller closes it.

    Returns:
        A Runnable from a task to a tool; sync, async, batch. `stream` yields the tool.

    Raises:
        ModelError: A model cannot be named or set up. The Runnable raises it if a model cannot be reached.
        ToolMakingError: The Runnable found no function in three tries, no passing tests in three tries, or no usable
            wrapping. `attempts` holds every reply, in order.
        SandboxError: The sandbox itself failed while the Runnable ran.
    """
    maker = late_model(maker_model)
    user = maker if user_model is None else late_model(user_model)

    def make(task: Task) -> Flow[MadeTool]:
        if task.typed:
            raise TaskError(
                f"{task.name}: the paper's method makes tools from questions; use create_tool_maker for inputs"
            )
        start = time.perf_counter()
        making = _Making(maker, sandbox, task)
        functions = yield from making.propose()
        yield from making.test(functions)
        wrapped = yield from making.wrap()
        proposal = paper_proposal(wrapped)
        report = yield from making.report(wrapped)
        tries = making.usage["proposing"].calls
        yield Compute(installed_versions)
        return MadeTool(
            name=task.name,
            **proposal.model_dump(exclude={"parser"}),
            worked_examples=worked_uses(wrapped),
            check=task.check,
            report=report,
            provenance=provenance(
                maker_model=model_name(maker),
                user_model=model_name(user),
                attempts=tries,
                candidates=tries,
                usage=making.usage,
                seconds=time.perf_counter() - start,
            ),
        )

    return flow_runnable(make, name="paper_tool_maker")


class _Making:
    """One conversation with the maker, and its tokens."""

    def __init__(self, maker: Runnable[Any, Any], sandbox: Sandbox, task: Task) -> None:
        self._model, self._maker = maker, asking(maker, temperature=TEMPERATURE, max_tokens=MAX_TOKENS)
        self._sandbox, self._task = sandbox, task
        self._shown, self._samples = task.demonstrations[:SAMPLES], task.validation[:SAMPLES]
        self._conversation: list[BaseMessage] = []
        self._attempts: list[Attempt] = []
        self.usage: dict[Stage, TokenUsage] = {}

    def propose(self) -> Flow[str]:
        """Ask for a function until one runs without an error."""
        self._say(PAPER_PROPOSING, demonstrations=examples_text(self._shown))
        error = None
        for _ in range(TRIES):
            code = _code_in((yield from self._ask("proposing")))
            error = (yield from program_error(self._sandbox, code)) or _missing_function(code)
            self._note(error)
            if error is None:
                return code
            self._say(PAPER_FAILED, what="The function", error=error)
        raise self._failure(f"in {TRIES} tries, the maker wrote no function that runs. The last error: {error}")

    def test(self, functions: str) -> Flow[None]:
        """Ask for tests until they pass; the function is not changed."""
        self._say(PAPER_TESTING, samples=examples_text(self._samples))
        error = None
        for _ in range(TRIES):
            tests = _code_in((yield from self._ask("verification")))
            error = yield from program_error(self._sandbox, f"{functions}\n{tests}")
            self._note(error)
            if error is None:
                return
            self._say(PAPER_FAILED, what="The tests of the function", error=error)
        raise self._failure(f"the maker's own tests never passed in {TRIES} tries. The last error: {error}")

    def wrap(self) -> Flow[WrappedTool]:
        """Ask for the function and its uses, from which the tool is made."""
        self._say(PAPER_WRAPPING)
        reply = yield from self._ask("verification")
        try:
            wrapped = self._with_known_answers(read_wrapping(self._task.name, reply))
        except WrappingError as error:
            self._note(str(error))
            raise self._failure(f"the maker did not wrap up its tool: {error}") from error
        return wrapped

    def report(self, wrapped: WrappedTool) -> Flow[VerificationReport]:
        """Run the wrapped uses. The paper has no such step: it only reports, and decides nothing."""
        cases, unstable = yield from tried_uses(self._sandbox, paper_proposal(wrapped), self._task.check, wrapped.cases)
        return VerificationReport(
            cases=tuple(cases),
            unstable=tuple(dict.fromkeys(unstable)),
            hard_coded=hard_coded_answers(wrapped.functions, self._shown, self._samples),
            complete={sample.question for sample in self._samples} <= {case.question for case in wrapped.cases},
        )

    def _with_known_answers(self, wrapped: WrappedTool) -> WrappedTool:
        """Replace the questions and answers of the uses by the task's: makers miscopy questions and omit answers.

        Raises:
            WrappingError: No use has a question of the task.
        """
        known = {normalized_question(example.question): example for example in (*self._shown, *self._samples)}
        in_order = self._samples if len(wrapped.cases) == len(self._samples) else ()
        found = [
            (case, known.get(normalized_question(case.question)) or (in_order[place] if in_order else None))
            for place, case in enumerate(wrapped.cases)
        ]
        cases = tuple(
            replace(case, question=example.question, answer=example.answer) for case, example in found if example
        )
        if not cases:
            raise WrappingError("the reply has no use case of a question that was asked")
        return replace(wrapped, cases=cases)

    def _say(self, template: ChatPromptTemplate, **values: str) -> None:
        self._conversation += template.format_messages(**values)

    def _ask(self, stage: Stage) -> Flow[str]:
        (reply,) = yield Calls(self._maker, [list(self._conversation)])
        if isinstance(reply, Exception):
            raise model_error(reply, self._model) from reply
        spent = TokenUsage.of(reply)
        self.usage[stage] = self.usage.get(stage, TokenUsage()) + spent
        text = reply_text(reply).replace("\r\n", "\n")
        self._conversation.append(AIMessage(text or "(nothing)"))  # providers reject an empty message
        return text

    def _note(self, refusal: str | None) -> None:
        """Record the last reply as an attempt."""
        reply = str(self._conversation[-1].text)[:MAX_SOURCE_CHARACTERS]
        candidate = Candidate(reply=reply, temperature=TEMPERATURE, refusal=refusal)
        self._attempts.append(Attempt(number=len(self._attempts) + 1, candidates=(candidate,)))

    def _failure(self, message: str) -> ToolMakingError:
        return ToolMakingError(message, attempts=tuple(self._attempts), usage=dict(self.usage))


def _code_in(reply: str) -> str:
    """Join all blocks of a reply, since the authors run all of them."""
    return "\n\n".join(_BLOCK.findall(reply))


def _missing_function(code: str) -> str | None:
    """Return an error for code that runs but defines no function."""
    try:
        body = parse_source(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # the sandbox may have a newer Python
        return str(error)
    if any(isinstance(node, ast.FunctionDef) for node in body):
        return None
    return "there is no function in a ```python block"
