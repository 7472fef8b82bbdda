"""Valid functions from a model's replies. Nothing is executed here."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from langchain_latm.making.proposing import (
    MAX_SOURCE_CHARACTERS,
    InvalidReplyError,
    code_in,
    entry_of,
    proposal_of,
)
from langchain_latm.sandbox import ExecutionResult, Failure, FailureKind
from langchain_latm.text.reading.naming import FORBIDDEN_PARAMETERS
from tests.unit_tests.made_tool import PARAMETERS
from tests.unit_tests.word_task import GOOD

PLAIN = 'def f(x: int) -> int:\n    """Double."""\n    return 2 * x\n'
HELPER = "def helper(x):\n    return x\n\n"
MAIN = 'if __name__ == "__main__":\n    print(f(3))\n'


def refusal(source: str) -> str:
    with pytest.raises(InvalidReplyError) as refused:
        entry_of(source)
    assert "\n" not in str(refused.value)
    return str(refused.value)


class TestCodeIn:
    @pytest.mark.parametrize(
        "reply",
        [
            PLAIN,
            f"\n\n{PLAIN}\n",
            f"```python\n{PLAIN}```",
            f"Here:\n\n```python\n{PLAIN}```\nIt doubles.",
            f"```\n{PLAIN}```",
            f"```py \n{PLAIN}```",
            f"``` python\n{PLAIN}```",
            f"```python3\n{PLAIN}",
            f"```python\r\n{PLAIN}```",
            f"```bash\npip install nothing\n```\n```python\n{PLAIN}```",
            f"```python\n{PLAIN}```\n```python\nprint(f(1))\n```\n```python\ndef g(): ...\n```",
            "1. So:\n   ```python\n" + "".join(f"   {line}\n" for line in PLAIN.splitlines()) + "   ```",
        ],
    )
    def test_the_first_code_with_a_function_is_taken(self, reply: str) -> None:
        assert code_in(reply) == PLAIN

    def test_windows_line_ends_are_read(self) -> None:
        code = code_in(f"```python\n{PLAIN}```".replace("\n", "\r\n"))
        assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(PLAIN))

    @pytest.mark.parametrize(
        ("reply", "reason"),
        [
            ("", "nothing at all"),
            (" \n\t", "nothing at all"),
            ("I cannot do that.", "no Python function in a ```python block"),
            ("```python\nprint(1)\n```", "no Python function in a ```python block"),
            ("```python\n```", "no Python function in a ```python block"),
            ("Use def inside a sentence", "no Python function in a ```python block"),
            ("```json\n{}\n```\n" + PLAIN, "no Python function in a ```python block"),
        ],
    )
    def test_a_reply_without_a_function_is_refused(self, reply: str, reason: str) -> None:
        with pytest.raises(InvalidReplyError) as refused:
            code_in(reply)
        assert str(refused.value) == f"the reply holds {reason}"

    def test_code_of_a_megabyte_is_refused(self) -> None:
        with pytest.raises(InvalidReplyError, match=f"at most {MAX_SOURCE_CHARACTERS:,} are taken"):
            code_in("```python\n" + PLAIN + "# long\n" * 150_000 + "```")

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "filler", ["\n", " ", "\t\n", "`", "```", "```\n", "```a\n", "a", "def", "\0", "\ud800", "\r\n"]
    )
    def test_endless_text_is_refused_at_once(self, filler: str) -> None:
        """A backtracking pattern would take hours."""
        with pytest.raises(InvalidReplyError):
            code_in("```python\n" + filler * (1_000_000 // len(filler)))


class TestEntryOf:
    @pytest.mark.parametrize(
        "before",
        [
            "",
            '"""A module."""\n',
            "import re, math\nfrom collections import Counter\nimport collections.abc\n",
            "from __future__ import annotations\n",
            "LIMIT: int = 3\nNAMES = ['a', 'b']\nPAIRS = {'a': (1, 2)}\nA = B = -1\n",
            "import re\nWORD = re.compile(r'\\w+')\n",
            "MONTHS = 'Jan Feb'.split()\nINDEX = {m: i for i, m in enumerate('Jan Feb'.split())}\n",
            "TABLE = str.maketrans('ab', 'ba')\nSQUARES = set(range(10))\n",
            "from decimal import Decimal\nRATE = Decimal('0.1')\n",
            "from typing import TypedDict\nclass Point(TypedDict):\n    x: int\n",
            "from enum import Enum\nclass Color(Enum):\n    RED = 1\n",
            HELPER,
            "def _helper(x):\n    return x\n",
        ],
    )
    def test_definitions_and_harmless_constants_are_kept(self, before: str) -> None:
        source = before + PLAIN.replace("2 * x", "helper(x)" if before == HELPER else "2 * x")
        assert entry_of(source) == (source, "f")

    @pytest.mark.parametrize(
        "source",
        [
            HELPER + PLAIN.replace("2 * x", "helper(x)"),
            PLAIN.replace("2 * x", "helper(x)") + HELPER,
            PLAIN.replace("2 * x", "first(x)") + "def first(x):\n    return second(x)\ndef second(x):\n    return x\n",
            PLAIN.replace("2 * x", "sorted([x], key=helper)") + HELPER,
            PLAIN.replace("2 * x", "f(x - 1) if x else helper(x)") + HELPER,
            "def _f(x):\n    return x\n" + PLAIN,
            "def helper(x):\n    return x\nTABLE = {'a': helper}\n" + PLAIN,
            "def f(y: str) -> str:\n    return y\n" + PLAIN,
        ],
    )
    def test_the_entry_is_the_function_that_no_other_uses(self, source: str) -> None:
        assert entry_of(source)[1] == "f"

    @pytest.mark.parametrize(
        "uses",
        [
            MAIN,
            MAIN.replace('"', "'"),
            'if "__main__" == __name__:\n    f(3)\n',
            "print(f(1))\n",
            "# Example:\nRESULT = f(1)\nprint(RESULT)\n",
            "for x in range(3):\n    assert f(x) == 2 * x\n",
            "numbers = [1, 2]\nnumbers.append(3)\nprint([f(each) for each in numbers])\n",
            '"""Doubles."""\n',
        ],
    )
    def test_examples_of_use_are_cut_off(self, uses: str) -> None:
        assert entry_of(f"{PLAIN}\n{uses}") == (PLAIN, "f")

    def test_a_main_block_is_cut_off_though_it_mentions_what_the_function_needs(self) -> None:
        source = PLAIN.replace("2 * x", "TABLE[x]") + "TABLE = [1, 2]\n"
        assert entry_of(source + MAIN.replace("3", "TABLE[0]")) == (source, "f")

    def test_a_main_block_between_functions_is_taken_out(self) -> None:
        helped = PLAIN.replace("2 * x", "helper(x)")
        assert entry_of(helped + MAIN + HELPER) == (helped + HELPER, "f")

    @pytest.mark.parametrize(
        "behind", ["TABLE = [0, 2, 4]\n", "TABLE: list[int] = []\n", "from re import compile as TABLE\n"]
    )
    def test_constants_that_the_function_needs_stay(self, behind: str) -> None:
        source = PLAIN.replace("2 * x", "TABLE[x]") + behind
        assert entry_of(source) == (source, "f")
        assert entry_of(f"{source}print(f(1))\n") == (source, "f")

    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("def f(:", "the code is not valid Python (line 1): "),
            (PLAIN + "    return (", "the code is not valid Python (line 4): '(' was never closed"),
            ("print('f')\n" + PLAIN, "line 1 does something outside of the function: \"print('f')\". Only imports"),
            (
                PLAIN.replace("2 * x", "RESULT * x") + "RESULT = open('x')\n",
                "line 4 does something outside of the function: \"RESULT = open('x')\"",
            ),
            (
                PLAIN.replace("2 * x", "TABLE[x]") + "TABLE = {}\nTABLE.update(a=1)\n",
                "line 5 does something outside of the function: 'TABLE.update(a=1)'",
            ),
            ("A = open('/etc/passwd').read()\n" + PLAIN, "line 1 does something outside of the function"),
            ("A: int = exit()\n" + PLAIN, "line 1 does something outside of the function"),
            ("A = ''.join(open('x'))\n" + PLAIN, "line 1 does something outside of the function"),
            ("A = 1\nA += 1\n" + PLAIN, "line 2 does something outside of the function"),
            ("for i in range(3):\n    pass\n" + PLAIN, "line 1 does something outside of the function"),
            ("try:\n    import re\nexcept ImportError:\n    re = None\n" + PLAIN, "line 1 does something outside"),
            ("if True:\n    pass\n" + PLAIN, "line 1 does something outside of the function: 'if True: pass'"),
            ("import os\n" + PLAIN, "line 1 imports 'os', which is not allowed"),
            ("import re, subprocess\n" + PLAIN, "line 1 imports 'subprocess', which is not allowed"),
            ("from os.path import join\n" + PLAIN, "line 1 imports 'os.path', which is not allowed"),
            ("from . import x\n" + PLAIN, "line 1 imports '.', which is not allowed"),
            ("from ..a import x\n" + PLAIN, "line 1 imports '..a', which is not allowed"),
            ("import numpy as np\n" + PLAIN, "line 1 imports 'numpy', which is not allowed"),
            (PLAIN.replace("return", "import socket; return"), "line 3 imports 'socket', which is not allowed"),
            ("X = 1\n", "there is no function at the top level"),
            ("class A:\n    def f(self, x: int): ...\n", "there is no function at the top level"),
            ("async " + PLAIN, "the function is async; write a plain def"),
            (PLAIN + HELPER, "there is no single entry function, but several: f, helper. Leave one"),
            ("def g(x):\n    return f(x)\n" + PLAIN.replace("2 * x", "g(x)"), "there is no single entry function"),
            ("def f(x: int) -> int:\n    return x\n", "f has no docstring"),
            ("def f() -> int:\n    'd'\n    return 1\n", "f takes no parameters"),
            ("def f(x) -> int:\n    'd'\n    return 1\n", "the parameter 'x' of f has no type annotation"),
            ("def f(x: int, *, y) -> int:\n    'd'\n    return 1\n", "the parameter 'y' of f has no type annotation"),
            ("def f(x: int, /) -> int:\n    'd'\n", "f has positional-only parameters, *args or **kwargs"),
            ("def f(*x: int) -> int:\n    'd'\n", "f has positional-only parameters, *args or **kwargs"),
            ("def f(x: int, **y: int) -> int:\n    'd'\n", "f has positional-only parameters, *args or **kwargs"),
            ("def f(_x: int) -> int:\n    'd'\n", "f has a parameter '_x', a name that is reserved"),
            *(
                (f"def f({name}: int) -> int:\n    'd'\n", f"f has a parameter '{name}', a name that is reserved")
                for name in sorted(FORBIDDEN_PARAMETERS)
            ),
        ],
    )
    def test_a_wrong_form_is_refused_with_the_reason(self, source: str, reason: str) -> None:
        assert refusal(source).startswith(reason)

    @pytest.mark.parametrize(
        "source",
        [
            "\0",
            PLAIN + "\0",
            "\ud800",
            PLAIN.replace("Double", "\ud800"),
            "(" * 10_000,
            "X = " + "[" * 150 + "]" * 150 + "\n",
            "X = " + "(" * 10_000 + ")" * 10_000 + "\n",
            "X = " + "-" * 10_000 + "1\n",
            "X = a" + "+a" * 9_000 + "\n",
            "X = f" + "()" * 1_500 + "\n",
            "if " + "a+" * 1_500 + "a:\n    pass\n",
            "X = a" + ".a" * 9_000 + "\n",
            "lambda: " * 2_500,
            "".join(" " * i + "if x:\n" for i in range(99)) + " " * 99 + "y\n",
            "".join(" " * i + "if x:\n" for i in range(150)),
            f"{PLAIN}\nX = 0x{'f' * 19_000}\n",
            f"def f(x: int = 0x{'f' * 19_000}) -> int:\n    'd'\n",
            "1" * 10_000,
            "x" * 1_000_000,
            "# coding: nonsense\n\xff",
            "f'{" * 1_000,
        ],
    )
    def test_hostile_code_is_refused_and_harms_nothing(self, source: str) -> None:
        assert len(refusal(source)) < 500


class TestProposalOf:
    def test_joins_the_source_with_what_the_sandbox_says(self) -> None:
        described = ExecutionResult(value={"description": "Sort words.", "parameters": PARAMETERS})
        proposal = proposal_of(GOOD, "sort_words", described)
        assert (proposal.source, proposal.entry) == (GOOD, "sort_words")
        assert (proposal.description, proposal.parameters) == ("Sort words.", PARAMETERS)

    @pytest.mark.parametrize(("line", "told"), [(None, "it broke"), (7, "it broke (line 7)")])
    def test_what_the_sandbox_refuses_is_refused(self, line: int | None, told: str) -> None:
        failure = Failure(kind=FailureKind.SOURCE, message="it broke", line=line)
        with pytest.raises(InvalidReplyError) as refused:
            proposal_of(GOOD, "sort_words", ExecutionResult(failure=failure))
        assert str(refused.value) == told

    @pytest.mark.parametrize(
        "value",
        [
            None,
            5,
            "text",
            [],
            [1, 2],
            {},
            {"description": "d"},
            {"description": 5, "parameters": PARAMETERS},
            {"description": "d", "parameters": PARAMETERS, "source": "other"},
            {"description": "d", "parameters": PARAMETERS, "more": 1},
            {"description": "d", "parameters": []},
            {"description": "d", "parameters": {}},
            {"description": "d", "parameters": {"type": "object", "properties": 5}},
            {"description": "d", "parameters": {"type": "object", "properties": {"a": 5}}},
            {"description": "d", "parameters": {"type": "object", "properties": {"a": {"type": "strange"}}}},
            {"description": "d", "parameters": {"type": "object", "properties": {"model_dump": {"type": "integer"}}}},
        ],
    )
    def test_a_hostile_description_is_refused(self, value: Any) -> None:
        with pytest.raises(InvalidReplyError, match="the parameters of sort_words cannot be described as JSON"):
            proposal_of(GOOD, "sort_words", ExecutionResult(value=value))
