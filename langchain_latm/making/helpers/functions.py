"""Functions that a made function may call: each reads values off text, or computes with them.

The text of each becomes a part of the tool (`making.helpers.inlining`), beside the tool's own names. So each function
imports what it needs, only from the standard library. Each takes time in proportion to its text, and raises
`ValueError` if the text is ambiguous.
"""
# ruff: noqa: PLC0415 - see the docstring

from __future__ import annotations


def evaluate(expression: str) -> int | float:
    """Return the value of an arithmetic expression such as "2 * (3.5 - 1) =", worked out without rounding."""
    import ast
    import operator
    import re
    from fractions import Fraction

    most, largest = 2_000, 10**40
    kinds = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def value(node: object) -> Fraction:
        if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
            return Fraction(str(node.value))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in kinds:
            result: Fraction = kinds[type(node.op)](value(node.left), value(node.right))
            if abs(result.numerator) < largest and result.denominator < largest:
                return result
        raise ValueError(f"not an arithmetic expression: {expression!r}")

    text = expression.replace("\u00d7", "*").replace("\u00f7", "/").replace("\u2212", "-").strip(" \n=?")
    if len(text) > most or not re.fullmatch(r"[\d\s.+*/()-]*", text) or not re.search(r"[\d)]\s*[-+*/]", text):
        raise ValueError(f"not an arithmetic expression: {expression!r}")
    try:
        found = value(ast.parse(text, mode="eval").body)
    except (SyntaxError, ArithmeticError, RecursionError, MemoryError):
        raise ValueError(f"not an arithmetic expression: {expression!r}") from None
    return int(found) if found.denominator == 1 else float(found)


def numbers_in(text: str) -> list[int | float]:
    """Return the numbers in a text in order, also those with a unit or in groups, as in "35cal" or "1,234.5"."""
    import re

    found = re.findall(r"(?:(?<![\w.)])-)?(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,18})(?:\.\d{1,17})?", text)
    plain = [each.replace(",", "") for each in found]
    return [float(each) if "." in each else int(each) for each in plain]


def dates_in(text: str) -> list[tuple[int, int, int]]:
    """Return (year, month, day) of each date in a text: "2024-03-05", "3/5/2024" (month first), "March 5th, 2024"."""
    import datetime as dt
    import re

    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    month = r"(?P<{}>jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
    pattern = (
        r"(?<!\d)(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?!\d)"
        r"|(?<!\d)(?P<m2>\d{1,2})/(?P<d2>\d{1,2})/(?P<y2>\d{4})(?!\d)"
        rf"|\b{month.format('m3')} (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>\d{{4}})\b"
        rf"|\b(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {month.format('m4')},? (?P<y4>\d{{4}})\b"
    )
    dates = []
    for match in re.finditer(pattern, text, re.IGNORECASE):
        parts = {key[0]: part for key, part in match.groupdict().items() if part is not None}
        named = parts["m"][:3].lower()
        number = months.index(named) + 1 if named in months else int(parts["m"])
        date = dt.date(int(parts["y"]), number, int(parts["d"]))  # raises where there is no such day
        dates.append((date.year, date.month, date.day))
    return dates


def seconds_in(text: str) -> list[float]:
    """Return the times of day in a text as seconds after midnight: "14:05", "2:05:30.5 pm", "at 7 a.m."."""
    import datetime as dt
    import re

    pattern = r"(?<![\d:.])(\d{1,2})(?::(\d{2}))?(?::(\d{2}(?:\.\d{1,9})?))?(?!\d)(?:\s?([ap])\.?m\b\.?)?"
    found = []
    for hour, minute, second, half in re.findall(pattern, text, re.IGNORECASE):
        if not minute and not half:
            continue
        hours = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
        time = dt.time(hours, int(minute or 0))  # raises where there is no such time
        found.append(time.hour * 3600 + time.minute * 60 + float(second or 0))
    return found


def prime_factors(number: int) -> list[int]:
    """Return the prime factors of a whole number up to 10**12, smallest first: 12 is [2, 2, 3], and 1 has none."""
    import math

    if not 1 <= number <= 10**12:
        raise ValueError(f"expected a number from 1 to 10**12: {number}")
    factors = []
    divisor = 2
    while divisor <= math.isqrt(number):
        while number % divisor == 0:
            factors.append(divisor)
            number //= divisor
        divisor += 1
    return [*factors, number] if number > 1 else factors
