"""The accounts of a library in Prometheus' format: the counts, access control, and absence of names."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from langchain_latm import TokenUsage, ToolLibrary, open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.interop.mcp.http import http_app
from langchain_latm.interop.mcp.server import create_mcp_server
from langchain_latm.interop.metrics import METRICS, LibraryMetrics
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.instances import Instance, failed_making
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.types import Doubt
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.never_blocks import never_blocks

SECRET = "canary"


def figures(text: str) -> dict[str, float]:
    """Each sample by its name and the values of its labels."""
    return {
        ",".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def filled(file: Path) -> ToolLibrary:
    library = open_tool_library(file)
    tool = made_tool(name=SECRET, description=SECRET)
    kept = loop_operations_of(library)
    direct = Instance(
        id="1",
        question=SECRET,
        answer=SECRET,
        model="strong",
        usage=TokenUsage(input_tokens=90, output_tokens=10, calls=1),
    )
    run_flow(kept.put_instances([direct]))
    run_flow(kept.add_made(tool, [direct], [], SECRET))
    run_flow(kept.put_instances([direct.model_copy(update={"id": "2"})]))
    for failed, tokens in ((False, None), (False, TokenUsage(input_tokens=4, output_tokens=1, calls=1)), (True, None)):
        library.record_use(tool, failed=failed, tokens=tokens, model=SECRET if tokens is None else None)
    doubt = Doubt(code="same", sentence=SECRET, tool=SECRET)
    note = AnswerNote(question=SECRET, text=SECRET, at="2026-01-01T00:00:00+00:00", doubts=(doubt,), user=SECRET)
    run_flow(kept.keep_answer("3", note, None))
    run_flow(kept.record_failure(failed_making(f"{SECRET}_2", [], SECRET, {}, {})))
    library.put_pending(made_tool(name=f"{SECRET}_3"))
    return library


async def test_a_library_in_figures(tmp_path: Path) -> None:
    with filled(tmp_path / "tools.sqlite") as library, never_blocks():
        text = (await LibraryMetrics(library).text()).decode()
    found = figures(text)
    assert SECRET not in text
    expected = {
        "latm_tools": 1,
        "latm_pending_tools": 1,
        "latm_waiting_requests": 1,
        "latm_tool_uses_total,answered,no_model": 1,
        "latm_tool_uses_total,answered,light_model": 1,
        "latm_tool_uses_total,failed,no_model": 1,
        "latm_makings_total,made": 1,
        "latm_makings_total,failed": 1,
        "latm_doubts_total,same": 1,
        "latm_tokens_total,making": 7,
        "latm_tokens_total,using": 5,
        "latm_saved_tokens": 2 * 100 - 5 - 7,
    }
    assert {name: found.get(name) for name in expected} == expected


async def test_an_empty_library_has_figures_and_scrapes_at_once_read_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        metrics = LibraryMetrics(library)
        read = []
        whole = metrics._written

        def written(*given: Any) -> bytes:
            read.append(given)
            return whole(*given)

        monkeypatch.setattr(metrics, "_written", written)
        one, *others = await asyncio.gather(*(metrics.text() for _ in range(9)))
    assert (figures(one.decode())["latm_tools"], set(others), len(read)) == (0, {one}, 1)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer a token of a length"}, 200),
        ({"Authorization": "Bearer a token of a length", "Host": "evil.example"}, 421),
        ({"Authorization": "Bearer a token of a length", "Transfer-Encoding": "chunked"}, 411),
    ],
)
async def test_who_may_read_them(tmp_path: Path, sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    with filled(tmp_path / "tools.sqlite") as library:
        server = create_mcp_server(library, sandbox=sandbox)
        endpoints = {METRICS: LibraryMetrics(library)}
        app = http_app(server, host="127.0.0.1", token="a token of a length", endpoints=endpoints)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            answer = await client.get(METRICS, headers=headers)
            assert (answer.status_code, "latm_tools" in answer.text) == (status, status == 200)
            if status == 200:
                assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
                assert (await client.post(METRICS, headers=headers)).status_code == 405
                library.close()
                endpoints[METRICS]._known = None
                assert (await client.get(METRICS, headers=headers)).status_code == 503
