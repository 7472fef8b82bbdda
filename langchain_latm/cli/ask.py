"""`latm ask` and `latm feedback`: requests answered with tools, and corrections of the answers."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from langchain_latm._core.defaults import DEMONSTRATIONS, INSTANCES, LOCAL
from langchain_latm.cli import console, options
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_models, opened_sandbox
from langchain_latm.exceptions import LATMError, ModelError, RequestError, SandboxError, ToolLibraryError

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from langchain_latm import LATM, Answer, AnswerCheck
    from langchain_latm.cli.answers import AnswerRow, Shown
    from langchain_latm.types import FeedbackEntry


def ask(
    questions: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help="Requests, each in quotes; `-` reads one per line of standard input."),
    ] = None,
    file: options.RequestFile = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Give the answers in the file as feedback after each request.")
    ] = False,
    maker: Annotated[
        str,
        options.model_option(f"The model that answers without a tool and writes tools. {options.MODEL_HELP}"),
    ] = LOCAL,
    user: options.UserModel = None,
    dispatcher: Annotated[
        str | None,
        options.model_option("The model that resolves ambiguous wording; by default none."),
    ] = None,
    embeddings: options.Embeddings = None,
    max_error: options.MaxError = options.MAX_ERROR,
    instances: Annotated[int, typer.Option(min=2, help="Solved requests of a kind needed for a tool.")] = INSTANCES,
    demonstrations: Annotated[int, typer.Option(min=1, help="How many of them the maker sees.")] = DEMONSTRATIONS,
    samples: Annotated[
        int, typer.Option(min=1, help="Answers that the maker samples per request; a majority is trusted.")
    ] = 1,
    labels: Annotated[
        Literal["model", "person", "feedback"],
        typer.Option(
            help="Source of the right answers: the `model` that answered, a `person` at the terminal, or `latm "
            "feedback` later."
        ),
    ] = "model",
    check: options.Check = "exact",
    making: Annotated[
        Literal["inline", "background", "off"],
        typer.Option(help="When tools are made: at once, in the background, or never."),
    ] = "inline",
    approve: Annotated[bool, typer.Option("--approve", help="Ask before a new tool is added.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print why each request was answered in this way, and what was doubtful.")
    ] = False,
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    library: options.Library = None,
    as_json: options.AsJson = False,
) -> None:
    """Answer requests with a tool if one fits, otherwise with the maker; make tools for recurring kinds of request.

    Prints each answer when it is ready; its source, doubts and id go to standard error. The library stores requests,
    answers and tools for the next call.

    A request that a tool's parser reads costs no tokens. If no tool fits, the answer costs the maker's tokens; after
    --instances answered requests of one kind, so does making its tool, once.

    Next: correct an answer (`latm feedback ID ANSWER`), list the tools (`latm tools list`), see what they saved
    (`latm stats`).
    """
    requests = _requests(questions or [], file)
    if demonstrations >= instances:
        message = "must be less than --instances: the other instances are for the proof"
        raise typer.BadParameter(message, param_hint="--demonstrations")
    interactive = approve or labels == "person"
    if interactive:
        options.require_terminal("--approve" if approve else "--labels person")
    from langgraph.checkpoint.memory import InMemorySaver

    from langchain_latm import create_latm
    from langchain_latm.cli.answers import Shown, show_summary

    maker_model, user_model, dispatcher_model = chosen_models(maker, user, dispatcher)
    rows: list[AnswerRow] = []
    with opened_library(library) as opened, opened_sandbox(call_seconds) as sandbox:
        loop = create_latm(
            maker_model,
            user_model,
            library=opened,
            sandbox=sandbox,
            dispatcher_model=dispatcher_model,
            embeddings=embeddings,
            max_error=max_error,
            instances=instances,
            demonstrations=demonstrations,
            samples=samples,
            labels=labels,
            check=check,
            making=making,
            approve=approve,
            checkpointer=InMemorySaver() if interactive else None,
        )
        with loop:
            for question, known in requests:
                shown = Shown(explain=explain, as_json=as_json)
                rows.append(_answered(loop, question, known, options.check_of(check), shown, learn=learn))
    if len(rows) > 1:
        show_summary(rows, as_json=as_json)
    if any(row.error for row in rows):
        raise typer.Exit(1)


def feedback(
    answer_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="The answer's id, printed by `latm ask`.")
    ] = None,
    correct_answer: Annotated[str | None, typer.Argument(metavar="ANSWER", help="The right answer.")] = None,
    by: Annotated[str, typer.Option(metavar="USER", help="Who says so, if it is not you.")] = "",
    source: Annotated[
        Literal["person", "model", "stranger"],
        typer.Option(help="How far it is trusted. A single stranger retires no tool and changes no label."),
    ] = "person",
    listed: Annotated[bool, typer.Option("--list", help="List all feedback, oldest first.")] = False,
    withdraw: Annotated[
        str | None, typer.Option(metavar="FEEDBACK_ID", help="Delete feedback and what it changed; see --list.")
    ] = None,
    check: options.Check = "exact",
    library: options.Library = None,
    as_json: options.AsJson = False,
) -> None:
    """Store the right answer to an earlier request. A tool that is wrong too often is retired.

    The answer becomes an example that later versions of the tool must pass. No model is asked. A tool that was wrong
    three times, and in a fifth of all its answers, is retired: the next request of its kind makes a new version.
    `latm tools activate NAME VERSION` undoes that.

    Next: make that version at once (`latm remake NAME`).
    """
    from langchain_latm import record_feedback

    if sum([listed, withdraw is not None, answer_id is not None]) != 1 or (answer_id is None) != (
        correct_answer is None
    ):
        raise typer.BadParameter("give ID and ANSWER, --list, or --withdraw", param_hint="ID ANSWER")
    with opened_library(library) as opened:
        if listed:
            _show_feedback(opened.feedback(), as_json=as_json)
            return
        if withdraw is not None:
            gone = opened.withdraw_feedback(withdraw)
            if as_json:
                console.print_json(gone)
            console.say(f"withdrawn: {gone.id}, on the answer {gone.answer_id}")
            return
        rated = record_feedback(opened, answer_id or "", correct_answer or "", user=by, source=source, check=check)
    if as_json:
        console.print_json(rated)
        return
    by_tool = f" by {rated.tool}" if rated.tool else ""
    console.say(f"stored as {rated.id}: the answer{by_tool} was {'right' if rated.right else 'wrong'}")
    if not rated.counted:
        more = ": the strong model answers this request from now on" if rated.tool else ""
        console.say(f"It is kept as a doubt{more}.")
    if rated.retired:
        console.say(
            f"{rated.tool} was wrong too often and is retired; the next request of its kind makes a new version. "
            f"To undo that: latm tools activate {rated.tool} VERSION (see latm tools history {rated.tool})"
        )
    if rated.tool and not rated.right:
        console.say(f"Make a version that is right on it: latm remake {rated.tool}")


def _show_feedback(entries: "Sequence[FeedbackEntry]", *, as_json: bool) -> None:
    from langchain_latm.types import shorten

    for each in entries:
        if as_json:
            console.print_json(each)
            continue
        said = "right" if each.right else f"wrong, not {shorten(each.correct_answer, 60)!r}"
        who = f"{each.source} {each.user!r}" if each.user else each.source
        console.out(f"{each.id}  {each.at[:19]}  {each.tool or 'no tool'}: {said} ({who})")


def _answered(
    loop: "LATM", question: str, known: str | None, check: "AnswerCheck", shown: "Shown", *, learn: bool
) -> "AnswerRow":
    """Answer one request and print the answer; a failure does not stop the other requests."""
    from langchain_latm.cli.answers import AnswerRow, show_answer

    outcome: Answer | LATMError
    try:
        outcome = _run(loop, question)
        if learn and known is not None:
            loop.record_feedback(outcome.id, known, source="person")
    except (ToolLibraryError, SandboxError):
        raise  # all other requests would fail too
    except (ModelError, RequestError) as error:
        outcome = error
    row = AnswerRow.of(question, known, outcome, check)
    show_answer(row, outcome, shown)
    return row


def _run(loop: "LATM", question: str) -> "Answer":
    from langgraph.types import Command

    from langchain_latm.cli.answers import ask_person
    from langchain_latm.cli.progress import progress
    from langchain_latm.types import shorten

    request: Any = question
    config: RunnableConfig | None = None
    while True:
        answer: Answer | None = None
        with progress(shorten(question, 50)) as line:
            for event in loop.stream(request, config, stream_mode="custom"):
                answer = event.answer
                if answer is None:
                    line.step(event.stage, event.message)
        if answer is None:  # unreachable: the last event carries the answer, or `stream` raises
            raise ModelError("the run ended without an answer")
        if answer.waiting_for is None:
            return answer
        request = Command(resume=ask_person(answer.waiting_for))
        config = {"configurable": {"thread_id": answer.id}}


def _requests(questions: list[str], file: Path | None) -> Iterator[tuple[str, str | None]]:
    """Return the requests and known answers; those from a pipe as they arrive."""
    if bool(questions) == (file is not None):
        raise typer.BadParameter("give QUESTIONs, --file, or - for standard input", param_hint="QUESTION")
    if file is not None:
        from langchain_latm import load_questions

        return iter(load_questions(file))
    if questions == ["-"]:
        return ((line.strip(), None) for line in sys.stdin if line.strip())
    for question in questions:
        options.validate_question(question)
    return ((question, None) for question in questions)
