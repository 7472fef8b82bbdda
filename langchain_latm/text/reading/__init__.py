"""From a request to the arguments of a tool, without a model."""
