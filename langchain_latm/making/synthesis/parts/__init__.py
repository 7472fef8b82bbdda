"""Programs that take a text or list apart, do the same with each part, and put the parts together again."""
