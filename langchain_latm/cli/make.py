"""`latm make`: a tool from a file of solved examples. Parsing and printing only."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langchain_latm._core.defaults import ATTEMPTS, CANDIDATES, DEMONSTRATIONS, LOCAL, SECONDS, TOKENS
from langchain_latm.cli import console
from langchain_latm.cli.models import chosen_models, opened_sandbox
from langchain_latm.cli.options import (
    CALL_SECONDS,
    MODEL_HELP,
    AsJson,
    Attempts,
    CallSeconds,
    Candidates,
    Check,
    UserModel,
    check_of,
    model_option,
    refuse_target,
)
from langchain_latm.exceptions import LATMError, ModelError

if TYPE_CHECKING:
    from langchain_latm.tools.made_tool import MadeTool


def make(
    task_file: Annotated[
        Path,
        typer.Argument(
            metavar="TASK",
            help="The solved examples, all of one kind of request: JSON lines with `question` and `answer`, or "
            "BIG-bench JSON.",
        ),
    ],
    name: Annotated[str | None, typer.Option(help="The tool's name; by default the file's.")] = None,
    maker: Annotated[
        str,
        model_option(f"The model that writes the tool. {MODEL_HELP}"),
    ] = LOCAL,
    user: UserModel = None,
    demonstrations: Annotated[int, typer.Option(min=1, help="Examples that the maker is shown.")] = DEMONSTRATIONS,
    validation: Annotated[int, typer.Option(min=1, help="Examples that it never sees: the proof.")] = 3,
    candidates: Candidates = CANDIDATES,
    attempts: Attempts = ATTEMPTS,
    seconds: Annotated[float, typer.Option(min=1, help="No round begins after so much time.")] = SECONDS,
    tokens: Annotated[int, typer.Option(min=1, help="No round begins after so many tokens.")] = TOKENS,
    check: Check = "exact",
    description: Annotated[str | None, typer.Option(help="One sentence on the kind of request.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the tool is written; by default NAME.tool.json.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Make a tool from solved examples, and prove it on examples that its maker never sees.

    The maker is shown the first examples of TASK and writes a Python function, which runs in the sandbox and nowhere
    else. It becomes a tool when it is right on all of them and on the next ones; what was wrong goes back to the maker
    for another round.

    The tool is written into one file, NAME.tool.json; without success nothing is. The maker is paid for each round, up
    to about --tokens; the embedded model costs no money, and takes seconds to minutes.

    Next: answer requests with the file (`latm use`), or keep it in the library (`latm tools add`).
    """
    from langchain_latm.making.task_files import load_task

    task = load_task(
        task_file,
        name=name,
        demonstrations=demonstrations,
        validation=validation,
        description=description,
        check=check_of(check),
    )
    target = out or Path(f"{task.name}.tool.json")
    refuse_target(target, force=force)
    from langchain_latm.cli.progress import progress
    from langchain_latm.making.maker import create_tool_maker

    maker_model, user_model = chosen_models(maker, user)
    with opened_sandbox(call_seconds) as sandbox, progress(f"making {task.name}") as line:
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
    _write(tool, target, as_json=as_json)


def _write(tool: "MadeTool", target: Path, *, as_json: bool) -> None:
    from langchain_latm._core.atomic_file import write_atomically
    from langchain_latm.cli.tool_view import show_tool

    try:
        write_atomically(target, tool.dump())
    except OSError as error:
        # The making may have cost money: whoever runs this can still save the record by hand.
        console.print_json({"tool": tool.model_dump(mode="json")}) if as_json else console.out(tool.dump().rstrip())
        raise LATMError(
            f"{target} cannot be written ({error.strerror or error}): the tool is printed instead"
        ) from error
    if as_json:
        console.print_json({"out": str(target), "tool": tool.model_dump(mode="json")})
    else:
        show_tool(tool, brief=True)
    console.say(f"Written to {target}. Use it: latm use {target} QUESTION. Keep it: latm tools add {target}")
