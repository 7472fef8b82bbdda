"""Mutations of an argument: values on which functions that are right on the examples often differ.

Property-based testing libraries draw values of a type, but these may not have the form of the examples, which a parser
must be able to read. So mutations start from an example's value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

_EXTREME: Final = 1_000
_LONG_LIST: Final = 30
_DEPTH: Final = 3
"""Maximum depth in lists and records at which values are changed: a hostile example may be nested very deeply."""


class Mutation(NamedTuple):
    """A changed value, and a name for the change."""

    name: str
    value: Any


def mutations(value: Any, others: Sequence[Any] = (), *, depth: int = _DEPTH) -> Iterator[Mutation]:
    """Yield mutations of a JSON value. Some may be equal to it.

    Args:
        value: The value of an example.
        others: Values of the same argument in other examples.
        depth: Maximum depth in lists and records at which values are changed.
    """
    if depth == 0:
        return
    if isinstance(value, list):
        yield from _of_list(value, [each for each in others if isinstance(each, list)], depth)
    elif isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, bool):
        yield Mutation("negated", not value)
    elif isinstance(value, int | float):
        yield from _of_number(value)
    elif isinstance(value, dict):
        yield from _of_record(value, depth)
    for other in others:
        yield Mutation("of another example", other)


def _of_list(items: list[Any], others: Sequence[list[Any]], depth: int) -> Iterator[Mutation]:
    if items:
        yield Mutation("reversed", items[::-1])
        yield Mutation("first item twice", [*items, items[0]])
        yield Mutation("repeated", items + items)
        yield Mutation("one item", items[:1])
        yield Mutation("two items", items[:2])
        yield Mutation("same items", items[:1] * max(2, len(items)))
    yield Mutation("empty", [])
    if items and all(isinstance(each, str | int | float) for each in items):
        yield Mutation("sorted", sorted(items, key=lambda each: (str(type(each)), each)))
        yield Mutation("sorted downwards", sorted(items, key=lambda each: (str(type(each)), each), reverse=True))
    for other in others[:1]:
        yield Mutation("with those of another example", [*items, *other])
    for place in sorted({0, len(items) - 1}) if items else ():
        for name, changed in mutations(items[place], depth=depth - 1):
            yield Mutation(f"an item {name}", [*items[:place], changed, *items[place + 1 :]])
    if items:
        yield Mutation("long", (items * _LONG_LIST)[:_LONG_LIST])


def _of_number(number: float) -> Iterator[Mutation]:
    one = type(number)(1)
    yield Mutation("one more", number + one)
    yield Mutation("zero", one - one)
    yield Mutation("one", one)
    yield Mutation("negative", -number)
    if isinstance(number, float):
        yield Mutation("half", number / 2)
        yield Mutation("with a half", float(int(number)) + 0.5)
    yield Mutation("extreme", number * _EXTREME)
    yield Mutation("extreme and negative", -number * _EXTREME)


def _of_text(text: str) -> Iterator[Mutation]:
    words = text.split()
    if len(words) > 1:
        yield Mutation("reversed", " ".join(words[::-1]))
        yield Mutation("first word twice", " ".join([*words, words[0]]))
        yield Mutation("one word", words[0])
    else:
        yield Mutation("reversed", text[::-1])
    yield Mutation("upper case", text.upper())
    yield Mutation("lower case", text.lower())
    yield Mutation("capitalised", text[:1].upper() + text[1:])
    yield Mutation("repeated", f"{text} {text}" if len(words) > 1 else text + text)
    yield Mutation("one character", text[:1])
    yield Mutation("empty", "")
    yield Mutation("with an accent", _accented(text))
    yield Mutation("with another script", f"{text}ж")


def _of_record(record: dict[str, Any], depth: int) -> Iterator[Mutation]:
    yield Mutation("empty", {})
    for key, value in record.items():
        yield Mutation("without a key", {name: each for name, each in record.items() if name != key})
        for name, changed in mutations(value, depth=depth - 1):
            yield Mutation(f"a value {name}", {**record, key: changed})


def _accented(text: str) -> str:
    """Return a text with a letter whose code point does not follow the alphabetical order."""
    found = next((letter for letter in text if letter in "aeiou"), None)
    return f"{text}é" if found is None else text.replace(found, {"a": "ä", "o": "ö", "u": "ü"}.get(found, "é"), 1)
