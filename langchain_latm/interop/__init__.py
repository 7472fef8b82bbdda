"""Made tools in agents, MCP clients, Agent Skills, Python files, and the LATM paper's format."""
