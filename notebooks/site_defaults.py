"""An extension of Griffe, which reads the package for the reference: defaults are shown as values.

In the source many of them are names of constants, which a reader would have to look up.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from griffe import Extension, Function, Module

_PLAIN = (int, float, str, tuple, type(None))


class Defaults(Extension):
    """Replaces names by what they stand for."""

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Go through all public functions of a package that was just read."""
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
    except ImportError:  # of an extra that is not installed: the name stays
        return
    for part in function.path.removeprefix(f"{function.module.path}.").split("."):
        defined = getattr(defined, part)
    values = inspect.signature(defined).parameters
    for each in named:
        if isinstance(values[each.name].default, _PLAIN):
            each.default = repr(values[each.name].default)
