"""The user's cache folder: the joined weights, and packages for tools."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

CACHE_VARIABLE: Final = "LATM_CACHE_DIR"


def cache_folder(named: str | os.PathLike[str] | None = None) -> Path:
    """Return the given folder, else that of the variable `LATM_CACHE_DIR`, else the platform's default."""
    if chosen := named or os.environ.get(CACHE_VARIABLE):
        return Path(chosen).expanduser().absolute()
    import platformdirs  # noqa: PLC0415 - not needed if a folder is given

    return Path(platformdirs.user_cache_dir("langchain-latm", appauthor=False))
