"""Which requests are alike: words, n-grams and groups."""
