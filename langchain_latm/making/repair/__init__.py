"""Repairs candidates that are nearly right by a search in the sandbox, without a model (automated program repair)."""
