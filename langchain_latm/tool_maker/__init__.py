"""Making a tool out of solved examples."""

from langchain_latm.tool_maker.maker import ToolMaker, create_tool_maker
from langchain_latm.tool_maker.paper import create_paper_maker
from langchain_latm.tool_maker.stages import MakingEvent

__all__ = ["MakingEvent", "ToolMaker", "create_paper_maker", "create_tool_maker"]
