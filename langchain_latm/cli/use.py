"""`latm use` and `latm show`: a tool in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm.cli import console, options
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.exceptions import LATMError, TaskError, ToolUseError

if TYPE_CHECKING:
    from langchain_latm import MadeTool

ToolFile = Annotated[Path, typer.Argument(metavar="TOOL.json", help="A file that `latm make` wrote.")]


def use(
    tool_file: ToolFile,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The request.")] = None,
    file: options.RequestFile = None,
    user: Annotated[
        str | None,
        options.model_option(
            f"The model that reads what the tool's parser cannot, by default the one that the tool was proven with. "
            f"{options.MODEL_HELP}"
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take only the first N requests of the file.")] = None,
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Leave out the examples that the tool was made and proven with.")
    ] = False,
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Answer requests with a tool from a file.

    Prints the answer; with --file, one answer per line and how many were right. Nothing is stored.

    A request worded like the tool's examples costs no tokens; for any other, the model reads the arguments. The
    function runs in the sandbox. Whether the tool fits the request is not checked: `latm ask` does that.
    """
    if (question is None) == (file is None):
        raise typer.BadParameter("give either a QUESTION or --file", param_hint="QUESTION")
    from langchain_latm import MadeTool, load_questions

    tool = MadeTool.load(tool_file)
    if file is None:
        options.validate_question(question or "")
        from langchain_latm.tools.parsed_use import answer_by_parser

        with opened_sandbox(call_seconds) as sandbox:
            answer = answer_by_parser(tool, question or "", sandbox)  # importing LangChain would take longer
            if answer is None:
                from langchain_latm import create_tool_user
                from langchain_latm.cli.progress import progress

                with progress("reading the arguments"):
                    answer = create_tool_user(tool, _reading_model(tool, user), sandbox=sandbox).invoke(question or "")
        console.print_json(answer) if as_json else console.out(answer.text)
        return
    seen = {case.question.strip() for case in tool.report.cases} if unseen else set()
    requests = [(q, a) for q, a in load_questions(file) if q.strip() not in seen][:limit]
    if not requests:
        raise TaskError(f"{file}: no requests are left")
    _use_many(tool, requests, user=user, call_seconds=call_seconds, as_json=as_json)


def _use_many(
    tool: "MadeTool", requests: list[tuple[str, str | None]], *, user: str | None, call_seconds: float, as_json: bool
) -> None:
    """Answer every request of a file; one that fails does not stop the others."""
    from langchain_core.runnables import RunnableConfig

    from langchain_latm import create_tool_user
    from langchain_latm.cli.answers import AnswerRow, show_answers
    from langchain_latm.cli.progress import progress

    model = _reading_model(tool, user)
    outcomes: list[Any] = [None] * len(requests)
    with opened_sandbox(call_seconds) as sandbox, progress("answering", total=len(requests)) as line:
        pairs = create_tool_user(tool, model, sandbox=sandbox).batch_as_completed(
            [question for question, _ in requests], RunnableConfig(max_concurrency=4), return_exceptions=True
        )
        for index, outcome in pairs:
            if isinstance(outcome, Exception) and not isinstance(outcome, LATMError):
                raise outcome
            outcomes[index] = outcome
            line.advance()
    if all(isinstance(outcome, LATMError) and not isinstance(outcome, ToolUseError) for outcome in outcomes):
        raise outcomes[0]  # none reached the tool: the model or the sandbox is at fault, not the requests
    rows = [AnswerRow.of(q, a, o, tool.stored_check) for (q, a), o in zip(requests, outcomes, strict=True)]
    show_answers(rows, as_json=as_json)
    if any(row.error for row in rows):
        raise typer.Exit(1)


def _reading_model(tool: "MadeTool", user: str | None) -> Any:
    """Return the model that reads arguments: the user's, or the one that the tool was proven with."""
    from langchain_latm.models.late import usual_name

    return chosen_model(user or usual_name(tool.provenance.user_model))


def show(tool_file: ToolFile, as_json: options.AsJson = False) -> None:
    """Show a tool from a file: its source, parameters, proof and origin.

    No tool runs, and no model is asked. `latm tools show` does the same for a tool of the library.
    """
    from langchain_latm import MadeTool
    from langchain_latm.cli.tool_view import show_tool

    tool = MadeTool.load(tool_file)
    console.print_json(tool) if as_json else show_tool(tool)
