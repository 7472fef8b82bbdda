"""The option after each name in a sentence."""

from __future__ import annotations

from langchain_latm.text.reading.forms._base import MentionForm
from langchain_latm.text.reading.mentions import Group

_LEAST = 2
"""Minimum number of pairs: a single one is not a list."""


class MentionPairs(MentionForm):
    """The option after each name in one sentence, as in `Ann has a ball, and Tom has a kite`."""

    name = "mention_pairs"
    default_name = "items"
    annotation = "dict[str, str]"
    rank = 20

    def read(self, group: Group) -> dict[str, str] | None:
        """Return the options by name; None if names and options do not alternate, or a name occurs twice."""
        names = group.rows[0][::2]
        in_turn = group.options == (False, True) * len(names)
        if len(group.rows) > 1 or not in_turn or not len(set(names)) == len(names) >= _LEAST:
            return None
        return dict(zip(names, group.rows[0][1::2], strict=True))
