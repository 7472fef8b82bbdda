"""Names parameters by the words around their gaps or, if these are not informative, by their forms.

The rules know English. In other languages only a label, a word before a colon or "=", becomes a name, written in ASCII:
"Länge: " gives `laenge`. All others get the neutral name of their form, such as `text` or `number`.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.sentences import last_clause
from langchain_latm.text.lexing.times import unit_at_start
from langchain_latm.text.lexing.words import FUNCTION_WORDS, WORD, words
from langchain_latm.text.reading.gaps import Template
from langchain_latm.text.reading.slot import Slot

FORBIDDEN_PARAMETERS: Final = frozenset({"config", "run_manager", "callbacks", "runtime", "self", "model_config"})
"""Names that LangChain or pydantic reserves."""
NAMES_OF_PYTHON: Final = frozenset({*keyword.kwlist, *dir(builtins)})
"""Keywords and builtins."""

_TAKEN: Final = FORBIDDEN_PARAMETERS | NAMES_OF_PYTHON
"""Names that a parameter cannot or should not have: if a parameter is called `sum`, a function cannot call `sum`."""
_ENGLISH: Final = frozenset(
    """
    all and each find following for from given has how many much that the these this those what which with write your
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
"""Words that identify English: no other European language has them."""
_PLACES: Final = frozenset({"after", "before"})
_NO_NAMES: Final = (FUNCTION_WORDS - _PLACES) | frozenset(
    """
    above among another answer anticlockwise being below beneath between both clockwise counterclockwise each every
    few find following given here input list many might much must number numbers otherwise several shall text words
    """.split()  # noqa: SIM905
)
"""Words that do not describe the text after them."""
_DETERMINERS: Final = frozenset("a an the this that these those my your our his her its their each every".split())  # noqa: SIM905
_POINTING: Final = _DETERMINERS | frozenset("all both following given in of some".split())  # noqa: SIM905
"""Words before a plural that is a noun: "these words", "of vowels"; "the train crosses" has none."""
_BEFORE_VALUES: Final = frozenset("at by for from in of on per under with".split())  # noqa: SIM905
"""Words before the name of a number or another value without a determiner: "in row 5", "of radius 2.5"."""
_NO_NOUNS: Final = re.compile(
    r"first|second|third|fourth|fifth|last|next|previous|current|remaining|missing|other|same|whole|new|only"
    r"|(?!(?:contest|forest|guest|harvest|interest|quest|request|test)$)[a-z]{2,}est"
)
"""Words that describe a noun after them: "the nearest 0", "the remaining"."""
_VERB: Final = re.compile(r"[a-z]{2,}[^aius]s")
"""A verb of the third person."""
_RESULT: Final = frozenset({"as", "into"})
"""Words before what a request asks for: "cut this text into words: "."""
_OBJECT: Final = re.compile(r"\s+(?:an?|the|that|to|whether|its|his|her|their)\b")
"""What follows a verb: "the train crosses a pole", "this symbol refers to"."""
_NAMES_OF_TEXTS: Final = frozenset({"number"})
"""Words that are names only for a text: a "number" that is a text has letters, or a leading zero."""
_NO_PLURALS: Final = frozenset({"does", "goes", "times", "others", "always", "perhaps"})
_COUNTED: Final = re.compile(r"[ -]([a-z]{2,29}(?<![aius])s)\b(?!['\u2019]|\s*[:=])")
"""A plural right after a number, and no label of what follows: " degrees clockwise", " courses you have to take"."""
_NO_UNITS: Final = frozenset("divides equals exceeds gives has leaves makes yields".split())  # noqa: SIM905
"""Verbs after a number."""
_TABLE: Final = re.compile(r"(?<![^\W\d_])(board|grid|image|matrix|table)(?![^\W\d_])")
"""What rows are together."""
_WORD_AT_END: Final = re.compile(rf"({WORD.pattern})([\s:=\"'-]*)$")
_PLURAL: Final = re.compile(
    r"(?<![^\W\d_])(?<!['\u2019])(?<!_ )(?<!_  )[a-z]{2,29}(?<![aius])s(?![^\W\d_])(?!['\u2019])"
)
_POINTED_AT: Final = re.compile(r"\b(?:this|that|the)\s+[a-z]+\W*$")
"""A reference at the end, as in "this sentence: "."""
_SPELLED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "aa"}
    | {"ð": "d", "đ": "d", "þ": "th", "ł": "l", "\u0131": "i"}
)
"""The usual ASCII spelling of letters that are not an ASCII letter with an accent."""
_LEAST_LETTERS: Final = 3
_MOST_LETTERS: Final = 30
_NEAR: Final = 80
"""Number of characters before a gap in which a name is searched."""
_LABEL: Final = 2
"""Maximum number of words in a label: "Coins: ", "Tom's coins: "."""


def named(template: Template, slots: Sequence[Slot]) -> list[Slot]:
    """Return slots with distinct names.

    Args:
        template: The literals around the gaps.
        slots: One for each gap, in order.
    """
    lowered = tuple(unicodedata.normalize("NFC", literal).lower() for literal in template)
    english = any(word in _ENGLISH for literal in lowered for word in words(literal))
    names: list[str] = []
    for i, slot in enumerate(slots):
        names.append(_name(lowered, i, slot, english=english, taken=names))
    return with_names(slots, _qualified(lowered, names))


def with_names(slots: Sequence[Slot], names: Sequence[str]) -> list[Slot]:
    """Give names to slots. Duplicate names get numbers."""
    taken: list[str] = []
    for name in names:
        numbered = (name if number == 1 else f"{name}_{number}" for number in range(1, len(names) + 2))
        taken.append(next(each for each in numbered if each not in taken))
    return [slot.model_copy(update={"name": name}) for slot, name in zip(slots, taken, strict=True)]


def in_ascii(word: str) -> str | None:
    """Write a word with the letters a to z, without accents; None if that is impossible, as with Cyrillic.

    Args:
        word: A word in lower case and normalised (NFC).
    """
    decomposed = unicodedata.normalize("NFD", word.translate(_SPELLED))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare if bare.isascii() and bare.isalpha() else None


def _name(template: Template, gap: int, slot: Slot, *, english: bool, taken: Sequence[str]) -> str:
    form = slot.reader
    also = _NAMES_OF_TEXTS if slot.form == "text" else frozenset()
    said = _word_before(template, gap, english=english, also=also, is_value=not form.takes_text)
    plural = _plural(template, gap, said, taken) if form.is_list and english else None
    return plural or said or _unit(template[gap + 1], slot) or _together(template[gap], slot) or form.default_name


def _word_before(template: Template, gap: int, *, english: bool, also: frozenset[str], is_value: bool) -> str | None:
    """Return the word right before a gap, if it is a label, an informative English noun, or in `also`."""
    near = template[gap][-_NEAR:]
    found = _WORD_AT_END.search(near)
    if found is None:
        return None
    is_label = not {":", "="}.isdisjoint(found[2])
    is_first = gap == 0 and len(near) == len(template[gap]) and not near[: found.start()].strip()
    if not is_label and (is_first or not english):  # a verb, or a word of an unknown language
        return None
    word = in_ascii(found[1])
    if word is None or not _LEAST_LETTERS <= len(word) <= _MOST_LETTERS or word in (_NO_NAMES - also) | _TAKEN:
        return None
    before = words(near[: found.start()])[-1:]
    if _RESULT.intersection(before) if is_label else not _is_noun(word, near[: found.start()], is_value=is_value):
        return None
    return word


def _is_noun(word: str, before: str, *, is_value: bool) -> bool:
    """Whether an English word names what follows it, by the words before it.

    Nouns do, and verbs before a value: "holds 40 litres and loses 2".
    """
    if word in _PLACES or (is_value and _VERB.fullmatch(word)):
        return True
    if _NO_NOUNS.fullmatch(word):
        return False
    near = re.search(rf"(?:({WORD.pattern})\s+)?({WORD.pattern})\s+$", before)
    second, last = near.groups() if near else (None, "")
    told = _DETERMINERS | (_BEFORE_VALUES if is_value else frozenset())
    is_described = second in told and last not in FUNCTION_WORDS and not word.endswith("s")
    return last in told or is_described or (is_value and re.search(r"\w, $", before) is not None)


def _plural(template: Template, gap: int, said: str | None, taken: Sequence[str]) -> str | None:
    """Return the last English plural before the gap of a list, such as "words" in "Sort these words by length: ".

    A label takes precedence, and so does a reference ("this sentence"). A plural right after another gap belongs to
    that gap, as in "3 places", and each plural names one gap.
    """
    near = " _ ".join(template[: gap + 1])[-_NEAR:]
    if said and (len(last_clause(near).split()) <= _LABEL or _POINTED_AT.search(last_clause(near))):
        return None
    plurals = [
        found[0]
        for found in _PLURAL.finditer(near)
        if found[0] not in _TAKEN | _NO_PLURALS and found[0] not in taken and _is_plural_noun(near, found)
    ]
    return plurals[-1] if plurals else None


def _is_plural_noun(text: str, found: re.Match[str]) -> bool:
    before = words(text[: found.start()])[-2:]
    if _RESULT.intersection(before[-1:]):
        return False
    is_last = not text[found.end() :].strip()
    if is_last or _OBJECT.match(text, found.end()):
        return not _POINTING.isdisjoint(before if is_last else before[-1:])
    return True


def _unit(literal: str, slot: Slot) -> str | None:
    """Return the plural right after the gap of a number: `degrees`, or `hours` and `meeting_hours`."""
    kind = slot.reader.default_name
    unit, measured = (unit_at_start(literal) if kind in {"number", "numbers"} else None) or (None, None)
    if unit:
        return f"{measured}_{unit}" if measured else unit
    counted = _COUNTED.match(literal) if kind == "number" else None
    none = _NO_NAMES | _NO_PLURALS | _NO_UNITS | _TAKEN
    return None if counted is None or counted[1] in none else counted[1]


def _together(literal: str, slot: Slot) -> str | None:
    """Return what rows are together, if the text before them says it: `matrix` or `grid`."""
    named_so = _TABLE.findall(literal) if slot.reader.default_name == "rows" else []
    return named_so[-1] if named_so else None


def _qualified(template: Template, names: Sequence[str]) -> list[str]:
    """Prefix equal names with the words before them, as in "Ann's budget: ... Tom's budget: ..."."""
    longer = [_with_word_before(template[i][-_NEAR:], name) for i, name in enumerate(names)]
    equal = {name for name in names if names.count(name) > 1}
    kept = {name for name in equal if _differ([long for long, each in zip(longer, names, strict=True) if each == name])}
    return [long if name in kept else name for long, name in zip(longer, names, strict=True)]


def _with_word_before(literal: str, name: str) -> str:
    found = re.search(rf"({WORD.pattern})(['\u2019]s)?\s+({WORD.pattern})\W*$", literal)
    if found is None or in_ascii(found[3]) != name:
        return name
    before = None if found[1] in FUNCTION_WORDS and not found[2] else in_ascii(found[1])
    return f"{before}_{name}" if before else name


def _differ(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names)
