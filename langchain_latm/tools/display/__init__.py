"""How a made tool is shown in a notebook."""
