"""`latm serve`: the library's tools for MCP clients."""

from collections.abc import Sequence
from typing import Annotated

import typer

from langchain_latm._core.defaults import LOCAL
from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_makers, opened_sandbox
from langchain_latm.cli.options import (
    CALL_SECONDS,
    MAKERS_HELP,
    CallSeconds,
    DailyBudget,
    Library,
    Packages,
    UserModel,
    budget_errors,
    is_given,
    model_option,
    require_extra,
)

_HOST = "127.0.0.1"
_TOKEN_CHARACTERS = 16
_SHOWN = 10
_HTTP = "HTTP (needs --http)"


def serve(
    context: typer.Context,
    http: Annotated[
        bool,
        typer.Option("--http", help="Serve over HTTP instead of standard input and output.", rich_help_panel=_HTTP),
    ] = False,
    host: Annotated[
        str,
        typer.Option(help="The address to listen on. Anything but this machine needs a token.", rich_help_panel=_HTTP),
    ] = _HOST,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.", rich_help_panel=_HTTP)
    ] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="LATM_TOKEN",
            show_envvar=True,
            help="The token that clients send as `Authorization: Bearer`. The variable is safer.",
            rich_help_panel=_HTTP,
        ),
    ] = None,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="A name under which clients reach this server through a proxy, such as `tools.example.com`. May be "
            "given several times.",
            rich_help_panel=_HTTP,
        ),
    ] = None,
    max_connections: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Maximum number of connections; by default 512, and never more than half of the files that the "
            "process may open.",
            rich_help_panel=_HTTP,
        ),
    ] = None,
    max_sessions: Annotated[
        int,
        typer.Option(
            min=1, help="Maximum number of sessions; then the least recently used one ends.", rich_help_panel=_HTTP
        ),
    ] = 1000,
    ui: Annotated[
        bool,
        typer.Option("--ui", help="Serve a page at /ui too, where persons approve tools. Implies --http."),
    ] = False,
    make_tool: Annotated[
        bool, typer.Option("--make-tool", help="Let clients have tools made, with the models of --maker and --user.")
    ] = False,
    approve: Annotated[
        bool, typer.Option("--approve", help="With --make-tool: use no new tool before a person has approved it.")
    ] = False,
    budget: DailyBudget = None,
    maker: Annotated[
        list[str] | None,
        model_option(
            f"With --make-tool: the model that writes the tools; by default `local`, the embedded one. {MAKERS_HELP}"
        ),
    ] = None,
    user: UserModel = None,
    packages: Packages = None,
    no_examples: Annotated[
        bool, typer.Option("--no-examples", help="Describe tools without an example of their proof.")
    ] = False,
    call_seconds: CallSeconds = CALL_SECONDS,
    library: Library = None,
) -> None:
    """Serve the library's tools to MCP clients: Claude Desktop, editors, agents (extra `mcp`).

    Serves one client over standard input and output, or with --http any number at http://HOST:PORT/mcp until Ctrl-C.
    Tools run in the sandbox and no model is asked, unless clients may have tools made: --make-tool spends your tokens.

    With --ui, http://HOST:PORT/ui is a page for the browser: the proven tools that wait for approval, with source,
    proof and the requests on which functions differ; approve, refuse, or add an example. The library's report is there
    too. If there is a token, the page asks for it.

    With --http, http://HOST:PORT/metrics has the library's accounts for Prometheus: uses, makings, tokens, dollars,
    doubts. The token is needed there too.
    """
    http, makers = http or ui, maker or [LOCAL]
    require_extra("mcp", "mcp", "starlette", "uvicorn", "prometheus_client")
    import asyncio

    from langchain_latm import create_tool_maker
    from langchain_latm.interop.approval.app import UI, approval_app
    from langchain_latm.interop.mcp import create_mcp_server
    from langchain_latm.interop.mcp.connections import most_connections
    from langchain_latm.interop.mcp.http import MOST_BYTES, PATH, is_loopback, serve_http, served_hosts
    from langchain_latm.interop.metrics import METRICS, LibraryMetrics
    from langchain_latm.tools.library.address import default_address, visible_address

    given = [name for name in ("maker", "user", "packages", "approve", "budget") if is_given(context, name)]
    if not make_tool and given:
        raise typer.BadParameter("needs --make-tool", param_hint=f"--{given[0].removesuffix('s')}")
    if http:
        _validate_token(host, token, loopback=is_loopback(host))
        _validate_hosts(allowed_host or ())
    elif host != _HOST or allowed_host:
        raise typer.BadParameter("needs --http", param_hint="--allowed-host" if allowed_host else "--host")
    _log_to_standard_error()
    _end_on_signals(http=http)
    with opened_library(library) as opened, opened_sandbox(call_seconds) as sandbox:
        chain = None
        if make_tool:
            chain = create_tool_maker(
                *chosen_makers(makers, user), sandbox=sandbox, packages=packages or (), helpers=opened
            )
        with budget_errors():
            server = create_mcp_server(
                opened, sandbox=sandbox, maker=chain, approve=approve, budget=budget, examples=not no_examples
            )
        place = visible_address(library or default_address())
        served = [each.name for each in opened.list() if not each.system_key]  # the others depend on a system prompt
        exposed = f"the tools of {place}, now {len(served)}{_named(served)}"
        exposed += f", and make_tool, which spends tokens of {' and '.join(makers)}" if make_tool else ""
        if not http:
            console.say(f"serving MCP to one client on standard input and output\n  exposed: {exposed}")
            asyncio.run(server.serve_stdio())
            return

        def say(url: str) -> None:
            page = f"  page: {url.removesuffix(PATH)}{UI}/, where callers approve and refuse tools\n" if ui else ""
            console.say(
                f"serving MCP on {url}\n"
                f"{page}"
                f"  exposed: {exposed}; accounts at {METRICS}\n"
                f"  callers: {'who sends the token' if token else 'everybody on this machine'}; no TLS\n"
                "  sessions: each has tool processes of its own; all share the library\n"
                f"  hosts: {', '.join(served_hosts(host, allowed_host or ())) or 'any'}\n"
                f"  limits: {most_connections(max_connections)} connections, {max_sessions} sessions, "
                f"{MOST_BYTES // 2**20} MiB a request, {call_seconds:g} s a call"
            )

        serving = serve_http(
            server,
            host=host,
            port=port,
            token=token,
            allowed_hosts=allowed_host or (),
            max_connections=max_connections,
            max_sessions=max_sessions,
            endpoints={METRICS: LibraryMetrics(opened)},
            pages={UI: approval_app(opened, sandbox, token=token, where=place)} if ui else {},
            listening=say,
        )
        asyncio.run(serving)


def _named(tools: Sequence[str]) -> str:
    more = f" and {len(tools) - _SHOWN:,} more" if len(tools) > _SHOWN else ""
    return f": {', '.join(tools[:_SHOWN])}{more}" if tools else ""


def _log_to_standard_error() -> None:
    import logging

    from langchain_latm.cli.logs import log_text

    log_text(names=True)
    for noisy in ("uvicorn.error", "mcp"):  # a line for each request that is wrong would fill the disk
        logging.getLogger(noisy).setLevel(logging.ERROR)


def _end_on_signals(*, http: bool) -> None:
    import signal

    if http:
        for each in (signal.SIGINT, signal.SIGTERM):  # raises, so that everything is closed
            signal.signal(each, signal.default_int_handler)
    else:
        # A thread reads standard input, and no exception ends it. So the process just ends: its children notice and
        # end too, and the library loses nothing that was confirmed.
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _validate_hosts(hosts: Sequence[str]) -> None:
    from langchain_latm.interop.mcp.http import is_host

    if wrong := [each for each in hosts if not is_host(each)]:
        message = f"{wrong[0]!r} is not the name of a host, such as tools.example.com"
        raise typer.BadParameter(message, param_hint="--allowed-host")


def _validate_token(host: str, token: str | None, *, loopback: bool) -> None:
    if token is None:
        if not loopback:
            message = f"{host} is reachable from other machines: set a token in LATM_TOKEN or with --token"
            raise typer.BadParameter(message, param_hint="--host")
    elif len(token) < _TOKEN_CHARACTERS or not token.isascii() or not token.isprintable() or " " in token:
        message = f"a token has at least {_TOKEN_CHARACTERS} printable ASCII characters and no spaces"
        raise typer.BadParameter(message, param_hint="--token")
