"""`latm make`: a tool from a file of solved examples."""

import shlex
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm._core.defaults import (
    ATTEMPTS,
    CANDIDATES,
    DEMONSTRATIONS,
    DIRECT_SAMPLES,
    LOCAL,
    REPAIR,
    SECOND_ATTEMPTS,
    SECONDS,
    TOKENS,
)
from langchain_latm.cli import console, make_table, options, table_options
from langchain_latm.cli.library import library_if_there
from langchain_latm.cli.models import chosen_makers, opened_sandbox
from langchain_latm.exceptions import LATMError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_latm import Difference, MadeTool, Sandbox, Task
    from langchain_latm.cli.progress import ProgressLine
    from langchain_latm.interop.tables.table_task import TableTask
    from langchain_latm.making.maker import ToolMaker
    from langchain_latm.making.state import MakingEvent


def make(
    task_file: Annotated[
        Path,
        typer.Argument(
            metavar="TASK",
            help="Solved examples of one kind of request: JSON lines with `question` and `answer`, or with `inputs` "
            "and `answer`, or with `messages` (OpenAI's format); BIG-bench JSON; langsmith:DATASET; or, with --from "
            "and --to, a table: CSV, TSV, JSON lines, .xlsx, .parquet.",
        ),
    ],
    columns: make_table.Columns = None,
    to: make_table.To = None,
    blank_is_answer: make_table.BlankIsAnswer = False,
    encoding: table_options.Encoding = None,
    delimiter: table_options.Delimiter = None,
    quoting: table_options.Quoting = None,
    header: table_options.Header = None,
    sheet: table_options.Sheet = None,
    ragged: table_options.Ragged = "stop",
    name: Annotated[
        str | None, typer.Option(help="The tool's name; by default the file's, or that of the column --to.")
    ] = None,
    maker: Annotated[
        list[str],
        options.model_option(
            "The model that writes the tool if a search finds none. `none` for the search alone. Given again, the "
            "next model, a stronger one, is asked if the one before proved nothing within --attempts, --seconds and "
            f"--tokens, which each has for itself. {options.MODEL_HELP}"
        ),
    ] = [LOCAL],  # noqa: B006 - Typer reads it only
    user: options.UserModel = None,
    demonstrations: Annotated[
        int, typer.Option(min=1, help="Examples shown to the maker.", rich_help_panel=options.PROOF)
    ] = DEMONSTRATIONS,
    validation: Annotated[
        int,
        typer.Option(
            min=1,
            help="Examples hidden from the maker, for the proof; the rest of TASK follows them.",
            rich_help_panel=options.PROOF,
        ),
    ] = 3,
    candidates: options.Candidates = CANDIDATES,
    attempts: options.Attempts = ATTEMPTS,
    seconds: Annotated[
        float, typer.Option(min=1, help="Start no new round after this many seconds.", rich_help_panel=options.BUDGETS)
    ] = SECONDS,
    tokens: Annotated[
        int, typer.Option(min=1, help="Start no new round after this many tokens.", rich_help_panel=options.BUDGETS)
    ] = TOKENS,
    repair: options.Repair = REPAIR,
    second_attempts: options.SecondAttempts = SECOND_ATTEMPTS,
    deciding_model: Annotated[
        str | None, options.model_option("The model that is asked where proven functions differ; by default none.")
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Ask you where proven functions differ.", rich_help_panel=options.PROOF)
    ] = False,
    review_out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --review: append your answers to FILE, as examples; by default they are printed.",
            rich_help_panel=options.PROOF,
        ),
    ] = None,
    direct_samples: Annotated[
        int,
        typer.Option(
            min=0,
            help="Unseen examples that the maker answers without the tool, to measure what it saves. 0 for none.",
            rich_help_panel=options.PROOF,
        ),
    ] = DIRECT_SAMPLES,
    check: options.Check = "exact",
    packages: options.Packages = None,
    library: options.HelperLibrary = None,
    helpers: options.UseHelpers = True,
    description: Annotated[
        str | None, typer.Option("--description", "--say", help="One sentence on the kind of request.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The tool's file; by default NAME.tool.json.", rich_help_panel=options.OUTPUT)
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an existing file.", rich_help_panel=options.OUTPUT)
    ] = False,
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Make a tool from solved examples, and prove it on examples that its maker never sees.

    The maker sees the first examples of TASK and writes a Python function, which runs only in the sandbox. It becomes
    a tool if it is right on all of them and on the next ones; otherwise the maker gets the mistakes for another round.
    Before that, a search without a model tries small changes of functions that were nearly right, for --repair seconds.
    If a guess could pass too, as with few different answers, the error says how many more examples are needed.

    After the first proven function, one more round looks for a different one. Both run on fresh requests: lines of TASK
    without an answer, and mutations of the examples. Where they differ, --review asks you, or --deciding-model a model;
    the answer becomes an example of the proof. The tool refuses requests that stay undecided.

    The function may call functions of the tools in your library. Their text becomes a part of the tool; the library
    stays as it is.

    In the end the maker answers --direct-samples unseen examples without the tool, so that `latm stats` knows from the
    first use what the tool saves. The embedded model is not started for this alone.

    Writes the tool to one file, NAME.tool.json, or nothing if no function passes. Costs the maker's tokens for each
    round, up to about --tokens; the embedded model costs no money and takes seconds to minutes.

    Of a table, the rows with an answer in the column --to are the examples, each once. The maker sees rows that differ
    in shape; all others are the proof, and rows without an answer are the fresh requests. Rows that contradict each
    other, and rows on which the function is wrong, are listed with their numbers.

    Next: answer requests with the file (`latm use`), apply it to a table (`latm apply`), or add it to the library
    (`latm tools add`).
    """
    from langchain_latm import load_task

    about: dict[str, Any] = {
        "name": name,
        "demonstrations": demonstrations,
        "validation": validation,
        "description": description,
        "check": options.check_of(check),
    }
    reading = partial(table_options.reading, encoding, delimiter, quoting, header, sheet, ragged)
    dataset = options.dataset_address(task_file, columns, to)
    table = None
    if dataset is None:
        table = make_table.read_task(task_file, columns, to, reading, blank_is_answer=blank_is_answer, **about)
    task = load_task(dataset or task_file, **about) if table is None else table.task
    if review_out is not None and not review:
        raise typer.BadParameter("needs --review", param_hint="--review-out")
    if review:
        options.require_terminal("--review")
    if review_out is not None:
        options.validate_target(review_out, force=True, hint="--review-out")
    target = out or Path(f"{task.name}.tool.json")
    options.validate_target(target, force=force)
    from langchain_latm import create_tool_maker
    from langchain_latm.cli.progress import progress

    makers, user_model, decider = chosen_makers(maker, user, deciding_model, search_alone=True)
    with (
        library_if_there(library) if helpers else nullcontext() as known,
        opened_sandbox(call_seconds) as sandbox,
        progress(f"making {task.name}") as line,
    ):
        chain = create_tool_maker(
            makers,
            user_model,
            sandbox=sandbox,
            candidates=candidates,
            attempts=attempts,
            seconds=seconds,
            tokens=tokens,
            repair=repair,
            second_attempts=second_attempts,
            deciding_model=decider,
            direct_samples=direct_samples,
            packages=packages or (),
            helpers=() if known is None else known,
            review=_reviewing(task, line, review_out) if review else None,
        )

        def show(event: "MakingEvent") -> None:
            line.step(event.stage, event.message)
            line.attempt(event.attempt, attempts * len(maker), seconds * len(maker))

        tool = _proven(chain, task, table, sandbox, show)
    _write(tool, target, as_json=as_json)
    console.say(f"Written to {target}. {_next_steps(target, tool.name, task_file, to)}")


def _next_steps(target: Path, name: str, task_file: Path, to: str | None) -> str:
    """Describe how to use the tool, in commands that can be copied into a shell."""
    from langchain_latm.interop.tables.columns import answer_column

    tool = shlex.quote(str(target))
    if to is None:
        use = f"latm use {tool} QUESTION"
    else:
        # The name of a renamed tool does not show the column of its answers.
        named = "" if answer_column([to], name) == to else f" --to {shlex.quote(to)}"
        use = f"latm apply {tool} {shlex.quote(str(task_file))}{named} --out DONE.csv"
    return f"Use it: {use}. Add it: latm tools add {tool}"


def _proven(
    chain: "ToolMaker",
    task: "Task",
    table: "TableTask | None",
    sandbox: "Sandbox",
    show: "Callable[[MakingEvent], None]",
) -> "MadeTool":
    """Make a tool, and make it again if it is wrong on solved rows of a table outside of its proof."""
    for number in range(make_table.MAKINGS):
        if number:
            console.say("  these rows belong to the proof now, and the tool is made again")
        tool: MadeTool | None = None
        with make_table.showing_wrong(table):
            for event in chain.stream(task, stream_mode="custom"):
                show(event)
                tool = event.tool
        if tool is None:  # unreachable: the last event carries the tool, or `stream` raises
            raise ModelError("the making ended without a tool")
        further = None if table is None else make_table.refuted(table, tool, sandbox)
        if further is None:
            return tool
        table, task = further, further.task
    raise LATMError(
        f"{make_table.MAKINGS} functions that were right on their proof were wrong on further solved rows, so none is "
        f"a tool: {make_table.TO_DO}"
    )


def _reviewing(task: "Task", line: "ProgressLine", target: Path | None) -> "Callable[[Difference], bool | str]":
    """Return a function that asks a person about a difference, and stores each answer at once as an example."""
    from langchain_latm.cli.answers import ask_about
    from langchain_latm.making.answers import example_of

    def review(difference: "Difference") -> bool | str:
        with line.paused():
            said = ask_about(difference)
            if isinstance(said, str):
                example = example_of(task, difference.question, said).model_dump_json()
                _keep(example, target)
        return said

    return review


def _keep(example: str, target: Path | None) -> None:
    """Append an example to a file, or print it."""
    if target is not None:
        try:
            with target.open("a+b") as file:
                file.seek(max(0, file.tell() - 1))
                begun = b"" if file.read(1) in {b"", b"\n"} else b"\n"
                file.write(begun + example.encode() + b"\n")
        except OSError as error:
            console.say(f"{target} cannot be written ({error.strerror or error}): the example is printed instead")
        else:
            return
    console.say(f"Add this line to your examples: {example}")


def _write(tool: "MadeTool", target: Path, *, as_json: bool) -> None:
    from langchain_latm._core.atomic_file import write_atomically
    from langchain_latm.cli.tool_view import show_tool

    try:
        write_atomically(target, tool.dump())
    except OSError as error:
        # The making may have cost money, so the record is printed for saving by hand.
        console.print_json({"tool": tool}) if as_json else console.out(tool.dump().rstrip())
        raise LATMError(
            f"{target} cannot be written ({error.strerror or error}): the tool is printed instead"
        ) from error
    console.print_json({"out": target, "tool": tool}) if as_json else show_tool(tool, brief=True)
