"""Tool making as the paper does it, for comparison."""
