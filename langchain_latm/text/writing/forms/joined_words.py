"""Texts whose words the function joins in a different way: "b, a" for "b a"."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_latm.text.writing.form import Column, Form
from langchain_latm.text.writing.joints import joints


class JoinedWords(Form):
    """Writes a text with another separator between its words or characters."""

    name = "joined_words"
    rank = 80

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the words, then the characters, with each likely separator."""
        if not column.holds_texts:
            return
        for joint in joints([value.split() for value in column.values], column.answers):
            yield f'{joint!r}.join(re.split(r"[,\\s]+", value.strip()))'
            yield f'{joint!r}.join(value.replace(" ", ""))'
