"""HTML and plain text of a made tool that is the last value of a notebook cell.

Models or users wrote all of it, so it is escaped, invisible characters are made visible, and long texts are cut. No
time, path or hash is shown, so that executing a notebook again gives the same output.
"""

from __future__ import annotations

import json
from typing import Final

from markupsafe import Markup

from langchain_latm._core.visible import visible
from langchain_latm.tools.display.highlighting import highlighted
from langchain_latm.tools.display.sureness import sureness
from langchain_latm.types import Provenance, TokenUsage, VerificationCase, VerificationReport, shorten

_MAX_CASES: Final = 20
_MAX_SOURCE: Final = 20_000
_MAX_SENTENCE: Final = 200
_MAX_CELL: Final = 100

# The colours are readable on white and on black. The class is repeated to override the style of the page around it.
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


def mimebundle(
    *,
    name: str,
    description: str,
    signature: str,
    source: str,
    pattern: str | None,
    report: VerificationReport,
    provenance: Provenance,
) -> dict[str, str]:
    """Return a tool as HTML, and as plain text for front ends that do not show HTML.

    The pattern is that of the requests that the tool's parser reads, if it has one.

    Source: https://ipython.readthedocs.io/en/stable/config/integrating.html
    """
    description, signature = (shorten(visible(text), _MAX_SENTENCE) for text in (description, signature))
    proof, source = _proof(report, provenance, pattern), _cut_source(source)
    html = _PAGE.format(
        style=Markup(_STYLE),  # noqa: S704 - a constant
        name=name,
        description=description,
        signature=signature,
        rows=Markup("\n").join(map(_row, report.cases[:_MAX_CASES])),
        proof=Markup("<br>").join(proof),
        source=highlighted(source),
    )
    return {"text/html": str(html), "text/plain": "\n".join([f"{name}: {description}", signature, *proof, "", source])}


def _row(case: VerificationCase) -> Markup:
    return _ROW.format(
        "right" if case.passed else "wrong",
        "shown" if case.role == "demonstration" else "unseen",
        _cell(case.question),
        "" if case.arguments is None else _cell(json.dumps(case.arguments, ensure_ascii=False)),
        _cell(case.error or str(case.value)),
    )


def _proof(report: VerificationReport, provenance: Provenance, pattern: str | None) -> list[str]:
    unseen = sum(case.role == "validation" for case in report.cases)
    lines = [f"Right on {report.passed} of {len(report.cases)} examples, {unseen} of which its maker never saw."]
    if len(report.cases) > _MAX_CASES:
        lines[0] += f" The first {_MAX_CASES} are shown."
    lines += sureness(report)
    if pattern is not None:
        lines.append(f"Requests with this wording need no model: {shorten(visible(pattern), _MAX_SENTENCE)}")
    tokens = sum(provenance.usage.values(), TokenUsage()).total
    attempts = "1 attempt" if provenance.attempts == 1 else f"{provenance.attempts} attempts"
    lines.append(f"Made by {shorten(visible(provenance.maker_model))} in {attempts}, {tokens:,} tokens.")
    return lines


def _cut_source(source: str) -> str:
    cut = visible(source[:_MAX_SOURCE].strip())
    return cut if len(source) <= _MAX_SOURCE else f"{cut}\n# and {len(source):,} characters in all"


def _cell(text: str) -> str:
    return shorten(visible(text[: 4 * _MAX_CELL]), _MAX_CELL) + ("" if len(text) <= 4 * _MAX_CELL else "...")
