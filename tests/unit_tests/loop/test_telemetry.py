"""OpenTelemetry data and logs of requests, tools and makings, without their texts."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from langchain_latm import ToolLibrary
from langchain_latm._core import telemetry
from langchain_latm.exceptions import ToolUseError
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import World, loop, stream
from tests.unit_tests.made_tool import made_tool, typed_tool

SECRET = "canary"
RAISES = 'def badge(vor_name: str, class_: str) -> str:\n    """Raise."""\n    raise KeyError(vor_name)\n'


class Seen:
    """The SDK's records since the start of the test."""

    def __init__(self, reader: InMemoryMetricReader, exporter: InMemorySpanExporter) -> None:
        self._reader, self._exporter = reader, exporter

    def counts(self) -> dict[str, int]:
        """The counters, each with the words of its attributes."""
        data = self._reader.get_metrics_data()
        found = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points:
                        words = ",".join(str(each) for each in (point.attributes or {}).values())
                        found[f"{metric.name}({words})"] = point.value  # type: ignore[union-attr]
        return found  # type: ignore[return-value]

    def spans(self) -> list[Any]:
        return list(self._exporter.get_finished_spans())

    def everything(self) -> str:
        return json.dumps(self.counts()) + "".join(each.to_json() for each in self.spans())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    reader, exporter = InMemoryMetricReader(), InMemorySpanExporter()
    meters, tracers = MeterProvider([reader]), TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(metrics, "get_meter", meters.get_meter)
    monkeypatch.setattr(trace, "get_tracer", tracers.get_tracer)
    telemetry._open_telemetry.cache_clear()
    yield Seen(reader, exporter)
    telemetry._open_telemetry.cache_clear()


@pytest.mark.slow
def test_requests_are_counted_by_who_read_them(seen: Seen, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    library, world = ToolLibrary(InMemoryStore()), World()
    latm = loop(world, library, sandbox)
    with caplog.at_level(logging.INFO, "langchain_latm.events"):
        for request in stream(["sort"], 6):
            latm.invoke(f"{request} {SECRET}", {"configurable": {"tenant": f"{SECRET} & co"}})
        own = library.for_tenant(f"{SECRET} & co")
        request = f"{stream(['sort'], 1, 9)[0]} {SECRET}"
        config: Any = {"configurable": {"tenant": f"{SECRET} & co"}}
        latm.invoke(request, config)
        asyncio.run(latm.abatch([request, f"{request} x"], config))
    (tool,) = own.list()
    counts = seen.counts()
    assert (counts["latm.requests(strong_model)"], counts["latm.requests(parser)"]) == (6, 3)
    assert counts["latm.makings(made)"] == 1
    assert counts["latm.tokens(answering,input)"] > 0
    made = own.get(tool.name).provenance.usage.values()
    assert counts["latm.tokens(making,output)"] == sum(each.output_tokens for each in made)
    used = [each for each in seen.spans() if each.name == f"execute_tool {tool.name}"]
    assert sum(each.attributes["latm.tool.calls"] for each in used) == 3
    assert used[0].attributes["gen_ai.operation.name"] == "execute_tool"
    assert (used[0].attributes["latm.tool.id"], used[0].attributes["latm.tool.version"]) == (tool.id, tool.id[:12])
    events = [(each.getMessage(), getattr(each, "latm", None)) for each in caplog.records]
    assert [message for message, _ in events] == ["answered"] * 6 + ["making ended"] + ["answered"] * 2
    assert SECRET not in seen.everything() + str(events)


def test_failures_and_doubts_are_counted(seen: Seen, sandbox: Sandbox, taught: ToolLibrary, world: World) -> None:
    world.on_judging = lambda _text: "no"
    world.on_answering = lambda _text: "Answer: x"
    latm = loop(world, taught, sandbox)
    latm.invoke(stream(["sort"], 1, 7)[0].replace("Put these", "Do not put these"))
    assert seen.counts()["latm.doubts(different)"] == 1
    typed = typed_tool(source=RAISES)
    taught.add(typed)
    with pytest.raises(ToolUseError):
        latm.invoke({"Vor name": SECRET, "class": "x"})
    assert seen.counts()["latm.tool.failures()"] >= 1
    (span,) = {each.attributes["error.type"] for each in seen.spans() if "error.type" in each.attributes}
    assert (span, SECRET in seen.everything()) == ("exception", False)


def test_agents_and_own_code_are_seen(seen: Seen, sandbox: Sandbox) -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(made_tool())
    assert made_tool().as_tool(sandbox).invoke({"words": ["b", SECRET]}) == f"b {SECRET}"
    with pytest.raises(Exception, match="canary"):
        typed_tool(source=RAISES).as_tool(sandbox).func(vor_name=SECRET, class_="y")  # type: ignore[misc]
    library.record_use(made_tool())
    library.record_use(made_tool(), failed=True)
    assert [each.status.is_ok for each in seen.spans()] == [True, False]
    assert seen.counts() == {"latm.requests(caller)": 1, "latm.tool.failures()": 1}
    assert SECRET not in seen.everything()


def test_without_the_package_nothing_is_recorded_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    telemetry._open_telemetry.cache_clear()
    telemetry.answered("parser", doubts=["same"], spent={})
    telemetry.making_ended("", {})
    with telemetry.executing("x", "y") as span:
        span.failed("raised")
    telemetry._open_telemetry.cache_clear()


@pytest.mark.slow
def test_importing_the_package_imports_no_telemetry() -> None:
    code = "import sys, langchain_latm; langchain_latm.MadeTool; print('opentelemetry' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "False\n"
