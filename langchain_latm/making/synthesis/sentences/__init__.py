"""Readers of the only typed thing in a sentence of any wording: a time, a date, a quantity, an address.

Their source is copied into tools, so each function depends on the standard library and on names of its own module only.
They raise `ValueError` for a sentence that holds no such thing, or several.
"""
