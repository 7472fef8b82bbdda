"""`latm bench tables`: columns, completed by a search. Parsing and printing only."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from langchain_latm.cli.bench import bench, finish, prepare
from langchain_latm.cli.options import OUTPUT, AsJson, examples, validate_choice


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
            help="Folder for tables.md, tables.json and tables.png; created if missing.", rich_help_panel=OUTPUT
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure which columns of tables a search without a model computes from others (extra `bench`).

    Each task takes up to --seconds, most take a fraction of a second.
    """
    for each in engines or ():
        validate_choice("--engines", each, *_engines())
    prepare(out, as_json=as_json)
    from langchain_latm.benchmarks.tables.measure import bench_tables
    from langchain_latm.benchmarks.tables.report import draw, report
    from langchain_latm.cli.progress import progress

    with progress("measuring") as line:
        figures = bench_tables(
            data, engines=engines or _engines(), shown=shown, proof=proof, seconds=seconds, progress=line.count
        )
    finish("tables", figures, report(figures), out, partial(draw, figures), as_json=as_json)


def _engines() -> tuple[str, ...]:
    from langchain_latm.making.synthesis.search import ENGINES

    return ENGINES
