"""Programs that split a text or list, do the same with each part, and join the parts again."""
