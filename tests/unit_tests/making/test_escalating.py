"""Several makers: each has a budget of its own, and proof and costs count all of them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.store.memory import InMemoryStore
from pydantic import Field

from langchain_latm import ToolLibrary, create_latm, library_costs
from langchain_latm._core.flow import run_flow
from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import TokenUsage
from tests.unit_tests.loop_world import World, stream
from tests.unit_tests.making.sorting import PLAIN, read_list, sorter, sorting_task
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import both_roles, code, is_reading

NONE_RIGHT = tuple(f"return words[{number}]" for number in range(9))


class Named(ScriptedChatModel):
    """Return a scripted model with its own name in records."""

    model_name: str = Field(default="")


def model(name: str, *replies: Reply) -> Named:
    return Named(model_name=name, script=both_roles(in_turn(*replies), read_list))


def writing(name: str, *bodies: str) -> Named:
    return model(name, *(code(sorter(body)) for body in bodies))


def asked(one: ScriptedChatModel) -> list[list[BaseMessage]]:
    return [prompt for prompt in one.prompts if not is_reading(prompt)]


def made(sandbox: Sandbox, *models: Any, **options: Any) -> MadeTool:
    maker = create_tool_maker(list(models), sandbox=sandbox, **{"second_attempts": 0, **options})
    return maker.invoke(sorting_task())


def failure(sandbox: Sandbox, *models: Any, **options: Any) -> ToolMakingError:
    with pytest.raises(ToolMakingError) as failed:
        made(sandbox, *models, **options)
    return failed.value


@pytest.mark.slow
def test_the_large_model_is_asked_after_the_attempts_of_the_small_one(sandbox: Sandbox) -> None:
    small, large = writing("small", *NONE_RIGHT), writing("large", PLAIN)
    tool = made(sandbox, small, large, attempts=3)
    assert (len(asked(small)), len(asked(large))) == (3, 1)
    provenance = tool.provenance
    assert (provenance.maker_model, provenance.user_model) == ("large", "small")
    assert (provenance.attempts, provenance.candidates) == (4, 4)
    assert {name: usage.calls for name, usage in provenance.makers.items()} == {"small": 3, "large": 1}
    assert sum(provenance.makers.values(), TokenUsage()) == provenance.usage["proposing"]
    assert MadeTool.model_validate_json(tool.dump()) == tool


async def test_a_small_model_that_succeeds_is_alone_in_the_record(sandbox: Sandbox) -> None:
    small, large = writing("small", NONE_RIGHT[0], PLAIN), writing("large", PLAIN)
    maker = create_tool_maker([small, large], sandbox=sandbox, attempts=2, second_attempts=1)
    tool = await maker.ainvoke(sorting_task())
    assert tool.provenance.maker_model == "small"
    assert not large.prompts
    assert "makers" not in json.loads(tool.dump())["provenance"], "records of one maker are as they were"


def test_each_maker_has_a_budget_of_tokens(sandbox: Sandbox) -> None:
    """The first attempt of each maker exceeds its budget; tokens of the small one do not count for the large one."""
    small, large = writing("small", *NONE_RIGHT), writing("large", *NONE_RIGHT[:3], PLAIN)
    error = failure(sandbox, small, large, tokens=1)
    assert (len(asked(small)), len(asked(large))) == (1, 1)
    tokens = {name: usage.total for name, usage in error.makers.items()}
    assert set(tokens) == {"small", "large"}
    for name, total in tokens.items():
        assert f"{name} (1 attempt, {total:,} tokens)" in str(error)
    assert f"It ended after 1 of 24 attempts: {tokens['large']:,} of 1 tokens are spent (`tokens`)." in str(error)
    most = max(tokens.values())
    assert (
        made(sandbox, small, writing("large", NONE_RIGHT[8], PLAIN), tokens=most + 1).provenance.maker_model == "large"
    )


def test_the_candidates_of_all_makers_are_trials_of_one_proof(sandbox: Sandbox) -> None:
    """A candidate that is right only on the demonstrations is a trial, whichever maker wrote it."""
    lucky = [f"return ' '.join(sorted(words)) if words[0] in {{'pear', 'dove', 'tin'}} else '{n}'" for n in range(2)]
    alone = made(sandbox, writing("large", PLAIN)).report
    after = made(sandbox, writing("small", *lucky), writing("large", PLAIN), attempts=2).report
    assert (alone.trials, after.trials) == (1, 3)
    assert alone.chance is not None
    assert after.chance is not None
    assert after.chance > alone.chance


@pytest.mark.slow
def test_a_further_maker_starts_over_but_may_correct(sandbox: Sandbox) -> None:
    """The second maker gets first prompts, failed candidates are not run again, and its third attempt corrects."""
    nearly = "return ' '.join(sorted(words)) if len(words[0]) == 3 else '?'"
    small, large = writing("small", nearly), writing("large", nearly, "return 'x'", "return 'y'", PLAIN)
    tool = made(sandbox, small, large, attempts=4)
    first, *_ = asked(small)
    prompts = asked(large)
    assert prompts[0] == first
    assert any("else '?'" in str(message.content) for prompt in prompts for message in prompt)
    assert tool.report.trials <= 4


@pytest.mark.slow
def test_the_makers_of_three_are_asked_in_their_order_and_resumed_from_a_checkpoint(sandbox: Sandbox) -> None:
    fails = model("large", ConnectionError("refused"))
    small, middle = writing("small", *NONE_RIGHT), writing("middle", *NONE_RIGHT[4:])
    maker = create_tool_maker(
        [small, middle, fails], sandbox=sandbox, attempts=2, second_attempts=0, checkpointer=InMemorySaver()
    )
    config: Any = {"configurable": {"thread_id": "1"}}
    with pytest.raises(ModelError, match="cannot be reached"):
        maker.invoke(sorting_task(), config)
    fails.script = in_turn(code(sorter(PLAIN)))
    done = maker.graph.invoke(None, config, context=maker._begin(sorting_task(), None)[2]["context"])
    makers = {name: usage["calls"] for name, usage in done["made_tool"]["provenance"]["makers"].items()}
    assert makers == {"small": 2, "middle": 2, "large": 1}


@pytest.mark.usefixtures("direct_answers")
def test_the_model_that_wrote_the_tool_answers_directly(sandbox: Sandbox) -> None:
    def reply(messages: list[BaseMessage]) -> Reply:
        return "blue red teal" if "answer alone" in str(messages[0].content) else code(sorter(PLAIN))

    large = Named(model_name="large", script=reply)
    direct = made(sandbox, writing("small", *NONE_RIGHT), large, attempts=1).provenance.direct
    assert direct is not None
    assert direct.model == "large"


@pytest.mark.slow
@pytest.mark.usefixtures("repairs")
def test_a_repair_names_the_writer_of_the_repaired_candidate(sandbox: Sandbox) -> None:
    small = writing("small", "return ' '.join(sorted(words, reverse=True))")
    tool = made(sandbox, small, writing("large", PLAIN), attempts=1)
    assert tool.provenance.repaired
    assert tool.provenance.maker_model == "small"


@pytest.mark.slow
def test_costs_are_computed_with_the_price_of_each_model(sandbox: Sandbox) -> None:
    tool = made(sandbox, writing("small", *NONE_RIGHT), writing("large", PLAIN), attempts=2)
    library = ToolLibrary(InMemoryStore())
    library.add(tool, reason="made")
    prices = {"small": (Decimal(1), Decimal(1)), "large": (Decimal(100), Decimal(100))}
    (costs,) = library_costs(library, prices=prices).tools
    usage = tool.provenance.makers
    reading = tool.provenance.usage["verification"].total  # by the small one
    assert costs.dollars.making == (usage["small"].total + reading + 100 * usage["large"].total) / Decimal(1_000_000)
    assert costs.tokens.making == sum(each.total for each in tool.provenance.usage.values())


def test_a_loop_accounts_for_each_maker_of_a_failed_making(sandbox: Sandbox) -> None:
    small, large = World(on_making=lambda _: "no code").model, World(on_making=lambda _: "no code either").model
    models = [Named(model_name=name, script=each.script) for name, each in (("small", small), ("large", large))]
    library = ToolLibrary(InMemoryStore())
    with create_latm(models, library=library, sandbox=sandbox, attempts=1, candidates=1, budget=10**9) as latm:
        answers = [latm.invoke(request) for request in stream(["sort"], 6)]
    assert "small (1 attempt" in " ".join(answers[-1].notes)
    assert answers[-1].models["answering"] == "large"
    _, (failed,) = run_flow(loop_operations_of(library).waiting())
    assert {name: usage.calls for name, usage in failed.makers.items()} == {"small": 1, "large": 1}
    prices = {"small": (Decimal(0), Decimal(0)), "large": (Decimal(1), Decimal(1))}
    large_alone = failed.makers["large"].total
    assert library_costs(library, prices=prices).dollars.failed == Decimal(large_alone) / 1_000_000


def test_a_list_without_a_model_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="name at least one model"):
        create_tool_maker([], sandbox=sandbox)
