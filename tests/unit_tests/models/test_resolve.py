"""From a name to a model, or to a plain error. Nothing here reaches a network."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI

from langchain_latm.exceptions import ModelError, WeightsError
from langchain_latm.models import local
from langchain_latm.models.late import LateModel
from langchain_latm.models.resolve import resolve_model, split_address
from tests.unit_tests.models.fakes import KEY


class TestResolveModel:
    def test_a_runnable_is_passed_through(self) -> None:
        chain = RunnableLambda(lambda text: text)
        assert resolve_model(chain) is chain

    def test_local(self, monkeypatch: pytest.MonkeyPatch) -> None:
        model = FakeListChatModel(responses=["x"])
        monkeypatch.setattr(local, "create_local_model", lambda: model)
        assert resolve_model(" local ") is model

    def test_local_without_weights(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LATM_WEIGHTS", "/nowhere/x.gguf")
        with pytest.raises(WeightsError, match="LATM_WEIGHTS"):
            resolve_model("local")

    def test_a_name_of_init_chat_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        model = resolve_model("openai:gpt-made-up")
        assert isinstance(model, ChatOpenAI)
        assert str(model.root_client.base_url) == "http://127.0.0.1:9/v1/"
        assert str(model.root_async_client.base_url) == "http://127.0.0.1:9/v1/"

    def test_a_name_with_an_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        name = "openai:own/model@latest@http://user:word@127.0.0.1:9/v1"
        model = resolve_model(name)
        assert isinstance(model, ChatOpenAI)
        assert model.model_name == "own/model@latest"
        assert str(model.root_client.base_url) == "http://user:word@127.0.0.1:9/v1/"
        assert LateModel(name).model_name == "own/model@latest"
        assert split_address("openai:own@http") == ("openai:own@http", None)

    @pytest.mark.parametrize("wrong", ["", "  ", 3, None, ["openai:x"]])
    def test_anything_else(self, wrong: Any) -> None:
        with pytest.raises(ModelError, match=r"'local'.*Runnable, not "):
            resolve_model(wrong)

    @pytest.mark.parametrize("name", ["nonsense", "foo:bar"])
    def test_unknown_provider(self, name: str) -> None:
        with pytest.raises(ModelError, match=f"provider of the model '{name}' is not known") as caught:
            resolve_model(name)
        assert "\n" not in str(caught.value)

    def test_missing_package_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "langchain_mistralai", None)
        with pytest.raises(ModelError, match="run `pip install langchain-mistralai`"):
            resolve_model("mistralai:x")

    def test_an_extra_is_named_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_name: str) -> Any:
            raise ImportError("Using SOCKS proxy, but ... Make sure to install httpx using `pip install httpx[socks]`.")

        monkeypatch.setattr("langchain.chat_models.init_chat_model", refuse)
        with pytest.raises(ModelError, match=r"run `pip install 'httpx\[socks\]'`"):
            resolve_model("openai:x")

    @pytest.mark.parametrize(
        ("name", "variable"), [("openai:x", "OPENAI_API_KEY"), ("azure_openai:x", "AZURE_OPENAI_API_KEY")]
    )
    def test_missing_key_is_named(self, name: str, variable: str) -> None:
        with pytest.raises(ModelError, match=f"needs an API key: set {variable}"):
            resolve_model(name)
