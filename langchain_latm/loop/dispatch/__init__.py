"""Which tool fits a request."""
