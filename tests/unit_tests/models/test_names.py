"""Names of models in records, without secrets."""

from __future__ import annotations

import pytest
from langchain.chat_models import init_chat_model
from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableLambda

from langchain_latm.models.names import model_name
from tests.unit_tests.models.fakes import KEY, answering


class TestModelName:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("ollama:monkey:7b", "ollama:monkey:7b"),
            ("openai:gpt-4.1-mini", "openai:gpt-4.1-mini"),
            ("http://me:pw@host/x?api_key=abcdef&v=1", "http://host/x?api_key=***&v=1"),
            (f"openai:{KEY}", "openai:***"),
        ],
    )
    def test_of_a_text(self, name: str, shown: str) -> None:
        assert model_name(name) == shown

    def test_looks_through_what_wraps_a_model(self) -> None:
        model = answering(lambda _: None)
        for wrapped in (
            model,
            model.bind(stop=["x"]),
            model.with_retry(),
            model.with_fallbacks([model]),
            RunnableLambda(lambda text: text) | model,
            model.bind_tools([]) | (lambda message: message),
        ):
            assert model_name(wrapped) == "gpt-made-up"

    def test_of_a_configurable_model_without_building_it(self) -> None:
        assert model_name(init_chat_model("openai:gpt-x", configurable_fields="any")) == "openai:gpt-x"

    def test_class_name_when_there_is_no_better(self) -> None:
        assert model_name(FakeListChatModel(responses=[])) == "FakeListChatModel"
