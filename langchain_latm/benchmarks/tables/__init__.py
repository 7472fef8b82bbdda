"""Measures which columns of tables a search completes without a model, and compares models."""
