"""Proposing: turns a model's reply into a valid function (paper, section 3.1, "tool proposing").

The text is only parsed here; the function is loaded inside the sandbox.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from langchain_latm._core.source import functions_in, names_needed
from langchain_latm.sandbox.base import ExecutionResult
from langchain_latm.tools.arguments_model import arguments_model, check_parameter_names
from langchain_latm.tools.gate.gate import RefusedSourceError, check_description, check_source, parsed
from langchain_latm.types import Candidate, Package, Task, ToolProposal, VerificationCase, shorten

MAX_SOURCE_CHARACTERS = 30_000

# Calls without side effects, which may make a constant.
_HARMLESS_CALLS = re.compile(
    r"(frozen)?set|dict|tuple|list|range|sorted|zip|enumerate|map|len|ord|chr|re\.compile|str\.maketrans"
    r"|(collections\.)?namedtuple|TypeVar|Fraction|Decimal"
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_PLAIN_STATEMENTS = (*_DEFINITIONS, *_IMPORTS, ast.Assign, ast.AnnAssign)
_MAIN_TESTS = ("__name__ == '__main__'", "'__main__' == __name__")


class InvalidReplyError(ValueError):
    """A reply without a valid function. The message is for the model that has to correct it."""


def code_in(reply: str) -> str:
    """Extract the Python code from a reply.

    Raises:
        InvalidReplyError: There is no code, or too much.
    """
    blocks: list[str] = re.findall(r"```[ \t]*(?:[a-zA-Z0-9]+[ \t]*)?\r?\n(.*?)(?:```|\Z)", reply, re.DOTALL)
    code = next((block for block in blocks if re.search(r"^[ \t]*(async )?def ", block, re.MULTILINE)), None)
    if code is None and not blocks and re.search(r"^def \w+", reply, re.MULTILINE):
        code = reply
    if code is None:
        what = "no Python function in a ```python block" if reply.strip() else "nothing at all"
        raise InvalidReplyError(f"the reply holds {what}")
    if len(code) > MAX_SOURCE_CHARACTERS:
        raise InvalidReplyError(f"the code has {len(code):,} characters; at most {MAX_SOURCE_CHARACTERS:,} are taken")
    return textwrap.dedent(code).strip() + "\n"


def entry_of(source: str, packages: str = "") -> tuple[str, str]:
    """Check a source and find its entry function.

    Args:
        source: The source.
        packages: Key of the packages that it may import.

    Returns:
        The source, without examples of use after its functions, and the entry's name.

    Raises:
        InvalidReplyError: The source is invalid; the message has the reason and, if known, the line.
    """
    try:
        module = parsed(source)
        shortened = _without_uses(source, module)
        if shortened != source:
            source, module = shortened, parsed(shortened)
        _check_effects(module)
        entry = _entry(module)
        check_source(source, entry.name, packages)
    except RefusedSourceError as error:
        raise InvalidReplyError(str(error)) from None
    _check_parameters(entry)
    if not ast.get_docstring(entry):
        raise InvalidReplyError(f"{entry.name} has no docstring")
    return source, entry.name


def proposal_of(
    source: str, entry: str, described: ExecutionResult, packages: tuple[Package, ...] = ()
) -> ToolProposal:
    """Join a source with the description and parameters that the sandbox derived from it.

    Args:
        source: The checked source.
        entry: Its entry function.
        described: The result of `Sandbox.check`.
        packages: The packages that the source imports.

    Raises:
        InvalidReplyError: The sandbox could not load the function, or its parameters fit no JSON schema.
    """
    if described.failure is not None:
        line = f" (line {described.failure.line})" if described.failure.line else ""
        raise InvalidReplyError(f"{described.failure.message}{line}")
    try:
        fields = dict(described.value)
        if fields.keys() != {"description", "parameters"}:  # above all, no source other than the checked one
            raise ValueError("unexpected fields")  # noqa: TRY301 - reported like the others
        proposal = ToolProposal.model_validate({"source": source, "entry": entry, "packages": packages, **fields})
        check_description(proposal.description)
        arguments_model(entry, proposal.parameters)
    except (ValueError, TypeError) as error:  # a hostile child can send any JSON
        raise InvalidReplyError(
            f"the parameters of {entry} cannot be described as JSON: {shorten(str(error))}"
        ) from None
    return proposal


def packages_of(source: str, packages: tuple[Package, ...]) -> tuple[Package, ...]:
    """Return the declared packages if a source imports any of them, otherwise none."""
    names = {name for package in packages for name in package.imports}
    imported = {
        name.partition(".")[0]
        for node in (ast.walk(parsed(source)) if names else ())
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    return packages if names & imported else ()


def docstring_for(task: Task) -> str:
    """Return a docstring for a function that has none."""
    if task.description or not task.typed:
        return task.description or f"Answer questions such as: {shorten(task.demonstrations[0].question, 200)}"
    return f"Compute {task.name} from {shorten(', '.join(task.input_names), 200)}."


def is_repeat(earlier: ToolProposal, new: ToolProposal) -> bool:
    """Whether a proposal equals an earlier one, apart from a function that writes the earlier one's value."""
    writing = f"{new.source.rstrip()}\n\n\ndef {new.entry}_text"
    written = earlier.entry != new.entry and earlier.source.startswith(writing)
    return (earlier.parser, earlier.inputs) == (new.parser, new.inputs) and (
        written or earlier.source.rstrip() == new.source.rstrip()
    )


def feedback(candidate: Candidate, answers: Mapping[str, Any]) -> str:
    """Describe for the maker how a candidate failed on the smallest example, without revealing unseen ones.

    Args:
        candidate: The failed candidate.
        answers: Answers of the demonstrations by question, in the form that the maker was shown.
    """
    if candidate.refusal is not None:
        return f"This was refused: {candidate.refusal}."
    report = candidate.report
    if report is None:
        return "This was not run."
    failed = [case for case in report.cases if not case.passed]
    shown = [case for case in failed if case.role == "demonstration"]
    shown.sort(key=lambda case: len(repr(case.arguments)))  # a mistake is easiest to see on a small case
    lines = [describe_failure(case, answers.get(case.question, case.expected)) for case in shown[:1]]
    if len(shown) > 1:
        lines.append(f"It fails on {len(shown) - 1} more of the examples above.")
    hidden = [case for case in failed if case.role == "validation"]
    one = "row" if candidate.proposal is not None and candidate.proposal.inputs is not None else "question"
    if hidden:
        total = sum(case.role == "validation" for case in report.cases)
        lines.append(
            f"It solves all the examples above, but fails on {len(hidden)} of {total} other {one}s of the same "
            f"kind, which you cannot see. It is too narrow: think of what else can change from {one} to {one}."
        )
    if report.unstable:
        lines.append("Called twice with the same arguments it gave different values: it must always give the same.")
    if report.hard_coded:
        lines.append(
            "Answers stand literally in the code. Compute them instead, or look them up in a table of all values."
        )
    return "\n\n".join(lines)


def describe_failure(case: VerificationCase, expected: Any) -> str:
    """Describe what a function did on one example, and what was expected."""
    if case.arguments is None:
        return (
            f"For the question {shorten(case.question, 300)!r} no valid arguments were found ({case.error}). "
            "Choose parameters that can be read off the question, and describe each in the docstring."
        )
    arguments = ", ".join(f"{name}={shorten(repr(value), 300)}" for name, value in case.arguments.items())
    came = f"raised {case.error}" if case.error else f"returned {shorten(repr(case.value), 300)}"
    wanted = repr(shorten(expected, 300)) if isinstance(expected, str) else shorten(repr(expected), 300)
    return f"Called with {arguments} it {came}, but the answer is {wanted}."


def _without_uses(source: str, module: ast.Module) -> str:
    """Remove main blocks, and the examples and tests that follow the functions."""
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
    return isinstance(node, ast.If) and ast.unparse(node.test) in _MAIN_TESTS


def _check_effects(module: ast.Module) -> None:
    """Reject code with side effects at import; definitions and constants are allowed."""
    for node in module.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        calls = isinstance(node, ast.Assign | ast.AnnAssign) and any(
            isinstance(call, ast.Call) and not _is_harmless(call) for call in ast.walk(node)
        )
        if calls or not (docstring or isinstance(node, _PLAIN_STATEMENTS)):
            text = shorten(ast.unparse(node), 60)
            raise InvalidReplyError(
                f"line {node.lineno} does something outside of the function: {text!r}. "
                "Only imports, functions, classes and constants may stand there"
            )


def _is_harmless(call: ast.Call) -> bool:
    """Whether a call has no side effects: a listed function, or a method of a literal, as in `"a b".split()`."""
    of_literal = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant)
    return of_literal or _HARMLESS_CALLS.fullmatch(ast.unparse(call.func)) is not None


def _entry(module: ast.Module) -> ast.FunctionDef:
    """Find the one function that no other function uses."""
    functions = list(functions_in(module).values())
    if any(isinstance(node, ast.AsyncFunctionDef) for node in module.body):
        raise InvalidReplyError("the function is async; write a plain def")
    if not functions:
        raise InvalidReplyError("there is no function at the top level")
    if len(functions) == 1:
        return functions[0]
    used = {
        name.id
        for owner in module.body
        for name in ast.walk(owner)
        if isinstance(name, ast.Name) and not (isinstance(owner, ast.FunctionDef) and owner.name == name.id)
    }
    roots = [f for f in functions if f.name not in used and not f.name.startswith("_")]
    if len(roots) != 1:
        names = ", ".join(f.name for f in roots or functions)
        raise InvalidReplyError(
            f"there is no single entry function, but several: {names}. Leave one, which may use the others"
        )
    return roots[0]


def _check_parameters(entry: ast.FunctionDef) -> None:
    arguments = entry.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwarg:
        raise InvalidReplyError(
            f"{entry.name} has positional-only parameters, *args or **kwargs; name each parameter plainly"
        )
    parameters = [*arguments.args, *arguments.kwonlyargs]
    if not parameters:
        raise InvalidReplyError(f"{entry.name} takes no parameters, so it can answer only one question")
    try:
        check_parameter_names(entry.name, (parameter.arg for parameter in parameters))
    except ValueError as error:
        raise InvalidReplyError(str(error)) from None
    for parameter in parameters:
        if parameter.annotation is None:
            raise InvalidReplyError(f"the parameter {parameter.arg!r} of {entry.name} has no type annotation")
