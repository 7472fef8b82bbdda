"""The parts of `langchain_latm.middleware`."""
