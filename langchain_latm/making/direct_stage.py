"""Measures the cost of direct answers on examples of the proof, so that accounts know a tool's savings at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm._core.amounts import counted
from langchain_latm._core.flow import Calls, Flow
from langchain_latm.making.searching import NoModel
from langchain_latm.making.showing import task_in
from langchain_latm.making.state import MakingState, add_usage, tell, usage_in
from langchain_latm.models.late import LateModel
from langchain_latm.models.names import model_name
from langchain_latm.tools.direct_answer import create_direct_answer
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Answer, DirectCost, TokenUsage


@dataclass(frozen=True)
class DirectStage:
    """A node of the maker's graph, as a flow over its state. It follows the node that makes the record.

    Attributes:
        maker: The model that answers.
        samples: Number of unseen examples that it answers; 0 for none.
    """

    maker: Runnable[Any, Any]
    samples: int

    def is_due(self, state: MakingState) -> bool:
        """Whether there is a model to ask. The embedded model is not started if a search found the function."""
        if not self.samples or isinstance(self.maker, NoModel):
            return False
        return not isinstance(self.maker, LateModel) or any(usage.calls for usage in usage_in(state).values())

    def measure(self, state: MakingState) -> Flow[MakingState]:
        """Let the model answer some unseen examples without the tool, and add the cost to the record.

        If the model fails, the tool is kept and no cost is added.
        """
        task, tool = task_in(state), MadeTool.model_validate(state["made_tool"])
        asked, number = task.validation[: self.samples], tool.provenance.attempts
        tell("wrapping", f"measuring what direct answers cost, on {counted(len(asked), 'unseen example')}", number)
        chain = create_direct_answer(self.maker, demonstrations=task.demonstrations)
        outcomes = yield Calls(chain, [example.text for example in asked])
        answers = [(each, example) for each, example in zip(outcomes, asked, strict=True) if isinstance(each, Answer)]
        spent = sum((usage for each, _ in answers for usage in each.usage.values()), TokenUsage())
        if not spent.total:
            failure = next((f": {each}" for each in outcomes if isinstance(each, Exception)), "")
            tell("wrapping", f"the cost of direct answers is unknown{failure}", number)
            return {}
        direct = DirectCost(
            model=model_name(self.maker),
            answers=len(answers),
            right=sum(task.check.matches(each.text, example.answer) for each, example in answers),
            usage=spent,
            seconds=round(sum(each.seconds for each, _ in answers), 3),
        )
        usage = add_usage(state, "answering", spent)
        changed = tool.provenance.model_copy(update={"direct": direct, "usage": usage_in({"usage": usage})})
        record = MadeTool.model_validate(tool.model_dump() | {"id": "", "provenance": changed.model_dump()})
        return {"made_tool": record.model_dump(mode="json"), "usage": usage}
