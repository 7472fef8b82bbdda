# ruff: noqa: RUF001 - labels and marks of many languages
"""The answer in a reply, in the last line as various models write it in several languages."""

from __future__ import annotations

import pytest

from langchain_latm.text.final_answer import final_answer

WITH_42 = r"""
Antwort: 42
Die Antwort lautet 42.
Réponse : 42
Respuesta final: 42
La risposta è 42
Ответ: 42
Ответ — 42
答案：42
最终答案：42
答えは42です。
정답: 42
답은 42
उत्तर: 42
คำตอบ: 42
Đáp án: 42
الجواب: 42
Svar: **42**.
**Answer:** 42
**Answer: 42**
***Answer: 42***
> Answer: 42
- **Answer**: 42
Final answer: 42
Final Answer: The final answer is 42. I hope it is correct.
The answer to the question is 42.
Therefore, the answer is 42.
The final answer is: **42**
Answer: 42 (forty-two)
Answer: 42.
Answer: `42`
Answer: $42$
Answer = 42
#### 42
=> 42
**42**
\boxed{42}
So we have $\boxed{\text{42}}$.
\(42\)
<answer>42</answer>
{"answer": 42}
""".strip().splitlines()


@pytest.mark.parametrize("explained", ["", "It is not 41, since 41 is odd.\nLet me check: 6 * 7.\n\n"])
def test_usual_last_lines(explained: str) -> None:
    found = {line: final_answer(explained + line) for line in WITH_42 if not explained or line[0] not in "*{\\("}
    assert {line for line, answer in found.items() if answer != "42"} == set()


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("Answer:\n42", "42"),
        ("## Answer\n\n42", "42"),
        ("Answer: a, b\nc, d", "a, b\nc, d"),
        ("Answer: 41. No.\nAnswer: 42", "42"),
        ("Answer: Georgia (US)", "Georgia (US)"),
        ("Answer: f(x)", "f(x)"),
        ("Answer: $42", "$42"),
        ("Answer: 12:30", "12:30"),
        ("Answer: **42** apples", "**42** apples"),
        (r"Answer: \frac{1}{2}", r"\frac{1}{2}"),
        (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        ("The answer is yes.", "yes"),
        ("Is it? Answer: no", "no"),
    ],
)
def test_the_text_after_the_mark_is_unchanged(reply: str, answer: str) -> None:
    assert final_answer(reply) == answer


@pytest.mark.parametrize(
    "reply",
    ["Name: Ada", "12:30", "x = 3", "__init__", "`a` and `b`", "a\nb", "$42", "(b)", "-5", "*", "", "No result"],
)
def test_a_reply_without_a_mark_is_the_answer(reply: str) -> None:
    assert final_answer(reply) == reply


@pytest.mark.parametrize("part", ["answer ", "<answer>", "</answer>", r"\boxed{", "```\n", "1 (a", "*", "\n"])
def test_a_hostile_reply_takes_linear_time(part: str) -> None:
    final_answer(part * 20_000)  # a quadratic search would take minutes
