"""A small world for the closed loop: three kinds of request, and a model that knows them all.

As a program it is one process of several on the same library: `python -m tests.unit_tests.loop_world LIBRARY LOG SEED
REQUESTS [BUDGET] [FURTHER]` answers a stream of requests, and writes a line into LOG for each making that the model is
asked for. With FURTHER it then goes on until it has had an answer from a tool of each kind.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage
from langgraph.store.memory import InMemoryStore

from langchain_latm import LATM, Answer, ToolLibrary, create_latm, create_sandbox, open_tool_library
from langchain_latm.making import maker as maker_module
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.libraries import LibraryFactory
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel
from tests.unit_tests.word_task import question_in

WORDS = "pear fig apple dove crow auk tin zinc iron red blue teal oak elm ash mars venus io kiwi lime date".split()  # noqa: SIM905


@dataclass(frozen=True)
class Kind:
    """A kind of request: its wording, its answer, and the tool for it."""

    opening: str
    draw: Callable[[random.Random], str]
    solve: Callable[[str], str]
    source: str
    arguments: Callable[[str], dict[str, Any]]

    def request(self, rng: random.Random) -> str:
        return f"{self.opening} {self.draw(rng)}"

    def answer(self, request: str) -> str:
        return self.solve(request.removeprefix(self.opening).strip())


def _words(rng: random.Random) -> str:
    return " ".join(rng.sample(WORDS, 4))


def _numbers(rng: random.Random) -> str:
    return " ".join(str(rng.randint(1, 999)) for _ in range(3))


def _function(name: str, parameter: str, body: str) -> str:
    described = f"Compute it.\n\n    Args:\n        {parameter.partition(':')[0]}: What is given."
    return f'def {name}({parameter}) -> str:\n    """{described}\n    """\n    return {body}\n'


KINDS = {
    "sort": Kind(
        "Put these words into alphabetical order:",
        _words,
        lambda text: " ".join(sorted(text.split())),
        _function("sort_words", "words: list[str]", '" ".join(sorted(words))'),
        lambda text: {"words": text.split()},
    ),
    "sum": Kind(
        "What do these numbers add up to?",
        _numbers,
        lambda text: str(sum(map(int, text.split()))),
        _function("add_up", "numbers: list[int]", "str(sum(numbers))"),
        lambda text: {"numbers": [int(each) for each in text.split()]},
    ),
    "turn": Kind(
        "Write each of the letters in backward sequence, from the last one:",
        lambda rng: rng.choice(WORDS) + rng.choice(WORDS),
        lambda text: text[::-1],
        _function("turn_round", "text: str", "text[::-1]"),
        lambda text: {"text": text.strip()},
    ),
}


def kind_of(text: str) -> Kind:
    return next(kind for kind in KINDS.values() if kind.opening in text)


@dataclass
class World:
    """The requests to the model, and its replies."""

    makings: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    used: int = 0
    on_making: Callable[[str], Reply | None] = lambda _text: None
    on_answering: Callable[[str], Reply | None] = lambda _text: None
    on_reading: Callable[[str], Reply | None] = lambda _text: None
    on_judging: Callable[[str], Reply] = lambda _text: "yes"

    @property
    def model(self) -> ScriptedChatModel:
        return ScriptedChatModel(script=self.reply)

    def reply(self, messages: list[BaseMessage]) -> Reply:
        system, last = str(messages[0].content), str(messages[-1].content)
        if "Read the arguments" in system:
            self.used += 1
            asked = question_in(messages)
            said = self.on_reading(asked)
            return said if said is not None else kind_of(asked).arguments(asked.removeprefix(kind_of(asked).opening))
        if "Do what is asked last" in system:
            self.answered.append(last)
            said = self.on_answering(last)
            return said if said is not None else f"I work it out.\nAnswer: {kind_of(last).answer(last)}"
        if "You compare two requests" in system:
            self.judged.append(last)
            return self.on_judging(last)
        kind = kind_of("\n".join(str(message.content) for message in messages))
        self.makings.append(kind.opening)
        said = self.on_making(kind.opening)
        return said if said is not None else f"```python\n{kind.source}```"


def loop(world: World, library: ToolLibrary | LibraryFactory, sandbox: Sandbox, **changes: Any) -> LATM:
    return create_latm(
        world.model,
        library=library,
        sandbox=sandbox,
        **{"refresh_seconds": 0.0, "parser_checks": 0.0, "second_attempts": 0, **changes},
    )


def stream(kinds: Sequence[str], count: int, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    return [KINDS[rng.choice(list(kinds))].request(rng) for _ in range(count)]


def run(latm: LATM, *kinds: str, count: int, seed: int = 0) -> list[Answer]:
    """Answer this many requests of these kinds."""
    return [latm.invoke(request) for request in stream(kinds, count, seed)]


def sorting_tool(sandbox: Sandbox) -> MadeTool:
    """The tool that a loop makes of six requests to sort; its parser reads them."""
    library = ToolLibrary(InMemoryStore())
    latm = loop(World(), library, sandbox)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    return library.get(library.list()[0].name)


def main(library_file: str, log_file: str, seed: str, count: str, *more: str) -> None:
    budget, further = (*more, "", "")[:2]
    log = Path(log_file)

    def note(text: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"making": kind_of(text).opening, "by": seed}) + "\n")
        time.sleep(0.3)  # long enough for others to start the same making

    world = World(on_making=note)
    asked = wrong = errors = late = 0
    served: set[str] = set()
    with open_tool_library(library_file) as library, create_sandbox() as sandbox:
        latm = loop(world, library, sandbox, refresh_seconds=0.2, budget=budget or None)
        added = _until_served(served, int(seed)) if further else ()
        requests = itertools.chain(stream(list(KINDS), int(count), int(seed)), added)
        for request in requests:
            answer = latm.invoke(request)
            asked += 1
            kind = kind_of(request)
            wrong += answer.text != kind.answer(request)
            errors += any("could not" in note for note in answer.notes)
            if answer.tool_use is not None:
                served.add(kind.opening)
            elif kind.opening in served:
                late += 1
    outcome = {"answered": asked, "wrong": wrong, "errors": errors, "late": late, "used": world.used}
    sys.stdout.write(json.dumps(outcome) + "\n")


def _until_served(served: set[str], seed: int) -> Iterator[str]:
    """Yield requests of the kinds for which no tool has answered, at the pace of people, for a minute at most.

    The number of requests during a making depends on the machine, but in the end each process uses each tool.
    """
    rng = random.Random(-seed)
    end = time.monotonic() + 60
    while missing := [kind for kind in KINDS.values() if kind.opening not in served]:
        assert time.monotonic() < end, f"no tool answered for {[kind.opening for kind in missing]}"
        time.sleep(0.05)
        yield missing[0].request(rng)


if __name__ == "__main__":
    # As in the tests of one process: the scripted maker is asked for every function.
    maker_module.chosen_search = lambda given: None if given is True else given  # type: ignore[assignment, attr-defined, return-value]
    main(*sys.argv[1:])
