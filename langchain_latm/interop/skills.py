"""A made tool as an Agent Skill: a folder with instructions and a script that runs without this package.

Source: https://agentskills.io/specification
"""

from __future__ import annotations

import json
import re
import shlex
from importlib.metadata import version
from pathlib import Path

from langchain_latm.interop._text import (
    checked_source,
    comment_head,
    fenced,
    module_name,
    one_line,
    proven_cases,
    taken_along,
    warning,
    write_files,
)
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.made_tool import MadeTool

_MAX_DESCRIPTION = 1024  # of the specification
_SHOWN_EXAMPLES = 3

_SCRIPT = '''\
"""Answer by a function that a language model wrote; it stands in FUNCTION_FILE.

Usage: python SCRIPT_FILE '{{"parameter": value, ...}}'
   or: echo '{{"parameter": value, ...}}' | python SCRIPT_FILE
"""

import contextlib
import importlib.util
import json
import pathlib
import sys

{taken_along}

def load():
    """Load the function's file, wherever this is called from."""
    path = pathlib.Path(__file__).resolve().with_name({function_file})
    spec = importlib.util.spec_from_file_location("_latm_function", path)
    sys.dont_write_bytecode = True  # the folder stays as it is
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return getattr(module, {entry})


def main(words):
    """Read the arguments, call the function and print the answer."""
    if len(words) > 1 or words in (["-h"], ["--help"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        arguments = json.loads(words[0] if words else sys.stdin.read())
    except ValueError as error:
        print(f"the arguments are not JSON: {{error}}", file=sys.stderr)
        return 2
    if not isinstance(arguments, dict):
        print("the arguments must be one JSON object", file=sys.stderr)
        return 2
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is for the answer alone
            function = load()
            answer = _latm_answer(function(**_latm_arguments(function, arguments)))
    except Exception as error:
        print(f"{{type(error).__name__}}: {{error}}", file=sys.stderr)
        return 1
    print(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
'''


def write_skill(tool: MadeTool, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write a tool as an Agent Skill. Nothing of the tool is executed.

    Args:
        tool: The tool.
        folder: Where skills are kept: the skill's own folder is made in it. If it has the skill's name, it is that one.
        force: Replace files that are there.

    Returns:
        The files, `SKILL.md` last: no reader finds a skill that is not complete.

    Raises:
        ToolRecordError: The tool's source is not a function.
        FileExistsError: A file is there already.
        LATMError: A file cannot be written.
    """
    name = skill_name(tool)
    folder = Path(folder)
    own = folder if folder.resolve().name == name else folder / name
    return write_files(own, skill_files(tool), force=force)


def skill_name(tool: MadeTool) -> str:
    """Return the tool's name as the specification wants it: lower case, digits, single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", tool.name.lower()).strip("-") or "made-tool"


def skill_files(tool: MadeTool) -> dict[str, str]:
    """Write the files of a skill, by their path in its folder.

    Raises:
        ToolRecordError: The tool's source is not a function.
    """
    script, function = f"{module_name(tool)}.py", f"{module_name(tool)}_function.py"
    text = _SCRIPT.format(taken_along=taken_along(), function_file=repr(function), entry=repr(tool.entry))
    text = text.replace("FUNCTION_FILE", function).replace("SCRIPT_FILE", script)
    return {
        f"scripts/{function}": comment_head(tool) + checked_source(tool),
        f"scripts/{script}": comment_head(tool) + text,
        "SKILL.md": f"{_front_matter(tool)}\n{_instructions(tool, script)}",
    }


def _front_matter(tool: MadeTool) -> str:
    """Write the head."""
    maker = one_line(tool.provenance.maker_model, 80)
    metadata = {
        "tool": tool.name,
        "tool-id": one_line(tool.id, 80),
        "written-by": f"language model {maker}",
        "proven": f"{tool.report.passed} of {len(tool.report.cases)} examples",
        "exported-by": f"langchain-latm {version('langchain-latm')}",
    }
    lines = [
        "---",
        f"name: {_quoted(skill_name(tool))}",
        f"description: {_quoted(_description(tool))}",
        f"compatibility: {_quoted('Needs Python 3.11 or newer, standard library only.')}",
        "metadata:",
        *(f"  {key}: {_quoted(value)}" for key, value in metadata.items()),
        "---",
    ]
    return "\n".join(lines) + "\n"


def _description(tool: MadeTool) -> str:
    """Say what it computes, and by an example when it is to be used."""
    what = one_line(tool.description, 600) or f"Computes {tool.name}."
    questions = [
        *(example.question for example in tool.worked_examples),
        *(case.question for case in tool.report.cases),
    ]
    example = f" Use it for requests such as: {one_line(questions[0], 300)}" if questions else ""
    return one_line(what + example, _MAX_DESCRIPTION)


def _instructions(tool: MadeTool, script: str) -> str:
    parts = [
        f"# {skill_name(tool)}",
        fenced("\n".join(warning(tool)), "text"),
        "What it computes, in the words of the model that wrote it:",
        fenced(one_line(tool.description, 2000) or tool.name, "text"),
        f"Run `scripts/{script}` with the arguments as one JSON object, on the command line or over standard input.",
        "It prints the answer: take it as it is. When there is none, standard error says why (exit code 1 or 2).",
        "The arguments (JSON schema):",
        fenced(json.dumps(tool.parameters, indent=2), "json"),
    ]
    cases = proven_cases(tool)[:_SHOWN_EXAMPLES]
    if cases:
        parts.append("Proven examples: the request, the command, and what it prints.")
    for case in cases:
        command = f"python scripts/{script} {shlex.quote(json.dumps(case.arguments))}"
        parts += [
            fenced(case.question, "text"),
            fenced(command, "sh"),
            fenced(answer_text(case.value), "text"),
        ]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    """Quote text for YAML: a JSON string of printable characters is a scalar that nothing in it can end.

    The specification's own validator ends the head at the first three hyphens, wherever they stand.
    """
    return json.dumps(text, ensure_ascii=False).replace("---", "\\u002d" * 3)
