"""Naming models, and what is said when one cannot be used. Nothing here reaches a network."""

from __future__ import annotations

import importlib
import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openai
import pytest
from langchain.chat_models import init_chat_model
from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableLambda
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from langchain_latm.exceptions import ModelError, WeightsError
from langchain_latm.models import local
from langchain_latm.models.failures import model_failure
from langchain_latm.models.names import model_name
from langchain_latm.models.replies import reasons
from langchain_latm.models.resolve import resolve_model
from langchain_latm.models.sampling import with_sampling

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk-made-up-0123456789abcdef"
# openai changes its HTTP library between versions; its default client tells which one it is.
http = importlib.import_module(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def answering(respond: Callable[[Any], Any]) -> ChatOpenAI:
    """A real ChatOpenAI whose transport is a function."""
    return ChatOpenAI(
        model="gpt-made-up",
        base_url="https://user:hidden@models.example/v1/secret-path",
        api_key=SecretStr(KEY),
        max_retries=0,
        http_socket_options=(),
        http_client=openai.DefaultHttpxClient(transport=http.MockTransport(respond)),
    )


def failure(respond: Callable[[Any], Any]) -> str:
    """What is said after a call that must fail; no secret may be in it."""
    model = answering(respond)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which class it is, is what must not matter
        model.invoke("hello")
    said = model_failure(caught.value, model)
    assert said.startswith("The model gpt-made-up at https://models.example ")
    assert said.endswith(".")
    for secret in (KEY, "hidden", "secret-path"):
        assert secret not in said
    return said


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

    @pytest.mark.parametrize(
        ("name", "variable"), [("openai:x", "OPENAI_API_KEY"), ("azure_openai:x", "AZURE_OPENAI_API_KEY")]
    )
    def test_missing_key_is_named(self, name: str, variable: str) -> None:
        with pytest.raises(ModelError, match=f"needs an API key: set {variable}"):
            resolve_model(name)

    def test_importing_the_module_does_not_load_openai(self) -> None:
        code = "import sys, langchain_latm.models.resolve; print('openai' in sys.modules)"
        assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


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


class TestReasons:
    @pytest.mark.parametrize(("profile", "expected"), [({"reasoning_output": False}, False), ({}, True), (None, True)])
    def test_only_a_profile_can_deny_it(self, profile: Any, expected: Any) -> None:
        assert reasons(answering(lambda _: None).model_copy(update={"profile": profile})) is expected

    def test_a_runnable_may(self) -> None:
        assert reasons(RunnableLambda(lambda text: text))


class TestModelFailure:
    @pytest.mark.parametrize("error", [json.JSONDecodeError("Expecting value", "<", 0), IndexError("list index")])
    def test_something_else_than_a_completion(self, error: Exception) -> None:
        model = answering(lambda _: None).model_copy(update={"openai_api_key": SecretStr("x")})
        assert "sent something that is no chat completion" in model_failure(error, model)

    def test_a_placeholder_for_a_key_is_not_hidden(self) -> None:
        """Servers that ask for no key are given any word, which may stand in others."""
        model = answering(lambda _: None).model_copy(update={"openai_api_key": SecretStr("x")})
        assert "exploded" in model_failure(RuntimeError("exploded"), model)

    @pytest.mark.parametrize(
        ("status", "message", "expected"),
        [
            (
                400,
                "request (9000 tokens) exceeds the available context size",
                "question this long (request (9000",
            ),
            (400, "bad schema", "refused the request with status 400 (bad schema)"),
            (401, f"Incorrect API key provided: {KEY}", "refused the API key with status 401"),
            (403, f"no {KEY}", "refused the API key with status 403"),
            (404, "no such model", "404): check the model's name and the address (no such model)"),
            (429, f"slow down, api_key={KEY}", "exhausted quota (429) (slow down, api_key=***)"),
            (500, "oops", "problem on its side (status 500): try again later (oops)"),
            (503, "x" * 5000, "status 503"),
        ],
    )
    def test_status(self, status: int, message: str, expected: str) -> None:
        said = failure(lambda _: http.Response(status, json={"error": {"message": message}}))
        assert expected in said
        assert len(said) < 400

    def test_page_of_html_instead_of_json(self) -> None:
        said = failure(lambda _: http.Response(502, text="<html>\n<body>Bad gateway</body></html>"))
        assert "status 502" in said
        assert "\n" not in said

    def test_refused(self) -> None:
        def refuse(request: Any) -> Any:
            raise http.ConnectError("[Errno 111] Connection refused", request=request)

        assert "nothing listens there" in failure(refuse)

    def test_unknown_host(self) -> None:
        def lost(request: Any) -> Any:
            raise http.ConnectError("no", request=request) from socket.gaierror(-2, "Name or service not known")

        assert "no such host" in failure(lost)

    def test_broken_off(self) -> None:
        def drop(request: Any) -> Any:
            raise http.ReadError("", request=request)

        assert "broke off" in failure(drop)

    def test_timeout(self) -> None:
        def wait(request: Any) -> Any:
            raise http.ReadTimeout("slow", request=request)

        assert "did not answer in time" in failure(wait)

    def test_cut_off_answer(self) -> None:
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "gpt-made-up",
            "choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": '{"a'}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        model = answering(lambda _: http.Response(200, json=answer))
        schema = {"title": "x", "type": "object", "properties": {"a": {"type": "string"}}}
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which class it is, is what must not matter
            model.with_structured_output(schema, include_raw=True).invoke("hello")
        assert "limit of tokens" in model_failure(caught.value, model)

    def test_of_an_unknown_error_without_a_model(self) -> None:
        said = model_failure(ValueError(f"strange\nthing {KEY}"))
        assert said == "The model failed with ValueError: strange."

    def test_keys_of_the_model_are_hidden_whatever_they_look_like(self) -> None:
        model = answering(lambda _: None).model_copy(update={"openai_api_key": SecretStr("plainword")})
        assert "plainword" not in model_failure(ValueError("what is plainword?"), model)

    def test_groups_and_chains_are_searched(self) -> None:
        group = ExceptionGroup("both", [ConnectionRefusedError(111, "Connection refused")])
        assert "nothing listens there" in model_failure(group, "ollama:x")
