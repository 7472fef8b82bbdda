"""Forms of arguments, one class in one module each.

`forms` finds all modules of this package, so nothing else lists them. `_base` defines the interface of a form.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from langchain_latm.text.reading.forms._base import Form, GapForm, MentionForm, NumberType, Place, Stage, types_in

__all__ = [
    "Form",
    "GapForm",
    "MentionForm",
    "NumberType",
    "Place",
    "Stage",
    "forms",
    "gap_forms",
    "mention_forms",
    "types_in",
]


@cache
def forms() -> Mapping[str, Form]:
    """Return all forms by name, narrow ones first.

    Raises:
        TypeError: A module does not hold exactly one form, or two forms have one name.
    """
    found: dict[str, Form] = {}
    for form in sorted(map(_form_in, _modules()), key=lambda form: (form.rank, form.name)):
        if form.name in found:
            raise TypeError(f"two forms are called {form.name!r}: {type(form)} and {type(found[form.name])}")
        found[form.name] = form
    return MappingProxyType(found)


@cache
def gap_forms(stage: Stage) -> tuple[GapForm, ...]:
    """Return the forms of one gap that are tried in a stage, in order."""
    return tuple(form for form in forms().values() if isinstance(form, GapForm) and form.stage == stage)


@cache
def mention_forms() -> tuple[MentionForm, ...]:
    """Return the forms that read a group of sentences, in order."""
    return tuple(form for form in forms().values() if isinstance(form, MentionForm))


def _modules() -> list[str]:
    return [f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__) if module.name[0] != "_"]


def _form_in(module: str) -> Form:
    found = [
        each
        for each in vars(import_module(module)).values()
        if isinstance(each, type) and issubclass(each, Form) and each.__module__ == module
    ]
    if len(found) != 1:
        raise TypeError(f"{module} must define one form, not {len(found)}")
    form: Form = found[0]()
    return form
