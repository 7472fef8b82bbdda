"""The accounts of a library as metrics for Prometheus, in its text format (extra `mcp`).

The figures come from the library's store, so they cover all workers and outlive the process. They are computed on each
scrape with `prometheus_client`; an OpenTelemetry exporter would need its SDK and would only see this process. Labels
are words of this package, never names of tools, tenants or requests, so their number is bounded. `latm stats` has the
figures of each tool.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import PlainTextResponse

from langchain_latm._core.flow import Flow, arun_flow
from langchain_latm.exceptions import LATMError
from langchain_latm.models.prices import Prices
from langchain_latm.tools.library.accounting import LibraryCosts, costs_of
from langchain_latm.tools.library.contents import LibraryContents, contents
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.use_sums import times_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

METRICS: Final = "/metrics"
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_FRESH_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class LibraryMetrics:
    """Metrics of one library, or of one tenant's part of it. They are computed at most once in five seconds.

    Args:
        library: The library.
        prices: As for `library_costs`.
    """

    def __init__(self, library: ToolLibrary, prices: Prices | None = None) -> None:
        self._library = library
        self._prices = prices
        self._lock = asyncio.Lock()
        self._known: tuple[float, bytes] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a scrape: an ASGI application for one path."""
        if scope["method"] not in ("GET", "HEAD"):
            answer = PlainTextResponse("metrics are read with GET", 405, headers={"allow": "GET, HEAD"})
        else:
            try:
                answer = PlainTextResponse(await self.text(), headers={"content-type": CONTENT_TYPE})
            except LATMError as error:
                _log.warning("the metrics could not be computed: %s", error)
                answer = PlainTextResponse("the library could not be read", 503)
        await answer(scope, receive, send)

    async def text(self) -> bytes:
        """Return the metrics in Prometheus' text format.

        Raises:
            ToolLibraryError: The library's store failed.
        """
        async with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _FRESH_SECONDS:
                found, waiting = await arun_flow(_read(operations_of(self._library)))
                text = await asyncio.to_thread(self._written, found, waiting)
                self._known = time.monotonic(), text
            return self._known[1]

    def _written(self, found: LibraryContents, waiting: Counter[str]) -> bytes:
        registry = CollectorRegistry()
        registry.register(_Collected(_families(found, costs_of(found, self._prices), waiting)))
        return generate_latest(registry)


class _Collected:
    """A collector of computed metrics."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def _read(library: LibraryOperations) -> Flow[tuple[LibraryContents, Counter[str]]]:
    found = yield from contents(library)
    waiting, pending = yield library.batch(library.find_all("waiting"), library.find_all("pending"))
    return found, Counter(waiting=len(waiting), pending=len(pending))


def _families(found: LibraryContents, costs: LibraryCosts, waiting: Counter[str]) -> Iterator[Metric]:
    yield GaugeMetricFamily("latm_tools", "Tools in use.", value=len(found.current))
    yield GaugeMetricFamily("latm_pending_tools", "Proven tools that wait for approval.", value=waiting["pending"])
    yield GaugeMetricFamily("latm_waiting_requests", "Solved requests that wait for a tool.", value=waiting["waiting"])
    uses: Counter[tuple[str, ...]] = Counter()
    for item in found.uses:
        read_by = "light_model" if item.value["tokens"].get("calls") else "no_model"
        uses[read_by, "failed" if item.value["failed"] else "answered"] += times_of(item)
    yield _counter("latm_tool_uses", "Uses of tools.", ("read_by", "outcome"), uses)
    rated = {("right",): sum(each.right for each in costs.tools), ("wrong",): sum(each.wrong for each in costs.tools)}
    yield _counter("latm_rated_answers", "Answers of tools that feedback calls right or wrong.", ("verdict",), rated)
    makings = {("made",): len(found.versions), ("failed",): len(found.failed)}
    yield _counter("latm_makings", "Makings of tools.", ("outcome",), makings)
    yield _counter(
        "latm_doubts", "Answers with a doubt.", ("code",), {(code,): number for code, number in costs.doubts.items()}
    )
    for unit, totals in (("tokens", costs.tokens), ("dollars", costs.dollars)):
        spent = {(stage,): getattr(totals, stage) for stage in ("making", "using", "failed", "deciding")}
        known = {labels: amount for labels, amount in spent.items() if amount is not None}
        yield _counter(f"latm_{unit}", f"Spent {unit}; unknown amounts are left out.", ("stage",), known)
        if totals.saved is not None:
            text = f"Saved {unit}, minus those for making, using, failed makings and deciding."
            yield GaugeMetricFamily(f"latm_saved_{unit}", text, value=float(totals.saved))


def _counter(name: str, text: str, labels: tuple[str, ...], figures: Mapping[Any, Any]) -> Metric:
    family = CounterMetricFamily(name, text, labels=labels)
    for values, amount in sorted(figures.items()):
        family.add_metric(values, float(amount))
    return family
