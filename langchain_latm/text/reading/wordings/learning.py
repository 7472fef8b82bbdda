"""Learns the wordings of a kind from its questions: which words are fixed, and which values have which role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from langchain_latm.text.lexing.words import WORD
from langchain_latm.text.reading.wordings.marks import marks_beside
from langchain_latm.text.reading.wordings.roles import Placed, assignments
from langchain_latm.text.reading.wordings.tokens import TEXT, Token, is_typo, tokens_of
from langchain_latm.text.reading.wordings.wording import Wording, Wordings

MOST_ROLES: Final = 5
_MOST_QUESTIONS: Final = 60
_FEWEST: Final = 3
"""Minimum number of questions: fewer do not show which numbers are constant."""
_LONGEST_TEXT: Final = 30
"""Maximum number of words of a text between fixed words."""

Sentence = tuple[Token, ...]


class _Frame(NamedTuple):
    """The words of some questions before and after a text that differs."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def wordings_of(questions: Sequence[str], further: Sequence[str] = ()) -> list[Wordings]:
    """Return possible wordings that read all questions, the likeliest first; none if each is worded in its own way.

    Args:
        questions: Questions that must be read.
        further: More questions of the kind, some of which may be of another kind.
    """
    found: dict[str, Wordings] = {}
    for given in dict.fromkeys((tuple(dict.fromkeys([*questions, *further][:_MOST_QUESTIONS])), tuple(questions))):
        sentences = [tokens_of(question) for question in given]
        if len(given) < _FEWEST or not all(sentences):
            continue
        for hypothesis in (sentences, _with_texts(sentences)):
            for each in _learned(hypothesis):
                if all(each.places(question) is not None for question in questions):
                    found.setdefault(each.model_dump_json(), each)
        if found:
            break
    return sorted(found.values(), key=lambda each: len(each.wordings))  # stable


def _learned(sentences: Sequence[Sentence] | None) -> list[Wordings]:
    """Return the wordings of sentences whose values are marked; none if they do not have the same sorts of values."""
    if sentences is None:
        return []
    fixed = _with_constants(sentences)
    if fixed is None:
        return []
    sorts = Counter(token.sort for token in fixed[0] if token.sort is not None)
    if not 1 <= sorts.total() <= MOST_ROLES:
        return []
    groups: dict[tuple[str | None, ...], list[Sentence]] = defaultdict(list)
    for sentence in fixed:
        groups[_words(sentence)].append(sentence)
    merged = _without_typos(groups)
    if sum(len(group) > 1 for group in groups.values()) == 0 or 2 * len(merged) > len(sentences):
        return []  # each is worded in its own way, or a text that differs counts as words
    names = tuple(sort for sort in sorted(sorts, key=str) for _ in range(sorts[sort]) if sort is not None)
    placed = [Placed.of(group) for group in merged.values()]
    return [_wordings(names, list(merged), orders) for orders in assignments(names, placed)]


def _wordings(
    sorts: Sequence[str],
    words: Sequence[tuple[str | None, ...]],
    orders: Sequence[tuple[int, ...]],
) -> Wordings:
    return Wordings(
        sorts=tuple(sorts),
        wordings=tuple(Wording(words=each, roles=order) for each, order in zip(words, orders, strict=True)),
    )


def _words(sentence: Sentence) -> tuple[str | None, ...]:
    return tuple(None if token.sort is not None else token.text for token in sentence)


def _shape(sentence: Sentence) -> tuple[str, ...]:
    return tuple(token.text if token.sort is None else f"#{token.sort}" for token in sentence)


def _with_constants(sentences: Sequence[Sentence]) -> list[Sentence] | None:
    """Return sentences whose constant values count as words; None if the sorts of the others are not the same in all.

    A value is constant if questions of the same wording all have it. One in a wording of a single question is
    constant if it is in other wordings, beside the same word.
    """
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, sentence in enumerate(sentences):
        groups[_shape(sentence)].append(i)
    constant: dict[int, set[int]] = {i: set() for i in range(len(sentences))}
    known: Counter[tuple[str, str]] = Counter()
    for members in groups.values():
        if len({sentences[i] for i in members}) < 2:  # noqa: PLR2004 - one question shows no difference
            continue
        first = sentences[members[0]]
        for place, token in enumerate(first):
            if token.sort is not None and len({sentences[i][place].text for i in members}) == 1:
                known.update({(token.text, mark) for mark in marks_beside(first, place)})
                for i in members:
                    constant[i].add(place)
    for members in groups.values():
        if len(members) == 1:
            sentence = sentences[members[0]]
            constant[members[0]] = {
                place
                for place, token in enumerate(sentence)
                if token.sort is not None and any((token.text, mark) in known for mark in marks_beside(sentence, place))
            }
    most = [Counter(token.sort for token in sentence if token.sort) for sentence in sentences]
    least = [
        Counter(token.sort for place, token in enumerate(sentence) if token.sort and place not in constant[i])
        for i, sentence in enumerate(sentences)
    ]
    sorts = set().union(*most)
    wanted = {sort: max(each[sort] for each in least) for sort in sorts}
    if any(wanted[sort] > each[sort] for sort in sorts for each in most):
        return None
    return [_fixed(sentence, constant[i], wanted) for i, sentence in enumerate(sentences)]


def _fixed(sentence: Sentence, constant: set[int], wanted: Mapping[str, int]) -> Sentence:
    """Turn constant values into words until as many values as wanted are left; the last ones first."""
    left = Counter(token.sort for token in sentence if token.sort)
    tokens = list(sentence)
    order = [*sorted(constant, reverse=True), *(i for i in reversed(range(len(tokens))) if i not in constant)]
    for place in order:
        sort = tokens[place].sort
        if sort is not None and left[sort] > wanted.get(sort, 0):
            left[sort] -= 1
            tokens[place] = tokens[place]._replace(sort=None)
    return tuple(tokens)


def _without_typos(
    groups: Mapping[tuple[str | None, ...], list[Sentence]],
) -> dict[tuple[str | None, ...], list[Sentence]]:
    """Return the groups without those that differ from a larger one only in a misspelt word, which no other has."""
    counts = Counter(word for words in groups for word in set(words) if word is not None)
    merged = dict(groups)
    for words in sorted(groups, key=lambda each: len(groups[each])):
        for other in merged:
            if other != words and len(other) == len(words) and len(groups[other]) >= len(groups[words]):
                different = [(one, two) for one, two in zip(words, other, strict=True) if one != two]
                if len(different) == 1 and all(
                    one is not None and two is not None and counts[one] == 1 and is_typo(one, two)
                    for one, two in different
                ):
                    del merged[words]
                    break
    return merged


def _with_texts(sentences: Sequence[Sentence]) -> list[Sentence] | None:
    """Return sentences in which each one's only text is marked: the words that differ between fixed words."""
    open_ones = [i for i, sentence in enumerate(sentences) if not any(token.sort == TEXT for token in sentence)]
    shapes = {i: _shape(sentences[i]) for i in open_ones}
    found = (_frame(shapes[one], shapes[other]) for one, other in combinations(open_ones, 2))
    frames = {frame: [i for i in open_ones if _fits(frame, shapes[i])] for frame in set(found) if frame is not None}
    marked = list(sentences)
    left = set(open_ones)
    used: dict[_Frame, list[str]] = {}
    while frames:
        # The frame that explains most words: a frame of two wordings has few words, one with a shared name few members.
        frame = max(frames, key=lambda each: (_explains(each, left.intersection(frames[each])), each))
        members = sorted(left.intersection(frames.pop(frame)))
        if len(members) < 2:  # noqa: PLR2004 - one shows no difference
            break
        inner = [shapes[i][len(frame.before) : len(shapes[i]) - len(frame.after)] for i in members]
        used[frame] = _shared_inside(inner)
        for i in members:
            marked[i] = _merged(sentences[i], frame, used[frame])
            left.discard(i)
    for i in sorted(left):  # a question of its own, or with a misspelt word
        known = next((frame for frame in used if _nearly_fits(frame, shapes[i])), None)
        if known is None:
            return None
        marked[i] = _merged(sentences[i], known, used[known])
    return marked if open_ones else None


def _frame(one: tuple[str, ...], other: tuple[str, ...]) -> _Frame | None:
    """Return the shared beginning and end of two sentences; None if they share too little, or differ in a value."""
    shortest = min(len(one), len(other))
    start = next((i for i in range(shortest) if one[i] != other[i]), shortest)
    end = next((i for i in range(shortest - start) if one[-1 - i] != other[-1 - i]), shortest - start)
    frame = _Frame(one[:start], one[len(one) - end :])
    middles = (one[start : len(one) - end], other[start : len(other) - end])
    fixed = sum(WORD.match(word) is not None for part in frame for word in part)
    if not all(middles) or fixed < 1 or any(word.startswith("#") for part in middles for word in part):
        return None
    return frame if all(len(part) <= _LONGEST_TEXT for part in middles) else None


def _explains(frame: _Frame, members: Collection[int]) -> int:
    return (len(members) - 1) * (len(frame.before) + len(frame.after))


def _fits(frame: _Frame, shape: tuple[str, ...]) -> bool:
    inner = shape[len(frame.before) : len(shape) - len(frame.after)]
    if len(frame.before) + len(frame.after) >= len(shape) or any(word.startswith("#") for word in inner):
        return False
    return shape[: len(frame.before)] == frame.before and shape[len(shape) - len(frame.after) :] == frame.after


def _nearly_fits(frame: _Frame, shape: tuple[str, ...]) -> bool:
    if len(frame.before) + len(frame.after) >= len(shape):
        return False
    fixed = (*frame.before, *frame.after)
    given = (*shape[: len(frame.before)], *shape[len(shape) - len(frame.after) :])
    different = [pair for pair in zip(given, fixed, strict=True) if len(set(pair)) > 1]
    return len(different) <= 1 and all(is_typo(*pair) for pair in different)


def _shared_inside(texts: Sequence[Sequence[str]]) -> list[str]:
    """Return the words that stand once in each text, in the same order and with other words before and after each."""
    shared: list[str] = []
    for word in texts[0]:
        trial = [*shared, word]
        if all(_pieces(text, trial) is not None for text in texts):
            shared = trial
    return shared


def _pieces(text: Sequence[str], between: Sequence[str]) -> list[tuple[int, int]] | None:
    """Return where the parts of a text between some words begin and end; None if a part is empty."""
    found, start = [], 0
    for word in between:
        if text.count(word) != 1 or (place := text.index(word)) <= start:
            return None
        found.append((start, place))
        start = place + 1
    return [*found, (start, len(text))] if start < len(text) else None


def _merged(sentence: Sentence, frame: _Frame, between: Sequence[str]) -> Sentence:
    """Return a sentence in which the words between a frame's words are texts."""
    first, last = len(frame.before), len(sentence) - len(frame.after)
    inner = sentence[first:last]
    tokens: list[Token] = []
    previous = 0
    for start, end in _pieces([token.text for token in inner], between) or []:
        part = inner[start:end]
        text = " ".join(token.text for token in part)
        tokens += [*inner[previous:start], Token(text, part[0].start, part[-1].end, TEXT)]
        previous = end
    return (*sentence[:first], *tokens, *sentence[last:])
