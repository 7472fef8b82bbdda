"""The page about a library: its content, and that texts of tools stay text."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.store.base import PutOp
from langgraph.store.memory import InMemoryStore

from langchain_latm import (
    Comparison,
    Difference,
    Provenance,
    TokenUsage,
    ToolLibrary,
    VerificationCase,
    VerificationReport,
    library_costs,
)
from langchain_latm._core.flow import run_flow
from langchain_latm._core.visible import visible
from langchain_latm.tools.library.contents import contents
from langchain_latm.tools.library.library import operations_of
from langchain_latm.tools.library.store_batch import StoreBatch
from langchain_latm.tools.report.course import course
from langchain_latm.tools.report.plot import plot, ticks
from langchain_latm.tools.report.report import alibrary_report, is_report, library_report
from langchain_latm.tools.report.shown_text import Allowance
from tests.unit_tests.made_tool import made_tool, tool_for
from tests.unit_tests.report_library import PARSER, fill, made_of_requests, sorting, use
from tests.unit_tests.web_page import Page

PRICES = {"strong": (2, 8), "light": (0.4, 1.6)}
EVIL = "</script></style><img src=x onerror=alert(1)><!-- \"'><svg onload=alert(2)> \x00 \u202e \ufeff {{ 7 * 7 }} &lt;"


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


@pytest.fixture
def filled(library: ToolLibrary) -> ToolLibrary:
    fill(library)
    return library


def page_of(library: ToolLibrary, **options: Any) -> Page:
    return Page.of(library_report(library, **options))


def put(library: ToolLibrary, label: str, key: str, value: dict[str, Any]) -> None:
    library._store.batch([PutOp(operations_of(library).labels(*label.split("/")), key, value, index=False)])


@pytest.mark.slow
def test_the_head_sums_up_the_library(filled: ToolLibrary) -> None:
    page = page_of(filled, where="/home/me/tools.sqlite", prices=PRICES)
    head = page.one("header").text
    assert "/home/me/tools.sqlite" in head
    assert re.search(r"Written 20\d\d-\d\d-\d\d \d\d:\d\d UTC · langchain-latm [\d.]+ · langchain-core", head)
    tiles = {tile.one("dt").text: tile.one("dd").text for tile in page.all("div", "tile")}
    costs = library_costs(filled, prices=PRICES)
    assert tiles["Tools"] == "2 1 removed"
    assert tiles["Uses"] == "5 1 gave no answer"
    assert tiles["Tokens spent making"] == "28 $0.000152 and 1,000 on making without a tool"
    assert tiles["Tokens spent using"] == "8 $0.000003"
    assert costs.tokens.saved == 40 - 8 - 28 - 1_000
    assert tiles["Tokens saved"].startswith("-996 ")


def test_a_tool_shows_everything_about_it(filled: ToolLibrary) -> None:
    tool = page_of(filled, prices=PRICES).tool("word_sorting")
    assert tool.one("h3").text == "word_sorting"
    assert tool.all("summary")[0].text == "word_sorting Sort words. paid for itself 5 uses 18 tokens saved"
    assert tool.one("p", "signature").text == "sort_words(words: list[str]) -> str"
    assert tool.one("dl", "parameters").text == "wordsThe words."
    account, made = (
        {each.one("dt").text: each.one("dd").text for each in facts.all("div")} for facts in tool.all("dl", "facts")
    )
    assert {name: account[name] for name in ("Uses", "Failures", "Success", "Feedback")} == {
        "Uses": "5",
        "Failures": "1",
        "Success": "80%",
        "Feedback": "1 right, 1 wrong",
    }
    assert account.keys() >= {"Last use (UTC)", "Current since (UTC)"}
    cells = [cell.text for cell in tool.one("table", "account").all("td")]
    assert cells[:6] == ["14", "8", "10", "40", "18", "after 3 uses"]  # 14 / (32 / 5) = 2.2
    assert cells[6].startswith("$0.0000")
    assert "pays after 3 uses" in tool.one("figcaption").text
    assert [mark.text for mark in tool.one("p", "pattern").all("mark")] == ["{words}"]
    assert tool.one("p", "pattern").text == "Sort: {words}"
    rows = [[cell.text for cell in row.all("td")] for row in tool.one("table", "proof").all("tr")][1:]
    assert rows == [
        ["right shown", "Sort: b a", '{"words": ["b", "a"]}', "a b", "a b", "12.3"],
        ["right unseen", "Sort: pear fig", '{"words": ["pear", "fig"]}', "fig pear", "fig pear", "0.0"],
    ]
    assert (made["Written by"], made["Arguments read by"], made["Attempts"]) == ("strong", "light", "1, 1 candidate")
    assert (made["Tokens, proposing"], made["Time"]) == ("3 in, 4 out, 1 call", "1.5 s")
    assert made["Record"] == filled.get("word_sorting").id


def test_a_source_is_whole_and_coloured(filled: ToolLibrary) -> None:
    (source, _) = page_of(filled).tool("word_sorting").all("pre")
    assert "".join(source.parts) == filled.get("word_sorting").source.strip("\n")
    assert "def" in [word.text for word in source.all("span", "k")]
    assert "sort_words" in [word.text for word in source.all("span", "f")]


def test_the_history_says_why_a_version_replaced_another_and_what_changed(filled: ToolLibrary) -> None:
    tool = page_of(filled).tool("word_sorting")
    rows = [[cell.text for cell in row.all("td")] for row in tool.one("table", "history").all("tr")][1:]
    newest, oldest = filled.history("word_sorting")[::-1]
    assert [row[1:] for row in rows] == [
        ["added", newest.id[:12], "feedback found 1 of 2 answers wrong"],
        ["added", oldest.id[:12], "made of 3 requests"],
    ]
    diff = tool.one("pre", "diff")
    assert [line.text for line in diff.all("span", "add")] == ['+ return " ".join(sorted(words, key=str.casefold))']
    assert [line.text for line in diff.all("span", "del")] == ['- return " ".join(sorted(words))']


def test_a_removed_tool_stays_to_be_seen(filled: ToolLibrary) -> None:
    tool = page_of(filled).tool("gone")
    assert "removed" in tool.all("summary")[0].text
    assert "no longer needed" in tool.one("table", "history").text
    assert tool.all("pre")


def test_tools_stand_in_order_with_what_they_are_sorted_by(filled: ToolLibrary) -> None:
    tools = page_of(filled).all("details", "tool")
    told = [
        (each.attributes["data-name"], each.attributes["data-uses"], each.attributes["data-saved"]) for each in tools
    ]
    assert told == [("gone", "0", "-7"), ("spare", "0", "-7"), ("word_sorting", "5", "18")]


def test_the_curve_ends_at_the_accounts(filled: ToolLibrary) -> None:
    costs = library_costs(filled)
    found = course(run_flow(contents(operations_of(filled))).steps(), costs)
    assert found is not None
    assert (found.last.uses, int(found.last.with_tools), int(found.last.without)) == (5, 8 + 28 + 1_000, 40)
    assert found.last.saved == costs.tokens.saved
    assert [(point.uses, int(point.saved)) for point in found.points[:4]] == [(0, 0), (0, -7), (1, -7), (2, 1)]
    assert found.paid_at is None  # the making in vain came last
    figure = page_of(filled).one("figure", "chart")
    assert figure.one("svg", "curve").attributes["role"] == "img"
    said = figure.one("span", "said")
    assert figure.one("svg", "curve").attributes["aria-labelledby"] == said.attributes["id"]
    assert said.text == "1,036 were spent with tools; direct answers would have taken 40."
    rows = [[cell.text for cell in row.all("td")] for row in figure.one("table").all("tr")][1:]
    assert (rows[0], rows[-1]) == (["0", "", "7", "0", "-7"], [*rows[-1][:2], "1,036", "40", "-996"])
    assert rows[-1][0] == "5"


@pytest.mark.slow
def test_the_curve_says_when_the_tools_were_paid_for(library: ToolLibrary) -> None:
    tool = sorting()
    made_of_requests(library, tool)
    for number in range(1_000):
        use(library, tool, f"use-{number}", tokens=4)
    found = course(run_flow(contents(operations_of(library))).steps(), library_costs(library))
    assert found is not None
    assert found.paid_at == 2  # 7 < 2 * (10 - 4)
    assert (found.last.uses, int(found.last.saved)) == (1_000, 6_000 - 7)
    assert 250 < len(found.points) <= 602
    drawn = plot(found)
    assert [tick.text for tick in drawn.across] == ["0", "500", "1,000"]
    assert [area.saved for area in drawn.areas] == [False, True]
    assert drawn.paid is not None
    assert len(drawn.rows) <= 26
    assert drawn.rows[-1] == found.last
    assert "paid for at use 2" in page_of(library).one("figure", "chart").text


@pytest.mark.parametrize(
    ("most", "found"),
    [(1, [0, 1]), (7, [0, 2, 4, 6, 8]), (10_000, [0, 5_000, 10_000]), (12_345, [0, 5_000, 10_000, 15_000])],
)
def test_axes_have_round_numbers(most: int, found: list[int]) -> None:
    assert ticks(most) == found
    assert ticks(most, within=True) == [each for each in found if each <= most]


def test_without_anything_to_compare_no_curve_is_drawn(library: ToolLibrary) -> None:
    library.add(made_tool())
    assert "No tool has been used yet" in page_of(library).one("main").text
    library.record_use(made_tool())
    page = page_of(library)
    assert "There is nothing to compare with" in page.one("main").text
    assert not page.all("svg", "curve")
    assert "savings unknown" in page.tool("word_sorting").all("summary")[0].text


def test_bars_compare_what_tools_saved(filled: ToolLibrary) -> None:
    rows = [row.text for row in page_of(filled).one("table", "bars").all("tr")][1:]
    assert rows == ["word_sorting 18", "gone -7", "spare -7"]


def test_an_empty_library_says_how_to_fill_it(library: ToolLibrary) -> None:
    page = page_of(library)
    assert "There are no tools yet. latm make" in page.one("main").text
    assert not page.all("details")
    assert not page.all("svg")


def test_a_damaged_record_is_reported_and_hides_no_other(filled: ToolLibrary) -> None:
    put(filled, "records", filled.get("spare").id, {"json": '{"name": "<b>spare</b>"}'})
    page = page_of(filled)
    spare = page.tool("spare")
    assert "damaged" in spare.all("summary")[0].text
    assert "the stored tool" in spare.one("p", "problem").text
    assert "from a file" in spare.one("table", "history").text
    assert "damaged" not in page.tool("word_sorting").all("summary")[0].text
    assert page.all("div", "tile")[0].text == "Tools1 1 removed 1 damaged"


def test_a_tool_that_was_used_and_never_added_is_shown(library: ToolLibrary) -> None:
    library.record_use(made_tool(name="stranger"))
    tool = page_of(library).tool("stranger")
    assert tool.one("p", "problem").text == "there is no record of it in the library"


def evil_library(text: str) -> ToolLibrary:
    """A library with a text in every place that takes one."""
    library = ToolLibrary(InMemoryStore())
    case = VerificationCase(
        role="validation", question=text, expected=text, arguments={text: [text]}, value=text, passed=True, error=None
    )
    report = VerificationReport(cases=(case, case.model_copy(update={"error": text, "passed": False})), complete=True)
    provenance = Provenance(
        maker_model=text,
        user_model=text,
        attempts=1,
        candidates=1,
        usage={"proposing": TokenUsage(input_tokens=3, output_tokens=4, calls=1)},
        seconds=1,
        created_at=text,
        versions={text: text},
    )
    parameters = {"type": "object", "properties": {"words": {"type": "array", "description": text}}}
    tool = sorting(
        description=text,
        source=f"def sort_words(words: list[str]) -> str:\n    return {text!a}\n",
        parameters=parameters,
        report=report,
        provenance=provenance,
        parser=PARSER.model_copy(update={"literals": (text, text)}),
    )
    library.add(tool, reason=text)
    library.add(
        tool.model_copy(update={"id": ""}).model_validate(tool.model_dump() | {"id": "", "source": f"# {text}"})
    )
    library.record_use(tool, model=text)
    return library


def test_no_text_of_a_tool_becomes_more_than_text() -> None:
    """The page has the same elements, whatever stands in it."""
    tame, evil = (page_of(evil_library(text), where=text) for text in ("x" * len(EVIL), EVIL))
    plain = [(each.tag, sorted(each.attributes)) for each in tame.inner if each.tag != "span"]
    assert [(each.tag, sorted(each.attributes)) for each in evil.inner if each.tag != "span"] == plain
    shown = visible(EVIL)
    assert "\\x00 \\u202e \\ufeff" in shown
    for place in (evil.one("p", "where"), evil.tool("word_sorting").one("table", "proof").all("td")[1]):
        assert place.text == shown
    assert not set("\x00\u202e\ufeff") & set("".join(evil.parts))


def test_the_page_lets_nothing_in_but_its_own_style_and_script() -> None:
    html = library_report(evil_library(EVIL), where=EVIL)
    page = Page.of(html)
    (policy,) = (
        each.attributes["content"]
        for each in page.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for rule, tag in (("style-src", "style"), ("script-src", "script")):
        text = "".join(page.one(tag).parts)
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    for element in page.inner:
        assert element.tag not in {"img", "iframe", "object", "embed", "link", "base", "form", "use", "image"}
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "srcset", "action", "xlink:href"}
            assert name != "href" or value.startswith("#")
    assert not re.search(
        r"url\(|@import|fetch|XMLHttp|import\(", "".join(page.one("style").parts + page.one("script").parts)
    )


def test_ids_are_unique_and_every_reference_has_its_target(filled: ToolLibrary) -> None:
    page = page_of(filled)
    ids = [each.attributes["id"] for each in page.inner if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    wanted = {each.attributes["href"][1:] for each in page.all("a")}
    wanted |= {each.attributes["aria-labelledby"] for each in page.inner if "aria-labelledby" in each.attributes}
    assert wanted <= set(ids)


def test_nothing_of_a_tool_runs(library: ToolLibrary, tmp_path: Path) -> None:
    target = tmp_path / "ran"
    library.add(made_tool(source=f"open({str(target)!r}, 'w')\ndef sort_words(words: list[str]): pass\n"))
    assert page_of(library).tool("word_sorting").one("p", "signature").text == "sort_words(words: list[str])"
    assert not target.exists()


@pytest.mark.parametrize(
    "source",
    ["def sort_words(:", "(" * 5_000, "x = '\\ud800'\x00", "sort_words = print", "#" * 200_000, "f'{" * 3_000],
    ids=["broken", "nested", "nul", "no function", "long", "open"],
)
def test_a_source_that_is_not_python_is_shown_anyway(library: ToolLibrary, source: str) -> None:
    library.add(made_tool(source=source))
    tool = page_of(library).tool("word_sorting")
    assert tool.one("p", "signature").text == "sort_words(words)"
    assert "".join(tool.one("pre").parts).startswith(visible(source[:1_000]))


def test_long_texts_are_folded_and_omissions_are_reported(library: ToolLibrary) -> None:
    question = "Sort: " + "word " * 2_000
    library.add(tool_for("long", [question], source="# " + "x" * 500_000, description="Sorts. " * 1_000))
    html = library_report(library)
    assert len(html) < 120_000
    tool = Page.of(html).tool("long")
    folded = tool.one("table", "proof").one("details")
    assert folded.one("summary").text.endswith("word … 10,006 characters")
    assert "6,006 more characters are not in this file; latm tools show" in folded.text
    assert any("more characters are not in this file" in each.text for each in tool.all("p", "quiet"))
    assert "470,002 more" in tool.text


@pytest.mark.slow
def test_many_tools_share_the_room(library: ToolLibrary) -> None:
    for number in range(10):
        cases = [f"{number} {case} " + "?" * 2_000 for case in range(20)]
        library.add(tool_for(f"tool_{number}", cases, source="# " + "x" * 50_000))
    generous, small = (library_report(library, characters=each) for each in (3_000_000, 20_000))
    assert len(small) < 230_000 < len(generous)
    tool = Page.of(small).tool("tool_7")
    assert len(tool.one("table", "proof").all("tr")) == 1 + 13
    assert "7 more cases are not in this file" in tool.text


def test_an_allowance_counts_what_it_gives() -> None:
    given = Allowance(1_000).take("\x00" * 900, most=900)
    assert len(given.head) <= 1_800
    assert given.head.count("\\x00") + given.left_out == 900
    used_up = Allowance(0)
    assert used_up.take("x" * 100, most=100).left_out == 60  # a little of each text is always shown
    folded = Allowance(1_000).take("one two three", most=100, at_once=9)
    assert (folded.head, folded.rest, folded.characters) == ("one two ", "three", 13)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\r\n", "plain\ttext\n"),
        ("a\rb\x1b[31m", "a\\rb\\x1b[31m"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("half \ud800", "half \\ud800"),
        ("\U000e0041tag", "\\U000e0041tag"),
        (
            "\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f680 \u6f22\u3000",
            "\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f680 \u6f22\u3000",
        ),
    ],
)
def test_invisible_and_bidirectional_characters_become_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


async def test_the_async_report_is_the_same(filled: ToolLibrary) -> None:
    said = re.compile(r'<time datetime="[^"]+">')
    one, other = library_report(filled, where="here"), await alibrary_report(filled, where="here")
    assert said.sub("", one) == said.sub("", other)


def test_a_report_is_recognized_by_its_meta_tag(filled: ToolLibrary, tmp_path: Path) -> None:
    ours, other = tmp_path / "report.html", tmp_path / "other.html"
    ours.write_text(library_report(filled), encoding="utf-8")
    other.write_text("<!doctype html><title>langchain-latm report</title>", encoding="utf-8")
    assert is_report(ours)
    assert not is_report(other)
    assert not is_report(tmp_path / "missing.html")
    assert not is_report(tmp_path)


def test_the_store_is_read_in_one_batch(filled: ToolLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the costs and the rest of the page show the library at the same moment."""
    batches: list[StoreBatch] = []
    run = StoreBatch.run

    def count(batch: StoreBatch, config: RunnableConfig) -> list[Any]:
        batches.append(batch)
        return run(batch, config)

    monkeypatch.setattr(StoreBatch, "run", count)
    library_report(filled)
    assert len(batches) == 1


def test_how_surely_the_proof_is_no_chance_is_shown(library: ToolLibrary) -> None:
    report = sorting().report.model_copy(update={"trials": 1, "chance": 0.004, "accuracy": 0.36})
    library.add(sorting(report=report))
    shown = page_of(library).tool("word_sorting").text
    assert "with 1 candidate tried on the unseen examples: at most 0.4 %. Right on at least 36 %" in shown


def test_what_came_of_other_proven_functions_is_shown(library: ToolLibrary) -> None:
    difference = Difference(question="Sort: <b>", answers=("<i>", "b"), decided_by="model", answer="b")
    comparison = Comparison(functions=2, inputs=90, agreed=89, differences=(difference,))
    library.add(sorting(report=sorting().report.model_copy(update={"comparison": comparison})))
    shown = page_of(library).tool("word_sorting").text
    assert "2 different functions are right on all examples, and agree on 89 of 90 other requests." in shown
    assert "They differ on 'Sort: <b>': '<i>' or 'b'. A model decided 1." in shown


def test_progress_counts_the_tools(library: ToolLibrary) -> None:
    for number in range(3):
        library.add(made_tool(name=f"tool_{number}"))
    told: list[tuple[int, int]] = []
    library_report(library, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3)]
