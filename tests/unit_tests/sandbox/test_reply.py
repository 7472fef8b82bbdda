"""Reading replies: malformed ones are refused on the host."""

from __future__ import annotations

import gc
import math
from typing import Any

import pydantic_core
import pytest

from langchain_latm.sandbox import _reply
from langchain_latm.sandbox._reply import MalformedReplyError, Reply, read_entries, read_entry
from langchain_latm.sandbox._wire import MAX_DEPTH, MAX_MESSAGE

VALUE_BYTES = 100_000
PRINTED_BYTES = 1_000


def read(entry: str) -> Reply:
    return read_entry(entry.encode(), VALUE_BYTES, PRINTED_BYTES)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"":', "}")])
def test_depth(opening: str, closing: str) -> None:
    """The limit that holds inside holds here too, to the level."""

    def value(depth: int) -> str:
        return f"={opening * depth}1{closing * depth}"

    assert read(value(MAX_DEPTH)).failure is None
    for depth in (MAX_DEPTH + 1, 300, 900, 15_000):
        with pytest.raises(MalformedReplyError):
            read(value(depth))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('="{}"', VALUE_BYTES - 2),
        ('=1\t"{}"', PRINTED_BYTES),
        ('!["source","{}",null]', MAX_MESSAGE),
        ('!["source","",null]\t"{}"', PRINTED_BYTES),
    ],
    ids=["value", "prints", "failure", "prints of a failure"],
)
def test_sizes(text: str, size: int) -> None:
    """What is as large as it may be is read; one byte more is refused."""
    read(text.replace("{}", "x" * size))
    with pytest.raises(MalformedReplyError):
        read(text.replace("{}", "x" * (size + 1)))


def test_prints_are_measured_as_utf8() -> None:
    assert read('=1\t"{}"'.replace("{}", r"\u00e9" * (PRINTED_BYTES // 2))).printed == "é" * (PRINTED_BYTES // 2)
    with pytest.raises(MalformedReplyError):
        read('=1\t"{}"'.replace("{}", r"\u00e9" * (PRINTED_BYTES // 2 + 1)))


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "=",
        "1",
        "?1",
        "=1 2",
        "=1\n=2",
        "=NaN",
        "=Infinity",
        "=1e999",
        "=-1e999",
        "=[1E999]",
        f"=[{'9' * 400}.0]",
        f"={'9' * 5000}",
        '="é"',
        r'="\ud800"',
        r'={"\udfff":1}',
        '="a\tb"',
        "=01",
        "=+1",
        "='a'",
        "=[1,]",
        '={"a":1,}',
        "=1\tx",
        "=1\t1",
        '=1\t["x"]',
        "![]",
        "!{}",
        '!["source","x"]',
        '!["wall","x",null]',
        '!["source",1,null]',
        '!["source","x",-1]',
        '!["source","x",true]',
        '!["source","x",1.5]',
        f'!["source","x",{"9" * 100}]',
        '!["source","x",null,""]',
    ],
)
def test_what_is_not_a_reply(entry: str) -> None:
    with pytest.raises(MalformedReplyError):
        read(entry)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("=null", None),
        ("=-0.0", -0.0),
        ("=5e-324", 5e-324),
        ("=1e308", 1e308),
        (f"={'9' * 4300}", int("9" * 4300)),
        (r'="\ud83d\ude00 \u0000"', "\U0001f600 \x00"),
        ('={"a":1,"a":2}', {"a": 2}),
    ],
)
def test_values(entry: str, value: Any) -> None:
    found = read(entry).value
    assert (found, type(found)) == (value, type(value))
    assert not isinstance(value, float) or math.copysign(1, found) == math.copysign(1, value)


@pytest.mark.parametrize(
    ("entries", "values"),
    [
        ("=1\n=[2]\n={}", [1, [2], {}]),
        ('=1\t"x"\n="!"', [1, "!"]),
        (f"=1\n={'[' * MAX_DEPTH}{']' * MAX_DEPTH}", None),
        ('=1\n!["source","",null]', [1, None]),
        (f'="{"x" * (VALUE_BYTES - 2)}"\n=1', None),
    ],
)
def test_parts_of_a_batch(entries: str, values: list[Any] | None) -> None:
    """They are the same whether they are read together or one by one."""
    found = read_entries(bytearray(entries.encode()), VALUE_BYTES, PRINTED_BYTES)
    assert found == [read(entry) for entry in entries.split("\n")]
    assert values is None or [reply.value for reply in found] == values


@pytest.mark.parametrize(
    "entries", ["=1\n", "=1\n2", "=1,2\n=3", "=[1\n=2]\n=3", "=1\n=1e999", f"=1\n={'[' * 201}{']' * 201}", "=1\n\n=2"]
)
def test_what_is_not_a_part_of_a_batch(entries: str) -> None:
    with pytest.raises(MalformedReplyError):
        read_entries(bytearray(entries.encode()), VALUE_BYTES, PRINTED_BYTES)


def test_large_reply_needs_no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is read no collection begins; afterwards the collector is as it was."""
    seen: list[bool] = []
    parse = pydantic_core.from_json

    def watched(text: bytes, **how: Any) -> Any:
        seen.append(gc.isenabled())
        return parse(text, **how)

    monkeypatch.setattr(_reply, "from_json", watched)
    assert len(read(f"=[{'[],' * 30_000}1]").value) == 30_001
    assert read("=[1]").value == [1]
    gc.disable()
    try:
        read(f"=[{'[],' * 30_000}1]")
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert seen == [False, True, False]
