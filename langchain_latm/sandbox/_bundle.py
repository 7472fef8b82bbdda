"""The code that runs inside a sandbox, as one text for interpreters without this package (WASM, other machines)."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent
_PACKAGE: Final = "langchain_latm.sandbox"
# In the order of their imports.
_MODULES: Final = (
    "_wire",
    "_inside.failure",
    "_inside.values",
    "_inside.docstring",
    "_inside.shape",
    "_inside.records",
    "_inside.annotations",
    "_inside.signature",
    "_inside.tool",
    "_inside.answers",
)

_INSTALL: Final = """\
import sys
from importlib.machinery import ModuleSpec

class _Bundle:  # without the base classes of importlib.abc, which take longer to load than all modules here
    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self, is_package=not self.sources[name]) if name in self.sources else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(compile(self.sources[module.__name__], module.__name__, "exec"), module.__dict__)

sys.meta_path.insert(0, _Bundle({sources}))
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._inside.answers import Answers
"""


@functools.cache
def bundle() -> str:
    """Return Python text that, once executed, has `Answers` and `_wire` in its namespace.

    It needs Python 3.11 or newer and its standard library. Executing it does not run a tool.
    """
    sources = dict.fromkeys(("langchain_latm", _PACKAGE, f"{_PACKAGE}._inside"), "")
    for module in _MODULES:
        path = _FOLDER.joinpath(*module.split(".")).with_suffix(".py")
        sources[f"{_PACKAGE}.{module}"] = path.read_text(encoding="utf-8")
    return _INSTALL.replace("{sources}", json.dumps(sources))
