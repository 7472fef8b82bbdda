# ruff: noqa: S301 - it reads what it wrote
"""Values, errors and Runnables survive copying, pickling, other processes and checkpoints."""

from __future__ import annotations

import copy
import logging
import multiprocessing
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

import langchain_latm
from langchain_latm import exceptions, types
from langchain_latm.sandbox import Sandbox
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Attempt, Candidate, TokenUsage, Value
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.word_task import word_task

REQUEST = "Arrange these words: lime kiwi date"
USAGE = TokenUsage(input_tokens=3, calls=1)
ERRORS: dict[type[exceptions.LATMError], dict[str, Any]] = {
    exceptions.ToolMakingError: {
        "attempts": (Attempt(number=1, candidates=(Candidate(reply="x", temperature=0.0, refusal="no"),)),),
        "usage": {"proposing": USAGE},
    },
    exceptions.ToolUseError: {"question": "q", "usage": USAGE},
}


def known_tool() -> MadeTool:
    """A tool whose parser reads `REQUEST`."""
    slot = Slot(name="words", form="texts", gaps=(0,))
    return made_tool(
        parser=RequestParser(literals=("Arrange these words: ", ""), slots=(slot,)), read_by=("parser", "model")
    )


def errors() -> Iterator[exceptions.LATMError]:
    for kind in vars(exceptions).values():
        if isinstance(kind, type) and issubclass(kind, exceptions.LATMError):
            yield kind("what was wrong", **ERRORS.get(kind, {}))


@pytest.mark.parametrize("error", list(errors()), ids=lambda error: type(error).__name__)
def test_errors(error: exceptions.LATMError) -> None:
    for travelled in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(travelled) is type(error)
        assert (str(travelled), travelled.args, vars(travelled)) == (str(error), error.args, vars(error))


def test_a_tool_that_was_used(sandbox: Sandbox) -> None:
    tool = known_tool()
    tool.as_tool(sandbox)
    assert tool.parser is not None
    tool.parser.parse(REQUEST)
    for travelled in (pickle.loads(pickle.dumps(tool)), copy.copy(tool), copy.deepcopy(tool)):
        assert travelled == tool


@pytest.mark.slow
def test_a_tool_user_and_an_error_in_a_spawned_process(sandbox: Sandbox) -> None:
    user = create_tool_user(known_tool(), "nobody:no-such-model", sandbox=sandbox)
    assert user.invoke(REQUEST).text == "date kiwi lime"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply_async(user.invoke, (REQUEST,)).get(60).text == "date kiwi lime"
        with pytest.raises(exceptions.ModelError):
            pool.apply_async(user.invoke, ("Something else",)).get(60)


def test_values_in_a_checkpoint_without_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    task, tool = word_task(), known_tool()
    values = [task, tool, tool.report, tool.provenance, task.demonstrations[0], USAGE, tool.report.cases[0]]
    serialiser = JsonPlusSerializer(allowed_msgpack_modules=types.CHECKPOINT_TYPES)
    with caplog.at_level(logging.WARNING):
        for value in values:
            assert serialiser.loads_typed(serialiser.dumps_typed(value)) == value
    assert caplog.records == []


def test_every_public_value_may_be_in_a_checkpoint() -> None:
    public = [getattr(langchain_latm, name) for name in langchain_latm.__all__]
    values = {(each.__module__, each.__name__) for each in public if isinstance(each, type) and issubclass(each, Value)}
    assert values <= set(types.CHECKPOINT_TYPES)
    modules = {module for module, _ in types.CHECKPOINT_TYPES}
    known = {(module, name) for module in modules for name in vars(import_module(module))}
    assert set(types.CHECKPOINT_TYPES) <= known


STRICT = """
from typing import TypedDict
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langchain_latm import Answer

class State(TypedDict):
    answer: Answer

graph = StateGraph(State)
graph.add_node("keep", lambda state: state)
graph.add_edge(START, "keep")
kept = graph.compile(checkpointer=InMemorySaver())
config = {"configurable": {"thread_id": "1"}}
kept.invoke({"answer": Answer(question="2+2", text="4", usage={}, seconds=0.1)}, config)
print(kept.get_state(config).values["answer"].text)
"""


@pytest.mark.slow
def test_strict_langgraph_takes_the_values_that_a_state_names() -> None:
    """As the docstring of `CHECKPOINT_TYPES` says."""
    environment = {**os.environ, "LANGGRAPH_STRICT_MSGPACK": "true"}
    ended = subprocess.run([sys.executable, "-c", STRICT], env=environment, capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("4\n", "")
