"""What several commands of `latm` ask for in the same way."""

from __future__ import annotations

import importlib.util
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from langchain_latm.cli import console
from langchain_latm.cli.completion import model_names, tool_names
from langchain_latm.exceptions import LATMError

if TYPE_CHECKING:
    from decimal import Decimal

    from langchain_latm.text.answer_check import AnswerCheck

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
LibraryFile = Annotated[
    Path | None,
    typer.Option(
        "--library",
        envvar="LATM_LIBRARY",
        dir_okay=False,
        help="The library's SQLite file, made if missing; by default `tools.sqlite` in the user's data folder.",
    ),
]
ToolName = Annotated[
    str, typer.Argument(metavar="NAME", help="The tool's name in the library.", autocompletion=tool_names)
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, for the history.")]

MODEL_HELP = "`local` for the embedded model, or a name such as `openai:gpt-4.1-mini` or `ollama:qwen3:8b`."


def model_option(told: str) -> Any:
    """Return an option that takes the name of a model; Typer's own type for it is Any too."""
    return typer.Option(metavar="MODEL", help=told, autocompletion=model_names)


UserModel = Annotated[
    str | None, model_option("The model that reads the arguments off each request; by default the maker.")
]
Attempts = Annotated[int, typer.Option(min=1, help="Rounds of proposing and proving, at most.")]
Candidates = Annotated[int, typer.Option(min=1, help="Functions proposed in each round.")]
CallSeconds = Annotated[float, typer.Option(min=0.01, help="Longest time that one call of a tool may take.")]
CALL_SECONDS = 5.0

Price = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MODEL=IN/OUT",
        help="A model's price in dollars per million input and output tokens, in place of the listed one. For "
        "several models, give it several times.",
    ),
]

CheckName = Literal["exact", "text", "numeric"]
Check = Annotated[
    CheckName,
    typer.Option(help="How answers are compared: `exact`; `text`, whatever its case and spaces; or `numeric`."),
]


def check_of(name: CheckName) -> AnswerCheck:
    """Return the comparison of a name."""
    from langchain_latm.text.answer_check import ExactCheck, NumericCheck, TextCheck

    checks: dict[CheckName, AnswerCheck] = {"exact": ExactCheck(), "text": TextCheck(), "numeric": NumericCheck()}
    return checks[name]


def read_prices(given: Sequence[str] | None) -> dict[str, tuple[Decimal, Decimal]]:
    """Read the prices of an option.

    Raises:
        typer.BadParameter: One is not as the option wants it.
    """
    from langchain_latm.models.prices import read_price

    try:
        return dict(map(read_price, given or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--price") from error


def examples(*commands: str) -> str:
    """Return the foot of a command's help: what to type, for instance. A test parses each line."""
    head = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join((f"{head}\n", *(f"- `{command}`" for command in commands)))


def refuse_choice(option: str, given: str, *choices: str) -> None:
    """Refuse what is none of the choices.

    Raises:
        typer.BadParameter: It is none of them.
    """
    if given not in choices:
        raise typer.BadParameter(f"it is {', '.join(choices[:-1])} or {choices[-1]}", param_hint=option)


def require_extra(extra: str, *packages: str, as_json: bool = False) -> None:
    """End with a message where a package of an extra is not installed."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        told = f"this needs {', '.join(missing)}: pip install 'langchain-latm[{extra}]'"
        console.fail(LATMError(told), as_json=as_json, code=2)


def refuse_question(question: str) -> None:
    """Refuse what cannot be sent to a model.

    Raises:
        typer.BadParameter: It is empty, or no UTF-8 text.
    """
    if not question.strip():
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise typer.BadParameter("the question is not UTF-8 text", param_hint="QUESTION") from error


def refuse_target(target: Path, *, force: bool, hint: str = "--out") -> None:
    """Find out before any work is done whether a file can be written.

    Raises:
        typer.BadParameter: It cannot, or it is there already and `force` is not given.
    """
    try:
        there = target.stat()
    except FileNotFoundError:
        there = None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{target}: {getattr(error, 'strerror', error)}", param_hint=hint) from error
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise typer.BadParameter(f"{target} is not a file", param_hint=hint)
    if there is not None and not force:
        raise typer.BadParameter(f"{target} is there already; choose another file or add --force", param_hint=hint)
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise typer.BadParameter(f"no file can be written in {target.parent}", param_hint=hint)
