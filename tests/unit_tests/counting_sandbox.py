"""A sandbox that notes which batches it ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_latm.sandbox import ExecutionResult, Limits, Sandbox, ToolSource


class CountingSandbox:
    """Runs everything in another sandbox. `batches` holds entry, tenant and size of each batch."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.batches: list[tuple[str, str, int]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sandbox, name)

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        self.batches.append((tool.entry, tenant, len(arguments)))
        return self._sandbox.batch(tool, arguments, tenant=tenant, limits=limits)

    async def abatch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        self.batches.append((tool.entry, tenant, len(arguments)))
        return await self._sandbox.abatch(tool, arguments, tenant=tenant, limits=limits)
