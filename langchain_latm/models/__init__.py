"""Chat models: names, sampling, replies, failures, prices, and the embedded model."""
