"""Typed expressions whose values on all rows are computed when they are built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

Kind = Literal["number", "flag", "list", "text"]
"""What a term is for one row, or, in a comprehension, for one element."""
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
    """How a term is made of its parts.

    Attributes:
        template: Its Python, with `{0}`, `{1}` for the parts. Every part is put in parentheses if it needs them.
        run: From the vectors of the parts to the vector of the term.
        kind: The kind of the term.
        noun: What a local variable is called that holds its value.
    """

    template: str
    run: Callable[..., Vector]
    kind: Kind
    noun: str = "part"


class Constant(Operator):
    """A value of the source; its only part says how many values there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """An expression with its values.

    Attributes:
        operator: The operator on top.
        parts: The terms that it is applied to.
        values: The vector: the solved rows come first.
        cost: See `Program.cost`.
    """

    operator: Operator
    parts: tuple[Term, ...]
    values: Vector
    cost: float

    @property
    def kind(self) -> Kind:
        """The kind of the term."""
        return self.operator.kind


def apply(operator: Operator, *parts: Term, cost: float = 1.0) -> Term:
    """Return the term of an operator and its parts; `cost` is that of the operator alone."""
    values = operator.run(*(part.values for part in parts))
    return Term(operator, parts, values, cost + sum(part.cost for part in parts))


def rowwise(function: Callable[..., Any]) -> Callable[..., Vector]:
    """Lift a function of values to vectors. Where it raises an error, or grows too large, the value is `FAILED`."""

    def run(*vectors: Vector) -> Vector:
        try:
            if any(FAILED in vector for vector in vectors):
                raise ValueError  # noqa: TRY301 - the slow way knows which rows
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
    except Exception:  # noqa: BLE001 - as above
        return FAILED


def _are_small(values: Vector) -> bool:
    """Whether all values are small, as far as that is seen at once."""
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


def constant(value: Any, kind: Kind, origin: Term, cost: float) -> Term:
    """Return a term that has the same value everywhere: as often as `origin` has values."""
    text = list_literal(value).replace("{", "{{").replace("}", "}}")
    return Term(
        Constant(text, lambda values: (value,) * len(values), kind), (origin,), (value,) * len(origin.values), cost
    )


def column(name: str, kind: Kind, values: Sequence[Any], cost: float = 1.0) -> Term:
    """Return the term of an input."""
    return Term(Operator(name, _no_parts, kind), (), tuple(values), cost)


def list_literal(value: Any) -> str:
    """Return a value as the Python that makes it, with lists for tuples."""
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
    """Return the elements of the lists of all rows, one after the other."""
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
    """Return one tuple of the flat values for each list; `FAILED` where the list is, or a value of it."""
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
_SPREADS: Final[dict[Kind, Operator]] = {
    kind: Operator("{1}", _spread, kind) for kind in ("number", "flag", "list", "text")
}
SPREADS: Final = frozenset(_SPREADS.values())
"""Operators that hold a term of the row still while its elements change."""


def _zipped(lists: Vector, others: Vector) -> Vector:
    return tuple(
        chain.from_iterable(
            other if other is not FAILED and len(other) == len(each) else (FAILED,) * len(each)
            for each, other in zip(lists, others, strict=True)
            if each is not FAILED
        )
    )


ZIPPED: Final[dict[Kind, Operator]] = {
    kind: Operator("other", _zipped, kind, "other") for kind in ("number", "flag", "text")
}
"""The element at the same place of another list; the parts are the list and the other."""


def spread(source: Term, term: Term, cost: float | None = None) -> Term:
    """Return the term that has, for each element of `source`, the row's value of another term."""
    values = _spread(source.values, term.values)
    return Term(_SPREADS[term.kind], (source, term), values, term.cost if cost is None else cost)
