"""A tool on columns of pandas, Polars, Arrow and NumPy, and on plain iterables.

Each of these libraries is imported only if a column of it is given.
"""
