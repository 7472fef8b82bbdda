"""How much a search may do: steps, so that two runs do the same, and seconds as a last bound."""

from __future__ import annotations

import time


class Exhausted(Exception):  # noqa: N818 - ends a search, whose results so far count
    """A search has used up its budget."""


class Budget:
    """Counts the steps of a search.

    Args:
        seconds: Longest time, on the wall clock.
        steps: Most applications of an operator to a value. It bounds memory too: a step keeps at most one value.

    Attributes:
        deadline: When the time is over, as `time.monotonic` counts.
    """

    def __init__(self, seconds: float, steps: int) -> None:
        self.deadline = time.monotonic() + seconds
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Count some steps.

        Raises:
            Exhausted: There are no more.
        """
        self._left -= steps
        if self._left < 0 or time.monotonic() > self.deadline:
            raise Exhausted

    def part(self, steps: int) -> Budget:
        """Return a budget of its own steps that ends with this one's time."""
        part = Budget(0.0, steps)
        part.deadline = self.deadline
        return part
