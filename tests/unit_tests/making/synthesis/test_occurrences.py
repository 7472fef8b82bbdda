"""How often one value of a row occurs in another."""

from __future__ import annotations

import pytest

from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import python


@pytest.mark.parametrize(
    ("rows", "later", "count"),
    [
        (
            [("s", "Mississippi", 4), ("a", "banana bread", 4), ("e", "eleven trees", 5), ("o", "no", 1)],
            ("p", "pepper"),
            3,
        ),
        ([("s", "Sisters sing", 4), ("a", "An apple", 2), ("e", "Every Elf", 3), ("o", "Oho", 2)], ("t", "Tattoo"), 3),
        (
            [
                ("row", "row row the boat", 2),
                ("sea", "sea, season and sea", 2),
                ("an", "an ant and an ape", 2),
                ("so", "so so so sorry", 3),
            ],
            ("la", "la land la"),
            2,
        ),
        ([("ä", "Bärenfänger", 2), ("и", "минимизация", 4), ("ö", "Köln", 1), ("é", "née été", 3)], ("ü", "Mütze"), 1),
    ],
)
def test_it_is_counted(rows: list[tuple[str, str, int]], later: tuple[str, str], count: int) -> None:
    examples = tuple(({"part": part, "text": text}, answer) for part, text, answer in rows)
    program, *_ = synthesise(Problem(examples))
    part, text = later
    for run in (program.run, python(program)):
        assert run({"part": part, "text": text}) == count
        assert run({"part": "zz", "text": text}) == 0
        with pytest.raises(ValueError, match=r"expected|does not fit"):
            run({"part": "", "text": text})
