"""The tool maker: a Runnable from `Task` to `MadeTool`, backed by a graph (propose, verify, repair, compare, wrap)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import ensure_config
from langgraph.errors import GraphInterrupt
from langgraph.graph import END, START, StateGraph

from langchain_latm._core.defaults import (
    ATTEMPTS,
    CANDIDATES,
    DECIDING_SAMPLES,
    DIRECT_SAMPLES,
    REPAIR,
    SECOND_ATTEMPTS,
    SECONDS,
    TOKENS,
)
from langchain_latm._core.flow import Flow, flow_runnable
from langchain_latm._core.graph_runnable import Beginning, GraphRunnable
from langchain_latm._core.telemetry import making_ended
from langchain_latm.exceptions import ToolMakingError
from langchain_latm.making.comparing import ComparingStages
from langchain_latm.making.deciding import Deciders, Review
from langchain_latm.making.direct_stage import DirectStage
from langchain_latm.making.escalating import MakerModel, Makers, maker_models
from langchain_latm.making.failure import why_no_tool
from langchain_latm.making.helpers.choosing import Helpers
from langchain_latm.making.repair.stage import RepairStage
from langchain_latm.making.searching import Search, chosen_search
from langchain_latm.making.showing import MOST_SHOWN
from langchain_latm.making.stages import Stages
from langchain_latm.making.state import Context, MakingEvent, MakingState, attempts_in, usage_in
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.sandbox.packages.declaring import requirements
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Stage, Task

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import Checkpointer

TEMPERATURES: tuple[float | None, ...] = (0.0, 0.5, 0.8, 0.7, 1.0, 0.9)


def create_tool_maker(
    maker_model: MakerModel | None = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    sandbox: Sandbox,
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    temperatures: Sequence[float | None] = TEMPERATURES,
    seconds: float | None = SECONDS,
    tokens: int | None = TOKENS,
    repair: float = REPAIR,
    second_attempts: int = SECOND_ATTEMPTS,
    deciding_model: str | Runnable[Any, Any] | None = None,
    deciding_samples: int = DECIDING_SAMPLES,
    review: Review | None = None,
    search: Search | bool = True,
    direct_samples: int = DIRECT_SAMPLES,
    packages: Sequence[str] = (),
    helpers: Helpers = (),
    checkpointer: Checkpointer = None,
) -> ToolMaker:
    """Create the Runnable that makes a tool from a task (paper, section 3.1).

    If the questions have the same wording, the harness reads the arguments off them, and the maker writes the
    computation from these plain values to the answers. The parser that read them becomes part of the tool: later
    requests that it can read need no model. Such a proof costs no tokens, so many candidates can be tried. If the
    questions share too few words, and in some other turns too, the maker chooses the parameters and the tool user's
    model reads them.

    Each attempt asks for `candidates` functions at once, rejects invalid replies, and proves the others on the task's
    examples until one passes. Some candidates correct an earlier one, given its wrong answers and errors on the
    demonstrations; most are new, since a model seldom corrects what it does not understand. No answer of a validation
    example enters a prompt of the maker; the validation questions are only compared with the others. If a proven
    function is slow on some example, a few more attempts look for a quicker one.

    If a parsed candidate is right on all demonstrations but fails on an unseen example, and the task has further ones,
    the shortest such example joins the demonstrations, at most five in a making. A further one takes its place in the
    proof.

    After an attempt that proved nothing, a search without a model looks for small changes that make a candidate right
    on all demonstrations, such as another operator, constant, table entry, branch or separator, or a statement of
    another candidate: thousands of variants run in the sandbox. The simplest one that is right is proven like any
    candidate, and counts as one more trial; `Provenance.repaired` lists the changes. Before that, the search for
    programs continues from what a candidate's functions return, such as the right list in the wrong order.

    A candidate that is right on all examples is proven only if a guess would pass with a chance of at most 1 %, given
    how many candidates were tried and how many values the answers have (`VerificationReport.chance`). Otherwise the
    making ends with an error that says how many more examples are needed.

    Examples are seldom complete. So after the first proven function, `second_attempts` more attempts look for a
    different one, if a parser reads the arguments. All different functions that are right on the examples run on fresh
    requests: `Task.requests`, and mutations of the examples (empty, single, repeated, reordered, extreme, negative, in
    another case or script) that the parser reads. If the functions differ, a person (`review`) or the `deciding_model`
    is asked. The answer becomes an example of the proof. Functions that are wrong on it are dropped; if none is left,
    the maker tries again. Without a decision, the tool calls all these functions and fails on requests on which they
    differ, so that the strong model answers those; if their parameters differ, the making ends with an error.
    `VerificationReport.comparison` records the requests and decisions.

    A new tool may call functions of tools that were made before (`helpers`). If no program is found on the arguments, a
    search looks for one on what such functions return for them, and the maker is offered those that share words with
    the task. The sandbox runs them. The source of a function that is called becomes a part of the tool, so that the
    tool depends on nothing; `Provenance.helpers` names the tool that it is from, and its id.

    One candidate at a time takes the fewest tokens; more at once take less time if the model works in parallel.

    Args:
        maker_model: The model that writes the function: `"local"`, a name that `init_chat_model` takes, or a chat
            model. None: only a search may find the function. Or a list of such models, the smallest first: the next one
            is asked if the one before proved nothing within `attempts`, `seconds` and `tokens`, which apply to each.
            It may correct functions of the others, and their candidates count as trials in its proof.
            `Provenance.makers`, and `ToolMakingError.makers` after a failure, give the tokens of each.
        user_model: The model that reads the arguments, in the proof and for later requests. Default: the first maker
            model.
        sandbox: Where candidates run. The caller closes it.
        attempts: Maximum number of rounds.
        candidates: Number of the maker's replies in a round.
        temperatures: Sampling temperatures of the candidates of each way, used in turn; None keeps the model's default.
            They do not apply to models without a temperature.
        seconds: Start no new attempt after this many seconds; None for no limit.
        tokens: Start no new attempt after this many tokens; None for no limit.
        repair: Seconds of search for a repair after each attempt that proved nothing, without tokens; 0 for none.
        second_attempts: Number of attempts to find a second function after the first is proven. Each costs the maker's
            tokens for one round. With several candidates in a round, all different ones are proven. 0 for no
            comparison: the first proven function ends the making.
        deciding_model: The model to ask if proven functions differ: a model as above, or `"maker"` for the maker model
            whose turn it is. Its answer counts if most samples and one of the functions give it. By default no model is
            asked.
        deciding_samples: Number of samples for one answer. At most five requests are decided.
        review: Asks a person instead: a function, sync or async, that takes a `Difference` and returns the right answer
            as text, `False` if no such request can occur, or None if unknown. It may call LangGraph's `interrupt` if
            the maker runs inside a graph that has a checkpointer.
        search: Whether to search for a program before the maker is asked, in at most 20 seconds and without tokens.
            The programs found are proven and compared like the maker's functions; if none is right, the maker is asked.
            Or a search of your own: a function that takes a `Problem` (the demonstrations, and the arguments of all
            other examples) and a number of seconds, and returns `Program`s
            (`langchain_latm.making.synthesis.problem`).
        direct_samples: Number of unseen examples that the maker's model answers without the tool when a tool is made,
            so that accounts know the tool's savings from its first use (`Provenance.direct`); 0 for none. They count
            among the making's tokens. The embedded model is not started only for this.
        packages: Packages that a tool may import besides the standard library: names such as `python-dateutil` or
            `sympy==1.14.0`. They are installed at the first making, as wheels and for tools only, and the tool records
            their exact versions. A tool with packages runs only in the process sandbox of Linux.
        helpers: Tools whose functions the new one may call: a library, of which the current tools of the run's tenant
            are taken; a function that returns the library of a run; or `MadeTool`s. Tools of a library that wait for
            approval, were retired, or are wrong according to feedback are left out, and all tools with packages.
        checkpointer: Keeps the state of a making between its stages (LangGraph), as plain data.

    Raises:
        ValueError: A number is too small, `temperatures` is empty, or there is neither a model nor a search.
        PackageError: A declared name is not the name of a package.
        ModelError: A model cannot be named or set up.

    Example:
        ```python
        from langchain_latm import Example, Task, create_sandbox, create_tool_maker

        SOLVED = {
            "pear fig": "fig pear",
            "dove crow auk": "auk crow dove",
            "tin zinc iron": "iron tin zinc",
            "red blue teal": "blue red teal",
            "oak elm ash": "ash elm oak",
        }

        examples = [Example(question=f"Sort these words: {words}", answer=answer) for words, answer in SOLVED.items()]
        task = Task(name="sort_words", demonstrations=examples[:2], validation=examples[2:])
        with create_sandbox() as sandbox:
            tool = create_tool_maker("openai:gpt-4.1", sandbox=sandbox).invoke(task)
        print(tool.name, tool.report.verified)  # -> sort_words True
        ```
    """
    if attempts < 1 or candidates < 1 or not temperatures:
        raise ValueError("attempts and candidates must be at least 1, and temperatures must not be empty")
    if not 0 <= repair < float("inf"):
        raise ValueError("repair must be a number of seconds, 0 for none")
    if second_attempts < 0 or deciding_samples < 1 or direct_samples < 0:
        raise ValueError("second_attempts and direct_samples must be at least 0, and deciding_samples at least 1")
    makers = Makers(maker_models(maker_model), attempts, seconds, tokens)
    if maker_model is None and (search is False or deciding_model == "maker"):
        raise ValueError("without a maker_model there must be a search, and it cannot decide")
    user = makers.models[0] if user_model is None else late_model(user_model)
    stages = Stages(
        makers=makers,
        user=user,
        sandbox=sandbox,
        candidates=candidates,
        temperatures=temperatures,
        second_attempts=second_attempts,
        search=chosen_search(search),
        packages=tuple(requirements(packages).values()),
        helpers=helpers,
    )
    decider = None if deciding_model is None or deciding_model == "maker" else late_model(deciding_model)
    comparing = ComparingStages(sandbox, Deciders(review, decider, deciding_samples))
    repairing = RepairStage(user, sandbox, repair, stages.search)

    def decide(state: MakingState) -> Flow[MakingState]:
        if deciding_model != "maker":
            return comparing.decide(state)
        return ComparingStages(sandbox, Deciders(review, makers.in_turn(state), deciding_samples)).decide(state)

    def direct(state: MakingState) -> DirectStage:
        return DirectStage(makers.in_turn(state), direct_samples)

    def after_verify(state: MakingState) -> str:
        return "repair" if repairing.is_due(state) else stages.after_verify(state)

    def after_repair(state: MakingState) -> str:
        return "repair" if state.get("learnt") and repairing.is_due(state) else stages.after_verify(state)

    graph = StateGraph(MakingState, context_schema=Context)
    graph.add_node("propose", flow_runnable(stages.propose, name="propose"))
    graph.add_node("verify", flow_runnable(stages.verify, name="verify"))
    graph.add_node("repair", flow_runnable(repairing.repair, name="repair"))
    graph.add_node("compare", flow_runnable(comparing.compare, name="compare"))
    graph.add_node("decide", flow_runnable(decide, name="decide"))
    graph.add_node("wrap", flow_runnable(stages.wrap, name="wrap"))
    graph.add_edge(START, "propose")
    graph.add_edge("propose", "verify")
    further = ["propose", "compare", "wrap", END]
    graph.add_conditional_edges("verify", after_verify, ["repair", *further])
    graph.add_conditional_edges("repair", after_repair, ["repair", *further])
    graph.add_conditional_edges("compare", comparing.after_compare, ["decide", "wrap"])
    graph.add_conditional_edges("decide", stages.after_decide, ["propose", "wrap", END])
    graph.add_node("measure", flow_runnable(lambda state: direct(state).measure(state), name="measure"))
    graph.add_conditional_edges(
        "wrap", lambda state: "measure" if direct(state).is_due(state) else END, ["measure", END]
    )
    graph.add_edge("measure", END)
    compiled = graph.compile(checkpointer=checkpointer, name="tool_maker")
    return ToolMaker(
        compiled, stages, steps=5 * (attempts * len(makers.models) + 2 * (search is not None) + MOST_SHOWN) + 6
    )


class ToolMaker(GraphRunnable[Task, MadeTool]):
    """Makes a `MadeTool` from a `Task`. Create it with `create_tool_maker`.

    `invoke`, `ainvoke`, `batch` and `abatch` return the tool or raise `ToolMakingError`, which carries every attempt.
    `stream` and `astream` yield only the tool, as a Runnable in a chain must; with `stream_mode="custom"` they yield a
    `MakingEvent` per step instead, the last of which carries the tool.

    Attributes:
        graph: The LangGraph graph inside. Its state is plain data.

    Raises:
        ToolMakingError: No candidate was proven.
        ModelError: A model cannot be reached.
        PackageError: Declared packages cannot be installed, or the sandbox cannot load any.
        SandboxError: The sandbox itself failed.
    """

    def __init__(self, graph: CompiledStateGraph[Any, Any, Any, Any], stages: Stages, steps: int) -> None:
        self.graph = graph
        self._stages = stages
        self._steps = steps

    @property
    def models(self) -> dict[Stage, str]:
        """The names of its models, by stage; of several makers, the last one, usually the most expensive."""
        return {"proposing": model_name(self._stages.makers.models[-1]), "verification": model_name(self._stages.user)}

    def _begin(self, value: Task, config: RunnableConfig | None) -> Beginning:
        start: MakingState = {
            "task": value.model_dump(mode="json"),
            "candidates": [],
            "attempts": [],
            "usage": {},
            "seconds": 0.0,
        }
        # Inside another graph, the config carries that graph's limit, which counts its own steps.
        return start, {**ensure_config(config), "recursion_limit": self._steps}, {"context": Context(value)}

    def _result(self, state: dict[str, Any]) -> MadeTool:
        if asked := state.get("__interrupt__"):
            raise GraphInterrupt(asked)
        done = cast("MakingState", state)
        tool = MadeTool.model_validate(state["made_tool"]) if "made_tool" in state else None
        making_ended(tool.id if tool else "", usage_in(done))
        if tool is not None:
            return tool
        attempts = attempts_in(done)
        makers = self._stages.makers
        message = why_no_tool(attempts, done.get("comparison"), makers.ended_early(done))
        raise ToolMakingError(
            " ".join(filter(None, (message, makers.names_asked(done)))),
            attempts=attempts,
            usage=usage_in(done),
            seconds=done["seconds"],
            makers=makers.account(done),
        )

    def _event(self, part: dict[str, Any]) -> MakingEvent:
        return MakingEvent.model_validate(part)

    def _last_event(self, state: dict[str, Any]) -> MakingEvent:
        tool = self._result(state)
        return MakingEvent(stage="wrapping", message=f"made {tool.name}", attempt=tool.provenance.attempts, tool=tool)
