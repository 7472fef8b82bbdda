"""The closed loop: reuse a tool, make one, or answer directly."""
