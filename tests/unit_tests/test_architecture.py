"""The page on the architecture names every room, and only existing files."""

from __future__ import annotations

import re
from pathlib import Path

import langchain_latm
from tests.unit_tests.test_import_direction import ROOMS

PACKAGE = Path(langchain_latm.__file__).parent
ROOT = PACKAGE.parent
PAGE = (ROOT / "notebooks" / "architecture.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "notebooks" / "assets" / "rooms.svg").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w./]+(?:\.py|\.md|\.toml|\.yml|/))`", PAGE)))
FOLDERS = sorted(path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def test_the_paths_on_the_page_exist() -> None:
    assert len(PATHS) > 60, "the search must find them"
    assert not [path for path in PATHS if not (PACKAGE / path).exists() and not (ROOT / path).exists()]


def test_every_room_has_a_row_and_a_place_in_the_picture() -> None:
    assert not [folder for folder in FOLDERS if f"| `{folder.as_posix()}/` |" not in PAGE]
    drawn = [folder.name for folder in FOLDERS if len(folder.parts) < 3]
    assert not [name for name in drawn if f">{name}</text>" not in PICTURE]


def test_every_floor_has_a_row() -> None:
    paths = [f"{room}/" if (PACKAGE / room).is_dir() else f"{room}.py" for room in ROOMS if room != "__main__"]
    assert not [path for path in paths if f"| `{path}` |" not in PAGE]
