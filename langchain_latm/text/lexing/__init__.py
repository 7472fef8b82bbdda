"""How numbers, money, dates, times, lists, quotes, sentences and words are written, each in one place."""
