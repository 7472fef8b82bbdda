"""Forms of answers: the value that a function returns, and the code that writes it as the text that was asked for.

A weak model often computes the right value and writes it in the wrong form: a list instead of "a, b", or 18.9 instead
of "18.90". So the maker is asked for a plain value, and the harness learns from the demonstrations how to write it. A
form (`forms`) generates the code for that, which becomes a part of the tool's source and is verified with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from langchain_latm.text.lexing.times import TimeUnit
from langchain_latm.text.writing.form import AnswerForm, Column
from langchain_latm.text.writing.forms import forms
from langchain_latm.text.writing.written_source import with_writing

__all__ = ["AnswerForm", "answer_forms", "with_writing", "writings"]


def answer_forms(
    answers: Sequence[str], options: Sequence[Mapping[str, Any]] = (), unit: TimeUnit | None = None
) -> list[AnswerForm]:
    """Return the forms for which the maker may be asked, the best first. They usually include the text itself.

    Args:
        answers: Answers of the demonstrations.
        options: For each demonstration, the arguments that are lists of lettered options, by name.
        unit: Unit of times among the arguments, if there are any.
    """
    column = Column(tuple(answer.strip() for answer in answers), arguments=options, unit=unit)
    alone, before, after = (_first_asked(column, where) for where in ("alone", "before", "after"))
    if alone is not None:  # the arguments have this form too, so asking for text would be a detour
        return [alone]
    text = AnswerForm("str", tuple(column.answers))
    if before and after and before.annotation == "list[str]":  # "12 kr" is an amount, not two words
        before, after = after, None
    return [each for each in (before, text, after) if each is not None]


def _first_asked(column: Column, offered: str) -> AnswerForm | None:
    asked = (form.asked(column) for form in forms() if form.offered == offered)
    return next((each for each in asked if each is not None), None)


def writings(
    values: Sequence[Any],
    answers: Sequence[str],
    arguments: Sequence[Mapping[str, Any]] = (),
    *,
    overruling: bool = False,
) -> Iterator[str]:
    """Yield code that may write these values as these answers, the most specific form first.

    Only types and the shape of answers are compared here: a run in the sandbox decides whether the code is right. One
    answer may stand for None.

    Args:
        values: Values that a function returned.
        answers: The texts that were asked for.
        arguments: The arguments of the calls.
        overruling: Whether to yield only forms that are used even if the values' plain texts are the answers.
    """
    column = Column(answers, values, arguments)
    none = {answer for value, answer in zip(values, answers, strict=True) if value is None}
    if none:
        kept = [i for i, value in enumerate(values) if value is not None]
        column = replace(
            column,
            answers=[answers[i] for i in kept],
            values=[values[i] for i in kept],
            arguments=[arguments[i] for i in kept] if arguments else (),
        )
    if len(none) > 1 or not column.values:
        return
    before = "".join(f"if value is None:\n    return {label!r}\n" for label in none)
    for form in forms():
        if form.overrules_text or not overruling:
            yield from (before + each for each in form.writings(column))
