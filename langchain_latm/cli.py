"""The command `latm`: parsing and printing only.

Results go to standard output, progress and errors to standard error. Exit codes: 0 done, 1 failed, 2 bad usage or bad
input.
"""

from __future__ import annotations

import io
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from langchain_core.runnables import RunnableConfig

from langchain_latm._atomic_file import write_atomically
from langchain_latm._cli import console
from langchain_latm._cli.ask import ask, feedback
from langchain_latm._cli.bench import bench
from langchain_latm._cli.models import (
    CALL_SECONDS,
    MODEL_HELP,
    CallSeconds,
    chosen_model,
    opened_sandbox,
    refuse_question,
)
from langchain_latm._cli.options import CHECKS, AsJson, Check, LibraryFile, refuse_choice, refuse_target
from langchain_latm._cli.remake import remake
from langchain_latm._cli.serve import serve
from langchain_latm._cli.stats import stats
from langchain_latm._cli.tools import tools
from langchain_latm.demo import KINDS, DemoEvent, KindResult, run_demo
from langchain_latm.dispatcher import create_dispatcher
from langchain_latm.exceptions import (
    LATMError,
    ModelError,
    RequestError,
    TaskError,
    ToolNotFoundError,
    ToolRecordError,
    ToolUseError,
)
from langchain_latm.local import describe_local_model
from langchain_latm.made_tool import MadeTool
from langchain_latm.models import LOCAL
from langchain_latm.task_file import load_questions, load_task
from langchain_latm.tool_library import open_tool_library
from langchain_latm.tool_maker import MakingEvent, create_tool_maker
from langchain_latm.tool_maker.maker import ATTEMPTS, CANDIDATES, SECONDS, TOKENS
from langchain_latm.tool_user import create_tool_user

app = typer.Typer(
    name="latm",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Language models that make their own tools: written once, proven on unseen examples, run in a sandbox.",
    epilog="Exit codes: 0 done, 1 failed, 2 bad usage or bad input.",
)

app.add_typer(bench, name="bench")
app.add_typer(tools, name="tools")
app.command(epilog="Example: latm ask --file requests.txt --maker openai:gpt-4.1 --user openai:gpt-4.1-mini")(ask)
app.command(epilog="Example: latm feedback 01764030000000000000-1a2b3c4d 'apple fig pear'")(feedback)
app.command(epilog="Example: latm remake word_sorting --maker openai:gpt-4.1 --user openai:gpt-4.1-mini")(remake)
app.command(epilog="Example: latm stats --price my-model=0.5/1.5")(stats)
app.command(epilog="Example: latm serve --http --port 8765")(serve)


def _print_version(wanted: bool) -> None:
    if wanted:
        console.out(f"latm {version('langchain-latm')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command(
    epilog="Example: latm make word_sorting.json --out word_sorting.tool.json --maker openai:gpt-4.1 --user local"
)
def make(
    task_file: Annotated[
        Path,
        typer.Argument(
            help='JSON lines with "question" and "answer", or BIG-bench JSON: solved examples of one kind of request.'
        ),
    ],
    name: Annotated[str | None, typer.Option(help="The tool's name; by default the file's.")] = None,
    maker: Annotated[str, typer.Option(help=f"The model that writes the tool. {MODEL_HELP}")] = LOCAL,
    user: Annotated[str | None, typer.Option(help="The model that reads arguments; by default the maker.")] = None,
    demonstrations: Annotated[int, typer.Option(min=1, help="Examples that the maker is shown.")] = 3,
    validation: Annotated[int, typer.Option(min=1, help="Examples that it never sees.")] = 3,
    candidates: Annotated[int, typer.Option(min=1, help="Functions proposed in each attempt.")] = CANDIDATES,
    attempts: Annotated[int, typer.Option(min=1, help="Rounds of proposing and proving.")] = ATTEMPTS,
    seconds: Annotated[float, typer.Option(min=1, help="No round begins after so much time.")] = SECONDS,
    tokens: Annotated[int, typer.Option(min=1, help="No round begins after so many tokens.")] = TOKENS,
    check: Check = "exact",
    description: Annotated[str | None, typer.Option(help="One sentence on the kind of request.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the tool is written; by default NAME.tool.json.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Make a tool from solved examples, and prove it on examples that its maker never sees."""
    refuse_choice("--check", check, *CHECKS)
    task = load_task(
        task_file,
        name=name,
        demonstrations=demonstrations,
        validation=validation,
        description=description,
        check=CHECKS[check],
    )
    target = out or Path(f"{task.name}.tool.json")
    refuse_target(target, force=force)
    maker_model = chosen_model(maker)
    user_model = maker_model if user in (None, maker) else chosen_model(user or maker)
    with opened_sandbox(call_seconds) as sandbox, console.progress(f"making {task.name}") as line:
        chain = create_tool_maker(
            maker_model,
            user_model,
            sandbox=sandbox,
            candidates=candidates,
            attempts=attempts,
            seconds=seconds,
            tokens=tokens,
        )
        tool = None
        for event in chain.stream(task, stream_mode="custom"):
            line.step(event.stage, event.message)
            tool = event.tool
    if tool is None:  # the last event always carries it: `stream` raises otherwise
        raise ModelError("the making ended without a tool")
    try:
        write_atomically(target, tool.dump())
    except OSError as error:
        # The making may have cost money: whoever runs this can still save the record by hand.
        console.out(tool.dump().rstrip()) if not as_json else console.print_json({"tool": tool.model_dump(mode="json")})
        raise LATMError(
            f"{target} cannot be written ({error.strerror or error}): the tool is printed instead"
        ) from error
    if as_json:
        console.print_json({"out": str(target), "tool": tool.model_dump(mode="json")})
    else:
        console.show_tool(tool, brief=True)
        console.say(f"Written to {target}. Use it: latm use {target} QUESTION")


@app.command(epilog='Example: latm use word_sorting.tool.json "Sort these words: pear fig apple"')
def use(
    tool_file: Annotated[Path, typer.Argument(metavar="TOOL.json", help="A tool that `latm make` wrote.")],
    question: Annotated[str | None, typer.Argument(help="The request.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="Many requests: JSON lines, BIG-bench JSON, or text with one a line. Answers in it are compared."
        ),
    ] = None,
    user: Annotated[str, typer.Option(help=f"The model that reads arguments. {MODEL_HELP}")] = LOCAL,
    limit: Annotated[int | None, typer.Option(min=1, help="Take only the first N requests of the file.")] = None,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Leave out the examples that the tool was made and proven with.")
    ] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Answer requests with a made tool."""
    if (question is None) == (file is None):
        raise typer.BadParameter("give either a QUESTION or --file", param_hint="QUESTION")
    tool = MadeTool.load(tool_file)
    if file is None:
        refuse_question(question or "")
        with opened_sandbox(call_seconds) as sandbox, console.progress("reading the arguments"):
            answer = create_tool_user(tool, chosen_model(user), sandbox=sandbox).invoke(question or "")
        console.print_json(answer.model_dump(mode="json")) if as_json else console.out(answer.text)
        return
    seen = {case.question.strip() for case in tool.report.cases} if unseen else set()
    requests = [(q, a) for q, a in load_questions(file) if q.strip() not in seen][:limit]
    if not requests:
        raise TaskError(f"{file}: no requests are left")
    _use_many(tool, requests, user=user, call_seconds=call_seconds, as_json=as_json)


def _use_many(
    tool: MadeTool, requests: list[tuple[str, str | None]], *, user: str, call_seconds: float, as_json: bool
) -> None:
    """Answer every request of a file, each on its own: one that fails does not stop the others."""
    model = chosen_model(user)
    outcomes: list[Any] = [None] * len(requests)
    with opened_sandbox(call_seconds) as sandbox, console.progress("answering", total=len(requests)) as line:
        user_chain = create_tool_user(tool, model, sandbox=sandbox)
        pairs = user_chain.batch_as_completed(
            [question for question, _ in requests], RunnableConfig(max_concurrency=4), return_exceptions=True
        )
        for index, outcome in pairs:
            if isinstance(outcome, Exception) and not isinstance(outcome, LATMError):
                raise outcome
            outcomes[index] = outcome
            line.advance()
    if all(isinstance(outcome, LATMError) and not isinstance(outcome, ToolUseError) for outcome in outcomes):
        raise outcomes[0]  # not one got as far as the tool: the model or the sandbox is at fault, not the requests
    rows = [console.AnswerRow.of(q, a, o, tool.stored_check) for (q, a), o in zip(requests, outcomes, strict=True)]
    console.show_answers(rows, as_json=as_json)
    if any(row.error for row in rows):
        raise typer.Exit(1)


@app.command(epilog="Example: latm show word_sorting.tool.json")
def show(
    tool_file: Annotated[Path, typer.Argument(metavar="TOOL.json", help="A tool that `latm make` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Show a tool: its source, parameters, proof and where it comes from. Nothing of it is executed."""
    tool = MadeTool.load(tool_file)
    if as_json:
        console.print_json(tool.model_dump(mode="json"))
    else:
        console.show_tool(tool)


@app.command(epilog='Example: latm dispatch "Sort these words: pear fig apple"')
def dispatch(
    question: Annotated[str, typer.Argument(help="The request.")],
    model: Annotated[
        str | None, typer.Option(help=f"Asked where words leave it open; nobody by default. {MODEL_HELP}")
    ] = None,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Say which tool of the library a request is for, and why. No tool runs."""
    refuse_question(question)
    with open_tool_library(library) as opened:
        found = create_dispatcher(opened, model=None if model is None else chosen_model(model)).invoke(question)
    if as_json:
        console.print_json(found.model_dump(mode="json"))
    else:
        console.show_dispatch(found)


@app.command(epilog="Example: latm model")
def model(as_json: AsJson = False) -> None:
    """Say where the embedded model's weights are, check their hash, and measure its speed."""
    with console.progress("checking the weights and starting the model") as line:
        found = describe_local_model(progress=line.bytes)
    console.show_local_model(found, as_json=as_json)


@app.command(epilog="Example: latm demo --seed 7 --requests 20")
def demo(
    model: Annotated[str, typer.Option(help=f"Makes, uses and answers alone. {MODEL_HELP}")] = LOCAL,
    seed: Annotated[int, typer.Option(help="Which examples and requests are drawn.")] = 0,
    requests: Annotated[int, typer.Option(min=1, help="Fresh requests for each kind.")] = 15,
    kind: Annotated[list[str] | None, typer.Option(help=f"Only this kind: {', '.join(KINDS)}.")] = None,
    candidates: Annotated[int, typer.Option(min=1, help="Functions proposed in each attempt.")] = CANDIDATES,
    attempts: Annotated[int, typer.Option(min=1, help="Rounds of proposing and proving.")] = ATTEMPTS,
    as_json: AsJson = False,
) -> None:
    """Make tools for three kinds of request, then answer fresh ones with and without them."""
    unknown = [name for name in kind or [] if name not in KINDS]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(KINDS)}", param_hint="--kind")
    chat = chosen_model(model)
    results: list[KindResult] = []
    with opened_sandbox() as sandbox, console.progress("starting") as line:
        for event in run_demo(
            chat,
            sandbox,
            seed=seed,
            requests=requests,
            kinds=tuple(kind or KINDS),
            candidates=candidates,
            attempts=attempts,
        ):
            match event:
                case KindResult():
                    results.append(event)
                    if event.tool is not None and not as_json:
                        line.source(event.tool)
                case MakingEvent():
                    line.step(event.stage, event.message)
                case DemoEvent():
                    line.count(f"{event.kind}: {event.message}", event.done, event.total)
    console.show_demo(results, seed=seed, as_json=as_json)
    if any(result.tool is None for result in results):
        raise typer.Exit(1)


def main() -> None:
    """Run `latm`; every error becomes one plain message and an exit code."""
    as_json = "--json" in sys.argv
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that cannot show a character shows its number
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(standalone_mode=True)
    except (RequestError, TaskError, ToolNotFoundError, ToolRecordError) as error:
        console.fail(error, as_json=as_json, code=2)
    except LATMError as error:
        console.fail(error, as_json=as_json, code=1)
    except Exception as error:
        if os.environ.get("LATM_DEBUG"):
            raise
        told = f"something unforeseen happened: {type(error).__name__}: {error} (LATM_DEBUG=1 shows where)"
        console.fail(LATMError(told), as_json=as_json, code=1)


if __name__ == "__main__":
    main()
