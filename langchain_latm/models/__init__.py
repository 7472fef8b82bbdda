"""Chat models: resolving a name, what tokens cost, and the embedded model."""
