"""The text of a reply, without thoughts."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from langchain_latm.models.replies import reply_text, was_cut

CODE = "```python\ndef f():\n    return '<think>'\n```"


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("<think>It is 41. No:</think>\n\n42", "42"),
        ("<think>\n```python\nwrong = 1\n```\n</think>\n" + CODE, CODE),
        ("It is 41. No:\n</think>\n\n42", "42"),  # the server's template had opened it
        ("<think>It is 41, and so on until the limit", ""),
        ("Let me see. <thinking>41?</thinking> 42", "Let me see.  42"),
        ("[THINK]41?[/THINK]42", "42"),
        ("◁think▷41?◁/think▷42", "42"),
        ("<seed:think>41?</seed:think>42", "42"),
        ("<|begin_of_thought|>41?<|end_of_thought|>42", "42"),
        ("<think>first <think>second</think> third</think>42", "42"),
        ("<|channel|>analysis<|message|>41?<|end|><|start|>assistant<|channel|>final<|message|>42<|return|>", "42"),
        ("<|channel|>analysis<|message|>41? and so on", ""),
        (CODE, CODE),
        ("  42 \n", "  42 \n"),
        ("x < think > y", "x < think > y"),
    ],
)
def test_thoughts_are_left_out(reply: str, text: str) -> None:
    assert reply_text(AIMessage(reply)) == text


def test_blocks_of_thoughts_are_left_out() -> None:
    for thought in (
        {"type": "thinking", "thinking": "41?", "signature": "x"},
        {"type": "reasoning", "reasoning": "41?"},
        {"type": "redacted_thinking", "data": "x"},
    ):
        assert reply_text(AIMessage([thought, {"type": "text", "text": "42"}])) == "42"


def test_other_runnables_reply_with_text() -> None:
    assert reply_text("<think>41?</think>42") == "42"


@pytest.mark.parametrize(
    ("metadata", "cut"),
    [
        ({"finish_reason": "length"}, True),
        ({"finish_reason": "MAX_TOKENS"}, True),
        ({"finish_reason": "model_length"}, True),
        ({"stop_reason": "max_tokens"}, True),
        ({"stopReason": "max_tokens"}, True),
        ({"done_reason": "length"}, True),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, True),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, False),
        ({"finish_reason": "stop", "incomplete_details": None, "stop_reason": ["length"]}, False),
        ({}, False),
    ],
)
def test_each_provider_has_its_word_for_the_limit(metadata: dict[str, object], cut: bool) -> None:
    assert was_cut(AIMessage("", response_metadata=metadata)) is cut
    assert not was_cut("length")
