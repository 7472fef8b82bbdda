"""The stages from a request to its answer: dispatch, then use a tool or let the strong model answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from langgraph.graph import END
from langgraph.types import interrupt

from langchain_latm._core.flow import Calls, Flow
from langchain_latm._core.telemetry import AnsweredBy, answered, tool_failed
from langchain_latm.exceptions import LATMError, RequestError, ToolUseError
from langchain_latm.loop.context import context_doubts
from langchain_latm.loop.feedback import settle
from langchain_latm.loop.judging import judge_wording
from langchain_latm.loop.parser_check import check_parser, is_sampled
from langchain_latm.loop.parts import Loop, tell
from langchain_latm.loop.state import (
    RequestState,
    contains_answer,
    conversation_in,
    deciding_in,
    dispatch_in,
    doubted,
    doubts_in,
    is_alone,
    noted,
    spent,
    system_key_in,
)
from langchain_latm.making.joining import NOT_SURE
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.tools.library.store_batch import now
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.parsed_use import FailedCall
from langchain_latm.tools.strong_answer import ask_strong_model
from langchain_latm.types import Answer, Dispatch, Doubt, Stage, TokenUsage

_KNOWN_ANSWERS: Final = 3
_CUT: Final = "{model} reached its limit of tokens, so its answer may be incomplete and no tool is made of it"
_ANSWERING: Final = frozenset({"dispatching", "judging", "using", "answering"})
_FRESH_SECONDS: Final = 1.0
"""Maximum age of the cached waiting instances if only the form of an answer depends on them."""


class RequestStages:
    """The nodes of the graph that answer a request: each is a flow from the state to its changes."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def dispatch(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Decide: reuse a tool, make one, or answer.

        No tool is searched if the text is not the whole request.
        """
        if (inputs := state.get("inputs")) is not None:
            found = yield from self._loop.dispatchers.plain.dispatch_inputs(inputs)
            tell("dispatching", found.reason)
            if found.action == "answer" or (found.action == "make" and self._loop.making == "off"):
                raise RequestError(f"{found.reason}; choose a tool by its name, with create_tool_user")
            return {"dispatch": found.model_dump(mode="json")}
        doubts = context_doubts(conversation_in(state))
        if doubts:
            found = Dispatch(action="answer", by="context", reason="; ".join(each.sentence for each in doubts))
        else:
            key = system_key_in(state)
            found = yield from self._loop.dispatchers.of(key).dispatch(state["request"])
            if key and found.action != "reuse":
                doubts = yield from self._without_prompt(state)
        tell("dispatching", found.reason)
        decision = {"dispatch": found.model_dump(mode="json"), **spent(state, {"dispatching": found.usage})}
        return {**decision, **doubted(state, *doubts)}

    def _without_prompt(self, state: RequestState) -> Flow[tuple[Doubt, ...]]:
        """Return a doubt if a tool would fit the request without its system prompt."""
        dispatcher = self._loop.dispatchers.plain
        yield from dispatcher.refresh()
        if not dispatcher.fits_by_words(state["request"]):
            return ()
        why = "a tool fits the text, but it was made without the system prompt of this request, so it was not used"
        return (Doubt(code="system_prompt", sentence=why),)

    def after_dispatch(self, state: RequestState) -> str:
        """Return the stage after the decision."""
        action = dispatch_in(state).action
        if state.get("given") is not None:  # answered elsewhere: a tool exists, so there is nothing to learn
            return END if action == "reuse" else "answer" if state.get("text") is None else "keep"
        if action == "make" and self._loop.making != "off":
            return "claim"
        return "use" if action == "reuse" else "answer"

    def use(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Answer with the tool. If it fails, or if there is a doubt, the strong model will answer."""
        found = dispatch_in(state)
        inputs = state.get("inputs")
        try:
            tool, user = yield from self._loop.tool_user(found.tool_id or "")
        except LATMError as error:
            if inputs is not None:
                raise
            return noted(state, f"the tool {found.tool} could not be used: {error}")
        judged = yield from judge_wording(self._loop.judge, state["request"], tool, found, self._loop.verdicts)
        doubts = () if judged.doubt is None else (judged.doubt,)
        spending: dict[Stage, TokenUsage] = {"judging": judged.usage}
        for doubt in doubts:
            tell("judging", doubt.sentence)
        if not judged.may_use:
            # Perhaps not of the tool's kind: its instance belongs to another kind.
            refused = Dispatch(
                action="answer",
                by=found.by,
                score=found.score,
                candidates=found.candidates,
                reason="; ".join(doubt.sentence for doubt in doubts),
                usage=found.usage,
            )
            changed = {"dispatch": refused.model_dump(mode="json"), "refused": tool.id}
            return {**changed, **doubted(state, *doubts), **spent(state, spending)}
        if disputed := self._disputed(state, tool):
            doubts = (*doubts, disputed)
            if inputs is None:
                return {**doubted(state, *doubts), **spent(state, spending)}
        tell("using", f"{tool.name} ({tool.id[:12]})")
        (outcome,) = yield Calls(user, [_given(state, tool)])
        if isinstance(outcome, Answer):
            return (yield from self._used(state, tool, outcome, judged.usage, doubts))
        if not isinstance(outcome, LATMError):
            raise outcome
        return (yield from self._failed(state, tool, outcome, judged.usage, doubts))

    def _failed(
        self, state: RequestState, tool: MadeTool, error: LATMError, judged: TokenUsage, doubts: tuple[Doubt, ...]
    ) -> Flow[dict[str, Any]]:
        usage = error.usage if isinstance(error, ToolUseError) else TokenUsage()
        if NOT_SURE in str(error):
            doubts = (*doubts, Doubt(code="differing", sentence=f"{tool.name}: {NOT_SURE}", tool=tool.name))
        kept = yield from self._count(state, "", tool, usage, doubts, judged=judged, failed=True)
        if state.get("inputs") is not None:
            raise error  # a model without the task would only guess the answer to a row
        spending: dict[Stage, TokenUsage] = {"judging": judged, "using": usage}
        return {**noted(state, str(error), *kept), **doubted(state, *doubts), **spent(state, spending)}

    def _disputed(self, state: RequestState, tool: MadeTool) -> Doubt | None:
        """Return a doubt if feedback calls the tool's earlier answer to this very request wrong."""
        if not self._loop.dispatchers.of(system_key_in(state)).is_disputed(tool.name, state["request"]):
            return None
        then = "so the strong model answers" if state.get("inputs") is None else "and no model answers a row"
        why = f"feedback calls the answer of {tool.name} to this request wrong, {then}"
        tell("using", why)
        return Doubt(code="disputed", sentence=why, tool=tool.name)

    def _used(
        self, state: RequestState, tool: MadeTool, answer: Answer, judged: TokenUsage, doubts: tuple[Doubt, ...]
    ) -> Flow[dict[str, Any]]:
        loop, usage = self._loop, answer.usage.get("using", TokenUsage())
        way: AnsweredBy = "inputs" if tool.inputs is not None else "light_model" if usage.calls else "parser"
        notes: list[str] = []
        if tool.parser is not None and not doubts and usage.calls:
            why = f"{tool.name} failed on the arguments that its parser read, and a model read other ones"
            doubts = (Doubt(code="reread", sentence=why, tool=tool.name),)
        parsed = not usage.calls and tool.parser is not None and tool.model_may_read
        if parsed and is_sampled(state["id"], loop.parser_checks):
            usage, notes = yield from check_parser(loop, state, tool, answer)
            if notes:
                doubts = (*doubts, Doubt(code="parser", sentence=notes[0], tool=tool.name))
        notes += yield from self._count(state, answer.text, tool, usage, doubts, judged=judged, failed=False, way=way)
        if dispatch_in(state).by == "model":
            # The wording did not decide. Stored as an example of the tool, it will for the next such request, without a
            # model.
            example = Instance(id=state["id"], question=state["request"], answer=None, system_key=system_key_in(state))
            notes += yield from loop.tried(loop.operations.add_example(tool.name, example))
        result = {
            "text": answer.text,
            "tool_use": answer.tool_use.model_dump(mode="json") if answer.tool_use else None,
        }
        return {
            **result,
            **noted(state, *notes),
            **doubted(state, *doubts),
            **spent(state, {"judging": judged, "using": usage}),
        }

    def _count(
        self,
        state: RequestState,
        text: str,
        tool: MadeTool,
        usage: TokenUsage,
        doubts: tuple[Doubt, ...],
        *,
        judged: TokenUsage,
        failed: bool,
        way: AnsweredBy = "parser",
    ) -> Flow[list[str]]:
        loop = self._loop
        told = (*doubts_in(state), *doubts)
        if failed:
            tool_failed(tool.id, state["id"])
        else:
            self._say_answered(way, spent(state, {"judging": judged, "using": usage}), state["id"], told, tool.id)
        use = loop.operations.library.use(tool, failed, usage, loop.models["using"])
        note = self._note(state, text, told, judged=judged, tool=tool)
        return (yield from loop.tried(loop.operations.keep_use(state["id"], note, use)))

    @staticmethod
    def _say_answered(
        way: AnsweredBy, usage: Mapping[str, Any], answer: str, doubts: Sequence[Doubt], tool: str = ""
    ) -> None:
        """Report an answer to telemetry; the maker reports what a making took."""
        stages = {stage: TokenUsage.model_validate(each) for stage, each in usage.get("usage", {}).items()}
        for stage in stages.keys() - _ANSWERING:
            del stages[stage]
        answered(way, answer=answer, tool=tool, doubts=[each.code for each in doubts], spent=stages)

    def after_use(self, state: RequestState) -> str:
        """Return the stage after a use: none, or the strong model if the tool gave no answer."""
        return END if state.get("text") is not None else "answer"

    def answer(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Let the strong model answer.

        Raises:
            RequestError: It is a row, and no tool was made for it: a model without the task would only guess.
        """
        loop = self._loop
        if state.get("inputs") is not None:
            raise RequestError("; ".join([dispatch_in(state).reason, *state.get("notes", [])]))
        tell("answering", f"{loop.models['answering']} answers")
        # Earlier messages may change the form of the answer, so other answers are no model for it.
        known = (yield from self._answers_known(state)) if is_alone(state) else []
        found = yield from ask_strong_model(
            loop.strong, conversation_in(state), known, samples=loop.samples, check=loop.check
        )
        given = state.get("given")
        trusted = loop.labels == "model" and found.agreed and (given is None or contains_answer(given, found.text))
        doubts = (Doubt(code="cut", sentence=_CUT.format(model=loop.models["answering"])),) if found.cut else ()
        for doubt in doubts:
            tell("answering", doubt.sentence)
        answered = {"text": found.text, "trusted": trusted, **spent(state, {"answering": found.usage})}
        return {**answered, **doubted(state, *doubts)}

    def _answers_known(self, state: RequestState) -> Flow[list[str]]:
        """Return answers to requests of the same kind."""
        dispatcher = self._loop.dispatchers.of(system_key_in(state))
        kind = yield from dispatcher.kind_of(state["request"], seconds=_FRESH_SECONDS)
        return [each.answer or "" for each in kind.instances[:_KNOWN_ANSWERS]]

    def after_answer(self, state: RequestState) -> str:
        """Return the stage after a direct answer."""
        return "ask_person" if self._loop.labels == "person" and is_alone(state) else "keep"

    def ask_person(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Ask a person for the label: `True` for the answer shown, the correct answer, or `False` if unknown."""
        yield from ()
        said = interrupt({"kind": "label", "question": state["request"], "answer": state.get("text")})
        if isinstance(said, str) and said.strip():
            return {"text": said.strip(), "trusted": True}
        return {"trusted": said is True}

    def keep(self, state: RequestState) -> Flow[dict[str, Any]]:
        """Store the answer for feedback, and the instance for a making."""
        loop, text = self._loop, state.get("text") or ""
        instance, dispatched = None, dispatch_in(state)
        # A request dispatched to a tool gives no instance; with feedback it becomes an example of that tool.
        meant_for = dispatched.tool if dispatched.action == "reuse" else None
        note = self._note(state, text, doubts_in(state), meant_for=meant_for)
        if note.alone and dispatched.action != "reuse":
            instance = Instance(
                id=state["id"],
                question=state["request"],
                answer=text if state.get("trusted") else None,
                source="person" if loop.labels == "person" else "model",
                model=state.get("given_by") or loop.models["answering"],
                usage=TokenUsage.model_validate(state.get("usage", {}).get("answering", {})),
                system_key=note.system_key,
            )
        if state.get("given") is None:  # answered elsewhere
            self._say_answered("strong_model", state, state["id"], note.doubts)
        notes = yield from loop.tried(loop.operations.keep_answer(state["id"], note, instance))
        if state.get("trusted") and any(doubt.code == "disputed" for doubt in note.doubts):
            tool_id = dispatched.tool_id or ""
            notes += yield from loop.tried(settle(loop.operations, tool_id, note.question, text, loop.check))
        return noted(state, *notes)

    def after_keep(self, state: RequestState) -> str:
        """Return the stage after storing: the claim, unless the dispatch found a making due and it was tried before."""
        untried = dispatch_in(state).action == "answer" or state.get("given") is not None
        waits = is_alone(state) and untried
        return "claim" if waits and self._loop.making != "off" else END

    def _note(
        self,
        state: RequestState,
        text: str,
        doubts: tuple[Doubt, ...],
        *,
        judged: TokenUsage | None = None,
        tool: MadeTool | None = None,
        meant_for: str | None = None,
    ) -> AnswerNote:
        """Return the stored note of an answer; `judged` are tokens that are not in the state yet."""
        usage = state if judged is None else spent(state, {"judging": judged})
        return AnswerNote(
            question=state["request"],
            text=text,
            tool=tool.name if tool else None,
            tool_id=tool.id if tool else None,
            meant_for=meant_for,
            system_key=system_key_in(state),
            alone=is_alone(state),
            doubts=doubts,
            deciding=deciding_in(usage, self._loop.models),
            user=state.get("user", ""),
            at=now(),
        )


def _given(state: RequestState, tool: MadeTool) -> Any:
    """Return the input of the tool user: the request or inputs, or the failure of a call before the run began."""
    failed, inputs = state.get("failed_call"), state.get("inputs")
    if failed and failed["tool_id"] == tool.id:
        return FailedCall(state["request"], failed["arguments"], failed["why"])
    return state["request"] if inputs is None else inputs
