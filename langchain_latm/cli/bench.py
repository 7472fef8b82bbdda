"""`latm bench`: measurements on the command line. Parsing and printing only."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.defaults import LOCAL
from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.names import BASELINES, METHODS
from langchain_latm.cli import console
from langchain_latm.cli.completion import bench_tasks, one_of
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.options import MODEL_HELP, AsJson, examples, model_option, require_extra, validate_choice
from langchain_latm.exceptions import ModelError, SandboxError

if TYPE_CHECKING:
    from pydantic import BaseModel

bench = typer.Typer(
    no_args_is_help=True,
    help="Measure, on this machine (extra `bench`).\n\nFigures go to standard output, and with --out also as a page, "
    "JSON and a picture into a folder. Your tool library is not touched. `sandbox` and `dispatch` ask no model; "
    "`making`, `using` and `all` ask the one that --model names, and take minutes to hours on the embedded one.",
    epilog=examples("latm bench sandbox --out figures", "latm bench making --tasks own --out figures"),
)

_SIZES = [6, 30, 100, 1_000, 10_000, 100_000]
_GOES_ON = (
    "What happens is kept in the folder of --out, event by event: a run that was stopped goes on when you type the "
    "same command again, and asks nothing twice. `all` is `making` and `using` in one; they may share a folder. What "
    "it costs is up to the model: each request of a test is asked once, and a making takes as much as `latm make`."
)


@bench.command("sandbox", epilog=examples("latm bench sandbox --out figures"))
def bench_sandbox_command(
    seconds: Annotated[float, typer.Option(min=0.05, help="How long each single figure is measured.")] = 1.0,
    endurance: Annotated[int, typer.Option(min=0, help="Make so many calls more, and say what they leave behind.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="A folder for sandbox.md, sandbox.json and sandbox.png; made if missing.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what the sandbox costs beside ways of calling that hold nothing (extra `bench`).

    It takes about a minute and asks no model.
    """
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks import sandbox_report as report
    from langchain_latm.benchmarks.sandbox import bench_sandbox
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_sandbox(seconds=seconds, endurance=endurance, progress=line.step)
    if out is not None:
        _write(out, "sandbox", figures, report.markdown(figures), lambda path: report.draw(figures, path))
    _show(figures, report.tables(figures), report.sentences(figures), as_json=as_json)


@bench.command("dispatch", epilog=examples("latm bench dispatch --tools 30 --tools 1000 --out figures"))
def bench_dispatch_command(
    tools: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            help="Tools in the library; give several sizes. By default up to 100,000: minutes, and 0.5 GB of disk.",
        ),
    ] = None,
    requests: Annotated[int, typer.Option(min=4, help="Requests for each size, at most.")] = 2_000,
    seed: Annotated[int, typer.Option(help="What kinds and requests are drawn from.")] = 0,
    examples: Annotated[int, typer.Option(min=1, help="Proven examples of each tool.")] = 3,
    data: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="A folder with BIG-bench JSON files: real kinds. With the paper's six tasks among them, its setting.",
        ),
    ] = None,
    splits: Annotated[int, typer.Option(min=1, help="Random splits of the paper's tasks.")] = 5,
    out: Annotated[
        Path | None, typer.Option(help="A folder for dispatch.md, dispatch.json and dispatch.png; made if missing.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure which tool the dispatcher finds without a model, how fast, and how that grows (extra `bench`).

    It fills libraries of its own, and deletes them in the end. It asks no model.
    """
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks import dispatch_report as report
    from langchain_latm.benchmarks.dispatch import bench_dispatch
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_dispatch(
            sizes=tools or _SIZES,
            requests=requests,
            seed=seed,
            examples=examples,
            data=data,
            splits=splits,
            progress=line.count,
        )
    if out is not None:
        _write(out, "dispatch", figures, report.markdown(figures), lambda path: report.draw(figures, path))
    _show(figures, report.tables(figures), report.sentences(figures), as_json=as_json)


@bench.command(
    "all",
    help=f"Make and test tools, and compare them with ways that need none (extra `bench`).\n\n{_GOES_ON}",
    epilog=examples("latm bench all --tasks paper:3 --tasks standard:1 --data bbh --out figures"),
)
@bench.command(
    "using",
    help=f"Let ways that need no tool answer the same tests, for comparison (extra `bench`).\n\n{_GOES_ON}",
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
            help="A folder for events, tools and the report; made if missing. A run that ended early goes on from it."
        ),
    ],
    tasks: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:RUNS]",
            help="A group (`paper`, `standard` of reasoning-gym, `own`), a JSON file of --data without its ending, any "
            "generator of reasoning-gym, or a kind of `latm demo`; and how often tools are made for each. By default "
            "`own`. May be given several times.",
            autocompletion=bench_tasks,
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="A folder with BIG-bench JSON files.")
    ] = None,
    model: Annotated[
        str,
        model_option(f"Makes, uses and answers alone. {MODEL_HELP}"),
    ] = LOCAL,
    runs: Annotated[int, typer.Option(min=1, help="Makings for each task whose name does not say how many.")] = 1,
    seed: Annotated[int, typer.Option(help="What the examples for making are drawn from; the tests stay.")] = 0,
    test: Annotated[int, typer.Option(min=1, help="Requests in the test of each task.")] = 20,
    methods: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METHOD",
            help="How tools are made: `default`, or `paper` as its authors did. By default both.",
            autocompletion=one_of(*METHODS),
        ),
    ] = None,
    baselines: Annotated[
        list[str] | None,
        typer.Option(
            metavar="BASELINE",
            help="Ways that need no tool: `direct`, the answer alone; `cot`, thinking first; `pot`, a program for each "
            "request. By default all.",
            autocompletion=one_of(*BASELINES),
        ),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests of a test under way at the same time.")] = 1,
    report: Annotated[
        bool, typer.Option("--report", help="Ask no model: only write the report of what is in --out.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure making and using; which of both, the command's name says."""
    for option, given, known in (("--methods", methods, METHODS), ("--baselines", baselines, BASELINES)):
        for each in given or ():
            validate_choice(option, each, *known)
    if context.info_name == "using" and methods:
        raise typer.BadParameter("no tool is made here: see `latm bench all`", param_hint="--methods")
    if context.info_name == "making" and baselines:
        raise typer.BadParameter("no baseline is asked here: see `latm bench all`", param_hint="--baselines")
    _prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.making import MAKERS, bench_making
    from langchain_latm.benchmarks.making_tasks import planned
    from langchain_latm.cli.progress import progress

    if report:
        _report_making(out, as_json=as_json)
        return
    plan = planned(tasks or ["own"], data, test, runs)
    chat, ended = chosen_model(model), None
    with opened_sandbox() as sandbox, progress("measuring") as line:
        try:
            bench_making(
                plan,
                chat,
                sandbox,
                out,
                seed=seed,
                methods=() if context.info_name == "using" else methods or tuple(MAKERS),
                baselines=() if context.info_name == "making" else baselines or BASELINES,
                concurrency=concurrency,
                makers=MAKERS,
                progress=line.count,
                step=line.step,
            )
        except (ModelError, SandboxError) as error:
            ended = error
    _report_making(out, as_json=as_json)
    if ended is not None:
        console.say(f"Error: {ended} The report is partial; the same command goes on from here.")
        raise typer.Exit(1)


def _report_making(out: Path, *, as_json: bool) -> None:
    """Write and show the report of the events in a folder."""
    from langchain_latm.benchmarks import making_report as report
    from langchain_latm.benchmarks.making_events import FILE, read_events
    from langchain_latm.benchmarks.making_plots import draw
    from langchain_latm.benchmarks.making_summary import figures_of

    figures = figures_of(read_events(out / FILE))
    write_atomically(out / "report.json", figures.model_dump_json(indent=2) + "\n")
    write_atomically(out / "report.md", report.markdown(figures))
    pictures = draw(figures, out)
    console.say(f"written: report.md, report.json and {' and '.join(pictures)} in {out}")
    _show(figures, report.tables(figures), report.sentences(figures), as_json=as_json)


def _prepare(out: Path | None, *, as_json: bool) -> None:
    """Find out before minutes are spent what is missing, and whether the results can be written."""
    require_extra("bench", "matplotlib", "psutil", as_json=as_json)
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from error
    if not os.access(out, os.W_OK):
        raise typer.BadParameter(f"no file can be written in {out}", param_hint="--out")


def _write(out: Path, name: str, figures: "BaseModel", page: str, draw: Callable[[Path], None]) -> None:
    write_atomically(out / f"{name}.json", figures.model_dump_json(indent=2) + "\n")
    write_atomically(out / f"{name}.md", page)
    draw(out / f"{name}.png")
    console.say(f"written: {name}.md, {name}.json and {name}.png in {out}")


def _show(figures: "BaseModel", tables: Sequence[PlainTable], sentences: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        console.print_json(figures.model_dump(mode="json"))
    else:
        from langchain_latm.cli.tables import show_tables

        show_tables(tables, *sentences)
