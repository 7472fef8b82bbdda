"""Readers of the only typed thing in a sentence of any wording: a time, a date, a quantity, an address.

Their source is copied into tools, with all that it needs (`synthesis.copying`): functions, constants and imports only.
They raise `ValueError` for a sentence that holds no such thing, or several.
"""
