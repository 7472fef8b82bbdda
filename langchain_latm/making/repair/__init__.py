"""Repairs candidates that are nearly right by search in the sandbox, without a model: automated program repair."""
