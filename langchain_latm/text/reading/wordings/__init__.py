"""Reads requests of one kind in several wordings: each value has one role, wherever and in whatever order it stands."""
