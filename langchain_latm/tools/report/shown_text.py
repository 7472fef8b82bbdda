"""Text of tools on the page: long text is folded or cut. The template escapes it."""

from __future__ import annotations

from typing import Final, NamedTuple

from langchain_latm._core.visible import visible

_MIN_CHARACTERS: Final = 40
"""Characters of each text that are shown even if the allowance is used up."""
FOLDED: Final = 240
"""Longer questions, answers and reasons are folded."""
MAX_TEXT: Final = 4_000
"""Maximum number of characters of such a text."""


class ShownText(NamedTuple):
    """A text on the page.

    Attributes:
        head: The visible part.
        rest: The folded part.
        left_out: Number of characters that are not on the page.
    """

    head: str
    rest: str = ""
    left_out: int = 0

    @property
    def characters(self) -> int:
        """The length of the whole text."""
        return len(self.head) + len(self.rest) + self.left_out


class Allowance:
    """The number of characters that one tool may take on the page, so that no tool can make the file huge.

    Args:
        characters: Number of characters of all texts of the tool together.
    """

    def __init__(self, characters: int) -> None:
        self._left = characters
        self.rows = min(50, max(10, characters // 150))
        """Maximum number of rows in a table of the tool."""
        self.half = characters // 2
        """Maximum length of one text."""

    def short(self, text: str) -> ShownText:
        """Return a question, an answer or a reason: at most `MAX_TEXT` characters, of which `FOLDED` are not folded."""
        return self.take(text, most=MAX_TEXT, at_once=FOLDED)

    def take(self, text: str, *, most: int, at_once: int | None = None) -> ShownText:
        """Return a text, or as much of it as is allowed.

        Args:
            text: The text.
            most: Maximum number of characters, whatever is left of the allowance.
            at_once: Fold what exceeds this number of characters; None folds nothing.
        """
        most = max(_MIN_CHARACTERS, min(most, self._left))
        kept = text[:most]
        while len(shown := visible(kept)) > 2 * most:  # escapes are longer than the characters that they replace
            kept = kept[: len(kept) // 2]
        self._left -= len(shown)
        left_out = len(text) - len(kept)
        if at_once is None or len(shown) <= at_once:
            return ShownText(shown, "", left_out)
        cut = shown.rfind(" ", at_once // 2, at_once) + 1 or at_once  # between words, if there are any
        return ShownText(shown[:cut], shown[cut:], left_out)
