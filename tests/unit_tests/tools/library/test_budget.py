"""Daily budgets for making: the spending is shared, outlives processes, and restarts with the store's day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from langgraph.store.base import Item
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, library_costs
from langchain_latm._core.flow import Do, Run, run_flow
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library import budget as accounts
from langchain_latm.tools.library.budget import BudgetRefusal, DailyLimit, MakingAccount, _day
from langchain_latm.tools.library.library import operations_of
from langchain_latm.types import Stage, TokenUsage
from tests.unit_tests.loop_world import KINDS, World, loop, stream

MODELS: dict[Stage, str] = {"proposing": "gpt-4.1", "verification": "gpt-4.1-mini"}
USAGE: dict[Stage, TokenUsage] = {"proposing": TokenUsage(input_tokens=500_000, output_tokens=10, calls=1)}


class Calendar:
    """The day in which the store writes: a test may begin in one day and end in the next."""

    today = "2026-03-01"


@pytest.fixture(autouse=True)
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    calendar = Calendar()
    monkeypatch.setattr(accounts, "_day", lambda _item: calendar.today)
    return calendar


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


def account(library: ToolLibrary, budget: int | str) -> MakingAccount:
    return MakingAccount(operations_of(library), DailyLimit.of(budget, MODELS), MODELS)


def entries(library: ToolLibrary) -> list[Item]:
    return library._store.search(operations_of(library).labels("spending"), limit=100)  # type: ignore[return-value]


def begun(account: MakingAccount) -> str:
    key = run_flow(account.begin())
    assert isinstance(key, str), key
    return key


def test_limits_are_tokens_or_dollars() -> None:
    for given, amount, dollars in (
        (200_000, 200_000, False),
        ("200000", 200_000, False),
        ("5 tokens", 5, False),
        (0, 0, False),
        ("2.50 USD", Decimal("2.5"), True),
        ("$3", 3, True),
        (" 1usd ", 1, True),
    ):
        assert DailyLimit.of(given, MODELS) == (amount, dollars), given
    for wrong in ("", "-1", "1.5", "2 EUR", "USD", "$", "1e9 USD", True, -3, "٣"):
        with pytest.raises(ValueError, match=r"^budget: .* is neither a number of tokens"):
            DailyLimit.of(wrong, MODELS)
    with pytest.raises(ValueError, match="no price is known for my-own"):
        DailyLimit.of("1 USD", {**MODELS, "verification": "my-own"})


def test_the_strong_model_answers_when_the_budget_is_spent(
    library: ToolLibrary, sandbox: Sandbox, calendar: Calendar
) -> None:
    world = World()
    latm = loop(world, library, sandbox, budget=1)
    sorts, sums = stream(["sort"], 6), stream(["sum"], 8)
    assert [latm.invoke(each).tool_made for each in sorts][-1] is not None
    *_, due = (latm.invoke(each) for each in sums[:6])
    assert due.text == KINDS["sum"].answer(sums[5])
    assert (due.tool_made, due.tool_use, [each.code for each in due.doubts]) == (None, None, ["budget"])
    assert "the budget for making tools (1 tokens a day) is spent" in due.doubts[0].sentence
    # Neither another process nor a restart changes that, and what has a tool is answered by it.
    other = loop(world, ToolLibrary(library._store), sandbox, budget=1)
    assert [each.code for each in other.invoke(sums[6]).doubts] == ["budget"]
    assert other.invoke(stream(["sort"], 1, 9)[0]).tool_use is not None
    assert library_costs(library).doubts["budget"] == 2
    assert len(world.makings) == 1
    # The next day begins anew, and forgets the one before.
    calendar.today = "2026-03-02"
    assert loop(world, library, sandbox, budget=1).invoke(sums[7]).tool_made is not None
    assert {item.value["day"] for item in entries(library)} == {"2026-03-02"}


def test_each_tenant_has_its_own(library: ToolLibrary, sandbox: Sandbox) -> None:
    world = World()
    latm = loop(world, library, sandbox, budget="1 tokens")
    made = []
    for tenant in ("a", "b"):
        config: Any = {"configurable": {"tenant": tenant}}
        made += [latm.invoke(request, config).tool_made for request in stream(["sort"], 6)]
    assert sum(each is not None for each in made) == 2
    own = library.for_tenant("a")
    assert (len(entries(own)), entries(library)) == (1, [])
    own.erase_tenant()
    assert entries(own) == []


def test_a_failed_making_counts(library: ToolLibrary, sandbox: Sandbox) -> None:
    world = World(on_making=lambda _opening: "no code")
    latm = loop(world, library, sandbox, budget=1, attempts=1, candidates=1)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    (entry,) = entries(library)
    assert entry.value["usage"]["proposing"]["calls"] >= 1
    assert isinstance(run_flow(account(library, 1).begin()), BudgetRefusal)


def test_makings_under_a_budget_run_one_at_a_time(library: ToolLibrary) -> None:
    one, other = account(library, 10), account(library, 10)
    key = begun(one)
    assert run_flow(other.begin()) == BudgetRefusal("another tool is being made under the same budget", spent=False)
    run_flow(one.end(key, {"proposing": TokenUsage(input_tokens=9, calls=1)}))
    key = begun(other)
    run_flow(other.end(key, {"proposing": TokenUsage(input_tokens=1, calls=1)}))
    refusal = run_flow(one.begin())
    assert isinstance(refusal, BudgetRefusal)
    assert refusal.spent


def test_what_a_killed_process_has_spent_counts(library: ToolLibrary) -> None:
    """Its last renewal wrote it; its claim ends."""
    killed = account(library, 10)
    key = begun(killed)

    def make(callbacks: list[Any]) -> Do:
        callbacks[0].usage += TokenUsage(input_tokens=10, calls=1)
        return Do(lambda: "made", None)  # type: ignore[arg-type]

    assert run_flow(_yielded(killed.making(key, make))) == "made"
    library._store.delete(operations_of(library).labels("claims"), key.split(" ")[0])
    assert isinstance(run_flow(account(library, 10).begin()), BudgetRefusal)
    assert isinstance(run_flow(account(library, 11).begin()), str)


def _yielded(effect: Any) -> Any:
    (outcome,) = yield effect
    return outcome


def test_what_models_reported_counts_where_a_making_does_not_say(library: ToolLibrary) -> None:
    own = account(library, 10)
    key = begun(own)

    def make(callbacks: list[Any]) -> Run:
        def failing() -> Any:
            yield from ()
            callbacks[0].usage += TokenUsage(input_tokens=7, output_tokens=5, calls=1)
            raise RuntimeError("gone")

        return Run(failing())

    with pytest.raises(RuntimeError):
        run_flow(_yielded(own.making(key, make)))
    run_flow(own.end(key, None))
    assert [item.value["usage"]["proposing"]["output_tokens"] for item in entries(library)] == [5]
    assert isinstance(run_flow(own.begin()), BudgetRefusal)


def test_dollars_are_those_of_each_model(library: ToolLibrary) -> None:
    own = account(library, "1.01 USD")  # half a million input tokens of gpt-4.1 cost 1 USD
    run_flow(own.end(begun(own), USAGE))
    run_flow(own.end(begun(own), {"verification": USAGE["proposing"]}))
    assert isinstance(run_flow(own.begin()), BudgetRefusal)


def test_several_makers_cost_what_each_costs(library: ToolLibrary) -> None:
    """The tokens of proposing are one sum by stage: without the makers all would have the price of the last."""
    half, none = TokenUsage(input_tokens=500_000, calls=1), TokenUsage(input_tokens=1, calls=1)
    both: dict[Stage, TokenUsage] = {"proposing": half + none}
    own = account(library, "1.00 USD")
    run_flow(own.end(begun(own), both, {"gpt-4.1-nano": half, "gpt-4.1": none}))
    run_flow(own.end(begun(own), both, {"gpt-4.1-nano": none, "gpt-4.1": half}))
    assert isinstance(run_flow(own.begin()), BudgetRefusal)


def test_a_run_that_begins_again_after_an_interrupt_is_counted_once(library: ToolLibrary) -> None:
    own = account(library, 1)
    key = run_flow(own.begin("call 1"))
    assert isinstance(key, str)
    run_flow(own.end(key, USAGE))
    assert run_flow(own.begin("call 1")) == ""
    assert isinstance(run_flow(own.begin("call 2")), BudgetRefusal)


def test_without_a_budget_nothing_is_stored(library: ToolLibrary) -> None:
    own = MakingAccount(operations_of(library), None, MODELS)
    assert begun(own) == ""
    run_flow(own.end("", USAGE))
    assert entries(library) == []


def test_a_day_is_one_of_utc_by_the_stores_clock() -> None:
    for at, day in (
        (datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), "2026-02-28"),
        (datetime(2026, 3, 1, 23, 59, tzinfo=UTC), "2026-03-01"),
        (datetime(2026, 3, 1, 23, 59), "2026-03-01"),  # noqa: DTZ001 - as SQLite's store gives it
    ):
        assert _day(Item(value={}, key="k", namespace=("a",), created_at=at, updated_at=at)) == day
