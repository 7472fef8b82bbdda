"""Terms of the elements of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any, Final

from langchain_latm.making.synthesis.lists import operators as op
from langchain_latm.making.synthesis.lists.goals import Pool, type_of
from langchain_latm.making.synthesis.lists.term import (
    ELEMENT,
    ELEMENT_FLAG,
    ELEMENT_TEXT,
    FAILED,
    POSITION,
    ZIPPED,
    Operator,
    Term,
    ValueType,
    Vector,
    apply,
    is_within,
    rowwise,
    spread,
)

_LARGEST: Final = 1_200
_ROW_NUMBERS: Final = 10
_MOST_PARTNERS: Final = 2

BEFORE: Final = Operator("{0}[:{1}]", rowwise(lambda items, place: items[:place]), "list", "before")
AFTER: Final = Operator("{0}[{1} + 1:]", rowwise(lambda items, place: items[place + 1 :]), "list", "after")
THROUGH: Final = Operator("{0}[:{1} + 1]", rowwise(lambda items, place: items[: place + 1]), "list", "through")
FROM: Final = Operator("{0}[{1}:]", rowwise(lambda items, place: items[place:]), "list", "onwards")
UPPER: Final = Operator("{0}.upper()", rowwise(str.upper), "text")
LOWER: Final = Operator("{0}.lower()", rowwise(str.lower), "text")
TITLE: Final = Operator("{0}.capitalize()", rowwise(str.capitalize), "text")
BACKWARDS: Final = Operator("{0}[::-1]", rowwise(lambda text: text[::-1]), "text")
INITIAL: Final = Operator("{0}[0]", rowwise(lambda text: text[0]), "text")
FINAL: Final = Operator("{0}[-1]", rowwise(lambda text: text[-1]), "text")
IS_UPPER: Final = Operator("{0}.isupper()", rowwise(str.isupper), "flag")
IS_TITLE: Final = Operator("{0}.istitle()", rowwise(str.istitle), "flag")
IS_DIGITS: Final = Operator("{0}.isdigit()", rowwise(str.isdigit), "flag")


def element_type(lists: Vector) -> ValueType | None:
    """Return the type of all elements of the lists; None for lists of several types, or without elements."""
    value_types = {type_of(value) for each in lists if each is not FAILED for value in each}
    return value_types.pop() if len(value_types) == 1 else None


def element_pool(source: Term, rows: Pool, effort: int) -> Pool | None:
    """Return a pool of terms of the elements of a list.

    Args:
        source: The list.
        rows: The pool of terms of the rows.
        effort: 0 for the element, its position and a few numbers of its list; 1 also for terms made of two of these.

    Returns:
        The pool; None if the elements are not all of one known type.
    """
    value_type = element_type(source.values)
    if value_type not in {"number", "text", "flag"}:
        return None
    operator = {"number": ELEMENT, "text": ELEMENT_TEXT, "flag": ELEMENT_FLAG}[value_type]
    shown = sum(len(each) for each in source.values[: rows.shown] if each is not FAILED)
    value = apply(operator, source, cost=1.0 - source.cost)
    position = apply(POSITION, source, cost=1.2 - source.cost)
    pool = Pool(value, shown, _LARGEST, floats=rows.floats)
    pool.add(value)
    pool.add(position)
    place = apply(op.ADD, position, pool.literal(1), cost=-0.7)
    if shown == 0:
        return pool
    base = [value, position, place]
    if value_type == "number":
        _add_numbers(pool, value)
    elif value_type == "text":
        _add_texts(pool, value)
    pool.add(place)
    partners = _partners(source, rows)
    base += [*partners, *_row_numbers(source, rows)]
    for term in base:
        pool.add(term)
    held = spread(source, source, cost=0.5)
    pool.add(apply(op.COUNT, held, value, cost=1.0))
    _add_counts(pool, source, value, rows)
    before = apply(BEFORE, held, position, cost=0.3)
    pool.add(apply(op.CONTAINS, before, value, cost=1.0))
    _add_other_inputs(pool, source, [value, *partners], rows)
    pool.add(apply(op.CONTAINS, apply(AFTER, held, position, cost=0.3), value, cost=1.0))
    pool.add(apply(op.COUNT, before, value, cost=1.0))
    pool.add(apply(op.COUNT, apply(THROUGH, held, position, cost=0.3), value, cost=1.0))
    if effort:
        pool.add(apply(op.WHERE, held, value, cost=1.0))
        _add_neighbours(pool, held, position, value_type)
        if value_type == "number":
            _add_pairs(pool, [term for term in base if term.value_type == "number"])
    return pool


def _partners(source: Term, rows: Pool) -> list[Term]:
    """Return the preceding element, for a list without its first; and elements of other inputs at the same position."""
    lists: list[Term] = []
    if source.operator is op.TAIL:
        lists.append(apply(op.INIT, source.parts[0], cost=0.5))
    inputs = [term for term in rows.terms("list") if not term.parts and term is not source]
    lists += [term for term in inputs if list(map(_size, term.values)) == list(map(_size, source.values))]
    typed = [(each, of_each) for each in lists if (of_each := element_type(each.values)) in ZIPPED]
    return [
        apply(operators[place], source, each, cost=0.5 - source.cost)
        for place, (each, of_each) in enumerate(typed[:_MOST_PARTNERS])
        if of_each is not None and (operators := ZIPPED[of_each])
    ]


def _add_other_inputs(pool: Pool, source: Term, values: Sequence[Term], rows: Pool) -> None:
    """Compare an element, or one beside it, with inputs: whether it is in a list, equals a text, or is above a number.

    Of texts, the length is compared with numbers.
    """
    numbers = [spread(source, term, cost=0.5) for term in rows.terms("number") if not term.parts]
    if values[0].value_type in {"number", "text"}:
        measured = values[0] if values[0].value_type == "number" else apply(op.LENGTH, values[0], cost=0.5)
        for number, compared in product(numbers, (op.GREATER, op.LESS, op.AT_LEAST, op.AT_MOST)):
            pool.add(apply(compared, measured, number, cost=0.5 if compared in {op.GREATER, op.LESS} else 0.7))
    # What a list shares with one that it is computed from is chance.
    others = [term for term in rows.terms("list") if not term.parts and not is_within(term, source)]
    for value in values:
        for each in others:
            if element_type(each.values) == value.value_type:
                pool.add(apply(op.CONTAINS, spread(source, each, cost=0.5), value, cost=1.0))
        for text in [term for term in rows.terms("text") if not term.parts and value.value_type == "text"]:
            pool.add(apply(op.EQUAL, value, spread(source, text, cost=0.5), cost=0.5))


def _size(items: Any) -> int:
    return -1 if items is FAILED else len(items)


def _row_numbers(source: Term, rows: Pool) -> list[Term]:
    """Return numbers of the row with which an element may be compared or combined."""
    found = [spread(source, apply(op.LENGTH, source, cost=0.8 - source.cost))]
    if element_type(source.values) == "number":
        for operator, cost in (
            (op.FIRST["number"], 1.0),
            (op.LAST["number"], 1.0),
            (op.LARGEST, 1.2),
            (op.SMALLEST, 1.2),
            (op.SUM, 1.5),
            (op.MEAN, 2.0),
        ):
            found.append(spread(source, apply(operator, source, cost=1.0 + cost - source.cost)))
    known = {term.values for term in found}
    others = [spread(source, term, cost=term.cost + 0.2) for term in rows.cheapest("number", _ROW_NUMBERS)]
    return found + [term for term in others if term.values not in known]


def _add_counts(pool: Pool, source: Term, value: Term, rows: Pool) -> None:
    """How often a number of a range occurs in an input, as in a histogram."""
    if source.operator in {op.UP_TO, op.BELOW, op.FROM_ZERO, op.BETWEEN}:
        for each in [term for term in rows.terms("list") if not term.parts]:
            pool.add(apply(op.COUNT, spread(source, each, cost=0.5), value, cost=1.0))


def _add_numbers(pool: Pool, value: Term) -> None:
    pool.add(apply(op.MULTIPLY, value, value, cost=1.0))
    ten = pool.literal(10)
    pool.add(apply(op.FLOOR_DIVIDE, value, ten, cost=0.7))
    pool.add(apply(op.MODULO, value, ten, cost=0.7))
    if all(isinstance(each, int) and each >= 0 for each in value.values):
        pool.add(apply(op.DIGIT_SUM, value, cost=2.0))
        pool.add(apply(op.DIGIT_COUNT, value, cost=2.0))
        pool.add(apply(op.REVERSED_DIGITS, value, cost=2.5))
    else:
        pool.add(apply(op.ABSOLUTE, value, cost=1.0))


def _add_texts(pool: Pool, value: Term) -> None:
    for operator in (op.LENGTH, UPPER, LOWER, TITLE, BACKWARDS, INITIAL, FINAL, IS_UPPER, IS_TITLE, IS_DIGITS):
        pool.add(apply(operator, value, cost=1.0))


def _add_neighbours(pool: Pool, held: Term, position: Term, value_type: ValueType) -> None:
    if value_type == "flag":
        return
    one = pool.literal(1)
    previous = apply(op.ITEM[value_type], held, apply(op.SUBTRACT, position, one, cost=0.2), cost=0.5)
    pool.add(previous)
    mirrored = apply(op.ITEM[value_type], held, apply(op.SUBTRACT, pool.literal(-1), position, cost=0.5), cost=1.0)
    pool.add(mirrored)
    if value_type == "number":
        for operator in (BEFORE, THROUGH, AFTER, FROM):
            part = apply(operator, held, position, cost=0.3)
            for of_part in (op.SUM, op.LARGEST, op.SMALLEST, op.DISTINCT_COUNT):
                pool.add(apply(of_part, part, cost=1.2))


def _add_pairs(pool: Pool, base: list[Term]) -> None:
    for left, right in combinations(base, 2):
        for operator in (op.ADD, op.SUBTRACT, op.MULTIPLY):
            pool.add(apply(operator, left, right, cost=1.0))
        for operator in (op.LARGER, op.SMALLER, op.DISTANCE):
            pool.add(apply(operator, left, right, cost=1.2))
        pool.add(apply(op.SUBTRACT, right, left, cost=1.0))
        pool.add(apply(op.MODULO, left, right, cost=1.2))
        pool.add(apply(op.FLOOR_DIVIDE, left, right, cost=1.2))
        pool.add(apply(op.MODULO, right, left, cost=1.5))


def simple_flags(pool: Pool) -> Iterator[Term]:
    """Yield the flags of an element that are tried without a goal."""
    yield from pool.terms("flag")
    value = pool.origin
    if value.value_type != "number" or not all(isinstance(each, int) for each in value.values):
        return
    position = position_of(pool)
    for modulus in (2, 3):
        for term in (value, position):
            remainder = apply(op.MODULO, term, pool.literal(modulus), cost=-0.3)
            for rest in range(2 if modulus == 2 else 1):  # noqa: PLR2004 - even, odd, and multiples of three
                yield apply(op.EQUAL, remainder, pool.literal(rest), cost=-0.5)
    for term in [each for each in pool.cheapest("number", 8) if each not in (value, position)]:
        for operator in (op.GREATER, op.LESS, op.EQUAL):
            yield apply(operator, value, term, cost=0.5)
    yield apply(op.GREATER, value, position, cost=0.5)
    yield apply(op.EQUAL, value, position, cost=0.8)
    count = next((each for each in pool.terms("number") if each.operator is op.COUNT), None)
    if count is not None:
        yield apply(op.EQUAL, count, pool.literal(1), cost=0.3)
        yield apply(op.GREATER, count, pool.literal(1), cost=0.3)
    limits = sorted(set(value.values[: pool.shown]))
    for limit in limits[:: max(1, len(limits) // 24)]:
        yield apply(op.GREATER, value, pool.literal(limit), cost=0.8)
        yield apply(op.LESS, value, pool.literal(limit), cost=0.8)


def position_of(pool: Pool) -> Term:
    """Return the term of the element's position."""
    return next((term for term in pool.terms("number") if term.operator is POSITION), pool.origin)


def is_by_value(term: Term) -> bool:
    """Whether a term of an element uses neither its position nor another list."""
    if term.operator is POSITION or any(term.operator in operators for operators in ZIPPED.values()):
        return False
    return all(map(is_by_value, term.parts))
