"""Decides from the text of a tool alone whether it may be made, imported, exported, loaded and used."""
