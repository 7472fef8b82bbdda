"""How a made tool looks where it is the last value of a notebook's cell.

Everything in it was written by a model or by strangers: it is escaped, what hides is made visible, and what is long is
cut. No time, path or hash is shown, so that the same tool looks the same when a notebook is executed again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from langchain_latm._core.visible import visible
from langchain_latm.tools.display.highlighting import highlighted
from langchain_latm.tools.display.signature import signature
from langchain_latm.types import TokenUsage, VerificationCase, shorten

if TYPE_CHECKING:
    from langchain_latm.tools.made_tool import MadeTool

_MOST_CASES: Final = 20
_MOST_CHARACTERS: Final = 20_000
_SENTENCE: Final = 200
_CELL: Final = 100

# The colours are readable on white and on black: a notebook may be shown on either. The class stands there twice:
# so these rules go before those of the page around it.
_STYLE: Final = """\
.latm-tool.latm-tool table {border-collapse: collapse; margin: 0.5em 0}
.latm-tool.latm-tool tr > * {text-align: left; padding: 0.15em 0.7em; vertical-align: top}
.latm-tool.latm-tool pre {font-family: monospace; line-height: 1.3; font-size: 90%}
.latm-tool.latm-tool pre {padding: 0.6em 0.8em; border-left: 3px solid #8888; overflow-x: auto}
.latm-tool .k {color: #a855f7} .latm-tool .f {color: #3b82f6} .latm-tool .s {color: #16a34a}
.latm-tool .n {color: #d97706} .latm-tool .b {color: #0891b2} .latm-tool .c {color: #8b8b8b}"""

_PAGE: Final = Markup(
    """<div class="latm-tool"><style>
{style}
</style>
<p><strong>{name}</strong>: {description}</p>
<p><code>{signature}</code></p>
<table><thead><tr><th></th><th>example</th><th>question</th><th>arguments</th><th>value</th></tr></thead><tbody>
{rows}
</tbody></table>
<p>{proof}</p>
<pre>{source}</pre>
</div>"""
)
_ROW: Final = Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>")


def mimebundle(tool: MadeTool) -> dict[str, str]:
    """Return a tool as HTML, and as plain text for where HTML is not shown.

    Source: https://ipython.readthedocs.io/en/stable/config/integrating.html
    """
    return {"text/html": str(_html(tool)), "text/plain": "\n".join([*_head(tool), *_proof(tool), "", _source(tool)])}


def _html(tool: MadeTool) -> Markup:
    cases = tool.report.cases
    return _PAGE.format(
        style=Markup(_STYLE),  # noqa: S704 - a constant
        name=tool.name,
        description=shorten(visible(tool.description), _SENTENCE),
        signature=shorten(visible(signature(tool)), _SENTENCE),
        rows=Markup("\n").join(map(_row, cases[:_MOST_CASES])),
        proof=Markup("<br>").join(_proof(tool)),
        source=highlighted(_source(tool)),
    )


def _head(tool: MadeTool) -> list[str]:
    return [
        f"{tool.name}: {shorten(visible(tool.description), _SENTENCE)}",
        shorten(visible(signature(tool)), _SENTENCE),
    ]


def _row(case: VerificationCase) -> Markup:
    return _ROW.format(
        "right" if case.passed else "wrong",
        "shown" if case.role == "demonstration" else "unseen",
        _short(case.question),
        "" if case.arguments is None else _short(json.dumps(case.arguments, ensure_ascii=False)),
        _short(case.error or str(case.value)),
    )


def _proof(tool: MadeTool) -> list[str]:
    report, made = tool.report, tool.provenance
    unseen = sum(case.role == "validation" for case in report.cases)
    told = [f"Right on {report.passed} of {len(report.cases)} examples, {unseen} of which its maker never saw."]
    if len(report.cases) > _MOST_CASES:
        told[0] += f" The first {_MOST_CASES} are shown."
    if tool.parser is not None:
        told.append(f"No model is needed for requests like: {shorten(visible(tool.parser.pattern), _SENTENCE)}")
    tokens = sum(made.usage.values(), TokenUsage()).total
    attempts = "1 attempt" if made.attempts == 1 else f"{made.attempts} attempts"
    told.append(f"Made by {shorten(visible(made.maker_model))} in {attempts}, {tokens:,} tokens.")
    return told


def _source(tool: MadeTool) -> str:
    source = visible(tool.source[:_MOST_CHARACTERS].strip())
    return source if len(tool.source) <= _MOST_CHARACTERS else f"{source}\n# and {len(tool.source):,} characters in all"


def _short(text: str) -> str:
    return shorten(visible(text[: 4 * _CELL]), _CELL) + ("" if len(text) <= 4 * _CELL else "...")
