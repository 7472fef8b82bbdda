"""Dates in national order."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.writing.answer_forms import with_writing, writings
from tests.unit_tests.text.writing.writing_tool import written_later

ISO = ["2024-03-15", "2023-12-01"]


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        (["15.03.2024", "01.12.2023"], "09.01.2025"),
        (["15.3.2024", "1.12.2023"], "9.1.2025"),
        (["3/15/2024", "12/1/2023"], "1/9/2025"),
        (["03/15/2024", "12/01/2023"], "01/09/2025"),
        (["15/03/24", "01/12/23"], "09/01/25"),
        (["2024/03/15", "2023/12/01"], "2025/01/09"),
        (["15 March 2024", "1 December 2023"], "9 January 2025"),
        (["March 15, 2024", "December 1, 2023"], "January 9, 2025"),
        (["15 Mar 2024", "01 Dec 2023"], "09 Jan 2025"),
        (["15. M\u00e4rz 2024", "1. Dezember 2023"], "9. Januar 2025"),
        (["15 mars 2024", "1 d\u00e9cembre 2023"], "9 janvier 2025"),
        (["15 de marzo de 2024", "1 de diciembre de 2023"], "9 de enero de 2025"),
        (["Due on 15.03.2024.", "Due on 01.12.2023."], "Due on 09.01.2025."),
    ],
)
def test_later_dates_are_written_like_the_examples(sandbox: Sandbox, answers: list[str], written: str) -> None:
    assert written_later(sandbox, ISO, answers, ["2025-01-09"]) == [written]
    parts = [[int(part) for part in each.split("-")] for each in ISO]
    assert written_later(sandbox, parts, answers, [[2025, 1, 9]]) == [written]


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (["3/15/2024", "12/1/2023"], ["15.03.2024", "01.12.2023"], ["1/9/2025", "1/9/25", None], "09.01.2025"),
        (
            ["15.3.2024", "1.12.2023"],
            ["March 15, 2024", "December 1, 2023"],
            ["9.1.2025", "9.13.2025"],
            "January 9, 2025",
        ),
        (["2024/03/15", "2023/12/01"], ["15/03/2024", "01/12/2023"], ["2025/01/09", "soon"], "09/01/2025"),
        (["3/4/2024", "12/1/2023"], ["04.03.2024", "01.12.2023"], ["1/9/2025"], None),  # which is the day?
    ],
)
def test_values_may_be_other_texts_of_dates(
    sandbox: Sandbox, values: list[str], answers: list[str], later: list[Any], written: str | None
) -> None:
    assert written_later(sandbox, values, answers, later) == [written] + [None] * (len(later) - 1)


def test_a_function_may_return_a_date(sandbox: Sandbox) -> None:
    """A date leaves the sandbox as ISO text, but the form's code gets the date itself."""
    head = "import datetime\n\n\ndef f(x: int) -> datetime.{0}:\n"
    for kind in ("date", "datetime"):
        body = head.format(kind) + f'    """Do it."""\n    return datetime.{kind}(2020, 1, x)\n'
        source, entry = with_writing(body, "f", next(writings(ISO, ["15.03.2024", "01.12.2023"])))
        assert sandbox.call(ToolSource(source=source, entry=entry), {"x": 9}).value == "09.01.2020"


@pytest.mark.parametrize(
    ("values", "answers"),
    [
        (["2024-03-03", "2023-12-12"], ["03.03.2024", "12.12.2023"]),  # day or month first
        (["2024-03-05", "2023-12-01"], ["05.03.2024", "1.12.2023"]),  # with a zero, and without
        (ISO, ["15.03.2024", "02.12.2023"]),
        (ISO, ["15 March 2024", "1 Dezember 2023"]),
        ([True, False], ["15.03.2024", "01.12.2023"]),
        ([[2024, 3], [2023, 12]], ["03/2024", "12/2023"]),
        ([[2024, 13, 1], [2023, 12, 1]], ["01.13.2024", "01.12.2023"]),
    ],
)
def test_ambiguous_layouts_and_other_values_are_not_written(values: list[Any], answers: list[str]) -> None:
    assert not any("datetime" in each for each in writings(values, answers))


@pytest.mark.parametrize(
    ("values", "answers", "later", "written"),
    [
        (["2024-04-15", "2023-09-01"], ["15 April 2024", "1 September 2023"], "2025-08-09", "9 August 2025"),
        (["2024-04-15", "2023-09-01"], ["15 April 2024", "1 September 2023"], "2025-01-09", None),
        (["2024-10-15", "2023-12-12"], ["15.10.2024", "12.12.2023"], "2025-01-09", None),
        (ISO, ["15/03/24", "01/12/23"], "1999-01-09", None),
        (["2024-03-15", "1999-12-01"], ["15.03.24", "01.12.99"], "2001-01-09", "09.01.01"),
        (["2024-03-15", "1999-12-01"], ["15.03.24", "01.12.99"], "1801-01-09", None),
        (ISO, ["15/03/2024", "01/12/2023"], "soon", None),
        (ISO, ["15/03/2024", "01/12/2023"], None, None),
    ],
)
def test_a_date_that_no_example_shows_how_to_write_is_refused(
    sandbox: Sandbox, values: list[Any], answers: list[str], later: Any, written: str | None
) -> None:
    assert written_later(sandbox, values, answers, [later]) == [written]
