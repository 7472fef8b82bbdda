"""The model's own answer."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from langchain_latm.exceptions import ModelError
from langchain_latm.tools.direct_answer import create_direct_answer
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import word_task


async def test_takes_the_reply_as_the_answer() -> None:
    model = ScriptedChatModel(script=in_turn(" a b\n"))
    chain = create_direct_answer(model, demonstrations=word_task().demonstrations)
    answer = chain.invoke("Sort: b a")
    assert (answer.text, answer.tool_use) == ("a b", None)
    assert answer.usage["answering"].calls == 1
    assert (await chain.ainvoke("Sort: b a")).text == "a b"
    assert "Question: Sort: pear fig apple\nAnswer: apple fig pear" in str(model.prompts[0][0].content)


def test_an_answer_that_was_cut_has_a_doubt() -> None:
    cut = AIMessage("1, 2, 3, 4", response_metadata={"stop_reason": "max_tokens"})
    answer = create_direct_answer(ScriptedChatModel(script=in_turn(cut)), demonstrations=()).invoke("Count to 1,000")
    assert (answer.text, [each.code for each in answer.doubts]) == ("1, 2, 3, 4", ["cut"])


def test_an_unreachable_model_is_a_model_error() -> None:
    model = ScriptedChatModel(script=in_turn(ConnectionError("refused")))
    with pytest.raises(ModelError, match="cannot be reached"):
        create_direct_answer(model, demonstrations=()).invoke("Sort: b a")
