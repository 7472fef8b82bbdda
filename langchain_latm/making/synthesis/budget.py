"""The budget of a search: steps, so that runs are reproducible, and seconds as a last resort."""

from __future__ import annotations

import math
import time


class Exhausted(Exception):  # noqa: N818 - not an error: the results so far count
    """A search has used up its budget."""


class Budget:
    """Counts the steps of a search.

    Args:
        seconds: Maximum wall-clock time.
        steps: Maximum number of applications of an operator to a value. It limits memory too, since a step stores at
            most one value.
        largest_cost: Maximum cost of a program. Dearer ones are not used, so a search may leave them out.

    Attributes:
        deadline: The end of the time, in the time of `time.monotonic`.
    """

    def __init__(self, seconds: float, steps: int, largest_cost: float = math.inf) -> None:
        self.deadline = time.monotonic() + seconds
        self.largest_cost = largest_cost
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Count some steps.

        Raises:
            Exhausted: No steps or no time are left.
        """
        self._left -= steps
        if self._left < 0 or time.monotonic() > self.deadline:
            raise Exhausted

    @property
    def left(self) -> int:
        """The steps that are left."""
        return max(self._left, 0)

    def part(self, steps: int) -> Budget:
        """Return a budget with its own steps, and the same deadline and largest cost."""
        part = Budget(0.0, steps, self.largest_cost)
        part.deadline = self.deadline
        return part
