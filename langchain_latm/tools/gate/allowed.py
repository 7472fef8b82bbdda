"""The modules, builtins and attributes that the source of a tool may use (closed lists), and why others are refused."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
from functools import cache
from types import ModuleType
from typing import Final

from langchain_latm.sandbox.modules import TOOL_MODULES
from langchain_latm.sandbox.packages.folder import Members

_PARTS: Final = frozenset({"html.entities", "json.decoder", "json.encoder"})
"""Modules inside of those of `TOOL_MODULES` that tools name, as in `except json.decoder.JSONDecodeError`."""
_PACKAGES: Final = {name.rpartition(".")[0] for name in TOOL_MODULES if "." in name}
MODULES: Final = frozenset({*TOOL_MODULES, *_PARTS, *_PACKAGES})

_AS_CODE: Final = "runs text as code; compute the value with plain Python"
_LOOKUP: Final = "reaches everything that is loaded; use the values that you need by name"
_OUTSIDE: Final = "reads from outside of the function; take the value as a parameter"

REFUSED_BUILTINS: Final = {
    "builtins.eval": f"{_AS_CODE}, or read a literal with ast.literal_eval",
    **dict.fromkeys(("builtins.exec", "builtins.compile", "builtins.__import__"), _AS_CODE),
    **dict.fromkeys(("builtins.globals", "builtins.locals"), _LOOKUP),
    "builtins.vars": "reaches more than the value; use the attributes that you need by name",
    **dict.fromkeys(("builtins.open", "builtins.input"), _OUTSIDE),
    **dict.fromkeys(("builtins.breakpoint", "builtins.help"), "waits for a person; leave it out"),
}
_BUILTINS: Final = frozenset(
    name for name in dir(builtins) if not name.startswith("_") and f"builtins.{name}" not in REFUSED_BUILTINS
) - {"copyright", "credits", "exit", "license", "quit"}
_NOT_BUILTIN: Final = {
    **dict.fromkeys(("exit", "quit"), "ends the process; return a value or raise an error"),
    **dict.fromkeys(("copyright", "credits", "license"), "waits for a person; leave it out"),
}

_OF_SYS: Final = frozenset(
    """
    byteorder exc_info exit float_info float_repr_style get_int_max_str_digits getdefaultencoding getrecursionlimit
    getsizeof hash_info hexversion implementation int_info intern maxsize maxunicode platform set_int_max_str_digits
    setrecursionlimit stderr stdout version version_info
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
_REFUSED_MEMBERS: Final = {
    **dict.fromkeys(("io.open", "io.open_code", "io.FileIO", "io.OpenWrapper"), _OUTSIDE),
    **dict.fromkeys(("types.CodeType", "types.FunctionType", "types.LambdaType"), _AS_CODE),
    **dict.fromkeys(("typing.ForwardRef", "typing.evaluate_forward_ref", "typing.get_type_hints"), _AS_CODE),
    **dict.fromkeys(("traceback.walk_stack", "traceback.walk_tb"), _LOOKUP),
    "ast.iter_fields": "reads any attribute that a text names; use ast.iter_child_nodes",
    "contextlib.chdir": "changes the process for all tools; leave it out",
    **dict.fromkeys(("dataclasses.make_dataclass", "dataclasses.Field"), "makes a class out of text; write the class"),
    "enum.property": "reads any attribute that a text names; use property",
    "string.Formatter": "reads any attribute that a text names; use an f-string or string.Template",
}
_WITH_CONSTANT: Final = "may only be called, with a name that is written in the source and has no leading underscore"
CALLED_ONLY: Final = {
    **dict.fromkeys(
        ("builtins.getattr", "builtins.setattr", "builtins.delattr"),
        f"{_WITH_CONSTANT}; choose among values with a dict",
    ),
    **dict.fromkeys(("operator.attrgetter", "operator.methodcaller"), _WITH_CONSTANT),
    **dict.fromkeys(
        ("functools.wraps", "functools.update_wrapper"), "may only be called, without 'assigned' and 'updated'"
    ),
    **dict.fromkeys(("sys.stdout", "sys.stderr"), "may only be written to; print to it"),
    **dict.fromkeys(("contextlib.redirect_stdout", "contextlib.redirect_stderr"), "may only be called"),
    "dataclasses.dataclass": "may only stand before a class, since it compiles the names of fields",
    "types.SimpleNamespace": "may only be called, with names that are written in the source",
}
"""Functions that may be called but not passed on, with the rule for their calls."""

_SPECIAL_METHODS: Final = """
    abs add and bool bytes call ceil complex contains copy deepcopy delitem divmod enter eq exit float floor floordiv
    format ge getitem gt hash iadd iand ifloordiv ilshift imatmul imod imul index init init_subclass int invert ior ipow
    irshift isub iter itruediv ixor le len length_hint lshift lt matmul missing mod mul ne neg new next or pos post_init
    pow radd rand rdivmod repr reversed rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub rtruediv
    rxor setitem sizeof str sub truediv trunc xor aenter aexit aiter anext await
"""
_METADATA: Final = """
    all author class cause context copyright credits date debug doc email license maintainer members module name notes
    qualname slots status version version_info wrapped
"""
DUNDERS: Final = frozenset(f"__{name}__" for name in (_SPECIAL_METHODS + _METADATA).split())
"""Names and attributes with two underscores around them that are harmless."""

_FRAMES: Final = frozenset(
    """
    ag_await ag_code ag_frame cr_await cr_code cr_frame f_back f_builtins f_code f_globals f_locals gi_code gi_frame
    gi_yieldfrom tb_frame tb_next mro _evaluate _getframe _stream _old_targets
    """.split()  # noqa: SIM905
)
"""Further attributes of frames, classes, annotations and redirections that lead to other code."""
_DEFINED: Final = DUNDERS | {f"__{name}__" for name in ("class_getitem", "del", "delete", "get", "set", "set_name")}
"""Names with two underscores around them that a source may bind."""


def is_dunder(name: str) -> bool:
    """Whether a name has two underscores before and after it.

    Names of underscores alone, for unused values, do not count.
    """
    return name.startswith("__") and name.endswith("__") and name.strip("_") != ""


def attribute_problem(name: str) -> str | None:
    """Return why no object's attribute of this name may be used; None if it may."""
    if name in _FRAMES or (is_dunder(name) and name not in DUNDERS):
        return "reaches the inside of Python, and from there any code; use the value itself"
    return None


def binding_problem(name: str) -> str | None:
    """Return why a source may not bind this name; None if it may.

    Python looks up `__builtins__` in a module, and names such as `__getattr__`, `__reduce_ex__` or `__prepare__` in
    classes. Their values decide what other names mean.
    """
    return attribute_problem(name) if is_dunder(name) and name not in _DEFINED else None


def name_problem(name: str) -> str | None:
    """Return why a name that the source does not bind may not be used; None if it may, or is unknown."""
    if name in _NOT_BUILTIN:
        return _NOT_BUILTIN[name]
    if f"builtins.{name}" in REFUSED_BUILTINS:
        return REFUSED_BUILTINS[f"builtins.{name}"]
    if is_dunder(name):
        return None if name in DUNDERS else _LOOKUP
    return None if name in _BUILTINS or not hasattr(builtins, name) else _LOOKUP


def member_problem(module: str, name: str) -> str | None:
    """Return why a member of an allowed module may not be used; None if it may.

    A module of the standard library exposes the modules that it imports, as in `contextlib.os`.
    """
    full = f"{module}.{name}"
    if full in MODULES:
        return None
    if full in _REFUSED_MEMBERS:
        return _REFUSED_MEMBERS[full]
    if name.startswith("_") and name not in DUNDERS:
        return "is internal to its module; use a documented member"
    if module == "sys" and name not in _OF_SYS:
        return _LOOKUP
    if (module in _PACKAGES and module not in TOOL_MODULES) or _is_module(module, name):
        return "is not among the modules that a tool may use"
    return None


@cache
def _members(module: str) -> dict[str, object]:
    return vars(importlib.import_module(module))  # a module of the standard library outside of the closed list


def _is_module(module: str, name: str) -> bool:
    found = _members(module)
    if name in found:
        return isinstance(found[name], ModuleType)
    return "__path__" in found and importlib.util.find_spec(f"{module}.{name}") is not None


def package_member(members: Members, module: str, name: str) -> str:
    """Return the module that a member of a package's module is; empty for any other value.

    Raises:
        LookupError: No tool may use it: it is private, missing, or comes from outside of the declared packages.
    """
    if name in DUNDERS:
        return ""
    if name.startswith("_"):
        raise LookupError("is internal to its package; use a documented member")
    found = members[module].get(name)
    if found is None:
        raise LookupError("is not a public member of the declared packages; import it from the module that defines it")
    return found
