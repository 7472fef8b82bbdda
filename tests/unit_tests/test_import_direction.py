"""The order of imports, and code that must not exist outside of the sandbox."""

from __future__ import annotations

import ast
import functools
import gc
from collections.abc import Iterator
from pathlib import Path

import langchain_latm

ROOT = Path(langchain_latm.__file__).parent
# Lowest first, a room a line. A module imports its own room and lower ones.
ROOMS = (
    "exceptions",
    "_core",
    "text",
    "types",
    "sandbox",
    "models",
    "local",
    "tools",
    "making",
    "loop",
    "interop",
    "benchmarks",
    "cli",
    "__main__",
)
LAYER = {name: number for number, name in enumerate(ROOMS)}
FORBIDDEN_NAMES = {"exec", "eval", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve"}


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Every module but the package's own, by its dotted name without the package's."""
    parsed = {}
    gc.disable()  # parsed modules are permanent: walking them again took two thirds of the time
    try:
        for path in ROOT.rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            parsed[name] = ast.parse(path.read_text())
    finally:
        gc.freeze()
        gc.enable()
    del parsed["__init__"]
    return parsed


def at_run_time(module: ast.Module) -> Iterator[ast.AST]:
    """All statements, except those for type checkers alone: an annotation may name a class of any room."""
    left: list[ast.AST] = [module]
    while left:
        for child in ast.iter_child_nodes(left.pop()):
            if isinstance(child, ast.expr):
                continue
            checked_alone = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            if not checked_alone:
                yield child
                left.append(child)


@functools.cache
def imported(name: str) -> set[str]:
    """The modules of this package that one of them imports when it runs, in functions too."""
    known = modules().keys()
    found: set[str] = set()
    for node in at_run_time(modules()[name]):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            whole = f"{node.module}.".removeprefix("langchain_latm.")
            names = [f"{node.module}.{a.name}" if whole + a.name in known else node.module or "" for a in node.names]
        else:
            continue
        found |= {name.removeprefix("langchain_latm.") for name in names if name.startswith("langchain_latm.")}
    return found & known


def test_no_module_imports_a_higher_layer() -> None:
    """`_core <- text <- types <- sandbox, models <- tools <- making <- loop <- interop <- cli`."""
    parsed = modules()
    assert {"types", "cli.app", "sandbox.base", "making.maker"} <= parsed.keys()
    homeless = {name for name in parsed if name.partition(".")[0] not in LAYER}
    assert not homeless, "name the room of each module"
    upward = [
        f"{name} imports {other}"
        for name in parsed
        for other in imported(name)
        if LAYER[other.partition(".")[0]] > LAYER[name.partition(".")[0]]
    ]
    assert not upward


def test_there_is_no_circle_of_imports() -> None:
    left = {name: imported(name) - {name} for name in modules()}
    while free := {name for name, needed in left.items() if not needed}:
        left = {name: needed - free for name, needed in left.items() if name not in free}
    assert not left


@functools.cache
def imports() -> dict[str, list[str]]:
    """What the imports of each module name, anywhere, functions included."""
    return {name: list(named(module)) for name, module in modules().items()}


def importing(package: str) -> set[str]:
    """The modules that import a package or a part of it."""
    return {name for name, named in imports().items() if any(f"{n}.".startswith(f"{package}.") for n in named)}


def named(module: ast.Module) -> Iterator[str]:
    """What the imports of a module name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_bench_and_demo_import_the_benchmarks() -> None:
    found = importing("langchain_latm.benchmarks")
    assert {name for name in found if not name.startswith("benchmarks")} == {
        "cli.bench",
        "cli.bench_making",
        "cli.bench_tables",
        "cli.demo",
    }


def test_nothing_outside_of_the_sandbox_imports_what_runs_inside() -> None:
    found = importing("langchain_latm.sandbox._inside")
    # `unsafe` runs tools in the host on purpose; the zygote and the runner are scripts, which the host never imports.
    expected = {"sandbox.unsafe", "sandbox.process.zygote", "sandbox.remote.runner"}
    assert {name for name in found if not name.startswith("sandbox._inside.")} == expected


def executing(module: ast.Module) -> Iterator[str]:
    """Yield the places of a module that could execute text or unpickle."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id in FORBIDDEN_NAMES:
            yield f"line {node.lineno}: {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in FORBIDDEN_NAMES and ast.unparse(node.value) == "builtins":
            yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"line {node.lineno}: {n}" for n in names if n.partition(".")[0] in FORBIDDEN_MODULES)


def test_nothing_outside_of_the_sandbox_executes_text_or_unpickles() -> None:
    parsed = modules()
    found = {
        name: list(executing(module))
        for name, module in parsed.items()
        if not name.startswith("sandbox.") and any(executing(module))
    }
    assert not found
    assert any(executing(parsed["sandbox._inside.tool"])), "the search must find the sandbox's own"
