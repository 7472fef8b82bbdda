"""What each of several sentences mentions."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_latm.text.reading.forms._base import MentionForm
from langchain_latm.text.reading.mentions import Group

_PAIR = 2


class MentionRows(MentionForm):
    """The options and names that each sentence of a group mentions."""

    name = "mention_rows"
    default_name = "rows"
    annotation = "list[list[str]]"
    rank = 40

    def read(self, group: Group) -> list[list[str]]:
        """Return the mentions, sentence by sentence."""
        return [list(row) for row in group.rows]

    def name_of(self, groups: Sequence[Group]) -> str:
        """Return "pairs" if every sentence mentions two things, else "rows"."""
        return "pairs" if all(len(group.options) == _PAIR for group in groups) else self.default_name
