"""Who may use the page: a token once, then a cookie; and no form of another site.

A browser sends no `Authorization` header by itself, so the token is typed into a form, and a signed cookie stands for
it. The signature's key is drawn at the start of the process, so a cookie ends with it. Each form holds a value that is
computed from the cookie, which pages of other sites cannot read; `Origin` is checked too.
"""

from __future__ import annotations

import hmac
import secrets
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_SECONDS: Final = 12 * 60 * 60
"""How long a cookie holds."""


class Door:
    """Lets browsers in.

    Args:
        token: What they must give once; None for everybody on this machine.
    """

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._key = secrets.token_bytes(32)
        # Cookies belong to a host, not to a port: another server on this machine must not take this one's place.
        self._cookie = f"latm_{secrets.token_hex(4)}"

    def session(self, request: Request) -> str | None:
        """Return the session that a request's cookie proves; None without one, or if it has ended."""
        session, _, signature = request.cookies.get(self._cookie, "").rpartition(".")
        if not session or not hmac.compare_digest(signature.encode(), self._signed("session", session).encode()):
            return None
        began = int(session.partition("-")[0])
        return session if time.time() - began < _SECONDS else None

    def begin(self, response: Response, path: str) -> str:
        """Begin a session: set its cookie, and return it."""
        session = f"{int(time.time())}-{secrets.token_hex(16)}"
        value = f"{session}.{self._signed('session', session)}"
        response.set_cookie(self._cookie, value, max_age=_SECONDS, path=path, httponly=True, samesite="strict")
        return session

    def end(self, response: Response, path: str) -> None:
        """Delete the cookie."""
        response.delete_cookie(self._cookie, path=path, httponly=True, samesite="strict")

    def form_token(self, session: str) -> str:
        """Return the value that each form of a session holds."""
        return self._signed("form", session)

    def is_own_form(self, request: Request, session: str, sent: str) -> bool:
        """Whether a form was sent by a page of this session."""
        own = hmac.compare_digest(sent.encode(), self.form_token(session).encode())
        return own and self.is_same_origin(request)

    def is_same_origin(self, request: Request) -> bool:
        """Whether no page of another site sent the request, as far as the browser says so."""
        origin = request.headers.get("origin")
        try:
            return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
        except ValueError:  # no URL, such as `http://[`
            return False

    def opens(self, sent: str) -> bool:
        """Whether a text is the token."""
        return self.token is not None and hmac.compare_digest(sent.strip().encode(), self.token.encode())

    def _signed(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), "sha256").hexdigest()
