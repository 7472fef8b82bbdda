"""`latm bench dispatch`: which tools the dispatcher finds without a model, how fast, and how the time grows."""
