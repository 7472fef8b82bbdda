"""The command `latm`: its commands, and how a run ends.

Results go to standard output, progress and errors to standard error. The modules of the commands import what
they need when they run, so that help, completion and mistakes in typing are told at once.
"""

import os
import sys
from typing import Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.ask import ask, feedback
from langchain_latm.cli.bench import bench
from langchain_latm.cli.demo import demo, model
from langchain_latm.cli.dispatch import dispatch
from langchain_latm.cli.ending import UNWRITABLE, output_that_may_end, replace_closed_streams, stopped_by_keyboard
from langchain_latm.cli.make import make
from langchain_latm.cli.options import examples
from langchain_latm.cli.remake import remake
from langchain_latm.cli.report import report
from langchain_latm.cli.serve import serve
from langchain_latm.cli.stats import stats
from langchain_latm.cli.tools import tools
from langchain_latm.cli.use import show, use
from langchain_latm.exceptions import LATMError, RequestError, TaskError, ToolNotFoundError, ToolRecordError

_EXIT_CODES = """
| exit code | what it means |
| ---: | --- |
| 0 | done |
| 1 | failed: a model, a tool, the sandbox, the library or the disk; of many requests, at least one |
| 2 | bad usage, or input that cannot be used: a file, a name, a record |
| 130 | stopped by Ctrl-C |
"""

app = typer.Typer(
    name="latm",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Language models that make their own tools: written once, proven on unseen examples, run in a sandbox.\n\n"
    "`latm COMMAND --help` says what a command takes, prints, stores and costs. A model is `local`, the embedded one "
    "(extra `local`), or a name such as `openai:gpt-4.1`, whose key stands in the variable that its provider names "
    "(`OPENAI_API_KEY`). With --json results are JSON on standard output, with nothing else there.",
    epilog=examples(
        "latm demo", "latm make tasks.jsonl --maker openai:gpt-4.1", 'latm ask "Sort these words: fig apple"'
    )
    + "\n"
    + _EXIT_CODES,
)

_ONE = "One tool in a file"
_LIBRARY = "A library of tools"
_MACHINE = "This machine"

app.command(
    rich_help_panel=_ONE,
    epilog=examples(
        "latm make word_sorting.json",
        "latm make tasks.jsonl --maker openai:gpt-4.1 --user openai:gpt-4.1-mini --out sort.tool.json",
    ),
)(make)
app.command(
    rich_help_panel=_ONE,
    epilog=examples(
        'latm use word_sorting.tool.json "Sort these words: pear fig apple"',
        "latm use word_sorting.tool.json --file more.jsonl --unseen --json",
    ),
)(use)
app.command(rich_help_panel=_ONE, epilog=examples("latm show word_sorting.tool.json"))(show)

app.command(
    rich_help_panel=_LIBRARY,
    epilog=examples(
        'latm ask "Sort these words: pear fig apple"',
        "latm ask --file requests.txt --maker openai:gpt-4.1 --user openai:gpt-4.1-mini",
        "latm ask --file tasks.jsonl --labels feedback --learn",
    ),
)(ask)
app.command(rich_help_panel=_LIBRARY, epilog=examples("latm feedback 01764030000000000000-1a2b3c4d 'apple fig pear'"))(
    feedback
)
app.add_typer(tools, name="tools", rich_help_panel=_LIBRARY)
app.command(
    rich_help_panel=_LIBRARY,
    epilog=examples("latm remake word_sorting --maker openai:gpt-4.1 --user openai:gpt-4.1-mini"),
)(remake)
app.command(rich_help_panel=_LIBRARY, epilog=examples('latm dispatch "Sort these words: pear fig apple"'))(dispatch)
app.command(
    rich_help_panel=_LIBRARY,
    epilog=examples("latm stats", "latm stats word_sorting --price my-model=0.5/1.5"),
)(stats)
app.command(rich_help_panel=_LIBRARY, epilog=examples("latm report --out report.html --open"))(report)
app.command(
    rich_help_panel=_LIBRARY,
    epilog=examples(
        "latm serve",
        "latm serve --http --port 8765",
        "latm serve --make-tool --maker openai:gpt-4.1 --user openai:gpt-4.1-mini",
    ),
)(serve)

app.command(rich_help_panel=_MACHINE, epilog=examples("latm demo", "latm demo --kind letter_shift --seed 7"))(demo)
app.command(rich_help_panel=_MACHINE, epilog=examples("latm model"))(model)
app.add_typer(bench, name="bench", rich_help_panel=_MACHINE)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        console.out(f"latm {version('langchain-latm')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run `latm`; every error becomes one plain message and an exit code."""
    replace_closed_streams()
    with stopped_by_keyboard(), output_that_may_end():
        _run()


def _run() -> None:
    as_json = "--json" in sys.argv
    try:
        app(prog_name="latm", standalone_mode=True)
    except (RequestError, TaskError, ToolNotFoundError, ToolRecordError) as error:
        console.fail(error, as_json=as_json, code=2)
    except LATMError as error:
        console.fail(error, as_json=as_json, code=1)
    except Exception as error:
        if os.environ.get("LATM_DEBUG") or (isinstance(error, OSError) and error.errno in UNWRITABLE):
            raise
        told = f"something unforeseen happened: {type(error).__name__}: {error} (LATM_DEBUG=1 shows where)"
        console.fail(LATMError(told), as_json=as_json, code=1)


if __name__ == "__main__":
    main()
