"""Programs over the pairs of items of one or two lists, such as joins of tables."""
