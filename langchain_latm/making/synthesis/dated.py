"""Reads a column or a part of it as dates."""

from __future__ import annotations

from langchain_latm.making.synthesis.expression import Column
from langchain_latm.making.synthesis.operators import dates, mentioned
from langchain_latm.making.synthesis.table import Found, Table


def dates_of(table: Table, source: Found) -> list[Found]:
    """Return a column or a part read as dates: by one pattern or, if none reads all rows of a column, by any."""
    texts = [text for text in table.solved(source) if text is not None]
    plain = [table.applied(reading, source) for reading in dates.readings(texts)]
    if not isinstance(source.expression, Column) or any(None not in each.values for each in plain):
        return plain
    return [*(table.applied(reading, source) for reading in mentioned.dates_in(texts, table.answers)), *plain]
