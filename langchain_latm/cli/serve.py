"""`latm serve`: the library's tools for MCP clients."""

from typing import Annotated

import typer

from langchain_latm._core.defaults import LOCAL
from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.models import chosen_models, opened_sandbox
from langchain_latm.cli.options import CALL_SECONDS, CallSeconds, LibraryFile, UserModel, model_option, require_extra

_HOST = "127.0.0.1"
_TOKEN_CHARACTERS = 16


def serve(
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of standard input and output.")] = False,
    host: Annotated[
        str, typer.Option(help="With --http: the address to listen on. Anything but this machine needs a token.")
    ] = _HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="With --http: the port; 0 takes a free one.")] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="LATM_TOKEN",
            show_envvar=True,
            help="With --http: the token that clients send as `Authorization: Bearer`. The variable is safer.",
        ),
    ] = None,
    make_tool: Annotated[
        bool, typer.Option("--make-tool", help="Let clients have tools made, with the models of --maker and --user.")
    ] = False,
    maker: Annotated[
        str | None,
        model_option("With --make-tool: the model that writes the tools; by default `local`, the embedded one."),
    ] = None,
    user: UserModel = None,
    call_seconds: CallSeconds = CALL_SECONDS,
    library: LibraryFile = None,
) -> None:
    """Serve the library's tools to MCP clients: Claude Desktop, editors, agents (extra `mcp`).

    Serves one client over standard input and output, or with --http any number at http://HOST:PORT/mcp until Ctrl-C.
    Tools run in the sandbox and no model is asked, unless clients may have tools made: --make-tool spends your tokens.
    """
    require_extra("mcp", "mcp", "starlette", "uvicorn")
    import asyncio
    import logging
    import signal

    from langchain_latm import create_tool_maker
    from langchain_latm.interop.mcp import create_mcp_server
    from langchain_latm.interop.mcp.http import is_loopback, serve_http

    if not make_tool and (maker or user):
        raise typer.BadParameter("needs --make-tool", param_hint="--maker" if maker else "--user")
    if not http and host != _HOST:
        raise typer.BadParameter("needs --http", param_hint="--host")
    if http:
        _validate_token(host, token, loopback=is_loopback(host))
    logging.basicConfig(level=logging.WARNING)  # on standard error
    if http:
        for each in (signal.SIGINT, signal.SIGTERM):  # raises, so that everything is closed
            signal.signal(each, signal.default_int_handler)
    else:
        # A thread reads standard input, and no exception ends it. So the process just ends: its children notice and
        # end too, and the library loses nothing that was confirmed.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    with opened_library(library) as opened, opened_sandbox(call_seconds) as sandbox:
        chain = None
        if make_tool:
            chain = create_tool_maker(*chosen_models(maker or LOCAL, user), sandbox=sandbox)
        server = create_mcp_server(opened, sandbox=sandbox, maker=chain)
        if http:
            asyncio.run(serve_http(server, host=host, port=port, token=token, listening=_say_address))
        else:
            asyncio.run(server.serve_stdio())


def _say_address(url: str) -> None:
    console.say(f"serving MCP on {url}")


def _validate_token(host: str, token: str | None, *, loopback: bool) -> None:
    if token is None:
        if not loopback:
            message = f"{host} is reachable from other machines: set a token in LATM_TOKEN or with --token"
            raise typer.BadParameter(message, param_hint="--host")
    elif len(token) < _TOKEN_CHARACTERS or not token.isascii() or not token.isprintable() or " " in token:
        message = f"a token has at least {_TOKEN_CHARACTERS} printable ASCII characters and no spaces"
        raise typer.BadParameter(message, param_hint="--token")
