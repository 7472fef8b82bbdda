"""The whole question."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_latm.text.reading.forms._base import Form, Place


class Question(Form):
    """The whole question, without white space around it."""

    name = "question"
    default_name = "question"
    annotation = "str"
    reads_question = True

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> str:
        """Return the question."""
        del place, gaps
        return request.strip()
