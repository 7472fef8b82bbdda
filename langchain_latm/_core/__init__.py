"""Code that every room uses and that knows nothing of tools: effects, graphs, files, text for people."""
