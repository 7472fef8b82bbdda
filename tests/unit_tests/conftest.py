"""What several unit tests need."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from langchain_latm.sandbox import Sandbox, create_sandbox


def pytest_collection_finish() -> None:
    """Leave what importing and collecting made to no later garbage collection: it would be walked again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The real sandbox of this machine: generated code runs nowhere else, not even in tests."""
    with create_sandbox() as running:
        yield running


@pytest.fixture(autouse=True)
def _unsearched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripted makers are asked for every function, unless a test asks for `searches`."""
    if "searches" not in request.fixturenames:
        monkeypatch.setattr("langchain_latm.making.maker.chosen_search", lambda given: None if given is True else given)


@pytest.fixture
def searches() -> None:
    """Programs are searched for before a maker is asked, as makers do by default."""


@pytest.fixture(autouse=True)
def _unrepaired(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions that scripted makers write wrong stay wrong, unless a test asks for `repairs`."""
    if "repairs" not in request.fixturenames:
        monkeypatch.setattr("langchain_latm.making.repair.stage.RepairStage.is_due", lambda *_: False)


@pytest.fixture
def repairs() -> None:
    """Candidates are repaired, as makers do by default."""


@pytest.fixture
def no_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools get no parser, as where requests are put too variously: a model reads all arguments."""
    monkeypatch.setattr("langchain_latm.making.planning.ways", lambda _task: [])
    monkeypatch.setattr("langchain_latm.making.stages.parser_of", lambda *_: None)
