"""Versions such as "1.10.2", compared number by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_VERSION: Final = r"[vV]?\d{1,9}(?:\.\d{1,9}){1,5}"


@dataclass(frozen=True)
class ReadVersion(Operator):
    """The numbers of a version."""

    cost: ClassVar[float] = 0.2

    def of(self, text: str) -> tuple[int, ...] | None:
        fits = re.fullmatch(_VERSION, text, re.ASCII)
        return tuple(map(int, re.findall(r"\d+", text))) if fits else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        text = code.named(text)
        code.guard(f'not re.fullmatch(r"{_VERSION}", {text}, re.ASCII)', "expected a version")
        return code.local("version", rf'tuple(map(int, re.findall(r"\d+", {text})))')

    def says(self, what: str) -> str:
        return f"version {what}"


@dataclass(frozen=True)
class ChosenVersion(Operator):
    """The later or the earlier of two versions."""

    function: Literal["max", "min"]

    @property
    def cost(self) -> float:
        """The later version is likelier."""
        return 1.0 if self.function == "max" else 1.2

    def of(self, left: str, right: str) -> str | None:
        one, other = ReadVersion().of(left), ReadVersion().of(right)
        if one is None or other is None:
            return None
        return right if (other > one if self.function == "max" else other < one) else left

    def write(self, code: Writer, left: str, right: str) -> str:
        one, other = ReadVersion().write(code, left), ReadVersion().write(code, right)
        return f"({right} if {other} {'>' if self.function == 'max' else '<'} {one} else {left})"

    def says(self, left: str, right: str) -> str:
        return f"the {'later' if self.function == 'max' else 'earlier'} version of {left} and {right}"


def are_versions(texts: Sequence[object]) -> bool:
    """Whether all texts are versions."""
    return all(isinstance(text, str) and re.fullmatch(_VERSION, text, re.ASCII) for text in texts)
