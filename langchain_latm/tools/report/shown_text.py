"""Foreign text on the page: what is long is folded or cut.

Escaping is the template's part: everything here is plain text.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from langchain_latm._core.visible import visible

_FEWEST: Final = 40
"""Characters of each text that are shown even if nothing of the allowance is left."""


class ShownText(NamedTuple):
    """A text on the page.

    Attributes:
        head: What is seen at once.
        rest: What is seen when it is unfolded.
        left_out: How many characters are not on the page.
    """

    head: str
    rest: str = ""
    left_out: int = 0

    @property
    def characters(self) -> int:
        """The length of the whole text."""
        return len(self.head) + len(self.rest) + self.left_out


class Allowance:
    """How many characters one tool may take on the page, so that no tool can make the file huge.

    Args:
        characters: What all texts of the tool may take together.
    """

    def __init__(self, characters: int) -> None:
        self._left = characters
        self.rows = min(50, max(10, characters // 150))
        """How many rows a table of the tool may have."""
        self.half = characters // 2
        """How long one text may be at most."""

    def take(self, text: str, *, most: int, at_once: int | None = None) -> ShownText:
        """Show a text, or as much of it as is allowed.

        Args:
            text: The text.
            most: So many characters of it, whatever is left.
            at_once: What is more is folded; by default nothing is.
        """
        most = max(_FEWEST, min(most, self._left))
        kept = text[:most]
        while len(shown := visible(kept)) > 2 * most:  # escapes are longer than what they stand for
            kept = kept[: len(kept) // 2]
        self._left -= len(shown)
        left_out = len(text) - len(kept)
        if at_once is None or len(shown) <= at_once:
            return ShownText(shown, "", left_out)
        cut = shown.rfind(" ", at_once // 2, at_once) + 1 or at_once  # between words, if there are any
        return ShownText(shown[:cut], shown[cut:], left_out)
