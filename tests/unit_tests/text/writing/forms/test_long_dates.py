"""Dates with more than day, month and year."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import written_later

ISO = ["2024-03-05", "2023-12-01"]
"""A Tuesday and a Friday."""


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        (["Tuesday, 5 March 2024", "Friday, 1 December 2023"], "Saturday, 22 February 2025"),
        (["Tuesday, March 5, 2024", "Friday, December 1, 2023"], "Saturday, February 22, 2025"),
        (["Tue 05 Mar 2024", "Fri 01 Dec 2023"], "Sat 22 Feb 2025"),
        (["5 March 2024 (Tuesday)", "1 December 2023 (Friday)"], "22 February 2025 (Saturday)"),
        (["Dienstag, 5. M\u00e4rz 2024", "Freitag, 1. Dezember 2023"], "Samstag, 22. Februar 2025"),
        (["Di., 05.03.2024", "Fr., 01.12.2023"], "Sa., 22.02.2025"),
        (["mardi 5 mars 2024", "vendredi 1 d\u00e9cembre 2023"], "samedi 22 f\u00e9vrier 2025"),
        (["martes, 5 de marzo de 2024", "viernes, 1 de diciembre de 2023"], "s\u00e1bado, 22 de febrero de 2025"),
        (["5 Mart 2024 Sal\u0131", "1 Aral\u0131k 2023 Cuma"], "22 \u015eubat 2025 Cumartesi"),
        (["March 5th, 2024", "December 1st, 2023"], "February 22nd, 2025"),
        (["Tuesday, 5th March 2024", "Friday, 1st December 2023"], "Saturday, 22nd February 2025"),
    ],
)
def test_later_dates_are_written_like_the_examples(sandbox: Sandbox, answers: list[str], written: str) -> None:
    assert written_later(sandbox, ISO, answers, ["2025-02-22", "soon"]) == [written, None]


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (
            ["2024-03-05T07:05:00", "2023-12-01T18:30:00"],
            ["05.03.2024 07:05", "01.12.2023 18:30"],
            "2025-02-22T00:10:59",
            "22.02.2025 00:10",
        ),
        (
            ["2024-03-05T07:05:00", "2023-12-01T18:30:12"],
            ["07:05:00, 5 March 2024", "18:30:12, 1 December 2023"],
            "2025-02-22T00:10:59",
            "00:10:59, 22 February 2025",
        ),
        (
            ["2024-03-05 07:05", "2023-12-01 18:30"],
            ["Tue 3/5/2024 07:05", "Fri 12/1/2023 18:30"],
            "2025-02-22 23:00",
            "Sat 2/22/2025 23:00",
        ),
        (
            ["5.3.2024", "31.12.2023"],
            ["Tuesday, March 5, 2024", "Sunday, December 31, 2023"],
            "22.2.2025",
            "Saturday, February 22, 2025",
        ),
    ],
)
def test_times_and_other_texts_of_dates(
    sandbox: Sandbox, values: list[str], answers: list[str], later: Any, written: str
) -> None:
    assert written_later(sandbox, values, answers, [later]) == [written]


def test_a_weekday_that_is_open_between_languages_is_refused(sandbox: Sandbox) -> None:
    """Danish and Norwegian Fridays are "fredag", and so are Swedish ones; Saturdays differ."""
    values = ["2023-12-01", "2023-12-08"]
    answers = ["fredag 1.12.2023", "fredag 8.12.2023"]
    assert written_later(sandbox, values, answers, ["2023-12-15", "2023-12-16"]) == ["fredag 15.12.2023", None]


def test_a_wrong_weekday_or_ending_is_not_written() -> None:
    for answers in (["Monday, 5 March 2024", "Friday, 1 December 2023"], ["March 5st, 2024", "December 1st, 2023"]):
        assert not any("datetime" in each for each in writings(ISO, answers))
