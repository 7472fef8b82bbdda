"""`latm ask` and `latm feedback`: requests answered with tools, and corrections of the answers."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from langchain_latm._core.defaults import DEMONSTRATIONS, INSTANCES, LOCAL
from langchain_latm.cli import console, options
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_makers, opened_sandbox
from langchain_latm.exceptions import (
    LATMError,
    ModelError,
    RequestError,
    SandboxError,
    ToolLibraryError,
    ToolUseError,
)

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from langchain_latm import LATM, Answer, AnswerCheck
    from langchain_latm.cli.answers import AnswerRow, Shown
    from langchain_latm.cli.many import Many
    from langchain_latm.loop.state import LoopStage
    from langchain_latm.types import FeedbackEntry, Inputs

_MAKING: "Sequence[LoopStage]" = ("proposing", "verification", "wrapping")
"""The steps that are printed for each of many requests."""
_LEARNING = "How tools are made"


def ask(
    questions: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUESTION", help="Requests, each in quotes; `-` reads one per line of standard input."),
    ] = None,
    rows: Annotated[
        list[str] | None,
        typer.Option("--args", metavar="JSON", help="Instead of QUESTION: a row for a typed tool, as a JSON object."),
    ] = None,
    file: options.RequestFile = None,
    learn: Annotated[
        bool,
        typer.Option(
            "--learn", help="Give the answers in the file as feedback after each request.", rich_help_panel=_LEARNING
        ),
    ] = False,
    maker: Annotated[
        list[str],
        options.model_option(
            f"The model that answers without a tool and writes tools. {options.MAKERS_HELP} The last one answers. "
            f"{options.MODEL_HELP}"
        ),
    ] = [LOCAL],  # noqa: B006 - Typer reads it only
    user: options.UserModel = None,
    dispatcher: Annotated[
        str | None,
        options.model_option("The model that resolves ambiguous wording; by default none."),
    ] = None,
    embeddings: options.Embeddings = None,
    max_error: options.MaxError = options.MAX_ERROR,
    instances: Annotated[
        int, typer.Option(min=2, help="Solved requests of a kind needed for a tool.", rich_help_panel=_LEARNING)
    ] = INSTANCES,
    demonstrations: Annotated[
        int, typer.Option(min=1, help="How many of them the maker sees.", rich_help_panel=_LEARNING)
    ] = DEMONSTRATIONS,
    samples: Annotated[
        int,
        typer.Option(
            min=1,
            help="Answers that the maker samples per request; a majority is trusted.",
            rich_help_panel=_LEARNING,
        ),
    ] = 1,
    labels: Annotated[
        Literal["model", "person", "feedback"],
        typer.Option(
            help="Source of the right answers: the `model` that answered, a `person` at the terminal, or `latm "
            "feedback` later.",
            rich_help_panel=_LEARNING,
        ),
    ] = "model",
    check: options.Check = "exact",
    making: Annotated[
        Literal["inline", "background", "off"],
        typer.Option(help="When tools are made: at once, in the background, or never.", rich_help_panel=_LEARNING),
    ] = "inline",
    budget: options.DailyBudget = None,
    packages: options.Packages = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Ask before a new tool is added.", rich_help_panel=_LEARNING)
    ] = False,
    approve_later: Annotated[
        bool,
        typer.Option(
            "--approve-later",
            help="Use no new tool before it is approved: latm serve --ui, latm tools approve.",
            rich_help_panel=_LEARNING,
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Print the reason for each decision, and the doubts.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = False,
    out: options.AnswersFile = None,
    force: options.ForceAnswers = False,
    restart: options.Restart = False,
    call_seconds: options.CallSeconds = options.CALL_SECONDS,
    library: options.Library = None,
    as_json: options.AsJson = False,
) -> None:
    """Answer requests with a tool if one fits, otherwise with the maker; make tools for recurring kinds of request.

    Prints each answer when it is ready; its source, doubts and id go to standard error. The library stores requests,
    answers and tools for the next call.

    With --file, requests that parsers of tools read are answered together, and only doubts and errors go to standard
    error. In a pipe or with --out, a request without an answer gives an empty line, and line breaks in an answer are
    escaped. Memory does not grow with the number of requests; with --out, repeat the command after Ctrl-C to continue.

    A row given by --args is for the typed tool that takes inputs of exactly these names; no model answers a row.

    A request that a tool's parser reads costs no tokens. If no tool fits, the answer costs the maker's tokens; after
    --instances answered requests of one kind, so does making its tool, once.

    Next: correct an answer (`latm feedback ID ANSWER`), list the tools (`latm tools list`), see what they saved
    (`latm stats`).
    """
    requests = _requests(questions or [], rows or [], file)
    options.validate_out(out, file)
    if demonstrations >= instances:
        message = "must be less than --instances: the other instances are for the proof"
        raise typer.BadParameter(message, param_hint="--demonstrations")
    if approve and approve_later:
        raise typer.BadParameter("cannot be combined with --approve: choose one", param_hint="--approve-later")
    interactive = approve or labels == "person"
    if interactive:
        options.require_terminal("--approve" if approve else "--labels person")
    from langgraph.checkpoint.memory import InMemorySaver

    from langchain_latm import create_latm
    from langchain_latm.cli.answers import Shown
    from langchain_latm.cli.many import Many

    makers, user_model, dispatcher_model = chosen_makers(maker, user, dispatcher)
    many = None
    if file is not None:
        job = {"models": [maker, user, dispatcher, embeddings], "library": str(library), "--learn": learn}
        many = Many(file, job, out=out, as_json=as_json, force=force, restart=restart)
    with opened_library(library) as opened, opened_sandbox(call_seconds) as sandbox:
        with options.budget_errors():
            loop = create_latm(
                makers,
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
                packages=packages or (),
                budget=budget,
                approve="later" if approve_later else approve,
                checkpointer=InMemorySaver() if interactive else None,
            )
        with loop:
            asking = _Asking(loop, options.check_of(check), Shown(explain=explain, as_json=as_json), learn=learn)
            if many is None:
                asking.show(requests)
            else:
                asking.put(many, alone=learn or interactive)


def feedback(
    answer_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="The answer's id, printed by `latm ask`.")
    ] = None,
    correct_answer: Annotated[str | None, typer.Argument(metavar="ANSWER", help="The right answer.")] = None,
    by: Annotated[str, typer.Option(metavar="USER", help="Who gives the feedback, if it is not you.")] = "",
    source: Annotated[
        Literal["person", "model", "stranger"],
        typer.Option(help="How far it is trusted. A single stranger cannot retire a tool or change a label."),
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


class _Asking:
    """Asks a loop, and compares its answers."""

    def __init__(self, loop: "LATM", check: "AnswerCheck", shown: "Shown", *, learn: bool) -> None:
        self._loop, self._check, self._shown, self._learn = loop, check, shown, learn

    def show(self, requests: "Iterable[str | Inputs]") -> None:
        """Answer and print one request after the other; end with code 1 if one has no answer."""
        from langchain_latm.cli.answers import Totals, show_answer

        totals = Totals()
        for question in requests:
            row, outcome = self._one(question, None)
            show_answer(row, outcome, self._shown)
            totals.add([row])
        if totals.requests > 1:
            totals.say()
        if totals.answered < totals.requests:
            raise typer.Exit(1)

    def put(self, many: "Many", *, alone: bool) -> None:
        """Answer the requests of a file, and write the answers; end with code 1 if one has none."""
        with many:
            for chunk in many.chunks():
                for answered in self._together(chunk, alone=alone):
                    many.put(answered)
        many.end()

    def _together(
        self, chunk: "Sequence[tuple[str, str | None]]", *, alone: bool
    ) -> "Iterator[list[tuple[AnswerRow, Callable[[], Any]]]]":
        """Yield the outcomes in order: requests that parsers read are answered together, others one by one.

        Args:
            chunk: Requests and known answers.
            alone: Whether each is answered before the next one begins.
        """
        from langchain_latm import Answer
        from langchain_latm.cli.answers import AnswerRow, answer_data, show_reasons

        outcome: Answer | LATMError
        parsed: list[Answer | None] = [None] * len(chunk)
        if not alone:
            parsed = self._loop.answer_parsed([question for question, _ in chunk])
        ready: list[tuple[AnswerRow, Callable[[], Any]]] = []
        for number, (question, known) in enumerate(chunk):
            answer = parsed[number]
            if answer is not None:
                row, outcome = AnswerRow.of(question, known, answer, self._check), answer
            else:
                if ready:
                    yield ready
                    ready = []
                row, outcome = self._one(question, known, steps=_MAKING)
                if not alone and isinstance(outcome, Answer) and outcome.tool_made:
                    parsed[number + 1 :] = self._again(chunk[number + 1 :], parsed[number + 1 :])
            if isinstance(outcome, Answer):
                show_reasons(outcome, self._shown)
            ready.append((row, partial(answer_data, row, outcome)))
            if answer is None:
                yield ready
                ready = []
        if ready:
            yield ready

    def _again(self, chunk: "Sequence[tuple[str, str | None]]", parsed: "list[Answer | None]") -> "list[Answer | None]":
        """Answer the requests that the parser of a new tool can read and no earlier one could."""
        left = [number for number, answer in enumerate(parsed) if answer is None]
        found = self._loop.answer_parsed([chunk[number][0] for number in left])
        for number, answer in zip(left, found, strict=True):
            parsed[number] = answer
        return parsed

    def _one(
        self, question: "str | Inputs", known: str | None, *, steps: "Sequence[LoopStage] | None" = None
    ) -> "tuple[AnswerRow, Answer | LATMError]":
        """Answer one request, and print some of its steps; a failure does not stop the other requests."""
        from langchain_latm.cli.answers import AnswerRow

        outcome: Answer | LATMError
        try:
            outcome = _run(self._loop, question, steps)
            if self._learn and known is not None:
                self._loop.record_feedback(outcome.id, known, source="person")
        except (ToolLibraryError, SandboxError):
            raise  # all other requests would fail too
        except (ModelError, RequestError, ToolUseError) as error:
            if isinstance(error, ModelError) and error.lasting:
                raise  # as above; requests that a parser reads were answered before
            outcome = error
        return AnswerRow.of(_text_of(question), known, outcome, self._check), outcome


def _text_of(question: "str | Inputs") -> str:
    from langchain_latm.types import inputs_text

    return question if isinstance(question, str) else inputs_text(question)


def _run(loop: "LATM", question: "str | Inputs", steps: "Sequence[LoopStage] | None") -> "Answer":
    from langgraph.types import Command

    from langchain_latm.cli.answers import ask_person
    from langchain_latm.cli.progress import progress
    from langchain_latm.types import shorten

    request: Any = question
    config: RunnableConfig | None = None
    while True:
        answer: Answer | None = None
        with progress(shorten(_text_of(question), 50)) as line:
            for event in loop.stream(request, config, stream_mode="custom"):
                answer = event.answer
                if answer is None and (steps is None or event.stage in steps):
                    line.step(event.stage, event.message)
        if answer is None:  # unreachable: the last event carries the answer, or `stream` raises
            raise ModelError("the run ended without an answer")
        if answer.waiting_for is None:
            return answer
        request = Command(resume=ask_person(answer.waiting_for))
        config = {"configurable": {"thread_id": answer.id}}


def _requests(questions: list[str], rows: list[str], file: Path | None) -> "Iterator[str | Inputs]":
    """Return the requests that are not in a file; those from a pipe as they arrive."""
    if sum(map(bool, (questions, rows, file))) != 1:
        raise typer.BadParameter("give QUESTIONs, --args, --file, or - for standard input", param_hint="QUESTION")
    if rows:
        return iter([options.inputs_in(row) for row in rows])
    if questions == ["-"]:
        return (line.strip() for line in sys.stdin if line.strip())
    for question in questions:
        options.validate_question(question)
    return iter(questions)
