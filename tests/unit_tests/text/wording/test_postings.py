"""Which forms hold a run, beside a plain way to keep that."""

from __future__ import annotations

import random

from langchain_latm.text.wording.postings import Postings, key_of, weight_of


def test_postings_are_what_was_added_and_not_removed() -> None:
    rng, postings = random.Random(1), Postings()
    plain: dict[int, list[int]] = {}
    forms = [[key_of(f"run {number}") for number in rng.sample(range(60), 20)] for _ in range(200)]
    for form, keys in enumerate(forms):
        postings.add(keys, form)
        for key in keys:
            plain.setdefault(key, []).append(form)
    for form in rng.sample(range(200), 150):
        postings.remove(forms[form], form)
        for key in forms[form]:
            plain[key].remove(form)
    assert len(postings) == sum(bool(held) for held in plain.values())
    assert all(list(postings.holders(key)) == held for key, held in plain.items())
    for form in range(200):
        if any(form in held for held in plain.values()):
            postings.remove(forms[form], form)
    assert len(postings) == 0
    assert list(postings.holders(forms[0][0])) == []


def test_a_number_stands_for_a_run_and_says_its_length() -> None:
    runs = ["sort", "sort the", "sort the words", "the sort", "words"]
    assert len({key_of(run) for run in runs}) == len(runs)
    assert [weight_of(key_of(run)) for run in runs] == [1, 2, 3, 2, 1]
    assert all(0 <= key_of(run) < 2**60 for run in runs)
