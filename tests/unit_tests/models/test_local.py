"""The embedded model without a model: a made-up `xllamacpp` in the real process."""

from __future__ import annotations

import importlib.util
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import ModelError
from langchain_latm.models import local, local_server
from langchain_latm.models.local import create_local_model
from langchain_latm.models.local_server import LocalServer
from tests.unit_tests.models.fakes import is_running, starts


@pytest.fixture
def _fresh_registry(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(local, "_shared", {})
    yield
    for server in local._shared.values():
        server.stop()


class TestLocalServer:
    def test_configuration_stays_private(self, gguf: Path) -> None:
        with LocalServer(weights=gguf, context=1000, slots=3) as server:
            key = server.api_key.get_secret_value()
            assert server.base_url == "http://127.0.0.1:6666/v1"
            assert key not in repr(vars(server.chat_model()))
        (seen,) = starts(gguf)
        assert seen["hosts"] == ["127.0.0.1"]
        assert seen["n_ctx"] == 3000
        assert seen["key"] == key
        assert not any(key in text for text in seen["shown"])
        assert not seen["ui"]
        assert not seen["slots_endpoint"]

    def test_leaving_the_block_ends_the_process(self, gguf: Path) -> None:
        with LocalServer(weights=gguf) as server:
            assert server.alive
        assert not server.alive
        assert not is_running(starts(gguf)[0]["pid"])
        server.stop()  # a second time does nothing

    def test_restart_keeps_key_and_port(self, gguf: Path) -> None:
        with LocalServer(weights=gguf) as server:
            os.kill(starts(gguf)[0]["pid"], signal.SIGKILL)
            while server.alive:
                time.sleep(0.01)
            server.start()
            first, second = starts(gguf)
            assert (second["key"], second["port"]) == (first["key"], 6666)

    def test_restart_on_another_port_when_the_old_one_is_taken(self, gguf: Path) -> None:
        with LocalServer(weights=gguf) as server:
            server.stop()
            Path(f"{gguf}.taken").touch()
            server.start()
            assert starts(gguf)[-1]["port"] == 0

    def test_early_death_is_reported_with_its_last_lines_but_not_the_key(self, gguf: Path) -> None:
        gguf.write_bytes(b"GGUF broken")
        server = LocalServer(weights=gguf)
        with pytest.raises(ModelError, match=r"exit status 3(.|\n)*invalid tensor") as caught:
            server.start()
        assert server.api_key.get_secret_value() not in str(caught.value)
        assert not server.alive
        with pytest.raises(ModelError, match="was not started"):
            _ = server.base_url

    def test_without_llama_cpp(self, gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
        with pytest.raises(ModelError, match=r"pip install 'langchain-latm\[local\]'"):
            LocalServer(weights=gguf).start()

    @pytest.mark.parametrize("setting", ["context", "slots", "threads"])
    def test_settings_below_one(self, gguf: Path, setting: str) -> None:
        options: dict[str, Any] = {setting: 0}
        with pytest.raises(ModelError, match=rf"{setting} .* at least 1"):
            LocalServer(weights=gguf, **options)

    def test_environment_for_openai_does_not_apply(self, gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
        monkeypatch.setenv("OPENAI_API_BASE", "http://elsewhere.example/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "not this one")
        monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
        monkeypatch.setenv("ALL_PROXY", "http://proxy.example")
        with LocalServer(weights=gguf) as server:
            model = server.chat_model()
            assert str(model.root_client.base_url) == "http://127.0.0.1:6666/v1/"
            assert str(model.root_async_client.base_url) == "http://127.0.0.1:6666/v1/"
            assert model.root_client.api_key == server.api_key.get_secret_value()
            for client in (model.root_client, model.root_async_client):
                assert not client._client._mounts  # where httpx keeps proxies


@pytest.mark.usefixtures("_fresh_registry")
class TestCreateLocalModel:
    @pytest.mark.slow
    def test_equal_settings_share_a_server(self, gguf: Path) -> None:
        first = create_local_model(weights=gguf, temperature=0.0)
        second = create_local_model(weights=gguf, temperature=0.9, max_tokens=5)
        assert len(starts(gguf)) == 1
        assert first.openai_api_base == second.openai_api_base
        assert (second.temperature, second.max_tokens) == (0.9, 5)

    @pytest.mark.slow
    def test_other_settings_get_their_own(self, gguf: Path) -> None:
        create_local_model(weights=gguf)
        create_local_model(weights=gguf, slots=2)
        assert len(starts(gguf)) == 2

    @pytest.mark.slow
    def test_threads_at_once_start_one_server(self, gguf: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            models = list(pool.map(lambda _: create_local_model(weights=gguf), range(8)))
        assert len(starts(gguf)) == 1
        assert len({model.openai_api_base for model in models}) == 1

    @pytest.mark.slow
    def test_a_server_that_died_is_started_again(self, gguf: Path) -> None:
        create_local_model(weights=gguf)
        os.kill(starts(gguf)[0]["pid"], signal.SIGKILL)
        (server,) = local._shared.values()
        while server.alive:
            time.sleep(0.01)
        create_local_model(weights=gguf)
        assert len(starts(gguf)) == 2

    @pytest.mark.slow
    def test_default_limit_is_not_a_choice_of_the_user(self, gguf: Path) -> None:
        assert "max_tokens" not in create_local_model(weights=gguf).model_fields_set
        assert "max_tokens" in create_local_model(weights=gguf, max_tokens=7).model_fields_set
        assert create_local_model(weights=gguf)._default_params["max_completion_tokens"] == 1024


def test_usable_cores_respects_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert local_server._usable_cores() == 1
