"""Everything that one sentence mentions."""

from __future__ import annotations

from langchain_latm.text.reading.forms._base import MentionForm
from langchain_latm.text.reading.mentions import Group


class Mentions(MentionForm):
    """The options and names that one sentence mentions."""

    name = "mentions"
    default_name = "names"
    annotation = "list[str]"
    rank = 30

    def read(self, group: Group) -> list[str] | None:
        """Return the mentions in order; None if there are several sentences."""
        return list(group.rows[0]) if len(group.rows) == 1 else None
