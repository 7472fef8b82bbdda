"""A report on a tool library: one web page."""
