"""Adding the code of a form to a source."""

from __future__ import annotations

import json

import pytest

from langchain_latm.making.proposing import entry_of
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.writing.written_source import with_writing

ECHO = '''\
def echo(value: list) -> list:
    """Give it back.

    Args:
        value: All.
    """
    return value
'''


class TestWithWriting:
    def test_the_source_keeps_its_function_and_gets_one_more(self, sandbox: Sandbox) -> None:
        source, entry = with_writing(ECHO, "echo", "json.dumps(value)")
        assert source.startswith(ECHO)
        assert entry == "echo_text"
        result = sandbox.call(ToolSource(source=source, entry=entry), {"value": [1, "a"]})
        assert result.value == json.dumps([1, "a"])

    @pytest.mark.parametrize(
        "head",
        [
            "def f(x: int) -> int:",
            "def f(x: list[str], y: float = 2.5, *, up: bool = True) -> list:",
            "def f(json: str, re: str) -> str:",
            "def f(value: dict[str, int], f_text: str = 'it\\'s') -> dict:",
            "def f(x: Literal['up', 'down'] = 'up') -> str:",
            'def f(x: Annotated[date, "A day"]) -> str:',
        ],
    )
    def test_the_sandbox_describes_it_with_the_same_parameters(self, sandbox: Sandbox, head: str) -> None:
        imports = "from datetime import date\nfrom typing import Annotated, Literal\n\n\n"
        before = f'{imports}{head}\n    """Do it.\n\n    Args:\n        x: That one.\n    """\n    return "1"\n'
        source, entry = with_writing(before, "f", "json.dumps(value) + re.sub('a', 'b', str(value))")
        described = [
            sandbox.check(ToolSource(source=text, entry=name)) for text, name in ((before, "f"), (source, entry))
        ]
        assert described[0].failure is None
        assert described[1].value == described[0].value

    def test_parameters_that_are_called_as_modules_are_handed_on(self, sandbox: Sandbox) -> None:
        before = 'def f(json: list, re: str) -> list:\n    """Do it."""\n    return [*json, re]\n'
        source, entry = with_writing(before, "f", "json.dumps(value) + re.sub('a', 'b', 'a')")
        result = sandbox.call(ToolSource(source=source, entry=entry), {"json": [1], "re": "x"})
        assert result.value == '[1, "x"]b'

    @pytest.mark.parametrize(
        ("head", "given"),
        [
            ("def f(f: int)", {"f": 3}),
            ("def f(f: int, f_value: int = 0, f_text: str = 'x')", {"f": 3}),
            ("def f(*, f: int)", {"f": 3}),
            ("def value(x: int)", {"x": 3}),
            ("def value(value: int)", {"value": 3}),
            ("def json(x: int)", {"x": 3}),
            ("def re(re: int, json: int = 1)", {"re": 3}),
        ],
    )
    def test_the_function_is_found_whatever_else_has_its_name(
        self, sandbox: Sandbox, head: str, given: dict[str, int]
    ) -> None:
        (name,) = given
        before = f'{head} -> list:\n    """Do it."""\n    return [{name}]\n'
        entry = head[len("def ") : head.index("(")]
        source, outer = with_writing(before, entry, "json.dumps(value) + re.sub('a', 'b', 'a')")
        tool = ToolSource(source=source, entry=outer)
        assert sandbox.call(tool, given).value == "[3]b"
        assert sandbox.check(tool).value == sandbox.check(ToolSource(source=before, entry=entry)).value
        assert entry_of(source)[1] == outer

    def test_its_name_is_not_that_of_a_class_or_module(self) -> None:
        for line in ("class echo_text: pass", "import re as echo_text", "from re import sub as echo_text"):
            assert with_writing(f"{line}\n{ECHO}", "echo", "str(value)")[1] == "echo_text_"

    def test_its_name_is_not_that_of_another_function(self) -> None:
        source = f"{ECHO}\n\ndef echo_text(x: int) -> int:\n    return echo_text_(x)\n"
        assert with_writing(source, "echo", "str(value)")[1] == "echo_text__"

    def test_of_two_functions_with_one_name_the_last_one_counts(self, sandbox: Sandbox) -> None:
        before = "".join(f'def f({x}: int) -> int:\n    """Do it."""\n    return {x}\n\n\n' for x in "ab")
        source, entry = with_writing(before, "f", "str(value)")
        assert sandbox.call(ToolSource(source=source, entry=entry), {"b": 3}).value == "3"

    def test_the_docstring_is_kept_whatever_it_holds(self, sandbox: Sandbox) -> None:
        docstring = 'Say "it\'s" \\ and \\x00 {value}.'
        before = f"def f(x: int) -> int:\n    {docstring!r}\n    return x\n"
        source, entry = with_writing(before, "f", "str(value)")
        described = sandbox.check(ToolSource(source=source, entry=entry))
        assert described.value == sandbox.check(ToolSource(source=before, entry="f")).value

    def test_writings_may_follow_each_other(self, sandbox: Sandbox) -> None:
        once = with_writing(ECHO, "echo", "', '.join(str(each) for each in value)")
        source, entry = with_writing(*once, "'(' + str(value) + ')'")
        assert sandbox.call(ToolSource(source=source, entry=entry), {"value": [1, 2]}).value == "(1, 2)"
