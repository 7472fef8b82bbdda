"""Typed expressions whose values on all rows are computed when they are built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

ValueType = Literal["number", "flag", "list", "text"]
"""Type of a term's value for one row or, in a comprehension, for one element."""
Vector = tuple[Any, ...]
"""The values of a term: one for each row, or for each element of a list in each row. Lists are tuples here."""

LARGEST_NUMBER: Final = 10**40
LONGEST_LIST: Final = 400
LONGEST_TEXT: Final = 4_000


class Failed:
    """The value of a term on a row where Python would raise an error."""

    def __repr__(self) -> str:
        return "FAILED"


FAILED: Final = Failed()


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """A function of terms.

    Attributes:
        template: Its Python code, with `{0}`, `{1}` for the parts. Parts are put in parentheses if needed.
        run: Computes the vector of the term from the vectors of the parts.
        value_type: The type of the term's values.
        noun: Name of a local variable for the value.
    """

    template: str
    run: Callable[..., Vector]
    value_type: ValueType
    noun: str = "part"


class Constant(Operator):
    """A constant of the source; its only part determines the length of the vector."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """An expression with its values.

    Attributes:
        operator: The outermost operator.
        parts: The terms to which it is applied.
        values: The vector; the solved rows come first.
        cost: See `Program.cost`.
    """

    operator: Operator
    parts: tuple[Term, ...]
    values: Vector
    cost: float

    @property
    def value_type(self) -> ValueType:
        """The type of the term's values."""
        return self.operator.value_type


def apply(operator: Operator, *parts: Term, cost: float = 1.0) -> Term:
    """Return the term of an operator and its parts; `cost` is the cost of the operator alone."""
    values = operator.run(*(part.values for part in parts))
    return Term(operator, parts, values, cost + sum(part.cost for part in parts))


def rowwise(function: Callable[..., Any]) -> Callable[..., Vector]:
    """Lift a function of values to vectors. The value is `FAILED` if it raises an error or its result is too large."""

    def run(*vectors: Vector) -> Vector:
        try:
            if any(FAILED in vector for vector in vectors):
                raise ValueError  # noqa: TRY301 - the slow path below finds the rows
            values = tuple(map(function, *vectors))
        except Exception:  # noqa: BLE001 - our own operators on any values: a row that fails is a value, not an error
            values = tuple(_attempt(function, each) for each in zip(*vectors, strict=True))
        return values if _are_small(values) else tuple(value if _is_small(value) else FAILED for value in values)

    return run


def _attempt(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    if FAILED in arguments:
        return FAILED
    try:
        return function(*arguments)
    except Exception:  # noqa: BLE001 - likewise
        return FAILED


def _are_small(values: Vector) -> bool:
    """Whether all values are small; False if a quick check cannot tell."""
    types = set(map(type, values))
    if types <= {int, bool, float}:
        return not values or (max(values) < LARGEST_NUMBER and min(values) > -LARGEST_NUMBER)
    return types == {tuple} and max(map(len, values)) <= LONGEST_LIST


def _is_small(value: Any) -> bool:
    if isinstance(value, int | float):
        return -LARGEST_NUMBER < value < LARGEST_NUMBER
    if isinstance(value, tuple):
        return len(value) <= LONGEST_LIST
    return not isinstance(value, str) or len(value) <= LONGEST_TEXT


def constant(value: Any, value_type: ValueType, origin: Term, cost: float) -> Term:
    """Return a term with a constant value, as often as `origin` has values."""
    text = list_literal(value).replace("{", "{{").replace("}", "}}")
    return Term(
        Constant(text, lambda values: (value,) * len(values), value_type),
        (origin,),
        (value,) * len(origin.values),
        cost,
    )


def column(name: str, value_type: ValueType, values: Sequence[Any], cost: float = 1.0) -> Term:
    """Return the term of an input."""
    return Term(Operator(name, _no_parts, value_type), (), tuple(values), cost)


def list_literal(value: Any) -> str:
    """Return the Python literal of a value, with lists for tuples."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(list_literal, value))}]"
    return repr(value)


def _no_parts() -> Vector:
    raise AssertionError


def evaluate(term: Term, inputs: Mapping[str, Vector]) -> Vector:
    """Compute the values of a term on other rows.

    Args:
        term: The term.
        inputs: The vector of each input, by the name of its column.
    """
    known: dict[int, Vector] = {}

    def visit(each: Term) -> Vector:
        if id(each) not in known:
            template = each.operator.template
            known[id(each)] = each.operator.run(*map(visit, each.parts)) if each.parts else inputs[template]
        return known[id(each)]

    return visit(term)


# -- elements of lists -------------------------------------------------------------------------------------------------


def elements_of(lists: Vector) -> Vector:
    """Return the elements of the lists of all rows as one vector."""
    return tuple(chain.from_iterable(each for each in lists if each is not FAILED))


def positions_of(lists: Vector) -> Vector:
    """Return the position of each element in its list."""
    return tuple(chain.from_iterable(range(len(each)) for each in lists if each is not FAILED))


def _spread(lists: Vector, values: Vector) -> Vector:
    return tuple(
        chain.from_iterable(
            (value,) * len(each) for each, value in zip(lists, values, strict=True) if each is not FAILED
        )
    )


def regroup(lists: Vector, flat: Iterable[Any]) -> list[Any]:
    """Return one tuple of the flat values for each list; `FAILED` if the list or one of the values failed."""
    rest = iter(flat)
    groups: list[Any] = []
    for each in lists:
        if each is FAILED:
            groups.append(FAILED)
            continue
        group = tuple(next(rest) for _ in each)
        groups.append(FAILED if any(value is FAILED for value in group) else group)
    return groups


ELEMENT: Final = Operator("value", elements_of, "number", "value")
ELEMENT_TEXT: Final = Operator("value", elements_of, "text", "value")
ELEMENT_FLAG: Final = Operator("value", elements_of, "flag", "value")
POSITION: Final = Operator("index", positions_of, "number", "index")
_SPREADS: Final[dict[ValueType, Operator]] = {
    value_type: Operator("{1}", _spread, value_type) for value_type in ("number", "flag", "list", "text")
}
SPREADS: Final = frozenset(_SPREADS.values())
"""Operators that repeat a term of the row for each element of a list."""


def _zipped(lists: Vector, others: Vector) -> Vector:
    return tuple(
        chain.from_iterable(
            other if other is not FAILED and len(other) == len(each) else (FAILED,) * len(each)
            for each, other in zip(lists, others, strict=True)
            if each is not FAILED
        )
    )


ZIPPED: Final[dict[ValueType, tuple[Operator, ...]]] = {
    value_type: tuple(Operator(name, _zipped, value_type, name) for name in ("other", "third"))
    for value_type in ("number", "flag", "text")
}
"""The element of another list at the same position, and that of a third one; the parts are the list and this list."""


def is_within(part: Term, whole: Term) -> bool:
    """Whether a term is another one or a part of it."""
    return part is whole or any(is_within(part, each) for each in whole.parts)


def spread(source: Term, term: Term, cost: float | None = None) -> Term:
    """Return the term that repeats the row's value of a term for each element of `source`."""
    values = _spread(source.values, term.values)
    return Term(_SPREADS[term.value_type], (source, term), values, term.cost if cost is None else cost)
