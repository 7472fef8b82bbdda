"""`latm bench`: measurements on the command line. Parsing and printing only."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from langchain_latm._atomic_file import write_atomically
from langchain_latm._cli import console
from langchain_latm._cli.options import AsJson
from langchain_latm.benchmarks.plain_table import PlainTable

bench = typer.Typer(no_args_is_help=True, help="Measure, on this machine.")

_SIZES = [6, 30, 100, 1_000, 10_000, 100_000]


@bench.command("sandbox", epilog="Example: latm bench sandbox --out figures")
def bench_sandbox_command(
    seconds: Annotated[float, typer.Option(min=0.05, help="How long each single figure is measured.")] = 1.0,
    endurance: Annotated[int, typer.Option(min=0, help="Make so many calls more, and say what they leave behind.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="A folder for sandbox.md, sandbox.json and sandbox.png; made if missing.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what the sandbox costs beside ways of calling that hold nothing (extra `bench`)."""
    _prepare(out)
    from langchain_latm.benchmarks import sandbox_report as report  # noqa: PLC0415 - measuring is rare
    from langchain_latm.benchmarks.sandbox import bench_sandbox  # noqa: PLC0415 - the same

    with console.progress("measuring") as line:
        figures = bench_sandbox(seconds=seconds, endurance=endurance, progress=line.step)
    if out is not None:
        _write(out, "sandbox", figures, report.markdown(figures), lambda path: report.draw(figures, path))
    _show(figures, report.tables(figures), report.sentences(figures), as_json=as_json)


@bench.command("dispatch", epilog="Example: latm bench dispatch --tools 30 --tools 1000 --out figures")
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
    """Measure which tool the dispatcher finds without a model, how fast, and how that grows (extra `bench`)."""
    _prepare(out)
    from langchain_latm.benchmarks import dispatch_report as report  # noqa: PLC0415 - measuring is rare
    from langchain_latm.benchmarks.dispatch import bench_dispatch  # noqa: PLC0415 - the same

    with console.progress("measuring") as line:
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


def _prepare(out: Path | None) -> None:
    """Find out before minutes are spent what is missing, and whether the results can be written."""
    missing = [name for name in ("matplotlib", "psutil") if importlib.util.find_spec(name) is None]
    if missing:
        raise typer.BadParameter(f"{' and '.join(missing)} missing: pip install 'langchain-latm[bench]'")
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from error
    if not os.access(out, os.W_OK):
        raise typer.BadParameter(f"no file can be written in {out}", param_hint="--out")


def _write(out: Path, name: str, figures: BaseModel, page: str, draw: Callable[[Path], None]) -> None:
    write_atomically(out / f"{name}.json", figures.model_dump_json(indent=2) + "\n")
    write_atomically(out / f"{name}.md", page)
    draw(out / f"{name}.png")
    console.say(f"written: {name}.md, {name}.json and {name}.png in {out}")


def _show(figures: BaseModel, tables: Sequence[PlainTable], sentences: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        console.print_json(figures.model_dump(mode="json"))
    else:
        console.show_tables(tables, *sentences)
