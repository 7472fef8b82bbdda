from __future__ import annotations

from collections.abc import Sequence

import pytest

from langchain_latm.making.synthesis.operators.shaped import are_mentioned
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import outcome, problem, python

KINDS = {
    "a temperature in the scale of the examples": (
        [
            ("It was minus 4 \u00b0C when we got up at 6", "-4"),
            ("they keep the 3 vats at nineteen degrees Celsius", "19"),
            ("Bake it at 180\u00b0C, 2 trays at a time", "180"),
            ("35 \u00b0C in the shade", "35"),
        ],
        [("only 7.5 \u00b0C in May", "7.5"), ("a mild 70 \u00b0F today", ValueError), ("12 degrees", ValueError)],
    ),
    "an amount in the currency of the examples": (
        [
            ("the 2 of them paid 12.50 euros", "12.50"),
            ("\u20ac30.00 for the table", "30.00"),
            ("that comes to EUR 7.25, thank you", "7.25"),
        ],
        [("I have 9.99 euros left", "9.99"), ("I have $9.99 left", ValueError)],
    ),
    "a time of day": (
        [
            ("The gate closes at 8 pm for all 3 lines", "20:00"),
            ("wake me, twenty to seven in the morning is fine", "06:40"),
            ("I saw 2 of them at 17:25", "17:25"),
            ("noon was hot", "12:00"),
        ],
        [("a quarter past nine this morning we left", "09:15"), ("at seven, perhaps", ValueError)],
    ),
    "a date without a year": (
        [
            ("The 12 of us meet on July 9", "2024-07-09"),
            ("on the 21st of March it rained", "2024-03-21"),
            ("closed from 3 Nov on", "2024-11-03"),
        ],
        [("see you on the second of May", "2024-05-02"), ("see you soon", ValueError)],
    ),
    "a percentage": (
        [
            ("nine percent of 200 people", "9%"),
            ("They sold 45% in 2 days", "45%"),
            ("a fall by 3.5 per cent is a lot", "3.5%"),
        ],
        [("twenty-two percent it is", "22%"), ("from 5 to 6 percent", ValueError)],
    ),
    "a duration in minutes": (
        [
            ("it lasts an hour and 20 minutes in hall 2", "80"),
            ("they ran for 45 minutes", "45"),
            ("two hours is long for the 3 of us", "120"),
            ("half an hour ago", "30"),
        ],
        [("we stayed for a day", "1440"), ("we stayed in room 12", ValueError)],
    ),
    "an ordinal number": (
        [
            ("the third of five doors", "3rd"),
            ("She came in 21st", "21st"),
            ("on the eleventh floor with 2 cats", "11th"),
        ],
        [("my hundredth letter", "100th"), ("the first and the last, the 2nd", ValueError)],
    ),
    "a code": (
        [
            ("Locker QX-204 is open", "QX-204"),
            ("I lost the key of B-118, the 2nd one", "B-118"),
            ("is ZAT-733 yours?", "ZAT-733"),
        ],
        [("Repair 5 of KL-901 now", "KL-901"), ("KL-901 or KL-902", ValueError), ("KL-9012", ValueError)],
    ),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_typed_thing_is_read_from_sentences_of_any_wording(kind: str) -> None:
    shown: Sequence[tuple[str, str]] = KINDS[kind][0]
    later = KINDS[kind][1]
    program = synthesise(problem(shown, [text for text, answer in later if isinstance(answer, str)]))[0]
    for run in (python(program), program.run):
        assert [outcome(run, {"text": text}) for text, _ in later] == [answer for _, answer in later]


def test_codes_and_percentages_are_not_taken_for_whole_numbers() -> None:
    codes = ["the key 30303 is lost", "is 85004 here?", "send 2 to 78701 now"]
    assert are_mentioned(codes, ["30303", "85004", "78701"], ["my key 02139 broke"])
    assert not are_mentioned(codes, ["30303", "85004", "78701"], ["my key 12139 broke"])
    shares = ["it fell by 3 percent", "5% of 20 came", "we want seven percent"]
    assert are_mentioned(shares, ["3", "5", "7"], ["a rise of 2.5 %"])
    assert not are_mentioned(shares, ["3", "5", "20"], ["a rise of 2.5 %"])


def test_a_mark_of_one_sentence_does_not_choose_how_it_is_read() -> None:
    rows = [
        ("report log_a about a failing hydraulicpumpsystem", "Hydraulicpumpsystem"),
        ("carpentrydepartment wrote us yesterday about ships", "carpentrydepartment"),
        ("maintenancebuilding has that old machine in march", "maintenancebuilding"),
    ]
    assert not synthesise(problem(rows, ["fred asked for the red car once more"]))


@pytest.mark.parametrize(
    "rows",
    [
        [("3 May 1999", "1999-05-03"), ("27 June 2011", "2011-06-27"), ("14 April 2020", "2020-04-14")],
        [("May 3 , 1999", "3.5.1999"), ("June 27 , 2011", "27.6.2011"), ("April 14 , 2020", "14.4.2020")],
        [("Mo, 3. Mai 1999", "05/99"), ("Do, 27. Juni 2011", "06/11"), ("So, 14. April 2020", "04/20")],
    ],
)
def test_a_date_alone_is_not_read_as_a_sentence(rows: list[tuple[str, str]]) -> None:
    program = synthesise(problem(rows, [*(text.replace("1999", "2007") for text, _ in rows), "?"]))[0]
    assert "date_in" not in program.source
    assert [python(program)({"text": text}) for text, _ in rows] == [answer for _, answer in rows]
