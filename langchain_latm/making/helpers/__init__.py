"""Functions that made functions may call by name; their text becomes a part of the tool."""
