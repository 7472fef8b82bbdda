"""Every use of a model on every provider's dialect, with LangChain's own classes, over HTTP on loopback."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.tools import StructuredTool
from langgraph.store.memory import InMemoryStore

from langchain_latm import (
    Example,
    ModelError,
    Sandbox,
    ToolLibrary,
    create_direct_answer,
    create_dispatcher,
    create_latm,
    create_sandbox,
    create_tool_maker,
    create_tool_user,
)
from langchain_latm.models import capabilities
from tests.integration_tests.models.providers.brain import ANSWER, REQUEST
from tests.integration_tests.models.providers.dialects import DIALECTS, KEY, Dialect
from tests.integration_tests.models.providers.wire import Wire
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.word_task import word_task

# Does not read like the examples, so that a model has to.
REWORDED = "Would you please order these for me? Sort: plum kiwi lime"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with create_sandbox() as opened:
        yield opened


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def wire(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    monkeypatch.setattr(capabilities, "_learned", OrderedDict())
    with Wire(dialect.answer) as opened:
        yield opened


@pytest.fixture
def model(dialect: Dialect, wire: Wire) -> Any:
    return dialect.model(wire.address)


def test_every_use_of_a_model(model: Any, wire: Wire, sandbox: Sandbox) -> None:
    tool = create_tool_maker(model, sandbox=sandbox, search=False, attempts=2).invoke(word_task())
    assert tool.report.verified
    assert tool.provenance.usage["proposing"].total > 0

    by_model = tool.without_parser() if "model" in tool.read_by else tool
    before = len(wire.requests)
    answer = create_tool_user(by_model, model, sandbox=sandbox).invoke(REWORDED)
    assert (answer.text, answer.usage["using"].calls) == (ANSWER, 1)
    assert len(wire.requests) == before + 1, "what was refused while making was sent again"

    direct = create_direct_answer(model, demonstrations=[Example(question="Sort: b a", answer="a b")])
    assert direct.invoke(REQUEST).text == ANSWER

    library = ToolLibrary(InMemoryStore())
    library.add(by_model)
    found = create_dispatcher(library, model=model).invoke(
        "Could you sort these names alphabetically? Sort: plum kiwi lime"
    )
    assert found.tool == tool.name, found.reason

    failure, text = from_an_agent(model, tool.as_tool(sandbox))
    assert (
        ANSWER in text or "does not support tools" in failure or "tool choice requires" in failure or "jinja" in failure
    )


def from_an_agent(model: Any, tool: StructuredTool) -> tuple[str, str]:
    """Return why a provider's model cannot be an agent's, and the agent's last text."""
    agent: Any = create_agent(model, [tool])
    try:
        return "", str(agent.invoke({"messages": [("human", REQUEST)]})["messages"][-1].text)
    except Exception as error:  # noqa: BLE001 - each provider's own class
        return str(error), ""


async def test_the_loop_without_blocking(model: Any, sandbox: Sandbox) -> None:
    library = ToolLibrary(InMemoryStore())
    with create_latm(model, library=library, sandbox=sandbox, making="off") as latm:
        answer = await latm.ainvoke(REQUEST)
    assert answer.text == ANSWER


@pytest.mark.parametrize(
    "dialect", [each for each in DIALECTS if each.name != "OpenRouter"], ids=lambda each: each.name
)
def test_no_key_in_errors(dialect: Dialect) -> None:  # OpenRouter's SDK goes on trying for minutes
    model = dialect.model("http://127.0.0.1:9")  # nothing listens there
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        create_direct_answer(model, demonstrations=[Example(question="q", answer="a")]).invoke(REQUEST)
    assert KEY not in str(caught.value)


def test_a_tool_of_any_schema_does_not_spoil_an_agents_requests(model: Any, wire: Wire, sandbox: Sandbox) -> None:
    pair = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}
    properties = {
        "words": {"type": "array", "items": {"type": "string"}},
        "größe": {"type": "array", "items": pair},
        "n" * 70: {"type": "integer"},
        "数": {"type": "object", "properties": {"名前": {"type": "string"}}, "required": ["名前"]},
        "any": {"enum": [1, "a", None]},
        "by_key": {"type": "object", "additionalProperties": {"type": "number"}},
    }
    tool = made_tool(parameters={"type": "object", "properties": properties, "required": ["words"]})
    failure, _ = from_an_agent(model, tool.as_tool(sandbox))
    assert wire.requests
    assert not re.search(r"schema|keys|Unknown name|missing field|items", failure.replace("json_schema", "")), failure
