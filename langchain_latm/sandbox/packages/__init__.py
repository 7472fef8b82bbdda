"""Packages that tools may import. They are installed once as wheels, and loaded by locked processes only."""
