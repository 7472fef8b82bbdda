"""Rendering of the page: a template that escapes every text, and a policy that blocks everything else."""

from __future__ import annotations

import base64
import hashlib
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from langchain_latm._core.amounts import after_uses, amount
from langchain_latm._core.visible import visible
from langchain_latm.tools.library.accounting import LibraryCosts
from langchain_latm.tools.library.contents import LibraryContents
from langchain_latm.tools.report.bars import bars
from langchain_latm.tools.report.course import course
from langchain_latm.tools.report.plot import plot
from langchain_latm.tools.report.shown_text import Allowance
from langchain_latm.tools.report.tool_part import tool_part

GENERATOR: Final = "langchain-latm report"
"""Value of the page's `generator` meta tag, before the version."""
_SHARES: Final = (2_000, 60_000)
"""Minimum and maximum number of characters of one tool on the page."""


Progress = Callable[[int, int], object]
"""Gets how many tools are written, and how many there are."""


def no_progress(_done: int, _total: int) -> None:
    """Show no progress."""


def page(
    found: LibraryContents, costs: LibraryCosts, *, where: str, characters: int, progress: Progress = no_progress
) -> str:
    """Render the page.

    Args:
        found: The content of the library.
        costs: Its accounts.
        where: Title of the library.
        characters: Approximate number of characters of the tools' own texts.
        progress: Gets the number of tools that are written, and of all.
    """
    accounts = {tool.name: tool for tool in costs.tools}
    names = sorted({*found.current, *found.history, *accounts}, key=lambda name: (name.lower(), name))
    share = min(max(characters // max(1, len(names)), _SHARES[0]), _SHARES[1])
    steps = found.steps()
    last_use = {step.name: step.at for step in steps if step.action == "used"}
    parts = []
    for number, name in enumerate(names):
        progress(number, len(names))
        parts.append(tool_part(name, found, accounts.get(name), _iso(last_use.get(name)), Allowance(share)))
    known = course(steps, costs)
    style, script = (Markup(_text(name)) for name in ("page.css", "page.js"))  # noqa: S704 - files of this package
    return (
        templates()
        .get_template("page.html.jinja")
        .render(
            where=visible(where),
            written=_iso(datetime.now(UTC)),
            generator=f"{GENERATOR} {version('langchain-latm')}",
            versions={
                "langchain-latm": version("langchain-latm"),
                "langchain-core": version("langchain-core"),
                "Python": platform.python_version(),
            },
            tools=parts,
            count={state: sum(part.state == state for part in parts) for state in ("current", "removed", "damaged")},
            uses=sum(tool.uses for tool in costs.tools),
            failures=sum(tool.failures for tool in costs.tools),
            costs=costs,
            plot=None if known is None else plot(known),
            bars=bars(costs),
            style=style,
            script=script,
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
        )
    )


@cache
def templates() -> Environment:
    """Return the templates of the page, which escape every text."""
    environment = Environment(
        loader=PackageLoader("langchain_latm", "tools/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"amount": amount, "after_uses": after_uses, "visible": visible, "minutes": _minutes}
    environment.filters["counts"] = _counts
    return environment


def style_sheet() -> str:
    """Return the style sheet of the page."""
    return _text("page.css")


def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _counts(counts: Mapping[str, int]) -> str:
    """Write counts by name."""
    return ", ".join(f"{count:,} {visible(name)}" for name, count in counts.items())


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds")


def _minutes(at: str) -> str:
    """Shorten an ISO time to minutes; other text stays unchanged."""
    return visible(at)[:16].replace("T", " ")
