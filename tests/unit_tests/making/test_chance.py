"""The chance that a proof is false."""

from __future__ import annotations

import random
from typing import Any

import pytest

from langchain_latm.making.chance import accuracy_at_least, chance_by_guessing, examples_needed
from langchain_latm.text.answer_check import AnswerCheck, CustomCheck, ExactCheck, NumericCheck, TextCheck
from langchain_latm.types import MAX_CHANCE, VerificationCase

EXACT = ExactCheck()


def cases(*answers: str, shown: int = 3, arguments: Any = None) -> list[VerificationCase]:
    """Return cases of a proof, the first of which are demonstrations."""
    return [
        VerificationCase.model_construct(  # many are made, and nothing of them is checked here
            role="demonstration" if i < shown else "validation",
            question=f"q{i}",
            expected=answer,
            arguments=arguments[i] if arguments else None,
            passed=True,
        )
        for i, answer in enumerate(answers)
    ]


def chance(*answers: str, trials: int = 1, check: AnswerCheck = EXACT, **options: Any) -> float:
    return chance_by_guessing(cases(*answers, **options), check, trials)


SORTED = ("apple fig pear", "auk crow dove", "iron tin zinc", "blue red teal", "ash elm oak", "io mars venus")


def test_three_unseen_texts_are_a_proof_and_three_unseen_truth_values_are_not() -> None:
    assert chance(*SORTED, trials=24) <= MAX_CHANCE
    assert chance("True", "False", "True", "False", "True", "False") > MAX_CHANCE
    assert chance("(A)", "(B)", "(C)", "(D)", "(E)", "(A)") > MAX_CHANCE
    assert chance("3", "1", "2", "5", "4", "6") > MAX_CHANCE
    assert chance("9.75", "2.25", "15.51", "29.00", "0.99", "300.30", trials=24) <= MAX_CHANCE
    assert chance("2024-03-01", "1999-12-31", "2001-01-01", "2010-05-06", "2015-07-08", "2020-02-29") <= MAX_CHANCE


@pytest.mark.parametrize("number", [6, 60, 600])
def test_one_answer_alone_is_never_a_proof(number: int) -> None:
    assert chance(*["True"] * number) == 1
    assert examples_needed(cases(*["True"] * number), EXACT, 1) is None


def test_equal_unseen_answers_are_not_a_proof() -> None:
    """A constant passes the unseen examples, however different the shown ones are."""
    assert chance("True", "False", "False", *["True"] * 9) == 1
    assert examples_needed(cases("True", "False", "False", *["True"] * 9), EXACT, 1) is not None


def test_few_values_are_guessed_in_one_of_their_orders() -> None:
    truths = ["True", "False"] * 4 + ["True"]
    assert chance("True", "False", "True", *truths) == pytest.approx(1 / 126)
    assert chance("True", "False", "True", *truths, trials=7) == pytest.approx(7 / 126)


def test_rare_values_count_less() -> None:
    often = ["True"] * 11 + ["False"]
    assert chance("True", "False", "True", *often) == pytest.approx(1 / 12)


def test_the_check_decides_which_answers_are_the_same() -> None:
    assert chance("Yes", "no", "YES", "No", "yes", "NO", check=TextCheck()) == pytest.approx(1 / 3)
    assert chance("1", "2", "1.0", "2.0", "1.00", "2.00", check=NumericCheck()) == pytest.approx(1 / 3)
    anything = CustomCheck(name="any", function=lambda *_: 1 / 0)  # it is asked about values of the tool alone
    assert chance(*SORTED, check=anything, arguments=[{"n": 1}] * 6) <= MAX_CHANCE


def test_each_equal_pair_of_answers_makes_a_guess_likelier() -> None:
    assert chance("a b", "c d", "e f", "g h", "i k", "l m") == pytest.approx((1 / 15) ** 3)
    assert chance("a b", "c d", "e f", "g h", "i k", "a b") == pytest.approx((2 / 15) ** 3)


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ([{"a": each} for each in (*SORTED[:3], "x y", "y z", "z a")], 3),
        ([{"a": each} for each in (*SORTED[:4], "y z", "z a")], 2),
        ([{"a": each.split()} for each in (*SORTED[:3], "y z", *SORTED[4:])], 1),
        ([{"a": "1"}] * 6, 3),
        ([{"a": each} for each in ("b a", *SORTED[1:])], 0),
        ([{"a": each} for each in SORTED], 3),  # right on all: the simplest rule, not a guess
        ([{"a": [each, "x"]} for each in (*SORTED[:5], "y")], 1),
        ([{"a": ["x", each]} for each in (*SORTED[:5], "y")], 1),
    ],
)
def test_examples_on_which_a_trivial_function_is_right_do_not_count(arguments: list[Any], left: int) -> None:
    assert chance(*SORTED, arguments=arguments) == pytest.approx((1 / 15) ** left)


def test_the_length_of_an_argument_is_trivial() -> None:
    answers = ("13", "15", "14", "16", "17", "19")
    arguments = [{"word": "x" * int(each)} for each in answers[:5]] + [{"word": "x"}]
    assert chance(*answers, arguments=arguments) == pytest.approx(1 / 15)


@pytest.mark.parametrize("trials", [1, 3, 24])
def test_as_many_more_examples_as_are_needed_are_a_proof(trials: int) -> None:
    """The number of further examples assumes that they vary like the others."""
    for values in ("TF", "ABC", "ABCDE"):
        known = [values[i % len(values)] for i in range(6)]
        needed = examples_needed(cases(*known), EXACT, trials)
        assert needed
        assert needed < 20
        more = [known[i % 6] for i in range(needed)]
        assert chance(*known, *more, trials=trials) <= MAX_CHANCE < chance(*known, *more[:-1], trials=trials)
    assert examples_needed(cases(*SORTED), EXACT, trials) == 0


def test_accuracy_is_the_exact_lower_bound_for_no_mistake() -> None:
    assert accuracy_at_least(3, 1) == pytest.approx(0.05 ** (1 / 3))
    assert accuracy_at_least(59, 1) == pytest.approx(0.95, abs=0.001)  # the rule of three
    assert accuracy_at_least(20, 10) == pytest.approx(0.005 ** (1 / 20))
    assert accuracy_at_least(0, 1) == 0


@pytest.mark.slow
@pytest.mark.parametrize("values", [2, 3, 4, 5])
def test_candidates_that_guess_are_seldom_proven(values: int) -> None:
    """Simulate makings with 24 candidates that know the shown answers and guess the others, for 2 to 5 values."""
    draw = random.Random(values)
    makings = proofs = 0
    for number in range(6, 21):
        for _ in range(400):
            answers = [draw.randrange(values) for _ in range(number)]
            known = cases(*(f"value {each}" for each in answers))  # so that only their number tells that they are few
            makings += 1
            for trial in range(1, 25):
                guesses = [draw.randrange(values) for _ in answers[3:]]
                if guesses == answers[3:]:
                    proofs += chance_by_guessing(known, EXACT, trial) <= MAX_CHANCE
                    break
    assert makings == 6_000
    assert proofs <= 0.01 * makings


@pytest.mark.slow
@pytest.mark.parametrize("values", [2, 3, 4, 5, 6, 7, 8, 12, 20])
def test_the_chance_of_a_false_proof_is_at_most_one_percent(values: int) -> None:
    """The chance is exact over the candidates and sampled over the answers, for each number of examples."""
    draw = random.Random(values)
    for number, shown in [(4, 2), (5, 2), (6, 3), (7, 3), (8, 3), (10, 3), (13, 3), (20, 3)]:
        total = 0.0
        for _ in range(1_000):
            single = chance(*(f"value {draw.randrange(values)}" for _ in range(number)), shown=shown)
            most = min(24, int(MAX_CHANCE / single + 1e-9))
            total += 1 - (1 - values ** -(number - shown)) ** most
        assert total / 1_000 <= 0.0115  # 1 %, and three standard errors of the draw
