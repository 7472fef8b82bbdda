"""A library file of the version before flows had effects is read as that version read it.

`data/written_before_effects.sqlite` was written by that version: a closed loop made two tools, one of which was remade,
activated and retired; instances wait, a making failed, feedback was given. The JSON file beside it is what that version
read in the file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import ToolLibrary, create_dispatcher, library_costs, open_tool_library, record_feedback
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.export import LibraryExport
from langchain_latm.tools.library.library import loop_operations_of, operations_of

DATA = Path(__file__).parent / "data"
PROVEN = "Sort: pear fig"
READ: dict[str, Any] = json.loads((DATA / "written_before_effects.json").read_text(encoding="utf-8"))
RETIRED = "put_words_alphabetical_order"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ToolLibrary]:
    file = tmp_path / "tools.sqlite"
    shutil.copy(DATA / "written_before_effects.sqlite", file)
    with open_tool_library(file) as opened:
        yield opened


def dumped(values: Any) -> list[Any]:
    return [each.model_dump(mode="json") for each in values]


def test_current_tools_and_stamp(library: ToolLibrary) -> None:
    assert dumped(library.list()) == READ["list"]
    assert [library.get(each["name"]).id for each in READ["list"]] == [each["id"] for each in READ["list"]]
    assert run_flow(operations_of(library).stamp()) == READ["stamp"]


@pytest.mark.parametrize("name", READ["history"])
def test_history_and_uses(library: ToolLibrary, name: str) -> None:
    assert dumped(library.history(name)) == READ["history"][name]
    assert library.usage(name).model_dump(mode="json") == READ["usage"][name]


def test_every_record_and_example_has_the_same_content_and_id(library: ToolLibrary, tmp_path: Path) -> None:
    exported = run_flow(operations_of(library).export())
    assert json.loads(exported.model_dump_json()) == READ["export"]
    file = tmp_path / "exported_before.json"
    file.write_text(json.dumps(READ["export"]), encoding="utf-8")
    assert LibraryExport.load(file) == exported
    assert [library.get_by_id(each).id for each in READ["tools"]] == READ["tools"]


def test_waiting_instances_and_failed_makings(library: ToolLibrary) -> None:
    instances, failed = run_flow(loop_operations_of(library).waiting())
    assert dumped(instances) == READ["waiting"]
    assert dumped(failed) == READ["failed"]


def test_accounts(library: ToolLibrary) -> None:
    costs = library_costs(library, prices={"scripted": (2, 8)}).model_dump(mode="json")
    assert costs.pop("doubts") == {}
    assert [tool.pop("doubts") for tool in costs["tools"]] == [{}] * len(costs["tools"])
    assert [costs[unit].pop("deciding") for unit in ("tokens", "dollars")] == [0, 0]
    assert [(tool.pop("making_seconds") > 0, tool.pop("direct_seconds")) for tool in costs["tools"]] == [
        (True, None)
    ] * len(costs["tools"])
    assert costs == READ["costs"]


@pytest.mark.parametrize("request_", READ["dispatch"])
def test_requests_find_the_same_tools(library: ToolLibrary, request_: str) -> None:
    found, before = create_dispatcher(library).invoke(request_).model_dump(mode="json"), READ["dispatch"][request_]
    if request_ == PROVEN:  # found since the dispatcher knows the examples themselves
        assert (found["action"], found["tool"]) == ("reuse", "spare")
        return
    assert {**found, "reason": ""} == {**before, "reason": "", "probability": found["probability"]}


@pytest.mark.parametrize("answer", READ["answers"].values(), ids=READ["answers"])
def test_answers_take_feedback(library: ToolLibrary, answer: dict[str, Any]) -> None:
    note = run_flow(loop_operations_of(library).answer(answer["id"]))
    assert {**note.model_dump(mode="json"), "id": answer["id"]} == answer
    assert record_feedback(library, answer["id"], answer["text"]).right


def test_a_retired_tool_can_be_activated(library: ToolLibrary) -> None:
    tool, reason = run_flow(loop_operations_of(library).retired(RETIRED))
    assert reason == READ["history"][RETIRED][-1]["reason"]
    assert library.activate(RETIRED, tool.id) == library.get(RETIRED) == tool
