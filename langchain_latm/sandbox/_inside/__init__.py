"""What runs behind the wall: in the zygote and in its locked children, never in the host.

Only the standard library is within reach here. The modules of this package are loaded before the lock-down;
`langchain_latm.sandbox._zygote` says how.
"""
