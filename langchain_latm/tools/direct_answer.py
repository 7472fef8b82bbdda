"""A model's own answer, without a tool: the baseline."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Flow, flow_runnable
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_error
from langchain_latm.models.late import late_model
from langchain_latm.models.replies import reply_text, was_cut
from langchain_latm.tools.prompts import ANSWERING, examples_text
from langchain_latm.types import Answer, Doubt, Example, TokenUsage

_CUT: Final = Doubt(code="cut", sentence="the model reached its limit of tokens, so its answer may be incomplete")


def create_direct_answer(
    model: str | Runnable[Any, Any] = "local", *, demonstrations: Sequence[Example]
) -> Runnable[str, Answer]:
    """Create the Runnable that answers with a model and the demonstrations that a maker sees, without a tool.

    It asks only for the answer, without reasoning first, and uses the reply unchanged.

    Args:
        model: `"local"`, a name that `init_chat_model` takes, or a chat model.
        demonstrations: Solved examples for the prompt.

    Returns:
        A Runnable from a question to an `Answer` without a `tool_use`; with the doubt `cut` if the model reached its
        limit of tokens.

    Raises:
        ModelError: By the Runnable: the model cannot be reached.
    """
    resolved = late_model(model)
    chat = asking(resolved, temperature=0)
    prompt = examples_text(demonstrations)

    def answer(question: str) -> Flow[Answer]:
        start = time.perf_counter()
        (reply,) = yield Calls(ANSWERING | chat, [{"demonstrations": prompt, "question": question}])
        if isinstance(reply, Exception):
            raise model_error(reply, resolved) from reply
        return Answer(
            question=question,
            text=reply_text(reply).strip(),
            doubts=(_CUT,) if was_cut(reply) else (),
            usage={"answering": TokenUsage.of(reply)},
            seconds=time.perf_counter() - start,
        )

    return flow_runnable(answer, name="direct_answer")
