"""The paper's own method of making a tool, as a baseline."""
