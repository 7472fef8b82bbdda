"""Repairs candidates without a model, and selects the repairs that are worth a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from langchain_latm._core.flow import Flow
from langchain_latm.making.parsed_proof import needs_no_model, reading_of
from langchain_latm.making.planning import ways_of
from langchain_latm.making.repair.describing import redescribed
from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.program import Program
from langchain_latm.making.repair.running import Budget, Outcome, run_variants
from langchain_latm.making.repair.schema import schemata
from langchain_latm.making.repair.scoring import Target
from langchain_latm.making.repair.search import Climb, Step
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.inputs import as_arguments, text_parameters
from langchain_latm.types import Candidate, Task, ToolProposal, VerificationCase, packages_key

MOST_VARIANTS: Final = 8_000
"""Maximum number of variants that the repair of one attempt tries: a quiet core runs as many in about five seconds."""
_MOST_OTHERS: Final = 4
_MOST_COMPARED: Final = 80
"""Maximum number of right variants that are run on unseen questions to compare them."""
_MOST_UNSEEN: Final = 12
_COMPARING_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Repair:
    """A candidate after its repair: right on every demonstration, not yet proven.

    Attributes:
        base: The candidate.
        proposal: The repaired function.
        changes: The changes, step by step.
        cost: Sum of the costs of the edits; lower is simpler.
        values: Its values for unseen questions as a text, to compare repairs; empty if none were read.
    """

    base: Candidate
    proposal: ToolProposal
    changes: tuple[str, ...]
    cost: float
    values: str = ""


@dataclass(frozen=True)
class Repairs:
    """The result of a search for repairs.

    Attributes:
        found: Repairs that differ on unseen questions: first those that were found from several bases, then the
            simplest.
        tried: Number of variants that were tried.
        best: Number of demonstrations on which the best variant is right.
    """

    found: tuple[Repair, ...]
    tried: int
    best: int


def repaired(
    bases: Sequence[Candidate], others: Sequence[Candidate], task: Task, sandbox: Sandbox, seconds: float
) -> Flow[Repairs]:
    """Search for small changes that make candidates right on every demonstration.

    Variants are selected on the demonstrations alone. Those that are right there are also run on the unseen questions
    that a parser reads, and compared with each other, not with the answers: of variants with the same values, only one
    needs a proof, and one that fails there needs none. Repairs that fit the demonstrations by chance
    seldom make different functions equal, so what was found from several bases comes first.

    Args:
        bases: Candidates that ran and failed.
        others: Further candidates of the making, whose statements may be reused.
        task: The task.
        sandbox: Where variants run.
        seconds: Time for all bases together; each gets an equal share of the remaining time.

    Returns:
        The repairs; each that is proven is one more trial on unseen examples.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    found: list[Repair] = []
    tried, best = 0, 0
    whole = Budget(seconds, MOST_VARIANTS)
    programs = {id(each): program for each in (*bases, *others) if (program := _program(each)) is not None}
    for i, base in enumerate(bases):
        cases = demonstrated(base)
        if id(base) not in programs or not cases or whole.spent:
            continue
        budget = Budget(whole.left / (len(bases) - i), (MOST_VARIANTS - tried) // (len(bases) - i))
        given = [programs[id(each)] for each in others if each is not base and id(each) in programs][:_MOST_OTHERS]
        material = Material(cases, given)
        climb = Climb(
            programs[id(base)],
            [case.arguments or {} for case in cases],
            _targets(cases, task),
            material,
            sandbox,
            budget,
        )
        right = yield from climb.run()
        found += yield from _different(base, right, task, sandbox)
        tried, best = tried + budget.tried, max(best, climb.best.right)
        whole.tried = tried
    return Repairs(tuple(_agreed_first(found)), tried, best)


def _agreed_first(found: Sequence[Repair]) -> list[Repair]:
    """Return one of the repairs with equal values, the simplest; first those of most bases, then the simplest."""
    groups: dict[str, list[Repair]] = {}
    for i, each in enumerate(sorted(found, key=lambda each: each.cost)):
        groups.setdefault(each.values or f"not compared: {i}", []).append(each)
    ordered = sorted(groups.values(), key=lambda group: (-len({id(each.base) for each in group}), group[0].cost))
    return [group[0] for group in ordered]


def _program(candidate: Candidate) -> Program | None:
    proposal = candidate.proposal
    return None if proposal is None else Program(proposal.source, proposal.entry, packages_key(proposal.packages))


def demonstrated(candidate: Candidate) -> list[VerificationCase]:
    """Return the demonstrations of a candidate, if the arguments of all were read."""
    report = candidate.report
    cases = [case for case in report.cases if case.role == "demonstration"] if report else []
    return cases if all(case.arguments is not None for case in cases) else []


def _targets(cases: Sequence[VerificationCase], task: Task) -> list[Target]:
    """Return the target of each demonstration: its answer, and the values that a form of answer writes as it."""
    forms = list({repr(way.form.values): way.form.values for way in ways_of(task)}.values())
    places = {example.text: i for i, example in enumerate(task.demonstrations)}
    return [
        Target(
            case.expected,
            [values[places[case.question]] for values in forms if case.question in places],
            task.check,
        )
        for case in cases
    ]


def _different(base: Candidate, right: Sequence[Step], task: Task, sandbox: Sandbox) -> Flow[list[Repair]]:
    """Return the simplest variant of each group that agrees on unseen questions."""
    proposal = base.proposal
    if proposal is None:
        return []
    unseen = unseen_arguments(proposal, task)
    steps = [step for step in right if step.edit is not None][:_MOST_COMPARED]
    if not unseen:
        return [_repair(base, proposal, step, task) for step in steps[:1]]
    groups: dict[str, Step] = {}
    failing: dict[str, Step] = {}
    budget = Budget(_COMPARING_SECONDS, len(steps) + 1)
    for program in list({id(step.variant.program): step.variant.program for step in steps}.values()):
        own = [step for step in steps if step.variant.program is program]
        for schema in schemata(program, [step.edit for step in own if step.edit is not None]):
            by_edit = {id(step.edit): step for step in own}
            numbers = range(len(schema.edits) + 1)
            outcomes = yield from run_variants(schema, numbers, unseen, sandbox, budget)
            unchanged = _shown(outcomes.get(0, ()), task)
            for number, each in outcomes.items():
                key = _shown(each, task)
                if number and not (key == unchanged and _is_right(base)):
                    step = by_edit[id(schema.edits[number - 1])]
                    into = failing if any(outcome.failed for outcome in each) else groups
                    if key not in into or step.cost < into[key].cost:
                        into[key] = step
    return [replace(_repair(base, proposal, step, task), values=key) for key, step in (groups or failing).items()]


def _shown(outcomes: Sequence[Outcome], task: Task) -> str:
    """Return outcomes as a text, which is equal for values of other types if these are the same answer."""
    return repr([(each.value if task.typed else answer_text(each.value), each.failed) for each in outcomes])


def unseen_arguments(proposal: ToolProposal, task: Task) -> list[dict[str, Any]]:
    """Read the arguments of unseen questions without a model."""
    examples = (*task.validation, *task.further)[:_MOST_UNSEEN]
    read = [reading_of(proposal, each).arguments for each in examples] if needs_no_model(proposal) else []
    if proposal.parser is not None:
        read += [proposal.parser.parse(question) for question in task.requests[:_MOST_UNSEEN]]
    if proposal.inputs is not None:
        texts = text_parameters(proposal.parameters)
        read += [as_arguments(row, proposal.inputs, texts) for row in task.rows[:_MOST_UNSEEN]]
    return [arguments for arguments in read if arguments is not None]


def _is_right(base: Candidate) -> bool:
    """Whether a candidate is right on every demonstration, so that variants with equal values are wrong as well."""
    return all(case.passed for case in demonstrated(base))


def _repair(base: Candidate, proposal: ToolProposal, step: Step, task: Task) -> Repair:
    made = step.made()
    changed = proposal.model_copy(update={"source": made.program.source})
    return Repair(base, redescribed(changed, task), made.made, made.cost)
