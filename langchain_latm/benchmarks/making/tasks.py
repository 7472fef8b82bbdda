"""The tasks of `latm bench making`, split into examples for making and for the test.

Rules that keep test examples out of makings:

- The split is fixed. A file's examples are ordered by the sha256 of their text; the last ones are the test, with every
  seed and in every run. Generated tests come from a seed of their own. A question of the test that recurs among the
  examples for making is dropped, and a `BenchTask` with a question on both sides is invalid.
- A maker gets a `Task`, whose examples are drawn from the rest, by seed, task and run. Test questions are asked one by
  one, after the tool's record is on disk; the harness compares their answers and uses them for nothing else.
- For a table, a maker also gets the inputs of the test's rows without their answers, as when a column is completed.
- Events and reports only count right answers, without the test's texts, so they can be used to improve prompts.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from langchain_latm.benchmarks.demo import DEMONSTRATIONS, KINDS, VALIDATION, draw_examples
from langchain_latm.benchmarks.gym import generate, generators, has_reasoning_gym
from langchain_latm.benchmarks.names import GROUPS, WHERE_DATA_IS
from langchain_latm.benchmarks.tables.tasks import is_table, read_rows
from langchain_latm.exceptions import TaskError
from langchain_latm.making.task_files import load_questions
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    Example,
    Inputs,
    Task,
    ToolName,
    Value,
    first_error,
    shorten,
)

Source = Literal["bbh", "reasoning-gym", "own", "requests", "tables"]
"""A BIG-bench file, a generator of reasoning-gym, a kind of the demo, a file of requests, or one of rows of a table."""

FURTHER: Final = 12
"""Further unseen examples of a making, like the rest of a file in `latm make`: three short answers prove nothing."""
_NEEDED: Final = DEMONSTRATIONS + VALIDATION
_POOL_SEED: Final = 1
_POOL: Final = 60
_TEST_SEED: Final = 900_001
_OWN: Final = "own:"
_COLUMN: Final = "column"


class BenchTask(Value):
    """One kind of request, with examples for making and others for the test."""

    name: ToolName  # name of the task, and of the tools made for it
    source: Source  # where the examples come from
    # Demonstrations and validation examples are drawn from these.
    pool: Annotated[tuple[Example, ...], Field(min_length=_NEEDED)]
    # Examples for testing tools and baselines. No question of `pool` is among them.
    test: Annotated[tuple[Example, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if {each.text.strip() for each in self.pool} & {each.text.strip() for each in self.test}:
            raise ValueError("a question is both among the examples for making and in the test")
        if len({frozenset(each.inputs or ()) for each in (*self.pool, *self.test)}) > 1:
            raise ValueError("its rows have not all the same columns")
        return self

    @property
    def typed(self) -> bool:
        """Whether its examples are rows of a table."""
        return self.pool[0].inputs is not None

    @property
    def fingerprint(self) -> str:
        """Short hash of all examples. Tasks with the same hash have the same test and the same draws."""
        examples = [[(each.text, each.answer) for each in part] for part in (self.pool, self.test)]
        return hashlib.sha256(json.dumps(examples).encode()).hexdigest()[:16]

    def task(
        self,
        seed: int,
        run: int,
        *,
        shown: int = DEMONSTRATIONS,
        validation: int = VALIDATION,
        further: int = FURTHER,
    ) -> Task:
        """Draw a maker's task for one run; the same seed and run give the same examples.

        Args:
            seed: Seed of the draw.
            run: Number of the making.
            shown: Examples that the maker sees.
            validation: Unseen ones for the proof.
            further: Maximum further unseen ones, which a proof takes only if its answers have few values.
        """
        draw = random.Random(f"{seed}:{self.name}:{run}")  # noqa: S311 - nothing secret
        drawn = draw.sample(self.pool, shown + validation)
        rest = [each for each in self.pool if each not in drawn]
        rows = tuple(each.inputs for each in self.test if each.inputs is not None)
        # Renamed, because the name of a table's file often tells what is computed.
        name = _COLUMN if self.typed else self.name
        return Task(
            name=name,
            demonstrations=tuple(drawn[:shown]),
            validation=tuple(drawn[shown:]),
            further=tuple(draw.sample(rest, min(further, len(rest)))),
            rows=rows,
        )


def load_tasks(names: Sequence[str], data: Path | None, test: int, *, needed: int = _NEEDED) -> list[BenchTask]:
    """Load tasks, and split their examples.

    Args:
        names: A group of `GROUPS`; a JSON file of `data`, without its ending; a kind of the demo, as `own:NAME` if a
            file has the same name; or a generator of reasoning-gym. The paper's group takes files only, since
            reasoning-gym has another task with one of their names.
        data: A folder with BIG-bench JSON files, if there is one.
        test: Examples in each test.
        needed: Examples that a making needs.

    Raises:
        TaskError: No such task, a file that cannot be used, too few examples, or reasoning-gym is missing.
        ValueError: `test` is below 1.
    """
    if test < 1:
        raise ValueError("a test needs at least one example")
    wanted = [(each, name == "paper") for name in names for each in GROUPS.get(name, (name,))]
    found: dict[str, BenchTask | None] = {
        name: _available(name, data, test, needed, only_file=file) for name, file in wanted
    }
    generated = [name for name, task in found.items() if task is None]
    for name, drawn in generated_tasks(generated, test, needed=needed).items():
        if isinstance(drawn, str):
            missing = "" if data is None else f", and {data} has no {name}.json"
            raise TaskError(f"{name}: {drawn}{missing}{_near(name, data)}")
        found[name] = drawn
    return [task for name, _ in wanted if (task := found[name]) is not None]


def _near(name: str, data: Path | None) -> str:
    """Return a suggestion of a similar name; empty if there is none."""
    files = [] if data is None else [path.stem for path in data.glob("*.json")]
    known = [*GROUPS, *KINDS, *(generators() if has_reasoning_gym() else ()), *files]
    near = [] if name in known else get_close_matches(name, known, n=1)
    return f". Did you mean {near[0]}?" if near else ""


def generated_tasks(
    names: Sequence[str], test: int, *, needed: int = _NEEDED, fair: bool = False
) -> dict[str, BenchTask | str]:
    """Return the task of each generator of reasoning-gym, or why there is none; `fair` as for `gym.draw`.

    Raises:
        TaskError: reasoning-gym is missing.
    """
    if not names:
        return {}
    found: dict[str, BenchTask | str] = {}
    draws = [(_POOL_SEED, max(_POOL, 2 * needed)), (_TEST_SEED, test + test // 2 + 10)]
    for name, (entries, error) in generate(names, draws, fair=fair).items():
        if error is not None:
            found[name] = error
            continue
        tested = _unique(entries[1])[:test]
        try:
            found[name] = _task(name, "reasoning-gym", _unique(entries[0], excluded=tested), tested, test, needed)
        except TaskError as reason:
            found[name] = str(reason).removeprefix(f"{name}: ")
    return found


def planned(
    specs: Sequence[str], data: Path | None, test: int, runs: int, *, needed: int = _NEEDED
) -> list[tuple[BenchTask, int]]:
    """Load tasks by `NAME` or `NAME:RUNS`, as on the command line; if a task is named twice, most runs count.

    Raises:
        TaskError: As for `load_tasks`; or two different tasks have one name.
    """
    plan: dict[str, tuple[BenchTask, int]] = {}
    for spec in specs:
        match = re.fullmatch(r"(.+):([0-9]+)", spec)
        name, wanted = (match[1], int(match[2])) if match else (spec, runs)
        if wanted < 1:
            raise TaskError(f"{spec}: a task needs at least one run")
        for task in load_tasks([name], data, test, needed=needed):
            other, more = plan.get(task.name, (task, 0))
            if other != task:
                raise TaskError(f"two tasks are named {task.name}: one is {other.source}, one is {task.source}")
            plan[task.name] = task, max(wanted, more)
    return list(plan.values())


def _available(name: str, data: Path | None, test: int, needed: int, *, only_file: bool) -> BenchTask | None:
    """Return a task of a file or of the demo; None for one that has to be generated."""
    bare = name.removeprefix(_OWN)
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", bare):
        raise TaskError(f"{name!r} is not the name of a task: use letters, digits, _ and -")
    if data is not None and bare == name and (path := data / f"{name}.json").is_file():
        return of_file(path, test, needed=needed, source="bbh")
    if only_file:
        where = "--data names no folder with it" if data is None else f"{data} does not hold it"
        raise TaskError(
            f"{name}: the paper's tasks are BIG-bench files, but {where} ({name}.json). Its authors publish them: "
            f"{WHERE_DATA_IS}"
        )
    if bare in KINDS:
        tested = draw_examples(bare, _TEST_SEED, test)
        pool = [(each.question, each.answer) for each in draw_examples(bare, _POOL_SEED, _POOL)]
        return _task(bare, "own", _unique(pool, excluded=tested), tested, test, needed)
    if bare != name:
        raise TaskError(f"{bare!r} is not a kind of the demo; they are {', '.join(KINDS)}")
    return None


def of_file(path: Path, test: int, *, needed: int = _NEEDED, source: Source | None = None) -> BenchTask:
    """Return the task of one file: BIG-bench JSON, requests, or rows of a table.

    Args:
        path: The file; without its ending it is the task's name.
        test: Examples in the test.
        needed: Examples that a making needs.
        source: The source of a BIG-bench file. Without it, the file's content determines `requests` or `tables`; a test
            may then be shorter, and two answers to one question are an error.

    Raises:
        TaskError: The file cannot be used, or has too few examples.
    """
    table = source is None and is_table(path)
    if table:
        examples = [_row(path, inputs, answer) for inputs, answer in read_rows(path)]
    else:
        entries = load_questions(path)
        if any(answer is None for _, answer in entries):
            raise TaskError(f"{path}: each example needs an answer")
        examples = _unique(entries)
    if source is None:
        _reject_two_answers([(each.text, each.answer) for each in examples] if table else entries)
    by_text = {each.text.strip(): each for each in reversed(examples)}
    examples = sorted(by_text.values(), key=lambda each: hashlib.sha256(each.text.encode()).digest())
    if source is None:
        test = max(1, min(test, len(examples) - needed))
    kind: Source = source or ("tables" if table else "requests")
    return _task(path.stem, kind, examples[:-test], examples[-test:], test, needed)


def _row(path: Path, inputs: Inputs, answer: Any) -> Example:
    try:
        return Example(inputs=inputs, answer=answer)
    except ValidationError as error:
        raise TaskError(f"{path}: {first_error(error)}") from error


def _reject_two_answers(pairs: Iterable[Sequence[Any]]) -> None:
    seen: dict[str, Any] = {}
    for text, answer in pairs:
        if seen.setdefault(text.strip(), answer) != answer:
            raise TaskError(f"{shorten(text, 60)!r} has two answers")


def _unique(entries: Iterable[Sequence[Any]], *, excluded: Sequence[Example] = ()) -> list[Example]:
    """Make examples of questions with answers, each question once.

    Values that are not text, or too long, are left out.
    """
    seen = {each.question.strip() for each in excluded}
    found: list[Example] = []
    for question, answer in entries:
        usable = all(
            isinstance(text, str) and text.strip() and len(text) <= MAX_QUESTION_CHARACTERS
            for text in (question, answer)
        )
        if usable and question.strip() not in seen:
            seen.add(question.strip())
            found.append(Example(question=question, answer=answer))
    return found


def _task(  # noqa: PLR0917 - the parts of a task
    name: str, source: Source, pool: Sequence[Example], tested: Sequence[Example], test: int, needed: int
) -> BenchTask:
    if len(tested) < test or len(pool) < needed:
        raise TaskError(
            f"{name}: {len(pool) + len(tested)} different examples, but the test needs {test} and making {needed}"
        )
    try:
        return BenchTask(name=name, source=source, pool=tuple(pool), test=tuple(tested))
    except ValidationError as error:
        raise TaskError(f"{name}: {first_error(error)}") from error
