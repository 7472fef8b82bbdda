"""The sandbox for every system: CPython in WebAssembly, in separate worker processes."""

from langchain_latm.sandbox.wasm.sandbox import WasmSandbox

__all__ = ["WasmSandbox"]
