"""Two graphs for LangGraph Server: an agent that makes and uses tools, and the closed loop on messages.

The library and the sandbox are opened once, when the server loads this file, and live as long as it does.
"""

from __future__ import annotations

import os

from langchain.agents import create_agent
from langchain.chat_models import init_chat_model

from langchain_latm import ToolMakingMiddleware, create_latm, create_sandbox, open_tool_library

model = init_chat_model(os.environ.get("LATM_EXAMPLE_MODEL", "openai:gpt-4.1-mini"))
library = open_tool_library(os.environ.get("LATM_LIBRARY", "tools.sqlite"))
sandbox = create_sandbox()

agent = create_agent(model, middleware=[ToolMakingMiddleware(library, sandbox, maker_model=model)])
loop = create_latm(model, library=library, sandbox=sandbox).message_graph
