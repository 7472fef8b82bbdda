"""Reads what a sentence chooses among, and how: names, listed words, and words such as "largest" or "reverse"."""

from __future__ import annotations

import re
from collections.abc import Collection

from langchain_latm.making.synthesis.sentences.number_words import with_digits

UPWARDS = """
    most more max maximum largest larger biggest bigger highest higher greatest greater best better top longest longer
    tallest taller oldest older elder eldest latest later newest newer heaviest heavier fastest faster exceeding exceeds
    exceed farther farthest hotter hottest warmer warmest winner won
""".split()  # noqa: SIM905 - a text of words reads best as one
DOWNWARDS = """
    least fewest fewer less min minimum smallest smaller lowest lower worst worse bottom shortest shorter youngest
    younger earliest earlier sooner lightest lighter slowest slower cheapest cheaper nearer nearest colder coldest
    cooler coolest loser lost
""".split()  # noqa: SIM905 - as above
BOUNDS_UPWARDS = ("above", "over", "after", "beyond")
BOUNDS_DOWNWARDS = ("below", "under", "beneath", "before")
"""Words of bounds, which count only where no other word asks for more or less."""
TURNED = (
    (r"\bno(?:t)?\s+(?:more|greater|larger|bigger|higher|older|later)\s+than\b|\bat\s+(?:the\s+)?most\b", "under"),
    (r"\bno(?:t)?\s+(?:less|fewer|smaller|lower|younger|earlier)\s+than\b|\bat\s+(?:the\s+)?least\b", "over"),
)
FORWARD_ORDER = r"\b(?:ascending|increasing|alphabet(?:ic(?:al(?:ly)?)?)?|rising|a\s?(?:to|-|\u2013)\s?z)\b"
REVERSE_ORDER = r"\b(?:descending|decreasing|revers\w*|backwards?|falling|opposite|z\s?(?:to|-|\u2013)\s?a)\b"
NO_NAMES = """
    a an the i i'm i've i'd it it's we you he she they this that these those there here and or but so if when while as
    at by for from in into of on off over to with without since until after before between who who's whom whose which
    what what's where why how is are was were be do does did can could will would shall should may might must has have
    had please pls tell give find name list show say write compute calculate compare count sort order add sum take put
    let look judge read check pick choose select decide hello hi hey dear sorry thanks thank quick question one more
    again also only just not no yes today tomorrow yesterday now then next last first second third my your our his her
    its their some any all both each every either neither answer answers given suppose assume among
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec mr mrs ms dr vat usd eur gbp am pm
""".split()  # noqa: SIM905 - as above
POSITIONS = (
    (r"\b(?P<number>\d+)(?:st|nd|rd|th)[\s-]+(?:to[\s-]+last|from[\s-]+(?:the[\s-]+)?(?:end|back)|last)\b", 1),
    (r"\b(?:penultimate|next[\s-]to[\s-]last|last[\s-]but[\s-]one)\b", 2),
    (r"\b(?:last|final)\b", 1),
    (r"\b(?P<number>\d+)(?:st|nd|rd|th)\b", 0),
)
"""Words for the position of an item, and the number from the end that they mean; 0 if they count from the start."""
ITEM = r"[^\W\d_][\w'\u2019-]*"
AFTER_ITEMS = ("sorted", "arranged", "ordered", "listed", "separated")
"""Words that may follow a list, besides those of `NO_NAMES`."""
ITEM_MARKS = (r"\s*,\s*", r"\s*;\s*", r"\s*/\s*", r"\s*\|\s*")


def direction_of(text: str) -> str:
    """Return "up" or "down" if an English text asks for more or for less.

    Raises:
        ValueError: It asks for neither, or for both.
    """
    lower = text.lower()
    for pattern, word in TURNED:
        lower = re.sub(pattern, f" {word} ", lower)
    words = {*re.findall(r"[a-z]+", lower)}
    for upwards, downwards in ((UPWARDS, DOWNWARDS), (BOUNDS_UPWARDS, BOUNDS_DOWNWARDS)):
        up, down = bool(words.intersection(upwards)), bool(words.intersection(downwards))
        if up != down:
            return "up" if up else "down"
        if up:
            break
    raise ValueError("expected words that ask for more, or for less")


def order_of(text: str) -> str:
    """Return "forward" or "reverse" if an English text asks for an order; "reverse" if it has words of both.

    Raises:
        ValueError: It asks for none.
    """
    if re.search(REVERSE_ORDER, text, re.IGNORECASE):
        return "reverse"
    if re.search(FORWARD_ORDER, text, re.IGNORECASE):
        return "forward"
    raise ValueError("expected words that ask for an order")


def parity_of(text: str) -> str:
    """Return "odd" or "even" if a text holds one of the words.

    Raises:
        ValueError: It holds none, or both.
    """
    found = {*re.findall(r"\b(odd|even)\b", text.lower())}
    if len(found) != 1:
        raise ValueError("expected odd or even")
    return str(found.pop())


def capitalised_in(text: str) -> dict[str, bool]:
    """Return the capitalised words of a text that may be names, and whether each stands inside a sentence."""
    inside: dict[str, bool] = {}
    for each in re.finditer(r"(?<![\w'\u2019@./-])[A-Z][\w'\u2019-]*[a-z](?![\w@]|\.\w)", text):
        name = re.sub(r"['\u2019]s$", "", each[0])
        if name.lower() not in (*NO_NAMES, *UPWARDS, *DOWNWARDS):
            begins = re.search(r"(?:^|[.?!])\W*$", text[: each.start()]) is not None
            inside[name] = inside.get(name, False) or not begins
    return inside


def names_of(text: str, count: int, others: Collection[str]) -> list[str]:
    """Return the names in a text, as many as there must be: capitalised words but for common ones.

    Args:
        text: The text.
        count: The number of names.
        others: Words that begin sentences of the examples, and are no names.

    Raises:
        ValueError: There are more or fewer of them.
    """
    found = {name: is_inside for name, is_inside in capitalised_in(text).items() if name not in others}
    for names in (list(found), [name for name, is_inside in found.items() if is_inside]):
        if len(names) == count:  # a word that begins a sentence may be none
            return names
    raise ValueError(f"expected {count} names")


def position_of(text: str) -> int:
    """Return the index of the item that an English text asks for: 0 for the first, -1 for the last one.

    Raises:
        ValueError: It asks for none, or for several.
    """
    digits = with_digits(text).lower()
    found = []
    for pattern, from_end in POSITIONS:
        for each in re.finditer(pattern, digits):
            number = int(each["number"]) if each.groupdict().get("number") else from_end
            found.append(-number if from_end else number - 1)
        digits = re.sub(pattern, " ", digits)
    if len(set(found)) != 1:
        raise ValueError("expected one position")
    return found[0]


def items_of(text: str) -> list[str]:
    """Return the words of the only list in a text: three or more with commas, slashes or the like between them.

    Raises:
        ValueError: There is no such list, or several.
    """
    found = []
    for mark in ITEM_MARKS:
        last = rf"(?:(?:{mark})?\s*\b(?:and|or)\s+|{mark})"
        for each in re.finditer(rf"(?<![\w-])((?:{ITEM}{mark})+{ITEM}){last}({ITEM})(?![\w-])", text):
            follows = re.compile(r"\s+([^\W\d_]+)").match(text, each.end())
            if follows and follows[1].lower() not in (*NO_NAMES, *AFTER_ITEMS):
                raise ValueError("expected a list of single words")
            found.append([*re.split(mark, each[1]), each[2]])
    if not found:
        found = [each.split() for each in re.findall(rf":\s*((?:{ITEM}\s+){{2,}}{ITEM})\s*[.?!]?\s*$", text)]
    if len(found) != 1:
        raise ValueError("expected one list of words")
    (items,) = found
    if any(item.lower() in NO_NAMES for item in items) or (items[0].istitle() and items[1].islower()):
        raise ValueError("expected a list without other words")  # "Hello, kiwi, plum"
    return items
