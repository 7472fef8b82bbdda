"""The search continues from what functions of other tools return, which run in the sandbox."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, create_tool_maker
from langchain_latm.cli.tool_view import show_tool
from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.interop.python_files import write_python
from langchain_latm.making.searching import SEARCHED
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, InlinedHelper, Task
from tests.unit_tests.making.helpers.known_tools import (
    DATES,
    crew,
    crew_tool,
    known_tool,
    loud_task,
    quick_search,
    weekday_tool,
)


def made(sandbox: Sandbox, task: Task, helpers: Any) -> MadeTool:
    """Make a tool without a model."""
    return create_tool_maker(None, sandbox=sandbox, helpers=helpers, search=quick_search).invoke(task)


def typed(name: str, rows: list[tuple[dict[str, Any], Any]], shown: int = 4) -> Task:
    examples = [Example(inputs=inputs, answer=answer) for inputs, answer in rows]
    return Task(name=name, demonstrations=examples[:shown], validation=examples[shown:])


def test_a_function_of_another_tool_is_an_operator_of_the_search(sandbox: Sandbox) -> None:
    known = weekday_tool(sandbox)
    tool = made(sandbox, loud_task(), [known])
    assert tool.report.verified
    assert tool.provenance.maker_model == SEARCHED
    assert tool.provenance.helpers == (InlinedHelper(function="weekday_of", tool="weekday_of", id=known.id),)
    assert "def weekday_of(date: str) -> str:" in tool.source
    result = sandbox.call(tool.tool_source, {"day": "2024-02-29"})
    assert result.value == "DONNERSTAG"
    assert MadeTool.model_validate_json(tool.dump(), context={"stored": True}) == tool


def test_without_the_other_tool_nothing_is_found(sandbox: Sandbox) -> None:
    with pytest.raises(ModelError):
        made(sandbox, loud_task(), [])


def test_its_value_may_be_the_answer_of_a_question(sandbox: Sandbox) -> None:
    examples = [Example(question=f"Wer hat am {each} Dienst?", answer=crew(each)) for each in DATES]
    task = Task(name="dienst", demonstrations=examples[:4], validation=examples[4:])
    library = ToolLibrary(InMemoryStore())
    library.add(crew_tool(sandbox))
    tool = made(sandbox, task, library)
    assert tool.parser is not None
    assert tool.parser.read("Wer hat am 2024-02-29 Dienst?") is not None
    assert [each.tool for each in tool.provenance.helpers] == ["crew_of"]


def test_its_value_stands_beside_the_other_columns(sandbox: Sandbox) -> None:
    names = ("Ida", "Bo", "Ulla", "Max", "Grete", "Jan", "Lise", "Otto")
    rows = [({"day": each, "who": who}, f"{who}: {crew(each)}") for each, who in zip(DATES, names, strict=True)]
    tool = made(sandbox, typed("rota", rows), [crew_tool(sandbox)])
    assert sandbox.call(tool.tool_source, {"day": "2024-02-29", "who": "Eva"}).value == f"Eva: {crew('2024-02-29')}"


def test_its_other_names_give_way_to_those_of_the_new_tool(sandbox: Sandbox) -> None:
    rows = [({"CREWS": each}, crew(each).upper()) for each in DATES]
    tool = made(sandbox, typed("day_of", rows), [crew_tool(sandbox)])
    assert sandbox.call(tool.tool_source, {"CREWS": "2024-02-29"}).value == crew("2024-02-29").upper()


HOSTILE = {
    "spins": "    while True:\n        pass\n",
    "eats memory": "    return str(['x'] * 10**9)\n",
    "writes much": "    return date * 10**7\n",
    "fails": "    return str(1 // 0)\n",
    "is the same": "    return date\n",
    "counts calls": "    SEEN.append(date)\n    return 'Sunday' * len(SEEN)\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_function_that_misbehaves_gets_nothing(sandbox: Sandbox, kind: str) -> None:
    source = f'SEEN: list[str] = []\n\n\ndef day_of(date: str) -> str:\n    """Name the loud day."""\n{HOSTILE[kind]}'
    hostile = known_tool(sandbox, source, "day_of", {"date": "2031-07-14"}, "Montag")
    with pytest.raises((ModelError, ToolMakingError)):
        made(sandbox, loud_task(), [hostile])
    assert made(sandbox, loud_task(), [hostile, weekday_tool(sandbox)]).provenance.helpers[0].function == "weekday_of"


def test_what_the_gate_refuses_is_not_run(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    source = 'def day_of(date: str) -> str:\n    """Name the loud day."""\n    return open("/etc/passwd").read()\n'
    refused = weekday_tool(sandbox).model_copy(update={"source": source, "entry": "day_of"})
    assert refused.refusal is not None
    with pytest.raises(ModelError):
        made(sandbox, loud_task(), [refused])
    assert not caplog.records


def test_only_current_tools_of_the_tenant_are_used(sandbox: Sandbox) -> None:
    library = ToolLibrary(InMemoryStore())
    library.for_tenant("acme").add(weekday_tool(sandbox))
    maker = create_tool_maker(None, sandbox=sandbox, helpers=library, search=quick_search)

    def helpers(tenant: str) -> list[str]:
        tool = maker.invoke(loud_task(), {"configurable": {"tenant": tenant}} if tenant else None)
        return [each.tool for each in tool.provenance.helpers]

    assert helpers("acme") == ["weekday_of"]
    for tenant in ("", "globex"):
        with pytest.raises(ModelError):
            helpers(tenant)
    library.for_tenant("globex").put_pending(weekday_tool(sandbox))
    with pytest.raises(ModelError):
        helpers("globex")
    library.for_tenant("globex").approve("weekday_of")
    assert helpers("globex") == ["weekday_of"]
    library.for_tenant("globex").remove("weekday_of")
    with pytest.raises(ModelError):
        helpers("globex")


def test_an_earlier_version_of_the_tool_is_not_used(sandbox: Sandbox) -> None:
    with pytest.raises(ModelError):
        made(sandbox, loud_task(name="weekday_of"), [weekday_tool(sandbox)])


def test_an_export_runs_without_the_library(sandbox: Sandbox, tmp_path: Path) -> None:
    tool = made(sandbox, loud_task(), [weekday_tool(sandbox)])
    exported = next(path for path in write_python(tool, tmp_path) if not path.name.startswith("test_"))
    call = f"import {exported.stem} as made; print(made.loud_day('2024-02-29'))"
    shown = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {call}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "DONNERSTAG"


def test_latm_show_names_the_other_tool(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    known = weekday_tool(sandbox)
    show_tool(made(sandbox, loud_task(), [known]))
    assert (
        f"It contains functions of other tools: weekday_of of weekday_of ({known.id[:12]})." in capsys.readouterr().out
    )
