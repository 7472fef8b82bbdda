"""Pictures: what they show, for inputs of all sizes."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from IPython.core.formatters import DisplayFormatter

from langchain_latm import draw_shares, draw_tokens
from langchain_latm.tools.display.drawing import WIDTH, Picture, Scale
from langchain_latm.tools.library.accounting import Balance, LibraryCosts, ToolCosts, Totals
from langchain_latm.types import Answer, TokenUsage, ToolUse

SVG = "{http://www.w3.org/2000/svg}"


def root(picture: Picture) -> ET.Element:
    """The picture as a browser parses it; each mark is within it."""
    parsed = ET.fromstring(picture.svg)  # noqa: S314 - our own text
    height = float(parsed.attrib["height"])
    for mark in parsed.iter(f"{SVG}rect"):
        at, width = float(mark.get("x", 0)), float(mark.get("width", 0))
        assert at >= 0
        assert at + width <= WIDTH + 0.2
        assert 0 <= float(mark.get("y", 0)) <= height
    for mark in parsed.iter(f"{SVG}text"):
        assert 0 <= float(mark.attrib["y"]) <= height
    return parsed


def texts(picture: Picture) -> list[str]:
    return [str(mark.text) for mark in root(picture).iter(f"{SVG}text")]


def widths(picture: Picture) -> list[float]:
    return [float(mark.attrib["width"]) for mark in root(picture).iter(f"{SVG}rect") if mark.get("height") == "22.0"]


def answer(tokens: int, *, tool: str | None = None, made: int = 0) -> Answer:
    usage = {"answering": TokenUsage(input_tokens=tokens, calls=1)} if tool is None else {}
    if made:
        usage["proposing"] = TokenUsage(input_tokens=made, calls=1)
    use = ToolUse(tool=tool, tool_id="0" * 64, arguments={}, value=1, seconds=0.0) if tool else None
    return Answer(question="a question", text="1", usage=usage, seconds=0.1, tool_use=use)


def costs(**direct: int | None) -> LibraryCosts:
    def balance(mean: int | None) -> dict[str, object]:
        return dict.fromkeys(Balance[int].model_fields) | {"direct": mean}

    totals = dict.fromkeys(Totals[int].model_fields) | {"left_out": ()}
    tools = [
        ToolCosts.model_validate(
            {"name": name, "current": True, "uses": 1, "failures": 0, "right": 0, "wrong": 0, "unpriced": ()}
            | {"tokens": balance(mean), "dollars": balance(None)}
        )
        for name, mean in direct.items()
    ]
    return LibraryCosts.model_validate(
        {"tools": tools, "failed_makings": 0, "tokens": totals, "dollars": totals, "unpriced": ()}
    )


def test_shares_add_up_to_the_width_and_none_vanishes() -> None:
    picture = draw_shares({"by hand": 20, "right": 4_977, "refused": 3}, of="rows")
    assert texts(picture) == ["5,000 rows", "by hand: 20", "right: 4,977", "refused: 3"]
    assert sum(widths(picture)) == pytest.approx(WIDTH - 24, abs=0.5)
    assert min(widths(picture)) >= 1.9
    assert widths(draw_shares({"a": 0, "b": 7}))[0] == 0.0
    assert widths(draw_shares({"a": 0})) == [0.0]


def test_what_is_not_a_share_is_an_error() -> None:
    for parts, message in (
        ({}, "expected one to 4, got 0"),
        ({str(n): 1 for n in range(5)}, "expected one to 4, got 5"),
        ({"a": -1}, "a count is negative"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            draw_shares(parts)


def test_long_and_hostile_names_stay_text_within_the_picture() -> None:
    name = '</svg><script>alert("1")</script>\x00'
    picture = draw_shares({name: 1, "b" * 40: 2}, of='"&<rows>')
    assert [*root(picture).iter(f"{SVG}script")] == []
    assert any(text.startswith(name[:-1]) for text in texts(picture))


def test_a_notebook_shows_a_picture_and_a_file_holds_it(tmp_path: Path) -> None:
    picture = draw_shares({"all": 3})
    bundle, _ = DisplayFormatter().format(picture)
    assert bundle == {"image/svg+xml": picture.svg, "text/plain": "<Picture: 3: 3 all>"}
    picture.save(tmp_path / "all.svg")
    assert (tmp_path / "all.svg").read_text() == picture.svg


def test_tokens_with_and_without_tools() -> None:
    stream = [answer(50), answer(70, made=900), answer(0, tool="sort"), answer(0, tool="sort")]
    picture = draw_tokens(stream, costs(sort=60))
    assert 'aria-label="4 requests took 1,020 tokens with tools, and 240 without"' in picture.svg
    assert {"Tokens of each request", "Tokens, added up", "with tools", "without"} <= set(texts(picture))


def test_a_tool_whose_direct_answers_are_unknown_saves_nothing() -> None:
    for known in (costs(), costs(sort=None)):
        assert (
            "took 50 tokens with tools, and 50 without" in draw_tokens([answer(50), answer(0, tool="sort")], known).svg
        )


@pytest.mark.parametrize("tokens", [[0], [1], [7, 0, 0], [10**9] * 2, [3] * 2_000])
def test_streams_of_all_sizes(tokens: list[int]) -> None:
    assert "requests:" in texts(draw_tokens([answer(each) for each in tokens], costs()))


def test_no_answers_are_an_error() -> None:
    with pytest.raises(ValueError, match="expected one or more"):
        draw_tokens([], costs())


def test_a_scale_keeps_within_its_ends() -> None:
    scale = Scale(1, 1_000, 100, 400, powers=True)
    assert [round(scale.at(each)) for each in (1, 10, 1_000, 0.1, 10**9)] == [100, 200, 400, 100, 400]
    assert Scale(5, 5, 0, 10).at(5) == 0
