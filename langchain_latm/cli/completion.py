"""Shell completion: names of tools, versions, models and tasks. The shell itself completes files.

Completion never fails and never creates a library; without one it offers nothing. It shows only names, because
descriptions of tools are written by models and do not belong in a command line.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import typer

from langchain_latm._core.defaults import LOCAL
from langchain_latm.exceptions import LATMError

Complete = Callable[[str], list[str]]

_MODELS = (
    LOCAL,
    "openai:gpt-4.1",
    "openai:gpt-4.1-mini",
    "anthropic:",
    "azure_openai:",
    "deepseek:",
    "google_genai:",
    "groq:",
    "mistralai:",
    "ollama:",
    "openrouter:",
)


def tool_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a current tool of the library."""
    from langchain_latm.tools.library.sqlite import tool_names

    return tool_names(_library(ctx), incomplete)


def known_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a current or removed tool."""
    from langchain_latm.tools.library.sqlite import tool_names

    return tool_names(_library(ctx), incomplete, removed=True)


def tool_versions(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the id of a version of the tool that is named before it."""
    from langchain_latm.tools.library.sqlite import versions_in

    return versions_in(_library(ctx), str(ctx.params.get("name") or ""), incomplete)


def exported(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the first argument of `latm tools export`: a file for JSON, otherwise a tool's name."""
    chosen = ctx.params.get("format_")
    return tool_names(ctx, incomplete) if chosen not in (None, "json") and not ctx.params.get("words") else []


def model_names(incomplete: str) -> list[str]:
    """Complete a model: the embedded one, or a provider's prefix."""
    return [name for name in _MODELS if name.startswith(incomplete)]


def one_of(*choices: str) -> Complete:
    """Return a function that completes one of the words."""

    def complete(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return complete


def _library(ctx: typer.Context) -> Path | None:
    """Return the library's file; None for a database, which completion does not query."""
    from langchain_latm.tools.library.address import address_of, default_address

    given = ctx.params.get("library")
    with suppress(LATMError):
        place = address_of(given) if given else default_address()
        if isinstance(place, Path):
            with suppress(RuntimeError):  # the shell expands `~` only when the command runs
                return place.expanduser()
            return place
    return None
