"""Costs and savings of tools, compared with figures computed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import (
    LibraryCosts,
    MadeTool,
    ToolCosts,
    ToolLibrary,
    ToolNotFoundError,
    alibrary_costs,
    library_costs,
)
from langchain_latm._core.flow import run_flow
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.instances import Instance, failed_making
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.types import Provenance, Stage, TokenUsage
from tests.unit_tests.loop_world import World, loop, stream
from tests.unit_tests.made_tool import made_tool

PRICES = {"strong": (2, 8), "light": (0.4, 1.6)}


def tokens(read: int, written: int, calls: int = 1) -> TokenUsage:
    return TokenUsage(input_tokens=read, output_tokens=written, calls=calls)


def tool(name: str = "word_sorting", making: TokenUsage | None = None, **changes: Any) -> MadeTool:
    """A tool of 1,860 tokens: 1,200 of the strong model, 660 of the light one."""
    usage: dict[Stage, TokenUsage] = {"proposing": tokens(1_000, 200, 2), "verification": tokens(600, 60, 6)}
    provenance = Provenance(
        maker_model="strong",
        user_model="light",
        attempts=1,
        candidates=2,
        usage=usage if making is None else {"proposing": making},
        seconds=1,
        created_at="2026-01-01T00:00:00+00:00",
        versions={},
    )
    return made_tool(name=name, provenance=provenance, **changes)


def answered(number: int, usage: TokenUsage | None = None, model: str = "strong") -> Instance:
    """A request that was answered directly."""
    told = tokens(100 + 20 * number, 50 + 10 * number) if usage is None else usage
    return Instance(id=f"answer-{number}", question=f"Sort: {number}", answer="x", model=model, usage=told)


ANSWERED = tuple(answered(number) for number in range(3))
"""They took 150, 180 and 210 tokens: 180 on average."""
USES = ((tokens(60, 10), False),) * 3 + ((tokens(60, 30), True),)
"""Three answers for 70 tokens each, and one failure for 90."""


class Kept:
    """A library in memory, and the loop's own ways to write into it."""

    def __init__(self) -> None:
        self.store = InMemoryStore()
        self.library = ToolLibrary(self.store)
        self.loop = loop_operations_of(self.library)
        self.count = 0

    def made(self, made: MadeTool, used: Sequence[Instance] = ANSWERED) -> None:
        run_flow(self.loop.add_made(made, used[:2], used[2:], "made"))

    def used(self, made: MadeTool, *uses: tuple[TokenUsage, bool]) -> None:
        for usage, failed in uses:
            self.count += 1
            note = AnswerNote(question="Sort: b a", text="a b", tool=made.name, tool_id=made.id, at="2026")
            use = operations_of(self.library).use(made, failed, usage, None)
            run_flow(self.loop.keep_use(f"use-{self.count}", note, use))

    def failed(self, name: str, used: Sequence[Instance], usage: TokenUsage, model: str = "strong") -> None:
        making = failed_making(name, used, "no", {"proposing": usage}, {"proposing": model})
        run_flow(self.loop.record_failure(making))

    @property
    def costs(self) -> LibraryCosts:
        return library_costs(self.library, prices=PRICES)

    @property
    def only(self) -> ToolCosts:
        (found,) = self.costs.tools
        return found


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_the_account_of_a_tool(kept: Kept) -> None:
    made = tool()
    kept.failed("sort_these", ANSWERED, tokens(500, 100))  # of the same requests, under another name
    kept.made(made)
    kept.used(made, *USES)
    for number, right in enumerate((True, True, False)):
        run_flow(kept.loop.record_verdict(made.name, f"use-{number}", made.id, right))
    found = kept.only
    assert (found.name, found.current, found.uses, found.failures) == ("word_sorting", True, 4, 1)
    assert (found.right, found.wrong) == (2, 1)
    assert found.tokens.model_dump() == {
        "making": 2_460,  # 1,200 and 660, and 600 without success
        "using": 300,
        "direct": 180,
        "instead": 540,  # for three: the failed use was answered directly all the same
        "saved": -2_220,
        "pays": True,
        "break_even": 41,  # a use saves (540 - 300) / 4 = 60
    }
    assert found.dollars.model_dump() == {
        "making": Decimal("0.005736"),  # in millionths: 2,000 + 1,600, 240 + 96, 1,000 + 800
        "using": Decimal("0.000192"),  # 96 + 96
        "direct": Decimal("0.00072"),  # (720 + 1,440) / 3
        "instead": Decimal("0.00216"),
        "saved": Decimal("-0.003768"),
        "pays": True,
        "break_even": 12,  # a use saves 492 millionths
    }
    assert found.unpriced == ()


@pytest.mark.parametrize(("uses", "saved"), [(16, -100), (17, 10), (18, 120)])
def test_what_is_saved_turns_at_the_break_even(kept: Kept, uses: int, saved: int) -> None:
    made = tool()
    kept.made(made)
    kept.used(made, *USES[:1] * uses)  # each saves 110
    assert (kept.only.tokens.break_even, kept.only.tokens.saved) == (17, saved)


def test_a_use_that_takes_more_than_a_direct_answer_never_pays_in_tokens_but_may_in_dollars(kept: Kept) -> None:
    made = tool()
    kept.made(made)
    kept.used(made, (tokens(240, 20), False))
    found = kept.only
    assert (found.tokens.pays, found.tokens.break_even, found.tokens.saved) == (False, None, 180 - 260 - 1_860)
    assert (found.dollars.pays, found.dollars.break_even) == (True, 7)  # 3,936 / (720 - 128) = 6.6


def test_a_tool_that_only_fails_never_pays(kept: Kept) -> None:
    made = tool()
    kept.library.add(made)
    kept.used(made, USES[3])
    assert (kept.only.tokens.pays, kept.only.tokens.saved) == (False, -1_860 - 90)


def test_a_tool_without_uses_has_cost_its_making(kept: Kept) -> None:
    kept.made(tool())
    assert kept.only.tokens.model_dump() == {
        "making": 1_860,
        "using": 0,
        "direct": 180,
        "instead": 0,
        "saved": -1_860,
        "pays": None,
        "break_even": None,
    }


def test_without_direct_answers_no_one_knows_what_is_saved(kept: Kept) -> None:
    """The tool was made by `latm make`; an example that feedback taught took no model."""
    made = tool()
    kept.library.add(made)
    kept.used(made, *USES)
    run_flow(kept.loop.add_example(made.name, Instance(id="told", question="Sort: c", answer="c", source="feedback")))
    found = kept.only
    assert found.tokens.model_dump() == {
        "making": 1_860,
        "using": 300,
        "direct": None,
        "instead": None,
        "saved": None,
        "pays": None,
        "break_even": None,
    }
    assert kept.costs.tokens.left_out == ("word_sorting",)
    assert kept.costs.tokens.saved is None


def test_a_model_that_does_not_tell_its_tokens_is_not_taken_for_free(kept: Kept) -> None:
    made = tool(making=tokens(0, 0))
    kept.made(made, [answered(0), answered(1, tokens(0, 0)), answered(2)])
    kept.used(made, *USES, (tokens(0, 0), False))
    found = kept.only
    assert (found.tokens.making, found.tokens.using, found.tokens.direct) == (None, None, 180)  # (150 + 210) / 2
    assert (found.dollars.making, found.dollars.using, found.dollars.saved) == (None, None, None)
    assert found.unpriced == ()


def test_a_use_without_any_model_is_free(kept: Kept) -> None:
    made = tool()
    kept.made(made)
    kept.used(made, (tokens(0, 0, 0), False), (tokens(0, 0, 0), False))
    assert (kept.only.tokens.using, kept.only.tokens.break_even) == (0, 11)  # 1,860 / 180 = 10.3
    assert kept.only.dollars.using == 0


def test_models_without_a_price_are_named(kept: Kept) -> None:
    made = tool()
    kept.made(made, [answered(number, model="elsewhere") for number in range(3)])
    kept.used(made, *USES)
    kept.failed("other", [], tokens(10, 10), model="gone")
    found = library_costs(kept.library, prices={"light": (0.4, 1.6)})
    (only,) = found.tools
    assert only.unpriced == ("elsewhere", "strong")
    assert found.unpriced == ("elsewhere", "gone", "strong")
    assert (only.dollars.making, only.dollars.using, only.dollars.direct) == (None, Decimal("0.000192"), None)
    assert (found.dollars.making, found.dollars.using) == (None, Decimal("0.000192"))
    assert (found.dollars.failed, found.dollars.saved, found.dollars.left_out) == (None, None, ("word_sorting",))
    assert only.tokens.saved == 540 - 300 - 1_860


def test_listed_prices_are_taken_where_there_are_no_own(kept: Kept) -> None:
    kept.failed("other", [], tokens(1_000_000, 0), model="gpt-4.1-mini")
    assert library_costs(kept.library).dollars.failed == Decimal("0.4")


def test_versions_are_one_account_and_a_record_that_came_back_counts_once(kept: Kept) -> None:
    old, new = tool(), tool(making=tokens(90, 10), description="Sort words, better.")
    kept.made(old)
    kept.library.add(new)
    kept.library.activate(old.name, old.id)
    kept.used(old, *USES)
    kept.used(new, *USES)
    assert (kept.only.tokens.making, kept.only.uses, kept.only.tokens.using) == (1_960, 8, 600)


def test_totals_and_makings_that_led_to_no_tool(kept: Kept) -> None:
    sorting, adding, spare = tool(), tool("adding", making=tokens(90, 10)), tool("spare", making=tokens(5, 0))
    kept.made(sorting)
    kept.used(sorting, *USES)
    kept.made(adding, [answered(7), answered(8), answered(9)])  # 360, 390 and 420 tokens
    kept.used(adding, *USES[:3])
    kept.library.add(spare)
    kept.used(spare, USES[0])
    kept.failed("riddles", [answered(20)], tokens(40, 10))
    kept.failed("riddles", [answered(20), answered(21)], tokens(40, 20))
    found = kept.costs
    assert [each.name for each in found.tools] == ["adding", "spare", "word_sorting"]
    assert [each.tokens.saved for each in found.tools] == [3 * (390 - 70) - 100, None, 540 - 300 - 1_860]
    assert found.failed_makings == 2
    assert found.tokens.model_dump() == {
        "making": 1_860 + 100 + 5,
        "using": 300 + 210 + 70,
        "failed": 110,
        "deciding": 0,
        "saved": 860 - 1_620 - 110,
        "left_out": ("spare",),
    }
    assert found.dollars.failed == Decimal("0.0004")  # 80 * 2 + 30 * 8
    assert found.tool("adding") == found.tools[0]
    with pytest.raises(ToolNotFoundError, match="there never was a tool named 'nothing'"):
        found.tool("nothing")


def test_a_retired_tool_and_the_makings_that_did_not_replace_it_stay_in_its_account(kept: Kept) -> None:
    made = tool()
    kept.made(made)
    kept.used(made, *USES)
    run_flow(kept.loop.retire(made, "wrong"))
    kept.failed(made.name, [answered(30)], tokens(30, 10))
    assert not kept.only.current
    assert kept.only.tokens.making == 1_900
    assert kept.costs.failed_makings == 0


def test_a_damaged_record_leaves_the_making_unknown_and_the_other_tools_known(kept: Kept) -> None:
    made, other = tool(), tool("adding")
    kept.made(made)
    kept.made(other)
    kept.used(made, *USES)
    kept.store.put(("latm", "records"), made.id, {"json": "{}"})
    whole, damaged = kept.costs.tools
    assert whole.tokens.making == 1_860
    assert (damaged.tokens.making, damaged.tokens.saved, damaged.tokens.break_even) == (None, None, None)
    assert damaged.tokens.pays
    assert kept.costs.tokens.left_out == ("word_sorting",)


async def test_async_and_nothing_at_all(kept: Kept) -> None:
    empty = await alibrary_costs(kept.library)
    assert not empty.tools
    assert (empty.failed_makings, empty.tokens.saved, empty.dollars.saved) == (0, 0, Decimal(0))
    kept.made(tool())
    assert await alibrary_costs(kept.library, prices=PRICES) == kept.costs


def test_money_is_a_number_in_json(kept: Kept) -> None:
    kept.made(tool())
    dumped = kept.costs.model_dump(mode="json")
    assert dumped["tools"][0]["dollars"]["making"] == 0.003936
    assert dumped["dollars"]["making"] == 0.003936
    assert dumped["dollars"]["failed"] == 0.0


@pytest.mark.usefixtures("no_parsers")
def test_a_loop_that_runs_is_accounted_for_to_the_token(sandbox: Sandbox) -> None:
    """The library's spending equals that of the answers."""
    world, library = World(), ToolLibrary(InMemoryStore())
    with loop(world, library, sandbox) as latm:
        answers = [latm.invoke(request) for request in stream(["sort"], 12)]

    def spent(*stages: Stage) -> list[int]:
        return [each.usage[stage].total for each in answers for stage in stages if stage in each.usage]

    direct, using = spent("answering"), spent("using")
    assert (len(direct), len(using)) == (6, 6)
    found = library_costs(library, prices={"ScriptedChatModel": (1, 1)})
    (only,) = found.tools
    assert only.uses == 6
    assert only.tokens.making == sum(spent("proposing", "verification"))
    assert only.tokens.using == sum(using)
    assert only.tokens.direct == round(sum(direct) / 6)
    assert only.tokens.saved == sum(direct) - sum(using) - only.tokens.making
    assert only.dollars.saved == Decimal(only.tokens.saved) / 1_000_000
