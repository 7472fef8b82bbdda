"""The sandbox of Linux: a locked process for each tool, forked from a trusted one."""

from langchain_latm.sandbox.process.sandbox import ProcessSandbox

__all__ = ["ProcessSandbox"]
