"""Each notebook in a fresh kernel: it runs from top to bottom, with the committed outputs."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tests import notebooks


def _as_parameter(path: Path) -> object:
    model = notebooks.needs_model(notebooks.read(path))
    return pytest.param(path, id=path.stem, marks=[pytest.mark.slow, *([pytest.mark.real_model] if model else [])])


@pytest.mark.parametrize("path", [_as_parameter(path) for path in notebooks.paths()])
def test_a_notebook_gives_what_was_committed(path: Path) -> None:
    committed = notebooks.read(path)
    if notebooks.needs_model(committed) and importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("the extra `local` is not installed: pip install 'langchain-latm[local]'")
    before = _files()
    now = notebooks.executed(committed)
    told = notebooks.differences(committed, now)
    if told:
        pytest.fail(
            f"{path.name} gives something else than was committed; `make notebooks` renews it.\n{told}", pytrace=False
        )
    assert _files() == before, "it left files behind"


def _files() -> set[str]:
    """The content of the folder of notebooks."""
    return {os.fspath(path) for path in notebooks.FOLDER.rglob("*")}
