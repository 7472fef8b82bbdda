"""The record of a proven tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from langchain_latm.exceptions import LATMError, ToolRecordError
from langchain_latm.text.answer_check import CustomCheck, NumericCheck
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import (
    Example,
    VerificationReport,
)
from tests.unit_tests.made_tool import made_tool

A, B = Example(question="1+1", answer="2"), Example(question="2+2", answer="4")


def starts_alike(value: Any, answer: str) -> bool:
    return str(value)[0] == answer[0]


class TestMadeTool:
    def test_the_same_content_has_the_same_id(self) -> None:
        assert made_tool().id == made_tool().id
        assert len(made_tool().id) == 64

    @pytest.mark.parametrize(
        "change",
        [
            {"name": "other"},
            {"description": "Other."},
            {"source": "def sort_words(words: list[str]) -> str: ..."},
            {"check": "numeric"},
            {"worked_examples": ()},
        ],
    )
    def test_other_content_has_another_id(self, change: dict[str, Any]) -> None:
        assert made_tool(**change).id != made_tool().id

    def test_an_altered_record_does_not_keep_its_id(self) -> None:
        with pytest.raises(ValidationError, match="does not match its id"):
            MadeTool.model_validate(made_tool().model_dump() | {"source": "x"})

    def test_dump_and_load_give_the_same_tool(self, tmp_path: Path) -> None:
        value = {"ä": [1, 2.5, 1e22, -0.0, 10**30, None, True, "\u2028\x00"]}
        case = made_tool().report.cases[0].model_copy(update={"value": value})
        tool = made_tool(check=NumericCheck(), report=VerificationReport(cases=(case,), complete=True))
        path = tmp_path / "a.tool.json"
        path.write_text(tool.dump(), encoding="utf-8")
        loaded = MadeTool.load(path)
        assert loaded == tool
        assert loaded.dump() == tool.dump()
        assert MadeTool.load(str(path)).id == tool.id

    def test_a_check_that_is_a_function_is_left_out_of_the_record(self, tmp_path: Path) -> None:
        tool = made_tool(check=starts_alike)
        (tmp_path / "a.json").write_text(tool.dump(), encoding="utf-8")
        loaded = MadeTool.load(tmp_path / "a.json")
        assert loaded.id == tool.id
        assert loaded.check == CustomCheck(name="starts_alike")

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('"description": "Sort words."', '"description": "Sort word."'),
            ('"passed": true', '"passed": false'),
            ("sorted(words)", "reversed(words)"),
            ('"seconds": 1.5', '"seconds": 1.25'),
            (f'"id": "{made_tool().id}",', ""),
            (f'"id": "{made_tool().id}"', '"id": ""'),
        ],
    )
    def test_an_altered_file_is_refused(self, tmp_path: Path, before: str, after: str) -> None:
        text = made_tool().dump()
        assert before in text
        path = tmp_path / "a.json"
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        with pytest.raises(ToolRecordError, match="altered or damaged"):
            MadeTool.load(path)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"5",
            b"[]",
            b"{}",
            b"\xff\xfe",
            b"[" * 100_000,
            made_tool().dump().encode()[:-20],
            b'{"format": "langchain-latm/2"}',
        ],
    )
    def test_a_file_that_is_not_a_record_is_refused_by_name(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(content)
        with pytest.raises(ToolRecordError) as refused:
            MadeTool.load(path)
        assert str(refused.value).startswith(f"{path} is not a usable tool: ")
        assert "\n" not in str(refused.value)

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"parameters": {"type": "object", "properties": 5}}, "'properties' must be a dict"),
            ({"parameters": {"type": "object", "properties": {"model_dump": {}}}}, "model_dump"),
            ({"entry": "other"}, "no function 'other'"),
            ({"source": "def sort_words("}, "not valid Python"),
            ({"source": "\0"}, "null bytes"),
            ({"source": "(" * 10_000}, "not valid Python"),
        ],
    )
    def test_a_record_that_could_never_be_used_is_refused(
        self, tmp_path: Path, changes: dict[str, Any], told: str
    ) -> None:
        path = tmp_path / "a.json"
        path.write_text(made_tool(**changes).dump(), encoding="utf-8")
        with pytest.raises(ToolRecordError, match=told):
            MadeTool.load(path)

    def test_a_file_that_cannot_be_read_is_refused(self, tmp_path: Path) -> None:
        for path in (tmp_path / "nowhere.json", tmp_path):
            with pytest.raises(ToolRecordError, match=str(path)):
                MadeTool.load(path)
        with pytest.raises(ToolRecordError, match="null byte"):
            MadeTool.load("a\0b")

    def test_a_file_without_end_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("langchain_latm.tools.made_tool.MAX_RECORD_BYTES", 2**20)
        with pytest.raises(ToolRecordError, match="larger than 1 MB"):
            MadeTool.load("/dev/zero")

    def test_the_error_is_a_latm_error(self) -> None:
        assert issubclass(ToolRecordError, LATMError)
        assert issubclass(ToolRecordError, ValueError)
