"""What every room uses and what knows nothing of tools: effects, graphs, files, text for people."""
