"""The cost of tokens, without a network."""

from __future__ import annotations

from decimal import Decimal

import pytest

from langchain_latm.models.prices import Prices, price_of, read_price
from langchain_latm.models.weights import QWEN_CODER
from langchain_latm.types import TokenUsage

USAGE = TokenUsage(input_tokens=1_000_000, output_tokens=500_000, calls=1_000)


@pytest.mark.usefixtures("socket_disabled")
@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-4.1-mini", "1.2"),  # 0.4 and 1.6
        ("gpt-4.1-mini-2025-04-14", "1.2"),
        ("GPT-4.1-mini", "1.2"),
        ("claude-sonnet-4-5", "10.5"),  # 3 and 15
        ("claude-sonnet-4-5-20250929", "10.5"),
        ("claude-3-5-sonnet-latest", "10.5"),
        ("gemini-2.5-pro-preview-05-06", "6.25"),  # 1.25 and 10
    ],
)
def test_a_listed_model_has_its_price(model: str, dollars: str) -> None:
    assert price_of(model, USAGE) == Decimal(dollars)


@pytest.mark.parametrize(
    "model",
    [
        "Qwen2.5-Coder-7B-Instruct",
        "qwen3:8b",
        "local",
        "ScriptedChatModel",
        "gpt-4.1-mini-mine",
        "gpt-4.1-mini-2025-04-14-mine",
        "ft:gpt-4.1-mini:org::x",
        # Its matching takes these for models of DeepSeek, OpenAI and Anthropic; they are somebody's own.
        "deepseek-r1:8b",
        "deepseek-r1-distill-qwen-7b",
        "claude-haiku-4-5-mine",
        "gpt-oss:20b",
        "gpt-99",
        "claude",
        "whisper-1",
        "",
    ],
)
def test_no_price_rather_than_that_of_another_model(model: str) -> None:
    assert price_of(model, USAGE) is None


def test_the_embedded_model_is_free_unless_a_price_is_given() -> None:
    assert price_of(QWEN_CODER.name, USAGE) == 0
    assert price_of(QWEN_CODER.name, USAGE, {QWEN_CODER.name: (1, 1)}) == Decimal("1.5")


def test_a_dearer_price_for_long_requests_goes_by_the_request_not_by_the_sum() -> None:
    """Gemini 2.5 Pro takes 1.25 and 10 dollars, and 2.5 and 15 for more than 200,000 input tokens."""
    assert price_of("gemini-2.5-pro", USAGE) == Decimal("6.25")
    assert price_of("gemini-2.5-pro", USAGE.model_copy(update={"calls": 4})) == Decimal(10)


def test_own_prices_go_first() -> None:
    own: Prices = {"gpt-4.1-mini": (0.1, 0.2), "mine": (Decimal(1), Decimal(2))}
    assert price_of("gpt-4.1-mini", USAGE, own) == Decimal("0.2")
    assert price_of("mine", USAGE, own) == 2
    assert price_of("gpt-4.1", USAGE, own) == 6


@pytest.mark.parametrize(
    ("text", "model", "prices"),
    [
        ("gpt-4.1=2/8", "gpt-4.1", (2, 8)),
        ("a/b=c:7b = 0.05/.1", "a/b=c:7b", (Decimal("0.05"), Decimal("0.1"))),
        ("mine=0/0", "mine", (0, 0)),
    ],
)
def test_reading_a_price(text: str, model: str, prices: tuple[Decimal, Decimal]) -> None:
    assert read_price(text) == (model, prices)


@pytest.mark.parametrize("text", ["", "mine", "mine=", "mine=1", "mine=1/", "=1/2", "mine=-1/2", "mine=1/nan", "a=b/c"])
def test_what_is_not_a_price(text: str) -> None:
    with pytest.raises(ValueError, match="is not MODEL=IN/OUT"):
        read_price(text)
