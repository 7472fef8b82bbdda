"""What the closed loop keeps in the tool library's store, beside the tools; see `_library_flows` for how.

Everything is added under keys of its own, or replaced whole by its one owner, so that many processes can do it at once.
"""

from __future__ import annotations

from langgraph.store.base import SearchOp

from langchain_latm._library_flows import ALL, Flow, LibraryFlows
from langchain_latm._waiting import FailedMaking, Instance


class LoopFlows:
    """The flows of the loop over one library.

    Args:
        library: The library's own flows.
    """

    def __init__(self, library: LibraryFlows) -> None:
        self._library = library
        self._labels = library.labels

    def waiting(self) -> Flow[tuple[list[Instance], list[FailedMaking]]]:
        """Return all instances that wait, oldest first, and all makings that failed."""
        waiting, failed = yield [
            SearchOp(self._labels("waiting"), limit=ALL),
            SearchOp(self._labels("failed"), limit=ALL),
        ]
        instances = [Instance(id=item.key, **item.value) for item in sorted(waiting, key=lambda item: item.key)]
        return instances, [FailedMaking(id=item.key, **item.value) for item in failed]
