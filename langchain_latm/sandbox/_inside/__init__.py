"""The code that runs inside a sandbox: in the zygote and its locked children, in WASM, or on another machine.

These modules import only the standard library. The host imports none of them, except for `unsafe`, which runs tools in
the host.
"""
