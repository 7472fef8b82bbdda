"""Defaults that factories share with the command line: its help shows them, and imports nothing heavy for that."""

from __future__ import annotations

from typing import Final

LOCAL: Final = "local"
"""The name of the embedded model."""

ATTEMPTS: Final = 24
CANDIDATES: Final = 1
SECONDS: Final = 300.0
TOKENS: Final = 40_000
"""What a making may spend at most: rounds, functions in each, time and tokens."""

DEMONSTRATIONS: Final = 3
"""Solved requests that a maker is shown."""
INSTANCES: Final = 6
"""Solved requests of a kind that are needed to make a tool: three to show, three to prove."""
