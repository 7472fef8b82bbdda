"""Measures what a search without a model finds on columns of tables."""
