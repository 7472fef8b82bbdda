"""Reads the only sum of money in a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection

from langchain_latm.making.synthesis.sentences.number_words import with_digits
from langchain_latm.making.synthesis.sentences.numerals import (
    NUMERAL,
    NUMERAL_START,
    RANGE_END,
    RANGE_START,
    plain_number,
)

CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "us dollar": "USD", "buck": "USD",
    "\u20ac": "EUR", "eur": "EUR", "euro": "EUR", "\u00a3": "GBP", "gbp": "GBP", "pound": "GBP", "quid": "GBP",
    "\u00a5": "JPY", "jpy": "JPY", "yen": "JPY", "\u20b9": "INR", "inr": "INR", "rupee": "INR",
    "chf": "CHF", "franc": "CHF", "swiss franc": "CHF", "\u20a9": "KRW", "krw": "KRW", "cny": "CNY", "yuan": "CNY",
    "ca$": "CAD", "c$": "CAD", "cad": "CAD", "canadian dollar": "CAD", "a$": "AUD", "au$": "AUD", "aud": "AUD",
    "australian dollar": "AUD", "\u20bd": "RUB", "rub": "RUB", "rouble": "RUB", "ruble": "RUB", "r$": "BRL",
    "brl": "BRL", "pln": "PLN", "z\u0142": "PLN", "z\u0142oty": "PLN", "zloty": "PLN", "\u20ba": "TRY", "try": "TRY",
    "sek": "SEK", "nok": "NOK", "dkk": "DKK", "mxn": "MXN", "zar": "ZAR", "nz$": "NZD", "nzd": "NZD", "hk$": "HKD",
    "hkd": "HKD", "sgd": "SGD", "thb": "THB", "ils": "ILS", "\u20aa": "ILS", "czk": "CZK", "huf": "HUF",
}  # fmt: skip
"""The ISO 4217 codes of the marks and names of currencies."""


def money_in(text: str, part: str, currencies: Collection[str] = ()) -> str:
    """Return the amount of the only sum of money in a text, or the ISO 4217 code of its currency.

    Args:
        text: The text.
        part: "amount", which keeps its decimals, or "currency".
        currencies: The codes of the currencies that it may have; any by default.

    Raises:
        ValueError: There is none, or several that differ, or a range.
    """
    digits = with_digits(text)
    mark = "|".join(map(re.escape, sorted(CURRENCIES, key=len, reverse=True)))
    before = rf"(?<![^\W\d_])(?<!\$)(?P<mark>{mark})\s?(?P<amount>{NUMERAL})"
    after = rf"{NUMERAL_START}(?P<number>{NUMERAL})\s?(?P<name>{mark})s?(?!\w)"
    if re.search(r"\d\s?(?:cents?|pence|\u00a2)\b|\d\s?(?:pounds|lbs)\s+of\b", digits, re.IGNORECASE):
        raise ValueError("expected a sum in one unit of a currency")
    found = set()
    for each in re.finditer(f"{before}(?!\\s?(?:k|m|bn)\\b)|{after}", digits, re.IGNORECASE):
        if RANGE_START.search(digits[: each.start()]) or RANGE_END.match(digits, each.end()):
            raise ValueError("expected one sum of money, not a range")
        code = CURRENCIES[(each["mark"] or each["name"]).lower()]
        found.add((plain_number(each["amount"] or each["number"]), code))
    if len(found) != 1:
        raise ValueError("expected one sum of money")
    ((amount, code),) = found
    if currencies and code not in currencies:
        raise ValueError("expected a currency that the examples have")
    return amount if part == "amount" else code
