"""Constants that the command line shares with modules that are slow to import. This module imports nothing."""

from __future__ import annotations

from typing import Final

LOCAL: Final = "local"
"""The name of the embedded model, for users."""
LOCAL_MODEL_NAME: Final = "qwen2.5-coder-1.5b-instruct-q4_k_m"
"""Its name in records."""

ATTEMPTS: Final = 24
CANDIDATES: Final = 1
SECONDS: Final = 1_200.0
TOKENS: Final = 12_000
"""Limits of one making: rounds, functions in each, seconds and tokens. The time is generous, so that the result does
not depend on the load of the machine. Of 17 makings of the embedded model that succeeded within 40,000 tokens, 14
took at most 4,502, and three of one kind 5,921 to 20,413 (`notebooks/explanation/measured.md`)."""
SECOND_ATTEMPTS: Final = 1
"""Rounds that look for a second function, after the first is proven."""
REPAIR: Final = 20.0
"""Most seconds of search for a repair after each round that proved nothing. The number of variants is limited too."""
DIRECT_SAMPLES: Final = 3
"""Number of unseen examples that a model answers without the tool, to measure the savings."""
DECIDING_SAMPLES: Final = 3
"""How often a model is asked for the right answer where proven functions differ."""

DEMONSTRATIONS: Final = 3
"""Solved requests that a maker is shown."""
INSTANCES: Final = 6
"""Solved requests of a kind that are needed to make a tool: three to show, three to prove."""

NAMESPACE: Final = "latm"
"""The first label of everything that a tool library stores."""
TOOL_NAME: Final = r"[a-zA-Z0-9_-]{1,64}"
"""A name that every model provider accepts for a tool."""

KEPT_TENANTS: Final = 100
"""Tenants whose index of tools stays in memory: those that were used last."""
