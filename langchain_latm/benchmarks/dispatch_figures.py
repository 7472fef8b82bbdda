"""The values that `latm bench dispatch` gives."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Found(BaseModel):
    """What requests were told.

    Attributes:
        seen: Requests of a kind that has a tool.
        seen_right: Those of them that were told this tool.
        unseen: Requests of a kind that has none.
        unseen_right: Those of them that were told that none fits.
        wrong_tool: Requests of either that were told another kind's tool.
        seen_by_words: Requests with a tool that a dispatcher with a model decides without asking it.
        unseen_by_words: The same of requests without one.
    """

    model_config = ConfigDict(frozen=True)

    seen: int
    seen_right: int
    unseen: int
    unseen_right: int
    wrong_tool: int
    seen_by_words: int
    unseen_by_words: int

    @property
    def reuse(self) -> float | None:
        """The part of the requests with a tool that found it; None where there were none."""
        return self.seen_right / self.seen if self.seen else None

    @property
    def none_fits(self) -> float | None:
        """The part of the requests without a tool that were told so; None where there were none."""
        return self.unseen_right / self.unseen if self.unseen else None

    @property
    def by_words(self) -> float:
        """The part of all requests that is decided without asking a model."""
        return (self.seen_by_words + self.unseen_by_words) / max(self.requests, 1)

    @property
    def requests(self) -> int:
        """All of them."""
        return self.seen + self.unseen

    def __add__(self, other: Found) -> Found:
        return Found(**{name: getattr(self, name) + getattr(other, name) for name in Found.model_fields})


class Measured(BaseModel):
    """What was measured of one library, in a process of its own.

    Attributes:
        real: Requests of real kinds.
        made_up: Requests of made-up kinds.
        mistaken: How many requests of which real kind were told which other kind's tool, the most first.
        p50_ms: Time of a decision, median.
        p99_ms: The same, the slowest of a hundred.
        opening_s: Time of a fresh dispatcher's first request.
        change_s: Time of the first request after one tool of the library was replaced.
        memory_mb: What the process gained (RSS) from the fresh dispatcher's first request, its store included.
    """

    model_config = ConfigDict(frozen=True)

    real: Found
    made_up: Found
    mistaken: dict[str, int]
    p50_ms: float
    p99_ms: float
    opening_s: float
    change_s: float
    memory_mb: float


class SizeFigures(Measured):
    """What was measured of a library of one size.

    Attributes:
        tools: In the library.
        real_tools: Those of them that are for real kinds.
        building_s: How long making the library took: questions, forms and the file.
    """

    tools: int
    real_tools: int
    building_s: float

    @property
    def kb_per_tool(self) -> float:
        """Memory that each tool takes; at few tools that is mostly what any dispatcher takes."""
        return self.memory_mb * 1e3 / self.tools

    @property
    def all(self) -> Found:
        """Requests of real and of made-up kinds."""
        return self.real + self.made_up


class PaperSplit(BaseModel):
    """One random choice of four of the paper's six tasks.

    Attributes:
        tools: The tasks that had a tool.
        found: What the requests of all tasks were told.
    """

    model_config = ConfigDict(frozen=True)

    tools: tuple[str, ...]
    found: Found


class DispatchFigures(BaseModel):
    """The result of `latm bench dispatch`.

    Attributes:
        seed: What it was drawn from.
        examples: With how many each tool was proven.
        real_kinds: How many there were by where they come from.
        sizes: By size of the library.
        paper: By split; empty where the paper's tasks were not given.
        time_exponent: The power of the number of tools with which the median time of a decision grows; None where too
            few sizes are large enough to tell.
        memory_exponent: The same of the memory.
        opening_exponent: The same of the opening time.
    """

    model_config = ConfigDict(frozen=True)

    seed: int
    examples: int
    real_kinds: dict[str, int]
    sizes: tuple[SizeFigures, ...]
    paper: tuple[PaperSplit, ...] = ()
    time_exponent: float | None = None
    memory_exponent: float | None = None
    opening_exponent: float | None = None
