"""How the command line looks: progress on standard error, results on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.prompt import Confirm, Prompt
from rich.syntax import Syntax
from rich.table import Column, Table

from langchain_latm.answer_check import AnswerCheck
from langchain_latm.benchmarks.plain_table import PlainTable
from langchain_latm.demo import KindResult, Score
from langchain_latm.exceptions import LATMError, ToolMakingError, ToolUseError
from langchain_latm.local import LocalModelDescription
from langchain_latm.made_tool import MadeTool
from langchain_latm.types import Answer, Dispatch, VerificationCase, shorten

_ERR = Console(stderr=True, highlight=False)
_OUT = Console(highlight=False)
_MEGABYTE = 1_000_000


class ProgressLine:
    """What one command tells while it works: lines that stay, above one line that moves."""

    def __init__(self, bar: Progress, task: TaskID, title: str) -> None:
        self._bar, self._task, self._title = bar, task, title

    def step(self, stage: str, message: str) -> None:
        """Keep a line for a step that is done."""
        self._bar.console.print(f"  [cyan]{stage:<12}[/] {escape(message)}", soft_wrap=True)

    def source(self, tool: MadeTool) -> None:
        """Keep the source of a tool that was just made."""
        self._bar.console.print(Syntax(tool.source.rstrip(), "python", padding=(0, 4), word_wrap=True))

    def count(self, message: str, done: int, total: int) -> None:
        """Show how far a series is, and keep a line when it begins."""
        if done == 0:
            self._bar.console.print(f"[bold]{escape(message)}[/]")
        self._bar.update(self._task, description=escape(message), completed=done, total=total or None)

    def advance(self) -> None:
        """Count one more as done."""
        self._bar.advance(self._task)

    def bytes(self, done: int, total: int) -> None:
        """Show how much of the weights is read."""
        self._bar.update(
            self._task,
            description=f"{self._title} ({done // _MEGABYTE:,} of {total // _MEGABYTE:,} MB)",
            completed=done,
            total=total,
        )


@contextmanager
def progress(title: str, *, total: int | None = None) -> Iterator[ProgressLine]:
    """Show a spinner with a bar and a clock until the block ends; in a file or a pipe, only the lines that stay."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
        yield ProgressLine(bar, bar.add_task(escape(title), total=total), title)


def out(text: str) -> None:
    """Print a result."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """Print a sentence for a person, beside the results."""
    _ERR.print(escape(text), soft_wrap=True)


def print_json(value: Any) -> None:
    """Print one JSON value on one line of standard output, and nothing else there; ASCII, so any encoding will do."""
    out(json.dumps(value))


def fail(error: LATMError, *, as_json: bool, code: int) -> NoReturn:
    """Print an error as one message, with what was tried, and end the program."""
    if as_json:
        told: dict[str, Any] = {"type": type(error).__name__, "message": str(error)}
        if isinstance(error, ToolMakingError):
            told["attempts"] = [attempt.model_dump(mode="json") for attempt in error.attempts]
        print_json({"error": told})
    _ERR.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True)
    raise SystemExit(code)


def show_tool(tool: MadeTool, *, brief: bool = False) -> None:
    """Print a tool for a person; `brief` leaves out the single cases."""
    made, report = tool.provenance, tool.report
    _OUT.print(f"[bold]{escape(tool.name)}[/]  {escape(tool.description)}")
    _OUT.print(f"[dim]id {tool.id[:16]}, entry {tool.entry}[/]\n")
    _OUT.print(Syntax(tool.source.rstrip(), "python", word_wrap=True))
    _OUT.print()
    if not brief:
        _OUT.print(_parameters_table(tool))
        _OUT.print(_cases_table(report.cases))
    unseen = [case for case in report.cases if case.role == "validation"]
    _OUT.print(
        f"Proof: right on {report.passed} of {len(report.cases)} examples, {len(unseen)} of which its maker never saw."
    )
    if tool.parser is not None:
        others = "a model reads" if "model" in tool.read_by else "no model was proven to read"
        _OUT.print(f"No model is needed for requests like this one; {others} others:")
        _OUT.print(f"[dim]{escape(tool.parser.pattern)}[/]")
    tokens = ", ".join(f"{stage} {usage.total:,}" for stage, usage in made.usage.items())
    _OUT.print(
        f"Made by {escape(made.maker_model)}, used by {escape(made.user_model)}, on {made.created_at}: "
        f"{made.attempts} attempt(s), {made.candidates} candidate(s), {made.seconds:.0f} s, tokens: {tokens}."
    )


def show_dispatch(found: Dispatch) -> None:
    """Print what is to be done with a request, and why."""
    told = {"reuse": f"reuse {found.tool}", "make": "make a tool", "answer": "answer directly"}[found.action]
    out(told)
    say(found.reason)
    if found.candidates:
        rows = [
            (each.name, each.by, f"{each.score:.0%}", f"{each.threshold:.0%}", "yes" if each.fits else "no")
            for each in found.candidates
        ]
        show_rows(("nearest tools", "by", "score", "needed", "fits"), rows)


def show_rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table without a title."""
    table = Table(*map(escape, head))
    for row in rows:
        table.add_row(*map(escape, row))
    _OUT.print(table)


def show_tables(tables: Sequence[PlainTable], *sentences: str) -> None:
    """Print tables of figures, and what they say."""
    for plain in tables:
        # What is too long for its column goes on below: a name that is cut short names nothing.
        columns = (Column(escape(word), overflow="fold") for word in plain.head)
        table = Table(*columns, title=plain.title, title_justify="left")
        for row in plain.rows:
            table.add_row(*map(escape, row))
        _OUT.print(table)
    for sentence in sentences:
        _OUT.print(escape(sentence))


def _parameters_table(tool: MadeTool) -> Table:
    table = Table("parameter", "type", "description", title="Parameters", title_justify="left")
    for name, part in tool.parameters.get("properties", {}).items():
        kind = json.dumps({k: v for k, v in part.items() if k not in ("description", "default")})
        table.add_row(escape(name), escape(shorten(kind)), escape(part.get("description") or ""))
    return table


def _cases_table(cases: Sequence[VerificationCase]) -> Table:
    table = Table("", "example", "question", "arguments", "value", title="Proof", title_justify="left")
    for case in cases:
        mark = "[green]right[/]" if case.passed else "[red]wrong[/]"
        arguments = shorten(json.dumps(case.arguments, ensure_ascii=False), 60)
        came = case.error or shorten(str(case.value), 60)
        role = "shown" if case.role == "demonstration" else "unseen"
        table.add_row(mark, role, escape(shorten(case.question, 60)), escape(arguments), escape(came))
    return table


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
    for row in rows:
        if as_json:
            print_json(vars(row))
            continue
        mark = {None: " ", True: "[green]right[/]", False: "[red]wrong[/]"}[row.right]
        answer = f"[red]{escape(row.error)}[/]" if row.error else escape(row.answer or "")
        wanted = f"  [dim](known answer: {escape(row.expected or '')})[/]" if row.right is False else ""
        _OUT.print(f"{mark} {answer}{wanted}", soft_wrap=True)
    summarize(rows, as_json=as_json)


def show_answer(row: AnswerRow, outcome: Answer | LATMError, *, as_json: bool) -> None:
    """Print an answer as soon as it is there: it alone on standard output, how it came about beside it."""
    if isinstance(outcome, LATMError):
        if as_json:
            print_json({"question": row.question, "error": str(outcome)})
        _ERR.print(f"[bold red]Error:[/] {escape(str(outcome))}", soft_wrap=True)
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
    if asked["kind"] == "approval":
        _ERR.print(Syntax(asked["source"].rstrip(), "python", padding=(0, 4), word_wrap=True))
        proof = asked["report"]["cases"]
        say(f"{asked['name']}: {asked['description']} Right on all of {len(proof)} solved requests.")
        return True if Confirm.ask("Keep it?", console=_ERR) else Prompt.ask("Why not", console=_ERR, default="")
    say(f"Question: {asked['question']}")
    said = Prompt.ask("The right answer (Enter takes this one)", console=_ERR, default=asked["answer"])
    return True if said == asked["answer"] else said


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


def show_local_model(found: LocalModelDescription, *, as_json: bool) -> None:
    """Print what is known of the embedded model."""
    if as_json:
        print_json({**vars(found), "path": str(found.path)})
        return
    slots = "1 slot" if found.slots == 1 else f"{found.slots} slots"
    read, written = found.prompt_tokens_per_second, found.generation_tokens_per_second
    for name, value in (
        ("model", found.name),
        ("weights", f"{found.path} ({found.source}, {found.size:,} bytes)"),
        ("sha256", found.sha256),
        ("server", f"{slots} of {found.context:,} tokens, {found.threads} threads"),
        ("start", f"{found.start_seconds:.1f} s"),
        ("warm-up", f"{read:.0f} tokens/s read, {written:.0f} tokens/s written"),
    ):
        out(f"{name:<9}{value}")  # whole, so that a path or a hash can be copied


def show_demo(results: Sequence[KindResult], *, seed: int, as_json: bool) -> None:
    """Print what the demo found: the same model with and without the tools it made."""
    if as_json:
        print_json({"seed": seed, "kinds": [_kind_json(result) for result in results]})
        return
    table = Table(title=f"The same model, alone and with the tools that it made (seed {seed})", title_justify="left")
    table.add_column("kind", no_wrap=True)
    table.add_column("way")
    for heading in ("right", "tokens per request", "per right answer"):
        table.add_column(heading, justify="right")
    for result in results:
        table.add_row(result.kind, "alone", *_score_cells(result.direct))
        using = _score_cells(result.using) if result.using else ("no tool", "", "")
        table.add_row("", "with tool", *using, end_section=True)
    _OUT.print(table)
    for result in results:
        _OUT.print(f"[bold]{result.kind}[/]: {_making_sentence(result)}")


def _score_cells(score: Score) -> tuple[str, str, str]:
    per_right = f"{score.tokens_per_right_answer:,.0f}" if score.right else "none right"
    return f"{score.right} of {score.requests}", f"{score.tokens_per_request:,.0f}", per_right


def _making_sentence(result: KindResult) -> str:
    """Say what the making cost, and after how many requests it has paid for itself."""
    cost = f"making took {result.making_tokens:,} tokens and {result.making_seconds:.0f} s"
    if result.using is None:
        return f"{cost}, without success. {escape((result.error or '').partition(chr(10))[0])}"
    requests, rights = result.break_even(per="request"), result.break_even(per="right answer")
    by_request = f"after {requests:,} requests" if requests else "never, as a request takes more with the tool"
    if not result.using.right:
        by_right = "never, as the tool gave no right answer"
    elif not result.direct.right:
        by_right = "at the first one, as the model alone gave none"
    else:
        by_right = f"after {rights:,}" if rights else "never, as one takes more with the tool"
    return f"{cost}. Break-even in tokens by requests: {by_request}; by right answers: {by_right}."


def _kind_json(result: KindResult) -> dict[str, Any]:
    return {
        **result.model_dump(mode="json"),
        "making_tokens": result.making_tokens,
        "break_even_requests": result.break_even(per="request"),
        "break_even_right_answers": result.break_even(per="right answer"),
    }
