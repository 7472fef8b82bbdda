"""The rules for each node of a source, applied to resolved names. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from langchain_latm._core.source import parse_source
from langchain_latm.sandbox.modules import TOOL_MODULES
from langchain_latm.sandbox.packages.folder import Members
from langchain_latm.tools.gate.allowed import (
    CALLED_ONLY,
    DUNDERS,
    MODULES,
    attribute_problem,
    is_dunder,
    member_problem,
    name_problem,
    package_member,
)
from langchain_latm.tools.gate.bindings import Bindings
from langchain_latm.tools.gate.definitions import (
    decorators,
    is_type,
    problem_of_class,
    problem_of_names,
    renames_fields,
)
from langchain_latm.tools.gate.format_texts import may_read_attributes
from langchain_latm.tools.gate.given_texts import given_texts, mentioned, roots
from langchain_latm.tools.gate.named_attributes import (
    BY_NAME,
    BY_NAMES,
    ProblemError,
    check_attribute,
    check_constant,
    check_constant_name,
    check_names,
    has_star,
)
from langchain_latm.tools.gate.scopes import SCOPES, Scope, annotations_of, inner_nodes, outer_nodes

_STREAMS: Final = ("sys.stdout", "sys.stderr")
_WRAPPERS: Final = {"functools.wraps": 1, "functools.update_wrapper": 2}
_FORMATS: Final = ("format", "format_map")
_ANY_ATTRIBUTE: Final = "formats with a text from outside, which can read any attribute; use an f-string or str.replace"
_AS_TYPE: Final = "annotates with a text from outside, which typing evaluates as code; write the type"
_BUILT_TYPE: Final = "annotates with a computed value, and typing evaluates a text as code; write the type"
_BUILT_FORMAT: Final = (
    "formats with a text that is put together, which could read any attribute; use an f-string, or give a method of "
    "your own another name"
)
_PUT_TOGETHER: Final = (ast.JoinedStr, ast.Call, ast.NamedExpr, ast.Lambda, ast.Await)
_MAKES_TYPES: Final = frozenset(
    "collections.namedtuple typing.NamedTuple typing.NewType typing.ParamSpec typing.TypedDict typing.TypeVar".split()  # noqa: SIM905
)
_RENAMED: Final = "inherits fields that the source may rename, and 'dataclass' compiles names; set no attribute 'name'"
_DATACLASS: Final = "dataclasses.dataclass"
_REGISTERS: Final = "registers something other than a class by name, and annotations run as code; name the class"
_DISPATCH: Final = ("singledispatch", "singledispatchmethod")


class _Visit(NamedTuple):
    node: ast.AST
    scope: Scope
    hint: bool = False
    """Whether a node is an annotation; texts in it are evaluated."""


class Rules:
    """Checks a source, node by node, without recursion.

    Args:
        module: The parsed source.
        members: The members of each module of the declared packages.
    """

    def __init__(self, module: ast.Module, members: Members) -> None:
        self._module = module
        self._members = members
        self._followed: set[str] = set()
        """Names in annotations whose values are checked as annotations."""
        self._formats: set[tuple[str, int]] = set()

    def check(self) -> None:
        """Check the whole source.

        Raises:
            ProblemError: The source breaks a rule; the message names the line and the first violation.
        """
        top = Scope(self._module)
        waiting = [_Visit(node, top) for node in reversed(self._module.body)]
        line = 1
        while waiting:
            visit = waiting.pop()
            line = getattr(visit.node, "lineno", line)
            try:
                further = list(self._visited(visit))
            except ProblemError as problem:
                raise ProblemError(f"line {line} {problem}") from None
            waiting += reversed(further)

    @cached_property
    def _bindings(self) -> Bindings:
        return Bindings(self._module)

    @cached_property
    def _has_singledispatch(self) -> bool:
        nodes = ast.walk(self._module)
        return any(getattr(node, "attr", getattr(node, "name", "")) in _DISPATCH for node in nodes)

    @cached_property
    def _renames_fields(self) -> bool:
        return renames_fields(self._module)

    @cached_property
    def _as_written(self) -> set[int]:
        return decorators(self._module, self._bindings)

    @cached_property
    def _given(self) -> set[str]:
        return given_texts(self._module, roots)

    @cached_property
    def _made_of_given(self) -> set[str]:
        return given_texts(self._module, mentioned)

    def _visited(self, visit: _Visit) -> Iterator[_Visit]:  # noqa: C901, PLR0912 - one branch for each kind of node
        """Check one node, and yield the nodes to check next."""
        node, scope, hint = visit
        if problem := problem_of_names(node):
            raise ProblemError(problem)
        yield from self._annotation(node, scope) if hint else ()
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._check_import(node)
        elif isinstance(node, SCOPES):
            if isinstance(node, ast.ClassDef):
                self._check_class(node, scope)
            hints = annotations_of(node)
            yield from (_Visit(each, scope, hint=True) for each in hints)
            yield from (_Visit(each, scope, hint) for each in outer_nodes(node) if each not in hints)
            inner = Scope(node, scope)
            yield from (_Visit(each, inner, hint) for each in inner_nodes(node))
        elif isinstance(node, ast.Name):
            self._check_name(node, scope, hint=hint)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node, scope, hint=hint)
        elif isinstance(node, ast.Call):
            yield from self._call(node, scope)
        elif isinstance(node, ast.Subscript):
            yield from self._subscript(node, scope, hint=hint)
        elif isinstance(node, ast.AnnAssign):
            yield _Visit(node.annotation, scope, hint=True)
            yield from (_Visit(each, scope) for each in (node.target, node.value) if each is not None)
        elif isinstance(node, ast.Constant):
            check_constant(node.value)
            if hint and isinstance(node.value, str):
                yield from (_Visit(each, scope, hint=True) for each in _evaluated(node))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # a docstring
            if isinstance(node, ast.MatchClass):
                self._check_pattern(node, scope)
            yield from (_Visit(each, scope, hint) for each in ast.iter_child_nodes(node))

    def _annotation(self, node: ast.AST, scope: Scope) -> Iterator[_Visit]:
        """Check a part of an annotation, in which texts are evaluated; yield the values that its names are assigned."""
        is_sum = isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr)
        makes_type = isinstance(node, ast.Call) and _dotted(node.func, scope) in _MAKES_TYPES
        if is_sum or (isinstance(node, _PUT_TOGETHER) and not makes_type):
            raise ProblemError(_BUILT_TYPE)
        name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
        if name and self._bindings.has_value(name) and name not in self._followed:
            self._followed.add(name)
            values = self._bindings.values(name)
            if values is None:
                raise ProblemError(_BUILT_TYPE)
            yield from (_Visit(value, scope, hint=True) for value in values)

    def _check_class(self, node: ast.ClassDef, scope: Scope) -> None:
        problem = problem_of_class(node, self._bindings, lambda base: _dotted(base, scope))
        if not problem and node.bases and node.decorator_list and self._renames_fields:
            problem = _RENAMED
        if problem:
            raise ProblemError(problem)

    def _check_pattern(self, node: ast.MatchClass, scope: Scope) -> None:
        """Check a class pattern. Positions are looked up in `__match_args__`, a value."""
        if node.patterns and not (_dotted(node.cls, scope) or "").startswith("builtins."):
            raise ProblemError("matches a class by position; name the attributes, as in Point(x=x, y=y)")
        for name in node.kwd_attrs:
            check_attribute(name)

    def _check_name(self, node: ast.Name, scope: Scope, *, hint: bool) -> None:
        name = node.id
        if not isinstance(node.ctx, ast.Load):
            if is_dunder(name) and name not in DUNDERS:
                raise ProblemError(f"binds {name!r}, which {attribute_problem(name)}")
            return
        dotted = scope.dotted(node)
        if dotted is None:
            if hint and name in self._made_of_given and scope.is_value(name):
                raise ProblemError(_AS_TYPE)
            return
        problem = name_problem(name) if dotted.startswith("builtins.") else None
        if problem and scope.binds(name):
            problem += "; if it is a name of your own, rename it"
        self._check_value(dotted, node, problem, hint=hint)

    def _check_value(self, dotted: str, node: ast.AST, problem: str | None = None, *, hint: bool = False) -> None:
        """Check a name that is used as a value: passed on, stored or returned."""
        if self._is_module(dotted):
            problem = "is a module; only its members may be used"
        if not hint and not (dotted == _DATACLASS and id(node) in self._as_written):
            problem = problem or CALLED_ONLY.get(dotted)
        if problem:
            raise ProblemError(f"uses {dotted.removeprefix('builtins.')!r}, which {problem}")

    def _attribute(
        self, node: ast.Attribute, scope: Scope, *, called: bool = False, hint: bool = False
    ) -> Iterator[_Visit]:
        dotted = _dotted(node, scope)
        imported = dotted is not None and not dotted.startswith("builtins.")
        if imported:
            assert dotted is not None  # noqa: S101 - for the type checker
            self._check_chain(dotted)
            if not isinstance(node.ctx, ast.Load):
                raise ProblemError(f"changes {dotted!r}, which would affect every later call")
            if not called:
                self._check_value(dotted, node, hint=hint)
            return
        check_attribute(node.attr)
        if node.attr == "__class__" and not isinstance(node.ctx, ast.Load):
            raise ProblemError("changes the class of an object; make a new one")
        if node.attr in _FORMATS and not called:
            self._check_format(node.value, scope)
        if node.attr == "register" and not called and id(node) not in self._as_written and self._has_singledispatch:
            raise ProblemError(_REGISTERS)
        yield _Visit(node.value, scope)

    def _call(self, node: ast.Call, scope: Scope) -> Iterator[_Visit]:
        dotted = _dotted(node.func, scope) or ""
        given = list(node.args)
        if dotted in BY_NAME:
            given = self._named(dotted, node, scope)
        elif dotted == "builtins.hasattr":
            given = [each for each in given if not self._is_module(_dotted(each, scope))]
        elif dotted in BY_NAMES:
            check_names(dotted, node)
        elif dotted in _WRAPPERS and (node.keywords or len(given) > _WRAPPERS[dotted] or has_star(node)):
            raise ProblemError(f"calls {dotted!r}, which {CALLED_ONLY[dotted]}")
        self._check_making(dotted, node)
        if isinstance(node.func, ast.Attribute):
            yield from self._method(node, node.func, scope)
        elif dotted not in CALLED_ONLY:
            yield _Visit(node.func, scope)
        yield from (_Visit(each, scope) for each in given)
        for keyword in node.keywords:
            if not (keyword.arg == "file" and _dotted(keyword.value, scope) in _STREAMS):
                yield _Visit(keyword.value, scope)

    def _check_making(self, dotted: str, node: ast.Call) -> None:
        """Check a call that creates a class, or an object with arbitrary attributes."""
        open_ended = has_star(node) or any(keyword.arg is None for keyword in node.keywords)
        if dotted == "builtins.type" and (len(node.args) != 1 or node.keywords or open_ended):
            raise ProblemError("makes a class out of texts; write the class")
        as_decorator = id(node) in self._as_written and not node.args
        if (dotted == _DATACLASS and not as_decorator) or (dotted == "types.SimpleNamespace" and open_ended):
            raise ProblemError(f"calls {dotted!r}, which {CALLED_ONLY[dotted]}")
        names = (each.value for each in node.args if isinstance(each, ast.Constant))
        by_name = dotted in BY_NAME or dotted in BY_NAMES
        if by_name and self._has_singledispatch and any("register" in str(name) for name in names):
            raise ProblemError(_REGISTERS)

    def _method(self, node: ast.Call, func: ast.Attribute, scope: Scope) -> Iterator[_Visit]:
        if func.attr == "__setattr__":  # as in `object.__setattr__(self, "name", value)` of a frozen dataclass
            of_super = isinstance(func.value, ast.Call)
            check_constant_name("__setattr__", node.args[0 if of_super else 1 :][:1])
            yield _Visit(func.value, scope)
            return
        if func.attr == "register" and self._has_singledispatch:
            typed = node.args and not node.keywords and is_type(node.args[0], self._bindings)
            if not typed:
                raise ProblemError(_REGISTERS)
        if func.attr in _FORMATS and (node.args or node.keywords):
            of_class = _dotted(func.value, scope) == "builtins.str"
            self._check_format(node.args[0] if of_class and node.args else func.value, scope)
        yield from self._attribute(func, scope, called=True)

    def _named(self, dotted: str, node: ast.Call, scope: Scope) -> list[ast.expr]:
        """Check a call such as `getattr`; return the arguments that need further checks."""
        owner, *rest = node.args or [ast.Constant(None)]
        if node.keywords or has_star(node):
            raise ProblemError(f"calls {dotted.removeprefix('builtins.')!r}, which {CALLED_ONLY[dotted]}")
        name = check_constant_name(dotted, rest[:1])
        of = _dotted(owner, scope)
        if of is None or of.startswith("builtins."):
            return [owner, *rest]
        if dotted != "builtins.getattr":
            raise ProblemError(f"changes {of!r}, which would affect every later call")
        if not self._is_module(of):
            return [owner, *rest]
        self._check_chain(f"{of}.{name}")
        return rest

    def _check_format(self, receiver: ast.expr, scope: Scope) -> None:
        of_call = any(name in self._given and not scope.is_of_module(name) for name in roots(receiver))
        if of_call or _dotted(receiver, scope) == "builtins.str":
            raise ProblemError(_ANY_ATTRIBUTE)
        if may_read_attributes(receiver, self._bindings, self._formats):
            raise ProblemError(_BUILT_FORMAT)

    def _subscript(self, node: ast.Subscript, scope: Scope, *, hint: bool) -> Iterator[_Visit]:
        yield _Visit(node.value, scope, hint)
        dotted = _dotted(node.value, scope) or ""
        parts: Iterable[ast.AST] = node.slice.elts if isinstance(node.slice, ast.Tuple) else (node.slice,)
        hint = hint or dotted.startswith("typing.")
        for number, part in enumerate(parts):
            plain = dotted == "typing.Literal" or (dotted == "typing.Annotated" and number)
            yield _Visit(part, scope, hint=hint and not plain)

    def _check_import(self, node: ast.Import | ast.ImportFrom) -> None:
        of = "" if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
        for name in [of] if of else [alias.name for alias in node.names]:
            if name not in TOOL_MODULES and name not in self._members:
                tops = sorted(name for name in self._members if "." not in name)
                declared = f", and the declared packages: {', '.join(tops)}" if tops else ""
                raise ProblemError(
                    f"imports {name!r}, which is not allowed. Modules for computing on data are: "
                    f"math, re, datetime, collections, itertools and their like{declared}"
                )
        for alias in node.names if of and of != "__future__" else ():
            if alias.name == "*":
                raise ProblemError(f"imports all names of {of!r}; import those that you need")
            self._check_chain(f"{of}.{alias.name}")

    def _is_module(self, dotted: str | None) -> bool:
        """Whether a dotted name is a module that is reached through allowed modules only."""
        if dotted is None or dotted in MODULES:
            return dotted is not None
        try:
            return self._place(dotted) in self._members
        except LookupError:
            return False

    def _place(self, dotted: str) -> str:
        """Resolve a dotted name in the declared packages; return its module, or nothing.

        Raises:
            LookupError: A member on the way may not be used. The message says why.
        """
        owner, *names = dotted.split(".")
        for name in names:
            if owner not in self._members:
                return ""
            owner = package_member(self._members, owner, name)
        return owner

    def _check_chain(self, dotted: str) -> None:
        """Check each member on the way of a dotted name, starting at an allowed module."""
        owner, *names = dotted.split(".")
        module = owner  # resolved, since a package may expose one of its modules under several names
        for number, name in enumerate(names):
            if owner in _STREAMS and name not in ("write", "flush"):
                raise ProblemError(f"uses {dotted!r}: {owner} {CALLED_ONLY[owner]}")
            problem = None
            if module in self._members:
                try:
                    module = package_member(self._members, module, name)
                except LookupError as error:
                    problem = str(error)
            else:
                problem = member_problem(owner, name) if owner in MODULES else attribute_problem(name)
            owner = f"{owner}.{name}"
            if problem and owner not in TOOL_MODULES:
                whole = owner if number + 1 == len(names) else dotted
                raise ProblemError(f"uses {whole!r}, which {problem}")


def _dotted(node: ast.AST, scope: Scope) -> str | None:
    """Resolve a name, or a member of one, such as `collections.abc.Mapping`; None for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    first = scope.dotted(node) if isinstance(node, ast.Name) else None
    return None if first is None else ".".join([first, *reversed(names)])


def _evaluated(text: ast.Constant) -> list[ast.AST]:
    """Return the code of a text in an annotation; nothing if it is not code, which the sandbox reports."""
    try:
        code = parse_source(f"({text.value!s})")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    for node in ast.walk(code):
        if hasattr(node, "lineno"):
            node.lineno = text.lineno
    return [*code.body]
