"""Aligns questions of one kind to find what never changes, and what does.

The questions are compared token by token. Runs of tokens that all of them hold, in the same order, may be the literals
of a request parser. Some words are in all questions by chance; they make short runs. So shorter runs are left out step
by step, which gives coarser templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.numbers import NUMBER_SIGNS, ends_in_minus
from langchain_latm.text.lexing.words import is_unspaced, is_word
from langchain_latm.text.lexing.words import tokens as tokens_of
from langchain_latm.text.lexing.words import words as words_in
from langchain_latm.text.reading.edges import opened, settled
from langchain_latm.text.reading.gaps import Template, gaps_in

MOST_TOKENS: Final = 600
"""Maximum length of a question that is compared with others: time grows with the square of it. Tokens that all
questions begin or end with do not count."""

_MOST_ALIGNED: Final = 12
"""Number of questions that are compared; templates that do not fit the others are dropped."""
_GAP: Final = "\0"
_LEAST: Final = (1, 2, 3, 4, 6, 10)
"""Minimum strength of a run between two gaps to be a literal, from fine to coarse."""
_STRONG_SIGN: Final = 3
"""Strength of a line break or a colon, in words: content follows them."""
_WORD: Final = 4
"""Weight of a matched word; signs, numbers and spaces count 1."""
_LEAST_UNSPACED: Final = 3
"""Minimum number of characters of unspaced scripts that count as a word: data often begins alike."""
_UNBROKEN: Final = 2
"""Additional weight of a token that continues a run."""


def templates(questions: Sequence[str]) -> list[Template]:
    """Return the templates that fit all of the questions, fine ones first.

    Questions of more than `MOST_TOKENS` are not compared with the others, but the templates fit them too.

    Args:
        questions: At least two.
    """
    texts = [question.strip() for question in questions]
    if len(texts) < 2:  # noqa: PLR2004 - one has nothing to be compared with
        return []
    tokens = [_tokens(text) for text in texts]
    begin = _shared(tokens)
    end = _shared([each[begin:][::-1] for each in tokens])
    middles = [each[begin : len(each) - end] for each in tokens]
    short = [i for i, middle in enumerate(middles) if len(middle) <= MOST_TOKENS]
    if len(short) < 2:  # noqa: PLR2004 - likewise
        return []
    compared = [texts[i] for i in short]
    runs = _common_runs([middles[i] for i in short[:: -(-len(short) // _MOST_ALIGNED)]])
    runs = [[*tokens[0][:begin], *runs[0]], *runs[1:]]
    runs = [*runs[:-1], [*runs[-1], *tokens[0][len(tokens[0]) - end :]]]
    found: dict[Template, None] = {}
    for template in dict.fromkeys(_with_whole_numbers(_template(runs, least), compared) for least in _LEAST):
        if len(template) > 1:  # there is a gap
            fine = settled(template, compared)
            found |= dict.fromkeys((fine, opened(fine, compared)))
    return [each for each in found if all(gaps_in(each, text) is not None for text in texts)]


def _tokens(text: str) -> list[str]:
    """Split a text into tokens: words, numbers, white space, signs, and single characters of unspaced scripts."""
    return [part for token in tokens_of(text) for part in (token if is_unspaced(token) else (token,))]


def _shared(rows: Sequence[Sequence[str]]) -> int:
    """Count the tokens, or characters, that all rows begin with."""
    return next((i for i, column in enumerate(zip(*rows, strict=False)) if len(set(column)) > 1), min(map(len, rows)))


def _common_runs(texts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the runs of tokens that all texts hold, in order; the first and the last one may be empty."""
    common = list(texts[0])
    for other in texts[1:]:
        matched: list[str] = []
        here = there = 0
        for i, j in [*_matches(common, other), (len(common), len(other))]:
            if (i > here or j > there) and matched[-1:] != [_GAP]:
                matched.append(_GAP)
            matched += common[i : i + 1]
            here, there = i + 1, j + 1
        common = matched
    runs: list[list[str]] = [[]]
    for token in common:
        if token == _GAP:
            runs.append([])
        else:
            runs[-1].append(token)
    return runs


def _matches(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Match tokens in order, preferring words and unbroken runs (dynamic programming from the ends)."""
    weights = [0 if token == _GAP else _WORD if _is_word(token) else 1 for token in first]
    width = len(second) + 1
    best = [[0] * width for _ in range(len(first) + 1)]  # weight of the rest from here on
    matched = [[0] * width for _ in range(len(first) + 1)]  # likewise, if these two tokens are matched
    for i in range(len(first) - 1, -1, -1):
        token, weight, row, below, ends = first[i], weights[i], best[i], best[i + 1], matched[i + 1]
        for j in range(len(second) - 1, -1, -1):
            value = max(row[j + 1], below[j])
            if weight and token == second[j]:
                going_on = ends[j + 1] + _UNBROKEN if ends[j + 1] else 0
                here = weight + (max(below[j + 1], going_on))
                matched[i][j] = here
                value = max(value, here)
            row[j] = value
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(first) and j < len(second):
        if matched[i][j] and matched[i][j] == best[i][j]:
            pairs.append((i, j))
            # `best` does not include the bonus of the run that this pair continues.
            while matched[i + 1][j + 1] and matched[i + 1][j + 1] + _UNBROKEN >= best[i + 1][j + 1]:
                i, j = i + 1, j + 1
                pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _is_word(token: str) -> bool:
    return (is_word(token) and len(token) > 1) or "\n" in token


def _template(runs: Sequence[Sequence[str]], least: int) -> Template:
    last = len(runs) - 1
    trimmed = [_without_content(run, after_gap=i > 0, before_gap=i < last) for i, run in enumerate(runs)]
    kept = [run for i, run in enumerate(trimmed) if i in (0, last) or _strength(run) >= least]
    return tuple("".join(run) for run in kept)


def _with_whole_numbers(template: Template, texts: Sequence[str]) -> Template:
    """Move minus signs at the end of literals into the gaps, to their numbers."""
    gaps = [gaps_in(template, text) for text in texts]
    negative = [
        ends_in_minus(literal) and all(each is not None and each[i][:1].isdigit() for each in gaps)
        for i, literal in enumerate(template[:-1])
    ]
    return tuple(
        literal[:-1] if minus else literal for literal, minus in zip(template, [*negative, False], strict=True)
    )


def _without_content(run: Sequence[str], *, after_gap: bool, before_gap: bool) -> list[str]:
    """Remove content at the edges of a run: parts of numbers, brackets and quotes."""
    kept = list(run)
    if after_gap:
        kept = kept[_content_at_edge(kept, marking="\"')]}") :]
    if before_gap:
        kept = kept[: len(kept) - _content_at_edge(kept[::-1], marking="\"'([{")]
        kept = kept[: len(kept) - _begun_word(kept)]
    return kept


def _begun_word(run: Sequence[str]) -> int:
    """Count the characters after a sign at the end with which all data begin, as items do in unspaced scripts."""
    count = next((i for i, token in enumerate(reversed(run)) if not is_unspaced(token)), 0)
    return count if count < _LEAST_UNSPACED else 0


def _content_at_edge(tokens: Sequence[str], *, marking: str) -> int:
    """Count the tokens at the beginning that belong to a number or are brackets of the content."""
    number = reached = 0
    while reached < len(tokens) and (tokens[reached].isdigit() or tokens[reached] in NUMBER_SIGNS):
        reached += 1
        number = reached if tokens[reached - 1].isdigit() else number
    if number:
        return number
    marks = 0
    while marks < len(tokens) and tokens[marks] in marking:
        marks += 1
    # Quotes and parentheses belong to the sentence, unless there is a bracket among them, as around a list.
    return marks if not {"[", "]", "{", "}"}.isdisjoint(tokens[:marks]) else 0


def _strength(run: Sequence[str]) -> int:
    words = sum(len(word) // _LEAST_UNSPACED if is_unspaced(word) else len(word) > 1 for word in words_in("".join(run)))
    breaks = any("\n" in token for token in run) or (words > 0 and ":" in run)
    return words + (_STRONG_SIGN if breaks else 0)
