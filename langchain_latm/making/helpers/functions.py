"""Functions that a made function may call: each reads values off text.

The text of each becomes a part of the tool (`making.helpers.inlining`), beside the tool's own names. So each function
imports what it needs, only from the standard library. Each takes time in proportion to its text, and raises
`ValueError` if the text is ambiguous. A function stays only if it serves several kinds
(`benchmarks.making.helpers` measures that).
"""
# ruff: noqa: PLC0415 - see the docstring

from __future__ import annotations


def evaluate(expression: str) -> int | float:
    """Return the value of an arithmetic expression such as "2 * (3.5 - 1) =", worked out without rounding."""
    import ast
    import operator
    import re
    from fractions import Fraction

    most, largest = 2_000, 10**40
    kinds = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def value(node: object) -> Fraction:
        if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
            return Fraction(str(node.value))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in kinds:
            result: Fraction = kinds[type(node.op)](value(node.left), value(node.right))
            if abs(result.numerator) < largest and result.denominator < largest:
                return result
        raise ValueError(f"not an arithmetic expression: {expression!r}")

    text = expression.replace("\u00d7", "*").replace("\u00f7", "/").replace("\u2212", "-").strip(" \n=?")
    if len(text) > most or not re.fullmatch(r"[\d\s.+*/()-]*", text) or not re.search(r"[\d)]\s*[-+*/]", text):
        raise ValueError(f"not an arithmetic expression: {expression!r}")
    try:
        found = value(ast.parse(text, mode="eval").body)
    except (SyntaxError, ArithmeticError, RecursionError, MemoryError):
        raise ValueError(f"not an arithmetic expression: {expression!r}") from None
    return int(found) if found.denominator == 1 else float(found)
