"""`latm bench`: measurements that ask no model. Parsing and printing only.

`bench_making` and `bench_tables` add the others.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm.benchmarks.names import WHERE_DATA_IS
from langchain_latm.cli import console
from langchain_latm.cli.models import opened_sandbox
from langchain_latm.cli.options import OUTPUT, AsJson, examples, require_extra

if TYPE_CHECKING:
    from langchain_latm.benchmarks.report import Figures, Report

bench = typer.Typer(
    no_args_is_help=True,
    help="Run a benchmark on this machine (extra `bench`).\n\nFigures go to standard output and, with --out, to a "
    "folder as a page, JSON and pictures. Your tool library stays as it is. `sandbox`, `dispatch`, `apply`, `bulk` "
    "and, by default, `tables` ask no model; `making`, `using` and `all` ask the one given with --model, and take "
    "minutes to hours on the embedded one.",
    epilog=examples("latm bench sandbox --out figures", "latm bench making --tasks own --out figures"),
)

REQUESTS = "Requests"
_SIZES = [6, 30, 100, 1_000, 10_000, 100_000]


def data_folder(given: Path | None) -> Path | None:
    """Reject a folder of BIG-bench files that is not there.

    Raises:
        typer.BadParameter: It says where the files are.
    """
    if given is not None and not given.is_dir():
        hint = f"for the files of the paper's tasks, {WHERE_DATA_IS}"
        raise typer.BadParameter(f"the folder {given} does not exist; {hint}")
    return given


@bench.command("sandbox", epilog=examples("latm bench sandbox --out figures"))
def bench_sandbox_command(
    seconds: Annotated[float, typer.Option(min=0.05, help="Time to measure each figure.")] = 1.0,
    endurance: Annotated[int, typer.Option(min=0, help="Run N extra calls and report leaks.", metavar="N")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for sandbox.md, sandbox.json and sandbox.png; created if missing.", rich_help_panel=OUTPUT
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what the sandbox costs, compared with calls that are not isolated (extra `bench`).

    It takes about a minute and asks no model.
    """
    prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.sandbox.measure import bench_sandbox
    from langchain_latm.benchmarks.sandbox.report import draw, report
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_sandbox(seconds=seconds, endurance=endurance, progress=line.count)
    finish("sandbox", figures, report(figures), out, partial(draw, figures), as_json=as_json)


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
        int, typer.Option(min=4, help="Maximum number of requests for each size.", rich_help_panel=REQUESTS)
    ] = 2_000,
    seed: Annotated[int, typer.Option(help="Seed for kinds and requests.", rich_help_panel=REQUESTS)] = 0,
    examples: Annotated[
        int | None,
        typer.Option(min=1, help="Examples that each tool is proven with. Default: 3, or 6 with --intents."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            callback=data_folder,
            help="A folder with BIG-bench JSON files, for real kinds. If it holds the paper's six tasks, the paper's "
            "setting is measured too.",
            rich_help_panel=REQUESTS,
        ),
    ] = None,
    splits: Annotated[
        int,
        typer.Option(
            min=1, help="Random splits of the paper's tasks, or draws of --intents.", rich_help_panel=REQUESTS
        ),
    ] = 5,
    intents: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Measure everyday requests instead: a JSON file with pairs of request and intent in `train`, `test` "
            "and `out_of_scope`, as in CLINC150.",
            rich_help_panel=REQUESTS,
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
            help="Folder for dispatch.md, dispatch.json and dispatch.png; created if missing.", rich_help_panel=OUTPUT
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure which tools the dispatcher finds without a model, how fast, and how that grows (extra `bench`).

    It fills temporary libraries and asks no model.
    """
    prepare(out, as_json=as_json)
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
        finish("intents", found, report_intents(found), out, lambda _: [], as_json=as_json)
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
    finish("dispatch", figures, report(figures), out, partial(draw, figures), as_json=as_json)


@bench.command("apply", epilog=examples("latm bench apply --rows 1000000 --out figures"))
def bench_apply_command(
    rows: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 1_000_000,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for apply.md, apply.json and apply.png; created if missing.", rich_help_panel=OUTPUT),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what it costs to apply a tool to a CSV file of one column (extra `bench`).

    The file is made up, in the folder for temporary files. No model is asked.
    """
    prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.applying import bench_apply, draw, report
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_apply(opened_sandbox, rows=rows, progress=line.count)
    finish("apply", figures, report(figures), out, partial(draw, figures), as_json=as_json)


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
        int,
        typer.Option(min=0, help="Also measure this many processes that share a library, one by one and in batches."),
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
        Path | None, typer.Option(help="Folder for bulk.md and bulk.json; created if missing.", rich_help_panel=OUTPUT)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how many requests and rows a second are computed in bulk (extra `bench`).

    It takes about a minute and asks no model.
    """
    if library is not None and not workers:
        raise typer.BadParameter("give --workers too: only they use a library of yours", param_hint="--library")
    prepare(out, as_json=as_json)
    if ray:
        require_extra("ray", "ray", as_json=as_json)
    from langchain_latm.benchmarks.bulk import bench_bulk, report
    from langchain_latm.cli.progress import progress

    with opened_sandbox(60) as sandbox, progress("measuring") as line:
        figures = bench_bulk(sandbox, rows, ray=ray, progress=line.count, workers=workers, address=library)
    finish("bulk", figures, report(figures), out, lambda _: [], as_json=as_json)


def prepare(out: Path | None, *, as_json: bool) -> None:
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


def finish(
    name: str,
    figures: "Figures",
    report: "Report",
    out: Path | None,
    draw: Callable[[Path], list[str]],
    *,
    as_json: bool,
) -> None:
    """Write the results into a folder, if one is given, and show them.

    Args:
        name: The files' names without their endings.
        figures: The figures.
        report: The report on them.
        out: The folder.
        draw: Writes pictures into a folder, and returns their names.
        as_json: Whether to print the figures as JSON.
    """
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
