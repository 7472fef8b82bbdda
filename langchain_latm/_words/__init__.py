"""Comparing requests by their words alone."""
