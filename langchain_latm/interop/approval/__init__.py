"""The approval page: persons look at proven tools and approve or refuse them (extra `mcp`)."""
