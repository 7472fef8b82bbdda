"""`latm ask` and `latm feedback`: the closed loop on the command line. Parsing and printing only."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from langchain_latm._core.defaults import DEMONSTRATIONS, INSTANCES, LOCAL
from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_model, opened_sandbox
from langchain_latm.cli.options import (
    CALL_SECONDS,
    MODEL_HELP,
    AsJson,
    CallSeconds,
    Check,
    LibraryFile,
    UserModel,
    check_of,
    model_option,
    refuse_question,
)
from langchain_latm.exceptions import LATMError, ModelError, RequestError, SandboxError, ToolLibraryError

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from langchain_latm.cli.answers import AnswerRow
    from langchain_latm.loop.latm import LATM
    from langchain_latm.text.answer_check import AnswerCheck
    from langchain_latm.types import Answer


def ask(
    questions: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help="Requests, each in quotes; `-` alone reads one a line from the input."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="Many requests: JSON lines, BIG-bench JSON, or text with one a line. Answers in it are compared."
        ),
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Take the answers in the file as feedback, after each request.")
    ] = False,
    maker: Annotated[
        str,
        model_option(f"Answers what has no tool, and writes tools. {MODEL_HELP}"),
    ] = LOCAL,
    user: UserModel = None,
    dispatcher: Annotated[
        str | None,
        model_option("The model that is asked where words do not tell the tool; nobody by default."),
    ] = None,
    instances: Annotated[
        int, typer.Option(min=2, help="Solved requests of a kind that a tool is made of.")
    ] = INSTANCES,
    demonstrations: Annotated[int, typer.Option(min=1, help="How many of them the maker is shown.")] = DEMONSTRATIONS,
    samples: Annotated[
        int, typer.Option(min=1, help="How often the maker is asked for one answer; a majority is trusted.")
    ] = 1,
    labels: Annotated[
        Literal["model", "person", "feedback"],
        typer.Option(
            help="Who says what is right: the `model` that answered, a `person` at the terminal, or `latm feedback` "
            "later."
        ),
    ] = "model",
    check: Check = "exact",
    making: Annotated[
        Literal["inline", "background", "off"],
        typer.Option(help="When tools are made: at once, beside the next requests, or never."),
    ] = "inline",
    approve: Annotated[bool, typer.Option("--approve", help="Show each tool, and ask before it is kept.")] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Answer requests: with a tool where one fits, else with the maker; make tools for kinds that keep coming.

    Each answer goes to standard output as soon as it is there; how it came about, with its id, to standard error. The
    tool library keeps requests, answers and tools; the next call finds them there.

    A request that a tool's parser knows takes no tokens. Where no tool fits, the maker is paid for the answer; when
    --instances requests of one kind are answered, it is paid once for a tool.

    Next: tell what was right (`latm feedback ID ANSWER`), see what was made (`latm tools list`) and what it saved
    (`latm stats`).
    """
    requests = _requests(questions or [], file)
    if demonstrations >= instances:
        raise typer.BadParameter(
            "there must be fewer than --instances: the rest is the proof", param_hint="--demonstrations"
        )
    asks = approve or labels == "person"
    if asks and not _somebody_is_there():
        raise typer.BadParameter("somebody must be there to be asked: the input is no terminal", param_hint="--approve")
    from langgraph.checkpoint.memory import InMemorySaver

    from langchain_latm.cli.answers import summarize
    from langchain_latm.loop.latm import create_latm

    maker_model, user_model, dispatcher_model = _models(maker, user, dispatcher)
    rows: list[AnswerRow] = []
    with opened_library(library) as opened, opened_sandbox(call_seconds) as sandbox:
        loop = create_latm(
            maker_model,
            user_model,
            library=opened,
            sandbox=sandbox,
            dispatcher_model=dispatcher_model,
            instances=instances,
            demonstrations=demonstrations,
            samples=samples,
            labels=labels,
            check=check,
            making=making,
            approve=approve,
            checkpointer=InMemorySaver() if asks else None,
        )
        with loop:
            for question, known in requests:
                row = _answered(loop, question, known, check_of(check), learn=learn, as_json=as_json)
                rows.append(row)
    if len(rows) > 1:
        summarize(rows, as_json=as_json)
    if any(row.error for row in rows):
        raise typer.Exit(1)


def feedback(
    answer_id: Annotated[str, typer.Argument(metavar="ID", help="The answer's id, as `latm ask` prints it.")],
    correct_answer: Annotated[str, typer.Argument(metavar="ANSWER", help="What is right.")],
    check: Check = "exact",
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Tell what the right answer to an earlier request is. A tool that is wrong too often is retired.

    The library keeps it, as an example that later versions of the tool must pass. No model is asked. A tool that was
    wrong three times, and in a fifth of all cases, is retired: the next request of its kind makes a new version.

    Next: `latm remake NAME` makes that version at once.
    """
    from langchain_latm.loop.feedback import Retirement, take_feedback

    with opened_library(library) as opened:
        flow = take_feedback(opened.flows, answer_id, correct_answer, check_of(check), Retirement())
        told = opened.run(flow)
    if as_json:
        console.print_json(told.model_dump(mode="json"))
        return
    by = f" by {told.tool}" if told.tool else ""
    console.say(f"kept: the answer{by} was {'right' if told.right else 'wrong'}")
    if told.retired:
        console.say(f"{told.tool} was wrong too often and is retired; the next request of its kind makes a new version")
    if told.tool and not told.right:
        console.say(f"latm remake {told.tool} makes a version that is right on it too")


def _answered(
    loop: "LATM", question: str, known: str | None, check: "AnswerCheck", *, learn: bool, as_json: bool
) -> "AnswerRow":
    """Answer one request, and print it at once; one that fails does not stop the others."""
    from langchain_latm.cli.answers import AnswerRow, show_answer

    outcome: Answer | LATMError
    try:
        outcome = _run(loop, question)
        if learn and known is not None:
            loop.record_feedback(outcome.id, known)
    except (ToolLibraryError, SandboxError):
        raise  # every other request would fail in the same way
    except (ModelError, RequestError) as error:
        outcome = error
    row = AnswerRow.of(question, known, outcome, check)
    show_answer(row, outcome, as_json=as_json)
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
        if answer is None:  # the last event always carries it: `stream` raises otherwise
            raise ModelError("the run ended without an answer")
        if answer.waiting_for is None:
            return answer
        request = Command(resume=ask_person(answer.waiting_for))
        config = {"configurable": {"thread_id": answer.id}}


def _requests(questions: list[str], file: Path | None) -> Iterator[tuple[str, str | None]]:
    """Return the requests one after the other: those of a pipe as they come."""
    if bool(questions) == (file is not None):
        raise typer.BadParameter("give QUESTIONs, or --file, or - for the standard input", param_hint="QUESTION")
    if file is not None:
        from langchain_latm.making.task_files import load_questions

        return iter(load_questions(file))
    if questions == ["-"]:
        return ((line.strip(), None) for line in sys.stdin if line.strip())
    for question in questions:
        refuse_question(question)
    return ((question, None) for question in questions)


def _models(*names: str | None) -> list[Any]:
    """Set up each model that is named, once; nothing stands for one that is not."""
    made = {name: chosen_model(name) for name in dict.fromkeys(names) if name is not None}
    return [None if name is None else made[name] for name in names]


def _somebody_is_there() -> bool:
    return sys.stdin.isatty()
