"""Makes proven tools from solved examples."""
