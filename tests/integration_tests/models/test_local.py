"""The embedded model itself: real weights, real llama.cpp, real loopback."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from langchain_latm.exceptions import ModelError
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_failure
from langchain_latm.models.local import create_local_model, describe_local_model
from langchain_latm.models.local_server import LocalServer
from langchain_latm.models.resolve import resolve_model
from langchain_latm.models.weights import QWEN_CODER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from langchain_core.language_models import LanguageModelInput
    from langchain_openai import ChatOpenAI

pytestmark = [pytest.mark.real_model, pytest.mark.slow]

SCHEMA = {
    "title": "sort_words",
    "description": "Sort words",
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"type": "string"}}},
    "required": ["words"],
    "additionalProperties": False,
}
PROXIES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
QUESTION = "Give the arguments of sort_words for: sort the words thrill, dot, scorch."


@pytest.fixture(scope="module", autouse=True)
def _local_extra() -> None:
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("the extra `local` is not installed: pip install 'langchain-latm[local]'")


@pytest.fixture(autouse=True)
def no_settings() -> None:
    """Those that follow stay."""


@pytest.fixture(scope="module", autouse=True)
def _hostile_environment() -> Iterator[None]:
    """Settings for other servers must not matter to the embedded one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        patch.setenv("OPENAI_API_KEY", "not this one")
        for name in PROXIES:
            patch.setenv(name, "http://127.0.0.1:9")
        yield


@pytest.fixture(scope="module")
def model() -> ChatOpenAI:
    return create_local_model(max_tokens=40)


def test_invoke_counts_tokens(model: ChatOpenAI) -> None:
    answer = model.invoke("Say hello.")
    assert answer.text
    assert answer.usage_metadata
    assert answer.usage_metadata["output_tokens"] > 0


def test_same_question_same_answer(model: ChatOpenAI) -> None:
    assert len({model.invoke("Name three colours.").text for _ in range(2)}) == 1


def test_event_loops_one_after_another(model: ChatOpenAI) -> None:
    """A connection kept from a loop that is closed would break the second call."""
    for _ in range(2):
        assert asyncio.run(model.ainvoke("Say hello.")).text


async def test_many_at_once(model: ChatOpenAI) -> None:
    questions: list[LanguageModelInput] = [f"Answer with the number {number} only." for number in range(6)]
    answers = await model.abatch(questions)
    assert [number for number, answer in enumerate(answers) if str(number) in answer.text] == list(range(6))


def test_batch(model: ChatOpenAI) -> None:
    assert len(model.batch(["Say hello.", "Say goodbye."])) == 2


def test_stream_ends_with_usage(model: ChatOpenAI) -> None:
    chunks = list(model.stream("Count from one to five."))
    assert len([chunk for chunk in chunks if chunk.text]) > 1
    assert any(chunk.usage_metadata for chunk in chunks)


def test_structured_output_fits_the_schema(model: ChatOpenAI) -> None:
    answer: Any = model.with_structured_output(SCHEMA, include_raw=True).invoke(QUESTION)
    assert sorted(answer["parsed"]["words"]) == ["dot", "scorch", "thrill"]
    assert answer["raw"].usage_metadata


def test_answer_cut_off_by_its_limit_is_reported_plainly(model: ChatOpenAI) -> None:
    short: Any = asking(create_local_model(), max_tokens=3, schema=SCHEMA)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which class it is, is langchain-openai's affair
        short.invoke(QUESTION)
    assert "limit of tokens" in model_failure(caught.value, model)


def test_question_beyond_the_context_is_reported_plainly(model: ChatOpenAI) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which class it is, is langchain-openai's affair
        model.invoke("a b " * 20_000)
    assert "cannot take a question this long" in model_failure(caught.value, model)


def test_without_the_key_nothing_is_answered(model: ChatOpenAI) -> None:
    stranger = model.root_client.with_options(api_key="guess")
    with pytest.raises(Exception, match="401"):
        stranger.chat.completions.create(model="x", messages=[{"role": "user", "content": "hello"}])


def test_named_local_it_is_the_same_server(model: ChatOpenAI) -> None:
    named: Any = resolve_model("local")
    assert named.openai_api_base == model.openai_api_base


def test_description() -> None:
    found = describe_local_model()
    if found.source == "packages":
        assert (found.size, found.sha256) == (QWEN_CODER.size, QWEN_CODER.sha256)
    assert found.prompt_tokens_per_second > 0
    assert found.generation_tokens_per_second > 0


def test_models_survive_a_restart_and_a_dead_server_is_reported_plainly() -> None:
    with LocalServer(slots=1, context=1024) as server:
        model = server.chat_model(max_tokens=5).model_copy(update={"max_retries": 0})
        assert model.invoke("Say hello.").text
        assert server._process
        os.kill(server._process.pid, signal.SIGKILL)
        while server.alive:
            time.sleep(0.05)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which class it is, is langchain-openai's affair
            model.invoke("Say hello.")
        assert "nothing listens there" in model_failure(caught.value, model)
        server.start()
        assert model.invoke("Say hello.").text


def test_garbage_behind_the_magic_number(tmp_path: Path) -> None:
    (tmp_path / "garbage.gguf").write_bytes(b"GGUF" + bytes(range(256)) * 100)
    with pytest.raises(ModelError, match=r"garbage\.gguf"):
        create_local_model(weights=tmp_path / "garbage.gguf")


def test_openai_base_url_names_the_server_of_an_openai_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:  # which, unlike the embedded model, it obeys
        monkeypatch.delenv(name)
    with LocalServer(context=1024) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", server.api_key.get_secret_value())
        model = resolve_model(f"openai:{server.name}")
        assert model.invoke("Say one word.", max_tokens=3).text
