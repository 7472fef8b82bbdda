"""`latm use` and `latm show`: a tool in a file."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm.cli import console, options
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.exceptions import ModelError, RequestError, ToolUseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_latm import MadeTool
    from langchain_latm.cli.many import Many
    from langchain_latm.making.task_entries import Entry

ToolFile = Annotated[Path, typer.Argument(metavar="TOOL.json", help="A file that `latm make` wrote.")]


def use(
    tool_file: ToolFile,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The request.")] = None,
    arguments: Annotated[
        str | None,
        typer.Option(
            "--args", metavar="JSON", help="Instead of QUESTION: the inputs of a typed tool, as a JSON object."
        ),
    ] = None,
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
    out: options.AnswersFile = None,
    force: options.ForceAnswers = False,
    restart: options.Restart = False,
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Answer requests with a tool from a file: questions or, for a typed tool, inputs by name.

    Prints the answer; with --file, one answer per line, or JSON lines with --json, and how many were right on standard
    error. In a pipe or with --out, a request without an answer gives an empty line, and line breaks in an answer are
    escaped. Nothing is stored. Any number of requests passes through little memory; with --out, repeat the command
    after Ctrl-C to continue.

    A request worded like the tool's examples costs no tokens; for any other, the model reads the arguments. The
    function runs in the sandbox. Whether the tool fits the request is not checked: `latm ask` does that.
    """
    if sum(given is not None for given in (question, file, arguments)) != 1:
        raise typer.BadParameter("give either a QUESTION or --file, or --args", param_hint="QUESTION")
    options.validate_out(out, file)
    from langchain_latm import MadeTool

    tool = MadeTool.load(tool_file)
    _require_kind(tool, question, arguments)
    if arguments is not None:
        from langchain_latm import create_tool_user

        with opened_sandbox(call_seconds) as sandbox:
            computed = create_tool_user(tool, sandbox=sandbox).invoke(options.inputs_in(arguments))
        console.print_json(computed) if as_json else console.out(computed.text)
        return
    if file is None:
        options.validate_question(question or "")
        from langchain_latm.tools.parsed_use import FailedCall, answer_by_parser

        with opened_sandbox(call_seconds) as sandbox:
            answer = answer_by_parser(tool, question or "", sandbox)  # importing LangChain would take longer
            if answer is None or isinstance(answer, FailedCall):
                from langchain_latm import create_tool_user
                from langchain_latm.cli.progress import progress

                with progress("reading the arguments"):
                    using = create_tool_user(tool, _reading_model(tool, user), sandbox=sandbox)
                    answer = using.invoke(answer or question or "")
        console.print_json(answer) if as_json else console.out(answer.text)
        return
    from langchain_latm.cli.many import Many

    many = Many(
        file,
        {"tool": tool.id, "model": user, "--unseen": unseen},
        typed=tool.inputs is not None,
        leave_out=_is_proven(tool) if unseen else None,
        limit=limit,
        out=out,
        as_json=as_json,
        force=force,
        restart=restart,
    )
    _use_many(tool, many, user=user, call_seconds=call_seconds)


def _is_proven(tool: "MadeTool") -> "Callable[[Entry], bool]":
    """Return whether an entry is one of the examples that a tool was made and proven with."""
    from langchain_latm.text.json_values import json_key

    if tool.inputs is None:
        questions = {case.question.strip() for case in tool.report.cases}
        return lambda entry: entry.question.strip() in questions
    rows = {json_key(json.loads(case.question)) for case in tool.report.cases}
    return lambda entry: json_key(entry.inputs) in rows


def _require_kind(tool: "MadeTool", question: str | None, arguments: str | None) -> None:
    """Reject a question for a typed tool, and inputs for another."""
    if tool.inputs is not None and question is not None:
        example = json.dumps(dict.fromkeys(tool.inputs, "..."), ensure_ascii=False)
        raise typer.BadParameter(f"{tool.name} takes inputs, no question: --args '{example}'", param_hint="QUESTION")
    if tool.inputs is None and arguments is not None:
        raise typer.BadParameter(f"{tool.name} answers requests in words: give a QUESTION", param_hint="--args")


def _use_many(tool: "MadeTool", many: "Many", *, user: str | None, call_seconds: float) -> None:
    """Answer every request of a file. A failure does not stop the others, unless they would fail too."""
    from langchain_core.runnables import RunnableConfig

    from langchain_latm import create_tool_user
    from langchain_latm.cli.answers import AnswerRow
    from langchain_latm.cli.many import MOST, MOST_ASKED
    from langchain_latm.types import inputs_text

    model = None if tool.inputs is not None else _reading_model(tool, user)
    check = tool.stored_check
    with many, opened_sandbox(call_seconds) as sandbox:
        answering = create_tool_user(tool, model, sandbox=sandbox)
        for chunk in many.chunks(MOST_ASKED if tool.model_may_read else MOST):
            requests = [request for request, _ in chunk]
            outcomes: list[Any] = answering.batch(requests, RunnableConfig(max_concurrency=4), return_exceptions=True)
            ending = next((place for place, outcome in enumerate(outcomes) if _ends(outcome)), None)
            asked = requests if tool.inputs is None else [inputs_text(row) for row in requests]
            expected = [answer for _, answer in chunk]
            rows = [AnswerRow.of(*each, check) for each in zip(asked, expected, outcomes, strict=True)][:ending]
            many.put([(row, partial(vars, row)) for row in rows])
            if ending is not None:
                raise outcomes[ending]
    many.end()


def _ends(outcome: object) -> bool:
    """Return whether the outcome of a request ends the run: a failure that all other requests would share."""
    if isinstance(outcome, ModelError):
        return outcome.lasting
    return isinstance(outcome, Exception) and not isinstance(outcome, ToolUseError | RequestError)


def _reading_model(tool: "MadeTool", user: str | None) -> Any:
    """Return the model that reads arguments: the given one, or that of the tool's proof."""
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
