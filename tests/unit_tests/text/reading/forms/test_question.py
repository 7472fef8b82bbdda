"""The whole question."""

from __future__ import annotations

from langchain_latm.text.reading.slot import Slot, read_slot


def test_white_space_around_it_is_left_out() -> None:
    assert read_slot(Slot(name="x", form="question"), [], " What is\n it? \n") == "What is\n it?"
