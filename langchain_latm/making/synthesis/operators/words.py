"""Texts as sequences of words: initials, orders, and other notations of names of several words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.operators.marks import marks_of
from langchain_latm.making.synthesis.writing import Writer

Order = Literal["as given", "reversed", "sorted", "once", "by length"]
Change = Literal[
    "", "first", "first two", "first three", "last", "capitalize", "upper", "lower", "swapends", "reversed", "length",
    "initial", "two initials", "three initials", "doubled",
]  # fmt: skip
SPACES: Final = " "
"""The splitter for white space."""
_PATTERNS: Final = {
    "words": r"[^\W\d_]+",
    "runs": r"[^\W_]+",
    "humps": r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+",
    "capitalised": r"[A-Z]\w*",
    "characters": r"\S",
}
_CHANGES: Final[dict[Change, tuple[Callable[[str], str], str, str]]] = {
    "": (str, "{0}", "the words"),
    "first": (lambda word: word[0], "{0}[0]", "the initials"),
    "initial": (lambda word: word[0].upper(), "{0}[0].upper()", "the initials, in capitals,"),
    "two initials": (
        lambda word: word[:2].upper(),
        "{0}[:2].upper()",
        "two initials of each word, in capitals,",
    ),
    "three initials": (
        lambda word: word[:3].upper(),
        "{0}[:3].upper()",
        "three initials of each word, in capitals,",
    ),
    "first two": (lambda word: word[:2], "{0}[:2]", "the first two letters of the words"),
    "first three": (lambda word: word[:3], "{0}[:3]", "the first three letters of the words"),
    "doubled": (lambda word: word * 2, "{0} * 2", "the words, each twice,"),
    "last": (lambda word: word[-1], "{0}[-1]", "the last letters of the words"),
    "capitalize": (str.capitalize, "{0}.capitalize()", "the words, capitalised,"),
    "upper": (str.upper, "{0}.upper()", "the words in capitals"),
    "lower": (str.lower, "{0}.lower()", "the words in small letters"),
    "reversed": (lambda word: word[::-1], "{0}[::-1]", "the words, each backwards,"),
    "length": (lambda word: str(len(word)), "str(len({0}))", "the lengths of the words"),
    "swapends": (
        lambda word: word[-1] + word[1:-1] + word[0] if len(word) > 1 else word,
        "{0}[-1] + {0}[1:-1] + {0}[0] if len({0}) > 1 else {0}",
        "the words with their ends swapped",
    ),
}
_MOST_WORDS: Final = 4


@dataclass(frozen=True)
class Words(Operator):
    """The words of a text, or some of them: changed one by one, ordered and joined.

    Attributes:
        splitter: A mark, white space as " ", or the name of a pattern.
        joiner: The text between the words.
        change: What is done to each word.
        order: The order of the words.
        start: Index of the first word that is taken.
        stop: Index of the first word that is no longer taken; None for all.
    """

    splitter: str
    joiner: str
    change: Change = ""
    order: Order = "as given"
    start: int = 0
    stop: int | None = None

    @property
    def cost(self) -> float:
        steps = (bool(self.change) * 0.5) + 0.6 * (self.order != "as given")
        taken = 0.7 * (self.start != 0) + 0.7 * (self.stop is not None)
        joiner = 0.2 * bool(self.joiner) + 0.3 * any(map(str.isalnum, self.joiner))
        return 1.2 + steps + taken + joiner + 0.2 * (self.splitter in {"humps", "capitalised"})

    def of(self, text: str) -> str | None:
        if self.splitter == SPACES:
            words = text.split()
        elif self.splitter in _PATTERNS:
            words = re.findall(_PATTERNS[self.splitter], text)
        else:
            words = [word for word in text.split(self.splitter) if word]
        words = words[self.start : self.stop]
        if not words:
            return None
        if self.order == "reversed":
            words = words[::-1]
        elif self.order == "sorted":
            words = sorted(words)
        elif self.order == "by length":
            words = sorted(words, key=len)
        elif self.order == "once":
            words = list(dict.fromkeys(words))
        return self.joiner.join(map(_CHANGES[self.change][0], words))

    def write(self, code: Writer, text: str) -> str:
        if self.splitter == SPACES:
            split = f"{text}.split()"
        elif self.splitter in _PATTERNS:
            code.needs("import re")
            split = f're.findall(r"{_PATTERNS[self.splitter]}", {text})'
        else:
            split = f"[word for word in {text}.split({code.literal(self.splitter)}) if word]"
        taken = "" if not self.start and self.stop is None else f"[{self.start or ''}:{self.stop or ''}]"
        words = code.local("words", split + taken)
        code.guard(f"not {words}", "expected words in the text")
        ordered = {
            "as given": words,
            "reversed": f"reversed({words})",
            "sorted": f"sorted({words})",
            "once": f"dict.fromkeys({words})",
            "by length": f"sorted({words}, key=len)",
        }[self.order]
        change = _CHANGES[self.change][1]
        if change != "{0}":
            ordered = f"{change.format('word')} for word in {ordered}"
        return f"{code.literal(self.joiner)}.join({ordered})"

    def says(self, what: str) -> str:
        order = {
            "as given": "",
            "reversed": " in reverse order",
            "sorted": " sorted",
            "once": " without repetitions",
            "by length": " by their length",
        }
        some = f" from number {self.start + 1}" * (self.start > 0) + f" up to number {self.stop}" * bool(self.stop)
        joined = f" joined by {quoted(self.joiner)}" if self.joiner else " joined"
        return f"{_CHANGES[self.change][2]} of {what}{some}{order[self.order]}{joined}"


@dataclass(frozen=True)
class EachWord(Operator):
    """A text in which each word is changed and the text between the words is kept."""

    change: Change

    cost: ClassVar[float] = 1.6  # about the same as the joined words

    def of(self, text: str) -> str:
        change = _CHANGES[self.change][0]
        return re.sub(_PATTERNS["runs"], lambda found: change(found[0]), text)

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        changed = _CHANGES[self.change][1].format("word[0]")
        return f're.sub(r"{_PATTERNS["runs"]}", lambda word: {changed}, {text})'

    def says(self, what: str) -> str:
        return f"{what} with {_CHANGES[self.change][2].rstrip(',')} in their places"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield sequences of words, for texts that have several, with joiners that the answers have."""
    joiners = _joiners(answers)
    if all(" " not in text[:2_000] for text in texts):
        for joiner in joiners:
            yield Words("characters", joiner)
            yield Words("characters", joiner, "doubled")
            yield Words("characters", joiner, "", "sorted")
            yield Words("characters", joiner, "", "once")
    if not any(len(re.findall(_PATTERNS["humps"], text[:2_000])) > 1 for text in texts):
        return
    splitters = [SPACES, "words", "runs", "humps", "capitalised", *marks_of(texts)[:4]]
    for splitter in dict.fromkeys(splitters):
        for joiner in joiners:
            for change in _CHANGES:
                yield Words(splitter, joiner, change)
                if change in {"", "first"}:
                    yield Words(splitter, joiner, change, "reversed")
                    yield Words(splitter, joiner, change, start=1)
                    yield Words(splitter, joiner, change, stop=-1)
            yield Words(splitter, joiner, "", "sorted")
            yield Words(splitter, joiner, "", "once")
            yield Words(splitter, joiner, "", "by length")
            for count in range(2, _MOST_WORDS):
                yield Words(splitter, joiner, "", stop=count)
                yield Words(splitter, joiner, "", start=-count)
                yield Words(splitter, joiner, "", start=count)
    for each in ("capitalize", "reversed", "first", "swapends"):
        yield EachWord(each)


def _joiners(answers: Sequence[str]) -> list[str]:
    """Return the text between words of the answers."""
    counts: Counter[str] = Counter()
    for answer in answers:
        counts.update(set(re.findall(r"[\W_]+", answer[:2_000])))
    return ["", *(joiner for joiner, _ in counts.most_common(5) if len(joiner) <= 3)]  # noqa: PLR2004
