"""Texts in the letter case of the request."""

from __future__ import annotations

from langchain_latm.sandbox import Sandbox
from langchain_latm.text.writing.answer_forms import writings
from tests.unit_tests.text.writing.writing_tool import written_for


def test_a_text_has_the_case_of_an_argument(sandbox: Sandbox) -> None:
    examples = [("oslo", {"land": "NORWEGEN"}, "OSLO"), ("wien", {"land": "\u00f6sterreich"}, "wien")]
    later = [("z\u00fcrich", {"land": "SCHWEIZ"}), ("ROM", {"land": "italien"}), ("rom", {"land": "Italien"})]
    assert written_for(sandbox, examples, later) == ["Z\u00dcRICH", "rom", None]
    capitalised = [*examples, ("oslo", {"land": "Norwegen"}, "Oslo")]
    assert written_for(sandbox, capitalised, [("bad ems", {"land": "Deutschland"})]) == ["Bad Ems"]


def test_one_case_in_all_examples_does_not_come_from_the_argument() -> None:
    given = [{"land": "NORWEGEN"}, {"land": "SCHWEDEN"}]
    assert not any("isupper" in each for each in writings(["oslo", "wien"], ["OSLO", "WIEN"], given))
