"""Compares the wording of requests: n-grams of words and characters, groups, indexes."""
