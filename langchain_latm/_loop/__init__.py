"""The parts and stages of the closed loop; `langchain_latm.latm` joins them."""
