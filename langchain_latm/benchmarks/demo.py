"""`latm demo`: makes tools for three kinds of request, then answers fresh requests with and without them.

The kinds are easy for code and hard for a language model. Examples and requests are drawn from a seed, and nothing is
stored.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from langchain_core.runnables import Runnable, RunnableConfig

from langchain_latm._core.defaults import ATTEMPTS, CANDIDATES
from langchain_latm.benchmarks.report import break_even
from langchain_latm.exceptions import ToolMakingError, ToolUseError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.state import MakingEvent
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import ExactCheck
from langchain_latm.tools.direct_answer import create_direct_answer
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Answer, Example, Stage, Task, TokenUsage, Value

DEMONSTRATIONS: Final = 3
VALIDATION: Final = 3

_CHECK: Final = ExactCheck()
_WORDS: Final = tuple(
    "amber basil cedar copper delta dragon ember engine fjord forest garden grove haven inlet jolly karma lemon mango "  # noqa: SIM905 - a list of words is easier to read as text
    "noble ocean piano quilt river saddle silver sugar temple tiger urban velvet willow winter yonder zephyr".split()
)


def _last_letter_sorting(draw: random.Random) -> Example:
    words = draw.sample(_WORDS, draw.randint(5, 9))
    return Example(
        question=f"Sort these words by their last letter, then alphabetically: {' '.join(words)}",
        answer=" ".join(sorted(words, key=lambda word: (word[-1], word))),
    )


def _days_between(draw: random.Random) -> Example:
    day, days = date(2000, 1, 1) + timedelta(days=draw.randrange(9000)), draw.randint(20, 1500)
    return Example(question=f"How many days are there from {day} to {day + timedelta(days=days)}?", answer=str(days))


def _letter_shift(draw: random.Random) -> Example:
    text, places = " ".join(draw.sample(_WORDS, draw.randint(2, 3))), draw.randint(1, 12)
    shifted = (chr((ord(c) - ord("a") + places) % 26 + ord("a")) if c.isalpha() else c for c in text)
    return Example(
        question=f"Shift every letter of this text {places} places forward in the alphabet, from z on to a: {text}",
        answer="".join(shifted),
    )


KINDS: dict[str, Callable[[random.Random], Example]] = {
    "last_letter_sorting": _last_letter_sorting,
    "days_between": _days_between,
    "letter_shift": _letter_shift,
}
"""The function that draws an example, by name of the kind."""


def draw_examples(kind: str, seed: int, count: int) -> list[Example]:
    """Draw `count` different examples of a kind; the same seed gives the same ones."""
    draw = random.Random(f"{kind}/{seed}")  # noqa: S311 - examples, not secrets
    examples: dict[str, Example] = {}
    while len(examples) < count:
        example = KINDS[kind](draw)
        examples.setdefault(example.question, example)
    return list(examples.values())


class Score(Value):
    """The score of one way to answer the fresh requests."""

    right: int  # requests with the right answer
    failed: int  # requests without an answer
    requests: int
    usage: TokenUsage  # tokens for all of them
    seconds: float  # wall-clock time, summed over the requests

    @property
    def tokens_per_request(self) -> float:
        """Input and output tokens of a request, mean."""
        return self.usage.total / self.requests

    @property
    def tokens_per_right_answer(self) -> float:
        """Tokens per right answer, including those of wrong ones; infinite if there is none."""
        return self.usage.total / self.right if self.right else math.inf


class KindResult(Value):
    """The result for one kind."""

    kind: str
    tool: MadeTool | None  # None if making failed
    making: dict[Stage, TokenUsage]  # tokens of the making, by stage
    making_seconds: float  # wall-clock time of the making
    error: str | None = None  # why there is no tool
    direct: Score  # the model alone
    using: Score | None = None  # the same model with the tool

    @property
    def making_tokens(self) -> int:
        """Tokens of the making."""
        return sum(usage.total for usage in self.making.values())

    def break_even(self, *, per: Literal["request", "right answer"]) -> int | None:
        """Return after how many requests (or right answers) the making has paid for itself in tokens; None if never."""
        if self.using is None:
            return None
        if per == "request":
            return break_even(self.making_tokens, self.direct.tokens_per_request, self.using.tokens_per_request)
        direct, using = self.direct.tokens_per_right_answer, self.using.tokens_per_right_answer
        return break_even(self.making_tokens, direct, using)


class DemoEvent(Value):
    """One line of progress: the kind, the current step, and how many of how many requests are done."""

    kind: str
    message: str
    done: int = 0
    total: int = 0


def run_demo(
    model: Runnable[Any, Any],
    sandbox: Sandbox,
    *,
    seed: int = 0,
    requests: int = 15,
    kinds: Sequence[str] = tuple(KINDS),
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    concurrency: int = 2,
) -> Iterator[DemoEvent | MakingEvent | KindResult]:
    """Make a tool per kind and measure it on fresh requests, compared with the same model alone.

    The model takes every role. `attempts` and `candidates` are those of `create_tool_maker`; `concurrency` is the
    number of requests at the same time.

    Yields:
        Progress, and a `KindResult` at the end of each kind.

    Raises:
        ModelError: The model cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    maker = create_tool_maker(model, sandbox=sandbox, attempts=attempts, candidates=candidates, direct_samples=0)
    for kind in kinds:
        examples = draw_examples(kind, seed, DEMONSTRATIONS + VALIDATION + requests)
        task = Task(
            name=kind,
            demonstrations=tuple(examples[:DEMONSTRATIONS]),
            validation=tuple(examples[DEMONSTRATIONS : DEMONSTRATIONS + VALIDATION]),
            check=_CHECK,
        )
        fresh = examples[DEMONSTRATIONS + VALIDATION :]
        yield DemoEvent(kind=kind, message="making a tool")
        tool, error = None, None
        usage: dict[Stage, TokenUsage] = {}
        start = time.perf_counter()
        try:
            for event in maker.stream(task, stream_mode="custom"):
                yield event
                tool = event.tool
        except ToolMakingError as failure:
            error, usage = str(failure), failure.usage
        seconds = time.perf_counter() - start
        alone = create_direct_answer(model, demonstrations=task.demonstrations)
        direct = yield from _score(kind, "the model alone", alone, fresh, concurrency)
        using = None
        if tool is not None:
            usage = tool.provenance.usage
            user = create_tool_user(tool, model, sandbox=sandbox)
            using = yield from _score(kind, "the model with its tool", user, fresh, concurrency)
        yield KindResult(
            kind=kind, tool=tool, making=usage, making_seconds=seconds, error=error, direct=direct, using=using
        )


def _score(
    kind: str, way: str, answerer: Runnable[str, Answer], examples: Sequence[Example], concurrency: int
) -> Generator[DemoEvent, None, Score]:
    """Answer every request with one Runnable, with a progress event for each."""
    yield DemoEvent(kind=kind, message=way, total=len(examples))
    right, failed, seconds, usage = 0, 0, 0.0, TokenUsage()
    config = RunnableConfig(max_concurrency=concurrency)
    outcomes = answerer.batch_as_completed([each.question for each in examples], config, return_exceptions=True)
    for done, (index, outcome) in enumerate(outcomes, 1):
        if isinstance(outcome, Answer):
            right += _CHECK.matches(outcome.text, examples[index].answer)
            usage = sum(outcome.usage.values(), usage)
            seconds += outcome.seconds
        elif isinstance(outcome, ToolUseError):
            failed += 1
            usage += outcome.usage
        else:
            raise outcome
        yield DemoEvent(kind=kind, message=way, done=done, total=len(examples))
    return Score(right=right, failed=failed, requests=len(examples), usage=usage, seconds=seconds)
