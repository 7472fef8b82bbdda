"""The command `latm`: its commands, and how a run ends.

Results go to standard output, progress and errors to standard error. Each command imports what it needs when it runs,
so that help, completion and usage errors are fast.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from langchain_latm.cli import bench_making, bench_tables, console  # noqa: F401 - they add commands to `bench`
from langchain_latm.cli.apply import apply
from langchain_latm.cli.ask import ask, feedback
from langchain_latm.cli.bench import bench
from langchain_latm.cli.demo import demo, model
from langchain_latm.cli.dispatch import dispatch
from langchain_latm.cli.doctor import doctor
from langchain_latm.cli.ending import UNWRITABLE, exit_on_interrupt, exit_on_write_error, replace_closed_streams
from langchain_latm.cli.library import TENANT
from langchain_latm.cli.make import make
from langchain_latm.cli.options import examples
from langchain_latm.cli.remake import remake
from langchain_latm.cli.report import report
from langchain_latm.cli.retention import erase, prune
from langchain_latm.cli.serve import serve
from langchain_latm.cli.settings import find_settings
from langchain_latm.cli.stats import stats
from langchain_latm.cli.tools import tools
from langchain_latm.cli.usage_errors import fail_usage, is_usage_error
from langchain_latm.cli.use import show, use
from langchain_latm.exceptions import LATMError, RequestError, TableError, TaskError, ToolNotFoundError, ToolRecordError

_EXIT_CODES = """
| exit code | meaning |
| ---: | --- |
| 0 | done |
| 1 | failed: a model, a tool, the sandbox, the library or the disk; with several requests, at least one of them |
| 2 | bad usage or unusable input: a file, a name, a record |
| 130 | stopped by Ctrl-C |
"""

app = typer.Typer(
    name="latm",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Let language models make their own tools: written once, proven on unseen examples, run in a sandbox.\n\n"
    "`latm COMMAND --help` shows what a command takes, prints, stores and costs. A model is `local`, the embedded one "
    "(extra `local`), or a name such as `openai:gpt-4.1`; its API key is read from the provider's environment variable "
    "(`OPENAI_API_KEY`). With --json, standard output holds JSON only.",
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
        "latm make people.csv --from signup --to iso --say 'Write as year-month-day'",
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
app.command(
    rich_help_panel=_ONE,
    epilog=examples(
        "latm apply iso.tool.json people.csv --out done.csv",
        "latm apply badge.tool.json people.xlsx --from first=Vorname --from last=Nachname --out done.xlsx",
        "latm apply iso.tool.json - --out - --from signup",
    ),
)(apply)
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
    rich_help_panel=_LIBRARY, epilog=examples("latm stats", "latm stats word_sorting --price my-model=0.5/1.5")
)(stats)
app.command(
    rich_help_panel=_LIBRARY, epilog=examples("latm prune --older-than 90d --dry-run", "latm prune --older-than 90d")
)(prune)
app.command(
    rich_help_panel=_LIBRARY, epilog=examples("latm erase --tenant acme", "latm --tenant acme erase --user ann --yes")
)(erase)
app.command(rich_help_panel=_LIBRARY, epilog=examples("latm report --out report.html --open"))(report)
app.command(
    rich_help_panel=_LIBRARY,
    epilog=examples(
        "latm serve",
        "latm serve --http --port 8765",
        "latm serve --make-tool --maker openai:gpt-4.1 --user openai:gpt-4.1-mini",
    ),
)(serve)

app.command(rich_help_panel=_MACHINE, epilog=examples("latm doctor", "latm doctor --json"))(doctor)
app.command(rich_help_panel=_MACHINE, epilog=examples("latm demo", "latm demo --kind letter_shift --seed 7"))(demo)
app.command(rich_help_panel=_MACHINE, epilog=examples("latm model"))(model)
app.add_typer(bench, name="bench", rich_help_panel=_MACHINE)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        console.out(f"latm {version('langchain-latm')}")
        raise typer.Exit


_FIRST_STEPS = """\
latm makes tools from solved examples, proves them on unseen ones, and runs them in a sandbox.

1. See it work, without a key:   latm demo
2. Make a tool of your own:      latm make people.csv --from signup --to iso
                                 latm make examples.jsonl --maker openai:gpt-4.1
3. Use it:                       latm apply iso.tool.json people.csv --out done.csv
                                 latm use examples.tool.json "Sort these words: fig apple"

latm doctor checks this machine: sandbox, models, library. latm --help lists all commands."""


@app.callback()
def _options(
    context: typer.Context,
    tenant: Annotated[
        str | None,
        typer.Option(
            envvar="LATM_TENANT",
            show_envvar=True,
            help="The tenant whose part of the library to use; by default the part of runs without a tenant.",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            envvar="LATM_CONFIG",
            show_envvar=True,
            metavar="FILE",
            help="The settings file; by default `latm.toml`, or `pyproject.toml` with `[tool.latm]`, the first from "
            "the current folder upwards.",
        ),
    ] = None,
    log_format: Annotated[
        Literal["text", "json"],
        typer.Option(
            envvar="LATM_LOG",
            show_envvar=True,
            help="`json`: logs on standard error as JSON lines, with an event for each request and making, and without "
            "texts of requests (LATM_LOG_TEXT=1 includes them). Messages for people do not change.",
        ),
    ] = "text",
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command; without a command, show the first steps."""
    TENANT.set(tenant)
    from langchain_latm.cli.logs import log_json, log_text

    log_json() if log_format == "json" else log_text()
    if context.invoked_subcommand is None:
        console.out(_FIRST_STEPS)
    elif context.invoked_subcommand == "doctor":  # doctor reports errors in the settings itself
        context.obj = config
    else:
        context.default_map = find_settings(config).default_map(context.command)


def main() -> None:
    """Run `latm`; every error becomes one message and an exit code."""
    replace_closed_streams()
    with exit_on_interrupt(), exit_on_write_error():
        _run()


def _run() -> None:
    as_json = "--json" in sys.argv
    try:
        code = app(prog_name="latm", standalone_mode=False)
    except (RequestError, TableError, TaskError, ToolNotFoundError, ToolRecordError) as error:
        console.fail(error, as_json=as_json, code=2)
    except LATMError as error:
        console.fail(error, as_json=as_json, code=1)
    except typer.Abort:
        console.say("aborted")
        raise SystemExit(1) from None
    except Exception as error:
        if is_usage_error(error):
            fail_usage(error)
        if os.environ.get("LATM_DEBUG") or (isinstance(error, OSError) and error.errno in UNWRITABLE):
            raise
        message = f"Unexpected error: {type(error).__name__}: {error} (set LATM_DEBUG=1 for a traceback)."
        console.fail(LATMError(message), as_json=as_json, code=1)
    raise SystemExit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
