"""Proves a candidate whose arguments are read by a parser or given as inputs.

No model is asked, so a proof costs no tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.making.synthesis.sentences.recognising import reads_sentences
from langchain_latm.making.verification import Role, reported, tried, worked_examples
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.writing.answer_forms import with_writing, writings
from langchain_latm.tools.arguments_reader import ArgumentsReader, Reading
from langchain_latm.tools.inputs import as_arguments, text_parameters
from langchain_latm.types import Example, Task, TokenUsage, ToolProposal, VerificationCase, VerificationReport

_MOST_WRITINGS: Final = 40
_REFUSED: Final = "exception: ValueError: expected "
_MOST_REFUSED: Final = 0.3
"""Beginning of the error of a reader, and the maximum share of examples that readers may refuse."""
_PLAIN_NUMBER: Final = "str(value)"


class _Shown(NamedTuple):
    """A candidate, and its outcomes on the demonstrations that it did not refuse."""

    proposal: ToolProposal
    cases: list[VerificationCase]
    unstable: list[str]

    @property
    def passed(self) -> bool:
        return all(case.passed for case in self.cases)


def prove_parsed(
    proposal: ToolProposal, task: Task, sandbox: Sandbox, *, trials: int = 0
) -> Flow[tuple[ToolProposal, VerificationReport]]:
    """Try a candidate on every example, and write its value in the form of the answers if only the form is wrong.

    The validation examples are tried only if all demonstrations passed, as in `verify`. If several forms are right on
    the demonstrations, the first that is right on the validation examples is used; each is a trial.

    Args:
        proposal: The candidate, with a parser or inputs.
        task: The task.
        sandbox: Where the candidate runs.
        trials: How many candidates were tried on unseen examples before.

    Returns:
        The candidate, with a function that writes its value if one is needed, and the report.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    cases, unstable = yield from _tried(proposal, task, sandbox, task.demonstrations, "demonstration")
    cases = _answered(cases, proposal)
    plain = _Shown(proposal, cases, unstable)
    candidates = _with_writings(proposal, cases, task)
    best: tuple[ToolProposal, VerificationReport] | None = None
    while shown := (yield from _next_right(candidates, cases, task, sandbox)):
        proven = yield from _validated(shown, proposal, task, sandbox, trials)
        if proven[1].right:
            return proven
        trials = proven[1].trials
        best = best or proven
    if best is None or plain.passed:
        return (yield from _validated(plain, proposal, task, sandbox, trials))
    return best[0], best[1].model_copy(update={"trials": trials})


def _validated(
    shown: _Shown, own: ToolProposal, task: Task, sandbox: Sandbox, trials: int
) -> Flow[tuple[ToolProposal, VerificationReport]]:
    """Try a candidate on the unseen examples if the demonstrations passed.

    Further examples that the parser cannot read are skipped: the tool would not get such requests. Those that readers
    of sentences refuse are counted, but are no cases. Only the maker's own candidate (`own`) is searched for memorised
    answers, not the code that the harness added.
    """
    proposal, cases, unstable = shown
    refused = 0
    if shown.passed:
        further = [each for each in task.further if reading_of(proposal, each).arguments is not None]
        unseen: list[VerificationCase] = []
        for examples in (task.validation, further):
            if all(case.passed or _is_refused(case) for case in unseen):
                tried_now, shaky = yield from _tried(proposal, task, sandbox, examples, "validation")
                unseen, unstable = unseen + tried_now, unstable + shaky
        answered = _answered(unseen, own)
        cases, refused = cases + answered, len(unseen) - len(answered)
    report = reported(cases, unstable, own.source, task, trials=trials + shown.passed)
    return proposal, report.model_copy(update={"refused": refused + len(task.demonstrations) - len(shown.cases)})


def _answered(cases: list[VerificationCase], proposal: ToolProposal) -> list[VerificationCase]:
    """Return the cases without those that a reader of sentences refused, if these are few.

    A tool whose readers refuse other wordings, instead of guessing, leaves such requests to the strong model. What was
    refused proves nothing: the chance of a guess is that of the other cases.
    """
    kept = [case for case in cases if not _is_refused(case)]
    few = len(cases) - len(kept) <= _MOST_REFUSED * len(cases)
    return kept if few and len(kept) < len(cases) and reads_sentences(proposal.source, proposal.entry) else cases


def _is_refused(case: VerificationCase) -> bool:
    """Whether the error of a case is one that a reader of sentences raises."""
    return (case.error or "").startswith(_REFUSED)


def written_anew(
    proposal: ToolProposal, cases: Sequence[VerificationCase], task: Task, sandbox: Sandbox
) -> Flow[ToolProposal | None]:
    """Find a form that writes a candidate's values as the answers of all demonstrations.

    If the plain text of the values is right already, only forms that overrule it are tried (`Form.overrules_text`).

    Args:
        proposal: The candidate.
        cases: Cases of the proof; only demonstrations are used.
        task: The task.
        sandbox: Where the candidate runs.

    Returns:
        The candidate with a function that writes its value; None if no form is right.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    demonstrated = [case for case in cases if case.role == "demonstration"]
    candidates = _with_writings(proposal, demonstrated, task)
    shown = yield from _next_right(candidates, demonstrated, task, sandbox)
    return shown and shown.proposal


def _with_writings(proposal: ToolProposal, cases: Sequence[VerificationCase], task: Task) -> Iterator[ToolProposal]:
    """Yield a candidate with each function that may write its values as the answers, if these are texts."""
    if any(case.error or case.arguments is None or not isinstance(case.expected, str) for case in cases):
        return
    overruling = all(case.passed for case in cases)
    arguments = [case.arguments or {} for case in cases]
    values, answers = [case.value for case in cases], [case.expected for case in cases]
    found = writings(values, answers, arguments, overruling=overruling)
    if task.typed and not overruling and all(type(value) in {int, float} for value in values):
        found = chain([_PLAIN_NUMBER], found)  # in a typed task, a number and its text are different answers
    for writing in islice(found, _MOST_WRITINGS):
        source, entry = with_writing(proposal.source, proposal.entry, writing)
        yield proposal.model_copy(update={"source": source, "entry": entry})


def _next_right(
    candidates: Iterator[ToolProposal], cases: Sequence[VerificationCase], task: Task, sandbox: Sandbox
) -> Flow[_Shown | None]:
    """Try candidates on the demonstrations of cases, in their order; return the first one that is right on all."""
    tried_ones = {case.question for case in cases}
    examples = [each for each in task.demonstrations if each.text in tried_ones]
    readings = [Reading(case.arguments, None, "", TokenUsage()) for case in cases]
    for each in candidates:
        shown = _Shown(each, *(yield from tried(sandbox, each, task.check, examples, readings, role="demonstration")))
        if shown.passed:
            return shown
    return None


def _tried(
    proposal: ToolProposal, task: Task, sandbox: Sandbox, examples: Sequence[Example], role: Role
) -> Flow[tuple[list[VerificationCase], list[str]]]:
    readings = [reading_of(proposal, example) for example in examples]
    return (yield from tried(sandbox, proposal, task.check, examples, readings, role=role))


def needs_no_model(proposal: ToolProposal) -> bool:
    """Whether the arguments are read by a parser or given as inputs."""
    return proposal.parser is not None or proposal.inputs is not None


def reading_of(proposal: ToolProposal, example: Example) -> Reading:
    """Return the arguments of an example for a candidate that needs no model to read them."""
    if proposal.inputs is not None:
        texts = text_parameters(proposal.parameters)
        return Reading(as_arguments(example.inputs or {}, proposal.inputs, texts), None, "", TokenUsage())
    arguments = None if proposal.parser is None else proposal.parser.parse(example.question)
    error = "the parser does not know the wording of the question" if arguments is None else None
    return Reading(arguments, error, "", TokenUsage())


def read_by_model(
    proposal: ToolProposal, report: VerificationReport, task: Task, model: Runnable[Any, Any], sandbox: Sandbox
) -> Flow[tuple[bool, TokenUsage]]:
    """Check whether the tool user's model reads the validation examples correctly, as it must if the parser fails.

    Returns:
        Whether all answers were right, and the tokens that were used.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    reader = ArgumentsReader(proposal, model, worked_examples=worked_examples(report.cases))
    spent: list[TokenUsage] = []
    try:
        readings = yield from _counted(reader.read([example.question for example in task.validation]), spent)
    except ModelError:  # the tool is proven without it
        return False, sum(spent, TokenUsage())
    cases, _ = yield from tried(sandbox, proposal, task.check, task.validation, readings, role="validation")
    return all(case.passed for case in cases), sum((reading.usage for reading in readings), TokenUsage())


def _counted(flow: Flow[list[Reading]], spent: list[TokenUsage]) -> Flow[list[Reading]]:
    """Run a flow of readings, and record the usage of each reply: if one call fails, the flow raises without it."""
    needed = next(flow)
    while True:
        outcomes = yield needed
        spent += [TokenUsage.of(outcome) for outcome in outcomes if isinstance(outcome, BaseMessage)]
        try:
            needed = flow.send(outcomes)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # a generator's value has no type
