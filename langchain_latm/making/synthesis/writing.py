"""Writes an expression as a Python module with one function."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.copying import copied_as
from langchain_latm.making.synthesis.parameters import bindings, inner_names, own_names

_SIMPLE: Final = re.compile(r"[A-Za-z_]\w*(?:\[-?\d*:?-?\d*\])?(?:\.(?:upper|lower|year|month|day)(?:\(\))?)?")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_WIDTH: Final = 110


class Writer:
    """Collects the statements of a function.

    Args:
        columns: The columns of a row, with a value of each, which determines its type.
        name: Name of the function.
        answer_type: Type of the answer.
    """

    def __init__(self, columns: Mapping[str, Any], name: str, answer_type: type) -> None:
        self.parameters = inner_names(columns)
        self._types = {column: type(value).__name__ for column, value in columns.items()}
        self._name = name
        self._answer_type = answer_type
        self._imports: set[str] = set()
        self._constants: dict[str, str] = {}
        self._copied: dict[Callable[..., Any], str] = {}
        self._lines: list[str] = []
        self._indent = 1
        self.whole: set[str] = set()
        self.endless: set[str] = set()
        self._bound: list[dict[str, str]] = [{}]
        self._taken = {*columns, *self.parameters.values(), name}

    def needs(self, statement: str) -> None:
        """Add an import, such as `import re`."""
        self._imports.add(statement)

    @staticmethod
    def literal(text: str) -> str:
        """Return a text as a literal in double quotes."""
        shown = repr(text)
        if shown[0] == "'":  # in single quotes, repr escapes ' but not "
            return '"' + shown[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        return shown

    def line(self, statement: str) -> None:
        """Write a statement."""
        self._lines.append("    " * self._indent + statement)

    def guard(self, condition: str, message: str) -> None:
        """Write a statement that raises `ValueError` under a condition, unless it was written before."""
        key = f"if {condition}"
        if any(key in scope for scope in self._bound):
            return
        self._bound[-1][key] = ""
        self.line(f"if {condition}:")
        self.line(f"    raise ValueError({self.literal(message)})")

    def local(self, stem: str, value: str, *, whole: bool = False, endless: bool = False) -> str:
        """Bind a variable to a value and return it; the same variable for the same value.

        Args:
            stem: The name, if it is free.
            value: Python expression of the value.
            whole: Whether the value is an `int`.
            endless: Whether the value may be a non-terminating fraction, such as 1/3.
        """
        for scope in self._bound:
            if value in scope:
                return scope[value]
        name = self._free(stem)
        self._bound[-1][value] = name
        if whole:
            self.whole.add(name)
        if endless:
            self.endless.add(name)
        self.line(f"{name} = {value}")
        return name

    def unpack(self, stems: Sequence[str], value: str) -> tuple[tuple[str, ...], bool]:
        """Bind variables to the items of a value; return them, and whether the statement is new."""
        key = f"{', '.join(stems)} = {value}"
        for scope in self._bound:
            if key in scope:
                return tuple(scope[key].split()), False
        names = tuple(map(self._free, stems))
        self._bound[-1][key] = " ".join(names)
        self.line(f"{', '.join(names)} = {value}")
        return names, True

    def type_of(self, parameter: str) -> str | None:
        """Return the type of a parameter, by its name in the body; None for other expressions."""
        column = next((name for name, inner in self.parameters.items() if inner == parameter), "")
        return self._types.get(column)

    def _free(self, stem: str) -> str:
        name, number = stem, 2
        while name in self._taken:
            name, number = f"{stem}_{number}", number + 1
        self._taken.add(name)
        return name

    def named(self, value: str, stem: str = "part") -> str:
        """Return a value if it is a name; otherwise bind it to one."""
        return value if _NAME.fullmatch(value) else self.local(stem, value)

    def simple(self, value: str, stem: str = "part") -> str:
        """Return a value if it is simple enough for an f-string (a name, index or method); otherwise bind it."""
        return value if _SIMPLE.fullmatch(value) else self.local(stem, value)

    def constant(self, stem: str, value: str) -> str:
        """Bind a constant of the module to a value, and return its name."""
        if value not in self._constants:
            name, number = stem, 2
            while name in self._constants.values():
                name, number = f"{stem}_{number}", number + 1
            self._constants[value] = name
        return self._constants[value]

    def copy(self, function: Callable[..., Any]) -> str:
        """Add a function of this package with all that it needs to the module.

        Returns:
            Its name there: another one if a parameter or a variable would hide its own.

        Raises:
            TypeError: It can't be copied.
        """
        if function not in self._copied:
            self._copied[function] = free_name(function.__name__, self._taken)
            self._taken.add(self._copied[function])
        return self._copied[function]

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Indent the statements inside a compound statement."""
        self.line(head)
        self._indent += 1
        self._bound.append({})
        yield
        self._bound.pop()
        self._indent -= 1

    def answer(self, text: str) -> str:
        """Return the Python expression of an answer, given the expression of its text."""
        if self._answer_type is bool:
            return {'"True"': "True", '"False"': "False"}.get(text, f'{text} == "True"')
        if self._answer_type is int and text.startswith("str(") and text[4:-1] in self.whole:
            return text[4:-1]
        return text if self._answer_type is str else f"{self._answer_type.__name__}({text})"

    def module(self, docstring: str) -> str:
        """Return the source of the module."""
        head = ", ".join(f"{name}: {annotation}" for name, annotation in self._types.items())
        shown = _docstring(docstring)
        ordered = sorted(self._imports, key=lambda each: (each.split()[1], each))
        defined = [f"{name} = {value}" for value, name in self._constants.items()]
        names, written = own_names(self.parameters, [*defined, *self._lines], ordered)
        outside, inside = bindings(names, ordered)
        copied = copied_as(self._copied, (self._name, *self._constants.values()))
        defines = f"{copied.source}\n\n\n" if self._copied else ""
        outside = sorted({*outside, *copied.imports}, key=lambda each: (each.split()[1], each))
        imports = "".join(f"{each}\n" for each in outside)
        constants = "".join(f"{line}\n" for line in written[: len(defined)])
        parts = [imports + ("\n" if imports else ""), constants + ("\n" if constants else "")]
        body = [*(f"    {line}" for line in inside), *written[len(defined) :]]
        before = "".join(parts) + ("\n" if imports or constants else "") + defines
        return "\n".join([f"{before}def {self._name}({head}) -> {self._answer_type.__name__}:", *shown, *body]) + "\n"


def _docstring(text: str) -> Sequence[str]:
    plain = text.replace("\\", "\\\\").replace('"""', "'''")
    lines = textwrap.wrap(plain, _WIDTH - 8, break_long_words=True, break_on_hyphens=False) or [""]
    if len(lines) > 4:  # noqa: PLR2004 - more is better read in the code
        lines = [*lines[:4], "..."]
    if len(lines) == 1:
        ending = " " if lines[0].endswith('"') else ""
        return [f'    """{lines[0]}{ending}"""']
    return [f'    """{lines[0]}', *(f"    {line}" for line in lines[1:]), '    """']
