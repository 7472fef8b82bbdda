"""The numbers of a list of labelled numbers: "Ann 12, Bob 7"."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.labelled import read_labelled
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Labelled(GapForm):
    """The numbers of a list of labelled numbers. The labels are another argument of the same gap (`labels`)."""

    name = "labelled"
    default_name = "values"
    annotation = "list[number]"
    stage = Stage.EVIDENCE
    rank = 85
    has_number_type = True
    says_all = False

    def read(self, text: str, separator: str = "") -> list[int | float] | None:
        """Read the numbers; None if one item has no label."""
        items = lists.each_of(read_labelled, lists.split(text, separator))
        return None if items is None else [number for _, number in items]
