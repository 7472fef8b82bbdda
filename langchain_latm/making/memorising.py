"""Detects memorising: answers of examples that are literals in a function's code.

A function that holds the answers of its own examples proves nothing. A table of a domain, such as the names of the
months or the dimension of each unit, may hold some of these answers too, but it also holds the answers of unseen
examples, which the maker could not know.
"""

from __future__ import annotations

import ast
import base64
import binascii
import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from langchain_latm._core.source import parse_source
from langchain_latm.making.chance import CLOSED_SET
from langchain_latm.text.answer_check import answer_text
from langchain_latm.types import Example

_LEAST_ENTRIES: Final = 3
_LONGEST_CONSTANT: Final = 2
"""Maximum length of an answer that may be a constant of the computation."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){3,}")
_FIRST_PRINTABLE: Final = 32


def hard_coded_answers(source: str, shown: Sequence[Example], unseen: Sequence[Example] = ()) -> tuple[str, ...]:
    """Return the answers that are literals in the code, outside docstrings and comments.

    An answer from a small closed set does not count, since code must name it to return it: yes and no, the letter of an
    option, a label that several of the examples share, and a number or word of at most two characters, which may be a
    constant of the computation.

    Answers in the table of a domain do not count either. Such a table is a dict or a list of constants that holds
    answers of unseen examples about as often as those of shown ones, and further entries. A branch for each answer is
    not a table.

    Texts that the code joins, reverses or decodes in a usual way are recognised. A function that builds its answers in
    other ways is not found here, but fails on the unseen examples.

    Args:
        source: The code.
        shown: Examples that the maker has seen.
        unseen: Other examples; without any, no table counts as a domain.
    """
    module = parse_source(source)
    once = _once([_written(example) for example in (*shown, *unseen)])
    tables = [table for table in _tables(module) if _is_domain(table, shown, unseen)]
    constants = list(_constants(module, {node for table in tables for node in table.nodes}))
    return tuple(answer for answer in once if not _in_closed_set(answer) and _occurs_in(answer, constants))


def _written(example: Example) -> str:
    """Return an answer as its constants would be joined in code; empty for a list of fewer than three items."""
    answer = example.answer
    if isinstance(answer, dict):
        answer = [each for pair in answer.items() for each in pair]
    if not isinstance(answer, list):
        return answer_text(answer).strip()
    return ", ".join(map(str, answer)) if len(answer) > 2 else ""  # noqa: PLR2004 - as for `_constants`


def constants_in(source: str) -> list[str]:
    """Return every literal of the code as text, outside docstrings and comments."""
    return list(_constants(parse_source(source), set()))


def _once(answers: Sequence[str]) -> list[str]:
    counts = Counter(answers)
    return [answer for answer in answers if answer and counts[answer] == 1]


def _in_closed_set(answer: str) -> bool:
    core = answer.strip("()[]{}.:'\" ")
    return len(core) <= _LONGEST_CONSTANT or core.casefold() in CLOSED_SET


def _occurs_in(answer: str, constants: Sequence[str]) -> bool:
    whole = re.compile(r"(?<![^\W_])" + re.escape(answer) + r"(?![^\W_])")
    return any(whole.search(constant) for constant in constants)


class _Table(NamedTuple):
    """A dict or list of constants.

    Attributes:
        nodes: Ids of its nodes.
        entries: The key of each entry, empty if it is missing or a number, and its value.
    """

    nodes: frozenset[int]
    entries: tuple[tuple[str, str], ...]

    def holds(self, example: Example) -> bool:
        """Whether an entry holds the answer of an example and, if its key is a text, the question holds the key."""
        question = example.text.casefold()
        return any(key.casefold() in question and _occurs_in(_written(example), [value]) for key, value in self.entries)


def _is_domain(table: _Table, shown: Sequence[Example], unseen: Sequence[Example]) -> bool:
    """Whether a table holds unseen answers about as often as shown ones, and further entries."""
    known, new = sum(map(table.holds, shown)), sum(map(table.holds, unseen))
    more = len(table.entries) > known + new
    return more and new > 0 and 2 * new * len(shown) >= known * len(unseen)


def _tables(module: ast.Module) -> Iterator[_Table]:
    for node in ast.walk(module):
        entries = _entries(node)
        if entries is not None and len(entries) >= _LEAST_ENTRIES:
            yield _Table(frozenset(id(each) for each in ast.walk(node)), tuple(entries))


def _entries(node: ast.AST) -> list[tuple[str, str]] | None:
    """Return the entries of a dict, a list, a list of rows, or the words of a text that is split; None for others."""
    if isinstance(node, ast.Dict):
        pairs = [(_row(key), _row(value)) for key, value in zip(node.keys, node.values, strict=True) if key]
        whole = len(pairs) == len(node.keys) and all(key is not None and value is not None for key, value in pairs)
        return [(_key(key), _text(value)) for key, value in pairs] if whole and _alike(pairs) else None
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        rows = [_row(each) for each in node.elts]
        if None in rows or len({len(row or ()) for row in rows}) != 1:
            return None
        return [
            (_key(row[:1]) if len(row) > 1 else "", _text(row[-1:] if len(row) == 1 else row[1:]))
            for row in rows
            if row
        ]
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr in {"split", "splitlines"}:
        text = _row(called.value)
        joints = [_row(each) for each in node.args[:1]] if isinstance(node, ast.Call) else []
        joint = joints[0][0] if joints and joints[0] else None
        if text is not None and isinstance(text[0], str) and (joint is None or (isinstance(joint, str) and joint)):
            return [
                ("", each) for each in (text[0].splitlines() if called.attr == "splitlines" else text[0].split(joint))
            ]
    return None


def _row(node: ast.AST | None) -> tuple[object, ...] | None:
    """Return a constant, or a row of constants; None for other code."""
    if isinstance(node, ast.Constant):
        return (node.value,)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return (f"-{node.operand.value!r}",)
    if isinstance(node, ast.List | ast.Tuple) and all(isinstance(each, ast.Constant) for each in node.elts):
        return tuple(each.value for each in node.elts if isinstance(each, ast.Constant)) or None
    return None


def _key(row: Sequence[object] | None) -> str:
    """Return a key that a question must hold. A number may be the position of an entry, so it need not be there."""
    return row[0] if row and isinstance(row[0], str) else ""


def _text(row: Sequence[object] | None) -> str:
    with contextlib.suppress(ValueError):  # Python writes no integer of more than 4,300 digits
        return " ".join(map(str, row or ()))
    return ""


def _alike(pairs: Sequence[tuple[Sequence[object] | None, Sequence[object] | None]]) -> bool:
    """Whether all keys are of one type."""
    return len({tuple(type(each) for each in key or ()) for key, _ in pairs}) == 1


def _constants(module: ast.Module, left_out: set[int]) -> Iterator[str]:
    """Yield every literal of the code as text, each list of literals joined, and decoded texts."""
    skipped = left_out | _docstrings(module)
    for node in ast.walk(module):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
            yield from _readings(node.value)
        elif isinstance(node, ast.List | ast.Tuple | ast.Dict):
            row = _row(node if not isinstance(node, ast.Dict) else ast.List(_pairs(node), ast.Load()))
            if row is not None and len(row) > 2:  # noqa: PLR2004 - a pair is not an answer
                with contextlib.suppress(ValueError):
                    words = [str(each) for each in row]
                    yield from (" ".join(words), ", ".join(words), *_readings("".join(words)), _characters(row))
        elif isinstance(node, ast.BinOp | ast.JoinedStr):
            parts, inner = _leaves(node)
            skipped |= inner
            yield from _joined(parts)


def _pairs(record: ast.Dict) -> list[ast.expr]:
    """List the keys and values of a dict in turn."""
    pairs = zip(record.keys, record.values, strict=True)
    return [each for key, value in pairs for each in (key or ast.Name("spread"), value)]


def _docstrings(module: ast.Module) -> set[int]:
    return {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def _leaves(node: ast.AST) -> tuple[list[ast.AST], set[int]]:
    """Return the operands of a sum or the parts of an f-string, in order, and the ids of the sums inside."""
    leaves: list[ast.AST] = []
    sums: set[int] = set()
    left = [node]
    while left:
        each = left.pop()
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add):
            left += [each.right, each.left]
            sums.add(id(each))
        elif isinstance(each, ast.JoinedStr):
            left += reversed(each.values)
            sums.add(id(each))
        elif isinstance(each, ast.FormattedValue):
            left.append(each.value)
        else:
            leaves.append(each)
    return leaves, sums


def _joined(parts: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the texts of adjacent constants."""
    run: list[str] = []
    for part in (*parts, None):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            run.append(part.value)
            continue
        if len(run) > 1:
            yield from _readings("".join(run))
        run = []


def _readings(value: object) -> Iterator[str]:
    """Yield a constant as text, reversed, rotated (ROT13), and decoded from base64 or hexadecimal digits."""
    with contextlib.suppress(ValueError):  # Python writes no integer of more than 4,300 digits
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        yield text
        if isinstance(value, str | bytes):
            yield text[::-1]
            yield codecs.encode(text, "rot13")
            if _BASE64.fullmatch(text):
                with contextlib.suppress(binascii.Error):
                    yield base64.b64decode(text, altchars=b"-_").decode("utf-8", "replace")
            if _HEX.fullmatch(text):
                yield bytes.fromhex(text).decode("utf-8", "replace")


def _characters(row: Sequence[object]) -> str:
    """Return the text of a list of code points; an empty text for other lists."""
    points = [each for each in row if type(each) is int and _FIRST_PRINTABLE <= each < 0x110000]  # noqa: PLR2004
    return "".join(map(chr, points)) if len(points) == len(row) else ""
