"""How answers are shown, and what a person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.prompt import Confirm, Prompt

from langchain_latm.cli.console import out, print_json, say, say_error
from langchain_latm.cli.source_view import show_source
from langchain_latm.cli.tables import shown
from langchain_latm.exceptions import LATMError, ToolUseError
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.types import Answer


@dataclass(frozen=True)
class AnswerRow:
    """One request of a file: what came of it, and whether that is the known answer."""

    question: str
    answer: str | None
    expected: str | None
    right: bool | None
    error: str | None
    arguments: dict[str, Any] | None
    tokens: int
    seconds: float

    @classmethod
    def of(cls, question: str, expected: str | None, outcome: Answer | LATMError, check: AnswerCheck) -> AnswerRow:
        """Join an outcome with the known answer, if there is one."""
        if isinstance(outcome, LATMError):
            right = None if expected is None else False
            tokens = outcome.usage.total if isinstance(outcome, ToolUseError) else 0
            return cls(question, None, expected, right, str(outcome), None, tokens, 0.0)
        use = outcome.tool_use
        right = None if expected is None else check.matches(use.value if use else outcome.text, expected)
        tokens = sum(usage.total for usage in outcome.usage.values())
        return cls(
            question,
            outcome.text,
            expected,
            right,
            None,
            use.arguments if use else None,
            tokens,
            round(outcome.seconds, 3),
        )


def show_answers(rows: Sequence[AnswerRow], *, as_json: bool) -> None:
    """Print the answers to the requests of a file, and a summary."""
    screen = Console(highlight=False)
    for row in rows:
        if as_json:
            print_json(vars(row))
            continue
        mark = {None: " ", True: "[green]right[/]", False: "[red]wrong[/]"}[row.right]
        answer = f"[red]{shown(row.error)}[/]" if row.error else shown(row.answer or "")
        wanted = f"  [dim](known answer: {shown(row.expected or '')})[/]" if row.right is False else ""
        screen.print(f"{mark} {answer}{wanted}", soft_wrap=True)
    summarize(rows, as_json=as_json)


def show_answer(row: AnswerRow, outcome: Answer | LATMError, *, as_json: bool) -> None:
    """Print an answer as soon as it is there: it alone on standard output, how it came about beside it."""
    if isinstance(outcome, LATMError):
        if as_json:
            print_json({"question": row.question, "error": str(outcome)})
        say_error(str(outcome))
        return
    if as_json:
        compared = {} if row.right is None else {"expected": row.expected, "right": row.right}
        print_json({**outcome.model_dump(mode="json"), **compared})
    else:
        out(outcome.text)
    for note in outcome.notes:
        say(f"  note: {note}")
    way = f"by {outcome.tool_use.tool}" if outcome.tool_use else f"by {outcome.models.get('answering', 'a model')}"
    wrong = f", wrong: {row.expected} is known to be right" if row.right is False else ""
    say(f"  {way}, {row.tokens:,} tokens, {row.seconds:.1f} s, id {outcome.id}{wrong}")


def ask_person(asked: dict[str, Any]) -> bool | str:
    """Ask whoever sits at the terminal what a run waits for: whether to keep a tool, or what the right answer is."""
    screen = Console(stderr=True, highlight=False)
    if asked["kind"] == "approval":
        show_source(screen, asked["source"], indent=4)
        proof = asked["report"]["cases"]
        say(f"{asked['name']}: {asked['description']} Right on all of {len(proof)} solved requests.")
        return True if Confirm.ask("Keep it?", console=screen) else Prompt.ask("Why not", console=screen, default="")
    say(f"Question: {asked['question']}")
    say(f"Answer: {asked['answer']}")
    said = Prompt.ask("The right answer (Enter takes this one)", console=screen, default="", show_default=False)
    return said or True


def summarize(rows: Sequence[AnswerRow], *, as_json: bool) -> None:
    """Print what the answers to many requests come to."""
    known = [row for row in rows if row.right is not None]
    right = sum(bool(row.right) for row in known)
    summary: dict[str, Any] = {
        "requests": len(rows),
        "answered": sum(row.error is None for row in rows),
        "compared": len(known),
        "right": right,
        "accuracy": round(right / len(known), 4) if known else None,
        "tokens_per_request": round(sum(row.tokens for row in rows) / len(rows), 1),
    }
    if as_json:
        print_json({"summary": summary})
        return
    compared = f", {right} of {len(known)} right ({right / len(known):.0%})" if known else ""
    say(
        f"{summary['answered']} of {len(rows)} answered{compared}, "
        f"{summary['tokens_per_request']:,.0f} tokens per request"
    )
