"""Who spent tokens on what, name by name: read out of the library's store, nothing concluded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from langgraph.store.base import Item, SearchOp

from langchain_latm.exceptions import ToolRecordError
from langchain_latm.tools.library.flows import ALL, Flow, LibraryFlows, checked
from langchain_latm.tools.library.loop_flows import LoopFlows
from langchain_latm.tools.library.waiting import FailedMaking
from langchain_latm.types import Provenance, Stage, TokenUsage

UNKNOWN: Final = "an unknown model"
"""Stands for a model that no record names."""


class Spent(NamedTuple):
    """Tokens of one model."""

    model: str
    usage: TokenUsage

    @property
    def told(self) -> bool:
        """Whether the model said how many they were: a call that takes none would be none."""
        return not self.usage.calls or self.usage.total > 0


@dataclass
class Spending:
    """What is known of a name, over all its versions.

    Attributes:
        current: Whether the name means a tool now.
        uses: How often it was used.
        failures: Uses that gave no answer.
        right: Answers that feedback found right.
        wrong: Answers that feedback found wrong.
        making: What its versions took, and the makings of its kind that failed.
        using: What the uses took.
        direct: What direct answers to its kind of request took, one each.
        unreadable: Versions whose record is missing or damaged, so that nobody knows what they took.
    """

    current: bool = False
    uses: int = 0
    failures: int = 0
    right: int = 0
    wrong: int = 0
    making: list[Spent] = field(default_factory=list)
    using: list[Spent] = field(default_factory=list)
    direct: list[Spent] = field(default_factory=list)
    unreadable: int = 0


def spending(library: LibraryFlows) -> Flow[tuple[dict[str, Spending], list[FailedMaking]]]:
    """Return what was spent for each name that ever was, and the makings that led to no tool. A flow of the library."""
    labels = ("names", "history", "records", "uses", "feedback", "examples", "made")
    found = yield [SearchOp(library.labels(label), limit=ALL) for label in labels]
    names, history, records, uses, feedback, examples, made = found
    _, failed = yield from LoopFlows(library).waiting()
    # The last label of what belongs to a name is the name.
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for item in (*history, *uses):
        versions[item.namespace[-1]].add(item.value["id"])
    provenances = _provenances(records)
    known: dict[str, Spending] = {}
    for name, ids in versions.items():
        known[name] = each = Spending()
        readable = [provenances[tool_id] for tool_id in ids if tool_id in provenances]
        each.unreadable = len(ids) - len(readable)
        for provenance in readable:
            # What was used before this version is the one before it, to find out what that gets wrong.
            readers: dict[Stage, str] = {"verification": provenance.user_model, "using": provenance.user_model}
            each.making += by_stage(provenance.usage, readers, provenance.maker_model)
    for item in names:
        if item.value["id"] and item.key in known:
            known[item.key].current = True
    _count_uses(uses, provenances, known)
    for item in feedback:
        if (judged := known.get(item.namespace[-1])) is not None:
            judged.right += item.value["right"]
            judged.wrong += not item.value["right"]
    for item in examples:
        spent = Spent(item.value["model"] or UNKNOWN, TokenUsage(**item.value["usage"]))
        if spent.usage.total and item.namespace[-1] in known:
            known[item.namespace[-1]].direct.append(spent)
    return known, _without_tool(failed, {item.key: item.value["tool"] for item in made}, known)


def by_stage(usage: Mapping[Stage, TokenUsage], models: Mapping[Stage, str], otherwise: str = UNKNOWN) -> list[Spent]:
    """Join what the stages took with their models."""
    return [Spent(models.get(stage, otherwise), tokens) for stage, tokens in usage.items()]


def summed(each: Iterable[Spent]) -> list[Spent]:
    """Add up what was spent on the same model; what its model did not tell stays apart."""
    totals: defaultdict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0, 0])
    for spent in each:
        total, usage = totals[spent.model, spent.told], spent.usage
        total[0] += usage.input_tokens
        total[1] += usage.output_tokens
        total[2] += usage.calls
    return [
        Spent(model, TokenUsage(input_tokens=read, output_tokens=written, calls=calls))
        for (model, _), (read, written, calls) in totals.items()
    ]


def _provenances(records: Sequence[Item]) -> dict[str, Provenance]:
    found: dict[str, Provenance] = {}
    for item in records:
        try:
            found[item.key] = checked(item.value, item.key).provenance
        except ToolRecordError:  # counted by whoever misses it
            continue
    return found


def _count_uses(uses: Sequence[Item], provenances: Mapping[str, Provenance], known: Mapping[str, Spending]) -> None:
    spent: defaultdict[str, list[Spent]] = defaultdict(list)
    for item in uses:
        name, provenance = item.namespace[-1], provenances.get(item.value["id"])
        known[name].uses += 1
        known[name].failures += item.value["failed"]
        model = item.value.get("model") or (provenance.user_model if provenance else UNKNOWN)
        spent[name].append(Spent(model, TokenUsage(**item.value["tokens"])))
    for name, each in spent.items():
        known[name].using = summed(each)


def _without_tool(
    failed: Sequence[FailedMaking], made: Mapping[str, str], known: Mapping[str, Spending]
) -> list[FailedMaking]:
    """Charge failed makings to the tools that were made of the same requests at last, and return the others."""
    left: list[FailedMaking] = []
    for making in failed:
        name = charged_to(making, made, known)
        if name is not None:
            known[name].making += by_stage(making.usage, making.models)
        else:
            left.append(making)
    return left


def charged_to(making: FailedMaking, made: Mapping[str, str], known: Container[str]) -> str | None:
    """Return the tool that a failed making is charged to: the one made of the same requests at last, if there is one.

    How a kind is named may change from one making to the next; what it is made of tells it. Only where no tool was
    made of it, the name does: a retired tool's.
    """
    tools = Counter(made[each] for each in making.instances if made.get(each) in known)
    name = tools.most_common(1)[0][0] if tools else making.name
    return name if name in known else None
