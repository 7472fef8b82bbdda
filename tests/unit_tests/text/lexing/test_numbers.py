"""Numbers in various notations."""

from __future__ import annotations

import pytest

from langchain_latm.text.lexing.numbers import (
    ends_in_minus,
    holds_comma_groups,
    holds_groups,
    is_dotted,
    is_one_number,
    json_number,
    may_have_plus,
    numbers_among_words,
    read_integer,
    read_number,
    with_zeros,
    without_groups,
    without_plus,
)


class TestPlainNumbers:
    @pytest.mark.parametrize(("text", "value"), [("0", 0), ("-3", -3), ("1.50", 1.5), ("9" * 18, int("9" * 18))])
    def test_they_are_read(self, text: str, value: float) -> None:
        assert repr(read_number(text)) == repr(value)

    @pytest.mark.parametrize("text", ["", "01", "+1", "1.", ".5", "1,5", "1e3", "\u22121", "9" * 19, "1 ", "x"])
    def test_other_texts_are_not_numbers(self, text: str) -> None:
        assert read_number(text) is None
        assert read_integer(text) is None

    def test_an_integer_has_no_decimal_point(self) -> None:
        assert (read_integer("7"), read_integer("7.0")) == (7, None)

    def test_json_may_write_exponents_but_no_longer_numbers(self) -> None:
        assert repr(json_number("1e3")) == "1000.0"
        for text in ("9" * 19, f"0.{'1' * 18}"):
            with pytest.raises(ValueError, match="too many digits"):
                json_number(text)


class TestNumbersAmongWords:
    """Unreadable numbers are tested with the forms of arguments that read numbers."""

    def test_all_of_them_are_returned(self) -> None:
        assert numbers_among_words("3 boys, 2.5 pies and -1") == [3, 2.5, -1]
        assert numbers_among_words("no number") == []

    def test_a_cut_number_is_not_returned(self) -> None:
        assert numbers_among_words("3 boys and 5kg") is None


class TestGroups:
    @pytest.mark.parametrize("text", ["1,234", "1'234", "1\u00a0234", "1 000", "x 12,345,678 y"])
    def test_digits_in_groups_of_three(self, text: str) -> None:
        assert holds_groups(text)
        assert not holds_groups(without_groups(text))

    @pytest.mark.parametrize("text", ["1 234", "1,23", "1234", "1.234", "0.1,234"])
    def test_other_digits(self, text: str) -> None:
        assert not holds_groups(text)

    def test_between_commas_alone(self) -> None:
        assert holds_comma_groups("costs 1,234 in all")
        assert not any(map(holds_comma_groups, ("1 000", "a1,234", "1,234,5")))


def test_one_number_may_have_signs_around_it() -> None:
    assert all(map(is_one_number, ("-3", "$12.50", "7.5%", "5")))
    assert not any(map(is_one_number, ("3 apples", "1,234", "x")))


def test_three_numbers_with_points_between_are_dotted() -> None:
    assert is_dotted("10.0.0.1")
    assert not is_dotted("1.5")


def test_a_minus_at_the_end_belongs_to_the_next_number() -> None:
    assert ends_in_minus("of -")
    assert not any(map(ends_in_minus, ("well-", "--", "of ")))


def test_numbers_count_as_equal() -> None:
    assert with_zeros("B:12.5, C:-7") == "B:0, C:0"


class TestPlusSigns:
    def test_a_sign_before_digits_is_removed(self) -> None:
        assert [without_plus(text) for text in ("+5", "+2.5", "-5", "5", "+ 5", "+x", "++5")] == [
            *("5", "2.5", "-5", "5", "+ 5", "+x", "++5")
        ]

    @pytest.mark.parametrize(
        ("texts", "may"), [(["+5 -3", "+1"], True), (["5", "-3"], True), (["+49301", "+49302"], False), ([], True)]
    )
    def test_beside_negative_numbers_they_are_signs(self, texts: list[str], may: bool) -> None:
        assert may_have_plus(texts) is may
