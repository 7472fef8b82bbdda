"""Temperature and answer length on a copy of a model."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI

from langchain_latm.models.sampling import with_sampling
from tests.unit_tests.models.fakes import answering


class WithOtherNames(FakeListChatModel):
    """Names its limit as Ollama does."""

    temperature: float | None = None
    num_predict: int | None = None


class TestWithSampling:
    def test_reaches_the_request_of_openai(self) -> None:
        model = answering(lambda _: None)
        changed = with_sampling(model, temperature=0.7, max_tokens=50)
        assert isinstance(changed, ChatOpenAI)
        payload = changed._get_request_payload("hello")
        assert (payload["temperature"], payload["max_completion_tokens"]) == (0.7, 50)
        assert "max_completion_tokens" not in model._get_request_payload("hello")

    def test_a_limit_chosen_by_the_user_stays(self) -> None:
        model = answering(lambda _: None).model_copy(update={"max_tokens": 9})
        changed = with_sampling(model, max_tokens=50)
        assert isinstance(changed, ChatOpenAI)
        assert changed.max_tokens == 9

    def test_other_names_of_the_limit(self) -> None:
        changed = with_sampling(WithOtherNames(responses=["x"]), temperature=0.1, max_tokens=5)
        assert isinstance(changed, WithOtherNames)
        assert (changed.temperature, changed.num_predict) == (0.1, 5)

    def test_models_that_refuse_temperatures_keep_theirs(self) -> None:
        model = answering(lambda _: None).model_copy(update={"model_name": "o3-mini"})
        assert with_sampling(model, temperature=0.7) is model

    @pytest.mark.parametrize("model", [RunnableLambda(lambda text: text), FakeListChatModel(responses=["x"])])
    def test_unchanged_without_such_fields(self, model: Any) -> None:
        assert with_sampling(model, temperature=0.5, max_tokens=5) is model

    def test_none_leaves_everything(self) -> None:
        model = answering(lambda _: None)
        assert with_sampling(model) is model
