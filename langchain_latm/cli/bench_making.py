"""`latm bench making|using|all`: makings and answers, on models of your choice. Parsing and printing only."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm._core.defaults import LOCAL
from langchain_latm.benchmarks.names import BASELINES, GROUPS, GYM, HALVES, METHODS
from langchain_latm.cli import console
from langchain_latm.cli.bench import REQUESTS, bench, data_folder, finish, prepare
from langchain_latm.cli.completion import one_of
from langchain_latm.cli.models import chosen_models, opened_sandbox
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
from langchain_latm.exceptions import LATMError, ModelError, SandboxError

if TYPE_CHECKING:
    from langchain_latm.benchmarks.making.bench import MakingBench
    from langchain_latm.benchmarks.making.costs import Costs
    from langchain_latm.benchmarks.making.drawing import DrawnKinds
    from langchain_latm.benchmarks.making.tasks import BenchTask

_GOES_ON = (
    "Every event is kept in the --out folder: to resume a stopped run, repeat the command; nothing is asked twice. "
    "`all` runs `making` and `using`; they may share a folder. Each request of a test is asked once, and a making "
    "costs as much as `latm make`. Before it begins, the command prints an estimate of what it will cost."
)
_DRAWING = (
    "With --draw the kinds are drawn at random from reasoning-gym or from folders: from the half whose names have an "
    "even hash, to learn from, or with `--half final` from the other half, which you keep for the final report."
)

Half = Annotated[
    str | None,
    typer.Option(
        metavar="HALF",
        help="The half to draw from: `development`, the default, or `final`, for the figures of a final report only.",
        autocompletion=one_of(*HALVES),
        rich_help_panel=REQUESTS,
    ),
]
Budget = Annotated[
    float | None,
    typer.Option(
        min=0,
        metavar="USD",
        help="Stop when the requests and makings of --out have cost this much. A making that has begun is finished. "
        "Repeat the command with a larger budget to resume.",
        rich_help_panel=BUDGETS,
    ),
]


def _tasks(incomplete: str) -> list[str]:
    """Complete a task or a group of tasks."""
    return one_of(*GROUPS, *(name for group in GROUPS.values() for name in group))(incomplete)


@bench.command(
    "all",
    help=f"Make and test tools, and compare them with answers without tools (extra `bench`).\n\n{_GOES_ON}",
    epilog=examples("latm bench all --tasks paper:3 --tasks standard:1 --data bbh --out figures"),
)
@bench.command(
    "using",
    help=f"Answer the same tests without tools, for comparison (extra `bench`).\n\n{_GOES_ON}",
    epilog=examples("latm bench using --tasks own --baselines direct --baselines pot --out figures"),
)
@bench.command(
    "making",
    help=f"Make tools, and test them on examples that no making has seen (extra `bench`).\n\n{_GOES_ON}\n\n{_DRAWING}",
    epilog=examples(
        "latm bench making --tasks own --out figures",
        "latm bench making --draw 10 --seed 7 --baselines pot --out figures",
        "latm bench making --draw 10 --pool requests --maker openai:gpt-4.1 --user openai:gpt-4.1-mini --budget 5 "
        "--out figures",
        "latm bench making --tasks paper:3 --data bbh --methods default --methods paper --out figures",
        "latm bench making --report --out figures",
    ),
)
def bench_making_command(
    context: typer.Context,
    tasks: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:RUNS]",
            help="A group (`paper`, `standard` of reasoning-gym, `own`), a JSON file of --data without its ending, a "
            "generator of reasoning-gym, or a kind of `latm demo`; and how many tools to make for each. Default: "
            "`own`. Can be repeated.",
            autocompletion=_tasks,
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(callback=data_folder, help="A folder with BIG-bench JSON files.", rich_help_panel=REQUESTS),
    ] = None,
    draw: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Instead of --tasks: N kinds of each --pool, drawn by --seed.",
            rich_help_panel=REQUESTS,
        ),
    ] = None,
    pool: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POOL",
            help="With --draw: `reasoning-gym` (default; its generators with one right answer), or a folder with a "
            "JSON file for each kind, of `examples` with `question` and `answer`, or with a list `input` and `answer` "
            "as for `latm bench tables`. Can be repeated.",
            autocompletion=one_of(GYM),
            rich_help_panel=REQUESTS,
        ),
    ] = None,
    half: Half = None,
    model: Annotated[str, model_option(f"Takes every role that no other option names. {MODEL_HELP}")] = LOCAL,
    maker: Annotated[
        str | None,
        model_option(
            "Makes the tools. Here and for --user, `openai:NAME@http://host/v1` names the address of a server too."
        ),
    ] = None,
    user: Annotated[str | None, model_option("Reads arguments for tools, and answers for the baselines.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="Makings for each task without :RUNS.")] = 1,
    seed: Annotated[
        int,
        typer.Option(
            help="Seed for the kinds of --draw and the examples for making; a kind's test stays the same.",
            rich_help_panel=REQUESTS,
        ),
    ] = 0,
    test: Annotated[int, typer.Option(min=1, help="Requests in the test of each task.", rich_help_panel=REQUESTS)] = 20,
    validation: Annotated[
        int,
        typer.Option(
            min=1,
            help="Unseen examples that prove a tool; if answers have few values, up to 12 more are used.",
            rich_help_panel=REQUESTS,
        ),
    ] = 3,
    methods: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METHOD",
            help="How tools are made: `default`, or `paper` as its authors did. Default: both.",
            autocompletion=one_of(*METHODS),
        ),
    ] = None,
    baselines: Annotated[
        list[str] | None,
        typer.Option(
            metavar="BASELINE",
            help="Answers without tools: `direct`, only the answer; `cot`, a chain of thought; `pot`, a program for "
            "each request. Default: all; none for `making`.",
            autocompletion=one_of(*BASELINES),
        ),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests of a test at the same time.")] = 1,
    budget: Budget = None,
    price: Price = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only print the kinds, those left out, and the estimate; ask no model.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Only write the report of --out; ask no model.", rich_help_panel=OUTPUT)
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for events, tools and the report; created if missing. A stopped run resumes here. Only --plan "
            "needs none.",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    goals: Annotated[
        bool, typer.Option("--goals", help="Begin the report with the goals of this project.", rich_help_panel=OUTPUT)
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run `making`, `using` or both, by the command's name."""
    for option, given, known in (("--methods", methods, METHODS), ("--baselines", baselines, BASELINES)):
        for each in given or ():
            validate_choice(option, each, *known)
    if context.info_name == "using" and methods:
        raise typer.BadParameter("`using` makes no tools; see `latm bench all`", param_hint="--methods")
    if draw is None and (pool or half):
        raise typer.BadParameter("goes with --draw", param_hint="--pool" if pool else "--half")
    if draw is not None and tasks:
        raise typer.BadParameter("takes the place of --tasks", param_hint="--draw")
    prices = read_prices(price)
    if not plan:
        _prepare_folder(out, report=report, as_json=as_json)
    from langchain_latm.benchmarks.making.bench import MAKERS, MakingBench
    from langchain_latm.benchmarks.making.costs import Costs
    from langchain_latm.benchmarks.making.tasks import planned

    if out is not None and report:
        _report_making(out, goals=goals, as_json=as_json)
        return
    needed = 3 + validation
    drawn = None if draw is None else drawn_kinds(pool or [GYM], draw, half, seed=seed, test=test, needed=needed)
    kinds = (
        planned(tasks or ["own"], data, test, runs, needed=needed)
        if drawn is None
        else [(task, runs) for task in drawn.tasks]
    )
    making, using = chosen_models(maker or model, user or model)
    measured: dict[str, Any] = {
        "methods": () if context.info_name == "using" else methods or tuple(MAKERS),
        "baselines": baselines or (() if context.info_name == "making" else BASELINES),
    }
    with opened_sandbox() as sandbox:
        measure = MakingBench(
            maker=making,
            user=using,
            sandbox=sandbox,
            out=out or Path(),
            seed=seed,
            validation=validation,
            test=test,
            half=None if drawn is None else _half(half),  # type: ignore[arg-type]  # validated
            left_out={} if drawn is None else drawn.left_out,
            concurrency=concurrency,
        )
        costs = Costs(making, using, prices)
        if plan:
            _show_plan(measure, kinds, costs, measured, begun=out is not None, as_json=as_json)
            return
        ended = run_measure(measure, kinds, costs, budget, **measured)
    _report_making(measure.out, goals=goals, as_json=as_json)
    say_ended(ended)


def _prepare_folder(out: Path | None, *, report: bool, as_json: bool) -> None:
    """Check the folder of a run before minutes are spent, and that a report has one."""
    if out is None:
        raise typer.BadParameter("name the folder for events, tools and the report", param_hint="--out")
    if report:
        require_run(out)
    prepare(out, as_json=as_json)


def require_run(out: Path) -> None:
    """Raise a `typer.BadParameter` if a folder holds no run to report on."""
    from langchain_latm.benchmarks.making.events import FILE

    if not (out / FILE).exists():
        raise typer.BadParameter(
            f"{out} holds no run: the same command without --report starts one there", param_hint="--out"
        )


def _half(given: str | None) -> str:
    return given or HALVES[0]


def drawn_kinds(
    pools: Sequence[str], draw: int | None, half: str | None, *, seed: int, test: int, needed: int
) -> "DrawnKinds":
    """Draw kinds, as the options say.

    Raises:
        typer.BadParameter: There is no such half.
        TaskError: As for `draw_kinds`.
    """
    validate_choice("--half", _half(half), *HALVES)
    from langchain_latm.benchmarks.making.drawing import draw_kinds
    from langchain_latm.cli.progress import progress

    with progress("drawing kinds") as line:
        return draw_kinds(
            pools,
            draw,
            seed=seed,
            half=_half(half),  # type: ignore[arg-type]  # validated
            test=test,
            needed=needed,
            progress=lambda message: line.count(message, 0, 0),
        )


def run_measure(
    measure: "MakingBench",
    kinds: "Sequence[tuple[BenchTask, int]]",
    costs: "Costs",
    budget: float | None,
    *,
    methods: Sequence[str],
    baselines: Sequence[str],
) -> LATMError | None:
    """Print the estimate, and measure what is missing; return the error if a model or the sandbox failed."""
    from dataclasses import replace

    from langchain_latm.benchmarks.making.costs import estimate
    from langchain_latm.benchmarks.making.events import FILE, EventLog
    from langchain_latm.cli.progress import progress

    if budget is not None:
        costs.require_prices()
        measure = replace(measure, spent=partial(costs.over, Decimal(str(budget))))
    settings = measure.settings(kinds, methods=methods, baselines=baselines)
    happened = EventLog(measure.out / FILE).events
    console.say(costs.outlook(estimate(settings, [task for task, _ in kinds], happened)))
    ended: LATMError | None = None
    with progress("measuring") as line:
        try:
            replace(measure, progress=line.count, step=line.step).run(kinds, methods=methods, baselines=baselines)
        except (ModelError, SandboxError) as error:
            ended = error
    cost = costs.dollars(costs.spent(EventLog(measure.out / FILE).events))
    if cost:
        console.say(f"The requests and makings of this folder cost ${cost:.4f}.")
    return ended


def say_ended(ended: LATMError | None) -> None:
    """End the command with code 1 if a model or the sandbox ended the run."""
    if ended is not None:
        console.say(f"Error: {ended} The report is partial; repeat the command to resume.")
        raise typer.Exit(1)


def _show_plan(
    measure: "MakingBench",
    kinds: "Sequence[tuple[BenchTask, int]]",
    costs: "Costs",
    measured: dict[str, Any],
    *,
    begun: bool,
    as_json: bool,
) -> None:
    """Print the plan; for a folder in which a run has `begun`, the rest of it."""
    from langchain_latm._core.plain_table import PlainTable
    from langchain_latm.benchmarks.making.costs import estimate
    from langchain_latm.benchmarks.making.events import FILE, read_events
    from langchain_latm.cli.tables import show_tables

    settings = measure.settings(kinds, **measured)
    log = measure.out / FILE
    happened = read_events(log) if begun and log.exists() else ()
    found = estimate(settings, [task for task, _ in kinds], happened)
    if as_json:
        ways = [{**each._asdict(), "usage": each.usage.model_dump()} for each in found]
        console.print_json({"settings": settings.model_dump(mode="json"), "estimate": ways})
        return
    rows = [[task.name, task.source, str(runs), str(len(task.pool)), str(len(task.test))] for task, runs in kinds]
    tables = [PlainTable("Kinds", ("kind", "source", "runs", "examples for making", "test"), rows)]
    if measure.left_out:
        tables.append(PlainTable("Left out", ("kind", "why"), sorted(measure.left_out.items())))
    costing = [
        [
            each.way,
            str(each.parts),
            f"{each.usage.calls:,}",
            f"{each.usage.total:,}",
            f"{each.most:,}" if each.most else "-",
        ]
        for each in found
    ]
    tables.append(PlainTable("Estimate", ("way", "parts", "calls", "tokens", "makings at their limits"), costing))
    half = f"The {measure.half} half." if measure.half else ""
    show_tables(tables, *([half] if half else []), costs.outlook(found))


def _report_making(out: Path, *, goals: bool, as_json: bool) -> None:
    """Write and show the report of the events in a folder."""
    from langchain_latm.benchmarks.making.events import FILE, read_events
    from langchain_latm.benchmarks.making.pictures import draw
    from langchain_latm.benchmarks.making.report import report
    from langchain_latm.benchmarks.making.summary import figures_of

    figures = figures_of(read_events(out / FILE))
    finish("report", figures, report(figures, with_goals=goals), out, partial(draw, figures), as_json=as_json)
