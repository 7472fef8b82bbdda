"""Dates as people write them: "05.03.2024", "3/5/2024", "March 5, 2024", "5. M\u00e4rz 2024".

The names of months are in a table, since the sandbox has no locales.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations, product
from typing import Final, Literal, NamedTuple

Part = Literal["day", "month", "year"]

MONTHS: Final = {
    name: tuple(months.split())
    for name, months in {
        "English": "January February March April May June July August September October November December",
        "English, short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "German": "Januar Februar M\u00e4rz April Mai Juni Juli August September Oktober November Dezember",
        "French": "janvier f\u00e9vrier mars avril mai juin juillet ao\u00fbt septembre octobre novembre d\u00e9cembre",
        "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "Portuguese": "janeiro fevereiro mar\u00e7o abril maio junho julho agosto setembro outubro novembro dezembro",
        "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
        "Danish": "januar februar marts april maj juni juli august september oktober november december",
        "Norwegian": "januar februar mars april mai juni juli august september oktober november desember",
        "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
        "Polish": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia "
        "wrze\u015bnia pa\u017adziernika listopada grudnia",
        "Turkish": "Ocak \u015eubat Mart Nisan May\u0131s Haziran Temmuz "
        "A\u011fustos Eyl\u00fcl Ekim Kas\u0131m Aral\u0131k",
    }.items()
}
"""The names of the months, inflected as in a date."""
_MONTH_NAMES: Final = frozenset(name.casefold() for names in MONTHS.values() for name in names)
_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_NUMERIC: Final = re.compile(r"([0-9]+)[-/. ]([0-9]+)[-/. ]([0-9]+)")
_ORDERS: Final[tuple[tuple[Part, ...], ...]] = (
    ("year", "month", "day"),
    ("day", "month", "year"),
    ("month", "day", "year"),
)
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?![a-z])")
_YEAR_DIGITS: Final = 4
_PADDED: Final = 2
_MOST_TOKENS: Final = 40


class DatePart(NamedTuple):
    """One part of a written date.

    Attributes:
        part: Day, month or year.
        form: For the year, "long" or "short"; for a day or month, "padded" ("05"), "bare" ("5"), or "open" if no
            example is below 10; for a month also "name".
    """

    part: Part
    form: Literal["long", "short", "padded", "bare", "open", "name"]


class DateLayout(NamedTuple):
    """How a date is written.

    Attributes:
        parts: The three parts, in order.
        between: The four texts before, between and after them.
        months: The names of the months from January, if the month is written as a name. A name that differs between
            the languages that fit is empty.
    """

    parts: tuple[DatePart, DatePart, DatePart]
    between: tuple[str, str, str, str]
    months: tuple[str, ...] = ()


def is_month_name(word: str) -> bool:
    """Whether a word is the name of a month in one of the languages, in any case."""
    return word.casefold() in _MONTH_NAMES


def numeric_dates(texts: Sequence[str]) -> tuple[tuple[Part, ...], list[date]] | None:
    """Read dates of three numbers, and the order of their parts; None if that is ambiguous or one is not a date."""
    rows = [found.groups() for text in texts if (found := _NUMERIC.fullmatch(text))]
    if len(rows) < len(texts):
        return None
    readings = [(order, [_in_order(row, order) for row in rows]) for order in _ORDERS]
    valid = [(order, [each for each in dates if each]) for order, dates in readings if None not in dates]
    return valid[0] if len(valid) == 1 else None


def _in_order(row: Sequence[str], order: tuple[Part, ...]) -> date | None:
    parts = dict(zip(order, row, strict=True))
    try:
        return date(*(int(parts[part]) for part in _ORDERS[0])) if len(parts["year"]) == _YEAR_DIGITS else None
    except ValueError:
        return None


class _Arrangement(NamedTuple):
    """The order of a date's parts in a text and the texts between them, independent of the date."""

    order: tuple[Part, ...]
    between: tuple[str, str, str, str]
    named: bool


def date_layouts(dates: Sequence[date], texts: Sequence[str]) -> list[DateLayout]:
    """Return the layouts in which all texts are these dates; several if the order of the parts is ambiguous."""
    found = [dict(_arrangements(day, text)) for day, text in zip(dates, texts, strict=True)]
    shared = set.intersection(*map(set, found)) if found else set()
    layouts = [_layout(one, dates, [each[one] for each in found]) for one in sorted(shared)]
    return [each for each in layouts if each is not None]


def _layout(found: _Arrangement, dates: Sequence[date], tokens: Sequence[tuple[str, ...]]) -> DateLayout | None:
    """Return the layout of all texts by their tokens; None if these are written in different forms."""
    columns = dict(zip(found.order, zip(*tokens, strict=True), strict=True))
    forms = {part: _form(part, column) for part, column in columns.items()}
    months = _months([day.month for day in dates], columns["month"]) if found.named else ()
    if None in forms.values() or months is None:
        return None
    first, second, third = (DatePart(part, form) for part in found.order if (form := forms[part]))
    return _closed(DateLayout((first, second, third), found.between, months))


def _months(numbers: Sequence[int], names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the twelve months' names in the languages that fit these names; None if no language fits."""
    rows = list(zip(numbers, names, strict=True))
    fitting = [table for table in MONTHS.values() if all(table[number - 1] == name for number, name in rows)]
    months = tuple(each[0] if len(set(each)) == 1 else "" for each in zip(*fitting, strict=True))
    return months or None


def _arrangements(day: date, text: str) -> Iterator[tuple[_Arrangement, tuple[str, ...]]]:
    """Yield each way to find the three parts of a date in a text, with the texts of the parts."""
    found = list(_TOKEN.finditer(text))
    if len(found) > _MOST_TOKENS:
        return
    places: dict[Part, list[re.Match[str]]] = {
        "day": [each for each in found if _is_number(each[0], day.day)],
        "month": [each for each in found if _is_number(each[0], day.month) or _is_month(each[0], day.month)],
        "year": [each for each in found if each[0] in {f"{day.year:04}", f"{day.year % 100:02}"}],
    }
    for order in permutations(places):
        for x, y, z in product(*(places[part] for part in order)):
            if x.end() <= y.start() and y.end() <= z.start():
                between = (text[: x.start()], text[x.end() : y.start()], text[y.end() : z.start()], text[z.end() :])
                tokens = (x[0], y[0], z[0])
                if _ORDINAL.match(between[order.index("day") + 1]):  # it changes with the day
                    continue
                yield _Arrangement(order, between, tokens[order.index("month")].isalpha()), tokens


def _is_number(token: str, number: int) -> bool:
    return len(token) <= _PADDED and token.isdecimal() and int(token) == number


def _is_month(token: str, month: int) -> bool:
    return any(table[month - 1] == token for table in MONTHS.values())


def _form(part: Part, tokens: Sequence[str]) -> Literal["long", "short", "padded", "bare", "open", "name"] | None:
    """Return how one part is written in all texts; None if they differ."""
    if part == "year":
        lengths = {len(token) for token in tokens}
        return None if len(lengths) > 1 else "long" if lengths == {_YEAR_DIGITS} else "short"
    if any(token.isalpha() for token in tokens):
        return "name"
    padded = any(token.startswith("0") for token in tokens)
    bare = any(len(token) == 1 for token in tokens)
    return None if padded and bare else "padded" if padded else "bare" if bare else "open"


def _closed(layout: DateLayout) -> DateLayout:
    """Write day and month in the same form if the examples show only one of them below 10."""
    known = {part.form for part in layout.parts} & {"padded", "bare"}
    if len(known) != 1:
        return layout
    (form,) = known
    first, second, third = (part._replace(form=form) if part.form == "open" else part for part in layout.parts)
    return layout._replace(parts=(first, second, third))
