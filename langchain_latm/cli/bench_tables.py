"""`latm bench tables`: columns, completed by a search and by models. Parsing and printing only."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from langchain_latm._core.defaults import ATTEMPTS, LOCAL
from langchain_latm.benchmarks.names import BASELINES, HALVES, SEARCH, WAYS
from langchain_latm.cli.bench import REQUESTS, bench, finish, prepare
from langchain_latm.cli.bench_making import Budget, Half, drawn_kinds, require_run, run_measure, say_ended
from langchain_latm.cli.completion import one_of
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.options import (
    BUDGETS,
    MODEL_HELP,
    OUTPUT,
    AsJson,
    Price,
    examples,
    model_option,
    read_prices,
    validate_choice,
)
from langchain_latm.exceptions import TaskError


@bench.command(
    "tables",
    epilog=examples(
        "latm bench tables --data columns --out figures",
        "latm bench tables --data columns --ways search,model,both --sample 10 --out figures",
        "latm bench tables --data columns --ways both+repair,pot --model openai:gpt-4.1 --budget 2 --out figures",
    ),
)
def bench_tables_command(
    data: Annotated[
        Path,
        typer.Option(
            exists=True,
            file_okay=False,
            help="A folder with a JSON file GROUP__NAME.json for each column: an object with `examples`, a list of "
            "objects with `input`, one text for each column that is given, and `answer`.",
        ),
    ],
    ways: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WAY,...",
            help="`search`, the default; `model`, which writes without a search; `both`; `model+repair` and "
            "`both+repair`, which also search for repairs of what the model wrote; `direct`, `cot` or `pot`, a model's "
            "answer to each row. Can be repeated.",
            autocompletion=one_of(*WAYS),
        ),
    ] = None,
    model: Annotated[str, model_option(f"Writes functions, and answers rows. {MODEL_HELP}")] = LOCAL,
    sample: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Measure N tasks, drawn by --seed, as `latm make` would make them. Default: all tasks by search "
            "alone, 10 with other ways.",
            rich_help_panel=REQUESTS,
        ),
    ] = None,
    half: Half = None,
    seed: Annotated[int, typer.Option(help="Seed for the sample and the rows shown.", rich_help_panel=REQUESTS)] = 0,
    test: Annotated[
        int, typer.Option(min=1, help="Rows of each task in the test of a sample.", rich_help_panel=REQUESTS)
    ] = 20,
    shown: Annotated[int, typer.Option(min=1, help="Rows that are shown.", rich_help_panel=REQUESTS)] = 3,
    proof: Annotated[int, typer.Option(min=0, help="Further rows that prove a program.", rich_help_panel=REQUESTS)] = 3,
    seconds: Annotated[
        float,
        typer.Option(min=0.1, help="Longest time of a search on all tasks.", rich_help_panel=BUDGETS),
    ] = 10.0,
    engines: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ENGINE",
            help="A search to use on all tasks; can be repeated. Default: all.",
            autocompletion=lambda: list(_engines()),
        ),
    ] = None,
    attempts: Annotated[
        int, typer.Option(min=1, help="Rounds of a model for each task, at most.", rich_help_panel=BUDGETS)
    ] = ATTEMPTS,
    budget: Budget = None,
    price: Price = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for a page, JSON and a picture, and for the events of a sample, which the same command "
            "continues. Created if missing.",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    report: Annotated[
        bool,
        typer.Option("--report", help="Only write the report of the sample in --out.", rich_help_panel=OUTPUT),
    ] = False,
    goals: Annotated[
        bool,
        typer.Option("--goals", help="Begin the report on all tasks with the project's goals.", rich_help_panel=OUTPUT),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure which columns of tables are computed from others: by search, or by models too (extra `bench`).

    A search takes a fraction of a second for most tasks. Ways other than `search` ask the model of --model.
    """
    chosen = list(dict.fromkeys(way for each in ways or [SEARCH] for way in each.split(",")))
    for way in chosen:
        validate_choice("--ways", way, *WAYS)
    for each in engines or ():
        validate_choice("--engines", each, *_engines())
    prices = read_prices(price)
    alone = chosen == [SEARCH] and sample is None and not report
    if alone and half is not None:
        raise typer.BadParameter("goes with --sample", param_hint="--half")
    if alone:
        prepare(out, as_json=as_json)
        from langchain_latm.benchmarks.tables.measure import bench_tables
        from langchain_latm.benchmarks.tables.report import draw
        from langchain_latm.benchmarks.tables.report import report as page_of
        from langchain_latm.cli.progress import progress

        with progress("measuring") as line:
            figures = bench_tables(
                data, engines=engines or _engines(), shown=shown, proof=proof, seconds=seconds, progress=line.count
            )
        page = page_of(figures, with_goals=goals)
        finish("tables", figures, page, out, partial(draw, figures), as_json=as_json)
        return
    if out is None:
        raise typer.BadParameter("a sample keeps its events there: name a folder", param_hint="--out")
    if report:
        require_run(out)
    prepare(out, as_json=as_json)
    if report:
        _report_ways(out, as_json=as_json)
        return
    if not proof:
        raise typer.BadParameter("a making needs at least one row as its proof", param_hint="--proof")
    from langchain_latm.benchmarks.making.bench import MakingBench
    from langchain_latm.benchmarks.making.costs import Costs
    from langchain_latm.benchmarks.tables.ways import way_makers

    drawn = drawn_kinds([str(data)], sample or 10, half, seed=seed, test=test, needed=shown + proof)
    if odd := [task.name for task in drawn.tasks if not task.typed]:
        raise TaskError(f"{data}: {odd[0]}.json holds requests, no rows; see `latm bench making --pool`")
    asked = chosen_model(model)
    measured: dict[str, Any] = {
        "methods": [way for way in chosen if way not in BASELINES],
        "baselines": [way for way in chosen if way in BASELINES],
    }
    with opened_sandbox() as sandbox:
        measure = MakingBench(
            maker=asked,
            user=asked,
            sandbox=sandbox,
            out=out,
            seed=seed,
            shown=shown,
            validation=proof,
            test=test,
            half=half or HALVES[0],  # type: ignore[arg-type]  # validated
            left_out=drawn.left_out,
            attempts=attempts,
            makers=way_makers(attempts),
        )
        costs = Costs(asked, asked, prices)
        ended = run_measure(measure, [(task, 1) for task in drawn.tasks], costs, budget, **measured)
    _report_ways(out, as_json=as_json)
    say_ended(ended)


def _report_ways(out: Path, *, as_json: bool) -> None:
    """Write and show the report of the events in a folder."""
    from langchain_latm.benchmarks.making.events import FILE, read_events
    from langchain_latm.benchmarks.making.summary import figures_of
    from langchain_latm.benchmarks.tables.ways import draw, report

    figures = figures_of(read_events(out / FILE))
    finish("ways", figures, report(figures), out, partial(draw, figures), as_json=as_json)


def _engines() -> tuple[str, ...]:
    from langchain_latm.making.synthesis.search import ENGINES

    return ENGINES
