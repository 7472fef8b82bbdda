"""The one thing that a sentence mentions."""

from __future__ import annotations

from langchain_latm.text.reading.forms._base import MentionForm
from langchain_latm.text.reading.mentions import Group


class Mention(MentionForm):
    """The one option or name that one sentence mentions."""

    name = "mention"
    default_name = "name"
    annotation = "str"
    rank = 10

    def read(self, group: Group) -> str | None:
        """Return the mention; None if there are several mentions or sentences."""
        return group.rows[0][0] if [len(row) for row in group.rows] == [1] else None
