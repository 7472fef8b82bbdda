"""Offers functions of other tools to the search and to the maker of one making, and inlines those that are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from langchain_core.messages import BaseMessage

from langchain_latm._core.flow import Flow
from langchain_latm.making.helpers.choosing import MOST_OFFERED, Helpers, helpers_for, shares_words
from langchain_latm.making.helpers.made import MadeHelper, with_made
from langchain_latm.making.helpers.searching import Found, searched_with_helpers
from langchain_latm.making.searching import Search, searched
from langchain_latm.making.showing import more_to_show, with_shown
from langchain_latm.making.state import MakingState, tell
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.types import InlinedHelper, Task

_KEY: Final = "helpers"
_SECONDS_AGAIN: Final = 10.0
"""Maximum duration of the search with more examples."""


class Programs(NamedTuple):
    """What is known before a maker is asked.

    Attributes:
        found: The programs that a search found, as replies of a maker, each with its plan.
        helpers: The functions of other tools to offer to a maker.
        changes: The changes of the state.
        task: The task; examples that the search needed are among its demonstrations.
    """

    found: list[Found]
    helpers: list[MadeHelper]
    changes: MakingState
    task: Task


def programs_for(
    state: MakingState, task: Task, search: Search | None, helpers: Helpers, sandbox: Sandbox
) -> Flow[Programs]:
    """Search before the first attempt, and again after each that refuted what a search found and showed an example.

    If no program is found, a few further examples are shown to the search. If that finds none, or none was right,
    functions of other tools are tried too.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    attempts = len(state["attempts"])
    only_searches = attempts == state.get("searched", 0)
    again = not attempts or (only_searches and state.get("learnt", False))
    found: list[Found] = []
    if search is not None and again:
        tell("proposing", "searching without a model", attempts + 1)
        found = yield from searched(search, task)
        if not found and "offered" not in state and (more := more_to_show(task)):
            tell("proposing", f"searching with {len(more)} more examples", attempts + 1)
            taught = with_shown(task, more)
            found = yield from searched(search, taught, seconds=_SECONDS_AGAIN)
            if found:
                shown: MakingState = {"shown": [*state.get("shown", []), *more], "offered": len(more)}
                return Programs(found, [], shown, taught)
    if found or not only_searches or ("helpers" in state and not again):
        return Programs(found, [MadeHelper.model_validate(each) for each in state.get("helpers", [])], {}, task)
    found, known = yield from helped(helpers, search, task, sandbox)
    return Programs(found, known, {"helpers": [each.model_dump() for each in known]}, task)


def helped(
    helpers: Helpers, search: Search | None, task: Task, sandbox: Sandbox
) -> Flow[tuple[list[Found], list[MadeHelper]]]:
    """Search on the values of functions of other tools, and choose those to offer to a maker.

    Returns:
        The programs found, as replies of a maker; and the functions to offer, which share words with the task. Those
        that have a value for every demonstration come first.

    Raises:
        SandboxError: The sandbox itself failed.
    """
    known = yield from helpers_for(helpers, task)
    found: list[Found] = []
    fitting: list[MadeHelper] = []
    if search is not None and known:
        found, fitting = yield from searched_with_helpers(search, task, known, sandbox)
    ordered = [*fitting, *(each for each in known if each not in fitting)]
    return found, [each for each in ordered if shares_words(each, task)][:MOST_OFFERED]


def with_called(reply: Any, code: str, helpers: Sequence[MadeHelper]) -> tuple[str, tuple[InlinedHelper, ...]]:
    """Return the code of a reply with the offered functions that it calls, and the functions of other tools in it.

    The code that a search found has its function already.
    """
    if isinstance(reply, BaseMessage) and _KEY in reply.additional_kwargs:
        return code, tuple(InlinedHelper.model_validate(each) for each in reply.additional_kwargs[_KEY])
    try:
        return with_made(code, helpers) if helpers else (code, ())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code, ()  # `entry_of` reports the error
