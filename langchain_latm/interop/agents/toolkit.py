"""The tools of a library as a LangChain toolkit."""

from __future__ import annotations

from langchain_core.tools import BaseTool, BaseToolkit
from pydantic import ConfigDict, SkipValidation

from langchain_latm.interop.agents.agent_library import counted_tool
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.library.library import ToolLibrary


class LATMToolkit(BaseToolkit):
    """Returns a library's tools as LangChain tools, for `bind_tools`, `create_agent` and chains.

    `get_tools` returns the tools that are current when it is called; each call of one is counted as a use. For an agent
    that searches the library at each message and makes new tools, use `ToolMakingMiddleware`.

    Attributes:
        library: The library; for the tools of a tenant, its own (`ToolLibrary.for_tenant`).
        sandbox: Where the tools run. The caller closes it.
        names: Only these tools; by default all that depend on no system prompt (`create_latm`).

    Source: https://docs.langchain.com/oss/python/langchain/tools
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: ToolLibrary
    sandbox: SkipValidation[Sandbox]
    names: tuple[str, ...] | None = None

    def get_tools(self) -> list[BaseTool]:
        """Return the tools, sorted by name.

        Raises:
            ToolNotFoundError: One of `names` is not in the library.
            ToolRecordError: A stored record was altered or damaged.
            ToolLibraryError: The library's store failed.
        """
        if self.names is None:
            names = [each.name for each in self.library.list() if not each.system_key]
        else:
            names = sorted(self.names)
        tenant = self.library.tenant
        return [counted_tool(self.library.get(name), self.sandbox, self.library, tenant=tenant) for name in names]
