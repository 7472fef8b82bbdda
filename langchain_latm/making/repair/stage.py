"""The stage of a making that repairs the candidates of the last attempt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from langchain_core.runnables import Runnable

from langchain_latm._core.amounts import counted
from langchain_latm._core.flow import Flow
from langchain_latm.making.planning import best_candidate
from langchain_latm.making.proposing import is_repeat
from langchain_latm.making.proving import prove
from langchain_latm.making.repair.continuing import continued
from langchain_latm.making.repair.repairing import Repair, repaired
from langchain_latm.making.searching import Search
from langchain_latm.making.showing import show_failing, task_in
from langchain_latm.making.state import MakingState, add_usage, attempts_in, right_in, tell, trials_in
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.types import Attempt, Candidate, Task, TokenUsage, shorten

MOST_PROVEN: Final = 3
"""Maximum number of repairs that are tried on unseen examples after one attempt. Each is a trial, which makes the proof
harder."""
_MOST_CONTINUED: Final = 2
"""How many of these may be programs on values of candidates."""
_SHOWN: Final = 200


@dataclass(frozen=True)
class RepairStage:
    """A node of the maker's graph, as a flow over its state.

    Attributes:
        user: The tool user's model, for the proof of a candidate without a parser.
        sandbox: Where variants run.
        seconds: Time of one search; 0 for none.
        search: Finds programs on the values of a candidate's functions; None for none.
    """

    user: Runnable[Any, Any]
    sandbox: Sandbox
    seconds: float
    search: Search | None = None

    def is_due(self, state: MakingState) -> bool:
        """Whether no attempt proved anything, and the last one left candidates to repair."""
        attempts = attempts_in(state)
        if self.seconds <= 0 or state.get("verdicts") or len(attempts) <= state.get("searched", 0):
            return False  # programs of a search are right on all demonstrations already
        return not right_in(attempts) and bool(_bases(state))

    def repair(self, state: MakingState) -> Flow[MakingState]:
        """Search for programs on values of candidates, then for small changes of these, and prove the simplest."""
        start = time.perf_counter()
        task, attempts = task_in(state), attempts_in(state)
        bases = _bases(state)
        if self.search is not None:
            programs = yield from continued(attempts[-1].candidates, task, self.search, self.sandbox)
        else:
            programs = []
        added, spent = yield from self._proven(programs[:_MOST_CONTINUED], task, attempts)
        if not any(each.report and each.report.right for each in added):
            changed, more = yield from self._changed(bases, task, attempts, added)
            added, spent = [*added, *changed], spent + more
        last = attempts[-1].model_copy(update={"candidates": (*attempts[-1].candidates, *added)})
        with_repairs: MakingState = {**state, "attempts": [*state["attempts"][:-1], last.model_dump(mode="json")]}
        return {
            "attempts": with_repairs["attempts"],
            **(show_failing(with_repairs) if added else {"learnt": False}),
            "usage": add_usage(state, "verification", spent) if added else state["usage"],
            "seconds": state["seconds"] + time.perf_counter() - start,
        }

    def _changed(
        self, bases: Sequence[Candidate], task: Task, attempts: Sequence[Attempt], added: Sequence[Candidate]
    ) -> Flow[tuple[list[Candidate], TokenUsage]]:
        """Search for small changes of candidates, and prove the simplest."""
        earlier = [each for attempt in attempts for each in attempt.candidates]
        search = yield from repaired(bases, _donors(earlier, bases), task, self.sandbox, self.seconds)
        shown = f"right on {search.best} of {counted(len(task.demonstrations), 'demonstration')}"
        tell(
            "repair",
            f"tried {counted(search.tried, 'variant')} of {counted(len(bases), 'function')}, the best {shown}",
            len(attempts),
        )
        return (yield from self._proven(search.found, task, attempts, added))

    def _proven(
        self, repairs: Sequence[Repair], task: Task, attempts: Sequence[Attempt], added: Sequence[Candidate] = ()
    ) -> Flow[tuple[list[Candidate], TokenUsage]]:
        """Prove repairs, until one is right; at most as many as one attempt may, with those that were added before."""
        known = [*(each for attempt in attempts for each in attempt.candidates), *added]
        done: list[Candidate] = []
        trials = max([trials_in(attempts), *(each.report.trials for each in added if each.report)])
        spent = TokenUsage()
        for each in [each for each in repairs if not _is_known(each, known)][: MOST_PROVEN - len(added)]:
            candidate, usage = yield from self._tried(each, task, trials)
            done.append(candidate)
            spent += usage
            if candidate.report is not None:
                trials = candidate.report.trials
                what = "; ".join(each.changes)
                tell("repair", f"repaired: {shorten(what, _SHOWN)}. {_verdict(candidate)}", len(attempts))
                if candidate.report.right:
                    break
        return done, spent

    def _tried(self, repair: Repair, task: Task, trials: int) -> Flow[tuple[Candidate, TokenUsage]]:
        """Prove a repair like any candidate."""
        base = repair.base
        known = [case for case in base.report.cases if case.role == "demonstration"] if base.report else []
        proof = yield from prove(repair.proposal, task, self.user, self.sandbox, trials=trials, known=known)
        candidate = Candidate(
            reply=f"```python\n{repair.proposal.source}```",
            temperature=base.temperature,
            way=base.way,
            maker=base.maker,
            proposal=proof.proposal,
            report=proof.report,
            repaired=(*base.repaired, *repair.changes),
        )
        return candidate, proof.usage


def _bases(state: MakingState) -> list[Candidate]:
    """Return the candidates to repair: those of the last attempt that ran, and the best one before it.

    A repair that an unseen example refuted is no base: it fits the others by chance.
    """
    *before, last = attempts_in(state)
    found = [each for each in last.candidates if each.proposal and each.report is not None and not each.repaired]
    earlier = [each for attempt in before for each in attempt.candidates if not each.repaired]
    best = best_candidate(earlier) if found else None
    if best is not None and best.report is not None and best.report.passed:
        found.append(best)
    return found


def _donors(earlier: Sequence[Candidate], bases: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates whose parts may be reused, those that are right on most examples first."""
    ran = [each for each in earlier if each.report is not None]
    ran.sort(key=lambda each: -each.report.passed if each.report else 0)
    return [*bases, *(each for each in ran if all(each is not base for base in bases))]


def _is_known(repair: Repair, earlier: Sequence[Candidate]) -> bool:
    return any(each.proposal is not None and is_repeat(each.proposal, repair.proposal) for each in earlier)


def _verdict(candidate: Candidate) -> str:
    report = candidate.report
    if report is None:
        return "Not run."
    right = f"Right on {report.passed} of {len(report.cases)} examples"
    return f"{right}: proven" if report.verified else f"{right}: not proven"
