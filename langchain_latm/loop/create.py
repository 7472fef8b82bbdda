"""Creates the closed loop from models, a library and a sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable
from pydantic import TypeAdapter

from langchain_latm._core.defaults import (
    ATTEMPTS,
    CANDIDATES,
    DECIDING_SAMPLES,
    DEMONSTRATIONS,
    INSTANCES,
    SECOND_ATTEMPTS,
)
from langchain_latm.loop.dispatch.dispatcher import Dispatcher, validate_share
from langchain_latm.loop.dispatch.probability import MAX_ERROR
from langchain_latm.loop.feedback import RETIRE_AFTER, RETIRE_SHARE
from langchain_latm.loop.latm import LATM
from langchain_latm.loop.makings import ask_about
from langchain_latm.loop.parts import Dispatchers, Labels, Loop, When
from langchain_latm.loop.tenants import Tenants
from langchain_latm.making.escalating import MakerModel, maker_models
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.models.embeddings import resolve_embeddings
from langchain_latm.models.late import late_model
from langchain_latm.models.names import model_name
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.tools.library.budget import DailyLimit, MakingAccount
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.libraries import LibraryFactory
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of
from langchain_latm.tools.library.pending import Approve, PendingTools
from langchain_latm.tools.library.verdicts import Retirement
from langchain_latm.types import Stage

if TYPE_CHECKING:
    from langgraph.types import Checkpointer

PARSER_CHECKS = 0.02
_DAY = 86_400.0


def create_latm(
    maker_model: MakerModel = "local",
    user_model: str | Runnable[Any, Any] | None = None,
    *,
    library: ToolLibrary | LibraryFactory,
    sandbox: Sandbox,
    answering_model: str | Runnable[Any, Any] | None = None,
    dispatcher_model: str | Runnable[Any, Any] | None = None,
    judging_model: str | Runnable[Any, Any] | None = "answering",
    embeddings: str | Embeddings | None = None,
    max_error: float = MAX_ERROR,
    instances: int = INSTANCES,
    demonstrations: int = DEMONSTRATIONS,
    samples: int = 1,
    parser_checks: float = PARSER_CHECKS,
    labels: Labels = "model",
    check: AnswerCheck | str = "exact",
    making: When = "inline",
    attempts: int = ATTEMPTS,
    candidates: int = CANDIDATES,
    second_attempts: int = SECOND_ATTEMPTS,
    packages: Sequence[str] = (),
    helpers: bool = True,
    budget: int | str | None = None,
    approve: Approve = False,
    approval_seconds: float = 7 * _DAY,
    retire_after: int = RETIRE_AFTER,
    retire_share: float = RETIRE_SHARE,
    claim_seconds: float = 60.0,
    refresh_seconds: float = 1.0,
    checkpointer: Checkpointer = None,
    context_schema: type[Any] | None = None,
) -> LATM:
    """Create the Runnable from a request to its `Answer`, which makes tools for kinds of request that recur.

    Each request is dispatched. If a tool fits, the light model reads its arguments and the sandbox computes the answer.
    If none fits, the strong model answers, and request and answer are stored as an instance of their kind. When enough
    instances wait, a tool is made of them, proven on those that its maker is not shown, and used for later requests. If
    a tool fails on a request, the strong model answers it.

    Only one of the workers that share the library makes a tool of a kind at a time. A failed making is repeated when
    twice as many instances wait.

    A tool is used, and an instance is stored, only if the request meets two conditions. Otherwise the strong model
    answers with the whole conversation, and `Answer.doubts` says why:

    - The request is text alone. Earlier messages, or content other than text (images, audio, files), may change its
      meaning. A system prompt belongs to the kind: a tool is used only under the system prompt of the requests that it
      was made of, or without one if they had none. Only white space may differ.
    - The tool's parser reads the request. Case, white space, punctuation and courtesy may differ from the examples. If
      the parser does not read it, a fixed word was changed, added or left out, and a judging model is asked once
      whether the request asks for the same as a proven example. If so, the light model reads the arguments. For a tool
      without a parser, the fixed words are those that all examples of its proof share; if they share none, every
      request is judged, except these examples.

    Customers who do not trust each other are tenants: `latm.invoke(request, {"configurable": {"tenant": "acme"}})`.
    Tenants share no requests, answers, tools or state of tools; each has its own tools. Your application sets the
    tenant, never a request. See the how-to page on operation.

    Args:
        maker_model: Writes the functions: `"local"`, a name that `init_chat_model` takes, or a chat model. In a list,
            smallest first, the next model is asked if the one before proved nothing (`create_tool_maker`).
        user_model: Reads arguments. By default the maker's model, or the first of several.
        library: Where tools, instances and answers are stored, separately for each tenant. The caller closes it. Or a
            function that returns the library of a run from its LangGraph runtime, as on LangGraph Server: `lambda
            runtime: ToolLibrary(runtime.store, tenant=runtime.context.tenant)`. It is called in each stage and must be
            quick. Libraries share nothing. Such a loop takes no checkpointer.
        sandbox: Where the tools run. The caller closes it.
        answering_model: Answers if no tool fits, which also labels the instances. By default the maker's model, or the
            last of several.
        dispatcher_model: Asked if the wording does not decide which tool fits. By default no model is asked.
        judging_model: Asked whether a request that a tool's parser does not read asks for what the tool computes.
            `"answering"`: the answering model. None: no model is asked, and the strong model answers such requests.
            A request about which the dispatcher's model was asked is not judged again.
        embeddings: Compared if the wording does not decide: see `create_dispatcher`.
        max_error: Share of requests in natural wording that may get a wrong tool: see `create_dispatcher`.
        instances: Solved requests of a kind that a tool is made of.
        demonstrations: How many of them the maker is shown; the tool is proven on the others.
        samples: How often the strong model is asked for one answer. With more than one, only an answer that more than
            half of them give becomes a label.
        parser_checks: Share of the requests read by a tool's parser that the model reads too. If the answers differ,
            the tool continues without its parser. 0 disables the check.
        labels: Where correct answers come from: `"model"`, the strong model; `"person"`, asked by an `interrupt` for
            each new instance; `"feedback"`, only `record_feedback`.
        check: How answers are compared.
        making: `"inline"`, in the run whose request completes the instances, after its answer; `"background"`, in a
            thread; `"off"`, never.
        attempts: See `create_tool_maker`.
        candidates: See `create_tool_maker`.
        second_attempts: See `create_tool_maker`. Where proven functions differ, the source of the labels decides: the
            answering model, or a person by an `interrupt` (`making="inline"` only). With `labels="feedback"`, and if
            the answer is unknown, the tool fails on such requests, and the strong model answers them.
        packages: Packages that tools may import, as for `create_tool_maker`. Tenants cannot declare any.
        helpers: Whether a new tool may call functions of other tools of the same tenant's library
            (`create_tool_maker`).
        budget: Daily limit (UTC) for the makings of a library, or of each tenant: a number of tokens, or US dollars as
            `"2.50 USD"`. When it is spent, the strong model answers, with the doubt `budget`. All workers share it, and
            make one tool at a time; a making that has begun is finished. By default there is no limit.
        approve: Interrupt before a tool is added to the library; resume with `True`, or with the reason against it.
            `"later"`: do not interrupt, but store the tool as pending. It is not used before a person approves it:
            `latm serve --ui`, `latm tools approve`, or `ToolLibrary.approve`.
        approval_seconds: How long other workers wait with such a tool while a person decides.
        retire_after: See `record_feedback`.
        retire_share: See `record_feedback`.
        claim_seconds: How long a making blocks others after its process died.
        refresh_seconds: How long a change of the library may go unnoticed.
        checkpointer: Stores a run between its stages, so that it can be resumed after an interrupt or the death of its
            process: `invoke(None, config)` with its `thread_id` repeats no finished stage. A making in the background
            is resumed when its kind is made again.
        context_schema: Type of the runtime's context, for a library from a function: `latm.invoke(request,
            context=...)`. The graph on messages takes it too.

    Returns:
        A Runnable; use it in a `with` statement if it makes tools in the background.

    Raises:
        ValueError: Numbers contradict each other; `approve=True` or `labels="person"` without a checkpointer;
            `approve=True` with a making that is not inline; a checkpointer with a library from a function; a budget in
            dollars for a model without a known price.
        PackageError: A declared name is not the name of a package.
        ModelError: A model cannot be named or set up.

    Example:
        ```python
        from langchain_latm import create_latm, create_sandbox, open_tool_library

        SOLVED_BY_THE_MODEL = ("fig apple", "crow auk", "tin iron", "red blue", "oak elm", "mars io")

        with (
            open_tool_library("new.sqlite") as library,
            create_sandbox() as sandbox,
            create_latm("openai:gpt-4.1", library=library, sandbox=sandbox) as latm,
        ):
            for words in SOLVED_BY_THE_MODEL:  # the sixth request of the kind makes a tool
                answer = latm.invoke(f"Sort these words: {words}")
            print(answer.text, answer.tool_made)  # -> io mars sort_words
            answer = latm.invoke("Sort these words: kiwi date lime")
            print(answer.text, answer.dispatch.action)  # -> date kiwi lime reuse
        ```
    """
    if not 0 < demonstrations < instances:
        raise ValueError("demonstrations must be at least 1 and less than instances: the others are the proof")
    if samples < 1:
        raise ValueError("samples must be at least 1")
    retirement = Retirement.of(retire_after, retire_share)
    validate_share(max_error)
    if not 0 <= parser_checks <= 1:
        raise ValueError("parser_checks must be a share from 0 to 1")
    if approve is True and making != "inline":
        raise ValueError('approve=True needs making="inline": a run in the background cannot be resumed')
    if (approve is True or labels == "person") and not checkpointer:
        raise ValueError('approve=True and labels="person" interrupt the run: pass a checkpointer to resume it')
    if checkpointer and not isinstance(library, ToolLibrary):
        raise ValueError("a loop whose library is given by a function takes no checkpointer: a server has its own")
    makers = maker_models(maker_model)
    user = makers[0] if user_model is None else late_model(user_model)
    strong = makers[-1] if answering_model is None else late_model(answering_model)
    judge = strong if judging_model == "answering" else None if judging_model is None else late_model(judging_model)
    dispatching = None if dispatcher_model is None else late_model(dispatcher_model)
    embedding = None if embeddings is None else resolve_embeddings(embeddings)
    models: dict[Stage, str] = {
        "dispatching": model_name(dispatching) if dispatching is not None else "",
        "judging": model_name(judge) if judge is not None else "",
        "using": model_name(user),
        "answering": model_name(strong),
        "proposing": model_name(makers[-1]),
        "verification": model_name(user),
    }
    limit = None if budget is None else DailyLimit.of(budget, models)
    create_maker = partial(
        create_tool_maker,
        makers,
        user,
        sandbox=sandbox,
        attempts=attempts,
        candidates=candidates,
        second_attempts=second_attempts,
        packages=packages,
        deciding_model=strong if labels == "model" else None,
        deciding_samples=max(samples, DECIDING_SAMPLES),
        direct_samples=0,  # waiting requests were answered directly
        review=ask_about if labels == "person" and making == "inline" else None,
    )
    answer_check = TypeAdapter[AnswerCheck](AnswerCheck).validate_python(check)

    def create(own: ToolLibrary) -> Loop:
        operations = loop_operations_of(own)
        return Loop(
            operations=operations,
            dispatchers=Dispatchers(
                lambda key: Dispatcher(own, dispatching, embedding, instances, refresh_seconds, max_error, key)
            ),
            claims=Claims(operations.library, claim_seconds),
            account=MakingAccount(operations.library, limit, models),
            maker=create_maker(helpers=(lambda: own) if helpers else ()),
            strong=strong,
            judge=judge,
            user=user,
            models=models,
            sandbox=sandbox,
            check=answer_check,
            instances=instances,
            demonstrations=demonstrations,
            samples=samples,
            parser_checks=parser_checks,
            labels=labels,
            making=making,
            approve=approve,
            pending=PendingTools(operations.library),
            approval_seconds=approval_seconds,
        )

    return LATM(Tenants(library, create), checkpointer, retirement, context_schema)
