"""Between text and values, without a model: read arguments, write answers, compare requests."""
