"""Language models that make their own tools (LATM, arXiv 2305.17126), for LangChain."""
