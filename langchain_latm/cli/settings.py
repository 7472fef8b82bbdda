"""The settings file of `latm`: `latm.toml`, or `[tool.latm]` in a `pyproject.toml`.

It holds defaults of options. They become the default map of the command tree, so an option on the command line and an
environment variable take precedence:
https://click.palletsprojects.com/en/stable/commands/#overriding-defaults
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import typer

from langchain_latm._core.visible import visible

Table = dict[str, Any]
Check = Callable[[Any], str | None]
"""Returns a description of valid values, if a value is invalid."""

_LATM: Final = "latm.toml"
_PYPROJECT: Final = "pyproject.toml"
_MOST_BYTES: Final = 1_000_000
_LONGEST_KEY: Final = 60


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "a text"


def _texts(value: Any) -> str | None:
    """Check one model, or several, of which the next one is asked if the one before proved nothing."""
    several = value if isinstance(value, list) and value else [value]
    if any(_text(each) for each in several):
        return 'a text, or a list of texts such as ["local", "openai:gpt-4.1"]'
    return None if len(set(several)) == len(several) else "a list that names each model once"


def _whole(least: int) -> Check:
    wanted = f"a whole number of at least {least}"
    return lambda value: None if type(value) is int and value >= least else wanted


def _number(least: float, most: float = float("inf")) -> Check:
    wanted = f"a number of at least {least:g}" + (f" and at most {most:g}" if most < float("inf") else "")
    return lambda value: None if type(value) in {int, float} and least <= value <= most else wanted


def _daily(value: Any) -> str | None:
    """Check a limit as `DailyLimit.of` reads it; an unknown price is reported later."""
    plain = (type(value) is int and value >= 0) or (isinstance(value, str) and value.strip())
    return None if plain else 'a number of tokens, or dollars such as "2.50 USD"'


_KEYS: Final[dict[str, Check]] = {
    "library": _text,
    "models.maker": _texts,
    "models.user": _text,
    "models.dispatcher": _text,
    "models.deciding": _text,
    "models.embeddings": _text,
    "budgets.tokens": _whole(1),
    "budgets.seconds": _number(1),
    "budgets.attempts": _whole(1),
    "budgets.candidates": _whole(1),
    "budgets.second_attempts": _whole(0),
    "budgets.repair": _number(0, 3_600),
    "budgets.call_seconds": _number(0.01),
    "budgets.daily": _daily,
}
"""Each key with the check of its value; the bounds are those of the options."""
_PARAMETERS: Final = {key: key.partition(".")[2] for key in _KEYS if "." in key} | {
    "models.deciding": "deciding_model",
    "budgets.daily": "budget",
}
_MODEL_COMMANDS: Final = ("make", "use", "apply", "ask", "remake", "dispatch", "serve")
"""Commands whose models and budgets come from the file, if they have such options."""


@dataclass(frozen=True)
class Settings:
    """The content of a settings file.

    Attributes:
        file: The file; None if there is none.
        values: Its values by key, such as `models.maker`.
    """

    file: Path | None
    values: dict[str, Any]

    def default_map(self, group: Any) -> dict[str, Any]:
        """Return the defaults for the options of each command of a group, by the names of their parameters."""
        found: dict[str, Any] = {}
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                found[name] = self.default_map(command)
                continue
            options = {each.name for each in command.params}
            repeated = {each.name for each in command.params if getattr(each, "multiple", False)}
            keys = {"library": "library"} | (_PARAMETERS if name in _MODEL_COMMANDS else {})
            if name == "dispatch":
                keys["models.dispatcher"] = "model"
            found[name] = {
                option: _several(self.values[key]) if option in repeated else self.values[key]
                for key, option in keys.items()
                if key in self.values and option in options
            }
        return found


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def find_settings(given: Path | None = None, *, start: Path | None = None) -> Settings:
    """Read the settings: from a file, or from the first that is found from the current folder upwards.

    A file that another user owns is skipped unless it is given, since anybody could put one into a shared folder.

    Args:
        given: The file to read, whatever its name.
        start: Where the search starts; by default the current folder.

    Raises:
        typer.BadParameter: The file cannot be read, or a key or a value in it is wrong. The message names both.
    """
    if given is not None:
        return Settings(given, _checked(given, _table_of(given, named=True) or {}))
    try:
        folder = (start or Path.cwd()).absolute()
    except FileNotFoundError:  # the current folder was deleted
        return Settings(None, {})
    for file in (each / name for each in (folder, *folder.parents) for name in (_LATM, _PYPROJECT)):
        if file.is_file() and _is_own(file) and (table := _table_of(file, named=False)) is not None:
            return Settings(file, _checked(file, table))
    return Settings(None, {})


def _is_own(file: Path) -> bool:
    return not hasattr(os, "getuid") or file.stat().st_uid in {os.getuid(), 0}


def _table_of(file: Path, *, named: bool) -> Table | None:
    """Return the settings in a file; None for a `pyproject.toml` that has none."""
    part = file.name == _PYPROJECT
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        if part and not named and b"latm" not in content:
            return None  # other content is ignored, even if it is invalid
        if len(content) > _MOST_BYTES:
            raise _wrong(file, f"it has more than {_MOST_BYTES:,} bytes")
        found = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise _wrong(file, error.strerror or type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        raise _wrong(file, f"it is not TOML: {error}") from error
    if not part:
        return found
    tools = found.get("tool")
    table = tools.get("latm") if isinstance(tools, dict) else None
    return table if isinstance(table, dict) else None


def _checked(file: Path, table: Table) -> dict[str, Any]:
    """Return the values of a table by key, or refuse the first invalid one."""
    found: dict[str, Any] = {}
    for key, value in _flat(table):
        shown = visible(key[:_LONGEST_KEY])
        if key not in _KEYS:
            names = {each.rpartition(".")[2]: each for each in _KEYS}
            near = get_close_matches(key[:_LONGEST_KEY].rpartition(".")[2], names, n=1)
            hint = f"; did you mean {names[near[0]]}?" if near else f"; the keys are {', '.join(_KEYS)}"
            raise _wrong(file, f"there is no setting {shown}{hint}")
        if (wanted := _KEYS[key](value)) is not None:
            raise _wrong(file, f"{shown} must be {wanted}")  # the value is left out, since it may be a secret
        found[key] = value
    if "library" in found and "://" not in found["library"]:  # a relative path is relative to the file
        found["library"] = str(file.absolute().parent / Path(found["library"]).expanduser())
    return found


def _flat(table: Table) -> Iterator[tuple[str, Any]]:
    """Yield each value by its key; those of a section by `SECTION.KEY`."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", each) for name, each in value.items())
        else:
            yield key, value


def _wrong(file: Path, problem: str) -> typer.BadParameter:
    return typer.BadParameter(f"{visible(str(file))}: {problem}")
