"""Remaking: a tool gets a new version, which learns from what the one before gets wrong and passes all that is known.

The closed loop does so by itself with a tool that feedback retired (`loop.latm`). This does it for one that
somebody names, whether it is in use or retired.
"""

from __future__ import annotations

from typing import Any, TypedDict

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.graph import END, START, StateGraph
from pydantic import TypeAdapter

from langchain_latm._core.defaults import ATTEMPTS, CANDIDATES, DEMONSTRATIONS
from langchain_latm._core.flow import flow_runnable
from langchain_latm._core.graph_runnable import Beginning, GraphRunnable
from langchain_latm.loop.remaking import Remaking, RemakingEvent, RemakingStages
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.models.names import model_name
from langchain_latm.models.resolve import resolve_model
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of


def create_tool_remaker(
    maker_model: str | Runnable[Any, Any] = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    library: ToolLibrary,
    sandbox: Sandbox,
    demonstrations: int = DEMONSTRATIONS,
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    check: AnswerCheck | str | None = None,
    force: bool = False,
) -> ToolRemaker:
    """Create the Runnable that makes a new version of a tool of the library, by its name.

    All its requests with a known answer are collected: its proof, and those that feedback was given on. The version
    before is tried on what it was not proven with, as a tool user would; what comes out wrong, or not at all, is a
    counterexample. The maker is shown counterexamples first (two at most where there are demonstrations of the version
    before, which follow them), and what it makes must also pass all the others, which it does not see. Only then it
    takes the place of the version before. That one stays in the library: `activate` brings it back.

    A tool that was retired or removed can be remade too. Where there is no counterexample nothing is made. Nobody else
    who shares the library makes a tool of these requests at the same time.

    Args:
        maker_model: Writes the function: `"local"`, a name that `init_chat_model` takes, or a chat model.
        user_model: Reads arguments. By default the maker's model.
        library: Where the tool is. Closing it is the caller's part.
        sandbox: Where both versions run. Closing it is the caller's part.
        demonstrations: How many examples the maker is shown; where few are known, all but one.
        attempts: As for `create_tool_maker`.
        candidates: As for `create_tool_maker`.
        check: How answers are compared: by default as the record of the version before says. A record cannot hold a
            function; give it again.
        force: Make a new version though there is no counterexample.

    Raises:
        ValueError: A number below 1.
        ModelError: A model cannot be named or set up.
    """
    if demonstrations < 1:
        raise ValueError("demonstrations must be at least 1")
    maker = resolve_model(maker_model)
    user = maker if user_model is None else resolve_model(user_model)
    return ToolRemaker(
        RemakingStages(
            operations=loop_operations_of(library),
            maker=create_tool_maker(maker, user, sandbox=sandbox, attempts=attempts, candidates=candidates),
            user=user,
            sandbox=sandbox,
            demonstrations=demonstrations,
            check=None if check is None else TypeAdapter[AnswerCheck](AnswerCheck).validate_python(check),
            force=force,
            models={"using": model_name(user), "proposing": model_name(maker), "verification": model_name(user)},
        )
    )


class _RemakingState(TypedDict, total=False):
    name: str
    remaking: dict[str, Any]


class ToolRemaker(GraphRunnable[str, Remaking]):
    """Makes new versions of tools. Create it with `create_tool_remaker`.

    `invoke`, `ainvoke`, `batch` and `abatch` take the name of a tool and return a `Remaking`. `stream` and `astream`
    yield it alone; with `stream_mode="custom"` they yield a `RemakingEvent` per step, the last of which carries it.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data.

    Raises:
        ToolNotFoundError: There never was a tool of this name.
        ToolRecordError: Its stored record was altered or damaged.
        TaskError: Too few of its requests are known to make and prove a version.
        ToolMakingError: No new version was proven, or somebody else is making one. The tool is what it was, and the
            library's accounts know what was spent.
        ModelError: A model cannot be reached.
        SandboxError: The sandbox itself failed.
        ToolLibraryError: The library's store failed.
    """

    def __init__(self, stages: RemakingStages) -> None:
        # One node, as there is nothing to resume: the graph lets whoever streams see the maker's steps among ours.
        graph = StateGraph(_RemakingState)
        graph.add_node("remake", flow_runnable(stages.remake, name="remake"))
        graph.add_edge(START, "remake")
        graph.add_edge("remake", END)
        self.graph = graph.compile(name="tool_remaker")

    def _begin(self, value: str, config: RunnableConfig | None) -> Beginning:
        return {"name": value}, config, {}

    def _result(self, state: dict[str, Any]) -> Remaking:
        return Remaking.model_validate(state["remaking"])

    def _event(self, part: dict[str, Any]) -> RemakingEvent:
        """Read an event of ours, or one of the maker's."""
        return RemakingEvent(stage=part["stage"], message=part["message"])

    def _last_event(self, state: dict[str, Any]) -> RemakingEvent:
        remaking = self._result(state)
        return RemakingEvent(stage="wrapping", message=remaking.reason, remaking=remaking)
