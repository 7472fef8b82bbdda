"""Detects how the cells of a text table are separated and quoted, and whether its first row is a header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.columns import is_column

Quoting = Literal["double", "backslash", "none"]
QUOTINGS: Final[tuple[Quoting, ...]] = ("double", "backslash", "none")

_SEPARATORS: Final = ("\t", ";", ",", "|")
"""The detected separators, the rarest in texts first."""
_NAMES: Final = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "pipe", " ": "space", ":": "colon"}
_NO_SEPARATOR: Final = "\x1f"
"""Placeholder for the separator of a table with one column, since a text may hold any other character."""
_DECLARED: Final = re.compile(r"sep=(.)\r?\n?")
_NUMBER: Final = re.compile(r"(?=\D*\d)[-+\d.,:/\s%$€£]+")
"""A number, an amount, a date or a time; never backtracks."""
_LEAST_WHOLE: Final = 0.9
"""Share of rows that must have the same width; the others are reported as ragged."""


@dataclass(frozen=True)
class Dialect:
    """The separator and the quotes of a table.

    Attributes:
        separator: The separator of cells; empty if the table has one column.
        quote: The quote character.
        quoting: How a quote within quotes is written: doubled, or after a backslash; with `none`, quotes have no
            meaning.
        declared: The first line, if it names the separator, as Excel does.
    """

    separator: str = ","
    quote: str = '"'
    quoting: Quoting = "double"
    declared: str = ""

    @property
    def shown(self) -> str:
        """A description for people."""
        if not self.separator:
            return "one column"
        name = f"separated by {_NAMES.get(self.separator, repr(self.separator))}"
        quotes = {"double": "", "backslash": ", quotes after a backslash", "none": ", without quoting"}[self.quoting]
        return name + quotes + ("" if self.quote == '"' or self.quoting == "none" else f", quoted by {self.quote}")

    @property
    def reading(self) -> dict[str, Any]:
        """The arguments of `csv.reader`."""
        arguments: dict[str, Any] = {"delimiter": self.separator or _NO_SEPARATOR, "strict": True}
        if self.quoting == "none":
            return arguments | {"quoting": csv.QUOTE_NONE, "quotechar": None}
        arguments["quotechar"] = self.quote
        return arguments if self.quoting == "double" else arguments | {"escapechar": "\\", "doublequote": False}


def given_separator(text: str) -> str:
    r"""Return the separator that a user gave: one character, or `tab`, `comma` and the like.

    Raises:
        TableError: It is not a separator.
    """
    by_name = {name: separator for separator, name in _NAMES.items()} | {"\\t": "\t"}
    separator = by_name.get(text.lower(), text)
    if len(separator) != 1 or separator in '"\r\n\0':
        raise TableError(f"{text!r} is not a separator: give one character, or {', '.join(_NAMES.values())}")
    return separator


def find_dialect(
    lines: Sequence[str],
    *,
    separator: str | None = None,
    quote: str = '"',
    quoting: Quoting | None = None,
    wanted: Sequence[str] = (),
    likely: str = "",
    whole: bool = True,
) -> tuple[Dialect, str]:
    """Detect separator and quoting from the first lines of a file.

    A separator that yields columns with the requested names is preferred; otherwise one with which all rows have the
    same number of cells.

    Args:
        lines: Whole lines with their ends.
        separator: The known value, if any.
        quote: The quote character.
        quoting: The known value, if any.
        wanted: Names of requested columns.
        likely: The separator that the file's name suggests.
        whole: Whether these are all lines; otherwise the last record may continue after them.

    Returns:
        The dialect, and the reason for doubt; empty if it is certain.
    """
    declared = ""
    if lines and separator is None and (found := _DECLARED.fullmatch(lines[0])):
        declared, separator, lines = lines[0], found[1], lines[1:]
    separators = (
        (separator,)
        if separator is not None
        else tuple(dict.fromkeys((likely, *_SEPARATORS) if likely else _SEPARATORS))
    )
    # Python's reader accepts any text as quoted with backslashes, so at least one must occur.
    escaped = any(f"\\{quote}" in line for line in lines)
    usual = [way for way in QUOTINGS if way != "backslash" or escaped]
    quotings = (quoting,) if quoting is not None else usual
    scored: list[tuple[tuple[int, bool, float], Dialect]] = []
    for each in separators:
        for way in quotings:
            dialect = Dialect(each, quote, way, declared)
            score = _score(dialect, lines, wanted, whole=whole)
            if score is not None:
                scored.append((score, dialect))
    if not scored:
        likely = separator if separator is not None else _most_common(lines)
        return Dialect(likely, quote, quoting or "double", declared), ""
    best, dialect = max(scored, key=lambda pair: pair[0])  # the first of several equal ones
    equal = [other for score, other in scored if score == best and other.separator != dialect.separator]
    doubt = ""
    if equal and best[0] < len(wanted or (0,)) and dialect.separator != likely:
        doubt = f"the separator may also be {_NAMES[equal[0].separator]}: name it with --delimiter"
    return dialect, doubt


def _score(
    dialect: Dialect, lines: Sequence[str], wanted: Sequence[str], *, whole: bool
) -> tuple[int, bool, float] | None:
    """Return a dialect's score: requested columns, no ragged row, share of regular rows; None if it does not fit."""
    rows: list[list[str]] = []
    reader = csv.reader(lines, **dialect.reading)
    try:
        rows.extend(row for row in reader if row)
    except csv.Error as error:
        if whole or "end of data" not in str(error):
            return None
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004 - one column needs no separator
        return None
    if dialect.quoting == "none" and _looks_quoted(rows, dialect.quote, dialect.separator):
        return None
    share = Counter(map(len, rows))[len(rows[0])] / len(rows)
    present = sum(is_column(rows[0], name) for name in wanted)
    if share < _LEAST_WHOLE and not (wanted and present == len(wanted)):
        return None
    return present, share == 1, share


def _most_common(lines: Sequence[str]) -> str:
    """Return the separator of a file with an incorrectly quoted row; empty for a file with one column."""
    counts = {each: min((line.count(each) for line in lines if line.strip()), default=0) for each in _SEPARATORS}
    most = max(counts, key=lambda each: counts[each])
    return most if counts[most] and any('"' in line for line in lines) else ""


def _looks_quoted(rows: Sequence[Sequence[str]], quote: str, separator: str) -> bool:
    """Whether a cell begins with a quote. If so, an incorrectly quoted row is an error, not another dialect.

    Files with tabs are rarely quoted, so there a cell must also end with a quote.
    """
    both = separator == "\t"
    begun = (cell for row in rows for cell in row if cell.startswith(quote))
    return any(not both or (len(cell) > 1 and cell.endswith(quote)) for cell in begun)


def has_header(rows: Sequence[Sequence[str]], wanted: Sequence[str]) -> tuple[bool, str]:
    """Whether the first row contains the names of the columns.

    It does if it contains a requested name. Otherwise, all its cells must be different words.

    Returns:
        Whether it does, and the reason for doubt; empty if it is certain.
    """
    first = [cell.strip() for cell in rows[0]]
    if any(is_column(rows[0], name) for name in wanted):
        return True, ""
    words = not any(_NUMBER.fullmatch(cell) for cell in first) and any(first)
    columns = list(zip(*(row for row in rows[1:] if len(row) == len(first)), strict=True))
    if words and any(all(_NUMBER.fullmatch(cell) or not cell.strip() for cell in column) for column in columns):
        return True, ""  # words above numbers
    if not words or len(set(first)) < len(first):
        return False, "the first row is read as data; if it is a header, say --header"
    return True, "the first row is read as a header; if it is data, say --no-header"
