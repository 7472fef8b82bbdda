"""Mutant schemata: one source that holds many variants of a program, selected by a number at each call.

Each place with mutations becomes a choice by a global number, so that the sandbox compiles and loads thousands of
variants at once (Untch, Offutt and Harrold, "Mutation analysis using mutant schemata", ISSTA 1993). Loops and functions
count steps, so that an endless loop ends only its own variant, not the process.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm._core.source import free_name, is_future_import, names_in, parse_source
from langchain_latm.making.repair.program import Change, Edit, Program, Replacement, rewritten
from langchain_latm.tools.gate.gate import RefusedSourceError, check_source

MOST_EDITS: Final = 400
"""Maximum number of edits in one source, which a process loads in about 50 ms."""
_MOST_CHARACTERS: Final = 40_000
HALTED: Final = "Halted"
"""Name of the exception of a call that exceeds its steps, unless the program uses that name."""

_TEMPLATE: Final = """\
class {halted}(BaseException):
    pass

def {tick}():
    global {left}
    {left} -= 1
    if {left} < 0:
        raise {halted}

def {load}():
    return {entry}

def {run}({number}: int, {steps}: int):
    global {chosen}, {left}
    {chosen}, {left} = {number}, {steps}
    return {load}()()
"""


class Schema(NamedTuple):
    """A source with variants.

    Attributes:
        source: The module.
        entry: Name of the function to call.
        number: Name of its parameter that selects an edit, counted from 1; 0 is the unchanged program.
        steps: Name of its parameter for the maximum number of steps of a call.
        halted: Name of the exception of a call that exceeds its steps.
        edits: The edits.
        packages: Key of the packages that the source may import.
    """

    source: str
    entry: str
    number: str
    steps: str
    halted: str
    edits: tuple[Edit, ...]
    packages: str = ""


def schemata(program: Program, edits: Sequence[Edit]) -> Iterator[Schema]:
    """Yield sources that together hold all edits of a program, except those that the gate rejects.

    Args:
        program: The program.
        edits: Edits of the program.
    """
    waiting = [list(edits[begin : begin + MOST_EDITS]) for begin in range(0, len(edits), MOST_EDITS)]
    while waiting:
        some = waiting.pop(0)
        schema = _schema(program, some)
        if schema is not None:
            yield schema
        elif len(some) > 1:
            middle = len(some) // 2
            waiting[:0] = [some[:middle], some[middle:]]


def _schema(program: Program, edits: Sequence[Edit]) -> Schema | None:
    """Return the source for some edits; None if it is too large, or the gate rejects one of them."""
    # Mutations add only names that the program knows, and names of Python.
    taken = names_in(program.module) | {"BaseException"}

    def name(wanted: str) -> str:
        found = free_name(wanted, taken)
        taken.add(found)
        return found

    wanted = ("tick", "load", "run", "number", "steps", "chosen", "left")
    names = {each: name(each) for each in wanted} | {"halted": name(HALTED), "entry": program.entry}
    frame = parse_source(_TEMPLATE.format(**names))
    *_, load, run = frame.body
    assert isinstance(load, ast.FunctionDef)  # noqa: S101 - for the type checker
    assert isinstance(run, ast.FunctionDef)  # noqa: S101 - likewise
    body = _with_choices(program, edits, names["chosen"], names["tick"])
    imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    load.body = [*(each for each in body if not is_future_import(each)), *load.body]
    _add_parameters(run, program)
    module = ast.Module([*imports, *_numbers(names["chosen"], names["left"]), *frame.body], [])
    try:
        source = ast.unparse(module)
        if len(source) > _MOST_CHARACTERS:
            return None
        # Without the cache, since each source is checked only once.
        check_source.__wrapped__(source, names["run"], program.packages)
    except (RefusedSourceError, ValueError, RecursionError):
        return None
    return Schema(
        source, names["run"], names["number"], names["steps"], names["halted"], tuple(edits), program.packages
    )


def _with_choices(program: Program, edits: Sequence[Edit], chosen: str, tick: str) -> list[ast.stmt]:
    """Return the program's statements with a choice at each edited place, and with counted steps."""
    at: dict[int, list[tuple[int, Replacement]]] = {}
    for number, made in enumerate(edits, 1):
        for change in made.changes:
            at.setdefault(id(change.target), []).append((number, change.new))
    counting = _counting([program.module], tick)
    places: dict[int, Callable[[Any], Replacement]] = dict(counting)
    for place, found in at.items():
        places[place] = _both(counting.get(place, _same), _choice(found, chosen, tick))
    module = rewritten(program.module, places)
    return list(module.body)


def _counting(nodes: Sequence[ast.AST], tick: str) -> dict[int, Callable[[Any], Any]]:
    """Return the rewritings that count the steps of each loop and function in trees."""
    found: dict[int, Callable[[Any], Any]] = {}
    for node in (each for root in nodes for each in ast.walk(root)):
        if isinstance(node, ast.For | ast.While | ast.FunctionDef):
            found[id(node)] = _stepping(tick)
        elif isinstance(node, ast.Global):
            found[id(node)] = _enclosed
    return found


def _same(node: Any) -> Any:
    return node


def _both(first: Callable[[Any], Any], then: Callable[[Any], Replacement]) -> Callable[[Any], Replacement]:
    return lambda node: then(first(node))


def _stepping(tick: str) -> Callable[[Any], Any]:
    """Return the rewriting that counts a step at the beginning of a loop's or function's body."""

    def with_step(node: Any) -> Any:
        node.body = [ast.Expr(ast.Call(ast.Name(tick, ast.Load()), [], [])), *node.body]
        return node

    return with_step


def _enclosed(node: ast.Global) -> ast.stmt:
    return ast.Nonlocal(node.names)  # the schema moves the module into a function


def _choice(found: list[tuple[int, Replacement]], chosen: str, tick: str) -> Callable[[Any], Replacement]:
    """Return the rewriting of a node into the choice between it and its replacements, by their numbers."""
    numbers = [number for number, _ in found]

    def choose(node: Any) -> Replacement:
        if isinstance(node, ast.expr):
            others = [(number, new) for number, new in found if isinstance(new, ast.expr)]
            tree = _tree(others, chosen)
            return ast.IfExp(_any_of(numbers, chosen), tree, node)
        statements: list[ast.stmt] = [node]
        for number, new in found:
            if isinstance(new, list):
                test = _compared(chosen, ast.Eq(), number)
                counting = _counting(new, tick)
                statements = [ast.If(test, [rewritten(each, counting) for each in new] or [ast.Pass()], statements)]
        return statements

    return choose


def _tree(others: Sequence[tuple[int, ast.expr]], chosen: str) -> ast.expr:
    """Return a binary search for the chosen number: a chain of hundreds would be nested too deeply."""
    if len(others) == 1:
        return others[0][1]
    middle = len(others) // 2
    test = _compared(chosen, ast.Lt(), others[middle][0])
    return ast.IfExp(test, _tree(others[:middle], chosen), _tree(others[middle:], chosen))


def _any_of(numbers: Sequence[int], chosen: str) -> ast.expr:
    """Return the test whether the chosen number is one of these, which are mostly consecutive."""
    first, last = numbers[0], numbers[-1]
    if last - first + 1 == len(numbers):
        if first == last:
            return _compared(chosen, ast.Eq(), first)
        left = ast.Constant(first)
        return ast.Compare(left, [ast.LtE(), ast.LtE()], [ast.Name(chosen, ast.Load()), ast.Constant(last)])
    return ast.Compare(
        ast.Name(chosen, ast.Load()), [ast.In()], [ast.Tuple([ast.Constant(each) for each in numbers], ast.Load())]
    )


def _compared(chosen: str, op: ast.cmpop, number: int) -> ast.expr:
    return ast.Compare(ast.Name(chosen, ast.Load()), [op], [ast.Constant(number)])


def _add_parameters(run: ast.FunctionDef, program: Program) -> None:
    """Give the function that runs a variant the program's parameters, and pass them on."""
    own = program.entry_function.args
    parameters = [*own.args, *own.kwonlyargs]
    run.args.args = [*parameters, *run.args.args]
    *_, returned = run.body
    assert isinstance(returned, ast.Return)  # noqa: S101 - for the type checker
    assert isinstance(returned.value, ast.Call)  # noqa: S101 - likewise
    returned.value.keywords = [ast.keyword(each.arg, ast.Name(each.arg, ast.Load())) for each in parameters]


def _numbers(*names: str) -> list[ast.stmt]:
    return [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(0), lineno=0) for name in names]


__all__ = ["HALTED", "MOST_EDITS", "Change", "Schema", "schemata"]
