"""Loads a tool from its source and calls it with JSON data. Generated code is executed only here."""

from __future__ import annotations

import inspect
import sys
import types
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.sandbox._inside.failure import Misfit, ToolFailure
from langchain_latm.sandbox._inside.signature import Signature
from langchain_latm.sandbox._inside.values import to_json
from langchain_latm.sandbox._wire import MAX_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_NAME: Final = "<tool>"
MODULE_NAME: Final = "tool"
"""Not "__main__", so that code under `if __name__ == "__main__"` does not run."""


class Tool:
    """A loaded tool.

    Args:
        source: Text of a module.
        entry: Name of the function in it.

    Raises:
        ToolFailure: It does not compile, raises while it is loaded, or has no such function.
    """

    def __init__(self, source: str, entry: str) -> None:
        module = types.ModuleType(MODULE_NAME)
        # `dataclasses` and `typing` look up the names in text annotations here.
        sys.modules[MODULE_NAME] = module
        try:
            code = compile(source, FILE_NAME, "exec", dont_inherit=True)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - SyntaxError, ValueError (NUL), RecursionError
            raise ToolFailure("source", _describe(error), getattr(error, "lineno", None)) from None
        try:
            exec(code, module.__dict__)  # noqa: S102 - the purpose of the sandbox
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - a SystemExit of the source must not end the child
            raise ToolFailure("source", f"while it was loaded: {_describe(error)}", _line(error)) from None
        function = module.__dict__.get(entry)
        if function is None:
            names = [name for name, value in module.__dict__.items() if inspect.isfunction(value)]
            raise ToolFailure(
                "source", f"there is no function named {entry!r}; the functions are: {', '.join(names) or 'none'}"
            )
        if isinstance(function, type) or not inspect.isroutine(inspect.unwrap(function)):
            raise ToolFailure("source", f"{entry!r} is not a function")
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise ToolFailure("source", f"{entry!r} is async; a plain function is needed")
        self._function: Callable[..., Any] = function
        self._signature = Signature(function)

    @property
    def description(self) -> dict[str, Any]:
        """`{"description": ..., "parameters": ...}`."""
        return self._signature.description

    def call(self, arguments: dict[str, Any]) -> Any:
        """Return JSON data for the function's value.

        Raises:
            ToolFailure: The arguments do not fit, the function raised, or its value is not JSON data.
            MemoryError: The limit was reached.
        """
        converted = self._signature.read(arguments)
        try:
            value = self._function(**converted)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are the tool's too
            raise ToolFailure("exception", _describe(error), _line(error)) from None
        try:
            return to_json(value)
        except Misfit as misfit:
            raise ToolFailure("result", misfit.at("value")) from None
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - a property or a subclass of the tool's may raise
            raise ToolFailure("result", f"the value cannot be read: {_describe(error)}", _line(error)) from None


def _describe(error: BaseException) -> str:
    """Return `TypeName: text`; the text may come from the tool's own `__str__`, so it may fail or be long."""
    name = type(error).__name__
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)[:MAX_MESSAGE]
    except BaseException:  # noqa: BLE001 - a `__str__` of the tool's
        return f"{name} (whose text cannot be read)"
    return f"{name}: {text}" if text else name


def _line(error: BaseException) -> int | None:
    """Return the innermost line of the tool in the exception's traceback."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
