"""Creates the models and the sandbox of a command, by its options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer

import langchain_latm
from langchain_latm._core.defaults import LOCAL
from langchain_latm.cli.options import CALL_SECONDS

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from langchain_latm import Sandbox

NO_MODEL: Final = "none"
"""Stands for no maker, so that only a search is used."""


def chosen_model(name: str) -> Runnable[Any, Any]:
    """Return a model that is set up on first use; the embedded one then shows the progress of its start."""
    from langchain_latm.models.late import LateModel

    return LateModel(name, _created)


def chosen_models(*names: str | None) -> list[Any]:
    """Return each named model, one for equal names; None stays None."""
    models = {name: chosen_model(name) for name in dict.fromkeys(names) if name is not None}
    return [None if name is None else models[name] for name in names]


def chosen_makers(names: Sequence[str], *others: str | None, search_alone: bool = False) -> list[Any]:
    """Return the makers, in order or None for `none`, followed by the other models as from `chosen_models`.

    `none` is refused unless the command can search without a maker. Makers after the first are set up at once, so that
    a missing key is reported before any cost; the embedded model is not.

    Raises:
        typer.BadParameter: `none` together with a model, or a model twice.
        ModelError: A model cannot be set up.
    """
    if NO_MODEL in names and len(names) > 1:
        raise typer.BadParameter("`none` cannot be combined with other models", param_hint="--maker")
    if NO_MODEL in names and not search_alone:
        raise typer.BadParameter("`none` is for `latm make`: here a model is needed", param_hint="--maker")
    if len(set(names)) < len(names):
        raise typer.BadParameter("name each model once: the next one should be a stronger one", param_hint="--maker")
    wanted = [] if NO_MODEL in names else list(names)
    models = chosen_models(*wanted, *others)
    for name, model in list(zip(wanted, models, strict=False))[1:]:
        if name != LOCAL:
            _ = model.model
    return [models[: len(wanted)] or None, *models[len(wanted) :]]


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
