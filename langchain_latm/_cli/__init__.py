"""The commands of `latm`; `langchain_latm.cli` joins them.

Modules with commands go without `from __future__ import annotations`. Typer reads the types of all options of all
commands at every start, several times, and to evaluate them from text took a fifth of it.
"""
