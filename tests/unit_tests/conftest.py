"""Fixtures for several unit tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from langchain_latm import Package, install_packages
from langchain_latm.making.direct_stage import DirectStage
from langchain_latm.making.repair.stage import RepairStage
from langchain_latm.making.searching import chosen_search
from langchain_latm.sandbox import Sandbox, create_sandbox
from tests.unit_tests.package_world import write_wheels

gc.disable()  # imported modules and collected tests are permanent: walking them took 1 of 7 s of CPU time per process


def pytest_collection_finish() -> None:
    """Collect garbage from now on, without walking the objects from importing and collecting."""
    gc.collect()
    gc.freeze()
    gc.enable()


_IS_DUE = RepairStage.is_due
_MEASURES = DirectStage.is_due


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The real sandbox of this machine: generated code runs nowhere else, not even in tests."""
    with create_sandbox() as running:
        yield running


@pytest.fixture(autouse=True, scope="session")
def _models_alone() -> Iterator[None]:
    """Scripted makers are asked for every function, and their mistakes are not repaired.

    A test that asks for `searches`, `repairs` or `direct_answers` has them, as makers do by default. For the session:
    tools that several tests share are made before a test's own fixtures.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "langchain_latm.making.maker.chosen_search", lambda given: None if isinstance(given, bool) else given
        )
        patch.setattr("langchain_latm.making.repair.stage.RepairStage.is_due", lambda *_: False)
        patch.setattr("langchain_latm.making.direct_stage.DirectStage.is_due", lambda *_: False)
        yield


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are searched for before a maker is asked."""
    monkeypatch.setattr("langchain_latm.making.maker.chosen_search", chosen_search)


@pytest.fixture
def repairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates are repaired."""
    monkeypatch.setattr(RepairStage, "is_due", _IS_DUE)


@pytest.fixture
def direct_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makers measure the cost of direct answers."""
    monkeypatch.setattr(DirectStage, "is_due", _MEASURES)


@pytest.fixture
def no_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools get no parser, as for requests of varied wording, so a model reads all arguments."""
    monkeypatch.setattr("langchain_latm.making.planning.ways", lambda _task: [])
    monkeypatch.setattr("langchain_latm.making.stages.parser_of", lambda *_: None)


@pytest.fixture(scope="session")
def _wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    write_wheels(folder / "wheels")
    return folder


@pytest.fixture(scope="module")
def index(_wheels: Path) -> Iterator[Path]:
    """A folder of wheels instead of a package index, and a cache of the tests' own: pip finds `wordy` and `basis`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATM_CACHE_DIR", str(_wheels / "cache"))
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(_wheels / "wheels"))
        patch.setenv("PIP_CONFIG_FILE", "/dev/null")
        yield _wheels / "wheels"


@pytest.fixture(scope="module")
def wordy(index: Path) -> tuple[Package, ...]:
    """The installed set of `wordy`."""
    assert index.is_dir()
    return install_packages(["wordy"])
