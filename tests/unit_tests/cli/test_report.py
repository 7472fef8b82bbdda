"""`latm report`, as a user types it; each test has a library of its own."""

from __future__ import annotations

import json
import re
import webbrowser
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm.tools.report.report import is_report
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.report_library import fill
from tests.unit_tests.web_page import Page


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder of its own, on a filled library."""
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    monkeypatch.chdir(tmp_path)
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        fill(library)
    return command_line(monkeypatch, capsys)


@pytest.mark.slow
def test_it_writes_one_file(latm: Run, tmp_path: Path) -> None:
    code, told, said = latm("report")
    assert (code, told) == (0, "")
    assert re.fullmatch(r"Written to report\.html: 2 tools, \d+ kB\.", said.strip())
    page = Page.of((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.one("p", "where").text == str(tmp_path / "tools.sqlite")
    assert len(page.all("details", "tool")) == 3
    assert "No price is known for light, strong." in page.one("main").text


def test_prices_can_be_given(latm: Run, tmp_path: Path) -> None:
    assert latm("report", "--price", "strong=2/8", "--price", "light=0.4/1.6", "--out", "p.html")[0] == 0
    text = Page.of((tmp_path / "p.html").read_text(encoding="utf-8")).one("main").text
    assert "No price is known" not in text
    assert "$0.000152" in text
    code, told, said = latm("report", "--price", "strong=2", "--out", "q.html")
    assert (code, told, (tmp_path / "q.html").exists()) == (2, "", False)
    assert "'strong=2' is not MODEL=IN/OUT" in said


def test_json_is_one_object(latm: Run, tmp_path: Path) -> None:
    code, told, _ = latm("report", "--json", "--out", "there.html")
    size = (tmp_path / "there.html").stat().st_size
    assert (code, json.loads(told)) == (0, {"out": "there.html", "tools": 2, "bytes": size})


def test_a_report_is_replaced_and_nothing_else(latm: Run, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert latm("report")[0] == latm("report")[0] == 0
    target.write_text("<title>mine</title>", encoding="utf-8")
    code, told, said = latm("report")
    assert (code, told) == (2, "")
    assert "report.html already exists" in said
    assert "--force" in said
    assert target.read_text(encoding="utf-8") == "<title>mine</title>"
    assert latm("report", "--force")[0] == 0
    assert is_report(target)


def test_what_cannot_be_written_is_reported_before_any_work(latm: Run, tmp_path: Path) -> None:
    for out in ("missing/report.html", str(tmp_path)):
        code, told, said = latm("report", "--out", out)
        assert (code, told) == (2, "")
        assert str(Path(out).name) in said or "missing" in said


def test_an_old_report_survives_a_failure(latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert latm("report")[0] == 0
    old = (tmp_path / "report.html").read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    code, told, said = latm("report")
    assert (code, told, said) == (1, "", "Error: report.html cannot be written: No space left on device")
    assert (tmp_path / "report.html").read_bytes() == old


def test_open_shows_it_in_the_browser(latm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def show_once(url: str) -> bool:
        shown.append(url)
        return len(shown) == 1

    monkeypatch.setattr(webbrowser, "open", show_once)
    assert "No browser" not in latm("report", "--open", "--out", "a b.html")[2]
    assert shown == [(tmp_path / "a b.html").as_uri()]
    code, _, said = latm("report", "--open", "--out", "a b.html")
    assert code == 0
    assert said.endswith("No browser was found: open a b.html in one.")


def test_an_empty_library_makes_a_report_too(latm: Run, tmp_path: Path) -> None:
    code, _, said = latm("report", "--library", str(tmp_path / "new.sqlite"), "--out", "empty.html")
    assert (code, "0 tools" in said) == (0, True)
    assert "There are no tools yet" in (tmp_path / "empty.html").read_text(encoding="utf-8")


def test_a_file_that_is_not_a_library_is_reported(latm: Run, tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("no database at all, but a text of some length" * 40, encoding="utf-8")
    code, told, said = latm("report", "--library", str(tmp_path / "text.sqlite"))
    assert (code, told) == (1, "")
    assert "cannot be used as a tool library" in said
    assert not (tmp_path / "report.html").exists()
