"""Finds where literals end and content begins.

Text that is the same in all questions can still be content: all matrices may begin with the same numbers, and all lists
have line breaks. A part of a literal is content if it resembles the gap beside it: a bracket that is closed there, a
bullet that is repeated, a number before other numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.lists import are_first_items, are_last_items, counts_on, is_bullet
from langchain_latm.text.lexing.numbers import with_zeros
from langchain_latm.text.lexing.quotes import between_quotes
from langchain_latm.text.lexing.sentences import is_sentence_end, last_content
from langchain_latm.text.lexing.words import SINGLE_LETTER, WORD, is_word
from langchain_latm.text.lexing.words import words as words_in
from langchain_latm.text.reading.gaps import Template, places_in

_CLOSED_BY: Final = {"(": ")", "[": "]", "{": "}", "\u201c": "\u201d", "\u00ab": "\u00bb"}
_BRACKET: Final = re.compile(f"[{re.escape(''.join([*_CLOSED_BY, *_CLOSED_BY.values()]))}]")

_LABEL: Final = re.compile(r"\w\s*=\s*$")
"""The end of a literal before a value that it names, as in ", target = "."""


def settled(template: Template, texts: Sequence[str]) -> Template:
    """Move content from the literals to the gaps until none is left.

    Args:
        template: Literals that all texts hold.
        texts: The questions, without white space around them.
    """
    for _ in range(3 * len(template) + 10):  # each round shortens or removes a literal
        columns = _columns(template, texts)
        changed = None if columns is None else next(_changes(template, columns), None)
        if changed is None or len(changed) < 2 or _columns(changed, texts) is None:  # noqa: PLR2004 - one gap
            break
        template = changed
    return template


def opened(template: Template, texts: Sequence[str]) -> Template:
    """Move the word with which all lists of words begin or end to their gap.

    The result is an alternative: the word may be an item, or announce the list.
    """
    literals = list(template)
    for gap, column in enumerate(_columns(template, texts) or []):
        before, after = literals[gap], literals[gap + 1]
        if gap == len(template) - 2 and are_last_items(after) and any(after[0] in text for text in column):
            literals[gap + 1] = ""
        if not _mostly(text.split() != [] and all(map(is_word, text.split())) for text in column):
            continue
        tail = last_content(before.removesuffix("\n") if _mostly("\n" in text for text in column) else before)
        head = before.rstrip("\n").removesuffix(tail) if is_word(tail.strip()) and before[-1:].isspace() else before
        if head not in {"", before} and (not after or after[0] == "\n"):
            literals[gap] = head
        elif gap == len(template) - 2 and not tail.strip() and after[:1].isspace() and is_word(after.strip()):
            literals[gap + 1] = ""
    return tuple(literals)


def _columns(template: Template, texts: Sequence[str]) -> list[list[str]] | None:
    """Return the gaps of every text, by gap, with white space; None if a literal is missing."""
    places = [places_in(template, text) for text in texts]
    if any(each is None for each in places):
        return None
    gaps = [[text[start:end] for start, end in each or []] for each, text in zip(places, texts, strict=True)]
    return [list(column) for column in zip(*gaps, strict=True)]


def _changes(template: Template, columns: Sequence[Sequence[str]]) -> Iterator[Template]:
    """Yield copies of the template with one literal removed or shortened."""
    for i in range(1, len(template) - 1):
        if _only_separates(template, i, columns[i - 1], columns[i]):
            yield (*template[:i], *template[i + 1 :])
    for gap, column in enumerate(columns):
        before, after = template[gap], template[gap + 1]
        above = columns[gap - 1] if gap else [""] * len(column)
        keep = min(
            _opening(before, after, column),
            len(before) - _is_quote(before[-1:], after[:1], column),
            _content_at_end(before, gap, above, column),
        )
        if keep < len(before):
            yield _with(template, gap, before[:keep])
        start = max(
            _closing(before, after, column),
            _is_quote(after[:1], before[-1:], column),
            _content_at_start(after, column),
        )
        if start > 0:
            yield _with(template, gap + 1, after[start:])


def _with(template: Template, i: int, literal: str) -> Template:
    """Replace a literal; if nothing is left between two gaps, they become one."""
    inner = 0 < i < len(template) - 1
    kept = () if inner and not literal.strip(" ") else (literal,)
    return (*template[:i], *kept, *template[i + 1 :])


def _mostly(truths: Iterator[bool]) -> bool:
    found = list(truths)
    return sum(found) * 2 >= len(found) > 0


def _only_separates(template: Template, i: int, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a literal only separates items of a list, or lies inside a quotation or a bracket."""
    literal, words = template[i], words_in(template[i], 2)
    if all(counts_on(template[i - 1] + text, literal) for text in before):  # "(A) ... (B) ..." is one list
        return True
    if len(words) > 1 or ":" in literal or _LABEL.search(literal):
        return False
    sign = literal.lstrip(" ")[:1]
    begins_item = sign in {",", ";", "|", *([] if words else ["\n"])} and not {"and", "or"}.intersection(words)
    left, right = "".join(template[:i]), "".join(template[i + 1 :])
    sides = list(zip(before, after, strict=True))
    return (
        (not re.search(r"\w", literal) and any(literal in text for text in after))
        or _mostly(literal in text for text in after)
        or (begins_item and (any(sign in text for text in before) or _mostly(sign in text for text in after)))
        or (_is_one_of_several(template, i) and _mostly(_same_width(above, below) for above, below in sides))
        or (left.count('"') % 2 == 1 and '"' not in literal and '"' in right)
        or (not _unmatched(literal)[1] and _mostly(bool(_unmatched(a)[1] and _unmatched(b)[0]) for a, b in sides))
    )


def _is_one_of_several(template: Template, i: int) -> bool:
    """Whether the same line break also separates neighbouring gaps."""
    return template[i].strip(" ") == "\n" and template[i] in {*template[1:i][-1:], *template[i + 1 : -1][:1]}


def _same_width(above: str, below: str) -> bool:
    """Whether two lines may be rows of one grid."""
    parts = len(above.split())
    return parts == len(below.split()) and (parts > 1 or len(above.strip()) == len(below.strip()))


def _unmatched(text: str) -> tuple[list[int], list[int]]:
    """Return the positions of closing brackets that are not opened, and of opening ones that are not closed."""
    closing: list[int] = []
    opening: list[int] = []
    for found in _BRACKET.finditer(text):
        if found[0] in _CLOSED_BY:
            opening.append(found.start())
        elif opening and _CLOSED_BY[text[opening[-1]]] == found[0]:
            opening.pop()
        else:
            closing.append(found.start())
    return closing, opening


def _opening(before: str, after: str, column: Sequence[str]) -> int:
    """Return the length of a literal before the brackets that are closed in or after the next gap."""
    openings = _unmatched(before)[1]
    shared = [_pairs([before[i] for i in reversed(openings)], [t[i] for i in _unmatched(t)[0]]) for t in column]
    if _mostly(count > 0 for count in shared):
        return openings[-max(shared)]
    around = _list_around(before, after)
    return around[0] if around else len(before)


def _closing(before: str, after: str, column: Sequence[str]) -> int:
    """Return the length of a literal up to the brackets that are opened in or before the previous gap."""
    closings = _unmatched(after)[0]
    shared = [_pairs([t[i] for i in reversed(_unmatched(t)[1])], [after[i] for i in closings]) for t in column]
    if _mostly(count > 0 for count in shared):
        return closings[max(shared) - 1] + 1
    around = _list_around(before, after)
    return around[1] if around else 0


def _list_around(before: str, after: str) -> tuple[int, int] | None:
    """Return where a list begins in one literal and ends in the next one; None if the gap is not part of a list."""
    openings, closings = _unmatched(before)[1], _unmatched(after)[0]
    for count in range(_pairs([before[i] for i in reversed(openings)], [after[i] for i in closings]), 0, -1):
        start, end = openings[-count], closings[count - 1] + 1
        if before[start] in "[{" and not words_in(before[start:] + after[:end], 2):
            return start, end
    return None


def _pairs(opening: Sequence[str], closing: Sequence[str]) -> int:
    """Count the matching pairs of brackets, from the inside."""
    count = 0
    for first, last in zip(opening, closing, strict=False):
        if _CLOSED_BY[first] != last:
            break
        count += 1
    return count


def _is_quote(sign: str, across: str, column: Sequence[str]) -> bool:
    """Whether the sign beside a gap is the quote of the first or last of several quotations in the gap.

    Args:
        sign: The sign beside the gap.
        across: The sign on its other side.
        column: The texts in the gap.
    """
    if sign not in {'"', "'"}:
        return False
    if across != sign:
        return _mostly(text.count(sign) % 2 == 1 for text in column)
    return _mostly(any(found[0] == sign for found in between_quotes(text)) for text in column)


def _content_at_end(before: str, gap: int, above: Sequence[str], column: Sequence[str]) -> int:
    """Return the length of a literal without the content at its end, judged by the gaps before and after it."""
    rest, new_line, prefix = before.rpartition("\n")
    around = zip(above, column, strict=True) if not words_in(rest, 2) else zip(column, strict=True)
    if new_line and prefix.strip() and _mostly(_begins_lines(prefix, *texts) for texts in around):
        return len(before) - len(prefix)
    tail = last_content(before)
    if not tail.strip() or (tail == before and gap == 0):
        return len(before)
    going_on = [_goes_on(tail, text, at_end=True) for text in column]
    listed = tail != before and are_first_items(tail) and any(tail.rstrip()[-1] in text for text in column)
    if listed or _mostly(iter(going_on)) or (is_bullet(tail) and any(going_on)):
        return len(before) - len(tail)
    return len(before)


def _content_at_start(after: str, column: Sequence[str]) -> int:
    """Return the length of the content at the beginning of a literal."""
    head = after.partition("\n")[0]
    if not head.strip() or is_sentence_end(head):  # a sentence ends there
        return 0
    return len(head) if _mostly(_goes_on(head, text, at_end=False) for text in column) else 0


def _begins_lines(prefix: str, *texts: str) -> bool:
    """Whether lines of texts begin like a prefix, apart from numbers and single letters: "Round 1: "."""
    lines = [line for text in texts for line in text.split("\n")[1:]]
    return any(_line_shape(line).startswith(_line_shape(prefix)) for line in lines)


def _line_shape(line: str) -> str:
    return SINGLE_LETTER.sub("a", with_zeros(" ".join(line.split())))


def _goes_on(piece: str, text: str, *, at_end: bool) -> bool:
    """Whether all chunks of a part of a literal look like chunks in the gap beside it."""
    chunks, others = piece.split(), text.split()
    edges = (piece[-1], text[:1]) if at_end else (text[-1:], piece[0])
    if all(map(str.strip, edges)):  # no space between them: a chunk is cut
        if at_end:
            chunks[-1] += others.pop(0)
        else:
            chunks[0] = others.pop() + chunks[0]
    shapes = {_shape(each) for each in others}
    return all(each in others if is_word(each) else _shape(each) in shapes for each in chunks)


def _shape(chunk: str) -> str:
    """Return the shape of a chunk: "B:12," and "C:7" have the same shape."""
    return WORD.sub(lambda word: "00" if len(word[0]) > 1 else "a", with_zeros(chunk.rstrip(",;")))
