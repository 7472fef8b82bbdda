"""Showing answers, and asking the person at the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, NamedTuple

from rich.console import Console
from rich.prompt import Confirm, Prompt

from langchain_latm import Answer, AnswerCheck, Difference, Dispatch, LATMError, ToolUseError
from langchain_latm.cli.console import out, print_json, say, say_error
from langchain_latm.cli.tables import marked, shown
from langchain_latm.cli.tool_view import show_source
from langchain_latm.text.answer_check import answer_text


@dataclass(frozen=True)
class AnswerRow:
    """The outcome of one request of a file, compared with the known answer if there is one."""

    question: str
    answer: str | None
    expected: Any
    right: bool | None
    error: str | None
    arguments: dict[str, Any] | None
    tokens: int
    seconds: float

    @classmethod
    def of(cls, question: str, expected: Any, outcome: Answer | LATMError, check: AnswerCheck) -> AnswerRow:
        """Compare an outcome with the known answer."""
        if isinstance(outcome, LATMError):
            right = None if expected is None else False
            tokens = outcome.usage.total if isinstance(outcome, ToolUseError) else 0
            return cls(question, None, expected, right, str(outcome), None, tokens, 0.0)
        use = outcome.tool_use
        right = None if expected is None else check.matches(use.value if use else outcome.text, expected)
        arguments = use.arguments if use else None
        tokens = sum(usage.total for usage in outcome.usage.values())
        return cls(question, outcome.text, expected, right, None, arguments, tokens, round(outcome.seconds, 3))


class Shown(NamedTuple):
    """How answers are shown.

    Attributes:
        explain: Whether to print the decision and what was nearest.
        as_json: Whether to print JSON, which contains all this.
    """

    explain: bool = False
    as_json: bool = False


@dataclass
class Totals:
    """Totals of many requests: plain numbers, which a file keeps between runs."""

    requests: int = 0
    answered: int = 0
    compared: int = 0
    right: int = 0
    tokens: int = 0

    def add(self, rows: Sequence[AnswerRow]) -> None:
        """Add further requests."""
        self.requests += len(rows)
        self.answered += sum(row.error is None for row in rows)
        self.compared += sum(row.right is not None for row in rows)
        self.right += sum(bool(row.right) for row in rows)
        self.tokens += sum(row.tokens for row in rows)

    def say(self) -> None:
        """Print how many requests were answered and right, and the tokens per request, on standard error."""
        share = f"{self.right:,} of {self.compared:,} right ({self.right / self.compared:.0%})" if self.compared else ""
        tokens = f"{self.tokens / self.requests:,.0f} tokens per request"
        say(", ".join(filter(None, [f"{self.answered:,} of {self.requests:,} answered", share, tokens])))


def show_row(row: AnswerRow) -> None:
    """Print the answer to one of many requests on a terminal, and whether it is right."""
    verdict = " " if row.right is None else marked("right" if row.right else "wrong")
    answer = f"[red]{shown(row.error)}[/]" if row.error else shown(row.answer or "")
    expected = f"  [dim](known answer: {shown(answer_text(row.expected))})[/]" if row.right is False else ""
    Console(highlight=False).print(f"{verdict} {answer}{expected}", soft_wrap=True)


def show_answer(row: AnswerRow, outcome: Answer | LATMError, shown: Shown) -> None:
    """Print one answer on standard output, and how it was found on standard error."""
    if shown.as_json:
        print_json(answer_data(row, outcome))
    if isinstance(outcome, LATMError):
        say_error(str(outcome))
        return
    if not shown.as_json:
        out(outcome.text)
    show_reasons(outcome, shown)
    source = outcome.tool_use.tool if outcome.tool_use else outcome.models.get("answering", "a model")
    wrong = f", wrong: the known answer is {row.expected}" if row.right is False else ""
    say(f"  by {source}, {row.tokens:,} tokens, {row.seconds:.1f} s, id {outcome.id}{wrong}")


def show_reasons(answer: Answer, shown: Shown) -> None:
    """Print the doubts about an answer and, with `explain`, the decision, on standard error."""
    if shown.explain and answer.dispatch is not None:
        _show_decision(answer.dispatch)
    for doubt in answer.doubts:
        say(f"  doubt ({doubt.code}): {doubt.sentence}")
    for note in answer.notes:
        say(f"  note: {note}")


def answer_data(row: AnswerRow, outcome: Answer | LATMError) -> dict[str, Any]:
    """Return an answer as JSON data, compared with the known one if there is one."""
    if isinstance(outcome, LATMError):
        return {"question": row.question, "error": str(outcome)}
    compared = {} if row.right is None else {"expected": row.expected, "right": row.right}
    return {**outcome.model_dump(mode="json"), **compared}


def _show_decision(decision: Dispatch) -> None:
    """Print the decision, its reason, and the nearest tools."""
    actions = {"reuse": f"reuse {decision.tool}", "make": "make a tool", "answer": "answer directly"}
    say(f"  decision: {actions[decision.action]}: {decision.reason}")
    for each in decision.candidates:
        fits = "fits" if each.fits else "does not fit"
        say(f"  nearest: {each.name}, {each.score:.0%} by {each.by}, {each.threshold:.0%} needed, {fits}")


def ask_person(asked: dict[str, Any]) -> bool | str:
    """Ask whether to add a tool, or for the right answer; return the value with which the run resumes."""
    screen = Console(stderr=True, highlight=False)
    if asked["kind"] == "difference":
        return ask_about(Difference(question=asked["question"], answers=asked["answers"]))
    if asked["kind"] == "approval":
        show_source(screen, asked["source"], indent=4)
        cases = asked["report"]["cases"]
        say(f"{asked['name']}: {asked['description']} Right on all {len(cases)} solved requests.")
        if Confirm.ask("Add it to the library?", console=screen):
            return True
        return Prompt.ask("Why not", console=screen, default="")
    say(f"Question: {asked['question']}")
    say(f"Answer: {asked['answer']}")
    return (
        Prompt.ask("The right answer (Enter accepts this one)", console=screen, default="", show_default=False) or True
    )


def ask_about(difference: Difference) -> bool | str:
    """Ask which answer is right if functions that are right on all examples differ.

    Returns:
        The right answer, `False` if no such request can occur, or `True` if the person does not know.
    """
    screen = Console(stderr=True, highlight=False)
    say(f"Functions that are right on all examples differ on: {difference.question}")
    listed = dict(zip(ascii_lowercase, (each for each in difference.answers if each is not None), strict=False))
    for letter, answer in listed.items():
        say(f"  {letter}: {answer}")
    if None in difference.answers:
        say("  one of them fails")
    say("Type a letter, =ANSWER for another answer, or - if no such request can occur. Enter if you do not know.")
    try:
        while (typed := Prompt.ask("Which is right", console=screen, default="", show_default=False).strip()) != "":
            if typed == "-":
                return False
            if typed in listed:
                return listed[typed]
            if typed.startswith("=") and typed[1:].strip():
                return typed[1:].strip()
            say(f"{typed!r} is none of these")
    except EOFError:
        say("")
    return True
