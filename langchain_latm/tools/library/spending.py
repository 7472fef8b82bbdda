"""Assigns the tokens of each model in a library's contents to names and purposes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from langchain_latm.tools.library.contents import LibraryContents
from langchain_latm.tools.library.instances import FailedMaking
from langchain_latm.tools.library.use_sums import times_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Provenance, Stage, TokenUsage

UNKNOWN: Final = "an unknown model"
"""The name for an unknown model."""


class Spent(NamedTuple):
    """Tokens of one model."""

    model: str
    usage: TokenUsage

    @property
    def reported(self) -> bool:
        """Whether the model reported its tokens, since every call takes some."""
        return not self.usage.calls or self.usage.total > 0


@dataclass
class Spending:
    """The spending on a name, over all its versions.

    Attributes:
        current: Whether the name has a current tool.
        uses: How often it was used.
        failures: Uses that gave no answer.
        right: Answers that were right according to feedback.
        wrong: Answers that were wrong according to feedback.
        making: Spent on making its versions, and on failed makings of its kind.
        using: Spent on its uses.
        direct: Spent on direct answers to requests of its kind or, if there was none, to examples of its proof.
        direct_answers: The number of these answers.
        making_seconds: Time of making its versions.
        direct_seconds: Mean time of a direct answer to an example of its proof; None if that was not measured.
        unreadable: Versions whose record is missing or damaged, so that their cost is unknown.
    """

    current: bool = False
    uses: int = 0
    failures: int = 0
    right: int = 0
    wrong: int = 0
    making: list[Spent] = field(default_factory=list)
    using: list[Spent] = field(default_factory=list)
    direct: list[Spent] = field(default_factory=list)
    direct_answers: int = 0
    making_seconds: float = 0.0
    direct_seconds: float | None = None
    unreadable: int = 0


def spending(found: LibraryContents) -> tuple[dict[str, Spending], list[FailedMaking]]:
    """Return the spending on each name that ever had a tool, and the failed makings that are charged to none."""
    provenances = {tool_id: tool.provenance for tool_id, tool in found.records.items() if isinstance(tool, MadeTool)}
    known = {name: Spending(current=name in found.current) for name, _ in found.versions}
    for name, tool_id in found.versions:
        _add_making(known[name], provenances.get(tool_id))
    for item in found.uses:
        each, provenance = known[item.namespace[-1]], provenances.get(item.value["id"])
        each.uses += times_of(item)
        each.failures += times_of(item) if item.value["failed"] else 0
        model = item.value.get("model") or (provenance.user_model if provenance else UNKNOWN)
        each.using.append(Spent(model, TokenUsage(**item.value["tokens"])))
    for name, judged in known.items():
        verdicts = found.verdicts.get(name, ())
        judged.right += sum(each.right for each in verdicts)
        judged.wrong += sum(not each.right and not each.disputed for each in verdicts)
    for item in found.examples:
        spent = Spent(item.value["model"] or UNKNOWN, TokenUsage(**item.value["usage"]))
        if spent.usage.total and item.namespace[-1] in known:
            known[item.namespace[-1]].direct.append(spent)
            known[item.namespace[-1]].direct_answers += 1
    for name, tool_id in found.versions:
        _add_measured(known[name], provenances.get(tool_id))
    for making, charged in found.failed:
        if charged is not None:
            known[charged].making += by_stage(making.usage, making.models, makers=making.makers)
    return known, [making for making, charged in found.failed if charged is None]


def _add_making(each: Spending, provenance: Provenance | None) -> None:
    """Add the tokens for making a version."""
    if provenance is None:
        each.unreadable += 1
        return
    # Trying the version before on known requests counts as "using", by the user model of this version.
    models: dict[Stage, str] = {"verification": provenance.user_model, "using": provenance.user_model}
    if (direct := provenance.direct) is not None:
        models["answering"] = direct.model
        each.direct_seconds = direct.seconds / direct.answers
    each.making_seconds += provenance.seconds
    each.making += by_stage(provenance.usage, models, provenance.maker_model, provenance.makers)


def _add_measured(each: Spending, provenance: Provenance | None) -> None:
    """Add the direct answers that were measured when a version was made, if no request was answered directly."""
    if not each.direct and provenance is not None and (direct := provenance.direct) is not None:
        each.direct.append(Spent(direct.model, direct.usage))
        each.direct_answers += direct.answers


def by_stage(
    usage: Mapping[Stage, TokenUsage],
    models: Mapping[Stage, str],
    otherwise: str = UNKNOWN,
    makers: Mapping[str, TokenUsage] = MappingProxyType({}),
) -> list[Spent]:
    """Join the tokens of each stage with its model; those of proposing with their models, if there were several."""
    alone = [
        Spent(models.get(stage, otherwise), each) for stage, each in usage.items() if stage != "proposing" or not makers
    ]
    return [*alone, *(Spent(model, each) for model, each in makers.items())]


def summed(spent: Iterable[Spent]) -> list[Spent]:
    """Add up tokens by model; calls whose tokens the model did not report stay apart."""
    totals: defaultdict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in spent:
        total, usage = totals[each.model, each.reported], each.usage
        total[0] += usage.input_tokens
        total[1] += usage.output_tokens
        total[2] += usage.calls
    return [
        Spent(model, TokenUsage(input_tokens=read, output_tokens=written, calls=calls))
        for (model, _), (read, written, calls) in totals.items()
    ]
