"""The tool maker: propose -> verify -> wrap."""

from langchain_latm.tool_maker.maker import ToolMaker, create_tool_maker
from langchain_latm.tool_maker.stages import MakingEvent

__all__ = ["MakingEvent", "ToolMaker", "create_tool_maker"]
