"""The approval page as an ASGI application, rendered on the server without scripts in the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from langchain_latm._core.flow import arun_flow
from langchain_latm._core.visible import visible
from langchain_latm.exceptions import LATMError, RequestError, ToolNotFoundError, ToolRecordError
from langchain_latm.interop.approval.door import Door
from langchain_latm.interop.approval.pages import pending_part, policy, rendered
from langchain_latm.interop.approval.trying import tried
from langchain_latm.tools.library.library import ToolLibrary, pending_of
from langchain_latm.tools.report.report import alibrary_report
from langchain_latm.types import shorten

if TYPE_CHECKING:
    from starlette.requests import Request

    from langchain_latm.models.prices import Prices
    from langchain_latm.sandbox.base import Sandbox

UI: Final = "/ui"
_FIELDS: Final = 10
_EXAMPLES: Final = 100
_ERROR_CHARACTERS: Final = 2_000
_DONE: Final = {
    "approved": "Approved: the tool is in use.",
    "refused": "Refused: the tool was deleted, and the reason is kept.",
    "tried": "The example was added, and the tool was run on it.",
}
"""The message of a page after a form was sent, by the word in its address."""
_HEADERS: Final = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",  # without a referrer policy, browsers send the origin `null` with a form
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def approval_app(
    library: ToolLibrary, sandbox: Sandbox, *, token: str | None, where: str = "", prices: Prices | None = None
) -> Starlette:
    """Return the application, for the path `/ui` of a server that checks `Host` and the sizes of requests.

    Args:
        library: The library whose pending tools are shown. The caller closes it.
        sandbox: Where a tool runs on an added example. The caller closes it.
        token: The token that a browser must send first; None to allow everyone who can reach the server.
        where: Title of the report, such as the library's place.
        prices: As for `library_costs`.
    """
    return _Approval(library, sandbox, Door(token), where, prices).app


@dataclass
class _Approval:
    """The handlers of the pages; `approval_app` documents the fields."""

    library: ToolLibrary
    sandbox: Sandbox
    door: Door
    where: str
    prices: Prices | None

    def __post_init__(self) -> None:
        self._pending = pending_of(self.library)
        self._writing = asyncio.Lock()
        self._reporting = asyncio.Lock()
        get, post = ["GET"], ["POST"]
        self.app = Starlette(
            routes=[
                Route(UI, self._home, methods=get),
                Route(f"{UI}/", self._shown(self._list), methods=get),
                Route(f"{UI}/report", self._shown(self._report), methods=get),
                Route(f"{UI}/tools/{{tool_id}}", self._shown(self._tool), methods=get),
                Route(f"{UI}/tools/{{tool_id}}/{{action}}", self._act, methods=post),
                Route(f"{UI}/login", self._login, methods=post),
                Route(f"{UI}/logout", self._logout, methods=post),
            ]
        )

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse(f"{UI}/", HTTPStatus.TEMPORARY_REDIRECT)

    def _shown(self, page: Callable[[Request, str], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Return the handler of a page, which needs a session, and starts one if no token is needed."""

        async def handle(request: Request) -> Response:
            session = self.door.session(request)
            if session is None and self.door.token is not None:
                return await _page("login", HTTPStatus.UNAUTHORIZED, wrong=False, own=None)
            fresh = Response()
            session = session or self.door.begin(fresh, UI)
            try:
                answer = await page(request, session)
            except LATMError as error:
                answer = await self._failed(error, session)
            answer.raw_headers += [each for each in fresh.raw_headers if each[0] == b"set-cookie"]
            return answer

        return handle

    async def _list(self, request: Request, session: str) -> Response:
        everything = await self.library.apending()
        rows = [
            (each.tool.name, each.tool.id, each.at, visible(shorten(each.tool.description.strip(), 160)), _open(each))
            for each in everything
        ]
        return await self._answer("list", request, session, rows=rows, where=visible(self.where))

    async def _tool(self, request: Request, session: str) -> Response:
        pending = await arun_flow(self._pending.get(request.path_params["tool_id"]))
        try:
            current = await self.library.aget(pending.tool.name)
        except (ToolNotFoundError, ToolRecordError):
            current = None
        part = await asyncio.to_thread(pending_part, pending, current)
        return await self._answer("pending", request, session, part=part)

    async def _report(self, _request: Request, _session: str) -> Response:
        async with self._reporting:  # rendering a large report takes a second of CPU time
            html = await alibrary_report(self.library, where=self.where, prices=self.prices)
        return HTMLResponse(html, headers=_HEADERS)

    async def _act(self, request: Request) -> Response:
        session, form = self.door.session(request), await _form(request)
        if session is None or not self.door.is_own_form(request, session, form.get("form", "")):
            return await _page("error", HTTPStatus.FORBIDDEN, message=_NOT_OURS, own=None)
        tool_id, action = request.path_params["tool_id"], request.path_params["action"]
        try:
            async with self._writing:
                if action == "approve":
                    await self.library.aapprove(tool_id, reason=form.get("reason", "").strip())
                elif action == "refuse":
                    await self.library.arefuse(tool_id, reason=form.get("reason", "").strip())
                elif action == "example":
                    await self._try(tool_id, form)
                    return _to(f"{UI}/tools/{tool_id}?done=tried#added")
                else:
                    return await _page("error", HTTPStatus.NOT_FOUND, message="there is no such page", own=None)
        except LATMError as error:
            return await self._failed(error, session)
        return _to(f"{UI}/?done={'approved' if action == 'approve' else 'refused'}")

    async def _try(self, tool_id: str, form: dict[str, str]) -> None:
        """Run the tool on an example of the form, or on a difference with the chosen answer."""
        pending = await arun_flow(self._pending.get(tool_id))
        question, answer = form.get("question", ""), form.get("answer", "")
        if "difference" in form:
            compared = pending.tool.report.comparison
            try:
                difference = (compared.differences if compared else ())[int(form["difference"])]
                question = difference.question
                answer = (difference.answers[int(form["choice"])] or "") if "choice" in form else answer
            except (ValueError, IndexError) as error:
                raise RequestError("the answer that was chosen is not on the page any more") from error
        if len(pending.examples) >= _EXAMPLES:
            raise RequestError(f"{_EXAMPLES} examples were added to this tool: approve or refuse it")
        case = await arun_flow(tried(pending.tool, self.sandbox, question, answer))
        await arun_flow(self._pending.add_example(tool_id, case))

    async def _login(self, request: Request) -> Response:
        form = await _form(request)
        if not self.door.is_same_origin(request) or not self.door.opens(form.get("token", "")):
            return await _page("login", HTTPStatus.UNAUTHORIZED, wrong=True, own=None)
        answer = _to(f"{UI}/")
        self.door.begin(answer, UI)
        return answer

    async def _logout(self, request: Request) -> Response:
        session, form = self.door.session(request), await _form(request)
        answer = _to(f"{UI}/")
        if session is not None and self.door.is_own_form(request, session, form.get("form", "")):
            self.door.end(answer, UI)
        return answer

    async def _answer(self, template: str, request: Request, session: str, **content: Any) -> Response:
        done = _DONE.get(request.query_params.get("done", ""), "")
        return await _page(template, HTTPStatus.OK, own=self._own(session), done=done, **content)

    async def _failed(self, error: LATMError, session: str) -> Response:
        status = HTTPStatus.CONFLICT if isinstance(error, RequestError) else HTTPStatus.INTERNAL_SERVER_ERROR
        message = visible(shorten(str(error), _ERROR_CHARACTERS))
        return await _page("error", status, message=message, own=self._own(session))

    def _own(self, session: str) -> dict[str, Any]:
        """Return the common values of a session's pages: the form token, and whether the user can log out."""
        return {"form": self.door.form_token(session), "token": self.door.token is not None}


_NOT_OURS: Final = "the form does not belong to this session, or the session has ended: open the page again"


async def _page(template: str, status: HTTPStatus, **content: Any) -> Response:
    html = await asyncio.to_thread(rendered, template, **{"done": "", **content})
    # Lone surrogates cannot be sent; `visible` has already escaped those in tools.
    headers = {**_HEADERS, "content-security-policy": policy()}
    return HTMLResponse(html.encode("utf-8", "replace"), status, headers=headers)


def _to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers=_HEADERS)


async def _form(request: Request) -> dict[str, str]:
    """Read a form; browsers always send CR LF as line end."""
    text = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:  # too many fields for one of our forms
        return {}
    return {name: value.replace("\r\n", "\n") for name, value in fields}


def _open(pending: Any) -> int:
    """Return how many requests wait for a person's answer."""
    compared = pending.tool.report.comparison
    known = {case.question.strip() for case in pending.examples}
    differences = compared.differences if compared else ()
    return sum(each.decided_by is None and each.question.strip() not in known for each in differences)
