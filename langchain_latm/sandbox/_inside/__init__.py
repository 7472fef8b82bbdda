"""What runs inside a sandbox: in the zygote and its locked children, in WASM, or on another machine.

These modules import the standard library alone. The host imports none of them, apart from `unsafe`, which runs tools
in the host.
"""
