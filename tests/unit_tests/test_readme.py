"""The README is short, and links to everything else."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_LONGEST = 10_000


def test_it_is_short() -> None:
    assert len(README.encode()) <= _LONGEST, "move what is too much to a page of the documentation"


def test_it_leads_to_every_group_of_pages() -> None:
    for group in ("how_to", "explanation"):
        assert f"](notebooks/{group}/" in README, group
    assert "](notebooks/index.md)" in README
