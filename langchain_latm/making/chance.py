"""Bounds the chance that a guessing candidate passes a proof, and says how many examples rule that out.

Only the unseen examples count, since a maker can fit a function to the answers that it sees. A candidate that fails a
demonstration is not tried on unseen examples, so it is not counted. Of `t` candidates that were tried, a guess passes
with a chance of at most `t` times that of a single candidate (union bound).

The chance of a single candidate is estimated from the solved examples alone:

- *Few values.* If at most two thirds of all answers differ, or more than half are yes, no, True, an option's letter, a
  digit or the like, a guess knows the values. Of the possible orders of the unseen answers, one is right: with 4 times
  True and 5 times False, one of 126. This bound is exact for any frequencies. It is 1 if all unseen answers are equal.
- *Other answers.* The more pairs of answers are equal, the more often a guess is right: (1 + equal pairs) / pairs for
  each unseen example, where six pairs (four examples) count as ten. For six different answers that is 1/15.
- *Trivial functions*, such as an unchanged argument, its length, or its first word: examples on which one of them is
  right prove nothing, so only the others count. A trivial function that is right on all examples is no guess: it is the
  simplest rule.

With candidates that guess among 2 to 20 equally frequent values, 4 to 20 examples, two or three of them shown, and 24
candidates, at most 1 % of makings prove a guess (`tests/unit_tests/making/test_chance.py`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from langchain_latm.text.answer_check import AnswerCheck, CustomCheck, ExactCheck, NumericCheck, TextCheck, answer_text
from langchain_latm.text.json_values import json_key
from langchain_latm.types import VerificationCase, is_chance

CLOSED_SET: Final = frozenset(
    {"yes", "no", "true", "false", "valid", "invalid", "none", "null", "possible", "impossible", "unknown"}
)
"""Answers that are one of few choices."""
_LEAST_PAIRS: Final = 10
_LEAST_EXAMPLES: Final = 4
_MOST_ADDED: Final = 200
_UNSURE: Final = 0.05


def chance_by_guessing(cases: Sequence[VerificationCase], check: AnswerCheck, trials: int) -> float:
    """Return an upper bound on the chance that one of `trials` candidates passes the unseen cases by guessing."""
    return _Guess(cases, check).chance(trials)


def accuracy_at_least(unseen: int, trials: int) -> float:
    """Return a lower bound on the accuracy of a tool that passed all its unseen examples.

    The bound is one-sided, with 95 % confidence, and exact (Clopper and Pearson). It is corrected for `trials`
    candidates that were tried on the same examples (Bonferroni), so that it holds for each of them.
    """
    return float((_UNSURE / max(trials, 1)) ** (1 / unseen)) if unseen else 0.0


def examples_needed(cases: Sequence[VerificationCase], check: AnswerCheck, trials: int) -> int | None:
    """Return how many more unseen examples a proof needs, if their answers vary like those of all cases.

    Returns:
        The number; None if no number suffices, for instance if all answers are the same.
    """
    guess = _Guess(cases, check)
    numbers = range(_MOST_ADDED + 1)
    return next((number for number in numbers if not is_chance(guess.chance(trials, number))), None)


class _Guess:
    """The chance of a candidate that guesses."""

    def __init__(self, cases: Sequence[VerificationCase], check: AnswerCheck) -> None:
        groups = _groups([case.expected for case in cases], check)
        self._groups = groups
        self._unseen = [i for i, case in enumerate(cases) if case.role == "validation"]
        self._trivial = _trivially_right(cases, check)
        self._equal_pairs = sum(math.comb(count, 2) for count in Counter(groups).values())
        chosen = sum(map(_is_choice, (case.expected for case in cases)))
        self._few_values = 3 * len(set(groups)) <= 2 * len(groups) or 2 * chosen > len(groups)

    def chance(self, trials: int, added: int = 0) -> float:
        """Return the chance that one of several candidates passes, with some examples like the others added."""
        unseen = [*self._unseen, *(i % len(self._groups) for i in range(added))]
        guesses = [self._alone([i for i in unseen if i not in right], added) for right in self._trivial]
        return min(1.0, max(trials, 1) * max(guesses))

    def _alone(self, unseen: Sequence[int], added: int) -> float:
        """Return the chance that a single candidate guesses the answers of some unseen examples."""
        if self._few_values:
            return math.exp(-_log_orders(Counter(self._groups[i] for i in unseen)))
        number = len(self._groups) + added
        pairs = math.comb(number, 2)
        equal = self._equal_pairs * pairs / max(math.comb(len(self._groups), 2), 1)
        least = _LEAST_PAIRS if number >= _LEAST_EXAMPLES else 1
        return float(min(1.0, (1 + equal) / max(pairs, least)) ** len(unseen))


def _is_choice(answer: Any) -> bool:
    core = answer_text(answer).strip("()[]{}.:'\" ")
    return len(core) <= 1 or core.casefold() in CLOSED_SET


def _log_orders(counts: Counter[int]) -> float:
    """Return the logarithm of the number of different orders of some values."""
    return math.lgamma(counts.total() + 1) - sum(math.lgamma(count + 1) for count in counts.values())


def _groups(answers: Sequence[Any], check: AnswerCheck) -> list[int]:
    """Number the answers so that answers which the check treats as equal have the same number."""
    if isinstance(check, NumericCheck) or (check.values and isinstance(check, TextCheck)):
        first: list[Any] = []
        numbers = []
        for answer in answers:
            found = next((i for i, other in enumerate(first) if check.matches(answer, other)), len(first))
            first += [answer] if found == len(first) else []
            numbers.append(found)
        return numbers
    known: dict[str, int] = {}
    return [known.setdefault(_plain(answer, check), len(known)) for answer in answers]


def _plain(answer: Any, check: AnswerCheck) -> str:
    if check.values:
        return json_key(answer)
    return " ".join(answer.casefold().split()) if isinstance(check, TextCheck) else answer.strip()


def _trivially_right(cases: Sequence[VerificationCase], check: AnswerCheck) -> list[set[int]]:
    """Return the cases on which each trivial function is right, and an empty set for no trivial function.

    A function that is right on all cases is left out.
    """
    # A custom check may raise for values that no tool returned.
    compared = ExactCheck(values=check.values) if isinstance(check, CustomCheck) else check
    right: dict[str, set[int]] = {"none": set()}
    for i, case in enumerate(cases):
        for name, value in _trivial_values(case):
            if compared.matches(value, case.expected):
                right.setdefault(name, set()).add(i)
    return [found for found in right.values() if len(found) < len(cases)]


def _trivial_values(case: VerificationCase) -> Iterator[tuple[str, Any]]:
    for name, value in (case.arguments or {}).items():
        yield f"{name} as it is", value
        if isinstance(value, str | list):
            parts = value.split() if isinstance(value, str) else value
            yield f"length of {name}", len(value)
            yield f"number of parts of {name}", len(parts)
            yield f"{name} joined by spaces", " ".join(map(answer_text, parts))
            yield f"{name} joined by commas", ", ".join(map(answer_text, parts))
            for which, part in (("first", parts[:1]), ("last", parts[-1:])):
                yield f"{which} part of {name}", part[0] if part else ""
