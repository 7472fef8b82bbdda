"""Functions of other tools are offered to a maker, and become a part of the source that calls them."""

from __future__ import annotations

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, create_tool_maker
from langchain_latm._core.source import parse_source
from langchain_latm.making.helpers.made import MadeHelper, with_made
from langchain_latm.making.helpers.renaming import definitions, disjoint
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.making.helpers.known_tools import crew, crew_tool, loud_task, weekday_tool
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import code


def test_a_maker_is_offered_functions_that_share_words_and_may_call_them(sandbox: Sandbox) -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(weekday_tool(sandbox))
    library.add(crew_tool(sandbox))
    model = ScriptedChatModel(
        script=lambda _: code('def loud_day(day: str) -> str:\n    """Shout."""\n    return weekday_of(day).upper()\n')
    )
    task = loud_task(description="Write the weekday in capitals.")
    tool = create_tool_maker(model, sandbox=sandbox, helpers=library, attempts=1, second_attempts=0).invoke(task)
    (prompt,) = model.prompts
    said = str(prompt)
    assert "- weekday_of(date: str) -> str: Return the weekday of a date. weekday_of(date='2031-07-14')" in said
    assert "crew_of" not in said
    assert [str(each) for each in tool.provenance.helpers] == [
        f"weekday_of of weekday_of ({weekday_tool(sandbox).id[:12]})"
    ]
    assert tool.source.count("def weekday_of") == 1


def test_a_copy_of_an_offered_function_is_replaced(sandbox: Sandbox) -> None:
    helper = MadeHelper.of(crew_tool(sandbox))
    assert helper is not None
    wrong = 'def crew_of(date):\n    return "me"\n\n\ndef f(day: str) -> str:\n    return crew_of(day) + "!"\n'
    source, used = with_made(wrong, [helper])
    assert '"me"' not in source
    assert [each.function for each in used] == ["crew_of"]
    unused, none = with_made("def f(day: str) -> str:\n    return day\n", [helper])
    assert (unused, none) == ("def f(day: str) -> str:\n    return day\n", ())


def test_names_that_conflict_are_changed_in_the_inlined_module(sandbox: Sandbox) -> None:
    helper = MadeHelper.of(crew_tool(sandbox))
    assert helper is not None
    own = "CREWS = 3\n\n\ndef f(day: str) -> str:\n    return crew_of(day) * CREWS\n"
    source, _ = with_made(own, [helper])
    assert {"CREWS", "CREWS_", "crew_of", "f", "day_of"} == definitions(parse_source(source)).keys()


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("X = 1\n\n\ndef f(X: int) -> int:\n    return X\n", {"X": ""}),
        ("X = 1\n\n\ndef f() -> list[int]:\n    return [X for X in range(3)]\n", {"X": ""}),
        ("N = 0\n\n\ndef f() -> None:\n    global N\n    N = 1\n", {"N": ""}),
        ("import os.path\n\n\ndef f() -> str:\n    return os.path.sep\n", {"os": ""}),
    ],
)
def test_names_that_inner_scopes_bind_too_are_not_changed(source: str, taken: dict[str, str]) -> None:
    assert disjoint(source, taken) is None


def test_equal_imports_do_not_conflict() -> None:
    source = "import re\nfrom math import pi\n\n\ndef f() -> float:\n    return pi\n"
    assert disjoint(source, {"re": "re", "pi": "math:pi"}) == (source, {})
    renamed = disjoint(source, {"re": "", "pi": "math:pi"})
    assert renamed is not None
    assert renamed[1] == {"re": "re_"}
    assert "import re as re_" in renamed[0]


def test_the_example_of_a_line_is_short_and_plain(sandbox: Sandbox) -> None:
    helper = MadeHelper.of(crew_tool(sandbox))
    assert helper is not None
    assert (
        helper.line
        == f"- crew_of(date: str) -> str: Name the crew on duty. crew_of(date='2031-07-14') == {crew('2031-07-14')!r}"
    )
