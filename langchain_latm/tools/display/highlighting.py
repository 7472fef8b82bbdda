"""Python text in colours. It uses few classes, so that the page and its style sheet stay small."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

_CLASSES: Final[dict[_TokenType, str]] = {
    Comment: "c",
    Keyword: "k",
    Keyword.Constant: "n",
    Name.Builtin: "b",
    Name.Class: "f",
    Name.Decorator: "b",
    Name.Function: "f",
    Number: "n",
    Operator.Word: "k",
    String: "s",
}


def highlighted(source: str) -> Markup:
    """Return Python text as HTML. It is only tokenised, so any text is accepted."""
    words = ((_class(kind), text) for kind, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source))
    return Markup("").join(
        _span(name, "".join(text for _, text in group)) for name, group in groupby(words, key=lambda word: word[0])
    )


def changed_lines(lines: list[str]) -> Markup:
    """Return the lines of a unified diff as HTML."""
    return Markup("\n").join(_span({"+": "add", "-": "del", "@": "c"}.get(line[:1], ""), line) for line in lines)


def _span(name: str, text: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(name, text) if name else escape(text)


def _class(kind: _TokenType) -> str:
    while kind not in _CLASSES and kind.parent is not None:
        kind = kind.parent
    return _CLASSES.get(kind, "")
