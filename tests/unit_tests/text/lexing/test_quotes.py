"""Texts in quotes. Splitting a list of them is tested with the form `texts`."""

from __future__ import annotations

from langchain_latm.text.lexing.quotes import between_quotes, is_quote_separator


def test_the_text_between_quotations() -> None:
    assert between_quotes("\"a\", \"b\" 'c';'d'") == ['", "', "';'"]
    assert between_quotes('"a" and "b"') == []


def test_a_separator_begins_and_ends_with_the_same_quote() -> None:
    assert is_quote_separator('", "')
    assert not any(map(is_quote_separator, ('"', "\", '", ", ")))
