"""Pictures of complete, partial and missing measurements."""

from __future__ import annotations

from langchain_latm.benchmarks.making.notebook_pictures import draw_kinds, draw_paper, draw_pays
from langchain_latm.benchmarks.making.paper_figures import PAPER
from langchain_latm.benchmarks.making.summary import figures_of
from tests.unit_tests.benchmarks.making.test_report import WHOLE, failed, settings
from tests.unit_tests.tools.display.test_pictures import texts

NOTHING = figures_of([settings()])


def test_the_paper_is_drawn_beside_what_is_there() -> None:
    shown = texts(draw_paper(NOTHING))
    assert [shown.count(each.name) for each in PAPER] == [3] * 6
    assert shown.count("not run") == 12  # in each of our two ways


def test_each_kind_is_drawn_once() -> None:
    figures = figures_of(WHOLE)
    shown = texts(draw_kinds(figures))
    for kind in {each.task for each in figures.methods}:
        assert shown.count(kind) == 1
    assert "no tool" in texts(draw_kinds(figures_of([settings(), *failed("default", "a", tokens=5)])))
    assert "alone" in texts(draw_kinds(NOTHING))


def test_curves_are_those_of_solved_kinds() -> None:
    assert "with its tool" in texts(draw_pays(figures_of(WHOLE)))
    assert "with its tool" not in texts(draw_pays(NOTHING))
