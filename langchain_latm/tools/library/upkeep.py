"""The methods of a tool library that delete data."""

from __future__ import annotations

from datetime import timedelta

from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.retention import Erased, Pruned, erase_tenant, erase_user, prune


class LibraryUpkeep:
    """The part of `ToolLibrary` that deletes data. Use it through `ToolLibrary`."""

    _operations: LibraryOperations
    _tenant: str

    def prune(self, *, older_than: timedelta, dry_run: bool = False) -> Pruned:
        """Delete old answers, feedback, doubts, failed makings, waiting requests and pending tools; add up uses.

        It keeps tools, histories, examples and the sums of uses; feedback that the current version of a tool was wrong;
        answers whose request waits or is an example; and waiting requests that a person answered. The accounts no
        longer contain the deleted items.

        Args:
            older_than: The age from which on notes are deleted.
            dry_run: Only count.

        Returns:
            The numbers of items that were deleted, or would be.

        Raises:
            RequestError: The age is negative.

        Example:
            ```python
            from datetime import timedelta

            from langgraph.store.memory import InMemoryStore
            from langchain_latm import ToolLibrary

            print(ToolLibrary(InMemoryStore()).prune(older_than=timedelta(days=90)).answers)  # -> 0
            ```
        """
        return run_flow(prune(self._operations, older_than, dry_run=dry_run))

    async def aprune(self, *, older_than: timedelta, dry_run: bool = False) -> Pruned:
        """Do as `prune`."""
        return await arun_flow(prune(self._operations, older_than, dry_run=dry_run))

    def erase_tenant(self) -> dict[str, int]:
        """Delete everything of this library's tenant, tools and accounts too. No process may use it meanwhile.

        Returns:
            The number of deleted items of each sort.

        Raises:
            RequestError: It is the library of all runs without a tenant, or nothing is stored.
        """
        return run_flow(erase_tenant(self._operations, self._tenant))

    async def aerase_tenant(self) -> dict[str, int]:
        """Do as `erase_tenant`."""
        return await arun_flow(erase_tenant(self._operations, self._tenant))

    def erase_user(self, user: str, *, dry_run: bool = False) -> Erased:
        """Delete the stored data of a user's requests: answers, feedback, waiting requests, examples, pending tools.

        Proofs never change; `in_proofs` names the tools whose proof contains such a request. Make no tools of the
        user's requests meanwhile.

        Args:
            user: The name that the application gave with the requests.
            dry_run: Only count.

        Raises:
            RequestError: The name cannot be one, or nothing is stored of this user.
        """
        return run_flow(erase_user(self._operations, user, dry_run=dry_run))

    async def aerase_user(self, user: str, *, dry_run: bool = False) -> Erased:
        """Do as `erase_user`."""
        return await arun_flow(erase_user(self._operations, user, dry_run=dry_run))
