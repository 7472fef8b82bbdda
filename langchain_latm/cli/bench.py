"""`latm bench`: measurements on the command line. Parsing and printing only."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.defaults import LOCAL
from langchain_latm.benchmarks.names import BASELINES, GROUPS, METHODS
from langchain_latm.cli import console
from langchain_latm.cli.completion import one_of
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.options import MODEL_HELP, AsJson, examples, model_option, require_extra, validate_choice
from langchain_latm.exceptions import ModelError, SandboxError

if TYPE_CHECKING:
    from langchain_latm.benchmarks.report import Figures, Report

bench = typer.Typer(
    no_args_is_help=True,
    help="Run a benchmark on this machine (extra `bench`).\n\nFigures go to standard output and, with --out, to a "
    "folder as a page, JSON and pictures. Your tool library stays as it is. `sandbox`, `dispatch`, `tables`, `apply` "
    "and `bulk` ask no model; `making`, `using` and `all` ask the one given with --model, and take minutes to hours on "
    "the embedded one.",
    epilog=examples("latm bench sandbox --out figures", "latm bench making --tasks own --out figures"),
)

_OUT = "Output"
_REQUESTS = "Requests"
_SIZES = [6, 30, 100, 1_000, 10_000, 100_000]
_GOES_ON = (
    "Every event is kept in the --out folder: to resume a stopped run, repeat the command; nothing is asked twice. "
    "`all` runs `making` and `using`; they may share a folder. Each request of a test is asked once, and a making "
    "costs as much as `latm make`."
)


@bench.command("sandbox", epilog=examples("latm bench sandbox --out figures"))
def bench_sandbox_command(
    seconds: Annotated[float, typer.Option(min=0.05, help="Time to measure each figure.")] = 1.0,
    endurance: Annotated[int, typer.Option(min=0, help="Run N extra calls and report leaks.", metavar="N")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for sandbox.md, sandbox.json and sandbox.png; created if missing.", rich_help_panel=_OUT
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what the sandbox costs, compared with calls that are not isolated (extra `bench`).

    It takes about a minute and asks no model.
    """
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.sandbox.measure import bench_sandbox
    from langchain_latm.benchmarks.sandbox.report import draw, report
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_sandbox(seconds=seconds, endurance=endurance, progress=line.step)
    _finish("sandbox", figures, report(figures), out, partial(draw, figures), as_json=as_json)


@bench.command(
    "dispatch",
    epilog=examples("latm bench dispatch --tools 30 --tools 1000 --out figures"),
)
def bench_dispatch_command(
    tools: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            help="Tools in the library; repeat for several sizes. Default: up to 100,000 (minutes, 0.5 GB of disk).",
        ),
    ] = None,
    requests: Annotated[
        int, typer.Option(min=4, help="Maximum number of requests for each size.", rich_help_panel=_REQUESTS)
    ] = 2_000,
    seed: Annotated[int, typer.Option(help="Seed for kinds and requests.", rich_help_panel=_REQUESTS)] = 0,
    examples: Annotated[
        int | None,
        typer.Option(min=1, help="Examples that each tool is proven with. Default: 3, or 6 with --intents."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="A folder with BIG-bench JSON files, for real kinds. If it holds the paper's six tasks, the paper's "
            "setting is measured too.",
            rich_help_panel=_REQUESTS,
        ),
    ] = None,
    splits: Annotated[
        int,
        typer.Option(
            min=1, help="Random splits of the paper's tasks, or draws of --intents.", rich_help_panel=_REQUESTS
        ),
    ] = 5,
    intents: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Measure everyday requests instead: a JSON file with pairs of request and intent in `train`, `test` "
            "and `out_of_scope`, as in CLINC150.",
            rich_help_panel=_REQUESTS,
        ),
    ] = None,
    max_error: Annotated[
        float, typer.Option(min=0, max=0.99, help="With --intents: the share of requests that may get a wrong tool.")
    ] = 0.01,
    embeddings: Annotated[
        str | None,
        typer.Option(
            metavar="EMBEDDINGS",
            help="With --intents: find tools by meaning too, as with `latm ask`. Embedding takes minutes.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for dispatch.md, dispatch.json and dispatch.png; created if missing.", rich_help_panel=_OUT
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure which tools the dispatcher finds without a model, how fast, and how that grows (extra `bench`).

    It fills temporary libraries and asks no model.
    """
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.dispatch.bench import bench_dispatch
    from langchain_latm.benchmarks.dispatch.intents import bench_intents, report_intents
    from langchain_latm.benchmarks.dispatch.report import draw, report
    from langchain_latm.cli.progress import progress

    if intents is not None:
        with progress("measuring") as line:
            found = bench_intents(
                intents,
                examples=examples or 6,
                draws=splits,
                seed=seed,
                max_error=max_error,
                embeddings=embeddings,
                progress=line.count,
            )
        _finish("intents", found, report_intents(found), out, lambda _: [], as_json=as_json)
        return
    with progress("measuring") as line:
        figures = bench_dispatch(
            sizes=tools or _SIZES,
            requests=requests,
            seed=seed,
            examples=examples or 3,
            data=data,
            splits=splits,
            progress=line.count,
        )
    _finish("dispatch", figures, report(figures), out, partial(draw, figures), as_json=as_json)


@bench.command("tables", epilog=examples("latm bench tables --data columns --out figures"))
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
    shown: Annotated[int, typer.Option(min=1, help="Examples that a search sees.")] = 3,
    proof: Annotated[int, typer.Option(min=0, help="Further examples that prove a program.")] = 3,
    seconds: Annotated[float, typer.Option(min=0.1, help="Longest time of a search.")] = 10.0,
    engines: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ENGINE",
            help="A search to use; can be repeated. Default: all.",
            autocompletion=lambda: list(_engines()),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for tables.md, tables.json and tables.png; created if missing.", rich_help_panel=_OUT
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure which columns of tables a search without a model computes from others (extra `bench`).

    Each task takes up to --seconds, most take a fraction of a second.
    """
    for each in engines or ():
        validate_choice("--engines", each, *_engines())
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.tables.measure import bench_tables
    from langchain_latm.benchmarks.tables.report import draw, report
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_tables(
            data, engines=engines or _engines(), shown=shown, proof=proof, seconds=seconds, progress=line.count
        )
    _finish("tables", figures, report(figures), out, partial(draw, figures), as_json=as_json)


@bench.command("apply", epilog=examples("latm bench apply --rows 1000000 --out figures"))
def bench_apply_command(
    rows: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 1_000_000,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for apply.md, apply.json and apply.png; created if missing.", rich_help_panel=_OUT),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what it costs to apply a tool to a CSV file of one column (extra `bench`).

    The file is made up, in the folder for temporary files. No model is asked.
    """
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.applying import bench_apply, draw, report
    from langchain_latm.cli.progress import progress

    with progress("applying a tool", total=rows) as line:
        figures = bench_apply(opened_sandbox, rows=rows, progress=line.rows)
    _finish("apply", figures, report(figures), out, partial(draw, figures), as_json=as_json)


def _engines() -> tuple[str, ...]:
    from langchain_latm.making.synthesis.search import ENGINES

    return ENGINES


@bench.command(
    "bulk",
    epilog=examples(
        "latm bench bulk --rows 20000",
        "latm bench bulk --workers 8 --library postgresql://localhost/tools",
        "latm bench bulk --ray --out figures",
    ),
)
def bench_bulk_command(
    rows: Annotated[int, typer.Option(min=2, help="Requests of each measurement.")] = 20_000,
    ray: Annotated[
        bool, typer.Option("--ray", help="Also compare one process with a local Ray cluster (extra `ray`).")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="Also measure so many processes that share a library, one by one and in batches.")
    ] = 0,
    library: Annotated[
        str | None,
        typer.Option(
            metavar="LIBRARY",
            help="With --workers: their library, a file or `postgresql://...`. They use a tenant of their own, which "
            "is erased at the end. Default: a temporary file.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for bulk.md and bulk.json; created if missing.", rich_help_panel=_OUT)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how many requests and rows a second are computed in bulk (extra `bench`).

    It takes about a minute and asks no model.
    """
    if library is not None and not workers:
        raise typer.BadParameter("give --workers too: only they use a library of yours", param_hint="--library")
    _prepare(out, as_json=as_json)
    if ray:
        require_extra("ray", "ray", as_json=as_json)
    from langchain_latm.benchmarks.bulk import bench_bulk, report
    from langchain_latm.cli.progress import progress

    with opened_sandbox(60) as sandbox, progress("measuring") as line:
        figures = bench_bulk(sandbox, rows, ray=ray, progress=line.step, workers=workers, address=library)
    _finish("bulk", figures, report(figures), out, lambda _: [], as_json=as_json)


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
    help=f"Make tools, and test them on examples that no making has seen (extra `bench`).\n\n{_GOES_ON}",
    epilog=examples(
        "latm bench making --tasks own --out figures",
        "latm bench making --tasks paper:3 --data bbh --methods default --methods paper --out figures",
        "latm bench making --report --out figures",
    ),
)
def bench_making_command(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for events, tools and the report; created if missing. A stopped run resumes here.",
            rich_help_panel=_OUT,
        ),
    ],
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
        typer.Option(
            exists=True, file_okay=False, help="A folder with BIG-bench JSON files.", rich_help_panel=_REQUESTS
        ),
    ] = None,
    model: Annotated[str, model_option(f"Makes tools, uses them and answers alone. {MODEL_HELP}")] = LOCAL,
    runs: Annotated[int, typer.Option(min=1, help="Makings for each task without :RUNS.")] = 1,
    seed: Annotated[
        int, typer.Option(help="Seed for the examples for making; the tests stay the same.", rich_help_panel=_REQUESTS)
    ] = 0,
    test: Annotated[
        int, typer.Option(min=1, help="Requests in the test of each task.", rich_help_panel=_REQUESTS)
    ] = 20,
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
            help="Answers without tools: `direct`, the answer alone; `cot`, a chain of thought; `pot`, a program for "
            "each request. Default: all.",
            autocompletion=one_of(*BASELINES),
        ),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests of a test at the same time.")] = 1,
    report: Annotated[bool, typer.Option("--report", help="Only write the report of --out; ask no model.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run `making`, `using` or both, by the command's name."""
    for option, given, known in (("--methods", methods, METHODS), ("--baselines", baselines, BASELINES)):
        for each in given or ():
            validate_choice(option, each, *known)
    if context.info_name == "using" and methods:
        raise typer.BadParameter("`using` makes no tools; see `latm bench all`", param_hint="--methods")
    if context.info_name == "making" and baselines:
        raise typer.BadParameter("`making` runs no baselines; see `latm bench all`", param_hint="--baselines")
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.making.bench import MAKERS, MakingBench
    from langchain_latm.benchmarks.making.tasks import planned
    from langchain_latm.cli.progress import progress

    if report:
        _report_making(out, as_json=as_json)
        return
    plan = planned(tasks or ["own"], data, test, runs)
    chat, ended = chosen_model(model), None
    chosen_methods = () if context.info_name == "using" else methods or tuple(MAKERS)
    chosen_baselines = () if context.info_name == "making" else baselines or BASELINES
    with opened_sandbox() as sandbox, progress("measuring") as line:
        try:
            MakingBench(
                model=chat,
                sandbox=sandbox,
                out=out,
                seed=seed,
                concurrency=concurrency,
                progress=line.count,
                step=line.step,
            ).run(plan, methods=chosen_methods, baselines=chosen_baselines)
        except (ModelError, SandboxError) as error:
            ended = error
    _report_making(out, as_json=as_json)
    if ended is not None:
        console.say(f"Error: {ended} The report is partial; repeat the command to resume.")
        raise typer.Exit(1)


def _report_making(out: Path, *, as_json: bool) -> None:
    """Write and show the report of the events in a folder."""
    from langchain_latm.benchmarks.making.events import FILE, read_events
    from langchain_latm.benchmarks.making.pictures import draw
    from langchain_latm.benchmarks.making.report import report
    from langchain_latm.benchmarks.making.summary import figures_of

    figures = figures_of(read_events(out / FILE))
    _finish("report", figures, report(figures), out, partial(draw, figures), as_json=as_json)


def _prepare(out: Path | None, *, as_json: bool) -> None:
    """Check what is missing, and whether results can be written, before minutes are spent."""
    require_extra("bench", "matplotlib", "psutil", as_json=as_json)
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from error
    if not os.access(out, os.W_OK):
        raise typer.BadParameter(f"cannot write to {out}", param_hint="--out")


def _finish(
    name: str,
    figures: "Figures",
    report: "Report",
    out: Path | None,
    draw: Callable[[Path], list[str]],
    *,
    as_json: bool,
) -> None:
    """Write the results into a folder, if one is given, and show them."""
    if out is not None:
        write_atomically(out / f"{name}.json", figures.model_dump_json(indent=2) + "\n")
        write_atomically(out / f"{name}.md", report.markdown)
        pictures = draw(out)
        console.say(f"written: {', '.join([f'{name}.md', f'{name}.json', *pictures])} in {out}")
    if as_json:
        console.print_json(figures.model_dump(mode="json"))
    else:
        from langchain_latm.cli.tables import show_tables

        show_tables(report.tables, *report.sentences)
