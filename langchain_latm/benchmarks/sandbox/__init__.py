"""`latm bench sandbox`: the cost of isolation."""
