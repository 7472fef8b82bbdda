"""Deletes data from a library: prunes old notes, and erases a tenant or a user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from langgraph.store.base import GetOp, Item, PutOp, SearchOp
from pydantic import NonNegativeInt

from langchain_latm._core.caller import validate_name
from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import RequestError, ToolRecordError
from langchain_latm.tools.library.operations import LibraryOperations, read_record
from langchain_latm.tools.library.roll_up import roll_up
from langchain_latm.tools.library.store_batch import key_time
from langchain_latm.types import Value

_PAGE: Final = 20_000
_WRITTEN_AT_ONCE: Final = 1_000
_PASSING: Final = frozenset({"model", "stranger"})
"""Sources of the answers of waiting requests that are pruned; those from people and proofs are kept."""
_ERASED: Final = "(erased with the requests of a user)"

Place = tuple[tuple[str, ...], str]
"""Namespace and key of an item."""


class Pruned(Value):
    """The numbers of items that `ToolLibrary.prune` deleted, or would delete.

    Attributes:
        answers: Answers kept for feedback.
        doubts: Notes of doubts, and of the tokens for deciding.
        feedback: Feedback entries.
        failed_makings: Makings that produced no tool.
        waiting: Requests that waited for a tool.
        pending: Proven tools that no person approved, and the claims on their requests.
        uses: Notes of single uses that were added up; the uses still count.
    """

    answers: NonNegativeInt = 0
    doubts: NonNegativeInt = 0
    feedback: NonNegativeInt = 0
    failed_makings: NonNegativeInt = 0
    waiting: NonNegativeInt = 0
    pending: NonNegativeInt = 0
    uses: NonNegativeInt = 0


class Erased(Value):
    """The numbers of items that `ToolLibrary.erase_user` deleted.

    Attributes:
        answers: Answers to the user's requests.
        waiting: Requests of the user that waited for a tool.
        examples: Requests of the user that were examples of a tool.
        feedback: Feedback by the user, or on answers to the user.
        pending: Proven tools that wait for approval and were made of the user's requests, or for the user.
        in_proofs: Names of tools with such requests in the proof of a stored version. Proofs never change.
    """

    answers: NonNegativeInt = 0
    waiting: NonNegativeInt = 0
    examples: NonNegativeInt = 0
    feedback: NonNegativeInt = 0
    pending: NonNegativeInt = 0
    in_proofs: tuple[str, ...] = ()


def prune(library: LibraryOperations, older_than: timedelta, *, dry_run: bool = False) -> Flow[Pruned]:
    """Delete what is older; see `ToolLibrary.prune`."""
    if older_than < timedelta():
        raise RequestError("older_than is negative: give the age from which on notes are deleted")
    now = datetime.now(UTC)
    if older_than > now - datetime.min.replace(tzinfo=UTC):
        return Pruned()
    limit = now - older_than
    waiting, examples, names = yield library.batch(*map(library.find_all, ("waiting", "examples", "names")))
    current = {item.value["id"] for item in names}
    stale = [item for item in waiting if item.value["source"] in _PASSING and _written(item) < limit]
    # `erase_user` needs these answers to find the user of an example.
    kept = {item.key for item in (*waiting, *examples)} - {item.key for item in stale}

    def old(item: Item) -> bool:
        return _written(item) < limit

    (pending,) = yield library.batch(library.find_all("pending"))
    unapproved = list(filter(old, pending))
    found = {
        "answers": (yield from _places(library, ("answers",), lambda item: old(item) and item.key not in kept)),
        "doubts": (yield from _places(library, ("doubts",), old)),
        # Answers known to be wrong keep the current version from repeating them.
        "feedback": (
            yield from _places(
                library,
                ("feedback",),
                lambda item: old(item) and (item.value["right"] or item.value["tool_id"] not in current),
            )
        ),
        "failed_makings": (yield from _places(library, ("failed",), old)),
        "waiting": [(item.namespace, item.key) for item in stale],
        "pending": [(item.namespace, item.key) for item in unapproved],
    }
    uses = 0
    if not dry_run:
        for places in found.values():
            yield from _delete(library, places)
        yield from _delete(library, _claims_of(library, unapproved))
        uses = yield from roll_up(library)
    return Pruned(uses=uses, **{label: len(places) for label, places in found.items()})


def erase_tenant(library: LibraryOperations, tenant: str) -> Flow[dict[str, int]]:
    """Delete everything of a tenant; see `ToolLibrary.erase_tenant`."""
    if not tenant:
        raise RequestError("this is the library of all runs without a tenant: name the tenant to erase")
    counts: Counter[str] = Counter()
    depth = len(library.labels())
    while True:
        places = yield from _places(library, (), lambda _item: True)
        if not places and not counts:
            raise RequestError(f"nothing is stored of the tenant {tenant!r}: check the name")
        if not places:
            return dict(sorted(counts.items()))
        counts.update(namespace[depth] for namespace, _ in places)
        yield from _delete(library, places)


def erase_user(library: LibraryOperations, user: str, *, dry_run: bool = False) -> Flow[Erased]:
    """Delete the stored data of a user's requests; see `ToolLibrary.erase_user`."""
    validate_name(user, "user")
    texts: set[str] = set()

    def own(item: Item) -> bool:
        if item.value.get("user") != user:
            return False
        texts.add(str(item.value["question"]))
        return True

    answers = yield from _places(library, ("answers",), own)
    ids = {key for _, key in answers}

    def of_ids(item: Item) -> bool:
        return item.key in ids

    waiting = yield from _places(library, ("waiting",), of_ids)
    examples = yield from _places(library, ("examples",), of_ids)
    feedback = yield from _places(
        library,
        ("feedback",),
        lambda item: item.value.get("user") == user or item.value.get("answer_id", item.key) in ids,
    )
    (items,) = yield library.batch(library.find_all("pending"))
    pending = [each for each in items if each.value["user"] == user or not ids.isdisjoint(each.value["instances"])]
    erased = Erased(
        answers=len(answers),
        waiting=len(waiting),
        examples=len(examples),
        feedback=len(feedback),
        pending=len(pending),
        in_proofs=(yield from _in_proofs(library, texts)),
    )
    if not (answers or feedback or pending):
        raise RequestError(f"nothing is stored of the user {user!r}: check the name, and whose tenant it is")
    if not dry_run:
        besides = [
            *(yield from _places(library, ("doubts",), of_ids)),
            *(yield from _places(library, ("made",), of_ids)),
            *((item.namespace, item.key) for item in pending),
            *_claims_of(library, pending),
        ]
        yield from _erase_reasons(library, ids)
        yield from _delete(library, [*waiting, *examples, *feedback, *besides])
        for name in sorted({namespace[-1] for namespace, _ in (*examples, *feedback)}):
            yield from _forget_wording(library, name)
        yield from _delete(library, answers)  # last: a repeated run finds the other items by them
    return erased


def _claims_of(library: LibraryOperations, pending: Sequence[Item]) -> list[Place]:
    """Return the places of the claims that keep others from making these pending tools."""
    return [(library.labels("claims"), str(item.value["claim"])) for item in pending if item.value["claim"]]


def _in_proofs(library: LibraryOperations, texts: Collection[str]) -> Flow[tuple[str, ...]]:
    names = set()
    (records,) = yield library.batch(library.find_all("records"))
    for item in records:
        try:
            tool = read_record(item)
        except ToolRecordError:
            continue
        if any(case.question in texts for case in tool.report.cases):
            names.add(tool.name)
    return tuple(sorted(names))


def _erase_reasons(library: LibraryOperations, ids: set[str]) -> Flow[None]:
    """Replace the reasons of failed makings, which may quote requests."""
    (failed,) = yield library.batch(library.find_all("failed"))
    touched = [item for item in failed if not ids.isdisjoint(item.value["instances"])]
    if touched:
        yield library.batch(
            *(PutOp(item.namespace, item.key, {**item.value, "error": _ERASED}, index=False) for item in touched)
        )


def _forget_wording(library: LibraryOperations, name: str) -> Flow[None]:
    """Recompute the wording of a tool's requests; a name without a tool needs none."""
    (pointer,) = yield library.batch(GetOp(library.labels("names"), name))
    try:
        if pointer is not None and pointer.value["id"]:
            yield from library.update_wordings(name)
            return
    except ToolRecordError:  # no request finds a damaged tool
        pass
    yield library.batch(PutOp(library.labels("forms"), name, None))


def _places(library: LibraryOperations, labels: Sequence[str], wanted: Callable[[Item], bool]) -> Flow[list[Place]]:
    """Return the places of the wanted items, read in parts; items written meanwhile come first in a store."""
    found: dict[Place, None] = {}
    namespace, start = library.labels(*labels), 0
    while True:
        (items,) = yield library.batch(SearchOp(namespace, limit=_PAGE, offset=start))
        found.update(
            ((item.namespace, item.key), None)
            for item in items
            if item.namespace[: len(namespace)] == namespace and wanted(item)
        )
        if len(items) < _PAGE:
            return list(found)
        start += _PAGE


def _delete(library: LibraryOperations, places: Sequence[Place]) -> Flow[None]:
    for start in range(0, len(places), _WRITTEN_AT_ONCE):
        part = places[start : start + _WRITTEN_AT_ONCE]
        yield library.batch(*(PutOp(namespace, key, None) for namespace, key in part))


def _written(item: Item) -> datetime:
    """Return when an item was first written, by its own field, else by its key, else by the store."""
    try:
        time = datetime.fromisoformat(item.value["at"])
    except (KeyError, TypeError, ValueError):
        time = key_time(item.key) or item.created_at
    return time if time.tzinfo else time.replace(tzinfo=UTC)
