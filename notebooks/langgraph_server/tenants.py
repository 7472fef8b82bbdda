"""The same two graphs for many tenants: tools and what is learned lie in the server's own store, each tenant's apart.

A run says in its context whose it is. With the server's authentication, the authenticated user should decide instead:
https://docs.langchain.com/langsmith/custom-auth
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from langchain.agents import create_agent
from langchain.chat_models import init_chat_model
from langgraph.runtime import Runtime

from langchain_latm import ToolLibrary, ToolMakingMiddleware, create_latm, create_sandbox


@dataclass
class Context:
    """What a run is given: `client.runs.wait(..., context={"tenant": "acme"})`."""

    tenant: str


def library(runtime: Runtime[Context]) -> ToolLibrary:
    """Return the library of a run's tenant, in the server's store."""
    return ToolLibrary(runtime.store, tenant=runtime.context.tenant)


model = init_chat_model(os.environ.get("LATM_EXAMPLE_MODEL", "openai:gpt-4.1-mini"))
sandbox = create_sandbox()
learning = ToolMakingMiddleware(library, sandbox, maker_model=model, learn=True)

agent = create_agent(model, middleware=[learning], context_schema=Context)
loop = create_latm(model, library=library, sandbox=sandbox, context_schema=Context).message_graph
