"""Recognises numbers, money, dates, times, lists, quotes, sentences and words, each in one module."""
