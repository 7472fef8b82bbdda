"""The approval page, on which people review proven tools and approve or refuse them (extra `mcp`)."""
