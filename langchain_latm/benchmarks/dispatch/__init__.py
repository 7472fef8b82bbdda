"""`latm bench dispatch`: which tool the dispatcher finds without a model, how fast, and how that grows."""
