"""A model by name that is set up on first use, since a proven tool may never ask it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig, run_in_executor

from langchain_latm._core.defaults import LOCAL, LOCAL_MODEL_NAME
from langchain_latm.models.names import model_name
from langchain_latm.models.resolve import resolve_model, split_address
from langchain_latm.models.weights import WEIGHTS_VARIABLE

if TYPE_CHECKING:
    from langchain_latm.models.resolve import ChatModel


class LateModel(Runnable[Any, Any]):
    """The model of a name, as `resolve_model` returns it, created at the first call; once for all threads.

    It can be pickled: another process creates its own.

    Args:
        name: As for `resolve_model`.
        create: Creates the model; `resolve_model` by default.

    Raises:
        ModelError: By every call: the model cannot be named or set up.
    """

    def __init__(self, name: str, create: Callable[[str], ChatModel] = resolve_model) -> None:
        self._name, self._create = name, create
        self._model: ChatModel | None = None
        self._lock = threading.Lock()

    @property
    def model(self) -> ChatModel:
        """The model itself, created if it was not yet."""
        with self._lock:
            if self._model is None:
                self._model = self._create(self._name)
            return self._model

    async def amodel(self) -> ChatModel:
        """Do as `model`, without blocking the event loop."""
        return self._model if self._model is not None else await run_in_executor(None, lambda: self.model)

    @property
    def model_name(self) -> str:
        """The name for records, without creating the model."""
        if self._model is not None:
            return model_name(self._model)
        if self._name != LOCAL:
            name, _ = split_address(self._name)
            return name.partition(":")[2] or name
        own = os.environ.get(WEIGHTS_VARIABLE)
        return Path(own).stem if own else LOCAL_MODEL_NAME

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:  # noqa: A002
        """Ask the model."""
        return self.model.invoke(input, config, **kwargs)

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:  # noqa: A002
        """Ask the model without blocking the event loop."""
        return await (await self.amodel()).ainvoke(input, config, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        return LateModel, (self._name, self._create)


def late_model(model: str | Runnable[Any, Any]) -> Runnable[Any, Any]:
    """Return a model that starts on first use, if starting it takes long; otherwise as `resolve_model`.

    Raises:
        ModelError: As `resolve_model`; for the embedded model only on first use.
    """
    return LateModel(LOCAL) if isinstance(model, str) and model.strip() == LOCAL else resolve_model(model)


def recorded_model(name: str) -> LateModel:
    """Return the model that a record names, such as the user model of a tool's proof."""
    return LateModel(usual_name(name))


def usual_name(recorded: str) -> str:
    """Return the name under which users ask for a model that a record names."""
    return LOCAL if recorded == LOCAL_MODEL_NAME else recorded
