"""Writes a term as the body of a Python function."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from langchain_latm.making.synthesis.lists import comprehensions as over
from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.term import (
    ELEMENT,
    ELEMENT_FLAG,
    ELEMENT_TEXT,
    POSITION,
    SPREADS,
    ZIPPED,
    Constant,
    Term,
    is_within,
)

_ELEMENTS: Final = (ELEMENT, ELEMENT_FLAG, ELEMENT_TEXT)
_ZIPPED: Final = frozenset(operator for operators in ZIPPED.values() for operator in operators)
_IMPORTED: Final = {
    "itertools": ("accumulate", "dropwhile", "groupby", "pairwise", "takewhile"),
    "collections": ("Counter",),
}
_MODULES: Final = ("calendar", "decimal", "json", "math", "operator", "re", "statistics")
_CHEAP: Final = re.compile(r"\w+(\[-?\d+\])?|len\(\w+\)|'[^']*'|-?\d+")
"""Expressions that are repeated in a comprehension; other constant expressions in it become local variables."""


_ERRORS: Final = {
    "IndexError": re.compile(r"[\w)\]]\[[^\[\]:]+\]"),
    "ZeroDivisionError": re.compile(r"[/%] (?!\d)"),
    "OverflowError": re.compile(r"\*\*"),
}
"""Errors other than `ValueError` that code may raise, with patterns of such code."""


class Writer:
    """Collects the statements that come before the value of a term.

    Args:
        names: The local variable of each input, by its column.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.statements: list[str] = []
        self._names = dict(names)
        self._taken = {
            *names.values(),
            "value",
            "index",
            "other",
            "third",
            "item",
            "following",
            "digit",
            "divisor",
            "each",
            "run",
            "found",
            "_",
        }
        self._locals: dict[int, str] = {}
        self._uses: Counter[int] = Counter()

    def written(self, term: Term) -> str:
        """Return the Python expression of a term, with as few parentheses as possible."""
        self._count(term)
        return self._plain(self._write(term))

    def _count(self, term: Term) -> None:
        self._uses[id(term)] += 1
        if self._uses[id(term)] > 1:
            return
        if isinstance(term.operator, Constant) or term.operator in (*_ELEMENTS, POSITION):
            return
        parts = term.parts[1:] if term.operator in SPREADS or term.operator in _ZIPPED else term.parts
        template = term.operator.template
        for place, part in enumerate(parts):
            self._count(part)
            if template.count(f"{{{place}}}") > 1:
                self._uses[id(part)] += 1

    def _write(self, term: Term) -> str:
        if id(term) in self._locals:
            return self._locals[id(term)]
        text = self._expression(term)
        if term.value_type == "list" and self._uses[id(term)] > 1 and not self._is_cheap(term, text):
            return self._named(term, text)
        return text

    def _is_cheap(self, term: Term, text: str) -> bool:
        changes = _changes(term)
        return changes or isinstance(term.operator, Constant) or _CHEAP.fullmatch(text) is not None

    def _expression(self, term: Term) -> str:
        operator = term.operator
        if not term.parts:
            return self._names[operator.template]
        if isinstance(operator, Constant) or operator in (*_ELEMENTS, *_ZIPPED, POSITION):
            return operator.template.format()
        if operator in SPREADS:
            return self._held(term.parts[1])
        if operator is op.JOIN:
            return self._join(term)
        if operator in over.COMPREHENSIONS:
            return self._comprehension(term)
        return operator.template.format(*map(self._write, term.parts))

    def _held(self, term: Term) -> str:
        text = self._write(term)
        if isinstance(term.operator, Constant) or _CHEAP.fullmatch(self._plain(text)):
            return text
        return self._named(term, text)

    def _named(self, term: Term, text: str) -> str:
        name = term.operator.noun
        number = 2
        while name in self._taken:
            name = f"{term.operator.noun}_{number}"
            number += 1
        self._taken.add(name)
        self._locals[id(term)] = name
        self.statements.append(f"{name} = {self._plain(text)}")
        return name

    def _comprehension(self, term: Term) -> str:
        source, *bodies = term.parts
        used = {part for body in bodies for part in _leaves(body)}
        items = self._write(source)
        if "source" in used and not _CHEAP.fullmatch(items):
            items = self._named(source, items) if id(source) not in self._locals else items
        written = [self._write(body) for body in bodies]
        by_value = term.operator in over.BY_VALUE
        filters = term.operator is over.FILTER
        partners = {name: each for body in bodies for name, each in _partners(body).items()}
        if partners:
            names, items_text = self._zip(source, partners, items)
            if "index" in used:
                names, items_text = f"index, ({names})", f"enumerate({items_text})"
            return term.operator.template.format(items, *written, names=names, items=items_text, value="value")
        if "index" in used and not by_value:
            takes_value = "value" in used or filters
            names = "index, value" if takes_value else "index"
            items_text = f"enumerate({items})" if takes_value else f"range(len({items}))"
        else:
            names = "value" if "value" in used or filters else "_"
            items_text = items
        if term.operator is over.CHAIN and bodies[0].operator is op.FILL:
            number, count = map(self._write, bodies[0].parts)
            return f"[{number} for {names} in {items_text} for _ in range({count})]"
        return term.operator.template.format(items, *written, names=names, items=items_text, value="value")

    def _zip(self, source: Term, partners: Mapping[str, Term], items: str) -> tuple[str, str]:
        first, *further = partners.values()
        neighbours = source.operator is op.TAIL and first.operator is op.INIT and source.parts[0] is first.parts[0]
        if neighbours and not further:
            return "other, value", f"pairwise({self._write(source.parts[0])})"
        lists = ", ".join([items, *map(self._write, partners.values())])
        return ", ".join(["value", *partners]), f"zip({lists}, strict=True)"

    def _join(self, term: Term) -> str:
        """Write joined lists as one list display: `[*values[:2], 8, *values[2:]]`."""
        pieces: list[Term] = []
        waiting = [term]
        while waiting:
            each = waiting.pop()
            if each.operator is op.JOIN and id(each) not in self._locals:
                waiting += reversed(each.parts)
            else:
                pieces.append(each)
        displayed = [self._display(piece) for piece in pieces]
        if all(text is None for text in displayed):
            return f"({' + '.join(map(self._write, pieces))})"
        items = [text or f"*{self._write(piece)}" for text, piece in zip(displayed, pieces, strict=True)]
        return f"[{', '.join(items)}]"

    def _display(self, term: Term) -> str | None:
        if term.operator is op.SINGLE:
            return self._write(term.parts[0])
        if isinstance(term.operator, Constant):
            return term.operator.template.format()[1:-1]
        return None

    def _plain(self, text: str) -> str:
        return ast.unparse(ast.parse(text, mode="eval"))


def guarded(statements: Sequence[str]) -> list[str]:
    """Return statements that raise `ValueError` in place of other errors on rows that do not fit."""
    text = "\n".join(statements)
    errors = [name for name, pattern in _ERRORS.items() if pattern.search(text)]
    if not errors:
        return list(statements)
    caught = errors[0] if len(errors) == 1 else f"({', '.join(errors)})"
    return [
        "try:",
        *(f"    {line}" for line in text.split("\n")),
        f"except {caught} as error:",
        '    raise ValueError(f"the function does not fit these arguments: {error}") from error',
    ]


def imports_of(text: str) -> list[str]:
    """Return the imports that code needs, among the modules that programs use."""
    lines = [f"import {module}" for module in _MODULES if re.search(rf"\b{module}\.", text)]
    for module, members in _IMPORTED.items():
        used = [member for member in members if re.search(rf"\b{member}\(", text)]
        if used:
            lines.append(f"from {module} import {', '.join(used)}")
    return sorted(lines, key=lambda line: (line.startswith("from"), line))


def _leaves(body: Term) -> set[str]:
    """Return which of `value`, `index`, other lists and the list itself, as `source`, a term of an element uses."""
    if isinstance(body.operator, Constant):
        return set()
    if body.operator in _ELEMENTS:
        return {"value"}
    if body.operator is POSITION:
        return {"index"}
    if body.operator in _ZIPPED:
        return {"other"}
    if body.operator in SPREADS:
        source, held = body.parts
        return {"source"} if is_within(source, held) else set()
    return {leaf for part in body.parts for leaf in _leaves(part)}


def _partners(body: Term) -> dict[str, Term]:
    """Return the other lists whose elements a term of an element uses, by the variable of the element."""
    if body.operator in _ZIPPED:
        return {body.operator.template: body.parts[1]}
    if isinstance(body.operator, Constant):
        return {}
    return {name: each for part in body.parts for name, each in _partners(part).items()}


def _changes(term: Term) -> bool:
    """Whether a term is a term of an element, so that it cannot be computed before the comprehension."""
    if isinstance(term.operator, Constant) or term.operator in SPREADS:
        return False
    if term.operator in (*_ELEMENTS, *_ZIPPED, POSITION):
        return True
    parts = term.parts[:1] if term.operator in over.COMPREHENSIONS else term.parts
    return any(map(_changes, parts))
