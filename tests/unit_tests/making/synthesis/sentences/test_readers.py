from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from langchain_latm.making.synthesis.copying import copied
from langchain_latm.making.synthesis.sentences.clock_times import time_in
from langchain_latm.making.synthesis.sentences.marks import form_in, shaped_in
from langchain_latm.making.synthesis.sentences.money import money_in
from langchain_latm.making.synthesis.sentences.number_words import with_digits
from langchain_latm.making.synthesis.sentences.numerals import number_in
from langchain_latm.making.synthesis.sentences.quantities import quantity_in
from langchain_latm.making.synthesis.sentences.recognising import reads_sentences
from langchain_latm.making.synthesis.sentences.written_dates import date_in

Reader = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("the twenty-first of two hundred and five", "the 21st of 205"),
        ("two million three hundred thousand and six", "2300006"),
        ("a hundred men and forty one women", "100 men and 41 women"),
        ("the hundredth and the one hundred and first", "the 100th and the 101st"),
        ("this one waited a second, no one else did", "this one waited a second, no one else did"),
        ("3.5 million, three point one, tension, someone", "3500000, 3.1, tension, someone"),
    ],
)
def test_number_words_become_digits(text: str, digits: str) -> None:
    assert with_digits(text) == digits


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (partial(time_in, early=False), "we open at a quarter to eight in the evening", (19, 45, None)),
        (partial(time_in, early=False), "twenty past six pm, on 3 May", (18, 20, None)),
        (partial(time_in, early=False), "until midnight, all 12 of us", (0, 0, None)),
        (partial(time_in, early=False), "the log says 17:05:09 for host 4", (17, 5, "09")),
        (partial(time_in, early=False), "this afternoon around 12:30", (12, 30, None)),
        (partial(time_in, early=True), "half past four, perhaps", (4, 30, None)),
        (partial(date_in, order="", year=None), "paid the second of June, 1997 in 3 parts", date(1997, 6, 2)),
        (partial(date_in, order="", year=None), "seit dem 9. März 1985 zu zweit", date(1985, 3, 9)),
        (partial(date_in, order="", year=None), "file 4 is of 2020/11/30", date(2020, 11, 30)),
        (partial(date_in, order="", year=None), "25/03/2021 was cold", date(2021, 3, 25)),
        (partial(date_in, order="month first", year=None), "so 04/03/2021 it is", date(2021, 4, 3)),
        (partial(date_in, order="", year=2020), "on Aug. 5th we leave", date(2020, 8, 5)),
        (partial(quantity_in, kind="duration"), "it took three and a half hours in 2 rooms", "12600"),
        (partial(quantity_in, kind="duration"), "after a day, 2 hours and 5 mins", "93900"),
        (partial(quantity_in, kind="duration"), "half an hour a piece", "1800"),
        (partial(quantity_in, kind="temperature"), "fifteen degrees below zero in hut 3", "-15"),
        (partial(quantity_in, kind="temperature"), "from the lab: -2.5 °C", "-2.5"),
        (partial(quantity_in, kind="temperature", scales=("C", "degrees")), "it was 31 degrees on 2 days", "31"),
        (partial(quantity_in, kind="scale"), "oven 3 is at 400 degrees Fahrenheit", "F"),
        (partial(quantity_in, kind="scale"), "12 Grad Celsius im Juni", "C"),
        (partial(quantity_in, kind="percentage"), "of 40 members six per cent came", "6"),
        (partial(quantity_in, kind="age"), "at the age of nine he met 2 others", "9"),
        (partial(quantity_in, kind="length"), "a 2 m board for 3 shelves", "2000"),
        (partial(money_in, part="amount"), "that is 1,250.50 euros for 2", "1250.50"),
        (partial(money_in, part="currency"), "£5 at shop 12", "GBP"),
        (partial(number_in, kind="ordinal number"), "the forty-second of 90", "42"),
        (partial(number_in, kind="number"), "We lost twelve.", "12"),
        (partial(number_in, kind="number"), "minus five it is", "-5"),
        (partial(quantity_in, kind="duration"), "2h10min in hall 3", "7800"),
        (partial(form_in, kind="e-mail address"), "ask a.b+c@d-e.example.org.", "a.b+c@d-e.example.org"),
        (partial(form_in, kind="IP address"), "host fe80::1 and port 80", "fe80::1"),
        (partial(form_in, kind="offset"), "at 9 (gmt-3)", "-03:00"),
        (partial(form_in, kind="book number"), "2 of ISBN 978-3-16-148410-0", "9783161484100"),
        (partial(form_in, kind="file name"), "Open a_1.tar.gz, then wait.", "a_1.tar.gz"),
        (partial(shaped_in, shape="[A-Z]+-[0-9]{3}"), "part QX-204 of 7", "QX-204"),
    ],
)
def test_the_only_thing_of_a_kind_is_read(reader: Reader, text: str, value: object) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (partial(time_in, early=False), "half past four, perhaps"),  # which half of the day?
        (partial(time_in, early=False), "from 9:00 to 10:30"),
        (partial(time_in, early=False), "at 13 am"),
        (partial(time_in, early=False), "chapter 3.5 of the book"),
        (partial(time_in, early=False), "from 6 to 7pm"),
        (partial(time_in, early=False), "between 6 and 7 pm"),
        (partial(time_in, early=False), "5 minutes to midnight"),
        (partial(date_in, order="", year=2020), "May 3-5"),
        (partial(date_in, order="", year=2020), "the 3rd and 4th of May"),
        (partial(quantity_in, kind="duration"), "a walk of 1h30"),
        (partial(quantity_in, kind="duration"), "an hour or 2"),
        (partial(quantity_in, kind="duration"), "1 month and 2 days"),
        (partial(money_in, part="amount"), "10 dollars and 50 cents"),
        (partial(number_in, kind="number"), "two and a half"),
        (partial(form_in, kind="phone number"), "since 2019-05-03"),
        (partial(form_in, kind="offset"), "UTC+15"),
        (partial(date_in, order="", year=None), "on 04/03/2021"),  # which order?
        (partial(date_in, order="", year=None), "on August 5"),
        (partial(date_in, order="", year=None), "February 30, 2021"),
        (partial(date_in, order="", year=None), "from May 3, 2020 to May 5, 2020"),
        (partial(quantity_in, kind="percentage"), "between 3 and 5 percent"),
        (partial(quantity_in, kind="percentage"), "a percentage of 12"),
        (partial(quantity_in, kind="temperature"), "10 degrees here, 12 degrees there"),
        (partial(quantity_in, kind="temperature", scales=("C", "degrees")), "it was 88 °F on 2 days"),
        (partial(quantity_in, kind="weight"), "3 tons of sand"),  # of which country?
        (partial(money_in, part="amount", currencies=("EUR",)), "that makes $4"),
        (partial(quantity_in, kind="duration"), "room 5, 2nd floor"),
        (partial(money_in, part="amount"), "$5 or $6"),
        (partial(number_in, kind="number"), "two of 30"),
        (partial(number_in, kind="number"), "at 10:30 in room b2"),
        (partial(number_in, kind="ordinal number"), "wait a second"),
        (partial(form_in, kind="IP address"), "version 1.2.3.4.5"),
        (partial(form_in, kind="phone number"), "in the year 2019"),
        (partial(shaped_in, shape="[A-Z]+-[0-9]{3}"), "part QX-2045"),
    ],
)
def test_none_several_or_unclear_things_are_refused(reader: Reader, text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|day is out of range"):
        reader(text)


def test_a_function_that_uses_its_argument_otherwise_is_no_reader() -> None:
    source = "\n".join([*copied(number_in).imports, copied(number_in).source])
    plain = 'def count(text):\n    return number_in(text, "number")\n'
    assert reads_sentences(f"{source}\n\n{plain}", "count")
    assert not reads_sentences(f"{source}\n\n{plain.replace('return', 'return text or')}", "count")
    assert not reads_sentences(f"{source.replace('10 ** 2', '10 ** 1')}\n\n{plain}", "count")
