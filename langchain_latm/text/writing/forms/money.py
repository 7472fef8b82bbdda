"""Amounts of money: "$1,234.50", "1.234,50 EUR", "EUR 12.00", "\u00a35", "12 kr"."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_latm.text.lexing.money import has_mark_after, mark_before
from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.numbers import Around, minus_at_number, number_writings, numbers_asked


class Money(Form):
    """Writes a number with a currency's symbol, code or name before or after it.

    Negative amounts are written as in the examples. If no example is negative, the minus precedes a symbol that touches
    the number ("-$5.00"), or the number if the mark follows it ("-5.00 EUR"); with other marks ("EUR 5.00") a negative
    amount is an error. Digits are grouped only if an example shows groups. Amounts are rounded half up unless an
    example shows half even; amounts that never have decimals must be whole.
    """

    name = "money"
    rank = 40

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the amounts."""
        return numbers_asked(column, _is_money)

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the amount in the notation of the examples."""
        for writing in number_writings(column, _negated):
            if _is_money(writing.around):
                yield writing.code(texts=column.holds_texts)


def _is_money(around: Around) -> bool:
    return mark_before(around.before.replace("-", "").replace("\u2212", "")) is not None or has_mark_after(around.after)


def _negated(around: Around) -> Around | None:
    found = mark_before(around.before)
    if found is None:
        return minus_at_number(around)
    before, mark, space = found
    outside = minus_at_number(Around(before, around.after))
    return None if outside is None or space or mark.isalpha() else Around(outside.before + mark, around.after)
