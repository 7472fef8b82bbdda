"""The same fixtures as in the unit tests."""

from __future__ import annotations

from tests.unit_tests.models.conftest import cache, gguf, no_settings, site

__all__ = ["cache", "gguf", "no_settings", "site"]
