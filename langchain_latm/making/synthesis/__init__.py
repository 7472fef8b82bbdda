"""Finds programs by search, without a model: from solved rows to a Python function."""
