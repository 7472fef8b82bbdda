"""Messages about failed calls to a model."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from typing import Any

import openai
import pytest
from pydantic import SecretStr

from langchain_latm.exceptions import ModelError
from langchain_latm.models.failures import model_error, model_failure
from tests.unit_tests.models.fakes import KEY, answering, http


def failure(respond: Callable[[Any], Any]) -> str:
    """Return the message after a call that must fail; it must contain no secret."""
    model = answering(respond)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which class it is, is what must not matter
        model.invoke("hello")
    said = model_failure(caught.value, model)
    assert said.startswith("The model gpt-made-up at https://models.example ")
    assert said.endswith(".")
    for secret in (KEY, "hidden", "secret-path"):
        assert secret not in said
    return said


class TestModelFailure:
    @pytest.mark.parametrize("error", [json.JSONDecodeError("Expecting value", "<", 0), IndexError("list index")])
    def test_something_else_than_a_completion(self, error: Exception) -> None:
        model = answering(lambda _: None).model_copy(update={"openai_api_key": SecretStr("x")})
        assert "sent something that is not a chat completion" in model_failure(error, model)

    def test_a_placeholder_for_a_key_is_not_hidden(self) -> None:
        """Servers without keys get any word, which may occur in other texts."""
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

    def test_a_proxy_that_is_down_is_named_without_its_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://me:hidden@10.0.0.1:3128")

        def refuse(request: Any) -> Any:
            raise http.ConnectError("All connection attempts failed", request=request)

        assert "asked through the proxy http://10.0.0.1:3128, which may be down; unset HTTPS_PROXY" in failure(refuse)
        monkeypatch.setenv("NO_PROXY", "models.example")
        assert "proxy" not in failure(refuse)

    def test_a_model_that_ignores_the_environment_has_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:3128")
        client = openai.DefaultHttpxClient(trust_env=False)
        model = answering(lambda _: None).model_copy(update={"http_client": client})
        said = model_failure(http.ConnectError("All connection attempts failed"), model)
        assert said == "The model gpt-made-up at https://models.example cannot be reached: nothing listens there."

    def test_what_a_model_error_says_is_said_once(self) -> None:
        error = ModelError("The model x needs an API key: set X_KEY.")
        assert model_failure(error, "x") == str(error)


class TestLasting:
    """Whether the next request would fail too depends on the failure, not on its wording."""

    @pytest.mark.parametrize(
        ("cause", "lasting"),
        [
            (socket.gaierror(-2, "Nom ou service inconnu"), True),
            (ConnectionRefusedError(111, "Connexion refusee"), True),
            (ssl.SSLCertVerificationError(1, "unbekannt"), True),
            (ConnectionResetError(104, "reset by peer"), False),
            (BrokenPipeError(32, "gone"), False),
            (TimeoutError("refused"), False),
            (ValueError("cannot be reached: nothing listens there"), False),
        ],
    )
    def test_what_failed_in_the_chain_of_causes(self, cause: Exception, lasting: bool) -> None:
        error = RuntimeError("Connection error.")
        error.__cause__ = cause
        assert model_error(error).lasting is lasting

    def test_a_proxy_that_is_down_does_not_hide_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
        error = model_error(ConnectionRefusedError(111, "refused"), answering(lambda _: None))
        assert error.lasting
        assert "asked through the proxy" in str(error)
