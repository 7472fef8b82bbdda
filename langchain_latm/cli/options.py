"""Options and checks that several commands of `latm` share."""

from __future__ import annotations

import importlib.util
import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer

from langchain_latm.cli import console
from langchain_latm.cli.completion import known_names, model_names, tool_names
from langchain_latm.exceptions import LATMError

if TYPE_CHECKING:
    from decimal import Decimal

    from langchain_latm import AnswerCheck

MODELS = "Models"
BUDGETS = "Budgets"
PROOF = "Examples and proof"
OUTPUT = "Output"
"""Groups of options in the help of a command."""

AsJson = Annotated[
    bool, typer.Option("--json", help="Print the result as JSON on standard output.", rich_help_panel=OUTPUT)
]


def _library(given: str) -> str:
    """Reject a library that is a folder, or a URL of another kind."""
    from langchain_latm.tools.library.address import address_of

    try:
        path = address_of(given)
    except LATMError as error:
        raise typer.BadParameter(str(error)) from error
    if isinstance(path, Path) and path.is_dir():
        raise typer.BadParameter(f"{path} is a directory; name a file in it")
    if isinstance(path, Path) and path.exists() and not os.access(path, os.R_OK):
        raise typer.BadParameter(f"{path} is not readable")
    return given


Library = Annotated[
    str | None,
    typer.Option(
        "--library",
        envvar="LATM_LIBRARY",
        parser=_library,
        metavar="PLACE",
        help="The library: a SQLite file, created if missing, or `postgresql://...` (extra `postgres`); by default "
        "`tools.sqlite` in your data folder.",
    ),
]
HelperLibrary = Annotated[
    str | None,
    typer.Option(
        "--library",
        envvar="LATM_LIBRARY",
        parser=_library,
        metavar="PLACE",
        help="The library whose tools the new one may call, if it exists; by default that in your data folder.",
    ),
]
UseHelpers = Annotated[
    bool, typer.Option("--helpers/--no-helpers", help="Whether the tool may call functions of other tools.")
]
ToolName = Annotated[
    str, typer.Argument(metavar="NAME", help="The tool's name in the library.", autocompletion=tool_names)
]
KnownName = Annotated[
    str, typer.Argument(metavar="NAME", help="The name of a current or removed tool.", autocompletion=known_names)
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="The reason, recorded in the tool's history.")]
RequestFile = Annotated[
    Path | None,
    typer.Option(
        help="A file of requests: JSON lines, BIG-bench JSON, or plain text with one request per line; `-` is standard "
        "input. Answers in it are compared."
    ),
]
AnswersFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="With --file: write the answers here, one a line, or as JSON lines if it ends in .jsonl. Repeat the "
        "command after Ctrl-C to continue.",
        rich_help_panel=OUTPUT,
    ),
]
ForceAnswers = Annotated[bool, typer.Option("--force", help="Replace an existing --out.", rich_help_panel=OUTPUT)]
Restart = Annotated[
    bool,
    typer.Option(
        "--restart", help="Start over, instead of continuing where the last run stopped.", rich_help_panel=OUTPUT
    ),
]

MODEL_HELP = "`local` for the embedded model, or a name such as `openai:gpt-4.1-mini` or `ollama:qwen3:8b`."


def model_option(text: str) -> Any:
    """Return an option that takes the name of a model."""
    return typer.Option(metavar="MODEL", help=text, autocompletion=model_names, rich_help_panel=MODELS)


MAKERS_HELP = (
    "Given again, the next model, a stronger one, is asked to write a tool where the one before proved nothing."
)
UserModel = Annotated[
    str | None, model_option("The model that reads the arguments from each request; by default the maker.")
]
Embeddings = Annotated[
    str | None,
    typer.Option(
        metavar="EMBEDDINGS",
        help="Find tools by meaning too: `local` (extra `embeddings`), or a name such as "
        "`openai:text-embedding-3-small`; by default by wording alone.",
        rich_help_panel=MODELS,
    ),
]
MaxError = Annotated[
    float,
    typer.Option(min=0, max=0.99, help="Share of requests that may get a wrong tool.", rich_help_panel=MODELS),
]
MAX_ERROR = 0.01

Attempts = Annotated[
    int, typer.Option(min=1, help="Maximum number of rounds of proposing and verifying.", rich_help_panel=BUDGETS)
]
Candidates = Annotated[int, typer.Option(min=1, help="Functions proposed in each round.", rich_help_panel=BUDGETS)]
Repair = Annotated[
    float,
    typer.Option(
        min=0,
        max=3_600,
        help="Seconds of search for a repair after each round that proved nothing, without a model.",
        rich_help_panel=BUDGETS,
    ),
]
SecondAttempts = Annotated[
    int,
    typer.Option(
        min=0,
        help="Rounds that look for another function after the first is proven, to compare them. 0 for none.",
        rich_help_panel=BUDGETS,
    ),
]


def _packages(given: list[str] | None) -> list[str]:
    """Reject values other than NAME and NAME==VERSION."""
    if not given:
        return []
    from langchain_latm.exceptions import PackageError
    from langchain_latm.sandbox.packages.declaring import requirements

    try:
        requirements(given)
    except PackageError as error:
        raise typer.BadParameter(str(error)) from error
    return given


Packages = Annotated[
    list[str] | None,
    typer.Option(
        "--package",
        metavar="NAME",
        callback=_packages,
        help="A package that the tool may import: NAME or NAME==VERSION. It is installed once with its dependencies, "
        "as wheels and for tools only. May be given several times.",
        rich_help_panel=PROOF,
    ),
]
AllowedPackages = Annotated[
    list[str] | None,
    typer.Option(
        "--package",
        metavar="NAME",
        callback=_packages,
        help="A package that these tools may import. It is installed exactly as recorded, with its dependencies, for "
        "tools only. May be given several times.",
    ),
]
CallSeconds = Annotated[
    float, typer.Option(min=0.01, help="Maximum seconds for one call of a tool.", rich_help_panel=BUDGETS)
]
CALL_SECONDS = 5.0
DailyBudget = Annotated[
    str | None,
    typer.Option(
        "--budget",
        metavar="LIMIT",
        help="Daily limit for the makings of all processes on this library: tokens, such as 200000, or dollars, "
        "such as '2.50 USD'. Then no tool is made before the next day (UTC).",
        rich_help_panel=BUDGETS,
    ),
]


@contextmanager
def budget_errors() -> Iterator[None]:
    """Turn errors about --budget into usage errors.

    Raises:
        typer.BadParameter: It cannot be read, or a price is unknown.
    """
    try:
        yield
    except ValueError as error:
        what, _, reason = str(error).partition("budget: ")
        if what or not reason:
            raise
        raise typer.BadParameter(reason, param_hint="--budget") from error


Price = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MODEL=IN/OUT",
        help="A model's price in US dollars per million input and output tokens, instead of the list price. May be "
        "given several times.",
    ),
]


def _validate_check(name: str) -> str:
    check_of(name)
    return name


Check = Annotated[
    str,
    typer.Option(
        metavar="CHECK",
        callback=_validate_check,
        autocompletion=lambda: ["exact", "text", "numeric"],
        help="How answers are compared: `exact`; `text`, ignoring case and spaces; `numeric`; or, within a "
        "tolerance, `numeric:0.01`.",
        rich_help_panel=PROOF,
    ),
]


def dataset_address(source: Path, columns: Sequence[str] | None, to: str | None) -> str | None:
    """Return the address of a LangSmith dataset with the chosen fields; None if the source is a file."""
    address = str(source)
    if not address.startswith("langsmith:"):
        return None
    fields = [*(("from", name) for name in columns or ()), *([] if to is None else [("to", to)])]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}" if fields else address


def check_of(name: str) -> AnswerCheck:
    """Return the answer check of a name.

    Raises:
        typer.BadParameter: There is no such check.
    """
    from pydantic import TypeAdapter, ValidationError

    from langchain_latm import AnswerCheck

    try:
        return TypeAdapter[AnswerCheck](AnswerCheck).validate_python(name)
    except ValidationError as error:
        message = "must be 'exact', 'text', 'numeric', or 'numeric:0.01' with any tolerance"
        raise typer.BadParameter(message, param_hint="--check") from error


def read_prices(given: Sequence[str] | None) -> dict[str, tuple[Decimal, Decimal]]:
    """Read the values of `--price`.

    Raises:
        typer.BadParameter: One of them is not MODEL=IN/OUT.
    """
    from langchain_latm.models.prices import read_price

    try:
        return dict(map(read_price, given or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--price") from error


def examples(*commands: str) -> str:
    """Return the examples at the end of a command's help. A test parses each of them."""
    head = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join((f"{head}\n", *(f"- `{command}`" for command in commands)))


def validate_choice(option: str, given: str, *choices: str) -> None:
    """Reject a value that is not one of the choices.

    Raises:
        typer.BadParameter: It is not one of them.
    """
    if given not in choices:
        listed = ", ".join(map(repr, choices))
        raise typer.BadParameter(f"{given!r} is not one of {listed}.", param_hint=option)


def validate_question(question: str) -> None:
    """Reject a request that cannot be sent to a model.

    Raises:
        typer.BadParameter: It is empty or not UTF-8 text.
    """
    if not question.strip():
        raise typer.BadParameter("the question is empty", param_hint="QUESTION")
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise typer.BadParameter("the question is not UTF-8 text", param_hint="QUESTION") from error


def inputs_in(text: str) -> dict[str, Any]:
    """Read the inputs of a typed tool.

    Raises:
        typer.BadParameter: The text is not a JSON object.
    """
    try:
        inputs = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise typer.BadParameter(f"it is not JSON: {error}", param_hint="--args") from error
    if not isinstance(inputs, dict):
        raise typer.BadParameter("it must be a JSON object, with a value for each input", param_hint="--args")
    return inputs


def validate_target(target: Path, *, force: bool, hint: str = "--out") -> None:
    """Reject, before any work is done, a file that cannot be written.

    Raises:
        typer.BadParameter: It cannot be written, or it exists and `force` is not given.
    """
    try:
        existing = target.stat()
    except FileNotFoundError:
        existing = None
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{target}: {getattr(error, 'strerror', error)}", param_hint=hint) from error
    if existing is not None and not stat.S_ISREG(existing.st_mode):
        raise typer.BadParameter(f"{target} is not a file", param_hint=hint)
    if existing is not None and not force:
        raise typer.BadParameter(f"{target} already exists; choose another file or add --force", param_hint=hint)
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise typer.BadParameter(f"the folder {target.parent} is missing or not writable", param_hint=hint)


def validate_out(out: Path | None, file: Path | None) -> None:
    """Reject an output without a file of requests, or that is this file itself.

    Raises:
        typer.BadParameter: It is one of these.
    """
    if out is None:
        return
    if file is None:
        raise typer.BadParameter("is for the answers to --file", param_hint="--out")
    if out.exists() and file.exists() and out.samefile(file):
        raise typer.BadParameter(f"{out} is the file of requests itself", param_hint="--out")
    if not out.parent.is_dir():
        raise typer.BadParameter(f"the folder {out.parent} is missing", param_hint="--out")


def is_given(context: typer.Context, name: str) -> bool:
    """Return whether a parameter is set on the command line, and not in the environment or the settings."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def require_terminal(hint: str) -> None:
    """Reject an option that asks a person without a terminal.

    Raises:
        typer.BadParameter: Standard input is not a terminal.
    """
    if not sys.stdin.isatty():
        raise typer.BadParameter("needs a terminal: standard input is not one", param_hint=hint)


def require_extra(extra: str, *packages: str, as_json: bool = False) -> None:
    """End the program with a message if a package of an extra is not installed."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        message = f"{', '.join(missing)} not installed: run pip install 'langchain-latm[{extra}]'"
        console.fail(LATMError(message), as_json=as_json, code=2)
