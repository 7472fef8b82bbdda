"""A tool that may not be used is refused with the same message everywhere, and stays listed in its library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import create_sandbox, create_tool_user
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.interop.python_files import write_langchain, write_python
from langchain_latm.interop.skills import write_skill
from langchain_latm.making.proposing import InvalidReplyError, entry_of
from langchain_latm.sandbox import Sandbox
from langchain_latm.text.reading.naming import FORBIDDEN_PARAMETERS
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.made_tool import made_tool

_HEAD = 'def sort_words(words: list[str]) -> str:\n    """Sort."""\n'


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with create_sandbox() as opened:
        yield opened


def with_parameter(name: str) -> MadeTool:
    schema = {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}
    return made_tool(
        source=f'def f({name}: str) -> str:\n    """Do."""\n    return "x"\n', entry="f", parameters=schema
    )


REFUSED = {
    "text as code": made_tool(source=f"{_HEAD}    return eval(words[0])\n"),
    "an import": made_tool(source=f"import os\n\n\n{_HEAD}    return os.popen(words[0]).read()\n"),
    "a long source": made_tool(source=f"{_HEAD}    return ' '.join(sorted(words)){'  # more' * 10_000}\n"),
    "a deep source": made_tool(source=f"{_HEAD}    return {'[' * 150}words{']' * 150}\n"),
    **{name: with_parameter(name) for name in sorted(FORBIDDEN_PARAMETERS)},
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_the_same_words_everywhere(what: str, tmp_path: Path, sandbox: Sandbox) -> None:
    tool = REFUSED[what]
    reason = tool.refusal
    assert reason
    with pytest.raises(InvalidReplyError) as made:
        entry_of(tool.source)
    assert str(made.value) == reason
    (tmp_path / "a.json").write_text(tool.dump(), encoding="utf-8")
    attempts: dict[str, Any] = {
        "load": lambda: MadeTool.load(tmp_path / "a.json"),
        "use": lambda: create_tool_user(tool, sandbox=sandbox),
        "source": lambda: tool.tool_source,
        "skill": lambda: write_skill(tool, tmp_path / "out"),
        "python": lambda: write_python(tool, tmp_path / "out"),
        "langchain": lambda: write_langchain(tool, tmp_path / "out"),
    }
    for attempt in attempts.values():
        with pytest.raises(ToolRecordError) as refused:
            attempt()
        assert reason in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_a_library_lists_it_and_does_not_import_it(tmp_path: Path, sandbox: Sandbox) -> None:
    old, library = REFUSED["text as code"], ToolLibrary(InMemoryStore())
    library.add(old)  # as a library from before this check holds it
    assert [each.id for each in library.list()] == [old.id]
    served = library.get("word_sorting").as_tool(sandbox)
    said = served.invoke({"words": ["1"]})
    assert "may not be used: line 3 uses 'eval'" in said
    assert "Make it again" in said
    library.export_file(tmp_path / "library.json")
    with pytest.raises(ToolRecordError, match="may not be used: line 3 uses 'eval'"):
        ToolLibrary(InMemoryStore()).import_file(tmp_path / "library.json")
    library.add(made_tool())
    library.export_file(tmp_path / "library.json")  # an old version that is not in use does no harm
    assert ToolLibrary(InMemoryStore()).import_file(tmp_path / "library.json") == ("word_sorting",)


async def test_it_is_refused_in_async_code_too(sandbox: Sandbox) -> None:
    said = await REFUSED["an import"].as_tool(sandbox).ainvoke({"words": ["1"]})
    assert "may not be used: line 1 imports 'os'" in said


def test_a_long_record_is_refused_before_its_source_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_text(made_tool(source="a\n" * 1_000_000).dump(), encoding="utf-8")
    monkeypatch.setattr("ast.parse", lambda *_: pytest.fail("it was parsed"))
    with pytest.raises(ToolRecordError, match="2,000,000 characters; at most 50,000"):
        MadeTool.load(path)


def test_a_long_description_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(made_tool(description="d" * 30_000).dump(), encoding="utf-8")
    with pytest.raises(ToolRecordError, match="30,000 characters; at most 20,000"):
        MadeTool.load(path)
