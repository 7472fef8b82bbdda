"""The values that `latm bench dispatch` measures."""

from __future__ import annotations

from langchain_latm.benchmarks.report import Figures


class Found(Figures):
    """Counts of the dispatcher's decisions."""

    seen: int  # requests of a kind that has a tool
    seen_right: int  # those of them that got this tool
    unseen: int  # requests of a kind without a tool
    unseen_right: int  # those of them that got no tool
    wrong_tool: int  # requests of either sort that got another kind's tool
    seen_by_words: int  # requests with a tool that a dispatcher with a model decides without asking it
    unseen_by_words: int  # requests without a tool that it decides without asking the model
    # Of `seen_right` and of `wrong_tool`, those worded like the examples, which the tool answers without a doubt. For
    # others, a model first judges whether they ask for what it computes (`loop.judging`).
    seen_silent: int = 0
    wrong_silent: int = 0

    @property
    def reuse(self) -> float | None:
        """Share of the requests with a tool that got it; None if there were none."""
        return self.seen_right / self.seen if self.seen else None

    @property
    def none_fits(self) -> float | None:
        """Share of the requests without a tool that got none; None if there were none."""
        return self.unseen_right / self.unseen if self.unseen else None

    @property
    def unjudged(self) -> float | None:
        """Share of the requests with the right tool that need no judging model; None if there were none."""
        return self.seen_silent / self.seen_right if self.seen_right else None

    @property
    def by_words(self) -> float:
        """Share of all requests that is decided without asking a model."""
        return (self.seen_by_words + self.unseen_by_words) / max(self.requests, 1)

    @property
    def requests(self) -> int:
        """Number of all requests."""
        return self.seen + self.unseen

    def __add__(self, other: Found) -> Found:
        return Found(**{name: getattr(self, name) + getattr(other, name) for name in Found.model_fields})


class Measured(Figures):
    """The figures of one library, measured in a separate process."""

    real: Found
    made_up: Found
    mistaken: dict[str, int]  # how many requests of which real kind got which other kind's tool, most frequent first
    p50_ms: float  # time of a decision, median
    p99_ms: float  # time of a decision, 99th percentile
    cpu_p50_ms: float  # CPU time of a decision, median, which depends less on other processes
    opening_s: float  # time of a fresh dispatcher's first request
    change_s: float  # time of the first request after one tool of the library was replaced
    memory_mb: float  # memory (RSS) gained with a fresh dispatcher's first request, including its store


class SizeFigures(Measured):
    """The figures of a library of one size."""

    tools: int
    real_tools: int  # tools for real kinds
    building_s: float  # time to build the library: questions, forms and the file

    @property
    def kb_per_tool(self) -> float:
        """Memory per tool; with few tools mostly the fixed cost of a dispatcher."""
        return self.memory_mb * 1e3 / self.tools

    @property
    def all(self) -> Found:
        """Requests of real and of made-up kinds."""
        return self.real + self.made_up


class PaperSplit(Figures):
    """One random choice of four of the paper's six tasks."""

    tools: tuple[str, ...]
    found: Found


class DispatchFigures(Figures):
    """The result of `latm bench dispatch`."""

    seed: int
    examples: int  # examples that each tool was proven with
    real_kinds: dict[str, int]
    sizes: tuple[SizeFigures, ...]
    paper: tuple[PaperSplit, ...] = ()  # figures by split; empty without the paper's tasks
    # Power of the number of tools with which the median time of a decision grows; None where too few libraries were
    # large enough.
    time_exponent: float | None = None
    memory_exponent: float | None = None  # the power with which the memory grows
    opening_exponent: float | None = None  # the power with which the opening time grows
