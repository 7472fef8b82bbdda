"""Reads a column or a part of it as dates."""

from __future__ import annotations

from langchain_latm.making.synthesis.expression import Column
from langchain_latm.making.synthesis.operators import dates, mentioned
from langchain_latm.making.synthesis.table import Found, Table


def dates_of(table: Table, source: Found) -> list[Found]:
    """Return a column or a part read as dates: by one pattern, or by any if that reads more rows of a column."""
    texts = [text for text in table.solved(source) if text is not None]
    plain = [table.applied(reading, source) for reading in dates.readings(texts)]
    most = max(map(_count, plain), default=0)
    if not isinstance(source.expression, Column) or most == len(source.values):
        return plain
    loose = (table.applied(reading, source) for reading in mentioned.dates_in(texts, table.answers))
    return [*(each for each in loose if _count(each) > most), *plain]


def _count(found: Found) -> int:
    """Count the rows that a reading fits."""
    return sum(value is not None for value in found.values)
