"""Programs for sentences of any wording: all typed things are read first, and the answer is computed from them."""
