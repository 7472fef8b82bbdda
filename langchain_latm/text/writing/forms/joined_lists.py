"""Lists of items with separators: "salt, oil", "3 > 1", one item a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.lists import may_separate
from langchain_latm.text.lexing.numbers import holds_comma_groups, is_dotted, is_one_number, read_integer
from langchain_latm.text.lexing.sentences import ends_sentence
from langchain_latm.text.lexing.words import MARKS
from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.joints import joints

_SEPARATORS: Final = ("\n", "; ", ", ", ",")
_NO_WORDS: Final = re.compile(r"[.:?!]| - ")
"""Signs of a text whose words are not a list."""
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}
_BETWEEN: Final = re.compile(rf"(?<=[\w{MARKS}])[^\w{MARKS}]+(?=\w)")


class JoinedLists(Form):
    """Writes a list with a separator between its items."""

    name = "joined_lists"
    rank = 30
    offered = "before"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the list of items if the separator is clear."""
        texts = column.answers
        if all(is_one_number(text) or holds_comma_groups(text) for text in texts):
            return None
        if all(map(is_dotted, texts)):
            return _split([text.split(".") for text in texts])
        signs = {found for text in texts for found in _BETWEEN.findall(text) if not found.isspace()}
        one = [each for each in signs if may_separate(each)] if len(signs) == 1 else []
        prose = any(map(ends_sentence, texts))
        for separator in (*one, *_SEPARATORS):
            if any(separator in text for text in texts) and not (prose and separator != "\n"):
                return _split([text.split(separator) for text in texts])
        # Words separated by spaces are a list, unless they are a sentence or a span.
        if all(len(text.split()) > 1 for text in texts) and not any(_NO_WORDS.search(text) for text in texts):
            return _split([text.split() for text in texts])
        return None

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the items with each likely separator."""
        if not all(isinstance(value, list) for value in column.values):
            return
        for joint in joints([[str(each) for each in value] for value in column.values], column.answers):
            yield f"{joint!r}.join(str(each) for each in value)"


def _split(parts: Sequence[Sequence[str]]) -> AnswerForm | None:
    lists = [[part.strip() for part in each] for each in parts]
    if not all(part and _is_whole(part) for each in lists for part in each):
        return None
    numbers = [[read_integer(part) for part in each] for each in lists]
    if all(None not in each for each in numbers):
        return AnswerForm("list[int]", tuple(numbers))
    return AnswerForm("list[str]", tuple(lists))


def _is_whole(part: str) -> bool:
    """Whether every bracket in a part is closed in it, so that no pair such as "(1, 2)" is cut."""
    inside: list[str] = []
    for sign in part:
        if sign in _BRACKETS.values():
            inside.append(sign)
        elif sign in _BRACKETS and (not inside or inside.pop() != _BRACKETS[sign]):
            return False
    return not inside
