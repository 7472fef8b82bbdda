"""An extension of Griffe that shows defaults as values in the reference.

In the source many defaults are names of constants, which a reader would have to look up.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from griffe import Extension, Function, Module

_PLAIN = (int, float, str, tuple, type(None))


class Defaults(Extension):
    """Replaces names of constants by their values."""

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Visit all public functions of a loaded package."""
        _replace(pkg)


def _replace(within: Any) -> None:
    for each in within.members.values():
        if each.is_alias or (each.name.startswith("_") and each.name != "__init__"):
            continue
        if isinstance(each, Function):
            _replace_in(each)
        else:
            _replace(each)


def _replace_in(function: Function) -> None:
    named = [each for each in function.parameters if each.default is not None and not isinstance(each.default, str)]
    if not named:
        return
    try:
        defined: Any = import_module(function.module.path)
    except ImportError:  # it needs an extra that is not installed: keep the name
        return
    for part in function.path.removeprefix(f"{function.module.path}.").split("."):
        defined = getattr(defined, part)
    values = inspect.signature(defined).parameters
    for each in named:
        if isinstance(values[each.name].default, _PLAIN):
            each.default = repr(values[each.name].default)
