"""Asking models: accepted settings are sent, refused ones are left out and stored."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI

from langchain_latm.models import capabilities
from langchain_latm.models.asking import asking
from langchain_latm.models.capabilities import capabilities_of
from langchain_latm.models.late import LateModel
from tests.unit_tests.models.fakes import answering, http

SCHEMA = {
    "title": "sum_up",
    "description": "Sum up.",
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
}
Body = dict[str, Any]


class Server:
    """Answers requests of ChatOpenAI by what `refuse` says to their bodies, and keeps them."""

    def __init__(self, refuse: Callable[[Body], str | None] = lambda _body: None, status: int = 400) -> None:
        self.bodies: list[Body] = []
        self._refuse, self._status = refuse, status

    def model(self, **changes: Any) -> ChatOpenAI:
        reasons = {"profile": {"reasoning_output": False}}
        return answering(self._respond).model_copy(update=reasons | changes)

    def _respond(self, request: Any) -> Any:
        body = json.loads(request.content)
        self.bodies.append(body)
        message = self._refuse(body)
        if message is not None:
            return http.Response(self._status, json={"error": {"message": message, "type": "invalid_request_error"}})
        content = '{"n": 42}'
        reply: Body = {"role": "assistant", "content": content}
        if "tools" in body:
            call = {"name": body["tools"][0]["function"]["name"], "arguments": content}
            reply = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": call}]}
        choice = {"index": 0, "finish_reason": "stop", "message": reply}
        return http.Response(200, json={"id": "1", "object": "chat.completion", "choices": [choice]})


def naming(parameter: str) -> Callable[[Body], str | None]:
    """Refuse bodies with a parameter, in OpenAI's words."""
    return lambda body: f"Unsupported parameter: '{parameter}'" if parameter in body else None


@pytest.fixture(autouse=True)
def _nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capabilities, "_learned", OrderedDict())


class TestSettings:
    def test_they_are_sent(self) -> None:
        server = Server()
        asking(server.model(), temperature=0.7, max_tokens=50).invoke("hello")
        assert (server.bodies[0]["temperature"], server.bodies[0]["max_completion_tokens"]) == (0.7, 50)

    async def test_what_is_refused_is_left_out_and_remembered_by_every_copy(self) -> None:
        server = Server(naming("temperature"))
        await asking(server.model(), temperature=0.7, max_tokens=50).ainvoke("hello")
        asking(server.model(), temperature=0.2, max_tokens=50).invoke("hello")
        assert ["temperature" in body for body in server.bodies] == [True, False, False]
        assert all(body["max_completion_tokens"] == 50 for body in server.bodies)

    def test_of_two_refused_settings_both_are_left_out(self) -> None:
        server = Server(lambda body: naming("temperature")(body) or naming("max_completion_tokens")(body))
        asking(server.model(), temperature=0.7, max_tokens=50).invoke("hello")
        assert [len(body.keys() & {"temperature", "max_completion_tokens"}) for body in server.bodies] == [2, 1, 0]

    def test_a_refusal_of_something_else_is_raised_at_once(self) -> None:
        server = Server(lambda _body: "this model's maximum context length is 8 tokens")
        with pytest.raises(Exception, match="maximum context length"):
            asking(server.model(), temperature=0, schema=SCHEMA).invoke("hello")
        assert len(server.bodies) == 1

    @pytest.mark.parametrize(("profile", "sent"), [({"temperature": False}, False), ({"temperature": True}, True)])
    def test_a_profile_may_deny_a_temperature(self, profile: Body, sent: bool) -> None:
        server = Server()
        asking(server.model(profile=profile), temperature=0).invoke("hello")
        assert ("temperature" in server.bodies[0]) is sent

    @pytest.mark.parametrize("profile", [None, {}, {"reasoning_output": True}])
    def test_a_model_that_may_reason_has_no_limit(self, profile: Any) -> None:
        server = Server()
        asking(server.model(profile=profile), max_tokens=50).invoke("hello")
        assert "max_completion_tokens" not in server.bodies[0]

    def test_what_the_user_chose_stays(self) -> None:
        server = Server()
        asking(server.model(max_tokens=9), max_tokens=50).invoke("hello")
        bound = server.model().bind(temperature=0.9, max_tokens=8, extra_body={"seed_of_user": 1})
        asking(bound, temperature=0, max_tokens=50).invoke("hello")
        assert [body["max_completion_tokens"] for body in server.bodies] == [9, 8]
        assert (server.bodies[1]["temperature"], server.bodies[1]["seed_of_user"]) == (0.9, 1)

    def test_none_changes_nothing(self) -> None:
        server = Server()
        asking(server.model()).invoke("hello")
        assert not server.bodies[0].keys() & {"temperature", "max_tokens", "max_completion_tokens"}

    def test_other_names_of_the_limit(self) -> None:
        seen: list[Any] = []

        class LikeOllama(FakeListChatModel):
            temperature: float | None = None
            num_predict: int | None = None

            def _call(self, *arguments: Any, **more: Any) -> str:
                seen.append((self.temperature, self.num_predict))
                return super()._call(*arguments, **more)

        model = LikeOllama(responses=["x"], profile={"reasoning_output": False})
        asking(model, temperature=0.1, max_tokens=5).invoke("hello")
        assert seen == [(0.1, 5)]


class TestJson:
    def read(self, model: Runnable[Any, Any], **settings: Any) -> Any:
        prompt = ChatPromptTemplate([("system", "Read {what}."), ("human", "41 + 1")])
        return (prompt | asking(model, schema=SCHEMA, **settings)).invoke({"what": "{the} number"})

    def test_the_providers_own_method_comes_first(self) -> None:
        server = Server()
        assert self.read(server.model()).text == '{"n": 42}'
        assert server.bodies[0]["response_format"]["type"] == "json_schema"

    @pytest.mark.parametrize("status", [400, 422])
    @pytest.mark.parametrize("message", ["'response_format.type' must be text", "Bad Request"])
    def test_then_a_tool_call_and_that_is_remembered(self, message: str, status: int) -> None:
        server = Server(lambda body: message if "response_format" in body else None, status)
        for _ in range(2):
            assert self.read(server.model(), temperature=0).tool_calls[0]["args"] == {"n": 42}
        assert ["response_format" in body for body in server.bodies] == [True, False, False]
        assert all(body["temperature"] == 0 for body in server.bodies)

    @pytest.mark.parametrize("status", [400, 404, 500, 501])
    def test_then_words_alone_and_that_is_remembered(self, status: int) -> None:
        refuse = lambda body: "no tools or grammars here" if {"response_format", "tools"} & body.keys() else None  # noqa: E731
        server = Server(refuse, status)
        for _ in range(2):
            assert self.read(server.model()).text == '{"n": 42}'
        assert len(server.bodies) == 4
        assert '"integer"' in server.bodies[-1]["messages"][-1]["content"]
        assert server.bodies[-1]["messages"][-1]["content"].startswith("41 + 1")

    def test_a_server_that_fails_anyway_raises_its_first_refusal(self) -> None:
        server = Server(lambda body: f"refused with {len(body)} parts")
        with pytest.raises(Exception, match="refused with"):
            self.read(server.model())
        assert capabilities_of(server.model()).method == "default"

    def test_a_request_is_prepared_once_and_another_one_only_after_a_refusal(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        prepared, whole = list[str](), ChatOpenAI.with_structured_output

        def counted(model: ChatOpenAI, schema: Any, **options: Any) -> Any:
            prepared.append(options.get("method", "default"))
            return whole(model, schema, **options)

        monkeypatch.setattr(ChatOpenAI, "with_structured_output", counted)
        self.read(Server().model(), temperature=0)
        assert prepared == ["default"]
        refusing = Server(lambda body: "no json_schema" if "response_format" in body else None)
        self.read(refusing.model(), temperature=0)
        assert prepared[1] == "default"
        assert len(prepared) == len(set(prepared[1:])) + 1

    def test_bound_parameters_reach_the_request(self) -> None:
        server = Server(lambda body: "no json_schema" if "response_format" in body else None)
        self.read(server.model().bind(extra_body={"mine": 1}, temperature=0.5), temperature=0)
        assert all((body["mine"], body["temperature"]) == (1, 0.5) for body in server.bodies)

    def test_through_retries_and_fallbacks(self) -> None:
        down, server = Server(lambda _body: "down", 503), Server()
        assert self.read(server.model().with_retry()).text == '{"n": 42}'
        assert self.read(down.model().with_fallbacks([server.model()]), temperature=0).text == '{"n": 42}'
        assert server.bodies[-1]["response_format"]["type"] == "json_schema"
        assert server.bodies[-1]["temperature"] == 0


class TestLateModels:
    def test_it_is_created_when_it_is_asked_and_once(self) -> None:
        server, created = Server(), list[str]()

        def create(name: str) -> Any:
            created.append(name)
            return server.model()

        late = LateModel("provider:given", create)
        chat = asking(late, temperature=0, max_tokens=5)
        assert (created, late.model_name) == ([], "given")
        chat.invoke("hello")
        chat.invoke("hello")
        assert created == ["provider:given"]
        assert server.bodies[0]["max_completion_tokens"] == 5
        assert late.model_name == server.model().model_name


def test_another_runnable_stays_as_it_is() -> None:
    chain = RunnableLambda(lambda text: text)
    assert asking(chain, temperature=0.5, max_tokens=5, schema=SCHEMA) is chain
