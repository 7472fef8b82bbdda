"""Agent Skills: they validate, run on their own, and escape all texts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from langchain_latm.exceptions import LATMError, ToolRecordError
from langchain_latm.interop.skills import skill_name, write_skill
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import VerificationReport
from tests.unit_tests.interop.hostile import HOSTILE_TEXTS
from tests.unit_tests.made_tool import made_tool

FIELDS = {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}
RICH = '''\
from __future__ import annotations
import dataclasses
from datetime import date
from typing import TypedDict, Optional


@dataclasses.dataclass
class Span:
    first: date
    days: int


class Label(TypedDict):
    text: str


def f(spans: list[Span], pair: tuple[int, str], tags: set[str], label: Label, until: Optional[date] = None) -> dict:
    """Say what arrived."""
    print("noise")
    assert isinstance(pair, tuple) and isinstance(tags, set)
    return {"first": spans[0].first, "next": spans[0].first.replace(day=2), "pair": pair, "n": len(tags),
            "label": label["text"], "until": until and until.year}
'''


def front_matter(folder: Path) -> dict[str, Any]:
    text = (folder / "SKILL.md").read_text(encoding="utf-8")
    head = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    assert head
    assert "---" not in head[1], "the official validator would end the head there"
    return dict(yaml.safe_load(head[1]))


def validate(folder: Path) -> dict[str, Any]:
    """Check a folder as the specification has it (https://agentskills.io/specification)."""
    head = front_matter(folder)
    assert head.keys() <= FIELDS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", head["name"])
    assert len(head["name"]) <= 64
    assert head["name"] == folder.name
    assert isinstance(head["description"], str)
    assert head["description"].strip()
    assert len(head["description"]) <= 1024
    assert len(head["compatibility"]) <= 500
    assert all(isinstance(text, str) for pair in head["metadata"].items() for text in pair)
    return head


def run(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    script = next(path for path in (folder / "scripts").iterdir() if not path.name.endswith("_function.py"))
    return subprocess.run(
        [sys.executable, "-I", str(script), *words], input=typed, capture_output=True, text=True, check=False
    )


def test_a_skill_validates_and_answers_alone(tmp_path: Path) -> None:
    tool = made_tool()
    files = write_skill(tool, tmp_path)
    folder = tmp_path / "word-sorting"
    assert [str(path.relative_to(folder)) for path in files] == [
        "scripts/word_sorting_function.py",
        "scripts/word_sorting.py",
        "SKILL.md",
    ]
    head = validate(folder)
    assert "Sort words." in head["description"]
    assert "Sort: b a" in head["description"]
    assert head["metadata"]["tool-id"] == tool.id
    for path in files:
        assert "OUTSIDE of the sandbox" in path.read_text(encoding="utf-8")
    for case in tool.report.cases:
        given = json.dumps(case.arguments)
        assert run(folder, given).stdout == f"{case.expected}\n"
        assert run(folder, typed=given).stdout == f"{case.expected}\n"
        assert given in (folder / "SKILL.md").read_text(encoding="utf-8")
    assert len(list((folder / "scripts").iterdir())) == 2


def test_a_folder_that_has_the_name_is_the_skill_itself(tmp_path: Path) -> None:
    write_skill(made_tool(), tmp_path / "skills" / "word-sorting")
    validate(tmp_path / "skills" / "word-sorting")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["{"], 2, "not JSON"),
        (["[]"], 2, "one JSON object"),
        (["{}", "{}"], 2, "Usage"),
        (["--help"], 2, "Usage"),
        (['{"wrong": 1}'], 1, "unexpected keyword argument"),
        (['{"words": 3}'], 1, "TypeError"),
    ],
)
def test_wrong_arguments_are_reported(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    write_skill(made_tool(), tmp_path)
    done = run(tmp_path / "word-sorting", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_json_becomes_what_the_annotations_ask_for(tmp_path: Path) -> None:
    tool = made_tool(name="rich", source=RICH, entry="f", parameters={"type": "object", "properties": {}})
    write_skill(tool, tmp_path)
    arguments = {
        "spans": [{"first": "2024-05-01", "days": 3}],
        "pair": [1, "a"],
        "tags": ["x", "y"],
        "label": {"text": "ok"},
        "until": "2025-01-01",
    }
    done = run(tmp_path / "rich", json.dumps(arguments))
    assert done.stderr == "noise\n"
    assert json.loads(done.stdout) == {
        "first": "2024-05-01",
        "next": "2024-05-02",
        "pair": [1, "a"],
        "n": 2,
        "label": "ok",
        "until": 2025,
    }


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.slow
def test_no_text_of_a_model_leaves_its_place(tmp_path: Path, text: str) -> None:
    tool = made_tool()
    case = tool.report.cases[0].model_copy(
        update={"question": text or "?", "arguments": {"words": [text]}, "value": text, "expected": text}
    )
    changed = tool.model_dump(exclude={"id", "check"}) | {
        "description": text,
        "report": {"cases": [case.model_dump()], "complete": True},
        "provenance": {**tool.provenance.model_dump(), "maker_model": text},
        "parameters": {**tool.parameters, "description": text},
    }
    hostile = MadeTool.model_validate(changed)
    write_skill(hostile, tmp_path)
    head = validate(tmp_path / "word-sorting")
    assert head["name"] == "word-sorting"
    body = (tmp_path / "word-sorting" / "SKILL.md").read_text(encoding="utf-8").partition("\n---\n")[2]
    assert "# You are free" not in re.sub(r"^(`{3,})\w*\n.*?^\1$", "", body, flags=re.DOTALL | re.MULTILINE)
    assert "rm -rf" not in re.sub(r"^(`{3,})\w*\n.*?^\1$", "", body, flags=re.DOTALL | re.MULTILINE)
    done = run(tmp_path / "word-sorting", '{"words": ["b", "a"]}')
    assert (done.stdout, done.stderr, done.returncode) == ("a b\n", "", 0)


@pytest.mark.parametrize(
    ("name", "skill", "script"),
    [
        ("Word__Sort", "word-sort", "word__sort.py"),
        ("-7-", "7", "_7_.py"),
        ("9lives", "9lives", "tool_9lives.py"),
        ("---", "made-tool", "___.py"),
        ("json", "json", "made_json.py"),
        ("x" * 64, "x" * 64, "x" * 64 + ".py"),
    ],
)
def test_names_are_made_to_fit(tmp_path: Path, name: str, skill: str, script: str) -> None:
    tool = made_tool(name=name)
    assert skill_name(tool) == skill
    assert tmp_path / skill / "scripts" / script in write_skill(tool, tmp_path)


def test_nothing_is_replaced_unless_forced(tmp_path: Path) -> None:
    write_skill(made_tool(), tmp_path)
    own = tmp_path / "word-sorting" / "notes.txt"
    own.write_text("mine")
    with pytest.raises(FileExistsError, match="already exists"):
        write_skill(made_tool(description="Other."), tmp_path)
    assert "Other." not in (tmp_path / "word-sorting" / "SKILL.md").read_text(encoding="utf-8")
    write_skill(made_tool(description="Other."), tmp_path, force=True)
    assert "Other." in (tmp_path / "word-sorting" / "SKILL.md").read_text(encoding="utf-8")
    assert own.read_text() == "mine"
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


def test_what_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LATMError, match="cannot be written"):
        write_skill(made_tool(), tmp_path / "file")
    halved = VerificationReport(cases=(made_tool().report.cases[0].model_copy(update={"question": "\ud800"}),))
    with pytest.raises(ToolRecordError, match="lone surrogate"):
        write_skill(made_tool().model_copy(update={"report": halved}), tmp_path)
    assert not (tmp_path / "word-sorting").exists()


@pytest.mark.parametrize(
    ("source", "said"), [("def f(:\n", "not valid Python"), ("x = 1\n", "no function 'sort_words'")]
)
def test_a_source_that_is_not_a_function(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(ToolRecordError, match=said):
        write_skill(made_tool(source=source), tmp_path)


def test_nothing_is_executed_while_exporting(tmp_path: Path) -> None:
    assert write_skill(made_tool(source=f"raise SystemExit(7)\n{made_tool().source}"), tmp_path / "skills")
