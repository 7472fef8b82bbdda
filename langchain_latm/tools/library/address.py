"""The address of a tool library: a SQLite file, or the URL of a database."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from langchain_latm._core.visible import visible
from langchain_latm.exceptions import ToolLibraryError

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)(:/{1,2}.*)", re.DOTALL)
"""A scheme has at least two characters, since `C:/tools.sqlite` is a file. `pathlib` turns two slashes into one."""
IN_MEMORY: Final = Path(":memory:")
"""A library in memory: it ends when it is closed, and other processes cannot see it."""
_POSTGRES: Final = frozenset({"postgresql", "postgres"})


def address_of(place: str | Path) -> Path | str:
    """Return the file of a library, or the URL of its Postgres database.

    Args:
        place: A path, `sqlite:///relative.sqlite`, `sqlite:////absolute.sqlite`, `postgresql://...` or `:memory:`.

    Raises:
        ToolLibraryError: It is a URL of another kind, or names no database.
    """
    text = str(place)
    if not text.strip() or "\0" in text:
        raise ToolLibraryError(f"{visible(text)!r} names no file for a tool library")
    if re.match("file:", text, re.IGNORECASE):  # a URI of SQLite, which would be opened as a file of that name
        raise ToolLibraryError(f"{visible_address(place)}: write a path, sqlite:///FILE or {IN_MEMORY}, not file:")
    found = _SCHEME.fullmatch(text)
    if found is None:
        return Path(place)
    scheme, rest = found[1].lower(), found[2]
    if not rest.startswith("://"):
        raise ToolLibraryError(f"{visible_address(place)} is a URL with one slash: give it as text, not as a Path")
    if scheme in _POSTGRES:
        return f"postgresql{rest}"
    if scheme != "sqlite":
        raise ToolLibraryError(
            f"{visible_address(place)}: a tool library is a file, sqlite:///FILE or postgresql://HOST/DATABASE, "
            f"not {scheme}://"
        )
    path = unquote(rest.removeprefix("://"))
    if not path.startswith("/") or path == "/" or ":memory:" in path:
        raise ToolLibraryError(
            f"{visible_address(place)} names no file: write sqlite:///tools.sqlite, or sqlite:////srv/tools.sqlite for "
            "an absolute path"
        )
    return Path(path[1:])


def default_address() -> Path | str:
    """Return the default place of the library: that of `LATM_LIBRARY`, or a file in the user's data folder.

    Raises:
        ToolLibraryError: `LATM_LIBRARY` is a URL of another kind, or the user has no home folder.
    """
    chosen = os.environ.get("LATM_LIBRARY")
    if chosen:
        return address_of(chosen)
    import platformdirs  # noqa: PLC0415 - not needed if a place is given

    try:
        folder = Path(platformdirs.user_data_dir("langchain-latm"))
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():  # HOME is not set, and the system does not know this user
        raise ToolLibraryError("this user has no home folder for the tool library: set HOME, or choose a file for it")
    return folder / "tools.sqlite"


def visible_address(place: str | Path) -> str:
    """Return an address for messages: the password and all options of a URL are left out."""
    found = _SCHEME.fullmatch(str(place))
    if found is None:
        return str(place)
    text = re.sub(r"^:/+", "://", found[2])
    if found[1].lower() == "sqlite":
        return visible(f"sqlite{found[2]}")
    # Not with a URL parser, which misreads a password with an unescaped `/` or `@`.
    before, at, host = text.removeprefix("://").rpartition("@")
    user = re.split(r"[:/]", before)[0]
    return visible(f"{found[1]}://{user}{at}{re.split('[?#]', host)[0]}")


def without_secrets(text: str, url: str) -> str:
    """Return a message of a driver without the password of a URL, as written and as decoded."""
    secrets = {found[1] for found in (re.search(r"://[^/?#]*?:([^?#]*)@", url),) if found}
    secrets |= set(re.findall(r"[?&][^=&]*pass[^=&]*=([^&]*)", url))
    for secret in sorted(secrets | {unquote(each) for each in secrets}, key=len, reverse=True):
        text = text.replace(secret, "***") if secret else text
    return text.replace(url, visible_address(url))
