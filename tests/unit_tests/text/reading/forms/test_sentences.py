"""The sentences of a gap."""

from __future__ import annotations

import pytest

from tests.unit_tests.text.reading.reader import read_off


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ann left with Bo. Bo is 3.5 m tall! Who is last?", ["Ann left with Bo", "Bo is 3.5 m tall!", "Who is last?"]),
        ("Anna ist da. Ärger gibt es nie. Zwei kamen.", ["Anna ist da", "Ärger gibt es nie", "Zwei kamen"]),
        ("\u732b\u3060\u3002\u72ac\u3060\u3002\u9ce5\u3060\u3002", ["\u732b\u3060", "\u72ac\u3060", "\u9ce5\u3060"]),
        ("It rains, again. We stay in.", None),  # two are one text
        ("St. J. R. B. Smith", None),  # too short to be sentences
        ("One line is here.\nTwo lines are here.\nThree lines are here.", None),  # lines
    ],
)  # fmt: skip
def test_reads(text: str, value: list[str] | None) -> None:
    assert read_off("sentences", text) == value
