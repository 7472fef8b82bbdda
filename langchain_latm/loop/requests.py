"""The stages from a request to its answer: dispatch, then use a tool or let the strong model answer."""

from __future__ import annotations

from typing import Any, Final

from langgraph.graph import END
from langgraph.types import interrupt

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import LATMError, ToolUseError
from langchain_latm.loop.parser_check import check_parser, is_sampled
from langchain_latm.loop.parts import Loop, tell
from langchain_latm.loop.state import RequestState, conversation_in, dispatch_in, noted, self_contained, spent
from langchain_latm.loop.strong_answer import ask_strong_model
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.tools.library.store_batch import now
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Answer, Dispatch, TokenUsage

_SHOWN_ANSWERS: Final = 3
_FRESH_SECONDS: Final = 1.0
"""Maximum age of the known waiting instances where only the form of an answer depends on them."""


class RequestStages:
    """The nodes of the graph that answer a request: each is a flow from the state to its changes."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def dispatch(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Decide: reuse a tool, make one, or answer."""
        found: Dispatch = yield from self._loop.dispatcher.dispatch(state["request"])
        tell("dispatching", found.reason)
        return {"dispatch": found.model_dump(mode="json"), **spent(state, {"dispatching": found.usage})}

    def after_dispatch(self, state: RequestState) -> str:
        """Return the stage after the decision."""
        action = dispatch_in(state).action
        if action == "make" and self._loop.making != "off" and self_contained(state):
            return "claim"
        return "use" if action == "reuse" else "answer"

    def use(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Answer with the tool. If that fails, the strong model will answer."""
        found = dispatch_in(state)
        try:
            tool, user = yield from self._loop.tool_user(found.tool_id or "")
        except LATMError as error:
            return noted(state, f"the tool {found.tool} could not be used: {error}")
        tell("using", f"{tool.name} ({tool.id[:12]})")
        (outcome,) = yield Calls(user, [state["request"]])
        if isinstance(outcome, Answer):
            return (yield from self._used(state, tool, outcome, found))
        if not isinstance(outcome, LATMError):
            raise outcome
        usage = outcome.usage if isinstance(outcome, ToolUseError) else TokenUsage()
        kept = yield from self._count(state, "", tool, usage, failed=True)
        return {**noted(state, str(outcome), *kept), **spent(state, {"using": usage})}

    def _used(self, state: RequestState, tool: MadeTool, answer: Answer, found: Dispatch) -> Flow[dict[str, Any]]:
        loop, usage = self._loop, answer.usage.get("using", TokenUsage())
        doubts: list[str] = []
        parsed = not usage.calls and tool.parser is not None and "model" in tool.read_by
        if parsed and is_sampled(state["id"], loop.parser_checks):
            usage, doubts = yield from check_parser(loop, state, tool, answer)
        kept = doubts + (yield from self._count(state, answer.text, tool, usage, failed=False))
        if found.by == "model":
            # Its wording did not decide. As an example of the tool it does for the next one, without a model.
            example = Instance(id=state["id"], question=state["request"], answer=None)
            kept += yield from loop.tried(loop.operations.add_example(tool.name, example))
        answered = {
            "text": answer.text,
            "tool_use": answer.tool_use.model_dump(mode="json") if answer.tool_use else None,
        }
        return {**answered, **noted(state, *kept), **spent(state, {"using": usage})}

    def _count(
        self, state: RequestState, text: str, tool: MadeTool, usage: TokenUsage, *, failed: bool
    ) -> Flow[list[str]]:
        loop = self._loop
        use = loop.operations.library.use(tool, failed, usage, loop.models["using"])
        return (yield from loop.tried(loop.operations.keep_use(state["id"], _note(state, text, tool), use)))

    def after_use(self, state: RequestState) -> str:
        """Return the stage after a use: none, or the strong model if the tool gave no answer."""
        return END if state.get("text") is not None else "answer"

    def answer(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Let the strong model answer."""
        loop = self._loop
        tell("answering", f"{loop.models['answering']} answers")
        kind = yield from loop.dispatcher.kind_of(state["request"], seconds=_FRESH_SECONDS)
        found = yield from ask_strong_model(
            loop.strong,
            conversation_in(state),
            [each.example for each in kind.instances[:_SHOWN_ANSWERS]],
            samples=loop.samples,
            check=loop.check,
        )
        trusted = loop.labels == "model" and found.agreed
        return {"text": found.text, "trusted": trusted, **spent(state, {"answering": found.usage})}

    def after_answer(self, state: RequestState) -> str:
        """Return the stage after a direct answer."""
        return "ask_person" if self._loop.labels == "person" and self_contained(state) else "keep"

    def ask_person(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Ask a person for the label: `True` for the answer shown, the correct answer, or `False` if unknown."""
        yield from ()
        said = interrupt({"kind": "label", "question": state["request"], "answer": state.get("text")})
        if isinstance(said, str) and said.strip():
            return {"text": said.strip(), "trusted": True}
        return {"trusted": said is True}

    def keep(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Store the answer for feedback, and the instance that it gives for a making."""
        loop, text = self._loop, state.get("text") or ""
        instance, dispatched = None, dispatch_in(state)
        # A request dispatched to a tool gives no instance; with feedback it becomes an example of that tool.
        note = _note(state, text, meant_for=dispatched.tool if dispatched.action == "reuse" else None)
        if self_contained(state) and dispatched.action != "reuse":
            instance = Instance(
                id=state["id"],
                question=state["request"],
                answer=text if state.get("trusted") else None,
                source="person" if loop.labels == "person" else "model",
                model=loop.models["answering"],
                usage=TokenUsage.model_validate(state.get("usage", {}).get("answering", {})),
            )
        return noted(state, *(yield from loop.tried(loop.operations.keep_answer(state["id"], note, instance))))

    def after_keep(self, state: RequestState) -> str:
        """Return the stage after storing: the claim, unless the dispatch found a making due and it was tried before."""
        waits = self_contained(state) and dispatch_in(state).action == "answer"
        return "claim" if waits and self._loop.making != "off" else END


def _note(state: RequestState, text: str, tool: MadeTool | None = None, meant_for: str | None = None) -> AnswerNote:
    return AnswerNote(
        question=state["request"],
        text=text,
        tool=tool.name if tool else None,
        tool_id=tool.id if tool else None,
        meant_for=meant_for,
        at=now(),
    )
