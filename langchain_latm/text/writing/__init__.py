"""From a value to the text that was asked for."""
