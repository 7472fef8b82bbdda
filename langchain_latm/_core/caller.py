"""The caller of a run: a tenant, whose data no other tenant sees, and a user within it.

The application names both in the config of a run, never in a request:

    latm.invoke(request, {"configurable": {"tenant": "acme", "user": "ann"}})

On a LangGraph Server, a client may set these keys. There, the authenticated user decides
(`configurable["langgraph_auth_user"]`): its `identity` is the user, and its field `tenant`, which the server's
`@auth.authenticate` handler returns, the tenant. A node that decides for itself passes None for that user. Source:
https://docs.langchain.com/langsmith/custom-auth
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, NamedTuple

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import ensure_config

from langchain_latm._core.flow import Flow, arun_flow, run_flow
from langchain_latm.exceptions import RequestError

MOST_CHARACTERS: Final = 200
_LABEL_CHARACTERS: Final = 32
_MISSING: Final = object()


class Caller(NamedTuple):
    """The caller of a run.

    Attributes:
        tenant: Empty for the library that all runs without a tenant share.
        user: Empty if the application does not name its users.
    """

    tenant: str = ""
    user: str = ""

    @classmethod
    def of(cls, config: RunnableConfig | None) -> Caller:
        """Read the caller from the config of a run.

        Raises:
            RequestError: A name is invalid, or differs from that of the authenticated user of a LangGraph Server.
        """
        given: Mapping[str, Any] = (config or {}).get("configurable") or {}
        tenant, user = (_given(given, key, f'config["configurable"]["{key}"]') for key in ("tenant", "user"))
        authenticated = given.get("langgraph_auth_user")
        if not _field(authenticated, "identity"):  # a server without authentication has a user without identity
            return cls(tenant, user)
        own = _given(authenticated, "tenant", "the authenticated user's tenant")
        if tenant not in ("", own):
            raise RequestError(
                f'config["configurable"]["tenant"] is {tenant!r}, but the authenticated user\'s tenant is {own!r}: '
                "return the tenant from your @auth.authenticate handler, since a client may set the config"
            )
        return cls(own, _given(authenticated, "identity", "the authenticated user's identity"))

    @classmethod
    def of_context(cls) -> Caller:
        """Read the caller from the current run; outside of a run, return an empty caller."""
        return cls.of(ensure_config())


def validate_name(name: object, what: str) -> str:
    """Return the name of a tenant or user, if it is valid.

    Raises:
        RequestError: It is not text, is blank, or is longer than 200 characters.
    """
    if not isinstance(name, str) or not name.strip() or len(name) > MOST_CHARACTERS:
        raise RequestError(
            f"{what} must be a text of 1 to {MOST_CHARACTERS} characters that is not blank; leave it out for none"
        )
    return name


def tenant_label(tenant: str) -> str:
    """Return the label of a tenant's items in a store, which takes no text with dots."""
    return sha256(tenant.encode(errors="surrogatepass")).hexdigest()[:_LABEL_CHARACTERS]


def with_tenant(config: RunnableConfig | None, tenant: str) -> RunnableConfig:
    """Return a config that names a tenant, unless it names one already."""
    config = ensure_config(config)
    return {**config, "configurable": {"tenant": tenant, **config["configurable"]}} if tenant else config


@dataclass(frozen=True)
class _CallerOfRun:
    """Reads the caller of a flow; an effect besides those of `_core.flow`."""

    def run(self, config: RunnableConfig) -> list[Any]:
        return [Caller.of(config)]

    async def arun(self, config: RunnableConfig) -> list[Any]:
        return [Caller.of(config)]


def caller_of_run() -> Flow[Caller]:
    """Return the caller of the flow."""
    (caller,) = yield _CallerOfRun()
    return caller  # type: ignore[no-any-return]  # an effect's outcomes have no type


@dataclass(frozen=True)
class RunAs:
    """Run a flow on behalf of another caller; an effect. Its only outcome is the flow's result.

    Everything that the flow calls sees only that caller, even if a server has authenticated a user.
    """

    flow: Flow[Any]
    caller: Caller

    def run(self, config: RunnableConfig) -> list[Any]:
        """Run it."""
        return [run_flow(self.flow, self._changed(config))]

    async def arun(self, config: RunnableConfig) -> list[Any]:
        """Do as `run`, without blocking the event loop."""
        return [await arun_flow(self.flow, self._changed(config))]

    def _changed(self, config: RunnableConfig) -> RunnableConfig:
        kept = {key: value for key, value in config.get("configurable", {}).items() if key not in Caller._fields}
        named = {key: name for key, name in self.caller._asdict().items() if name}
        return {**config, "configurable": {**kept, **named, "langgraph_auth_user": None}}


def _given(source: Any, key: str, what: str) -> str:
    """Return a name in a mapping or an object; empty if it is not there."""
    there = _field(source, key, _MISSING)
    return "" if there is _MISSING else validate_name(there, what)


def _field(source: Any, key: str, otherwise: object = None) -> object:
    if isinstance(source, Mapping):
        return source.get(key, otherwise)
    return getattr(source, key, otherwise)
