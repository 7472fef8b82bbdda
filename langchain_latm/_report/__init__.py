"""The parts of the report on a tool library; `langchain_latm.library_report` joins them."""
