"""Which tool a request finds, and that a request of an unknown kind finds none."""

from __future__ import annotations

import json
import logging
import os
import random
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage
from langgraph.store.memory import InMemoryStore

from langchain_latm import RequestError, ToolLibrary, create_dispatcher, open_tool_library
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.text.wording.grouping import Groups
from langchain_latm.text.wording.lexical import LexicalIndex, wordings_of
from langchain_latm.text.wording.runs import Runs
from langchain_latm.tools.library.store_batch import StoreBatch
from tests.unit_tests.made_tool import tool_for
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn

SHARED = Path(os.environ.get("LATM_SHARED", Path(__file__).parents[5] / "shared")) / "data" / "bbh"
WORDS = ["pear", "fig", "plum", "kiwi", "lime", "date", "apple", "grape", "melon", "mango"]


def sorting(rng: random.Random) -> str:
    return f"Sort the following words alphabetically: List: {' '.join(rng.sample(WORDS, rng.randint(2, 6)))}"


def dates(rng: random.Random) -> str:
    a, b = (f"20{rng.randint(10, 30)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" for _ in range(2))
    return f"How many days are there between {a} and {b}?"


def lengths(rng: random.Random) -> str:
    return f"How many letters are there in the word {rng.choice(WORDS)}?"


@pytest.fixture
def library() -> ToolLibrary:
    rng = random.Random(1)
    made = ToolLibrary(InMemoryStore())
    for name, kind in (("sorting", sorting), ("dates", dates)):
        made.add(tool_for(name, [kind(rng) for _ in range(4)]))
    return made


def test_requests_find_their_tool_or_none(library: ToolLibrary) -> None:
    dispatcher, rng = create_dispatcher(library), random.Random(2)
    for kind, name in ((sorting, "sorting"), (dates, "dates"), (lengths, None)):
        for found in dispatcher.batch([kind(rng) for _ in range(20)]):
            assert found.tool == name
            assert found.action == ("reuse" if name else "answer")
            assert found.tool_id == (library.get(name).id if name else None)
            assert 0 <= found.score <= 1
            assert found.candidates[0].score == found.score


async def test_async_and_reasons(library: ToolLibrary) -> None:
    dispatcher = create_dispatcher(library)
    found = await dispatcher.ainvoke("How many days are there between 2020-02-01 and 2020-03-01?")
    assert "of what the examples of dates share" in found.reason
    assert "none fits" in (await dispatcher.ainvoke("How many letters are there in the word fig?")).reason
    assert "anything in common" in (await dispatcher.ainvoke("Bonjour tout le monde")).reason
    empty = await create_dispatcher(ToolLibrary(InMemoryStore())).ainvoke("x")
    assert (empty.action, empty.candidates) == ("answer", ())


@pytest.mark.parametrize("request_text", ["", " \n ", "x" * 10_000_000])
def test_odd_requests_are_refused(library: ToolLibrary, request_text: str) -> None:
    with pytest.raises(RequestError, match=r"empty|longer than 100,000"):
        create_dispatcher(library).invoke(request_text)


def test_hostile_text_is_only_text(library: ToolLibrary) -> None:
    dispatcher = create_dispatcher(library)
    for text in ("\x00" * 1_000, "(" * 99_999, "0" * 99_999, "\ud800", "é" * 5_000, "a b " * 20_000):
        assert dispatcher.invoke(text).action == "answer"


def test_changes_by_another_process_are_seen(tmp_path: Path) -> None:
    rng = random.Random(3)
    with open_tool_library(tmp_path / "a.sqlite") as mine, open_tool_library(tmp_path / "a.sqlite") as theirs:
        dispatcher = create_dispatcher(mine, refresh_seconds=0)
        assert dispatcher.invoke(sorting(rng)).action == "answer"
        first = tool_for("sorting", [sorting(rng) for _ in range(3)])
        theirs.add(first)
        assert dispatcher.invoke(sorting(rng)).tool_id == first.id
        second = tool_for("sorting", [sorting(rng) for _ in range(3)], description="Better.")
        theirs.add(second)
        assert dispatcher.invoke(sorting(rng)).tool_id == second.id
        theirs.activate("sorting", first.id)
        assert dispatcher.invoke(sorting(rng)).tool_id == first.id
        theirs.remove("sorting")
        assert dispatcher.invoke(sorting(rng)).action == "answer"


def test_a_library_is_not_read_again_before_its_time(library: ToolLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatcher = create_dispatcher(library, refresh_seconds=600)
    dispatcher.invoke("x")
    monkeypatch.setattr(StoreBatch, "run", None)
    assert dispatcher.invoke("How many days are there between 2020-02-01 and 2020-03-01?").tool == "dates"


def test_a_damaged_record_is_left_out_and_named(library: ToolLibrary, caplog: pytest.LogCaptureFixture) -> None:
    damaged = library.get("sorting")
    library._store.put(("latm", "records"), damaged.id, damaged.model_dump(mode="json") | {"source": "x"})
    library._store.delete(("latm", "forms"), "sorting")  # what it knows without the record
    dispatcher, rng = create_dispatcher(library), random.Random(4)
    with caplog.at_level(logging.WARNING):
        assert dispatcher.invoke(sorting(rng)).action == "answer"
    assert "no request will find sorting" in caplog.text
    assert dispatcher.invoke(dates(rng)).tool == "dates"


def test_one_example_is_hardly_enough() -> None:
    """Its form cannot be separated from its content, so only nearly equal requests count as its kind."""
    wordings, rng = wordings_of(["Sort the following words alphabetically: List: fig date"]), random.Random(5)
    index = LexicalIndex()
    index.put("sorting", wordings)
    assert index.search("Sort the following words alphabetically: List: fig date")[0].fits
    assert not index.search(dates(rng))


def test_a_kind_that_is_worded_variously_is_not_found_by_words() -> None:
    """A wrong tool is worse than none: words that any question may contain do not identify a kind."""
    questions = [
        "On which weekday did 2022-10-18 fall? Answer with its name.",
        "Is 1936 a leap year? Answer with yes or no.",
        "Between May 11 and August 13, how often does Wednesday occur? Answer with a number.",
        "If Tuesday is January 1st, what is February 20? Answer with the name of the day.",
    ]
    made = ToolLibrary(InMemoryStore())
    made.add(tool_for("calendar", questions))
    found = create_dispatcher(made).invoke("What is the capital of France? Answer with a name.")
    assert (found.action, found.tool) == ("answer", None)
    json.loads(found.model_dump_json())


def test_what_is_removed_leaves_nothing_in_the_index() -> None:
    index, rng = LexicalIndex(), random.Random(6)
    for number in range(20):
        index.put(f"t{number}", wordings_of([sorting(rng) for _ in range(3)]))
        index.put(f"t{number}", wordings_of([dates(rng) for _ in range(3)]))
    assert len(index) == 20
    for number in range(20):
        index.remove(f"t{number}")
    index.remove("t0")
    assert not index._holders
    assert index.search(dates(rng)) == []


def ambiguous(library: ToolLibrary) -> str:
    """A request that wording leaves undecided: it has much of the shared wording, but not enough."""
    library.add(tool_for("sums", [f"What is the sum of {a} and {a + 3}, written as a number?" for a in range(4)]))
    return "What is the sum of 3 and 4, to be written out in words such as twenty, please?"


@pytest.mark.parametrize(
    ("reply", "action", "reason"),
    [
        ("1", "reuse", "the model chose it among sums"),
        ("Number: 1.", "reuse", "the model chose it"),
        ("0", "answer", "the model said so, asked about sums"),
        ("7", "answer", "reply '7' is not a choice"),
        ("1 or 0", "answer", "is not a choice"),
        (
            AIMessage("1 fits, but", response_metadata={"finish_reason": "length"}),
            "answer",
            "cut off before its choice",
        ),
        ("", "answer", "is not a choice"),
        (ConnectionError("no"), "answer", "the model could not be asked"),
    ],
)
def test_a_model_is_asked_where_words_leave_it_open(
    library: ToolLibrary, reply: Reply, action: str, reason: str
) -> None:
    request = ambiguous(library)
    model = ScriptedChatModel(script=in_turn(reply))
    found = create_dispatcher(library, model=model).invoke(request)
    assert (found.action, found.tool) == (action, "sums" if action == "reuse" else None)
    assert reason in found.reason
    assert len(model.prompts) == 1
    told = str(model.prompts[0][0].content)
    assert "Tool 1: Sort words." in told
    assert "Request: What is the sum of 0 and 3" in told
    assert f"Request: {request}" in str(model.prompts[0][-1].content)
    assert found.usage.calls == (0 if isinstance(reply, Exception) else 1)
    assert create_dispatcher(library).invoke(request).action == "answer"  # only what is certain, without one


async def test_no_model_is_asked_where_words_decide(library: ToolLibrary) -> None:
    model, rng = ScriptedChatModel(script=in_turn(AssertionError("asked"))), random.Random(7)
    dispatcher = create_dispatcher(library, model=model)
    assert (await dispatcher.ainvoke(sorting(rng))).tool == "sorting"
    assert dispatcher.invoke("Write a poem about autumn rain").action == "answer"
    assert model.prompts == []


def test_questions_of_a_kind_are_grouped_though_nothing_is_known_of_it() -> None:
    rng = random.Random(9)
    kinds = {"sorting": sorting, "dates": dates, "lengths": lengths}
    order = [name for name in kinds for _ in range(8)]
    rng.shuffle(order)
    groups: Groups[tuple[str, int]] = Groups()
    for number, name in enumerate(order):
        groups.add((name, number), Runs.of(kinds[name](rng)))
    for name, number in list(groups):
        assert {other for other, _ in groups.group((name, number))} == {name}
    assert {len(groups.group(key)) for key in groups} == {8}
    for key in list(groups):
        groups.remove(key)
    assert not groups._holders
    assert not groups._likeness


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the tasks of BIG-bench Hard are not in {SHARED}")
@pytest.mark.parametrize("examples", [3, 6])
@pytest.mark.slow
def test_tasks_of_big_bench_hard(examples: int) -> None:
    """Tools for four of the paper's six tasks; the other two and nine more kinds are unseen. Five random splits."""
    tasks = {
        path.stem: [each["input"] for each in json.loads(path.read_text())["examples"]]
        for path in sorted(SHARED.glob("*.json"))
    }
    paper = [name for name, questions in sorted(tasks.items()) if len(questions) == 70]
    right, asked = {True: 0, False: 0}, {True: 0, False: 0}
    for seed in range(5):
        rng = random.Random(seed)
        index = LexicalIndex()
        requests: list[tuple[str, str | None]] = []
        for name in rng.sample(paper, 4):
            questions = rng.sample(tasks[name], len(tasks[name]))
            index.put(name, wordings_of(questions[:examples]))
            requests += [(question, name) for question in questions[examples:]]
        requests += [(question, None) for name in tasks if name not in index for question in tasks[name]]
        for question, wanted in requests:
            found = next((match.name for match in index.search(question) if match.fits), None)
            asked[wanted is not None] += 1
            right[wanted is not None] += found == wanted
    assert {seen: right[seen] / asked[seen] >= 0.99 for seen in asked} == {True: True, False: True}


def test_of_two_tools_with_one_wording_neither_is_sure() -> None:
    rng, library = random.Random(5), ToolLibrary(InMemoryStore())
    parser = RequestParser(
        literals=("Sort the following words alphabetically: List: ", ""),
        slots=(Slot(name="words", form="texts", gaps=(0,)),),
    )
    for name in ("ascending", "by_length"):
        questions = [sorting(rng) for _ in range(6)]
        library.add(tool_for(name, questions, parser=parser, read_by=("parser",)))
    dispatcher = create_dispatcher(library)
    for _ in range(20):
        found = dispatcher.invoke(f"{sorting(rng)} quince")
        assert (found.action, found.tool) == ("answer", None)
        assert "the parsers of ascending and by_length read it" in found.reason
