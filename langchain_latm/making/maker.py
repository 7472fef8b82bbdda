"""The maker chain: propose -> verify -> wrap, as a LangGraph graph behind a Runnable from `Task` to `MadeTool`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import ensure_config
from langgraph.graph import END, START, StateGraph

from langchain_latm._core.defaults import ATTEMPTS, CANDIDATES, SECONDS, TOKENS
from langchain_latm._core.flow import flow_runnable
from langchain_latm._core.graph_runnable import Beginning, GraphRunnable
from langchain_latm.exceptions import ToolMakingError
from langchain_latm.making.failure import why_no_tool
from langchain_latm.making.stages import Context, MakingEvent, Stages, State, attempts_in, usage_in
from langchain_latm.models.resolve import resolve_model
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Task

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import Checkpointer

TEMPERATURES: tuple[float | None, ...] = (0.0, 0.5, 0.8, 0.7, 1.0, 0.9)


def create_tool_maker(
    maker_model: str | Runnable[Any, Any] = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    sandbox: Sandbox,
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    temperatures: Sequence[float | None] = TEMPERATURES,
    seconds: float | None = SECONDS,
    tokens: int | None = TOKENS,
    checkpointer: Checkpointer = None,
) -> ToolMaker:
    """Create the Runnable that makes a tool of a task (paper, section 3.1).

    Where the questions are put in the same words, the harness reads the arguments off them by itself, and asks the
    maker for the computation from these to the answers, as plain values: the parser that read them becomes a part of
    the tool, and later requests that it knows need no model. Such a proof costs no tokens, so many candidates can be
    tried. Where the questions share too little, and now and then besides, the maker chooses the parameters and the tool
    user's model reads them.

    Each attempt asks for some candidates at once, refuses those whose form is wrong, and proves the others on the
    task's examples until one passes. Some candidates repair an earlier one, from its wrong answers and errors on the
    demonstrations; most start afresh, since a model seldom repairs what it does not understand. No answer of a
    validation example enters a prompt of the maker; their questions are only compared with the others. Where what is
    proven takes long for some example, a few more attempts look for something quicker.

    One candidate at a time takes the fewest tokens; more at once take less time where the model works in parallel.

    Args:
        maker_model: Writes the function: `"local"`, a name that `init_chat_model` takes, or a chat model.
        user_model: Reads the arguments, as it will later for every request. By default the maker's model.
        sandbox: Where candidates run. Closing it is the caller's part.
        attempts: Rounds at most.
        candidates: Replies of the maker in a round.
        temperatures: What the candidates of each way of asking are sampled with, in turn; None leaves the model's own.
            Models that have no temperature are left alone.
        seconds: No attempt is begun after so much time; None for no limit.
        tokens: No attempt is begun after so many tokens; None for no limit.
        checkpointer: Keeps the state of a making between its stages (LangGraph), as plain data.

    Raises:
        ValueError: A number below 1, or no temperature.
        ModelError: A model that cannot be named or set up.

    Example:
        ```python
        from langchain_latm import Example, Task, create_sandbox, create_tool_maker

        SOLVED = {"pear fig": "fig pear", "dove crow auk": "auk crow dove", "tin zinc iron": "iron tin zinc"}

        examples = [Example(question=f"Sort these words: {words}", answer=answer) for words, answer in SOLVED.items()]
        task = Task(name="sort_words", demonstrations=examples[:2], validation=examples[2:])
        with create_sandbox() as sandbox:
            tool = create_tool_maker("openai:gpt-4.1", sandbox=sandbox).invoke(task)
        print(tool.name, tool.report.verified)  # -> sort_words True
        ```
    """
    if attempts < 1 or candidates < 1 or not temperatures:
        msg = "attempts and candidates must be at least 1, and temperatures must not be empty"
        raise ValueError(msg)
    maker = resolve_model(maker_model)
    user = maker if user_model is None else resolve_model(user_model)
    stages = Stages(
        maker=maker,
        user=user,
        sandbox=sandbox,
        attempts=attempts,
        candidates=candidates,
        temperatures=temperatures,
        seconds=seconds,
        tokens=tokens,
    )
    graph = StateGraph(State, context_schema=Context)
    graph.add_node("propose", flow_runnable(stages.propose, name="propose"))
    graph.add_node("verify", flow_runnable(stages.verify, name="verify"))
    graph.add_node("wrap", flow_runnable(stages.wrap, name="wrap"))
    graph.add_edge(START, "propose")
    graph.add_edge("propose", "verify")
    graph.add_conditional_edges("verify", stages.after_verify, ["propose", "wrap", END])
    graph.add_edge("wrap", END)
    compiled = graph.compile(checkpointer=checkpointer, name="tool_maker")
    return ToolMaker(compiled, steps=2 * attempts + 5)


class ToolMaker(GraphRunnable[Task, MadeTool]):
    """Makes a `MadeTool` of a `Task`. Create it with `create_tool_maker`.

    `invoke`, `ainvoke`, `batch` and `abatch` return the tool or raise `ToolMakingError`, which carries every attempt.
    `stream` and `astream` yield the tool alone, as a Runnable in a chain must; with `stream_mode="custom"` they yield a
    `MakingEvent` per step instead, the last of which carries the tool.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data.

    Raises:
        ToolMakingError: No candidate was proven.
        ModelError: A model cannot be reached.
        SandboxError: The sandbox itself failed.
    """

    def __init__(self, graph: CompiledStateGraph[Any, Any, Any, Any], steps: int) -> None:
        self.graph = graph
        self._steps = steps

    def _begin(self, value: Task, config: RunnableConfig | None) -> Beginning:
        # Inside of another graph that one's limit comes with the config, and is meant for its own steps.
        return _start(value), {**ensure_config(config), "recursion_limit": self._steps}, {"context": Context(value)}

    def _result(self, state: dict[str, Any]) -> MadeTool:
        return _outcome(state)

    def _event(self, part: dict[str, Any]) -> MakingEvent:
        return MakingEvent.model_validate(part)

    def _last_event(self, state: dict[str, Any]) -> MakingEvent:
        tool = _outcome(state)
        return MakingEvent(stage="wrapping", message=f"made {tool.name}", attempt=tool.provenance.attempts, tool=tool)


def _start(task: Task) -> State:
    return {
        "task": task.model_dump(mode="json"),
        "candidates": [],
        "attempts": [],
        "usage": {},
        "seconds": 0.0,
    }


def _outcome(state: dict[str, Any]) -> MadeTool:
    if "made_tool" in state:
        return MadeTool.model_validate(state["made_tool"])
    attempts = attempts_in(state)  # type: ignore[arg-type]  # a graph returns its state as a plain dict
    raise ToolMakingError(
        why_no_tool(attempts),
        attempts=attempts,
        usage=usage_in(state),  # type: ignore[arg-type]  # the same
    )
