"""The tool maker: propose -> verify -> wrap."""

from langchain_latm.tool_maker.maker import MakingEvent, ToolMaker, create_tool_maker

__all__ = ["MakingEvent", "ToolMaker", "create_tool_maker"]
