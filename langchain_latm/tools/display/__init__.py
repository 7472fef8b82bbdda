"""Display of a made tool in a notebook."""
