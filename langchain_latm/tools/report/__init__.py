"""A tool library as one web page."""
