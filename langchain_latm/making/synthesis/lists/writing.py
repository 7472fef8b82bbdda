"""Reads answers as values that a search can find, and writes such values as answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from langchain_latm.making.synthesis.lists.cells import frozen, hint_of
from langchain_latm.making.synthesis.lists.goals import EXACT, exact, type_of

_WHOLE: Final = re.compile(r"-?(?:0|[1-9]\d{0,40})")
_SEPARATORS: Final = (", ", ",", "; ", ";", " | ", "|", " - ", "/", "-", " ", "")


@dataclass(frozen=True)
class Writing:
    """One way in which the value of a program becomes its answer.

    Attributes:
        goal: The wanted value of each solved row.
        template: Python code that writes the value `{0}`.
        hint: The annotation of the answer.
        write: The same function on the host.
    """

    goal: tuple[Any, ...]
    template: str
    hint: str
    write: Callable[[Any], Any]


def writings(answers: Sequence[Any], separators: Sequence[str]) -> Iterator[Writing]:
    """Yield the ways to read the answers as values, the likeliest first.

    Args:
        answers: The answers of the solved rows.
        separators: Separators of items in the columns.
    """
    if not all(isinstance(answer, str) for answer in answers):
        goal = tuple(map(frozen, answers))
        if len({type_of(value) for value in goal}) == 1 and type_of(goal[0]) is not None:
            yield from _with_floats(Writing(goal, "{0}", hint_of(answers), thawed))
        return
    single: list[Writing] = []
    for write, template, read in _forms(separators):
        goal = tuple(map(read, answers))
        matches = all(value is not None and write(value) == answer for value, answer in zip(goal, answers, strict=True))
        if matches and len({type_of(value) for value in goal}) == 1:
            writing = Writing(goal, template, "str", write)
            if type_of(goal[0]) == "list" and all(
                len(value) == 1 and value[0] == answer for value, answer in zip(goal, answers, strict=True)
            ):
                single.append(writing)  # no answer shows that it is a list
            else:
                yield from _with_floats(writing)
    yield Writing(tuple(answers), "{0}", "str", str)
    yield from single


def _with_floats(writing: Writing) -> Iterator[Writing]:
    """Yield the writing; of floats, one that leaves out the errors of sums, unless answers have all digits."""
    items = [item for value in writing.goal for item in (value if isinstance(value, tuple) else [value])]
    if float not in map(type, items) or items != [*map(exact, items)]:
        yield writing
        return
    one = f"float(format({{0}}, {EXACT!r}))"
    many = f"[float(format(value, {EXACT!r})) for value in {{0}}]"
    template = writing.template.replace("{0}", many if isinstance(writing.goal[0], tuple) else one)
    yield replace(writing, template=template, write=lambda value: writing.write(exact(value)))


def _forms(separators: Sequence[str]) -> Iterator[tuple[Callable[[Any], str], str, Callable[[str], Any]]]:
    yield (lambda value: json.dumps(thawed(value))), "json.dumps({0})", _read_json
    yield _compact, "json.dumps({0}, separators=(',', ':'))", _read_json
    yield str, "str({0})", {"True": True, "False": False}.get
    for separator in dict.fromkeys([*(each for each in separators if each != "json"), *_SEPARATORS]):
        yield _joining(separator), f"{separator!r}.join(map(str, {{0}}))", _splitting(separator, numbers=True)
        if separator:
            yield _joining(separator), f"{separator!r}.join({{0}})", _splitting(separator, numbers=False)


def _compact(value: Any) -> str:
    return json.dumps(thawed(value), separators=(",", ":"))


def _read_json(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, str | dict) or (
        isinstance(value, list) and any(isinstance(v, list | dict) or v is None for v in value)
    ):
        return None
    return frozen(value)


def _joining(separator: str) -> Callable[[Any], str]:
    return lambda value: separator.join(map(str, value))


def _splitting(separator: str, *, numbers: bool) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        parts = (text.split(separator) if separator else list(text)) if text else []
        if numbers:
            return tuple(map(int, parts)) if all(map(_WHOLE.fullmatch, parts)) else None
        return tuple(parts) if all(re.fullmatch(r"[^\W\d_][\w'.-]*", part) for part in parts) else None

    return read


def thawed(value: Any) -> Any:
    """Return a value with lists in place of tuples, as in JSON."""
    return list(map(thawed, value)) if isinstance(value, tuple) else value
