"""Proposing: from a model's reply to a function whose form is right (paper, section 3.1, "tool proposing").

The text is parsed, never executed, here: what needs the function itself happens inside the sandbox.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from langchain_latm._core.source import names_needed, parse_source
from langchain_latm.sandbox._inside.modules import TOOL_MODULES
from langchain_latm.sandbox.base import ExecutionResult
from langchain_latm.text.reading.naming import FORBIDDEN_PARAMETERS
from langchain_latm.tools.arguments_model import arguments_model
from langchain_latm.types import Candidate, ToolProposal, VerificationCase, shorten

MAX_SOURCE_CHARACTERS = 20_000

_HARMLESS_CALLS = frozenset(
    {
        *(
            "set",
            "frozenset",
            "dict",
            "tuple",
            "list",
            "range",
            "sorted",
            "zip",
            "enumerate",
            "map",
            "len",
            "ord",
            "chr",
        ),
        *("re.compile", "str.maketrans", "namedtuple", "collections.namedtuple", "TypeVar", "Fraction", "Decimal"),
    }
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_PLAIN_STATEMENTS = (*_DEFINITIONS, *_IMPORTS, ast.Assign, ast.AnnAssign)


class RefusedError(ValueError):
    """A reply whose form is wrong. The text is written for the model that has to correct it."""


def code_in(reply: str) -> str:
    """Take the Python code out of a reply.

    Raises:
        RefusedError: There is no code, or too much.
    """
    blocks: list[str] = re.findall(r"```[ \t]*[a-zA-Z0-9]*[ \t\r]*\n(.*?)(?:```|\Z)", reply, re.DOTALL)
    code = next((block for block in blocks if re.search(r"^[ \t]*(async )?def ", block, re.MULTILINE)), None)
    if code is None:
        code = reply if not blocks and re.search(r"^def \w+", reply, re.MULTILINE) else None
    if code is None:
        what = "no Python function in a ```python block" if reply.strip() else "nothing at all"
        raise RefusedError(f"the reply holds {what}")
    if len(code) > MAX_SOURCE_CHARACTERS:
        raise RefusedError(f"the code has {len(code):,} characters; at most {MAX_SOURCE_CHARACTERS:,} are taken")
    return textwrap.dedent(code).strip() + "\n"


def entry_of(source: str) -> tuple[str, str]:
    """Check the form of a source and find its entry function.

    Returns:
        The source, without what stands behind its functions and only shows them at work, and the entry's name.

    Raises:
        RefusedError: With the reason, and the line where there is one.
    """
    source = _without_uses(source)
    module = _parsed(source)
    _refuse_effects(module)
    _refuse_imports(module)
    entry = _entry(module)
    _refuse_parameters(entry)
    if not ast.get_docstring(entry):
        raise RefusedError(f"{entry.name} has no docstring")
    return source, entry.name


def _parsed(source: str) -> ast.Module:
    try:
        module = parse_source(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        raise RefusedError(f"the code is not valid Python{where}: {getattr(error, 'msg', error)}") from None
    try:
        ast.unparse(module)  # what is written back later, for a reason or a prompt, must be writable
    except RecursionError:
        raise RefusedError("the code is nested too deep") from None
    except ValueError:  # Python writes no integer of more than 4,300 digits
        raise RefusedError("the code holds a number of more than 4,300 digits") from None
    return module


def proposal_of(source: str, entry: str, described: ExecutionResult) -> ToolProposal:
    """Join a source with what the sandbox derived from it.

    Args:
        source: The checked source.
        entry: Its entry function.
        described: What `Sandbox.check` said of it.

    Raises:
        RefusedError: The sandbox could not load the function, or its parameters fit no JSON schema.
    """
    if described.failure is not None:
        line = f" (line {described.failure.line})" if described.failure.line else ""
        raise RefusedError(f"{described.failure.message}{line}")
    try:
        told = dict(described.value)
        if told.keys() != {"description", "parameters"}:  # above all, no other source than the one that was checked
            raise ValueError("it says something else")  # noqa: TRY301 - told as the others are
        proposal = ToolProposal.model_validate({"source": source, "entry": entry, **told})
        arguments_model(entry, proposal.parameters)
    except (ValueError, TypeError) as error:  # a hostile child can send any JSON
        raise RefusedError(f"the parameters of {entry} cannot be described as JSON: {shorten(str(error))}") from None
    return proposal


def feedback(candidate: Candidate, answers: Mapping[str, Any]) -> str:
    """Tell the maker what was wrong with its candidate, without a word of the validation examples.

    Args:
        candidate: The one that failed.
        answers: Of the demonstrations, by question, as the maker was shown them: texts or plain values.
    """
    if candidate.refusal is not None:
        return f"This was refused: {candidate.refusal}."
    report = candidate.report
    if report is None:
        return "This was not run."
    failed = [case for case in report.cases if not case.passed]
    lines = [describe_failure(case, answers[case.question]) for case in failed if case.role == "demonstration"]
    hidden = [case for case in failed if case.role == "validation"]
    if hidden:
        total = sum(case.role == "validation" for case in report.cases)
        lines.append(
            f"It solves all the examples above, but fails on {len(hidden)} of {total} other questions of the same "
            "kind, which you cannot see. It is too narrow: think of what else can change from question to question."
        )
    if report.unstable:
        lines.append("Called twice with the same arguments it gave different values: it must always give the same.")
    if report.hard_coded:
        lines.append("Answers stand literally in the code. Compute them instead.")
    return "\n\n".join(lines)


def describe_failure(case: VerificationCase, expected: Any) -> str:
    """Say what a function did on one example, and what was expected."""
    if case.arguments is None:
        return (
            f"For the question {shorten(case.question, 300)!r} no valid arguments were found ({case.error}). "
            "Choose parameters that can be read off the question, and describe each in the docstring."
        )
    arguments = ", ".join(f"{name}={shorten(repr(value), 300)}" for name, value in case.arguments.items())
    came = f"raised {case.error}" if case.error else f"returned {shorten(repr(case.value), 300)}"
    wanted = repr(shorten(expected, 300)) if isinstance(expected, str) else shorten(repr(expected), 300)
    return f"Called with {arguments} it {came}, but the answer is {wanted}."


def _without_uses(source: str) -> str:
    """Cut off what stands behind the functions and is nothing to them: examples of use, tests; and each main block."""
    module = _parsed(source)
    owners = [node for node in module.body if isinstance(node, _DEFINITIONS)]
    needed = set().union(*map(names_needed, owners)) - {node.name for node in owners}
    kept = module.body
    while owners and not isinstance(kept[-1], (*_DEFINITIONS, *_IMPORTS)):
        mentioned = {node.id for node in ast.walk(kept[-1]) if isinstance(node, ast.Name)}
        if mentioned & needed and not _is_main_block(kept[-1]):
            break
        kept = kept[:-1]
    lines = source.split("\n")
    if len(kept) < len(module.body):
        lines[kept[-1].end_lineno :] = [""]
    for block in reversed([node for node in kept if _is_main_block(node)]):
        del lines[block.lineno - 1 : block.end_lineno]
    return "\n".join(lines)


def _is_main_block(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "__name__ == '__main__'",
        "'__main__' == __name__",
    )


def _refuse_effects(module: ast.Module) -> None:
    """Refuse what does something while the code is loaded; definitions and constants are fine."""
    for node in module.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        calls = [
            call
            for call in ast.walk(node)
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(call, ast.Call) and not _is_harmless(call)
        ]
        if calls or not (docstring or isinstance(node, _PLAIN_STATEMENTS)):
            text = shorten(ast.unparse(node), 60)
            raise RefusedError(
                f"line {node.lineno} does something outside of the function: {text!r}. "
                "Only imports, functions, classes and constants may stand there"
            )


def _is_harmless(call: ast.Call) -> bool:
    """Whether a call only computes: of a function of the list, or of a method of a literal, as `"a b".split()`."""
    of_literal = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant)
    return of_literal or ast.unparse(call.func) in _HARMLESS_CALLS


def _refuse_imports(module: ast.Module) -> None:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        for name in names:
            if name not in TOOL_MODULES:
                raise RefusedError(
                    f"line {node.lineno} imports {name!r}, which is not allowed. "
                    "Modules for computing on data are: math, re, datetime, collections, itertools and their like"
                )


def _entry(module: ast.Module) -> ast.FunctionDef:
    """Find the one function that no other function uses."""
    # Of two functions with one name the last one counts, as when the code runs.
    functions = list({node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}.values())
    if any(isinstance(node, ast.AsyncFunctionDef) for node in module.body):
        raise RefusedError("the function is async; write a plain def")
    if not functions:
        raise RefusedError("there is no function at the top level")
    used = {
        name.id
        for owner in module.body
        for name in ast.walk(owner)
        if isinstance(name, ast.Name) and not (isinstance(owner, ast.FunctionDef) and owner.name == name.id)
    }
    roots = [f for f in functions if f.name not in used and not f.name.startswith("_")]
    if len(functions) == 1:
        return functions[0]
    if len(roots) != 1:
        names = ", ".join(f.name for f in roots or functions)
        raise RefusedError(
            f"there is no single entry function, but several: {names}. Leave one, which may use the others"
        )
    return roots[0]


def _refuse_parameters(entry: ast.FunctionDef) -> None:
    arguments = entry.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwarg:
        raise RefusedError(
            f"{entry.name} has positional-only parameters, *args or **kwargs; name each parameter plainly"
        )
    parameters = [*arguments.args, *arguments.kwonlyargs]
    if not parameters:
        raise RefusedError(f"{entry.name} takes no parameters, so it can answer only one question")
    for parameter in parameters:
        if parameter.arg in FORBIDDEN_PARAMETERS or parameter.arg.startswith("_"):
            raise RefusedError(f"{entry.name} has a parameter {parameter.arg!r}, a name that is reserved; rename it")
        if parameter.annotation is None:
            raise RefusedError(f"the parameter {parameter.arg!r} of {entry.name} has no type annotation")
