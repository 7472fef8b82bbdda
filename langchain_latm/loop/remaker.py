"""Remaking: makes a new version of a tool that is right on all its requests with a known answer.

The closed loop (`loop.latm`) remakes tools that feedback retired. Here a tool is remade by name, in use or retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.graph import END, START, StateGraph
from pydantic import TypeAdapter

from langchain_latm._core.caller import caller_of_run, with_tenant
from langchain_latm._core.defaults import ATTEMPTS, CANDIDATES, DEMONSTRATIONS, SECOND_ATTEMPTS
from langchain_latm._core.flow import Flow, flow_runnable
from langchain_latm._core.graph_runnable import Beginning, GraphRunnable
from langchain_latm.loop.remaking import Remaking, RemakingEvent, RemakingStages
from langchain_latm.making.escalating import MakerModel, maker_models
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.libraries import library_of
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of


def create_tool_remaker(
    maker_model: MakerModel = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    library: ToolLibrary,
    sandbox: Sandbox,
    demonstrations: int = DEMONSTRATIONS,
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    second_attempts: int = SECOND_ATTEMPTS,
    packages: Sequence[str] = (),
    check: AnswerCheck | str | None = None,
    force: bool = False,
) -> ToolRemaker:
    """Create the Runnable that makes a new version of a tool of the library, by its name.

    All its requests with a known answer are collected: its proof, and those with feedback. The version before is tried
    on those outside of its proof; a wrong answer, or none, is a counterexample. The maker is shown counterexamples
    first (at most two if there are demonstrations of the version before, which follow them). The tool that it makes
    must also pass all the others, which the maker does not see. Only then does it replace the version before, which
    stays in the library: `activate` restores it.

    The new version may call functions of other tools of the library (`create_tool_maker`).

    A tool that was retired or removed can be remade too. Without a counterexample nothing is made. Meanwhile no other
    worker that shares the library makes a tool of these requests.

    Args:
        maker_model: Writes the function: `"local"`, a name that `init_chat_model` takes, or a chat model. Of a list of
            models, the next one is asked if the one before proves nothing (`create_tool_maker`).
        user_model: Reads arguments. By default the maker's model.
        library: Where the tool is. The caller closes it. A run whose config names a tenant uses that tenant's own.
        sandbox: Where both versions run. The caller closes it.
        demonstrations: How many examples the maker is shown; at most half of those that are known.
        attempts: See `create_tool_maker`.
        candidates: See `create_tool_maker`.
        second_attempts: See `create_tool_maker`.
        packages: See `create_tool_maker`. Those of the version before must be declared again.
        check: How answers are compared: by default as the record of the version before says. A record cannot hold a
            function: pass it again.
        force: Make a new version even without a counterexample.

    Raises:
        ValueError: A number below 1.
        PackageError: A declared name is not the name of a package.
        ModelError: A model cannot be named or set up.
    """
    if demonstrations < 1:
        raise ValueError("demonstrations must be at least 1")
    makers = maker_models(maker_model)
    user = makers[0] if user_model is None else late_model(user_model)
    return ToolRemaker(
        library,
        RemakingStages(
            operations=loop_operations_of(library),
            maker=create_tool_maker(
                makers,
                user,
                sandbox=sandbox,
                attempts=attempts,
                candidates=candidates,
                second_attempts=second_attempts,
                packages=packages,
                helpers=library,
                direct_samples=0,  # the library has direct answers, or the version before has
            ),
            user=user,
            sandbox=sandbox,
            demonstrations=demonstrations,
            check=None if check is None else TypeAdapter[AnswerCheck](AnswerCheck).validate_python(check),
            force=force,
            models={"using": model_name(user), "proposing": model_name(makers[-1]), "verification": model_name(user)},
        ),
    )


class _RemakingState(TypedDict, total=False):
    name: str
    remaking: dict[str, Any]


class ToolRemaker(GraphRunnable[str, Remaking]):
    """Makes new versions of tools. Create it with `create_tool_remaker`.

    `invoke`, `ainvoke`, `batch` and `abatch` take the name of a tool and return a `Remaking`. `stream` and `astream`
    yield only that; with `stream_mode="custom"` they yield a `RemakingEvent` per step, the last of which carries it.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data.

    Raises:
        ToolNotFoundError: There never was a tool of this name.
        ToolRecordError: Its stored record was altered or damaged.
        TaskError: Too few of its requests are known to make and prove a version.
        ToolMakingError: No new version was proven, or another worker is making one. The tool is unchanged, and the
            cost is in the library's accounts.
        ModelError: A model cannot be reached.
        SandboxError: The sandbox itself failed.
        ToolLibraryError: The library's store failed.
    """

    def __init__(self, library: ToolLibrary, stages: RemakingStages) -> None:
        self._tenant = library.tenant

        def remake(state: dict[str, Any]) -> Flow[dict[str, Any]]:
            own = library_of(library, (yield from caller_of_run()))
            return (yield from replace(stages, operations=loop_operations_of(own)).remake(state))

        # One node: there is nothing to resume. The graph adds the maker's steps to the stream.
        graph = StateGraph(_RemakingState)
        graph.add_node("remake", flow_runnable(remake, name="remake"))
        graph.add_edge(START, "remake")
        graph.add_edge("remake", END)
        self.graph = graph.compile(name="tool_remaker")

    def _begin(self, value: str, config: RunnableConfig | None) -> Beginning:
        return {"name": value}, with_tenant(config, self._tenant), {}

    def _result(self, state: dict[str, Any]) -> Remaking:
        return Remaking.model_validate(state["remaking"])

    def _event(self, part: dict[str, Any]) -> RemakingEvent:
        """Read an event of the remaking, or of the maker inside it."""
        return RemakingEvent(stage=part["stage"], message=part["message"], attempt=part.get("attempt", 0))

    def _last_event(self, state: dict[str, Any]) -> RemakingEvent:
        remaking = self._result(state)
        return RemakingEvent(stage="wrapping", message=remaking.reason, remaking=remaking)
