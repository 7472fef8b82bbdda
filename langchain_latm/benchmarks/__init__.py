"""Measurements: what `latm bench` runs. Nothing here is imported by the rest of the package."""
