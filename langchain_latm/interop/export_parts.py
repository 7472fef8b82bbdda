"""Parts of exported files: checked source, warnings, names, and escaped text of models."""

from __future__ import annotations

import ast
import builtins
import json
import keyword
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.source import parse_source
from langchain_latm._core.visible import visible
from langchain_latm.exceptions import LATMError, ToolRecordError
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import VerificationCase

# Modules that exported files import, or that import exported files.
_TAKEN_MODULES = frozenset({"conftest", "langchain", "langchain_core", "pydantic", "pytest", "setup", "test"})

_DEVICE_NAMES = frozenset({"aux", "con", "nul", "prn"})
"""Names that files cannot have on Windows."""
_READ_BY_PROGRAMS = re.compile(r"(?i)coding(?=[:=])|\b(?:vim?|ex)(?=[<=>\d]*:)|-\*(?=-)")
"""Comments that Python or an editor interprets: the encoding of the file, or settings, as in `coding: utf-7`."""
_BRACKETS = str.maketrans("<>", "\u2039\u203a")


def one_line(text: str, width: int) -> str:
    """Fit text into a comment or a quoted value: one line of printable characters, at most `width`.

    Angle brackets are replaced, because readers of such files often put them into prompts between tags.
    """
    words = " ".join(text.split()).translate(_BRACKETS)
    line = "".join(character for character in words if character.isprintable())
    return line if len(line) <= width else line[: width - 3] + "..."


def fenced(text: str, language: str = "") -> str:
    """Format text as a Markdown code block whose fence is longer than any in the text; control characters are shown."""
    if not re.search(r"[\ud800-\udfff]", text):  # `write_files` rejects the others
        text = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def warning(tool: MadeTool) -> list[str]:
    """Return a warning about the origin of the code, and that it runs outside of the sandbox.

    The first two lines contain no text of a model, since Python reads the encoding of a file there.
    """
    maker = one_line(tool.provenance.maker_model, 80) or "a model"
    report = tool.report
    needs = f"It needs these packages: pip install {' '.join(map(str, tool.packages))}" if tool.packages else ""
    return [
        f"Exported by langchain-latm {version('langchain-latm')} from the tool {tool.name}, id {tool.id[:12]}.",
        f"{report.passed} of {len(report.cases)} examples came out right in the sandbox.",
        f"Written by a language model ({maker}), not by a person.",
        "This code runs OUTSIDE of the sandbox, with all your rights: read it first.",
        *filter(None, [needs]),
    ]


def comment_head(tool: MadeTool) -> str:
    """Return the warning as Python comments."""
    return "".join(f"# {line}\n" for line in (_READ_BY_PROGRAMS.sub(r"\g<0> ", each) for each in warning(tool)))


def checked_source(tool: MadeTool) -> str:
    """Return the tool's source, ending with a line break. It is parsed, not executed.

    A tool that runs text as code is rejected: a person can review its source before use, but not its later arguments.

    Raises:
        ToolRecordError: It is refused (`MadeTool.refusal`), or runs text as code.
    """
    tool.require_usable()
    if tool.runs_snippets:
        raise ToolRecordError(
            f"{tool.name}: its source calls compile, so outside of the sandbox its arguments could run any code; "
            "export it as JSON"
        )
    return tool.source.rstrip() + "\n"


def runtime_source() -> str:
    """Return the source of `_runtime`, without its docstring and linter comments."""
    text = Path(__file__).with_name("_runtime.py").read_text(encoding="utf-8")
    return re.sub(r"  # noqa.*", "", text[text.index("import ") :])


def reject_shadowed_names(tool: MadeTool) -> None:
    """Make sure that the tool's source and the runtime can share a file.

    Raises:
        ToolRecordError: The tool's source rebinds a builtin or a name that the runtime uses.
    """
    used = {node.id for node in ast.walk(ast.parse(runtime_source())) if isinstance(node, ast.Name)}
    for name in _bound(parse_source(tool.source).body):
        if name == "*" or name.startswith("_latm_") or (name in used and hasattr(builtins, name)):
            raise ToolRecordError(
                f"{tool.name}: its source rebinds the name {name!r}, so it cannot share a file with other code; "
                "export it as a skill"
            )


def module_name(tool: MadeTool, suffix: str = "") -> str:
    """Return a name for the tool's module that does not shadow another one, such as that of an imported package."""
    imported = {name.lower() for each in tool.packages for name in (*each.imports, each.name.replace("-", "_"))}
    name = re.sub(r"\W", "_", tool.name, flags=re.ASCII).lower()
    name = f"tool_{name}" if name[:1].isdigit() else name
    name += suffix
    if (
        keyword.iskeyword(name)
        or name in sys.stdlib_module_names | _TAKEN_MODULES | _DEVICE_NAMES | imported
        or name.startswith("test_")
    ):
        name = f"made_{name}"
    return name


def proven_cases(tool: MadeTool) -> list[VerificationCase]:
    """Return the passed cases that JSON can represent, without repetitions."""
    found: dict[str, VerificationCase] = {}
    for case in tool.report.cases:
        if case.passed and case.arguments is not None:
            try:
                found.setdefault(json.dumps([case.arguments, case.value], allow_nan=False), case)
            except ValueError:
                continue
    return list(found.values())


def write_files(folder: Path, files: dict[str, str], *, force: bool) -> list[Path]:
    """Write files into a folder in their order, each atomically.

    Raises:
        FileExistsError: A file exists and `force` is not given; none was written.
        ToolRecordError: A file's text is not encodable; none was written.
        LATMError: A file cannot be written.
    """
    targets = {folder / name: text for name, text in files.items()}
    for target, text in targets.items():
        if target.is_dir() or (not force and (target.exists() or target.is_symlink())):
            raise FileExistsError(f"{target} already exists")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ToolRecordError(
                f"{target.name}: the tool holds a lone surrogate, which is not encodable as UTF-8"
            ) from error
    try:
        for target, text in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, text)
    except OSError as error:
        raise LATMError(f"{error.filename or folder} cannot be written: {error.strerror or error}") from error
    return list(targets)


def _bound(body: list[Any]) -> Iterator[str]:
    """Yield the names that statements bind in their module."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
            yield from (name for node in ast.walk(statement) if isinstance(node, ast.Global) for name in node.names)
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.alias):
                yield node.asname or node.name.partition(".")[0]
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name
