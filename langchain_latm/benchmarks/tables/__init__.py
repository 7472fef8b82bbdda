"""Measures which columns of tables a search completes without a model, and the same beside models."""
