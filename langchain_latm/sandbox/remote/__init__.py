"""The interface that `AdaptedSandbox` needs from the sandbox of another service, and the script that it runs there."""
