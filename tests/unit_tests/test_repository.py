"""Files that tools and people read at the root of the repository agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = [
    hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    for hook in repository["hooks"]
]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_pre_commit_runs_the_pinned_linters() -> None:
    assert {hook["entry"].split()[0].rpartition("/")[2] for hook in HOOKS} == {"ruff", "mypy"}
    pinned = PROJECT["dependency-groups"]["lint"]
    for hook in HOOKS:
        if hook["language"] == "system":
            assert hook["entry"].startswith(".venv/bin/"), "`make lint` installs the pinned version there"
        else:
            assert set(hook["additional_dependencies"]) <= set(pinned)
            assert any(each.startswith(hook["entry"].split()[0]) for each in hook["additional_dependencies"])


def test_the_documentation_is_built_with_the_pinned_ruff() -> None:
    (pinned,) = (each for each in PROJECT["dependency-groups"]["lint"] if each.startswith("ruff"))
    assert pinned in PROJECT["dependency-groups"]["docs"]


@pytest.mark.parametrize("path", PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
def test_the_source_distribution_includes_what_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_source_distribution_includes_every_page_at_the_root() -> None:
    pages = {path.name for path in ROOT.glob("*.md")}
    assert pages <= set(PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])


def test_the_changelog_has_the_current_version_below_what_is_unreleased() -> None:
    headings = re.findall(r"^## \[?([^\]\s]+)\]?", CHANGELOG, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1] == PROJECT["project"]["version"]


@pytest.mark.parametrize("url", PROJECT["project"]["urls"].values())
def test_project_urls_name_files_that_exist(url: str) -> None:
    repository = PROJECT["project"]["urls"]["Source"]
    assert url.startswith(repository)
    path = re.sub(r"^/(blob|tree)/main/", "", url.removeprefix(repository))
    assert path in ("", "/issues") or (ROOT / path).exists()
