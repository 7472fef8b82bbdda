"""The tools of a library as a LangChain toolkit."""

from __future__ import annotations

from langchain_core.tools import BaseTool, BaseToolkit
from pydantic import ConfigDict, SkipValidation

from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.library.library import ToolLibrary


class LATMToolkit(BaseToolkit):
    """Serves a library's tools to whatever takes LangChain tools: `bind_tools`, `create_agent`, chains.

    It serves what the library holds when `get_tools` is called. For an agent that finds its tools by itself and makes
    new ones, take `ToolMakingMiddleware`.

    Attributes:
        library: Where the tools are.
        sandbox: Where they run. Closing it is the caller's part.
        names: Only these; all by default.

    Source: https://docs.langchain.com/oss/python/langchain/tools
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: ToolLibrary
    sandbox: SkipValidation[Sandbox]
    names: tuple[str, ...] | None = None

    def get_tools(self) -> list[BaseTool]:
        """Return the tools, by name.

        Raises:
            ToolNotFoundError: One of `names` is not there.
            ToolRecordError: A stored record was altered or damaged.
            ToolLibraryError: The library's store failed.
        """
        names = [each.name for each in self.library.list()] if self.names is None else sorted(self.names)
        return [self.library.get(name).as_tool(self.sandbox) for name in names]
