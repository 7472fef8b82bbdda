"""The stages from a tool with known mistakes to its next version: try, make, add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.runnables import Runnable
from langgraph.config import get_stream_writer

from langchain_latm._core.flow import Calls, Flow, Run
from langchain_latm.exceptions import LATMError, TaskError, ToolMakingError
from langchain_latm.loop.counterexamples import counterexamples, summary, unproven
from langchain_latm.making.maker import ToolMaker
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.instances import (
    Instance,
    failed_making,
    most_trusted,
    shown_first,
    with_counterexamples,
)
from langchain_latm.tools.library.loop_operations import LoopOperations
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Stage, Task, TokenUsage, ToolName, Value, VerificationCase

_CLAIM_SECONDS = 60.0
_LEAST_KNOWN = 2


class Remaking(Value):
    """The result of remaking a tool.

    Attributes:
        name: The tool's name.
        before: The id of the version before.
        known: The number of requests with a known answer.
        counterexamples: Those that the version before got wrong, with the outcome of each.
        tool: The new version, which is in the library; None if there was nothing to learn.
        reason: Why there is a new version, as in the history, or why there is none.
        usage: Tokens by stage; `"using"` is for trying the version before.
    """

    name: ToolName
    before: str
    known: int
    counterexamples: tuple[VerificationCase, ...]
    tool: MadeTool | None = None
    reason: str
    usage: dict[Stage, TokenUsage]


class RemakingEvent(Value):
    """One line of progress.

    Attributes:
        stage: The current stage; trying the version before is `"using"`.
        message: For a person.
        attempt: Number of the maker's attempt, from 1; 0 before the first.
        remaking: The result, in the last event of a stream.
    """

    stage: Literal["using", "proposing", "verification", "wrapping"]
    message: str
    attempt: int = 0
    remaking: Remaking | None = None


@dataclass(frozen=True)
class RemakingStages:
    """The stages as one flow; `create_tool_remaker` documents most fields."""

    operations: LoopOperations
    maker: ToolMaker
    user: Runnable[Any, Any]
    sandbox: Sandbox
    demonstrations: int
    check: AnswerCheck | None
    force: bool
    models: dict[Stage, str]

    def remake(self, state: dict[str, Any]) -> Flow[dict[str, Any]]:
        """Make a new version of the tool that `state` names."""
        tool = yield from self.operations.library.last_version(state["name"])
        known = yield from self.operations.known(tool)
        # The requests of a retired tool wait under these ids too, so that the loop does not make it at the same time.
        claims, ids = Claims(self.operations.library, _CLAIM_SECONDS), [each.id for each in known]
        claim = yield from claims.take(ids)
        if claim is None:
            raise ToolMakingError(f"a new version of {tool.name} is being made elsewhere", attempts=(), usage={})
        try:
            (remaking,) = yield claims.kept(claim, ids, Run(self._made(tool, most_trusted(known, {}))))
            if remaking.tool is not None:
                ours = yield from claims.hold(claim, ids)
                yield from self._keep(remaking.tool, remaking.reason, known, ours=ours)
        except Exception:
            yield from claims.try_release(claim)
            raise
        yield from claims.try_release(claim)
        return {"remaking": remaking.model_dump(mode="json")}

    def _made(self, tool: MadeTool, known: Sequence[Instance]) -> Flow[Remaking]:
        """Find the counterexamples, and make a version that gets them right."""
        check = self.check or tool.stored_check
        if beside := len(unproven(tool, known)):
            _tell(f"trying {tool.name} ({tool.id[:12]}) on {_requests(beside)} besides those that proved it")
        user = create_tool_user(tool, self.user, sandbox=self.sandbox)
        wrong, usage = yield from counterexamples(tool, user, known, check)
        for case in wrong:
            _tell(f"wrong: {summary(case)}")
        spent: dict[Stage, TokenUsage] = {"using": usage} if usage.calls else {}
        reason = _reason(tool, wrong, len(known), force=self.force)
        remaking = Remaking(
            name=tool.name, before=tool.id, known=len(known), counterexamples=wrong, reason=reason, usage=spent
        )
        if not wrong and not self.force:
            return remaking
        marked = with_counterexamples(known, [case.question for case in wrong])
        (made,) = yield Calls(self.maker, [_task(remaking, tool, shown_first(marked), self.demonstrations, check)])
        if isinstance(made, ToolMakingError):
            all_spent = {**spent, **made.usage}
            made = ToolMakingError(
                str(made), attempts=made.attempts, usage=all_spent, seconds=made.seconds, makers=made.makers
            )
            yield from self._note(tool.name, str(made), made.usage, made.makers)
        if isinstance(made, Exception):
            raise made
        made = _with_usage(made, {**spent, **made.provenance.usage})
        return remaking.model_copy(update={"tool": made, "usage": made.provenance.usage})

    def _keep(self, tool: MadeTool, reason: str, known: Sequence[Instance], *, ours: bool) -> Flow[None]:
        """Replace the version before by the new one; its waiting instances are used up."""
        if not ours:
            why = f"a new version of {tool.name} was made elsewhere in the meantime"
            yield from self._note(tool.name, why, tool.provenance.usage, tool.provenance.makers)
            raise ToolMakingError(why, attempts=(), usage=tool.provenance.usage)
        yield from self.operations.library.add(tool, reason)
        with suppress(LATMError):  # the new version is stored; instances that still wait do no harm
            yield from self.operations.forget_waiting(known)

    def _note(
        self, name: str, why: str, usage: dict[Stage, TokenUsage], makers: Mapping[str, TokenUsage]
    ) -> Flow[None]:
        """Store the cost of a failed making for the accounts.

        The instances are left out: they would delay a making by the loop, perhaps with other models.
        """
        with suppress(LATMError):  # the error of the making matters more
            failed = failed_making(name, (), why, usage, self.models, makers=makers)
            yield from self.operations.record_failure(failed)


def _task(
    remaking: Remaking, tool: MadeTool, known: Sequence[Instance], demonstrations: int, check: AnswerCheck
) -> Task:
    """Return the task of the next version: the description is kept only from a version that was right."""
    if len(known) < _LEAST_KNOWN:
        raise TaskError(
            f"the answer to {_requests(len(known))} of {tool.name} is known: at least two are needed, one to show to "
            "the maker and one to prove what it makes"
        )
    shown = min(demonstrations, max(1, len(known) // 2))
    return Task(
        name=tool.name,
        demonstrations=tuple(each.example for each in known[:shown]),
        validation=tuple(each.example for each in known[shown:]),
        description=None if remaking.counterexamples else tool.description or None,
        check=check,
    )


def _with_usage(tool: MadeTool, usage: dict[Stage, TokenUsage]) -> MadeTool:
    """Add the cost of trying the version before to the record, which gives it another id."""
    return MadeTool(**{**dict(tool), "id": "", "provenance": tool.provenance.model_copy(update={"usage": usage})})


def _reason(tool: MadeTool, wrong: Sequence[VerificationCase], known: int, *, force: bool) -> str:
    """Return why there is a new version, or none."""
    if wrong:
        verb = "was" if len(wrong) == 1 else "were"
        return (
            f"remade: {len(wrong)} of {known} known requests {verb} answered wrongly, for example {summary(wrong[0])}"
        )
    right = f"{tool.name} ({tool.id[:12]}) was right on all that is known, {_requests(known)}"
    return f"remade on demand: {right}" if force else right


def _requests(count: int) -> str:
    return f"{count} request" if count == 1 else f"{count} requests"


def _tell(message: str) -> None:
    """Send progress to the caller, if it streams."""
    get_stream_writer()(RemakingEvent(stage="using", message=message).model_dump(mode="json"))
