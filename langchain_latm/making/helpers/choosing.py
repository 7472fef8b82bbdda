"""Chooses the made tools whose functions may serve a task, by words."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from langchain_latm._core.caller import caller_of_run
from langchain_latm._core.flow import Compute, Flow
from langchain_latm.exceptions import LATMError
from langchain_latm.making.helpers.made import MadeHelper
from langchain_latm.text.lexing.words import FUNCTION_WORDS, words
from langchain_latm.tools.library.libraries import library_of
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Task

Helpers = ToolLibrary | Callable[[], ToolLibrary] | Sequence[MadeTool]
"""Where the functions of other tools are from: a library, a function that returns the one of the run, or tools."""

MOST_TRIED: Final = 20
"""Maximum number of functions that are run on a task's arguments: each takes about 10 ms."""
MOST_OFFERED: Final = 5
"""Maximum number of functions that are offered to a maker, or that the search continues from."""
_LEAST_LETTERS: Final = 3
_MOST_QUESTIONS: Final = 10

_log = logging.getLogger(__name__)


def helpers_for(helpers: Helpers, task: Task) -> Flow[list[MadeHelper]]:
    """Return the functions to try for a task, those that share most of its words first.

    Of a library, these are the current tools of the tenant of the run. Tools that wait for approval, were retired or
    removed, or are wrong according to feedback are not used, nor is an earlier version of the tool to be made. If the
    library cannot be read, there are none, since a making does not need them.
    """
    try:
        tools = yield from _tools(helpers, task)
    except LATMError as error:
        _log.warning("no functions of other tools are used for %s: %s", task.name, error)
        return []
    (found,) = yield Compute(lambda: [MadeHelper.of(tool) for tool in tools])  # the gate parses each source
    first: dict[str, MadeHelper] = {}
    for each in found:
        if each is not None:
            first.setdefault(each.name, each)
    return [*first.values()]


def _tools(helpers: Helpers, task: Task) -> Flow[list[MadeTool]]:
    if isinstance(helpers, Sequence):
        given = {tool.id: tool for tool in helpers if tool.name != task.name}
        return [given[key] for key, _ in ranked([(tool.id, _about(tool)) for tool in given.values()], task)]
    if isinstance(helpers, ToolLibrary):
        library = operations_of(library_of(helpers, (yield from caller_of_run())))
    else:
        library = operations_of(helpers())
    pointers = [each for each in (yield from library.pointers()) if each.key != task.name]
    described = [(each.value["id"], f"{each.key} {each.value.get('description', '')}") for each in pointers]
    found = []
    for tool_id, _ in ranked(described, task)[:MOST_TRIED]:
        try:
            tool = yield from library.get_by_id(tool_id)
        except LATMError as error:  # a damaged record serves nobody
            _log.warning("the function of a tool is not used: %s", error)
            continue
        if not (yield from library.disputed(tool)):
            found.append(tool)
    return found


def ranked(described: Sequence[tuple[str, str]], task: Task) -> list[tuple[str, float]]:
    """Return the keys of described tools with their scores, the best first; of equal ones in their order.

    The score is the sum of the weights of the words that a description shares with the task. A word has more weight the
    fewer tools have it.
    """
    of_task = _words([task.name, task.description or "", *task.input_names, *_questions(task)])
    of_tools = [(key, _words([text])) for key, text in described]
    counts = Counter(word for _, each in of_tools for word in each)
    scored = [
        (key, sum(math.log(1 + len(of_tools) / counts[word]) for word in sorted(each & of_task)))
        for key, each in of_tools
    ]
    return sorted(scored, key=lambda pair: -pair[1])  # stable


def shares_words(helper: MadeHelper, task: Task) -> bool:
    """Whether the name or description of a function shares a word with a task."""
    ((_, score),) = ranked([(helper.origin.id, f"{helper.origin.tool} {helper.line}")], task)
    return score > 0


def _about(tool: MadeTool) -> str:
    return f"{tool.name} {tool.description}"


def _questions(task: Task) -> list[str]:
    return [example.question for example in task.demonstrations[:_MOST_QUESTIONS]] if not task.typed else []


def _words(texts: Iterable[str]) -> set[str]:
    found = words(" ".join(texts).replace("_", " ").casefold(), _LEAST_LETTERS)
    return set(found) - FUNCTION_WORDS
