"""The sandbox for every system: CPython in WebAssembly, in worker processes of its own."""

from langchain_latm.sandbox.wasm.sandbox import WasmSandbox

__all__ = ["WasmSandbox"]
