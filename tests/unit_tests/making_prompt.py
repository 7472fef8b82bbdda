"""Parses the maker's prompts; no other module of the tests knows their wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_core.messages import BaseMessage

_ASKED: Final = re.compile(r"Write: (def .*)|^Complete this function:\n\n```python\n(def .*):$", re.MULTILINE)
_OWN: Final = ("Write the function.", "corrected, in one ```python block.")


def signature_in(messages: Sequence[BaseMessage]) -> str | None:
    """Return the head of the function that the maker is asked to write; None where it may choose the parameters."""
    human = [str(each.content) for each in messages if each.type == "human"]
    asked = [found for text in human for found in _ASKED.findall(text)]
    # What the maker chooses comes after a worked request in which it chooses, too.
    return "".join(asked[-1]).strip() if asked else None


def is_making(messages: Sequence[BaseMessage]) -> bool:
    """Whether a prompt asks the maker for a function, its own choice of parameters or not."""
    return signature_in(messages) is not None or str(messages[-1].content).endswith(_OWN)
