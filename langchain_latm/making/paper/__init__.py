"""Makes a tool with the paper's own method, as a baseline."""
