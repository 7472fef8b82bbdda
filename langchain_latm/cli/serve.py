"""`latm serve`: the library's tools for MCP clients. Parsing and printing only."""

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
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP, not over standard input and output.")] = False,
    host: Annotated[
        str, typer.Option(help="With --http: where to listen. Beyond this machine it takes a token.")
    ] = _HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="With --http: the port; 0 takes a free one.")] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="LATM_TOKEN",
            show_envvar=True,
            help="With --http: what clients send as `Authorization: Bearer`. Safer in the variable.",
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
    """Serve the tools of the library to MCP clients: Claude Desktop, editors, agents (extra `mcp`).

    A client that starts it as a command talks to it over standard input and output; with --http it listens at
    http://HOST:PORT/mcp until Ctrl-C. Tools run in the sandbox, and no model is asked, unless clients may have tools
    made: --make-tool spends your models' tokens.
    """
    require_extra("mcp", "mcp", "starlette", "uvicorn")
    import asyncio
    import logging
    import signal

    from langchain_latm.interop.mcp.http import is_loopback, serve_http
    from langchain_latm.interop.mcp.server import create_mcp_server
    from langchain_latm.making.maker import create_tool_maker

    _refuse_models(maker, user, make_tool=make_tool)
    if not http and host != _HOST:
        raise typer.BadParameter("nothing is listened on without --http", param_hint="--host")
    if http:
        _refuse_open_doors(host, token, loopback=is_loopback(host))
    logging.basicConfig(level=logging.WARNING)  # on standard error
    if http:
        for each in (signal.SIGINT, signal.SIGTERM):  # everything is closed
            signal.signal(each, signal.default_int_handler)
    else:
        # A thread reads the input, and no exception ends that. What is told to end just ends: children see it and end
        # too, and the library loses nothing that was confirmed.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    with opened_library(library) as opened, opened_sandbox(call_seconds) as sandbox:
        chain = None
        if make_tool:
            writer, reader = chosen_models(maker or LOCAL, user)
            chain = create_tool_maker(writer, reader, sandbox=sandbox)
        server = create_mcp_server(opened, sandbox=sandbox, maker=chain)
        if http:
            asyncio.run(serve_http(server, host=host, port=port, token=token, listening=_say_where))
        else:
            asyncio.run(server.serve_stdio())


def _say_where(url: str) -> None:
    console.say(f"serving MCP on {url}")


def _refuse_models(maker: str | None, user: str | None, *, make_tool: bool) -> None:
    if not make_tool and (maker or user):
        raise typer.BadParameter("models are asked only with --make-tool", param_hint="--maker" if maker else "--user")


def _refuse_open_doors(host: str, token: str | None, *, loopback: bool) -> None:
    if token is None and loopback:
        return
    if token is None:
        told = f"others can reach {host}: give clients a token in LATM_TOKEN, or with --token"
        raise typer.BadParameter(told, param_hint="--host")
    if len(token) < _TOKEN_CHARACTERS or not token.isascii() or not token.isprintable() or " " in token:
        told = f"a token has at least {_TOKEN_CHARACTERS} letters, digits or signs, and no spaces"
        raise typer.BadParameter(told, param_hint="--token")
