"""Programs over the pairs of items of two lists, or of one, as joins of tables are."""
