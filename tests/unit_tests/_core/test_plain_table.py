"""Tables in Markdown."""

from __future__ import annotations

import pytest

from langchain_latm._core.plain_table import PlainTable


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("a\n| b |\r\n", "a \\| b \\|"),
        ("<script>", "\\<script>"),
        ("[x](javascript:y)", "\\[x](javascript:y)"),
        ("\x1b[31m\u202e", "\\\\x1b\\[31m\\\\u202e"),
    ],
)
def test_no_text_leaves_its_cell(text: str, cell: str) -> None:
    assert PlainTable("title", ["head"], [[text]]).markdown == f"| head |\n| --- |\n| {cell} |"
