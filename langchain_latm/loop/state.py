"""The state that passes between the stages of the closed loop: plain data, which any checkpointer can store."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, NotRequired, Self, TypedDict

from langchain_core.messages import BaseMessage, HumanMessage, message_to_dict, messages_from_dict
from langchain_core.prompt_values import PromptValue

from langchain_latm.exceptions import RequestError
from langchain_latm.loop.context import context_doubts, system_key
from langchain_latm.loop.dispatch.dispatcher import validate_request
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.store_batch import unique_key
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    Answer,
    Dispatch,
    Doubt,
    Example,
    Stage,
    TokenUsage,
    ToolName,
    Value,
    check_inputs,
    inputs_text,
)

LoopStage = Literal["dispatching", "judging", "using", "answering", "proposing", "verification", "wrapping"]


class LATMEvent(Value):
    """One line of progress of a request.

    Attributes:
        stage: The current stage.
        message: For a person.
        tool: A new tool, once it is in the library.
        answer: The answer, in the last event of a stream.
    """

    stage: LoopStage
    message: str
    tool: MadeTool | None = None
    answer: Answer | None = None


class RequestState(TypedDict):
    """The state of a request.

    Attributes:
        id: The answer's id.
        request: The text that is dispatched; inputs as JSON.
        inputs: The inputs, if it is a row for a typed tool instead of a text.
        conversation: The messages, dumped; the request is the last of them.
        started: Seconds since the epoch.
        tenant: The tenant of the run; empty without tenants.
        user: Who asked; empty if the application does not name its users.
        dispatch: The decision.
        text: The answer, once there is one.
        given: The answer that the request got elsewhere, for learning only (`solved_state`).
        given_by: The model that gave it.
        tool_use: The call of a tool that gave it.
        trusted: Whether the answer may be a label.
        usage: Tokens by stage.
        notes: For a person, such as why something failed.
        doubts: Why the reuse of a tool was not sure.
        refused: Id of the tool that was dispatched to and not used, since the request may ask for something else.
        failed_call: A call that failed on the request before the run began: `tool_id`, `arguments` and `why`.
        making: The making, while this run holds the claim.
        made_tool: The tool, until it is in the library.
        made: Its name, afterwards.
    """

    id: str
    request: str
    inputs: NotRequired[dict[str, Any] | None]
    conversation: list[dict[str, Any]]
    started: float
    tenant: NotRequired[str]
    user: NotRequired[str]
    dispatch: NotRequired[dict[str, Any] | None]
    text: NotRequired[str | None]
    given: NotRequired[str | None]
    given_by: NotRequired[str | None]
    tool_use: NotRequired[dict[str, Any] | None]
    trusted: NotRequired[bool]
    usage: NotRequired[dict[str, dict[str, Any]]]
    notes: NotRequired[list[str]]
    doubts: NotRequired[list[dict[str, Any]]]
    refused: NotRequired[str | None]
    failed_call: NotRequired[dict[str, Any] | None]
    making: NotRequired[dict[str, Any] | None]
    made_tool: NotRequired[dict[str, Any] | None]
    made: NotRequired[str | None]


class Making(Value):
    """The input of a making.

    Attributes:
        claim: The claim on its instances.
        account: The key of its entry in the day's account (`MakingAccount`); empty without a budget.
        name: The tool's name.
        replaces: The retired tool of that name, if there was one.
        why: Why that tool was retired.
        check: How its answers are compared, if the retired tool's record says it; else the loop's own check.
        used: The instances to show and to prove with.
        rest: The other instances of the same kind.
        repeats: Near duplicates of these.
    """

    claim: str
    account: str = ""
    name: ToolName
    replaces: ToolName | None
    why: str = ""
    check: AnswerCheck | None = None
    used: tuple[Instance, ...]
    rest: tuple[Instance, ...]
    repeats: tuple[Instance, ...] = ()

    @property
    def ids(self) -> list[str]:
        """The ids of the instances that the claim is on."""
        return [each.id for each in (*self.used, *self.rest)]

    @property
    def examples(self) -> tuple[Example, ...]:
        """Question and answer of the used instances."""
        return tuple(each.example for each in self.used)

    @classmethod
    def of(cls, state: RequestState) -> Self:
        """Return the making in a state that has one."""
        stored: Any = state.get("making")
        if isinstance(stored, dict):
            stored = {key: value for key, value in stored.items() if key != "description"}  # of versions before 0.2
        return cls.model_validate(stored)


class Begun(NamedTuple):
    """Holds a request whose state exists already."""

    state: dict[str, Any]


def first_state(request: str | dict[str, Any] | Sequence[BaseMessage] | PromptValue) -> RequestState:
    """Return the state of a new request.

    Raises:
        RequestError: It is empty, too long, or its last message is not a person's; or inputs are not JSON values.
    """
    inputs = request if isinstance(request, dict) else None
    if isinstance(request, dict):
        try:
            check_inputs(request)
        except ValueError as error:
            raise RequestError(str(error)) from error
        request = inputs_text(request)
    if isinstance(request, PromptValue):
        request = request.to_messages()
    conversation = [HumanMessage(request)] if isinstance(request, str) else list(request)
    if not conversation or not isinstance(conversation[-1], HumanMessage):
        raise RequestError("a request is text, or messages of which the last is a person's")
    text = str(conversation[-1].text)
    validate_request(text)
    return {
        "id": unique_key(),
        "request": text,
        "inputs": inputs,
        "conversation": [message_to_dict(message) for message in conversation],
        "started": time.time(),
        # Every key: otherwise a checkpointer would supply the value of an earlier request of the same thread.
        "tenant": "",
        "user": "",
        "dispatch": None,
        "text": None,
        "given": None,
        "given_by": None,
        "tool_use": None,
        "trusted": False,
        "usage": {},
        "notes": [],
        "doubts": [],
        "refused": None,
        "failed_call": None,
        "making": None,
        "made_tool": None,
        "made": None,
    }


class Solved(NamedTuple):
    """A request that was answered elsewhere, such as by an agent.

    Attributes:
        request: Text, or messages of which the last is a person's.
        answer: Its answer.
        trusted: Whether the answer is a label; otherwise it waits for feedback.
        confirm: Whether the strong model answers too. Its answer is the label, if it stands in the given one.
        model: The name of the model that gave the answer, if known.
        usage: The tokens that the answer took.
    """

    request: str | Sequence[BaseMessage]
    answer: str
    trusted: bool = True
    confirm: bool = False
    model: str | None = None
    usage: TokenUsage = TokenUsage()


def solved_state(solved: Solved) -> RequestState:
    """Return the state of a request that was answered elsewhere.

    Raises:
        RequestError: The request cannot be one, or the answer is empty or too long.
    """
    state = first_state(solved.request)
    if not solved.answer.strip() or len(solved.answer) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"the answer is empty or longer than {MAX_QUESTION_CHARACTERS:,} characters")
    state["given"], state["given_by"], state["trusted"] = solved.answer, solved.model, solved.trusted
    if not solved.confirm:
        state["text"] = solved.answer
    return {**state, **spent(state, {"answering": solved.usage})}  # type: ignore[typeddict-item]


def contains_answer(text: str, answer: str) -> bool:
    """Whether a text contains an answer as whole words, ignoring case and white space."""
    whole, part = (" ".join(each.casefold().split()) for each in (text, answer))
    return re.search(rf"(?<![\w.,:/+-]){re.escape(part)}(?!\w|[.,:/-]\w)", whole) is not None


def text_alone(value: object) -> str | None:
    """Return the text of a request that is text alone, without a system prompt or earlier messages; None for others."""
    if isinstance(value, str):
        return value
    if isinstance(value, PromptValue):
        value = value.to_messages()
    if not isinstance(value, Sequence) or len(value) != 1 or not isinstance(value[0], HumanMessage):
        return None
    return value[0].content if isinstance(value[0].content, str) else None


def answer_in(state: Mapping[str, Any], models: Mapping[Stage, str], waiting_for: Any = None) -> Answer:
    """Read the answer from a state, which may be incomplete."""
    usage = state.get("usage") or {}
    return Answer(
        question=state["request"],
        text=state.get("text") or "",
        tool_use=state.get("tool_use"),
        usage=usage,
        seconds=max(0.0, time.time() - state["started"]),
        id=state["id"],
        models={stage: models[stage] for stage in usage},
        dispatch=state.get("dispatch"),
        tool_made=state.get("made"),
        notes=tuple(state.get("notes") or ()),
        doubts=tuple(state.get("doubts") or ()),
        waiting_for=waiting_for,
    )


def conversation_in(state: RequestState) -> list[BaseMessage]:
    """Read the messages out of a state."""
    return messages_from_dict(state["conversation"])


def is_alone(state: RequestState) -> bool:
    """Whether the text is the whole request; otherwise no tool is used, and no instance is stored."""
    return not context_doubts(conversation_in(state))


def system_key_in(state: RequestState) -> str:
    """Return the key of the request's system prompt; empty without one."""
    return system_key(conversation_in(state))


def doubts_in(state: RequestState) -> tuple[Doubt, ...]:
    """Read the doubts out of a state."""
    return tuple(Doubt.model_validate(each) for each in state.get("doubts", []))


def doubted(state: RequestState, *doubts: Doubt) -> dict[str, Any]:
    """Add doubts to those of the stages before."""
    if not doubts:
        return {}
    return {"doubts": [*state.get("doubts", []), *(each.model_dump(mode="json") for each in doubts)]}


def deciding_in(state: Mapping[str, Any], models: Mapping[Stage, str]) -> dict[str, TokenUsage]:
    """Return the tokens for dispatching and judging the request, by the model's name."""
    stages: tuple[Stage, ...] = ("dispatching", "judging")
    found: dict[str, TokenUsage] = {}
    for stage in stages:
        usage = TokenUsage.model_validate(state.get("usage", {}).get(stage, {}))
        if usage.calls:
            found[models[stage]] = found.get(models[stage], TokenUsage()) + usage
    return found


def dispatch_in(state: RequestState) -> Dispatch:
    """Return the decision in a state that has one."""
    return Dispatch.model_validate(state.get("dispatch"))


def noted(state: RequestState, *notes: str) -> dict[str, Any]:
    """Add notes to those of the stages before."""
    return {"notes": [*state.get("notes", []), *notes]} if notes else {}


def spent(state: RequestState, tokens: Mapping[Stage, TokenUsage]) -> dict[str, Any]:
    """Add tokens to those of the stages before."""
    usage = {stage: TokenUsage.model_validate(each) for stage, each in state.get("usage", {}).items()}
    for stage, each in tokens.items():
        if each.calls:
            usage[stage] = usage.get(stage, TokenUsage()) + each
    return {"usage": {stage: each.model_dump() for stage, each in usage.items()}}
