"""Tools and tool making for LangChain agents: middleware and toolkit."""
