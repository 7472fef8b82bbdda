"""A tool library as an MCP server (extra `mcp`)."""

from langchain_latm.interop.mcp.server import ToolServer, create_mcp_server

__all__ = ["ToolServer", "create_mcp_server"]
