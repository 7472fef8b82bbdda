"""Telemetry of a running loop: OpenTelemetry spans and counters, and one log record for each request.

Only the API of OpenTelemetry is used (extra `otel`); your application sets up an SDK and its exporters. Without the
package, or without an SDK, nothing is recorded. Names follow the semantic conventions for generative AI:
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span

Attributes of counters are words of this package, so their number is bounded. Neither they nor the log records contain
text of a request, an answer or a tenant. Spans name the tool, as the conventions ask.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter
    from opentelemetry.trace import Tracer

AnsweredBy = Literal["parser", "inputs", "light_model", "strong_model", "caller"]
"""Who read a request: a tool's parser; no one, because its inputs were given by name; a light model, for a tool; the
strong model, which answered without a tool; or the caller who gave the arguments, such as an agent's model.
"""


class _Tokens(Protocol):
    @property
    def input_tokens(self) -> int: ...

    @property
    def output_tokens(self) -> int: ...


Spent = Mapping[Any, _Tokens]
"""Tokens by stage."""

_SCOPE: Final = "langchain_latm"
_COUNTERS: Final = {
    "latm.requests": ("{request}", "Requests that were answered, by who read them (latm.way)."),
    "latm.tool.failures": ("{use}", "Uses of tools that gave no answer."),
    "latm.makings": ("{making}", "Makings of tools, by outcome (latm.outcome)."),
    "latm.tokens": ("{token}", "Tokens of models, by stage (latm.stage) and direction (gen_ai.token.type)."),
    "latm.doubts": ("{doubt}", "Answers with a doubt whether a tool may answer (latm.doubt)."),
}
_log: Final = logging.getLogger("langchain_latm.events")


class _OpenTelemetry(NamedTuple):
    tracer: Tracer
    counters: Mapping[str, Counter]


@cache
def _open_telemetry() -> _OpenTelemetry | None:
    """Return the instruments; None without the package. They take effect when the application sets up an SDK."""
    try:
        from opentelemetry import metrics, trace  # noqa: PLC0415 - of the extra `otel`
    except ImportError:
        return None
    meter = metrics.get_meter(_SCOPE)
    counters = {name: meter.create_counter(name, unit, text) for name, (unit, text) in _COUNTERS.items()}
    return _OpenTelemetry(trace.get_tracer(_SCOPE), counters)


def answered(
    way: AnsweredBy,
    *,
    times: int = 1,
    answer: str = "",
    tool: str = "",
    doubts: Iterable[str] = (),
    spent: Spent | None = None,
) -> None:
    """Count answered requests, and log them.

    Args:
        way: Who read them.
        times: How many.
        answer: The answer's id; empty for several.
        tool: The id of the tool; empty without one.
        doubts: Codes of the doubts.
        spent: Tokens.
    """
    codes = list(doubts)
    _count("latm.requests", {"latm.way": way}, times)
    for code in codes:
        _count("latm.doubts", {"latm.doubt": code})
    tokens = 0
    for stage, usage in (spent or {}).items():
        tokens += _count_tokens(stage, usage.input_tokens, usage.output_tokens)
    _say("answered", way=way, times=times, answer=answer, tool=tool, doubts=codes, tokens=tokens)


def tool_failed(tool: str, answer: str = "") -> None:
    """Count a use that gave no answer, and log it."""
    _count("latm.tool.failures", {})
    _say("tool failed", tool=tool, answer=answer)


def making_ended(tool: str, spent: Spent) -> None:
    """Count a making, and log it; `tool` is the id of the made tool, empty if nothing was proven."""
    outcome = "made" if tool else "failed"
    _count("latm.makings", {"latm.outcome": outcome})
    usages = spent.values()
    tokens = _count_tokens(
        "making", sum(each.input_tokens for each in usages), sum(each.output_tokens for each in usages)
    )
    _say("making ended", outcome=outcome, tool=tool, tokens=tokens)


def making_put_off() -> None:
    """Count a making that did not begin, because the day's budget is spent, and log it."""
    _count("latm.makings", {"latm.outcome": "over_budget"})
    _say("making put off")


class ToolSpan:
    """A span of calls of one tool; does nothing without OpenTelemetry."""

    def __init__(self, span: Any) -> None:
        self._span = span

    def failed(self, kind: str) -> None:
        """Record that a call failed, with the kind of failure. Its text is left out, since it may quote a request."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode  # noqa: PLC0415 - of the extra `otel`

            self._span.set_attribute("error.type", kind)
            self._span.set_status(StatusCode.ERROR)


_NOTHING: Final = nullcontext(ToolSpan(None))


def executing(name: str, tool_id: str, calls: int = 1) -> AbstractContextManager[ToolSpan]:
    """Record a span `execute_tool` around calls of a tool, inside the current span.

    It does not become the current span: a flow is suspended within it.

    Args:
        name: The tool's name.
        tool_id: The id of its record, whose beginning is its version (`latm tools history`).
        calls: How many calls, in one batch.
    """
    there = _open_telemetry()
    return _NOTHING if there is None else _span(there.tracer, name, tool_id, calls)


@contextmanager
def _span(tracer: Tracer, name: str, tool_id: str, calls: int) -> Iterator[ToolSpan]:
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function",
        "latm.tool.id": tool_id,
        "latm.tool.version": tool_id[:12],
        "latm.tool.calls": calls,
    }
    span = tracer.start_span(f"execute_tool {name}", attributes=attributes)
    found = ToolSpan(span)
    try:
        yield found
    except Exception as error:
        found.failed(type(error).__name__)
        raise
    finally:
        span.end()


def _count(name: str, attributes: Mapping[str, str], amount: int = 1) -> None:
    there = _open_telemetry()
    if there is not None:
        there.counters[name].add(amount, attributes)


def _count_tokens(stage: str, read: int, written: int) -> int:
    for kind, tokens in (("input", read), ("output", written)):
        if tokens:
            _count("latm.tokens", {"latm.stage": stage, "gen_ai.token.type": kind}, tokens)
    return read + written


def _say(event: str, **fields: Any) -> None:
    """Log an event with its fields, without empty ones."""
    if _log.isEnabledFor(logging.INFO):
        known = {name: value for name, value in fields.items() if value not in ("", [], 0)}
        _log.info(event, extra={"latm": known})
