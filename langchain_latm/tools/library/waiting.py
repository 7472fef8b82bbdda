"""Solved requests that no tool fits, sorted into kinds until a kind has enough of them (paper, section 3.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from langchain_latm.text.wording.grouping import Groups
from langchain_latm.text.wording.lexical import LexicalIndex, forms_of
from langchain_latm.text.wording.runs import Runs
from langchain_latm.tools.library.instances import FailedMaking, Instance, most_trusted


class WaitingKind(NamedTuple):
    """The waiting instances of one kind, and how many a making needs.

    Attributes:
        instances: Those whose answer is known, each question once: the most trusted first, then those that took part
            in the fewest failed makings (one wrong answer fails every making), then the oldest.
        needed: Doubles with each failed making.
    """

    instances: tuple[Instance, ...]
    needed: int

    @property
    def due(self) -> bool:
        """Whether there are enough to make a tool."""
        return len(self.instances) >= self.needed

    @property
    def tool(self) -> str | None:
        """The name of the retired tool that is to be replaced: the one whose proof is of this kind.

        Feedback on that tool alone does not count: the request may be of another kind, dispatched to it by mistake.
        """
        return next((each.tool for each in self.instances if each.source == "proof"), None)


class WaitingKinds:
    """All waiting instances, grouped into kinds by their wording. Not thread-safe.

    Args:
        needed: Instances for a first making.
    """

    def __init__(self, needed: int) -> None:
        self._needed = needed
        self._instances: dict[str, Instance] = {}
        self._groups: Groups[str] = Groups()
        self._failed: Sequence[FailedMaking] = ()

    def update(self, instances: Iterable[Instance], failed: Sequence[FailedMaking]) -> None:
        """Replace what is known by what the library holds now."""
        self._instances = {each.id: each for each in instances}
        self._failed = failed
        for gone in [key for key in self._groups if key not in self._instances]:
            self._groups.remove(gone)
        for each in self._instances.values():
            if each.id not in self._groups:
                self._groups.add(each.id, Runs.of(each.question))

    def kind_of(self, question: str) -> WaitingKind:
        """Return the kind of a request."""
        group = self._group(question)
        group |= self._of_retired(group)
        failed = [making for making in self._failed if not group.isdisjoint(making.instances)]
        tried = Counter(key for making in failed for key in making.instances)
        usable = most_trusted([self._instances[key] for key in group], tried)
        return WaitingKind(usable, self._needed * 2 ** len(failed))

    def _of_retired(self, group: set[str]) -> set[str]:
        """Return what waits for the retired tools whose proof is in a group, if its wording is that of the proof."""
        found: set[str] = set()
        for tool in {each.tool for key in group if (each := self._instances[key]).source == "proof"}:
            known = [each for each in self._instances.values() if each.tool == tool]
            proof = [each for each in known if each.source == "proof"]
            words = LexicalIndex()
            words.put("kind", forms_of([each.question for each in proof]))
            found |= {each.id for each in proof}
            found |= {each.id for each in known if any(match.fits for match in words.search(each.question))}
        return found

    def _group(self, question: str) -> set[str]:
        same = next((key for key, each in self._instances.items() if each.question == question), None)
        if same is not None:  # no other instance is as near to it as it is to itself
            return self._groups.group(same)
        request = ""  # no instance has an empty id
        self._groups.add(request, Runs.of(question))
        try:
            return self._groups.group(request) - {request}
        finally:
            self._groups.remove(request)
