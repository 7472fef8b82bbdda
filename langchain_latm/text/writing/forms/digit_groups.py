"""Digits in groups, as in phone, card and account numbers: "+49 30 1234", "DE89 3704 0044"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from langchain_latm.text.lexing.digits import GroupedDigits, code_of, grouped_digits
from langchain_latm.text.writing.form import Column, Form

_LEAST_DIFFERENT = 2
"""Minimum number of different codes that separate them from the text around them."""
_LONGEST = 200
"""Maximum length of an answer."""


class DigitGroups(Form):
    """Writes the digits and letters of a code in the groups that all examples agree on.

    A later value with another number of digits and letters is an error.
    """

    name = "digit_groups"
    rank = 60

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the groups with their separators and the text around them."""
        if any(len(answer) > _LONGEST for answer in column.answers):
            return
        codes = [code_of(value) for value in column.values]
        if None in codes or len({*codes}) < _LEAST_DIFFERENT:
            return
        found = {grouped_digits(c, a.strip()) for c, a in zip(codes, column.answers, strict=True) if c}
        if len(found) == 1 and None not in found:
            (groups,) = found
            if groups and any(groups.gaps):
                yield _code(groups)


def _code(groups: GroupedDigits) -> str:
    count = len(groups.gaps) + 1
    starts = [0, *(i + 1 for i, gap in enumerate(groups.gaps) if gap), count]
    parts = [f"code[{start}:{end}]" for start, end in pairwise(starts)]
    gaps = [repr(gap) for gap in groups.gaps if gap]
    texts = [repr(groups.before) if groups.before else "", parts[0]]
    for gap, part in zip(gaps, parts[1:], strict=True):
        texts += [gap, part]
    texts.append(repr(groups.after) if groups.after else "")
    return "\n".join(
        [
            "code = re.sub('[^0-9A-Za-z]', '', str(value))",
            f"if isinstance(value, (bool, float)) or str(value).startswith('-') or len(code) != {count}:",
            "    raise ValueError(f'no example shows how {value} is written')",
            " + ".join(filter(None, texts)),
        ]
    )
