"""Usual labels for true and false, such as "yes" and "no"."""

from __future__ import annotations

from typing import Final

TRUE_LABELS: Final = {"true": "false", "yes": "no", "valid": "invalid", "possible": "impossible"}
"""The usual labels for true, each with its opposite."""
OPPOSITES: Final = TRUE_LABELS | {no: yes for yes, no in TRUE_LABELS.items()}
"""The opposite of each usual label."""
