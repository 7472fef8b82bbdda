"""Numbers, money, dates, times, lists and quotes: how each is written, in one place."""
