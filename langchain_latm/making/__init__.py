"""From solved examples to a proven tool."""
