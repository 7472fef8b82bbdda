"""Sums of uses: notes of single uses are added up by day, so that reading them does not get slower with every use.

A sum lists the notes that it counts until they are deleted, because a store has neither compare-and-swap nor
transactions. A listed note is not counted again, so a process may die between any two operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from langgraph.store.base import Item, Op, PutOp, SearchOp

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import ToolLibraryError

if TYPE_CHECKING:
    from langchain_latm.tools.library.operations import LibraryOperations

SUMS: Final = "sums"
"""The label of the sums, one item for each name."""
KEY: Final = "uses"
_LOOKS: Final = 20
_TOKENS: Final = ("input_tokens", "output_tokens", "calls")


def times_of(use: Item) -> int:
    """Return how many uses a stored item records: a batch has one item for all its uses of a tool."""
    return int(use.value.get("times", 1))


def uses_of(
    library: LibraryOperations, notes: SearchOp, *name: str, also: Sequence[Op] = ()
) -> Flow[tuple[list[Item], list[Any]]]:
    """Read every use once, together with other operations in the same batch.

    The sums are read before and after the notes. If they are equal, no use was counted twice or missed meanwhile.

    Args:
        library: Whose uses.
        notes: The search for the single notes.
        name: Only the sums of this name.
        also: Other operations.

    Returns:
        The uses, sums in the form of a note of several uses; and the other results.

    Raises:
        ToolLibraryError: In the flow: other processes changed the sums all the time.
    """
    sums = library.find_all(SUMS, *name)
    for _ in range(_LOOKS):
        before, single, *others, after = yield library.batch(sums, notes, *also, sums)
        if _contents(before) == _contents(after):
            return [*_single(single, after), *(each for item in after for each in _as_notes(library, item))], others
    raise ToolLibraryError("the uses are being added up by another process: try again in a minute")


def added_up(known: Item | None, notes: Iterable[Item]) -> dict[str, Any]:
    """Return the stored sum of a name with some notes added; it then lists these notes only.

    Uses are summed separately by day, version and model, by failure, and by whether tokens were reported.
    """
    groups = {_sort(each): dict(each) for each in (known.value["groups"] if known else ())}
    covers = []
    for note in notes:
        covers.append(note.key)
        value = {"model": None, **note.value, "key": note.key, "times": times_of(note)}
        value["tokens"] = {each: value["tokens"].get(each, 0) for each in _TOKENS}
        there = groups.setdefault(_sort(value), value)
        if there is not value:
            there["times"] += value["times"]
            there["tokens"] = {each: there["tokens"][each] + value["tokens"][each] for each in _TOKENS}
            there["at"], there["key"] = max(there["at"], value["at"]), min(there["key"], value["key"])
    return {"groups": list(groups.values()), "covers": covers}


def put_sum(library: LibraryOperations, name: str, value: dict[str, Any]) -> PutOp:
    """Return the write of a name's sum."""
    return PutOp(library.labels(SUMS, name), KEY, value, index=False)


def _sort(use: dict[str, Any]) -> tuple[Any, ...]:
    tokens = use["tokens"]
    reported = not tokens["calls"] or tokens["input_tokens"] + tokens["output_tokens"] > 0
    return use["at"][:10], use["id"], use["model"], use["failed"], reported


def _contents(sums: Sequence[Item]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {item.namespace: item.value for item in sums}


def _single(notes: Sequence[Item], sums: Sequence[Item]) -> list[Item]:
    covered = {(item.namespace[-1], key) for item in sums for key in item.value["covers"]}
    return [note for note in notes if (note.namespace[-1], note.key) not in covered]


def _as_notes(library: LibraryOperations, item: Item) -> Iterator[Item]:
    labels = library.labels("uses", item.namespace[-1])
    for group in item.value["groups"]:
        value = {field: each for field, each in group.items() if field != "key"}
        yield Item(
            value=value, key=group["key"], namespace=labels, created_at=item.created_at, updated_at=item.updated_at
        )
