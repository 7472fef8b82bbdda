"""Values of keys: in query strings, logs, settings and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_KEY: Final = re.compile(r"([^\W\d]\w*)\"?\s?[=:]")
_BEFORE: Final = r"(?<!\w)"
_AFTER: Final = r"\"?\s?[=:]\s?(?:\"([^\"]*)\"|([^\s\"&;,}\])]*))"
"""Patterns of the text around a key."""
_LONGEST: Final = 2_000
_MOST: Final = 8


@dataclass(frozen=True)
class ValueOf(Operator):
    """The value of a key, after `=` or `:`: the quoted text, or the text up to the next mark or space."""

    key: str

    cost: ClassVar[float] = 1.3  # the key is copied from the examples, but keys are meant to be looked up

    @property
    def _pattern(self) -> str:
        return _BEFORE + self.key + _AFTER

    def of(self, text: str) -> str | None:
        found = re.search(self._pattern, text)
        return None if found is None else found[1] or found[2] or ""

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        found = code.local("found", f"re.search(r'{self._pattern}', {text})")
        code.guard(f"not {found}", f"expected a value of {self.key}")
        return f'({found}[1] or {found}[2] or "")'

    def says(self, what: str) -> str:
        return f"the value of {self.key} in {what}"


@dataclass(frozen=True)
class ValueOfNamed(Operator):
    """The value of the key that another text names."""

    cost: ClassVar[float] = 1.0  # both are values of the row

    def of(self, text: str, key: str) -> str | None:
        found = re.search(_BEFORE + re.escape(key) + _AFTER, text)
        return None if not key or found is None else found[1] or found[2] or ""

    def write(self, code: Writer, text: str, key: str) -> str:
        code.needs("import re")
        found = code.local("found", f"re.search(r'{_BEFORE}' + re.escape({key}) + r'{_AFTER}', {text})")
        code.guard(f"not {key} or not {found}", "expected a value of this key")
        return f'({found}[1] or {found}[2] or "")'

    def says(self, what: str, key: str) -> str:
        return f"the value of {key} in {what}"


def are_named(texts: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether each text has the key that another text names, and the keys differ."""
    named = (key in _KEY.findall(text[:_LONGEST]) for text, key in zip(texts, keys, strict=True))
    return len(set(keys)) > 1 and all(named)


def offers(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield the values of the keys that all texts have, if there are several texts."""
    if len(texts) < 2:  # noqa: PLR2004 - one text shows nothing about its keys
        return
    rows = [dict.fromkeys(_KEY.findall(text[:_LONGEST])) for text in texts]
    common = [key for key in rows[0] if all(key in row for row in rows)]
    yield from map(ValueOf, common[:_MOST])
