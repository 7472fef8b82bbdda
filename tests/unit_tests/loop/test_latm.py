"""The closed loop, on the real sandbox and with a scripted model that knows three kinds of request."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command

from langchain_latm import (
    Answer,
    ModelError,
    RequestError,
    ToolLibrary,
    ToolLibraryError,
    open_tool_library,
)
from langchain_latm._core.flow import run_flow
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.library import operations_of
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.loop_world import KINDS, WORDS, World, kind_of, loop, run, stream

SORT, SUM = KINDS["sort"], KINDS["sum"]
WRONG_SOURCE = SORT.source.replace("sorted(words)", "words")


def right(answer: Answer) -> bool:
    return answer.text == kind_of(answer.question).answer(answer.question)


def test_a_kind_that_keeps_coming_gets_its_tool(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    answers = run(loop(world, library, sandbox), "sort", count=10)
    assert all(map(right, answers))
    assert [answer.tool_use is not None for answer in answers] == [False] * 6 + [True] * 4
    assert [answer.tool_made for answer in answers if answer.tool_made] == ["put_words_alphabetical_order"]
    assert world.makings == [SORT.opening]
    first, sixth, last = answers[0], answers[5], answers[9]
    assert first.usage.keys() == {"answering"}
    assert first.models == {"answering": "ScriptedChatModel"}
    assert sixth.usage.keys() == {"answering", "proposing", "verification"}
    assert last.usage == {}  # the tool's parser knows the request: no model is asked
    assert first.dispatch is not None
    assert (first.dispatch.action, last.dispatch.action if last.dispatch else None) == ("answer", "reuse")
    assert library.usage("put_words_alphabetical_order").uses == 4
    assert len({answer.id for answer in answers}) == 10
    (event,) = library.history("put_words_alphabetical_order")
    assert event.reason == "made of 6 requests"


@pytest.mark.slow
def test_mixed_kinds_are_kept_apart(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    answers = run(loop(world, library, sandbox), *KINDS, count=60, seed=3)
    assert all(map(right, answers))
    assert sorted(world.makings) == sorted(kind.opening for kind in KINDS.values())
    assert len(library.list()) == 3
    assert sum(answer.tool_use is not None for answer in answers) == 60 - 18


async def test_async_gives_the_same(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    answers = [await latm.ainvoke(request) for request in stream(["sum"], 8)]
    assert all(map(right, answers))
    assert [answer.tool_use is not None for answer in answers] == [False] * 6 + [True] * 2
    assert all(map(right, await latm.abatch([*stream(["sum"], 3, 9)])))
    assert all(map(right, latm.batch([*stream(["sum"], 3, 8)])))


async def test_events_report_progress(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    requests = stream(["sort"], 8)
    for request in requests[:5]:
        latm.invoke(request)
    events = list(latm.stream(requests[5], stream_mode="custom"))
    stages = [event.stage for event in events]
    assert stages[:2] == ["dispatching", "answering"]
    assert {"proposing", "verification", "wrapping"} <= set(stages)
    assert [event.tool.name for event in events if event.tool] == ["put_words_alphabetical_order"]
    assert events[-1].answer is not None
    assert right(events[-1].answer)
    later = [event async for event in latm.astream(requests[6], stream_mode="custom")]
    assert [event.stage for event in later] == ["dispatching", "using", "using"]
    (only,) = latm.stream(requests[7])
    assert right(only)


def test_messages_and_what_was_said_before(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm, requests = loop(world, library, sandbox), stream(["sort"], 12)
    for request in requests[:6]:  # they depend on earlier messages: no tool can be made of them
        said = [HumanMessage("Hello"), AIMessage("Good morning"), HumanMessage(request)]
        assert right(latm.invoke(said).model_copy(update={"question": request}))
    assert library.list() == ()
    for request in requests[6:]:
        latm.invoke([SystemMessage("Be brief."), HumanMessage(request)])
    assert len(library.list()) == 1
    assert latm.invoke([SystemMessage("Be brief."), HumanMessage(requests[0])]).tool_use is not None
    later = latm.invoke([HumanMessage("Hello"), AIMessage("Yes?"), HumanMessage(requests[0])])
    assert (later.tool_use, [doubt.code for doubt in later.doubts]) == (None, ["history"])


@pytest.mark.parametrize("request_", ["", "  ", "x" * 10_000_000, [], [AIMessage("x")], [HumanMessage("")]])
def test_odd_requests_cost_nothing(world: World, library: ToolLibrary, sandbox: Sandbox, request_: Any) -> None:
    with pytest.raises(RequestError, match=r"empty|longer than 100,000|person"):
        loop(world, library, sandbox).invoke(request_)
    assert world.answered == []


def test_the_answer_that_most_samples_give_is_the_label(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    said = iter([*["Answer: 7", "Answer: 7", "Answer: 8"], *[f"Answer: {n}" for n in range(3)]])
    world.on_answering = lambda _text: next(said)
    latm = loop(world, library, sandbox, samples=3)
    first, second = run(latm, "sum", count=2)
    assert (first.text, first.usage["answering"].calls) == ("7", 3)
    assert second.text == "0"
    waiting = {item.value["question"]: item.value["answer"] for item in library._store.search(("latm", "waiting"))}
    assert waiting == {first.question: "7", second.question: None}  # no two agreed on the second: no label


def test_an_answer_without_the_mark_is_taken_whole(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    for reply, text in (("just this", "just this"), ("**Answer:** **5**", "5"), ("answer: a\nb", "a\nb")):
        world.on_answering = lambda _text, reply=reply: reply  # type: ignore[misc]
        assert loop(world, library, sandbox).invoke("Something else").text == text


def test_labels_by_feedback(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox, labels="feedback")
    world.on_answering = lambda _text: "Answer: no idea"
    answers = run(latm, "sort", count=7)
    assert library.list() == ()
    for answer in answers[:6]:
        told = latm.record_feedback(answer.id, kind_of(answer.question).answer(answer.question))
        assert (told.right, told.tool) == (False, None)
    due = latm.invoke(stream(["sort"], 1, 99)[0])
    assert due.dispatch is not None
    assert due.dispatch.action == "reuse"  # the tool was made first, then it answered
    assert (due.tool_made, right(due)) == ("put_words_alphabetical_order", True)
    assert due.usage.keys() == {"proposing", "verification"}


def test_labels_by_a_person(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    world.on_answering = lambda text: "Answer: wrong" if "apple" in text else None
    latm = loop(world, library, sandbox, labels="person", checkpointer=InMemorySaver())
    for number, request in enumerate(stream(["sort"], 6, 5)):
        config: RunnableConfig = {"configurable": {"thread_id": str(number)}}
        draft = latm.invoke(request, config)
        assert draft.waiting_for == {"kind": "label", "question": request, "answer": draft.text}
        correct = SORT.answer(request)
        answer = latm.invoke(Command(resume=True if draft.text == correct else correct), config)
        assert (answer.text, answer.waiting_for) == (correct, None)
    assert len(library.list()) == 1
    with pytest.raises(ValueError, match="pass a checkpointer"):
        loop(world, library, sandbox, labels="person")


@pytest.mark.parametrize("said", [True, "it looks dangerous"])
def test_a_person_approves_a_tool(world: World, library: ToolLibrary, sandbox: Sandbox, said: bool | str) -> None:
    latm = loop(world, library, sandbox, approve=True, checkpointer=InMemorySaver())
    answers = run(latm, "sort", count=6)
    asked = answers[5].waiting_for
    assert asked is not None
    assert asked["source"] == SORT.source
    assert (len(asked["examples"]), asked["report"]["complete"], asked["kind"]) == (6, True, "approval")
    assert right(answers[5])
    assert library.list() == ()
    others = run(loop(world, library, sandbox), "sort", count=2, seed=7)  # no worker makes it while a person reviews
    assert others[0].notes == ("a tool for this kind of request is being made elsewhere",)
    ended = latm.invoke(Command(resume=said), {"configurable": {"thread_id": answers[5].id}})
    assert len(world.makings) == 1
    if said is True:
        assert (ended.tool_made, len(library.list())) == ("put_words_alphabetical_order", 1)
    else:
        assert ended.notes == ("put_words_alphabetical_order was made and refused: it looks dangerous",)
        assert library.list() == ()
        assert run(latm, "sort", count=2, seed=8)[-1].waiting_for is None  # not asked again at once


def test_a_request_that_the_parser_does_not_know_is_read_by_the_model(
    world: World, taught: ToolLibrary, sandbox: Sandbox
) -> None:
    latm = loop(world, taught, sandbox)
    world.on_reading = lambda text: {"words": text.partition(SORT.opening)[2].split()}
    answer = latm.invoke(f"Right now! {SORT.opening} pear fig apple dove")
    assert answer.text == "apple dove fig pear"
    assert answer.usage.keys() == {"judging", "using"}
    assert [doubt.code for doubt in answer.doubts] == ["same"]


def test_a_parser_that_the_model_disagrees_with_is_retired(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    library = taught
    latm = loop(world, library, sandbox, parser_checks=1.0)
    (name,) = (each.name for each in library.list())
    answer = run(latm, "sort", count=1, seed=11)[0]
    assert (right(answer), answer.notes, answer.usage["using"].calls) == (True, (), 1)
    assert library.get(name).parser is not None

    world.on_reading = lambda _text: "no JSON at all"  # does not count against the parser
    assert run(latm, "sort", count=1, seed=12)[0].notes == ()
    assert library.get(name).parser is not None

    world.on_reading = lambda text: {"words": text.removeprefix(SORT.opening).split()[:2]}
    answer = run(latm, "sort", count=1, seed=13)[0]
    assert right(answer)
    assert "continues without a parser" in answer.notes[0]
    assert library.get(name).parser is None
    assert "in different ways" in library.history(name)[-1].reason
    world.on_reading = lambda _text: None
    assert run(latm, "sort", count=1, seed=14)[0].usage["using"].calls == 1
    assert library.usage(name).uses == 4


def test_an_untried_model_checks_a_parser_only_if_it_reads_unseen_examples(
    world: World, taught: ToolLibrary, sandbox: Sandbox
) -> None:
    (name,) = (each.name for each in taught.list())
    untried = taught.get(name).model_dump() | {"id": "", "read_by": ("parser", "untried_model")}
    taught.add(MadeTool.model_validate(untried))
    latm = loop(world, taught, sandbox, parser_checks=1.0)
    world.on_reading = lambda text: {"words": text.removeprefix(SORT.opening).split()[:2]}
    answer = run(latm, "sort", count=1, seed=11)[0]
    assert (right(answer), answer.notes, answer.usage["using"].calls) == (True, (), 1)
    (again,) = run(latm, "sort", count=1, seed=12)
    assert (right(again), "using" in again.usage) == (True, False)  # it is not tried twice
    assert taught.get(name).parser is not None

    latm = loop(world, taught, sandbox, parser_checks=1.0)
    (request, *_) = stream(["sort"], 1)
    misread = {"words": request.removeprefix(SORT.opening).split()[:2]}
    world.on_reading = lambda text: misread if text == request else None
    assert "continues without a parser" in latm.invoke(request).notes[0]
    assert taught.get(name).read_by == ("model",)


@pytest.mark.usefixtures("no_parsers")
def test_a_tool_that_fails_leaves_the_answer_to_the_strong_model(
    world: World, library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm = loop(world, library, sandbox)
    run(latm, "sort", count=6)
    world.on_reading = lambda _text: "no JSON at all"
    answer = run(latm, "sort", count=1, seed=11)[0]
    assert (right(answer), answer.tool_use) == (True, None)
    assert answer.usage.keys() == {"using", "answering"}
    assert "no valid arguments" in answer.notes[0]
    usage = library.usage("put_words_alphabetical_order")
    assert (usage.uses, usage.failures) == (1, 1)
    world.on_reading = lambda _text: None
    assert run(latm, "sort", count=1, seed=12)[0].tool_use is not None


@pytest.mark.usefixtures("no_parsers")
def test_what_a_tool_could_not_answer_becomes_an_example_of_it(
    world: World, library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm = loop(world, library, sandbox)
    run(latm, "sort", count=6)
    (name,) = (each.name for each in library.list())
    world.on_reading = lambda _text: "no JSON at all"
    answer = run(latm, "sort", count=1, seed=11)[0]
    told = latm.record_feedback(answer.id, "a b c")
    assert (told.right, told.tool, told.retired) == (False, None, False)
    known = run_flow(operations_of(library).examples(name))
    assert [(each.question, each.answer) for each in known if each.question == answer.question] == [
        (answer.question, "a b c")
    ]


@pytest.mark.slow
def test_a_tool_that_is_wrong_too_often_is_replaced_by_one_that_passes_everything(
    world: World, library: ToolLibrary, sandbox: Sandbox
) -> None:
    """A cheating function: right on its examples, wrong on requests with 'apple'."""
    shrewd = SORT.source.replace(
        'return " ".join(sorted(words))', 'return " ".join(sorted(words) if "apple" not in words else words)'
    )
    world.on_making = lambda _text: f"```python\n{shrewd}```"
    latm = loop(world, library, sandbox)
    requests = [text for text in stream(["sort"], 200, 1) if "apple" not in text]
    hard = [text for text in stream(["sort"], 200, 2) if "apple" in text]
    for request in requests[:6]:
        latm.invoke(request)
    (first,) = library.list()
    told = [latm.record_feedback(a.id, SORT.answer(a.question)) for a in map(latm.invoke, requests[6:8])]
    assert [(each.right, each.retired) for each in told] == [(True, False)] * 2
    wrongs = [latm.invoke(request) for request in hard[:3]]
    told = [latm.record_feedback(answer.id, SORT.answer(answer.question)) for answer in wrongs]
    assert [each.retired for each in told] == [False, False, True]
    assert latm.record_feedback(wrongs[0].id, SORT.answer(wrongs[0].question)).retired is False  # feedback twice
    assert library.list() == ()
    assert library.history(first.name)[-1].reason == "feedback: 3 of 5 answers were wrong"
    unrepaired = latm.invoke(requests[9])  # the maker has learned nothing
    assert unrepaired.tool_made is None
    assert right(unrepaired)
    world.on_making = lambda _text: None
    for request in requests[10:30]:
        latm.invoke(request)
    (second,) = library.list()
    assert (second.name, second.id != first.id) == (first.name, True)
    questions = {case.question for case in library.get(first.name).report.cases}
    assert set(hard[:3]) <= questions  # wrong answers, right answers, and the old proof
    assert set(requests[:8]) <= questions
    assert latm.invoke(hard[5]).text == SORT.answer(hard[5])


def test_an_export_takes_along_what_is_known_of_the_requests(
    world: World, library: ToolLibrary, sandbox: Sandbox, tmp_path: Path
) -> None:
    latm = loop(world, library, sandbox)
    answers = run(latm, "sort", count=8)
    latm.record_feedback(answers[7].id, SORT.answer(answers[7].question))
    other = ToolLibrary(InMemoryStore())
    library.export_file(tmp_path / "all.json")
    other.import_file(tmp_path / "all.json")
    name = "put_words_alphabetical_order"
    assert run_flow(operations_of(other).examples(name)) == run_flow(operations_of(library).examples(name))
    assert len(run_flow(operations_of(other).examples(name))) == 7
    assert right(run(loop(world, other, sandbox), "sort", count=1, seed=9)[0])


def test_feedback_on_what_a_tool_was_wrongly_made_of(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    world.on_answering = lambda text: f"Answer: {text.removeprefix(SORT.opening).strip()}"
    world.on_making = lambda _text: f"```python\n{WRONG_SOURCE}```"
    latm = loop(world, library, sandbox, retire_after=2)
    answers = run(latm, "sort", count=6)
    assert answers[5].tool_made
    unsorted = [answer for answer in answers if not right(answer)]
    told = [latm.record_feedback(answer.id, SORT.answer(answer.question)) for answer in unsorted[:2]]
    assert [(each.right, each.tool, each.retired) for each in told] == [
        (False, answers[5].tool_made, False),
        (False, answers[5].tool_made, True),
    ]


def test_odd_feedback(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    with pytest.raises(RequestError, match="no answer has the id 'nothing'"):
        latm.record_feedback("nothing", "x")
    with pytest.raises(RequestError, match="empty"):
        latm.record_feedback(run(latm, "sort", count=1)[0].id, " ")


@pytest.mark.slow
def test_a_making_without_success_is_not_tried_again_at_once(
    world: World, library: ToolLibrary, sandbox: Sandbox
) -> None:
    world.on_making = lambda _text: "I cannot."
    latm = loop(world, library, sandbox, attempts=2)
    answers = run(latm, "sort", count=30)
    assert all(map(right, answers))
    assert [number for number, answer in enumerate(answers, 1) if "proposing" in answer.usage] == [6, 12, 24]
    assert "no tool was proven in 2 attempts" in answers[5].notes[0]
    world.on_making = lambda _text: None
    assert any(answer.tool_made for answer in run(latm, "sort", count=24, seed=4))


@pytest.mark.slow
def test_one_wrong_label_does_not_let_every_making_fail(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    first = stream(["sort"], 1)[0]
    world.on_answering = lambda text: "Answer: nonsense" if text == first else None
    answers = run(loop(world, library, sandbox, attempts=1), "sort", count=30)
    assert sum("proposing" in answer.usage for answer in answers) == 2
    assert len(library.list()) == 1


@pytest.mark.usefixtures("no_parsers")
@pytest.mark.parametrize("where", ["on_answering", "on_making", "on_reading"])
def test_a_model_that_fails_in_the_middle(world: World, library: ToolLibrary, sandbox: Sandbox, where: str) -> None:
    latm = loop(world, library, sandbox)
    requests = stream(["sort"], 12, 6)
    for request in requests[: 6 if where == "on_reading" else 5]:
        latm.invoke(request)
    setattr(world, where, lambda _text: ConnectionError("gone"))
    if where == "on_answering":
        with pytest.raises(ModelError, match="cannot be reached"):
            latm.invoke(requests[6])
    else:
        answer = latm.invoke(requests[6])
        assert right(answer)
        assert "cannot be reached" in answer.notes[0]
    setattr(world, where, lambda _text: None)
    later = [latm.invoke(request) for request in requests[7:]]
    assert all(map(right, later))
    assert later[-1].tool_use is not None  # nothing was lost, and nothing is blocked


def test_what_words_did_not_tell_is_learned(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """Confirmed requests are examples too: the share that needs a model falls as a stream goes on."""
    opening = "These words should be put into alphabetical order for me, thanks:"
    asked: list[str] = []

    def choose(prompt: Any) -> str:
        asked.append(prompt.to_string())
        return "1"

    world.on_reading = lambda text: {"words": text.removeprefix(opening).split()} if opening in text else None
    latm = loop(world, taught, sandbox, dispatcher_model=RunnableLambda(choose))
    rng = random.Random(3)
    answers = [latm.invoke(f"{opening} {SORT.draw(rng)}") for _ in range(12)]
    assert all(answer.tool_use is not None for answer in answers)
    by = [answer.dispatch.by for answer in answers if answer.dispatch]
    assert by[0] == "model"
    assert by[6:] == ["words"] * 6
    assert len(asked) == by.count("model") < 6


@pytest.mark.slow
def test_a_request_that_went_to_the_wrong_tool_does_not_spoil_its_kind(
    world: World, library: ToolLibrary, sandbox: Sandbox
) -> None:
    """The dispatcher's model chose it by mistake, three times; feedback then retires the tool."""
    latm = loop(world, library, sandbox, dispatcher_model=RunnableLambda(lambda _: "1"))
    answers = run(latm, "sort", count=7)
    strange = "These words should be put into alphabetical order, and then counted, how many are there of them: oak elm"
    world.on_reading = lambda text: {"words": ["oak", "elm"]} if "counted" in text else None
    for number in range(3):
        answer = latm.invoke(f"{strange} {WORDS[number]}")
        assert answer.tool_use is not None
        retired = latm.record_feedback(answer.id, "2").retired
    assert retired
    world.on_reading = lambda _text: None
    plain = loop(world, library, sandbox)
    later = [plain.invoke(request) for request in stream(["sort"], 3, 21)]
    assert later[0].tool_made == answers[5].tool_made
    assert all(map(right, later))


@pytest.mark.slow
def test_concurrent_requests_cause_one_making(world: World, shared: ToolLibrary, sandbox: Sandbox) -> None:
    world.on_making = lambda _text: time.sleep(0.2)
    latm = loop(world, shared, sandbox)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(latm.invoke, stream(list(KINDS), 90, 4)))
    assert all(map(right, answers))
    assert len(world.makings) == len(set(world.makings)) == 3
    assert len(shared.list()) == 3


@pytest.mark.slow
async def test_concurrent_tasks_cause_one_making(world: World, shared: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, shared, sandbox)
    answers = await asyncio.gather(*(latm.ainvoke(request) for request in stream(["sort"], 30, 4)))
    assert all(map(right, answers))
    assert len(world.makings) <= 1
    assert len(await asyncio.gather(*(latm.ainvoke(each) for each in stream(["sort"], 3, 5)))) == 3
    assert len(world.makings) == len(shared.list()) == 1


@pytest.mark.slow
def test_a_maker_that_died_releases_its_claim(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    """It cannot renew it."""
    latm = loop(world, library, sandbox)
    answers = run(latm, "sort", count=5)
    claim = {"instances": [answer.id for answer in answers], "won": True}
    library._store.put(("latm", "claims"), "0", {**claim, "seconds": 600.0})
    blocked = run(latm, "sort", count=1, seed=5)[0]
    assert blocked.notes == ("a tool for this kind of request is being made elsewhere",)
    library._store.put(("latm", "claims"), "0", {**claim, "seconds": 0.001})
    time.sleep(0.01)
    assert run(latm, "sort", count=1, seed=6)[0].tool_made is not None


@pytest.mark.slow
def test_a_long_making_keeps_its_claim(world: World, shared: ToolLibrary, sandbox: Sandbox) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_text: str) -> None:
        begun.set()
        go_on.wait(120)

    world.on_making = slow
    latm = loop(world, shared, sandbox, claim_seconds=3.0)
    run(latm, "sort", count=5)
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(run, latm, "sort", count=1, seed=5)
        begun.wait(120)
        time.sleep(6.0)  # twice the lifetime of a claim without renewal
        assert run(latm, "sort", count=1, seed=6)[0].notes[0].endswith("is being made elsewhere")
        go_on.set()
        assert making.result()[0].tool_made is not None
    assert len(world.makings) == 1
    assert shared._store.search(("latm", "claims")) == []


def test_making_can_be_off(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    assert run(loop(world, library, sandbox, making="off"), "sort", count=9)[-1].tool_use is None
    assert world.makings == []


def test_a_run_continues_after_its_process_died(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    """In the middle of the making: finished stages are not paid for again."""
    saver = InMemorySaver()
    config: RunnableConfig = {"configurable": {"thread_id": "one"}}
    run(loop(world, library, sandbox), "sort", count=5)

    world.on_reading = lambda _text: _raise(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        loop(world, library, sandbox, checkpointer=saver).invoke(stream(["sort"], 1, 9)[0], config)
    assert (len(world.makings), len(world.answered)) == (1, 6)
    world.on_reading = lambda _text: None
    answer = loop(world, library, sandbox, checkpointer=saver).invoke(None, config)
    assert answer.tool_made == "put_words_alphabetical_order"
    assert right(answer)
    assert (len(world.makings), len(world.answered)) == (1, 6)  # neither proposed nor answered again


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.slow
def test_a_full_disk_loses_no_answer(world: World, tmp_path: Path, sandbox: Sandbox) -> None:
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        latm = loop(world, library, sandbox)
        run(latm, "sort", count=7)
        connection = library._store.conn  # type: ignore[attr-defined]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        answers = run(latm, "sort", count=40, seed=2)
        assert all(map(right, answers))
        assert "database or disk is full" in answers[-1].notes[0]
        assert answers[-1].tool_use is not None
        connection.execute("PRAGMA max_page_count = 1073741823")
        assert run(latm, "sort", count=1, seed=3)[0].notes == ()


def test_a_damaged_tool_is_named_and_answered_around(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    (tool,) = taught.list()
    item = taught._store.get(("latm", "records"), tool.id)
    assert item is not None
    taught._store.put(("latm", "records"), tool.id, {"json": item.value["json"].replace("sorted", "hacked")})
    answer = run(loop(world, taught, sandbox), "sort", count=1, seed=7)[0]
    assert right(answer)
    assert "altered or damaged" in answer.notes[0]


def test_a_library_that_fails_at_once_is_reported(world: World, tmp_path: Path, sandbox: Sandbox) -> None:
    library = open_tool_library(tmp_path / "tools.sqlite")
    latm = loop(world, library, sandbox)
    library.close()
    with pytest.raises(ToolLibraryError, match="store failed"):
        latm.invoke("x")
    assert world.answered == []


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    assert not [thread for thread in threading.enumerate() if thread.name == "latm-claim"]
