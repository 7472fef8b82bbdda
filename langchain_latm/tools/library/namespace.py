"""The labels that separate a library's items in a store from those of other libraries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langchain_latm.exceptions import RequestError

SORTS: Final = frozenset(
    [
        *("answers", "claims", "doubts", "examples", "failed", "feedback", "forms", "history", "made", "names"),
        *("pending", "records", "stamp", "sums", "tenants", "uses", "waiting"),
    ]
)
"""The labels after the namespace. Another library whose namespace ended in one of them would overlap with this one."""


def validate_namespace(namespace: str | Sequence[str]) -> tuple[str, ...]:
    """Return the labels of a namespace, if it cannot overlap with another one.

    Raises:
        RequestError: There is no label, or one is not text, blank, contains a dot, or is the label of a sort of items.
    """
    labels = (namespace,) if isinstance(namespace, str) else tuple(namespace)
    texts = labels and all(isinstance(each, str) and each.strip() and "." not in each for each in labels)
    if not texts or labels[0] == "langgraph" or not SORTS.isdisjoint(labels[1:]):
        raise RequestError(
            f"{namespace!r} cannot be the namespace of a library: its labels are texts without dots, the first not "
            f"'langgraph', the others none of {', '.join(sorted(SORTS))}. Names of any characters are for tenant="
        )
    return labels
