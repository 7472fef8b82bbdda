"""The notebooks as they are committed, and how their outputs are compared; none of them is executed here."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests import notebooks

KILOBYTE = 1_000
OF_A_MACHINE = re.compile(r"(^|[\s'\"(=])(/\w+/\w|[A-Z]:\\)|\d\d:\d\d:\d\d|\bat 0x[0-9a-f]{6}|it/s\]|127\.0\.0\.1")
"""Absolute paths, times, addresses, progress bars."""
ALL = pytest.mark.parametrize("path", notebooks.paths(), ids=lambda path: path.stem)


def notebook(*outputs: Any, tags: tuple[str, ...] = (), source: str = "1 + 1") -> Any:
    cell = new_code_cell(source, id="sum", outputs=list(outputs), execution_count=1, metadata={"tags": list(tags)})
    return new_notebook(cells=[new_markdown_cell("text", id="text"), cell])


def printed(text: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=text)


def shown(**data: str) -> Any:
    return new_output("execute_result", {kind.replace("_", "/"): content for kind, content in data.items()})


def test_there_are_notebooks() -> None:
    assert [path.stem[:3] for path in notebooks.paths()] == ["01_", "02_", "03_", "04_", "05_"]


@ALL
def test_a_notebook_is_small_and_tidy(path: Path) -> None:
    content = notebooks.read(path)
    assert path.stat().st_size < 200 * KILOBYTE
    assert path.read_text(encoding="utf-8") == notebooks.text_of(notebooks.tidy(content)), "`make notebooks` tidies it"


@ALL
def test_a_notebook_was_executed_from_top_to_bottom_and_nothing_failed(path: Path) -> None:
    cells = notebooks.code_cells(notebooks.read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert kinds <= {"stream", "display_data", "execute_result"}
    assert not [cell.id for cell in cells if any(output.get("name") == "stderr" for output in cell.outputs)]


@ALL
def test_outputs_tell_nothing_of_a_machine_and_pictures_are_small(path: Path) -> None:
    for cell in notebooks.code_cells(notebooks.read(path)):
        for output in cell.outputs:
            for kind, content in output.get("data", {"text": output.get("text", "")}).items():
                size = len(base64.b64decode(content)) if kind == "image/png" else len(content)
                assert size < 60 * KILOBYTE, f"{cell.id}: {kind} of {size} bytes"
                told = None if kind.startswith("image/") else OF_A_MACHINE.search(str(content))
                assert told is None, f"{cell.id}: {told}"


@ALL
def test_a_notebook_says_what_it_teaches_and_leads_on(path: Path) -> None:
    cells = notebooks.read(path).cells
    assert cells[0].source.startswith("# ")
    assert "**What you will learn:**" in cells[0].source
    assert "**It takes**" in cells[0].source
    assert "## Where to go next" in cells[-1].source
    links = re.findall(r"\]\(([^)#]+)\)", "\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))
    assert not [link for link in links if "://" not in link and not (notebooks.FOLDER / link).exists()]


def test_the_same_outputs_are_not_a_difference() -> None:
    same = (printed("2\n"), shown(text_html="<b>2</b>"))
    assert notebooks.differences(notebook(*same), notebook(*same)) == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (printed("one\ntwo\n"), printed("one\nthree\n"), ["-two", "+three"]),
        (printed("2"), printed("2", "stderr"), ["-[stdout]", "+[stderr]"]),
        (shown(text_html="<b>2</b>"), shown(text_html="<b>3</b>"), ["-<b>2</b>", "+<b>3</b>"]),
        (shown(image_png="eA=="), printed("none"), ["-[image/png]", "+[stdout]"]),
        (printed("2"), new_output("error", ename="KeyError", evalue="'a'", traceback=[]), ["+KeyError: 'a'"]),
    ],
)
def test_a_difference_is_shown_line_by_line(old: Any, new: Any, told: list[str]) -> None:
    lines = notebooks.differences(notebook(old), notebook(new)).splitlines()
    assert lines[:2] == ["--- cell sum, committed", "+++ cell sum, now"]
    assert set(told) <= set(lines)


def test_cells_that_vary_are_not_compared_and_pictures_only_by_their_kind() -> None:
    old, new = notebook(printed("1"), tags=("varies",)), notebook(printed("2"), tags=("varies",))
    assert notebooks.differences(old, new) == ""
    assert notebooks.differences(notebook(shown(image_png="eA==")), notebook(shown(image_png="eQ=="))) == ""


def test_tidy_keeps_what_is_read_and_nothing_of_the_machine() -> None:
    untidy = notebook(shown(text_html="<b>2</b>"), tags=("varies",))
    untidy.metadata = {"kernelspec": {"name": "my-kernel"}, "language_info": {"version": "3.11.7"}}
    untidy.cells[1].metadata["execution"] = {"iopub.execute_input": "2026-11-25T11:00:00Z"}
    untidy.cells[1].outputs[0].metadata = {"needs_background": "light"}
    text = notebooks.text_of(notebooks.tidy(untidy))
    for gone in ("my-kernel", "3.11.7", "2026-11-25", "needs_background"):
        assert gone not in text
    kept = json.loads(text)["cells"][1]
    assert kept["metadata"] == {"tags": ["varies"]}
    assert kept["outputs"][0]["data"] == {"text/html": ["<b>2</b>"]}
    assert untidy.cells[1].metadata["execution"]  # the notebook itself stays as it was


@pytest.mark.parametrize(
    ("source", "needed"),
    [("model = create_local_model()", True), ('create_tool_maker("local")', True), ("local = 1", False)],
)
def test_which_notebooks_need_the_model(source: str, needed: bool) -> None:
    assert notebooks.needs_model(notebook(source=source)) is needed
