"""A tool as an Agent Skill: a folder with instructions and a script that runs without this package.

Source: https://agentskills.io/specification
"""

from __future__ import annotations

import json
import re
import shlex
from importlib.metadata import version
from pathlib import Path

from langchain_latm.interop.export_parts import (
    checked_source,
    comment_head,
    fenced,
    module_name,
    one_line,
    proven_cases,
    runtime_source,
    warning,
    write_files,
)
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.made_tool import MadeTool

_MAX_DESCRIPTION = 1024  # of the specification
_MAX_COMPATIBILITY = 500  # of the specification
_SHOWN_EXAMPLES = 3

_SCRIPT = '''\
"""Answer with a function that a language model wrote, in FUNCTION_FILE.

Usage: python SCRIPT_FILE '{{"parameter": value, ...}}'
   or: echo '{{"parameter": value, ...}}' | python SCRIPT_FILE
"""

import contextlib
import importlib.util
import json
import pathlib
import sys

{runtime}

def load():
    """Load the function from its file, whatever the working directory is."""
    path = pathlib.Path(__file__).resolve().with_name({function_file})
    spec = importlib.util.spec_from_file_location("_latm_function", path)
    sys.dont_write_bytecode = True  # leave the folder unchanged
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
        with contextlib.redirect_stdout(sys.stderr):  # standard output is only for the answer
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
    """Write a tool as an Agent Skill. The tool is not executed.

    Args:
        tool: The tool.
        folder: The folder of skills, in which the skill's folder is created; or the skill's folder itself, if it has
            its name.
        force: Replace existing files.

    Returns:
        The files. `SKILL.md` is written last, so that readers never find an incomplete skill.

    Raises:
        ToolRecordError: The tool's source defines no such function, or runs text as code.
        FileExistsError: A file exists and `force` is not given.
        LATMError: A file cannot be written.
    """
    name = skill_name(tool)
    folder = Path(folder)
    own = folder if folder.resolve().name == name else folder / name
    script, function = f"{module_name(tool)}.py", f"{module_name(tool)}_function.py"
    text = _SCRIPT.format(runtime=runtime_source(), function_file=repr(function), entry=repr(tool.entry))
    text = text.replace("FUNCTION_FILE", function).replace("SCRIPT_FILE", script)
    files = {
        f"scripts/{function}": comment_head(tool) + checked_source(tool),
        f"scripts/{script}": comment_head(tool) + text,
        "SKILL.md": f"{_front_matter(tool)}\n{_instructions(tool, script)}",
    }
    return write_files(own, files, force=force)


def skill_name(tool: MadeTool) -> str:
    """Return the tool's name in the specification's form: lower case, digits, single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", tool.name.lower()).strip("-") or "made-tool"


def _front_matter(tool: MadeTool) -> str:
    maker = one_line(tool.provenance.maker_model, 80)
    libraries = f"and {', '.join(map(str, tool.packages))}" if tool.packages else "standard library only"
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
        f"compatibility: {_quoted(one_line(f'Needs Python 3.11 or newer, {libraries}.', _MAX_COMPATIBILITY))}",
        "metadata:",
        *(f"  {key}: {_quoted(value)}" for key, value in metadata.items()),
        "---",
    ]
    return "\n".join(lines) + "\n"


def _description(tool: MadeTool) -> str:
    """Describe what the tool computes, with an example of when to use it."""
    what = one_line(tool.description, 600) or f"Computes {tool.name}."
    questions = [
        *(example.question for example in tool.worked_examples),
        *(case.question for case in tool.report.cases),
    ]
    such_as = "requests such as" if tool.inputs is None else "inputs such as"
    example = f" Use it for {such_as}: {one_line(questions[0], 300)}" if questions else ""
    return one_line(what + example, _MAX_DESCRIPTION)


def _instructions(tool: MadeTool, script: str) -> str:
    parts = [
        f"# {skill_name(tool)}",
        fenced("\n".join(warning(tool)), "text"),
        "What it computes, as described by the model that wrote it:",
        fenced(one_line(tool.description, 2000) or tool.name, "text"),
        f"Run `scripts/{script}` with the arguments as one JSON object, on the command line or over standard input.",
        "It prints the answer: use it unchanged. Without an answer, standard error says why (exit code 1 or 2).",
        "The arguments (JSON schema):",
        fenced(json.dumps(tool.parameters, indent=2), "json"),
    ]
    cases = proven_cases(tool)[:_SHOWN_EXAMPLES]
    if cases:
        what = "request" if tool.inputs is None else "row"
        parts.append(f"Proven examples: the {what}, the command, and what it prints.")
    for case in cases:
        command = f"python scripts/{script} {shlex.quote(json.dumps(case.arguments))}"
        parts += [
            fenced(case.question, "text"),
            fenced(command, "sh"),
            fenced(answer_text(case.value), "text"),
        ]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    """Quote text for YAML as a JSON string of printable characters, which nothing in the text can end.

    Three hyphens are escaped, because the specification's own validator ends the front matter at the first three.
    """
    return json.dumps(text, ensure_ascii=False).replace("---", "\\u002d" * 3)
