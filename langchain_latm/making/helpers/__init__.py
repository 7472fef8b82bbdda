"""Functions that a maker may call by name, and how their text becomes a part of the tools that do."""
