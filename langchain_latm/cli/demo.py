"""`latm demo` and `latm model`: a demonstration, and the embedded model. Parsing and printing only."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm._core.defaults import ATTEMPTS, CANDIDATES, LOCAL
from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.names import DEMO_PARTS
from langchain_latm.cli import console, options
from langchain_latm.cli.completion import one_of
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.options import MODEL_HELP, AsJson, Attempts, Candidates, model_option
from langchain_latm.exceptions import ModelError

if TYPE_CHECKING:
    from langchain_latm.benchmarks.demo import DemoEvent, KindResult, Score
    from langchain_latm.benchmarks.demo_column import ColumnResult
    from langchain_latm.cli.progress import ProgressLine
    from langchain_latm.making.state import MakingEvent
    from langchain_latm.models.local import LocalModelDescription


def demo(
    model: Annotated[str, model_option(f"Makes tools, uses them and answers alone. {MODEL_HELP}")] = LOCAL,
    seed: Annotated[int, typer.Option(help="Seed for examples and requests.")] = 0,
    requests: Annotated[int, typer.Option(min=1, help="Fresh requests for each kind.")] = 15,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help=f"Only this part: {', '.join(DEMO_PARTS)}. Can be repeated.",
            autocompletion=one_of(*DEMO_PARTS),
        ),
    ] = None,
    candidates: Candidates = CANDIDATES,
    attempts: Attempts = ATTEMPTS,
    as_json: AsJson = False,
) -> None:
    """Complete a column, make tools for three kinds of request, and answer fresh requests with and without them.

    The column is one of dates in 5,000 rows, of which 20 have an answer. A program for it is searched for, so no model
    is asked; it is proven on the other solved rows, and its answers in all rows are compared with the right ones.

    For the requests one model takes every role: the embedded one by default. The demo shows each tool, and then for
    both ways how many answers were right, the tokens they took, and after how many requests a tool has paid for itself.
    Nothing is stored. The embedded model takes two to five minutes and costs nothing (extra `local`).

    Next: `latm make` on examples of your own.
    """
    from langchain_latm.benchmarks.demo import run_demo
    from langchain_latm.benchmarks.demo_column import COLUMN, run_column
    from langchain_latm.cli.progress import progress

    for name in kind or []:
        options.validate_choice("--kind", name, *DEMO_PARTS)
    parts = tuple(dict.fromkeys(kind or DEMO_PARTS))
    chat = chosen_model(model)
    with opened_sandbox() as sandbox, progress("starting") as line:
        requested = run_demo(
            chat,
            sandbox,
            seed=seed,
            requests=requests,
            kinds=tuple(part for part in parts if part != COLUMN),
            candidates=candidates,
            attempts=attempts,
        )
        events = chain(run_column(chat, sandbox, seed=seed) if COLUMN in parts else (), requested)
        column, results, ended = _followed(events, line, sources=not as_json)
    if ended is None or not as_json:
        _show_demo(column, results, seed=seed, as_json=as_json)
    if ended is not None:
        raise ended
    if any(result.tool is None for result in results) or (column is not None and not column.complete):
        raise typer.Exit(1)


def _followed(
    events: "Iterable[DemoEvent | MakingEvent | ColumnResult | KindResult]", line: "ProgressLine", *, sources: bool
) -> "tuple[ColumnResult | None, list[KindResult], ModelError | None]":
    """Show the demonstration while it runs; return its results so far, and what ended it if a model failed."""
    from langchain_latm.benchmarks.demo import DemoEvent, KindResult
    from langchain_latm.benchmarks.demo_column import ColumnResult
    from langchain_latm.making.state import MakingEvent

    column: ColumnResult | None = None
    results: list[KindResult] = []
    try:
        for event in events:
            if isinstance(event, ColumnResult | KindResult) and event.tool is not None and sources:
                line.source(event.tool)
            match event:
                case ColumnResult():
                    column = event
                case KindResult():
                    results.append(event)
                case MakingEvent():
                    line.step(event.stage, event.message)
                case DemoEvent():
                    line.count(f"{event.kind}: {event.message}", event.done, event.total)
    except ModelError as error:  # what was shown before does not depend on the model
        return column, results, error
    return column, results, None


def model(as_json: AsJson = False) -> None:
    """Show where the embedded model's weights are, check their hash, and measure its speed.

    It starts the model for a few seconds (extra `local`). The first time, the weights (1.1 GB) are joined in the user's
    cache folder.
    """
    from langchain_latm.cli.progress import progress
    from langchain_latm.models.local import describe_local_model

    with progress("checking the weights and starting the model") as line:
        found = describe_local_model(progress=line.bytes)
    _show_model(found, as_json=as_json)


def _show_model(found: "LocalModelDescription", *, as_json: bool) -> None:
    """Print what is known about the embedded model."""
    if as_json:
        console.print_json({**vars(found), "path": str(found.path)})
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
        console.out(f"{name:<9}{value}")  # not shortened, so that a path or a hash can be copied


def _show_demo(column: "ColumnResult | None", results: "Sequence[KindResult]", *, seed: int, as_json: bool) -> None:
    """Print the results: the column, and the same model with and without the tools that it made."""
    if as_json:
        shown = {} if column is None else {"column": column}
        console.print_json({"seed": seed, **shown, "kinds": [_kind_json(result) for result in results]})
        return
    if column is not None:
        console.out(_column_sentence(column))
    if not results:
        return
    from langchain_latm.cli.tables import show_tables

    rows: list[tuple[str, ...]] = []
    for result in results:
        using = _score_cells(result.using) if result.using else ("no tool", "", "")
        rows += [(result.kind, "alone", *_score_cells(result.direct)), ("", "with tool", *using)]
    title = f"The same model, alone and with the tools that it made (seed {seed})"
    table = PlainTable(title, ("kind", "way", "right", "tokens per request", "per right answer"), rows)
    show_tables([table], *(f"{result.kind}: {_making_sentence(result)}" for result in results))


def _column_sentence(column: "ColumnResult") -> str:
    """Return the result of the column in words."""
    if column.tool is None:
        return f"column: no tool was made. {(column.error or '').partition(chr(10))[0]}"
    right, seconds = f"{column.right:,} of {column.rows:,} rows right", column.applying_seconds
    by = "without a model" if not column.tokens else f"with {column.tokens:,} tokens"
    return (
        f"column: made {by} in {column.making_seconds:.1f} s from {column.solved} of {column.rows:,} rows, then "
        f"{right}, {column.refused:,} refused, in {seconds:.1f} s"
    )


def _score_cells(score: "Score") -> tuple[str, str, str]:
    per_right = f"{score.tokens_per_right_answer:,.0f}" if score.right else "none right"
    return f"{score.right} of {score.requests}", f"{score.tokens_per_request:,.0f}", per_right


def _making_sentence(result: "KindResult") -> str:
    """Return what the making cost, and after how many requests it has paid for itself."""
    cost = f"making took {result.making_tokens:,} tokens and {result.making_seconds:.0f} s"
    if result.using is None:
        return f"{cost}, without success. {(result.error or '').partition(chr(10))[0]}"
    requests, rights = result.break_even(per="request"), result.break_even(per="right answer")
    by_request = f"after {requests:,} requests" if requests else "never, as a request takes more with the tool"
    if not result.using.right:
        by_right = "never, as the tool gave no right answer"
    elif not result.direct.right:
        by_right = "at the first one, as the model alone gave none"
    else:
        by_right = f"after {rights:,}" if rights else "never, as one takes more with the tool"
    return f"{cost}. Break-even in tokens by requests: {by_request}; by right answers: {by_right}."


def _kind_json(result: "KindResult") -> dict[str, Any]:
    return {
        **result.model_dump(mode="json"),
        "making_tokens": result.making_tokens,
        "break_even_requests": result.break_even(per="request"),
        "break_even_right_answers": result.break_even(per="right answer"),
    }
