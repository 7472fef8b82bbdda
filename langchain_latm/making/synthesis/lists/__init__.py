"""Searches for programs over lists and numbers: bottom-up with observational equivalence, goals split by deduction."""
