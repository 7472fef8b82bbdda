"""New versions of tools that are known to be wrong, on the real sandbox and with scripted models."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import (
    ModelError,
    Remaking,
    TaskError,
    ToolLibrary,
    ToolMakingError,
    ToolNotFoundError,
    ToolRecordError,
    ToolRemaker,
    create_latm,
    create_tool_maker,
    create_tool_remaker,
    library_costs,
    open_tool_library,
)
from langchain_latm._core.flow import run_flow
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.instances import Instance, InstanceRole, shown_first
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.types import shorten
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.making_prompt import signature_in
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import GOOD, both_roles, code, is_reading, word_task

SHREWD = GOOD.replace("sorted(words)", 'sorted(words) if "kiwi" not in words else words')
"""Right on everything that `word_task` holds."""
CRASHING = GOOD.replace('    return " "', '    assert "kiwi" not in words, "no kiwis"\n    return " "')
WRONG_ON = ("Sort: kiwi fig", "Sort: lime kiwi date", "Sort: pear kiwi")
RIGHT_ON = ("Sort: birch beech", "Sort: hop barley")
NAME = "word_sorting"


def answer_to(question: str) -> str:
    return " ".join(sorted(question.removeprefix("Sort: ").split()))


def model_that_writes(*sources: str) -> ScriptedChatModel:
    return ScriptedChatModel(script=both_roles(in_turn(*map(code, sources))))


@pytest.fixture
def no_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """The maker chooses the parameters itself, as for questions without shared wording."""
    monkeypatch.setattr("langchain_latm.making.planning.ways", lambda _: [])


def making_prompts(model: ScriptedChatModel) -> list[str]:
    return [str(prompt[-1].content) for prompt in model.prompts if not is_reading(prompt)]


def tell(library: ToolLibrary, *questions: str, **answers: str) -> None:
    """Store feedback on requests."""
    kept = loop_operations_of(library)
    said = {question: answer_to(question) for question in questions} | answers
    for number, (question, answer) in enumerate(said.items()):
        example = Instance(id=f"answer-{number}", question=question, answer=answer, source="feedback")
        run_flow(kept.add_example(NAME, example))


@pytest.fixture
def library(sandbox: Sandbox) -> ToolLibrary:
    """It holds a tool that is proven but wrong."""
    library = ToolLibrary(InMemoryStore())
    library.add(create_tool_maker(model_that_writes(SHREWD), sandbox=sandbox).invoke(word_task()), reason="made")
    return library


def remaker(library: ToolLibrary, sandbox: Sandbox, model: ScriptedChatModel, **options: Any) -> ToolRemaker:
    return create_tool_remaker(model, library=library, sandbox=sandbox, **{"attempts": 1, **options})


def everything(library: ToolLibrary) -> Any:
    """The content of a library, without the accounts of failed makings."""
    return {
        (item.namespace, item.key): item.value
        for item in library._store.search((), limit=10_000)
        if item.namespace[1] != "failed"
    }


@pytest.mark.usefixtures("no_ways")
def test_a_new_version_learns_from_what_the_one_before_got_wrong(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *RIGHT_ON, *WRONG_ON)
    old, model = library.get(NAME), model_that_writes(GOOD)
    told = remaker(library, sandbox, model).invoke(NAME)
    new = library.get(NAME)
    assert told.tool == new != old
    assert (told.name, told.before, told.known) == (NAME, old.id, 11)
    assert [case.question for case in told.counterexamples] == list(WRONG_ON)
    assert told.counterexamples[0].value == "kiwi fig"
    (prompt,) = making_prompts(model)
    shown = [line.removeprefix("Question: ") for line in prompt.splitlines() if line.startswith("Question: ")]
    assert shown == [*WRONG_ON[:2], word_task().demonstrations[0].question]
    assert "Sort words." not in prompt, "so the wrong version described itself"
    proven = {case.question: case.role for case in new.report.cases}
    assert new.report.verified
    assert proven.keys() == {*WRONG_ON, *RIGHT_ON, *(case.question for case in old.report.cases)}
    assert [question for question, role in proven.items() if role == "demonstration"] == shown


def test_the_history_says_why_and_the_old_version_can_be_brought_back(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, WRONG_ON[0])
    old = library.get(NAME)
    remaker(library, sandbox, model_that_writes(GOOD)).invoke(NAME)
    made, remade = library.history(NAME)
    assert (made.reason, remade.action) == ("made", "added")
    assert remade.reason == (
        "remade: 1 of 7 known requests was answered wrongly, for example 'Sort: kiwi fig' gave 'kiwi fig', not "
        "'fig kiwi'"
    )
    library.activate(NAME, old.id[:12])
    assert library.get(NAME) == old


def test_what_trying_took_is_part_of_what_the_new_version_took(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *RIGHT_ON, WRONG_ON[0])
    before = library_costs(library).tool(NAME).tokens.making or 0
    told = remaker(library, sandbox, model_that_writes(GOOD)).invoke(NAME)
    assert told.usage.keys() == {"using", "proposing", "verification"}
    assert told.usage["using"].calls == 3
    after = library_costs(library).tool(NAME).tokens.making
    assert after == before + sum(each.total for each in told.usage.values())
    assert library.usage(NAME).uses == 0


@pytest.mark.slow
async def test_async_gives_the_same(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *WRONG_ON)
    told = await remaker(library, sandbox, model_that_writes(GOOD)).ainvoke(NAME)
    assert len(told.counterexamples) == 3
    assert (await library.aget(NAME)) == told.tool
    again = await remaker(library, sandbox, model_that_writes("no")).ainvoke(NAME)
    assert again.tool is None
    stream_of = remaker(library, sandbox, model_that_writes(GOOD), force=True).astream(NAME, stream_mode="custom")
    events = [event async for event in stream_of]
    assert events[-1].remaking is not None
    assert events[-1].remaking.tool == library.get(NAME)


def test_a_making_that_fails_changes_nothing_and_is_counted(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *WRONG_ON)
    before, costs = everything(library), library_costs(library).tool(NAME).tokens.making or 0
    with pytest.raises(ToolMakingError, match="no tool was proven in 2 attempts") as raised:
        remaker(library, sandbox, model_that_writes(SHREWD), attempts=2).invoke(NAME)
    assert everything(library) == before
    assert len(raised.value.attempts) == 2
    assert raised.value.usage.keys() == {"using", "proposing", "verification"}
    spent = sum(each.total for each in raised.value.usage.values())
    assert library_costs(library).tool(NAME).tokens.making == costs + spent


def test_the_next_maker_is_asked_where_the_one_before_proved_nothing(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *WRONG_ON)
    small, large = model_that_writes(SHREWD), model_that_writes(GOOD)
    made = create_tool_remaker([small, large], library=library, sandbox=sandbox, attempts=1)
    events = list(made.stream(NAME, stream_mode="custom"))
    assert library.get(NAME).source == GOOD
    assert {event.attempt for event in events} >= {1, 2}
    assert making_prompts(small)
    assert making_prompts(large)


def test_a_model_that_is_gone_changes_nothing(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, WRONG_ON[0])
    before = everything(library)
    for broken in (both_roles(in_turn(ConnectionError("gone"))), in_turn(ConnectionError("gone"))):
        with pytest.raises(ModelError, match="cannot be reached"):
            remaker(library, sandbox, ScriptedChatModel(script=broken)).invoke(NAME)
        assert everything(library) == before


def test_without_a_counterexample_nothing_is_made(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *RIGHT_ON)
    before, model = everything(library), model_that_writes(GOOD)
    told = remaker(library, sandbox, model).invoke(NAME)
    assert told == Remaking(
        name=NAME,
        before=library.get(NAME).id,
        known=8,
        counterexamples=(),
        reason=f"word_sorting ({library.get(NAME).id[:12]}) was right on all that is known, 8 requests",
        usage={"using": told.usage["using"]},
    )
    assert making_prompts(model) == []
    assert everything(library) == before


@pytest.mark.usefixtures("no_ways")
def test_on_demand_one_is_made_anyway(library: ToolLibrary, sandbox: Sandbox) -> None:
    model = model_that_writes(GOOD)
    told = remaker(library, sandbox, model, force=True).invoke(NAME)
    assert told.tool is not None
    assert told.tool.source == GOOD
    assert told.usage.keys() == {"proposing", "verification"}  # there was nothing to try
    assert making_prompts(model)[0].startswith("Sort words."), "the kind, as the version that was right described it"
    assert all(each.question in making_prompts(model)[0] for each in word_task().demonstrations)
    reason = library.history(NAME)[-1].reason
    assert reason == f"remade on demand: word_sorting ({told.before[:12]}) was right on all that is known, 6 requests"


def test_a_request_on_which_the_tool_fails_is_a_counterexample(sandbox: Sandbox) -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(create_tool_maker(model_that_writes(CRASHING), sandbox=sandbox).invoke(word_task()))
    tell(library, WRONG_ON[0])
    told = remaker(library, sandbox, model_that_writes(GOOD)).invoke(NAME)
    assert "no kiwis" in (told.counterexamples[0].error or "")
    assert "'Sort: kiwi fig' gave no answer, not 'fig kiwi'" in told.reason


@pytest.mark.slow
@pytest.mark.usefixtures("no_ways")
def test_an_answer_that_was_proven_and_corrected_since_is_a_counterexample(
    library: ToolLibrary, sandbox: Sandbox
) -> None:
    """Requests of the proof need no trial."""
    tell(library, **{question: answer_to(question)[::-1] for question in ("Sort: pear fig apple", "Sort: oak elm ash")})
    reverse = GOOD.replace('" ".join(sorted(words))', '(t := " ".join(sorted(words)))[:: -1 if "e" in t else 1]')
    with pytest.raises(ToolMakingError) as raised:
        remaker(library, sandbox, model := model_that_writes(reverse)).invoke(NAME)
    assert raised.value.usage.keys() == {"proposing", "verification"}
    assert "Question: Sort: pear fig apple\nAnswer: raep gif elppa" in making_prompts(model)[0]


def test_requests_whose_answer_no_one_knows_play_no_part(library: ToolLibrary, sandbox: Sandbox) -> None:
    unknown = Instance(id="x", question="Sort: kiwi", answer=None)
    run_flow(loop_operations_of(library).add_example(NAME, unknown))
    model = model_that_writes(GOOD)
    assert remaker(library, sandbox, model).invoke(NAME).known == 6
    assert model.prompts == []


@pytest.mark.slow
def test_answers_are_compared_as_before(sandbox: Sandbox) -> None:
    """A record cannot hold a function, so it is passed again, or answers must be exact."""
    library = ToolLibrary(InMemoryStore())
    library.add(create_tool_maker(model_that_writes(SHREWD), sandbox=sandbox).invoke(word_task(check="text")))
    tell(library, **{"Sort: BIRCH beech": "birch  beech", "Sort: kiwi fig": "FIG KIWI"})
    told = remaker(library, sandbox, model_that_writes(GOOD)).invoke(NAME)
    assert [case.question for case in told.counterexamples] == ["Sort: kiwi fig"]
    assert library.get(NAME).check.kind == "text"

    def same_words(value: Any, answer: str) -> bool:
        return sorted(str(value).casefold().split()) == sorted(answer.casefold().split())

    loose = create_tool_maker(model_that_writes(SHREWD), sandbox=sandbox).invoke(word_task(check=same_words))
    library.add(loose)
    assert remaker(library, sandbox, model_that_writes(GOOD), check=same_words).invoke(NAME).tool is None
    assert len(remaker(library, sandbox, model_that_writes(GOOD), check="text").invoke(NAME).counterexamples) == 1


def test_progress_and_outcome_as_events(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *WRONG_ON[:1])
    events = list(remaker(library, sandbox, model_that_writes(GOOD)).stream(NAME, stream_mode="custom"))
    assert [event.stage for event in events[:3]] == ["using", "using", "proposing"]
    assert events[0].message.endswith("on 1 request besides those that proved it")
    assert events[1].message == "wrong: 'Sort: kiwi fig' gave 'kiwi fig', not 'fig kiwi'"
    assert events[-1].remaking is not None
    assert events[-1].message == events[-1].remaking.reason
    assert [event.remaking for event in events[:-1]] == [None] * (len(events) - 1)


def test_too_little_is_known(sandbox: Sandbox) -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(made_tool())
    with pytest.raises(TaskError, match="at least two are needed"):
        remaker(library, sandbox, model_that_writes(GOOD), force=True).invoke(NAME)
    tell(library, RIGHT_ON[0])
    with pytest.raises(ToolMakingError, match=r"it may be a guess.* Add at least 2 more solved examples"):
        remaker(library, sandbox, model_that_writes(GOOD), force=True).invoke(NAME)
    tell(library, *RIGHT_ON, "Sort: fir ash")
    told = remaker(library, sandbox, model_that_writes(GOOD), force=True).invoke(NAME)
    assert told.tool is not None
    assert [case.role for case in told.tool.report.cases] == ["demonstration"] * 2 + ["validation"] * 2


def test_odd_input(library: ToolLibrary, sandbox: Sandbox) -> None:
    with pytest.raises(ToolNotFoundError, match="there never was a tool named 'nothing'"):
        remaker(library, sandbox, model_that_writes(GOOD)).invoke("nothing")
    with pytest.raises(ValueError, match="demonstrations must be at least 1"):
        remaker(library, sandbox, model_that_writes(GOOD), demonstrations=0)


def test_one_at_a_time(sandbox: Sandbox, tmp_path: Path, library: ToolLibrary) -> None:
    """Others yield while a version is made, and a lost claim invalidates a version."""
    library.export_file(tmp_path / "all.json")
    with open_tool_library(tmp_path / "tools.sqlite") as shared:
        shared.import_file(tmp_path / "all.json")
        tell(shared, *WRONG_ON)
        other = model_that_writes(GOOD)

        def meanwhile(_messages: Any) -> str:
            with pytest.raises(ToolMakingError, match="is being made elsewhere"):
                remaker(shared, sandbox, other).invoke(NAME)
            return code(GOOD)

        assert remaker(shared, sandbox, ScriptedChatModel(script=both_roles(meanwhile))).invoke(NAME).tool is not None
        assert other.prompts == []
        assert shared._store.search(("latm", "claims")) == []


def test_a_version_that_comes_too_late_is_not_kept(library: ToolLibrary, sandbox: Sandbox) -> None:
    tell(library, *WRONG_ON)
    old = library.get(NAME)

    def stolen(_messages: Any) -> str:
        value = {"instances": ["answer-0"], "until": time.time() + 60, "won": True}
        library._store.put(("latm", "claims"), "other", value)
        return code(GOOD)

    with pytest.raises(ToolMakingError, match="was made elsewhere in the meantime"):
        remaker(library, sandbox, ScriptedChatModel(script=both_roles(stolen))).invoke(NAME)
    assert library.get(NAME) == old
    assert len(library._store.search(("latm", "failed"))) == 1


def instance(number: int, role: InstanceRole | None) -> Instance:
    return Instance(id=str(number), question=str(number), answer="x", role=role)


@pytest.mark.parametrize(
    ("roles", "order"),
    [
        ("..wwwdd", "2356014"),  # two of what was wrong, what was shown, and then the rest in its order
        (".w.w.w", "135024"),  # nothing was shown before: all of what was wrong
        ("..dd.", "23014"),
        ("...", "012"),
    ],
)
def test_what_is_shown_first(roles: str, order: str) -> None:
    meaning: dict[str, InstanceRole | None] = {"w": "counterexample", "d": "demonstration", ".": None}
    known = [instance(number, meaning[role]) for number, role in enumerate(roles)]
    assert "".join(each.id for each in shown_first(known)) == order


SORT = KINDS["sort"]
FRUIT = "put_words_alphabetical_order"


@pytest.fixture
def retired(sandbox: Sandbox) -> tuple[World, ToolLibrary, list[str]]:
    """A library whose tool feedback has retired, and the three requests that it got wrong."""
    world, library = World(), ToolLibrary(InMemoryStore())
    shrewd = SORT.source.replace("sorted(words)", 'sorted(words) if "apple" not in words else words')
    world.on_making = lambda _text: f"```python\n{shrewd}```"
    latm = loop(world, library, sandbox)
    plain = [text for text in stream(["sort"], 200, 1) if "apple" not in text]
    hard = [text for text in stream(["sort"], 200, 2) if "apple" in text and SORT.answer(text) not in text][:3]
    for request in plain[:6]:
        latm.invoke(request)
    for request in (*plain[6:8], *hard):
        latm.record_feedback(latm.invoke(request).id, SORT.answer(request))
    assert library.list() == ()
    world.on_making = lambda _text: None
    return world, library, hard


@pytest.mark.slow
def test_a_retired_tool_can_be_remade(retired: tuple[World, ToolLibrary, list[str]], sandbox: Sandbox) -> None:
    world, library, hard = retired
    told = remaker(library, sandbox, world.model).invoke(FRUIT)
    assert library.get(FRUIT) == told.tool
    assert [case.question for case in told.counterexamples] == hard
    assert library.history(FRUIT)[-1].reason.startswith("remade: 3 of 11 known requests were answered wrongly")
    assert library._store.search(("latm", "waiting")) == []
    assert loop(world, library, sandbox).invoke(hard[0]).text == SORT.answer(hard[0])
    assert len(world.makings) == 2


@pytest.mark.slow
def test_the_loop_shows_counterexamples_and_says_why_in_the_same_way(
    retired: tuple[World, ToolLibrary, list[str]], sandbox: Sandbox
) -> None:
    world, library, hard = retired
    first = library.get_by_id(library.history(FRUIT)[0].id)
    model = world.model
    latm = create_latm(model, library=library, sandbox=sandbox, second_attempts=0)
    answer = latm.invoke(stream(["sort"], 1, 9)[0])
    assert answer.tool_made == FRUIT
    (prompt,) = [str(each[-1].content) for each in model.prompts if signature_in(each)]
    answers = re.findall(r"^>>> .*\n(.*)", prompt, re.MULTILINE)
    demonstrations = [case.expected.split() for case in first.report.cases if case.role == "demonstration"]
    assert f"\n{hard[0]}\n" in prompt
    assert answers[:2] == [str(SORT.answer(question).split()) for question in hard[:2]]
    assert answers[2] in map(str, demonstrations)
    assert first.description not in prompt, "its writer took the kind for something else"
    reason = library.history(FRUIT)[-1].reason
    assert reason.startswith(
        "made of 11 requests, in place of a retired one: 3 of 5 answers were wrong, for example 'Put"
    )


@pytest.mark.slow
def test_a_retired_tool_is_not_made_twice_at_a_time(
    retired: tuple[World, ToolLibrary, list[str]], sandbox: Sandbox
) -> None:
    """The loop gives way to a remaking."""
    world, library, _ = retired
    notes: list[str] = []

    def meanwhile(_text: str) -> None:
        notes.extend(loop(World(), library, sandbox).invoke(stream(["sort"], 1, 9)[0]).notes)

    world.on_making = meanwhile
    assert remaker(library, sandbox, world.model).invoke(FRUIT).tool is not None
    assert notes == ["a tool for this kind of request is being made elsewhere"]


@pytest.mark.slow
def test_the_next_version_of_a_retired_tool_is_judged_as_it_was(
    retired: tuple[World, ToolLibrary, list[str]], sandbox: Sandbox
) -> None:
    """It does not use the check of another loop; a record cannot hold a loop's function."""
    world, library, _ = retired
    request = stream(["sort"], 1, 9)[0]
    assert loop(world, library, sandbox, check="text").invoke(request).tool_made == FRUIT
    assert library.get(FRUIT).check.kind == "exact"


@pytest.mark.slow
def test_a_retired_tool_whose_record_is_damaged_is_replaced_anyway(
    retired: tuple[World, ToolLibrary, list[str]], sandbox: Sandbox
) -> None:
    world, library, hard = retired
    old = library.history(FRUIT)[0].id
    library._store.put(("latm", "records"), old, {"json": "{}"})
    assert loop(world, library, sandbox).invoke(stream(["sort"], 1, 9)[0]).tool_made == FRUIT
    reason = library.history(FRUIT)[-1].reason
    assert reason == f"made of 11 requests, in place of a retired one, for example {shorten(hard[0], 60)!r}"
    with pytest.raises(ToolRecordError):
        library.get_by_id(old)


def test_a_damaged_version_cannot_be_remade(library: ToolLibrary, sandbox: Sandbox) -> None:
    library._store.put(("latm", "records"), library.get(NAME).id, {"json": "{}"})
    with pytest.raises(ToolRecordError):
        remaker(library, sandbox, model_that_writes(GOOD)).invoke(NAME)


@pytest.mark.slow
def test_a_loop_with_its_own_check_keeps_it(sandbox: Sandbox) -> None:
    world, library = World(), ToolLibrary(InMemoryStore())

    def same_words(value: Any, answer: str) -> bool:
        return sorted(str(value).split()) == sorted(answer.split())

    latm = loop(world, library, sandbox, check=same_words, retire_after=1)
    requests = stream(["sort"], 8, 1)
    answers = [latm.invoke(request) for request in requests[:7]]
    assert latm.record_feedback(answers[6].id, "x").retired
    world.on_making = lambda _text: f"```python\n{SORT.source.replace('sorted(words)', 'words')}```"
    world.on_reading = lambda text: {"words": ["x"]} if text == requests[6] else None
    assert latm.invoke(requests[7]).tool_made == FRUIT  # the words are the same, if not their order
