"""Copies functions of this package into tools, with all that they need: a tool computes as the host does."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from langchain_latm._core.source import free_name, is_future_import, names_needed

_PACKAGE: Final = __name__.rpartition(".")[0]
_UNSUITED: Final = re.compile(r'[\\\r\0]|"""|"\Z')
"""What a text in three quotation marks can't show as it is."""


class Copied(NamedTuple):
    """Functions and constants, without annotations and comments, and with the first line of each docstring.

    Attributes:
        imports: Import statements of the standard library, one for each name.
        definitions: The definitions by name, each after those that it needs.
    """

    imports: tuple[str, ...]
    definitions: Mapping[str, str]

    @property
    def source(self) -> str:
        """The source of the definitions, with empty lines around functions only."""
        source, above = "", ""
        for text in self.definitions.values():
            is_function = text.startswith(("def ", "@"))
            source += ("\n\n\n" if is_function else above) + text
            above = "\n\n\n" if is_function else "\n"
        return source.lstrip("\n")


@cache
def copied(function: Callable[..., Any]) -> Copied:
    """Return a function of this package with the functions, constants and imports that it needs.

    Classes, and modules of this package as a whole, are not copied.

    Raises:
        TypeError: It needs something else.
    """
    found = _Collected()
    found.add(function.__module__, function.__name__)
    return Copied(tuple(found.imports), found.definitions)


def copied_as(names: Mapping[Callable[..., Any], str], taken: Iterable[str] = ()) -> Copied:
    """Return functions under other names, with all that they need.

    Args:
        names: The name of each function in the tool.
        taken: Names that the tool's module gives to something else. What the functions need gets other names.

    Raises:
        TypeError: Something can't be copied, or two different things have the same name.
    """
    copies = [copied(function) for function in names]
    found: dict[str, str] = {}
    for each in copies:
        for name, text in each.definitions.items():
            if found.setdefault(name, text) != text:
                raise TypeError(f"functions of one tool need two things named {name}")
    new = {function.__name__: name for function, name in names.items()}
    used = {*taken, *found, *new.values()}
    for name in sorted(found.keys() & set(taken) - new.keys()):
        new[name] = free_name(name, used)
        used.add(new[name])
    if any(name != to for name, to in new.items()):
        nodes = ast.parse("\n".join(found.values())).body
        found = {
            new.get(name, name): _written(_Renamed(new).visit(node)) for name, node in zip(found, nodes, strict=True)
        }
    return Copied(tuple(dict.fromkeys(line for each in copies for line in each.imports)), found)


class _Collected:
    """What a function needs, and the function."""

    def __init__(self) -> None:
        self.imports: dict[str, None] = {}
        self.definitions: dict[str, str] = {}
        self._homes: dict[str, str] = {}
        self._begun: set[str] = set()

    def add(self, module: str, name: str) -> None:
        """Add a definition or an import of a module, after everything that it needs."""
        known = _bindings(module)
        node = known[name]
        home = _home(node, name) if isinstance(node, ast.Import | ast.ImportFrom) else module
        if _is_own(home) and home != module:
            self.add(home, name)
        elif self._homes.setdefault(name, home) != home:
            raise TypeError(f"{home} and {self._homes[name]} have a {name}: a tool would have only one of them")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imports[ast.unparse(node)] = None
        elif name not in self._begun:
            self._begun.add(name)
            unknown = names_needed(node) - known.keys() - vars(builtins).keys()
            if unknown:
                raise TypeError(f"a tool can't have {min(unknown)} of {module}: only functions, constants and imports")
            for used in dict.fromkeys(each.id for each in ast.walk(node) if isinstance(each, ast.Name)):
                if used in known:
                    self.add(module, used)
            self.definitions[name] = _written(node)


def _home(node: ast.Import | ast.ImportFrom, name: str) -> str:
    """Return the module that a name is imported from.

    Raises:
        TypeError: A tool can't import it, and it can't be copied.
    """
    module = (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
    copies = _is_own(module) and isinstance(node, ast.ImportFrom) and node.names[0].asname is None
    if (copies and name in _bindings(module)) or module.partition(".")[0] in sys.stdlib_module_names:
        return module
    raise TypeError(f"a tool can't have {name} of {module}: only functions and constants of {_PACKAGE}")


def _is_own(module: str) -> bool:
    return module.startswith(f"{_PACKAGE}.")


@cache
def _bindings(module: str) -> dict[str, ast.stmt]:
    """Return the functions, constants and imports of a module by name, as tools have them."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.Import):
            found |= {each.asname or each.name.partition(".")[0]: ast.Import([each]) for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not is_future_import(node):
            found |= {each.asname or each.name: ast.ImportFrom(node.module, [each], 0) for each in node.names}
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = _Plain().visit(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and node.value is not None:
                found[target.id] = _Plain().visit(node)
    return found


class _Plain(ast.NodeTransformer):
    """Removes annotations, docstrings but for their first line, and line breaks from texts of words."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        said = ast.get_docstring(node)
        if said is not None:  # the first line stays: a function without any would get one about the whole task
            node.body[0] = ast.Expr(ast.Constant(said.partition("\n")[0]))
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        match node:
            case ast.Call(ast.Attribute(ast.Constant(str(words)), "split") as method, [], []):
                method.value = ast.Constant(" ".join(words.split()))
            case _:
                self.generic_visit(node)
        return node


class _Renamed(ast.NodeTransformer):
    """Gives functions and constants other names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self._names.get(node.name, node.name)
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._names.get(node.arg, node.arg)
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._names.get(node.id, node.id)
        return node


def _written(node: ast.stmt) -> str:
    """Return the source of a definition; a constant that is a text of several lines is written as such."""
    match node:
        case ast.Assign([ast.Name(name)], ast.Constant(str(text))) if "\n" in text and not _UNSUITED.search(text):
            return f'{name} = """\\\n{text}"""'
    return ast.unparse(node)
