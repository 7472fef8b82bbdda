"""Writes a value as the text that was asked for."""
