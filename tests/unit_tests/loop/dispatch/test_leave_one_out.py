"""The probability that embeddings need, from the examples of the library."""

from __future__ import annotations

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from langchain_latm.loop.dispatch.embedding_index import EmbeddingIndex
from langchain_latm.loop.dispatch.leave_one_out import needed_by_examples
from langchain_latm.text.wording.likeness import LikenessIndex
from tests.unit_tests.loop.dispatch.test_embeddings import MEANINGS, Meanings


@pytest.fixture(scope="module")
def words() -> LikenessIndex:
    index = LikenessIndex()
    for number, meaning in enumerate(MEANINGS):
        openings = ["tell me of the", "what about some", "i need a", "show the"]
        index.put(f"t{number}", [f"{opening} {word}" for opening in openings for word in meaning.split()])
    return index


def needed(words: LikenessIndex, embeddings: Embeddings, max_error: float) -> float:
    vectors, examples = EmbeddingIndex(), words.examples()
    missing = vectors.missing(examples)
    vectors.update(examples, dict(zip(missing, embeddings.embed_documents(missing), strict=True)))
    return needed_by_examples(lambda text, also: words.search(text, also, left_out=True), vectors, max_error)


@pytest.mark.slow
def test_senseless_embeddings_must_be_surer_than_good_ones(words: LikenessIndex) -> None:
    good, senseless = needed(words, Meanings(), 0.02), needed(words, DeterministicFakeEmbedding(size=8), 0.02)
    assert good < senseless <= 1.0
    assert needed(words, DeterministicFakeEmbedding(size=8), 0.2) <= senseless


def test_too_few_examples_measure_no_small_error(words: LikenessIndex) -> None:
    assert needed(words, Meanings(), 0.001) == 1.0
    assert needed_by_examples(lambda *_: [], EmbeddingIndex(), 0.01) == 1.0
