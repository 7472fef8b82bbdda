"""Solved requests that no tool fits, sorted into kinds until a kind has enough of them (paper, section 3.3)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from langchain_latm.text.wording.grouping import Groups
from langchain_latm.text.wording.lexical import LexicalIndex, wordings_of
from langchain_latm.text.wording.runs import Runs
from langchain_latm.tools.library.instances import FailedMaking, Instance, most_trusted, newest_trusted
from langchain_latm.tools.library.near_duplicates import NearDuplicates


class WaitingKind(NamedTuple):
    """The waiting instances of one kind, and how many a making needs.

    Attributes:
        instances: Those whose answer is known, each question once: the most trusted first, then those that took part
            in the fewest failed makings (one wrong answer fails every making), then the oldest. Near duplicates
            (`near_duplicates`) count as one: the newest of those whose answer is most trusted.
        needed: Number of instances for a making; it doubles with each failed making. If one failed because its function
            might have guessed, the number that its proof needs.
        used: How many of these a making uses; 0 for the number of a first making.
        repeats: The near duplicates of these that do not count.
    """

    instances: tuple[Instance, ...]
    needed: int
    repeats: tuple[Instance, ...] = ()
    used: int = 0

    @classmethod
    def of(cls, members: Sequence[Sequence[Instance]], failed: Iterable[FailedMaking], needed: int) -> WaitingKind:
        """Return a kind.

        Args:
            members: Its instances, near duplicates together.
            failed: All failed makings.
            needed: Instances for a first making.
        """
        every = {each.id for several in members for each in several}
        failed = [making for making in failed if not every.isdisjoint(making.instances)]
        # If a function might have guessed, its examples are not wrong; the next making adds more.
        unproven = [making for making in failed if making.more_needed]
        used = max((making.enough for making in unproven), default=0)
        tried = Counter(key for making in failed if not making.more_needed for key in making.instances)
        usable = most_trusted(filter(None, map(newest_trusted, members)), tried)
        repeats = [each for several in members if len(several) > 1 for each in several if each not in usable]
        return cls(usable, max(needed * 2 ** (len(failed) - len(unproven)), used), tuple(repeats), used)

    @property
    def due(self) -> bool:
        """Whether there are enough to make a tool."""
        return len(self.instances) >= self.needed

    @property
    def tool(self) -> str | None:
        """The name of the retired tool that is to be replaced: the one whose proof is of this kind.

        Feedback on that tool is not enough: the request may be of another kind, dispatched to it by mistake.
        """
        return next((each.tool for each in self.instances if each.source == "proof"), None)


def waiting_rows(
    instances: Iterable[Instance], failed: Iterable[FailedMaking], names: Collection[str], needed: int
) -> WaitingKind:
    """Return the rows that wait for the replacement of a retired typed tool with inputs of these names.

    Returns nothing if several such tools are retired, since the names do not show which one a row is for.
    """
    same = [each for each in instances if each.typed and json.loads(each.question).keys() == set(names)]
    known = [[each] for each in same] if len({each.tool for each in same}) == 1 else []
    return WaitingKind.of(known, failed, needed)


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
        self._duplicates = NearDuplicates()
        self._members: dict[str, list[str]] = {}
        """All instances that nearly repeat one, itself among them, by its id. Only the first one is in a group."""
        self._first_of: dict[str, str] = {}
        """The id of that one, by question."""

    def update(self, instances: Iterable[Instance], failed: Sequence[FailedMaking]) -> None:
        """Replace the cached instances by those of the library."""
        before, self._instances = self._instances, {each.id: each for each in instances}
        self._failed = failed
        if any(key not in self._instances or self._instances[key].tool != each.tool for key, each in before.items()):
            before, self._duplicates, self._members = {}, NearDuplicates(), {}
        for each in self._instances.values():
            if each.id not in before:
                # Instances of a retired tool are kept apart, since its replacement must be right on all of them.
                first = each.id if each.tool else self._duplicates.add(each.id, each.question)
                self._members.setdefault(first, []).append(each.id)
        self._first_of = {
            self._instances[key].question: first for first, several in self._members.items() for key in several[::-1]
        }
        for gone in [key for key in self._groups if key not in self._members]:
            self._groups.remove(gone)
        for key in self._members:
            if key not in self._groups:
                self._groups.add(key, Runs.of(self._instances[key].question))

    def kind_of(self, question: str) -> WaitingKind:
        """Return the kind of a request."""
        group = self._group(question)
        group |= self._of_retired(group)
        members = [[self._instances[key] for key in self._members.get(first, [first])] for first in sorted(group)]
        return WaitingKind.of(members, self._failed, self._needed)

    def _of_retired(self, group: set[str]) -> set[str]:
        """Return the instances of retired tools whose proof is in a group, if they have the wording of the proof."""
        found: set[str] = set()
        for tool in {each.tool for key in group if (each := self._instances[key]).source == "proof"}:
            known = [each for each in self._instances.values() if each.tool == tool]
            proof = [each for each in known if each.source == "proof"]
            words = LexicalIndex()
            words.put("kind", wordings_of([each.question for each in proof]))
            found |= {each.id for each in proof}
            found |= {each.id for each in known if any(match.fits for match in words.search(each.question))}
        return found

    def _group(self, question: str) -> set[str]:
        if not self._members:
            return set()
        first = self._first_of.get(question) or self._duplicates.find(question)
        if first is not None:  # no other instance is more similar to it
            return self._groups.group(first)
        request = ""  # no instance has an empty id
        self._groups.add(request, Runs.of(question))
        try:
            return self._groups.group(request) - {request}
        finally:
            self._groups.remove(request)
