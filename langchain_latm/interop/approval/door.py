"""Access to the page: a token once, then a cookie; forms of other sites are rejected.

A browser does not send an `Authorization` header by itself, so the token is entered in a form and replaced by a signed
cookie. The signing key is random for each process, so a cookie ends with the process. Each form contains a value that
is derived from the cookie, which pages of other sites cannot read; `Origin` is checked too.
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
"""Lifetime of a cookie."""


class Door:
    """Checks the access of browsers.

    Args:
        token: The token that a browser must send once; None to allow everyone on this machine.
    """

    def __init__(self, token: str | None) -> None:
        self.token = token
        self._key = secrets.token_bytes(32)
        # Cookies belong to a host, not to a port, so another server on this machine must not overwrite this one.
        self._cookie = f"latm_{secrets.token_hex(4)}"

    def session(self, request: Request) -> str | None:
        """Return the session of a request's cookie; None if there is none, or if it has ended."""
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
        """Return the value in each form of a session."""
        return self._signed("form", session)

    def is_own_form(self, request: Request, session: str, sent: str) -> bool:
        """Whether a form was sent by a page of this session."""
        own = hmac.compare_digest(sent.encode(), self.form_token(session).encode())
        return own and self.is_same_origin(request)

    def is_same_origin(self, request: Request) -> bool:
        """Whether a request comes from this site, by the headers of the browser."""
        origin = request.headers.get("origin")
        try:
            return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
        except ValueError:  # not a URL, such as `http://[`
            return False

    def opens(self, sent: str) -> bool:
        """Whether a text is the token."""
        return self.token is not None and hmac.compare_digest(sent.strip().encode(), self.token.encode())

    def _signed(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), "sha256").hexdigest()
