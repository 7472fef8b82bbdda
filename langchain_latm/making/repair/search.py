"""Beam search from a program to one that is right on every demonstration, edit by edit."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from langchain_latm._core.flow import Flow
from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.mutations import edits
from langchain_latm.making.repair.program import Edit, Program
from langchain_latm.making.repair.running import FEW_STEPS, MANY_STEPS, Budget, Outcome, run_variants
from langchain_latm.making.repair.schema import MOST_EDITS, Schema, schemata
from langchain_latm.making.repair.scoring import Score, Target, score
from langchain_latm.sandbox.base import Sandbox

_MOST_OF_PROGRAM: Final = 3_000
"""Maximum number of edits of one program, those with the lowest costs."""
_BEAM: Final = 4
"""Number of variants that enter the next round, for each of the two orders."""
_ROUNDS: Final = 3
_NONE: Final = Score(0, float("-inf"))


@dataclass(frozen=True)
class Variant:
    """A program of the search, and the edits that led to it.

    Attributes:
        program: The program.
        made: Descriptions of the edits, in order.
        cost: Sum of the costs of the edits.
    """

    program: Program
    made: tuple[str, ...] = ()
    cost: float = 0.0

    def after(self, change: Edit) -> Variant:
        """Return the variant after one more edit."""
        return Variant(self.program.with_edit(change), (*self.made, str(change)), self.cost + change.cost)


class Step(NamedTuple):
    """One edit of a variant, not yet made.

    Attributes:
        variant: The variant.
        edit: The edit; None for the unchanged variant.
        score: Its score.
    """

    variant: Variant
    edit: Edit | None
    score: Score

    @property
    def cost(self) -> float:
        """The total cost of all edits."""
        return self.variant.cost + (self.edit.cost if self.edit else 0.0)

    @property
    def growth(self) -> int:
        """The number of characters by which the edit makes the program longer."""
        changes = self.edit.changes if self.edit else ()
        news = [each.new if isinstance(each.new, list) else [each.new] for each in changes]
        added = sum(len(ast.unparse(node)) for new in news for node in new)
        return added - sum(len(ast.unparse(each.target)) for each in changes)

    def made(self) -> Variant:
        """Return the variant with the edit."""
        return self.variant if self.edit is None else self.variant.after(self.edit)


@dataclass
class Climb:
    """A search from one program.

    Attributes:
        program: The program to start from.
        arguments: The arguments of each demonstration.
        targets: The target of each demonstration.
        material: The material of mutations.
        sandbox: Where variants run.
        budget: The time and number of variants that may be used.
        best: The best score so far.
    """

    program: Program
    arguments: Sequence[Mapping[str, Any]]
    targets: Sequence[Target]
    material: Material
    sandbox: Sandbox
    budget: Budget
    best: Score = _NONE

    def run(self) -> Flow[list[Step]]:
        """Search until some variant is right on all demonstrations, or the budget is spent.

        Of variants with the same values, only the one with the lowest cost is kept. The best ones of a round are edited
        further in the next round, even if they are no better than their origin.

        Returns:
            The edits that are right, the simplest first: those with the lowest cost, and of these the shortest.

        Raises:
            SandboxError: The sandbox itself failed.
        """
        beam = [Variant(self.program)]
        seen: set[str] = set()
        for _ in range(_ROUNDS):
            right: list[Step] = []
            reached: dict[str, Step] = {}
            for variant in beam:
                for step, key in (yield from self._steps(variant)):
                    self.best = max(self.best, step.score)
                    if step.score.right == len(self.targets):
                        right.append(step)
                    elif key not in seen and (key not in reached or step.cost < reached[key].cost):
                        reached[key] = step
                if self.budget.spent:
                    break
            if right or self.budget.spent:
                return sorted(right, key=lambda step: (step.cost, step.growth))
            seen |= reached.keys()
            beam = [step.made() for step in _best([step for step in reached.values() if step.edit is not None])]
        return []

    def _steps(self, variant: Variant) -> Flow[list[tuple[Step, str]]]:
        """Try every edit of a variant, and the variant itself; return those that stayed within the limits."""
        found: list[tuple[Step, str]] = []
        own, steps = None, 0
        waiting = [self._edits(variant.program)]
        while waiting and not self.budget.spent:
            some = waiting.pop(0)
            for schema in schemata(variant.program, some):
                if not steps:
                    own, steps = yield from self._own(schema)
                if self.budget.spent:
                    break
                numbers = range(len(schema.edits) + 1)
                outcomes = yield from run_variants(
                    schema, numbers, self.arguments, self.sandbox, self.budget, steps=steps
                )
                self.budget.tried += len(schema.edits)
                if not outcomes and own is not None and not self.budget.spent and len(schema.edits) > 1:
                    middle = len(schema.edits) // 2  # one of them cannot be compiled
                    waiting += [[*schema.edits[:middle]], [*schema.edits[middle:]]]
                found += [
                    self._scored(Step(variant, schema.edits[number - 1] if number else None, Score(0, 0)), each)
                    for number, each in outcomes.items()
                ]
        return found

    def _own(self, schema: Schema) -> Flow[tuple[tuple[Outcome, ...] | None, int]]:
        """Run the variant itself, and return the maximum number of steps of its edits, a multiple of its own."""
        for own, allowed in ((FEW_STEPS // 10, FEW_STEPS), (MANY_STEPS // 4, MANY_STEPS)):
            outcomes = yield from run_variants(schema, [0], self.arguments, self.sandbox, self.budget, steps=own)
            if outcomes:
                return outcomes[0], allowed
        return None, FEW_STEPS  # the variant may never end

    def _scored(self, step: Step, outcomes: Sequence[Outcome]) -> tuple[Step, str]:
        values = [outcome.value for outcome in outcomes]
        failed = [outcome.failed for outcome in outcomes]
        return step._replace(score=score(values, failed, self.targets)), repr([*zip(values, failed, strict=True)])

    def _edits(self, program: Program) -> list[Edit]:
        """Return the edits with the lowest costs, sorted by place within each schema, so that choices are short."""
        places = {id(node): i for i, node in enumerate(ast.walk(program.module))}
        cheap = sorted(edits(program, self.material), key=lambda each: each.cost)[:_MOST_OF_PROGRAM]
        return list(_by_place(cheap, places))


def _best(steps: Sequence[Step]) -> list[Step]:
    """Return the steps with most right answers, and those with the nearest values overall.

    Without the latter, a variant that is right on one demonstration by chance would displace those that are nearly
    right on all.
    """
    by_right = sorted(steps, key=lambda step: (*(-each for each in step.score), step.cost))
    by_near = sorted(steps, key=lambda step: (-step.score.near, step.cost))
    return list({id(step): step for step in (*by_right[:_BEAM], *by_near[:_BEAM])}.values())


def _by_place(found: Sequence[Edit], places: Mapping[int, int]) -> Iterator[Edit]:
    for begin in range(0, len(found), MOST_EDITS):
        yield from sorted(found[begin : begin + MOST_EDITS], key=lambda each: places[id(each.changes[0].target)])
