"""The models and the sandbox of a command, created as its options say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import langchain_latm
from langchain_latm._core.defaults import LOCAL
from langchain_latm.cli.options import CALL_SECONDS

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from langchain_latm import Sandbox


def chosen_model(name: str) -> Runnable[Any, Any]:
    """Return a model that is set up when it is first asked; the embedded one then shows the progress of its start."""
    from langchain_latm.models.late import LateModel

    return LateModel(name, _created)


def chosen_models(*names: str | None) -> list[Any]:
    """Return each named model, one for equal names; None stays None."""
    models = {name: chosen_model(name) for name in dict.fromkeys(names) if name is not None}
    return [None if name is None else models[name] for name in names]


def _created(name: str) -> Any:
    if name != LOCAL:
        return langchain_latm.resolve_model(name)
    from langchain_latm.cli.progress import progress

    with progress("starting the embedded model") as line:
        return langchain_latm.create_local_model(progress=line.bytes)


@contextmanager
def opened_sandbox(call_seconds: float = CALL_SECONDS) -> Iterator[Sandbox]:
    """Open the best sandbox of this machine, and close it after use."""
    with langchain_latm.create_sandbox(limits=langchain_latm.Limits(wall_seconds=call_seconds)) as sandbox:
        yield sandbox
