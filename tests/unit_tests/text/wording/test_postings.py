"""Postings of runs, compared with a simple implementation."""

from __future__ import annotations

import random

from langchain_latm.text.wording.postings import Postings, keys_of, most_frequent, weight_of


def holders(postings: Postings, key: int) -> list[int]:
    return [form for _, forms in postings.rarest([key], 1_000) for form in forms]


def test_postings_are_what_was_added_and_not_removed() -> None:
    rng, postings = random.Random(1), Postings()
    plain: dict[int, list[int]] = {}
    forms = [keys_of({f"run {number}": 2 for number in rng.sample(range(60), 20)}) for _ in range(200)]
    for form, keys in enumerate(forms):
        postings.add(keys, form)
        for key in keys:
            plain.setdefault(key, []).append(form)
    for form in rng.sample(range(200), 150):
        postings.remove(forms[form], form)
        for key in forms[form]:
            plain[key].remove(form)
    assert len(postings) == sum(bool(held) for held in plain.values())
    assert all(holders(postings, key) == held for key, held in plain.items())
    for form in range(200):
        if any(form in held for held in plain.values()):
            postings.remove(forms[form], form)
    assert len(postings) == 0
    assert holders(postings, forms[0][0]) == []


def test_a_number_encodes_a_run_and_its_length() -> None:
    runs = {"sort": 1, "sort the": 2, "sort the words": 3, "the sort": 2, "words": 1}
    keys = keys_of(runs)
    assert len(set(keys)) == len(runs)
    assert [weight_of(key) for key in keys] == [1, 2, 3, 2, 1]
    assert all(0 <= key < 2**60 for key in keys)


def test_the_rarest_features_are_read_first_up_to_a_number_of_forms() -> None:
    postings = Postings()
    for form in range(9):
        postings.add([1, 2] if form < 2 else [1, 3] if form == 2 else [1], form)
    assert [(key, list(forms)) for key, forms in postings.rarest([1, 2, 3, 4], 3)] == [(3, [2]), (2, [0, 1])]
    assert [key for key, _ in postings.rarest([1, 2, 3], 100)] == [3, 2, 1]


def test_the_most_frequent_numbers_with_ties_in_order() -> None:
    assert most_frequent([5, 7, 7, 1, 2, 2, 9], 3) == [7, 2, 5]
    assert most_frequent([5, 7, 7], 3) == [5, 7]
    assert most_frequent([], 3) == []
