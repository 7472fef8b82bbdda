"""Reads one value, for tests of forms."""

from __future__ import annotations

from typing import Any

from langchain_latm.text.reading.forms import NumberType
from langchain_latm.text.reading.slot import Slot, read_slot

STORY = """\
Ann and Tom play. Ann has a red ball, and Tom has a ball.
First, Tom and Ann swap. Then, Ann and Tom swap. At the end Tom has
Options:
(A) ball
(B) red ball"""

CUT_NUMBERS = (
    *("1,234", "12,345,678", "1'234", "1\u2019234", "1\u202f234", "1\u00a0234", "1 000"),
    *("5e3", "1.5e-3", "5kg", "0x1f", "1.2.3", "1_000", ".5", "2nd", "B12", "\u00bd", "5\u00b2", "\u2460"),
    *("-$5", "- \u20ac5", "\u2212$5", "\u22125", "\u20135", "\uff0d5", "1" * 19, f"0.{'1' * 18}", f"0.{'3' * 18}"),
)
"""Numbers of which a part would be left out among words."""


def read_off(form: str, text: str, separator: str = "", number_type: NumberType | None = None) -> Any:
    """Read a value off the only gap; None where it is not of this form."""
    slot = Slot(name="value", form=form, gaps=(0,), separator=separator, number_type=number_type)
    return read_slot(slot, [text], text)


def read_story(form: str, group: int, groups: int = 4, story: str = STORY) -> Any:
    """Read a value from a group of sentences."""
    return read_slot(Slot(name="value", form=form, group=(group, groups)), [], story)
