"""The stages of a making: the nodes of the maker's graph."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.graph import END

from langchain_latm._core.amounts import counted
from langchain_latm._core.flow import Calls, Compute, Flow
from langchain_latm.exceptions import ModelError, SandboxError
from langchain_latm.making.comparing import decided_in, to_compare, with_decided
from langchain_latm.making.differential import distinct
from langchain_latm.making.escalating import Makers
from langchain_latm.making.helpers.choosing import Helpers
from langchain_latm.making.helpers.made import MadeHelper
from langchain_latm.making.helpers.offering import programs_for, with_called
from langchain_latm.making.helpers.parts import FoundPart
from langchain_latm.making.mending import mended
from langchain_latm.making.parsed_proof import needs_no_model, read_by_model, reading_of
from langchain_latm.making.planning import CandidatePlan, helpers_of, parts_of, plan_attempt, prompt_for, ways_of
from langchain_latm.making.proposing import (
    MAX_SOURCE_CHARACTERS,
    InvalidReplyError,
    code_in,
    describe_failure,
    docstring_for,
    entry_of,
    is_repeat,
    packages_of,
    proposal_of,
)
from langchain_latm.making.proving import prove
from langchain_latm.making.searching import SEARCHED, NoModel, Search, default_search, parts_found
from langchain_latm.making.showing import is_refuted, may_show, show_failing, task_in
from langchain_latm.making.state import (
    MakingState,
    add_usage,
    attempts_in,
    best_in,
    is_slow,
    right_in,
    tell,
    trials_in,
    usage_in,
    verified_in,
)
from langchain_latm.making.verification import worked_examples
from langchain_latm.making.wrapping import Readers, installed_versions, wrap
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_error, model_failure
from langchain_latm.models.names import model_name
from langchain_latm.models.replies import reply_text, was_cut
from langchain_latm.sandbox.base import ExecutionResult, Sandbox, ToolSource
from langchain_latm.sandbox.packages.installing import install_packages
from langchain_latm.text.reading.proven_parser import parser_of
from langchain_latm.tools.arguments_reader import ArgumentsReader
from langchain_latm.types import (
    Attempt,
    Candidate,
    Comparison,
    Example,
    InlinedHelper,
    Package,
    Task,
    TokenUsage,
    ToolProposal,
    VerificationReport,
    packages_key,
)

_EXTRA_ATTEMPTS: Final = 5
"""Number of attempts at a quicker function after a proven but slow one."""


@dataclass(frozen=True)
class Stages:
    """The nodes of the graph, as flows over its state. `create_tool_maker` documents the fields."""

    makers: Makers
    user: Runnable[Any, Any]
    sandbox: Sandbox
    candidates: int
    temperatures: Sequence[float | None]
    second_attempts: int
    search: Search | None = None
    packages: Sequence[str] = ()
    helpers: Helpers = ()

    def propose(self, state: MakingState) -> Flow[MakingState]:
        """Search for candidates if no search was done, otherwise ask for them; reject invalid replies."""
        start = time.perf_counter()
        task = task_in(state)
        turned = self.makers.turned(state)
        maker, name = self.makers.in_turn(turned), model_name(self.makers.in_turn(turned))
        attempts = attempts_in(state)
        attempt = len(attempts) + 1
        if turned is not state:
            tell("proposing", f"{model_name(self.makers.in_turn(state))} proved nothing: {name} is asked", attempt)
        # A candidate beside a refuted one was not tried, so the next search may find it again.
        earlier = [candidate for done in attempts for candidate in done.candidates if candidate.report is not None]
        done = state.get("searched", 0)
        packages = yield from self._packages(is_first=not attempts)
        yield Compute(partial(ways_of, task))  # takes seconds for long questions; fills the cache for the next steps
        programs = yield from programs_for(state, task, self.search, self.helpers, self.sandbox)
        task = programs.task
        plans: list[CandidatePlan] = [plan for plan, _ in programs.found]
        replies: list[Any] = [reply for _, reply in programs.found]
        parts = [FoundPart.model_validate(part) for part in state.get("parts", [])]
        of_model: list[Any] = []  # a search uses no tokens and no call
        if replies:
            done, name = len(attempts) + 1, SEARCHED
        else:
            if self.search is default_search and "parts" not in state:
                parts = yield from parts_found(task)
            tell("proposing", f"attempt {attempt}: asking for {counted(self.candidates, 'candidate')}", attempt)
            before = self.makers.before(turned)
            asked = [candidate for each in attempts[done:] for candidate in each.candidates]
            of_others = sum(len(each.candidates) for each in attempts[done:before])
            plans = plan_attempt(task, attempt - before, self.candidates, self.temperatures, asked, of_others=of_others)
            replies = of_model = yield from self._replies(maker, plans, task, packages, (parts, programs.helpers))
        failures = [reply for reply in replies if isinstance(reply, Exception)]
        if len(failures) == len(replies) and not verified_in(attempts):
            if isinstance(failures[0], ModelError):
                raise failures[0]
            raise model_error(failures[0], maker) from failures[0]
        candidates: list[Candidate] = []
        for number, (reply, plan) in enumerate(zip(replies, plans, strict=True), 1):
            candidate = Candidate(
                reply=reply_text(reply)[:MAX_SOURCE_CHARACTERS],
                temperature=plan.temperature,
                way=plan.index,
                maker=name,
            )
            try:
                proposal = yield from self._proposal(
                    reply,
                    maker,
                    plan,
                    task,
                    [*earlier, *candidates],
                    packages=packages,
                    parts=parts,
                    helpers=programs.helpers,
                )
            except InvalidReplyError as error:
                candidates.append(candidate.model_copy(update={"refusal": str(error)}))
                tell("proposing", f"candidate {number} refused: {error}", attempt, number)
            else:
                candidates.append(candidate.model_copy(update={"proposal": proposal}))
                parameters = ", ".join(proposal.parameters["properties"])
                tell("proposing", f"candidate {number}: {proposal.entry}({parameters})", attempt, number)
        spent = sum((TokenUsage.of(reply) for reply in of_model if isinstance(reply, BaseMessage)), TokenUsage())
        return {
            "candidates": [candidate.model_dump(mode="json") for candidate in candidates],
            "searched": done,
            **({"parts": [part.model_dump() for part in parts]} if of_model else {}),
            **programs.changes,
            "escalations": turned.get("escalations", []),
            "usage": add_usage(state, "proposing", spent),
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def verify(self, state: MakingState) -> Flow[MakingState]:
        """Prove the candidates one by one: all different ones, or until one passes."""
        start = time.perf_counter()
        task = task_in(state)
        attempt = len(state["attempts"]) + 1
        candidates = [Candidate.model_validate(candidate) for candidate in state["candidates"]]
        examples = (
            f"{counted(len(task.demonstrations), 'demonstration')}, {counted(len(task.validation), 'unseen example')}"
        )
        if task.further:
            examples += f", up to {counted(len(task.further), 'further one')}"
        spent = TokenUsage()
        trials = trials_in(attempts_in(state))
        found = attempt <= state.get("searched", 0)
        for number, candidate in enumerate(candidates, 1):
            right = [*right_in(attempts_in(state)), *(each for each in candidates if each.report and each.report.right)]
            if candidate.proposal is None or (right and len(distinct([*right, candidate])) == len(distinct(right))):
                continue  # its code equals that of a candidate that is right already
            tell("verification", f"candidate {number}: {examples}", attempt, number)
            try:
                proof = yield from prove(candidate.proposal, task, self.user, self.sandbox, trials=trials)
            except ModelError:
                if not right:
                    raise
                break  # a tool is proven already: the search for another one ends
            spent, trials = spent + proof.usage, proof.report.trials
            proven = candidate.model_copy(update={"proposal": proof.proposal, "report": proof.report})
            tell("verification", f"candidate {number} {_verdict(proof.report, task)}", attempt, number)
            if proof.report.right and (decided := [example for _, example in decided_in(state, task)]):
                proven, reading = yield from self._on_decided(proven, decided, task)
                spent += reading
            candidates[number - 1] = proven
            if found and may_show(state) and is_refuted(proven):
                break  # the search begins again with what refutes it, which costs fewer trials than its other programs
            if proof.report.right and not self.second_attempts:
                break
        done = Attempt(number=attempt, candidates=tuple(candidates))
        proven_so_far: MakingState = {**state, "attempts": [*state["attempts"], done.model_dump(mode="json")]}
        return {
            "candidates": [],
            "attempts": proven_so_far["attempts"],
            **show_failing(proven_so_far),
            "usage": add_usage(state, "verification", spent),
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def _on_decided(
        self, candidate: Candidate, decided: Sequence[Example], task: Task
    ) -> Flow[tuple[Candidate, TokenUsage]]:
        """Try a candidate on decided requests, whose arguments are read like those of later requests."""
        proposal, report = candidate.proposal, candidate.report
        if proposal is None or report is None:
            raise AssertionError("a candidate that is right has a proposal and a report")
        if needs_no_model(proposal):
            readings = [reading_of(proposal, example) for example in decided]
        else:
            reader = ArgumentsReader(proposal, self.user, worked_examples=worked_examples(report.cases))
            readings = yield from reader.read([example.question for example in decided])
        tried = yield from with_decided(candidate, decided, readings, task, self.sandbox)
        return tried, sum((reading.usage for reading in readings), TokenUsage())

    def wrap(self, state: MakingState) -> Flow[MakingState]:
        """Make the record of the proven candidate."""
        start = time.perf_counter()
        task = task_in(state)
        attempts = attempts_in(state)
        joined = state.get("joined")
        proven = Candidate.model_validate(joined) if joined else best_in(attempts)
        if comparison := state.get("comparison"):
            proven = _with_comparison(proven, Comparison.model_validate(comparison))
        readers, read = yield from self._readers(proven, task, len(attempts))
        tell("wrapping", "writing the record", len(attempts))
        usage = add_usage(state, "verification", read)
        yield Compute(installed_versions)
        tool = wrap(
            proven,
            task,
            readers=readers,
            attempts=attempts,
            usage=usage_in({"usage": usage}),
            seconds=state["seconds"] + time.perf_counter() - start,
            user_model=model_name(self.user),
            makers=self.makers.account(state),
        )
        return {"made_tool": tool.model_dump(mode="json"), "usage": usage}

    def _readers(self, proven: Candidate, task: Task, attempt: int) -> Flow[tuple[Readers, TokenUsage]]:
        """Find out who can read the arguments: a parser, the tool user's model, or both."""
        proposal, report = proven.proposal, proven.report
        if proposal is None or report is None:
            raise AssertionError("a verified candidate has a proposal and a report")
        if proposal.inputs is not None:
            return Readers(None, model=False), TokenUsage()
        if proposal.parser is None:
            readings = {case.question: case.arguments for case in report.cases if case.arguments is not None}
            return Readers(parser_of(readings, proposal.parameters), model=True), TokenUsage()
        if proven.maker == SEARCHED:  # the making needed no model, and most requests will not either
            return Readers(proposal.parser, model=False if isinstance(self.user, NoModel) else None), TokenUsage()
        tell("verification", "the model reads arguments of the unseen examples", attempt)
        right, spent = yield from read_by_model(proposal, report, task, self.user, self.sandbox)
        tell("verification", f"the model's readings are {'proven too' if right else 'not proven'}", attempt)
        return Readers(proposal.parser, model=right), spent

    def after_verify(self, state: MakingState) -> str:
        """Return the stage after a verification and its repair."""
        attempts = attempts_in(state)
        if verified_in(attempts):
            found = any(verified_in([each]) for each in attempts[: state.get("searched", 0)])  # with alternatives
            if self.makers.may_go_on(state) and (
                (not found and self._may_differ(attempts)) or _may_be_quicker(attempts)
            ):
                return "propose"
            return "compare" if self.second_attempts and len(to_compare(attempts)) > 1 else "wrap"
        if any(candidate.report and candidate.report.right for candidate in attempts[-1].candidates):
            return END  # it may be chance: another candidate cannot prove more on the same examples
        return "propose" if self.makers.may_try(state) else END

    def after_decide(self, state: MakingState) -> str:
        """Return the stage after the decisions."""
        attempts = attempts_in(state)
        if verified_in(attempts):
            return END if state.get("undecided") else "wrap"
        return "propose" if self.makers.may_try(state) else END

    def _may_differ(self, attempts: Sequence[Attempt]) -> bool:
        """Whether to look for a second function: only if no model reads the arguments, so that its proof is free."""
        proven = next(attempt for attempt in attempts if verified_in([attempt]))
        (first, *_) = verified_in([proven])
        free = first.proposal is not None and needs_no_model(first.proposal)
        return free and len(to_compare(attempts)) == 1 and len(attempts) - proven.number < self.second_attempts

    def _packages(self, *, is_first: bool) -> Flow[tuple[Package, ...]]:
        """Return the declared packages; before the first attempt, install them and check that they load."""
        if not self.packages:
            return ()
        if is_first:
            tell("proposing", f"finding the packages {', '.join(self.packages)}", 1)
        (found,) = yield Compute(partial(install_packages, list(self.packages)))
        if is_first:
            described = yield from self._described("def f(n: int) -> int:\n    return n\n", "f", packages_key(found))
            if described.failure is not None:
                raise SandboxError(f"the sandbox cannot load the packages: {described.failure.message}")
        return tuple(found)

    def _described(self, source: str, entry: str, packages: str) -> Flow[ExecutionResult]:
        """Let the sandbox load a source and describe its function."""
        check: Runnable[Any, Any] = RunnableLambda(self.sandbox.check, afunc=self.sandbox.acheck, name="check")
        (described,) = yield Calls(check, [ToolSource(source=source, entry=entry, packages=packages)])
        if isinstance(described, Exception):
            raise described
        result: ExecutionResult = described
        return result

    def _replies(
        self,
        maker: Runnable[Any, Any],
        plans: Sequence[CandidatePlan],
        task: Task,
        packages: tuple[Package, ...],
        functions: tuple[Sequence[FoundPart], Sequence[MadeHelper]],
    ) -> Flow[list[Any]]:
        """Ask the maker for all candidates of an attempt at once."""
        prompts = [prompt_for(plan, task, packages, *functions) for plan in plans]
        models = [asking(maker, temperature=plan.temperature) for plan in plans]
        ask: Runnable[Any, Any] = RunnableLambda(
            lambda given: prompts[given["candidate"]][0] | models[given["candidate"]], name="ask_maker"
        )
        return (yield Calls(ask, [{**values, "candidate": i} for i, (_, values) in enumerate(prompts)]))

    def _proposal(
        self,
        reply: Any,
        maker: Runnable[Any, Any],
        plan: CandidatePlan,
        task: Task,
        earlier: Sequence[Candidate],
        *,
        packages: tuple[Package, ...],
        parts: Sequence[FoundPart],
        helpers: Sequence[MadeHelper],
    ) -> Flow[ToolProposal]:
        """Turn one reply into a proposal, or raise `InvalidReplyError`."""
        if isinstance(reply, Exception):
            raise InvalidReplyError(model_failure(reply, maker))
        if was_cut(reply):
            raise InvalidReplyError("the reply was cut off at the longest length allowed; write a shorter function")
        code, way = code_in(reply_text(reply)), plan.way
        used: tuple[InlinedHelper, ...] = ()
        if way is not None:
            code, used = with_called(reply, code, helpers_of(plan, helpers))
            modules = [name for package in packages for name in package.imports]
            callable_here = parts_of(plan, task, parts)
            code = mended(code, docstring=docstring_for(task), modules=modules, parts=callable_here)
        source, entry = entry_of(code, packages_key(packages))
        packages = packages_of(source, packages)
        described = yield from self._described(source, entry, packages_key(packages))
        proposal = proposal_of(source, entry, described, packages).model_copy(update={"helpers": used})
        if way is not None:
            proposal = way.adopted(proposal)
        if any(each.proposal is not None and is_repeat(each.proposal, proposal) for each in earlier):
            raise InvalidReplyError("it is the same as an earlier candidate")
        return proposal


def _with_comparison(candidate: Candidate, comparison: Comparison) -> Candidate:
    report = candidate.report and candidate.report.model_copy(update={"comparison": comparison})
    return candidate.model_copy(update={"report": report})


def _may_be_quicker(attempts: Sequence[Attempt]) -> bool:
    """Whether every proven candidate is slow, and attempts are left to find a quicker one."""
    first = next(attempt.number for attempt in attempts if verified_in([attempt]))
    slow = all(is_slow(candidate.report) for candidate in verified_in(attempts))
    return slow and len(attempts) - first < _EXTRA_ATTEMPTS


def _verdict(report: VerificationReport, task: Task) -> str:
    tried = len(report.cases) + report.refused
    right = f"is right on {report.passed} of {max(tried, len(task.demonstrations) + len(task.validation))}"
    if report.refused:
        right += f", refuses {report.refused}"
    if report.verified:
        slow = f", but takes {report.slowness:.1f} s longer for some" if is_slow(report) else ""
        return f"{right}: proven{slow}"
    if report.right:
        return f"{right}: not proven, since it may be a guess"
    if report.unstable:
        right += ", gives different values when called twice"
    if report.hard_coded:
        right += ", has answers in its code"
    failed = next((case for case in report.cases if not case.passed), None)
    return right + (f". {describe_failure(failed, failed.expected)}" if failed else "")
