"""The parameters of a tool's entry function: their JSON schema, and the conversion of arguments."""

from __future__ import annotations

import inspect
import typing
from typing import TYPE_CHECKING, Any

from langchain_latm.sandbox._inside.annotations import ALLOWED, shape_of
from langchain_latm.sandbox._inside.docstring import split_docstring
from langchain_latm.sandbox._inside.failure import Misfit, ToolFailure
from langchain_latm.sandbox._inside.records import MISSING, object_schema, read_fields
from langchain_latm.sandbox._inside.shape import Shape, UnknownAnnotation

if TYPE_CHECKING:
    from collections.abc import Callable

_REFUSED_KINDS = {
    inspect.Parameter.VAR_POSITIONAL: "collects further values (*)",
    inspect.Parameter.VAR_KEYWORD: "collects further names (**)",
    inspect.Parameter.POSITIONAL_ONLY: "is positional-only",
}


class Signature:
    """The parameters of a function.

    Args:
        function: The entry function.

    Raises:
        ToolFailure: A parameter has no JSON form; the text names it and the allowed annotations.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        line = _line(function)
        try:
            parameters = inspect.signature(function).parameters
            hints = typing.get_type_hints(function, include_extras=True)
        except Exception as error:  # noqa: BLE001 - an annotation is the tool's code and may raise anything
            raise ToolFailure(
                "source", f"the annotations cannot be evaluated: {type(error).__name__}: {error}", line
            ) from None
        self._shapes: dict[str, Shape] = {}
        defaults: dict[str, Any] = {}
        for name, parameter in parameters.items():
            if parameter.kind in _REFUSED_KINDS:
                raise ToolFailure(
                    "source",
                    f"parameter {name!r} {_REFUSED_KINDS[parameter.kind]}; only parameters that can be given by "
                    "name are allowed",
                    line,
                )
            if name not in hints:
                raise ToolFailure(
                    "source", f"parameter {name!r} has no annotation; allowed annotations are {ALLOWED}", line
                )
            self._shapes[name] = _parameter_shape(name, hints[name], parameter.default, line)
            defaults[name] = MISSING if parameter.default is inspect.Parameter.empty else parameter.default
        self._required = [name for name, default in defaults.items() if default is MISSING]
        description, notes = split_docstring(inspect.getdoc(function))
        self.description: dict[str, Any] = {
            "description": description,
            "parameters": object_schema(self._shapes, defaults, notes),
        }

    def read(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return keyword arguments of the annotated types.

        Raises:
            ToolFailure: An argument does not fit; the text names the parameter.
        """
        try:
            return read_fields(arguments, self._shapes, self._required)
        except Misfit as misfit:
            raise ToolFailure("arguments", misfit.at("arguments")) from None


def _parameter_shape(name: str, hint: Any, default: Any, line: int | None) -> Shape:
    try:
        shape = shape_of(hint)
    except UnknownAnnotation as unknown:
        raise ToolFailure(
            "source", f"parameter {name!r} is annotated with {unknown}; allowed annotations are {ALLOWED}", line
        ) from None
    except Exception as error:  # noqa: BLE001 - classes of the tool are asked, and they may raise anything
        raise ToolFailure(
            "source", f"the annotation of parameter {name!r} fails: {type(error).__name__}: {error}", line
        ) from None
    if default is None and not _takes_null(shape):  # `limit: int = None` means Optional[int]
        return shape_of(typing.Optional[hint])  # noqa: UP045 - `|` does not work on every annotation
    return shape


def _takes_null(shape: Shape) -> bool:
    try:
        shape.read(None)
    except Misfit:
        return False
    return True


def _line(function: Any) -> int | None:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return None if code is None else int(code.co_firstlineno)
