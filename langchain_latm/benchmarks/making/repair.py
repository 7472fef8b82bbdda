"""Measures the effect of repairs on the same recorded candidates of a model, with and without a repair.

    python -m langchain_latm.benchmarks.making.repair record FOLDER KIND ... [--data BBH] [--attempts 5] [--threads 1]
    python -m langchain_latm.benchmarks.making.repair compare FOLDER [--seconds 5]

`record` asks the embedded model, without repairs, and writes one file per kind, unless there is one. `compare` asks no
model. It repairs after each attempt, as a making does, and runs proven functions on the test, which no making has seen.
Candidates whose arguments only a model can read are left out, so they count as not repaired.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.defaults import LOCAL, REPAIR
from langchain_latm._core.flow import run_flow
from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making.tasks import load_tasks
from langchain_latm.exceptions import ModelError, SandboxError, TaskError, ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.parsed_proof import needs_no_model, reading_of
from langchain_latm.making.proving import prove
from langchain_latm.making.repair.repairing import repaired
from langchain_latm.making.repair.stage import MOST_PROVEN
from langchain_latm.making.state import trials_in
from langchain_latm.making.verification import tried
from langchain_latm.models.late import LateModel
from langchain_latm.sandbox import Sandbox, create_sandbox
from langchain_latm.types import Attempt, Candidate, Example, Task, ToolProposal, Value, first_error

_TEST: Final = 20

app = typer.Typer(help=__doc__, no_args_is_help=True)


class Recorded(Value):
    """A making without repairs.

    Attributes:
        task: The task.
        test: Examples that no making sees.
        attempts: The attempts, if nothing was proven.
        made: Whether something was proven.
    """

    task: Task
    test: tuple[Example, ...]
    attempts: tuple[Attempt, ...]
    made: bool


class Compared(Value):
    """The effect of a repair on one making.

    Attributes:
        kind: Name of the task.
        candidates: Functions that ran.
        best: Demonstrations on which the model's best function is right, of all.
        without: Whether a tool is proven without a repair.
        repaired: Whether a tool is proven with a repair.
        by_chance: Whether a repair is right on all examples, which are too few for a proof.
        changes: Its changes.
        variants: Variants that were tried.
        seconds: Time of the search and the proofs.
        right: Examples of the test on which it is right; None without a repaired tool.
        wrong: Examples that it answers wrongly; on the others it fails, or its parser reads no arguments.
        test: Examples of the test.
    """

    kind: str
    candidates: int
    best: str
    without: bool
    repaired: bool
    by_chance: bool
    changes: tuple[str, ...]
    variants: int
    seconds: float
    right: int | None
    wrong: int
    test: int


@app.command()
def record(  # noqa: PLR0917 - one parameter an option
    folder: Path,
    kinds: list[str],
    data: Annotated[Path | None, typer.Option(help="A folder with BIG-bench files.")] = None,
    attempts: Annotated[int, typer.Option(min=1)] = 5,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the model: 1 on a busy machine.")] = 1,
    run: Annotated[int, typer.Option(min=0, help="Which draw of examples.")] = 0,
) -> None:
    """Let the embedded model write candidates, without repairs."""
    from langchain_latm.models.local import create_local_model  # noqa: PLC0415 - only this command needs it

    folder.mkdir(parents=True, exist_ok=True)
    missing = [kind for kind in kinds if not (folder / f"{kind}-{run}.json").exists()]
    with create_sandbox() as sandbox:
        for bench in load_tasks(missing, data, _TEST):
            task = bench.task(0, run)
            model = create_local_model(threads=threads)
            maker = create_tool_maker(model, sandbox=sandbox, attempts=attempts, seconds=None, tokens=None, repair=0)
            written: tuple[Attempt, ...] = ()
            try:
                maker.invoke(task)
            except ToolMakingError as failure:
                written = tuple(failure.attempts)
            found = Recorded(task=task, test=bench.test, attempts=written, made=not written)
            write_atomically(folder / f"{task.name}-{run}.json", found.model_dump_json() + "\n")
            typer.echo(f"{task.name}: {'made' if found.made else f'not made, {len(written)} attempts'}")


@app.command()
def compare(folder: Path, seconds: Annotated[float, typer.Option(min=0.1)] = REPAIR) -> None:
    """Repair the recorded makings, and print a table."""
    with create_sandbox() as sandbox:
        rows = [compared(each, sandbox, seconds) for each in _recorded(folder)]
    head = ("kind", "candidates", "best", "without", "with", "variants", "seconds", "right on the test", "repair")
    typer.echo(PlainTable("Repairs", head, [_cells(row) for row in rows]).markdown)
    solved, both = sum(row.without for row in rows), sum(row.without or row.repaired for row in rows)
    wrong = sum(row.wrong > 0 for row in rows)
    typer.echo(
        f"Solved of {len(rows)}: {solved} without, {both} with a repair; of {sum(row.repaired for row in rows)} "
        f"repaired and proven tools {wrong} give a wrong answer in the test."
    )


def compared(recorded: Recorded, sandbox: Sandbox, seconds: float = REPAIR) -> Compared:
    """Repair after each attempt of a recorded making, until something is proven.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    task, begun = recorded.task, time.perf_counter()
    ran = [each for attempt in recorded.attempts for each in attempt.candidates if each.report and each.proposal]
    best = max((sum(_shown_right(each)) for each in ran), default=0)
    variants, proven, by_chance = 0, None, False
    done: list[Candidate] = []
    trials = 0
    for attempt in recorded.attempts if not recorded.made else ():
        new = [each for each in attempt.candidates if each.proposal and each.report and needs_no_model(each.proposal)]
        trials = max(trials, trials_in([attempt]))
        search = run_flow(repaired(new, [*new, *done], task, sandbox, seconds))
        done, variants = [*new, *done], variants + search.tried
        for repair in search.found[:MOST_PROVEN]:
            proof = run_flow(prove(repair.proposal, task, LateModel(LOCAL), sandbox, trials=trials))
            trials = proof.report.trials
            by_chance = by_chance or proof.report.right
            if proof.report.verified:
                proven = proof.proposal, repair.changes
                break
        if proven:
            break
    taken = time.perf_counter() - begun
    right, wrong = on_test(proven[0], task, recorded.test, sandbox) if proven else (None, 0)
    return Compared(
        kind=task.name,
        candidates=len(ran),
        best=f"{best}/{len(task.demonstrations)}",
        without=recorded.made,
        repaired=proven is not None,
        by_chance=by_chance and proven is None,
        changes=proven[1] if proven else (),
        variants=variants,
        seconds=round(taken, 1),
        right=right,
        wrong=wrong,
        test=len(recorded.test),
    )


def on_test(proposal: ToolProposal, task: Task, test: Sequence[Example], sandbox: Sandbox) -> tuple[int, int]:
    """Return how many examples of the test a tool answers correctly, and how many wrongly.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    readings = [reading_of(proposal, each) for each in test]
    cases, _ = run_flow(tried(sandbox, proposal, task.check, test, readings, role="validation"))
    return sum(case.passed for case in cases), sum(not case.passed and case.error is None for case in cases)


def _shown_right(candidate: Candidate) -> list[bool]:
    cases = candidate.report.cases if candidate.report else ()
    return [case.passed for case in cases if case.role == "demonstration"]


def _recorded(folder: Path) -> Iterator[Recorded]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield Recorded.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise TaskError(f"{path}: not a recorded making: {first_error(error)}") from error


def _cells(row: Compared) -> tuple[str, ...]:
    right = "" if row.right is None else f"{row.right}/{row.test}, {row.wrong} wrong"
    solved = "yes" if row.without or row.repaired else "too few examples" if row.by_chance else "no"
    numbers = (f"{row.variants:,}", f"{row.seconds:.1f}", right)
    without = "yes" if row.without else "no"
    return (row.kind, str(row.candidates), row.best, without, solved, *numbers, "; ".join(row.changes))


if __name__ == "__main__":
    try:
        app()
    except (ModelError, SandboxError, TaskError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
