"""How likely a candidate that guesses passes a proof, and how many examples rule that out.

Only the unseen examples count, since a maker can fit a function to the answers that it sees. A candidate that fails a
demonstration is not tried on them, so it had no chance to pass, and is not counted. Of `t` candidates that were tried,
one that guesses passes with a chance of at most `t` times that of a single one (union bound).

The chance of a single one is estimated from the solved examples alone:

- *Few values.* Where at most two thirds of all answers differ, or more than half are yes, no, True, an option's letter,
  a digit or their like, a guess knows the values. Given the unseen answers, one of the orders in which they could come
  is right: with 4 times True and 5 times False, one of 126. This bound is exact, however often each value comes, and
  where all unseen answers are the same it is 1.
- *Other answers.* The more pairs of answers are the same, the more often a guess is right: (1 + equal pairs) / pairs
  for each unseen example, where six pairs (four examples) count as ten. For six different answers that is 1/15.
- *Trivial functions*, such as an argument as it is, its length, or its first word: examples on which one of them is
  right prove nothing, so only the others count. One that is right on all examples is no guess: it is the simplest rule.

With candidates that guess among 2 to 20 equally frequent values, 4 to 20 examples, two or three of them shown, and 24
candidates, at most 1 % of makings prove one (`tests/unit_tests/making/test_chance.py`).
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
"""Answers that are a choice among few."""
_LEAST_PAIRS: Final = 10
_LEAST_EXAMPLES: Final = 4
_MOST_ADDED: Final = 200
_UNSURE: Final = 0.05


def chance_by_guessing(cases: Sequence[VerificationCase], check: AnswerCheck, trials: int) -> float:
    """Return an upper bound of the chance that one of `trials` candidates passes the unseen cases by guessing."""
    return _Guess(cases, check).chance(trials)


def accuracy_at_least(unseen: int, trials: int) -> float:
    """Return a lower bound of the share of requests on which a tool is right that passed all its unseen examples.

    One-sided, 95 % sure, exact (Clopper and Pearson); corrected for the choice among `trials` candidates that were
    tried on the same examples (Bonferroni), so that it holds for each of them.
    """
    return float((_UNSURE / max(trials, 1)) ** (1 / unseen)) if unseen else 0.0


def examples_needed(cases: Sequence[VerificationCase], check: AnswerCheck, trials: int) -> int | None:
    """Return how many more unseen examples make a proof, if their answers vary as those of all cases do.

    Returns:
        The number; None where no number does, as with answers that are all the same.
    """
    guess = _Guess(cases, check)
    numbers = range(_MOST_ADDED + 1)
    return next((number for number in numbers if not is_chance(guess.chance(trials, number))), None)


class _Guess:
    """The chance of a single candidate that guesses."""

    def __init__(self, cases: Sequence[VerificationCase], check: AnswerCheck) -> None:
        groups = _groups([case.expected for case in cases], check)
        self._groups = groups
        self._unseen = [i for i, case in enumerate(cases) if case.role == "validation"]
        self._trivial = _trivially_right(cases, check)
        self._equal_pairs = sum(math.comb(count, 2) for count in Counter(groups).values())
        chosen = sum(map(_is_choice, (case.expected for case in cases)))
        self._few_values = 3 * len(set(groups)) <= 2 * len(groups) or 2 * chosen > len(groups)

    def chance(self, trials: int, added: int = 0) -> float:
        """Return the chance of one of several candidates, as if some examples like the others were added."""
        unseen = [*self._unseen, *(i % len(self._groups) for i in range(added))]
        guesses = [self._alone([i for i in unseen if i not in right], added) for right in self._trivial]
        return min(1.0, max(trials, 1) * max(guesses))

    def _alone(self, unseen: Sequence[int], added: int) -> float:
        """Return the chance of a single candidate to guess the answers of some unseen examples."""
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
    """Number the answers so that equal ones, as the check compares them, have the same number."""
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
    """Return for each trivial function the cases on which it is right; and an empty set, for none of them.

    One that is right on all cases is left out.
    """
    compared = (
        ExactCheck(values=check.values) if isinstance(check, CustomCheck) else check
    )  # a function may expect other values
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
