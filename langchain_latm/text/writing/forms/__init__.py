"""Forms of answers, one module each. `forms` finds all modules of this package, so nothing else lists them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from langchain_latm.text.writing.form import Form


@cache
def forms() -> tuple[Form, ...]:
    """Return one instance of every form in this package, the most specific first (`Form.rank`)."""
    modules = [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    found = [
        each()
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Form) and each.__module__ == module.__name__
    ]
    return tuple(sorted(found, key=lambda form: (form.rank, form.name)))
