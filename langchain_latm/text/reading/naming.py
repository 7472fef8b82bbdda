"""Which names a parameter can have."""

from __future__ import annotations

import builtins
import keyword
from typing import Final

FORBIDDEN_PARAMETERS: Final = frozenset({"config", "run_manager", "callbacks", "runtime", "self", "model_config"})
"""Names that LangChain or pydantic reserves."""
NAMES_OF_PYTHON: Final = frozenset({*keyword.kwlist, *dir(builtins)})
"""Keywords and builtins."""
