"""Examples of LangSmith datasets, read by its own client from a local server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from langchain_latm import Task, TaskError, load_task
from tests.unit_tests.making.langsmith_server import KEY, example, langsmith

pytestmark = pytest.mark.enable_socket

Load = Callable[..., Task]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a task from a server with one dataset."""
    for name in ("LANGCHAIN_API_KEY", "LANGCHAIN_ENDPOINT", "LANGSMITH_WORKSPACE_ID"):
        monkeypatch.delenv(name, raising=False)

    def run(rows: list[dict[str, Any]], address: str = "langsmith:my emails", *, key: str = KEY, **about: Any) -> Task:
        from langsmith import utils  # noqa: PLC0415 - its settings are cached

        with langsmith({"my emails": rows}) as (server, _):
            monkeypatch.setenv("LANGSMITH_API_KEY", key)
            monkeypatch.setenv("LANGSMITH_ENDPOINT", server)
            utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
            try:
                return load_task(address, **about)
            finally:
                utils.get_env_var.cache_clear()  # type: ignore[attr-defined]

    return run


def test_one_text_in_and_out_is_a_question(load: Load) -> None:
    """Examples come in order of time, from several pages; one without outputs is a request; a number becomes a text."""
    rows = [example(n, {"text": f"q{n}"}, {"label": f"a{n}"}) for n in range(59)]
    rows += [example(1000 + n, {"text": f"r{n}"}, None) for n in range(60)]
    rows[1]["outputs"] = {"label": 5}
    task = load(rows, demonstrations=2, validation=2)
    assert task.name == "my_emails"
    assert [each.answer for each in task.demonstrations] == ["a0", "5"]
    assert len(task.further) == 55
    assert len(task.requests) == 60


def test_several_inputs_are_a_row(load: Load) -> None:
    rows = [example(n, {"first": "ann", "last": str(n)}, {"login": f"ann.{n}"}) for n in range(6)]
    assert load(rows).demonstrations[0].inputs == {"first": "ann", "last": "0"}
    assert load(rows, "langsmith:my emails?from=last").demonstrations[1].inputs == {"last": "1"}
    rows = [example(n, {"numbers": [n, 1]}, {"sum": n + 1}) for n in range(6)]
    assert load(rows).demonstrations[2].answer == 3


def test_chats(load: Load) -> None:
    def rows(outputs: Callable[[str], Any], *more: Any) -> list[dict[str, Any]]:
        return [
            example(n, {"messages": [*more, {"role": "user", "content": f"q{n}"}]}, outputs(f"a{n}")) for n in range(6)
        ]

    outputs: dict[str, Callable[[str], Any]] = {
        "text": lambda text: {"output": text},
        "message": lambda text: {"output": {"role": "assistant", "content": text}},
        "messages": lambda text: {"messages": [{"type": "ai", "data": {"content": text}}]},
        "a message itself": lambda text: {"role": "assistant", "content": text},
    }
    for why, output in outputs.items():
        task = load(rows(output, {"role": "system", "content": "Be terse."}))
        assert (task.demonstrations[0].question, task.demonstrations[0].answer) == ("q0", "a0"), why
        assert task.description == "Be terse."
    with pytest.raises(TaskError, match="conversation of 2 messages"):
        load(rows(outputs["text"], {"role": "assistant", "content": "Hi"}))


def test_of_several_outputs_one_is_named(load: Load) -> None:
    rows = [example(n, {"text": f"q{n}"}, {"label": f"a{n}", "why": "so"}, "train" if n else "test") for n in range(8)]
    message = r"several outputs \('label', 'why'\): name .*langsmith:my emails\?to=FIELD, or --to"
    with pytest.raises(TaskError, match=message):
        load(rows)
    assert load(rows, "langsmith:my emails?to=label").demonstrations[0].answer == "a0"
    assert load(rows, "langsmith:my emails?to=label&split=train").demonstrations[0].answer == "a1"
    with pytest.raises(TaskError, match="no output 'lable'"):
        load(rows, "langsmith:my emails?to=lable")
    with pytest.raises(TaskError, match="no input 'txt'"):
        load(rows, "langsmith:my emails?to=label&from=txt")


def test_errors_say_what_to_do(load: Load) -> None:
    rows = [example(n, {"text": f"q{n}"}, {"label": f"a{n}"}) for n in range(6)]
    with pytest.raises(TaskError, match="no dataset of this name"):
        load(rows, "langsmith:other")
    with pytest.raises(TaskError, match="set LANGSMITH_API_KEY") as error:
        load(rows, key="lsv2_secret")
    assert "lsv2_secret" not in str(error.value)
    with pytest.raises(TaskError, match="has no examples"):
        load([])
    with pytest.raises(TaskError, match="name a dataset"):
        load(rows, "langsmith:")
    with pytest.raises(TaskError, match="but 3 demonstrations and 3 validation"):
        load(rows[:5])
    rows[2]["inputs"] = {}
    with pytest.raises(TaskError, match="example 00000000-0000-0000-0000-000000000002: no inputs"):
        load(rows)


@pytest.mark.slow
def test_an_unreachable_server(monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith import utils  # noqa: PLC0415 - as above

    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")
    utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
    with pytest.raises(TaskError, match="LangSmith cannot be read"):
        load_task("langsmith:my emails")
    utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
