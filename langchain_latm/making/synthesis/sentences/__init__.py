"""Readers of typed things in sentences of any wording: times, dates, quantities, addresses, names, what is chosen by.

Their source is copied into tools, with all that it needs (`synthesis.copying`): functions, constants and imports only.
They raise `ValueError` for a sentence that holds no such thing, or several where one is read.
"""
