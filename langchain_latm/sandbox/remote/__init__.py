"""What `AdaptedSandbox` needs of a sandbox that another service provides, and the script that it runs there."""
