"""The stages from enough instances to a tool in the library: claim, make, let a person approve, add."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from langgraph.errors import GraphInterrupt
from langgraph.graph import END
from langgraph.types import interrupt

from langchain_latm._core.flow import Calls, Flow
from langchain_latm._core.plain_names import plain_name
from langchain_latm._core.telemetry import making_put_off
from langchain_latm.exceptions import LATMError, ToolMakingError
from langchain_latm.loop.parts import Loop, tell
from langchain_latm.loop.state import Making, RequestState, doubted, noted, spent, system_key_in
from langchain_latm.text.answer_check import CustomCheck
from langchain_latm.text.wording.runs import Runs
from langchain_latm.tools.library.budget import BudgetRefusal, making_of
from langchain_latm.tools.library.instances import Instance, failed_making, shown_first
from langchain_latm.tools.library.pending import PendingTool
from langchain_latm.tools.library.waiting import WaitingKind
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Answer, Difference, Doubt, Task, shorten

_NAME_WORDS: Final = 4
_POLITE: Final = frozenset({"please", "following", "given"})
_NAME_LENGTH: Final = 50


class MakingStages:
    """The nodes of the graph that make a tool: each is a flow from the state to its changes."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def claim(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Claim the making, if enough instances wait, no tool fits meanwhile, and no other worker has claimed it."""
        try:
            return (yield from self._claimed(state))
        except LATMError as error:
            return noted(state, f"no tool was made: {error}")

    def _claimed(self, state: RequestState) -> Flow[dict[str, Any]]:
        loop, request = self._loop, state["request"]
        dispatcher = loop.dispatchers.of(system_key_in(state))
        inputs = state.get("inputs")

        def waiting() -> Flow[WaitingKind]:
            return dispatcher.kind_of(request) if inputs is None else dispatcher.kind_of_row(inputs)

        kind = yield from waiting()
        if not kind.due:
            return {}
        claim = yield from loop.claims.take([each.id for each in kind.instances])
        if claim is None:
            return noted(state, "a tool for this kind of request is being made elsewhere")
        # Another worker may just have made it, or more instances may have come.
        yield from dispatcher.refresh(now=True)
        kind = yield from waiting()
        if dispatcher.takes(inputs) if inputs else dispatcher.fits_by_words(request, besides=state.get("refused")):
            yield from loop.operations.forget_waiting([*kind.instances, *kind.repeats])
        elif reader := (yield from self._reader_of(kind, system_key_in(state))):
            yield from loop.operations.forget_waiting([*kind.instances, *kind.repeats])
            yield from loop.claims.release(claim)
            return noted(state, f"no tool was made: {reader} already gives the same answers to the waiting requests")
        elif kind.due and (yield from loop.claims.hold(claim, [each.id for each in kind.instances])):
            account = yield from loop.account.begin()
            if isinstance(account, BudgetRefusal):
                yield from loop.claims.release(claim)
                return (yield from self._put_off(state, account))
            used = _chosen(kind, loop.instances)
            wanted = name_of([each.question for each in used])
            making = Making(
                claim=claim,
                account=account,
                name=kind.tool or (yield from loop.operations.library.free_name(wanted)),
                replaces=kind.tool,
                **(yield from self._about_retired(kind.tool)),
                used=tuple(used),
                rest=tuple(each for each in kind.instances if each not in used),
                repeats=kind.repeats,
            )
            return {"making": making.model_dump(mode="json")}
        yield from loop.claims.release(claim)
        return {}

    def _put_off(self, state: RequestState, refusal: BudgetRefusal) -> Flow[dict[str, Any]]:
        """Record that the budget allows no making as a doubt, and return the changes of the state."""
        if not refusal.spent:
            return noted(state, f"no tool was made: {refusal.reason}")
        making_put_off()
        doubt = Doubt(code="budget", sentence=f"{refusal.reason}, so no tool was made and the strong model answers")
        notes = []
        if state.get("text") is not None:  # the answer is stored already
            notes = yield from self._loop.tried(self._loop.operations.keep_doubt(state["id"], doubt))
        return {**doubted(state, doubt), **noted(state, *notes)}

    def _reader_of(self, kind: WaitingKind, system_key: str) -> Flow[str | None]:
        """Return the tool whose parser reads all waiting requests and that gives the same answer to most of them.

        No model takes part. The most trusted instances decide, as many as a making needs. Instances that wait for the
        replacement of a retired tool are left out.
        """
        if kind.tool:
            return None
        asked = kind.instances[: self._loop.instances]
        for pointer in (yield from self._loop.operations.library.pointers(system_key)):
            try:
                tool, user = yield from self._loop.tool_user(pointer.value["id"])
            except LATMError:  # a damaged record cannot answer
                continue
            if tool.parser is None or any(tool.parser.read(each.question) is None for each in asked):
                continue
            answers = yield Calls(user, [each.question for each in asked])
            right = sum(
                isinstance(answer, Answer) and tool.check.matches(answer.text, each.answer or "")
                for each, answer in zip(asked, answers, strict=True)
            )
            if 2 * right > len(asked):
                return tool.name
        return None

    def after_claim(self, state: RequestState) -> str:
        """Return the stage after the attempt to claim."""
        if state.get("making") is not None:
            return "making" if self._loop.making == "inline" else "hand_over"
        return END if state.get("text") is not None else "answer"

    def make(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Make the tool. A failed making is stored, so that it is not repeated at once."""
        loop, making = self._loop, Making.of(state)
        tell("proposing", f"making {making.name} of {len(making.used)} solved requests")
        task = Task(
            name=making.name,
            demonstrations=making.examples[: loop.demonstrations],
            validation=making.examples[loop.demonstrations :],
            requests=tuple(each.question for each in making.rest),
            check=making.check or loop.check,
        )
        try:
            effect = loop.account.making(making.account, making_of(loop.maker, task))
            (outcome,) = yield loop.claims.kept(making.claim, making.ids, effect)
        except GraphInterrupt:  # a person is asked about a request on which proven functions differ
            yield from loop.account.end(making.account, None)
            yield from loop.claims.hold(making.claim, making.ids, loop.approval_seconds)
            raise
        known = outcome.provenance if isinstance(outcome, MadeTool) else outcome
        ended = loop.account.end(making.account, getattr(known, "usage", None), getattr(known, "makers", {}))
        yield from loop.tried(ended)
        if isinstance(outcome, MadeTool):
            return {"made_tool": outcome.model_dump(mode="json"), **spent(state, outcome.provenance.usage)}
        if not isinstance(outcome, LATMError):
            raise outcome
        changes: dict[str, Any] = {}
        if isinstance(outcome, ToolMakingError):
            changes = spent(state, outcome.usage)
            failed = failed_making(
                making.name,
                making.used,
                str(outcome),
                outcome.usage,
                loop.models,
                more_needed=_more_needed(outcome),
                makers=outcome.makers,
            )
            yield from loop.tried(loop.operations.record_failure(failed))
        yield from loop.claims.try_release(making.claim)
        return {**changes, "making": None, **noted(state, f"no tool was made: {shorten(str(outcome), 300)}")}

    def after_make(self, state: RequestState) -> str:
        """Return the stage after the maker."""
        if state.get("made_tool") is None:
            return END
        return "ask_approval" if self._loop.approve else "add"

    def ask_approval(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Ask a person to approve the tool: `True` adds it to the library, anything else is the reason against it."""
        loop, making, tool = self._loop, Making.of(state), MadeTool.model_validate(state.get("made_tool"))
        # The claim must outlive the time that the person takes.
        yield from loop.claims.hold(making.claim, making.ids, loop.approval_seconds)
        if loop.approve == "later":
            return (yield from self._keep_pending(state, making, tool))
        reply = interrupt(
            {
                "kind": "approval",
                "name": tool.name,
                "description": tool.description,
                "source": tool.source,
                "examples": [each.model_dump(mode="json") for each in making.examples],
                "report": tool.report.model_dump(mode="json"),
                "replaces": making.replaces,
            }
        )
        if reply is True:
            return {}
        reason = shorten(reply, 300) if isinstance(reply, str) and reply.strip() else "a person refused it"
        yield from self._record_failure(making, tool, f"refused: {reason}")
        yield from loop.claims.try_release(making.claim)
        return {"making": None, "made_tool": None, **noted(state, f"{tool.name} was made and refused: {reason}")}

    def _keep_pending(self, state: RequestState, making: Making, tool: MadeTool) -> Flow[dict[str, Any]]:
        """Store the tool as pending, with the claim."""
        pending = PendingTool(
            tool=tool,
            reason=_reason(making),
            claim=making.claim,
            replaces=making.replaces,
            used=making.used,
            rest=making.rest,
            repeats=making.repeats,
            models=self._loop.models,
        )
        ended: dict[str, Any] = {"making": None, "made_tool": None}
        try:
            yield from self._loop.pending.put(pending)
        except LATMError as error:
            return {**ended, **noted(state, f"{tool.name} was made, but could not be stored: {error}")}
        note = f"{tool.name} was made and waits for approval: latm serve --ui, or latm tools pending"
        return {**ended, **noted(state, note)}

    def after_approval(self, state: RequestState) -> str:
        """Return the stage after the approval."""
        return END if state.get("made_tool") is None else "add"

    def add(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Add the tool to the library, where requests find it."""
        loop, making, tool = self._loop, Making.of(state), MadeTool.model_validate(state.get("made_tool"))
        ended: dict[str, Any] = {"making": None, "made_tool": None}
        try:
            if not (yield from loop.claims.hold(making.claim, making.ids)):
                yield from self._record_failure(making, tool, "made elsewhere in the meantime")
                return {**ended, **noted(state, f"{tool.name} was made elsewhere in the meantime")}
            yield from loop.operations.add_made(tool, making.used, making.rest, _reason(making))
            yield from loop.operations.forget_waiting(making.repeats)
            yield from loop.claims.release(making.claim)
            yield from loop.dispatchers.of(system_key_in(state)).refresh(now=True)
        except LATMError as error:
            return {**ended, **noted(state, f"{tool.name} was made, but could not be stored: {error}")}
        tell("wrapping", f"{tool.name} is in the library", tool)
        return {**ended, "made": tool.name}

    def after_making(self, state: RequestState) -> str:
        """Return the stage after the whole making: the answer, if there is none yet."""
        if state.get("text") is not None:
            return END
        return "answer" if state.get("made") is None else "dispatch"

    def _record_failure(self, making: Making, tool: MadeTool, why: str) -> Flow[None]:
        """Store the cost of a tool that is not added to the library."""
        made = tool.provenance
        failed = failed_making(making.name, making.used, why, made.usage, self._loop.models, makers=made.makers)
        yield from self._loop.tried(self._loop.operations.record_failure(failed))

    def _about_retired(self, retired: str | None) -> Flow[dict[str, Any]]:
        """Return the parts of a retired tool's record and history that its replacement uses.

        Its description is left out, because it comes from a function that was wrong.
        """
        if retired is None:
            return {}
        try:
            tool, why = yield from self._loop.operations.retired(retired)
        except LATMError:  # a damaged record can be replaced too
            return {}
        check = None if isinstance(tool.check, CustomCheck) else tool.check
        return {"why": why.removeprefix("feedback: "), "check": check}


def ask_about(difference: Difference) -> Any:
    """Ask a person about a request on which proven functions differ.

    The run is resumed with the right answer, with `False` if no such request can occur, or with `True` if unknown.
    """
    return interrupt({"kind": "difference", **difference.model_dump(mode="json", include={"question", "answers"})})


def _chosen(kind: WaitingKind, instances: int) -> list[Instance]:
    """Choose the instances for making and proving a tool.

    The replacement of a retired tool must pass everything known of its kind, any other tool all labels from people,
    except from strangers.
    """
    if kind.tool:
        return shown_first(kind.instances)
    from_people = sum(each.source not in {"model", "stranger"} for each in kind.instances)
    return list(kind.instances[: max(from_people, instances, kind.used)])


def _more_needed(error: ToolMakingError) -> int:
    """Return how many more examples a proof needs; 0 if no function was right on all of them."""
    reports = [each.report for attempt in error.attempts for each in attempt.candidates if each.report is not None]
    return max((report.more_needed or 0 for report in reports), default=0)


def _reason(making: Making) -> str:
    """Return the reason for the history: from how many requests a tool was made, and why."""
    reason = f"made of {len(making.used)} requests"
    if making.replaces is None:
        return reason
    wrong = next((each.question for each in making.used if each.role == "counterexample"), None)
    why = f": {making.why}" if making.why else ""
    return f"{reason}, in place of a retired one{why}" + (f", for example {shorten(wrong, 60)!r}" if wrong else "")


def name_of(questions: Sequence[str]) -> str:
    """Name a kind by the first words that most of its questions share."""
    seen = [Runs.of(question) for question in questions]
    counts = Counter(word for each in seen for word in each.words)
    shared = [word for word in seen[0].words if 2 * counts[word] > len(seen) and word not in _POLITE] or seen[0].words
    plain = [word for word in (re.sub(r"[^a-z0-9]", "", plain_name(word).lower()) for word in shared) if word]
    return "_".join(plain[:_NAME_WORDS])[:_NAME_LENGTH] or "requests"
