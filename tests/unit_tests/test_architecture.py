"""The page on the architecture names every room, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import langchain_latm
from tests.unit_tests.test_import_direction import ROOMS

PACKAGE = Path(langchain_latm.__file__).parent
ROOT = PACKAGE.parent
PAGE = (ROOT / "notebooks" / "architecture.md").read_text(encoding="utf-8")
PICTURE = (ROOT / "notebooks" / "assets" / "rooms.svg").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w./]+(?:\.py|\.md|\.toml|\.yml|/))`", PAGE)))
FOLDERS = sorted(path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_on_the_page_exists(path: str) -> None:
    assert (PACKAGE / path).exists() or (ROOT / path).exists()


def test_the_page_names_paths() -> None:
    assert len(PATHS) > 60, "the search must find them"


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_room_has_a_row_and_a_place_in_the_picture(folder: Path) -> None:
    assert f"| `{folder.as_posix()}/` |" in PAGE
    if len(folder.parts) < 3:
        assert f">{folder.name}</text>" in PICTURE


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "__main__"])
def test_every_floor_has_a_row(room: str) -> None:
    path = f"{room}/" if (PACKAGE / room).is_dir() else f"{room}.py"
    assert f"| `{path}` |" in PAGE
