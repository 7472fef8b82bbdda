"""The JSON schema of a tool's result, from the annotation in its source, which is parsed and never executed."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any, Final

from langchain_latm._core.source import names_bound, parse_source
from langchain_latm.tools.made_tool import MadeTool

RESULT: Final = "result"
"""Name of a value in an object, for protocols that only take objects (as in MCP's SDKs)."""
_PLAIN: Final = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "None": "null"}
_MAX_DEPTH: Final = 8
_NONE: Final[dict[str, Any]] = {"type": "null"}


class _UnclearError(Exception):
    """An annotation that does not determine the JSON value."""


def result_schema(tool: MadeTool) -> dict[str, Any] | None:
    """Return the JSON schema of a tool's value, if its annotation determines it and all values of its proof fit.

    Annotations of builtin types, of `None` and of unions are read, also inside of lists, tuples and dicts. Names that
    the source binds itself, such as classes, are not.
    """
    return _schema(tool.source, tool.entry) if _fits_proof(tool) else None


def _fits_proof(tool: MadeTool) -> bool:
    schema = _schema(tool.source, tool.entry)
    passed = [case.value for case in tool.report.cases if case.passed]
    return schema is not None and all(fits(value, schema) for value in passed)


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a JSON value fits a schema of `result_schema`."""
    if "anyOf" in schema:
        return any(fits(value, each) for each in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items", {})
        return isinstance(value, list) and all(fits(each, items) for each in value)
    if kind == "object":
        values = schema.get("additionalProperties", {})
        return isinstance(value, dict) and all(fits(each, values) for each in value.values())
    types: dict[str | None, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
        "null": (type(None),),
    }
    return kind is None or (isinstance(value, types[kind]) and (kind == "boolean" or not isinstance(value, bool)))


def object_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object, for protocols that only take objects: other values are put into `result`."""
    if schema.get("type") == "object":
        return schema
    return {"type": "object", "properties": {RESULT: schema}, "required": [RESULT]}


def as_object(value: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a value in the form that `object_schema` describes."""
    return value if schema.get("type") == "object" else {RESULT: value}


@lru_cache(maxsize=256)
def _schema(source: str, entry: str) -> dict[str, Any] | None:
    try:
        module = parse_source(source)
        functions = [each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == entry]
        returns = functions[-1].returns if functions else None
        if returns is None or functions[-1].decorator_list:
            return None
        return _of(returns, frozenset(names_bound(module) - _of_typing(module)), 0)
    except (_UnclearError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_typing(module: ast.Module) -> set[str]:
    """Return the names that are imported from `typing` and not bound elsewhere."""
    imports = [each for each in module.body if isinstance(each, ast.ImportFrom) and each.module == "typing"]
    names = {alias.name for each in imports for alias in each.names if alias.asname is None}
    others = ast.Module([each for each in module.body if each not in imports], [])
    return names - names_bound(others)


def _of(node: ast.expr, bound: frozenset[str], depth: int) -> dict[str, Any]:
    if depth > _MAX_DEPTH:
        raise _UnclearError
    if isinstance(node, ast.Constant):
        if node.value is None:
            return dict(_NONE)
        if isinstance(node.value, str):  # an annotation in quotes
            return _of(ast.parse(node.value, mode="eval").body, bound, depth + 1)
        raise _UnclearError
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _any_of([_of(side, bound, depth + 1) for side in (node.left, node.right)])
    name, inner = _parts(node, bound)
    if name in _PLAIN and not inner:
        return {"type": _PLAIN[name]}
    if name == "Any" and not inner:
        return {}
    return _container(name, inner, bound, depth + 1)


def _container(name: str, inner: list[ast.expr], bound: frozenset[str], depth: int) -> dict[str, Any]:
    parts = [_of(each, bound, depth) for each in inner if not _is_ellipsis(each)]
    if name in {"Optional", "Union"} and parts:
        return _any_of([*parts, *([dict(_NONE)] if name == "Optional" else [])])
    if name in {"list", "List", "tuple", "Tuple"} and (len(parts) < 2 or name in {"tuple", "Tuple"}):  # noqa: PLR2004
        return {"type": "array", **({"items": _any_of(parts)} if parts else {})}
    if name in {"dict", "Dict"} and len(parts) in {0, 2}:
        return {"type": "object", **({"additionalProperties": parts[1]} if parts else {})}
    raise _UnclearError


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _parts(node: ast.expr, bound: frozenset[str]) -> tuple[str, list[ast.expr]]:
    """Return the name of a type and its parameters.

    Raises:
        _UnclearError: The source binds the name itself.
    """
    inner: list[ast.expr] = []
    if isinstance(node, ast.Subscript):
        inner = [*node.slice.elts] if isinstance(node.slice, ast.Tuple) else [node.slice]
        node = node.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "typing":
        return node.attr, inner
    if not isinstance(node, ast.Name) or node.id in bound:
        raise _UnclearError
    return node.id, inner


def _any_of(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of a choice, flat and each part once."""
    flat = [each for part in parts for each in part.get("anyOf", [part])]
    once = [each for number, each in enumerate(flat) if each not in flat[:number]]
    return once[0] if len(once) == 1 else {"anyOf": once}
