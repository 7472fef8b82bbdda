"""The commands of `latm`; `langchain_latm.cli` joins them."""
