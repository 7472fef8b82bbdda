"""The parts of a closed loop that its stages share."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from langchain_core.runnables import Runnable
from langgraph.config import get_stream_writer

from langchain_latm._core.flow import Compute, Flow
from langchain_latm.exceptions import LATMError
from langchain_latm.loop.dispatch.dispatcher import Dispatcher
from langchain_latm.loop.judging import Verdicts
from langchain_latm.loop.state import LATMEvent, LoopStage
from langchain_latm.making.maker import ToolMaker
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.budget import MakingAccount
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.loop_operations import LoopOperations
from langchain_latm.tools.library.pending import Approve, PendingTools
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Answer, Stage

Labels = Literal["model", "person", "feedback"]
When = Literal["inline", "background", "off"]

_KEPT_USERS: Final = 100
_KEPT_DISPATCHERS: Final = 20


class Dispatchers:
    """One dispatcher for each system prompt, which finds only the tools that were made under that prompt.

    Args:
        create: Creates the dispatcher of a key (`context.system_key`).
    """

    def __init__(self, create: Callable[[str], Dispatcher]) -> None:
        self._create = create
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Dispatcher] = OrderedDict()
        self.plain = create("")

    def of(self, system_key: str) -> Dispatcher:
        """Return the dispatcher of a system prompt; the least recently used ones are dropped."""
        if not system_key:
            return self.plain
        with self._lock:
            found = self._kept.pop(system_key, None) or self._create(system_key)
            self._kept[system_key] = found
            while len(self._kept) > _KEPT_DISPATCHERS:
                self._kept.popitem(last=False)
        return found


@dataclass(frozen=True)
class Loop:
    """The parts that the stages work with; `create_latm` documents most fields.

    Attributes:
        dispatchers: The dispatcher of each system prompt.
        users: The tool users of recently used tools, by the tool's id.
        tried_readers: Whether the model read unseen examples of tools that were made without one, by the tool's id.
        verdicts: Verdicts of the judging model on recent requests.
    """

    operations: LoopOperations
    dispatchers: Dispatchers
    claims: Claims
    account: MakingAccount
    maker: ToolMaker
    strong: Runnable[Any, Any]
    judge: Runnable[Any, Any] | None
    user: Runnable[Any, Any]
    models: dict[Stage, str]
    sandbox: Sandbox
    check: AnswerCheck
    instances: int
    demonstrations: int
    samples: int
    parser_checks: float
    labels: Labels
    making: When
    approve: Approve
    pending: PendingTools
    approval_seconds: float
    users: OrderedDict[str, tuple[MadeTool, Runnable[str, Answer]]] = field(default_factory=OrderedDict)
    tried_readers: dict[str, bool] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=Verdicts)

    def tried(self, flow: Flow[Any]) -> Flow[list[str]]:
        """Run a flow that writes to the library; if it fails, return a note instead of losing the answer."""
        try:
            yield from flow
        except LATMError as error:
            return [f"the library could not store it: {error}"]
        return []

    def tool_user(self, tool_id: str) -> Flow[tuple[MadeTool, Runnable[str, Answer]]]:
        """Return a tool and its tool user.

        Raises:
            ToolLibraryError: It cannot be read.
            ToolRecordError: Its record was altered or damaged.
        """
        found = self.users.get(tool_id)
        if found is None:
            tool = yield from self.operations.library.get_by_id(tool_id)
            # Checking a source and building the model of its arguments takes some 5 ms of CPU.
            (user,) = yield Compute(lambda: create_tool_user(tool, self.user, sandbox=self.sandbox))
            found = self.users[tool_id] = tool, user
            while len(self.users) > _KEPT_USERS:
                self.users.popitem(last=False)
        return found


def tell(stage: LoopStage, message: str, tool: MadeTool | None = None) -> None:
    """Send progress to the caller, if it streams."""
    get_stream_writer()(LATMEvent(stage=stage, message=message, tool=tool).model_dump(mode="json"))
