"""Proves a candidate, with or without a model that reads its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Flow
from langchain_latm.making.parsed_proof import needs_no_model, prove_parsed, written_anew
from langchain_latm.making.verification import Proof, verify
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.types import Task, TokenUsage, ToolProposal, VerificationCase


def prove(
    proposal: ToolProposal,
    task: Task,
    user: Runnable[Any, Any],
    sandbox: Sandbox,
    *,
    trials: int,
    known: Sequence[VerificationCase] = (),
) -> Flow[Proof]:
    """Try a candidate on every example: its arguments are inputs, or read by a parser or by the tool user's model.

    Args:
        proposal: The candidate.
        task: The task.
        user: The tool user's model. It is asked only if the candidate has neither a parser nor inputs.
        sandbox: Where the candidate runs.
        trials: How many candidates were tried on unseen examples before.
        known: Demonstrations whose arguments the model has already read for this candidate.

    Raises:
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    if needs_no_model(proposal):
        written, report = yield from prove_parsed(proposal, task, sandbox, trials=trials)
        return Proof(written, report, TokenUsage())
    proof = yield from verify(proposal, task, user, sandbox, trials=trials, known=known)
    written_proposal = yield from written_anew(proposal, proof.report.cases, task, sandbox)
    if written_proposal is None:
        return proof
    trials = proof.report.trials
    again = yield from verify(written_proposal, task, user, sandbox, own=proposal.source, trials=trials, known=known)
    best = proof if proof.report.verified and not again.report.verified else again
    report = best.report.model_copy(update={"trials": again.report.trials})
    return Proof(best.proposal, report, proof.usage + again.usage)
