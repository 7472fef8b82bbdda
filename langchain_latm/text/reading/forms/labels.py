"""The labels of a list of labelled numbers: "Ann 12, Bob 7"."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.labelled import read_labelled
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Labels(GapForm):
    """The labels of a list of labelled numbers. The numbers are another argument of the same gap (`labelled`)."""

    name = "labels"
    default_name = "labels"
    annotation = "list[str]"
    stage = Stage.EVIDENCE
    rank = 80
    says_all = False

    def read(self, text: str, separator: str = "") -> list[str] | None:
        """Read the labels; None if one item has no number."""
        items = lists.each_of(read_labelled, lists.split(text, separator))
        return None if items is None else [label for label, _ in items]
