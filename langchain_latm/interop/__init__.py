"""Tools in and out of other worlds."""
