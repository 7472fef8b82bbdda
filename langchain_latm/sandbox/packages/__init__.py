"""Packages that tools may import: installed once as wheels, and loaded by locked processes only."""
